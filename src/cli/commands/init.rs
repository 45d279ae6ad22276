//! `guiju init`: a manifest from the files that are there.

use std::path::Path;

use crate::cli::Status;
use crate::cli::arguments::InitOptions;
use crate::cli::load;
use crate::cli::output::{self, Talk};
use crate::diagnostic::Language;
use crate::geometry::crs::{Crs, zone_at};
use crate::io::{self, FolderView, LayerGuess, Workspace};
use crate::report::{self, Draft, DraftEntry};
use crate::source::Files;
use crate::text;

/// The manifest's name.
const MANIFEST: &str = "guiju.yaml";
/// How many rules are named for each layer that is missing.
const NAMED: usize = 6;

/// Writes a manifest for a folder and says what it was made of and what a full check still lacks.
pub(in crate::cli) fn run(options: &InitOptions, talk: &Talk) -> Status {
    let path = options.folder.join(MANIFEST);
    if path.exists() && !options.force && !options.print {
        let shown = path.display();
        talk.fail(&text!(
            en: "{shown} is there already; `--force` writes it anew, `--print` only shows what would be written",
            zh: "{shown} 已存在；--force 覆盖，--print 只显示将写入的内容"
        ));
        return Status::WrongInput;
    }
    let mut files = Files::default();
    let rules = match load::rules(&options.rules, &mut files, talk) {
        Ok(rules) => rules,
        Err(status) => return status,
    };
    let program = &rules.program;
    let looked = Workspace::open(&options.folder).and_then(|workspace| io::survey_folder(&workspace, &program.schema));
    let view = match looked {
        Ok(view) => view,
        Err(error) => {
            talk.fail(&error.text());
            return Status::WrongInput;
        }
    };
    let draft = draft(options, &view);
    let manifest = report::manifest(&draft, program, talk.language);
    if options.print {
        talk.result(&manifest);
        return Status::Clean;
    }
    if let Err(problem) = output::write(&path, manifest.as_bytes()) {
        talk.fail(&problem);
        return Status::Failed;
    }
    talk.result(summary(&path, &draft, program, talk.language));
    Status::Clean
}

fn draft<'a>(options: &'a InitOptions, view: &'a FolderView) -> Draft<'a> {
    let folder = std::path::absolute(&options.folder).unwrap_or_else(|_| options.folder.clone());
    let entry = |guess: &LayerGuess| DraftEntry {
        class: guess.likeness.class,
        path: guess.path.clone(),
        likeness: Some(guess.likeness.clone()),
        files: guess.files,
        rivals: guess.rivals,
    };
    Draft {
        name: folder.file_name().map_or("S-01".into(), |name| name.to_string_lossy().into_owned()),
        day: today(),
        regions: &view.regions,
        crs: crs(&view.layers),
        packs: &options.rules,
        layers: view.layers.iter().map(entry).collect(),
        records: view
            .records
            .iter()
            .map(|record| DraftEntry {
                class: record.class,
                path: record.path.clone(),
                likeness: None,
                files: 1,
                rivals: 0,
            })
            .collect(),
        spare: &view.spare,
        unread: &view.unread,
    }
}

/// Returns the day on which the manifest is drafted.
#[expect(clippy::disallowed_methods, reason = "a draft is no result: it puts the day at hand, marked to be looked at")]
fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take(10).collect()
}

/// Returns the plane system that most files are in; those that state theirs count before those that do not. Where all are in degrees, it is the
/// zone that they lie in.
fn crs(layers: &[LayerGuess]) -> Option<(u32, bool)> {
    let plane = |code: u32| Crs::from_epsg(code).is_some_and(Crs::is_metric_plane);
    let mut counts: Vec<((u32, bool), usize)> = Vec::new();
    for layer in layers {
        let Some(code) = layer.crs.filter(|code| plane(*code)) else { continue };
        let key = (code, layer.crs_stated);
        match counts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, count)) => *count += 1,
            None => counts.push((key, 1)),
        }
    }
    counts.sort_by_key(|((code, stated), count)| (!stated, std::cmp::Reverse(*count), *code));
    let zone = |layer: &LayerGuess| {
        layer.crs.and_then(Crs::from_epsg).filter(|crs| crs.is_geographic())?;
        let middle = layer.bounds?.middle();
        // Latitudes may stand first; none is a longitude of any zone.
        [middle.x, middle.y].into_iter().find_map(zone_at).map(|zone| (zone.epsg(), false))
    };
    counts.first().map(|(key, _)| *key).or_else(|| layers.iter().find_map(zone))
}

fn summary(path: &Path, draft: &Draft<'_>, program: &crate::sema::program::Program, language: Language) -> String {
    let shown = report::escape::line(&path.to_string_lossy());
    let (layers, records) = (draft.layers.len(), draft.records.len());
    let (spare, unread) = (draft.spare.len(), draft.unread.len());
    let mut out = match language {
        Language::En => format!(
            "written: {shown} · {layers} layers, {records} sources of records, {spare} files not used, {unread} unreadable\n"
        ),
        Language::Zh => format!(
            "已写入：{shown} · 图层 {layers} 个，档案来源 {records} 个，未采用文件 {spare} 个，无法读取 {unread} 个\n"
        ),
    };
    let lacking = report::lacking(draft, program);
    if !lacking.is_empty() {
        out.push_str(match language {
            Language::En => "a full check still lacks:\n",
            Language::Zh => "完整检查尚缺：\n",
        });
    }
    for (class, rules) in lacking {
        let named: Vec<&str> = rules.iter().take(NAMED).map(String::as_str).collect();
        let more = if rules.len() > NAMED { " …" } else { "" };
        let names = &program.schema.class(class).names;
        let second = names.second.as_deref().unwrap_or_default();
        out.push_str(&format!("  {} {second} · {}{more}\n", names.name, named.join(", ")));
    }
    out
}
