//! The ground of findings and their cures, as the report has them.

use super::{Assembler, pair};
use crate::engine::finding;
use crate::geometry::{Coord, Kind, ShapeRef};
use crate::report::number;
use crate::report::result::{Checked, Evidence, Geometry, NotChecked, PoorPart, Remaining, Remedy, Text, ThingId};
use crate::text;

impl Assembler<'_> {
    pub(super) fn evidence(&self, piece: &finding::Evidence) -> Evidence {
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
        let (min, max) = (piece.bounds.min, piece.bounds.max);
        Evidence {
            layer: piece.feature.map(|item| self.class_name(item.class)),
            feature: piece.feature.map(|item| self.data.items(item.class).id(item.index).to_string()),
            path: piece.feature.map(|item| {
                let place = self.data.items(item.class).place(item.index);
                self.files.name(place.file).to_string()
            }),
            area_m2: piece.area_m2,
            area_error_m2: piece.area_error_m2,
            area_plane_m2: ((piece.area_m2 - piece.area_plane_m2).abs() >= 0.005).then_some(piece.area_plane_m2),
            length_m: finite(piece.length_m),
            share_of_subject: finite(piece.share_of_subject),
            share_of_feature: finite(piece.share_of_feature),
            width_m: finite(piece.width_m),
            sliver: piece.sliver,
            sliver_hint: piece.sliver.then(|| sliver_hint(piece.width_m)),
            point: pair(piece.point),
            point_lonlat: (self.context.to_lonlat)(piece.point).map(pair),
            bbox: [min.x, min.y, max.x, max.y],
            geometry: geometry(piece.shape.view()),
        }
    }

    pub(super) fn remedy(&self, remedy: &finding::Remedy) -> Remedy {
        match remedy {
            finding::Remedy::Geometry { of, removed_m2, left_m2, left_parts, shape, poor_parts, left_over } => {
                Remedy::Geometry {
                    text: cured(*removed_m2, *left_m2, *left_parts),
                    of: ThingId {
                        kind: self.class_name(of.class),
                        id: self.data.items(of.class).id(of.index).to_string(),
                    },
                    removed_m2: *removed_m2,
                    left_m2: *left_m2,
                    left_parts: *left_parts,
                    checked: left_over.as_ref().map(|left| self.checked(left)),
                    not_checked: match (left_over, left_parts) {
                        (Some(_), _) => None,
                        (None, 0) => Some(NotChecked::NothingLeft),
                        (None, _) => Some(NotChecked::TooMany),
                    },
                    remaining: left_over.iter().flatten().map(|left| self.remaining(left)).collect(),
                    poor_parts: poor_parts
                        .iter()
                        .map(|part| PoorPart { area_m2: part.area_m2, width_m: part.width_m, point: pair(part.point) })
                        .collect(),
                    attributes: (self.context.attributes)(*of),
                    geometry: geometry(shape.view()),
                }
            }
            finding::Remedy::Text(parts) => Remedy::Text { text: self.printer.message(parts) },
        }
    }

    fn checked(&self, left: &[finding::LeftOver]) -> Checked {
        match left.iter().map(|one| one.verdict).min() {
            None => Checked::Clean,
            Some(finding::Verdict::Conflict) => Checked::Conflict,
            Some(_) => Checked::Undetermined,
        }
    }

    fn remaining(&self, left: &finding::LeftOver) -> Remaining {
        let rule = &self.program.rules[left.rule.0 as usize];
        Remaining {
            finding: left.id.to_string(),
            rule: rule.id.to_string(),
            title: rule.title.to_string(),
            verdict: left.verdict,
            severity: rule.constraints.get(left.constraint as usize).map_or(rule.severity, |one| one.severity),
            new: left.new,
        }
    }
}

/// Returns a shape as GeoJSON has it.
pub(in crate::report) fn geometry(shape: ShapeRef<'_>) -> Geometry {
    let ring = |ring: &[Coord]| ring.iter().copied().map(pair).collect::<Vec<_>>();
    match shape.kind() {
        Kind::Point => Geometry::MultiPoint(ring(shape.coords())),
        Kind::Line => Geometry::MultiLineString(shape.rings().map(ring).collect()),
        Kind::Polygon => Geometry::MultiPolygon(shape.parts().map(|part| part.rings().map(ring).collect()).collect()),
    }
}

fn cured(removed_m2: f64, left_m2: f64, left_parts: u32) -> Text {
    let (removed, left) = (number::area(removed_m2), number::area(left_m2));
    match left_parts {
        0 => text!(en: "nothing is left after taking off {removed}", zh: "核减 {removed} 后无剩余"),
        1 => text!(en: "{left} left after taking off {removed}", zh: "核减 {removed}，剩余 {left}"),
        parts => {
            text!(en: "{left} left in {parts} parts after taking off {removed}", zh: "核减 {removed}，剩余 {left}，分为 {parts} 块")
        }
    }
}

/// Width in metres under which a sliver comes from rounded coordinates or bent edges rather than from the hand.
const ROUNDING_WIDTH_M: f64 = 0.02;

fn sliver_hint(width_m: Option<f64>) -> Text {
    if width_m.is_some_and(|width| width < ROUNDING_WIDTH_M) {
        text!(en: "likely rounded coordinates, or a straight edge bent by a projection", zh: "疑为坐标取位或投影弦差所致")
    } else {
        text!(en: "likely digitising, or a vertex missing on a shared edge", zh: "疑为数字化误差，或公共边上缺少节点")
    }
}
