//! The encoding of a Shapefile's table: as declared, as the file beside it or the table itself says, or as found by trying.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, IBM866, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
};

use crate::io::decode::find_encoding;

/// How many bytes of texts are looked at to find their encoding.
const TRIED: usize = 1 << 20;

/// The encoding of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Charset(&'static Encoding);

impl Default for Charset {
    fn default() -> Self {
        Charset(UTF_8)
    }
}

impl Charset {
    /// Returns the encoding of a name that people or `.cpg` files use.
    pub(super) fn known(label: &str) -> Option<Self> {
        // UTF-16 has no place in a table whose padding is single bytes.
        find_encoding(label).filter(|found| found.is_ascii_compatible()).map(Charset)
    }

    /// Returns the encoding that the table's own byte stands for; `None` where that says nothing. `0x57` says only that it is that
    /// of the machine.
    pub(super) fn of_byte(byte: u8) -> Option<Self> {
        let encoding = match byte {
            0x03 | 0x58 | 0x59 => WINDOWS_1252,
            0x04 => MACINTOSH,
            0x13 | 0x7b => SHIFT_JIS,
            0x26 | 0x65 => IBM866,
            0x4d | 0x7a => GBK,
            0x4e | 0x79 => EUC_KR,
            0x4f | 0x78 => BIG5,
            0x50 | 0x7c => WINDOWS_874,
            0x7d => WINDOWS_1255,
            0x7e => WINDOWS_1256,
            0xc8 => WINDOWS_1250,
            0xc9 => WINDOWS_1251,
            0xca => WINDOWS_1254,
            0xcb => WINDOWS_1253,
            0xcc => WINDOWS_1257,
            _ => return None,
        };
        Some(Charset(encoding))
    }

    /// Returns its name.
    pub(super) fn name(self) -> &'static str {
        self.0.name()
    }

    /// Returns a value as text. A character that the width of the column cut off is dropped; any other that is none of the encoding is
    /// replaced and counted.
    pub(super) fn text<'r>(&self, bytes: &'r [u8], width: usize, damaged: &mut u64) -> Cow<'r, str> {
        if let Ok(text) = std::str::from_utf8(bytes)
            && (self.0 == UTF_8 || bytes.is_ascii())
        {
            return Cow::Borrowed(text);
        }
        let (text, wrong) = self.0.decode_without_bom_handling(bytes);
        if !wrong {
            return text;
        }
        if bytes.len() == width
            && let Some(cut) =
                (1..=3.min(width)).find(|cut| !self.0.decode_without_bom_handling(&bytes[..width - cut]).1)
        {
            return self.0.decode_without_bom_handling(&bytes[..width - cut]).0;
        }
        *damaged += 1;
        text
    }
}

/// Finds the encoding of texts of which nothing says it.
pub(super) struct Trial {
    detector: EncodingDetector,
    tried: usize,
    utf8: bool,
    /// Bytes that are not ASCII, and those of them that stand between others, as letters with accents do.
    high: usize,
    alone: usize,
}

impl Trial {
    pub(super) fn new() -> Self {
        Trial { detector: EncodingDetector::new(Iso2022JpDetection::Deny), tried: 0, utf8: true, high: 0, alone: 0 }
    }

    /// Looks at a text; `cut` if the width of its column may have cut it inside a character.
    pub(super) fn look(&mut self, bytes: &[u8], cut: bool) {
        if bytes.is_ascii() {
            return;
        }
        if let Err(error) = std::str::from_utf8(bytes) {
            self.utf8 &= cut && error.error_len().is_none();
        }
        if !cut && self.tried < TRIED {
            self.tried += bytes.len();
            let runs = bytes.split(u8::is_ascii).map(<[u8]>::len);
            self.high += runs.clone().sum::<usize>();
            self.alone += runs.filter(|length| *length == 1).count();
            self.detector.feed(bytes, false);
            self.detector.feed(b"\n", false);
        }
    }

