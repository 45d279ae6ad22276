//! Comparisons, membership and logic.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Text, codes::language as codes};
use crate::model::{Type, Value};
use crate::sema::analysis::Analysis;
use crate::sema::describe::{describe, fits, shape};
use crate::sema::lists::members_of;
use crate::sema::program::{Expr, ExprKind, Order, Spatial};
use crate::sema::walk::same;
use crate::source::Span;
use crate::syntax::ast::{self, Comparison, ExprKind as Tree, IsState};
use crate::text;

impl Analysis<'_> {
    /// Reads `left and right` or `left or right`, as one with the same to its left.
    pub(super) fn junction(&mut self, and: bool, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let mut parts = Vec::new();
        for side in [left, right] {
            let side = self.condition(side);
            match side.kind {
                ExprKind::And(inner) if and => parts.extend(inner),
                ExprKind::Or(inner) if !and => parts.extend(inner),
                kind => parts.push(Expr { kind, ty: side.ty, span: side.span }),
            }
        }
        let kind = if and { ExprKind::And(parts) } else { ExprKind::Or(parts) };
        self.build(kind, Type::Bool, span)
    }

    /// Reads a comparison or predicate.
    pub(super) fn compare(
        &mut self,
        operator: Comparison,
        operator_span: Span,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Expr {
        let order = match operator {
            Comparison::Equal => Order::Equal,
            Comparison::NotEqual => Order::NotEqual,
            Comparison::Less => Order::Less,
            Comparison::LessOrEqual => Order::LessOrEqual,
            Comparison::Greater => Order::Greater,
            Comparison::GreaterOrEqual => Order::GreaterOrEqual,
            Comparison::In => return self.membership(left, right, span),
            Comparison::Has => return self.has(left, right, span),
            Comparison::Covers | Comparison::Overlaps => return self.two_faced(operator, left, right, span),
            Comparison::Within => return self.predicate(Spatial::Within, left, right, span),
            Comparison::Touches => return self.predicate(Spatial::Touches, left, right, span),
            Comparison::Contains => return self.predicate(Spatial::Contains, left, right, span),
            Comparison::Intersects => return self.predicate(Spatial::Intersects, left, right, span),
            Comparison::Disjoint => return self.predicate(Spatial::Disjoint, left, right, span),
            Comparison::Crosses => return self.predicate(Spatial::Crosses, left, right, span),
            Comparison::Equals => return self.predicate(Spatial::Equals, left, right, span),
            Comparison::Occupies => return self.predicate(Spatial::Occupies, left, right, span),
        };
        let (left, right) = self.pair(left, right);
        if left.ty == Type::Error || right.ty == Type::Error {
            return self.error(span);
        }
        let equality = matches!(order, Order::Equal | Order::NotEqual);
        let schema = &self.program.schema;
        let alike = fits(schema, &left.ty, &right.ty) && (!equality || is_value(&left.ty) && is_value(&right.ty));
        if !alike || !equality && !is_ordered(&left.ty) {
            return self.fail_compare(equality, operator_span, &left, &right, span);
        }
        self.warn_constant(order, &left, &right, span);
        Expr { kind: ExprKind::Compare(order, Box::new(left), Box::new(right)), ty: Type::Bool, span }
    }

    fn fail_compare(&mut self, equality: bool, operator_span: Span, left: &Expr, right: &Expr, span: Span) -> Expr {
        let schema = &self.program.schema;
        let (one, other) = (describe(schema, &left.ty), describe(schema, &right.ty));
        let alike = fits(schema, &left.ty, &right.ty);
        let shapes = shape(schema, &left.ty).is_some() && shape(schema, &right.ty).is_some();
        let numbers = left.ty.dimension().is_some() && right.ty.dimension().is_some();
        let code = if numbers { &codes::DIMENSION_MISMATCH } else { &codes::TYPE_MISMATCH };
        let message = if alike && !equality {
            Text::new(format!("`{}` has no order", one.en), format!("“{}”没有大小之分", one.zh))
        } else {
            Text::new(
                format!("cannot compare `{}` with `{}`", one.en, other.en),
                format!("“{}”不能与“{}”比较", one.zh, other.zh),
            )
        };
        let (a, b) = (self.text(left.span), self.text(right.span));
        let help = match (&left.ty, &right.ty) {
            _ if shapes && equality => text!(
                en: "for the same ground write `{a} equals {b}`",
                zh: "比较图形是否相同请写“{a} 等同 {b}”"
            ),
            (have, Type::Set(_) | Type::List(_) | Type::Range(_)) if !matches!(have, Type::List(_)) => text!(
                en: "write `{a} in {b}`",
                zh: "请写“{a} 属于 {b}”"
            ),
            _ if alike => text!(
                en: "compare with `==` or `!=`, or use `in`",
                zh: "请用 ==、!= 或“属于”"
            ),
            (_, want) if matches!(left.kind, ExprKind::Constant(_)) => self.advise_mismatch(left, want),
            (want, _) => self.advise_mismatch(right, want),
        };
        let diagnostic = Diagnostic::error(code, message)
            .label(operator_span)
            .label_with(left.span, one)
            .label_with(right.span, other)
            .help(help);
        self.fail(diagnostic, span)
    }

    /// Reports a comparison that always or never holds.
    fn warn_constant(&mut self, order: Order, left: &Expr, right: &Expr, span: Span) {
        let both_constant = matches!((&left.kind, &right.kind), (ExprKind::Constant(_), ExprKind::Constant(_)));
        if same(left, right) && !both_constant {
            let written = self.text(left.span);
            let message = text!(
                en: "`{written}` is compared with itself",
                zh: "“{written}”与自身比较"
            );
            let help = text!(en: "name another thing on one side", zh: "请将其中一边改为别的内容");
            self.report(Diagnostic::warning(&codes::COMPARED_WITH_ITSELF, message).label(span).help(help));
            return;
        }
        if !both_constant {
            return;
        }
        let (always, zh) = match holds(order, left, right) {
            Some(true) => ("always holds", "总是成立"),
            Some(false) => ("never holds", "永不成立"),
            None => return,
        };
        let message = text!(en: "this comparison {always}", zh: "这个比较{zh}");
        let help = text!(
            en: "both sides are constants; name a field or a measure on one",
            zh: "两边都是常量；其中一边应为字段或量算值"
        );
        self.report(Diagnostic::warning(&codes::CONSTANT_CONDITION, message).label(span).help(help));
    }

    /// Reads `left in right`.
    fn membership(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        if self.is_bare(left) && !self.is_bare(right) {
            let right = self.expr(right, None);
            let element = element_of(&right.ty);
            let left = match &element {
                Some(ty) => self.expr(left, Some(ty)),
                None => self.expr(left, None),
            };
            return self.member(left, right, span);
        }
        let left = self.expr(left, None);
        if let (Tree::List(items), Type::Code(_) | Type::Enum(_)) = (&right.kind, &left.ty) {
            let element = left.ty.clone();
            let (members, sound) = self.soundly(|analysis| analysis.read_members(&element, items));
            if !sound {
                return self.error(span);
            }
            if members.len() == items.len() {
                if members.is_empty() {
                    let message = text!(en: "nothing is in an empty list", zh: "空列表中什么都没有");
                    let help = text!(en: "list at least one value", zh: "请至少写一个值");
                    let diagnostic = Diagnostic::error(&codes::EMPTY_SET, message).label(right.span).help(help);
                    return self.fail(diagnostic, span);
                }
                let set = Arc::new(members_of(&element, members, Vec::new()));
                let set = Expr { kind: ExprKind::Set(set), ty: Type::Set(Box::new(element)), span: right.span };
                return self.member(left, set, span);
            }
            let list = self.expr(right, Some(&Type::List(Box::new(element))));
            return self.member(left, list, span);
        }
        let expected = match (&right.kind, &left.ty) {
            (Tree::List(_), ty) => Type::List(Box::new(ty.clone())),
            (Tree::Range { .. }, ty) => Type::Range(Box::new(ty.clone())),
            (_, ty) => ty.clone(),
        };
        let right = self.expr(right, Some(&expected));
        self.member(left, right, span)
    }

    fn member(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        if left.ty == Type::Error || right.ty == Type::Error {
            return self.error(span);
        }
        let schema = &self.program.schema;
        let fitting = match (&left.ty, &right.ty) {
            (Type::Code(list), Type::Code(other) | Type::Codes(other)) => list == other,
            (Type::Enum(id), Type::Values(other)) => id == other,
            (Type::Item(class), Type::All(other)) => class == other,
            (left, Type::Set(of) | Type::List(of) | Type::Range(of)) => fits(schema, left, of),
            _ => false,
        };
        if fitting {
            return Expr { kind: ExprKind::In(Box::new(left), Box::new(right)), ty: Type::Bool, span };
        }
        let (one, other) = (describe(schema, &left.ty), describe(schema, &right.ty));
        let message = Text::new(
            format!("`{}` cannot be in `{}`", one.en, other.en),
            format!("“{}”不能属于“{}”", one.zh, other.zh),
        );
        let (a, b) = (self.text(left.span), self.text(right.span));
        let shapes = shape(schema, &left.ty).is_some() && shape(schema, &right.ty).is_some();
        let help = match () {
            () if shapes => text!(en: "on the ground, write `{a} within {b}`", zh: "就空间而言请写“{a} 位于 {b}”"),
            () if left.ty == right.ty => text!(en: "write `{a} == {b}`", zh: "请写“{a} == {b}”"),
            () => text!(
                en: "`in` takes a set, a list, a range or a code of the same type",
                zh: "“属于”之后应是同类型的集合、列表、区间或代码"
            ),
        };
        let diagnostic = Diagnostic::error(&codes::TYPE_MISMATCH, message)
            .label_with(left.span, one)
            .label_with(right.span, other)
            .help(help);
        self.fail(diagnostic, span)
    }

    /// Reads `left has right`.
    fn has(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let left = self.expr(left, None);
        let element = match &left.ty {
            Type::Error => {
                let _ = self.expr(right, Some(&Type::Error));
                return self.error(span);
            }
            Type::List(of) => (**of).clone(),
            _ => {
                let have = describe(&self.program.schema, &left.ty);
                let (a, b) = (self.text(left.span), self.text(right.span));
                let message = Text::new(
                    format!("`has` asks a list, and this is `{}`", have.en),
                    format!("“包括”用于列表，而这是“{}”", have.zh),
                );
                let help = match left.ty {
                    Type::Text => text!(en: "write `matches({a}, \"*…*\")`", zh: "请写“匹配({a}, \"*…*\")”"),
                    _ => text!(en: "write `{b} in {a}`", zh: "请写“{b} 属于 {a}”"),
                };
                return self.fail(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(left.span).help(help), span);
            }
        };
        let right = self.checked(right, &element);
        self.build(ExprKind::Has(Box::new(left), Box::new(right)), Type::Bool, span)
    }

    /// Reads `covers` and `overlaps`, which codes, ranges and shapes share.
    pub(super) fn two_faced(&mut self, operator: Comparison, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let (left, right) = self.pair(left, right);
        match (&left.ty, &right.ty, operator) {
            (Type::Error, ..) | (_, Type::Error, _) => self.error(span),
            (Type::Code(list), Type::Code(other), Comparison::Covers) if list == other => {
                Expr { kind: ExprKind::CodeCovers(Box::new(left), Box::new(right)), ty: Type::Bool, span }
            }
            (Type::Range(one), Type::Range(other), Comparison::Overlaps) if fits(&self.program.schema, one, other) => {
                Expr { kind: ExprKind::RangeOverlaps(Box::new(left), Box::new(right)), ty: Type::Bool, span }
            }
            (Type::Code(_) | Type::Range(_), ..) | (_, Type::Code(_) | Type::Range(_), _) => {
                let operator_span = Span { file: span.file, start: left.span.end, end: right.span.start };
                self.fail_compare(true, operator_span, &left, &right, span)
            }
            _ => {
                let kind = if operator == Comparison::Covers { Spatial::Covers } else { Spatial::Overlaps };
                self.shapes(kind, left, right, span)
            }
        }
    }

    /// Reads `e is present`, `e is missing`, `e is empty`.
    pub(super) fn state(&mut self, value: &ast::Expr, state: IsState, span: Span) -> Expr {
        let of = self.expr(value, None);
        if of.ty == Type::Error {
            return self.error(span);
        }
        let of_span = of.span;
        match state {
            IsState::Present => Expr { kind: ExprKind::IsPresent(Box::new(of)), ty: Type::Bool, span },
            IsState::Missing => {
                let present = Expr { kind: ExprKind::IsPresent(Box::new(of)), ty: Type::Bool, span };
                Expr { kind: ExprKind::Not(Box::new(present)), ty: Type::Bool, span }
            }
            IsState::Empty => {
                let many = matches!(
                    of.ty,
                    Type::List(_)
                        | Type::Set(_)
                        | Type::All(_)
                        | Type::Pieces { .. }
                        | Type::Piece { .. }
                        | Type::Geometry(_)
                );
                if many {
                    return Expr { kind: ExprKind::IsEmpty(Box::new(of)), ty: Type::Bool, span };
                }
                let have = describe(&self.program.schema, &of.ty);
                let written = self.text(of_span);
                let message = Text::new(
                    format!("only a list, a layer or ground can be empty, and this is `{}`", have.en),
                    format!("只有列表、图层或图形才会为空，而这是“{}”", have.zh),
                );
                let help = text!(en: "write `{written} is missing`", zh: "请写“{written} 缺失”");
                self.fail(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(of_span).help(help), span)
            }
        }
    }
}

