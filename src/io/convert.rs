//! One value of the data to the type that the schema gives its field.

use std::sync::Arc;

use rust_decimal::Decimal;
use rustc_hash::FxHashSet;

use super::bounded::{self, Sharing};
use super::node::{Data, Node};
use super::quantities::{Amount, normalised, unit_named};
pub(super) use super::quantities::{parse_amount, parse_date, parse_duration};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text, closest};
use crate::model::{CodeRef, CodesId, Dimension, EnumId, Field, Schema, Type, Unit, Value};
use crate::text;

/// Something wrong with a value.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// Which kind of fault.
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub text: Text,
    /// First byte of the value.
    pub at: usize,
}

/// Texts that are remembered to be shared: names of classes and codes are among the first, ids and names of features are met once.
const SHARED: usize = 1 << 14;

/// Reads values by a schema; equal texts share their storage, as far as they are remembered.
#[derive(Debug)]
pub(super) struct Converter<'s> {
    schema: &'s Schema,
    texts: FxHashSet<Arc<str>>,
}

impl<'s> Converter<'s> {
    /// Returns a converter for a schema.
    pub(super) fn new(schema: &'s Schema) -> Self {
        Converter { schema, texts: FxHashSet::default() }
    }

    /// Returns the shared storage of a text.
    pub(super) fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let text: Arc<str> = text.into();
        if self.texts.len() < SHARED {
            self.texts.insert(text.clone());
        }
        text
    }

    /// Reads the value of a field. `Missing` for null, blank and what the field declares as none; `Unreadable` comes with a fault.
    pub(super) fn value(&mut self, field: &Field, sharing: Sharing, node: &Node<'_>, faults: &mut Vec<Fault>) -> Value {
        if node.is_blank() || stands_for_none(field, node) {
            return Value::Missing;
        }
        match (field.limit, &node.data) {
            (Some(limit), Data::Scalar(text)) => match bounded::read(field, limit, sharing, text, node.start, faults) {
                Ok(value) => value,
                Err((code, text)) => self.unreadable(code, text, node, faults),
            },
            // Items store each text once that repeats within a few of them.
            (None, Data::Scalar(text)) if field.ty == Type::Text => Value::Text(text.as_ref().into()),
            _ => self.typed(&field.ty, node, faults),
        }
    }

    fn unreadable(&mut self, code: &'static Code, text: Text, node: &Node<'_>, faults: &mut Vec<Fault>) -> Value {
        faults.push(Fault { code, severity: Severity::Error, text, at: node.start });
        Value::Unreadable(self.intern(&node.shown()))
    }

    fn typed(&mut self, ty: &Type, node: &Node<'_>, faults: &mut Vec<Fault>) -> Value {
        let read = match ty {
            Type::List(inner) => return self.list(inner, node, faults),
            Type::Range(inner) => self.range(inner, node),
            Type::Text => Ok(Value::Text(self.intern(&node.shown()))),
            Type::Item(_) => scalar(node).map(|id| Value::Dangling(self.intern(id.trim()))),
            Type::Bool => scalar(node).and_then(bool_value),
            Type::Number(dimension) => scalar(node).and_then(|text| number(text, *dimension)),
            Type::Ratio => scalar(node).and_then(|text| ratio(text, node.start, faults)),
            Type::Date => scalar(node).and_then(|text| match parse_date(text) {
                Some(day) => Ok(Value::Date(day)),
                None => Err(unreadable(text, "a date such as 2026-01-15", "日期（如 2026-01-15）")),
            }),
            Type::Duration => scalar(node).and_then(duration),
            Type::Code(CodesId::REGION) => scalar(node).and_then(|text| region(text, node.start, faults)),
            Type::Code(list) => scalar(node).and_then(|text| self.code(*list, text)),
            Type::Enum(id) => scalar(node).and_then(|text| self.enum_value(*id, text)),
            Type::Geometry(_) => Err(unreadable(&node.shown(), "a geometry", "几何")),
            // No field is declared with these.
            Type::All(_)
            | Type::Codes(_)
            | Type::Values(_)
            | Type::Set(_)
            | Type::Pieces { .. }
            | Type::Piece { .. }
            | Type::Error => return Value::Unreadable(self.intern(&node.shown())),
        };
        match read {
            Ok(value) => value,
            Err((code, text)) => self.unreadable(code, text, node, faults),
        }
    }

    fn list(&mut self, inner: &Type, node: &Node<'_>, faults: &mut Vec<Fault>) -> Value {
        let mut found = Vec::new();
        match &node.data {
            Data::List(items) => {
                for item in items.iter().filter(|item| !item.is_blank()) {
                    found.push(self.typed(inner, item, faults));
                }
            }
            Data::Scalar(text) => {
                for part in text.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|part| !part.is_empty()) {
                    found.push(self.typed(inner, &Node::scalar(part, node.start, node.end), faults));
                }
            }
            Data::Map(_) => {
                let (code, text) = unreadable(&node.shown(), "a list", "列表");
                return self.unreadable(code, text, node, faults);
            }
            Data::Null => {}
        }
        Value::List(found.into())
    }

    fn range(&mut self, inner: &Type, node: &Node<'_>) -> Result<Value, (&'static Code, Text)> {
        let expected = |node: &Node<'_>| unreadable(&node.shown(), "a range such as 0..10", "区间（如 0..10）");
        let (low, high) = match &node.data {
            Data::Scalar(text) => {
                let text = normalised(text).replace("—", "~").replace('至', "~");
                let ends = text.split_once("..").or_else(|| text.split_once('~')).ok_or_else(|| expected(node))?;
                let (low, high) = (ends.0.trim().to_owned(), ends.1.trim().to_owned());
                // `1..10 km`: the unit stands for both ends.
                let unit = |end: &str| parse_amount(end).map(|amount| amount.unit).filter(|unit| !unit.is_empty());
                let low = match (unit(&low), unit(&high)) {
                    (None, Some(unit)) if !low.is_empty() => format!("{low} {unit}"),
                    (Some(_) | None, Some(_) | None) => low,
                };
                (Node::scalar(low, node.start, node.end), Node::scalar(high, node.start, node.end))
            }
            Data::List(ends) => match ends.as_slice() {
                [low, high] => (low.clone(), high.clone()),
                _ => return Err(expected(node)),
            },
            Data::Map(entries) => {
                let known = |key: &Node<'_>| matches!(key.text(), Some("low" | "high" | "下限" | "上限"));
                if !entries.iter().all(|(key, _)| known(key)) {
                    return Err(expected(node));
                }
                let end = |key: &str, second: &str| node.get(key).or_else(|| node.get(second)).cloned();
                let open = Node { data: Data::Null, start: node.start, end: node.end };
                (end("low", "下限").unwrap_or(open.clone()), end("high", "上限").unwrap_or(open))
            }
            Data::Null => return Err(expected(node)),
        };
        let mut faults = Vec::new();
        let mut end =
            |node: &Node<'_>| if node.is_blank() { Value::Missing } else { self.typed(inner, node, &mut faults) };
        let (low, high) = (end(&low), end(&high));
        if let Some(fault) = faults.into_iter().find(|fault| fault.severity == Severity::Error) {
            return Err((fault.code, fault.text));
        }
        let reversed = match (&low, &high) {
            (Value::Number(low), Value::Number(high)) => low > high,
            (Value::Date(low), Value::Date(high)) => low > high,
            _ => false,
        };
        if reversed {
            let shown = node.shown();
            let text = text!(en: "the range `{shown}` begins above its end", zh: "区间“{shown}”的下限大于上限");
            return Err((&codes::UNREADABLE_VALUE, text));
        }
        Ok(Value::Range(Arc::new((low, high))))
    }

    fn code(&self, list: CodesId, text: &str) -> Result<Value, (&'static Code, Text)> {
        let codes = self.schema.code_list(list);
        let code = normalised(text);
        if let Some(entry) = codes.find(&code) {
            return Ok(Value::Code(CodeRef { list, entry }));
        }
        let name = codes.names.shown();
        let padded = format!("0{code}");
        let text = if code.bytes().all(|byte| byte.is_ascii_digit()) && codes.find(&padded).is_some() {
            text!(
                en: "`{code}` is not a code of {name}; if `{padded}` is meant, keep codes as text so that the zero stays",
                zh: "“{code}”不是{name}的代码；若为“{padded}”，请以文本保存代码，以免丢失前导零"
            )
        } else if let Some(entry) = codes.entries.iter().find(|entry| *entry.name == *code) {
            let meant = &entry.code;
            text!(
                en: "`{code}` is a name in {name}, not a code; its code is `{meant}`",
                zh: "“{code}”是{name}中的名称，不是代码；其代码为“{meant}”"
            )
        } else if let Some(meant) = closest(&code, codes.entries.iter().map(|entry| &*entry.code)) {
            text!(
                en: "`{code}` is not a code of {name}; did you mean `{meant}`?",
                zh: "“{code}”不是{name}的代码；是否应为“{meant}”？"
            )
        } else {
            text!(en: "`{code}` is not a code of {name}", zh: "“{code}”不是{name}的代码")
        };
        Err((&codes::UNKNOWN_CODE, text))
    }

    fn enum_value(&self, id: EnumId, text: &str) -> Result<Value, (&'static Code, Text)> {
        let list = self.schema.enumeration(id);
        let word = normalised(text);
        if let Some(at) = list.values.iter().position(|names| names.answers_to(&word)) {
            return Ok(Value::Enum(id, at as u16));
        }
        let name = list.names.shown();
        let both = || list.values.iter().flat_map(|names| std::iter::once(&*names.name).chain(names.second.as_deref()));
        let text = match closest(&word, both()) {
            Some(meant) => text!(
                en: "`{word}` is not a value of {name}; did you mean `{meant}`?",
                zh: "“{word}”不是{name}的取值；是否应为“{meant}”？"
            ),
            None => {
                let all = list.values.iter().map(|names| names.shown()).collect::<Vec<_>>().join(", ");
                text!(
                    en: "`{word}` is not a value of {name}, which are: {all}",
                    zh: "“{word}”不是{name}的取值；可用：{all}"
                )
            }
        };
        Err((&codes::UNKNOWN_VALUE, text))
    }
}

