//! Types and dimensions of expressions.
//!
//! An expression is read with the type that its place expects, so that codes and values of enumerations can be written bare. What is
//! wrong gets [`Type::Error`], which fits everywhere, so that one mistake gives one diagnostic.

mod aggregates;
mod arithmetic;
mod builtins;
mod calls;
mod compare;
mod names;
mod space;

pub(super) use arithmetic::reversed;
pub(super) use calls::Instance;

use super::analysis::Analysis;
use super::describe::{describe, fits};
use super::program::{Expr, ExprKind};
use crate::diagnostic::{Diagnostic, Text, codes::language as codes};
use crate::model::{Dimension, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind as Tree};
use crate::text;

impl Analysis<'_> {
    /// Reads an expression; `expected` only helps to understand bare words.
    pub(super) fn expr(&mut self, tree: &ast::Expr, expected: Option<&Type>) -> Expr {
        let span = tree.span;
        match &tree.kind {
            Tree::Error => self.error(span),
            Tree::Number { raw, unit } => self.number(raw, unit.as_ref(), expected, span),
            Tree::Text(text) => self.text_literal(text, expected, span),
            Tree::Date(text) => self.date(text, span),
            Tree::Bool(value) => constant(Value::Bool(*value), Type::Bool, span),
            Tree::Name(word) => self.name(word, expected, span),
            Tree::Field(of, name) => self.field(of, name, span),
            Tree::List(items) => self.list(items, expected, span),
            Tree::Object(_) => {
                let message = text!(en: "braces stand in tests only", zh: "花括号只能用在测试中");
                let help = text!(en: "a list is written `[a, b]`", zh: "列表写作 [甲, 乙]");
                self.fail(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(span).help(help), span)
            }
            Tree::Call { function, arguments } => self.call(function, arguments, expected, span),
            Tree::Aggregate { function, element, bindings } => {
                self.aggregate(function, element, bindings, expected, span)
            }
            Tree::Quantifier { kind, binding, condition } => self.quantifier(*kind, binding, condition, span),
            Tree::Filter { over, condition } => self.filter(over, condition, span),
            Tree::Level { of, level } => self.level(of, level, span),
            Tree::Negate(of) => self.negate(of, expected, span),
            Tree::Not(of) => {
                let of = self.condition(of);
                self.build(ExprKind::Not(Box::new(of)), Type::Bool, span)
            }
            Tree::And(left, right) => self.junction(true, left, right, span),
            Tree::Or(left, right) => self.junction(false, left, right, span),
            Tree::Compare { operator, operator_span, left, right } => {
                self.compare(*operator, *operator_span, left, right, span)
            }
            Tree::Is { value, state } => self.state(value, *state, span),
            Tree::WithinDistance { left, distance, right } => self.within_distance(left, distance, right, span),
            Tree::Range { low, high } => self.range(low.as_deref(), high.as_deref(), expected, span),
            Tree::Arithmetic { operator, operator_span, left, right } => {
                self.arithmetic(*operator, *operator_span, left, right, span)
            }
            Tree::Intersection(left, right) => self.intersection(left, right, span),
            Tree::Without(left, right) => self.without(left, right, span),
        }
    }

    /// Reads an expression that must be of a type.
    pub(super) fn checked(&mut self, tree: &ast::Expr, ty: &Type) -> Expr {
        let expr = self.expr(tree, Some(ty));
        self.fitting(expr, ty)
    }

    /// Reports an expression that does not fit its place.
    pub(super) fn fitting(&mut self, expr: Expr, ty: &Type) -> Expr {
        if fits(&self.program.schema, &expr.ty, ty) {
            return expr;
        }
        let (have, want) = (describe(&self.program.schema, &expr.ty), describe(&self.program.schema, ty));
        let message = Text::new(
            format!("`{}` is wanted here, and this is `{}`", want.en, have.en),
            format!("这里需要“{}”，而这是“{}”", want.zh, have.zh),
        );
        let code = match (expr.ty.dimension(), ty.dimension()) {
            (Some(_), Some(_)) => &codes::DIMENSION_MISMATCH,
            _ => &codes::TYPE_MISMATCH,
        };
        let help = self.advise_mismatch(&expr, ty);
        self.fail(Diagnostic::error(code, message).label(expr.span).help(help), expr.span)
    }

    /// Returns how a value of one type could come to stand for another.
    pub(super) fn advise_mismatch(&self, have: &Expr, want: &Type) -> Text {
        let written = self.text(have.span);
        match (&have.ty, want) {
            (Type::Number(Dimension::NONE), Type::Number(want)) => {
                let unit = match *want {
                    Dimension::AREA => "m2",
                    Dimension::LENGTH => "m",
                    Dimension::MONEY => "元",
                    _ => return text!(en: "add its unit", zh: "请加上单位"),
                };
                match have.kind {
                    ExprKind::Constant(_) => {
                        text!(en: "write `{written} {unit}`", zh: "请写“{written} {unit}”")
                    }
                    _ => {
                        text!(en: "it has no unit; multiply it by one, such as `1 {unit}`", zh: "它没有单位；可乘以“1 {unit}”")
                    }
                }
            }
            (Type::Text, Type::Enum(_) | Type::Number(_) | Type::Ratio | Type::Date | Type::Duration | Type::Bool)
                if matches!(have.kind, ExprKind::Constant(_)) =>
            {
                text!(en: "write the value without quotes", zh: "请去掉引号")
            }
            (Type::Text, Type::Item(_)) => text!(
                en: "compare the id: `x.id == {written}`",
                zh: "请比较标识码：x.标识码 == {written}"
            ),
            (ty, Type::Number(Dimension::AREA)) if super::describe::shape(&self.program.schema, ty).is_some() => {
                text!(en: "write `area({written})`", zh: "请写“面积({written})”")
            }
            (ty, Type::Number(Dimension::LENGTH)) if super::describe::shape(&self.program.schema, ty).is_some() => {
                text!(en: "write `length({written})`", zh: "请写“长度({written})”")
            }
            (Type::Item(class), _) => {
                let fields: Vec<_> = self.program.schema.class(*class).fields.iter().collect();
                let fitting = fields.iter().find(|field| fits(&self.program.schema, &field.ty, want));
                match fitting {
                    Some(field) => {
                        let field = &field.names.name;
                        text!(en: "did you mean a field of it, such as `{written}.{field}`?", zh: "是否想写它的字段，如“{written}.{field}”？")
                    }
                    None => text!(en: "name one of its fields", zh: "请写它的某个字段"),
                }
            }
            (Type::Duration, Type::Date) => text!(
                en: "count it from a day, such as `submission.as_of - {written}`",
                zh: "期限须从某日算起，如“申报.基准日 - {written}”"
            ),
            (have, Type::List(of)) if fits(&self.program.schema, have, of) => {
                text!(en: "write `[{written}]`", zh: "请写“[{written}]”")
            }
            _ if matches!(have.kind, ExprKind::Constant(_)) => form_of(want),
            _ => same_type(),
        }
    }

    /// Reads an expression that must be true or false.
    pub(super) fn condition(&mut self, tree: &ast::Expr) -> Expr {
        let expr = self.expr(tree, Some(&Type::Bool));
        if expr.ty == Type::Bool || expr.ty == Type::Error {
            return expr;
        }
        let have = describe(&self.program.schema, &expr.ty);
        let message = Text::new(
            format!("a condition is wanted here, and this is `{}`", have.en),
            format!("这里需要一个条件，而这是“{}”", have.zh),
        );
        let written = self.text(tree.span);
        let help = text!(
            en: "compare it with something, or write `{written} is present`",
            zh: "请与某值比较，或写“{written} 已填”"
        );
        self.fail(Diagnostic::error(&codes::NOT_A_CONDITION, message).label(tree.span).help(help), tree.span)
    }

    /// Returns an expression, or the error that one of its parts already is.
    pub(super) fn build(&mut self, kind: ExprKind, ty: Type, span: Span) -> Expr {
        let expr = Expr { kind, ty, span };
        let wrong = super::walk::children(&expr).iter().any(|part| part.ty == Type::Error);
        if wrong { self.error(span) } else { expr }
    }

    fn list(&mut self, items: &[ast::Expr], expected: Option<&Type>, span: Span) -> Expr {
        let mut element = match expected {
            Some(Type::List(of) | Type::Set(of)) => Some((**of).clone()),
            _ => None,
        };
        let mut read: Vec<Expr> = Vec::new();
        for item in items {
            let expr = match &element {
                Some(ty) => self.checked(item, ty),
                None => self.expr(item, None),
            };
            element.get_or_insert_with(|| expr.ty.clone());
            read.push(expr);
        }
        let wrong = read.iter().any(|item| item.ty == Type::Error);
        if wrong {
            return self.error(span);
        }
        // An empty list fits every list.
        let element = element.unwrap_or(Type::Error);
        Expr { kind: ExprKind::List(read), ty: Type::List(Box::new(element)), span }
    }

    /// Tells whether the type of an expression rests on what its place expects.
    pub(super) fn is_bare(&self, tree: &ast::Expr) -> bool {
        match &tree.kind {
            Tree::Number { unit, .. } => unit.is_none(),
            Tree::Text(_) => true,
            Tree::List(items) => items.iter().all(|item| self.is_bare(item)),
            Tree::Name(word) => !self.is_known(word),
            Tree::Negate(of) => self.is_bare(of),
            Tree::Error
            | Tree::Date(_)
            | Tree::Bool(_)
            | Tree::Field(..)
            | Tree::Object(_)
            | Tree::Call { .. }
            | Tree::Aggregate { .. }
            | Tree::Quantifier { .. }
            | Tree::Filter { .. }
            | Tree::Level { .. }
            | Tree::Not(_)
            | Tree::And(..)
            | Tree::Or(..)
            | Tree::Compare { .. }
            | Tree::Is { .. }
            | Tree::WithinDistance { .. }
            | Tree::Range { .. }
            | Tree::Arithmetic { .. }
            | Tree::Intersection(..)
            | Tree::Without(..) => false,
        }
    }

    /// Reads two expressions that are to be of one type: a bare one is understood by the other.
    pub(super) fn pair(&mut self, left: &ast::Expr, right: &ast::Expr) -> (Expr, Expr) {
        if self.is_bare(left) && !self.is_bare(right) {
            let right = self.expr(right, None);
            let left = self.expr(left, Some(&right.ty));
            (left, right)
        } else {
            let left = self.expr(left, None);
            let right = self.expr(right, Some(&left.ty));
            (left, right)
        }
    }
}