    /// Returns the encoding, and whether there was anything to guess.
    pub(super) fn finish(mut self) -> (Charset, bool) {
        if self.utf8 {
            return (Charset(UTF_8), false);
        }
        if self.tried == 0 {
            return (Charset(GBK), true);
        }
        self.detector.feed(b"", true);
        // A parcel alone has a name or two, which may be of any encoding: they are Chinese, unless letters stand as those of others do.
        let guess = self.detector.guess(None, Utf8Detection::Deny);
        let is_other = guess == BIG5 || (guess.is_single_byte() && 4 * self.alone > 3 * self.high);
        let chinese = || self.detector.guess(Some(b"cn"), Utf8Detection::Deny);
        (Charset(if is_other { guess } else { chinese() }), true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(texts: &[&str], encoding: &'static Encoding) -> (&'static str, bool) {
        let mut trial = Trial::new();
        texts.iter().for_each(|text| trial.look(&encoding.encode(text).0, false));
        let (charset, guessed) = trial.finish();
        (charset.name(), guessed)
    }

    #[test]
    fn encodings_are_found_by_trying() {
        assert_eq!(tried(&["abc", "1"], GBK), ("UTF-8", false));
        assert_eq!(tried(&["城镇住宅用地", "地块一"], UTF_8), ("UTF-8", false));
        assert_eq!(tried(&["城镇住宅用地", "地块一"], GBK), ("GBK", true));
        for text in ["旱地", "茶园", "毛兰", "杜坊村", "柴桑区", "浔阳区", "乔木林地", "蔡明", "陆桂", "王"]
        {
            assert_eq!(tried(&[text], GBK), ("GBK", true), "{text}");
        }
        assert_eq!(tried(&["臺北市", "農業區", "住宅區"], BIG5), ("Big5", true));
        assert_eq!(tried(&["都市計畫公共設施用地", "臺南市安平區"], BIG5), ("Big5", true));
        assert_eq!(tried(&["Zone à urbaniser", "forêt protégée"], WINDOWS_1252), ("windows-1252", true));
    }

    #[test]
    fn what_the_width_cut_off_is_dropped_and_what_is_wrong_is_counted() {
        let gbk = GBK.encode("永久基本农田").0.into_owned();
        let charset = Charset::known("cp936").unwrap();
        let mut damaged = 0;
        assert_eq!(charset.text(&gbk[..11], 11, &mut damaged), "永久基本农");
        assert_eq!((charset.text(&gbk[..11], 20, &mut damaged).chars().last(), damaged), (Some('\u{fffd}'), 1));
        assert_eq!(Charset::known("UTF-8").unwrap().text(&"地块".as_bytes()[..5], 5, &mut damaged), "地");
    }

    #[test]
    fn names_and_bytes_of_encodings_are_known() {
        let known = |label| Charset::known(label).map(Charset::name);
        assert_eq!(
            (known("GBK"), known("936"), known("ANSI 936"), known("cp936")),
            (Some("GBK"), Some("gb18030"), Some("gb18030"), Some("gb18030"))
        );
        assert_eq!((known("UTF-8"), known("utf8"), known("65001")), (Some("UTF-8"), Some("UTF-8"), Some("UTF-8")));
        assert_eq!(
            (known("BIG5"), known("950"), known("ANSI 1252"), known("1251")),
            (Some("Big5"), Some("Big5"), Some("windows-1252"), Some("windows-1251"))
        );
        assert_eq!(
            (known("ISO-8859-1"), known("88591"), known("8859-1"), known("rubbish"), known("UTF-16")),
            (Some("windows-1252"), Some("windows-1252"), Some("windows-1252"), None, None)
        );
        assert_eq!(Charset::of_byte(0x4d).map(Charset::name), Some("GBK"));
        assert_eq!((Charset::of_byte(0), Charset::of_byte(0x57)), (None, None));
    }
}
