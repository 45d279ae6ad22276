//! Maps as pictures: an overview of all findings, and a plate for each that has ground.
//!
//! Takes the report and the [`Scene`], gives SVG whose bytes depend on nothing else. A sheet shows the subject, the layers around it in their
//! customary colours, the exact ground of the conflict, the outline of the cure, a graticule in the submission's coordinates, north,
//! and the scale. What a sheet says stands in its lettering, too; colour, hatching and figures tell it apart without a font.

mod canvas;
mod column;
mod figures;
pub mod png;
mod sheet;
mod view;

pub use sheet::{has_ground, map, mark, overview, overview_map, plate};

/// The most plates of one run; the worst findings come first.
pub const MAX_PLATES: usize = 100;

use super::result::{Finding, Geometry, Remedy, Report};
use super::scene::{Feature, Layer, Scene};
use crate::diagnostic::Language;
use crate::geometry::{Coord, Kind, Shape};

/// Returns a shape of a report as the geometry that it was.
pub(super) fn shape(geometry: &Geometry) -> Shape {
    let coord = |[x, y]: &[f64; 2]| Coord { x: *x, y: *y };
    match geometry {
        Geometry::MultiPoint(points) => {
            let mut shape = Shape::empty(Kind::Point);
            for point in points {
                shape.push_ring([coord(point)]);
                shape.end_part();
            }
            shape
        }
        Geometry::MultiLineString(lines) => {
            let mut shape = Shape::empty(Kind::Line);
            for line in lines {
                shape.push_ring(line.iter().map(coord));
                shape.end_part();
            }
            shape
        }
        Geometry::MultiPolygon(parts) => {
            let mut shape = Shape::empty(Kind::Polygon);
            for part in parts {
                part.iter().for_each(|ring| shape.push_ring(ring.iter().map(coord)));
                shape.end_part();
            }
            shape
        }
    }
}

/// Returns the plates of the worst [`MAX_PLATES`] findings that have ground, each with a name for its file: the number of the finding in the
/// list, its rule and its subject.
pub fn plates<'a>(
    report: &'a Report,
    scene: &'a Scene,
    language: Language,
) -> impl Iterator<Item = (String, String)> + 'a {
    let shown = report.findings.iter().enumerate().filter(|(_, finding)| has_ground(finding, scene));
    shown
        .take(MAX_PLATES)
        .map(move |(at, finding)| (file_name(at + 1, finding), plate(report, scene, finding, language)))
}

/// Returns a name that every file system takes: letters, digits and hyphens.
fn file_name(number: usize, finding: &Finding) -> String {
    let safe = |text: &str| -> String {
        let kept = text.chars().take(40).map(|c| if c.is_alphanumeric() { c } else { '-' });
        kept.collect()
    };
    format!("{number:04}-{}-{}", safe(&finding.rule), safe(&finding.subject.id))
}

/// Returns the outlines that would comply.
fn remedies(finding: &Finding) -> impl Iterator<Item = &Geometry> {
    finding.remedies.iter().filter_map(|remedy| match remedy {
        Remedy::Geometry { geometry, .. } => Some(geometry),
        Remedy::Text { .. } => None,
    })
}

/// Tells whether a feature is what a finding is about.
fn is_subject(finding: &Finding, layer: &Layer, feature: &Feature) -> bool {
    layer.named.name == finding.subject.kind && feature.id == finding.subject.id
}
