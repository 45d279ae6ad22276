//! One expression on one set of bindings, in three-valued logic.
//!
//! Never fails: a program that was checked gives a value, or says what is unknown.

mod access;
mod aggregate;
mod arithmetic;
mod compare;
mod many;
mod pick;
mod relation;
mod space;

use std::cell::{Cell, RefCell};
use std::sync::{Arc, OnceLock};

pub(super) use aggregate::{extreme, mean, total};
pub(super) use arithmetic::{apply, days_from, number_of};
pub(super) use compare::{equal, normal};
pub(super) use relation::{interfere, relate, settle};
pub(super) use space::{Member, dissolved};

use super::finding::Missing;
use super::frame::Frame;
use super::functions;
use super::ground::Overlaps;
use super::meter::Meter;
use super::phrase::phrase;
use super::pieces::Bounds;
use super::truth;
use super::value::{Evaluated, Filter, Gap, Many, Place, Reasons, Selection, Tri};
use super::world::{World, address};
use crate::geometry::Shape;
use crate::geometry::measure::Measure;
use crate::model::{ClassId, ItemRef, SUBMISSION, Truth};
use crate::sema::program::{Expr, ExprKind, Property};

/// What ground of the data, named by its place, shares with the things of a class.
pub(super) type Asked<'a> = ((ClassId, Place), Option<Arc<Overlaps<'a>>>);

/// What was joined for one subject, by the numbers of the plan.
#[derive(Default)]
pub(super) struct Cache<'a> {
    pub(super) pieces: RefCell<Vec<Option<Evaluated<'a>>>>,
    pub(super) matches: RefCell<Vec<Option<Arc<Many<'a>>>>>,
    /// What several joins may ask.
    pub(super) overlaps: RefCell<Vec<Asked<'a>>>,
    /// Nanoseconds that were booked on joins.
    pub(super) joining: Cell<u64>,
}

impl Cache<'_> {
    pub(super) fn new(joins: usize) -> Self {
        Cache {
            pieces: RefCell::new(vec![None; joins]),
            matches: RefCell::new(vec![None; joins]),
            overlaps: RefCell::default(),
            joining: Cell::new(0),
        }
    }
}

/// That areas may be rough, and whether one was.
#[derive(Debug)]
pub(super) struct Rough {
    bounds: Bounds,
    taken: Cell<bool>,
}

impl Rough {
    fn take(&self, area: Option<Measure>) -> Option<Measure> {
        self.taken.set(self.taken.get() || area.is_some());
        area
    }

    /// Evaluates something, and tells whether that took no rough area: only then it may be kept.
    fn noticed<T>(rough: Option<&Rough>, evaluate: impl FnOnce() -> T) -> (T, bool) {
        let Some(rough) = rough else { return (evaluate(), true) };
        let before = rough.taken.replace(false);
        let value = evaluate();
        let exact = !rough.taken.get();
        rough.taken.set(before || !exact);
        (value, exact)
    }
}

/// A shape that stands for an item's own in a trial.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) item: ItemRef,
    pub(super) shape: Arc<Shape>,
}

/// Evaluates expressions; what was joined for the subject at hand is kept in the cache.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'e, 'a> {
    pub(super) world: &'e World<'a>,
    pub(super) cache: Option<&'e Cache<'a>>,
    /// Whether indexes may be used: not while one is made.
    pub(super) shortcuts: bool,
    /// Whether areas may have wider bounds than need be, where that saves making shapes and measuring them.
    pub(super) rough: Option<&'e Rough>,
    /// The shape that an item is tried with, if it is.
    pub(super) tried: Option<&'e Tried>,
}

impl<'e, 'a> Evaluator<'e, 'a> {
    /// Returns an evaluator without a subject.
    pub(super) fn new(world: &'e World<'a>) -> Self {
        Evaluator { world, cache: None, shortcuts: world.shortcuts, rough: None, tried: None }
    }

    /// Returns an evaluator for one subject, whose joins are kept.
    pub(super) fn of_subject(world: &'e World<'a>, cache: &'e Cache<'a>) -> Self {
        Evaluator { cache: world.shortcuts.then_some(cache), ..Evaluator::new(world) }
    }

    /// Tells whether what was made ready of a class holds: in a trial, not of a class whose shapes may be others.
    pub(super) fn is_ready(&self, class: ClassId) -> bool {
        let steady = |tried: &Tried| {
            class != tried.item.class
                && self.world.program.schema.class(class).is_layer()
                && self.world.geometry_field(class).is_none()
        };
        self.shortcuts && self.tried.is_none_or(steady)
    }

