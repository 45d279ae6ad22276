//! Literals: numbers with units, days, codes and values of enumerations by the type that is expected.

use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::analysis::Analysis;
use super::describe::describe;
use super::program::{Expr, ExprKind};
use super::resolve::both;
use super::vocabulary::{self, UnitWord};
use crate::diagnostic::{Diagnostic, Text, closest, codes::language as codes};
use crate::model::{CodeRef, CodesId, Dimension, Duration, EnumId, Schema, Type, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::text;

/// Finds a code of a list by its text.
pub(super) fn find_code(schema: &Schema, list: CodesId, code: &str) -> Option<CodeRef> {
    let code = code.trim();
    if list == CodesId::REGION {
        let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        return digits.then(|| code.parse().ok()).flatten().map(|entry| CodeRef { list, entry });
    }
    schema.code_list(list).find(code).map(|entry| CodeRef { list, entry })
}

/// Finds a value of an enumeration by either name.
pub(super) fn find_value(schema: &Schema, of: EnumId, word: &str) -> Option<u16> {
    let position = schema.enumeration(of).values.iter().position(|value| value.answers_to(word.trim()))?;
    Some(position as u16)
}

/// Reads `2024-12-04`.
pub(super) fn read_date(text: &str) -> Option<Date> {
    Date::from_str(text.trim()).ok()
}

/// Reads a number and its unit word; a unit of time must give whole months or days.
pub(super) fn read_quantity(number: &str, unit: Option<&str>) -> Option<(Value, Type)> {
    let number = Decimal::from_str_exact(number).ok()?;
    let Some(unit) = unit else { return Some((Value::Number(number), Type::NUMBER)) };
    let whole = |per: i32| i32::try_from(number.checked_mul(per.into())?.normalize()).ok();
    match vocabulary::unit(unit)? {
        UnitWord::Of(unit) => {
            let ty = match unit.dimension() {
                Dimension::NONE => Type::Ratio,
                dimension => Type::Number(dimension),
            };
            Some((Value::Number(unit.to_base(number)?), ty))
        }
        UnitWord::Months(per) => {
            let whole = exact(number, per).then(|| whole(per)).flatten()?;
            Some((Value::Duration(Duration { months: whole, days: 0 }), Type::Duration))
        }
        UnitWord::Days(per) => {
            let whole = exact(number, per).then(|| whole(per)).flatten()?;
            Some((Value::Duration(Duration { months: 0, days: whole }), Type::Duration))
        }
    }
}

fn exact(number: Decimal, per: i32) -> bool {
    number.checked_mul(per.into()).is_some_and(|product| product.fract().is_zero())
}

impl Analysis<'_> {
    fn constant(&self, value: Value, ty: Type, span: Span) -> Expr {
        Expr { kind: ExprKind::Constant(value), ty, span }
    }

    /// Reads a number, or a code where one is expected.
    pub(super) fn number(&mut self, raw: &str, unit: Option<&ast::Name>, expected: Option<&Type>, span: Span) -> Expr {
        match expected {
            Some(Type::Code(list)) => {
                let whole: Arc<str> = match unit {
                    Some(unit) => format!("{raw}{}", unit.text).into(),
                    None => raw.into(),
                };
                return self.code(*list, &whole, span);
            }
            Some(Type::Enum(id)) if unit.is_none() && find_value(&self.program.schema, *id, raw).is_some() => {
                return self.enum_value(*id, raw, span);
            }
            _ => {}
        }
        if let Some(unit) = unit
            && vocabulary::unit(&unit.text).is_none()
        {
            self.report_unknown_unit(&unit.text, unit.span);
            return self.error(span);
        }
        let leading_zero = raw.len() > 1 && raw.starts_with('0') && !raw.starts_with("0.");
        let letters = raw.bytes().any(|byte| byte.is_ascii_alphabetic());
        if unit.is_none() && (leading_zero || letters) {
            let message = text!(
                en: "`{raw}` looks like a code, but no code is expected here",
                zh: "“{raw}”像是代码，但这里不要代码"
            );
            let help = text!(
                en: "a code is written bare only where it meets a field of type `code<…>`",
                zh: "只有与“代码<…>”类型的字段相比时，代码才能直接书写"
            );
            return self.fail(Diagnostic::error(&codes::CODE_WITHOUT_LIST, message).label(span).help(help), span);
        }
        match read_quantity(raw, unit.map(|unit| &*unit.text)) {
            Some((value, ty)) => self.constant(value, ty, span),
            None => {
                let shown = self.text(span);
                let message = text!(
                    en: "`{shown}` cannot be read as a quantity",
                    zh: "“{shown}”不能读作数量"
                );
                let help = text!(
                    en: "a duration is a whole number of months or days, and a number has at most 28 digits",
                    zh: "期限须为整月或整日，数字最多 28 位"
                );
                self.fail(Diagnostic::error(&codes::BAD_LITERAL, message).label(span).help(help), span)
            }
        }
    }

    /// Reports a unit that there is not.
    pub(super) fn report_unknown_unit(&mut self, word: &str, span: Span) {
        let message = text!(en: "there is no unit `{word}`", zh: "没有“{word}”这个单位");
        let near = closest(word, vocabulary::unit_words());
        let help =
            near.map(|near| text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？")).unwrap_or_else(|| {
                text!(
                    en: "units are m, km, m2, ha, km2, mu, 亩, 公顷, yuan, 万元, 亿元, %, years, months, days",
                    zh: "单位有 米、公里、平方米、公顷、平方公里、亩、元、万元、亿元、%、年、月、日"
                )
            });
        self.report(Diagnostic::error(&codes::UNKNOWN_UNIT, message).label(span).help(help));
    }

    /// Reads a code of a list.
    pub(super) fn code(&mut self, list: CodesId, code: &str, span: Span) -> Expr {
        if let Some(found) = find_code(&self.program.schema, list, code) {
            return self.constant(Value::Code(found), Type::Code(list), span);
        }
        if self.broken_things.contains(&super::analysis::Thing::Codes(list)) {
            return self.error(span);
        }
        let name = self.program.schema.code_list(list).names.clone();
        let message =
            Text::new(format!("`{}` has no code `{code}`", name.name), format!("“{}”中没有代码“{code}”", name.shown()));
        let help = self.advise_code(list, code);
        self.fail(Diagnostic::error(&codes::UNDEFINED_CODE, message).label(span).help(help), span)
    }

    /// Returns what may have been meant by an unknown code.
    pub(super) fn advise_code(&self, list: CodesId, code: &str) -> Text {
        if list == CodesId::REGION {
            return text!(en: "a region has six digits, such as 360400", zh: "行政区代码为六位数字，如 360400");
        }
        let entries = &self.program.schema.code_list(list).entries;
        if let Some(entry) = entries.iter().find(|entry| &*entry.name == code) {
            let code = &entry.code;
            return text!(en: "its code is `{code}`", zh: "它的代码是“{code}”");
        }
        let shorter = (1..code.len()).rev().filter_map(|end| code.get(..end));
        let near = shorter.into_iter().find_map(|prefix| self.program.schema.code_list(list).find(prefix));
        let near = near.map(|entry| &*entries[entry as usize].code);
        let near = near.or_else(|| closest(code, entries.iter().map(|entry| &*entry.code)));
        match near {
            Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
            None => text!(
                en: "the codes are the first column of the list's file",
                zh: "代码见该表文件的第一列"
            ),
        }
    }

    /// Reads a value of an enumeration.
    pub(super) fn enum_value(&mut self, of: EnumId, word: &str, span: Span) -> Expr {
        if let Some(found) = find_value(&self.program.schema, of, word) {
            return self.constant(Value::Enum(of, found), Type::Enum(of), span);
        }
        if self.broken_things.contains(&super::analysis::Thing::Enum(of)) {
            return self.error(span);
        }
        let enumeration = self.program.schema.enumeration(of);
        let message = Text::new(
            format!("`{}` has no value `{word}`", enumeration.names.name),
            format!("“{}”没有“{word}”这个值", enumeration.names.shown()),
        );
        let help = match closest(word, enumeration.values.iter().flat_map(both)) {
            Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
            None => {
                let en: Vec<_> = enumeration.values.iter().map(|value| format!("`{}`", value.name)).collect();
                let zh: Vec<_> = enumeration.values.iter().map(|value| format!("“{}”", value.shown())).collect();
                Text::new(format!("it has {}", en.join(", ")), format!("可选值为{}", zh.join("、")))
            }
        };
        self.fail(Diagnostic::error(&codes::UNDEFINED_VALUE, message).label(span).help(help), span)
    }

    /// Reads a day.
    pub(super) fn date(&mut self, text: &str, span: Span) -> Expr {
        match read_date(text) {
            Some(date) => self.constant(Value::Date(date), Type::Date, span),
            None => {
                let message = text!(en: "`{text}` is no day of the calendar", zh: "“{text}”不是日历上的日期");
                let help = text!(en: "a day is written 2024-12-04", zh: "日期写作 2024-12-04");
                self.fail(Diagnostic::error(&codes::BAD_LITERAL, message).label(span).help(help), span)
            }
        }
    }

    /// Reads a text, or a code where one is expected.
    pub(super) fn text_literal(&mut self, text: &Arc<str>, expected: Option<&Type>, span: Span) -> Expr {
        match expected {
            Some(Type::Code(list)) => self.code(*list, text, span),
            _ => self.constant(Value::Text(text.clone()), Type::Text, span),
        }
    }

    /// Reads an expression whose value must be known now, as a value of the type.
    pub(super) fn constant_value(&mut self, tree: &ast::Expr, ty: &Type) -> Option<Value> {
        let expr = self.checked(tree, ty);
        if expr.ty == Type::Error {
            return None;
        }
        let value = fold(&expr);
        if value.is_none() {
            let wanted = describe(&self.program.schema, ty);
            let message =
                Text::new(format!("a constant {} is wanted here", wanted.en), format!("这里需要{}常量", wanted.zh));
            let help = text!(
                en: "write the value itself, with its unit",
                zh: "请直接写出数值及其单位"
            );
            self.report(Diagnostic::error(&codes::NOT_CONSTANT, message).label(tree.span).help(help));
        }
        value
    }

    /// Reads an expression that must be a day.
    pub(super) fn constant_date(&mut self, tree: &ast::Expr) -> Option<Date> {
        match self.constant_value(tree, &Type::Date)? {
            Value::Date(date) => Some(date),
            _ => None,
        }
    }
}

/// Returns the value of a constant expression.
pub(super) fn fold(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        ExprKind::Negate(of) => match fold(of)? {
            Value::Number(number) => Some(Value::Number(-number)),
            _ => None,
        },
        ExprKind::List(items) => Some(Value::List(items.iter().map(fold).collect::<Option<Vec<_>>>()?.into())),
        ExprKind::Range(low, high) => {
            let end = |end: &Option<Box<Expr>>| end.as_deref().map_or(Some(Value::Missing), fold);
            Some(Value::Range(Arc::new((end(low)?, end(high)?))))
        }
        _ => None,
    }
}