/// Returns a constant.
pub(super) fn constant(value: Value, ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Constant(value), ty, span }
}

fn same_type() -> Text {
    text!(en: "both sides must be of the same type and dimension", zh: "两边的类型和量纲必须相同")
}

/// Returns how a value of a type is written.
fn form_of(ty: &Type) -> Text {
    match ty {
        Type::Number(Dimension::AREA) => text!(
            en: "an area is written with its unit, such as `100 m2`, `0.5 ha` or `15 mu`",
            zh: "面积要写单位，如“100 平方米”“0.5 公顷”“15 亩”"
        ),
        Type::Number(Dimension::LENGTH) => {
            text!(en: "a length is written with its unit, such as `50 m` or `2 km`", zh: "长度要写单位，如“50 米”“2 公里”")
        }
        Type::Number(Dimension::MONEY) => {
            text!(en: "money is written with its unit, such as `1200 万元`", zh: "金额要写单位，如“1200 万元”")
        }
        Type::Number(Dimension::NONE) => text!(en: "it is written without a unit", zh: "它不带单位"),
        Type::Ratio => text!(en: "a ratio is written as `30%` or `0.3`", zh: "比例写作“30%”或“0.3”"),
        Type::Duration => {
            text!(en: "a duration is written as `40 years` or `6 months`", zh: "期限写作“40 年”或“6 个月”")
        }
        Type::Date => text!(en: "a day is written as `2024-12-04`", zh: "日期写作“2024-12-04”"),
        Type::Text => text!(en: "text is written in quotes", zh: "文本要加引号"),
        Type::Bool => text!(en: "write `true` or `false`, or a comparison", zh: "请写“真”“假”或一个比较"),
        Type::Number(_)
        | Type::Code(_)
        | Type::Enum(_)
        | Type::Range(_)
        | Type::Geometry(_)
        | Type::List(_)
        | Type::Item(_)
        | Type::All(_)
        | Type::Codes(_)
        | Type::Values(_)
        | Type::Set(_)
        | Type::Pieces { .. }
        | Type::Piece { .. }
        | Type::Error => same_type(),
    }
}
