//! The report as JSON, and the schema of that JSON.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::result::Report;

/// The name of the schema: that of the contract and its version.
const SCHEMA_ID: &str = "urn:guiju:report:1";

/// Returns the report as indented JSON with a line break at the end; the same report gives the same bytes.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    let layout = Layout { pretty: PrettyFormatter::new(), in_key: false, inline_next: false, depth: 0 };
    report.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, layout))?;
    bytes.push(b'\n');
    // The writer gives UTF-8 only.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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
