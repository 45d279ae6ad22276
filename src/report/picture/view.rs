//! From ground to paper: scale, frame, graticule, scale bar, north arrow.

use super::canvas::{Anchor, Canvas, Paths};
use super::figures;
use crate::geometry::{self, BoundingBox, Coord, Kind, Shape, ShapeRef, overlay};
use crate::report::palette::Rgb;

pub(super) const BLACK: Rgb = Rgb(20, 20, 20);
pub(super) const GREY: Rgb = Rgb(90, 90, 90);

/// Vertices that move a line by less than this on paper are not drawn, in millimetres.
const UNSEEN_MM: f64 = 0.03;

/// Share of the frame that the ground takes.
const FILLED: f64 = 0.84;

/// What lies at least between two lines of the graticule on paper, in millimetres, so that their lettering stays apart.
const APART_MM: f64 = 13.5;

/// How far lettering may reach beyond the right edge of the frame, in millimetres.
const BEYOND_MM: f64 = 2.8;

/// A frame this wide has furniture of full size, a smaller one in proportion, but not below [`SMALLEST`].
const FULL_MM: f64 = 100.0;
const SMALLEST: f64 = 0.65;

/// Scales that are customary within a power of ten.
const CUSTOMARY: [f64; 8] = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 8.0];

/// A map frame on the sheet, and the ground in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// Left, top, width and height on the sheet, in millimetres.
    pub(super) frame: [f64; 4],
    /// The ground within the frame.
    pub(super) ground: BoundingBox,
    /// 1 : this.
    pub(super) scale: f64,
}

impl View {
    /// Returns the view of some ground in a frame, at the largest customary scale at which it fits.
    pub(super) fn of(ground: &BoundingBox, frame: [f64; 4]) -> Self {
        let (width, height) = (ground.max.x - ground.min.x, ground.max.y - ground.min.y);
        let needed = (width / frame[2]).max(height / frame[3]) * 1000.0 / FILLED;
        let needed = needed.max(20.0);
        let power = 10f64.powi(needed.log10().floor() as i32);
        let customary = CUSTOMARY.iter().map(|step| step * power).find(|scale| *scale >= needed);
        let scale = customary.unwrap_or(10.0 * power);
        let half = Coord { x: frame[2] * scale / 2000.0, y: frame[3] * scale / 2000.0 };
        let middle = (ground.min + ground.max) * 0.5;
        View { frame, ground: BoundingBox { min: middle - half, max: middle + half }, scale }
    }

    /// Returns where a position lies on the sheet.
    pub(super) fn place(&self, coord: Coord) -> [f64; 2] {
        let millimetres = 1000.0 / self.scale;
        [
            self.frame[0] + (coord.x - self.ground.min.x) * millimetres,
            self.frame[1] + (self.ground.max.y - coord.y) * millimetres,
        ]
    }

    /// Returns a shape on the sheet: what can be seen of it in the frame.
    pub(super) fn drawn(&self, shape: ShapeRef<'_>) -> Paths {
        let beyond = self.ground.grown(0.02 * self.scale);
        let bounds = shape.bounds();
        let cut =
            (beyond.common(&bounds) != bounds).then(|| overlay::intersection(shape, Shape::rectangle(&beyond).view()));
        let shape = cut.as_ref().map_or(shape, Shape::view);
        let unseen = UNSEEN_MM * self.scale / 1000.0;
        // A speck is thinned to nothing otherwise: it must still be seen.
        let thinned = match shape.coords().len() > 64 {
            true => geometry::simplified(shape, &|_| unseen),
            false => shape.to_shape(),
        };
        thinned.view().rings().map(|ring| ring.iter().map(|coord| self.place(*coord)).collect()).collect()
    }

    /// Draws a shape as what it is made of.
    pub(super) fn draw(&self, canvas: &mut Canvas, shape: ShapeRef<'_>, style: &crate::report::palette::Style) {
        if !shape.bounds().intersects(&self.ground) {
            return;
        }
        let paths = self.drawn(shape);
        match shape.kind() {
            Kind::Polygon => canvas.area(&paths, style),
            Kind::Line => canvas.lines(&paths, style),
            Kind::Point => paths.iter().flatten().for_each(|point| canvas.disc(*point, 0.9, style.line)),
        }
    }

