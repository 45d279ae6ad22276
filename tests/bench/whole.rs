//! What a whole check costs beside parsing its files: `guiju check` with 20 rules and with one, in a process of its own.
//!
//! Reads the GeoJSON files of the generator from the folder in `GUIJU_BENCH_DATA`; without it, it says so and ends. Other variables:
//! `GUIJU_BENCH_SIZE` (S, M or L; the proposals), `GUIJU_BENCH_ROWS` (of `parse,plan,one,twenty,threads`, comma between; else all).
//! Times are CPU seconds of the process; memory is the most it held.

#![expect(clippy::disallowed_methods, reason = "a bench reads the generator's files and the system's clock")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

const CONTROLS: [&str; 4] = ["farmland", "plan", "redline", "urban"];

fn main() {
    let Ok(folder) = std::env::var("GUIJU_BENCH_DATA") else {
        println!("whole bench skipped: GUIJU_BENCH_DATA names no folder with the generator's GeoJSON files");
        return;
    };
    let folder = Path::new(&folder);
    let size = std::env::var("GUIJU_BENCH_SIZE").unwrap_or_else(|_| "M".to_owned());
    let rows = std::env::var("GUIJU_BENCH_ROWS").unwrap_or_default();
    let asked = |row: &str| rows.is_empty() || rows.split(',').any(|one| one == row);
    let proposals = format!("proposals_{size}");
    let mut parsing = 0.0;
    let mut flat = 0;
    if asked("parse") {
        for layer in CONTROLS.into_iter().chain([proposals.as_str()]) {
            let path = folder.join(format!("{layer}.geojson"));
            let bytes = fs::metadata(&path).expect("the generator's file").len() as f64;
            let (numbers, seconds) = parse(&path);
            println!(
                "serde_json {layer:12} {seconds:8.3} s  {:6.0} MB/s, {} coordinates",
                bytes / 1e6 / seconds,
                numbers / 2
            );
            parsing += seconds;
            flat += numbers * 8;
        }
        println!("serde_json all          {parsing:8.3} s  {:.0} MB of coordinates", flat as f64 / 1e6);
    }
    let whole = |name: &str, rules: usize, threads: &str, command: &[&str]| {
        let submission = submission(folder, &proposals, rules);
        let spent = run(submission.path(), folder, threads, command);
        let memory = spent.peak as f64 / (flat as f64).max(1.0);
        println!(
            "{name:23} {:8.3} s  {:.2} of parsing; {:.3} s by the clock, {:.0} MB at most, {memory:.2} of the coordinates",
            spent.cpu,
            spent.cpu / parsing,
            spent.clock,
            spent.peak as f64 / 1e6
        );
        spent
    };
    let check = ["check", "--no-out", "--quiet"];
    if asked("one") {
        whole("one rule", 1, "1", &check);
    }
    if asked("twenty") {
        whole("twenty rules", 20, "1", &check);
    }
    if asked("threads") {
        whole("twenty rules, 2 threads", 20, "2", &check);
    }
    if asked("plan") {
        let spent = whole("plan --timings", 20, "1", &["plan", "--timings", "--lang", "en"]);
        print!("{}", spent.said);
    }
}

/// What a process took.
struct Spent {
    cpu: f64,
    clock: f64,
    /// Bytes.
    peak: u64,
    said: String,
}

/// Runs `guiju` on a submission.
fn run(submission: &Path, data: &Path, threads: &str, command: &[&str]) -> Spent {
    let before = children_seconds();
    let started = Instant::now();
    let out = submission.join("said.txt");
    let mut child = Command::new(env!("CARGO_BIN_EXE_guiju"))
        .args(command)
        .arg(submission)
        .arg("--allow")
        .arg(data)
        .env("RAYON_NUM_THREADS", threads)
        .env("COLUMNS", "160")
        .stdout(fs::File::create(&out).expect("a file for what it says"))
        .stderr(Stdio::inherit())
        .spawn()
        .expect("guiju runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        // What the process held at most is told while it runs.
        let told = fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or(0) * 1024);
        match child.try_wait().expect("guiju ends") {
            Some(ended) => break ended,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    assert!(matches!(ended.code(), Some(0 | 1)), "guiju ended with {ended}");
    let clock = started.elapsed().as_secs_f64();
    Spent { cpu: children_seconds() - before, clock, peak, said: fs::read_to_string(out).unwrap_or_default() }
}

/// Returns the CPU seconds of the processes that this one waited for, where the system tells.
fn children_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = text.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    // `cutime` and `cstime`, in hundredths of a second.
    (ticks(13) + ticks(14)) / 100.0
}

/// Returns the time this thread has run, where the system tells.
fn thread_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(0.0) * 1e-9
}

