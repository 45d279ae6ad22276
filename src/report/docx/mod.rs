//! The opinion of a joint review (联合审查意见) as a Word document.
//!
//! Cover with the gate, contents, the result, one section a department with its findings, duties, documents to get, issues of the data, and
//! annexes with the boundary points of each conflict. It says on its cover and at its end that it is a technical pre-check. Maps are lettered
//! with figures only, so that the bytes depend on the report and the scene alone. What is too much for paper is counted and said.

mod annexes;
mod front;
mod item;
mod markup;
mod package;

use super::picture::png::Painter;
use super::result::{Finding, Report, Verdict, WaiverState, WaiverUse};
use super::scene::Scene;
use super::words;
use crate::diagnostic::{Language, Text};
use crate::text;

use self::markup::{Align, Body};

/// How much of a report goes on paper; the rest is counted and left to the spreadsheet.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most findings that get an item of their own, the worst first.
    pub items: usize,
    /// The most findings with a map.
    pub maps: usize,
    /// The most tables of boundary points.
    pub tables: usize,
    /// The most points in all of them.
    pub points: usize,
    /// The most rows of the tables of duties, documents, waivers and issues.
    pub rows: usize,
}

/// What an opinion of some hundred pages holds.
pub const PAPER: Limits = Limits { items: 1000, maps: 100, tables: 100, points: 4000, rows: 500 };

/// Returns the document.
///
/// # Errors
/// Where a map cannot be drawn or the package cannot be written.
pub fn render(report: &Report, scene: &Scene, limits: Limits, language: Language) -> Result<Vec<u8>, Text> {
    let (body, pictures) = Opinion::new(report, scene, limits, language).written()?;
    let title = title().in_language(language).to_owned();
    package::packed(&title, &body, &pictures, language)
        .map_err(|error| text!(en: "cannot write the document: {error}", zh: "无法写入文档：{error}"))
}

fn title() -> Text {
    text!(en: "Opinion of the joint review", zh: "联合审查意见")
}

/// The document being written.
struct Opinion<'a> {
    report: &'a Report,
    scene: &'a Scene,
    limits: Limits,
    language: Language,
    painter: Painter,
    maps: usize,
    /// The number of the next heading of the first level.
    section: usize,
    body: Body,
}

impl<'a> Opinion<'a> {
    fn new(report: &'a Report, scene: &'a Scene, limits: Limits, language: Language) -> Self {
        let painter = Painter::without_fonts();
        Opinion { report, scene, limits, language, painter, maps: 0, section: 0, body: Body::default() }
    }

    fn written(mut self) -> Result<(String, Vec<Vec<u8>>), Text> {
        let front = front::cover(self.report, self.language);
        self.result()?;
        self.departments()?;
        self.duties();
        self.documents();
        self.waivers();
        self.issues();
        self.statement();
        self.annexes();
        let contents = self.say(&text!(en: "Contents", zh: "目　　录"));
        Ok(self.body.finished(front, &contents))
    }

    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    /// Begins a section: `一、…` or `1. …`.
    fn begin(&mut self, title: &Text) {
        self.section += 1;
        let heading = match self.language {
            Language::Zh => format!("{}、{}", chinese(self.section), title.zh),
            Language::En => format!("{}. {}", self.section, title.en),
        };
        self.body.heading(1, &heading);
    }

