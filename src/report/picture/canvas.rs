//! A sheet of SVG, in millimetres: lines, areas, hatching and lettering.
//!
//! Numbers are written with two decimals, so that a picture has the same bytes everywhere. Text is escaped here.

use std::fmt::Write;

use super::figures;
use crate::report::escape;
use crate::report::palette::{Hatch, Rgb, Style};

/// Families to letter with, the first that is installed.
const FONTS: &str = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','SimHei','PingFang SC','Noto Sans','DejaVu Sans',sans-serif";

/// Returns the families by name, the first that is wanted first.
pub(super) fn families() -> impl Iterator<Item = &'static str> {
    FONTS.split(',').map(|name| name.trim_matches('\''))
}

/// How lettering is put on the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lettering {
    /// As text, in a font of whoever draws it.
    Text,
    /// Figures only, drawn as strokes, so that the picture does not depend on any font; other text is left out.
    Figures,
}

/// Which point of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A path being drawn: rings or lines in millimetres on the sheet.
pub(super) type Paths = Vec<Vec<[f64; 2]>>;

/// A sheet being drawn.
pub(super) struct Canvas {
    width: f64,
    height: f64,
    body: String,
    /// Patterns and clips, each once, in order of use.
    definitions: Vec<(String, String)>,
    lettering: Lettering,
}

impl Canvas {
    /// Returns a white sheet of so many millimetres.
    pub(super) fn new(width: f64, height: f64, lettering: Lettering) -> Self {
        let mut canvas = Canvas { width, height, body: String::new(), definitions: Vec::new(), lettering };
        canvas.rectangle(0.0, 0.0, width, height, Some(Rgb(255, 255, 255)), None);
        canvas
    }

