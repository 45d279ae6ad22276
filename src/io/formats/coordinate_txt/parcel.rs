//! One parcel of a coordinate text: its rings, and what its fields are called.

use std::borrow::Cow;

use super::system::Axes;
use super::text::{KINDS, Parcel, number};
use crate::geometry::measure::{AreaMethod, area};
use crate::geometry::validity::{RawShape, nested};
use crate::geometry::{Coord, Kind};
use crate::io::node::Node;
use crate::io::quantities::normalised;

/// The name of the field that tells the parcels of a text apart.
pub(in crate::io::formats) const NUMBER: &str = "地块编号";
/// The names of a parcel's fields, in the order of the full line.
const FIELDS: [&str; 8] =
    ["界址点数", "地块面积", NUMBER, "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码"];
/// The names of five more fields behind those: land consolidation has them.
const QUALITY: [&str; 5] = ["图斑类型", "地类", "改造前质量等别", "改造后质量等别", "备注"];
/// Where the kind of geometry stands in the full line.
const KIND: usize = 4;
/// Areas are the same if they differ by less than this part.
const SAME_AREA: f64 = 0.01;

/// Returns the shape of a parcel; rings are closed, and put together by which lies in which.
pub(super) fn shape(parcel: &Parcel<'_>, axes: Axes) -> RawShape {
    let mut rings: Vec<Vec<Coord>> = Vec::new();
    let (mut number, mut closed) = (None, false);
    for point in &parcel.points {
        let coord = axes.coord(point.pair);
        if number != Some(point.ring) || closed {
            rings.push(Vec::new());
            number = Some(point.ring);
        }
        if let Some(ring) = rings.last_mut() {
            closed = ring.len() > 2 && ring[0] == coord;
            ring.push(coord);
        }
    }
    match kind(parcel) {
        Kind::Point => RawShape::points(rings.into_iter().flatten()),
        Kind::Line => RawShape::lines(rings),
        Kind::Polygon => {
            for ring in &mut rings {
                if ring.first() != ring.last() || ring.len() == 1 {
                    ring.push(ring[0]);
                }
            }
            nested(&rings)
        }
    }
}

fn anchor(parcel: &Parcel<'_>) -> Option<(usize, Kind)> {
    parcel
        .fields
        .iter()
        .enumerate()
        .find_map(|(at, (field, _))| KINDS.iter().find(|(word, _)| word == field).map(|(_, kind)| (at, *kind)))
}

fn kind(parcel: &Parcel<'_>) -> Kind {
    anchor(parcel).map_or(Kind::Polygon, |(_, kind)| kind)
}

/// Returns the number of points that the parcel states and the number that it has, if they differ by more than the points that close
/// its rings, which some writers count and some do not.
pub(super) fn miscounted(parcel: &Parcel<'_>) -> Option<(usize, usize)> {
    let stated: usize = normalised(parcel.fields.first()?.0).parse().ok()?;
    let found = parcel.points.len();
    let mut numbers: Vec<u32> = parcel.points.iter().map(|point| point.ring).collect();
    numbers.dedup();
    (stated.abs_diff(found) > numbers.len()).then_some((stated, found))
}

/// Returns the properties of a parcel, and whether its area was read in square metres.
pub(super) fn properties<'a>(parcel: &Parcel<'a>, shape: &RawShape) -> (Vec<(Node<'a>, Node<'a>)>, bool) {
    let names = names(parcel);
    let mut in_square_metres = false;
    let node = |text: Cow<'a, str>, at: usize| {
        let end = at + text.len();
        Node::scalar(text, at, end)
    };
    let mut found = Vec::with_capacity(parcel.fields.len());
    for (name, &(field, at)) in names.into_iter().zip(&parcel.fields) {
        let value = match number(field) {
            Some(stated) if name == "地块面积" => {
                in_square_metres = fits_square_metres(stated, area(shape.view(), &AreaMethod::Plane).value);
                Cow::Owned(format!("{field} {}", if in_square_metres { "平方米" } else { "公顷" }))
            }
            Some(_) | None => Cow::Borrowed(field),
        };
        found.push((node(name, at), node(value, at)));
    }
    (found, in_square_metres)
}

