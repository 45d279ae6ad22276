//! `guiju convert`: data files in another format.

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use crate::cli::Status;
use crate::cli::arguments::ConvertOptions;
use crate::cli::output::{self, Talk};
use crate::diagnostic::{Language, Severity, Text};
use crate::geometry::crs::Crs;
use crate::io::write::{self, OutFormat, Written};
use crate::io::{self, FeatureTableOptions, Workspace};
use crate::model::{FeatureTable, Issue};
use crate::report;
use crate::source::Files;
use crate::text;

/// The files that a Shapefile may be made of.
const SHAPEFILE: &[&str] = &["shp", "shx", "dbf", "prj", "cpg"];

/// Converts, and says what was written and what got lost. What the inputs hold and the output cannot is a note; what of an input could
/// not be read makes the run fail, with all that could be read written.
pub(in crate::cli) fn run(options: &ConvertOptions, talk: &Talk) -> Status {
    let refuse = |problem: &Text| {
        talk.fail(problem);
        Status::WrongInput
    };
    let (format, encoding, to_crs) = match settings(options) {
        Ok(settings) => settings,
        Err(problem) => return refuse(&problem),
    };
    let mut files = Files::default();
    let (mut tables, mut failed) = (Vec::new(), false);
    for input in &options.inputs {
        match read(input, options, (format, to_crs), &mut files) {
            Ok((found, issues)) => {
                tables.extend(found);
                failed |= issues.iter().any(|issue| issue.severity == Severity::Error);
                issues.iter().for_each(|issue| tell(issue, &files, talk));
            }
            Err(problem) => return refuse(&problem),
        }
    }
    if holds_one_kind(format) {
        tables = tables.into_iter().flat_map(io::by_kind).collect();
    }
    let written = match written(&tables, format, encoding) {
        Ok(written) => written,
        Err(problem) => return refuse(&problem),
    };
    for (extension, bytes) in &written.files {
        if let Err(problem) = output::write(&beside(&options.output, format, extension), bytes) {
            talk.fail(&problem);
            return Status::Failed;
        }
    }
    for note in &written.notes {
        talk.say(&format!("{}{}", pick(talk.language, "note: ", "提示："), words(note, talk.language)));
    }
    talk.result(summary(&options.output, &tables, talk.language));
    if failed { Status::WrongInput } else { Status::Clean }
}

/// Settles what is to be written and in what.
fn settings(options: &ConvertOptions) -> Result<(OutFormat, &'static Encoding, Option<Crs>), Text> {
    let extension = options.output.extension().unwrap_or_default().to_string_lossy();
    let format = OutFormat::of_extension(&extension).ok_or_else(|| {
        let known: Vec<&str> = OutFormat::EXTENSIONS.iter().map(|(name, _)| *name).collect();
        let (shown, known) = (options.output.display(), known.join(", "));
        text!(
            en: "the extension of {shown} names no format that is written; those that do are {known}",
            zh: "{shown} 的扩展名不是可写出的格式；可用的有 {known}"
        )
    })?;
    if let Some(name) = options.to_encoding.as_ref().filter(|_| !format.takes_encoding()) {
        return Err(text!(
            en: "this format is always UTF-8 and cannot be written in `{name}`",
            zh: "该格式固定为 UTF-8，不能写为“{name}”"
        ));
    }
    let encoding = write::text_encoding(options.to_encoding.as_deref())?;
    let parsed = |name: &String| Crs::parse(name).map_err(|error| io::crs_error(&error));
    options.crs.as_ref().map(parsed).transpose()?;
    let to_crs = options.to_crs.as_ref().map(parsed).transpose()?;
    let ends = if format == OutFormat::Shapefile { SHAPEFILE } else { &[""] };
    let there = ends.iter().map(|end| beside(&options.output, format, end)).find(|path| path.exists());
    match there.filter(|_| !options.force) {
        Some(path) => {
            let shown = path.display();
            Err(text!(en: "{shown} is there already; `--force` overwrites it", zh: "{shown} 已存在；--force 覆盖"))
        }
        None => Ok((format, encoding, to_crs)),
    }
}

