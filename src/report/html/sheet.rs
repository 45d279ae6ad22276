//! The scene as the page's map draws it.

use serde::Serialize;

use super::outline::Outlines;
use crate::report::assemble::geometry;
use crate::report::palette::{self, Hatch, Role, Style};
use crate::report::result::Text;
use crate::report::scene::{Feature, Layer, Part, Scene};

/// The map: window, tolerances, styles, layers in the order in which they are drawn.
#[derive(Serialize)]
pub(super) struct Sheet<'a> {
    /// West, south, east, north.
    window: Option<[f64; 4]>,
    fine_m: f64,
    coarse_m: f64,
    conflict: Ink,
    subject: Ink,
    remedy: Ink,
    layers: Vec<SheetLayer<'a>>,
}

#[derive(Serialize)]
struct SheetLayer<'a> {
    name: &'a str,
    text: &'a Text,
    ink: Ink,
    /// Whether it is shown at first: what tells of limits is, the ground under everything is not.
    shown: bool,
    /// Features near findings that are left out.
    #[serde(skip_serializing_if = "is_zero")]
    left_out: usize,
    features: Vec<SheetFeature<'a>>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[derive(Serialize)]
struct SheetFeature<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fill: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    context: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    outline: String,
}

/// A style: colours as `#rrggbb`, widths in millimetres on paper.
#[derive(Serialize)]
struct Ink {
    #[serde(skip_serializing_if = "Option::is_none")]
    fill: Option<String>,
    opacity: f64,
    line: String,
    width: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dash: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hatch: Option<&'static str>,
}

impl Ink {
    fn of(style: Style) -> Self {
        Ink {
            fill: style.fill.map(palette::Rgb::hex),
            opacity: style.fill_opacity,
            line: style.line.hex(),
            width: style.line_mm,
            dash: style.dash_mm,
            hatch: style.hatch.map(|hatch| match hatch {
                Hatch::Rising => "rising",
                Hatch::Falling => "falling",
                Hatch::Crossed => "crossed",
            }),
        }
    }
}

impl<'a> Sheet<'a> {
    /// Draws up the map of a scene.
    pub(super) fn of(scene: &'a Scene, outlines: Outlines) -> Self {
        let (min, max) = (scene.window.min, scene.window.max);
        Sheet {
            window: (!scene.window.is_empty()).then_some([min.x, min.y, max.x, max.y]),
            fine_m: scene.fine_m,
            coarse_m: scene.coarse_m,
            conflict: Ink::of(palette::CONFLICT),
            subject: Ink::of(palette::SUBJECT),
            remedy: Ink::of(palette::REMEDY),
            layers: scene.layers.iter().map(|layer| of_layer(layer, outlines)).collect(),
        }
    }
}

fn of_layer(layer: &Layer, outlines: Outlines) -> SheetLayer<'_> {
    SheetLayer {
        name: &layer.named.name,
        text: &layer.named.text,
        ink: Ink::of(layer.style),
        shown: !matches!(layer.role, Role::LandSurvey | Role::PlanningZone | Role::Other | Role::FarmlandTarget),
        left_out: layer.left_out,
        features: layer.features.iter().map(|feature| of_feature(feature, outlines)).collect(),
    }
}

fn of_feature(feature: &Feature, outlines: Outlines) -> SheetFeature<'_> {
    SheetFeature {
        id: &feature.id,
        name: feature.name.as_deref(),
        code: feature.code.as_deref(),
        fill: feature.fill.map(palette::Rgb::hex),
        context: feature.part == Part::Context,
        cut: feature.cut,
        outline: outlines.write(&geometry(feature.shape.view())),
    }
}
