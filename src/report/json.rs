//! The report as JSON, and the schema of that JSON.

use super::result::Report;

/// The name of the schema: that of the contract and its version.
const SCHEMA_ID: &str = "urn:guiju:report:1";

/// Returns the report as indented JSON with a line break at the end; the same report gives the same bytes.
pub fn render(report: &Report) -> serde_json::Result<String> {
    serde_json::to_string_pretty(report).map(|text| text + "\n")
}

/// Returns the JSON Schema (2020-12) of [`render`]'s output.
pub fn schema() -> serde_json::Result<String> {
    let mut schema = schemars::SchemaGenerator::default().into_root_schema_for::<Report>();
    schema.insert("$id".to_owned(), SCHEMA_ID.into());
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}
