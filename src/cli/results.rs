//! Which files a check leaves behind.

use std::path::{Component, Path, PathBuf};

use super::arguments::CheckOptions;
use super::load::Submission;
use super::output;
use crate::diagnostic::Text;
use crate::report::layer::Frame;
use crate::report::{self, Report};
use crate::text;

/// What a result file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The whole report.
    Report,
    /// The ground of the conflicts.
    Conflicts,
    /// The shapes that would comply.
    Remedies,
}

/// A file that was written.
pub(super) struct Written {
    /// What it holds.
    pub(super) kind: Kind,
    /// Where.
    pub(super) path: PathBuf,
}

/// Writes the files that the manifest asks for; where it asks for none, or `--out` names a folder, one of each kind.
///
/// # Errors
/// Where a file cannot be written, or the manifest asks for one outside the submission.
pub(super) fn write(submission: &Submission, report: &Report, options: &CheckOptions) -> Result<Vec<Written>, Text> {
    let mut written = Vec::new();
    for (kind, path) in wanted(submission, options)? {
        let bytes = match kind {
            Kind::Report => json(report)?,
            Kind::Conflicts => report::layer::conflicts(report, Frame::Submission),
            Kind::Remedies => report::layer::remedies(report, Frame::Submission),
        };
        output::write(&path, bytes.as_bytes())?;
        written.push(Written { kind, path });
    }
    Ok(written)
}

/// Returns the report as JSON.
///
/// # Errors
/// Where it holds what JSON cannot.
pub(super) fn json(report: &Report) -> Result<String, Text> {
    report::json::render(report)
        .map_err(|error| text!(en: "cannot write the report as JSON: {error}", zh: "无法将结果写为 JSON：{error}"))
}

fn wanted(submission: &Submission, options: &CheckOptions) -> Result<Vec<(Kind, PathBuf)>, Text> {
    let named = [
        (Kind::Report, "json", "report.json"),
        (Kind::Conflicts, "geojson", "conflicts.geojson"),
        (Kind::Remedies, "remedies", "remedies.geojson"),
    ];
    if options.no_out {
        return Ok(Vec::new());
    }
    if let Some(folder) = &options.out {
        return Ok(named.iter().map(|(kind, _, name)| (*kind, folder.join(name))).collect());
    }
    let root = submission.workspace.root();
    let asked = &submission.manifest.outputs;
    let default = named.iter().map(|(kind, _, name)| (*kind, Path::new("out").join(name)));
    let asked = asked.iter().filter_map(|output| {
        let (kind, _, name) = named.iter().find(|(_, format, _)| *format == output.format.value)?;
        let path = output.path.as_ref().map_or_else(|| Path::new("out").join(name), |path| PathBuf::from(&path.value));
        Some((*kind, path))
    });
    let wanted: Vec<(Kind, PathBuf)> = match submission.manifest.outputs.is_empty() {
        true => default.collect(),
        false => asked.collect(),
    };
    wanted.into_iter().map(|(kind, path)| Ok((kind, inside(root, &path)?))).collect()
}

/// Returns where a path of the manifest lies; it may neither climb out of the submission nor lead through a link.
fn inside(root: &Path, path: &Path) -> Result<PathBuf, Text> {
    let shown = path.display();
    if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(text!(
            en: "{shown} lies outside the submission; results are written inside it, or where `--out` says",
            zh: "{shown} 在申报文件夹之外；结果只写在其内，或写到 --out 指定的文件夹"
        ));
    }
    let mut folder = root.to_owned();
    for part in path.parent().into_iter().flat_map(Path::components) {
        folder.push(part);
        if folder.is_symlink() {
            return Err(text!(
                en: "{shown} leads through a link that came with the submission; give `--out`",
                zh: "{shown} 经过申报自带的链接；请用 --out 指定文件夹"
            ));
        }
    }
    Ok(root.join(path))
}
