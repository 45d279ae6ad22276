//! YAML (and JSON, which is YAML) to trees of [`Node`]s with bounds on size, depth and alias expansion.
//!
//! The only file that names the YAML parser. Tags other than those of the core schema, complex keys and
//! repeated keys are errors: no two readers agree on them.

use std::borrow::Cow;

use serde_yaml::granit_parser::{Event, Parser, ScalarStyle, options};

use super::limits::{NESTING_DEPTH, STRING_BYTES, YAML_NODES};
use super::node::{Data, Node};
use crate::diagnostic::Text;
use crate::text;

/// Why a text is no YAML that is read here, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct YamlError {
    /// What is wrong.
    pub text: Text,
    /// First byte of the place.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// Parses all documents of a text; an empty text has none.
///
/// # Errors
/// The first mistake; nothing behind it is trusted.
pub fn parse_yaml(source: &str) -> Result<Vec<Node<'_>>, YamlError> {
    let options = options! {
        emit_comments: false,
        flow_nesting_limit: NESTING_DEPTH,
        block_nesting_limit: NESTING_DEPTH,
    };
    let mut builder = Builder { source, open: Vec::new(), anchors: Vec::new(), nodes: 0, documents: Vec::new() };
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(source.len()).min(source.len());
            let reason = error.info();
            YamlError {
                text: text!(en: "not YAML: {reason}", zh: "不是有效的 YAML：{reason}"), start: at, end: at
            }
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        builder.take(event, range.start, range.end)?;
    }
    Ok(builder.documents)
}

/// A collection whose end has not come yet.
struct Open<'a> {
    data: Data<'a>,
    /// The key that waits for its value.
    key: Option<Node<'a>>,
    anchor: usize,
    start: usize,
}

/// A node that aliases may repeat.
struct Anchor<'a> {
    /// The parser's number for it.
    id: usize,
    node: Node<'a>,
    nodes: usize,
    depth: usize,
}

struct Builder<'a> {
    source: &'a str,
    open: Vec<Open<'a>>,
    /// The anchored nodes of the document.
    anchors: Vec<Anchor<'a>>,
    nodes: usize,
    documents: Vec<Node<'a>>,
}

