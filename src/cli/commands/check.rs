//! `guiju check`: the main job.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::mem::ManuallyDrop;
use std::path::Path;

use crate::checker;
use crate::cli::Status;
use crate::cli::arguments::{CheckOptions, FailOn, TERMINAL};
use crate::cli::changes::{self, Earlier};
use crate::cli::load::{self, Submission};
use crate::cli::output::Talk;
use crate::cli::outputs::{self, Drawing, SceneOnce, Written};
use crate::cli::repository;
use crate::diagnostic::{Language, Text};
use crate::engine::Settings;
use crate::engine::finding::{Remedy, Results};
use crate::geometry::Coord;
use crate::geometry::crs;
use crate::geometry::measure::AreaMethod;
use crate::io;
use crate::model::ItemRef;
use crate::report::review::Granted;
use crate::report::scene::Findspots;
use crate::report::{self, Attributes, ChangedSince, Context, Report, Standing, Verdict, terminal};
use crate::text;

/// Checks a submission, prints the result and writes its files.
pub(in crate::cli) fn run(options: &CheckOptions, talk: &Talk) -> Status {
    // The process ends with the check: to take so many features apart, one by one, would only take time.
    let mut submission = match load::submission(&options.submission, is_told_elsewhere(options), talk) {
        Ok(submission) => ManuallyDrop::new(submission),
        Err(status) => return status,
    };
    if talk.verbose {
        say_inputs(&submission, talk);
    }
    let baseline = match &options.baseline {
        None => None,
        Some(path) => match super::read_report(path, talk) {
            Ok(report) => Some((report, path)),
            Err(status) => return status,
        },
    };
    let earlier = match &options.changed_since {
        None => None,
        Some(revision) => match changes::earlier(&options.submission, revision, talk) {
            Ok(earlier) => Some(earlier),
            Err(status) => return status,
        },
    };
    let (mut report, findspots, bare) = check(&mut submission, earlier, options, talk);
    if let Some((earlier, path)) = &baseline
        && let Err(problem) = report::review::compare(&mut report, earlier, &path.to_string_lossy())
    {
        talk.fail(&problem);
        return Status::WrongInput;
    }
    let (program, data) = (&submission.rules.program, &submission.data);
    let scene = SceneOnce { program, data, findspots: &findspots, made: OnceCell::new() };
    let folder = repository::folder_seen_from_top(submission.workspace.root());
    let drawing = Drawing { report: &report, language: talk.language, schema: &program.schema, data, folder, scene };
    // What was found is told even where it cannot be written.
    let (written, unwritten) = outputs::write(&submission, &drawing, options);
    let standing = bare.unwrap_or_else(|| report.standing());
    let printed = print(&drawing, &standing, &submission, &written, options, talk);
    match unwritten.map_or(printed, Err) {
        Ok(()) => status(&report, bare, options),
        Err(problem) => {
            talk.fail(&problem);
            Status::Failed
        }
    }
}

/// Checks, against an earlier state if one is given; returns what is reported, and where it lies. Where the verdict suffices, the report holds
/// no findings: then they are counted.
fn check(
    submission: &mut Submission,
    earlier: Option<Earlier>,
    options: &CheckOptions,
    talk: &Talk,
) -> (Report, Findspots, Option<Standing>) {
    let bar = talk.progress();
    let progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let Some(mut earlier) = earlier else {
        let program = &submission.rules.program;
        let settings = checker::settings(program, &submission.data, submission.method, Some(submission.as_of));
        let settings = Settings { described: !verdict_suffices(submission, options, talk), ..settings };
        let results = checker::check(program, &mut submission.data, &settings, &progress);
        bar.finish_and_clear();
        let bare = (!settings.described).then(|| Standing::of(&results.named, fail_on(options)));
        let (mut report, findspots) = assembled(submission, results, None, options);
        if let Some(standing) = &bare {
            report.gate.accepted = standing.barring == 0;
        }
        return (report, findspots, bare);
    };
    let checked = changes::check(submission, &mut earlier, &progress);
    bar.finish_and_clear();
    let revision = checked.since.revision.clone();
    let (mut report, findspots) = assembled(submission, checked.now, Some(checked.since), options);
    if let (Some(then), Some(results)) = (&earlier.submission, checked.then) {
        let (then, _) = assembled(then, results, None, options);
        // Both lie in one coordinate system, or there would be nothing to compare with.
        let compared = report::review::compare(&mut report, &then, &revision);
        debug_assert!(compared.is_ok(), "{compared:?}");
    }
    (report, findspots, None)
}

/// Tells whether nothing but the verdict is asked for: no finding is shown, written, or held against a waiver or an earlier result.
fn verdict_suffices(submission: &Submission, options: &CheckOptions, talk: &Talk) -> bool {
    let is_shown = !talk.quiet || is_told_elsewhere(options);
    !is_shown && options.baseline.is_none() && submission.waivers.waivers.is_empty()
}

