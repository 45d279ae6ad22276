//! What the numbers of a coordinate text are: which is the northing, and of which system.

use super::text::Head;
use crate::geometry::Coord;
use crate::io::quantities::normalised;

/// Northings of China in metres, wherever they are told from eastings without doubt.
const NORTHINGS: std::ops::RangeInclusive<f64> = 1_200_000.0..=6_000_000.0;
/// Eastings from here on carry a zone's number.
const PREFIXED: f64 = 10_000_000.0;
/// What a zone's number stands for in an easting that carries it; all eastings without are less.
const PREFIX: f64 = 1_000_000.0;
/// Ten to the number of decimals that eastings with a prefix are told apart by.
const DECIMALS: f64 = 1e8;

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

    /// Returns the easting of a pair.
    pub(super) fn easting(self, pair: &mut Coord) -> &mut f64 {
        match self {
            Axes::NorthingFirst => &mut pair.y,
            Axes::EastingFirst => &mut pair.x,
        }
    }
}

/// Eastings that were given the form of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unified {
    /// The zone.
    pub zone: u32,
    /// Whether the others carry its number.
    pub prefixed: bool,
    /// How many there were.
    pub count: usize,
}

/// Gives the eastings of a text the form that most have, with the zone's number in front or without, if the text states which zone it is:
/// then either form is one place. Returns `None` if all had one form.
pub(super) fn unify(head: &Head<'_>, eastings: &mut [&mut f64]) -> Option<Unified> {
    let zone = digits(head, "带号").filter(|zone| (13..=45).contains(zone))?;
    let prefixed = are_prefixed(eastings.iter().map(|easting| **easting));
    let front = f64::from(zone) * PREFIX;
    let mut count = 0;
    for easting in eastings {
        // Rounded to the decimals that a number with a prefix has, so that the same text without one is the same number.
        let bare = if prefixed { **easting } else { ((**easting - front) * DECIMALS).round() / DECIMALS };
        if bare > 0.0 && bare < PREFIX {
            **easting = if prefixed { bare + front } else { bare };
            count += 1;
        }
    }
    (count > 0).then_some(Unified { zone, prefixed, count })
}

/// Tells whether most eastings carry a zone's number.
fn are_prefixed(eastings: impl Iterator<Item = f64>) -> bool {
    let (count, prefixed) =
        eastings.fold((0usize, 0usize), |(count, prefixed), one| (count + 1, prefixed + usize::from(one >= PREFIXED)));
    2 * prefixed > count
}

fn digits(head: &Head<'_>, key: &str) -> Option<u32> {
    let value = normalised(head.get(key)?);
    value.trim_start_matches('第').trim_end_matches(['度', '带']).trim().parse().ok()
}

/// Tells whether a name is that of CGCS2000, in one of its many forms; a city's own system of that year is another.
fn is_national(name: &str) -> bool {
    let name = normalised(name);
    let own = ["独立", "地方", "城市", "工程", "自定义"].iter().any(|word| name.contains(word));
    let whole = name.trim_end_matches(['系', '坐', '标', '统']) == "2000";
    let known = ["CGCS", "cgcs", "国家", "大地"].iter().any(|word| name.contains(word));
    name.contains("2000") && !own && (whole || known)
}

/// Returns the coordinate system: the name of one that is not CGCS2000; else that of the zone stated, or of the eastings' prefix.
///
/// EPSG numbers the 3° zones from 25 on (with prefix 4513…, without 4534…) and the 6° zones from 13 on (4491…, 4502…).
pub(super) fn stated(head: &Head<'_>, eastings: impl Iterator<Item = f64> + Clone) -> Option<String> {
    if let Some(name) = head.get("坐标系").filter(|name| !is_national(name)) {
        return Some(name.to_owned());
    }
    let prefixed = are_prefixed(eastings.clone());
    let mut carried = eastings.filter(|easting| *easting >= PREFIXED).map(|easting| (easting / PREFIX) as u32);
    let zone = digits(head, "带号").or_else(|| carried.next().filter(|_| prefixed))?;
    let degrees = digits(head, "几度分带").or(match zone {
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
        assert_eq!(told(&[("几度分带", "３"), ("带号", "第３９带")], 402_310.1).as_deref(), Some("EPSG:4548"));
        for name in ["２０００国家大地坐标系", "CGCS2000", "国家2000坐标系", "2000坐标系", "大地2000"]
        {
            assert_eq!(told(&[("坐标系", name), ("带号", "39")], 402_310.1).as_deref(), Some("EPSG:4548"), "{name}");
        }
        for name in ["九江2000独立坐标系", "上海2000坐标系"] {
            assert_eq!(told(&[("坐标系", name), ("带号", "39")], 402_310.1).as_deref(), Some(name));
        }
        assert_eq!(
            told(&[("坐标系", "1980西安坐标系"), ("带号", "39")], 39_402_310.1).as_deref(),
            Some("1980西安坐标系")
        );
    }

    #[test]
    fn eastings_get_the_form_of_most_where_the_zone_is_stated() {
        let unified = |entries: &[(&'static str, &'static str)], mut eastings: [f64; 3]| {
            let found = unify(&head(entries), &mut eastings.iter_mut().collect::<Vec<_>>());
            (eastings, found)
        };
        let (with, bare, other) = (39_402_310.1, 402_310.1, 38_402_310.1);
        let of = |prefixed| Some(Unified { zone: 39, prefixed, count: 1 });
        assert_eq!(unified(&[("带号", "39")], [with, bare, with]), ([with; 3], of(true)));
        assert_eq!(unified(&[("带号", "39带")], [bare, with, bare]), ([bare; 3], of(false)));
        for eastings in [[with; 3], [bare; 3], [with, other, with], [bare, other, bare], [with, -1.0, with]] {
            assert_eq!(unified(&[("带号", "39")], eastings), (eastings, None));
        }
        // Of which zone the bare ones are is not known.
        assert_eq!(unified(&[], [with, bare, with]), ([with, bare, with], None));
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
