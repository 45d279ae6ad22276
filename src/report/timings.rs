//! Where the time of a check went, for a terminal.

use super::escape;
use super::layout::Tone;
use super::rule_page::PageOptions;
use super::table::{Column, table};
use crate::engine::{Plan, Timings};
use crate::sema::program::Program;

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
}

/// Draws where the time of a check went: reading, indexes, joins, rules. Times of joins and rules are those of all threads.
pub fn timings_page(
    program: &Program,
    plan: &Plan,
    timings: &Timings,
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
    let rows = read.iter().map(|file| {
        let rate = file.bytes as f64 * 1e3 / (file.read as f64).max(1.0);
        let each = file.shapes as f64 / (file.vertices as f64).max(1.0);
        vec![
            escape::line(&file.path),
            file.features.to_string(),
            file.vertices.to_string(),
            format!("{:.1}", file.bytes as f64 / 1e6),
            millis(file.read),
            format!("{rate:.1}"),
            millis(file.shapes),
            format!("{each:.1}"),
        ]
    });
    let heads = match options.pick("en", "zh") {
        "en" => ["file", "features", "vertices", "MB", "read ms", "MB/s", "shapes ms", "ns/vertex"],
        _ => ["文件", "要素", "顶点", "MB", "读取毫秒", "MB/秒", "图形毫秒", "纳秒/顶点"],
    };
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
    let heads = match options.pick("en", "zh") {
        "en" => ["join", "subjects", "candidates", "pairs", "edges", "shapes", "ms"],
        _ => ["连接", "对象", "候选", "配对", "边", "图形", "毫秒"],
    };
    out.push_str(&draw(options.pick("Joins", "连接"), &heads, rows.collect()));
    let rules = program.rules.iter().zip(&timings.rules).filter(|(_, nanos)| **nanos > 0);
    let rows = rules.map(|(rule, nanos)| vec![escape::line(&rule.id), millis(*nanos)]);
    let heads = [options.pick("rule", "规则"), options.pick("ms", "毫秒")];
    out.push_str(&draw(options.pick("Rules, joins left out", "规则（不含连接）"), &heads, rows.collect()));
    out.trim_end().to_owned() + "\n"
}

fn millis(nanos: u64) -> String {
    format!("{:.1}", nanos as f64 / 1e6)
}
