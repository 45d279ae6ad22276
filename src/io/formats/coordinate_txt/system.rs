//! What the numbers of a coordinate text are: which is the northing, and of which system.

use super::text::Head;
use crate::geometry::Coord;

/// Northings of China in metres, wherever they are told from eastings without doubt.
const NORTHINGS: std::ops::RangeInclusive<f64> = 1_200_000.0..=6_000_000.0;
/// Eastings from here on carry a zone's number.
const PREFIXED: f64 = 10_000_000.0;

/// In which order the two numbers of a point stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axes {
    /// X, the northing, then Y, as the format asks.
    NorthingFirst,
    /// Easting, northing.
    EastingFirst,
}

impl Axes {
    /// Returns the order that most points show; where none shows one, that of the format: `described` texts have the northing first.
    pub(super) fn of(pairs: impl Iterator<Item = Coord>, described: bool) -> Self {
        let (mut first, mut second) = (0usize, 0usize);
        for pair in pairs {
            let (x, y) = (NORTHINGS.contains(&pair.x), NORTHINGS.contains(&pair.y));
            first += usize::from(x && !y);
            second += usize::from(y && !x);
        }
        match first.cmp(&second) {
            std::cmp::Ordering::Greater => Axes::NorthingFirst,
            std::cmp::Ordering::Less => Axes::EastingFirst,
            std::cmp::Ordering::Equal if described => Axes::NorthingFirst,
            std::cmp::Ordering::Equal => Axes::EastingFirst,
        }
    }

    /// Returns the position that a pair stands for.
    pub(super) fn coord(self, pair: Coord) -> Coord {
        match self {
            Axes::NorthingFirst => Coord { x: pair.y, y: pair.x },
            Axes::EastingFirst => pair,
        }
    }
}

/// Returns the coordinate system: the name of one that is not CGCS2000; else that of the zone stated, or of the eastings' prefix.
///
/// EPSG numbers the 3° zones from 25 on (with prefix 4513…, without 4534…) and the 6° zones from 13 on (4491…, 4502…).
pub(super) fn stated(head: &Head<'_>, eastings: impl Iterator<Item = f64>) -> Option<String> {
    if let Some(name) = head.get("坐标系").filter(|name| !name.contains("2000")) {
        return Some(name.to_owned());
    }
    let (mut count, mut prefixed, mut prefix) = (0usize, 0usize, None);
    for easting in eastings {
        count += 1;
        if easting >= PREFIXED {
            prefixed += 1;
            prefix.get_or_insert((easting / 1e6) as u32);
        }
    }
    let prefixed = 2 * prefixed > count;
    let digits =
        |key: &str| head.get(key).and_then(|value| value.trim_end_matches(['度', '带']).trim().parse::<u32>().ok());
    let zone = digits("带号").or(prefix.filter(|_| prefixed))?;
    let degrees = digits("几度分带").or(match zone {
        25..=45 => Some(3),
        13..=23 => Some(6),
        _ => None,
    })?;
    let code = match (degrees, zone) {
        (3, 25..=45) => zone - 25 + if prefixed { 4513 } else { 4534 },
        (6, 13..=23) => zone - 13 + if prefixed { 4491 } else { 4502 },
        _ => return None,
    };
    Some(format!("EPSG:{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head<'a>(entries: &[(&'a str, &'a str)]) -> Head<'a> {
        Head { entries: entries.to_vec(), described: true }
    }

    #[test]
    fn the_system_is_that_of_the_zone() {
        let told =
            |entries: &[(&'static str, &'static str)], easting: f64| stated(&head(entries), [easting].into_iter());
        let known = [("坐标系", "2000国家大地坐标系"), ("几度分带", "3"), ("带号", "39")];
        assert_eq!(told(&known, 39_402_310.1).as_deref(), Some("EPSG:4527"));
        assert_eq!(told(&known, 402_310.1).as_deref(), Some("EPSG:4548"));
        assert_eq!(told(&[("几度分带", "6度"), ("带号", "20")], 20_402_310.1).as_deref(), Some("EPSG:4498"));
        assert_eq!(told(&[], 38_402_310.1).as_deref(), Some("EPSG:4526"));
        assert_eq!(told(&[], 402_310.1), None);
        assert_eq!(told(&[("带号", "3")], 402_310.1), None);
        assert_eq!(
            told(&[("坐标系", "1980西安坐标系"), ("带号", "39")], 39_402_310.1).as_deref(),
            Some("1980西安坐标系")
        );
    }

    #[test]
    fn the_order_is_that_of_most_points() {
        let (north, east) = (3_288_120.4, 39_402_310.1);
        let of = |pairs: &[(f64, f64)], described| Axes::of(pairs.iter().map(|&(x, y)| Coord { x, y }), described);
        assert_eq!(of(&[(north, east)], true), Axes::NorthingFirst);
        assert_eq!(of(&[(east, north), (east, north), (north, east)], true), Axes::EastingFirst);
        assert_eq!(of(&[(1.0, 2.0)], true), Axes::NorthingFirst);
        assert_eq!(of(&[(1.0, 2.0)], false), Axes::EastingFirst);
    }
}