    /// Draws the frame with the graticule: ticks every so many metres, lettered with northing and easting, crosses within.
    pub(super) fn graticule(&self, canvas: &mut Canvas) {
        let [left, top, width, height] = self.frame;
        canvas.rectangle(left, top, width, height, None, Some((BLACK, 0.35)));
        let step = round_step_from(APART_MM * self.scale / 1000.0);
        let (eastings, northings) =
            (lines(self.ground.min.x, self.ground.max.x, step), lines(self.ground.min.y, self.ground.max.y, step));
        for &x in &eastings {
            let [at, _] = self.place(Coord { x, y: self.ground.min.y });
            canvas.line([at, top - 1.5], [at, top], BLACK, 0.2);
            canvas.line([at, top + height], [at, top + height + 1.5], BLACK, 0.2);
            let text = lettering(x, step);
            if at + text.width() / 2.0 <= left + width + BEYOND_MM {
                text.draw(canvas, [at - text.width() / 2.0, top + height + 4.2]);
            }
        }
        for &y in &northings {
            let [_, at] = self.place(Coord { x: self.ground.min.x, y });
            canvas.line([left - 1.5, at], [left, at], BLACK, 0.2);
            canvas.line([left + width, at], [left + width + 1.5, at], BLACK, 0.2);
            let text = lettering(y, step);
            text.draw(canvas, [left - 2.0 - text.width(), at + 0.8]);
        }
        for &x in &eastings {
            for &y in &northings {
                let [x, y] = self.place(Coord { x, y });
                canvas.line([x - 1.2, y], [x + 1.2, y], GREY, 0.12);
                canvas.line([x, y - 1.2], [x, y + 1.2], GREY, 0.12);
            }
        }
    }

    /// Returns how large furniture is in this frame, 1 in one of full size.
    fn furniture(&self) -> f64 {
        (self.frame[2] / FULL_MM).clamp(SMALLEST, 1.0)
    }

    /// Draws a scale bar in the lower right corner.
    pub(super) fn scale_bar(&self, canvas: &mut Canvas) {
        let [left, top, width, height] = self.frame;
        let size = self.furniture();
        let metres = round_step(30.0_f64.min(width / 4.0) * self.scale / 1000.0);
        let half = metres / 2.0 * 1000.0 / self.scale;
        let (unit, shown) = if metres >= 2000.0 { ("km", metres / 1000.0) } else { ("m", metres) };
        let (type_mm, last) = (2.6 * size, format!("{shown} {unit}"));
        let box_mm = 2.0 * half + figures::width(&last, type_mm) + 2.0 * size;
        let at = [left + width - box_mm - 1.0 + 2.0 * size, top + height - 1.0 - 3.0 * size];
        let white = Rgb(255, 255, 255);
        canvas.rectangle(at[0] - 2.0 * size, at[1] - 5.0 * size, box_mm, 8.0 * size, Some(white), Some((GREY, 0.1)));
        for part in 0..2 {
            let fill = if part == 0 { BLACK } else { white };
            canvas.rectangle(at[0] + f64::from(part) * half, at[1], half, 1.2 * size, Some(fill), Some((BLACK, 0.15)));
        }
        let mut text = |x: f64, anchor: Anchor, text: &str| {
            canvas.text([x, at[1] - 1.2 * size], type_mm, anchor, false, BLACK, text);
        };
        text(at[0], Anchor::Middle, "0");
        text(at[0] + half, Anchor::Middle, &format!("{}", shown / 2.0));
        text(at[0] + 2.0 * half - 1.0, Anchor::Start, &last);
    }

