//! A submission on disk to a program and a dataset.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::Status;
use super::arguments::SubmissionOptions;
use super::output::Talk;
use super::outputs;
use super::stopwatch::Stopwatch;
use crate::checker::{self, PackTexts, ParamSetting};
use crate::diagnostic::codes::manifest as codes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::geometry::crs::Crs;
use crate::geometry::measure::AreaMethod;
use crate::io::{self, AreaMode, InputInfo, Manifest, Pack, ReadError, WaiversRead, Workspace};
use crate::model::{Dataset, Issue, SUBMISSION, Value};
use crate::report::{self, Spent, Stage};
use crate::sema::{Cell, CsvInput, program::Program};
use crate::source::{Files, Place, Span};
use crate::text;

/// The name of the manifest in a submission's folder.
const MANIFEST: &str = "guiju.yaml";

/// Packs, compiled.
pub(super) struct Rules {
    /// What they say.
    pub(super) program: Program,
    /// The packs, those that others require first.
    pub(super) packs: Vec<Pack>,
}

/// A submission, read and ready to be checked.
pub(super) struct Submission {
    /// Every text and file that a span or place may name.
    pub(super) files: Files,
    /// Its folder.
    pub(super) workspace: Workspace,
    /// What it says of itself.
    pub(super) manifest: Manifest,
    /// The rules that it is checked against.
    pub(super) rules: Rules,
    /// Its data.
    pub(super) data: Dataset,
    /// What is wrong with them, in the order they were read.
    pub(super) issues: Vec<Issue>,
    /// The files that were read.
    pub(super) inputs: Vec<InputInfo>,
    /// The exceptions that were granted, and the files that they came from.
    pub(super) waivers: WaiversRead,
    /// The coordinate system that everything is in.
    pub(super) crs: Crs,
    /// How areas are measured.
    pub(super) method: AreaMethod,
    /// The day whose rules are in force.
    pub(super) as_of: Date,
    /// What it took to load it, stage by stage.
    pub(super) spent: Vec<(Stage, Spent)>,
}

/// Shows diagnostics; tells whether one of them is an error.
fn show(diagnostics: &[Diagnostic], files: &Files, talk: &Talk) -> bool {
    if !diagnostics.is_empty() {
        let drawn = report::terminal::diagnostics(diagnostics, files, talk.language, talk.color_talk, talk.width);
        talk.complain(&drawn);
    }
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

fn failed(talk: &Talk) -> impl Fn(ReadError) -> Status {
    |error| {
        talk.fail(&error.text());
        Status::WrongInput
    }
}

/// Reads and compiles the packs that a command names: built-in ones by name, others by folder.
///
/// # Errors
/// [`Status::WrongInput`], said already, where a pack cannot be read or holds a mistake.
pub(super) fn rules(names: &[String], files: &mut Files, talk: &Talk) -> Result<Rules, Status> {
    let mut find = |name: &str, files: &mut Files| match io::embedded(name, files) {
        Some(pack) => Ok(pack),
        None => io::read_pack(Path::new(name), files),
    };
    let packs = gather(names, files, &mut find).map_err(failed(talk))?;
    compile(packs, &[], files, talk)
}

/// Reads packs by name with all that they require, each once and after what it requires. A pack requires another by the name in its `pack.yaml`
/// where that one is among those named, else by what finds it.
fn gather(
    names: &[String],
    files: &mut Files,
    find: &mut dyn FnMut(&str, &mut Files) -> Result<Pack, ReadError>,
) -> Result<Vec<Pack>, ReadError> {
    let mut waiting = Vec::new();
    for (_, name) in names.iter().enumerate().filter(|(at, name)| !names[..*at].contains(name)) {
        let pack = find(name, files)?;
        if let Some((other, _)) = waiting.iter().find(|(_, known): &&(String, Pack)| known.name == pack.name) {
            let same = &pack.name;
            return Err(ReadError::new(
                name,
                io::Cause::Broken(text!(
                    en: "it is the pack `{same}`, as `{other}` is; two packs of one name cannot be told apart",
                    zh: "它与“{other}”同为规则包“{same}”；同名规则包无法区分"
                )),
            ));
        }
        waiting.push((name.clone(), pack));
    }
    let mut open: Vec<String> = waiting.iter().flat_map(|(_, pack)| required(pack)).collect();
    while let Some(name) = open.pop() {
        if !waiting.iter().any(|(known, pack)| *known == name || pack.name == name) {
            let pack = find(&name, files)?;
            open.extend(required(&pack));
            waiting.push((name, pack));
        }
    }
    let mut packs: Vec<(String, Pack)> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_in = |list: &[(String, Pack)], name: &String| {
            list.iter().any(|(known, pack)| known == name || pack.name == *name)
        };
        let ready = waiting.iter().position(|(_, pack)| required(pack).iter().all(|name| is_in(&packs, name)));
        // Packs that require each other are taken as they come: their modules see each other all the same.
        packs.push(waiting.remove(ready.unwrap_or(0)));
    }
    Ok(packs.into_iter().map(|(_, pack)| pack).collect())
}

