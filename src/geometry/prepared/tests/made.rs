//! Shapes made at random, and changed in ways that leave them what they are.

use crate::geometry::validity::check;
use crate::geometry::{BoundingBox, Coord, Kind, Shape, Store, overlay, wkt};

/// A generator that gives the same numbers for the same seed everywhere (xorshift64*).
pub(super) struct Random(pub(super) u64);

impl Random {
    /// Returns the next number from 0 up to 1.
    pub(super) fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() * bound as f64) as usize
    }
}

pub(super) fn shape(text: &str) -> Shape {
    check(&wkt::read(text).unwrap()).shape.unwrap()
}

pub(super) fn layer_of(shapes: &[Shape]) -> Store {
    let mut store = Store::new(shapes.first().map_or(Kind::Polygon, Shape::kind));
    for shape in shapes {
        store.push(shape.view());
    }
    store
}

pub(super) fn moved(shape: &mut Shape, by: Coord) {
    for coord in shape.coords_mut() {
        *coord = *coord + by;
    }
}

/// Returns a star about the origin with radii between two bounds, rounded to 0.1 mm.
pub(super) fn star(random: &mut Random, vertices: usize, least: f64, most: f64) -> Shape {
    star_on(random, vertices, least, most, 1e4)
}

fn star_on(random: &mut Random, vertices: usize, least: f64, most: f64, grid: f64) -> Shape {
    let mut coords: Vec<Coord> = (0..vertices)
        .map(|index| {
            let angle = std::f64::consts::TAU * index as f64 / vertices as f64;
            let radius = least + (most - least) * random.next();
            let rounded = |value: f64| if grid > 0.0 { (value * grid).round() / grid } else { value };
            Coord { x: rounded(radius * angle.cos()), y: rounded(radius * angle.sin()) }
        })
        .collect();
    coords.push(coords[0]);
    let mut shape = Shape::empty(Kind::Polygon);
    shape.push_ring(coords);
    shape.end_part();
    shape
}

/// Returns some merged cells of a raster: holes, parts, and rings that touch in points.
pub(super) fn cells(random: &mut Random, side: usize, size: f64) -> Shape {
    let squares: Vec<Shape> = (0..side * side)
        .filter(|_| random.next() < 0.5)
        .map(|cell| {
            let min = Coord { x: (cell % side) as f64 * size, y: (cell / side) as f64 * size };
            Shape::rectangle(&BoundingBox { min, max: min + Coord { x: size, y: size } })
        })
        .collect();
    overlay::union(&squares.iter().map(Shape::view).collect::<Vec<_>>())
}

fn is_valid(shape: &Shape) -> bool {
    check(&shape.view().into()).faults.is_empty()
}

/// Returns two valid polygons that may meet: stars on a grid of 1 m, 0.1 mm or none, at the origin or far from it, shells with a hole,
/// cells, and copies off by a millimetre down to ten nanometres or not at all.
pub(super) fn pair(random: &mut Random) -> (Shape, Shape) {
    loop {
        let far = [Coord { x: 0.0, y: 0.0 }, Coord { x: 39_500_000.0, y: 3_400_000.0 }][random.below(2)];
        let mut a = one(random);
        let mut b = if random.next() < 0.25 {
            let mut copy = a.clone();
            let off = [0.0, 1e-3, 1e-6, 1e-8][random.below(4)];
            moved(&mut copy, Coord { x: off, y: off * (random.next() - 0.5) });
            copy
        } else {
            let mut other = one(random);
            let by = Coord { x: (random.next() * 60.0 - 30.0).round(), y: (random.next() * 60.0 - 30.0).round() };
            moved(&mut other, by);
            other
        };
        moved(&mut a, far);
        moved(&mut b, far);
        if is_valid(&a) && is_valid(&b) {
            return (a, b);
        }
    }
}

fn one(random: &mut Random) -> Shape {
    match random.below(5) {
        0 => cells(random, 6, 8.0),
        1 => {
            let hole = star(random, 3 + random_vertices(0.3), 2.0, 9.0);
            let mut shape = star(random, 8 + random_vertices(0.5), 15.0, 40.0);
            let shell: Vec<Coord> = shape.view().coords().to_vec();
            shape = Shape::empty(Kind::Polygon);
            shape.push_ring(shell);
            shape.push_ring(hole.view().coords().iter().rev().copied());
            shape.end_part();
            shape
        }
        kind => {
            let grid = [1.0, 1e4, 0.0][kind - 2];
            let vertices = [3, 5, 12, 40, 130][random.below(5)];
            star_on(random, vertices, if vertices > 12 { 20.0 } else { 5.0 }, 40.0, grid)
        }
    }
}

fn random_vertices(share: f64) -> usize {
    (share * 40.0) as usize
}

fn mapped(shape: &Shape, ring_of: impl Fn(&[Coord]) -> Vec<Coord>) -> Shape {
    let mut made = Shape::empty(Kind::Polygon);
    for part in shape.view().parts() {
        for ring in part.rings() {
            made.push_ring(ring_of(ring));
        }
        made.end_part();
    }
    made
}

/// Returns the shape with its axes swapped, rings still in their right direction.
pub(super) fn turned_over(shape: &Shape) -> Shape {
    mapped(shape, |ring| ring.iter().rev().map(|coord| Coord { x: coord.y, y: coord.x }).collect())
}

/// Returns the shape with its rings begun at another vertex.
pub(super) fn begun_at(shape: &Shape, vertex: usize) -> Shape {
    mapped(shape, |ring| {
        let open = &ring[..ring.len() - 1];
        (0..=open.len()).map(|index| open[(index + vertex) % open.len()]).collect()
    })
}

/// Returns the shape with the middle of each edge as a vertex.
pub(super) fn with_middles(shape: &Shape) -> Shape {
    mapped(shape, |ring| {
        let halves = ring.windows(2).flat_map(|pair| [pair[0], (pair[0] + pair[1]) * 0.5]);
        halves.chain(ring.last().copied()).collect()
    })
}
