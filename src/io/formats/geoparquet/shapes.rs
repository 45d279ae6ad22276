//! Shapes of a batch of rows, in well-known binary or as lists of positions.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{
    Array, ArrayRef, BinaryViewArray, FixedSizeBinaryArray, Float64Array, GenericListArray, OffsetSizeTrait,
};
use arrow_schema::DataType;

use super::metadata::Encoding;
use crate::geometry::validity::RawShape;
use crate::geometry::{Coord, Kind};
use crate::io::formats::rings::{push_line, push_ring};
use crate::io::formats::wkb::WkbReader;
use crate::io::formats::{RawGeometry, is_height};

/// The geometry column of one batch.
pub(super) enum Shapes<'b> {
    Wkb(&'b BinaryViewArray),
    /// Well-known binary that has the same length in each row.
    Fixed(&'b FixedSizeBinaryArray),
    Native(Box<Native>),
}

/// Positions, and how they are divided: the outermost lists first.
pub(super) struct Native {
    column: ArrayRef,
    encoding: Encoding,
    lists: Vec<ArrayRef>,
    x: Float64Array,
    y: Float64Array,
    z: Option<Float64Array>,
}

impl<'b> Shapes<'b> {
    /// Returns the column; `None` if it is not what its description says.
    pub(super) fn of(column: &'b ArrayRef, encoding: Encoding) -> Option<Self> {
        let lists = match encoding {
            Encoding::Wkb => {
                let fixed = || column.as_fixed_size_binary_opt().map(Shapes::Fixed);
                return column.as_binary_view_opt().map(Shapes::Wkb).or_else(fixed);
            }
            Encoding::Points => 0,
            // Several points lie in lists as a line does.
            Encoding::Lines(depth) => depth.max(1),
            Encoding::Polygons(depth) => depth,
        };
        let mut inner = column.clone();
        let mut outer = Vec::new();
        for _ in 0..lists {
            let next = match inner.data_type() {
                DataType::List(_) => inner.as_list::<i32>().values().clone(),
                DataType::LargeList(_) => inner.as_list::<i64>().values().clone(),
                _ => return None,
            };
            outer.push(std::mem::replace(&mut inner, next));
        }
        let (x, y, z) = match inner.data_type() {
            DataType::Struct(_) => {
                let both = inner.as_struct_opt()?;
                let number = |name: &str| both.column_by_name(name)?.as_primitive_opt::<Float64Type>().cloned();
                (number("x")?, number("y")?, number("z"))
            }
            _ => return None,
        };
        Some(Shapes::Native(Box::new(Native { column: column.clone(), encoding, lists: outer, x, y, z })))
    }

    /// Reads the shape of a row into `raw`.
    pub(super) fn read(&self, row: usize, wkb: &mut WkbReader, raw: &mut RawShape) -> RawGeometry {
        match self {
            Shapes::Wkb(column) if column.is_valid(row) => wkb.read(column.value(row), raw),
            Shapes::Fixed(column) if column.is_valid(row) => wkb.read(column.value(row), raw),
            Shapes::Wkb(_) | Shapes::Fixed(_) => RawGeometry::None,
            Shapes::Native(native) => native.read(row, raw),
        }
    }

    /// Tells whether the shape of a row has heights, where these do not stand in well-known binary.
    pub(super) fn has_heights(&self, row: usize) -> bool {
        match self {
            Shapes::Wkb(_) | Shapes::Fixed(_) => false,
            Shapes::Native(native) => native.has_heights(row),
        }
    }
}

impl Native {
    fn read(&self, row: usize, raw: &mut RawShape) -> RawGeometry {
        match self.encoding {
            _ if self.column.is_null(row) => return RawGeometry::None,
            Encoding::Wkb | Encoding::Points => {
                raw.reset(Kind::Point);
                self.coord(row).into_iter().for_each(|point| raw.push_point(point));
            }
            Encoding::Lines(0) => {
                raw.reset(Kind::Point);
                self.span(0, row).filter_map(|at| self.coord(at)).for_each(|point| raw.push_point(point));
            }
            Encoding::Lines(depth) => {
                raw.reset(Kind::Line);
                let lines = if depth == 1 { row..row + 1 } else { self.span(0, row) };
                lines.for_each(|line| push_line(raw, &self.line(line)));
            }
            Encoding::Polygons(depth) => {
                raw.reset(Kind::Polygon);
                let polygons = if depth == 2 { row..row + 1 } else { self.span(0, row) };
                for polygon in polygons {
                    for (at, ring) in self.span(depth - 2, polygon).enumerate() {
                        push_ring(raw, &self.line(ring), at == 0);
                    }
                    raw.end_part();
                }
            }
        }
        if raw.is_void() { RawGeometry::None } else { RawGeometry::Shape }
    }

    fn has_heights(&self, row: usize) -> bool {
        let Some(z) = &self.z else { return false };
        let mut members = row..row + 1;
        for depth in 0..self.lists.len() {
            members = self.span(depth, members.start).start..self.span(depth, members.end).start;
        }
        !self.column.is_null(row) && members.filter_map(|at| z.values().get(at)).any(|height| is_height(*height))
    }

    /// Returns the positions of a line or ring, which are the innermost list.
    fn line(&self, at: usize) -> Vec<Coord> {
        self.span(self.lists.len() - 1, at).filter_map(|at| self.coord(at)).collect()
    }

    /// Returns which members a list has.
    fn span(&self, depth: usize, at: usize) -> std::ops::Range<usize> {
        fn of<O: OffsetSizeTrait>(list: &GenericListArray<O>, at: usize) -> std::ops::Range<usize> {
            let offsets = list.value_offsets();
            let offset = |at: usize| offsets.get(at).map_or(0, |offset| offset.as_usize());
            offset(at)..offset(at + 1)
        }
        match self.lists[depth].data_type() {
            DataType::LargeList(_) => of(self.lists[depth].as_list::<i64>(), at),
            _ => of(self.lists[depth].as_list::<i32>(), at),
        }
    }

    /// Returns a position; `None` for one that is nowhere.
    fn coord(&self, at: usize) -> Option<Coord> {
        let coord = Coord { x: *self.x.values().get(at)?, y: *self.y.values().get(at)? };
        (!(coord.x.is_nan() && coord.y.is_nan())).then_some(coord)
    }
}