/// Tells whether the result goes anywhere but to the terminal, which names no SHA-256.
fn is_told_elsewhere(options: &CheckOptions) -> bool {
    !options.no_out || options.format.iter().any(|name| name != TERMINAL)
}

/// Makes the report of a submission, waivers applied, and tells where its findings lie.
fn assembled(
    submission: &Submission,
    results: Results,
    changed_since: Option<ChangedSince>,
    options: &CheckOptions,
) -> (Report, Findspots) {
    let program = &submission.rules.program;
    let findspots = Findspots::of(program, &submission.data, &results);
    let attributes = attributes(submission, &results);
    let text =
        |value: &Option<io::Spanned<String>>| value.as_ref().map(|value| value.value.clone()).unwrap_or_default();
    let context = Context {
        id: text(&submission.manifest.id),
        name: text(&submission.manifest.name),
        region: text(&submission.manifest.region),
        as_of: submission.as_of,
        epsg: submission.crs.epsg(),
        to_lonlat: &|point: Coord| crs::to_lonlat(submission.crs, point),
        area: match submission.method {
            AreaMethod::Plane => report::AreaMethod::Plane,
            AreaMethod::Ellipsoidal(_) => report::AreaMethod::Ellipsoidal,
        },
        inputs: inputs(submission),
        packs: packs(submission),
        params: params(submission),
        fail_on: fail_on(options),
        new_only: options.fail_on_new || options.changed_since.is_some(),
        changed_since,
        attributes: &|item| attributes.get(&item).cloned().unwrap_or_default(),
    };
    let mut report =
        report::assemble(program, &submission.data, results, &submission.issues, &submission.files, &context);
    let granted: Vec<Granted> = submission.waivers.waivers.iter().map(|waiver| granted(waiver, submission)).collect();
    report::review::waive(&mut report, &granted, submission.as_of);
    (report, findspots)
}

fn fail_on(options: &CheckOptions) -> report::FailOn {
    match options.fail_on {
        FailOn::Prohibited => report::FailOn::Prohibited,
        FailOn::Conditional => report::FailOn::Conditional,
        FailOn::Advisory => report::FailOn::Advisory,
        FailOn::Never => report::FailOn::Never,
    }
}

/// Reads what the data say of the things that cures are for, by their own names.
fn attributes(submission: &Submission, results: &Results) -> BTreeMap<ItemRef, Attributes> {
    let schema = &submission.rules.program.schema;
    let remedies = results.findings.iter().flat_map(|finding| &finding.remedies);
    let cured: BTreeSet<ItemRef> = remedies
        .filter_map(|remedy| match remedy {
            Remedy::Geometry { of, .. } => Some(*of),
            Remedy::Text(_) => None,
        })
        .collect();
    let spot = |item: &ItemRef| -> io::Spot {
        let place = submission.data.items(item.class).place(item.index);
        (submission.files.name(place.file).to_string(), place.line, place.column)
    };
    let mut found = BTreeMap::new();
    for spec in &submission.manifest.layers {
        let Some(class) = schema.find_class(&spec.name.value) else { continue };
        let own: Vec<ItemRef> = cured.iter().copied().filter(|item| item.class == class).collect();
        let mut wanted = own.iter().map(|item| (spot(item), Attributes::default())).collect();
        io::read_attributes(&submission.workspace, spec, class, schema, &mut wanted);
        found.extend(own.into_iter().filter_map(|item| Some((item, wanted.get(&spot(&item))?.clone()))));
    }
    found
}

fn granted(waiver: &io::Waiver, submission: &Submission) -> Granted {
    let location = submission.files.location(waiver.span);
    Granted {
        rule: waiver.rule.clone(),
        label: waiver.label.clone(),
        subject: waiver.subject.clone(),
        issuer: waiver.authority.clone(),
        document: waiver.document.clone(),
        reason: waiver.reason.clone(),
        expires: waiver.expires,
        scope: waiver.scope.clone(),
        at: report::At {
            path: submission.files.name(waiver.span.file).to_string(),
            line: Some(location.line),
            column: Some(location.column),
        },
    }
}

fn inputs(submission: &Submission) -> Vec<report::Input> {
    let schema = &submission.rules.program.schema;
    submission
        .inputs
        .iter()
        .map(|input| report::Input {
            path: input.path.clone(),
            layer: Some(schema.class(input.class).names.name.to_string()),
            sha256: input.sha256.clone(),
            features: input.features as u64,
            issues: input.issues as u64,
        })
        .chain(submission.waivers.inputs.iter().map(|file| report::Input {
            path: file.path.clone(),
            layer: None,
            sha256: file.sha256.clone(),
            features: file.count as u64,
            issues: 0,
        }))
        .collect()
}

fn params(submission: &Submission) -> Vec<report::ParamSetting> {
    let set = |(name, value): &(io::Spanned<String>, io::Spanned<String>)| report::ParamSetting {
        name: name.value.clone(),
        value: value.value.clone(),
    };
    submission.manifest.params.iter().map(set).collect()
}

