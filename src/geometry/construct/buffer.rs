//! The places near a shape, bounded in what making them takes.
//!
//! The library draws a curve beside the whole border at once and takes away what winds about too much; where many edges lie within twice
//! the distance of each other, as the teeth of a comb, that curve crosses itself millions of times. There the border is cut into runs of
//! edges, each with a band of its own, and bands are dissolved two by two, nearest first. The bands of edges that do not cross are such
//! that their union has a border in proportion to the edges, and so has every step on the way.
//! See Kedem, Livne, Pach and Sharir, "On the union of Jordan regions" (1986).

use std::ops::ControlFlow;

use geo::algorithm::Buffer;
use geo::algorithm::buffer::{BufferStyle, LineCap, LineJoin};

use crate::geometry::edges::{edge_bounds, edges};
use crate::geometry::packed::{self, Packed};
use crate::geometry::pyramid::{self, Frame, SmallBox};
use crate::geometry::{BoundingBox, Coord, Kind, Shape, ShapeRef, overlay, relate};

/// The chords of a round corner stay within this of the circle, in metres, up to the radius where a chord spans [`LEAST_ANGLE`].
pub(super) const CHORD_M: f64 = 5e-3;

/// The least angle a chord spans: beyond some 160 m of radius chords stray by a thirty-thousandth of it.
const LEAST_ANGLE: f64 = std::f64::consts::TAU / 400.0;

/// The greatest angle a chord spans.
const GREATEST_ANGLE: f64 = std::f64::consts::TAU / 32.0;

/// Shapes of at most so many vertices are given to the library whatever they look like.
const FEW: usize = 256;

/// Larger ones where no more than so many pairs of edges, for each edge, may come within twice the distance of each other.
const NEAR_EACH_EDGE: usize = 16;

/// Bands of at most so many vertices are made …
const MOST_VERTICES: usize = 200_000;

/// … and of as many besides for each vertex of the shape.
const FOR_EACH_VERTEX: usize = 8;

/// How many edges, or points, have a band of their own.
const RUN: usize = 32;

/// Returns the places within `distance_m` metres of the shape; for a negative distance, those of a polygon farther than that from its
/// border.
///
/// Corners and ends are round, drawn as chords with their ends on the circle. Negative distances leave nothing of lines and points.
/// The library rounds to a grid of a billionth of the extent, bands are dissolved on that of the overlay.
/// `None` where lines cross each other so often that no shape is to be made; of valid polygons and points there always is one.
pub fn buffer(shape: ShapeRef<'_>, distance_m: f64) -> Option<Shape> {
    if shape.is_empty() || !distance_m.is_finite() || (distance_m <= 0.0 && shape.kind() != Kind::Polygon) {
        return Some(Shape::empty(Kind::Polygon));
    }
    if distance_m == 0.0 {
        return Some(shape.to_shape());
    }
    let around = shape.bounds().grown(distance_m.abs());
    if !overlay::coord_in_range(&around.min) || !overlay::coord_in_range(&around.max) {
        return Some(far_around(shape, distance_m));
    }
    if shape.coords().len() <= FEW || is_open(shape, distance_m.abs()) {
        return Some(in_one_go(shape, distance_m));
    }
    in_bands(shape, distance_m, MOST_VERTICES + FOR_EACH_VERTEX * shape.coords().len())
}

/// Returns the buffer put together of bands, none of which has more than so many vertices; else `None`.
pub(super) fn in_bands(shape: ShapeRef<'_>, distance_m: f64, most: usize) -> Option<Shape> {
    let band = band(&runs(shape), distance_m.abs(), most)?;
    Some(match shape.kind() {
        Kind::Point | Kind::Line => band,
        Kind::Polygon if distance_m < 0.0 => overlay::difference(shape, band.view()),
        Kind::Polygon => overlay::union(&[shape, band.view()]),
    })
}