    fn departments(&mut self) -> Result<(), Text> {
        let mut left = self.limits.items;
        let numbered: Vec<(usize, &Finding)> =
            self.report.findings.iter().enumerate().map(|(at, finding)| (at + 1, finding)).collect();
        let mut told: Vec<bool> = vec![false; numbered.len()];
        for department in self.report.departments.iter().map(Some).chain([None]) {
            let is_theirs = |finding: &Finding| match department {
                Some(department) => finding.departments.contains(&department.name),
                None => finding.departments.is_empty(),
            };
            let theirs: Vec<_> = numbered.iter().filter(|(_, finding)| is_theirs(finding)).collect();
            if theirs.is_empty() {
                continue;
            }
            let title = department.map_or(text!(en: "Findings of no department", zh: "其他事项"), |department| {
                let (en, zh) = (&department.text.en, &department.text.zh);
                text!(en: "Opinion of {en}", zh: "{zh}部门审查意见")
            });
            self.begin(&title);
            self.tally(theirs.iter().map(|(_, finding)| *finding));
            // One that an earlier section tells in full is only named here.
            let (before, new): (Vec<_>, Vec<_>) = theirs.into_iter().partition(|(number, _)| told[number - 1]);
            let mut kind = 0;
            for (verdict, title) in item::kinds() {
                let of_kind: Vec<_> = new.iter().filter(|(_, finding)| finding.verdict == verdict).collect();
                if of_kind.is_empty() {
                    continue;
                }
                kind += 1;
                let heading = match self.language {
                    Language::Zh => format!("（{}）{}", chinese(kind), title.zh),
                    Language::En => title.en,
                };
                self.body.heading(2, &heading);
                let shown = left.min(of_kind.len());
                for (number, finding) in of_kind.iter().take(shown) {
                    self.item(*number, finding)?;
                    told[number - 1] = true;
                }
                left -= shown;
                let more = of_kind.len() - shown;
                if more > 0 {
                    let rest = text!(en: "{more} more findings of this kind are listed in the spreadsheet only.", zh: "本类另有 {more} 项，见检查结果电子表格。");
                    let rest = self.say(&rest);
                    self.body.paragraph("Note", &rest);
                }
            }
            if !before.is_empty() {
                let numbers: Vec<usize> = before.iter().map(|(number, _)| *number).collect();
                let numbers = super::needed::numbers(&numbers, if self.language == Language::Zh { "、" } else { ", " });
                let shared = text!(en: "Also of this department, told above: findings {numbers}.", zh: "另涉及本部门、前文已列明的事项：第 {numbers} 项。");
                let shared = self.say(&shared);
                self.body.paragraph("Note", &shared);
            }
            self.signature(&[
                text!(en: "Department (seal):", zh: "审查部门（盖章）："),
                text!(en: "Reviewed by:", zh: "审查人（签字）："),
                text!(en: "Date:", zh: "日期：　　　年　　月　　日"),
            ]);
        }
        Ok(())
    }