fn packs(submission: &Submission) -> Vec<report::Pack> {
    let pack = |pack: &io::Pack| report::Pack {
        name: pack.name.clone(),
        version: pack.version.clone(),
        sha256: pack.sha256.clone(),
    };
    submission.rules.packs.iter().map(pack).collect()
}

/// Says what was read, a line each: path, class, count, coordinate system, encoding, issues.
fn say_inputs(submission: &Submission, talk: &Talk) {
    for input in &submission.inputs {
        let path = report::escape::line(&input.path);
        let class = &submission.rules.program.schema.class(input.class).names;
        let crs = input.crs.map(|epsg| format!(" · EPSG:{epsg}")).unwrap_or_default();
        let (features, issues, encoding) = (input.features, input.issues, input.encoding);
        talk.say(&match talk.language {
            Language::En => format!("{path} · {} · {features} read{crs} · {encoding} · {issues} issues", class.name),
            Language::Zh => {
                format!("{path} · {} · 读取 {features} 个{crs} · {encoding} · {issues} 个问题", class.shown())
            }
        });
    }
}

/// Returns the line that a subject stands on, around its column.
fn excerpt(submission: &Submission, subject: &report::Subject) -> Option<terminal::Excerpt> {
    let path = submission.workspace.resolve(Path::new(subject.path.as_deref()?)).ok()?;
    let excerpt = io::excerpt(&path, subject.line?, subject.column?)?;
    Some(terminal::Excerpt { text: excerpt.text, column: excerpt.column })
}

fn on_terminal(
    drawing: &Drawing<'_>,
    standing: &Standing,
    submission: &Submission,
    written: &[Written],
    talk: &Talk,
) -> String {
    let beside =
        |path: &Path| path.strip_prefix(submission.workspace.root()).unwrap_or(path).to_string_lossy().into_owned();
    let options = terminal::Options {
        language: drawing.language,
        color: talk.color,
        width: talk.width,
        notes: talk.verbose,
        remedies_path: written.iter().find(|one| one.name == outputs::REMEDIES).map(|one| beside(&one.path)),
        excerpt: &|subject| excerpt(submission, subject),
    };
    match talk.quiet {
        true => terminal::verdict(drawing.report, standing, &options),
        false => terminal::render(drawing.report, &options),
    }
}

fn print(
    drawing: &Drawing<'_>,
    standing: &Standing,
    submission: &Submission,
    written: &[Written],
    options: &CheckOptions,
    talk: &Talk,
) -> Result<(), Text> {
    // The option has a default: there is a first one.
    let first = outputs::named(options.format.first().map_or(TERMINAL, String::as_str));
    let to_terminal = std::io::stdout().is_terminal();
    let is_written = |name: &str| written.iter().any(|one| one.name == name);
    match first {
        // A document is for its file; only who asks for no folder, and has a pipe, gets its bytes.
        Some(output) if !output.text && is_written(output.name) && (to_terminal || options.out.is_some()) => {
            talk.result(on_terminal(drawing, standing, submission, written, talk));
        }
        Some(output) if !output.text && to_terminal => {
            let (name, file) = (output.name, output.file);
            return Err(text!(
                en: "{name} is not for a terminal; it goes to {file} in the folder of results, or into a pipe",
                zh: "{name} 不能显示在终端；请查看结果文件夹中的 {file}，或输出到管道"
            ));
        }
        Some(output) => {
            let drawn = written.iter().find(|one| one.name == output.name).and_then(|one| one.bytes.as_deref());
            match drawn {
                Some(bytes) => talk.result(bytes),
                None => talk.result((output.draw)(drawing)?),
            }
        }
        None => talk.result(on_terminal(drawing, standing, submission, written, talk)),
    }
    if !written.is_empty() {
        let told = |one: &Written| {
            let path = report::escape::line(&one.path.to_string_lossy());
            match talk.verbose {
                true => format!("{path} ({:.1} kB, {:.2} s)", one.size as f64 / 1e3, one.took.as_secs_f64()),
                false => path,
            }
        };
        let paths: Vec<String> = written.iter().map(told).collect();
        talk.say(&match talk.language {
            Language::En => format!("written: {}", paths.join(", ")),
            Language::Zh => format!("已写入：{}", paths.join("、")),
        });
    }
    Ok(())
}

fn status(report: &Report, bare: Option<Standing>, options: &CheckOptions) -> Status {
    // With a state to compare with, only what is newly undetermined counts.
    let open = |finding: &report::Finding| finding.verdict == Verdict::Undetermined;
    let known = |finding: &report::Finding| report.gate.new_only && report::ci::is_old(finding);
    let any_open = match bare {
        Some(standing) => standing.open > 0,
        None => report.findings.iter().any(|finding| open(finding) && !known(finding)),
    };
    let undetermined = options.fail_on_undetermined && any_open;
    match report.gate.accepted && !undetermined {
        true => Status::Clean,
        false => Status::Conflicts,
    }
}
