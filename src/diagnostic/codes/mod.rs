//! Every kind of diagnostic and issue, in one table: name, what it means, its page.

pub mod issue;
pub mod language;
pub mod manifest;
pub mod waiver;

/// A kind of diagnostic (about a text) or issue (about data).
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The name that people see and search for, such as `unknown-name`.
    pub name: &'static str,
    /// One line in English.
    pub en: &'static str,
    /// One line in Chinese.
    pub zh: &'static str,
    /// The page in Markdown: what it means in both languages, and an example.
    pub page: &'static str,
}

/// Declares the codes of one family and `ALL`, the list of them.
macro_rules! codes {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, en: $en:literal, zh: $zh:literal;)*) => {
        $(
            $(#[$doc])*
            #[doc = $en]
            pub static $constant: $crate::diagnostic::Code = $crate::diagnostic::Code {
                name: $name,
                en: $en,
                zh: $zh,
                page: include_str!(concat!("../pages/", $name, ".md")),
            };
        )*

        /// The codes of this family.
        pub static ALL: &[&$crate::diagnostic::Code] = &[$(&$constant),*];
    };
}
pub(crate) use codes;

/// Returns every code there is.
pub fn all() -> impl Iterator<Item = &'static Code> {
    language::ALL.iter().chain(manifest::ALL).chain(issue::ALL).chain(waiver::ALL).copied()
}
