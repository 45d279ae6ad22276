//! The coordinate text of land approval (勘测定界、报批坐标): `[属性描述]` and `[地块坐标]`.
//!
//! Each parcel is a feature. X is the northing and stands first; a file that has it second is read so, with a word on it. Rings are put
//! together by which lies in which, since writers number them in different ways. A parcel's area is stated in hectares; one that fits
//! square metres only is read as these, and said so. Where no zone is stated, the eastings' prefix tells it.

mod parcel;
mod system;
mod text;

use super::{RawFeature, RawGeometry, Remark, Rest, Source};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text};
use crate::io::decode::with_line_feeds;
use crate::io::error::Cause;
use crate::io::limits::ISSUES_OF_A_KIND;
use crate::source::{Lines, Location};
use crate::text;
use system::{Axes, Unified};
use text::{Head, Line, Parcel};

pub(super) use parcel::NUMBER;

/// Tells whether a file of this beginning is one, in UTF-8 or GBK.
pub(super) fn is_one(head: &[u8]) -> bool {
    let marks: [&[u8]; 4] = [
        "[属性描述]".as_bytes(),
        "[地块坐标]".as_bytes(),
        b"[\xca\xf4\xd0\xd4\xc3\xe8\xca\xf6]",
        b"[\xb5\xd8\xbf\xe9\xd7\xf8\xb1\xea]",
    ];
    marks.iter().any(|mark| head.windows(mark.len()).any(|window| window == *mark))
}

/// Reads all parcels of a file in order.
///
/// # Errors
/// If the file cannot be read, is no text, or has no section of coordinates.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let read = source.workspace.read_text(source.path, source.encoding).map_err(|error| error.cause)?;
    let Some(mut rest) = read_text(&read.decoded.text, feature) else {
        let advice = text!(
            en: "a coordinate text has a line [地块坐标] in front of its parcels",
            zh: "坐标文本应在地块之前有一行“[地块坐标]”"
        );
        return Err(Cause::Format(Text::new("a text without coordinates", "没有坐标的文本"), advice));
    };
    rest.encoding = read.decoded.encoding;
    rest.remarks.extend(super::guessed_encoding(read.decoded.encoding, read.decoded.guessed));
    Ok(rest)
}

/// Reads a text; `None` if it has no section of coordinates.
fn read_text(source: &str, feature: &mut dyn FnMut(RawFeature<'_>)) -> Option<Rest> {
    let source = &*with_line_feeds(source);
    let mut document = Document { places: Lines::of(source), source, rest: Rest::default(), parcels: Vec::new() };
    let mut head = Head::default();
    let mut section = "";
    let mut any = false;
    for (line, at) in text::lines(source).filter(|(line, _)| !line.is_empty()) {
        if let Some(name) = text::section(line) {
            section = name;
            head.described |= name == "属性描述";
            any |= name == "地块坐标";
        } else if section == "地块坐标" {
            document.take(line, at);
        } else {
            head.entries.extend(text::entry(line));
        }
    }
    any.then(|| document.hand_on(&head, feature))
}

struct Document<'a> {
    source: &'a str,
    places: Lines,
    rest: Rest,
    parcels: Vec<Parcel<'a>>,
}

impl<'a> Document<'a> {
    /// Takes a line of the coordinates section.
    fn take(&mut self, line: &'a str, at: usize) {
        match text::line(line, at) {
            Line::Parcel(parcel) => self.parcels.push(parcel),
            Line::Point(point) if !self.parcels.is_empty() => {
                self.parcels.last_mut().into_iter().for_each(|parcel| parcel.points.push(point));
            }
            Line::Point(_) | Line::Stray => {
                let text = text!(
                    en: "this line is neither a parcel (fields up to @) nor a point (name, ring, X, Y), and was left out",
                    zh: "该行既不是地块行（以 @ 结尾）也不是点行（点号,圈号,X,Y），已略去"
                );
                // What is said beyond the bound would not be shown.
                if self.rest.remarks.len() <= ISSUES_OF_A_KIND as usize {
                    self.say(Severity::Error, text, at);
                }
                self.rest.lossy = true;
                // Words alone are no point that is missing.
                if line.contains(char::is_numeric)
                    && let Some(parcel) = self.parcels.last_mut()
                {
                    parcel.broken.get_or_insert(at);
                }
            }
        }
    }

