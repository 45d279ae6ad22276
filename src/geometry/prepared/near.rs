//! The shortest way from a shape to a layer: boxes are opened in the order of how near they may come.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::{Counters, Path, Prepared, SmallBox, Workspace, shared};
use crate::geometry::distance::squared;
use crate::geometry::edges::{Contact, Edge, Position, contact, edge_bounds, position};
use crate::geometry::measure::Measure;
use crate::geometry::overlay::GRID_STEP_M;
use crate::geometry::pyramid::Levels;
use crate::geometry::{BoundingBox, Coord, Kind, ShapeRef};

/// How many edges of the subject share a box.
const RUN: usize = 16;

/// Returns the feature of the layer nearest to `a` and the distance in metres of the plane; of several, the first. `None` if there is
/// none, or `a` is empty.
pub fn nearest(a: ShapeRef<'_>, layer: &Prepared<'_>, work: &mut Workspace) -> Option<(u32, Measure)> {
    search(a, layer, None, f64::INFINITY, work)
}

/// Returns the distance from `a` to a feature of the layer, in metres of the plane; 0 if they meet, infinity if one is empty.
pub fn distance(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> Measure {
    distance_within(a, layer, feature, f64::INFINITY, work).unwrap_or(Measure::exact(f64::INFINITY))
}

/// Returns the distance from `a` to a feature of the layer as [`distance`] does, if it is at most `reach` metres; what lies farther off is not looked at.
pub fn distance_within(
    a: ShapeRef<'_>,
    layer: &Prepared<'_>,
    feature: u32,
    reach: f64,
    work: &mut Workspace,
) -> Option<Measure> {
    search(a, layer, Some(feature), reach, work).map(|(_, found)| found)
}

/// A box that is yet to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    /// Of the index over rings.
    Rings { level: usize, index: usize },
    /// Of the runs of a ring.
    Runs { ring: u32, level: usize, index: usize },
    /// A short ring as a whole.
    Ring(u32),
}

/// A node and the square of the least distance at which anything in it may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Candidate {
    least: f64,
    node: Node,
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.least.total_cmp(&other.least).then(self.node.cmp(&other.node))
    }
}

/// The edges of the subject and boxes over runs of [`RUN`] of them; of points, edges without length.
struct Subject {
    edges: Vec<Edge>,
    runs: Vec<BoundingBox>,
}

impl Subject {
    fn of(shape: ShapeRef<'_>) -> Self {
        let mut edges = Vec::with_capacity(shape.coords().len());
        for ring in shape.rings() {
            match ring {
                [only] => edges.push(Edge::new(*only, *only)),
                _ => edges.extend(ring.windows(2).map(|pair| Edge::new(pair[0], pair[1]))),
            }
        }
        let around = |edges: &[Edge]| edges.iter().fold(BoundingBox::EMPTY, |all, edge| all.merged(&edge_bounds(edge)));
        let runs = edges.chunks(RUN).map(around).collect();
        Subject { edges, runs }
    }

    /// Returns the square of a distance that nothing in a box comes below.
    fn least(&self, bounds: &BoundingBox) -> f64 {
        self.runs.iter().map(|run| apart_squared(run, bounds)).fold(f64::INFINITY, f64::min)
    }

    /// Returns the lesser of `best` and the square of the distance to an edge.
    fn nearer(&self, edge: &Edge, best: f64, counters: &mut Counters) -> f64 {
        let bounds = edge_bounds(edge);
        let mut best = best;
        for (run, edges) in self.runs.iter().zip(self.edges.chunks(RUN)) {
            if apart_squared(run, &bounds) > best {
                continue;
            }
            for own in edges {
                if apart_squared(&edge_bounds(own), &bounds) <= best {
                    counters.pairs += 1;
                    best = best.min(apart(own, edge));
                }
            }
        }
        best
    }
}

fn apart_squared(a: &BoundingBox, b: &BoundingBox) -> f64 {
    let gap = |low: f64, high: f64, from: f64, to: f64| (from - high).max(low - to).max(0.0);
    let (x, y) = (gap(a.min.x, a.max.x, b.min.x, b.max.x), gap(a.min.y, a.max.y, b.min.y, b.max.y));
    x * x + y * y
}

/// Returns the square of the distance between two edges.
fn apart(a: &Edge, b: &Edge) -> f64 {
    // An edge without length has no line for the other to cross.
    if a.start != a.end && b.start != b.end && contact(a, b) != Contact::Apart {
        return 0.0;
    }
    squared(a, b.start).min(squared(a, b.end)).min(squared(b, a.start)).min(squared(b, a.end))
}

