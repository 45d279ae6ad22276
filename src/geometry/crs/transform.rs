//! From one coordinate system to another.

use std::cell::RefCell;
use std::sync::Arc;

use proj4rs::Proj;

use super::datums::{Frame, frame};
use super::{Crs, CrsError, Datum, Ellipsoid, Projection};
use crate::geometry::{Coord, Shape, ShapeRef};

/// Longest piece, in metres, into which an edge is cut where the transformation bends it. The official limit is 70 m; a third of it keeps an
/// overlap along a kilometre of bent boundary right to 0.01 m².
pub const MAX_PIECE_M: f64 = 25.0;

/// An edge is left whole where it bends by less than this, in metres.
const BEND_M: f64 = 5e-6;

/// Metres in a degree of a great circle, to judge edges whose result is in degrees.
const DEGREE_M: f64 = 111_319.5;

/// More pieces than this are made of no edge: one that long is not a boundary of land.
const MAX_PIECES: f64 = 100_000.0;

/// The way from one coordinate system to another.
///
/// Datums are taken as equal, or shifted where a shift is published; [`Crs::transform_note`] says which. Accurate to 1e-6 m against
/// PROJ.
#[derive(Clone)]
pub struct Transformer {
    from: Crs,
    to: Crs,
    source: Arc<LonLat>,
    target: Arc<LonLat>,
    shift: Option<Arc<Shift>>,
}

impl Transformer {
    /// Returns the way between two systems.
    pub fn new(from: Crs, to: Crs) -> Result<Self, CrsError> {
        let find = |crs: Crs| LonLat::of(crs).ok_or_else(|| CrsError::Unknown(crs.to_string()));
        let shift = Shift::between(from.datum(), to.datum()).map(Arc::new);
        Ok(Transformer { from, to, source: find(from)?, target: find(to)?, shift })
    }

    /// Returns the position in the target system; `None` where it has no place there.
    pub fn forward(&self, coord: Coord) -> Option<Coord> {
        if self.is_identity() {
            return Some(coord);
        }
        let place = self.source.lonlat(coord)?;
        self.target.coord(match &self.shift {
            Some(shift) => shift.apply(place)?,
            None => place,
        })
    }

    /// Returns the shape in the target system; `None` if any of its coordinates has no place there.
    ///
    /// An edge is straight in the source. Where the transformation bends it by 0.005 mm or more it is cut into pieces of at most
    /// [`MAX_PIECE_M`]; rings stay closed. The pieces are the same in either direction of the edge.
    pub fn shape(&self, shape: ShapeRef<'_>) -> Option<Shape> {
        let mut moved = Shape::empty(shape.kind());
        for part in shape.parts() {
            for ring in part.rings() {
                moved.push_ring(self.ring(ring)?);
            }
            moved.end_part();
        }
        Some(moved)
    }

    fn ring(&self, ring: &[Coord]) -> Option<Vec<Coord>> {
        if self.is_identity() {
            return Some(ring.to_vec());
        }
        let mut moved = Vec::with_capacity(ring.len());
        let mut last: Option<(Coord, Coord)> = None;
        for &coord in ring {
            let place = self.forward(coord)?;
            if let Some((from, from_place)) = last {
                self.push_between(from, coord, from_place, place, &mut moved)?;
            }
            moved.push(place);
            last = Some((coord, place));
        }
        Some(moved)
    }

    /// Appends the places between the ends of an edge.
    fn push_between(&self, a: Coord, b: Coord, to_a: Coord, to_b: Coord, out: &mut Vec<Coord>) -> Option<()> {
        let unit = if self.to.is_geographic() { DEGREE_M } else { self.to.unit() };
        let chord_middle = (to_a + to_b) * 0.5;
        let bend = self.forward((a + b) * 0.5)? - chord_middle;
        if bend.x.hypot(bend.y) * unit < BEND_M {
            return Some(());
        }
        let length = (to_b - to_a).x.hypot((to_b - to_a).y) * unit;
        let pieces = (length / MAX_PIECE_M).ceil().clamp(1.0, MAX_PIECES);
        // Counted from the lesser end, so that neighbours who share an edge share its new vertices.
        let forwards = (a.x, a.y) <= (b.x, b.y);
        let (low, high) = if forwards { (a, b) } else { (b, a) };
        for step in 1..pieces as u32 {
            let t = if forwards { f64::from(step) } else { pieces - f64::from(step) } / pieces;
            out.push(self.forward(low + (high - low) * t)?);
        }
        Some(())
    }

    fn is_identity(&self) -> bool {
        self.from == self.to
    }
}

/// Returns the longitude and latitude, in degrees, of a coordinate as a map of the world has them: on the system's own datum, or on
/// WGS 84 where that lies elsewhere. `None` where the projection has no inverse.
pub fn to_lonlat(crs: Crs, coord: Coord) -> Option<Coord> {
    let place = LonLat::of(crs)?.lonlat(coord)?;
    match Shift::between(crs.datum(), Datum::Wgs84) {
        Some(shift) => shift.apply(place),
        None => Some(place),
    }
}

