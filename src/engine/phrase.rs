//! An expression in words: what a plan prints, and what a reason names where something is unknown.

use std::fmt::Write;
use std::sync::Arc;

use super::frame::Frame;
use crate::model::{CodeRef, CodesId, Dimension, Type, Value};
use crate::sema::program::{
    Aggregate, AtLeast, Binding, Expr, ExprKind, Members, Operator, Order, Program, Property, Quantifier, RelationKind,
    Slot, Spatial,
};

/// Returns an expression as one would write it, in English words and first names.
pub(super) fn phrase(program: &Program, expr: &Expr, frame: Option<&Frame<'_>>) -> Arc<str> {
    let name = |slot: Slot| frame.and_then(|frame| frame.name(slot)).map(str::to_owned);
    phrase_with(program, expr, &name).into()
}

/// Returns an expression with variables named by `name`, inner ones by their own names.
pub(super) fn phrase_with(program: &Program, expr: &Expr, name: &dyn Fn(Slot) -> Option<String>) -> String {
    let mut writer = Writer { program, name, inner: Vec::new(), out: String::new() };
    writer.expr(expr);
    writer.out
}

/// Returns how a binding's collection, relation and condition read.
pub(super) fn phrase_binding(program: &Program, binding: &Binding, name: &dyn Fn(Slot) -> Option<String>) -> String {
    let mut writer = Writer { program, name, inner: Vec::new(), out: String::new() };
    writer.collection(binding);
    writer.out
}

/// Returns the unit in which numbers of a type are held, as one writes it behind them.
fn base_unit(ty: &Type) -> &'static str {
    match ty.dimension() {
        Some(Dimension::LENGTH) => " m",
        Some(Dimension::AREA) => " m2",
        Some(Dimension::MONEY) => " yuan",
        Some(_) | None => "",
    }
}