fn required(pack: &Pack) -> Vec<String> {
    pack.requires.iter().map(|name| name.value.clone()).collect()
}

fn compile(packs: Vec<Pack>, settings: &[ParamSetting], files: &mut Files, talk: &Talk) -> Result<Rules, Status> {
    let texts: Vec<PackTexts> = packs.iter().map(texts).collect();
    let (program, found) = checker::compile(&texts, settings, files);
    let mut diagnostics: Vec<Diagnostic> = packs.iter().flat_map(|pack| pack.diagnostics.iter().cloned()).collect();
    diagnostics.extend(found);
    match show(&diagnostics, files, talk) {
        true => Err(Status::WrongInput),
        false => Ok(Rules { program, packs }),
    }
}

fn texts(pack: &Pack) -> PackTexts {
    let cell = |cell: &io::Cell| Cell { text: cell.text.as_str().into(), line: cell.line, column: cell.column };
    let table = |table: &io::CsvTable| CsvInput {
        file: table.file,
        rows: std::iter::once(
            table
                .header
                .iter()
                .map(|(text, place)| Cell { text: text.as_str().into(), line: place.line, column: place.column })
                .collect(),
        )
        .chain(table.rows.iter().map(|row| row.iter().map(cell).collect()))
        .collect(),
    };
    PackTexts {
        name: pack.name.as_str().into(),
        jurisdiction: pack.jurisdiction.parse().unwrap_or(0),
        modules: pack.modules.iter().map(|module| module.file).collect(),
        tables: pack.tables.iter().map(|(path, csv)| (Arc::from(path.as_str()), table(csv))).collect(),
    }
}

/// Reads a submission: manifest, packs, layers, records. Faults of the data are issues and do not stop it. `hashed` tells whether the SHA-256 of layers
/// are wanted.
///
/// # Errors
/// [`Status::WrongInput`], said already, where the manifest or a pack is wrong.
pub(super) fn submission(options: &SubmissionOptions, hashed: bool, talk: &Talk) -> Result<Submission, Status> {
    let mut watch = Stopwatch::start();
    let mut files = Files::default();
    let mut workspace = Workspace::open(&options.folder).map_err(failed(talk))?;
    for folder in &options.allow {
        workspace.allow(folder).map_err(failed(talk))?;
    }
    if !hashed {
        workspace = workspace.without_hashes();
    }
    if !options.folder.join(MANIFEST).exists() {
        let folder = options.folder.display();
        talk.fail(&text!(
            en: "no {MANIFEST} in {folder}: it says what is to be checked, against what, by which rules",
            zh: "{folder} 中没有 {MANIFEST}：它写明检查什么、对照什么、依据哪些规则"
        ));
        return Err(Status::WrongInput);
    }
    let text = workspace.read_text(Path::new(MANIFEST), None).map_err(failed(talk))?;
    let file = files.add(MANIFEST, text.decoded.text);
    let (manifest, diagnostics) = io::parse_manifest(file, files.text(file), &outputs::names().collect::<Vec<_>>());
    if show(&diagnostics, &files, talk) {
        return Err(Status::WrongInput);
    }

    let names: Vec<String> = manifest.rules.iter().map(|name| name.value.clone()).collect();
    let mut find = |name: &str, files: &mut Files| io::find_pack(&workspace, name, files);
    let packs = gather(&names, &mut files, &mut find).map_err(failed(talk))?;
    let settings: Vec<ParamSetting> = manifest
        .params
        .iter()
        .map(|(name, value)| ParamSetting {
            name: name.value.as_str().into(),
            name_span: name.span,
            value_span: value.span,
        })
        .collect();
    let rules = compile(packs, &settings, &mut files, talk)?;
    if show(&io::check_names(&manifest, &rules.program.schema), &files, talk) {
        return Err(Status::WrongInput);
    }

    let crs = crs(&manifest, &files, talk)?;
    let as_of = as_of(&manifest, options, &files, talk)?;
    let waivers = io::read_waivers(&workspace, &manifest, crs, &mut files);
    if show(&waivers.diagnostics, &files, talk) {
        return Err(Status::WrongInput);
    }
    let method = match manifest.area {
        AreaMode::Plane => AreaMethod::Plane,
        AreaMode::Ellipsoidal => AreaMethod::Ellipsoidal(crs),
    };
    let mut submission = Submission {
        data: Dataset::new(&rules.program.schema),
        issues: rules.packs.iter().flat_map(|pack| pack.issues.iter().cloned()).collect(),
        inputs: Vec::new(),
        waivers,
        files,
        workspace,
        manifest,
        rules,
        crs,
        method,
        as_of,
        spent: vec![(Stage::Rules, watch.lap())],
    };
    submission.read(&mut watch, talk);
    Ok(submission)
}