    /// Returns the sheet as a document; `title` is what a reader without eyes for it hears.
    pub(super) fn finish(self, title: &str) -> String {
        let (width, height) = (number(self.width), number(self.height));
        let definitions: String = self.definitions.iter().map(|(_, text)| text.as_str()).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{FONTS}\" role=\"img\">\n<title>{}</title>\n<defs>\n{definitions}</defs>\n{}</svg>\n",
            escape::markup(title),
            self.body
        )
    }

    /// Keeps what is drawn until [`Canvas::end_clip`] within a rectangle.
    pub(super) fn begin_clip(&mut self, x: f64, y: f64, width: f64, height: f64) {
        let shape = format!(
            r#"<rect x="{}" y="{}" width="{}" height="{}"/>"#,
            number(x),
            number(y),
            number(width),
            number(height)
        );
        let id = self.define(&shape, |id| format!("<clipPath id=\"{id}\">{shape}</clipPath>\n"));
        let _ = writeln!(self.body, "<g clip-path=\"url(#{id})\">");
    }

    /// Ends what [`Canvas::begin_clip`] began.
    pub(super) fn end_clip(&mut self) {
        self.body.push_str("</g>\n");
    }

    fn define(&mut self, key: &str, text: impl Fn(&str) -> String) -> String {
        if let Some(at) = self.definitions.iter().position(|(known, _)| known == key) {
            return format!("d{at}");
        }
        let id = format!("d{}", self.definitions.len());
        self.definitions.push((key.to_owned(), text(&id)));
        id
    }

    fn hatching(&mut self, hatch: Hatch, colour: Rgb) -> String {
        let rising = "M0 2L2 0M-.5 .5L.5 -.5M1.5 2.5L2.5 1.5";
        let falling = "M0 0L2 2M-.5 1.5L.5 2.5M1.5 -.5L2.5 .5";
        let lines = match hatch {
            Hatch::Rising => rising.to_owned(),
            Hatch::Falling => falling.to_owned(),
            Hatch::Crossed => format!("{rising}{falling}"),
        };
        let colour = colour.hex();
        self.define(&format!("{hatch:?}{colour}"), |id| {
            format!(
                "<pattern id=\"{id}\" width=\"2\" height=\"2\" patternUnits=\"userSpaceOnUse\"><path d=\"{lines}\" \
                 fill=\"none\" stroke=\"{colour}\" stroke-width=\"0.18\"/></pattern>\n"
            )
        })
    }

    /// Draws rings as one area, shells and holes told apart by the way they run, so that shapes may share ground.
    pub(super) fn area(&mut self, rings: &[Vec<[f64; 2]>], style: &Style) {
        let path = written(rings, true);
        if path.is_empty() {
            return;
        }
        let fill = style.fill.map_or("none".to_owned(), Rgb::hex);
        let fill = format!(r#"fill="{fill}" fill-opacity="{}""#, number(style.fill_opacity));
        match style.hatch {
            None => self.path(&path, &fill, style),
            Some(hatch) => {
                let _ = writeln!(self.body, r#"<path d="{path}" {fill}/>"#);
                let id = self.hatching(hatch, style.line);
                self.path(&path, &format!(r#"fill="url(#{id})""#), style);
            }
        }
    }

    /// Draws lines.
    pub(super) fn lines(&mut self, lines: &[Vec<[f64; 2]>], style: &Style) {
        let path = written(lines, false);
        if !path.is_empty() {
            self.path(&path, r#"fill="none""#, style);
        }
    }

    fn path(&mut self, path: &str, fill: &str, style: &Style) {
        let (colour, width) = (style.line.hex(), number(style.line_mm));
        let dash = style
            .dash_mm
            .map_or(String::new(), |[dash, gap]| format!(r#" stroke-dasharray="{} {}""#, number(dash), number(gap)));
        let _ = writeln!(
            self.body,
            r#"<path d="{path}" {fill} stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{dash}/>"#
        );
    }

    /// Draws a line of this colour and width.
    pub(super) fn line(&mut self, from: [f64; 2], to: [f64; 2], colour: Rgb, width: f64) {
        let style = Style { fill: None, fill_opacity: 0.0, line: colour, line_mm: width, dash_mm: None, hatch: None };
        self.lines(&[vec![from, to]], &style);
    }

    /// Draws a rectangle.
    pub(super) fn rectangle(
        &mut self,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        fill: Option<Rgb>,
        line: Option<(Rgb, f64)>,
    ) {
        let fill = fill.map_or("none".to_owned(), Rgb::hex);
        let line = line.map_or(String::new(), |(colour, width)| {
            format!(r#" stroke="{}" stroke-width="{}""#, colour.hex(), number(width))
        });
        let _ = writeln!(
            self.body,
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}"{line}/>"#,
            number(x),
            number(y),
            number(width),
            number(height)
        );
    }

    /// Draws a circle with a white rim.
    pub(super) fn disc(&mut self, at: [f64; 2], radius: f64, colour: Rgb) {
        let _ = writeln!(
            self.body,
            r##"<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="#ffffff" stroke-width="0.2"/>"##,
            number(at[0]),
            number(at[1]),
            number(radius),
            colour.hex()
        );
    }

    /// Letters a text, `size` millimetres high, its base line at `at`.
    pub(super) fn text(&mut self, at: [f64; 2], size: f64, anchor: Anchor, bold: bool, colour: Rgb, text: &str) {
        let colour = colour.hex();
        if self.lettering == Lettering::Figures {
            let strokes = figures::strokes(text, at, size, anchor);
            let path = written(&strokes, false);
            if !path.is_empty() {
                let width = number(size / if bold { 7.0 } else { 9.0 });
                let _ = writeln!(
                    self.body,
                    r#"<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"/>"#
                );
            }
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if bold { r#" font-weight="bold""# } else { "" };
        let _ = writeln!(
            self.body,
            r#"<text x="{}" y="{}" font-size="{}" text-anchor="{anchor}"{weight} fill="{colour}">{}</text>"#,
            number(at[0]),
            number(at[1]),
            number(size),
            escape::markup(text)
        );
    }
}

/// Writes rings or lines as the data of a path; consecutive points that fall together are written once.
fn written(paths: &[Vec<[f64; 2]>], closed: bool) -> String {
    let mut out = String::new();
    for path in paths {
        let mut points: Vec<(String, String)> = path.iter().map(|point| (number(point[0]), number(point[1]))).collect();
        points.dedup();
        if closed && points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        for (at, (x, y)) in points.iter().enumerate() {
            let _ = write!(out, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
        }
        if closed && !points.is_empty() {
            out.push('Z');
        }
    }
    out
}

/// Writes a number with at most two decimals, never a negative zero.
fn number(number: f64) -> String {
    let mut text = format!("{number:.2}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}
