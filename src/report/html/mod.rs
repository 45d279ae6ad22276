//! The result as one page with a map and a list side by side, which works from a file, offline, and asks nobody for anything.
//!
//! The page is a template, a style and scripts of the project, the map library, and the data block that its scripts draw. Whatever comes
//! from a submission or a pack stands in the data block only, escaped so that it cannot end it, and the scripts insert it as text. A
//! content security policy admits these scripts and styles by their hashes and nothing else. The same report gives the same bytes.

mod block;
mod outline;
mod page;
mod row;
mod sheet;

use crate::diagnostic::Language;
use crate::report::result::Report;
use crate::report::scene::Scene;

/// Returns the page; it opens in `language` and can be switched to the other.
///
/// # Errors
/// Where the report holds what JSON cannot.
pub fn render(report: &Report, scene: &Scene, language: Language) -> serde_json::Result<String> {
    let block = block::block(report, scene, language)?;
    Ok(page::page(report, &block, language))
}