/// Tells whether few edges lie within twice a distance of each other.
fn is_open(shape: ShapeRef<'_>, distance_m: f64) -> bool {
    let frame = Frame::of(&shape.bounds());
    let near = |bounds: BoundingBox| frame.small(&bounds.grown(distance_m));
    let boxes: Vec<SmallBox> = match shape.kind() {
        Kind::Point => shape.coords().iter().map(|at| near(BoundingBox::around([at]))).collect(),
        Kind::Line | Kind::Polygon => edges(shape).map(|edge| near(edge_bounds(&edge))).collect(),
    };
    let index = Packed::build(&boxes);
    let mut left = NEAR_EACH_EDGE * boxes.len();
    let (seldom, _) = pyramid::meeting_pairs(&index.boxes, index.items.len(), &mut |_, _| {
        left -= 1;
        if left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    seldom.is_continue()
}

/// Cuts the border of a shape, or its points, into runs, and puts them in an order that keeps together what is near.
fn runs(shape: ShapeRef<'_>) -> Vec<Shape> {
    let mut runs = Vec::new();
    let frame = Frame::of(&shape.bounds());
    if shape.kind() == Kind::Point {
        let place = |at: &Coord| frame.small(&BoundingBox::around([at]));
        let order = packed::order(&shape.coords().iter().map(place).collect::<Vec<_>>());
        for some in order.chunks(RUN) {
            let mut run = Shape::empty(Kind::Point);
            for at in some {
                run.push_ring([shape.coords()[*at as usize]]);
                run.end_part();
            }
            runs.push(run);
        }
        return runs;
    }
    for ring in shape.rings() {
        // Each run begins where the one before it ends.
        for from in (0..ring.len().saturating_sub(1)).step_by(RUN) {
            let mut run = Shape::empty(Kind::Line);
            run.push_ring(ring[from..ring.len().min(from + RUN + 1)].iter().copied());
            run.end_part();
            runs.push(run);
        }
    }
    let order = packed::order(&runs.iter().map(|run| frame.small(&run.view().bounds())).collect::<Vec<_>>());
    order.into_iter().map(|at| std::mem::replace(&mut runs[at as usize], Shape::empty(Kind::Line))).collect()
}

/// Returns the places within a distance of runs, those of each half of them first; `None` if their border has more than so many vertices.
fn band(runs: &[Shape], distance_m: f64, most: usize) -> Option<Shape> {
    let band = match runs {
        [] => Shape::empty(Kind::Polygon),
        [run] => in_one_go(run.view(), distance_m),
        _ => {
            let (one, other) = runs.split_at(runs.len() / 2);
            let (one, other) = (band(one, distance_m, most)?, band(other, distance_m, most)?);
            overlay::union(&[one.view(), other.view()])
        }
    };
    (band.view().coords().len() <= most).then_some(band)
}

/// Returns the places within a distance that is larger than all that is mapped: those about the middle of the shape, which is as near to
/// the truth as chords are at such distances. Nothing lies so far inside.
fn far_around(shape: ShapeRef<'_>, distance_m: f64) -> Shape {
    let mut middle = Shape::empty(Kind::Point);
    middle.push_ring([shape.bounds().middle()]);
    middle.end_part();
    if distance_m < 0.0 { Shape::empty(Kind::Polygon) } else { in_one_go(middle.view(), distance_m) }
}

/// Returns what the library gives.
pub(super) fn in_one_go(shape: ShapeRef<'_>, distance_m: f64) -> Shape {
    let mut grown = Shape::empty(Kind::Polygon);
    let Some(&origin) = shape.coords().first() else { return grown };
    // A chord of angle t strays by r (1 - cos t/2) from the circle.
    let angle = (2.0 * (2.0 * CHORD_M / distance_m.abs()).sqrt()).clamp(LEAST_ANGLE, GREATEST_ANGLE);
    let style = BufferStyle::new(distance_m).line_cap(LineCap::Round(angle)).line_join(LineJoin::Round(angle));
    // About its own origin the shape keeps all its digits.
    let mut local = shape.to_shape();
    for coord in local.coords_mut() {
        *coord = *coord - origin;
    }
    let back = |coord: &Coord| *coord + origin;
    for polygon in relate::to_geo(local.view()).buffer_with_style(style) {
        grown.push_ring(polygon.exterior().coords().map(back));
        for hole in polygon.interiors() {
            grown.push_ring(hole.coords().map(back));
        }
        grown.end_part();
    }
    grown
}
