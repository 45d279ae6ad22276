//! Names and codes of coordinate systems.

use super::{Crs, CrsError};

/// Returns the system a text names; see [`Crs::parse`].
pub(super) fn parse(text: &str) -> Result<Crs, CrsError> {
    let unknown = || CrsError::Unknown(text.to_owned());
    let name = text.trim().to_ascii_lowercase();
    if let Some(code) = code_in(&name) {
        return match refused(code) {
            Some(datum) => Err(CrsError::Refused { epsg: code, datum }),
            None => Crs::from_epsg(code).ok_or_else(unknown),
        };
    }
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |wanted: &str| words.contains(&wanted);
    if words.last() == Some(&"crs84") {
        return Crs::from_epsg(4326).ok_or_else(unknown);
    }
    if has("xian") || has("xi") {
        return Err(CrsError::Refused { epsg: 4610, datum: "Xi'an 1980" });
    }
    if has("beijing") {
        return Err(CrsError::Refused { epsg: 4214, datum: "Beijing 1954" });
    }
    by_name(&words).and_then(Crs::from_epsg).ok_or_else(unknown)
}

/// Returns the code in `EPSG:n`, `urn:…:EPSG:version:n`, `http://…/EPSG/version/n` or `n`.
fn code_in(name: &str) -> Option<u32> {
    let (authority, code) = name.rsplit_once([':', '/']).unwrap_or(("epsg", name));
    let known = authority == "epsg"
        || authority.contains(":epsg:")
        || authority.contains("/epsg/")
        || authority.ends_with(":epsg");
    if known { code.trim().parse().ok() } else { None }
}

/// Returns the datum of a code that is refused on purpose.
fn refused(code: u32) -> Option<&'static str> {
    match code {
        4214 | 2401..=2442 | 21413..=21463 | 21473..=21483 => Some("Beijing 1954"),
        4610 | 2327..=2390 => Some("Xi'an 1980"),
        _ => None,
    }
}

/// Returns the code of a name split into lower-case words.
fn by_name(words: &[&str]) -> Option<u32> {
    let number_after = |word: &str| {
        let at = words.iter().position(|found| *found == word)?;
        words.get(at + 1)?.trim_end_matches(['e', 'n', 's']).parse::<u32>().ok()
    };
    let has = |word: &str| words.contains(&word);
    match words {
        ["cgcs2000"]
        | ["gcs", "china", "geodetic", "coordinate", "system", "2000"]
        | ["china", "geodetic", "coordinate", "system", "2000"] => {
            return Some(4490);
        }
        ["wgs", "84"] | ["wgs84"] | ["gcs", "wgs", "1984"] => return Some(4326),
        ["twd97"] | ["gcs", "twd", "1997"] => return Some(3824),
        ["wgs", "1984", "web", "mercator", "auxiliary", "sphere"] | ["wgs", "84", "pseudo", "mercator"] => {
            return Some(3857);
        }
        _ => {}
    }
    if has("cgcs2000") {
        let three = has("3");
        if let Some(zone) = number_after("zone") {
            return match (three, zone) {
                (true, 25..=45) => Some(4488 + zone),
                (false, 13..=23) => Some(4478 + zone),
                _ => None,
            };
        }
        let meridian = number_after("cm")?;
        return match (three, meridian) {
            (true, 75..=135) if meridian % 3 == 0 => Some(4534 + (meridian - 75) / 3),
            (false, 75..=135) if (meridian - 75) % 6 == 0 => Some(4502 + (meridian - 75) / 6),
            _ => None,
        };
    }
    if has("twd97") || (has("twd") && has("1997")) {
        return match words.last() {
            Some(&"119") | Some(&"penghu") => Some(3825),
            Some(&"121") | Some(&"taiwan") => Some(3826),
            _ => None,
        };
    }
    if has("utm") && (has("84") || has("1984") || has("wgs84")) {
        let zone = number_after("zone").filter(|zone| (1..=60).contains(zone))?;
        return match words.last()?.chars().last()? {
            'n' => Some(32600 + zone),
            's' => Some(32700 + zone),
            _ => None,
        };
    }
    None
}
