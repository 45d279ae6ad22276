//! Names and codes of coordinate systems.

use super::table::{REFUSED, Refused};
use super::{Crs, CrsError};

/// Returns the system a text names; see [`Crs::parse`].
pub(super) fn parse(text: &str) -> Result<Crs, CrsError> {
    let text = text.trim();
    if text.starts_with('{') || text.contains('[') {
        return Crs::from_wkt(text);
    }
    let unknown = || CrsError::Unknown(text.to_owned());
    let lower = text.to_ascii_lowercase();
    if let Some(code) = code_in(&lower) {
        return of_code(code).unwrap_or_else(|| Err(unknown()));
    }
    if lower.ends_with("crs84") {
        return Ok(Crs::WGS84);
    }
    if let Some(refused) = refused_name(text) {
        return Err(refused);
    }
    by_name(text).ok_or_else(unknown)
}

/// Returns the system of a code, or why it is refused; `None` if it is unknown.
pub(super) fn of_code(code: u32) -> Option<Result<Crs, CrsError>> {
    let refused = REFUSED.iter().find(|system| system.codes.iter().any(|codes| codes.contains(&code)));
    match refused {
        Some(system) => Some(Err(refusal(system, Some(code)))),
        None => Crs::from_epsg(code).map(Ok),
    }
}

/// Returns the system of a name, if there is one.
pub(super) fn by_name(name: &str) -> Option<Crs> {
    let wanted = bare(name);
    Crs::all().find(|crs| crs.names().any(|name| bare(&name) == wanted))
}

/// Returns why a name is refused; `None` if it is not.
pub(super) fn refused_name(name: &str) -> Option<CrsError> {
    let name = bare(name);
    let system = REFUSED.iter().find(|system| system.words.iter().any(|word| name.contains(word)))?;
    Some(refusal(system, system.codes.first().map(|codes| *codes.start())))
}

fn refusal(system: &Refused, epsg: Option<u32>) -> CrsError {
    CrsError::Refused { epsg, system: system.name, why: system.why }
}

/// Returns a name without what people and programs write differently: case, spaces, and marks other than the plus of CH1903+.
pub(super) fn bare(name: &str) -> String {
    name.chars().filter(|one| one.is_alphanumeric() || *one == '+').flat_map(char::to_lowercase).collect()
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
