//! One expression on one set of bindings, in three-valued logic.
//!
//! Never fails: a program that was checked gives a value, or says what is unknown.

mod aggregate;
mod arithmetic;
mod compare;
mod space;

use std::cell::RefCell;
use std::sync::Arc;

pub(super) use aggregate::{extreme, mean, total};
pub(super) use arithmetic::{apply, days_from, number_of};
pub(super) use compare::{equal, normal};
pub(super) use space::{Member, dissolve, interfere, relate};

use super::finding::Missing;
use super::frame::Frame;
use super::functions;
use super::phrase::phrase;
use super::truth;
use super::value::{Evaluated, Filter, Gap, Many, Reasons, Region, Selection, ShapeOf, Tri};
use super::world::{World, address};
use crate::model::{CodeRef, FieldId, GeometryState, ItemRef, SUBMISSION, Truth, Value};
use crate::sema::program::{Expr, ExprKind, Members, Property};

/// What was joined for one subject, by the numbers of the plan.
#[derive(Default)]
pub(super) struct Cache<'a> {
    pub(super) pieces: RefCell<Vec<Option<Evaluated<'a>>>>,
    pub(super) matches: RefCell<Vec<Option<Arc<Many<'a>>>>>,
}

impl Cache<'_> {
    pub(super) fn new(joins: usize) -> Self {
        Cache { pieces: RefCell::new(vec![None; joins]), matches: RefCell::new(vec![None; joins]) }
    }
}

/// Evaluates expressions; what was joined for the subject at hand is kept in the cache.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'e, 'a> {
    pub(super) world: &'e World<'a>,
    pub(super) cache: Option<&'e Cache<'a>>,
    /// Whether indexes may be used: not while one is made.
    pub(super) shortcuts: bool,
}

impl<'e, 'a> Evaluator<'e, 'a> {
    /// Returns an evaluator without a subject.
    pub(super) fn new(world: &'e World<'a>) -> Self {
        Evaluator { world, cache: None, shortcuts: world.shortcuts }
    }

    /// Returns the same evaluator for other bindings than those the cache was filled for.
    pub(super) fn without_cache(self) -> Self {
        Evaluator { cache: None, ..self }
    }

    /// Returns the number of the join that an expression or a binding's collection is, if there is a cache for it.
    pub(super) fn join_of(&self, expr: &Expr) -> Option<usize> {
        let _cache = self.cache?;
        self.world.joins.get(&address(expr)).map(|join| *join as usize)
    }

