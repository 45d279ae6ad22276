//! Tables as people keep them, made ready to be read as records: units in the names of columns, rows that only add up others, and the
//! column that says which record a row belongs to.

use super::csv::CsvTable;
use super::quantities::{parse_amount, unit_named};
use crate::model::{ClassId, ClassKind, FieldId, Schema, Type};
use crate::source::Place;

/// What stands in the first cell of a row that adds up others.
const TOTALS: [&str; 6] = ["合计", "小计", "总计", "total", "subtotal", "sum"];

/// Moves units from the names of columns to their numbers: `金额（万元）` over `300` becomes `金额` over `300 万元`. A name that is a
/// field as it stands is left alone.
pub(super) fn move_units(table: &mut CsvTable, mut known: impl FnMut(&str) -> bool) {
    for (column, (name, _)) in table.header.iter_mut().enumerate() {
        let Some((bare, unit)) = bare_and_unit(name) else { continue };
        if known(name) || !known(bare) {
            continue;
        }
        for row in &mut table.rows {
            let cell = &mut row[column].text;
            if parse_amount(cell).is_some_and(|amount| amount.unit.is_empty()) {
                *cell = format!("{cell} {unit}");
            }
        }
        *name = bare.to_owned();
    }
}

/// Divides a column's name into the field's and the unit behind it in parentheses.
fn bare_and_unit(name: &str) -> Option<(&str, &str)> {
    let inner = name.strip_suffix([')', '）'])?;
    let (bare, unit) = inner.rsplit_once(['(', '（'])?;
    let unit = unit.trim().trim_start_matches("单位：").trim_start_matches("单位:");
    (unit == "%" || unit_named(unit).is_some()).then(|| (bare.trim(), unit))
}

/// Takes out the rows that add up others, and returns where they stood.
pub(super) fn take_totals(table: &mut CsvTable) -> Vec<Place> {
    let mut found = Vec::new();
    let file = table.file;
    table.rows.retain(|row| {
        let first = row.iter().find(|cell| !cell.text.is_empty());
        let total = first
            .filter(|cell| TOTALS.contains(&cell.text.replace([' ', '　', ':', '：'], "").to_lowercase().as_str()));
        found.extend(total.map(|cell| Place { file, line: cell.line, column: cell.column }));
        total.is_none()
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

    #[test]
    fn units_move_from_names_to_numbers() {
        let (mut table, _) = parse_csv(FileId(0), "项目,金额（万元）,面积(亩),备注(略)\n甲,300,1.5,无\n乙,280元,,\n");
        move_units(&mut table, |name| ["项目", "金额", "面积", "备注"].contains(&name));
        assert_eq!(
            table.header.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["项目", "金额", "面积", "备注(略)"]
        );
        let cells: Vec<&str> = table.rows.iter().flatten().map(|cell| cell.text.as_str()).collect();
        assert_eq!(cells, ["甲", "300 万元", "1.5 亩", "无", "乙", "280元", "", ""]);
    }

    #[test]
    fn rows_of_totals_are_taken_out() {
        let (mut table, _) = parse_csv(FileId(0), "项目,金额\n甲,1\n合 计,1\n,合计\n合计公司,2\n");
        let found: Vec<u32> = take_totals(&mut table).iter().map(|place| place.line).collect();
        assert_eq!((found, table.rows.len()), (vec![3, 4], 2));
    }
}
