//! Whether features of a layer cover a polygon together, decided from their rings as they stand.
//!
//! Ground of the polygon that no feature covers is bounded by stretches of edges: of the polygon itself, with the bare ground on the
//! inner side, or of a feature, with the bare ground on the outer side. So each edge is looked at along its length on that side: where it crosses or
//! touches another shape, the side enters or leaves it. The order of those places is exact, and so is what is found; no union is made.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::contacts::{Spoke, Spokes, Way};
use super::{Prepared, Workspace, shared};
use crate::geometry::edges::{Contact, Edge, Position, contact, edge_bounds, edges, on_edge, position, side};
use crate::geometry::exact::crossing_order;
use crate::geometry::{BoundingBox, Coord, Kind, ShapeRef};

/// Tells whether features of the layer, numbers in ascending order, cover every point of `a` together. Exact; false unless all are polygons.
pub fn covered_by(a: ShapeRef<'_>, layer: &Prepared<'_>, features: &[u32], work: &mut Workspace) -> bool {
    if a.kind() != Kind::Polygon || layer.store.kind() != Kind::Polygon {
        return false;
    }
    let mut asked: Vec<Owned> = edges(a).map(|edge| GeomWithData::new(edge, None)).collect();
    let mut tree = asked.clone();
    let Workspace { counters, hits, .. } = work;
    // Edges that reach out of the box are followed from their start, so that what they meet on the way has to be known.
    let mut reach = a.bounds();
    for found in [&mut asked, &mut tree] {
        let bounds = reach;
        layer.search(&bounds, hits, counters);
        hits.retain(|(ring, _)| features.binary_search(&layer.feature(*ring)).is_ok());
        shared::live_edges(layer, hits, &bounds, counters, |ring, start, end| {
            let edge = Edge::new(start, end);
            reach = reach.merged(&edge_bounds(&edge));
            found.push(GeomWithData::new(edge, Some(layer.feature(ring))));
        });
    }
    let ground = Covering { a, layer, features, tree: RTree::bulk_load(tree) };
    !asked.iter().any(|edge| ground.is_bare_beside(edge, work))
}

/// An edge and the feature it is of; `None` for the polygon that is to be covered.
type Owned = GeomWithData<Edge, Option<u32>>;

struct Covering<'c> {
    a: ShapeRef<'c>,
    layer: &'c Prepared<'c>,
    features: &'c [u32],
    tree: RTree<Owned>,
}

/// Where something changes along an edge.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// At a point of the data on the edge.
    Node(Coord),
    /// Where another edge crosses it.
    Crossing(Edge),
}

/// From a place on, the side of the edge is in a shape or out of it.
#[derive(Debug, Clone, Copy)]
struct Change {
    place: Place,
    of: Option<u32>,
    inside: bool,
}

impl Covering<'_> {
    /// Tells whether some stretch of an edge has ground of the polygon beside it that no feature covers: on the left of an edge of the polygon,
    /// on the right of one of a feature.
    fn is_bare_beside(&self, of: &Owned, work: &mut Workspace) -> bool {
        let (edge, left) = (*of.geom(), of.data.is_none());
        let mut near: Vec<&Owned> = self.tree.locate_in_envelope_intersecting(&envelope(&edge_bounds(&edge))).collect();
        near.retain(|other| other.data != of.data);
        near.sort_by_key(|other| other.data);
        let mut changes: Vec<Change> = Vec::new();
        let (mut met, mut inside): (BTreeSet<Option<u32>>, BTreeSet<Option<u32>>) = Default::default();
        for group in near.chunk_by(|one, other| one.data == other.data) {
            work.counters.pairs += group.len() as u64;
            let first = changes.len();
            changes_along(&edge, left, group, &mut changes);
            changes[first..].sort_by(|one, other| order(&edge, &one.place, &other.place));
            if let Some(change) = changes.get(first) {
                met.insert(change.of);
                if was_inside(&edge, left, group, change) {
                    inside.insert(change.of);
                }
            }
        }
        // What the edge does not meet lies around its start or apart from it.
        if !left && !met.contains(&None) && position(edge.start, self.a) == Position::Inside {
            inside.insert(None);
        }
        let around = super::place::covering(edge.start, self.layer, work);
        let holding =
            around.into_iter().map(|(feature, _)| feature).filter(|one| self.features.binary_search(one).is_ok());
        inside.extend(holding.map(Some).filter(|one| *one != of.data && !met.contains(one)));
        if left {
            inside.insert(None);
        }
        // At the end nothing begins.
        changes.retain(|change| !matches!(change.place, Place::Node(at) if at == edge.end));
        let is_bare = |inside: &BTreeSet<Option<u32>>| inside.len() == 1 && inside.contains(&None);
        changes.sort_by(|one, other| order(&edge, &one.place, &other.place));
        let starts_free =
            changes.first().is_none_or(|change| !matches!(change.place, Place::Node(at) if at == edge.start));
        if starts_free && is_bare(&inside) {
            return true;
        }
        changes.chunk_by(|one, other| order(&edge, &one.place, &other.place) == Ordering::Equal).any(|together| {
            for change in together {
                if change.inside {
                    inside.insert(change.of);
                } else {
                    inside.remove(&change.of);
                }
            }
            is_bare(&inside)
        })
    }
}