fn crs(manifest: &Manifest, files: &Files, talk: &Talk) -> Result<Crs, Status> {
    let problem = match &manifest.crs {
        Some(stated) => match Crs::parse(&stated.value) {
            // Overlay, distances and buffers are worked out in metres of a plane that keeps shapes.
            Ok(crs) if !crs.is_metric_plane() => {
                let name = crs.name();
                let message = text!(
                    en: "{name} is no plane to measure in; layers may come in it, but the check needs a projected system in metres",
                    zh: "{name} 不是可供量算的平面坐标系；图层可以采用它，但检查须在以米为单位的投影坐标系中进行"
                );
                let help = text!(
                    en: "name the zone of the place, such as `crs: EPSG:4527` (CGCS2000, 3-degree zone 39)",
                    zh: "请写当地所在带，例如 crs: EPSG:4527（CGCS2000 三度带第 39 带）"
                );
                Diagnostic::error(&codes::BAD_SETTING, message).label(stated.span).help(help)
            }
            Ok(crs) => return Ok(crs),
            Err(error) => Diagnostic::error(&codes::BAD_SETTING, io::crs_error(&error)).label(stated.span),
        },
        // Said already: a manifest without it is not taken.
        None => return Err(Status::WrongInput),
    };
    show(&[problem], files, talk);
    Err(Status::WrongInput)
}

fn as_of(manifest: &Manifest, options: &SubmissionOptions, files: &Files, talk: &Talk) -> Result<Date, Status> {
    match (&options.as_of, &manifest.as_of) {
        (Some(asked), _) => io::parse_date(asked).ok_or_else(|| {
            talk.fail(&text!(
                en: "`--as-of {asked}` is no day of the calendar; write it as 2026-01-15",
                zh: "--as-of “{asked}”不是有效日期；请写成 2026-01-15"
            ));
            Status::WrongInput
        }),
        (None, Some(day)) => Ok(day.value),
        (None, None) => {
            let message = text!(
                en: "the manifest lacks `submission.as_of`, the day whose rules are in force",
                zh: "清单缺少基准日 submission.as_of（以哪一天施行的规则为准）"
            );
            let help = text!(
                en: "add `as_of: 2026-01-15` under `submission`, or give `--as-of`",
                zh: "在 submission 下加 as_of: 2026-01-15，或使用 --as-of"
            );
            let start = Span::new(manifest.file, 0, 0);
            let problem = Diagnostic::error(&codes::MISSING_KEY, message).label(start).help(help);
            show(&[problem], files, talk);
            Err(Status::WrongInput)
        }
    }
}

impl Submission {
    /// Reads everything that the manifest names into the dataset.
    fn read(&mut self, watch: &mut Stopwatch, talk: &Talk) {
        let Submission { files, workspace, manifest, rules, data, issues, inputs, crs, as_of, spent, .. } = self;
        let schema = &rules.program.schema;
        checker::fill_tables(&rules.program, data);
        for (name, path) in &manifest.tables {
            let Some(class) = schema.find_class(&name.value) else { continue };
            issues.extend(io::read_table(workspace, &path.value, class, schema, *crs, files, data));
        }
        issues.extend(io::read_submission(manifest, schema, *crs, files, data));
        if let (Some(field), false) = (schema.class(SUBMISSION).field("as_of"), data.items(SUBMISSION).is_empty()) {
            data.items_mut(SUBMISSION).set_value(0, field, Value::Date(*as_of));
        }

        let mut others = watch.lap();
        let bar = talk.progress();
        bar.set_length(manifest.layers.len() as u64);
        let known = manifest.layers.iter().filter_map(|spec| Some((spec, schema.find_class(&spec.name.value)?)));
        let specs: Vec<_> = known.collect();
        let read = io::read_layers(workspace, &specs, schema, *crs, files, &|spec| {
            bar.set_message(report::escape::line(&spec.path.value));
            bar.inc(1);
        });
        for ((_, class), read) in specs.into_iter().zip(read) {
            *data.items_mut(class) = read.items;
            issues.extend(read.issues);
            inputs.extend(read.inputs);
        }
        bar.finish_and_clear();
        spent.push((Stage::Layers, watch.lap()));

        let read = io::read_records(workspace, &manifest.records, manifest.file, schema, *crs, files, data);
        issues.extend(read.issues);
        inputs.extend(read.inputs);
        issues.extend(io::link(data, schema));

        // What is read first must not show: the manifest may name its files in any order.
        inputs.sort_by(|one, other| (one.class, &one.path).cmp(&(other.class, &other.path)));
        issues.sort_by_cached_key(|issue| {
            let Place { file, line, column } = issue.place;
            (files.name(file).clone(), line, column, issue.code.name, issue.item.clone(), issue.field.clone())
        });
        others.add(watch.lap());
        spent.push((Stage::Records, others));
    }
}