/// Tells whether the field declares the value as standing for none, as text or as the same number.
fn stands_for_none(field: &Field, node: &Node<'_>) -> bool {
    let Some(text) = node.text().map(str::trim) else { return false };
    field.missing.iter().any(|none| {
        **none == *text || matches!((none.parse::<Decimal>(), text.parse::<Decimal>()), (Ok(a), Ok(b)) if a == b)
    })
}

fn scalar<'n>(node: &'n Node<'_>) -> Result<&'n str, (&'static Code, Text)> {
    node.text().ok_or_else(|| unreadable(&node.shown(), "a single value", "单个值"))
}

pub(super) fn unreadable(found: &str, en: &str, zh: &str) -> (&'static Code, Text) {
    let found = shortened(found);
    (&codes::UNREADABLE_VALUE, text!(en: "`{found}` is not {en}", zh: "“{found}”不是{zh}"))
}

/// Returns at most 80 characters of a text, for a message.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn bool_value(text: &str) -> Result<Value, (&'static Code, Text)> {
    match normalised(text).to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "1.0" | "是" => Ok(Value::Bool(true)),
        "false" | "f" | "no" | "n" | "0" | "0.0" | "否" => Ok(Value::Bool(false)),
        _ => Err(unreadable(text, "yes or no", "“是”或“否”")),
    }
}

