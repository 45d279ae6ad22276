//! Tables as people keep them, made ready to be read as records: units in the names of columns, rows that only add up others, and the
//! column that says which record a row belongs to.

use super::csv::CsvTable;
use super::quantities::{normalised, parse_amount, unit_named};
use crate::model::{ClassId, ClassKind, Dimension, FieldId, Schema, Type, Unit};
use crate::source::Place;

/// What stands in the first cell of a row that adds up others.
const TOTALS: [&str; 6] = ["合计", "小计", "总计", "total", "subtotal", "sum"];

/// What rows that only remark on others begin with, in front of a colon.
const REMARKS: [&str; 10] = ["备注", "注", "说明", "填表人", "制表人", "制表", "审核人", "审核", "复核人", "填报单位"];
/// Units of spans of time.
const SPANS: [&str; 6] = ["年", "月", "个月", "日", "天", "周年"];
/// What is counted: behind the name of a column it adds nothing to its numbers.
const COUNTED: [&str; 12] = ["个", "人", "户", "宗", "块", "处", "套", "幢", "栋", "座", "层", "次"];

/// Moves units from the names of columns, and from what stands above the table, to the numbers: `金额（万元）` over `300` becomes `金额`
/// over `300 万元`. A name that is a field as it stands is left alone. `ty` tells what a column of a name holds, if it is one.
pub(super) fn move_units(table: &mut CsvTable, mut ty: impl FnMut(&str) -> Option<Type>) {
    let stated = stated_units(&table.above);
    for (column, (name, _)) in table.header.iter_mut().enumerate() {
        let (holds, unit) = match (ty(name), bare_and_unit(name)) {
            (Some(holds), _) => (holds, None),
            (None, Some((bare, unit))) => {
                let Some(holds) = ty(&bare) else { continue };
                if unit_named(&unit).is_none() && !COUNTED.contains(&&*unit) && holds != Type::Duration {
                    continue;
                }
                *name = bare;
                (holds, Some(unit).filter(|unit| !COUNTED.contains(&&**unit)))
            }
            (None, None) => continue,
        };
        let is_of = |unit: &&String| unit_named(unit).map(Unit::dimension) == holds.dimension();
        let above = || stated.iter().find(is_of).cloned().filter(|_| holds.dimension() != Some(Dimension::NONE));
        let Some(unit) = unit.or_else(above) else { continue };
        for row in &mut table.rows {
            let cell = &mut row[column].text;
            if parse_amount(cell).is_some_and(|amount| amount.unit.is_empty()) {
                *cell = format!("{cell} {unit}");
            }
        }
    }
}

/// Returns the name of the field in a column's name that has a unit in parentheses behind it.
pub(super) fn bare(name: &str) -> Option<String> {
    bare_and_unit(name).map(|(bare, _)| bare)
}

/// Divides a column's name into the field's and the unit behind it in parentheses.
fn bare_and_unit(name: &str) -> Option<(String, String)> {
    let name: String = name.split_whitespace().collect();
    let inner = name.strip_suffix([')', '）'])?;
    let (bare, unit) = inner.rsplit_once(['(', '（'])?;
    let unit = unit.trim_start_matches("单位：").trim_start_matches("单位:");
    let known = unit_named(unit).is_some() || SPANS.contains(&unit) || COUNTED.contains(&unit);
    known.then(|| (bare.to_owned(), unit.to_owned()))
}

/// Returns the units that notes above a table state for all of it: `单位：万元、亩`.
fn stated_units(notes: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for note in notes {
        let note = normalised(note).replace(char::is_whitespace, "");
        let Some((_, units)) = note.split_once("单位:") else { continue };
        let units = units.split(['、', ',', ';', '/', ')', '及', '和']).filter(|unit| unit_named(unit).is_some());
        found.extend(units.map(str::to_owned));
    }
    found
}

