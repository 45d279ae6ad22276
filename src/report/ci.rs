//! What the formats for continuous integration share: which findings matter there, in which order, where they stand.
//!
//! A code host shows these texts beside a change, and cuts long lists: the worst comes first, texts are short and of one line, and each
//! finding has a fingerprint that stays while the finding is the same.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::escape;
use super::number;
use super::result::{Baseline, Basis, Finding, Issue, IssueSeverity, Remedy, Report, Severity, Subject, Verdict};
use crate::diagnostic::Language;

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// In which language the tool speaks; what rules say stays as they say it.
    pub language: Language,
    /// The submission's folder as the code host names it: seen from the top of the repository, with `/`; empty if it is the top.
    pub folder: &'a str,
}

impl Options<'_> {
    pub(super) fn pick<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    /// Returns the path of a file of the submission as the code host names it.
    pub(super) fn path(&self, path: &str) -> String {
        match self.folder.trim_end_matches('/') {
            "" => line(path),
            folder => line(&format!("{folder}/{path}")),
        }
    }

    /// Returns such a path as a relative URI.
    pub(super) fn uri(&self, path: &str) -> String {
        const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
        utf8_percent_encode(&self.path(path), KEPT).to_string()
    }

    /// Returns where a subject stands: its file, else the manifest, and line and column where the file has lines.
    pub(super) fn place<'s>(&self, subject: &'s Subject) -> (&'s str, Option<(u32, u32)>) {
        let at = subject.line.map(|line| (line, subject.column.unwrap_or(1)));
        (subject.path.as_deref().unwrap_or(MANIFEST), at)
    }
}

/// What stands for a subject that no file holds: the submission, a code, a value of an enumeration.
const MANIFEST: &str = "guiju.yaml";

/// The most cells of one text.
const TEXT_CELLS: usize = 1_000;
/// The most cells of what names a subject.
const NAME_CELLS: usize = 120;

/// Returns a text of a submission or rule in one line, short and harmless.
pub(super) fn line(text: &str) -> String {
    escape::cut(text, TEXT_CELLS)
}

/// How grave something is for a code host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Error,
    Warning,
    Note,
}

/// Returns the level of a conflict: an error if it bars acceptance, else by its severity.
pub(super) fn level(report: &Report, severity: Severity) -> Level {
    match severity {
        _ if report.gate.fail_on.bars(severity) => Level::Error,
        Severity::Prohibited => Level::Error,
        Severity::Conditional => Level::Warning,
        Severity::Advisory => Level::Note,
    }
}

/// Returns the level of a fault of the data.
pub(super) fn issue_level(issue: &Issue) -> Level {
    match issue.severity {
        IssueSeverity::Error => Level::Error,
        IssueSeverity::Warning => Level::Warning,
        IssueSeverity::Note => Level::Note,
    }
}

/// Returns every finding, worst first: conflicts that count, other conflicts, what is undetermined, the rest; each by severity, then by
/// the area that it rests on.
pub(super) fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut all: Vec<&Finding> = report.findings.iter().collect();
    let ground = |finding: &Finding| finding.evidence.iter().map(|piece| piece.area_m2).sum::<f64>();
    // Sorting is stable: what is alike keeps the order of the report.
    all.sort_by(|one, other| {
        let key = |finding: &Finding| (!report.counts_for_gate(finding), finding.verdict, finding.severity);
        key(one).cmp(&key(other)).then_with(|| ground(other).total_cmp(&ground(one)))
    });
    all
}

/// Tells whether an earlier result had a finding already, and it has not grown.
pub fn is_old(finding: &Finding) -> bool {
    match finding.baseline {
        Some(Baseline::Old | Baseline::Better) => true,
        Some(Baseline::New | Baseline::Worse) | None => false,
    }
}

/// Returns the subject in a few words: its kind, id and name.
pub(super) fn subject(report: &Report, finding: &Finding, language: Language) -> String {
    let Subject { kind, id, name, .. } = &finding.subject;
    let kind = report.layer(kind, language);
    match name {
        Some(name) if name != id => escape::cut(&format!("{kind} {id} {name}"), NAME_CELLS),
        Some(_) | None => escape::cut(&format!("{kind} {id}"), NAME_CELLS),
    }
}

/// Returns what a finding says: the rule's words, what is missing if it is undetermined, and a waiver.
pub(super) fn message(finding: &Finding, options: &Options<'_>) -> String {
    let mut said = finding.message.clone();
    if finding.verdict == Verdict::Undetermined && !finding.missing.is_empty() {
        let missing: Vec<&str> = finding.missing.iter().map(|one| &*one.what).collect();
        said.push_str(options.pick(" — missing: ", "——缺少："));
        said.push_str(&missing.join(options.pick(", ", "、")));
    }
    if let Some(waiver) = &finding.waiver {
        said.push_str(options.pick(" — waived by ", "——豁免文件："));
        said.push_str(&waiver.document);
        if !waiver.valid {
            said.push_str(options.pick(" (not in force)", "（不起作用）"));
        }
    }
    line(&said)
}

/// Returns what stays the same while a finding of a submission is the same: 64 hexadecimal digits.
pub(super) fn fingerprint(report: &Report, id: &str) -> String {
    let whole = [report.submission.id.as_bytes(), b"\0", id.as_bytes()].concat();
    Sha256::digest(whole).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the legal basis of a rule, an article each: `《中华人民共和国土地管理法》第三十五条`.
pub(super) fn articles(basis: &[Basis]) -> Vec<String> {
    basis.iter().map(|basis| line(&format!("《{}》{}", basis.title, basis.article))).collect()
}

/// The most pieces of ground that a text names one by one.
const PIECES: usize = 10;

/// Returns the pieces of ground, largest first, a line each: the other feature, how much, and where (X is the northing).
pub(super) fn pieces(finding: &Finding) -> Vec<String> {
    let named = finding.evidence.iter().take(PIECES).map(|piece| {
        let of: Vec<&str> = [&piece.layer, &piece.feature].into_iter().flatten().map(String::as_str).collect();
        let size = match piece.length_m {
            Some(length_m) if piece.area_m2 == 0.0 => number::length(length_m),
            Some(_) | None => number::area(piece.area_m2),
        };
        let [x, y] = piece.point.map(|coordinate| format!("{coordinate:.3}"));
        line(&format!("{} · {size} · X={y} Y={x}", of.join(" ")))
    });
    let mut lines: Vec<String> = named.collect();
    if finding.evidence.len() > PIECES {
        lines.push(format!("+ {}", finding.evidence.len() - PIECES));
    }
    lines
}

/// Returns the cures in words.
pub(super) fn cures(finding: &Finding, options: &Options<'_>) -> Vec<String> {
    let words = finding.remedies.iter().map(|remedy| match remedy {
        Remedy::Geometry { text, .. } => line(text.in_language(options.language)),
        Remedy::Text { text } => line(text),
    });
    words.collect()
}
