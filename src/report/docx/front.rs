//! The cover and the result.

use super::markup::{Align, Body};
use super::{Opinion, title};
use crate::diagnostic::{Language, Text};
use crate::report::palette::{Rgb, Role};
use crate::report::picture;
use crate::report::result::{Report, Verdict};
use crate::report::words;
use crate::text;

/// The overview as it stands on the page, and its dots per inch.
const OVERVIEW_MM: [f64; 2] = [152.0, 108.0];
const DOTS_PER_INCH: f64 = 150.0;

/// Returns the cover.
pub(super) fn cover(report: &Report, language: Language) -> Body {
    let mut body = Body::default();
    let say = |text: Text| text.in_language(language).to_owned();
    body.room(60);
    body.paragraph("Title", title().in_language(language));
    body.paragraph("Subtitle", &report.submission.name);
    body.paragraph("Verdict", &say(gate(report)));
    body.room(24);
    let submission = &report.submission;
    let packs: Vec<String> = report.packs.iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
    let rows = [
        (text!(en: "Submission", zh: "申报编号"), submission.id.clone()),
        (text!(en: "Region", zh: "行政区代码"), submission.region.clone()),
        (text!(en: "Day whose rules count", zh: "审查基准日"), submission.as_of.clone()),
        (text!(en: "Coordinate system", zh: "坐标系"), submission.crs.clone()),
        (text!(en: "Areas", zh: "面积口径"), say(words::area(submission.area))),
        (text!(en: "Rules", zh: "规则包"), packs.join("、")),
        (text!(en: "Drawn up with", zh: "生成工具"), format!("Guiju {}", report.guiju.version)),
    ];
    let rows = rows.into_iter().map(|(name, value)| vec![say(name), value]);
    body.table(&[(2, Align::Text), (5, Align::Text)], &[], rows);
    body.room(60);
    body.paragraph("Caption", &say(words::notice()));
    body.page_break();
    body
}

fn gate(report: &Report) -> Text {
    let from = words::fail_on(report.gate.fail_on);
    let (en, zh) = (from.en, from.zh);
    match report.gate.accepted {
        true => text!(en: "Pre-check passed (gate: {en})", zh: "技术预检：通过（门槛：{zh}）"),
        false => text!(en: "Pre-check not passed (gate: {en})", zh: "技术预检：不通过（门槛：{zh}）"),
    }
}

impl Opinion<'_> {
    /// Says what the colours of all maps mean.
    fn legend(&mut self) {
        let verdicts = [Verdict::Conflict, Verdict::Undetermined, Verdict::Excepted, Verdict::Obligation];
        let mut entries: Vec<(Rgb, String)> =
            verdicts.into_iter().map(|verdict| (picture::mark(verdict), self.say(&words::verdict(verdict)))).collect();
        for layer in self.scene.layers.iter().rev().filter(|layer| layer.role != Role::Other) {
            let colour = if layer.style.hatch.is_some() { layer.style.fill } else { None };
            entries.push((colour.unwrap_or(layer.style.line), self.say(&layer.named.text)));
        }
        self.body.legend(&entries);
        let strokes = text!(
            en: "In all maps red hatching is the ground of a conflict, or the ground concerned; green dashes are the outline that would comply.",
            zh: "各图中红色网线为冲突范围（或涉及范围），绿色虚线为建议调整后范围。"
        );
        let strokes = self.say(&strokes);
        self.body.paragraph("Note", &strokes);
    }

    /// Says how many conflicts the gate counts, where waivers or an earlier result take some out.
    fn gate_counts(&mut self) {
        let report = self.report;
        let conflicts = || report.findings.iter().filter(|finding| finding.verdict == Verdict::Conflict);
        let (all, waived) = (conflicts().count(), conflicts().filter(|finding| finding.is_waived()).count());
        let counting = conflicts().filter(|finding| report.counts_for_gate(finding)).count();
        if counting == all {
            return;
        }
        let known = all - counting - waived;
        let line = text!(
            en: "Of {all} conflicts the gate counts {counting}: {waived} are waived, {known} were there in the earlier result already.",
            zh: "冲突 {all} 项中计入门槛 {counting} 项：已准予豁免 {waived} 项，前次结果中已有 {known} 项。"
        );
        let line = self.say(&line);
        self.body.paragraph("BodyText", &line);
    }

    /// Writes what the check came to, with the overview.
    pub(super) fn result(&mut self) -> Result<(), Text> {
        self.begin(&text!(en: "Result", zh: "审查结论"));
        let report = self.report;
        let (findings, rules) = (report.findings.len(), report.rules.iter().filter(|rule| rule.examined > 0).count());
        let (issues, gate) = (report.issues.len(), gate(report));
        let (en, zh) = (gate.en, gate.zh);
        let line = text!(
            en: "{en}. {rules} rules had something to examine; they came to {findings} findings. The data have {issues} faults.",
            zh: "{zh}。共有 {rules} 条规则发生检查，形成检查结果 {findings} 项；发现数据质量问题 {issues} 个。"
        );
        let line = self.say(&line);
        self.body.paragraph("BodyText", &line);
        self.gate_counts();
        let counts = report.counts;
        let verdicts = [
            (Verdict::Conflict, counts.conflict),
            (Verdict::Undetermined, counts.undetermined),
            (Verdict::Excepted, counts.excepted),
            (Verdict::Obligation, counts.obligation),
            (Verdict::Pass, counts.pass),
            (Verdict::NotApplicable, counts.not_applicable),
        ];
        let head: Vec<String> = verdicts.iter().map(|(verdict, _)| self.say(&words::verdict(*verdict))).collect();
        let row = verdicts.iter().map(|(_, count)| count.to_string()).collect();
        self.body.table(&[(1, Align::Middle); 6], &head.iter().map(String::as_str).collect::<Vec<_>>(), [row]);
        let note = text!(
            en: "Subjects of all rules by their worst verdict; the sum is the number of subjects examined.",
            zh: "按检查对象计，取最重结果；各项之和为检查对象总数。"
        );
        let note = self.say(&note);
        self.body.paragraph("Note", &note);
        let Some(svg) = picture::overview_map(report, self.scene, OVERVIEW_MM) else { return Ok(()) };
        let png = self.painter.png(&svg, DOTS_PER_INCH)?;
        let told = self.say(&text!(
            en: "Figure 1. Overview; the numbers are those of the findings below",
            zh: "图 1　检查结果总览（图中编号与下文事项编号一致）"
        ));
        self.body.picture(png, OVERVIEW_MM, &told);
        self.body.paragraph("Caption", &told);
        self.legend();
        Ok(())
    }
}
