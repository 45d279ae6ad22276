//! One finding as a numbered item: fact, ground with its map, article, demand.

use super::Opinion;
use crate::diagnostic::Text;
use crate::report::picture;
use crate::report::result::{ExceptionState, Finding, Remedy, Report, Verdict};
use crate::report::{number, words};
use crate::text;

/// A map as it stands beside the text, and its dots per inch.
const MAP_MM: [f64; 2] = [74.0, 56.0];
const DOTS_PER_INCH: f64 = 150.0;

/// Verdicts in the order in which a department reads them.
pub(super) fn kinds() -> [(Verdict, Text); 4] {
    [
        (Verdict::Conflict, text!(en: "Conflicts", zh: "冲突事项")),
        (Verdict::Undetermined, text!(en: "Undetermined", zh: "无法判定事项")),
        (Verdict::Excepted, text!(en: "Exceptions that hold", zh: "例外成立事项")),
        (Verdict::Obligation, text!(en: "Duties", zh: "附带责任事项")),
    ]
}

/// Returns what a finding is about.
pub(super) fn subject(finding: &Finding) -> String {
    match &finding.subject.name {
        Some(name) if *name != finding.subject.id => format!("{name}（{}）", finding.subject.id),
        Some(_) | None => finding.subject.id.clone(),
    }
}

/// Returns the articles that the rule of a finding rests on.
pub(super) fn basis(report: &Report, finding: &Finding) -> String {
    let Some(rule) = report.rule_of(finding) else { return String::new() };
    let articles = rule.basis.iter().map(|basis| match &basis.number {
        Some(number) => format!("《{}》（{number}）{}", basis.title, basis.article),
        None => format!("《{}》{}", basis.title, basis.article),
    });
    articles.collect::<Vec<_>>().join("；")
}