    /// Draws an arrow to grid north in the upper right corner.
    pub(super) fn north_arrow(&self, canvas: &mut Canvas) {
        let [left, top, width, _] = self.frame;
        let size = self.furniture();
        let [x, y] = [left + width - 1.0 - 4.0 * size, top + 1.0 + 5.0 * size];
        let white = Rgb(255, 255, 255);
        canvas.rectangle(x - 4.0 * size, y - 5.0 * size, 8.0 * size, 16.0 * size, Some(white), Some((GREY, 0.1)));
        let style = |fill| crate::report::palette::Style {
            fill: Some(fill),
            fill_opacity: 1.0,
            line: BLACK,
            line_mm: 0.15,
            dash_mm: None,
            hatch: None,
        };
        let foot = |x: f64| vec![[x, y + 10.0 * size]];
        let half = |side: f64| vec![[vec![[x, y], [x, y + 7.5 * size]], foot(x + side * 2.5 * size)].concat()];
        canvas.area(&half(-1.0), &style(BLACK));
        canvas.area(&half(1.0), &style(white));
        canvas.text([x, y - 1.3 * size], 3.4 * size, Anchor::Middle, true, BLACK, "N");
    }
}

/// A coordinate beside the frame: what is common to the sheet small, the last four figures of the metres large.
struct Lettering {
    head: String,
    tail: String,
}

const HEAD_MM: f64 = 1.9;
const TAIL_MM: f64 = 2.6;

fn lettering(value: f64, step: f64) -> Lettering {
    let mut head = if step < 1.0 { format!("{value:.1}") } else { format!("{value:.0}") };
    let whole = head.split('.').next().map_or(0, str::len);
    let tail = head.split_off(whole.saturating_sub(4));
    Lettering { head, tail }
}

impl Lettering {
    fn width(&self) -> f64 {
        figures::width(&self.head, HEAD_MM) + figures::width(&self.tail, TAIL_MM) + 0.3
    }

    /// Letters it from a point on its base line to the right.
    fn draw(&self, canvas: &mut Canvas, at: [f64; 2]) {
        let seam = at[0] + figures::width(&self.head, HEAD_MM);
        canvas.text([seam - 0.1, at[1]], HEAD_MM, Anchor::End, false, GREY, &self.head);
        canvas.text([seam + 0.2, at[1]], TAIL_MM, Anchor::Start, false, BLACK, &self.tail);
    }
}

/// Returns the multiples of `step` between two numbers.
fn lines(from: f64, to: f64, step: f64) -> Vec<f64> {
    let first = (from / step).ceil() as i64;
    (first..).map(|count| count as f64 * step).take_while(|at| *at <= to).take(50).collect()
}

/// Returns 1, 2 or 5 times a power of ten, no more than `about`.
fn round_step(about: f64) -> f64 {
    let power = 10f64.powi(about.log10().floor() as i32);
    let step = [5.0, 2.0, 1.0].into_iter().find(|step| step * power <= about).unwrap_or(1.0);
    step * power
}

/// Returns 1, 2 or 5 times a power of ten, no less than `least`.
fn round_step_from(least: f64) -> f64 {
    let power = 10f64.powi(least.log10().floor() as i32);
    let step = [1.0, 2.0, 5.0].into_iter().find(|step| step * power >= least).unwrap_or(10.0);
    step * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_customary_and_the_ground_fits() {
        let ground = BoundingBox {
            min: Coord { x: 39_500_000.0, y: 3_300_000.0 },
            max: Coord { x: 39_500_100.0, y: 3_300_040.0 },
        };
        let view = View::of(&ground, [20.0, 20.0, 120.0, 90.0]);
        assert_eq!(view.scale, 1000.0);
        let [left, top] = view.place(Coord { x: ground.min.x, y: ground.max.y });
        let [right, bottom] = view.place(Coord { x: ground.max.x, y: ground.min.y });
        assert!(left >= 20.0 && right <= 140.0 && top >= 20.0 && bottom <= 110.0);
        assert!((right - left - 100.0).abs() < 1e-6);
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([3.9, 0.7, 25.0, 199.0].map(round_step), [2.0, 0.5, 20.0, 100.0]);
        assert_eq!([3.9, 0.7, 25.0, 500.0].map(round_step_from), [5.0, 1.0, 50.0, 500.0]);
    }
}