fn number(text: &str, dimension: Dimension) -> Result<Value, (&'static Code, Text)> {
    let (en, zh) = match dimension {
        Dimension::LENGTH => ("a length", "长度"),
        Dimension::AREA => ("an area", "面积"),
        Dimension::MONEY => ("an amount of money", "金额"),
        _ => ("a number", "数值"),
    };
    let amount = parse_amount(text).and_then(|amount| in_base(&amount, dimension));
    amount.map(Value::Number).ok_or_else(|| unreadable(text, en, zh))
}

/// Returns an amount in the base unit of a dimension; `None` if its unit is of another.
pub(super) fn in_base(amount: &Amount, dimension: Dimension) -> Option<Decimal> {
    if amount.unit.is_empty() {
        return Some(amount.number);
    }
    let unit: Unit = unit_named(&amount.unit).filter(|unit| unit.dimension() == dimension)?;
    unit.to_base(amount.number)
}

/// Up to where a bare number above one may be a ratio as well as a percentage: 1.5 may be 150 % or 1.5 %, 35 is 35 %.
const PERCENT_ABOVE: Decimal = Decimal::TWO;

fn ratio(text: &str, at: usize, faults: &mut Vec<Fault>) -> Result<Value, (&'static Code, Text)> {
    let bare = parse_amount(text).is_some_and(|amount| amount.unit.is_empty());
    let value = number(text, Dimension::NONE)?;
    let Value::Number(number) = value else { return Ok(value) };
    let mut warn = |text: Text| {
        faults.push(Fault { code: &codes::RATIO_OVER_ONE, severity: Severity::Warning, text, at });
    };
    match () {
        () if number <= Decimal::ONE => Ok(Value::Number(number)),
        () if !bare => {
            let shown = text.trim();
            warn(text!(
                en: "the ratio {shown} is above the whole and taken as it is",
                zh: "比例 {shown} 超过整体，按原值读取"
            ));
            Ok(Value::Number(number))
        }
        () if number > PERCENT_ABOVE => {
            warn(text!(
                en: "the ratio {number} is above 1 and was read as {number}%",
                zh: "比例 {number} 大于 1，按 {number}% 读取"
            ));
            Ok(Unit::Percent.to_base(number).map_or(Value::Missing, Value::Number))
        }
        () => {
            let parts = (number * Decimal::ONE_HUNDRED).normalize();
            let text = text!(
                en: "the ratio {number} may be {parts}% or {number}%; write which",
                zh: "比例 {number} 可能是 {parts}%，也可能是 {number}%；请写明"
            );
            Err((&codes::RATIO_OVER_ONE, text))
        }
    }
}