/// The way between two datums by their published shift.
struct Shift {
    from: Proj,
    to: Proj,
}

impl Shift {
    /// Returns the way; `None` if the two are taken as one.
    fn between(from: Datum, to: Datum) -> Option<Self> {
        let globe = |datum: Datum| {
            let Frame { ellipsoid, shift: [x, y, z], .. } = frame(datum);
            Proj::from_proj_string(&format!("+proj=longlat {} +towgs84={x},{y},{z}", axes(ellipsoid))).ok()
        };
        if frame(from).shift == frame(to).shift {
            return None;
        }
        Some(Shift { from: globe(from)?, to: globe(to)? })
    }

    /// Returns the longitude and latitude on the other datum, in degrees.
    fn apply(&self, lonlat: Coord) -> Option<Coord> {
        let mut point = (lonlat.x.to_radians(), lonlat.y.to_radians(), 0.0);
        proj4rs::transform::transform(&self.from, &self.to, &mut point).ok()?;
        Some(Coord { x: point.0.to_degrees(), y: point.1.to_degrees() })
    }
}

fn axes(ellipsoid: Ellipsoid) -> String {
    format!("+a={} +rf={}", ellipsoid.a, 1.0 / ellipsoid.f)
}

/// The way between a system and longitude and latitude on its own datum.
pub(in crate::geometry) struct LonLat {
    /// The projection and its geographic system; `None` if the system is geographic already.
    projection: Option<(Proj, Proj)>,
}

thread_local! {
    /// Built once per thread: reading a definition costs as much as fifty points.
    static KNOWN: RefCell<Vec<(Crs, Arc<LonLat>)>> = const { RefCell::new(Vec::new()) };
}

impl LonLat {
    /// Returns the way for a system.
    pub(in crate::geometry) fn of(crs: Crs) -> Option<Arc<Self>> {
        KNOWN.with_borrow_mut(|known| {
            if let Some((_, found)) = known.iter().find(|(of, _)| *of == crs) {
                return Some(Arc::clone(found));
            }
            let made = Arc::new(Self::build(crs)?);
            known.push((crs, Arc::clone(&made)));
            Some(made)
        })
    }

    fn build(crs: Crs) -> Option<Self> {
        let own = axes(crs.ellipsoid());
        let (projection, axes) = match crs.projection() {
            Projection::Geographic => return Some(LonLat { projection: None }),
            Projection::TransverseMercator { latitude, meridian, scale, easting, northing } => (
                format!("+proj=tmerc +lat_0={latitude} +lon_0={meridian} +k={scale} +x_0={easting} +y_0={northing}"),
                own,
            ),
            Projection::LambertConic { latitude, meridian, parallels: (one, two), easting, northing } => (
                format!(
                    "+proj=lcc +lat_0={latitude} +lon_0={meridian} +lat_1={one} +lat_2={two} +x_0={easting} +y_0={northing}"
                ),
                own,
            ),
            Projection::SwissOblique { latitude, meridian, easting, northing } => {
                (format!("+proj=somerc +lat_0={latitude} +lon_0={meridian} +k_0=1 +x_0={easting} +y_0={northing}"), own)
            }
            Projection::WebMercator => {
                ("+proj=merc +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1".to_owned(), "+a=6378137 +b=6378137".to_owned())
            }
        };
        let plane = Proj::from_proj_string(&format!("{projection} {axes} +to_meter={}", crs.unit())).ok()?;
        let globe = Proj::from_proj_string(&format!("+proj=longlat {axes}")).ok()?;
        Some(LonLat { projection: Some((plane, globe)) })
    }

    /// Returns longitude and latitude in degrees.
    pub(in crate::geometry) fn lonlat(&self, coord: Coord) -> Option<Coord> {
        let Some((plane, globe)) = &self.projection else {
            return (coord.x.is_finite() && coord.y.abs() <= 90.0).then_some(coord);
        };
        let mut point = (coord.x, coord.y, 0.0);
        proj4rs::transform::transform(plane, globe, &mut point).ok()?;
        let found = Coord { x: point.0.to_degrees(), y: point.1.to_degrees() };
        (found.x.is_finite() && found.y.is_finite()).then_some(found)
    }

    /// Returns the coordinate of a longitude and latitude in degrees.
    pub(in crate::geometry) fn coord(&self, lonlat: Coord) -> Option<Coord> {
        let Some((plane, globe)) = &self.projection else {
            return Some(lonlat);
        };
        let mut point = (lonlat.x.to_radians(), lonlat.y.to_radians(), 0.0);
        proj4rs::transform::transform(globe, plane, &mut point).ok()?;
        (point.0.is_finite() && point.1.is_finite()).then_some(Coord { x: point.0, y: point.1 })
    }
}
