//! A rule's page and the list of rules, for a terminal; made from the rule's own file, nothing is written twice.

use super::assemble::{at, basis, named};
use super::escape;
use super::layout::{NARROWEST, Paint, Tone, padded, rows, width, wrapped};
use super::mentions::Mentions;
use super::number::Printer;
use super::table::{Column, table};
use super::words;
use crate::diagnostic::{Language, Text, closest};
use crate::engine::finding::Shown;
use crate::model::{Dataset, Names, Type, Value};
use crate::sema::program::{Param, Program, Remedy, Rule, RuleId, Severity, Template, TemplatePart};
use crate::source::Files;
use crate::text;

/// How to draw a page.
#[derive(Debug, Clone, Copy)]
pub struct PageOptions {
    /// In which language the tool speaks.
    pub language: Language,
    /// Whether to colour.
    pub color: bool,
    /// How many cells a line has.
    pub width: usize,
}

impl PageOptions {
    pub(super) fn pick<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    pub(super) fn cells(self) -> usize {
        self.width.max(NARROWEST)
    }

    pub(super) fn paint(self) -> Paint {
        Paint { color: self.color }
    }
}

/// Which rules to list; `None` takes all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A department, by either name.
    pub department: Option<String>,
    /// A source, by either name or its title.
    pub source: Option<String>,
    /// A layer, record or table that the rule speaks of, by either name.
    pub layer: Option<String>,
    /// How grave.
    pub severity: Option<Severity>,
}

impl Filter {
    fn takes(&self, program: &Program, rule: &Rule) -> bool {
        let wanted = |word: &Option<String>, holds: &dyn Fn(&str) -> bool| word.as_deref().is_none_or(holds);
        wanted(&self.department, &|word| departments(program, rule).any(|names| names.answers_to(word)))
            && wanted(&self.source, &|word| {
                let sources = rule.basis.iter().map(|(source, _)| &program.sources[*source as usize]);
                sources.into_iter().any(|source| source.names.answers_to(word) || &*source.title == word)
            })
            && wanted(&self.layer, &|word| {
                let classes = Mentions::of(program, rule).classes;
                classes.into_iter().any(|class| program.schema.class(class).names.answers_to(word))
            })
            && self.severity.is_none_or(|severity| rule.severity == severity)
    }
}

/// Says which name of a filter the packs do not know, and what was meant or may be asked for.
pub fn unknown_name(program: &Program, filter: &Filter) -> Option<Text> {
    type Known<'a> = (&'a Option<String>, Text, Vec<&'a Names>);
    let used = program.rules.iter().flat_map(|rule| departments(program, rule));
    let asked: [Known<'_>; 3] = [
        (&filter.department, text!(en: "department", zh: "部门"), used.collect()),
        (&filter.source, text!(en: "source", zh: "依据"), program.sources.iter().map(|source| &source.names).collect()),
        (
            &filter.layer,
            text!(en: "layer, record or table", zh: "图层、档案或对照表"),
            program.schema.classes.iter().map(|class| &class.names).collect(),
        ),
    ];
    asked.into_iter().find_map(|(word, what, names)| {
        let word = word.as_deref()?;
        let by_title = program.sources.iter().any(|source| &*source.title == word) && filter.source.is_some();
        if by_title || names.iter().any(|names| names.answers_to(word)) {
            return None;
        }
        let spellings = || names.iter().flat_map(|names| std::iter::once(&*names.name).chain(names.second.as_deref()));
        let (en, zh) = match closest(word, spellings()) {
            Some(meant) => (format!("did you mean `{meant}`?"), format!("是否指“{meant}”？")),
            None => {
                let mut known: Vec<&str> = names.iter().map(|names| names.shown()).collect();
                known.sort_unstable();
                known.dedup();
                (format!("there are: {}", known.join(", ")), format!("可用：{}", known.join("、")))
            }
        };
        Some(Text::new(format!("no {} named `{word}`; {en}", what.en), format!("没有名为“{word}”的{}；{zh}", what.zh)))
    })
}

fn departments<'a>(program: &'a Program, rule: &'a Rule) -> impl Iterator<Item = &'a Names> {
    let value = |(of, value): &(crate::model::EnumId, u16)| program.schema.enumeration(*of).values.get(*value as usize);
    rule.departments.iter().filter_map(value)
}

