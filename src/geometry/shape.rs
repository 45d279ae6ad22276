//! Shapes: one buffer of coordinates, offsets beside it.

use super::edges::signed_area;

/// A position: `x` easting (or longitude), `y` northing (or latitude).
pub type Coord = geo_types::Coord<f64>;

/// What a shape is made of; its order is that of dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Points: every ring holds one coordinate.
    Point,
    /// Lines: every ring is one line string, and a part of its own.
    Line,
    /// Polygons: a part is a shell followed by its holes.
    Polygon,
}

impl Kind {
    /// Returns the topological dimension: 0, 1 or 2.
    pub fn dimension(self) -> u8 {
        match self {
            Kind::Point => 0,
            Kind::Line => 1,
            Kind::Polygon => 2,
        }
    }
}

/// An axis-parallel box; empty when `min.x > max.x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// Lower left corner.
    pub min: Coord,
    /// Upper right corner.
    pub max: Coord,
}

impl BoundingBox {
    /// The box that holds nothing.
    pub const EMPTY: BoundingBox = BoundingBox {
        min: Coord { x: f64::INFINITY, y: f64::INFINITY },
        max: Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY },
    };

    /// Returns the smallest box around `coords`.
    pub fn around<'a>(coords: impl IntoIterator<Item = &'a Coord>) -> Self {
        // One instruction each, unlike `f64::min`; what is no number is left out as there.
        let lesser = |one: f64, other: f64| if other < one { other } else { one };
        let greater = |one: f64, other: f64| if other > one { other } else { one };
        let mut found = Self::EMPTY;
        for coord in coords {
            found.min = Coord { x: lesser(found.min.x, coord.x), y: lesser(found.min.y, coord.y) };
            found.max = Coord { x: greater(found.max.x, coord.x), y: greater(found.max.y, coord.y) };
        }
        found
    }

    /// Tells whether the box holds nothing.
    pub fn is_empty(&self) -> bool {
        self.min.x > self.max.x || self.min.y > self.max.y
    }

    /// Tells whether the two boxes share at least a point.
    pub fn intersects(&self, other: &Self) -> bool {
        self.min.x <= other.max.x && other.min.x <= self.max.x && self.min.y <= other.max.y && other.min.y <= self.max.y
    }

    /// Tells whether the other box lies in this one.
    pub fn covers(&self, other: &Self) -> bool {
        self.common(other) == *other
    }

    /// Returns the point in the middle of the box.
    pub fn middle(&self) -> Coord {
        (self.min + self.max) * 0.5
    }

    /// Tells whether no area fits into the box.
    pub(super) fn is_flat(&self) -> bool {
        self.min.x >= self.max.x || self.min.y >= self.max.y
    }

    /// Returns the smallest box around both.
    pub fn merged(&self, other: &Self) -> Self {
        BoundingBox {
            min: Coord { x: self.min.x.min(other.min.x), y: self.min.y.min(other.min.y) },
            max: Coord { x: self.max.x.max(other.max.x), y: self.max.y.max(other.max.y) },
        }
    }

    /// Returns the common part; empty where there is none.
    pub fn common(&self, other: &Self) -> Self {
        BoundingBox {
            min: Coord { x: self.min.x.max(other.min.x), y: self.min.y.max(other.min.y) },
            max: Coord { x: self.max.x.min(other.max.x), y: self.max.y.min(other.max.y) },
        }
    }

    /// Returns the box grown by `margin` (metres) on every side.
    pub fn grown(&self, margin: f64) -> Self {
        BoundingBox {
            min: Coord { x: self.min.x - margin, y: self.min.y - margin },
            max: Coord { x: self.max.x + margin, y: self.max.y + margin },
        }
    }
}

/// One shape that owns its coordinates.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub(super) kind: Kind,
    pub(super) coords: Vec<Coord>,
    /// End of each ring in `coords`.
    pub(super) ring_ends: Vec<u32>,
    /// End of each part in `ring_ends`.
    pub(super) part_ends: Vec<u32>,
}

impl Shape {
    /// Returns a shape of `kind` without parts.
    pub fn empty(kind: Kind) -> Self {
        Shape { kind, coords: Vec::new(), ring_ends: Vec::new(), part_ends: Vec::new() }
    }

    /// Returns a polygon of one ring around the box, counter-clockwise.
    pub fn rectangle(bounds: &BoundingBox) -> Self {
        let (a, b) = (bounds.min, bounds.max);
        let mut shape = Shape::empty(Kind::Polygon);
        shape.push_ring([a, Coord { x: b.x, y: a.y }, b, Coord { x: a.x, y: b.y }, a]);
        shape.end_part();
        shape
    }

    /// Appends a ring to the part that is being built; [`Shape::end_part`] closes the part.
    pub fn push_ring(&mut self, coords: impl IntoIterator<Item = Coord>) {
        self.coords.extend(coords);
        self.ring_ends.push(self.coords.len() as u32);
    }

    /// Appends a coordinate to the ring that is being built; [`Shape::end_ring`] closes the ring.
    #[inline]
    pub(super) fn push_coord(&mut self, coord: Coord) {
        self.coords.push(coord);
    }

    /// Appends coordinates to the ring that is being built; [`Shape::end_ring`] closes the ring.
    pub(super) fn extend_coords(&mut self, coords: impl IntoIterator<Item = Coord>) {
        self.coords.extend(coords);
    }