fn envelope(bounds: &BoundingBox) -> AABB<geo_types::Point<f64>> {
    AABB::from_corners(bounds.min.into(), bounds.max.into())
}

/// Appends where one side of an edge enters or leaves a shape, given those edges of the shape that are near.
fn changes_along(edge: &Edge, left: bool, others: &[&Owned], changes: &mut Vec<Change>) {
    let mut nodes: Vec<Coord> = Vec::new();
    let mut crossings: Vec<Edge> = Vec::new();
    for other in others.iter().map(|other| other.geom()) {
        match contact(edge, other) {
            Contact::Apart => {}
            Contact::Cross(_) => crossings.push(*other),
            Contact::Touch(_) | Contact::Overlap(_) => {
                nodes.extend([other.start, other.end].iter().filter(|end| on_edge(**end, edge)));
                nodes.extend([edge.start, edge.end].iter().filter(|end| on_edge(**end, other)));
            }
        }
    }
    let Some(of) = others.first().map(|other| other.data) else { return };
    nodes.sort_by(|one, other| one.x.total_cmp(&other.x).then(one.y.total_cmp(&other.y)));
    nodes.dedup();
    for crossing in crossings {
        // Where others of its edges end just there, the directions tell more.
        if !nodes.iter().any(|node| on_edge(*node, &crossing)) {
            let inside = side(crossing.start, crossing.end, edge.end) == Ordering::Greater;
            changes.push(Change { place: Place::Crossing(crossing), of, inside });
        }
    }
    for node in nodes {
        // The end is kept to tell what was before it.
        let inside = node != edge.end && beside(node, Spoke { to: edge.end, leads: left }, others);
        changes.push(Change { place: Place::Node(node), of, inside });
    }
}

/// Tells whether the side of an edge lies in a shape before the first place where that may change.
fn was_inside(edge: &Edge, left: bool, others: &[&Owned], first: &Change) -> bool {
    match first.place {
        Place::Crossing(_) => !first.inside,
        Place::Node(node) if node == edge.start => first.inside,
        Place::Node(node) => beside(node, Spoke { to: edge.start, leads: !left }, others),
    }
}

/// Tells whether one side of a direction from a point of the border of a shape lies in it: that on which `spoke` has its interior.
fn beside(node: Coord, spoke: Spoke, others: &[&Owned]) -> bool {
    let spokes = Spokes::of(node, others.iter().map(|other| other.geom()));
    match Spokes::way(node, &spoke, &spokes) {
        Way::Inside => true,
        Way::Outside => false,
        Way::Along { same_side } => same_side,
    }
}

/// Compares two places along an edge. Exact.
fn order(edge: &Edge, one: &Place, other: &Place) -> Ordering {
    match (one, other) {
        (Place::Node(one), Place::Node(other)) => {
            // Of points on one line the abscissae tell, unless it is upright.
            let along = |at: &Coord| if edge.start.x == edge.end.x { at.y } else { at.x };
            let compared = along(one).total_cmp(&along(other));
            if along(&edge.start) < along(&edge.end) { compared } else { compared.reverse() }
        }
        (Place::Node(node), Place::Crossing(line)) => beyond(edge, line, *node),
        (Place::Crossing(line), Place::Node(node)) => beyond(edge, line, *node).reverse(),
        (Place::Crossing(one), Place::Crossing(other)) => crossing_order(edge, one, other),
    }
}

/// Compares a point on an edge with where a line crosses the edge.
fn beyond(edge: &Edge, line: &Edge, node: Coord) -> Ordering {
    match side(line.start, line.end, node) {
        Ordering::Equal => Ordering::Equal,
        sided if sided == side(line.start, line.end, edge.start) => Ordering::Less,
        Ordering::Less | Ordering::Greater => Ordering::Greater,
    }
}