    /// Hands on each parcel, once the whole text has told what its numbers are.
    fn hand_on(mut self, head: &Head<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Rest {
        let mut parcels = std::mem::take(&mut self.parcels);
        let pairs = || parcels.iter().flat_map(|parcel| &parcel.points).map(|point| point.pair);
        let axes = Axes::of(pairs(), head.described);
        if axes == Axes::EastingFirst && head.described {
            let text = text!(
                en: "eastings stand before northings: the two were swapped",
                zh: "横坐标在纵坐标之前：已互换"
            );
            self.rest.remarks.push(Remark::whole(&codes::SWAPPED_AXES, Severity::Warning, text));
        }
        let points = parcels.iter_mut().flat_map(|parcel| &mut parcel.points);
        let mut eastings: Vec<&mut f64> = points.map(|point| axes.easting(&mut point.pair)).collect();
        if let Some(unified) = system::unify(head, &mut eastings) {
            self.rest.remarks.push(Remark::whole(&codes::WRONG_ZONE, Severity::Warning, words(unified)));
        }
        self.rest.crs = system::stated(head, eastings.iter().map(|easting| **easting));
        for parcel in &parcels {
            self.parcel(parcel, axes, feature);
        }
        self.rest
    }

    fn parcel(&mut self, parcel: &Parcel<'_>, axes: Axes, feature: &mut dyn FnMut(RawFeature<'_>)) {
        let shape = parcel::shape(parcel, axes);
        if let Some((stated, found)) = parcel::miscounted(parcel) {
            let text = text!(
                en: "the parcel states {stated} points and has {found}; those it has were read",
                zh: "地块写明 {stated} 个界址点，实有 {found} 个，按实有的读取"
            );
            self.say(Severity::Warning, text, parcel.at);
        }
        let (properties, in_square_metres) = parcel::properties(parcel, &shape);
        if in_square_metres {
            let text = text!(
                en: "the parcel's area fits square metres, not the hectares that the format asks for: read as square metres",
                zh: "地块面积与平方米相符，而格式要求公顷：按平方米读取"
            );
            let location = self.location(parcel.at);
            self.rest.remarks.push(Remark {
                code: &codes::AREA_UNIT_GUESSED,
                severity: Severity::Warning,
                text,
                location,
            });
        }
        let geometry = match parcel.broken {
            Some(at) => {
                let text = text!(
                    en: "a line among the parcel's points cannot be read: what the parcel encloses is unknown",
                    zh: "地块的界址点中有无法读取的行：地块范围未知"
                );
                RawGeometry::Bad(text, at)
            }
            None if shape.is_void() => RawGeometry::None,
            None => RawGeometry::Shape,
        };
        feature(RawFeature {
            location: self.location(parcel.at),
            locate: &|byte| self.location(byte),
            id: None,
            properties: &properties,
            geometry,
            shape: &shape,
        });
    }

    fn location(&self, byte: usize) -> Location {
        self.places.location(self.source, byte)
    }

    fn say(&mut self, severity: Severity, text: Text, at: usize) {
        let location = self.location(at);
        self.rest.remarks.push(Remark { code: &codes::BROKEN_TXT, severity, text, location });
    }
}

