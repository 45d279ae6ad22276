//! The style of a layer in QGIS' own notation (QML, as QGIS 3 writes it): one symbol for all features.
//!
//! Nothing of the data goes into it: numbers and words of this file only.

use crate::geometry::Kind;
use crate::model::LayerStyle;

/// Diameter of a point in mm.
const POINT_MM: f64 = 3.0;

/// Returns the style of a layer of one kind of shapes.
pub(super) fn qml(style: &LayerStyle, kind: Kind) -> String {
    let (symbol, class) = match kind {
        Kind::Point => ("marker", "SimpleMarker"),
        Kind::Line => ("line", "SimpleLine"),
        Kind::Polygon => ("fill", "SimpleFill"),
    };
    let ([r, g, b], opacity) = style.fill.unwrap_or((style.line, 0.0));
    let fill = format!("{r},{g},{b},{}", (opacity.clamp(0.0, 1.0) * 255.0).round());
    let [r, g, b] = style.line;
    let line = format!("{r},{g},{b},255");
    let width = style.line_mm.to_string();
    let dash = style.dash_mm.map(|[dash, gap]| format!("{dash};{gap}"));
    let mm = "MM".to_owned();
    let mut options: Vec<(&str, String)> = match kind {
        Kind::Point => vec![
            ("name", "circle".to_owned()),
            ("color", fill),
            ("size", POINT_MM.to_string()),
            ("size_unit", mm.clone()),
            ("outline_style", "solid".to_owned()),
            ("outline_color", line),
            ("outline_width", width),
            ("outline_width_unit", mm),
        ],
        Kind::Polygon => vec![
            ("color", fill),
            ("style", if style.fill.is_some() { "solid" } else { "no" }.to_owned()),
            ("outline_color", line),
            ("outline_style", if dash.is_some() { "dash" } else { "solid" }.to_owned()),
            ("outline_width", width),
            ("outline_width_unit", mm),
        ],
        Kind::Line => vec![
            ("line_color", line),
            ("line_style", "solid".to_owned()),
            ("line_width", width),
            ("line_width_unit", mm.clone()),
            ("use_custom_dash", if dash.is_some() { "1" } else { "0" }.to_owned()),
            ("customdash_unit", mm),
        ],
    };
    if let (Kind::Line, Some(dash)) = (kind, dash) {
        options.push(("customdash", dash));
    }
    let options: String = options
        .iter()
        .map(|(name, value)| format!("      <Option type=\"QString\" name=\"{name}\" value=\"{value}\"/>\n"))
        .collect();
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology\">\n \
         <renderer-v2 type=\"singleSymbol\" symbollevels=\"0\" forceraster=\"0\" enableorderby=\"0\">\n  <symbols>\n   \
         <symbol type=\"{symbol}\" name=\"0\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n    \
         <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\">\n     <Option type=\"Map\">\n{options}     </Option>\n    \
         </layer>\n   </symbol>\n  </symbols>\n </renderer-v2>\n</qgis>\n"
    )
}
