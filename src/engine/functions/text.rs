//! Text, compared after trimming and NFKC.

use super::unknown;
use crate::engine::eval::normal;
use crate::engine::value::Evaluated;

fn two<'a>(values: &[Evaluated<'a>], holds: impl FnOnce(&str, &str) -> bool) -> Option<Evaluated<'a>> {
    if let Some(reasons) = unknown(values) {
        return Some(Evaluated::Unknown(reasons));
    }
    let [Evaluated::Text(one), Evaluated::Text(other)] = values else { return None };
    Some(Evaluated::Bool(holds(&normal(one), &normal(other))))
}

/// `starts_with(text, beginning)`
pub(super) fn starts_with<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    two(values, |text, beginning| text.starts_with(beginning))
}

/// `matches(text, pattern)`: `*` stands for any characters, `?` for one.
pub(super) fn matches<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    two(values, |text, pattern| {
        let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
        fits(&text, &pattern)
    })
}

/// `trim(text)`
pub(super) fn trim<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(match values.first()? {
        Evaluated::Text(text) => Evaluated::Text(text.trim().into()),
        other => Evaluated::Unknown(other.unknown()?),
    })
}

/// Tells whether all of the text fits: greedy, going back to the last `*` only, so in time text × pattern.
fn fits(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut want) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(want) {
            Some('*') => {
                retry = Some((at, want));
                want += 1;
            }
            Some(&wanted) if wanted == '?' || wanted == text[at] => {
                at += 1;
                want += 1;
            }
            Some(_) | None => match retry {
                Some((from, star)) => {
                    retry = Some((from + 1, star));
                    at = from + 1;
                    want = star + 1;
                }
                None => return false,
            },
        }
    }
    pattern[want..].iter().all(|&rest| rest == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_fit_whole_texts() {
        let fits =
            |text: &str, pattern: &str| fits(&text.chars().collect::<Vec<_>>(), &pattern.chars().collect::<Vec<_>>());
        assert!(fits("国土空间规划", "国土*规划") && fits("abc", "a?c") && fits("", "*") && fits("aab", "*ab"));
        assert!(!fits("abc", "a?") && !fits("abc", "b*") && !fits("", "?"));
    }
}
