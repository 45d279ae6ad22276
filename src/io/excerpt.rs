//! One line of a file for people to look at, read again when it is needed.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::GB18030;

/// Most characters of an excerpt.
const WIDTH: usize = 160;
/// Most bytes of one line that are read to get to a column.
const LINE_BYTES: u64 = 64 << 20;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// At most 160 characters, without the end of the line.
    pub text: String,
    /// The character of `text`, from 1, that stands at the column asked for.
    pub column: u32,
}

/// Returns the piece of a line around a column, both from 1; `None` if there is no such line or it cannot be read.
pub fn excerpt(path: &Path, line: u32, column: u32) -> Option<Excerpt> {
    #[expect(clippy::disallowed_methods, reason = "one line is looked at again; the path is one that was read")]
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).ok()?);
    let mut left = line.checked_sub(1)?;
    while left > 0 {
        let buffer = reader.fill_buf().ok()?;
        if buffer.is_empty() {
            return None;
        }
        let (mut used, mut at) = (buffer.len(), 0);
        while let Some(end) = memchr::memchr(b'\n', &buffer[at..]) {
            at += end + 1;
            left -= 1;
            if left == 0 {
                used = at;
                break;
            }
        }
        reader.consume(used);
    }
    // Four bytes hold any character.
    let most = (u64::from(column) + WIDTH as u64).saturating_mul(4).min(LINE_BYTES);
    let mut bytes = Vec::new();
    reader.take(most).read_until(b'\n', &mut bytes).ok()?;
    if bytes.is_empty() {
        return None;
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        // Cut inside the last character: the rest is sound.
        Err(error) if error.error_len().is_none() => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()
        }
        Err(_) => GB18030.decode(&bytes).0.into_owned(),
    };
    let text = text.trim_end_matches(['\n', '\r']);
    let text = if line == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
    let count = text.chars().count();
    let column = (column.max(1) as usize - 1).min(count);
    // A quarter before the column, the rest behind it; all of it if it fits.
    let from = if count <= WIDTH { 0 } else { column.saturating_sub(WIDTH / 4).min(count - WIDTH) };
    let text = text.chars().skip(from).take(WIDTH).collect();
    Some(Excerpt { text, column: (column - from) as u32 + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_a_bounded_piece_of_the_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let long = "长".repeat(100_000);
        std::fs::write(&path, format!("first\r\n{long}X{long}\nlast")).unwrap();
        let found = |line, column| excerpt(&path, line, column);
        assert_eq!(found(1, 3), Some(Excerpt { text: "first".to_owned(), column: 3 }));
        assert_eq!(found(3, 99), Some(Excerpt { text: "last".to_owned(), column: 5 }));
        let middle = found(2, 100_001).unwrap();
        assert_eq!(
            (middle.text.chars().count(), middle.text.chars().nth(middle.column as usize - 1)),
            (160, Some('X'))
        );
        assert_eq!(found(4, 1), None);
        assert_eq!(found(0, 1), None);
        assert_eq!(excerpt(&folder.path().join("none"), 1, 1), None);
        std::fs::write(&path, encoding_rs::GBK.encode("地块").0).unwrap();
        assert_eq!(found(1, 2), Some(Excerpt { text: "地块".to_owned(), column: 2 }));
    }
}
