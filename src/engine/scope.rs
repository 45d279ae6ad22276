//! Which subjects a partial run looks at: those whose verdict can differ between two states of a submission.
//!
//! Takes a program and the two states, gives for each rule the subjects to look at in either. What it leaves out surely comes out as
//! before; what it takes in may well come out as before too. A rule looks at a subject again
//!
//! - if the subject itself is new or changed, in any value or in its shape;
//! - if something that the rule finds by place at the subject (`p & L`, `for each z in L overlapping p`) is new, changed or gone, and its
//!   box then or now meets that of the subject, widened by the distance that the rule states;
//! - and every one of its subjects, if anything changed that it reaches otherwise: by reference, by going through a whole class, by a
//!   computed field.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::run::constant;
use super::walk;
use crate::geometry::prepared::{Prepared, Workspace};
use crate::geometry::{BoundingBox, Kind, Shape, ShapeRef, Store};
use crate::model::{ClassId, Dataset, FieldId, GeometryState, ItemRef, Items, SUBMISSION, Type, Value};
use crate::sema::functions::Function;
use crate::sema::program::{Binding, Expr, ExprKind, Program, RelationKind, Rule, RuleId, Slot, Spatial};

/// The subjects that a run looks at, rule by rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// One for each rule of the program; empty for all subjects of all rules.
    rules: Vec<Looked>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Looked {
    All,
    Nothing,
    /// For each item of the subjects' class.
    Items(Vec<bool>),
}

impl Scope {
    /// Returns the scope of a whole run.
    pub fn everything() -> Self {
        Scope { rules: Vec::new() }
    }

    /// Tells whether a rule looks at its subject of this number.
    pub(super) fn takes(&self, rule: RuleId, subject: usize) -> bool {
        match self.rules.get(rule.0 as usize) {
            None | Some(Looked::All) => true,
            Some(Looked::Nothing) => false,
            // Behind the items stands what may not have been read.
            Some(Looked::Items(items)) => items.get(subject).copied().unwrap_or(true),
        }
    }
}

/// How many items differ between two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changed {
    /// Items that only the later state has.
    pub added: u64,
    /// Items of both whose values or shape differ.
    pub changed: u64,
    /// Items that only the earlier state has.
    pub removed: u64,
}

/// What differs between two states, and who must look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The subjects to look at in the earlier state.
    pub old: Scope,
    /// The subjects to look at in the later state.
    pub new: Scope,
    /// How much differs.
    pub changed: Changed,
}

/// Compares two states of a submission, both of this program, computed fields filled in.
pub fn difference(program: &Program, old: &Dataset, new: &Dataset) -> Difference {
    let classes: Vec<ClassChange> =
        program.schema.class_ids().map(|class| ClassChange::between(class, old, new)).collect();
    let mut changed = Changed::default();
    for class in &classes {
        changed.added += class.added;
        changed.removed += class.removed.len() as u64;
        changed.changed += class.touched.iter().filter(|touched| **touched).count() as u64 - class.added;
    }
    let mut found = Difference { old: Scope::everything(), new: Scope::everything(), changed };
    for rule in &program.rules {
        let (before, now) = looked(program, rule, &classes, old, new);
        found.old.rules.push(before);
        found.new.rules.push(now);
    }
    found
}

/// What differs in one class.
struct ClassChange {
    /// For each item of the later state, whether it is new or changed.
    touched: Vec<bool>,
    added: u64,
    /// The items of the earlier state that are gone.
    removed: Vec<u32>,
    /// The boxes, then and now, of all that is new, changed or gone.
    boxes: Vec<BoundingBox>,
    /// Whether something of that has no box.
    anywhere: bool,
    /// Whether the class as a whole differs: supplied or not, read to its end or not.
    whole: bool,
    /// Whether items that stayed stand in another order.
    reordered: bool,
}

impl ClassChange {
    fn between(class: ClassId, old: &Dataset, new: &Dataset) -> Self {
        let (before, now) = (old.items(class), new.items(class));
        let by_id: FxHashMap<Cow<'_, str>, u32> =
            (0..before.len() as u32).map(|item| (before.id(item), item)).collect();
        let mut change = ClassChange {
            touched: Vec::with_capacity(now.len()),
            added: 0,
            removed: Vec::new(),
            boxes: Vec::new(),
            anywhere: false,
            whole: (before.supplied, before.complete) != (now.supplied, now.complete),
            reordered: false,
        };
        let mut stays = vec![false; before.len()];
        let mut last = None;
        for item in 0..now.len() as u32 {
            let earlier = by_id.get(&*now.id(item)).copied();
            let touched = match earlier {
                None => {
                    change.added += 1;
                    true
                }
                Some(earlier) => {
                    stays[earlier as usize] = true;
                    change.reordered |= last > Some(earlier);
                    last = Some(earlier);
                    !same((old, earlier), (new, item), class)
                }
            };
            if touched {
                change.place(now, item);
                earlier.into_iter().for_each(|earlier| change.place(before, earlier));
            }
            change.touched.push(touched);
        }
        change.removed = (0..before.len() as u32).filter(|item| !stays[*item as usize]).collect();
        for item in change.removed.clone() {
            change.place(before, item);
        }
        change
    }