/// Takes out the rows that are no records: those that add up others, and remarks below a table. Returns where they stood.
pub(super) fn take_others(table: &mut CsvTable) -> Vec<Place> {
    let mut found = Vec::new();
    let file = table.file;
    let is_total = |text: &str| TOTALS.contains(&text.replace([' ', '　', ':', '：'], "").to_lowercase().as_str());
    let is_remark = |text: &str| {
        text.split_once([':', '：'])
            .is_some_and(|(before, _)| REMARKS.contains(&before.replace([' ', '　'], "").as_str()))
    };
    table.rows.retain(|row| {
        let first = row.iter().find(|cell| !cell.text.is_empty());
        let other = first.filter(|cell| is_total(&cell.text) || is_remark(&cell.text));
        found.extend(other.map(|cell| Place { file, line: cell.line, column: cell.column }));
        other.is_none()
    });
    found
}

/// The field of another kind of record that lists those of a class: `rights` of a package, for rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Owner {
    /// The kind of the record that owns.
    pub(super) class: ClassId,
    /// Its list.
    pub(super) field: FieldId,
}

/// Returns the column that names, by id, the record that each row belongs to: it is called as a kind of record that has one list of the
/// row's kind, such as `资产包` over rights, and is no field of the row's kind itself.
pub(super) fn owner_column(table: &CsvTable, class: ClassId, schema: &Schema) -> Option<(usize, Owner)> {
    table.header.iter().enumerate().find_map(|(at, (name, _))| Some((at, owner(name, class, schema)?)))
}

/// Returns whose rows a column of this name tells.
pub(super) fn owner(name: &str, class: ClassId, schema: &Schema) -> Option<Owner> {
    let owning = schema.find_class(name).filter(|owning| schema.class(*owning).kind == ClassKind::Record)?;
    let lists_it = |ty: &Type| matches!(ty, Type::List(inner) if **inner == Type::Item(class));
    let fields = &schema.class(owning).fields;
    let mut lists = fields.iter().enumerate().filter(|(_, field)| lists_it(&field.ty));
    let own_field = schema.class(class).fields.iter().any(|field| field.names.answers_to(name));
    match (lists.next(), lists.next()) {
        (Some((field, _)), None) if !own_field => Some(Owner { class: owning, field: FieldId(field as u16) }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::csv::parse_csv;
    use crate::source::FileId;

    fn cells(table: &CsvTable) -> Vec<&str> {
        table.rows.iter().flatten().map(|cell| cell.text.as_str()).collect()
    }

    fn ty(name: &str) -> Option<Type> {
        Some(match name {
            "项目" | "备注" => Type::Text,
            "金额" => Type::Number(Dimension::MONEY),
            "面积" => Type::Number(Dimension::AREA),
            "比例" => Type::Ratio,
            "年限" => Type::Duration,
            "户数" => Type::Number(Dimension::NONE),
            _ => return None,
        })
    }

    #[test]
    fn units_move_from_names_to_numbers() {
        let source = "项目,金额（万元）,面积(亩),备注(略),年限（年）,户数(户),\"比 例\n(%)\"\n甲,300,1.5,无,40,3,35\n乙,280元,,,,,\n";
        let (mut table, _) = parse_csv(FileId(0), source);
        move_units(&mut table, ty);
        assert_eq!(
            table.header.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["项目", "金额", "面积", "备注(略)", "年限", "户数", "比例"]
        );
        assert_eq!(cells(&table)[..7], ["甲", "300 万元", "1.5 亩", "无", "40 年", "3", "35 %"]);
        assert_eq!(cells(&table)[8], "280元");
    }

    #[test]
    fn a_unit_above_the_table_is_that_of_the_numbers_without_one() {
        let (mut table, _) = parse_csv(FileId(0), "项目,金额,面积（公顷）,比例\n甲,300,1.5,0.4\n乙,280元,,\n");
        table.above = ["八里湖片区收支表", "编制单位：某某规划院", "（单位： 万元、亩）"].map(str::to_owned).to_vec();
        move_units(&mut table, ty);
        assert_eq!(cells(&table), ["甲", "300 万元", "1.5 公顷", "0.4", "乙", "280元", "", ""]);
    }

    #[test]
    fn rows_of_totals_and_remarks_are_taken_out() {
        let (mut table, _) =
            parse_csv(FileId(0), "项目,金额\n甲,1\n合 计,1\n,合计\n合计公司,2\n备注：估算,\n填表人：张三,\n注资,3\n");
        let found: Vec<u32> = take_others(&mut table).iter().map(|place| place.line).collect();
        assert_eq!((found, table.rows.len()), (vec![3, 4, 6, 7], 3));
    }
}
