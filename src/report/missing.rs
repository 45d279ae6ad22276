//! What is unknown, in words: which thing, why, and where to put it.

use super::number::Printer;
use super::place::Spot;
use super::result::{Missing, Text};
use crate::diagnostic::Language;
use crate::engine::finding;
use crate::model::{Class, ClassId, ClassKind, Dataset, FieldId, ItemRef, SUBMISSION, Schema, Value};
use crate::source::Files;
use crate::text;

/// Puts one missing thing into words.
pub(super) fn missing(of: &finding::Missing, printer: Printer<'_>, files: &Files) -> Missing {
    let (schema, data) = (printer.schema, printer.data);
    let words = |what: String, reason: Text, place: Option<Text>| Missing { what, reason, place };
    let expression =
        |text: &str, reason: Text| words(text.split_whitespace().collect::<Vec<_>>().join(" "), reason, None);
    match of {
        finding::Missing::Class(class) => {
            let (kind, place) = supply(schema, *class);
            words(schema.class(*class).names.name.to_string(), kind, Some(place))
        }
        finding::Missing::PartlyRead(class) => words(
            schema.class(*class).names.name.to_string(),
            text!(en: "not read as a whole", zh: "未能完整读取"),
            Some(text!(en: "see the issues of its file", zh: "见该文件的数据问题")),
        ),
        finding::Missing::Field(item, field) => words(
            path(schema, *item, *field),
            text!(en: "not filled in", zh: "未填"),
            Some(field_place(schema, data, files, *item, *field)),
        ),
        finding::Missing::Unreadable(item, field) => words(
            path(schema, *item, *field),
            match data.value(*item, *field) {
                Value::Unreadable(raw) => text!(en: "`{raw}` cannot be read", zh: "“{raw}”无法识读"),
                _ => text!(en: "cannot be read", zh: "无法识读"),
            },
            Some(field_place(schema, data, files, *item, *field)),
        ),
        finding::Missing::Dangling(item, field) => words(
            path(schema, *item, *field),
            match data.value(*item, *field) {
                Value::Dangling(id) => text!(en: "refers to `{id}`, which does not exist", zh: "所指的“{id}”不存在"),
                _ => text!(en: "refers to something that does not exist", zh: "所指的对象不存在"),
            },
            Some(field_place(schema, data, files, *item, *field)),
        ),
        finding::Missing::Geometry(item) => words(
            format!("{}.geometry", schema.class(item.class).names.name),
            text!(en: "no valid shape", zh: "没有有效的图形"),
            Some(shape_place(data, files, *item)),
        ),
        finding::Missing::Tangled(item) => {
            let class = item.map_or("", |item| &schema.class(item.class).names.name);
            words(
                format!("{class}.geometry").trim_start_matches('.').to_owned(),
                text!(
                    en: "its border crosses another more often than can be worked out",
                    zh: "边界与其他图形的边界相交次数过多，无法叠加计算"
                ),
                item.map(|item| shape_place(data, files, item)),
            )
        }
        finding::Missing::NoMatch(text) => {
            expression(text, text!(en: "asks for one item and none fits", zh: "要求恰有一项，没有符合的"))
        }
        finding::Missing::SeveralMatch(text) => {
            expression(text, text!(en: "asks for one item and several fit", zh: "要求恰有一项，符合的不止一项"))
        }
        finding::Missing::EmptyAggregate(text) => {
            expression(text, text!(en: "nothing to take it of", zh: "没有可供计算的项"))
        }
        finding::Missing::DivisionByZero(text) => expression(text, text!(en: "division by zero", zh: "除数为零")),
        finding::Missing::WithinError(text) => expression(
            text,
            text!(en: "the two sides differ by less than the measuring error", zh: "两边之差小于量算误差"),
        ),
        finding::Missing::TooLarge(text) => expression(text, text!(en: "the number is too large", zh: "数值过大")),
        finding::Missing::CalendarDependent(text) => expression(
            text,
            text!(en: "months against days: which is longer depends on the calendar", zh: "以月与日相比，长短因历而异"),
        ),
        finding::Missing::NoSuchDay(text) => {
            expression(text, text!(en: "the calendar has no such day", zh: "日历上没有这一天"))
        }
    }
}

/// Returns why an unsupplied class is unknown, and where it is to be named.
fn supply(schema: &Schema, class: ClassId) -> (Text, Text) {
    let Class { names, kind, .. } = schema.class(class);
    let name = &names.name;
    match kind {
        ClassKind::Layer(_) => (
            text!(en: "layer not supplied", zh: "图层未提供"),
            text!(en: "guiju.yaml: layers.{name}", zh: "guiju.yaml：layers.{name}"),
        ),
        ClassKind::Record => (
            text!(en: "record not supplied", zh: "档案未提供"),
            text!(en: "guiju.yaml: records.{name}", zh: "guiju.yaml：records.{name}"),
        ),
        ClassKind::Table => (
            text!(en: "table not supplied", zh: "对照表未提供"),
            text!(en: "the pack that declares {name}", zh: "声明 {name} 的规则包"),
        ),
    }
}

fn path(schema: &Schema, item: ItemRef, field: FieldId) -> String {
    let class = schema.class(item.class);
    format!("{}.{}", class.names.name, class.fields[field.0 as usize].names.name)
}

fn file_of(data: &Dataset, files: &Files, item: ItemRef) -> Text {
    let place = data.items(item.class).place(item.index);
    let (name, spot) = (files.name(place.file), Spot::of(files, place));
    Text::new(spot.behind(name, Language::En), spot.behind(name, Language::Zh))
}

fn shape_place(data: &Dataset, files: &Files, item: ItemRef) -> Text {
    let (Text { en, zh }, id) = (file_of(data, files, item), data.items(item.class).id(item.index));
    text!(en: "{en}: shape of {id}", zh: "{zh}：{id} 的图形")
}

/// Names the file and the field as the data standards call it.
fn field_place(schema: &Schema, data: &Dataset, files: &Files, item: ItemRef, field: FieldId) -> Text {
    let class = schema.class(item.class);
    let field = &class.fields[field.0 as usize];
    let Text { en, zh } = file_of(data, files, item);
    let name = field.aliases.first().unwrap_or(&field.names.name);
    if item.class == SUBMISSION {
        return text!(en: "{en}: submission.{name}", zh: "{zh}：submission.{name}");
    }
    let id = data.items(item.class).id(item.index);
    if class.is_layer() {
        text!(en: "{en}: property {name} of {id}", zh: "{zh}：{id} 的属性 {name}")
    } else {
        text!(en: "{en}: {name} of {id}", zh: "{zh}：{id} 的 {name}")
    }
}
