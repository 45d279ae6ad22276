//! Where the time of a check went, for a terminal.

use super::escape;
use super::layout::Tone;
use super::rule_page::PageOptions;
use super::table::{Column, table};
use crate::diagnostic::{Language, Text};
use crate::engine::{Plan, Timings};
use crate::sema::program::Program;
use crate::text;

/// What something took, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// By the clock.
    pub wall: u64,
    /// By the processor, all threads added up; `None` where the system does not tell.
    pub processor: Option<u64>,
}

impl Spent {
    /// Adds what something else took.
    pub fn add(&mut self, more: Spent) {
        self.wall += more.wall;
        self.processor = self.processor.zip(more.processor).map(|(one, other)| one + other);
    }
}

/// A stage of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The manifest, the packs and what they name are read and compiled.
    Rules,
    /// Files of layers are read, side by side, and their shapes made valid and brought into the submission's coordinate system.
    Layers,
    /// Records and tables are read, and references linked.
    Records,
    /// The rules are run.
    Check,
}

impl Stage {
    fn text(self) -> Text {
        match self {
            Stage::Rules => text!(en: "manifest and rules", zh: "清单与规则"),
            Stage::Layers => text!(en: "layers", zh: "图层"),
            Stage::Records => text!(en: "records and references", zh: "档案与引用"),
            Stage::Check => text!(en: "check", zh: "检查"),
        }
    }
}

/// What reading a file of a layer cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTiming {
    /// The path as the manifest has it.
    pub path: String,
    /// How many features were taken from it.
    pub features: u64,
    /// How many vertices the layer has.
    pub vertices: u64,
    /// How many bytes were read.
    pub bytes: u64,
    /// Nanoseconds from bytes to values and coordinates.
    pub read: u64,
    /// Nanoseconds from coordinates to valid shapes in the submission's coordinate system.
    pub shapes: u64,
    /// Of that, nanoseconds of all threads for bringing them into the submission's coordinate system.
    pub projection: u64,
}

/// Draws where the time of a check went: stages, files, indexes, joins, rules. Times of files are by the clock; those of projection, joins and rules
/// too, of all threads added up.
pub fn timings_page(
    program: &Program,
    plan: &Plan,
    timings: &Timings,
    spent: &[(Stage, Spent)],
    read: &[ReadTiming],
    options: PageOptions,
) -> String {
    let paint = options.paint();
    let draw = |title: &str, heads: &[&str], rows: Vec<Vec<String>>| {
        let columns: Vec<Column<'_>> =
            heads.iter().enumerate().map(|(at, head)| Column { head, numbers: at > 0 }).collect();
        let title = paint.tone(Tone::Strong, title);
        format!("{title}\n{}\n", table(&columns, rows, options.cells(), paint))
    };
    let mut out = String::new();
    let row = |name: String, spent: &Spent| {
        vec![name, millis(spent.wall), spent.processor.map_or_else(|| "–".to_owned(), millis)]
    };
    let mut rows: Vec<Vec<String>> =
        spent.iter().map(|(stage, spent)| row(stage.text().in_language(options.language).to_owned(), spent)).collect();
    if let Some(((_, first), rest)) = spent.split_first() {
        let mut all = *first;
        rest.iter().for_each(|(_, more)| all.add(*more));
        rows.push(row(options.pick("all", "合计").to_owned(), &all));
    }
    let heads = match options.language {
        Language::En => ["stage", "clock ms", "CPU ms"],
        Language::Zh => ["阶段", "时钟毫秒", "处理器毫秒"],
    };
    out.push_str(&draw(options.pick("Stages", "阶段"), &heads, rows));
    let is_projected = read.iter().any(|file| file.projection > 0);
    let rows = read.iter().map(|file| {
        let rate = file.bytes as f64 * 1e3 / (file.read as f64).max(1.0);
        let each = file.shapes as f64 / (file.vertices as f64).max(1.0);
        let mut row = vec![
            escape::line(&file.path),
            file.features.to_string(),
            file.vertices.to_string(),
            format!("{:.1}", file.bytes as f64 / 1e6),
            millis(file.read),
            format!("{rate:.1}"),
            millis(file.shapes),
            format!("{each:.1}"),
        ];
        row.extend(is_projected.then(|| millis(file.projection)));
        row
    });
    let mut heads = match options.language {
        Language::En => vec!["file", "features", "vertices", "MB", "read ms", "MB/s", "shapes ms", "ns/vertex"],
        Language::Zh => vec!["文件", "要素", "顶点", "MB", "读取毫秒", "MB/秒", "图形毫秒", "纳秒/顶点"],
    };
    heads.extend(is_projected.then(|| options.pick("projection ms", "投影毫秒")));
    out.push_str(&draw(options.pick("Reading", "读取"), &heads, rows.collect()));
    let rows = timings
        .indexes
        .iter()
        .map(|(class, nanos)| vec![escape::line(&program.schema.class(*class).names.name), millis(*nanos)]);
    let heads = [options.pick("layer", "图层"), options.pick("ms", "毫秒")];
    out.push_str(&draw(options.pick("Indexes", "索引"), &heads, rows.collect()));
    let rows = plan.joins.iter().zip(&timings.joins).map(|(join, timing)| {
        vec![
            escape::line(&join.text),
            timing.subjects.to_string(),
            timing.candidates.to_string(),
            timing.pairs.to_string(),
            timing.edges.to_string(),
            timing.shapes.to_string(),
            millis(timing.nanos),
        ]
    });
    let heads = match options.language {
        Language::En => ["join", "subjects", "candidates", "pairs", "edges", "shapes", "ms"],
        Language::Zh => ["连接", "对象", "候选", "配对", "边", "图形", "毫秒"],
    };
    out.push_str(&draw(options.pick("Joins", "连接"), &heads, rows.collect()));
    let told = plan.registers.iter().zip(&timings.registers).filter(|(_, timing)| timing.asked > 0);
    let rows: Vec<Vec<String>> = told
        .map(|(register, timing)| {
            let (asked, things) = (timing.asked.to_string(), timing.things.to_string());
            vec![escape::line(&register.text), asked, things, millis(timing.nanos)]
        })
        .collect();
    if !rows.is_empty() {
        let heads = match options.language {
            Language::En => ["lookup", "asked", "found", "ms to make"],
            Language::Zh => ["查找", "次数", "找到", "建立毫秒"],
        };
        out.push_str(&draw(options.pick("Lookups", "查找"), &heads, rows));
    }
    let rules = program.rules.iter().zip(&timings.rules).filter(|(_, nanos)| **nanos > 0);
    let rows = rules.map(|(rule, nanos)| vec![escape::line(&rule.id), millis(*nanos)]);
    let heads = [options.pick("rule", "规则"), options.pick("ms", "毫秒")];
    out.push_str(&draw(options.pick("Rules, joins left out", "规则（不含连接）"), &heads, rows.collect()));
    out.trim_end().to_owned() + "\n"
}

fn millis(nanos: u64) -> String {
    format!("{:.1}", nanos as f64 / 1e6)
}
