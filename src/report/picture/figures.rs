//! Figures drawn as strokes: what a map needs to be read where no font is at hand.

use super::canvas::{Anchor, Paths};

/// The strokes of each figure on a grid 4 wide and 6 high, y upwards; `;` parts strokes, each point is two digits.
const STROKES: &[(char, &str)] = &[
    ('0', "10 30 41 45 36 16 05 01 10"),
    ('1', "04 26 20; 00 40"),
    ('2', "05 16 36 45 44 00 40"),
    ('3', "05 16 36 45 44 33 23; 33 42 41 30 10 01"),
    ('4', "30 36 02 42"),
    ('5', "46 06 03 33 42 41 30 10 01"),
    ('6', "36 16 05 01 10 30 41 42 33 03"),
    ('7', "06 46 10"),
    ('8', "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33"),
    ('9', "10 30 41 45 36 16 05 04 13 43"),
    ('.', "20 21"),
    (',', "21 20"),
    (':', "21 22; 24 25"),
    ('-', "03 43"),
    ('J', "01 10 20 31 36; 16 46"),
    ('N', "00 06 40 46"),
    ('m', "00 04; 03 14 23 20; 23 34 43 40"),
    ('k', "00 06; 44 02 40"),
];

/// The step from one figure to the next, in grid units.
const STEP: f64 = 5.4;

/// Returns the strokes of a text of figures, `size` millimetres of type high; nothing if it holds another letter.
pub(super) fn strokes(text: &str, at: [f64; 2], size: f64, anchor: Anchor) -> Paths {
    let known = |letter: char| STROKES.iter().find(|(known, _)| *known == letter);
    if !text.chars().all(|letter| letter == ' ' || known(letter).is_some()) {
        return Vec::new();
    }
    // Figures are some 0.72 of the type size high.
    let unit = size * 0.72 / 6.0;
    let width = width(text, size);
    let start = match anchor {
        Anchor::Start => at[0],
        Anchor::Middle => at[0] - width / 2.0,
        Anchor::End => at[0] - width,
    };
    let mut paths = Vec::new();
    for (position, letter) in text.chars().enumerate() {
        let Some((_, strokes)) = known(letter) else { continue };
        let left = start + position as f64 * STEP * unit;
        for stroke in strokes.split(';') {
            let points = stroke.split_whitespace().filter_map(|pair| {
                let mut digits = pair.chars().filter_map(|digit| digit.to_digit(10)).map(f64::from);
                Some([left + digits.next()? * unit, at[1] - digits.next()? * unit])
            });
            paths.push(points.collect());
        }
    }
    paths
}

/// Returns the width of a text of figures in millimetres.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * STEP * size * 0.72 / 6.0
}
