//! Which language to speak.

use std::ffi::OsString;

use crate::diagnostic::Language;

/// Returns the language that `--lang` asks for, else that of the locale: Chinese where `LC_ALL`, `LC_MESSAGES` or `LANG` (the first that is
/// set) begins with `zh`, else English. Read before the arguments are parsed, because help is in that language too.
pub(super) fn of(arguments: &[OsString]) -> Language {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    let mut asked = None;
    while let Some(word) = words.next() {
        match word.strip_prefix("--lang") {
            Some("") => asked = words.next(),
            Some(rest) => asked = rest.strip_prefix('='),
            None if word == "--" => break,
            None => {}
        }
    }
    match asked {
        Some("zh") => Language::Zh,
        Some("en") => Language::En,
        Some(_) | None => {
            of_locale(["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok()))
        }
    }
}

fn of_locale(mut settings: impl Iterator<Item = String>) -> Language {
    match settings.find(|setting| !setting.is_empty()) {
        Some(setting) if setting.starts_with("zh") => Language::Zh,
        Some(_) | None => Language::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_comes_before_the_locale() {
        let words = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(of(&words(&["guiju", "check", "--lang", "zh"])), Language::Zh);
        assert_eq!(of(&words(&["guiju", "--lang=en", "check"])), Language::En);
        assert_eq!(of_locale(["".to_owned(), "zh_CN.UTF-8".to_owned()].into_iter()), Language::Zh);
        assert_eq!(of_locale(["C".to_owned(), "zh_CN.UTF-8".to_owned()].into_iter()), Language::En);
        assert_eq!(of_locale(std::iter::empty()), Language::En);
    }
}
