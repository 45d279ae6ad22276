//! Mistakes in texts, drawn beside the text; the only file that names miette.
//!
//! miette draws the snippet; header and help are laid out here, as those of findings are. It counts columns in bytes, loses a label
//! at the end of a file and prints control characters as they are: [`Text`] and [`labels`] keep all three from happening.

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use crate::diagnostic::{Diagnostic, Label, Language, Severity};
use crate::report::escape;
use crate::report::layout::{NARROWEST, Paint, Tone, rows, style, width, wrapped};
use crate::source::{FileId, Files};

/// Draws diagnostics one after the other, a blank line between them.
pub fn diagnostics(list: &[Diagnostic], files: &Files, language: Language, color: bool, cells: usize) -> String {
    let drawing = Drawing { files, language, paint: Paint { color }, cells: cells.max(NARROWEST) };
    list.iter().map(|diagnostic| drawing.draw(diagnostic)).collect::<Vec<_>>().join("\n")
}

struct Drawing<'a> {
    files: &'a Files,
    language: Language,
    paint: Paint,
    cells: usize,
}

impl Drawing<'_> {
    fn draw(&self, diagnostic: &Diagnostic) -> String {
        let mut out = self.header(diagnostic);
        // One snippet for each file, in the order in which the labels name them.
        let mut seen: Vec<FileId> = Vec::new();
        for label in &diagnostic.labels {
            if !seen.contains(&label.span.file) {
                seen.push(label.span.file);
                let labels = diagnostic.labels.iter().filter(|other| other.span.file == label.span.file);
                out.push_str(&self.snippet(label.span.file, labels.collect(), diagnostic.severity));
            }
        }
        if let Some(help) = &diagnostic.help {
            let label = match self.language {
                Language::En => "help",
                Language::Zh => "办法",
            };
            let help = escape::block(help.in_language(self.language));
            out.push_str(&rows(&[(label.to_owned(), help)], 2, self.cells, self.paint));
        }
        out
    }

    fn header(&self, diagnostic: &Diagnostic) -> String {
        let (en, zh, tone) = match diagnostic.severity {
            Severity::Error => ("error", "错误", Tone::Bad),
            Severity::Warning => ("warning", "警告", Tone::Careful),
            Severity::Note => ("note", "提示", Tone::Duty),
        };
        let word = match self.language {
            Language::En => en,
            Language::Zh => zh,
        };
        let start = format!("{word}[{}]", diagnostic.code.name);
        let message = escape::line(diagnostic.message.in_language(self.language));
        let mut out = self.paint.tone(tone, &start);
        for (at, line) in wrapped(&message, self.cells.saturating_sub(width(&start) + 1)).iter().enumerate() {
            if at > 0 {
                out.push('\n');
                out.push_str(&" ".repeat(width(&start)));
            }
            out.push(' ');
            out.push_str(&self.paint.tone(Tone::Strong, line));
        }
        out.push('\n');
        out
    }

    fn snippet(&self, file: FileId, labels: Vec<&Label>, severity: Severity) -> String {
        let name = escape::line(self.files.name(file));
        let text = escape::block(self.files.text(file));
        if text.is_empty() {
            return format!("  {}\n", self.paint.tone(Tone::Place, &name));
        }
        let snippet =
            Snippet { labels: self::labels(&labels, &text, self.language), text: Text { name, text }, severity };
        let mut drawn = String::new();
        let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles: self.styles(severity) };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(self.cells)
            .with_context_lines(1)
            .without_syntax_highlighting()
            .with_links(false);
        match handler.render_report(&mut drawn, &snippet) {
            // The first line is miette's own header, drawn empty.
            Ok(()) => drawn.lines().skip(1).map(|line| line.trim_end().to_owned() + "\n").collect(),
            Err(_) => format!("  {}\n", self.paint.tone(Tone::Place, &snippet.text.name)),
        }
    }

    fn styles(&self, severity: Severity) -> ThemeStyles {
        if !self.paint.color {
            return ThemeStyles::none();
        }
        let tone = match severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Careful,
            Severity::Note => Tone::Duty,
        };
        ThemeStyles {
            link: style(Tone::Place),
            linum: style(Tone::Quiet),
            highlights: vec![style(tone), style(Tone::Duty), style(Tone::Careful)],
            ..ThemeStyles::ansi()
        }
    }
}

/// Sets labels into the text: none is empty, none reaches past the end, and one at the end stands on the last character.
fn labels(labels: &[&Label], text: &str, language: Language) -> Vec<LabeledSpan> {
    let seen = text.trim_end().len();
    let last = text[..seen].char_indices().next_back().map_or(0, |(at, _)| at);
    let set = |label: &&Label| {
        let start = text.floor_char_boundary((label.span.start as usize).min(last));
        let end = text.ceil_char_boundary((label.span.end as usize).min(seen));
        let shortest = text[start..].chars().next().map_or(0, char::len_utf8);
        let words = label.text.as_ref().map(|text| escape::line(text.in_language(language)));
        (start, end.saturating_sub(start).max(shortest), words)
    };
    let set: Vec<_> = labels.iter().map(set).collect();
    set.into_iter()
        .enumerate()
        .map(|(at, (start, length, words))| match at {
            0 => LabeledSpan::new_primary_with_span(words, (start, length)),
            _ => LabeledSpan::new_with_span(words, (start, length)),
        })
        .collect()
}

/// A text whose columns are counted in characters.
#[derive(Debug)]
struct Text {
    name: String,
    text: String,
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        let mut column = contents.column();
        // The header asks for the span alone; its column is what people read.
        if before == 0 && after == 0 {
            let start = self.text.floor_char_boundary(span.offset().min(self.text.len()));
            let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
            column = self.text[line..start].chars().count();
        }
        let contents = MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            column,
            // miette counts all lines from the start of the text here and so would never part two distant labels.
            memchr::memchr_iter(b'\n', contents.data()).count(),
        );
        Ok(Box::new(contents))
    }
}

/// What miette is to draw.
#[derive(Debug)]
struct Snippet {
    labels: Vec<LabeledSpan>,
    text: Text,
    severity: Severity,
}

impl std::fmt::Display for Snippet {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet {}

impl miette::Diagnostic for Snippet {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.text)
    }
}
