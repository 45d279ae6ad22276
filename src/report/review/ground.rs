//! The ground of a finding as a shape again: of what a report carries, which may come from a file that somebody wrote by hand.

use crate::geometry::measure::{self, AreaMethod};
use crate::geometry::validity::{RawShape, check};
use crate::geometry::{BoundingBox, Coord, Kind, Shape, ShapeRef, construct, overlay};
use crate::report::result::{Finding, Geometry};

/// To what coordinates of plans are rounded, in metres: a border may lie so much elsewhere and be the same.
const ROUNDING_M: f64 = 0.001;

/// All that a finding rests on.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    /// The areas, dissolved.
    pub(super) areas: Shape,
    /// The lines.
    pub(super) lines: Shape,
    /// Whether a shape of the evidence is not valid, so that this is not all.
    pub(super) broken: bool,
}

impl Ground {
    /// Returns the ground of a finding.
    pub(super) fn of(finding: &Finding) -> Self {
        let mut ground = Ground { areas: Shape::empty(Kind::Polygon), lines: Shape::empty(Kind::Line), broken: false };
        let mut areas = Vec::new();
        for piece in &finding.evidence {
            match shape(&piece.geometry) {
                Some(shape) if shape.kind() == Kind::Polygon => areas.push(shape),
                Some(shape) if shape.kind() == Kind::Line => ground.lines.append(shape.view()),
                Some(_) => {}
                None => ground.broken = true,
            }
        }
        ground.areas = union(areas.iter().map(Shape::view));
        ground
    }

    /// Returns the ground of several findings.
    pub(super) fn union<'g>(all: impl Iterator<Item = &'g Ground> + Clone) -> Self {
        let mut lines = Shape::empty(Kind::Line);
        all.clone().for_each(|one| lines.append(one.lines.view()));
        Ground {
            areas: union(all.clone().map(|one| one.areas.view())),
            lines,
            broken: all.clone().any(|one| one.broken),
        }
    }

    /// Tells whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.areas.is_empty() && self.lines.is_empty()
    }

    /// Returns the box around it.
    pub(super) fn bounds(&self) -> BoundingBox {
        self.areas.view().bounds().merged(&self.lines.view().bounds())
    }

    /// Returns what of this does not lie in the other.
    pub(super) fn without(&self, other: &Ground) -> Ground {
        let lines = match self.lines.is_empty() {
            true => Shape::empty(Kind::Line),
            false if other.areas.is_empty() => overlay::difference(self.lines.view(), other.lines.view()),
            false => {
                let rest = overlay::difference(self.lines.view(), other.areas.view());
                overlay::difference(rest.view(), other.lines.view())
            }
        };
        Ground { areas: overlay::difference(self.areas.view(), other.areas.view()), lines, broken: self.broken }
    }

    /// Returns how much there is: m² and m, in the plane, where the two are compared and not told.
    pub(super) fn extent(&self) -> Extent {
        Extent {
            area_m2: measure::area(self.areas.view(), &AreaMethod::Plane).value,
            length_m: measure::length(self.lines.view(), &AreaMethod::Plane).value,
        }
    }

    /// Returns how much of the ground may come and go by rounding alone.
    pub(super) fn rounding(&self) -> Extent {
        let border = construct::boundary(self.areas.view());
        Extent {
            area_m2: ROUNDING_M * measure::length(border.view(), &AreaMethod::Plane).value,
            length_m: 2.0 * ROUNDING_M * self.lines.view().parts().len() as f64,
        }
    }
}

/// How much ground there is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub(super) area_m2: f64,
    pub(super) length_m: f64,
}

impl Extent {
    /// Tells whether this is more than the other in either measure.
    pub(super) fn exceeds(&self, other: &Extent) -> bool {
        self.area_m2 > other.area_m2 || self.length_m > other.length_m
    }

    pub(super) fn plus(&self, other: &Extent) -> Extent {
        Extent { area_m2: self.area_m2 + other.area_m2, length_m: self.length_m + other.length_m }
    }

    /// Returns which share of the other this is, by area where that has one.
    pub(super) fn share_of(&self, other: &Extent) -> f64 {
        let share = if other.area_m2 > 0.0 { self.area_m2 / other.area_m2 } else { self.length_m / other.length_m };
        if share.is_finite() { share } else { 0.0 }
    }
}

fn union<'s>(shapes: impl Iterator<Item = ShapeRef<'s>>) -> Shape {
    let shapes: Vec<ShapeRef<'s>> = shapes.filter(|shape| !shape.is_empty()).collect();
    match shapes.as_slice() {
        [] => Shape::empty(Kind::Polygon),
        [one] => one.to_shape(),
        many => overlay::union(many),
    }
}

/// Returns a shape of a report, if it is valid.
fn shape(geometry: &Geometry) -> Option<Shape> {
    fn line(line: &[[f64; 2]]) -> impl Iterator<Item = Coord> {
        line.iter().map(|point| Coord { x: point[0], y: point[1] })
    }
    let raw = match geometry {
        Geometry::MultiPoint(points) => RawShape::points(line(points)),
        Geometry::MultiLineString(lines) => RawShape::lines(lines.iter().map(|one| line(one))),
        Geometry::MultiPolygon(parts) => {
            RawShape::polygons(parts.iter().map(|part| part.iter().map(|ring| line(ring))))
        }
    };
    check(&raw).shape
}
