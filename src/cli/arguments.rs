//! What can be asked on the command line. The doc comments are the English help; the Chinese is in `help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::outputs;

/// Check land plans against the rules that bind them
#[derive(Debug, Parser)]
#[command(name = "guiju", version, disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,

    /// What every command takes.
    #[command(flatten)]
    pub(super) common: Common,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// Language of messages; the default follows the locale
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    pub(super) lang: Option<Lang>,

    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(super) color: Color,

    /// Say nothing but the result
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,

    /// Say more: notes on the data, rules that did not apply
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

/// A language, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a submission
    Check(CheckOptions),
    /// Show a rule: what it asks, on what basis, how to cure a conflict; why a finding is what it is; or what a code means
    Explain(ExplainOptions),
    /// List the rules
    Rules(RulesOptions),
    /// Run the tests that stand beside the rules
    Test(TestOptions),
    /// Write a manifest from the files of a folder
    Init(InitOptions),
    /// Show what data files hold: layers, CRS, encoding, fields, faults
    Inspect(InspectOptions),
    /// Write data files in another format
    Convert(ConvertOptions),
    /// Show how a check would run: joins, indexes, which rules share them
    Plan(PlanOptions),
    /// Compare two results: what is new, worse, better, gone
    Diff(DiffOptions),
}

/// What names a submission.
#[derive(Debug, Args)]
pub(super) struct SubmissionOptions {
    /// Folder of the submission, with its guiju.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,

    /// Check as of this day instead of the submission's own (2026-01-15)
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,

    /// A further folder from which the submission may read
    #[arg(long, value_name = "DIR")]
    pub(super) allow: Vec<PathBuf>,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    #[command(flatten)]
    pub(super) submission: SubmissionOptions,

    /// What to print; of several, the first is printed and all are written to the folder for result files. Documents go there only where `--out` names it
    #[arg(long, value_name = "FORMAT", default_value = TERMINAL, value_parser = formats(), value_delimiter = ',')]
    pub(super) format: Vec<String>,

    /// Folder for the result files; the default is `out` in the submission
    #[arg(long, value_name = "DIR", conflicts_with = "no_out")]
    pub(super) out: Option<PathBuf>,

    /// Write no result files
    #[arg(long)]
    pub(super) no_out: bool,

    /// Least severity of a conflict that makes the check fail
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Prohibited)]
    pub(super) fail_on: FailOn,

    /// Fail on checks that could not be decided, too
    #[arg(long)]
    pub(super) fail_on_undetermined: bool,

    /// Look only at what differs from this revision of the git repository, and fail only on what is new or worse
    #[arg(long, value_name = "REV", conflicts_with_all = ["allow", "baseline"])]
    pub(super) changed_since: Option<String>,

    /// An earlier report.json to compare with: which findings are new, worse, better, gone
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Fail only on conflicts that are new or worse than in the baseline
    #[arg(long, requires = "baseline")]
    pub(super) fail_on_new: bool,
}

/// The format for people at a terminal; the others are in [`outputs::OUTPUTS`].
pub(super) const TERMINAL: &str = "terminal";

/// Returns the names of what `check` prints.
fn formats() -> Vec<&'static str> {
    std::iter::once(TERMINAL).chain(outputs::names()).collect()
}

/// From which severity on a conflict makes the check fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// 禁止级
    Prohibited,
    /// 限制级
    Conditional,
    /// 提示级
    Advisory,
    /// No conflict does
    Never,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    /// A rule's id, a finding's id, or the code of a diagnostic or issue
    #[arg(value_name = "RULE-OR-FINDING-OR-CODE")]
    pub(super) topic: String,

    /// Packs to look in: folders, or names of packs that come with Guiju
    #[arg(long, value_name = "PACK", default_value = "national")]
    pub(super) rules: Vec<String>,

    /// The report.json that holds the finding
    #[arg(long, value_name = "FILE", default_value = "out/report.json")]
    pub(super) report: PathBuf,
}

/// Options of `rules`.
#[derive(Debug, Args)]
pub(super) struct RulesOptions {
    /// Packs to list: folders, or names of packs that come with Guiju
    #[arg(value_name = "PACK", default_value = "national")]
    pub(super) packs: Vec<String>,

