//! Predicates between a shape and a feature of a layer, decided by the edges in their common box.
//!
//! Two polygons whose borders cross anywhere overlap. Else every stretch of a border between two contacts lies inside the other, outside
//! it, or along its border; which of them shows where the stretch leaves a contact, from the order of the directions around that point.
//! Contacts without a crossing are vertices, so all of it is exact. Rings without a contact are placed by one of their points.

use super::contacts::{Contacts, Spoke, Spokes, Way};
use super::{Counters, Prepared, SmallBox, Workspace, place, shared};
use crate::geometry::edges::{Position, position};
use crate::geometry::matrix::Matrix;
use crate::geometry::relate::{self, Predicate};
use crate::geometry::{BoundingBox, Coord, Kind, ShapeRef, construct};

/// Tells whether the predicate holds for `a` and a feature of the layer, as [`relate::holds`] does.
pub fn holds(predicate: Predicate, a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> bool {
    let b = layer.store.get(feature as usize);
    let (bounds_a, bounds_b) = (a.bounds(), layer.store.bounds(feature as usize));
    if a.is_empty() || b.is_empty() || !bounds_a.intersects(&bounds_b) {
        return predicate == Predicate::Disjoint;
    }
    let polygons = a.kind() == Kind::Polygon && b.kind() == Kind::Polygon;
    let may_hold = match predicate {
        Predicate::Within => bounds_b.covers(&bounds_a),
        Predicate::Contains | Predicate::Covers => bounds_a.covers(&bounds_b),
        Predicate::Equals => bounds_a == bounds_b,
        Predicate::Occupies => {
            return polygons && interiors_meet(a, layer, feature, work);
        }
        Predicate::Intersects if polygons => return meet(a, layer, feature, work),
        Predicate::Disjoint if polygons => return !meet(a, layer, feature, work),
        // What reaches beyond the other's box has points outside it.
        Predicate::Overlaps if polygons && !bounds_a.covers(&bounds_b) => return overlaps(a, layer, feature, work),
        Predicate::Intersects | Predicate::Disjoint | Predicate::Touches | Predicate::Crosses | Predicate::Overlaps => {
            true
        }
    };
    if !may_hold {
        return false;
    }
    match matrix(a, layer, feature, work) {
        Some(matrix) => relate::follows(predicate, &matrix, a.kind(), b.kind()),
        None => relate::holds(predicate, a, b),
    }
}

/// Tells whether the interiors share something of the lower of the two dimensions, as [`relate::interiors_meet`] does.
pub fn interiors_meet(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> bool {
    let b = layer.store.get(feature as usize);
    if a.is_empty() || b.is_empty() || !a.bounds().intersects(&layer.store.bounds(feature as usize)) {
        return false;
    }
    if a.kind() == Kind::Polygon && layer.store.kind() == Kind::Polygon {
        // Part by part, for what one meets is all that matters.
        return a.parts().any(|part| areas_meet(part, layer, feature, work));
    }
    match matrix(a, layer, feature, work) {
        Some(matrix) => matrix.inside_inside >= Some(a.kind().min(b.kind()).dimension()),
        None => relate::interiors_meet(a, b),
    }
}

/// Returns the matrix of a shape and a polygon of the layer that are not empty; `None` for layers of another kind.
fn matrix(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> Option<Matrix> {
    match (a.kind(), layer.store.kind()) {
        (Kind::Polygon, Kind::Polygon) => Some(polygon_matrix(a, layer, feature, work)),
        (Kind::Line, Kind::Polygon) => Some(line_matrix(a, layer, feature, work)),
        (Kind::Point, Kind::Polygon) => {
            let mut matrix = Matrix { outside_inside: Some(2), outside_border: Some(1), ..Matrix::default() };
            for point in a.coords() {
                match place::locate(*point, layer, feature, work) {
                    Position::Inside => matrix.inside_inside = Some(0),
                    Position::Border => matrix.inside_border = Some(0),
                    Position::Outside => matrix.inside_outside = Some(0),
                }
            }
            Some(matrix)
        }
        (_, Kind::Point | Kind::Line) => None,
    }
}

/// Tells whether a polygon shares an area with one of the layer that has points outside it, and has points outside that itself.
fn overlaps(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> bool {
    let Workspace { counters, hits, .. } = work;
    let (mut inside, mut outside) = (false, false);
    for part in a.parts() {
        if inside && outside {
            return true;
        }
        layer.search_feature(feature, &part.bounds(), hits, counters);
        if hits.is_empty() {
            outside = true;
            continue;
        }
        match polygons_met(part, layer, feature, hits, counters) {
            Some(found) => {
                inside |= found.interiors_meet();
                outside |= found.a_has_more();
            }
            None => return true,
        }
    }
    inside && outside
}

/// Tells whether a polygon and one of the layer share a point: part by part, for what one meets is all that matters.
fn meet(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> bool {
    let Workspace { counters, hits, .. } = work;
    a.parts().any(|part| {
        layer.search_feature(feature, &part.bounds(), hits, counters);
        !hits.is_empty()
            && polygons_met(part, layer, feature, hits, counters)
                .is_none_or(|found| found.touch || found.interiors_meet())
    })
}

/// Tells whether one part and a polygon of the layer share an area.
fn areas_meet(part: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> bool {
    let bounds = part.bounds();
    if bounds.common(&layer.store.bounds(feature as usize)).is_flat() {
        return false;
    }
    let Workspace { counters, hits, .. } = work;
    layer.search_feature(feature, &bounds, hits, counters);
    if bounds.common(&layer.around(hits)).is_flat() {
        return false;
    }
    polygons_met(part, layer, feature, hits, counters).is_none_or(|found| found.interiors_meet())
}

/// Returns the matrix of two polygons.
fn polygon_matrix(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> Matrix {
    let Workspace { counters, hits, .. } = work;
    layer.search_feature(feature, &a.bounds(), hits, counters);
    polygons_met(a, layer, feature, hits, counters).map_or_else(Matrix::crossing, |found| found.matrix())
}

/// Returns where the borders of two polygons lie, of which the rings of the feature near the other are given; `None` if they cross.
fn polygons_met(
    a: ShapeRef<'_>,
    layer: &Prepared<'_>,
    feature: u32,
    hits: &[(u32, SmallBox)],
    counters: &mut Counters,
) -> Option<Found> {
    let mut contacts = Contacts::between(a, layer, hits, true, counters);
    if contacts.crossing {
        return None;
    }
    let mut found = Found { touch: !contacts.nodes.is_empty(), ..Found::default() };
    contacts.each_node(|node, spokes| {
        for spoke in &spokes.a {
            found.a.place(Spokes::way(node, spoke, &spokes.b));
        }
        for spoke in &spokes.b {
            found.b.place(Spokes::way(node, spoke, &spokes.a));
        }
    });
    // Rings that meet nothing lie wholly on one side.
    for (ring, coords) in a.rings().enumerate() {
        if contacts.met_a.binary_search(&(ring as u32)).is_err()
            && let Some(start) = coords.first()
        {
            found.a.place(way(position_in(layer, feature, hits, *start, counters)));
        }
    }
    for (ring, _) in hits.iter().filter(|(ring, _)| contacts.met_b.binary_search(ring).is_err()) {
        if let Some(start) = layer.path(*ring).coords.first() {
            found.b.place(way(position(*start, a)));
        }
    }
    // Rings that were not even near lie outside.
    found.b.outside |= hits.len() < layer.store.rings_of(feature as usize).len();
    Some(found)
}

/// Returns the matrix of lines and a polygon.
fn line_matrix(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> Matrix {
    let Workspace { counters, hits, .. } = work;
    layer.search_feature(feature, &a.bounds(), hits, counters);
    let ends = construct::boundary(a);
    let ends = ends.view().coords();
    let mut contacts = Contacts::between(a, layer, hits, false, counters);
    let mut of_lines = Border { inside: contacts.crossing, outside: contacts.crossing, ..Border::default() };
    let (mut touch, mut bare) = (contacts.crossing, false);
    contacts.each_node(|node, spokes| {
        for spoke in &spokes.a {
            of_lines.place(Spokes::way(node, spoke, &spokes.b));
        }
        touch |= !ends.contains(&node);
        let covered = |spoke: &Spoke| matches!(Spokes::way(node, spoke, &spokes.a), Way::Along { .. });
        bare |= !spokes.b.iter().all(covered);
    });
    for (line, coords) in a.rings().enumerate() {
        if contacts.met_a.binary_search(&(line as u32)).is_err()
            && let Some(start) = coords.first()
        {
            of_lines.place(way(position_in(layer, feature, hits, *start, counters)));
        }
    }
    // A ring is covered where lines run along it at all its vertices; one without a contact is not.
    bare |= contacts.met_b.len() < layer.store.rings_of(feature as usize).len();
    let mut matrix = Matrix {
        inside_inside: of_lines.inside.then_some(1),
        inside_border: if of_lines.along || of_lines.against { Some(1) } else { touch.then_some(0) },
        inside_outside: of_lines.outside.then_some(1),
        outside_inside: Some(2),
        outside_border: bare.then_some(1),
        ..Matrix::default()
    };
    for end in ends {
        match position_in(layer, feature, hits, *end, counters) {
            Position::Inside => matrix.border_inside = Some(0),
            Position::Border => matrix.border_border = Some(0),
            Position::Outside => matrix.border_outside = Some(0),
        }
    }
    matrix
}

fn way(position: Position) -> Way {
    match position {
        Position::Inside => Way::Inside,
        // What has no contact is not on the border.
        Position::Border | Position::Outside => Way::Outside,
    }
}

/// Tells where a point lies; only rings whose box may hold it count.
fn position_in(
    layer: &Prepared<'_>,
    feature: u32,
    hits: &[(u32, SmallBox)],
    point: Coord,
    counters: &mut Counters,
) -> Position {
    if !layer.store.bounds(feature as usize).intersects(&BoundingBox { min: point, max: point }) {
        return Position::Outside;
    }
    shared::ring_position(layer, hits, point, counters)
}

/// Where stretches of one border, or of lines, lie in regard to the other shape.
#[derive(Debug, Default, Clone, Copy)]
struct Border {
    inside: bool,
    outside: bool,
    /// Along its border with the interiors on one side.
    along: bool,
    /// Along its border with the interiors on both sides.
    against: bool,
}

impl Border {
    fn place(&mut self, way: Way) {
        match way {
            Way::Inside => self.inside = true,
            Way::Outside => self.outside = true,
            Way::Along { same_side: true } => self.along = true,
            Way::Along { same_side: false } => self.against = true,
        }
    }
}

/// What was found of two polygons whose borders don't cross.
#[derive(Debug, Default, Clone, Copy)]
struct Found {
    a: Border,
    b: Border,
    touch: bool,
}

impl Found {
    fn interiors_meet(&self) -> bool {
        self.a.inside || self.b.inside || self.a.along
    }

    /// Tells whether the first has points outside the second.
    fn a_has_more(&self) -> bool {
        self.a.outside || self.b.inside || self.a.against
    }

    fn matrix(&self) -> Matrix {
        let when = |holds: bool, dimension: u8| holds.then_some(dimension);
        // Beside a stretch of border that lies outside, so does some interior; likewise inside.
        Matrix {
            inside_inside: when(self.interiors_meet(), 2),
            inside_border: when(self.b.inside, 1),
            inside_outside: when(self.a_has_more(), 2),
            border_inside: when(self.a.inside, 1),
            border_border: if self.a.along || self.a.against { Some(1) } else { when(self.touch, 0) },
            border_outside: when(self.a.outside, 1),
            outside_inside: when(self.b.outside || self.a.inside || self.a.against, 2),
            outside_border: when(self.b.outside, 1),
        }
    }
}
