//! Reads the generator's GeoJSON files: ids and polygons, nothing else.

use std::path::Path;

use guiju::geometry::{Coord, Kind, Shape, Store};

/// The polygons of a file and their ids.
pub(crate) struct File {
    pub(crate) ids: Vec<u64>,
    pub(crate) store: Store,
}

impl File {
    /// Returns the first features.
    pub(crate) fn first(&self, count: usize) -> Self {
        let mut store = Store::new(Kind::Polygon);
        (0..count.min(self.store.len())).for_each(|at| store.push(self.store.get(at)));
        File { ids: self.ids.iter().take(count).copied().collect(), store }
    }
}

/// Reads a file whose features carry their id in the property `id`; shells come out counter-clockwise, holes clockwise.
pub(crate) fn read(path: &Path, id: &str) -> File {
    let text = std::fs::read(path).expect("a file of the generator");
    let key = format!("\"{id}\": ");
    let mut file = File { ids: Vec::new(), store: Store::new(Kind::Polygon) };
    for line in text.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{ \"type\": \"Feature\",")) {
        let at = find(line, key.as_bytes()).expect("an id") + key.len();
        let digits = line[at..].iter().take_while(|byte| byte.is_ascii_digit());
        file.ids.push(digits.fold(0, |id, digit| id * 10 + u64::from(digit - b'0')));
        let at = find(line, b"\"coordinates\": ").expect("coordinates") + 15;
        file.store.push(polygons(&line[at..]).view());
    }
    file
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

/// Reads nested lists: what holds pairs of numbers is a ring, what holds rings is a part.
fn polygons(text: &[u8]) -> Shape {
    let mut shape = Shape::empty(Kind::Polygon);
    let (mut ring, mut rings, mut numbers) = (Vec::new(), 0, Vec::new());
    let mut at = 0;
    // What the list closed last was: 0 a position, 1 a ring, 2 a part.
    let mut closed = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'[' => closed = 0,
            b']' if !numbers.is_empty() => {
                ring.push(Coord { x: numbers[0], y: numbers[1] });
                numbers.clear();
                closed = 1;
            }
            b']' if closed == 1 => {
                let is_shell = rings == 0;
                if (signed_area(&ring) > 0.0) != is_shell {
                    ring.reverse();
                }
                shape.push_ring(ring.drain(..));
                rings += 1;
                closed = 2;
            }
            b']' if closed == 2 => {
                shape.end_part();
                rings = 0;
                closed = 3;
            }
            b']' => break,
            b'0'..=b'9' | b'-' => {
                let length = text[at..].iter().take_while(|byte| !b" ,]".contains(byte)).count();
                let number = std::str::from_utf8(&text[at..at + length]).expect("ASCII");
                numbers.push(number.parse().expect("a number"));
                at += length;
                continue;
            }
            _ => {}
        }
        at += 1;
        if byte == b']' && closed == 3 && text.get(at..at + 2) == Some(b" }") {
            break;
        }
    }
    shape.end_part();
    shape
}

fn signed_area(ring: &[Coord]) -> f64 {
    let origin = ring[0];
    ring.windows(2).map(|pair| (pair[0] - origin, pair[1] - origin)).map(|(a, b)| a.x * b.y - a.y * b.x).sum()
}
