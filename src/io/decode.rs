//! Bytes to text: byte order marks, a declared encoding, and what Chinese desktop software leaves undeclared.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, IBM866, SHIFT_JIS, UTF_8};

use super::error::Cause;

/// A text and how its bytes were read.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The text, without byte order mark.
    pub text: String,
    /// The name of the encoding.
    pub encoding: &'static str,
    /// Whether the encoding was neither declared nor UTF-8, but found by trying.
    pub guessed: bool,
}

/// Returns a text whose lines end in line feeds: those of old Macintoshes end in one character, too, but in another.
pub(super) fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { Cow::Borrowed(text) } else { Cow::Owned(text.replace('\r', "\n")) }
}

/// How many bytes of a text are looked at to tell Big5 from GB18030.
const TRIED: usize = 1 << 20;

/// Decodes bytes: by their byte order mark; else as `declared`; else as UTF-8; else as Big5 or as an encoding of one byte a letter, where
/// letters stand as they do there; else as GB18030.
///
/// # Errors
/// [`Cause::UnknownEncoding`] for a name that is none, [`Cause::Encoding`] where the bytes do not fit.
pub fn decode(bytes: Vec<u8>, declared: Option<&str>) -> Result<Decoded, Cause> {
    let declared = match declared {
        Some(label) => Some(find_encoding(label).ok_or_else(|| Cause::UnknownEncoding(label.to_owned()))?),
        None => None,
    };
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return strictly(encoding, bytes, mark, false);
    }
    match declared {
        Some(encoding) => strictly(encoding, bytes, 0, false),
        None => match String::from_utf8(bytes) {
            Ok(text) => Ok(Decoded { text, encoding: UTF_8.name(), guessed: false }),
            Err(error) => {
                let bytes = error.into_bytes();
                strictly(likely(&bytes), bytes, 0, true).map_err(|_| Cause::Encoding("UTF-8, GB18030".to_owned()))
            }
        },
    }
}

/// Returns the likely encoding of a text that nothing says it of, by how often its letters are used: GB18030 unless much speaks for another.
fn likely(bytes: &[u8]) -> &'static Encoding {
    let tried = &bytes[..bytes.len().min(TRIED)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(tried, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let is_whole =
        |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    match guess {
        guess if guess == BIG5 && is_whole(BIG5) => BIG5,
        guess if guess.is_single_byte() && has_single_letters(tried) && is_whole(guess) => guess,
        _ => GB18030,
    }
}

/// Tells whether letters beyond ASCII are few and most stand alone, as accents do, and nothing is there that no text has.
fn has_single_letters(bytes: &[u8]) -> bool {
    let is_high = |at: usize| bytes.get(at).is_some_and(|byte| *byte >= 0x80);
    let is_alone = |at: usize| !is_high(at + 1) && !at.checked_sub(1).is_some_and(is_high);
    let high = (0..bytes.len()).filter(|&at| is_high(at)).count();
    let alone = (0..bytes.len()).filter(|&at| is_high(at) && is_alone(at)).count();
    4 * alone > 3 * high && 4 * high < bytes.len() && !bytes.contains(&0)
}

fn strictly(encoding: &'static Encoding, mut bytes: Vec<u8>, mark: usize, guessed: bool) -> Result<Decoded, Cause> {
    let name = encoding.name();
    if encoding == UTF_8 {
        bytes.drain(..mark);
        let text = String::from_utf8(bytes).map_err(|_| Cause::Encoding(name.to_owned()))?;
        return Ok(Decoded { text, encoding: name, guessed });
    }
    match encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]) {
        Some(text) => Ok(Decoded { text: text.into_owned(), encoding: name, guessed }),
        None => Err(Cause::Encoding(name.to_owned())),
    }
}

/// Finds an encoding by the names that people and `.cpg` files use: a label of the web, or the number of a code page.
pub(super) fn find_encoding(label: &str) -> Option<&'static Encoding> {
    let label = label.trim();
    let lower = label.to_ascii_lowercase();
    let page =
        ["ansi", "oem", "cp", "ibm", "windows"].iter().find_map(|start| lower.strip_prefix(start)).unwrap_or(&lower);
    match page.trim_start_matches([' ', '-', '_']) {
        "936" | "54936" => Some(GB18030),
        "65001" => Some(UTF_8),
        "950" => Some(BIG5),
        "932" => Some(SHIFT_JIS),
        "949" => Some(EUC_KR),
        "866" => Some(IBM866),
        page => {
            let label = match page.as_bytes() {
                [b'1', b'2', b'5', _] => format!("windows-{page}"),
                // The number of ISO 8859 and that of its part, however they are joined.
                [b'8', b'8', b'5', b'9', part @ ..] => {
                    format!("iso-8859-{}", String::from_utf8_lossy(part).trim_start_matches(['-', '_', ' ']))
                }
                _ => lower,
            };
            Encoding::for_label(label.as_bytes())
        }
    }
}

/// Returns a name that stands in a file without an encoding: UTF-8, else as Chinese desktop software writes it.
pub(super) fn name(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_by_its_mark_then_as_declared_then_as_utf8_then_as_gb18030() {
        let gbk = encoding_rs::GBK.encode("地块").0.into_owned();
        let read =
            |bytes: &[u8], declared| decode(bytes.to_vec(), declared).map(|d| (d.text, d.encoding, d.guessed)).ok();
        assert_eq!(read("\u{feff}地块".as_bytes(), Some("GBK")), Some(("地块".into(), "UTF-8", false)));
        assert_eq!(read(&gbk, Some("cp936")), Some(("地块".into(), "gb18030", false)));
        assert_eq!(read(&gbk, None), Some(("地块".into(), "gb18030", true)));
        assert_eq!(read("地块".as_bytes(), None), Some(("地块".into(), "UTF-8", false)));
        let table = "地號,使用分區,面積\n0001,住宅區,120.5\n0002,農業區,98\n";
        let big5 = BIG5.encode(table).0.into_owned();
        assert_eq!(read(&big5, None), Some((table.into(), "Big5", true)));
        let table = "地块编号,规划用途,面积\n0001,城镇住宅用地,120.5\n";
        let gbk = encoding_rs::GBK.encode(table).0.into_owned();
        assert_eq!(read(&gbk, None), Some((table.into(), "gb18030", true)));
        let gbk = encoding_rs::GBK.encode("地块").0.into_owned();
        assert!(matches!(decode(gbk, Some("UTF-8")), Err(Cause::Encoding(_))));
        assert!(matches!(decode(vec![0xff, 0x41, 0xff], None), Err(Cause::Encoding(_))));
        let table = "id;nom;coût total (€)\nP1;Réaménagement de l’île — façade;1\nP2;Étang;dépôt\n";
        let western = encoding_rs::WINDOWS_1252.encode(table).0.into_owned();
        assert_eq!(read(&western, None), Some((table.into(), "windows-1252", true)));
        assert!(matches!(decode([b"\xd0\xcf\x11\xe0".as_slice(), &[0; 600]].concat(), None), Err(Cause::Encoding(_))));
        assert!(matches!(decode(vec![], Some("no-such")), Err(Cause::UnknownEncoding(_))));
    }
}
