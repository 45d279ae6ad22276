//! Predicates between a shape and a feature of a layer, decided by the edges in their common box.
//!
//! Two polygons whose borders cross anywhere overlap. Else every stretch of a border between two contacts lies inside the other, outside
//! it, or along its border; which of them shows where the stretch leaves a contact, from the order of the directions around that point.
//! Contacts without a crossing are vertices, so all of it is exact. Rings without a contact are placed by one of their points.

use std::cmp::Ordering;

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::{Counters, Prepared, SmallBox, Workspace, place, shared};
use crate::geometry::edges::{Contact, Edge, Position, on_edge, position, side};
use crate::geometry::matrix::Matrix;
use crate::geometry::relate::{self, Predicate, any_contact};
use crate::geometry::{BoundingBox, Coord, Kind, ShapeRef};

/// More tests of a point against an edge than this are worth a tree of the edges.
const MANY_TESTS: usize = 65_536;

/// Tells whether the predicate holds for `a` and a feature of the layer, as [`relate::holds`] does.
pub fn holds(predicate: Predicate, a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> bool {
    let b = layer.store.get(feature as usize);
    if a.is_empty() || b.is_empty() || !a.bounds().intersects(layer.store.bounds(feature as usize)) {
        return predicate == Predicate::Disjoint;
    }
    match (a.kind(), b.kind()) {
        (Kind::Polygon, Kind::Polygon) => {
            relate::follows(predicate, &matrix(a, layer, feature, work), a.kind(), b.kind())
        }
        (Kind::Point, Kind::Polygon) => {
            let mut matrix = Matrix { outside_inside: Some(2), outside_border: Some(1), ..Matrix::default() };
            for point in a.coords() {
                match place::locate(*point, layer, feature, work) {
                    Position::Inside => matrix.inside_inside = Some(0),
                    Position::Border => matrix.inside_border = Some(0),
                    Position::Outside => matrix.inside_outside = Some(0),
                }
            }
            relate::follows(predicate, &matrix, a.kind(), b.kind())
        }
        (_, _) => relate::holds(predicate, a, b),
    }
}

/// Tells whether the interiors share something of the lower of the two dimensions, as [`relate::interiors_meet`] does.
pub fn interiors_meet(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> bool {
    let b = layer.store.get(feature as usize);
    if a.is_empty() || b.is_empty() || !a.bounds().intersects(layer.store.bounds(feature as usize)) {
        return false;
    }
    match (a.kind(), b.kind()) {
        (Kind::Polygon, Kind::Polygon) => matrix(a, layer, feature, work).inside_inside == Some(2),
        (Kind::Point, Kind::Polygon) => {
            a.coords().iter().any(|point| place::locate(*point, layer, feature, work) == Position::Inside)
        }
        (_, _) => relate::interiors_meet(a, b),
    }
}

/// An edge and the ring it is of.
#[derive(Debug, Clone, Copy)]
struct Sided {
    ring: u32,
    edge: Edge,
}

/// Returns the matrix of two polygons.
fn matrix(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> Matrix {
    let Workspace { counters, hits, .. } = work;
    let bounds = a.bounds();
    layer.search_feature(feature, &bounds, hits, counters);
    let window = bounds.common(&layer.around(hits));
    let mut edges_b: Vec<Sided> = Vec::new();
    shared::live_edges(layer, hits, &window, counters, |ring, start, end| {
        edges_b.push(Sided { ring, edge: Edge::new(start, end) });
    });
    let mut edges_a: Vec<Sided> = Vec::new();
    for (ring, coords) in a.rings().enumerate() {
        let pairs = coords.windows(2).filter(|pair| BoundingBox::around(*pair).intersects(&window));
        edges_a.extend(pairs.map(|pair| Sided { ring: ring as u32, edge: Edge::new(pair[0], pair[1]) }));
    }
    counters.edges += a.coords().len() as u64;

    let plain = |edges: &[Sided]| edges.iter().map(|sided| sided.edge).collect::<Vec<_>>();
    let mut nodes: Vec<Coord> = Vec::new();
    let crossing = any_contact(&plain(&edges_a), &plain(&edges_b), |found, first, second| {
        counters.pairs += 1;
        match found {
            Contact::Apart => false,
            Contact::Cross(_) => true,
            Contact::Touch(_) | Contact::Overlap(_) => {
                nodes.extend([first.start, first.end].iter().filter(|end| on_edge(**end, second)));
                nodes.extend([second.start, second.end].iter().filter(|end| on_edge(**end, first)));
                false
            }
        }
    });
    if crossing {
        return Matrix::crossing();
    }
    nodes.sort_by(|one, other| one.x.total_cmp(&other.x).then(one.y.total_cmp(&other.y)));
    nodes.dedup();

    let mut found = Found::default();
    let (mut met_a, mut met_b) = (Vec::new(), Vec::new());
    let mut spokes = Spokes::default();
    let (near_a, near_b) = (Near::of(&edges_a, nodes.len()), Near::of(&edges_b, nodes.len()));
    for node in nodes {
        Spokes::gather(node, &near_a, &mut spokes.a, &mut met_a);
        Spokes::gather(node, &near_b, &mut spokes.b, &mut met_b);
        spokes.compare(node, &mut found);
    }
    met_a.sort_unstable();
    met_b.sort_unstable();

    // Rings that meet nothing lie wholly on one side.
    for (ring, coords) in a.rings().enumerate() {
        if met_a.binary_search(&(ring as u32)).is_err()
            && let Some(start) = coords.first()
        {
            found.a.place(position_in(layer, feature, hits, *start, counters) == Position::Inside);
        }
    }
    for (ring, _) in hits.iter().filter(|(ring, _)| met_b.binary_search(ring).is_err()) {
        if let Some(start) = layer.path(*ring).coords.first() {
            found.b.place(position(*start, a) == Position::Inside);
        }
    }
    // Rings that were not even near lie outside.
    found.b.outside |= hits.len() < layer.store.rings_of(feature as usize).len();
    found.matrix()
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

/// Where stretches of one border lie in regard to the other shape.
#[derive(Debug, Default, Clone, Copy)]
struct Border {
    inside: bool,
    outside: bool,
}

impl Border {
    fn place(&mut self, inside: bool) {
        self.inside |= inside;
        self.outside |= !inside;
    }
}

/// What was found of two polygons whose borders don't cross.
#[derive(Debug, Default, Clone, Copy)]
struct Found {
    a: Border,
    b: Border,
    touch: bool,
    /// Borders run along each other with the interiors on one side.
    along: bool,
    /// Borders run along each other with the interiors on both sides.
    against: bool,
}

impl Found {
    fn matrix(&self) -> Matrix {
        let when = |holds: bool, dimension: u8| holds.then_some(dimension);
        // Beside a stretch of border that lies outside, so does some interior; likewise inside.
        Matrix {
            inside_inside: when(self.a.inside || self.b.inside || self.along, 2),
            inside_border: when(self.b.inside, 1),
            inside_outside: when(self.a.outside || self.b.inside || self.against, 2),
            border_inside: when(self.a.inside, 1),
            border_border: if self.along || self.against { Some(1) } else { when(self.touch, 0) },
            border_outside: when(self.a.outside, 1),
            outside_inside: when(self.b.outside || self.a.inside || self.against, 2),
            outside_border: when(self.b.outside, 1),
        }
    }
}

/// Edges that can be asked for by a point on them.
enum Near<'e> {
    /// To be looked at one by one.
    Few(&'e [Sided]),
    Many(&'e [Sided], RTree<GeomWithData<Edge, usize>>),
}

impl<'e> Near<'e> {
    /// Returns the edges, to be asked for so many points.
    fn of(edges: &'e [Sided], points: usize) -> Self {
        if edges.len() * points <= MANY_TESTS {
            return Near::Few(edges);
        }
        let numbered = edges.iter().enumerate().map(|(index, sided)| GeomWithData::new(sided.edge, index));
        Near::Many(edges, RTree::bulk_load(numbered.collect()))
    }

    /// Calls `each` with the edges on which a point lies.
    fn at(&self, point: Coord, mut each: impl FnMut(&Sided)) {
        let mut test = |sided: &Sided| {
            if on_edge(point, &sided.edge) {
                each(sided);
            }
        };
        match self {
            Near::Few(edges) => edges.iter().for_each(test),
            Near::Many(edges, tree) => {
                let query = AABB::from_point(point.into());
                tree.locate_in_envelope_intersecting(&query).for_each(|found| test(&edges[found.data]));
            }
        }
    }
}

/// A direction in which a border leaves a node.
#[derive(Debug, Clone, Copy)]
struct Spoke {
    to: Coord,
    /// Whether the interior lies counter-clockwise of it, else clockwise.
    leads: bool,
}

#[derive(Debug, Default)]
struct Spokes {
    a: Vec<Spoke>,
    b: Vec<Spoke>,
}

impl Spokes {
    /// Gathers the directions of a border at a node, and the rings that meet there.
    fn gather(node: Coord, edges: &Near<'_>, spokes: &mut Vec<Spoke>, met: &mut Vec<u32>) {
        spokes.clear();
        edges.at(node, |Sided { ring, edge }| {
            met.push(*ring);
            if edge.end != node {
                spokes.push(Spoke { to: edge.end, leads: true });
            }
            if edge.start != node {
                spokes.push(Spoke { to: edge.start, leads: false });
            }
        });
        spokes.sort_by(|one, other| around(node, one.to, other.to));
    }

    fn compare(&self, node: Coord, found: &mut Found) {
        found.touch = true;
        for (own, other, is_a) in [(&self.a, &self.b, true), (&self.b, &self.a, false)] {
            for spoke in own {
                let same = other.iter().find(|one| around(node, one.to, spoke.to) == Ordering::Equal);
                if let Some(same) = same {
                    found.along |= same.leads == spoke.leads;
                    found.against |= same.leads != spoke.leads;
                    continue;
                }
                let before = other.iter().rev().find(|one| around(node, one.to, spoke.to) == Ordering::Less);
                let inside = before.or(other.last()).is_some_and(|before| before.leads);
                if is_a { found.a.place(inside) } else { found.b.place(inside) }
            }
        }
    }
}

/// Compares two directions from a node by their angle from east, counter-clockwise. Exact.
fn around(node: Coord, one: Coord, other: Coord) -> Ordering {
    let lower = |to: Coord| to.y < node.y || (to.y == node.y && to.x < node.x);
    lower(one).cmp(&lower(other)).then_with(|| side(node, one, other).reverse())
}
