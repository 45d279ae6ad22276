//! Shapes as GeoPackage has them: well-known binary behind a head with the box. Source: OGC 12-128r18, 2.1.3.

use crate::geometry::{Coord, Kind, Shape, ShapeRef};

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const MULTI: u32 = 3;

/// Returns a shape; points stand alone if `single`, everything else in its collection.
pub(super) fn geopackage_blob(shape: &Shape, single: bool, srs: i32) -> Vec<u8> {
    let view = shape.view();
    let bounds = view.bounds();
    let mut out = vec![b'G', b'P', 0, 0b11];
    out.extend(srs.to_le_bytes());
    for number in [bounds.min.x, bounds.max.x, bounds.min.y, bounds.max.y] {
        out.extend(number.to_le_bytes());
    }
    let base = match shape.kind() {
        Kind::Point => POINT,
        Kind::Line => LINE,
        Kind::Polygon => POLYGON,
    };
    if !(single && shape.kind() == Kind::Point) {
        head(&mut out, base + MULTI);
        count(&mut out, view.parts().len());
    }
    view.parts().for_each(|part| one(&mut out, part, base));
    out
}

fn one(out: &mut Vec<u8>, part: ShapeRef<'_>, kind: u32) {
    head(out, kind);
    match part.kind() {
        Kind::Point => part.coords().iter().take(1).for_each(|coord| position(out, *coord)),
        Kind::Line => sequence(out, part.coords()),
        Kind::Polygon => {
            count(out, part.rings().len());
            part.rings().for_each(|ring| sequence(out, ring));
        }
    }
}

fn head(out: &mut Vec<u8>, kind: u32) {
    out.push(1);
    out.extend(kind.to_le_bytes());
}

fn count(out: &mut Vec<u8>, count: usize) {
    // Shapes count their coordinates in 32 bits.
    out.extend((count as u32).to_le_bytes());
}

fn sequence(out: &mut Vec<u8>, coords: &[Coord]) {
    count(out, coords.len());
    coords.iter().for_each(|coord| position(out, *coord));
}

fn position(out: &mut Vec<u8>, coord: Coord) {
    out.extend(coord.x.to_le_bytes());
    out.extend(coord.y.to_le_bytes());
}
