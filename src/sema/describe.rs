//! Types in the words of people.

use crate::diagnostic::Text;
use crate::model::{Class, ClassId, ClassKind, Dimension, Kind, Names, Schema, Type};

/// Returns what people call a type.
pub(super) fn describe(schema: &Schema, ty: &Type) -> Text {
    match ty {
        Type::Bool => Text::new("yes or no", "是否"),
        Type::Number(dimension) => describe_dimension(*dimension),
        Type::Ratio => Text::new("ratio", "比例"),
        Type::Text => Text::new("text", "文本"),
        Type::Date => Text::new("date", "日期"),
        Type::Duration => Text::new("duration", "期限"),
        Type::Code(list) => both("code of ", "的代码", &schema.code_list(*list).names),
        Type::Enum(id) => both("", "", &schema.enumeration(*id).names),
        Type::Range(of) => around("range of ", "的范围", describe(schema, of)),
        Type::List(of) | Type::Set(of) if **of == Type::Error => Text::new("list", "列表"),
        Type::List(of) => around("list of ", "的列表", describe(schema, of)),
        Type::Set(of) => around("set of ", "的集合", describe(schema, of)),
        Type::Geometry(None) => Text::new("geometry", "图形"),
        Type::Geometry(Some(Kind::Polygon)) => Text::new("polygon", "面"),
        Type::Geometry(Some(Kind::Line)) => Text::new("line", "线"),
        Type::Geometry(Some(Kind::Point)) => Text::new("point", "点"),
        Type::Item(class) => both("one ", "（一个）", &schema.class(*class).names),
        Type::All(class) => both("all of ", "（全部）", &schema.class(*class).names),
        Type::Codes(list) => both("the codes of ", "的全部代码", &schema.code_list(*list).names),
        Type::Values(id) => both("the values of ", "的全部值", &schema.enumeration(*id).names),
        Type::Pieces { .. } => Text::new("pieces of ground", "相交的图形"),
        Type::Piece { .. } => Text::new("a piece of ground", "一块相交的图形"),
        Type::Error => Text::new("something that is wrong itself", "有误的内容"),
    }
}

fn both(before: &str, after: &str, names: &Names) -> Text {
    Text::new(format!("{before}{}", names.name), format!("{}{after}", names.shown()))
}

fn around(before: &str, after: &str, inner: Text) -> Text {
    Text::new(format!("{before}{}", inner.en), format!("{}{after}", inner.zh))
}

/// Returns what people call a dimension: the usual ones by name, others by their base units.
fn describe_dimension(dimension: Dimension) -> Text {
    match dimension {
        Dimension::NONE => Text::new("number", "数"),
        Dimension::LENGTH => Text::new("length", "长度"),
        Dimension::AREA => Text::new("area", "面积"),
        Dimension::MONEY => Text::new("money", "金额"),
        Dimension { length: 3, money: 0, time: 0 } => Text::new("volume", "体积"),
        Dimension { length: -2, money: 1, time: 0 } => Text::new("money per area", "单位面积金额"),
        Dimension { length: -1, money: 1, time: 0 } => Text::new("money per length", "单位长度金额"),
        Dimension { length, money, time } => Text::new(
            format!("number in {}", powers([("m", length), ("yuan", money), ("day", time)])),
            format!("以 {} 计的数", powers([("米", length), ("元", money), ("日", time)])),
        ),
    }
}

fn powers(units: [(&str, i8); 3]) -> String {
    let written = units.iter().filter(|(_, power)| *power != 0).map(|(unit, power)| match power {
        1 => (*unit).to_owned(),
        _ => format!("{unit}^{power}"),
    });
    written.collect::<Vec<_>>().join("·")
}

/// Returns the kind of shape that something of this type has; `None` if it has no shape, `Some(None)` if any kind is possible.
pub(super) fn shape(schema: &Schema, ty: &Type) -> Option<Option<Kind>> {
    match ty {
        Type::Geometry(kind) | Type::Pieces { kind, .. } | Type::Piece { kind, .. } => Some(*kind),
        Type::Item(class) | Type::All(class) => class_shape(schema, *class),
        Type::List(of) => shape(schema, of),
        Type::Error => Some(None),
        Type::Bool
        | Type::Number(_)
        | Type::Ratio
        | Type::Text
        | Type::Date
        | Type::Duration
        | Type::Code(_)
        | Type::Enum(_)
        | Type::Range(_)
        | Type::Codes(_)
        | Type::Values(_)
        | Type::Set(_) => None,
    }
}

fn class_shape(schema: &Schema, class: ClassId) -> Option<Option<Kind>> {
    let class = schema.class(class);
    match class.kind {
        ClassKind::Layer(kind) => Some(kind),
        ClassKind::Record | ClassKind::Table => geometry_field(class).copied(),
    }
}

fn geometry_field(class: &Class) -> Option<&Option<Kind>> {
    let field = class.fields.iter().find(|field| field.names.answers_to("geometry"))?;
    let Type::Geometry(kind) = &field.ty else { return None };
    Some(kind)
}

/// Tells whether a value of type `have` can stand where `want` is asked for.
pub(super) fn fits(schema: &Schema, have: &Type, want: &Type) -> bool {
    match (have, want) {
        (Type::Error, _) | (_, Type::Error) => true,
        (Type::Ratio, Type::Number(Dimension::NONE)) | (Type::Number(Dimension::NONE), Type::Ratio) => true,
        (Type::All(class), Type::List(of)) => **of == Type::Item(*class),
        (Type::List(have), Type::List(want))
        | (Type::Range(have), Type::Range(want))
        | (Type::Set(have), Type::Set(want)) => fits(schema, have, want),
        (have, Type::Geometry(want)) => match (shape(schema, have), want) {
            (Some(Some(have)), Some(want)) => have == *want,
            (Some(_), _) => true,
            (None, _) => false,
        },
        (have, want) => have == want,
    }
}
