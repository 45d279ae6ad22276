//! Where the edges of a shape meet those of a feature, and in which directions both leave there.

use std::cmp::Ordering;

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::{Counters, Prepared, SmallBox, shared};
use crate::geometry::edges::{Contact, Edge, edge_bounds, on_edge, side};
use crate::geometry::relate::any_contact;
use crate::geometry::{BoundingBox, Coord, ShapeRef};

/// More tests of a point against an edge than this are worth a tree of the edges.
const MANY_TESTS: usize = 65_536;

/// An edge and the ring it is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sided {
    ring: u32,
    edge: Edge,
}

/// The edges of a shape and of a feature that may meet, and the points where they do without crossing.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    a: Vec<Sided>,
    b: Vec<Sided>,
    /// The points, each once, in order.
    pub(super) nodes: Vec<Coord>,
    /// Whether edges cross inside both.
    pub(super) crossing: bool,
    /// The rings of each that meet the other in a node; filled by [`Contacts::each_node`].
    pub(super) met_a: Vec<u32>,
    pub(super) met_b: Vec<u32>,
}

impl Contacts {
    /// Returns how `a` meets the rings found; the search may end at the first crossing, if that is all one needs to know.
    pub(super) fn between(
        a: ShapeRef<'_>,
        layer: &Prepared<'_>,
        hits: &[(u32, SmallBox)],
        end_at_crossing: bool,
        counters: &mut Counters,
    ) -> Self {
        let window = a.bounds().common(&layer.around(hits));
        let mut found = Contacts::default();
        shared::live_edges(layer, hits, &window, counters, |ring, start, end| {
            found.b.push(Sided { ring, edge: Edge::new(start, end) });
        });
        for (ring, coords) in a.rings().enumerate() {
            let pairs = coords.windows(2).filter(|pair| BoundingBox::around(*pair).intersects(&window));
            found.a.extend(pairs.map(|pair| Sided { ring: ring as u32, edge: Edge::new(pair[0], pair[1]) }));
        }
        counters.edges += a.coords().len() as u64;
        // Edges far from all of the other's meet none of them.
        let around =
            |edges: &[Sided]| edges.iter().fold(BoundingBox::EMPTY, |all, sided| all.merged(&edge_bounds(&sided.edge)));
        let common = around(&found.a).common(&around(&found.b));
        for edges in [&mut found.a, &mut found.b] {
            edges.retain(|sided| edge_bounds(&sided.edge).intersects(&common));
        }
        let plain = |edges: &[Sided]| edges.iter().map(|sided| sided.edge).collect::<Vec<_>>();
        let (plain_a, plain_b) = (plain(&found.a), plain(&found.b));
        let Contacts { nodes, crossing, .. } = &mut found;
        let mut crossings: Vec<(Edge, Edge)> = Vec::new();
        any_contact(&plain_a, &plain_b, |contact, first, second| {
            counters.pairs += 1;
            match contact {
                Contact::Apart => {}
                Contact::Cross(_) => crossings.push((*first, *second)),
                Contact::Touch(_) | Contact::Overlap(_) => {
                    nodes.extend([first.start, first.end].iter().filter(|end| on_edge(**end, second)));
                    nodes.extend([second.start, second.end].iter().filter(|end| on_edge(**end, first)));
                }
            }
            end_at_crossing && !crossings.is_empty()
        });
        nodes.sort_by(|one, other| one.x.total_cmp(&other.x).then(one.y.total_cmp(&other.y)));
        nodes.dedup();
        // Where a third edge ends just where two cross, the directions there decide.
        let apart =
            |(one, other): &(Edge, Edge)| !nodes.iter().any(|node| on_edge(*node, one) && on_edge(*node, other));
        *crossing = if end_at_crossing { !crossings.is_empty() } else { crossings.iter().any(apart) };
        found
    }

    /// Calls `each` with every node and the directions in which both leave it.
    pub(super) fn each_node(&mut self, mut each: impl FnMut(Coord, &Spokes)) {
        let mut spokes = Spokes::default();
        let (near_a, near_b) = (Near::of(&self.a, self.nodes.len()), Near::of(&self.b, self.nodes.len()));
        for &node in &self.nodes {
            Spokes::gather(node, &near_a, &mut spokes.a, &mut self.met_a);
            Spokes::gather(node, &near_b, &mut spokes.b, &mut self.met_b);
            each(node, &spokes);
        }
        for met in [&mut self.met_a, &mut self.met_b] {
            met.sort_unstable();
            met.dedup();
        }
    }
}

/// How a direction lies in regard to the other shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Inside,
    Outside,
    /// Along its border, with the interiors (of polygons) on one side or on both.
    Along {
        same_side: bool,
    },
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
pub(super) struct Spoke {
    pub(super) to: Coord,
    /// Whether the interior lies counter-clockwise of it, else clockwise.
    pub(super) leads: bool,
}

#[derive(Debug, Default)]
pub(super) struct Spokes {
    pub(super) a: Vec<Spoke>,
    pub(super) b: Vec<Spoke>,
}

impl Spokes {
    /// Gathers the directions of a border at a node, and the rings that meet there.
    fn gather(node: Coord, edges: &Near<'_>, spokes: &mut Vec<Spoke>, met: &mut Vec<u32>) {
        spokes.clear();
        edges.at(node, |Sided { ring, edge }| {
            met.push(*ring);
            Self::leaving(node, edge, spokes);
        });
        spokes.sort_by(|one, other| around(node, one.to, other.to));
    }

    /// Returns the directions in which those edges leave a point that lie on it, in their order around it.
    pub(super) fn of<'e>(node: Coord, edges: impl Iterator<Item = &'e Edge>) -> Vec<Spoke> {
        let mut spokes = Vec::new();
        edges.filter(|edge| on_edge(node, edge)).for_each(|edge| Self::leaving(node, edge, &mut spokes));
        spokes.sort_by(|one, other| around(node, one.to, other.to));
        spokes
    }

    /// Appends the directions in which an edge leaves a point on it.
    fn leaving(node: Coord, edge: &Edge, spokes: &mut Vec<Spoke>) {
        if edge.end != node {
            spokes.push(Spoke { to: edge.end, leads: true });
        }
        if edge.start != node {
            spokes.push(Spoke { to: edge.start, leads: false });
        }
    }

    /// Tells how a direction lies among those of the other shape's border at the same node.
    pub(super) fn way(node: Coord, spoke: &Spoke, others: &[Spoke]) -> Way {
        if let Some(same) = others.iter().find(|one| around(node, one.to, spoke.to) == Ordering::Equal) {
            return Way::Along { same_side: same.leads == spoke.leads };
        }
        let before = others.iter().rev().find(|one| around(node, one.to, spoke.to) == Ordering::Less);
        if before.or(others.last()).is_some_and(|before| before.leads) { Way::Inside } else { Way::Outside }
    }
}

/// Compares two directions from a node by their angle from east, counter-clockwise. Exact.
fn around(node: Coord, one: Coord, other: Coord) -> Ordering {
    let lower = |to: Coord| to.y < node.y || (to.y == node.y && to.x < node.x);
    lower(one).cmp(&lower(other)).then_with(|| side(node, one, other).reverse())
}
