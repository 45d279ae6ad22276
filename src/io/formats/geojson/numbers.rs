//! Numbers of JSON as doubles, and the positions that are made of them.

use crate::geometry::Coord;

/// Bytes that a position may take to be read in one go; a longer one goes the long way.
const POSITION_BYTES: usize = 96;

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Converts a JSON number, correctly rounded.
///
/// Up to 2^53 and 22 decimals, as coordinates are, one division of two exact doubles is correctly rounded (Clinger 1990);
/// anything else goes the long way.
#[inline]
pub(super) fn to_double(written: &str) -> Option<f64> {
    let bytes = written.as_bytes();
    let negative = bytes.first() == Some(&b'-');
    let mut mantissa: u64 = 0;
    let mut decimals = 0;
    let mut behind_point = false;
    for &byte in &bytes[usize::from(negative)..] {
        match byte {
            b'0'..=b'9' if mantissa < (1 << 53) / 10 - 1 => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                decimals += usize::from(behind_point);
            }
            b'.' => behind_point = true,
            _ => return written.parse().ok(),
        }
    }
    let Some(power) = POWERS.get(decimals) else { return written.parse().ok() };
    let number = mantissa as f64 / power;
    Some(if negative { -number } else { number })
}

/// Takes plain positions `[x, y],` or `[x, y, z],` from the start of bytes as long as there are such, at most `most`, and hands them on
/// with their heights; returns how many there were and how many bytes they take. What is not so plain, and the last of a list, is left.
pub(super) fn positions(bytes: &[u8], most: usize, take: &mut impl FnMut(Coord, f64)) -> (usize, usize) {
    let (mut at, mut count) = (0, 0);
    while count < most
        && let Some((coord, height, length)) = bytes.get(at..at + POSITION_BYTES).and_then(position)
    {
        take(coord, height);
        at += length;
        count += 1;
    }
    (count, at)
}

#[inline]
fn position(bytes: &[u8]) -> Option<(Coord, f64, usize)> {
    let mut at = sign(bytes, 0, b'[')?;
    let (x, length) = plain_number(bytes.get(blank(bytes, at)..)?)?;
    at = sign(bytes, blank(bytes, at) + length, b',')?;
    let (y, length) = plain_number(bytes.get(blank(bytes, at)..)?)?;
    at = blank(bytes, blank(bytes, at) + length);
    let mut height = 0.0;
    if bytes.get(at) == Some(&b',') {
        at = blank(bytes, at + 1);
        let (z, length) = plain_number(bytes.get(at..)?)?;
        (height, at) = (z, at + length);
    }
    at = sign(bytes, at, b']')?;
    at = sign(bytes, at, b',')?;
    Some((Coord { x, y }, height, at))
}

/// Returns where a sign ends that comes next.
#[inline]
fn sign(bytes: &[u8], at: usize, sign: u8) -> Option<usize> {
    let at = blank(bytes, at);
    (bytes.get(at) == Some(&sign)).then_some(at + 1)
}

/// Returns where blanks end.
#[inline]
fn blank(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Reads a number of at most eight digits before the point and eight behind, and returns how long it is.
#[inline]
fn plain_number(bytes: &[u8]) -> Option<(f64, usize)> {
    let negative = bytes.first() == Some(&b'-');
    let mut at = usize::from(negative);
    let (whole, digits) = eight_digits(bytes, at)?;
    at += digits;
    let (mut mantissa, mut decimals) = (whole, 0);
    if bytes.get(at) == Some(&b'.') {
        let (fraction, digits) = eight_digits(bytes, at + 1)?;
        mantissa = whole * TENS[digits] + fraction;
        decimals = digits;
        at += 1 + digits;
    }
    // A ninth digit or an exponent.
    if mantissa >= 1 << 53 || matches!(bytes.get(at), Some(b'0'..=b'9' | b'e' | b'E' | b'.')) {
        return None;
    }
    let number = mantissa as f64 / POWERS[decimals];
    Some((if negative { -number } else { number }, at))
}

const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// Reads one to eight digits at once, and returns how many there are.
///
/// All eight bytes lie in one word; digits are told from the rest in each byte, those that are none shifted out, and neighbours added
/// up pair by pair (Lemire, "Quickly parsing eight digits", 2018).
#[inline]
fn eight_digits(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let word = u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?);
    let values = word ^ 0x3030_3030_3030_3030;
    // The high bit of each byte that is above 9.
    let others = (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080;
    let digits = (others.trailing_zeros() / 8) as usize;
    if digits == 0 {
        return None;
    }
    let aligned = values << (64 - 8 * digits);
    let pairs = aligned.wrapping_mul(10).wrapping_add(aligned >> 8);
    const MASK: u64 = 0x0000_00ff_0000_00ff;
    let fours = (pairs & MASK).wrapping_mul(100 + (1_000_000 << 32));
    let rest = ((pairs >> 16) & MASK).wrapping_mul(1 + (10_000 << 32));
    Some((fours.wrapping_add(rest) >> 32, digits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_become_the_nearest_double() {
        for text in [
            "0",
            "-0",
            "1",
            "-1.5",
            "39500095.0001",
            "3300050.123456789",
            "117.12345678901234567",
            "0.1",
            "1e3",
            "1E-7",
            "9007199254740993",
            "123456789012345678901234567890",
            "0.000000000000000000000001",
            "4.9e-324",
            "1e400",
            "99999999.99999999",
        ] {
            let expected: f64 = text.parse().unwrap();
            assert_eq!(to_double(text).unwrap().to_bits(), expected.to_bits(), "{text}");
            assert_read(text, "7", &format!("[{text}, 7],"));
        }
    }

    /// Checks that the fast way gives what the standard library does, or leaves the position alone.
    fn assert_read(x: &str, y: &str, written: &str) {
        let padded = format!("{written}{}", " ".repeat(POSITION_BYTES));
        let mut found = Vec::new();
        let (count, length) = positions(padded.as_bytes(), 9, &mut |coord, _| found.push(coord));
        if count > 0 {
            assert_eq!(length, written.len());
            let bits = |text: &str| text.parse::<f64>().unwrap().to_bits();
            assert_eq!((found[0].x.to_bits(), found[0].y.to_bits()), (bits(x), bits(y)), "{written}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn positions_are_read_as_the_standard_library_reads_numbers(
            x in "-?[0-9]{1,10}(\\.[0-9]{1,10})?([eE][+-]?[0-9])?",
            y in "-?[0-9]{1,8}(\\.[0-9]{1,8})?",
            blank in "[ \t]{0,2}",
        ) {
            assert_read(&x, &y, &format!("[{blank}{x}{blank},{blank}{y}{blank}]{blank},"));
        }
    }

    #[test]
    fn plain_positions_are_taken_until_one_is_not() {
        let text = format!("[1,2],[-3.5 , 4 ] ,\n[5,6 ,7.5 ],[5,6,7,8],[8,9]{}", " ".repeat(POSITION_BYTES));
        let mut found = Vec::new();
        let (count, length) = positions(text.as_bytes(), 9, &mut |coord, z| found.push((coord.x, coord.y, z)));
        assert_eq!((count, found), (3, vec![(1.0, 2.0, 0.0), (-3.5, 4.0, 0.0), (5.0, 6.0, 7.5)]));
        assert!(text[length..].starts_with("[5,6,7,8]"));
        assert_eq!(positions(text.as_bytes(), 1, &mut |_, _| {}).0, 1);
    }
}
