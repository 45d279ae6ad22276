//! Shapes as they were read.

use crate::geometry::{BoundingBox, Coord, Kind, Shape, ShapeRef};

/// Rings as they were read: unchecked, in any direction, closed or not.
///
/// Flat, as a [`Shape`] is, and reusable: a reader fills one again and again, coordinate by coordinate.
#[derive(Debug, Clone, PartialEq)]
pub struct RawShape(Shape);

impl RawShape {
    /// Returns a shape of `kind` without parts.
    pub fn new(kind: Kind) -> Self {
        RawShape(Shape::empty(kind))
    }

    /// Returns the rings of a shape, as such of another kind if need be: a store does not tell the kinds of its features apart.
    pub fn of(kind: Kind, shape: ShapeRef<'_>) -> Self {
        let mut raw = shape.to_shape();
        raw.set_kind(kind);
        RawShape(raw)
    }

    /// Returns points.
    pub fn points(points: impl IntoIterator<Item = Coord>) -> Self {
        let mut raw = RawShape::new(Kind::Point);
        points.into_iter().for_each(|point| raw.push_point(point));
        raw
    }

    /// Returns lines.
    pub fn lines<L: IntoIterator<Item = Coord>>(lines: impl IntoIterator<Item = L>) -> Self {
        let mut raw = RawShape::new(Kind::Line);
        for line in lines {
            raw.0.push_ring(line);
            raw.0.end_part();
        }
        raw
    }

    /// Returns polygons, each a shell and its holes.
    pub fn polygons<R: IntoIterator<Item = Coord>, P: IntoIterator<Item = R>>(
        polygons: impl IntoIterator<Item = P>,
    ) -> Self {
        let mut raw = RawShape::new(Kind::Polygon);
        for rings in polygons {
            rings.into_iter().for_each(|ring| raw.0.push_ring(ring));
            raw.0.end_part();
        }
        raw
    }

    /// Empties the shape, keeping its memory; it will be of `kind`.
    pub fn reset(&mut self, kind: Kind) {
        self.0.reset(kind);
    }

    /// Appends a coordinate to the ring or line that is being built.
    #[inline]
    pub fn push(&mut self, coord: Coord) {
        self.0.push_coord(coord);
    }

    /// Appends coordinates to the ring or line that is being built.
    pub fn extend(&mut self, coords: impl IntoIterator<Item = Coord>) {
        self.0.extend_coords(coords);
    }

    /// Closes the ring or line made of the coordinates pushed since the last, even if there are none.
    pub fn end_ring(&mut self) {
        self.0.end_ring();
    }

    /// Closes the part made of the rings since the last part: a polygon with its holes, or a line; does nothing if there are none.
    pub fn end_part(&mut self) {
        self.0.end_part();
    }

    /// Appends a point, which is a ring and a part of its own.
    pub fn push_point(&mut self, point: Coord) {
        self.push(point);
        self.end_ring();
        self.end_part();
    }

    /// Returns what the shape is to be made of.
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// Tells whether there is no coordinate at all.
    pub fn is_void(&self) -> bool {
        self.0.view().coords().is_empty()
    }

    /// Returns the box around the coordinates; `None` if one is not finite or there are none.
    pub fn bounds(&self) -> Option<BoundingBox> {
        let area = self.0.view().bounds();
        let finite = self.0.view().coords().iter().all(|coord| coord.x.is_finite() && coord.y.is_finite());
        (finite && !area.is_empty()).then_some(area)
    }

    /// Exchanges x and y.
    pub fn swap_axes(&mut self) {
        self.0.coords_mut().iter_mut().for_each(|coord| std::mem::swap(&mut coord.x, &mut coord.y));
    }

    /// Returns the coordinates and how they are divided.
    pub fn view(&self) -> ShapeRef<'_> {
        self.0.view()
    }
}

impl From<ShapeRef<'_>> for RawShape {
    fn from(shape: ShapeRef<'_>) -> Self {
        RawShape(shape.to_shape())
    }
}