fn search(
    a: ShapeRef<'_>,
    layer: &Prepared<'_>,
    only: Option<u32>,
    reach: f64,
    work: &mut Workspace,
) -> Option<(u32, Measure)> {
    let subject = Subject::of(a);
    if subject.runs.is_empty() {
        return None;
    }
    // What lies inside the other without its border near is met already.
    let mut best = within(a, layer, only, work).map(|feature| (0.0, feature));
    let mut open = BinaryHeap::new();
    let Workspace { counters, hits, .. } = work;
    // The first square that is beyond reach.
    let beyond = (reach * reach).next_up();
    let mut push =
        |open: &mut BinaryHeap<Reverse<Candidate>>, small: &SmallBox, node: Node, best: Option<(f64, u32)>| {
            counters.nodes += 1;
            let least = subject.least(&layer.frame.bounds(small));
            if best.map_or(least < beyond, |(shortest, _)| least <= shortest) {
                open.push(Reverse(Candidate { least, node }));
            }
        };
    let index = Levels::of(layer.index.items.len());
    let mut looked = Counters::default();
    match only {
        None => {
            for at in index.tops() {
                let small = &layer.index.boxes[index.place(index.top, at)];
                push(&mut open, small, Node::Rings { level: index.top, index: at }, best);
            }
        }
        Some(feature) => {
            // Of a feature with many rings only those near, where it is known what is near.
            let rings = layer.store.rings_of(feature as usize);
            let near: Option<Vec<u32>> = reach.is_finite().then(|| {
                layer.search_feature(feature, &a.bounds().grown(reach), hits, &mut looked);
                hits.iter().map(|(ring, _)| *ring).collect()
            });
            let mut open_one =
                |ring: u32| open_ring(layer, ring, &mut |small, node| push(&mut open, small, node, best));
            match near {
                Some(near) => near.into_iter().for_each(&mut open_one),
                None => rings.filter(|ring| !layer.path(*ring).coords.is_empty()).for_each(&mut open_one),
            }
        }
    }
    let enough = |best: &Option<(f64, u32)>| only.is_some() && best.is_some_and(|(shortest, _)| shortest == 0.0);
    while let Some(Reverse(Candidate { least, node })) = open.pop() {
        // Of one feature there is nothing nearer than a contact.
        if enough(&best) || best.is_some_and(|(shortest, _)| least > shortest) {
            break;
        }
        match node {
            Node::Rings { level: 0, index } => {
                open_ring(layer, layer.index.items[index], &mut |small, node| push(&mut open, small, node, best));
            }
            Node::Rings { level, index: at } => {
                for under in index.under(level, at) {
                    let small = &layer.index.boxes[index.place(level - 1, under)];
                    push(&mut open, small, Node::Rings { level: level - 1, index: under }, best);
                }
            }
            Node::Runs { ring, level: 0, index } => {
                nearer_edges(
                    &subject,
                    (layer.path(ring).run(index), layer.feature(ring)),
                    beyond,
                    &mut best,
                    &mut looked,
                );
            }
            Node::Runs { ring, level, index } => {
                let path = layer.path(ring);
                let levels = Levels::of(path.run_count());
                for under in levels.under(level, index) {
                    let small = &path.boxes[levels.place(level - 1, under)];
                    push(&mut open, small, Node::Runs { ring, level: level - 1, index: under }, best);
                }
            }
            Node::Ring(ring) => {
                nearer_edges(&subject, (layer.path(ring).coords, layer.feature(ring)), beyond, &mut best, &mut looked);
            }
        }
    }
    counters.nodes += looked.nodes;
    counters.edges += looked.edges;
    counters.pairs += looked.pairs;
    best.map(|(squared, feature)| {
        let error = if squared == 0.0 { 0.0 } else { 2.0 * GRID_STEP_M };
        (feature, Measure { value: squared.sqrt(), error })
    })
}

/// Passes on the boxes a ring is opened into.
fn open_ring(layer: &Prepared<'_>, ring: u32, push: &mut dyn FnMut(&SmallBox, Node)) {
    let path: Path<'_> = layer.path(ring);
    if path.boxes.is_empty() {
        return push(&layer.frame.small(&BoundingBox::around(path.coords)), Node::Ring(ring));
    }
    let levels = Levels::of(path.run_count());
    for index in levels.tops() {
        push(&path.boxes[levels.place(levels.top, index)], Node::Runs { ring, level: levels.top, index });
    }
}

/// Looks at the edges of a run or ring of a feature, for what is nearer than the best, or nearer than `beyond` where there is none yet.
fn nearer_edges(
    subject: &Subject,
    (coords, feature): (&[Coord], u32),
    beyond: f64,
    best: &mut Option<(f64, u32)>,
    counters: &mut Counters,
) {
    let mut each = |start: Coord, end: Coord| {
        let edge = Edge::new(start, end);
        counters.edges += 1;
        let known = best.map_or(beyond, |(shortest, _)| shortest);
        let found = subject.nearer(&edge, known, counters);
        if found < known {
            *best = Some((found, feature));
        } else if let Some((shortest, first)) = best
            && feature < *first
            && subject.nearer(&edge, f64::INFINITY, counters) <= *shortest
        {
            *first = feature;
        }
    };
    match coords {
        [only] => each(*only, *only),
        _ => coords.windows(2).for_each(|pair| each(pair[0], pair[1])),
    }
}

/// Returns the first feature that holds a vertex of `a`, or has one inside `a`.
fn within(a: ShapeRef<'_>, layer: &Prepared<'_>, only: Option<u32>, work: &mut Workspace) -> Option<u32> {
    let Workspace { counters, hits, .. } = work;
    let mut first: Option<u32> = None;
    for part in a.parts() {
        let Some(&start) = part.coords().first() else { continue };
        match only {
            Some(feature) => layer.search_feature(feature, &part.bounds(), hits, counters),
            None => layer.search(&part.bounds(), hits, counters),
        }
        for group in hits.chunk_by(|one, other| layer.feature(one.0) == layer.feature(other.0)) {
            let feature = layer.feature(group[0].0);
            if first.is_some_and(|first| first <= feature) {
                continue;
            }
            let around = layer.store.kind() == Kind::Polygon
                && shared::ring_position(layer, group, start, counters) != Position::Outside;
            let inside = |ring: u32| {
                layer.path(ring).coords.first().is_some_and(|coord| position(*coord, part) != Position::Outside)
            };
            if around || (part.kind() == Kind::Polygon && group.iter().any(|(ring, _)| inside(*ring))) {
                first = Some(feature);
            }
        }
    }
    first
}