/// Returns the names of the fields: as many writers leave some out, where the kind of geometry stands tells which.
fn names<'a>(parcel: &Parcel<'a>) -> Vec<Cow<'a, str>> {
    let count = parcel.fields.len();
    let is_number = |at: usize| parcel.fields.get(at).is_some_and(|(field, _)| number(field).is_some());
    let [points, area, id, name, kind, sheet, purpose, code] = FIELDS;
    let known: Vec<&str> = match anchor(parcel) {
        Some((at, _)) if at < KIND => {
            let before: &[&str] = match at {
                0 => &[],
                1 => &[points],
                2 => &[points, name],
                _ if is_number(1) => &[points, area, name],
                _ => &[points, id, name],
            };
            let after: &[&str] = if count - at - 1 == 1 { &[purpose] } else { &[sheet, purpose, code] };
            [before, &[kind], after].concat()
        }
        _ if count == FIELDS.len() + QUALITY.len() => [&FIELDS[..], &QUALITY[..]].concat(),
        _ => FIELDS.to_vec(),
    };
    let further = |at: usize| Cow::Owned(format!("字段{}", at + 1));
    (0..count).map(|at| known.get(at).map_or_else(|| further(at), |name| Cow::Owned((*name).to_owned()))).collect()
}

/// Tells whether an area is right in square metres and wrong in hectares.
fn fits_square_metres(stated: f64, drawn: f64) -> bool {
    let same = |stated: f64| (stated - drawn).abs() <= SAME_AREA * drawn;
    drawn > 0.0 && same(stated) && !same(stated * 10_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::formats::coordinate_txt::text::{Line, line};

    fn parcel(text: &str) -> Parcel<'_> {
        match line(text, 0) {
            Line::Parcel(parcel) => parcel,
            Line::Point(_) | Line::Stray => panic!("{text} is no parcel"),
        }
    }

    #[test]
    fn fields_are_named_in_every_variant() {
        let shown = |text: &str| names(&parcel(text)).join(" ");
        assert_eq!(shown("6,11.1355,1,地块1,面,,工业用地,,@"), FIELDS.join(" "));
        assert_eq!(shown("6,11.1355,1,地块1,面,H50,工业用地,0601,@"), FIELDS.join(" "));
        assert_eq!(shown("6,地块1,面,进,@"), "界址点数 地块名称 记录图形属性 地块用途");
        assert_eq!(shown("6,0.5,地块1,面,H50,工业,@"), "界址点数 地块面积 地块名称 记录图形属性 图幅号 地块用途");
        assert_eq!(shown("6,1.1,1,甲,面,,工业,0601,水田,01,5,4,无,@"), [&FIELDS[..], &QUALITY[..]].concat().join(" "));
        assert_eq!(shown("6,1.1,1,甲,面,,工业,0601,另,@"), format!("{} 字段9", FIELDS.join(" ")));
        assert_eq!(shown("6,1.1,1,@"), "界址点数 地块面积 地块编号");
    }

    #[test]
    fn an_area_in_square_metres_is_told_by_the_drawing() {
        let square = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)];
        let shape = RawShape::polygons([[square.map(|(x, y)| Coord { x, y })]]);
        let read = |area: &str| {
            let text = format!("5,{area},1,甲,面,,,@");
            let (properties, guessed) = properties(&parcel(&text), &shape);
            (properties[1].1.shown().into_owned(), guessed)
        };
        assert_eq!(read("1.0000"), ("1.0000 公顷".to_owned(), false));
        assert_eq!(read("10000"), ("10000 平方米".to_owned(), true));
        assert_eq!(read("7"), ("7 公顷".to_owned(), false));
        assert_eq!(read("DKMC"), ("DKMC".to_owned(), false));
        assert_eq!(read(""), (String::new(), false));
    }
}
