//! The coordinate text of land approval (勘测定界、报批坐标): a parcel for each feature, X the northing first, areas in hectares.
//!
//! Eastings always carry their zone in front, whether the table's do or not. Three digits stand behind the point, more only where some
//! parcel is so thin that its outline would cross itself at a millimetre; the text itself says how many. A parcel's area is the plane
//! one of the coordinates as written.

use std::fmt::Write;

use encoding_rs::Encoding;

use super::dbf::encoded;
use super::{Written, clockwise};
use crate::diagnostic::Text;
use crate::geometry::crs::Crs;
use crate::geometry::measure::{AreaMethod, area};
use crate::geometry::validity::{self, Soundness};
use crate::geometry::{Coord, Kind, Shape};
use crate::model::{FeatureTable, Row};
use crate::text;

/// Digits behind the point of a coordinate: the customary ones, and the most.
const DIGITS: usize = 3;
const MOST_DIGITS: usize = 6;
const HECTARE_M2: f64 = 10_000.0;

/// The fields of a parcel that are taken from columns, and what these may be called.
const NUMBER: &[&str] = &["地块编号", "DKBH", "BSM", "id", "finding"];
const NAME: &[&str] = &["地块名称", "DKMC", "name", "名称", "subject_name"];
const SHEET: &[&str] = &["图幅号", "TFH"];
const USE: &[&str] = &["地块用途", "DKYT"];
const CODE: &[&str] = &["地类编码", "DLBM"];
/// Columns that hold what the text says anyway.
const MADE: &[&str] = &["界址点数", "地块面积", "记录图形属性"];

/// A zone of CGCS2000 in Gauss–Krüger's projection.
struct Zone {
    degrees: u32,
    number: u32,
    /// What is to be added to eastings so that they carry the zone.
    add: f64,
}

impl Zone {
    /// Returns the zone of a system, by the EPSG registry's numbering.
    fn of(crs: Crs) -> Option<Self> {
        let (degrees, first, start, prefixed) = match crs.epsg() {
            4491..=4501 => (6, 4491, 13, true),
            4502..=4512 => (6, 4502, 13, false),
            4513..=4533 => (3, 4513, 25, true),
            4534..=4554 => (3, 4534, 25, false),
            _ => return None,
        };
        let number = crs.epsg() - first + start;
        Some(Zone { degrees, number, add: if prefixed { 0.0 } else { f64::from(number) * 1e6 } })
    }
}

/// Writes a table.
///
/// # Errors
/// If its coordinates are in no zone of CGCS2000, or there are none; if the encoding has no letters for its headings.
pub(super) fn coordinate_txt(table: &FeatureTable, encoding: &'static Encoding) -> Result<Written, Text> {
    let Some(zone) = table.crs.and_then(Zone::of) else {
        let found = table.crs.map(|crs| format!("{crs} {}", crs.name())).unwrap_or_default();
        return Err(text!(
            en: "a coordinate text holds zones of CGCS2000 (EPSG:4491 to 4554), not `{found}`",
            zh: "坐标文本只用于 2000 国家大地坐标系的高斯分带坐标（EPSG:4491 至 4554），不能是“{found}”"
        ));
    };
    let (degrees, number, digits) = (zone.degrees, zone.number, digits(table, &zone));
    let precision = format!("{:.digits$}", 0.1_f64.powi(digits as i32));
    let mut out = format!(
        "[属性描述]\r\n格式版本号=\r\n数据产生单位=\r\n数据产生日期=\r\n坐标系=2000国家大地坐标系\r\n几度分带={degrees}\r\n\
         投影类型=高斯克吕格\r\n计量单位=米\r\n带号={number}\r\n精度={precision}\r\n转换参数=,,,,,,\r\n[地块坐标]\r\n"
    );
    if encoding.encode(&out).2 {
        let encoding = encoding.name();
        return Err(text!(
            en: "{encoding} has no letters for the headings of a coordinate text; GBK, GB18030 and UTF-8 have",
            zh: "{encoding} 编码不含坐标文本各节标题所用的字；可用 GBK、GB18030 或 UTF-8"
        ));
    }
    let fields = [NUMBER, NAME, SHEET, USE, CODE].map(|names| table.find(names));
    let (mut empty, mut rounded) = (0, false);
    for (at, row) in table.rows.iter().enumerate() {
        match row.shape.as_ref().filter(|shape| !shape.is_empty()) {
            Some(shape) => {
                let as_written = in_zone(shape, &zone, digits);
                let mut pairs = as_written.view().coords().iter().zip(shape.view().coords());
                rounded |= pairs.any(|(written, own)| written.x != own.x + zone.add || written.y != own.y);
                parcel(&mut out, at, row, &as_written, fields, digits);
            }
            None => empty += 1,
        }
    }
    let mut unknown = 0;
    let mut written = Written::one("txt", encoded(&out, encoding, &mut unknown));
    let left = table
        .columns
        .iter()
        .enumerate()
        .filter(|(at, column)| !fields.contains(&Some(*at)) && !MADE.contains(&column.name.as_str()));
    let left: Vec<&str> = left.map(|(_, column)| column.name.as_str()).collect();
    if !left.is_empty() {
        let left = left.join(", ");
        written.notes.push(text!(
            en: "a coordinate text has no place for these columns: {left}",
            zh: "坐标文本没有这些字段的位置：{left}"
        ));
    }
    if rounded {
        written.notes.push(text!(
            en: "coordinates were rounded to {precision} m",
            zh: "坐标已取整到 {precision} 米"
        ));
    }
    if empty > 0 {
        written.notes.push(text!(
            en: "{empty} features without coordinates have no place in a coordinate text",
            zh: "{empty} 个要素没有坐标，未写入坐标文本"
        ));
    }
    if unknown > 0 {
        let encoding = encoding.name();
        written.notes.push(text!(
            en: "{unknown} characters are none of {encoding} and became question marks",
            zh: "有 {unknown} 个字符不在 {encoding} 编码内，已写为问号"
        ));
    }
    Ok(written)
}