fn duration(text: &str) -> Result<Value, (&'static Code, Text)> {
    parse_duration(text).map(Value::Duration).ok_or_else(|| {
        if parse_amount(text).is_some_and(|amount| amount.unit.is_empty()) {
            let found = text.trim();
            let text = text!(
                en: "`{found}` has no unit of time; write `{found} years` or `{found}年`",
                zh: "“{found}”没有时间单位；请写作“{found}年”"
            );
            return (&codes::UNREADABLE_VALUE, text);
        }
        unreadable(text, "a duration such as 40 years", "期限（如 40年）")
    })
}

/// Reads an administrative code: six digits, or the nine or twelve of a township or village, whose first six are its county.
fn region(text: &str, at: usize, faults: &mut Vec<Fault>) -> Result<Value, (&'static Code, Text)> {
    let code = normalised(text);
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    let entry = match code.len() {
        6 | 9 | 12 if digits => code[..6].parse().ok(),
        _ => None,
    };
    let Some(entry) = entry else {
        return Err(unreadable(text, "an administrative code of six digits", "六位行政区划代码"));
    };
    if code[6..].bytes().any(|byte| byte != b'0') {
        let county = &code[..6];
        let text = text!(en: "`{code}` was taken as its county `{county}`", zh: "“{code}”按所在县“{county}”读取");
        faults.push(Fault { code: &codes::REGION_SHORTENED, severity: Severity::Note, text, at });
    }
    Ok(Value::Code(CodeRef { list: CodesId::REGION, entry }))
}