    /// Only rules that this department decides
    #[arg(long, value_name = "NAME")]
    pub(super) department: Option<String>,

    /// Only rules that rest on this source
    #[arg(long, value_name = "NAME")]
    pub(super) source: Option<String>,

    /// Only rules that speak of this layer, record or table
    #[arg(long, value_name = "NAME")]
    pub(super) layer: Option<String>,

    /// Only rules of this severity
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) severity: Option<SeverityOption>,
}

/// A severity, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SeverityOption {
    /// 禁止级
    Prohibited,
    /// 限制级
    Conditional,
    /// 提示级
    Advisory,
}

/// Options of `test`.
#[derive(Debug, Args)]
pub(super) struct TestOptions {
    /// Packs to test: folders, or names of packs that come with Guiju
    #[arg(value_name = "PACK", default_value = "national")]
    pub(super) packs: Vec<String>,

    /// Only the tests of this rule
    #[arg(long, value_name = "ID")]
    pub(super) rule: Option<String>,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub(super) struct InitOptions {
    /// Folder of the submission
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,

    /// Packs that the submission is to be checked by: folders, or names of packs that come with Guiju
    #[arg(long, value_name = "PACK", default_value = "national")]
    pub(super) rules: Vec<String>,

    /// Write the manifest anew where there is one
    #[arg(long)]
    pub(super) force: bool,

    /// Print the manifest and write nothing
    #[arg(long)]
    pub(super) print: bool,
}

/// Options of `inspect`.
#[derive(Debug, Args)]
pub(super) struct InspectOptions {
    /// Files to look at; a layer inside a file stands behind `#`, else all of its layers are shown
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<String>,

    /// Encoding of the texts, where the file does not tell it
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,

    /// Packs whose layers and code lists the files are held against: folders, or names of packs that come with Guiju
    #[arg(long, value_name = "PACK", default_value = "national")]
    pub(super) rules: Vec<String>,

    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// Options of `convert`.
#[derive(Debug, Args)]
pub(super) struct ConvertOptions {
    /// Files to convert; a layer inside a file stands behind `#`, else all of its layers are taken
    #[arg(value_name = "INPUT", required = true)]
    pub(super) inputs: Vec<String>,

    /// File to write; its extension names the format: geojson, gpkg, shp, zip (Shapefiles), txt (coordinates), csv
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,

    /// Layer inside the inputs
    #[arg(long, value_name = "NAME")]
    pub(super) layer: Option<String>,

    /// Encoding of the inputs' texts, where they do not tell it
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,

    /// Encoding to write in, for shp, zip, txt and csv: GBK (the default), GB18030, UTF-8, Big5 …
    #[arg(long, value_name = "NAME")]
    pub(super) to_encoding: Option<String>,

    /// Coordinate system of the inputs, instead of what they state: EPSG:4527
    #[arg(long, value_name = "CRS")]
    pub(super) crs: Option<String>,

    /// Coordinate system to bring coordinates into; they stay as they are without it
    #[arg(long, value_name = "CRS")]
    pub(super) to_crs: Option<String>,

    /// Overwrite what is there
    #[arg(long)]
    pub(super) force: bool,
}

/// Options of `plan`.
#[derive(Debug, Args)]
pub(super) struct PlanOptions {
    #[command(flatten)]
    pub(super) submission: SubmissionOptions,

    /// Run the check and tell where the time went: reading, indexes, joins, rules
    #[arg(long)]
    pub(super) timings: bool,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub(super) struct DiffOptions {
    /// The earlier report.json
    #[arg(value_name = "OLD")]
    pub(super) old: PathBuf,

    /// The later report.json
    #[arg(value_name = "NEW")]
    pub(super) new: PathBuf,

    /// What to print
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = DiffFormat::Terminal)]
    pub(super) format: DiffFormat,

    /// Fail if anything is new or worse
    #[arg(long)]
    pub(super) fail_on_new: bool,
}

/// What `diff` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people
    Terminal,
    /// For programs
    Json,
    /// A page for a browser
    Html,
}
