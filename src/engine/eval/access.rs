//! What the data say: fields, computed fields and shapes of items.

use std::sync::Arc;

use super::Evaluator;
use crate::engine::finding::Missing;
use crate::engine::frame::Frame;
use crate::engine::phrase::phrase;
use crate::engine::value::{Evaluated, Reasons, Region, ShapeOf};
use crate::geometry::BoundingBox;
use crate::model::{CodeRef, CodesId, FieldId, GeometryState, ItemRef, SUBMISSION, Value};
use crate::sema::program::{Expr, ExprKind};

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn constant(&self, value: &'a Value, expr: &Expr) -> Evaluated<'a> {
        let none = || Missing::NoMatch(phrase(self.world.program, expr, None));
        self.convert(value, &none)
    }

    /// Converts a value of the data; `hole` says why it is unknown if it is.
    fn convert(&self, value: &Value, hole: &dyn Fn() -> Missing) -> Evaluated<'a> {
        match value {
            Value::Missing => Evaluated::Absent(hole()),
            Value::Unreadable(_) => Evaluated::missing(hole()),
            Value::Bool(value) => Evaluated::Bool(*value),
            Value::Number(value) => Evaluated::Number(*value),
            Value::Text(value) => Evaluated::Text(Arc::clone(value)),
            Value::Date(value) => Evaluated::Date(*value),
            Value::Duration(value) => Evaluated::Duration(*value),
            Value::Code(value) => Evaluated::Code(*value),
            Value::Enum(of, value) => Evaluated::Enum(*of, *value),
            Value::Range(ends) => {
                let end = |end: &Value| match end {
                    Value::Missing => None,
                    _ => Some(self.convert(end, hole)),
                };
                Evaluated::Range(Arc::new((end(&ends.0), end(&ends.1))))
            }
            Value::List(values) => Evaluated::List(values.iter().map(|value| self.convert(value, hole)).collect()),
            Value::Item(item) => Evaluated::Item(*item),
            Value::Dangling(_) => Evaluated::Dangling(hole()),
            Value::Geometry(shape) => Evaluated::shape(ShapeOf::Owned(Arc::clone(shape))),
        }
    }

    pub(super) fn field_of(&self, base: &'a Expr, field: FieldId, frame: &mut Frame<'a>) -> Evaluated<'a> {
        // The day and place of the run hold even where the data have no record of the submission.
        if matches!(base.kind, ExprKind::Submission)
            && let Some(value) = self.submission_field(field)
        {
            return value;
        }
        match self.eval(base, frame) {
            Evaluated::Item(item) => self.field(item, field),
            other => super::behind(other).unwrap_or_else(|| self.misfit(base, frame)),
        }
    }

    /// Returns the value of a field of what a value refers to.
    pub(super) fn field_behind(&self, value: Evaluated<'a>, field: FieldId) -> Evaluated<'a> {
        match value {
            Evaluated::Item(item) => self.field(item, field),
            other => super::behind(other).unwrap_or_else(|| Evaluated::Unknown(Reasons::default())),
        }
    }

    fn submission_field(&self, field: FieldId) -> Option<Evaluated<'a>> {
        let settings = self.world.settings;
        if Some(field) == self.world.as_of {
            return settings.as_of.map(Evaluated::Date);
        }
        if Some(field) == self.world.region {
            let code = |entry| CodeRef { list: CodesId::REGION, entry };
            return settings.region.map(|region| Evaluated::Code(code(region)));
        }
        None
    }

    /// Returns the value of a field of an item.
    pub(super) fn field(&self, item: ItemRef, field: FieldId) -> Evaluated<'a> {
        if item.class == SUBMISSION
            && let Some(value) = self.submission_field(field)
        {
            return value;
        }
        if let Some(tried) = self.tried {
            if tried.item == item && self.world.geometry_field(item.class) == Some(field) {
                return Evaluated::shape(ShapeOf::Owned(Arc::clone(&tried.shape)));
            }
            // What was worked out from the shape that was there is worked out again.
            if self.world.data.items(item.class).is_filled(item.index, field)
                && let Some(value) = self.computed(item, field)
            {
                return value;
            }
        }
        // What a layer declares as the geometry of its features is what they come with.
        if self.world.geometry_field(item.class) == Some(field)
            && self.world.program.schema.class(item.class).is_layer()
            && self.world.data.items(item.class).geometry_state(item.index) != GeometryState::Missing
        {
            return self.shape_of(item);
        }
        let value = self.world.data.value(item, field);
        let hole = || match &value {
            Value::Unreadable(_) => Missing::Unreadable(item, field),
            Value::Missing => Missing::Field(item, field),
            _ => Missing::Dangling(item, field),
        };
        match &value {
            Value::Missing => match self.computed(item, field) {
                Some(value) => value,
                None => Evaluated::Absent(hole()),
            },
            value => self.convert(value, &hole),
        }
    }

    /// Evaluates a field that the data leave out and the schema computes.
    pub(in crate::engine) fn computed(&self, item: ItemRef, field: FieldId) -> Option<Evaluated<'a>> {
        let program = self.world.program;
        let computed = program.computed.iter().find(|one| one.class == item.class && one.field == field)?;
        let mut frame = Frame::of_arguments(computed.frame, [Evaluated::Item(item)]);
        let value = self.without_cache().eval(&computed.value, &mut frame);
        let is_geometry = self.world.geometry_field(item.class) == Some(field);
        Some(if is_geometry { self.as_geometry(value) } else { value })
    }

    /// Turns what has a shape into that shape, and leaves the unknown as it is.
    pub(super) fn as_geometry(&self, value: Evaluated<'a>) -> Evaluated<'a> {
        match value {
            Evaluated::Item(item) => self.shape_of(item),
            value if value.unknown().is_some() => value,
            value => Evaluated::Region(Arc::new(self.region(&value, None))),
        }
    }

    /// Returns the shape of an item: a region, or why it is unknown.
    pub(in crate::engine) fn shape_of(&self, item: ItemRef) -> Evaluated<'a> {
        if let Some(tried) = self.tried.filter(|tried| tried.item == item) {
            return Evaluated::shape(ShapeOf::Owned(Arc::clone(&tried.shape)));
        }
        let class = self.world.program.schema.class(item.class);
        let items = self.world.data.items(item.class);
        if class.is_layer() {
            match items.geometry_state(item.index) {
                GeometryState::Valid => {
                    let bounds = items.store().bounds(item.index as usize);
                    return Evaluated::shape(ShapeOf::Borrowed(items.shape(item.index), bounds));
                }
                GeometryState::Invalid(_) => return Evaluated::missing(Missing::Geometry(item)),
                GeometryState::Missing => {}
            }
        }
        match self.world.geometry_field(item.class) {
            Some(field) => self.field(item, field),
            None => Evaluated::Absent(Missing::Geometry(item)),
        }
    }

    /// Returns the shape of an item with its gaps, however much of it is known.
    pub(in crate::engine) fn region_of(&self, item: ItemRef) -> Region<'a> {
        match self.shape_of(item) {
            Evaluated::Region(region) => Region::clone(&region),
            other => {
                let state = match self.world.program.schema.class(item.class).is_layer() {
                    true => self.world.data.items(item.class).geometry_state(item.index),
                    false => GeometryState::Missing,
                };
                let bounds = match state {
                    GeometryState::Invalid(bounds) => Some(bounds),
                    GeometryState::Valid | GeometryState::Missing => self.bounds_of_reasons(other.unknown().as_ref()),
                };
                Region::unknown(bounds, other.unknown().unwrap_or_default())
            }
        }
    }

    /// Returns the box of what is unknown, where every reason is a shape that has one.
    fn bounds_of_reasons(&self, reasons: Option<&Reasons>) -> Option<BoundingBox> {
        let mut all = BoundingBox::EMPTY;
        for reason in reasons?.iter() {
            let Missing::Geometry(item) = reason else { return None };
            match self.world.data.items(item.class).geometry_state(item.index) {
                GeometryState::Invalid(bounds) => all = all.merged(&bounds),
                GeometryState::Valid | GeometryState::Missing => return None,
            }
        }
        (!all.is_empty()).then_some(all)
    }
}