    /// Evaluates an expression.
    pub(super) fn eval(&self, expr: &'a Expr, frame: &mut Frame<'a>) -> Evaluated<'a> {
        match &expr.kind {
            ExprKind::Constant(value) => self.constant(value, expr),
            ExprKind::Variable(slot) => match frame.get(*slot) {
                Some(value) => value.clone(),
                None => match frame.let_at(*slot) {
                    Some(one) => {
                        let value = self.eval(&one.value, frame);
                        if self.world.shortcuts {
                            frame.set(*slot, value.clone());
                        }
                        value
                    }
                    None => self.misfit(expr, frame),
                },
            },
            ExprKind::Param(number) => match self.world.program.params.get(*number as usize) {
                Some(param) => self.constant(&param.value, expr),
                None => self.misfit(expr, frame),
            },
            ExprKind::Class(class) => Evaluated::Selection(Arc::new(Selection { class: *class, filters: Vec::new() })),
            ExprKind::Submission => match self.world.submission() {
                Some(item) => Evaluated::Item(item),
                None => Evaluated::missing(Missing::Class(SUBMISSION)),
            },
            ExprKind::Set(members) => Evaluated::Set(members),
            ExprKind::Codes(list, level) => Evaluated::Codes(*list, *level),
            ExprKind::Values(of) => Evaluated::Values(*of),
            ExprKind::Filter { over, slot, condition } => {
                let filter = Filter { condition, slot: *slot, frame: Arc::new(frame.clone()) };
                self.filter(self.eval(over, frame), filter)
            }
            ExprKind::Field(base, field) => self.field_of(base, *field, frame),
            ExprKind::Geometry(base) => match self.eval(base, frame) {
                Evaluated::Item(item) => self.shape_of(item),
                Evaluated::Piece(piece) => Evaluated::shape(piece.to_shape()),
                other => behind(other).unwrap_or_else(|| self.misfit(expr, frame)),
            },
            ExprKind::Property(base, property) => self.property(expr, base, *property, frame),
            ExprKind::List(elements) => {
                Evaluated::List(elements.iter().map(|element| self.eval(element, frame)).collect())
            }
            ExprKind::Negate(operand) => arithmetic::negate(self.eval(operand, frame)),
            ExprKind::Not(operand) => truth::not(self.truth(operand, frame)).into(),
            ExprKind::And(all) => truth::all(all.iter().map(|one| self.truth(one, frame))).into(),
            ExprKind::Or(all) => truth::any(all.iter().map(|one| self.truth(one, frame))).into(),
            ExprKind::Compare(order, left, right) => {
                let (one, other) = (self.eval(left, frame), self.eval(right, frame));
                self.compare(*order, &one, &other, expr, frame).into()
            }
            ExprKind::In(item, of) => {
                let (item, of) = (self.eval(item, frame), self.eval(of, frame));
                self.is_in(&item, &of, expr, frame).into()
            }
            ExprKind::Has(list, item) => {
                let (list, item) = (self.eval(list, frame), self.eval(item, frame));
                let many = self.iterate(&list);
                let found = many.items.iter().map(|(one, doubt)| {
                    truth::and(truth::doubted(doubt.as_ref()), self.equal(one, &item, expr, frame))
                });
                let found = truth::any(found);
                truth::or(found, many.more.map_or(Truth::False, Truth::Unknown)).into()
            }
            ExprKind::CodeCovers(ancestor, code) => {
                let (ancestor, code) = (self.eval(ancestor, frame), self.eval(code, frame));
                self.is_in(&code, &ancestor, expr, frame).into()
            }
            ExprKind::RangeOverlaps(one, other) => {
                let (one, other) = (self.eval(one, frame), self.eval(other, frame));
                self.ranges_overlap(&one, &other, expr, frame).into()
            }
            ExprKind::Spatial(predicate, left, right) => {
                let (left, right) = (self.eval(left, frame), self.eval(right, frame));
                self.spatial(*predicate, &left, &right).into()
            }
            ExprKind::WithinDistance { left, distance, right } => {
                let limit = self.eval(distance, frame);
                let (left, right) = (self.eval(left, frame), self.eval(right, frame));
                self.within_distance(&left, &limit, &right, expr, frame).into()
            }
            ExprKind::IsPresent(operand) => match self.eval(operand, frame) {
                Evaluated::Absent(_) => Evaluated::Bool(false),
                // What could not be read is there.
                Evaluated::Unknown(reasons) => match unreadable(operand, &reasons) {
                    true => Evaluated::Bool(true),
                    false => Evaluated::Unknown(reasons),
                },
                _ => Evaluated::Bool(true),
            },
            ExprKind::IsEmpty(operand) => self.is_empty(&self.eval(operand, frame)).into(),
            ExprKind::Range(low, high) => {
                let mut end = |end: &'a Option<Box<Expr>>| end.as_ref().map(|end| self.eval(end, frame));
                let ends = (end(low), end(high));
                Evaluated::Range(Arc::new(ends))
            }
            ExprKind::Arithmetic(operator, left, right) => {
                let (one, other) = (self.eval(left, frame), self.eval(right, frame));
                arithmetic::apply(*operator, &one, &other, &|| phrase(self.world.program, expr, Some(frame)))
                    .unwrap_or_else(|| self.misfit(expr, frame))
            }
            ExprKind::DateShift { date, by, back } => {
                let (date, by) = (self.eval(date, frame), self.eval(by, frame));
                arithmetic::shift_date(&date, &by, *back, &|| phrase(self.world.program, expr, Some(frame)))
                    .unwrap_or_else(|| self.misfit(expr, frame))
            }
            ExprKind::DateDifference(left, right) => {
                let (one, other) = (self.eval(left, frame), self.eval(right, frame));
                arithmetic::days_from(&other, &one).unwrap_or_else(|| self.misfit(expr, frame))
            }
            ExprKind::DurationSum { left, right, minus } => {
                let (one, other) = (self.eval(left, frame), self.eval(right, frame));
                arithmetic::add_durations(&one, &other, *minus, &|| phrase(self.world.program, expr, Some(frame)))
                    .unwrap_or_else(|| self.misfit(expr, frame))
            }
            ExprKind::Intersection(left, right) => self.joined_pieces(expr, left, right, frame),
            ExprKind::Without(left, right) => {
                let (left, right) = (self.eval(left, frame), self.eval(right, frame));
                self.subtract(&left, &right)
            }
            ExprKind::Call(function, arguments) => functions::call(self, *function, arguments, expr, frame),
            ExprKind::CallDefine(number, arguments) => match self.world.program.defines.get(*number as usize) {
                Some(define) => {
                    let arguments: Vec<_> = arguments.iter().map(|argument| self.eval(argument, frame)).collect();
                    self.without_cache().eval(&define.body, &mut Frame::of_arguments(define.frame, arguments))
                }
                None => self.misfit(expr, frame),
            },
            ExprKind::Aggregate { kind, bindings, element } => self.aggregate(*kind, bindings, element, expr, frame),
            ExprKind::Quantifier { kind, binding, condition } => self.quantify(*kind, binding, condition, frame).into(),
        }
    }

    /// Evaluates a condition.
    pub(super) fn truth(&self, expr: &'a Expr, frame: &mut Frame<'a>) -> Tri {
        match self.eval(expr, frame) {
            Evaluated::Bool(value) => truth::of(value),
            other => Truth::Unknown(match other.unknown() {
                Some(reasons) => reasons,
                None => self.no_value(expr, frame),
            }),
        }
    }

    /// Returns what stands for a value that a checked program cannot have.
    pub(super) fn misfit(&self, expr: &'a Expr, frame: &Frame<'a>) -> Evaluated<'a> {
        Evaluated::Unknown(self.no_value(expr, frame))
    }

    pub(super) fn no_value(&self, expr: &'a Expr, frame: &Frame<'a>) -> Reasons {
        Reasons::one(Missing::NoMatch(phrase(self.world.program, expr, Some(frame))))
    }

    fn constant(&self, value: &'a Value, expr: &Expr) -> Evaluated<'a> {
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

    fn field_of(&self, base: &'a Expr, field: FieldId, frame: &mut Frame<'a>) -> Evaluated<'a> {
        // The day and place of the run hold even where the data have no record of the submission.
        if matches!(base.kind, ExprKind::Submission)
            && let Some(value) = self.submission_field(field)
        {
            return value;
        }
        match self.eval(base, frame) {
            Evaluated::Item(item) => self.field(item, field),
            other => behind(other).unwrap_or_else(|| self.misfit(base, frame)),
        }
    }

    fn submission_field(&self, field: FieldId) -> Option<Evaluated<'a>> {
        let settings = self.world.settings;
        if Some(field) == self.world.as_of {
            return settings.as_of.map(Evaluated::Date);
        }
        if Some(field) == self.world.region {
            let code = |entry| CodeRef { list: crate::model::CodesId::REGION, entry };
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
        let value = self.world.data.value(item, field);
        let hole = || match value {
            Value::Unreadable(_) => Missing::Unreadable(item, field),
            Value::Missing => Missing::Field(item, field),
            _ => Missing::Dangling(item, field),
        };
        match value {
            Value::Missing => match self.computed(item, field) {
                Some(value) => value,
                None => Evaluated::Absent(hole()),
            },
            value => self.convert(value, &hole),
        }
    }

    /// Evaluates a field that the data leave out and the schema computes.
    pub(super) fn computed(&self, item: ItemRef, field: FieldId) -> Option<Evaluated<'a>> {
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
    pub(super) fn shape_of(&self, item: ItemRef) -> Evaluated<'a> {
        let class = self.world.program.schema.class(item.class);
        let items = self.world.data.items(item.class);
        if class.is_layer() {
            match items.geometry_state(item.index) {
                GeometryState::Valid => {
                    let bounds = *items.store().bounds(item.index as usize);
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
    pub(super) fn region_of(&self, item: ItemRef) -> Region<'a> {
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
    fn bounds_of_reasons(&self, reasons: Option<&Reasons>) -> Option<crate::geometry::BoundingBox> {
        let mut all = crate::geometry::BoundingBox::EMPTY;
        for reason in reasons?.iter() {
            let Missing::Geometry(item) = reason else { return None };
            match self.world.data.items(item.class).geometry_state(item.index) {
                GeometryState::Invalid(bounds) => all = all.merged(&bounds),
                GeometryState::Valid | GeometryState::Missing => return None,
            }
        }
        (!all.is_empty()).then_some(all)
    }

    fn filter(&self, over: Evaluated<'a>, filter: Filter<'a>) -> Evaluated<'a> {
        match over {
            Evaluated::Selection(selection) => {
                let mut selection = Selection::clone(&selection);
                selection.filters.push(filter);
                Evaluated::Selection(Arc::new(selection))
            }
            Evaluated::List(items) => {
                let mut kept = Vec::new();
                for item in items.iter() {
                    match self.condition(filter.condition, filter.slot, item, &mut Frame::clone(&filter.frame)) {
                        Truth::True => kept.push(item.clone()),
                        Truth::False => {}
                        // One that may or may not belong leaves its place unknown.
                        Truth::Unknown(reasons) => kept.push(Evaluated::Unknown(reasons)),
                    }
                }
                Evaluated::List(kept.into())
            }
            other => other,
        }
    }

    /// Returns whether a condition holds for one thing that a variable runs over.
    pub(super) fn condition(
        &self,
        condition: &'a Expr,
        slot: crate::sema::program::Slot,
        value: &Evaluated<'a>,
        frame: &mut Frame<'a>,
    ) -> Tri {
        let mask = match value {
            Evaluated::Item(item) => self.world.mask_of(condition, item.class, item.index),
            _ => None,
        };
        frame.set(slot, value.clone());
        match mask {
            Some(mask) => mask.get_or_init(|| self.truth(condition, frame)).clone(),
            None => self.truth(condition, frame),
        }
    }

    /// Returns whether an item belongs to a selection.
    pub(super) fn admits(&self, selection: &Selection<'a>, item: ItemRef) -> Tri {
        truth::all(selection.filters.iter().map(|filter| {
            let value = Evaluated::Item(item);
            if let Some(known) =
                self.world.mask_of(filter.condition, item.class, item.index).and_then(|mask| mask.get())
            {
                return known.clone();
            }
            self.condition(filter.condition, filter.slot, &value, &mut Frame::clone(&filter.frame))
        }))
    }

    /// Returns the things that a variable over this value stands for.
    pub(super) fn iterate(&self, over: &Evaluated<'a>) -> Many<'a> {
        match over {
            Evaluated::Unknown(_) | Evaluated::Absent(_) => Many::unknown(over.unknown().unwrap_or_default()),
            Evaluated::Dangling(missing) => Many::unknown(Reasons::one(missing.clone())),
            Evaluated::List(items) => {
                let mut many = Many::default();
                for item in items.iter() {
                    match item.unknown() {
                        Some(reasons) => many.more = Reasons::join(many.more, Some(reasons)),
                        None => many.items.push((item.clone(), None)),
                    }
                }
                many
            }
            Evaluated::Selection(selection) => {
                let items = self.world.data.items(selection.class);
                if !items.supplied && items.is_empty() {
                    return Many::unknown(Reasons::one(Missing::Class(selection.class)));
                }
                let mut many = Many::default();
                for index in 0..items.len() as u32 {
                    let item = ItemRef { class: selection.class, index };
                    match self.admits(selection, item) {
                        Truth::True => many.items.push((Evaluated::Item(item), None)),
                        Truth::False => {}
                        Truth::Unknown(reasons) => many.items.push((Evaluated::Item(item), Some(reasons))),
                    }
                }
                many
            }
            Evaluated::Set(Members::Codes { include, .. }) => Many::known(
                include.iter().filter(|code| self.in_members(code)(over)).map(|code| Evaluated::Code(*code)),
            ),
            Evaluated::Set(Members::Values { of, include }) => {
                Many::known(include.iter().map(|value| Evaluated::Enum(*of, *value)))
            }
            Evaluated::Codes(list, level) => {
                let entries = self.world.program.schema.code_list(*list).entries.iter().enumerate();
                let wanted = entries.filter(|(_, entry)| level.is_none_or(|level| entry.level == level));
                Many::known(wanted.map(|(at, _)| Evaluated::Code(CodeRef { list: *list, entry: at as u32 })))
            }
            Evaluated::Values(of) => {
                let count = self.world.program.schema.enumeration(*of).values.len() as u16;
                Many::known((0..count).map(|value| Evaluated::Enum(*of, value)))
            }
            Evaluated::Pieces(pieces) => Many {
                items: pieces.list.iter().map(|piece| (Evaluated::Piece(Arc::clone(piece)), None)).collect(),
                more: pieces.doubt(),
            },
            Evaluated::Bool(_)
            | Evaluated::Number(_)
            | Evaluated::Measure(_)
            | Evaluated::Text(_)
            | Evaluated::Date(_)
            | Evaluated::Duration(_)
            | Evaluated::Code(_)
            | Evaluated::Enum(..)
            | Evaluated::Range(_)
            | Evaluated::Item(_)
            | Evaluated::Region(_)
            | Evaluated::Piece(_) => Many::known([over.clone()]),
        }
    }

    fn in_members<'s>(&'s self, code: &'s CodeRef) -> impl Fn(&Evaluated<'a>) -> bool + 's {
        move |set| match set {
            Evaluated::Set(members) => self.set_holds(members, *code),
            _ => false,
        }
    }

    fn is_empty(&self, value: &Evaluated<'a>) -> Tri {
        if let Evaluated::Text(text) = value {
            return truth::of(text.trim().is_empty());
        }
        if let Evaluated::Region(region) = value {
            let doubt = region.doubt().map_or(Truth::True, Truth::Unknown);
            return truth::and(truth::of(region.shape.view().is_empty()), doubt);
        }
        let many = self.iterate(value);
        let there = many.items.iter().map(|(_, doubt)| truth::doubted(doubt.as_ref()));
        let there = truth::any(there);
        truth::not(truth::or(there, many.more.map_or(Truth::False, Truth::Unknown)))
    }

    fn property(&self, expr: &'a Expr, base: &'a Expr, property: Property, frame: &mut Frame<'a>) -> Evaluated<'a> {
        let value = self.eval(base, frame);
        let method = &self.world.settings.method;
        match (property, &value) {
            (Property::Feature, Evaluated::Piece(piece)) => match piece.feature {
                Some(item) => Evaluated::Item(item),
                None => self.misfit(expr, frame),
            },
            (Property::Shape, Evaluated::Piece(piece)) => Evaluated::shape(piece.to_shape()),
            (Property::Area, Evaluated::Piece(piece)) => Evaluated::Measure(piece.area(method).into()),
            (Property::Length, Evaluated::Piece(piece)) => {
                Evaluated::Measure(crate::geometry::measure::length(piece.shape(), method).into())
            }
            (Property::Low, Evaluated::Range(ends)) => {
                ends.0.clone().unwrap_or_else(|| Evaluated::Absent(self.open_end(expr, frame)))
            }
            (Property::High, Evaluated::Range(ends)) => {
                ends.1.clone().unwrap_or_else(|| Evaluated::Absent(self.open_end(expr, frame)))
            }
            (Property::Shape, _) => match behind(value.clone()) {
                Some(unknown) => unknown,
                None => self.as_geometry(value),
            },
            (Property::Area, _) => behind(value.clone()).unwrap_or_else(|| self.area(&value)),
            (Property::Length, _) => behind(value.clone()).unwrap_or_else(|| self.length(&value)),
            (Property::Feature | Property::Low | Property::High, _) => {
                behind(value).unwrap_or_else(|| self.misfit(expr, frame))
            }
        }
    }

    fn open_end(&self, expr: &Expr, frame: &Frame<'a>) -> Missing {
        Missing::NoMatch(phrase(self.world.program, expr, Some(frame)))
    }

    /// Returns the gaps and shape of anything that has ground.
    pub(super) fn gap_of(reasons: Reasons) -> Gap {
        Gap { bounds: None, reasons }
    }
}

/// Returns what lies behind something unknown, or a reference to nothing: unknown. `None` for what is known.
fn behind(value: Evaluated<'_>) -> Option<Evaluated<'_>> {
    match value {
        Evaluated::Dangling(missing) => Some(Evaluated::missing(missing)),
        value => value.unknown().map(Evaluated::Unknown),
    }
}

/// Tells whether an expression is a field whose own value cannot be read.
fn unreadable(expr: &Expr, reasons: &Reasons) -> bool {
    let ExprKind::Field(_, field) = &expr.kind else { return false };
    let mut reasons = reasons.iter();
    matches!((reasons.next(), reasons.next()), (Some(Missing::Unreadable(_, of)), None) if of == field)
}