/// Writes a parcel: rings are numbered in order, points run on, and the point that closes a ring has the name of the first.
fn parcel(out: &mut String, at: usize, row: &Row, shape: &Shape, fields: [Option<usize>; 5], digits: usize) {
    let field = |field: Option<usize>| field.and_then(|at| row.cells.get(at)?.text()).map(|text| plain(&text));
    let [number, name, sheet, purpose, code] = fields.map(field);
    let number = number.unwrap_or_else(|| (at + 1).to_string());
    let (kind, hectares) = match shape.kind() {
        Kind::Point => ("点", String::new()),
        Kind::Line => ("线", String::new()),
        Kind::Polygon => ("面", format!("{:.4}", area(shape.view(), &AreaMethod::Plane).value / HECTARE_M2)),
    };
    let rings: Vec<Vec<Coord>> = clockwise(shape).into_iter().flatten().collect();
    let count: usize = rings.iter().map(Vec::len).sum();
    let (name, sheet, purpose, code) =
        (name.unwrap_or_default(), sheet.unwrap_or_default(), purpose.unwrap_or_default(), code.unwrap_or_default());
    let _ = write!(out, "{count},{hectares},{number},{name},{kind},{sheet},{purpose},{code},@\r\n");
    let mut next = 1;
    for (ring, coords) in rings.iter().enumerate() {
        let first = next;
        for (place, coord) in coords.iter().enumerate() {
            let closes = shape.kind() == Kind::Polygon && place + 1 == coords.len();
            let point = if closes { first } else { next };
            let _ = write!(out, "J{point},{},{:.digits$},{:.digits$}\r\n", ring + 1, coord.y, coord.x);
            next += u32::from(!closes);
        }
    }
}

/// Returns how many digits keep every valid shape of a table valid.
fn digits(table: &FeatureTable, zone: &Zone) -> usize {
    let shapes: Vec<&Shape> = table.rows.iter().filter_map(|row| row.shape.as_ref()).collect();
    let is_sound = |shape: &Shape| matches!(validity::inspect(shape.view()), Soundness::Sound);
    let keeps = |digits: usize| shapes.iter().all(|shape| is_sound(&in_zone(shape, zone, digits)) || !is_sound(shape));
    (DIGITS..MOST_DIGITS).find(|digits| keeps(*digits)).unwrap_or(MOST_DIGITS)
}

/// Returns a shape with its zone before the eastings, as its coordinates are written.
fn in_zone(shape: &Shape, zone: &Zone, digits: usize) -> Shape {
    let steps = 10_f64.powi(digits as i32);
    let round = |metres: f64| (metres * steps).round() / steps;
    let mut moved = shape.clone();
    for coord in moved.coords_mut() {
        *coord = Coord { x: round(coord.x + zone.add), y: round(coord.y) };
    }
    moved
}

/// Returns a text that stays in its field: what parts fields and lines, and the mark that ends a parcel, become full-width or blank.
fn plain(text: &str) -> String {
    let letter = |letter: char| match letter {
        ',' => '，',
        '@' => '＠',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    text.chars().map(letter).collect()
}
