//! Numbers with dimensions, days and durations, ranges.

use crate::diagnostic::{Diagnostic, Text, codes::language as codes};
use crate::model::{Dimension, Type, Value};
use crate::sema::analysis::Analysis;
use crate::sema::describe::{describe, fits};
use crate::sema::program::{Expr, ExprKind, Operator};
use crate::source::Span;
use crate::syntax::ast;
use crate::text;

impl Analysis<'_> {
    /// Reads `left + right` and the like.
    pub(super) fn arithmetic(
        &mut self,
        operator: ast::Arithmetic,
        operator_span: Span,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Expr {
        let (left, right) = (self.expr(left, None), self.expr(right, None));
        if left.ty == Type::Error || right.ty == Type::Error {
            return self.error(span);
        }
        let operator = match operator {
            ast::Arithmetic::Add => Operator::Add,
            ast::Arithmetic::Subtract => Operator::Subtract,
            ast::Arithmetic::Multiply => Operator::Multiply,
            ast::Arithmetic::Divide => Operator::Divide,
        };
        if let (Some(one), Some(other)) = (left.ty.dimension(), right.ty.dimension()) {
            return self.numbers(operator, operator_span, (left, one), (right, other), span);
        }
        let minus = operator == Operator::Subtract;
        let sum = operator == Operator::Add || minus;
        let (one, other) = (left.ty.clone(), right.ty.clone());
        let (left_box, right_box) = (Box::new(left), Box::new(right));
        let (kind, ty) = match (&one, &other) {
            (Type::Date, Type::Duration) if sum => {
                (ExprKind::DateShift { date: left_box, by: right_box, back: minus }, Type::Date)
            }
            (Type::Duration, Type::Date) if operator == Operator::Add => {
                (ExprKind::DateShift { date: right_box, by: left_box, back: false }, Type::Date)
            }
            (Type::Date, Type::Date) if minus => (ExprKind::DateDifference(left_box, right_box), Type::Duration),
            (Type::Duration, Type::Duration) if sum => {
                (ExprKind::DurationSum { left: left_box, right: right_box, minus }, Type::Duration)
            }
            _ => return self.fail_arithmetic(operator, operator_span, &left_box, &right_box, span),
        };
        Expr { kind, ty, span }
    }

    fn numbers(
        &mut self,
        operator: Operator,
        operator_span: Span,
        (left, one): (Expr, Dimension),
        (right, other): (Expr, Dimension),
        span: Span,
    ) -> Expr {
        let ratios = left.ty == Type::Ratio && right.ty == Type::Ratio;
        let ty = match operator {
            Operator::Add | Operator::Subtract if one != other => {
                return self.fail_arithmetic(operator, operator_span, &left, &right, span);
            }
            Operator::Add | Operator::Subtract if ratios => Type::Ratio,
            Operator::Add | Operator::Subtract => Type::Number(one),
            Operator::Multiply if ratios => Type::Ratio,
            Operator::Multiply => Type::Number(one.times(other)),
            Operator::Divide => {
                if let ExprKind::Constant(Value::Number(number)) = &right.kind
                    && number.is_zero()
                {
                    let message = text!(en: "this divides by zero", zh: "这里除以了零");
                    let help = text!(en: "correct the divisor", zh: "请更正除数");
                    let diagnostic =
                        Diagnostic::error(&codes::CONSTANT_CONDITION, message).label(right.span).help(help);
                    return self.fail(diagnostic, span);
                }
                Type::Number(one.over(other))
            }
        };
        Expr { kind: ExprKind::Arithmetic(operator, Box::new(left), Box::new(right)), ty, span }
    }

    fn fail_arithmetic(
        &mut self,
        operator: Operator,
        operator_span: Span,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Expr {
        let (one, other) = (describe(&self.program.schema, &left.ty), describe(&self.program.schema, &right.ty));
        let (en, zh, joint, joint_zh) = match operator {
            Operator::Add => ("add", "相加", "to", "与"),
            Operator::Subtract => ("subtract", "相减", "and", "与"),
            Operator::Multiply => ("multiply", "相乘", "by", "与"),
            Operator::Divide => ("divide", "相除", "by", "与"),
        };
        let message = Text::new(
            format!("cannot {en} `{}` {joint} `{}`", one.en, other.en),
            format!("“{}”{joint_zh}“{}”不能{zh}", one.zh, other.zh),
        );
        let numbers = left.ty.dimension().is_some() && right.ty.dimension().is_some();
        let code = if numbers { &codes::DIMENSION_MISMATCH } else { &codes::TYPE_MISMATCH };
        let help = match (&left.ty, &right.ty) {
            (Type::Text, _) | (_, Type::Text) => text!(
                en: "text is put together in messages: `\"{{a}}{{b}}\"`",
                zh: "文本在说明中拼接：\"{{a}}{{b}}\""
            ),
            (_, want) if numbers => self.advise_mismatch(left, want),
            (have, want)
                if crate::sema::describe::shape(&self.program.schema, have).is_some() && want.dimension().is_some() =>
            {
                self.advise_mismatch(left, want)
            }
            (have, _) if have.dimension().is_some() => self.advise_mismatch(right, have),
            _ => text!(
                en: "numbers of one dimension can be added; a date takes a duration such as `2 years`",
                zh: "同一量纲的数才能加减；日期可加减期限，如“2年”"
            ),
        };
        let (here, there) = (one.clone(), other.clone());
        let diagnostic = Diagnostic::error(code, message)
            .label(operator_span)
            .label_with(left.span, here)
            .label_with(right.span, there)
            .help(help);
        self.fail(diagnostic, span)
    }

    /// Reads `-e`.
    pub(super) fn negate(&mut self, of: &ast::Expr, expected: Option<&Type>, span: Span) -> Expr {
        let of = self.expr(of, expected);
        match (&of.kind, of.ty.dimension()) {
            _ if of.ty == Type::Error => self.error(span),
            (ExprKind::Constant(Value::Number(number)), Some(_)) => {
                let value = Value::Number(-*number);
                Expr { kind: ExprKind::Constant(value), ty: of.ty, span }
            }
            (_, Some(_)) => {
                let ty = of.ty.clone();
                Expr { kind: ExprKind::Negate(Box::new(of)), ty, span }
            }
            (_, None) => self.fitting(of, &Type::NUMBER),
        }
    }

    /// Reads `low .. high`.
    pub(super) fn range(
        &mut self,
        low: Option<&ast::Expr>,
        high: Option<&ast::Expr>,
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let end = match expected {
            Some(Type::Range(end)) => Some((**end).clone()),
            _ => None,
        };
        let (low, high) = match (low, high) {
            (Some(low), Some(high)) if end.is_none() => {
                let (low, high) = self.pair(low, high);
                (Some(low), Some(high))
            }
            (low, high) => {
                (low.map(|low| self.expr(low, end.as_ref())), high.map(|high| self.expr(high, end.as_ref())))
            }
        };
        let ty = match (&low, &high) {
            (Some(end), _) | (None, Some(end)) => end.ty.clone(),
            (None, None) => end.unwrap_or(Type::NUMBER),
        };
        if ty == Type::Error {
            return self.error(span);
        }
        let ordered = ty.dimension().is_some() || ty == Type::Date || ty == Type::Duration;
        if !ordered {
            let have = describe(&self.program.schema, &ty);
            let message = Text::new(format!("there is no range of `{}`", have.en), format!("“{}”没有区间", have.zh));
            let help = text!(
                en: "ranges are of numbers, quantities, dates and durations",
                zh: "区间由数、量、日期或期限构成"
            );
            return self.fail(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(span).help(help), span);
        }
        let high =
            high.map(|high| if fits(&self.program.schema, &high.ty, &ty) { high } else { self.fitting(high, &ty) });
        if let (Some(low), Some(high)) = (&low, &high)
            && let (ExprKind::Constant(low), ExprKind::Constant(high)) = (&low.kind, &high.kind)
            && reversed(low, high)
        {
            let message = text!(
                en: "the range is empty: its low end is above its high end",
                zh: "区间为空：下限大于上限"
            );
            let help = text!(en: "swap the two ends", zh: "请对调两端");
            return self.fail(Diagnostic::error(&codes::REVERSED_RANGE, message).label(span).help(help), span);
        }
        self.build(ExprKind::Range(low.map(Box::new), high.map(Box::new)), Type::Range(Box::new(ty)), span)
    }
}

/// Tells whether two ends of a range stand the wrong way round.
pub(in crate::sema) fn reversed(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Number(low), Value::Number(high)) => low > high,
        (Value::Date(low), Value::Date(high)) => low > high,
        (Value::Duration(low), Value::Duration(high)) => {
            low.months >= high.months && low.days >= high.days && low != high
        }
        _ => false,
    }
}