impl Opinion<'_> {
    /// Writes the item of a finding under its number in the report.
    pub(super) fn item(&mut self, number: usize, finding: &Finding) -> Result<(), Text> {
        let heading = format!("{number}. {} {}　{}", finding.rule, finding.title, subject(finding));
        self.body.heading(3, &heading);
        self.fact_and_ground(number, finding)?;
        let articles = basis(self.report, finding);
        if !articles.is_empty() {
            self.labelled(&text!(en: "Ground in law: ", zh: "依据："), &articles);
        }
        self.exception(finding);
        self.waiver(finding);
        self.demand(finding);
        Ok(())
    }

    fn labelled(&mut self, label: &Text, text: &str) {
        let label = self.say(label);
        self.body.labelled("Item", &label, text);
    }

    /// Writes what was found and where, with a map beside it if there is ground and room for one.
    fn fact_and_ground(&mut self, number: usize, finding: &Finding) -> Result<(), Text> {
        let severity = self.say(&words::severity(finding.severity));
        let mut lines = vec![(text!(en: "Fact: ", zh: "事实："), format!("{}（{severity}）", finding.message))];
        if let Some(comparison) = &finding.comparison {
            lines.push((text!(en: "Values: ", zh: "数值："), comparison.clone()));
        }
        lines.extend(self.ground(finding).map(|ground| (text!(en: "Ground: ", zh: "范围："), ground)));
        let has_map =
            self.maps < self.limits.maps && !finding.evidence.is_empty() && picture::has_ground(finding, self.scene);
        if !has_map {
            lines.iter().for_each(|(label, text)| self.labelled(label, text));
            return Ok(());
        }
        self.maps += 1;
        let (svg, scale) = picture::map(self.scene, finding, MAP_MM);
        let png = self.painter.png(&svg, DOTS_PER_INCH)?;
        let (figure, scale) = (self.maps + 1, number::measured(scale, 0).replace(',', "\u{a0}"));
        let caption = self.say(
            &text!(en: "Figure {figure}. Finding {number}, 1:{scale}", zh: "图 {figure}　第 {number} 项，1:{scale}"),
        );
        let language = self.language;
        self.body.beside(png, MAP_MM, &caption, |body| {
            for (label, text) in &lines {
                body.labelled("Item", label.in_language(language), text);
            }
        });
        Ok(())
    }

    /// Returns where the ground of a finding lies and how large it is.
    fn ground(&self, finding: &Finding) -> Option<String> {
        let largest = finding.evidence.first()?;
        let pieces = finding.evidence.len();
        let measure = match largest.length_m {
            Some(_) => number::length(finding.evidence.iter().filter_map(|piece| piece.length_m).sum()),
            None => {
                let area: f64 = finding.evidence.iter().map(|piece| piece.area_m2).sum();
                let hectares = number::measured(area / 10_000.0, 4);
                let area = number::area(area);
                self.say(&text!(en: "{area} ({hectares} ha)", zh: "{area}（{hectares} 公顷）"))
            }
        };
        let [east, north] = largest.point.map(|metres| format!("{metres:.3}"));
        let with = match (&largest.layer, &largest.feature) {
            (Some(layer), Some(feature)) => {
                let layer = self.report.layer(layer, self.language);
                self.say(&text!(en: ", on {layer} {feature}", zh: "，涉及{layer} {feature}"))
            }
            _ => String::new(),
        };
        let noun = if pieces == 1 { "piece" } else { "pieces" };
        let line = text!(
            en: "{pieces} {noun}, {measure}; the largest at X={north} Y={east}{with}",
            zh: "共 {pieces} 处，{measure}；最大一处位于 X={north} Y={east}{with}"
        );
        Some(self.say(&line))
    }

    fn exception(&mut self, finding: &Finding) {
        let exception = &finding.exception;
        let state = match exception.state {
            ExceptionState::None => return,
            ExceptionState::Holds => text!(en: "holds", zh: "成立"),
            ExceptionState::Fails => text!(en: "does not hold", zh: "不成立"),
            ExceptionState::NotShown => text!(en: "not shown; see the documents to get", zh: "未证明，见需补充的材料"),
        };
        let state = self.say(&state);
        self.labelled(&text!(en: "Exception: ", zh: "例外："), &state);
    }

    fn waiver(&mut self, finding: &Finding) {
        if let Some(waiver) = &finding.waiver {
            let document = &waiver.document;
            let line = match waiver.valid {
                true => text!(en: "waived by {document}", zh: "已按 {document} 准予例外"),
                false => {
                    let why = words::waiver_state(waiver.state);
                    let (en, zh) = (why.en, why.zh);
                    text!(en: "{document} {en}", zh: "{document} {zh}")
                }
            };
            let line = self.say(&line);
            self.labelled(&text!(en: "Waiver: ", zh: "豁免："), &line);
        }
    }

    fn demand(&mut self, finding: &Finding) {
        let mut demands: Vec<String> = finding
            .remedies
            .iter()
            .map(|remedy| match remedy {
                Remedy::Geometry { text, .. } => self.say(text),
                Remedy::Text { text } => text.clone(),
            })
            .collect();
        for feedback in &finding.feedback {
            let (to, said) = (self.report.layer(&feedback.to, self.language), &feedback.text);
            demands.push(self.say(&text!(en: "to {to}: {said}", zh: "反馈{to}：{said}")));
        }
        for missing in &finding.missing {
            let (what, reason) = (&missing.what, self.say(&missing.reason));
            demands.push(self.say(&text!(en: "supply {what}: {reason}", zh: "补充 {what}：{reason}")));
        }
        if demands.is_empty() {
            demands.extend(match finding.verdict {
                Verdict::Conflict => Some(self.say(
                    &text!(en: "amend the plan, or show that an exception holds", zh: "调整方案，或补充例外成立的材料"),
                )),
                Verdict::Undetermined => Some(self.say(&text!(en: "decided by people", zh: "由人工判定"))),
                Verdict::Excepted | Verdict::Obligation | Verdict::Pass | Verdict::NotApplicable => None,
            });
        }
        if !demands.is_empty() {
            let joined = demands.join(if self.language == crate::diagnostic::Language::Zh { "；" } else { "; " });
            self.labelled(&text!(en: "Demand: ", zh: "要求："), &joined);
        }
    }
}