/// Writes a submission that has the files checked by the first `rules` of 20 rules.
fn submission(data: &Path, proposals: &str, rules: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = folder.path().join("pack");
    fs::create_dir(&pack).expect("a folder");
    let write = |path: &Path, text: &str| fs::write(path, text).expect("a file");
    write(
        &pack.join("pack.yaml"),
        "name: bench\nversion: \"1\"\ntitle: 量测\njurisdiction: \"000000\"\nrequires: []\n",
    );
    write(&pack.join("rules.gj"), &rules_text(rules));
    let path = |name: &str| data.join(format!("{name}.geojson")).display().to_string();
    let mut manifest = format!(
        "guiju: 1\nsubmission: {{ id: B-1, region: \"360400\", as_of: 2026-01-15 }}\ncrs: EPSG:4527\narea: ellipsoidal\nrules: [pack]\nlayers:\n  proposal: {}\n",
        path(proposals)
    );
    for layer in CONTROLS {
        let _ = writeln!(manifest, "  {layer}: {}", path(layer));
    }
    write(&folder.path().join("guiju.yaml"), &manifest);
    folder
}

/// Returns a pack of rules over all layers; a few in a hundred of the proposals offend against each.
fn rules_text(count: usize) -> String {
    let mut text = String::from(
        "module bench.rules\n\nsource bench_law { title \"测试法\" issued 2019-08-26 effective 2020-01-01 }\n\nenum department { natural_resources }\n\nlayer proposal : polygon { id : text from proposal_id  class : text? from dlbm }\n",
    );
    for layer in CONTROLS {
        let _ = writeln!(text, "layer {layer} : polygon {{ id : text from feature_id  class : text? from dlbm }}");
    }
    // The first uses every join that the others do, so that it may stand for what the joins cost.
    let each = |make: &dyn Fn(&str) -> String| CONTROLS.map(make).join(" + ");
    let areas = each(&|layer| format!("area(p & {layer})"));
    let counts = each(&|layer| format!("count(f for each f in {layer} overlapping p)"));
    let near = |layer: &str| format!("(any f in {layer} within 1 m of p: f.id == \"\")");
    let any = format!(
        "    forbid {areas} > 4 * area(p) or {counts} > 100000 or {} or {} or (any f in plan containing p: f.id == \"\")",
        near("redline"),
        near("urban")
    );
    let mut bodies = vec![("any".to_owned(), any)];
    for (layer, most) in [("farmland", 150_000), ("plan", 150_000), ("redline", 20_000), ("urban", 100_000)] {
        let taken = format!("    let taken = p & {layer}\n");
        bodies.push((format!("{layer} area"), format!("{taken}    forbid area(taken) > {most} m2")));
        bodies.push((
            format!("{layer} share"),
            format!("{taken}    forbid area(taken) / area(p) > 99% and area(p) > 100000 m2"),
        ));
        bodies.push((
            format!("{layer} sliver"),
            format!("{taken}    forbid area(taken) > 0.5 m2 and area(taken) < 5 m2"),
        ));
        bodies.push((
            format!("{layer} count"),
            format!("    let met = count(f for each f in {layer} overlapping p)\n    forbid met > 20"),
        ));
    }
    for (title, body) in [
        ("redline near", "    forbid any r in redline within 1 m of p: not (p overlaps r)"),
        ("urban near", "    forbid any u in urban within 1 m of p: not (p overlaps u)"),
        ("inside plan", "    forbid any q in plan containing p: q.class == \"0101\""),
    ] {
        bodies.push((title.to_owned(), body.to_owned()));
    }
    assert_eq!(bodies.len(), 20);
    for (number, (title, body)) in bodies.into_iter().take(count).enumerate() {
        let _ = write!(
            text,
            "\n/// {title}\n///\n/// {title}\nrule B-{number:02} \"{title}\" {{\n    basis bench_law \"第一条\"\n    department natural_resources\n    severity prohibited\n\n    for each p in proposal\n{body}\n    message \"{{p.id}}\"\n}}\n"
        );
    }
    text
}

/// Parses a file with serde_json into one flat buffer; gives the numbers there are and the CPU seconds.
fn parse(path: &Path) -> (usize, f64) {
    let started = thread_seconds();
    let mut numbers: Vec<f64> = Vec::new();
    let bytes = fs::read(path).expect("the generator's file");
    let mut reader = serde_json::Deserializer::from_slice(&bytes);
    Value { numbers: &mut numbers, wanted: false }.deserialize(&mut reader).expect("GeoJSON");
    (numbers.len(), thread_seconds() - started)
}

/// Any value of GeoJSON: numbers below `coordinates` are kept, all else is passed over.
struct Value<'n> {
    numbers: &'n mut Vec<f64>,
    wanted: bool,
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("JSON")
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        if self.wanted {
            self.numbers.push(number);
        }
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Value { numbers: &mut *self.numbers, wanted: self.wanted })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<&str>()? {
            match key {
                "coordinates" => map.next_value_seed(Value { numbers: &mut *self.numbers, wanted: true })?,
                "features" | "geometry" => {
                    map.next_value_seed(Value { numbers: &mut *self.numbers, wanted: self.wanted })?;
                }
                // Ids and texts are read as well, into what the compiler may not drop.
                "properties" => {
                    let Texts { feature_id, name, dlbm } = map.next_value()?;
                    std::hint::black_box((feature_id, name, dlbm));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Properties as a reader of attributes takes them.
#[derive(serde::Deserialize)]
struct Texts<'a> {
    #[serde(alias = "proposal_id")]
    feature_id: u64,
    name: &'a str,
    dlbm: &'a str,
}
