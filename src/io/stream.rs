//! A text file, block by block: decoded, and hashed as it passes.

use std::io::Read;
use std::sync::Arc;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

use super::decode::find_encoding;
use super::error::Cause;
use super::hashed::Hashed;

/// Bytes read at a time: these and the text that they become stay in the cache of a core.
const BLOCK: usize = 1 << 17;

/// A text that is read forward, once.
pub(super) struct TextStream<'f> {
    input: Hashed<Box<dyn Read + 'f>>,
    block: Vec<u8>,
    /// How many bytes of `block` wait, from its start: a character that was cut off.
    waiting: usize,
    /// How bytes become text; UTF-8 needs no decoder.
    decoder: Option<Decoder>,
    encoding: &'static Encoding,
    /// Whether bytes that are not UTF-8 may yet be something else.
    may_be_other: bool,
    guessed: bool,
    ended: bool,
}

/// What a text was, once it is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ended {
    /// The SHA-256 of its bytes in hexadecimal.
    pub(super) sha256: String,
    /// The name of the encoding.
    pub(super) encoding: &'static str,
    /// Whether the encoding was neither declared nor UTF-8, but found by trying.
    pub(super) guessed: bool,
}

impl<'f> TextStream<'f> {
    /// Opens a text: read by its byte order mark; else as `declared`; else as `assumed`, which was found by trying; else as UTF-8.
    ///
    /// # Errors
    /// If it cannot be read, or there is no such encoding.
    pub(super) fn open(
        input: Hashed<Box<dyn Read + 'f>>,
        declared: Option<&str>,
        assumed: Option<&'static str>,
    ) -> Result<Self, Cause> {
        Self::in_blocks(input, declared, assumed, BLOCK)
    }

    /// As [`TextStream::open`], in blocks of at least 4 bytes.
    pub(super) fn in_blocks(
        input: Hashed<Box<dyn Read + 'f>>,
        declared: Option<&str>,
        assumed: Option<&'static str>,
        block: usize,
    ) -> Result<Self, Cause> {
        let find = |label: &str| find_encoding(label).ok_or_else(|| Cause::UnknownEncoding(label.to_owned()));
        let declared = declared.map(find).transpose()?;
        let mut stream = TextStream {
            input,
            block: vec![0; block.max(4)],
            waiting: 0,
            decoder: None,
            encoding: UTF_8,
            may_be_other: false,
            guessed: false,
            ended: false,
        };
        stream.fill()?;
        let marked = Encoding::for_bom(&stream.block[..stream.waiting]);
        let guessed = assumed.and_then(find_encoding);
        stream.encoding = match (marked, declared, guessed) {
            (Some((encoding, mark)), _, _) => {
                stream.block.copy_within(mark..stream.waiting, 0);
                stream.waiting -= mark;
                encoding
            }
            (None, Some(encoding), _) => encoding,
            (None, None, Some(encoding)) => {
                stream.guessed = true;
                encoding
            }
            (None, None, None) => {
                stream.may_be_other = true;
                UTF_8
            }
        };
        if stream.encoding != UTF_8 {
            stream.decoder = Some(stream.encoding.new_decoder_without_bom_handling());
        }
        Ok(stream)
    }

    /// Appends the next of the text; tells whether there was more.
    ///
    /// # Errors
    /// If the bytes are no text in the encoding; [`Cause::OtherEncoding`] if that was UTF-8 and nothing said so.
    pub(super) fn more(&mut self, text: &mut String) -> Result<bool, Cause> {
        let before = text.len();
        while text.len() == before {
            if self.ended && self.waiting == 0 && self.decoder.is_none() {
                return Ok(false);
            }
            if !self.ended && self.waiting < self.block.len() {
                self.fill()?;
            }
            match &mut self.decoder {
                None => self.as_utf8(text)?,
                Some(decoder) => {
                    let bytes = &self.block[..self.waiting];
                    let most = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
                    text.reserve(most.unwrap_or(0));
                    let (result, _) = decoder.decode_to_string_without_replacement(bytes, text, self.ended);
                    if result != DecoderResult::InputEmpty {
                        return Err(self.not_text());
                    }
                    self.waiting = 0;
                    if self.ended {
                        self.decoder = None;
                    }
                }
            }
        }
        Ok(true)
    }

