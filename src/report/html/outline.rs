//! Shapes as short text: whole millimetres from the page's origin, each vertex as its difference from the one before, in Base64 VLQ.
//!
//! VLQ is the code of source maps: five bits a digit, least first, the lowest bit of a number its sign, the highest of a digit "more
//! follows". A vertex of a parcel takes some eight characters. A letter tells the kind: `P` points, `L` lines, `A` areas; `;` parts
//! shapes, `,` rings; the last vertex of a ring of an area, which repeats its first, is left out. A millimetre is the third decimal,
//! which is what boundary points are written with, so that a coordinate copied from the page is the coordinate of the report.

use crate::report::result::Geometry;

/// Millimetres in a metre.
const MM: f64 = 1000.0;

/// Base64 digits.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes shapes relative to an origin in whole metres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outlines {
    /// Easting and northing.
    pub(super) origin: [f64; 2],
}

impl Outlines {
    /// Returns a shape as text; a shape with a coordinate that is no number is left empty.
    pub(super) fn write(self, geometry: &Geometry) -> String {
        let mut out = Writer { origin: self.origin, last: [0; 2], text: String::new() };
        match geometry {
            Geometry::MultiPoint(points) => {
                out.text.push('P');
                out.ring(points);
            }
            Geometry::MultiLineString(lines) => {
                out.text.push('L');
                separated(&mut out, lines, ';', |out, line| out.ring(line));
            }
            Geometry::MultiPolygon(parts) => {
                out.text.push('A');
                separated(&mut out, parts, ';', |out, part| {
                    separated(out, part, ',', |out, ring| out.ring(open(ring)));
                });
            }
        }
        out.text
    }
}

fn separated<T>(out: &mut Writer, list: &[T], by: char, mut write: impl FnMut(&mut Writer, &T)) {
    for (at, one) in list.iter().enumerate() {
        if at > 0 {
            out.text.push(by);
        }
        write(out, one);
    }
}

/// Returns a closed ring without its last vertex.
fn open(ring: &[[f64; 2]]) -> &[[f64; 2]] {
    match ring {
        [first, .., last] if first == last => &ring[..ring.len() - 1],
        _ => ring,
    }
}

struct Writer {
    origin: [f64; 2],
    last: [i64; 2],
    text: String,
}

impl Writer {
    fn ring(&mut self, ring: &[[f64; 2]]) {
        for vertex in ring {
            for (axis, metres) in vertex.iter().enumerate() {
                // A float that is no number becomes 0 and one that is too large the largest, never a panic.
                let at = ((metres - self.origin[axis]) * MM).round() as i64;
                self.number(at.saturating_sub(self.last[axis]));
                self.last[axis] = at;
            }
        }
    }

    fn number(&mut self, number: i64) {
        let mut rest = (number.unsigned_abs() << 1) | u64::from(number < 0);
        loop {
            let digit = (rest & 31) as usize;
            rest >>= 5;
            let more = if rest > 0 { 32 } else { 0 };
            self.text.push(DIGITS[digit | more] as char);
            if rest == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the page's script does, in the same steps.
    fn read(text: &str, origin: [f64; 2]) -> Vec<Vec<Vec<[f64; 2]>>> {
        let mut last = [0i64; 2];
        let mut parts = vec![vec![vec![]]];
        let (mut number, mut shift, mut axis) = (0u64, 0, 0);
        for c in text[1..].bytes() {
            match c {
                b';' => parts.push(vec![vec![]]),
                b',' => parts.last_mut().unwrap().push(vec![]),
                c => {
                    let digit = DIGITS.iter().position(|one| *one == c).unwrap() as u64;
                    number |= (digit & 31) << shift;
                    shift += 5;
                    if digit < 32 {
                        let value = (number >> 1) as i64;
                        last[axis] += if number & 1 == 1 { -value } else { value };
                        (number, shift, axis) = (0, 0, 1 - axis);
                        if axis == 0 {
                            let vertex = [0, 1].map(|axis| origin[axis] + last[axis] as f64 / MM);
                            parts.last_mut().unwrap().last_mut().unwrap().push(vertex);
                        }
                    }
                }
            }
        }
        parts
    }

    #[test]
    fn a_square_is_short() {
        let outlines = Outlines { origin: [39_500_000.0, 3_300_000.0] };
        let [x, y] = outlines.origin;
        let ring = vec![[x, y], [x + 100.0, y], [x + 100.0, y + 100.0], [x, y + 100.0], [x, y]];
        assert_eq!(outlines.write(&Geometry::MultiPolygon(vec![vec![ring]])), "AAAgqjGAAgqjGhqjGA");
    }

    #[test]
    fn what_is_no_number_is_no_panic() {
        let outlines = Outlines { origin: [0.0, 0.0] };
        outlines.write(&Geometry::MultiPoint(vec![[f64::NAN, f64::INFINITY], [f64::NEG_INFINITY, 1e300]]));
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written_to_a_millimetre(
            rings in prop::collection::vec(
                prop::collection::vec((39_400_000.0..39_600_000.0, 3_200_000.0..3_400_000.0), 3..9), 1..4),
        ) {
            let outlines = Outlines { origin: [39_500_000.0, 3_300_000.0] };
            let rings: Vec<Vec<[f64; 2]>> =
                rings.into_iter().map(|ring| ring.into_iter().map(|(x, y)| [x, y]).collect()).collect();
            let closed = rings.iter().map(|ring| ring.iter().chain(&ring[..1]).copied().collect()).collect();
            let read = read(&outlines.write(&Geometry::MultiPolygon(vec![closed])), outlines.origin);
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!(read[0].len(), rings.len());
            for (there, here) in read[0].iter().flatten().zip(rings.iter().flatten()) {
                prop_assert!((there[0] - here[0]).abs() < 0.000_51 && (there[1] - here[1]).abs() < 0.000_51);
            }
        }
    }
}