    /// Returns where the truth of a condition for an item is kept; in a trial it may come out otherwise.
    pub(super) fn mask_of(&self, condition: &Expr, item: ItemRef) -> Option<&'e OnceLock<Tri>> {
        if self.tried.is_some() { None } else { self.world.mask_of(condition, item.class, item.index) }
    }

    /// Returns the same evaluator for other bindings than those the cache was filled for.
    pub(super) fn without_cache(self) -> Self {
        Evaluator { cache: None, ..self }
    }

    /// Returns the same evaluator with all measures as near to the truth as they can be: for what is kept.
    pub(super) fn exact(self) -> Self {
        Evaluator { rough: None, ..self }
    }

    /// Returns the truth of a condition that nothing will be said of if it is as `unsaid` wants it: then rough areas do.
    pub(super) fn truth_unless_said(
        &self,
        condition: &'a Expr,
        frame: &mut Frame<'a>,
        unsaid: impl Fn(&Tri) -> bool,
    ) -> Tri {
        if self.shortcuts && self.world.settings.equal_within.is_none() {
            for bounds in [Bounds::Wide, Bounds::Narrow] {
                let rough = Rough { bounds, taken: Cell::new(false) };
                let roughly = Evaluator { rough: Some(&rough), ..*self }.truth(condition, frame);
                if unsaid(&roughly) || !rough.taken.get() {
                    return roughly;
                }
            }
        }
        self.truth(condition, frame)
    }

    /// Returns the number of the join that an expression or a binding's collection is, if there is a cache for it.
    pub(super) fn join_of(&self, expr: &Expr) -> Option<usize> {
        let _cache = self.cache?;
        self.world.joins.get(&address(expr)).map(|join| *join as usize)
    }

    /// Makes a join, and books what it took where that is asked for; `count` tells how many pairs it gave.
    pub(super) fn metered<T>(
        &self,
        join: Option<usize>,
        make: impl FnOnce() -> T,
        count: impl FnOnce(&T) -> usize,
    ) -> T {
        let (Some(meter), Some(join), Some(cache)) = (self.world.meter, join, self.cache) else { return make() };
        let (mark, inner) = (Meter::mark(), cache.joining.get());
        let made = make();
        let nanos = meter.join(join, &mark, count(&made));
        // A join within a join is booked on both, but is the rule's time once.
        cache.joining.set(inner + nanos);
        made
    }

    /// Evaluates an expression.
    pub(super) fn eval(&self, expr: &'a Expr, frame: &mut Frame<'a>) -> Evaluated<'a> {
        match &expr.kind {
            ExprKind::Constant(value) => self.constant(value, expr),
            ExprKind::Variable(slot) => match frame.get(*slot) {
                Some(value) => value.clone(),
                None => match frame.let_at(*slot) {
                    Some(one) => {
                        let (value, exact) = Rough::noticed(self.rough, || self.eval(&one.value, frame));
                        if self.world.shortcuts && exact {
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
            ExprKind::Call(function, arguments) => {
                self.once(expr, |of| functions::call(of, *function, arguments, expr, frame))
            }
            ExprKind::CallDefine(number, arguments) => match self.world.program.defines.get(*number as usize) {
                Some(define) => {
                    let arguments: Vec<_> = arguments.iter().map(|argument| self.eval(argument, frame)).collect();
                    self.without_cache().eval(&define.body, &mut Frame::of_arguments(define.frame, arguments))
                }
                None => self.misfit(expr, frame),
            },
            ExprKind::Aggregate { kind, bindings, element } => {
                self.once(expr, |of| of.aggregate(*kind, bindings, element, expr, frame))
            }
            ExprKind::Quantifier { kind, binding, condition } => {
                self.once(expr, |of| of.quantify(*kind, binding, condition, frame).into())
            }
        }
    }

    /// Evaluates an expression, once for all subjects if it depends on the data alone; in a trial these are others.
    fn once(&self, expr: &Expr, evaluate: impl FnOnce(&Self) -> Evaluated<'a>) -> Evaluated<'a> {
        match self.world.kept(expr).filter(|_| self.shortcuts && self.tried.is_none()) {
            Some(kept) => kept.get_or_init(|| evaluate(&self.without_cache().exact())).clone(),
            None => evaluate(self),
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

    fn property(&self, expr: &'a Expr, base: &'a Expr, property: Property, frame: &mut Frame<'a>) -> Evaluated<'a> {
        let value = self.eval(base, frame);
        let method = &self.world.settings.method;
        match (property, &value) {
            (Property::Feature, Evaluated::Piece(piece)) => match piece.feature {
                Some(item) => Evaluated::Item(item),
                None => self.misfit(expr, frame),
            },
            (Property::Shape, Evaluated::Piece(piece)) => Evaluated::shape(piece.to_shape()),
            (Property::Area, Evaluated::Piece(_)) => self.area(&value),
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