    /// Reads what is left, and tells what the text was.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn end(self) -> Result<Ended, Cause> {
        let sha256 = self.input.end().map_err(|error| Cause::System(Arc::new(error)))?;
        Ok(Ended { sha256, encoding: self.encoding.name(), guessed: self.guessed })
    }

    fn as_utf8(&mut self, text: &mut String) -> Result<(), Cause> {
        let bytes = &self.block[..self.waiting];
        let whole = match std::str::from_utf8(bytes) {
            Ok(whole) => {
                text.push_str(whole);
                whole.len()
            }
            Err(error) if error.error_len().is_none() && !self.ended => {
                let whole = error.valid_up_to();
                text.push_str(std::str::from_utf8(&bytes[..whole]).unwrap_or_default());
                whole
            }
            Err(_) => return Err(self.not_text()),
        };
        self.block.copy_within(whole..self.waiting, 0);
        self.waiting -= whole;
        Ok(())
    }

    fn not_text(&self) -> Cause {
        match (self.may_be_other, self.guessed) {
            (true, _) => Cause::OtherEncoding(GB18030.name()),
            (false, true) => Cause::Encoding(format!("UTF-8, {}", GB18030.name().to_uppercase())),
            (false, false) => Cause::Encoding(self.encoding.name().to_owned()),
        }
    }

    /// Reads until the block is full or the file ends.
    fn fill(&mut self) -> Result<(), Cause> {
        while !self.ended && self.waiting < self.block.len() {
            let free = &mut self.block[self.waiting..];
            match self.input.read(free) {
                Ok(0) => self.ended = true,
                Ok(count) => self.waiting += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Cause::System(Arc::new(error))),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::workspace::sha256_hex;

    fn read(
        bytes: &[u8],
        declared: Option<&str>,
        assumed: Option<&'static str>,
        block: usize,
    ) -> Result<(String, Ended), Cause> {
        let input = Hashed::new(Box::new(bytes) as Box<dyn Read>, true);
        let mut stream = TextStream::in_blocks(input, declared, assumed, block)?;
        let mut text = String::new();
        while stream.more(&mut text)? {}
        Ok((text, stream.end()?))
    }

    #[test]
    fn blocks_cut_characters_and_the_text_is_whole_all_the_same() {
        let text = "a地块b🗺c地\u{7f}";
        let gbk = encoding_rs::GB18030.encode(text).0.into_owned();
        for block in 4..40 {
            let marked = format!("\u{feff}{text}");
            for (bytes, declared, assumed, encoding) in [
                (text.as_bytes(), None, None, "UTF-8"),
                (marked.as_bytes(), Some("GBK"), None, "UTF-8"),
                (&gbk, Some("cp936"), None, "gb18030"),
                (&gbk, None, Some("gb18030"), "gb18030"),
            ] {
                let (found, ended) = read(bytes, declared, assumed, block).unwrap();
                let expected = Ended { sha256: sha256_hex(bytes), encoding, guessed: assumed.is_some() };
                assert_eq!((found.as_str(), ended), (text, expected), "{block}");
            }
            assert!(matches!(read(&gbk, None, None, block), Err(Cause::OtherEncoding("gb18030"))));
            assert!(matches!(read(&gbk, Some("UTF-8"), None, block), Err(Cause::Encoding(_))));
            assert!(matches!(read(b"abc\xff", None, Some("gb18030"), block), Err(Cause::Encoding(_))));
            assert!(matches!(read(&text.as_bytes()[..3], None, None, block), Err(Cause::OtherEncoding(_))));
        }
        assert_eq!(read(b"", None, None, 4).unwrap().0, "");
        assert!(matches!(read(b"", Some("no-such"), None, 4), Err(Cause::UnknownEncoding(_))));
    }
}
