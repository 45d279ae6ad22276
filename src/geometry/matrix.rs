//! The DE-9IM matrix of two shapes, built from as little of them as decides it.
//!
//! Parts and holes far from the other shape are left out and booked as lying in its exterior. Two polygons whose borders cross, or
//! do not meet at all, need no noding. Lines are compared with lines as they are drawn ([`super::lines`]). Only where borders touch does the
//! library build the whole matrix.

use geo::algorithm::Relate;
use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;

use super::edges::{Contact, Position, position};
use super::relate::{any_contact, live_edges, to_geo};
use super::{BoundingBox, Kind, Shape, ShapeRef, lines};

/// The dimensions of what the interiors, borders and exteriors of two shapes share; `None` where they share nothing.
/// The first word of a field is of the first shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Matrix {
    pub(super) inside_inside: Option<u8>,
    pub(super) inside_border: Option<u8>,
    pub(super) inside_outside: Option<u8>,
    pub(super) border_inside: Option<u8>,
    pub(super) border_border: Option<u8>,
    pub(super) border_outside: Option<u8>,
    pub(super) outside_inside: Option<u8>,
    pub(super) outside_border: Option<u8>,
}

impl Matrix {
    /// Returns the matrix of two polygons whose borders cross.
    pub(super) fn crossing() -> Self {
        Matrix {
            inside_inside: Some(2),
            inside_border: Some(1),
            inside_outside: Some(2),
            border_inside: Some(1),
            border_border: Some(0),
            border_outside: Some(1),
            outside_inside: Some(2),
            outside_border: Some(1),
        }
    }

    /// Returns the matrix with the two shapes exchanged.
    pub(super) fn transposed(&self) -> Self {
        Matrix {
            inside_border: self.border_inside,
            inside_outside: self.outside_inside,
            border_inside: self.inside_border,
            border_outside: self.outside_border,
            outside_inside: self.inside_outside,
            outside_border: self.border_outside,
            ..*self
        }
    }

    pub(super) fn meets(&self) -> bool {
        self.inside_inside.is_some() || self.borders_meet()
    }

    fn borders_meet(&self) -> bool {
        self.inside_border.is_some() || self.border_inside.is_some() || self.border_border.is_some()
    }

    pub(super) fn touches(&self) -> bool {
        self.inside_inside.is_none() && self.borders_meet()
    }

    pub(super) fn within(&self) -> bool {
        self.inside_inside.is_some() && self.inside_outside.is_none() && self.border_outside.is_none()
    }

    pub(super) fn covers(&self) -> bool {
        (self.inside_inside.is_some() || self.borders_meet())
            && self.outside_inside.is_none()
            && self.outside_border.is_none()
    }

    pub(super) fn equals(&self) -> bool {
        self.within() && self.outside_inside.is_none() && self.outside_border.is_none()
    }

    pub(super) fn crosses(&self, a: Kind, b: Kind) -> bool {
        if a < b {
            self.inside_inside.is_some() && self.inside_outside.is_some()
        } else if a > b {
            self.inside_inside.is_some() && self.outside_inside.is_some()
        } else {
            a == Kind::Line && self.inside_inside == Some(0)
        }
    }

    pub(super) fn overlaps(&self, a: Kind, b: Kind) -> bool {
        a == b
            && self.inside_inside == Some(a.dimension())
            && self.inside_outside.is_some()
            && self.outside_inside.is_some()
    }
}

/// Returns the matrix of two shapes that are not empty.
pub(super) fn between(a: ShapeRef<'_>, b: ShapeRef<'_>) -> Matrix {
    if (a.kind(), b.kind()) == (Kind::Line, Kind::Line) {
        return lines::matrix(a, b);
    }
    let (near_a, left_a) = near(a, &b.bounds());
    let (near_b, left_b) = near(b, &a.bounds());
    let (kind_a, kind_b) = (a.kind().dimension(), b.kind().dimension());
    let mut matrix = if near_a.is_empty() || near_b.is_empty() {
        Matrix::default()
    } else {
        quick(near_a.view(), near_b.view()).unwrap_or_else(|| whole(near_a.view(), near_b.view()))
    };
    if left_a || near_b.is_empty() {
        matrix.inside_outside = matrix.inside_outside.max(Some(kind_a));
    }
    if left_b || near_a.is_empty() {
        matrix.outside_inside = matrix.outside_inside.max(Some(kind_b));
    }
    matrix
}

