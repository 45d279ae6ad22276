//! The brackets of well-known text: keywords with their items, and nothing of what they mean.
//!
//! Takes WKT of either version in either kind of brackets, gives a tree. Depth and length are bounded.

/// Longer texts are no definition of a coordinate system.
const LONGEST: usize = 1 << 18;

/// Deeper ones are none either.
const DEEPEST: usize = 32;

/// What stands between commas.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item<'t> {
    /// A text in quotes; a doubled quote in it stands for one.
    Text(String),
    /// A number or a bare word.
    Word(&'t str),
    /// A keyword with items.
    Node(Node<'t>),
}

/// A keyword with items in brackets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node<'t> {
    pub(super) keyword: &'t str,
    pub(super) items: Vec<Item<'t>>,
}

impl Node<'_> {
    /// Tells whether the keyword is one of these, whatever its case.
    pub(super) fn is(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.keyword.eq_ignore_ascii_case(keyword))
    }

    /// Returns the nodes among the items that have one of these keywords.
    pub(super) fn all(&self, keywords: &[&str]) -> impl Iterator<Item = &Self> {
        self.items.iter().filter_map(move |item| match item {
            Item::Node(node) if node.is(keywords) => Some(node),
            Item::Node(_) | Item::Text(_) | Item::Word(_) => None,
        })
    }

    /// Returns the first node among the items that has one of these keywords.
    pub(super) fn find(&self, keywords: &[&str]) -> Option<&Self> {
        self.all(keywords).next()
    }

    /// Returns the text at a position.
    pub(super) fn text(&self, at: usize) -> Option<&str> {
        match self.items.get(at)? {
            Item::Text(text) => Some(text),
            Item::Word(word) => Some(word),
            Item::Node(_) => None,
        }
    }

    /// Returns the finite number at a position.
    pub(super) fn number(&self, at: usize) -> Option<f64> {
        self.text(at)?.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// Returns the tree of a text; `None` if its brackets do not match.
pub(super) fn tree(text: &str) -> Option<Node<'_>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut reader = Reader { rest: text.trim_start() };
    let keyword = reader.word()?;
    let node = reader.node(keyword, 0)?;
    reader.rest.trim_end_matches('\0').trim().is_empty().then_some(node)
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn take(&mut self, signs: &[char]) -> Option<char> {
        self.rest = self.rest.trim_start();
        let found = self.rest.chars().next().filter(|one| signs.contains(one))?;
        self.rest = &self.rest[found.len_utf8()..];
        Some(found)
    }

    fn word(&mut self) -> Option<&'t str> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|one: char| "[](),\"".contains(one) || one.is_whitespace()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn quoted(&mut self) -> Option<String> {
        let mut found = String::new();
        loop {
            let (part, rest) = self.rest.split_once('"')?;
            found.push_str(part);
            self.rest = rest;
            match rest.strip_prefix('"') {
                Some(rest) => {
                    found.push('"');
                    self.rest = rest;
                }
                None => return Some(found),
            }
        }
    }

    fn node(&mut self, keyword: &'t str, depth: usize) -> Option<Node<'t>> {
        let closing = match self.take(&['[', '('])? {
            '[' => ']',
            _ => ')',
        };
        if depth > DEEPEST {
            return None;
        }
        let mut items = Vec::new();
        loop {
            items.push(match self.take(&['"']) {
                Some(_) => Item::Text(self.quoted()?),
                None => {
                    let word = self.word()?;
                    if self.rest.trim_start().starts_with(['[', '(']) {
                        Item::Node(self.node(word, depth + 1)?)
                    } else {
                        Item::Word(word)
                    }
                }
            });
            if self.take(&[',']).is_none() {
                self.take(&[closing])?;
                return Some(Node { keyword, items });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_of_both_kinds_nest() {
        let node = tree("PROJCS (\"a \"\"b\"\"\", UNIT[\"m\",1.0] ,AXIS(\"x\",EAST))\0").unwrap();
        assert!(node.is(&["projcs"]));
        assert_eq!(node.text(0), Some("a \"b\""));
        assert_eq!(node.find(&["UNIT"]).and_then(|unit| unit.number(1)), Some(1.0));
        assert_eq!(node.find(&["AXIS"]).and_then(|axis| axis.text(1)), Some("EAST"));
    }

    #[test]
    fn what_does_not_close_is_no_tree() {
        for text in
            ["", "PROJCS", "PROJCS[", "PROJCS[\"a\"", "PROJCS[\"a]", "PROJCS[\"a\")", "PROJCS[\"a\"] b", "[]", "A[,]"]
        {
            assert_eq!(tree(text), None, "{text}");
        }
        assert_eq!(tree(&"A[".repeat(100_000)), None);
    }
}
