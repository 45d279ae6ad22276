//! Packs' texts to a program.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::sema::{self, CsvInput, PackInput, ParamOverride, program::Program};
use crate::source::{FileId, Files, Span};
use crate::syntax;

/// The texts of one pack, registered in [`Files`].
#[derive(Debug, Clone)]
pub struct PackTexts {
    /// Its name.
    pub name: Arc<str>,
    /// The administrative code that it is for; 0 is the whole country.
    pub jurisdiction: u32,
    /// Its modules.
    pub modules: Vec<FileId>,
    /// Its code lists and tables by path inside the pack.
    pub tables: Vec<(Arc<str>, CsvInput)>,
}

/// A manifest's setting of a param.
#[derive(Debug, Clone)]
pub struct ParamSetting {
    /// The param.
    pub name: Arc<str>,
    /// Where its name stands.
    pub name_span: Span,
    /// Where its value stands: an expression of the rule language.
    pub value_span: Span,
}

/// Compiles packs, the more general ones first. What is diagnosed is left out of the program; the rest stands.
pub fn compile(packs: &[PackTexts], settings: &[ParamSetting], files: &Files) -> (Program, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut inputs = Vec::with_capacity(packs.len());
    for pack in packs {
        let mut modules = Vec::with_capacity(pack.modules.len());
        for &file in &pack.modules {
            let (module, found) = syntax::parse(file, files.text(file));
            modules.push(module);
            diagnostics.extend(found);
        }
        inputs.push(PackInput {
            name: pack.name.clone(),
            jurisdiction: pack.jurisdiction,
            modules,
            csvs: pack.tables.clone(),
        });
    }
    let mut overrides = Vec::with_capacity(settings.len());
    for setting in settings {
        let (value, found) = syntax::parse_expression(files, setting.value_span);
        diagnostics.extend(found);
        overrides.extend(value.map(|value| ParamOverride {
            name: setting.name.clone(),
            span: setting.name_span,
            value,
        }));
    }
    let (program, found) = sema::analyze(&inputs, &overrides, files);
    diagnostics.extend(found);
    // In the order of the texts, whichever phase saw them.
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span));
    (program, diagnostics)
}