    /// Closes the ring made of the coordinates pushed since the last ring.
    pub(super) fn end_ring(&mut self) {
        self.ring_ends.push(self.coords.len() as u32);
    }

    /// Says what the shape is made of.
    pub(super) fn set_kind(&mut self, kind: Kind) {
        self.kind = kind;
    }

    /// Drops every part, keeping the memory; the shape will be of `kind`.
    pub(super) fn reset(&mut self, kind: Kind) {
        self.kind = kind;
        self.coords.clear();
        self.ring_ends.clear();
        self.part_ends.clear();
    }

    /// Closes the part made of the rings pushed since the last part; does nothing if there are none.
    pub fn end_part(&mut self) {
        let rings = self.ring_ends.len() as u32;
        if self.part_ends.last().copied().unwrap_or(0) < rings {
            self.part_ends.push(rings);
        }
    }

    /// Appends every part of `other`, which must be of the same kind.
    pub fn append(&mut self, other: ShapeRef<'_>) {
        for part in other.parts() {
            for ring in part.rings() {
                self.push_ring(ring.iter().copied());
            }
            self.end_part();
        }
    }

    /// Turns rings of polygons so that shells run counter-clockwise and holes clockwise; a ring that encloses nothing stays.
    pub fn direct_rings(&mut self) {
        if self.kind != Kind::Polygon {
            return;
        }
        let (mut from, mut ring) = (0, 0);
        for &end in &self.part_ends {
            let shell = ring;
            for &to in &self.ring_ends[ring as usize..end as usize] {
                let coords = &mut self.coords[from..to as usize];
                let area = signed_area(coords);
                if (ring == shell && area < 0.0) || (ring != shell && area > 0.0) {
                    coords.reverse();
                }
                (from, ring) = (to as usize, ring + 1);
            }
        }
    }

    /// Turns a ring, by its number, to run the other way.
    pub(super) fn reverse_ring(&mut self, ring: usize) {
        let from = if ring == 0 { 0 } else { self.ring_ends[ring - 1] };
        self.coords[from as usize..self.ring_ends[ring] as usize].reverse();
    }

    /// Returns the shape as a borrowed view.
    pub fn view(&self) -> ShapeRef<'_> {
        ShapeRef {
            kind: self.kind,
            coords: &self.coords,
            coord_base: 0,
            ring_ends: &self.ring_ends,
            ring_base: 0,
            part_ends: &self.part_ends,
        }
    }

    /// Returns what the shape is made of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Tells whether there is no part.
    pub fn is_empty(&self) -> bool {
        self.part_ends.is_empty()
    }

    /// Returns the coordinates, to be moved or projected in place; rings stay as they are.
    pub fn coords_mut(&mut self) -> &mut [Coord] {
        &mut self.coords
    }
}

/// A borrowed shape: of a [`Shape`], of one feature of a [`Store`], or of one part of either.
#[derive(Debug, Clone, Copy)]
pub struct ShapeRef<'a> {
    pub(super) kind: Kind,
    pub(super) coords: &'a [Coord],
    pub(super) coord_base: u32,
    pub(super) ring_ends: &'a [u32],
    pub(super) ring_base: u32,
    pub(super) part_ends: &'a [u32],
}

impl<'a> ShapeRef<'a> {
    /// Returns what the shape is made of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Tells whether there is no part.
    pub fn is_empty(&self) -> bool {
        self.part_ends.is_empty()
    }

    /// Returns all coordinates, ring after ring.
    pub fn coords(&self) -> &'a [Coord] {
        self.coords
    }

    /// Returns the box around the shape.
    pub fn bounds(&self) -> BoundingBox {
        BoundingBox::around(self.coords)
    }

    /// Returns the rings of all parts in order.
    pub fn rings(&self) -> impl ExactSizeIterator<Item = &'a [Coord]> + Clone + use<'a> {
        let (coords, base, ends) = (self.coords, self.coord_base, self.ring_ends);
        (0..ends.len()).map(move |index| {
            let start = if index == 0 { base } else { ends[index - 1] };
            &coords[(start - base) as usize..(ends[index] - base) as usize]
        })
    }

    /// Returns the parts, each a shape of its own (for a polygon: one shell and its holes).
    pub fn parts(&self) -> impl ExactSizeIterator<Item = ShapeRef<'a>> + Clone + use<'a> {
        let whole = *self;
        (0..whole.part_ends.len()).map(move |index| {
            let first = if index == 0 { whole.ring_base } else { whole.part_ends[index - 1] };
            let last = whole.part_ends[index];
            let (from, to) = ((first - whole.ring_base) as usize, (last - whole.ring_base) as usize);
            let coord_base = if from == 0 { whole.coord_base } else { whole.ring_ends[from - 1] };
            let coord_end = if to == 0 { coord_base } else { whole.ring_ends[to - 1] };
            ShapeRef {
                kind: whole.kind,
                coords: &whole.coords
                    [(coord_base - whole.coord_base) as usize..(coord_end - whole.coord_base) as usize],
                coord_base,
                ring_ends: &whole.ring_ends[from..to],
                ring_base: first,
                part_ends: &whole.part_ends[index..=index],
            }
        })
    }

    /// Returns a shape with coordinates of its own.
    pub fn to_shape(&self) -> Shape {
        Shape {
            kind: self.kind,
            coords: self.coords.to_vec(),
            ring_ends: self.ring_ends.iter().map(|end| end - self.coord_base).collect(),
            part_ends: self.part_ends.iter().map(|end| end - self.ring_base).collect(),
        }
    }
}
