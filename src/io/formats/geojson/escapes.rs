//! Strings of JSON with their escapes resolved.

use super::json::JsonError;
use crate::text;

/// Returns the text of a string with its escapes resolved; it stands at an offset of the whole text.
pub(super) fn unescaped(text: &str, offset: usize) -> Result<String, JsonError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let wrong = || JsonError {
            text: text!(en: "no such escape in JSON", zh: "JSON 中没有这种转义"),
            at: offset + (text.len() - rest.len()) + at,
        };
        let (one, length) = escape(&rest[at + 1..]).ok_or_else(wrong)?;
        out.push(one);
        rest = &rest[at + 1 + length..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Returns the character that follows a backslash, and how many bytes stand for it.
fn escape(rest: &str) -> Option<(char, usize)> {
    let first = *rest.as_bytes().first()?;
    let one = match first {
        b'"' | b'\\' | b'/' => first as char,
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = hex(rest.get(1..5)?)?;
            // A lone half of a pair is no character; other readers replace it as well.
            let alone = (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 5);
            if !(0xd800..0xdc00).contains(&first) || rest.get(5..7) != Some("\\u") {
                return Some(alone);
            }
            let second = hex(rest.get(7..11)?)?;
            if !(0xdc00..0xe000).contains(&second) {
                return Some(alone);
            }
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 11));
        }
        _ => return None,
    };
    Some((one, 1))
}

fn hex(digits: &str) -> Option<u32> {
    let sound = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if sound { u32::from_str_radix(digits, 16).ok() } else { None }
}