impl<'a> Builder<'a> {
    fn take(&mut self, event: Event<'a>, start: usize, end: usize) -> Result<(), YamlError> {
        if let Some(tag) = event.tag()
            && tag.is_custom()
        {
            let tag = tag.original();
            let text = text!(en: "the tag `{tag}` is not allowed", zh: "不允许使用标签“{tag}”");
            return Err(YamlError { text, start, end });
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.nodes += 1;
                self.within_bounds(0, start, end)?;
                if text.len() > STRING_BYTES {
                    let text = text!(
                        en: "text longer than the limit of {STRING_BYTES} bytes",
                        zh: "文本超过 {STRING_BYTES} 字节的上限"
                    );
                    return Err(YamlError { text, start, end });
                }
                let plain = style == ScalarStyle::Plain;
                let data = if plain && is_null(&text) { Data::Null } else { Data::Scalar(text) };
                self.place(Node { data, start, end }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.begin(Data::List(Vec::new()), anchor, start, end),
            Event::MappingStart(_, anchor, _) => self.begin(Data::Map(Vec::new()), anchor, start, end),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => {
                    if let Some(key) = repeated_key(&open.data) {
                        let (start, end, key) = (key.start, key.end, key.shown());
                        let text = text!(en: "the key `{key}` stands here twice", zh: "键“{key}”重复");
                        return Err(YamlError { text, start, end });
                    }
                    // A block ends where the next token starts: leave the blank between them out.
                    let end = open.start + self.source[open.start..end.max(open.start)].trim_end().len();
                    self.place(Node { data: open.data, start: open.start, end }, open.anchor)
                }
                None => Ok(()),
            },
            Event::Alias(id) => {
                let Some(anchor) = self.anchors.iter().rev().find(|anchor| anchor.id == id) else {
                    let text = text!(en: "this alias refers to itself", zh: "别名引用了自身");
                    return Err(YamlError { text, start, end });
                };
                let (nodes, depth) = (anchor.nodes, self.open.len() + anchor.depth);
                // Counted before it is copied.
                self.nodes += nodes;
                self.within_bounds(depth, start, end)?;
                let node = anchor.node.clone();
                self.place(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, data: Data<'a>, anchor: usize, start: usize, end: usize) -> Result<(), YamlError> {
        self.nodes += 1;
        self.within_bounds(self.open.len() + 1, start, end)?;
        self.open.push(Open { data, key: None, anchor, start });
        Ok(())
    }

    fn within_bounds(&self, depth: usize, start: usize, end: usize) -> Result<(), YamlError> {
        let text = if depth > NESTING_DEPTH {
            text!(en: "nested deeper than the limit of {NESTING_DEPTH}", zh: "嵌套超过 {NESTING_DEPTH} 层的上限")
        } else if self.nodes > YAML_NODES {
            text!(
                en: "more than the limit of {YAML_NODES} nodes, aliases expanded",
                zh: "节点（别名展开后）超过 {YAML_NODES} 个的上限"
            )
        } else {
            return Ok(());
        };
        Err(YamlError { text, start, end })
    }

    /// Puts a finished node where it belongs: the open collection, or the list of documents.
    fn place(&mut self, node: Node<'a>, anchor: usize) -> Result<(), YamlError> {
        if anchor > 0 {
            let (nodes, depth) = extent(&node);
            self.nodes += nodes;
            self.within_bounds(depth, node.start, node.end)?;
            self.anchors.push(Anchor { id: anchor, node: node.clone(), nodes, depth });
        }
        let Some(open) = self.open.last_mut() else {
            self.anchors.clear();
            self.documents.push(node);
            return Ok(());
        };
        match (&mut open.data, open.key.take()) {
            (Data::List(items), _) => items.push(node),
            (Data::Map(entries), Some(key)) => entries.push((key, node)),
            (Data::Map(_), None) => {
                let (start, end) = (node.start, node.end);
                let key = match node.data {
                    Data::Scalar(text) => text,
                    Data::Null => Cow::Borrowed("null"),
                    Data::List(_) | Data::Map(_) => {
                        let text = text!(en: "a key must be text", zh: "键必须是文本");
                        return Err(YamlError { text, start, end });
                    }
                };
                open.key = Some(Node::scalar(key, start, end));
            }
            (Data::Null | Data::Scalar(_), _) => {}
        }
        Ok(())
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Returns how many nodes there are in `node` and how many collections deep it is.
fn extent(node: &Node<'_>) -> (usize, usize) {
    let inside = |children: &mut dyn Iterator<Item = &Node<'_>>| {
        children.map(extent).fold((1, 1), |(nodes, depth), (more, deeper)| (nodes + more, depth.max(deeper + 1)))
    };
    match &node.data {
        Data::Null | Data::Scalar(_) => (1, 0),
        Data::List(items) => inside(&mut items.iter()),
        Data::Map(entries) => inside(&mut entries.iter().flat_map(|(key, value)| [key, value])),
    }
}

/// Finds a key that stands in a map before; the second one.
fn repeated_key<'n, 'a>(data: &'n Data<'a>) -> Option<&'n Node<'a>> {
    let Data::Map(entries) = data else { return None };
    let mut keys: Vec<&Node<'a>> = entries.iter().map(|(key, _)| key).collect();
    keys.sort_by(|a, b| a.text().cmp(&b.text()));
    keys.windows(2).find(|pair| pair[0].text() == pair[1].text()).map(|pair| pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Result<Vec<String>, String> {
        parse_yaml(source)
            .map(|documents| documents.iter().map(|node| node.shown().into_owned()).collect())
            .map_err(|error| error.text.en)
    }

    #[test]
    fn scalars_stay_text() {
        let read = shown("{a: 0101, b: no, c: 1_000, d: 360400, e: ~, f: '', g: 1e3}");
        assert_eq!(read, Ok(vec!["{a: 0101, b: no, c: 1_000, d: 360400, e: null, f: , g: 1e3}".to_owned()]));
        assert_eq!(shown("a\n---\nb\n"), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(shown("{\"json\": [1, {\"deep\": null}]}"), Ok(vec!["{json: [1, {deep: null}]}".to_owned()]));
        assert_eq!(shown("# nothing\n"), Ok(vec![]));
    }

    #[test]
    fn spans_are_byte_ranges() {
        let source = "名称: 甲\n列表:\n  - 一\n  - 二\n";
        let documents = parse_yaml(source).unwrap();
        let list = documents[0].get("列表").unwrap();
        assert_eq!(&source[list.start..list.end], "- 一\n  - 二");
        let name = documents[0].get("名称").unwrap();
        assert_eq!(&source[name.start..name.end], "甲");
    }

    #[test]
    fn hostile_texts_are_refused_with_the_bound_named() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let previous = level - 1;
            let row = vec![format!("*a{previous}"); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{row}]\n"));
        }
        assert!(shown(&bomb).unwrap_err().contains("2000000 nodes"));
        assert!(shown(&"[".repeat(100_000)).is_err());
        assert!(shown(&(0..100).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>()).is_err());
        assert!(shown("a: !!python/object:os.system x").unwrap_err().contains("tag"));
        assert!(shown("a: !include /etc/passwd").unwrap_err().contains("tag"));
        assert!(shown("a: 1\na: 2\n").unwrap_err().contains("twice"));
        assert!(shown("? [1, 2]\n: x\n").unwrap_err().contains("key"));
        assert!(shown("a: &a [*a]").is_err());
        assert!(shown("a: [1, 2").is_err());
        assert!(shown(&format!("a: {}", "x".repeat(STRING_BYTES + 1))).unwrap_err().contains("1048576 bytes"));
    }
}
