//! The formats of a result: how each is called, where it goes, what draws it.
//!
//! A format is one row of [`OUTPUTS`]; `--format`, the manifest's `outputs` and the files of a run all follow the table.

use std::cell::OnceCell;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::arguments::CheckOptions;
use super::load::Submission;
use super::output;
use crate::diagnostic::{Language, Text};
use crate::io::write;
use crate::model::{Dataset, FeatureTable, Schema};
use crate::report::ci::Options;
use crate::report::layer::Frame;
use crate::report::scene::{Findspots, Scene};
use crate::report::{self, Report, picture};
use crate::sema::program::Program;
use crate::text;

/// What a format is drawn from.
pub(super) struct Drawing<'a> {
    /// The result.
    pub(super) report: &'a Report,
    /// The language, for a format that is written in one.
    pub(super) language: Language,
    /// What the data are called.
    pub(super) schema: &'a Schema,
    /// The data, for the shapes of what findings are about.
    pub(super) data: &'a Dataset,
    /// The submission's folder, seen from the top of the repository that it lies in.
    pub(super) folder: String,
    /// What maps draw beside findings.
    pub(super) scene: SceneOnce<'a>,
}

impl Drawing<'_> {
    fn ci(&self) -> Options<'_> {
        Options { language: self.language, folder: &self.folder }
    }
}

/// A scene that is put together when the first format asks for it, if one does.
pub(super) struct SceneOnce<'a> {
    /// The rules.
    pub(super) program: &'a Program,
    /// The data.
    pub(super) data: &'a Dataset,
    /// Where something was found.
    pub(super) findspots: &'a Findspots,
    /// The scene, once it was asked for.
    pub(super) made: OnceCell<Scene>,
}

impl SceneOnce<'_> {
    fn get(&self) -> &Scene {
        self.made.get_or_init(|| report::scene::scene(self.program, self.data, self.findspots))
    }
}