    /// Says how many findings there are of each verdict.
    fn tally<'f>(&mut self, findings: impl Iterator<Item = &'f Finding>) {
        let mut counts = crate::engine::finding::Counts::default();
        findings.for_each(|finding| counts.add(finding.verdict));
        let (conflict, undetermined, excepted, duty) =
            (counts.conflict, counts.undetermined, counts.excepted, counts.obligation);
        let line = text!(
            en: "{conflict} conflicts, {undetermined} undetermined, {excepted} excepted, {duty} duties.",
            zh: "涉及冲突 {conflict} 项、无法判定 {undetermined} 项、例外成立 {excepted} 项、附带责任 {duty} 项。"
        );
        let line = self.say(&line);
        self.body.paragraph("BodyText", &line);
    }

    fn duties(&mut self) {
        let duties: Vec<(usize, &Finding)> =
            self.report.findings.iter().enumerate().map(|(at, f)| (at + 1, f)).collect();
        let duties: Vec<_> = duties.into_iter().filter(|(_, f)| f.verdict == Verdict::Obligation).collect();
        self.begin(&text!(en: "Duties that go with the supply", zh: "随附责任清单"));
        if duties.is_empty() {
            return self.none();
        }
        let head = [
            text!(en: "No.", zh: "序号"),
            text!(en: "Subject", zh: "对象"),
            text!(en: "Duty", zh: "责任内容"),
            text!(en: "Basis", zh: "依据"),
        ];
        let rows = duties.iter().take(self.limits.rows).map(|(number, finding)| {
            vec![number.to_string(), item::subject(finding), finding.message.clone(), item::basis(self.report, finding)]
        });
        let rows: Vec<_> = rows.collect();
        let left_out = duties.len() - rows.len();
        self.listed(&[(1, Align::Middle), (3, Align::Text), (6, Align::Text), (5, Align::Text)], &head, rows, left_out);
    }

    fn documents(&mut self) {
        let needed = super::needed::needed(self.report);
        self.begin(&text!(en: "Documents and data to get", zh: "需补充的材料和数据"));
        if needed.is_empty() {
            return self.none();
        }
        let separator = if self.language == Language::Zh { "、" } else { ", " };
        let head = [
            text!(en: "What", zh: "名称"),
            text!(en: "Why", zh: "原因"),
            text!(en: "Where it belongs", zh: "填报位置"),
            text!(en: "Findings", zh: "涉及事项"),
        ];
        let rows = needed.iter().take(self.limits.rows).map(|one| {
            let place = one.place.as_ref().map(|place| self.say(place)).unwrap_or_default();
            vec![one.what.clone(), self.say(&one.reason), place, super::needed::numbers(&one.findings, separator)]
        });
        let rows: Vec<_> = rows.collect();
        let columns = [(4, Align::Text), (4, Align::Text), (5, Align::Text), (2, Align::Text)];
        let left_out = needed.len() - rows.len();
        self.listed(&columns, &head, rows, left_out);
    }

    /// Lists the waivers that waive nothing, if there are any: who granted one should know.
    fn waivers(&mut self) {
        let idle: Vec<&WaiverUse> =
            self.report.waivers.iter().filter(|waiver| waiver.state != WaiverState::Holds).collect();
        if idle.is_empty() {
            return;
        }
        self.begin(&text!(en: "Waivers without effect", zh: "未起作用的豁免"));
        let head = [
            text!(en: "Document", zh: "文号"),
            text!(en: "Rule and subject", zh: "规则和对象"),
            text!(en: "Granted by, until", zh: "批准机关、有效期"),
            text!(en: "Why it waives nothing", zh: "不起作用的原因"),
        ];
        let rows = idle.iter().take(self.limits.rows).map(|waiver| {
            let issued = format!("{} {}", waiver.issuer, waiver.expires);
            let of = format!("{} {}", waiver.rule, waiver.subject);
            vec![waiver.document.clone(), of, issued, self.say(&words::waiver_state(waiver.state))]
        });
        let rows: Vec<_> = rows.collect();
        let columns = [(4, Align::Text), (4, Align::Text), (4, Align::Text), (4, Align::Text)];
        let left_out = idle.len() - rows.len();
        self.listed(&columns, &head, rows, left_out);
    }

    fn issues(&mut self) {
        let issues = &self.report.issues;
        self.begin(&text!(en: "Faults of the data", zh: "数据质量问题"));
        if issues.is_empty() {
            return self.none();
        }
        let head = [text!(en: "File", zh: "文件"), text!(en: "Feature", zh: "要素"), text!(en: "Fault", zh: "问题")];
        let rows = issues.iter().take(self.limits.rows).map(|issue| {
            let line = issue.line.map(|line| format!(":{line}")).unwrap_or_default();
            vec![format!("{}{line}", issue.path), issue.feature.clone().unwrap_or_default(), self.say(&issue.text)]
        });
        let rows: Vec<_> = rows.collect();
        let left_out = issues.len() - rows.len();
        self.listed(&[(4, Align::Text), (3, Align::Text), (8, Align::Text)], &head, rows, left_out);
    }

    /// Adds a table and says how much it leaves out.
    fn listed(&mut self, columns: &[(u32, Align)], head: &[Text], rows: Vec<Vec<String>>, more: usize) {
        let head: Vec<String> = head.iter().map(|text| self.say(text)).collect();
        self.body.table(columns, &head.iter().map(String::as_str).collect::<Vec<_>>(), rows);
        if more > 0 {
            let rest = text!(en: "{more} more are listed in the spreadsheet only.", zh: "另有 {more} 条，见检查结果电子表格。");
            let rest = self.say(&rest);
            self.body.paragraph("Note", &rest);
        }
    }

    fn none(&mut self) {
        let none = self.say(&text!(en: "None.", zh: "无。"));
        self.body.paragraph("BodyText", &none);
    }

    fn signature(&mut self, lines: &[Text]) {
        self.body.room(12);
        let rows: Vec<Vec<String>> = vec![lines.iter().map(|line| self.say(line)).collect()];
        let columns = vec![(1, Align::Text); lines.len()];
        self.body.table(&columns, &[], rows);
    }

    fn statement(&mut self) {
        self.begin(&text!(en: "What this document is", zh: "说明"));
        let notice = words::notice();
        let (en, zh) = (notice.en, notice.zh);
        let line = text!(
            en: "This document is {en}. It was drawn up by a program from the files named in annex B; the competent departments decide.",
            zh: "本文件为{zh}。内容由程序依附件二所列数据生成，最终意见以各主管部门决定为准。"
        );
        let line = self.say(&line);
        self.body.paragraph("BodyText", &line);
        self.signature(&[
            text!(en: "Drawn up by:", zh: "经办人："),
            text!(en: "Checked by:", zh: "审核人："),
            text!(en: "Approved by:", zh: "负责人："),
        ]);
    }
}

/// Returns a number from 1 to 99 in Chinese.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10, number % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens @ 2..=9, ones) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::chinese;

    #[test]
    fn sections_are_counted_in_chinese() {
        assert_eq!([1, 10, 11, 20, 32].map(chinese), ["一", "十", "十一", "二十", "三十二"]);
    }
}