fn department_text(program: &Program, rule: &Rule, options: PageOptions) -> String {
    let names = departments(program, rule).map(|names| named(names).text.in_language(options.language).to_owned());
    names.collect::<Vec<_>>().join(options.pick(", ", "、"))
}

/// Lists the rules that a filter takes: id, title, severity, departments, basis.
pub fn rule_list(program: &Program, filter: &Filter, options: PageOptions) -> String {
    let text = |en, zh| Column { head: options.pick(en, zh), numbers: false };
    let columns = [
        text("rule", "规则"),
        text("title", "名称"),
        text("severity", "等级"),
        text("departments", "部门"),
        text("basis", "依据"),
    ];
    let taken: Vec<&Rule> = program.rules.iter().filter(|rule| filter.takes(program, rule)).collect();
    let line = |rule: &&Rule| {
        let entry = |(source, articles): &(_, Vec<_>)| {
            escape::line(&format!("{} {}", program.sources[*source as usize].names.shown(), articles.join("、")))
        };
        let mut basis: Vec<String> = rule.basis.iter().map(entry).collect();
        // What no source says is not to look like a gap in the table.
        if basis.is_empty() {
            basis.push(words::confidence(rule.confidence).in_language(options.language).to_owned());
        }
        vec![
            escape::line(&rule.id),
            escape::line(&rule.title),
            words::severity(rule.severity).in_language(options.language).to_owned(),
            escape::line(&department_text(program, rule, options)),
            basis.join("\n"),
        ]
    };
    let mut out = String::new();
    if !taken.is_empty() {
        out = table(&columns, taken.iter().map(line).collect(), options.cells(), options.paint());
    }
    let (count, all) = (taken.len(), program.rules.len());
    let end = match options.language {
        Language::En => format!("{count} of {all} rules"),
        Language::Zh => format!("共 {all} 条规则，列出 {count} 条"),
    };
    out + &options.paint().tone(Tone::Quiet, &end) + "\n"
}

/// Draws a rule's page: what it checks, on what basis, who decides, its text, its params, cures and tests.
pub fn rule_page(program: &Program, rule: RuleId, files: &Files, options: PageOptions) -> String {
    let rule = &program.rules[rule.0 as usize];
    let (paint, cells) = (options.paint(), options.cells());
    let id = escape::line(&rule.id);
    let title = escape::line(&rule.title);
    let mut out = String::new();
    for (at, line) in wrapped(&title, cells.saturating_sub(width(&id) + 2)).iter().enumerate() {
        let start = if at == 0 { tone_of(rule.severity, &id, paint) } else { " ".repeat(width(&id)) };
        out.push_str(&format!("{start}  {}\n", paint.tone(Tone::Strong, line)));
    }
    out.push_str(&paint.tone(Tone::Quiet, &"─".repeat(cells.min(72))));
    out.push('\n');
    for paragraph in paragraphs(&rule.docs, options.language) {
        for line in wrapped(&escape::line(&paragraph), cells.saturating_sub(2)) {
            out.push_str(&format!("  {line}\n"));
        }
        out.push('\n');
    }
    out.push_str(&rows(&facts(program, rule, files, options), 2, cells, paint));
    section(&mut out, options.pick("text", "条文"), paint);
    for line in escape::block(files.slice(rule.text)).lines() {
        let is_doc = line.trim_start().starts_with("///");
        if !is_doc {
            out.push_str(format!("  {line}").trim_end());
            out.push('\n');
        }
    }
    let remedies = remedies(program, rule, files, options);
    if !remedies.is_empty() {
        section(&mut out, options.pick("how to cure it", "整改"), paint);
        bullets(&mut out, &remedies, cells);
    }
    let tests: Vec<String> = program
        .tests
        .iter()
        .filter(|test| test.rule == rule.id)
        .map(|test| {
            let place = at(files, test.span);
            format!("{}  {}:{}", test.title, place.path, place.line.unwrap_or(1))
        })
        .collect();
    if !tests.is_empty() {
        section(&mut out, options.pick("tests", "测试"), paint);
        bullets(&mut out, &tests, cells);
    }
    out
}

fn tone_of(severity: Severity, text: &str, paint: Paint) -> String {
    let tone = match severity {
        Severity::Prohibited => Tone::Bad,
        Severity::Conditional => Tone::Careful,
        Severity::Advisory => Tone::Duty,
    };
    paint.tone(tone, text)
}

