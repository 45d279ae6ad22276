//! The report as JSON, read back from it, and the schema of that JSON.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::ser::{Formatter, PrettyFormatter};

use super::escape;
use super::result::{REPORT_VERSION, Report, Text};
use super::review::Diff;
use crate::text;

/// The name of the schema: that of the contract and its version.
const SCHEMA_ID: &str = "urn:guiju:report:1";

/// Reads a report from its JSON.
///
/// # Errors
/// Where the text is no report, or one of another version of the contract.
pub fn read(text: &str) -> Result<Report, Text> {
    /// What stands first in every version.
    #[derive(Deserialize)]
    struct Head {
        guiju: Version,
    }
    #[derive(Deserialize)]
    struct Version {
        report: u32,
    }
    let head: Head = serde_json::from_str(text)
        .map_err(|error| text!(en: "this is not a report of Guiju: {error}", zh: "不是 Guiju 的结果文件：{error}"))?;
    let found = head.guiju.report;
    if found != REPORT_VERSION {
        return Err(text!(
            en: "this is a report of version {found}; this program reads version {REPORT_VERSION}",
            zh: "结果文件为第 {found} 版；本程序读取第 {REPORT_VERSION} 版"
        ));
    }
    serde_json::from_str(text)
        .map_err(|error| text!(en: "the report cannot be read: {error}", zh: "结果文件无法读取：{error}"))
}

/// Returns the report as indented JSON with a line break at the end; the same report gives the same bytes.
pub fn render(report: &Report) -> serde_json::Result<String> {
    laid_out(report)
}

/// Returns what has changed between two reports as JSON, laid out as a report is.
pub fn render_diff(diff: &Diff) -> serde_json::Result<String> {
    laid_out(diff)
}

fn laid_out(value: &impl Serialize) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    let layout = Layout { pretty: PrettyFormatter::new(), in_key: false, inline_next: false, depth: 0 };
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, layout))?;
    bytes.push(b'\n');
    // The writer gives UTF-8 only.
    Ok(escape::json(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Returns the JSON Schema (2020-12) of [`render`]'s output.
pub fn schema() -> serde_json::Result<String> {
    let mut schema = schemars::SchemaGenerator::default().into_root_schema_for::<Report>();
    schema.insert("$id".to_owned(), SCHEMA_ID.into());
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}

/// The members whose arrays of numbers stand on one line.
const INLINE: &[&str] = &["coordinates", "bbox", "point", "point_lonlat"];

/// Indented JSON, save for coordinates: a boundary of a thousand vertices is one line and not four thousand.
struct Layout {
    pretty: PrettyFormatter<'static>,
    in_key: bool,
    inline_next: bool,
    /// How many arrays of an inline member are open.
    depth: usize,
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.depth > 0 || self.inline_next {
            self.inline_next = false;
            self.depth += 1;
            return writer.write_all(b"[");
        }
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.depth > 0 {
            self.depth -= 1;
            return writer.write_all(b"]");
        }
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        match (self.depth, first) {
            (0, _) => self.pretty.begin_array_value(writer, first),
            (_, true) => Ok(()),
            (_, false) => writer.write_all(b","),
        }
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.depth > 0 { Ok(()) } else { self.pretty.end_array_value(writer) }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.in_key = true;
        self.pretty.begin_object_key(writer, first)
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.in_key = false;
        self.pretty.end_object_key(writer)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if self.in_key {
            self.inline_next = INLINE.contains(&fragment);
        }
        writer.write_all(fragment.as_bytes())
    }
}
