//! Text of a submission, made harmless for a terminal and for XML; the only place where that is done.
//!
//! What a terminal obeys (control characters), what turns the order of letters (bidi marks) and what hides (zero width, tags) is
//! replaced by as many bytes, so that offsets into a text stay true; so is what starts a command in the log of a build server. JSON keeps its texts whole: what a writer
//! leaves as it is becomes an escape of JSON.

use unicode_width::UnicodeWidthChar;

/// The most characters that one cell of a terminal may carry: letters with marks piled on them are cut.
const MARKS_PER_CELL: usize = 4;

/// Tells whether a character is obeyed or hidden rather than shown.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Pushes a replacement of as many bytes as the character has.
fn push_replacement(out: &mut String, c: char) {
    match c.len_utf8() {
        1 => out.push('?'),
        2 => out.push_str("??"),
        3 => out.push('\u{FFFD}'),
        _ => out.push_str("\u{FFFD}?"),
    }
}

fn replaced(text: &str, keep: impl Fn(char) -> bool, space: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if space(c) {
            out.push(' ');
        } else if is_hostile(c) && !keep(c) {
            push_replacement(&mut out, c);
        } else {
            out.push(c);
        }
    }
    disarm(&mut out);
    out
}

/// Breaks what build servers obey wherever it stands in a line of a log: `##[command]`, `##vso[…]`, `##teamcity[…]`.
fn disarm(text: &mut String) {
    let mut from = 0;
    while let Some(at) = text[from..].find("##").map(|at| from + at) {
        let word = text[at..].bytes().skip_while(|byte| *byte == b'#').take_while(u8::is_ascii_alphabetic).count();
        let marks = text[at..].bytes().take_while(|byte| *byte == b'#').count();
        let bracket = at + marks + word;
        if text[bracket..].starts_with('[') {
            text.replace_range(bracket..=bracket, "(");
        }
        from = bracket;
    }
}

/// Returns JSON that says the same, with what a terminal obeys or hides as escapes: it can stand in texts only. Line breaks stay.
pub(super) fn json(json: String) -> String {
    let kept = |c: char| c == '\n' || !is_hostile(c);
    if json.chars().all(kept) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        match kept(c) {
            true => out.push(c),
            false => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    out
}

/// Returns a text for one line of a terminal, of as many bytes; line breaks and tabs become spaces.
pub fn line(text: &str) -> String {
    replaced(text, |_| false, |c| matches!(c, '\n' | '\r' | '\t'))
}

/// Returns a text of several lines for a terminal, of as many bytes; a carriage return becomes a space.
pub fn block(text: &str) -> String {
    replaced(text, |c| matches!(c, '\n' | '\t'), |c| c == '\r')
}

/// Returns a text for one line of a terminal, cut to `width` cells with `…` at the end.
pub fn cut(text: &str, width: usize) -> String {
    let text = line(text);
    let mut cells = 0;
    let mut end = 0;
    for (count, (at, c)) in text.char_indices().enumerate() {
        cells += c.width().unwrap_or(0);
        if cells > width || count >= width.saturating_mul(MARKS_PER_CELL) {
            return format!("{}…", &text[..end]);
        }
        // The last cell is kept for the mark of the cut.
        if cells < width {
            end = at + c.len_utf8();
        }
    }
    text
}

/// Returns a text for one line of a terminal, cut at its start to `width` cells, with `…` there: of a path, the end tells more.
pub fn cut_start(text: &str, width: usize) -> String {
    let text = line(text);
    let mut cells = 0;
    let mut start = text.len();
    for (count, (at, c)) in text.char_indices().rev().enumerate() {
        cells += c.width().unwrap_or(0);
        if cells > width || count >= width.saturating_mul(MARKS_PER_CELL) {
            return format!("…{}", &text[start..]);
        }
        // The first cell is kept for the mark of the cut.
        if cells < width {
            start = at;
        }
    }
    text
}

/// Returns a text for HTML or XML 1.0, between tags or in a quoted attribute: what may not stand there at all, what is hidden and what turns the
/// order of letters is replaced; line breaks and tabs become spaces.
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c if is_hostile(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_keeps_its_end() {
        assert_eq!(cut_start("data/plan_zoning/R0101.json", 12), "…/R0101.json");
        assert_eq!(cut_start("甲乙丙丁", 5), "…丙丁");
        assert_eq!(cut_start("甲乙", 5), "甲乙");
    }

    #[test]
    fn what_a_terminal_obeys_is_replaced_by_as_many_bytes() {
        assert_eq!(line("甲\u{1b}[31m\u{202e}乙\n丙"), "甲?[31m\u{FFFD}乙 丙");
        assert_eq!(line("a\u{9b}b\u{E0041}"), "a??b\u{FFFD}?");
        assert_eq!(block("甲\r\n\t乙\u{7}"), "甲 \n\t乙?");
    }

    #[test]
    fn commands_of_build_servers_are_broken() {
        assert_eq!(line("甲##[set-output name=x]1 ###vso[a]"), "甲##(set-output name=x]1 ###vso(a]");
        assert_eq!(line("##teamcity[a] ## [b] # [c] ##"), "##teamcity(a] ## [b] # [c] ##");
        assert_eq!(line("#\u{200b}#[a]"), "#\u{FFFD}#[a]");
    }

    #[test]
    fn markup_holds_neither_markup_nor_what_it_may_not() {
        assert_eq!(
            markup("<a b=\"c\">&'\u{0}\u{8}\u{FFFE}甲\n"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39;\u{FFFD}\u{FFFD}\u{FFFD}甲 "
        );
    }

    #[test]
    fn a_cut_text_is_never_wider() {
        assert_eq!(cut("地块名称", 8), "地块名称");
        assert_eq!(cut("地块名称很长", 8), "地块名…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        let piled = "e".to_owned() + &"\u{301}".repeat(1000);
        assert!(cut(&piled, 20).chars().count() < 100);
    }

    proptest! {
        #[test]
        fn lengths_stay_and_nothing_hostile_is_left(text in "\\PC*|(?s).*") {
            for out in [line(&text), block(&text)] {
                prop_assert_eq!(out.len(), text.len());
                prop_assert!(out.chars().all(|c| c == '\n' || c == '\t' || !is_hostile(c)));
            }
            prop_assert!(!line(&text).contains(['\n', '\t']));
        }

        #[test]
        fn cuts_fit(text in ".*", width in 1usize..40) {
            prop_assert!(crate::report::layout::width(&cut(&text, width)) <= width);
        }
    }
}