fn section(out: &mut String, title: &str, paint: Paint) {
    out.push_str(&format!("\n{}\n", paint.tone(Tone::Strong, title)));
}

fn bullets(out: &mut String, items: &[String], cells: usize) {
    for item in items {
        let mut mark = "·";
        for line in wrapped(&escape::line(item), cells.saturating_sub(4)) {
            out.push_str(&format!("  {} {line}\n", padded(mark, 1)));
            mark = " ";
        }
    }
}

/// Returns the paragraphs of documentation in one language; all of them, if that language has none.
///
/// A blank line parts paragraphs. A paragraph is Chinese if most of its letters are Chinese characters, else English; by
/// convention the English ones come first. Lines are joined by a blank, save between two Chinese characters or marks.
pub(super) fn paragraphs(docs: &[std::sync::Arc<str>], language: Language) -> Vec<String> {
    let lines: Vec<&str> = docs.iter().map(|line| line.trim()).collect();
    let all: Vec<String> = lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()).map(joined).collect();
    let wanted = |paragraph: &&String| (language == Language::Zh) == is_chinese(paragraph);
    let some: Vec<String> = all.iter().filter(wanted).cloned().collect();
    if some.is_empty() { all } else { some }
}

fn joined(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let is_wide = |c: char| width(c.encode_utf8(&mut [0; 4])) > 1;
        let parted =
            out.chars().last().zip(line.chars().next()).is_some_and(|(end, start)| !is_wide(end) || !is_wide(start));
        if parted {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

fn is_chinese(text: &str) -> bool {
    let is_han = |c: &char| matches!(*c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}');
    let letters = text.chars().filter(|c| c.is_alphabetic());
    letters.clone().filter(is_han).count() * 2 > letters.count()
}

fn facts(program: &Program, rule: &Rule, files: &Files, options: PageOptions) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |en: &str, zh: &str, text: String| {
        if !text.is_empty() {
            facts.push((options.pick(en, zh).to_owned(), text));
        }
    };
    let articles = basis(program, rule).into_iter().map(|basis| {
        let number = basis.number.map(|number| format!("（{number}）")).unwrap_or_default();
        escape::line(&format!("《{}》{number}{}", basis.title, basis.article))
    });
    fact("basis", "依据", articles.collect::<Vec<_>>().join("\n"));
    fact("confidence", "核实", words::confidence(rule.confidence).in_language(options.language).to_owned());
    fact("severity", "等级", words::severity(rule.severity).in_language(options.language).to_owned());
    fact("departments", "部门", escape::line(&department_text(program, rule, options)));
    let period = match (rule.from, rule.to, options.language) {
        (None, None, _) => String::new(),
        (Some(from), Some(to), _) => format!("{from} – {to}"),
        (Some(from), None, Language::En) => format!("from {from}"),
        (Some(from), None, Language::Zh) => format!("{from} 起"),
        (None, Some(to), Language::En) => format!("until {to}"),
        (None, Some(to), Language::Zh) => format!("至 {to}"),
    };
    fact("in force", "施行", period);
    let regions = rule.applies.iter().map(|code| format!("{code:06}")).collect::<Vec<_>>();
    fact("applies in", "适用", regions.join(options.pick(", ", "、")));
    let mentions = Mentions::of(program, rule);
    let layers = mentions.classes.iter().map(|class| {
        let named = named(&program.schema.class(*class).names);
        named.text.in_language(options.language).to_owned()
    });
    fact("speaks of", "涉及", escape::line(&layers.collect::<Vec<_>>().join(options.pick(", ", "、"))));
    let params = mentions.params.iter().map(|param| param_line(program, &program.params[*param as usize], options));
    fact("params", "参数", params.collect::<Vec<_>>().join("\n"));
    let place = at(files, rule.span);
    let place = format!("{}:{}", escape::line(&place.path), place.line.unwrap_or(1));
    fact("pack", "规则包", format!("{} · {} · {place}", escape::line(&rule.pack), escape::line(&rule.module)));
    facts
}

/// Returns `sliver_area 零星面积 = 1.00 ㎡, stricter when lower`.
fn param_line(program: &Program, param: &Param, options: PageOptions) -> String {
    let second = param.names.second.as_deref().map(|second| format!(" {second}")).unwrap_or_default();
    let data = Dataset::new(&program.schema);
    let printer = Printer { schema: &program.schema, data: &data };
    let value = printer.shown(&shown(&param.value, &param.ty), None);
    let strict = match param.stricter_when_lower {
        Some(true) => options.pick(", stricter when lower", "，愈小愈严"),
        Some(false) => options.pick(", stricter when higher", "，愈大愈严"),
        None => "",
    };
    escape::line(&format!("{}{second} = {value}{strict}", param.names.name))
}

/// Returns a constant as findings show it.
fn shown(value: &Value, ty: &Type) -> Shown {
    let end = |value: &Value, ty: &Type| match value {
        Value::Missing => None,
        value => Some(Box::new(shown(value, ty))),
    };
    match value {
        Value::Missing | Value::Unreadable(_) | Value::Geometry(_) => Shown::Missing,
        Value::Bool(truth) => Shown::Bool(*truth),
        Value::Number(value) => {
            Shown::Number { value: *value, dimension: ty.dimension().unwrap_or_default(), ratio: *ty == Type::Ratio }
        }
        Value::Text(text) | Value::Dangling(text) => Shown::Text(text.clone()),
        Value::Date(date) => Shown::Date(*date),
        Value::Duration(duration) => Shown::Duration(*duration),
        Value::Code(code) => Shown::Code(*code),
        Value::Enum(of, value) => Shown::Enum(*of, *value),
        Value::Item(item) => Shown::Item(*item),
        Value::Range(ends) => {
            let of = if let Type::Range(of) = ty { of } else { ty };
            Shown::Range(end(&ends.0, of), end(&ends.1, of))
        }
        Value::List(items) => {
            let of = if let Type::List(of) = ty { of } else { ty };
            Shown::List(items.iter().map(|item| shown(item, of)).collect())
        }
    }
}

fn remedies(program: &Program, rule: &Rule, files: &Files, options: PageOptions) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for constraint in &rule.constraints {
        for remedy in &constraint.remedies {
            let line = match remedy {
                Remedy::Subtract { from, what, margin } => {
                    let (from, what) = (files.slice(from.span), files.slice(what.span));
                    let margin = margin.as_ref().map(|margin| files.slice(margin.span));
                    match (options.language, margin) {
                        (Language::En, None) => format!("take {what} off {from}"),
                        (Language::En, Some(margin)) => format!("take {what} and {margin} around it off {from}"),
                        (Language::Zh, None) => format!("从 {from} 中扣除 {what}"),
                        (Language::Zh, Some(margin)) => format!("从 {from} 中扣除 {what} 及其外 {margin}"),
                    }
                }
                Remedy::Clip { what, to } => {
                    let (what, to) = (files.slice(what.span), files.slice(to.span));
                    match options.language {
                        Language::En => format!("keep of {what} only what lies in {to}"),
                        Language::Zh => format!("{what} 只保留 {to} 以内的部分"),
                    }
                }
                Remedy::Text(template) => template_text(template, files),
            };
            if !out.contains(&line) {
                out.push(line);
            }
        }
        for feedback in &constraint.feedback {
            let to = named(&program.schema.class(feedback.to).names).text;
            let text = template_text(&feedback.text, files);
            out.push(format!("{}{}{text}", to.in_language(options.language), options.pick(": ", "：")));
        }
    }
    out
}

/// Returns a template as it is written, values as `{expression}`.
fn template_text(template: &Template, files: &Files) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.to_string(),
        TemplatePart::Value(value, _) => format!("{{{}}}", files.slice(value.span)),
    };
    template.parts.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(docs: &str, language: Language) -> Vec<String> {
        let docs: Vec<std::sync::Arc<str>> = docs.lines().map(Into::into).collect();
        paragraphs(&docs, language)
    }

    #[test]
    fn a_page_takes_the_paragraphs_of_its_language() {
        let docs = "Farmland (耕地) is not\nbuilt on.\n\nSee CUL-02.\n\n不得占用耕地，\n见 CUL-02\n和 E23。";
        assert_eq!(shown(docs, Language::En), ["Farmland (耕地) is not built on.", "See CUL-02."]);
        assert_eq!(shown(docs, Language::Zh), ["不得占用耕地，见 CUL-02 和 E23。"]);
    }

    #[test]
    fn documentation_in_one_language_serves_both() {
        for language in [Language::En, Language::Zh] {
            assert_eq!(shown("One.\n\nTwo.\n", language), ["One.", "Two."]);
            assert_eq!(shown("一条。", language), ["一条。"]);
            assert!(shown("", language).is_empty());
        }
    }
}
