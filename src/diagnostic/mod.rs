//! What is wrong with a text, as plain data in both languages.
//!
//! Diagnostics are built where a mistake is seen and drawn in `report` only. Every kind has a [`Code`] with a page.
//! Knows nothing of how anything is drawn.

pub mod codes;
mod suggest;
mod text;

pub use codes::Code;
pub use suggest::closest;
pub use text::{Language, Text};

use crate::source::Span;

/// How bad it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The text or the data cannot be used as it is.
    Error,
    /// It can be used, but is probably not what was meant.
    Warning,
    /// Something that was assumed or repaired.
    Note,
}

/// A place in a text with what to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The smallest span that shows the mistake.
    pub span: Span,
    /// What to say beside it, if the message does not say it.
    pub text: Option<Text>,
}

/// A mistake in a rule, a code list or a manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Which kind of mistake.
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: Text,
    /// Where; the first is the place that the header names.
    pub labels: Vec<Label>,
    /// How to go on.
    pub help: Option<Text>,
}

impl Diagnostic {
    /// Returns an error without label and help.
    pub fn error(code: &'static Code, message: Text) -> Self {
        Diagnostic { code, severity: Severity::Error, message, labels: Vec::new(), help: None }
    }

    /// Returns a warning without label and help.
    pub fn warning(code: &'static Code, message: Text) -> Self {
        Diagnostic { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a place.
    pub fn label(mut self, span: Span) -> Self {
        self.labels.push(Label { span, text: None });
        self
    }

    /// Adds a place with words of its own.
    pub fn label_with(mut self, span: Span, text: Text) -> Self {
        self.labels.push(Label { span, text: Some(text) });
        self
    }

    /// Says how to go on.
    pub fn help(mut self, text: impl Into<Option<Text>>) -> Self {
        self.help = text.into();
        self
    }
}