struct Writer<'p> {
    program: &'p Program,
    name: &'p dyn Fn(Slot) -> Option<String>,
    inner: Vec<(Slot, Arc<str>)>,
    out: String,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn pair(&mut self, one: &Expr, between: &str, other: &Expr) {
        self.operand(one);
        self.text(between);
        self.operand(other);
    }

    /// Writes an operand, in parentheses if it is made of several words.
    fn operand(&mut self, expr: &Expr) {
        let compound = matches!(
            expr.kind,
            ExprKind::And(_)
                | ExprKind::Or(_)
                | ExprKind::Not(_)
                | ExprKind::Compare(..)
                | ExprKind::Arithmetic(..)
                | ExprKind::Intersection(..)
                | ExprKind::Without(..)
                | ExprKind::Quantifier { .. }
        );
        self.text(if compound { "(" } else { "" });
        self.expr(expr);
        self.text(if compound { ")" } else { "" });
    }

    fn list(&mut self, all: &[Expr], between: &str) {
        for (at, one) in all.iter().enumerate() {
            self.text(if at > 0 { between } else { "" });
            self.expr(one);
        }
    }

    fn class(&mut self, class: crate::model::ClassId) {
        let name = Arc::clone(&self.program.schema.class(class).names.name);
        self.text(&name);
    }

    fn slot(&mut self, slot: Slot) {
        let inner = self.inner.iter().rev().find(|(at, _)| *at == slot).map(|(_, name)| name.to_string());
        let name = inner.or_else(|| (self.name)(slot)).unwrap_or_else(|| "it".to_owned());
        self.text(&name);
    }

    fn collection(&mut self, binding: &Binding) {
        self.expr(&binding.over);
        if let Some(relation) = &binding.relation {
            match &relation.kind {
                RelationKind::Overlapping => self.text(" overlapping "),
                RelationKind::Touching => self.text(" touching "),
                RelationKind::Within => self.text(" within "),
                RelationKind::Containing => self.text(" containing "),
                RelationKind::WithinDistance(distance) => {
                    self.text(" within ");
                    self.operand(distance);
                    self.text(" of ");
                }
            }
            self.operand(&relation.target);
            for (at, bound) in relation.at_least.iter().enumerate() {
                self.text(if at == 0 { " by at least " } else { " or " });
                match bound {
                    AtLeast::Quantity(quantity) => self.operand(quantity),
                    AtLeast::ShareOf(share, of) => self.pair(share, " of ", of),
                }
            }
        }
    }

    fn binding(&mut self, binding: &Binding) {
        self.text(&binding.name);
        self.text(" in ");
        self.collection(binding);
        self.inner.push((binding.slot, Arc::clone(&binding.name)));
        if let Some(condition) = &binding.condition {
            self.text(" where ");
            self.expr(condition);
        }
    }

    fn code(&mut self, code: CodeRef) {
        match code.list {
            CodesId::REGION => {
                let _ = write!(self.out, "{:06}", code.entry);
            }
            list => {
                let entries = &self.program.schema.code_list(list).entries;
                let code = entries.get(code.entry as usize).map(|entry| entry.code.to_string());
                self.text(&code.unwrap_or_default());
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Missing => self.text("missing"),
            Value::Unreadable(text) | Value::Text(text) | Value::Dangling(text) => {
                let _ = write!(self.out, "{text:?}");
            }
            Value::Bool(value) => self.text(if *value { "true" } else { "false" }),
            Value::Number(number) => {
                let _ = write!(self.out, "{}", number.normalize());
            }
            Value::Date(date) => {
                let _ = write!(self.out, "{date}");
            }
            Value::Duration(duration) => {
                let _ = match (duration.months, duration.days) {
                    (months, 0) => write!(self.out, "{months} months"),
                    (0, days) => write!(self.out, "{days} days"),
                    (months, days) => write!(self.out, "{months} months {days} days"),
                };
            }
            Value::Code(code) => self.code(*code),
            Value::Enum(of, value) => {
                let values = &self.program.schema.enumeration(*of).values;
                let name = values.get(*value as usize).map(|names| names.name.to_string());
                self.text(&name.unwrap_or_default());
            }
            Value::Range(ends) => {
                if ends.0 != Value::Missing {
                    self.value(&ends.0);
                }
                self.text(" .. ");
                if ends.1 != Value::Missing {
                    self.value(&ends.1);
                }
            }
            Value::List(values) => {
                self.text("[");
                for (at, value) in values.iter().enumerate() {
                    self.text(if at > 0 { ", " } else { "" });
                    self.value(value);
                }
                self.text("]");
            }
            Value::Item(item) => self.class(item.class),
            Value::Geometry(_) => self.text("geometry"),
        }
    }

    fn set(&mut self, members: &Members) {
        let known = self.program.sets.iter().find(|set| set.members == *members).map(|set| Arc::clone(&set.names.name));
        if let Some(name) = known {
            return self.text(&name);
        }
        self.text("{");
        match members {
            Members::Codes { include, .. } => include.iter().enumerate().for_each(|(at, code)| {
                self.text(if at > 0 { ", " } else { "" });
                self.code(*code);
            }),
            Members::Values { of, include } => include.iter().enumerate().for_each(|(at, value)| {
                self.text(if at > 0 { ", " } else { "" });
                self.value(&Value::Enum(*of, *value));
            }),
        }
        self.text("}");
    }

    fn field(&mut self, base: &Expr, field: crate::model::FieldId) {
        self.operand(base);
        self.text(".");
        let name = match base.ty {
            crate::model::Type::Item(class) => {
                let fields = &self.program.schema.class(class).fields;
                fields.get(field.0 as usize).map(|field| Arc::clone(&field.names.name))
            }
            _ => None,
        };
        self.text(&name.unwrap_or_else(|| Arc::from("field")));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Constant(value) => {
                self.value(value);
                self.text(base_unit(&expr.ty));
            }
            ExprKind::Variable(slot) => self.slot(*slot),
            ExprKind::Param(number) => {
                let name = self.program.params.get(*number as usize).map(|param| Arc::clone(&param.names.name));
                self.text(&name.unwrap_or_else(|| Arc::from("param")));
            }
            ExprKind::Class(class) => self.class(*class),
            ExprKind::Submission => self.text("submission"),
            ExprKind::Set(members) => self.set(members),
            ExprKind::Codes(list, level) => {
                let name = Arc::clone(&self.program.schema.code_list(*list).names.name);
                self.text(&name);
                if let Some(level) = level {
                    let _ = write!(self.out, " level {level}");
                }
            }
            ExprKind::Values(of) => {
                let name = Arc::clone(&self.program.schema.enumeration(*of).names.name);
                self.text(&name);
            }
            ExprKind::Filter { over, slot, condition } => {
                self.text("(");
                self.expr(over);
                self.text(" where ");
                self.inner.push((*slot, Arc::from("it")));
                self.expr(condition);
                self.inner.pop();
                self.text(")");
            }
            ExprKind::Field(base, field) => self.field(base, *field),
            ExprKind::Geometry(base) => {
                self.operand(base);
                self.text(".geometry");
            }
            ExprKind::Property(base, property) => {
                self.operand(base);
                self.text(match property {
                    Property::Feature => ".feature",
                    Property::Shape => ".geometry",
                    Property::Area => ".area",
                    Property::Length => ".length",
                    Property::Low => ".low",
                    Property::High => ".high",
                });
            }
            ExprKind::List(all) => {
                self.text("[");
                self.list(all, ", ");
                self.text("]");
            }
            ExprKind::Negate(one) => {
                self.text("-");
                self.operand(one);
            }
            ExprKind::Not(one) => {
                self.text("not ");
                self.operand(one);
            }
            ExprKind::And(all) | ExprKind::Or(all) => {
                let between = if matches!(expr.kind, ExprKind::And(_)) { " and " } else { " or " };
                for (at, one) in all.iter().enumerate() {
                    self.text(if at > 0 { between } else { "" });
                    match one.kind {
                        ExprKind::Compare(..) => self.expr(one),
                        _ => self.operand(one),
                    }
                }
            }
            ExprKind::Compare(order, one, other) => {
                let sign = match order {
                    Order::Equal => " == ",
                    Order::NotEqual => " != ",
                    Order::Less => " < ",
                    Order::LessOrEqual => " <= ",
                    Order::Greater => " > ",
                    Order::GreaterOrEqual => " >= ",
                };
                self.pair(one, sign, other);
            }
            ExprKind::In(one, other) => self.pair(one, " in ", other),
            ExprKind::Has(one, other) => self.pair(one, " has ", other),
            ExprKind::CodeCovers(one, other) => self.pair(one, " covers ", other),
            ExprKind::RangeOverlaps(one, other) => self.pair(one, " overlaps ", other),
            ExprKind::Spatial(predicate, one, other) => {
                let word = match predicate {
                    Spatial::Intersects => " intersects ",
                    Spatial::Disjoint => " disjoint ",
                    Spatial::Touches => " touches ",
                    Spatial::Within => " within ",
                    Spatial::Contains => " contains ",
                    Spatial::Covers => " covers ",
                    Spatial::Crosses => " crosses ",
                    Spatial::Overlaps => " overlaps ",
                    Spatial::Equals => " equals ",
                    Spatial::Occupies => " occupies ",
                };
                self.pair(one, word, other);
            }
            ExprKind::WithinDistance { left, distance, right } => {
                self.pair(left, " within ", distance);
                self.text(" of ");
                self.operand(right);
            }
            ExprKind::IsPresent(one) => {
                self.operand(one);
                self.text(" is present");
            }
            ExprKind::IsEmpty(one) => {
                self.operand(one);
                self.text(" is empty");
            }
            ExprKind::Range(low, high) => {
                low.iter().for_each(|low| self.operand(low));
                self.text(" .. ");
                high.iter().for_each(|high| self.operand(high));
            }
            ExprKind::Arithmetic(operator, one, other) => {
                let sign = match operator {
                    Operator::Add => " + ",
                    Operator::Subtract => " - ",
                    Operator::Multiply => " * ",
                    Operator::Divide => " / ",
                };
                self.pair(one, sign, other);
            }
            ExprKind::DateShift { date, by, back } => self.pair(date, if *back { " - " } else { " + " }, by),
            ExprKind::DateDifference(one, other) => self.pair(one, " - ", other),
            ExprKind::DurationSum { left, right, minus } => self.pair(left, if *minus { " - " } else { " + " }, right),
            ExprKind::Intersection(one, other) => self.pair(one, " & ", other),
            ExprKind::Without(one, other) => self.pair(one, " without ", other),
            ExprKind::Call(function, arguments) => {
                self.text(function.name());
                self.text("(");
                self.list(arguments, ", ");
                self.text(")");
            }
            ExprKind::CallDefine(number, arguments) => {
                let name = self.program.defines.get(*number as usize).map(|define| Arc::clone(&define.names.name));
                self.text(&name.unwrap_or_else(|| Arc::from("define")));
                self.text("(");
                self.list(arguments, ", ");
                self.text(")");
            }
            ExprKind::Aggregate { kind, bindings, element } => {
                let word = match kind {
                    Aggregate::Sum => "sum",
                    Aggregate::Count => "count",
                    Aggregate::Min => "min",
                    Aggregate::Max => "max",
                    Aggregate::Mean => "mean",
                    Aggregate::Union => "union",
                    Aggregate::Only => "only",
                    Aggregate::Collect => "list",
                };
                // The element comes first but knows the variables that follow it.
                let before = self.inner.len();
                let start = self.out.len();
                for binding in bindings {
                    self.text(" for each ");
                    self.binding(binding);
                }
                let tail = self.out.split_off(start);
                self.text(word);
                self.text("(");
                self.expr(element);
                self.text(&tail);
                self.text(")");
                self.inner.truncate(before);
            }
            ExprKind::Quantifier { kind, binding, condition } => {
                self.text(match kind {
                    Quantifier::Any => "any ",
                    Quantifier::All => "all ",
                    Quantifier::None => "none ",
                });
                let before = self.inner.len();
                self.binding(binding);
                self.text(": ");
                self.expr(condition);
                self.inner.truncate(before);
            }
        }
    }
}
