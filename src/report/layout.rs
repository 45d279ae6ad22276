//! Cells, columns and colours of a terminal.
//!
//! Widths are counted in cells: a Chinese character takes two. Text comes in escaped.

use owo_colors::Style;
use unicode_width::UnicodeWidthChar;

/// The narrowest terminal that anything is laid out for.
pub(super) const NARROWEST: usize = 40;

/// Returns how many cells a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Returns the text with blanks behind it up to `cells`.
pub(super) fn padded(text: &str, cells: usize) -> String {
    format!("{text}{}", " ".repeat(cells.saturating_sub(width(text))))
}

/// Punctuation that must not start a line.
fn clings_back(c: char) -> bool {
    "，。、；：？！）》〉」』】”’％℃,.;:?!)]}%".contains(c)
}

/// Punctuation that must not end a line.
fn clings_ahead(c: char) -> bool {
    "（《〈「『【“‘([{".contains(c)
}

/// Breaks a text into lines of at most `cells`: at blanks, and beside wide characters; a word longer than a line is cut.
pub(super) fn wrapped(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(4);
    let mut lines = Vec::new();
    let mut line = String::new();
    for unit in units(text) {
        let taken = width(&line);
        if taken + width(unit.trim_end()) > cells && taken > 0 {
            lines.push(line.trim_end().to_owned());
            line.clear();
            line.push_str(unit.trim_start());
        } else {
            line.push_str(unit);
        }
        while width(line.trim_end()) > cells {
            let end = fitting(&line, cells);
            lines.push(line[..end].to_owned());
            line.replace_range(..end, "");
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Returns the end of what fits into `cells`; at least one character.
fn fitting(text: &str, cells: usize) -> usize {
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        taken += c.width().unwrap_or(0);
        if taken > cells && at > 0 {
            return at;
        }
    }
    text.len()
}

/// Splits a text into stretches that must not be broken, blanks behind a word included.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let is_wide = |c: char| c.width().unwrap_or(0) > 1;
        let breaks = before.is_some_and(|before| {
            let beside_blank = before == ' ' && c != ' ';
            let beside_wide = (is_wide(before) || is_wide(c)) && c != ' ';
            (beside_blank || beside_wide) && !clings_back(c) && !clings_ahead(before)
        });
        if breaks {
            units.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    if start < text.len() {
        units.push(&text[start..]);
    }
    units
}

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    /// Whether to colour at all.
    pub(super) color: bool,
}

/// What a text is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// What bars acceptance.
    Bad,
    /// What somebody has to look at.
    Careful,
    /// What is to be done or known.
    Duty,
    /// What is as it should be.
    Good,
    /// Headings.
    Strong,
    /// Places and links.
    Place,
    /// Frames and what matters less.
    Quiet,
}

impl Paint {
    /// Returns the text in its colour.
    pub(super) fn tone(self, tone: Tone, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        style(tone).style(text).to_string()
    }
}

/// Returns the colour of a tone: the eight plain ones, which every terminal's theme makes legible.
pub(super) fn style(tone: Tone) -> Style {
    match tone {
        Tone::Bad => Style::new().red().bold(),
        Tone::Careful => Style::new().yellow(),
        Tone::Duty => Style::new().blue(),
        Tone::Good => Style::new().green(),
        Tone::Strong => Style::new().bold(),
        Tone::Place => Style::new().cyan(),
        Tone::Quiet => Style::new().dimmed(),
    }
}

/// Writes rows of a label and a text: labels in a column of their own, texts wrapped beside it.
pub(super) fn rows(rows: &[(String, String)], indent: usize, cells: usize, paint: Paint) -> String {
    let label_cells = rows.iter().map(|(label, _)| width(label)).max().unwrap_or(0) + 2;
    let mut out = String::new();
    for (label, text) in rows {
        let mut label = label.as_str();
        for line in text.split('\n').flat_map(|text| wrapped(text, cells.saturating_sub(indent + label_cells))) {
            let blank = " ".repeat(indent);
            out.push_str(format!("{blank}{}{line}", paint.tone(Tone::Quiet, &padded(label, label_cells))).trim_end());
            out.push('\n');
            label = "";
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_break_where_both_scripts_allow() {
        assert_eq!(wrapped("占用永久基本农田，占地块", 12), ["占用永久基本", "农田，占地块"]);
        assert_eq!(wrapped("占用永久农田，占", 12), ["占用永久农", "田，占"]);
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("", 8), [""]);
        assert_eq!(wrapped("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    proptest! {
        #[test]
        fn wrapping_fits_and_loses_nothing_but_blanks(text in "[a-z 甲乙丙，。（）]{0,60}", cells in 4usize..30) {
            let lines = wrapped(&text, cells);
            for line in &lines {
                prop_assert!(width(line) <= cells, "{line:?}");
            }
            let bare = |text: &str| text.replace(' ', "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