/// Returns the parts, and of polygons the holes, whose boxes meet `bounds`; and whether anything was left out.
/// What is left out lies outside `bounds`, or has its edge there: either way the shape reaches beyond them.
fn near(shape: ShapeRef<'_>, bounds: &BoundingBox) -> (Shape, bool) {
    let mut kept = Shape::empty(shape.kind());
    let mut left = false;
    for part in shape.parts() {
        if !part.bounds().intersects(bounds) {
            left = true;
            continue;
        }
        for (index, ring) in part.rings().enumerate() {
            if index == 0 || BoundingBox::around(ring).intersects(bounds) {
                kept.push_ring(ring.iter().copied());
            } else {
                left = true;
            }
        }
        kept.end_part();
    }
    (kept, left)
}

/// Returns the matrix of two polygons whose borders cross, or nowhere meet; `None` if they touch.
fn quick(a: ShapeRef<'_>, b: ShapeRef<'_>) -> Option<Matrix> {
    if a.kind() != Kind::Polygon || b.kind() != Kind::Polygon {
        return None;
    }
    let window = a.bounds().common(&b.bounds());
    let mut touching = false;
    let crossing = any_contact(&live_edges(a, &window), &live_edges(b, &window), |contact, _, _| {
        touching |= matches!(contact, Contact::Touch(_) | Contact::Overlap(_));
        matches!(contact, Contact::Cross(_))
    });
    if crossing {
        return Some(Matrix::crossing());
    }
    if touching {
        return None;
    }
    // Each ring lies wholly inside the other shape or wholly outside it.
    let (rings_a, rings_b) = (inside(a, b), inside(b, a));
    let some_in = |rings: &[(bool, bool)]| rings.iter().any(|(within, _)| *within);
    let some_out = |rings: &[(bool, bool)]| rings.iter().any(|(within, _)| !*within);
    let shell_out = |rings: &[(bool, bool)]| rings.iter().any(|(within, is_shell)| *is_shell && !*within);
    let when = |holds: bool, dimension: u8| holds.then_some(dimension);
    Some(Matrix {
        inside_inside: when(some_in(&rings_a) || some_in(&rings_b), 2),
        inside_border: when(some_in(&rings_b), 1),
        inside_outside: when(shell_out(&rings_a) || some_in(&rings_b), 2),
        border_inside: when(some_in(&rings_a), 1),
        border_border: None,
        border_outside: when(some_out(&rings_a), 1),
        outside_inside: when(shell_out(&rings_b) || some_in(&rings_a), 2),
        outside_border: when(some_out(&rings_b), 1),
    })
}

/// Tells of each ring of `shape` whether it starts inside `other`, and whether it is a shell.
fn inside(shape: ShapeRef<'_>, other: ShapeRef<'_>) -> Vec<(bool, bool)> {
    let rings = shape.parts().flat_map(|part| part.rings().enumerate());
    let starts = rings.filter_map(|(index, ring)| Some((*ring.first()?, index == 0)));
    starts.map(|(start, is_shell)| (position(start, other) == Position::Inside, is_shell)).collect()
}

/// Returns the whole matrix as the library builds it.
fn whole(a: ShapeRef<'_>, b: ShapeRef<'_>) -> Matrix {
    let found = to_geo(a).relate(&to_geo(b));
    let at = |first, second| match found.get(first, second) {
        Dimensions::Empty => None,
        Dimensions::ZeroDimensional => Some(0),
        Dimensions::OneDimensional => Some(1),
        Dimensions::TwoDimensional => Some(2),
    };
    Matrix {
        inside_inside: at(CoordPos::Inside, CoordPos::Inside),
        inside_border: at(CoordPos::Inside, CoordPos::OnBoundary),
        inside_outside: at(CoordPos::Inside, CoordPos::Outside),
        border_inside: at(CoordPos::OnBoundary, CoordPos::Inside),
        border_border: at(CoordPos::OnBoundary, CoordPos::OnBoundary),
        border_outside: at(CoordPos::OnBoundary, CoordPos::Outside),
        outside_inside: at(CoordPos::Outside, CoordPos::Inside),
        outside_border: at(CoordPos::Outside, CoordPos::OnBoundary),
    }
}
