//! From trees to a checked program.
//!
//! Takes the modules of all packs and their code lists and tables, gives a [`program::Program`] and what is wrong with the texts.
//! Knows nothing of data and disk. What is diagnosed is left out of the program, so that the rest can still be checked.

mod analysis;
mod check;
mod clauses;
mod compute;
mod constants;
mod declare;
mod describe;
mod fields;
pub mod functions;
mod lists;
mod period;
pub mod program;
mod remedies;
mod resolve;
mod rules;
mod tables;
mod tests;
mod vocabulary;
mod walk;

#[cfg(test)]
mod testing;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Files, Span};
use crate::syntax::ast;

pub use program::Program;

/// A pack as its folder holds it.
#[derive(Debug, Clone)]
pub struct PackInput {
    /// Its name.
    pub name: Arc<str>,
    /// The administrative division that it is for, six digits; 0 for the whole country.
    pub jurisdiction: u32,
    /// Its modules, in the order in which their texts are read.
    pub modules: Vec<ast::Module>,
    /// Its code lists and tables, by path inside the pack.
    pub csvs: Vec<(Arc<str>, CsvInput)>,
}

/// The cells of one CSV file.
#[derive(Debug, Clone)]
pub struct CsvInput {
    /// The file; its text is registered, so that diagnostics can point into it.
    pub file: FileId,
    /// The rows; the first is the header.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell of a CSV file.
#[derive(Debug, Clone)]
pub struct Cell {
    /// What it says, unquoted.
    pub text: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Character in the line at which it starts, from 1.
    pub column: u32,
}

/// The value that a manifest gives a param.
#[derive(Debug, Clone)]
pub struct ParamOverride {
    /// The name of the param.
    pub name: Arc<str>,
    /// The value, a constant.
    pub value: ast::Expr,
    /// Where the manifest gives it.
    pub span: Span,
}

/// Checks the packs and returns what the engine reads, and what is wrong with the texts.
///
/// Lower packs come after those they rest on. A declaration with an error is left out of the program and what names it is left out
/// silently; everything else goes on. `files` holds the texts that the spans of the trees refer to.
pub fn analyze(packs: &[PackInput], overrides: &[ParamOverride], files: &Files) -> (Program, Vec<Diagnostic>) {
    let mut analysis = analysis::Analysis::new(packs, files);
    analysis.declare();
    analysis.read_enums_and_codes();
    analysis.read_fields();
    analysis.read_sets_and_sources();
    analysis.read_params(overrides);
    analysis.read_tables();
    analysis.check_computed_fields();
    analysis.check_rules();
    analysis.check_remedies();
    analysis.check_tests();
    analysis.check_uncalled_defines();
    analysis.finish()
}
