//! One sentence in both languages.

/// A language that people are spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    En,
    /// Chinese.
    #[default]
    Zh,
}

/// The same words in English and Chinese.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// Returns a text from both forms; the macro [`crate::text!`] formats them side by side.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Text { en: en.into(), zh: zh.into() }
    }

    /// Returns the words in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// Formats a [`Text`]: `text!(en: "no layer named `{name}`", zh: "没有名为“{name}”的图层")`.
#[macro_export]
macro_rules! text {
    (en: $en:literal, zh: $zh:literal $(, $($name:ident = $value:expr),+ $(,)?)?) => {
        $crate::diagnostic::Text::new(
            format!($en $(, $($name = $value),+)?),
            format!($zh $(, $($name = $value),+)?),
        )
    };
}