/// Returns the type of what a collection or range holds, as a bare word before `in` is understood.
fn element_of(ty: &Type) -> Option<Type> {
    match ty {
        Type::List(of) | Type::Set(of) | Type::Range(of) => Some((**of).clone()),
        Type::Codes(list) => Some(Type::Code(*list)),
        Type::Values(id) => Some(Type::Enum(*id)),
        Type::Code(_) | Type::Error => Some(ty.clone()),
        Type::Bool
        | Type::Number(_)
        | Type::Ratio
        | Type::Text
        | Type::Date
        | Type::Duration
        | Type::Enum(_)
        | Type::Geometry(_)
        | Type::Item(_)
        | Type::All(_)
        | Type::Pieces { .. }
        | Type::Piece { .. } => None,
    }
}

/// Tells whether things of a type can be told equal by `==`.
fn is_value(ty: &Type) -> bool {
    match ty {
        Type::Bool
        | Type::Number(_)
        | Type::Ratio
        | Type::Text
        | Type::Date
        | Type::Duration
        | Type::Code(_)
        | Type::Enum(_)
        | Type::Item(_)
        | Type::Error => true,
        Type::Range(of) | Type::List(of) => is_value(of),
        Type::Geometry(_)
        | Type::All(_)
        | Type::Codes(_)
        | Type::Values(_)
        | Type::Set(_)
        | Type::Pieces { .. }
        | Type::Piece { .. } => false,
    }
}

/// Tells whether things of a type have an order.
pub(super) fn is_ordered(ty: &Type) -> bool {
    ty.dimension().is_some() || matches!(ty, Type::Date | Type::Duration | Type::Error)
}

/// Returns what a comparison of two constants comes to.
fn holds(order: Order, left: &Expr, right: &Expr) -> Option<bool> {
    let (ExprKind::Constant(left), ExprKind::Constant(right)) = (&left.kind, &right.kind) else { return None };
    let ordering = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (left, right) => {
            return match order {
                Order::Equal => Some(left == right),
                Order::NotEqual => Some(left != right),
                Order::Less | Order::LessOrEqual | Order::Greater | Order::GreaterOrEqual => None,
            };
        }
    };
    Some(match order {
        Order::Equal => ordering.is_eq(),
        Order::NotEqual => ordering.is_ne(),
        Order::Less => ordering.is_lt(),
        Order::LessOrEqual => ordering.is_le(),
        Order::Greater => ordering.is_gt(),
        Order::GreaterOrEqual => ordering.is_ge(),
    })
}