    fn place(&mut self, items: &Items, item: u32) {
        match box_of(items, item) {
            Some(bounds) => self.boxes.push(bounds),
            None => self.anywhere = true,
        }
    }

    fn any(&self) -> bool {
        self.whole || self.reordered || !self.removed.is_empty() || self.touched.contains(&true)
    }
}

/// Returns the box that an item's ground surely lies in.
fn box_of(items: &Items, item: u32) -> Option<BoundingBox> {
    match items.geometry_state(item) {
        GeometryState::Valid => Some(items.store().bounds(item as usize)),
        GeometryState::Invalid(bounds) => Some(bounds),
        GeometryState::Missing => None,
    }
}

/// Tells whether an item of each state are the same in all but their place in a file.
fn same((old, earlier): (&Dataset, u32), (new, item): (&Dataset, u32), class: ClassId) -> bool {
    let (before, now) = (old.items(class), new.items(class));
    let same_item = |one: Option<ItemRef>, other: Option<ItemRef>| match (one, other) {
        (Some(one), Some(other)) => {
            one.class == other.class && old.items(one.class).id(one.index) == new.items(other.class).id(other.index)
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    before.geometry_state(earlier) == now.geometry_state(item)
        && same_item(before.parent(earlier), now.parent(item))
        && before.field_count() == now.field_count()
        && (0..now.field_count() as u16).map(FieldId).all(|field| {
            same_value(&before.value(earlier, field), &now.value(item, field), &|one, other| {
                same_item(Some(one), Some(other))
            })
        })
        && same_shape(before.shape(earlier), now.shape(item))
}

/// Tells whether two values are the same; references are by what they lead to, whatever its number.
fn same_value(one: &Value, other: &Value, same_item: &dyn Fn(ItemRef, ItemRef) -> bool) -> bool {
    match (one, other) {
        (Value::Item(one), Value::Item(other)) => same_item(*one, *other),
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one.iter().zip(other.iter()).all(|(one, other)| same_value(one, other, same_item))
        }
        (one, other) => one == other,
    }
}

fn same_shape(one: ShapeRef<'_>, other: ShapeRef<'_>) -> bool {
    one.kind() == other.kind()
        && one.coords() == other.coords()
        && one.parts().map(|part| part.rings().len()).eq(other.parts().map(|part| part.rings().len()))
        && one.rings().map(<[_]>::len).eq(other.rings().map(<[_]>::len))
}

/// Returns the subjects of a rule to look at, in the earlier and in the later state.
fn looked(program: &Program, rule: &Rule, classes: &[ClassChange], old: &Dataset, new: &Dataset) -> (Looked, Looked) {
    let change = |class: ClassId| &classes[class.0 as usize];
    let subject = match rule.bindings.first().map(|binding| (&binding.over.ty, binding)) {
        Some((Type::All(class), binding)) if *class != SUBMISSION => (*class, binding),
        // The submission, codes, items of a list: few, and what they are may have changed with anything.
        Some(_) | None => {
            let looked = if classes.iter().any(ClassChange::any) { Looked::All } else { Looked::Nothing };
            return (looked.clone(), looked);
        }
    };
    let (class, binding) = subject;
    let reach = Reach::of(program, rule, class, binding);
    let near: Vec<(&ClassChange, f64)> =
        reach.near.iter().map(|(class, distance)| (change(*class), *distance)).filter(|(one, _)| one.any()).collect();
    if change(class).whole
        || reach.anywhere.iter().any(|class| change(*class).any())
        || near.iter().any(|(one, _)| one.whole || one.anywhere)
    {
        return (Looked::All, Looked::All);
    }
    let items = new.items(class);
    let mut chosen = change(class).touched.clone();
    for (one, distance) in &near {
        let mut store = Store::new(Kind::Polygon);
        one.boxes.iter().for_each(|bounds| store.push(Shape::rectangle(bounds).view()));
        let (boxes, mut work) = (Prepared::owning(store), Workspace::default());
        for (item, chosen) in chosen.iter_mut().enumerate().filter(|(_, chosen)| !**chosen) {
            *chosen = match items.geometry_state(item as u32) {
                GeometryState::Valid => {
                    let bounds = items.store().bounds(item).grown(distance + SLACK_M);
                    !boxes.candidates(&bounds, &mut work).is_empty()
                }
                // What ground it has is not known.
                GeometryState::Invalid(_) | GeometryState::Missing => true,
            };
        }
    }
    let ids: BTreeSet<Cow<'_, str>> =
        (0..items.len() as u32).filter(|item| chosen[*item as usize]).map(|item| items.id(item)).collect();
    let before = old.items(class);
    let mut earlier: Vec<bool> = (0..before.len() as u32).map(|item| ids.contains(&*before.id(item))).collect();
    change(class).removed.iter().for_each(|item| earlier[*item as usize] = true);
    (Looked::Items(earlier), Looked::Items(chosen))
}

/// Boxes are widened by so much, in metres, that no rounding of the overlay decides who is looked at.
const SLACK_M: f64 = 0.01;

/// What a rule reaches from its subject.
#[derive(Debug, Default)]
struct Reach {
    /// Classes of which only what lies so near to the subject, in metres, matters.
    near: BTreeMap<ClassId, f64>,
    /// Classes of which anything may matter.
    anywhere: BTreeSet<ClassId>,
    /// Functions that were gone through, by the parameter that stands for the subject.
    seen: BTreeSet<(u32, Option<Slot>)>,
    /// Computed fields that were gone through.
    fields: BTreeSet<(ClassId, FieldId)>,
}

impl Reach {
    fn of(program: &Program, rule: &Rule, class: ClassId, subject: &Binding) -> Self {
        let mut reach = Reach::default();
        let mut walker = Walker { program, reach: &mut reach };
        // A subject whose shape is computed has none of its own to be near to.
        let slot = walker.has_own_shape(class).then_some(subject.slot);
        if let ExprKind::Filter { condition, .. } = &subject.over.kind {
            walker.expr(condition, None);
        }
        subject.condition.iter().for_each(|condition| walker.expr(condition, slot));
        rule.bindings.iter().skip(1).for_each(|binding| walker.binding(binding, slot));
        let mut rest = Vec::new();
        walk::of_rule(rule, &mut |expr| rest.push(expr));
        let bound: BTreeSet<usize> = rule.bindings.iter().flat_map(parts_of).collect();
        rest.retain(|expr| !bound.contains(&super::world::address(expr)));
        rest.into_iter().for_each(|expr| walker.expr(expr, slot));
        walker.shapes_of(class);
        let reached: Vec<ClassId> = walker.reach.near.keys().chain(&walker.reach.anywhere).copied().collect();
        reached.into_iter().for_each(|class| walker.shapes_of(class));
        reach
    }
}

fn parts_of(binding: &Binding) -> Vec<usize> {
    let mut parts = Vec::new();
    walk::of_binding(binding, &mut |expr| parts.push(super::world::address(expr)));
    parts
}

struct Walker<'p, 'r> {
    program: &'p Program,
    reach: &'r mut Reach,
}

impl Walker<'_, '_> {
    /// Goes through an expression; `subject` is the variable that stands for the subject, if one does.
    fn expr(&mut self, expr: &Expr, subject: Option<Slot>) {
        let is_subject = |expr: &Expr| match &expr.kind {
            ExprKind::Variable(slot) => Some(*slot) == subject,
            ExprKind::Geometry(of) => matches!(of.kind, ExprKind::Variable(slot) if Some(slot) == subject),
            _ => false,
        };
        match &expr.kind {
            ExprKind::Intersection(one, other) | ExprKind::Without(one, other)
                if is_subject(one) && self.layer(other, 0.0, subject) => {}
            ExprKind::Call(Function::Share, arguments) if matches!(&arguments[..], [one, other] if is_subject(one) && self.layer(other, 0.0, subject)) =>
                {}
            ExprKind::Spatial(predicate, one, other)
                if is_subject(one) && is_near(*predicate) && self.layer(other, 0.0, subject) => {}
            ExprKind::WithinDistance { left, distance, right }
                if is_subject(left)
                    && self.metres(distance).is_some_and(|metres| self.layer(right, metres, subject)) => {}
            ExprKind::Class(class) => {
                self.reach.anywhere.insert(*class);
            }
            ExprKind::Submission => {
                self.reach.anywhere.insert(SUBMISSION);
            }
            ExprKind::Field(of, field) => {
                if let Type::Item(class) = of.ty {
                    self.computed(class, *field);
                }
                if let Some(target) = referred(&expr.ty) {
                    self.reach.anywhere.insert(target);
                }
                self.expr(of, subject);
            }
            ExprKind::CallDefine(define, arguments) => {
                let at = arguments.iter().position(is_subject).map(|at| Slot(at as u16));
                if self.reach.seen.insert((*define, at)) {
                    let program = self.program;
                    self.expr(&program.defines[*define as usize].body, at);
                }
                arguments.iter().for_each(|argument| self.expr(argument, subject));
            }
            ExprKind::Aggregate { bindings, element, .. } => {
                bindings.iter().for_each(|binding| self.binding(binding, subject));
                self.expr(element, subject);
            }
            ExprKind::Quantifier { binding, condition, .. } => {
                self.binding(binding, subject);
                self.expr(condition, subject);
            }
            _ => walk::parts(expr, &mut |part| self.expr(part, subject)),
        }
    }

    fn binding(&mut self, binding: &Binding, subject: Option<Slot>) {
        let local = binding.relation.as_ref().is_some_and(|relation| {
            let at_subject = matches!(relation.target.kind, ExprKind::Variable(slot) if Some(slot) == subject);
            let distance = match &relation.kind {
                RelationKind::WithinDistance(distance) => self.metres(distance),
                RelationKind::Overlapping
                | RelationKind::Touching
                | RelationKind::Within
                | RelationKind::Containing => Some(0.0),
            };
            at_subject && distance.is_some_and(|metres| self.layer(&binding.over, metres, subject))
        });
        let over = super::world::address(&binding.over);
        walk::of_binding(binding, &mut |part| {
            if !local || super::world::address(part) != over {
                self.expr(part, subject);
            }
        });
    }

    /// Takes a layer, filtered or not, whose items have shapes of their own, as one that matters near the subject; tells whether it is one.
    fn layer(&mut self, over: &Expr, metres: f64, subject: Option<Slot>) -> bool {
        let (class, condition) = match &over.kind {
            ExprKind::Class(class) => (*class, None),
            ExprKind::Filter { over, condition, .. } => match over.kind {
                ExprKind::Class(class) => (class, Some(condition)),
                _ => return false,
            },
            _ => return false,
        };
        if !self.has_own_shape(class) {
            return false;
        }
        let reach = self.reach.near.entry(class).or_insert(metres);
        *reach = reach.max(metres);
        condition.into_iter().for_each(|condition| self.expr(condition, subject));
        true
    }

    fn has_own_shape(&self, class: ClassId) -> bool {
        let class = self.program.schema.class(class);
        class.is_layer() && class.field("geometry").is_none()
    }

    /// Goes through a computed field: whatever it reaches may matter.
    fn computed(&mut self, class: ClassId, field: FieldId) {
        let program = self.program;
        let computed = program.computed.iter().find(|one| (one.class, one.field) == (class, field));
        if let Some(computed) = computed
            && self.reach.fields.insert((class, field))
        {
            self.expr(&computed.value, None);
        }
    }

    /// Goes through the computed shape of a class.
    fn shapes_of(&mut self, class: ClassId) {
        if let Some(field) = self.program.schema.class(class).field("geometry") {
            self.computed(class, field);
        }
    }

    /// Returns a distance that is the same for every subject.
    fn metres(&self, distance: &Expr) -> Option<f64> {
        let mut fixed = true;
        walk::everything(distance, &mut |part| {
            fixed &= matches!(
                part.kind,
                ExprKind::Constant(_) | ExprKind::Param(_) | ExprKind::Negate(_) | ExprKind::Arithmetic(..)
            );
        });
        if !fixed {
            return None;
        }
        match constant(self.program, distance)? {
            Value::Number(number) => number.to_string().parse().ok(),
            _ => None,
        }
    }
}

/// Returns the class that a value of this type refers to.
fn referred(ty: &Type) -> Option<ClassId> {
    match ty {
        Type::Item(class) => Some(*class),
        Type::List(of) => referred(of),
        _ => None,
    }
}

/// Tells whether only what lies near the left decides a predicate.
fn is_near(predicate: Spatial) -> bool {
    match predicate {
        Spatial::Intersects
        | Spatial::Disjoint
        | Spatial::Touches
        | Spatial::Within
        | Spatial::Crosses
        | Spatial::Occupies => true,
        Spatial::Contains | Spatial::Covers | Spatial::Overlaps | Spatial::Equals => false,
    }
}