/// One format of a result.
pub(super) struct Output {
    /// How `--format` and the manifest call it.
    pub(super) name: &'static str,
    /// The file it goes to where none is named.
    pub(super) file: &'static str,
    /// Whether it is written where the manifest names no outputs.
    pub(super) usual: bool,
    /// Whether it is text that a terminal can show.
    pub(super) text: bool,
    /// Draws it; the error says what cannot be written.
    pub(super) draw: fn(&Drawing<'_>) -> Result<Vec<u8>, Text>,
}

/// The name of the format whose features are the shapes that would comply.
pub(super) const REMEDIES: &str = "remedies";

/// All formats but the terminal's.
pub(super) const OUTPUTS: &[Output] = &[
    Output { name: "json", file: "report.json", usual: true, text: true, draw: json },
    Output { name: "html", file: "report.html", usual: true, text: true, draw: html },
    Output { name: "geojson", file: "conflicts.geojson", usual: true, text: true, draw: conflicts },
    Output { name: REMEDIES, file: "remedies.geojson", usual: true, text: true, draw: remedies },
    Output { name: "gpkg", file: "report.gpkg", usual: false, text: false, draw: gpkg },
    Output { name: "shp", file: "conflicts.zip", usual: false, text: false, draw: shp },
    Output { name: "txt", file: "conflicts.txt", usual: false, text: false, draw: txt },
    Output { name: "sarif", file: "report.sarif", usual: false, text: true, draw: sarif },
    Output { name: "junit", file: "junit.xml", usual: false, text: true, draw: junit },
    Output { name: "github", file: "github.txt", usual: false, text: true, draw: github },
    Output { name: "gitlab", file: "gl-code-quality-report.json", usual: false, text: true, draw: gitlab },
    Output { name: "markdown", file: "summary.md", usual: false, text: true, draw: markdown },
    Output { name: "svg", file: "overview.svg", usual: false, text: true, draw: svg },
    Output { name: "png", file: "overview.png", usual: false, text: false, draw: png },
    Output { name: "docx", file: "opinion.docx", usual: false, text: false, draw: docx },
    Output { name: "xlsx", file: "findings.xlsx", usual: false, text: false, draw: xlsx },
];

/// A file by its name, and its bytes.
type NamedFile = (String, Vec<u8>);

/// Draws the files that go beside a format's own.
type DrawMore = fn(&Drawing<'_>) -> Result<Vec<NamedFile>, Text>;

/// Formats that put more files beside their own.
const BESIDE: &[(&str, DrawMore)] = &[("svg", svg_plates), ("png", png_plates), ("txt", txt_remedies)];

fn json(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    let written = report::json::render(drawing.report);
    written
        .map(String::into_bytes)
        .map_err(|error| text!(en: "cannot write the report as JSON: {error}", zh: "无法将结果写为 JSON：{error}"))
}

fn html(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    let written = report::html::render(drawing.report, drawing.scene.get(), drawing.language);
    written
        .map(String::into_bytes)
        .map_err(|error| text!(en: "cannot write the report as a page: {error}", zh: "无法将结果写为网页：{error}"))
}

fn conflicts(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    Ok(report::layer::conflicts(drawing.report, Frame::Submission).into_bytes())
}

fn remedies(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    Ok(report::layer::remedies(drawing.report, Frame::Submission).into_bytes())
}

fn gpkg(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    write::geopackage(&report::gis::tables(drawing.report, drawing.schema, drawing.data))
}

fn shp(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    let tables = report::gis::tables(drawing.report, drawing.schema, drawing.data);
    let written = write::shapefiles_zip(&tables, write::text_encoding(None)?)?;
    Ok(written.files.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default())
}

fn txt(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    let [grounds, _] = report::gis::parcels(drawing.report);
    coordinate_txt(&grounds)
}

fn txt_remedies(drawing: &Drawing<'_>) -> Result<Vec<NamedFile>, Text> {
    let [_, cures] = report::gis::parcels(drawing.report);
    Ok(vec![("remedies.txt".to_owned(), coordinate_txt(&cures)?)])
}

fn coordinate_txt(table: &FeatureTable) -> Result<Vec<u8>, Text> {
    let written = write::write(table, write::OutFormat::CoordinateTxt, write::text_encoding(None)?)?;
    Ok(written.files.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default())
}

fn sarif(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    let written = report::sarif::render(drawing.report, &drawing.ci());
    written
        .map(String::into_bytes)
        .map_err(|error| text!(en: "cannot write the report as SARIF: {error}", zh: "无法将结果写为 SARIF：{error}"))
}

fn junit(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    let written = report::junit::render(drawing.report, &drawing.ci());
    written.map(String::into_bytes).map_err(
        |error| text!(en: "cannot write the report as JUnit XML: {error}", zh: "无法将结果写为 JUnit XML：{error}"),
    )
}

fn github(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    Ok(report::github::render(drawing.report, &drawing.ci()).into_bytes())
}

fn gitlab(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    let written = report::gitlab::render(drawing.report, &drawing.ci());
    written.map(String::into_bytes).map_err(|error| {
        text!(en: "cannot write the report for GitLab: {error}", zh: "无法将结果写为 GitLab 代码质量报告：{error}")
    })
}

fn markdown(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    Ok(report::markdown::render(drawing.report, &drawing.ci()).into_bytes())
}

fn svg(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    Ok(picture::overview(drawing.report, drawing.scene.get(), drawing.language).into_bytes())
}

fn svg_plates(drawing: &Drawing<'_>) -> Result<Vec<NamedFile>, Text> {
    let plates = picture::plates(drawing.report, drawing.scene.get(), drawing.language);
    Ok(plates.map(|(name, svg)| (format!("plates/{name}.svg"), svg.into_bytes())).collect())
}

/// Dots per inch of a picture: fine on paper, and one and a half times those of a screen, so that thin lines stay sharp.
const PRINTED: f64 = 144.0;

fn png(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    let svg = svg(drawing)?;
    picture::png::Painter::with_fonts().png(&String::from_utf8_lossy(&svg), PRINTED)
}

fn png_plates(drawing: &Drawing<'_>) -> Result<Vec<NamedFile>, Text> {
    let painter = picture::png::Painter::with_fonts();
    let plates: Vec<_> = picture::plates(drawing.report, drawing.scene.get(), drawing.language).collect();
    let drawn = plates.par_iter().map(|(name, svg)| Ok((format!("plates/{name}.png"), painter.png(svg, PRINTED)?)));
    drawn.collect()
}

fn docx(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    report::docx::render(drawing.report, drawing.scene.get(), report::docx::PAPER, drawing.language)
}

fn xlsx(drawing: &Drawing<'_>) -> Result<Vec<u8>, Text> {
    report::xlsx::render(drawing.report, drawing.language)
}

/// Returns the format of a name.
pub(super) fn named(name: &str) -> Option<&'static Output> {
    OUTPUTS.iter().find(|output| output.name == name)
}

/// A file that was written.
pub(super) struct Written {
    /// The format.
    pub(super) name: &'static str,
    /// Where.
    pub(super) path: PathBuf,
    /// How large the file is.
    pub(super) size: usize,
    /// How long it took to draw, with the files beside it.
    pub(super) took: Duration,
    /// The bytes, of the format that `--format` names first: they are printed, too.
    pub(super) bytes: Option<Vec<u8>>,
}

/// Writes the files that the manifest asks for; where it asks for none, or `--out` names a folder, the usual ones and that of `--format`.
/// Gives those written, and the first problem: a file that cannot be written, or one that the manifest asks for outside the submission.
pub(super) fn write(
    submission: &Submission,
    drawing: &Drawing<'_>,
    options: &CheckOptions,
) -> (Vec<Written>, Option<Text>) {
    let mut written = Vec::new();
    let mut all = || -> Result<(), Text> {
        for (format, path) in wanted(submission, options)? {
            let started = Instant::now();
            let bytes = (format.draw)(drawing)?;
            output::write(&path, &bytes)?;
            if let Some((_, more)) = BESIDE.iter().find(|(name, _)| *name == format.name) {
                let folder = path.parent().unwrap_or(Path::new(""));
                for (name, bytes) in more(drawing)? {
                    output::write(&folder.join(name), &bytes)?;
                }
            }
            let (size, took) = (bytes.len(), started.elapsed());
            let bytes = (options.format.first().is_some_and(|name| name == format.name)).then_some(bytes);
            written.push(Written { name: format.name, path, size, took, bytes });
        }
        Ok(())
    };
    let problem = all().err();
    (written, problem)
}

fn wanted(submission: &Submission, options: &CheckOptions) -> Result<Vec<(&'static Output, PathBuf)>, Text> {
    if options.no_out {
        return Ok(Vec::new());
    }
    let usual =
        || OUTPUTS.iter().filter(|output| output.usual || options.format.iter().any(|name| name == output.name));
    if let Some(folder) = &options.out {
        return Ok(usual().map(|output| (output, folder.join(output.file))).collect());
    }
    let root = submission.workspace.root();
    let asked = &submission.manifest.outputs;
    let wanted: Vec<(&Output, PathBuf)> = match asked.is_empty() {
        true => usual().map(|output| (output, Path::new("out").join(output.file))).collect(),
        false => asked
            .iter()
            .filter_map(|asked| {
                let output = named(&asked.format.value)?;
                let path = asked.path.as_ref().map(|path| PathBuf::from(&path.value));
                Some((output, path.unwrap_or_else(|| Path::new("out").join(output.file))))
            })
            .collect(),
    };
    wanted.into_iter().map(|(output, path)| Ok((output, inside(root, &path)?))).collect()
}

/// Returns the name of every format but the terminal's.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OUTPUTS.iter().map(|output| output.name)
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