/// Says what was done to eastings that had another form than most.
fn words(Unified { zone, prefixed, count }: Unified) -> Text {
    if prefixed {
        text!(
            en: "{count} eastings lack the zone number {zone} that the others carry: it was put in front",
            zh: "{count} 个横坐标缺少其余横坐标所带的带号 {zone}：已补上"
        )
    } else {
        text!(
            en: "{count} eastings carry the zone number {zone} that the others lack: it was left out",
            zh: "{count} 个横坐标带有其余横坐标所没有的带号 {zone}：已略去"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    /// Reads a text and writes down what there is: system, features with properties and rings, remarks.
    fn told(source: &str) -> String {
        let mut out = String::new();
        let rest = read_text(source, &mut |feature| {
            let properties = feature.properties.iter().map(|(key, value)| format!("{}={}", key.shown(), value.shown()));
            let properties = properties.collect::<Vec<_>>().join(" ");
            let parts = feature.shape.view().parts().map(|part| part.rings().map(<[_]>::len).collect::<Vec<_>>());
            let parts = parts.collect::<Vec<_>>();
            let first = feature.shape.view().coords().first().copied();
            let line = feature.location.line;
            let _ = writeln!(out, "{line}: {properties}\n   {:?} {parts:?} {first:?}", feature.shape.kind());
            if let RawGeometry::Bad(text, at) = &feature.geometry {
                let _ = writeln!(out, "   line {}: {}", (feature.locate)(*at).line, text.en);
            }
        });
        let Some(rest) = rest else { return "no coordinates".to_owned() };
        for remark in &rest.remarks {
            let _ = writeln!(out, "{}: {} {}", remark.location.line, remark.code.name, remark.text.en);
        }
        format!("{}\n{out}lossy: {}", rest.crs.unwrap_or_default(), rest.lossy)
    }

    const HEAD: &str =
        "[属性描述]\r\n坐标系=2000国家大地坐标系\r\n几度分带=3\r\n带号=39\r\n转换参数=,,,,,,\r\n[地块坐标]\r\n";

    #[test]
    fn a_whole_text_is_read() {
        let body = "6,11.1355,1,地块1,面,,工业用地,,@\r\nJ1,1,3288120.430,39402310.125\r\nJ2,1,3288201.115,39402655.870\r\n\
                    J3,1,3287930.905,39402702.335\r\nJ4,1,3287801.760,39402480.020\r\nJ5,1,3287955.250,39402295.415\r\n\
                    J1,1,3288120.430,39402310.125\r\n";
        insta::assert_snapshot!(told(&format!("[项目信息]\n项目名称=某项目\n{HEAD}{body}")));
    }

    #[test]
    fn rings_are_put_together_by_where_they_lie() {
        // A shell, a hole, and a second shell that its writer numbered as a hole; none is closed, points run on.
        let square = |ring: u32, x: f64, size: f64| {
            let corners = [(x, x), (x, x + size), (x + size, x + size), (x + size, x)];
            corners.map(|(x, y)| format!("J,{ring},{},{}\n", 3_288_000.0 + x, 39_400_000.0 + y)).concat()
        };
        let rings = square(1, 0.0, 100.0) + &square(2, 10.0, 20.0) + &square(3, 200.0, 10.0);
        insta::assert_snapshot!(told(&format!("{HEAD}12，0.97，1，甲，面，，，，＠\n{rings}")));
    }

    #[test]
    fn groups_with_and_without_the_zone_number_lie_side_by_side() {
        let square = |number: &str, easting: f64| {
            let corners = [(0.0, 0.0), (0.0, 100.0), (100.0, 100.0), (100.0, 0.0), (0.0, 0.0)];
            let point = |(x, y): (f64, f64)| format!("J,1,{},{}\n", 3_288_000.0 + x, easting + y);
            format!("5,1,{number},,面,,,,@\n{}", corners.map(point).concat())
        };
        let groups = |third: f64| square("1", 39_400_000.0) + &square("2", 400_200.0) + &square("3", third);
        insta::assert_snapshot!(told(&format!("{HEAD}{}", groups(39_400_400.0))));
        insta::assert_snapshot!(told(&format!("{HEAD}{}", groups(400_400.0))));
    }

    #[test]
    fn variants_and_mistakes_are_named() {
        let body = "3,地块1,面,进,@\n1,1,39400000,3288000\n2,1,39400100,3288000\n3,1,39400000,3288100\n\
                    一行备注\n9,,2,乙,线,,,,@\nJ1,1,39400000,3288000\nJ2,1,39400100,3288000\n9,,3,丙,面,,,,@\n";
        insta::assert_snapshot!(told(&format!("[地块坐标]\n{body}")));
        insta::assert_snapshot!(told(&format!("{HEAD}{body}")));
        assert_eq!(told("[属性描述]\n带号=39\n"), "no coordinates");
        let plain = format!("{HEAD}{body}").replace('\r', "");
        assert_eq!(told(&plain.replace('\n', "\r")), told(&plain));
    }

    /// Else it would be checked as what the other points make, or with the ground of a parcel whose heading is broken.
    #[test]
    fn a_parcel_with_a_line_that_may_be_a_point_of_it_is_of_unknown_ground() {
        let corners = [(0, 0), (100, 0), (100, 100), (0, 100)];
        let points = corners.map(|(x, y)| format!("J,1,{},{}\n", 3_288_000 + x, 39_400_000 + y)).concat();
        let broken = points.replace("3288100,39400100", "32881OO,39400100");
        let words = points.replacen('\n', "\n（以下略）\n", 1);
        let headless = "4,1.0,4,丁,面,,,,\n";
        insta::assert_snapshot!(told(&format!(
            "{HEAD}4,1.0,1,甲,面,,,,@\n{broken}4,1.0,2,乙,面,,,,@\n{words}4,1.0,3,丙,面,,,,@\n{points}{headless}{points}"
        )));
    }

    #[test]
    fn beginnings_are_told_in_both_encodings() {
        let text = "[项目信息]\n项目名称=甲\n[属性描述]\n";
        assert!(is_one(text.as_bytes()) && is_one(&encoding_rs::GBK.encode(text).0));
        assert!(!is_one(b"{\"type\":\"FeatureCollection\"}"));
    }

    #[test]
    fn no_mutation_of_a_text_panics() {
        let source =
            format!("{HEAD}5,1,1,甲,面,,,,@\nJ1,1,3288000,39400000\nJ2,1,3288100,39400000\nJ3,1,3288100,39400100\n");
        let bytes: Vec<char> = source.chars().collect();
        for at in 0..bytes.len() {
            for one in ['@', ',', '\n', '-', '9', '面', '\u{0}'] {
                let mut changed = bytes.clone();
                changed[at] = one;
                let _ = told(&changed.into_iter().collect::<String>());
            }
        }
    }
}