/// Returns where one of the files of an output goes.
fn beside(output: &Path, format: OutFormat, extension: &str) -> PathBuf {
    if format == OutFormat::Shapefile && extension != "shp" {
        output.with_extension(extension)
    } else {
        output.to_owned()
    }
}

/// Reads the layers of an input; its folder is the workspace, so that the files beside it are found.
fn read(
    input: &str,
    options: &ConvertOptions,
    (format, to_crs): (OutFormat, Option<Crs>),
    files: &mut Files,
) -> Result<(Vec<FeatureTable>, Vec<Issue>), Text> {
    let (path, inner) = io::split_layer(input);
    let (path, named) = (Path::new(path), inner.or(options.layer.as_deref()));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let workspace = Workspace::open(folder).map_err(|error| error.text())?;
    let name = path.file_name().map_or(path, Path::new);
    let layers = match named {
        Some(layer) => vec![Some(layer.to_owned())],
        None => io::layers(&workspace, name).map_err(|error| error.text())?,
    };
    let (mut tables, mut issues) = (Vec::new(), Vec::new());
    for layer in layers {
        let wanted = FeatureTableOptions {
            layer: layer.as_deref(),
            encoding: options.encoding.as_deref(),
            crs: options.crs.as_deref(),
            to_crs,
            keep_key: format == OutFormat::GeoPackage,
        };
        let read = io::read_feature_table(&workspace, name, &wanted, files).map_err(|error| error.text())?;
        tables.push(read.table);
        issues.extend(read.issues);
    }
    Ok((tables, issues))
}

/// Tells whether a layer of the format is made of points, of lines or of polygons.
fn holds_one_kind(format: OutFormat) -> bool {
    match format {
        OutFormat::GeoPackage | OutFormat::Shapefile | OutFormat::ShapefileZip => true,
        OutFormat::GeoJson | OutFormat::CoordinateTxt | OutFormat::Csv => false,
    }
}

/// Writes tables in a format, if it holds as many.
fn written(tables: &[FeatureTable], format: OutFormat, encoding: &'static Encoding) -> Result<Written, Text> {
    match (format, tables) {
        (OutFormat::GeoPackage, _) => {
            Ok(Written { files: vec![("gpkg", write::geopackage(tables)?)], notes: Vec::new() })
        }
        (OutFormat::ShapefileZip, _) => write::shapefiles_zip(tables, encoding),
        (_, [table]) => write::write(table, format, encoding),
        (_, _) => {
            let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
            let names = names.join(", ");
            Err(text!(
                en: "there are several layers ({names}), and a file of this format holds one of one kind: name one behind `#` or with `--layer`, or write .gpkg or .zip",
                zh: "共有多个图层（{names}），而该格式的文件只能容纳一个单一类型的图层：请用 # 或 --layer 指定其一，或写为 .gpkg、.zip"
            ))
        }
    }
}

fn tell(issue: &Issue, files: &Files, talk: &Talk) {
    let line = report::issue_line(issue, files, talk.language);
    match issue.severity {
        Severity::Error => talk.complain(&line),
        Severity::Warning => talk.say(&line),
        Severity::Note if talk.verbose => talk.say(&line),
        Severity::Note => {}
    }
}

fn words(text: &Text, language: Language) -> String {
    report::escape::line(text.in_language(language))
}

/// Says what was written, a line for each layer.
fn summary(path: &Path, tables: &[FeatureTable], language: Language) -> String {
    let shown = report::escape::line(&path.to_string_lossy());
    let mut out = format!("{}{shown}\n", pick(language, "written: ", "已写入："));
    for table in tables {
        let (name, count) = (report::escape::line(&table.name), table.rows.len());
        let crs = table.crs.map(|crs| format!("{crs} {}", crs.name()));
        let crs = crs.unwrap_or_else(|| pick(language, "no coordinate system", "无坐标系").to_owned());
        let features = pick(language, "features", "个要素");
        out.push_str(&format!("  {name} · {count} {features} · {crs}\n"));
    }
    out
}

fn pick<'t>(language: Language, en: &'t str, zh: &'t str) -> &'t str {
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}
