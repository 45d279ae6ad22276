//! The rows of tables: cells of CSV files as values of the fields' types.

use std::sync::Arc;

use super::analysis::{Analysis, Thing};
use super::constants::{find_code, find_value, read_date, read_quantity};
use super::describe::describe;
use super::program::{Row, TableRows};
use super::{Cell, CsvInput};
use crate::diagnostic::{Diagnostic, Text, closest, codes::language as codes};
use crate::model::{ClassId, Field, FieldId, Schema, Type, Value};
use crate::source::Place;
use crate::syntax::ast::{self, ItemKind};
use crate::text;

impl<'a> Analysis<'a> {
    /// Reads the rows of all tables.
    pub(super) fn read_tables(&mut self) {
        self.for_each_declaration(|analysis, thing, item| {
            if let (ItemKind::Table { from, .. }, Thing::Class(class)) = (&item.kind, thing) {
                analysis.read_table(class, from);
            }
        });
    }

    fn read_table(&mut self, class: ClassId, from: &ast::Quoted) {
        let Some(csv) = self.csv(from) else { return };
        let fields = self.program.schema.class(class).fields.clone();
        let empty = Vec::new();
        let header = csv.rows.first().unwrap_or(&empty);
        let mut columns = Vec::new();
        for field in &fields {
            let names = |cell: &Cell| {
                let word = cell.text.trim();
                field.names.answers_to(word) || field.aliases.iter().any(|alias| &**alias == word)
            };
            let found = header.iter().position(names);
            if found.is_none() && !field.optional {
                let (file, name) = (&from.text, &field.names.name);
                let message = text!(
                    en: "`{file}` has no column `{name}`",
                    zh: "“{file}”中没有“{name}”这一列"
                );
                let help = match closest(name, header.iter().map(|cell| cell.text.trim())) {
                    Some(near) => text!(
                        en: "did you mean `{near}`? add `from {near}` to the field",
                        zh: "是否指“{near}”？可在字段后加“自 {near}”"
                    ),
                    None => text!(
                        en: "the first line of the file names its columns",
                        zh: "文件首行为列名"
                    ),
                };
                let span = field.span.unwrap_or(from.span);
                let diagnostic = Diagnostic::error(&codes::MISSING_COLUMN, message).label(span).label(from.span);
                self.report(diagnostic.help(help));
            }
            columns.push(found);
        }
        let mut rows = Vec::new();
        for row in csv.rows.iter().skip(1) {
            if row.iter().all(|cell| cell.text.trim().is_empty()) {
                continue;
            }
            let mut values = Vec::new();
            for (at, (field, column)) in fields.iter().zip(&columns).enumerate() {
                let broken = self.broken_fields.contains(&(class, FieldId(at as u16)));
                let cell = column.and_then(|column| row.get(column)).filter(|_| !broken);
                values.push(match cell {
                    Some(cell) => self.read_cell(csv, cell, field),
                    None => Value::Missing,
                });
            }
            let cells: Vec<&str> = row.iter().map(|cell| cell.text.trim()).collect();
            let (line, column) = row.first().map_or((0, 0), |cell| (cell.line, cell.column));
            rows.push(Row { id: cells.join("+").into(), place: Place { file: csv.file, line, column }, values });
        }
        self.program.tables.push(TableRows { class, rows });
    }

    fn read_cell(&mut self, csv: &CsvInput, cell: &Cell, field: &Field) -> Value {
        let text = cell.text.trim();
        let none = text.is_empty() || field.missing.iter().any(|missing| missing.trim() == text);
        if none && field.optional {
            return Value::Missing;
        }
        if !none && let Some(value) = read_value(&self.program.schema, text, &field.ty) {
            return value;
        }
        if let Type::Code(list) = field.ty
            && self.broken_things.contains(&Thing::Codes(list))
        {
            return Value::Missing;
        }
        let want = describe(&self.program.schema, &field.ty);
        let column = &field.names.name;
        let message = if none {
            text!(en: "column `{column}` is blank here", zh: "“{column}”这一列此处为空")
        } else {
            Text::new(format!("`{text}` cannot be read as `{}`", want.en), format!("“{text}”不能读作“{}”", want.zh))
        };
        let help = match &field.ty {
            _ if none => {
                text!(en: "fill it in, or make the field optional with `?`", zh: "请填写，或在字段类型后加“?”")
            }
            Type::Code(list) => self.advise_code(*list, text),
            Type::Enum(id) => {
                let values = &self.program.schema.enumeration(*id).values;
                match closest(text, values.iter().flat_map(super::resolve::both)) {
                    Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
                    None => text!(en: "write one of the enumeration's values", zh: "请写该枚举的值"),
                }
            }
            _ => text!(
                en: "write the value with its unit, a day as 2024-12-04, a list with `;` between",
                zh: "数值请带单位，日期写作 2024-12-04，列表以分号隔开"
            ),
        };
        let span = self.cell_span(csv, cell);
        self.report(Diagnostic::error(&codes::BAD_CELL, message).label(span).help(help));
        Value::Missing
    }
}

/// Reads the text of a cell as a value; a quantity without unit is in base units.
fn read_value(schema: &Schema, text: &str, ty: &Type) -> Option<Value> {
    let text = text.trim();
    match ty {
        Type::Text => Some(Value::Text(text.into())),
        Type::Bool => match text.to_lowercase().as_str() {
            "true" | "yes" | "1" | "是" | "真" => Some(Value::Bool(true)),
            "false" | "no" | "0" | "否" | "假" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Number(_) | Type::Ratio | Type::Duration => {
            let end = text.find(|char: char| !(char.is_ascii_digit() || matches!(char, '.' | '-' | '+' | ',')));
            let (number, unit) = text.split_at(end.unwrap_or(text.len()));
            let unit = Some(unit.trim()).filter(|unit| !unit.is_empty());
            let (value, found) = read_quantity(&number.replace(',', ""), unit)?;
            let fitting = match (&found, ty) {
                (Type::Number(_), Type::Number(_)) if unit.is_none() => true,
                (found, ty) => super::describe::fits(schema, found, ty),
            };
            fitting.then_some(value)
        }
        Type::Date => read_date(text).map(Value::Date),
        Type::Code(list) => find_code(schema, *list, text).map(Value::Code),
        Type::Enum(id) => find_value(schema, *id, text).map(|value| Value::Enum(*id, value)),
        Type::Range(end) => {
            let (low, high) = text.split_once("..")?;
            let read = |part: &str| match part.trim() {
                "" => Some(Value::Missing),
                part => read_value(schema, part, end),
            };
            let (low, high) = (read(low)?, read(high)?);
            (!super::check::reversed(&low, &high)).then(|| Value::Range(Arc::new((low, high))))
        }
        Type::List(of) => {
            let parts = text.split([';', '；', '、', '|']).map(str::trim).filter(|part| !part.is_empty());
            let values: Option<Vec<Value>> = parts.map(|part| read_value(schema, part, of)).collect();
            Some(Value::List(values?.into()))
        }
        Type::Geometry(_)
        | Type::Item(_)
        | Type::All(_)
        | Type::Codes(_)
        | Type::Values(_)
        | Type::Set(_)
        | Type::Pieces { .. }
        | Type::Piece { .. }
        | Type::Error => None,
    }
}
