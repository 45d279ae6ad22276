//! Which property of the data is which field, and the values of one item after the other.
//!
//! A field is found by the name that the manifest maps it to; else by either of its own names; else by its aliases in order;
//! else by any of these cut to ten bytes, as Shapefiles do. Upper and lower case count only where both spellings are there.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::bounded::Sharing;
use super::convert::{Converter, Fault, shortened};
use super::issues::{Issues, issue};
use super::node::{Data, Node};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text, closest};
use crate::model::{Class, ClassId, Field, FieldId, Issue, ItemRef, Schema, Type, Value};
use crate::source::{Location, Place};
use crate::text;

/// Names of properties that are remembered to say what a missing field may be called.
const REMEMBERED: usize = 4_096;

/// The first ten bytes of a field's name are what a Shapefile keeps.
const CUT: usize = 10;

/// Reads the items of one class.
pub(super) struct FieldReader<'s> {
    pub(super) class_id: ClassId,
    pub(super) class: &'s Class,
    pub(super) converter: Converter<'s>,
    /// For each field the names it is looked up by, best first: the name in lower case, and as written.
    names: Vec<Vec<String>>,
    /// Property name to the fields it may serve, with the rank of that name.
    known: FxHashMap<String, Vec<(FieldId, usize)>>,
    /// The keys of the item before, in order, and what they were found to be.
    last_keys: Vec<String>,
    last: Option<Arc<Assigned>>,
    /// The property names met, in order.
    seen: Vec<String>,
    matched: Vec<bool>,
    once: Vec<bool>,
    /// The value that was last found fault with, by its item and first byte, and what was said of it.
    faulted: (Option<(ItemRef, usize)>, Vec<Text>),
    /// Where the first item lacks a value, for each required field.
    missing: Vec<Vec<Issue>>,
    missing_more: Vec<u32>,
    items: u32,
    /// Where the ids of other items stand that were read, until they are taken.
    pub(super) references: Vec<(FieldId, Place)>,
}

/// Which of an item's properties is which field.
#[derive(Debug)]
pub(super) struct Assigned {
    /// For each field, the position of its property.
    pub(super) slots: Vec<Option<usize>>,
    /// The positions of properties whose key stands more than once.
    pub(super) repeated: Vec<usize>,
}

/// Where an item stands and what it is called in issues.
pub(super) struct At<'l> {
    pub(super) place: Place,
    /// The item.
    pub(super) item: ItemRef,
    /// Turns the first byte of a value into its line and column.
    pub(super) locate: &'l dyn Fn(usize) -> Location,
}

impl At<'_> {
    pub(super) fn place_of(&self, byte: usize) -> Place {
        let Location { line, column } = (self.locate)(byte);
        Place { file: self.place.file, line, column }
    }
}

impl<'s> FieldReader<'s> {
    /// Returns a reader for a class of records; its fields go by their own names.
    pub(super) fn of_records(schema: &'s Schema, class_id: ClassId) -> Self {
        Self::new(schema, class_id, field_names(schema, class_id, &[], None))
    }

    /// Returns a reader for a class whose fields are looked up by these names, of [`field_names`].
    pub(super) fn new(schema: &'s Schema, class_id: ClassId, names: Vec<Vec<String>>) -> Self {
        let class = schema.class(class_id);
        let count = class.fields.len();
        FieldReader {
            class_id,
            class,
            converter: Converter::new(schema),
            names,
            known: FxHashMap::default(),
            last_keys: Vec::new(),
            last: None,
            seen: Vec::new(),
            matched: vec![false; count],
            once: vec![false; count],
            faulted: (None, Vec::new()),
            missing: vec![Vec::new(); count],
            missing_more: vec![0; count],
            items: 0,
            references: Vec::new(),
        }
    }

    /// Returns the fields that a property may serve, each with the rank of the name it answers to; lower is better.
    pub(super) fn served(&mut self, property: &str) -> &[(FieldId, usize)] {
        if !self.known.contains_key(property) {
            let mut served = Vec::new();
            for (at, names) in self.names.iter().enumerate() {
                if let Some(rank) = rank(names, property) {
                    served.push((FieldId(at as u16), rank));
                    self.matched[at] = true;
                }
            }
            if self.seen.len() < REMEMBERED {
                self.seen.push(property.to_owned());
            }
            if self.known.len() >= REMEMBERED {
                // Data with no end of names: forget, rather than grow.
                self.known.clear();
            }
            self.known.insert(property.to_owned(), served);
        }
        self.known.get(property).map_or(&[], Vec::as_slice)
    }

    /// Returns which of the properties is which field.
    pub(super) fn assign(&mut self, properties: &[(Node<'_>, Node<'_>)]) -> Arc<Assigned> {
        // Nearly every item has the keys of the one before.
        let same = self.last_keys.len() == properties.len()
            && self.last_keys.iter().zip(properties).all(|(known, (key, _))| key.text() == Some(known));
        if same && let Some(assigned) = &self.last {
            return Arc::clone(assigned);
        }
        let mut best: Vec<Option<(usize, usize)>> = vec![None; self.class.fields.len()];
        for (at, (key, _)) in properties.iter().enumerate() {
            for &(field, rank) in self.served(key.text().unwrap_or_default()) {
                let slot = &mut best[field.0 as usize];
                if slot.is_none_or(|(known, _)| rank < known) {
                    *slot = Some((rank, at));
                }
            }
        }
        let slots = best.into_iter().map(|found| found.map(|(_, at)| at)).collect();
        let assigned = Arc::new(Assigned { slots, repeated: repeated_keys(properties) });
        self.last_keys.clear();
        self.last_keys.extend(properties.iter().map(|(key, _)| key.text().unwrap_or_default().to_owned()));
        self.last = Some(Arc::clone(&assigned));
        assigned
    }

    /// Reads the value of a field from the property assigned to it, if any, and gathers what is wrong with it.
    pub(super) fn value(
        &mut self,
        field: usize,
        property: Option<&(Node<'_>, Node<'_>)>,
        id: &str,
        at: &At<'_>,
        issues: &mut Issues,
    ) -> Value {
        let declared = &self.class.fields[field];
        let value = match property {
            Some((key, node)) => {
                let mut faults = Vec::new();
                let sharing = self.sharing(field, key);
                let value = self.converter.value(declared, sharing, node, &mut faults);
                for fault in faults {
                    self.report(field, key, fault, id, at, issues);
                }
                self.note_references(field, node, at);
                value
            }
            None => Value::Missing,
        };
        if value == Value::Missing && !declared.optional && !self.comes_otherwise(field) {
            self.note_missing(field, property, id, at);
        }
        value
    }

    /// Notes where the ids stand in the value of a field that refers to other items.
    fn note_references(&mut self, field: usize, node: &Node<'_>, at: &At<'_>) {
        let field_id = FieldId(field as u16);
        match (&self.class.fields[field].ty, &node.data) {
            (Type::List(inner), Data::List(members)) if matches!(**inner, Type::Item(_)) => {
                let named = members.iter().filter(|member| !member.is_blank());
                self.references.extend(named.map(|member| (field_id, at.place_of(member.start))));
            }
            (Type::List(inner), _) if matches!(**inner, Type::Item(_)) => {
                self.references.push((field_id, at.place_of(node.start)));
            }
            (Type::Item(_), _) => self.references.push((field_id, at.place_of(node.start))),
            _ => {}
        }
    }

    /// Returns whether the property of a limit is also that of the opposite limit of the class.
    fn sharing(&mut self, field: usize, key: &Node<'_>) -> Sharing {
        let class = self.class;
        let Some(own) = class.fields[field].limit else { return Sharing::Alone };
        let opposite = |at: usize| class.fields[at].limit.is_some_and(|limit| limit != own);
        let served = self.served(key.text().unwrap_or_default()).iter().map(|(field, _)| field.0 as usize);
        match served.filter(|at| opposite(*at)).min() {
            None => Sharing::Alone,
            Some(other) if field < other => Sharing::First,
            Some(_) => Sharing::Second,
        }
    }

    /// Tells whether a field needs no property: it is computed, or the geometry of a layer's features.
    fn comes_otherwise(&self, field: usize) -> bool {
        let declared = &self.class.fields[field];
        declared.computed || (self.class.is_layer() && matches!(declared.ty, Type::Geometry(_)))
    }

    fn report(&mut self, field: usize, key: &Node<'_>, fault: Fault, id: &str, at: &At<'_>, issues: &mut Issues) {
        // What is assumed of a field is assumed of all its values: it is said once. What is guessed of a limit is its own affair.
        let one_by_one = fault.severity == Severity::Error || fault.code == &codes::LIMIT_GUESSED;
        if !one_by_one && std::mem::replace(&mut self.once[field], true) {
            return;
        }
        // One property may serve two fields; what is wrong with it is said once.
        let value = Some((at.item, fault.at));
        if self.faulted.0 != value {
            self.faulted = (value, Vec::new());
        }
        if self.faulted.1.contains(&fault.text) {
            return;
        }
        self.faulted.1.push(fault.text.clone());
        let found = Issue {
            class: Some(self.class_id),
            item: Some(id.into()),
            item_ref: Some(at.item),
            field: Some(key.shown().into()),
            ..issue(fault.code, fault.severity, fault.text, at.place_of(fault.at))
        };
        issues.push(found);
    }

    fn note_missing(&mut self, field: usize, property: Option<&(Node<'_>, Node<'_>)>, id: &str, at: &At<'_>) {
        if self.missing[field].len() >= super::limits::ISSUES_OF_A_KIND as usize {
            self.missing_more[field] += 1;
            return;
        }
        let declared = &self.class.fields[field];
        let (name, data_name) = match property {
            Some((key, _)) => (declared.names.shown(), key.shown().into()),
            None => (declared.names.shown(), declared.names.name.clone()),
        };
        let text = text!(en: "`{id}` lacks the required value `{name}`", zh: "“{id}”缺少必填项“{name}”");
        let place = property.map_or(at.place, |(_, node)| at.place_of(node.start));
        self.missing[field].push(Issue {
            class: Some(self.class_id),
            item: Some(id.into()),
            item_ref: Some(at.item),
            field: Some(data_name),
            ..issue(&codes::MISSING_FIELD_VALUE, Severity::Error, text, place)
        });
    }

    /// Says that a field has values beside the properties.
    pub(super) fn comes_beside(&mut self, field: usize) {
        self.matched[field] = true;
    }

    /// Counts an item, once its values were read.
    pub(super) fn count_item(&mut self) {
        self.items += 1;
    }

    /// Tells what each item lacks, for documents that have no common set of keys.
    pub(super) fn finish_items(mut self, issues: &mut Issues) {
        for at in 0..self.missing.len() {
            self.tell_missing(at, issues);
        }
    }

    fn tell_missing(&mut self, field: usize, issues: &mut Issues) {
        for found in std::mem::take(&mut self.missing[field]) {
            issues.push_with(found, std::mem::take(&mut self.missing_more[field]));
        }
    }

    /// Tells what the whole file lacks: a required field that no item has is one issue, one that some lack is an issue each.
    pub(super) fn finish(mut self, place: Place, issues: &mut Issues) {
        let class = self.class;
        for (at, declared) in class.fields.iter().enumerate() {
            if self.matched[at] || self.comes_otherwise(at) || self.items == 0 {
                self.tell_missing(at, issues);
                continue;
            }
            if declared.optional {
                continue;
            }
            let name = declared.names.shown();
            let tried = self.names[at].iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let seen = || self.seen.iter().map(String::as_str);
            let near = self.names[at].iter().find_map(|name| closest(name, seen()));
            let (en, zh) = match near {
                Some(near) => (format!("; is it `{near}`?"), format!("；是否为“{near}”？")),
                None => {
                    let seen = shortened(&self.seen.join(", "));
                    (format!("; the file has: {seen}"), format!("；文件中有：{seen}"))
                }
            };
            let text = text!(
                en: "no property is the required field `{name}`, looked for as {tried}{en}",
                zh: "没有属性对应必填字段“{name}”（按 {tried} 查找）{zh}"
            );
            issues.push(Issue {
                class: Some(self.class_id),
                field: Some(declared.names.name.clone()),
                ..issue(&codes::MISSING_FIELD, Severity::Error, text, place)
            });
        }
    }
}

/// Returns the positions of properties whose key stands more than once.
fn repeated_keys(properties: &[(Node<'_>, Node<'_>)]) -> Vec<usize> {
    let few = properties.len() <= 32;
    let repeats = |at: usize| properties[..at].iter().any(|(key, _)| key.text() == properties[at].0.text());
    if few && !(0..properties.len()).any(repeats) {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..properties.len()).collect();
    order.sort_by(|&a, &b| properties[a].0.text().cmp(&properties[b].0.text()));
    let same = |pair: &[usize]| properties[pair[0]].0.text() == properties[pair[1]].0.text();
    let mut found: Vec<usize> = order.windows(2).filter(|pair| same(pair)).flatten().copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns the names that a field is looked up by, best first.
pub(super) fn own_names(field: &Field) -> Vec<String> {
    let own = std::iter::once(&field.names.name).chain(field.names.second.as_ref());
    own.chain(&field.aliases).map(|name| name.to_string()).collect()
}

/// Tells whether a property may serve a field that is looked up by these names.
pub(super) fn is_wanted(names: &[Vec<String>], property: &str) -> bool {
    names.iter().any(|names| rank(names, property).is_some())
}

/// Returns the names that each field of a class is looked up by, best first: those that `mapping` gives; else its own and, for its `id`,
/// the property that tells features apart in the format of their file.
pub(super) fn field_names(
    schema: &Schema,
    class: ClassId,
    mapping: &[(FieldId, String)],
    id_property: Option<&str>,
) -> Vec<Vec<String>> {
    let fields = schema.class(class).fields.iter().enumerate();
    let of = |(at, field): (usize, &Field)| match mapping.iter().find(|(mapped, _)| mapped.0 as usize == at) {
        Some((_, name)) => vec![name.clone()],
        None => {
            let mut names = own_names(field);
            names.extend(id_property.filter(|_| &*field.names.name == "id").map(str::to_owned));
            names
        }
    };
    fields.map(of).collect()
}

/// Returns how well a property answers to one of the names: exactly, but for case, or cut; lower is better.
pub(super) fn rank(names: &[String], property: &str) -> Option<usize> {
    if let Some(at) = names.iter().position(|name| name == property) {
        return Some(2 * at);
    }
    let lower = property.to_lowercase();
    if let Some(at) = names.iter().position(|name| name.to_lowercase() == lower) {
        return Some(2 * at + 1);
    }
    let cut = names.iter().position(|name| {
        let name = name.to_lowercase();
        [cut_to(&name, char::len_utf8), cut_to(&name, |one| if one.is_ascii() { 1 } else { 2 })]
            .iter()
            .any(|cut| *cut == lower && cut.len() < name.len())
    });
    // Names of columns are broken over lines and spaced out to fill them.
    let spaced = || {
        let bare: String = lower.split_whitespace().collect();
        let fits = |name: &String| name.to_lowercase() == bare;
        names.iter().position(fits).filter(|_| bare.len() < lower.len())
    };
    cut.map(|at| 2 * (names.len() + at)).or_else(|| spaced().map(|at| 2 * (2 * names.len() + at)))
}

/// Returns what is left of a name when it is cut to ten bytes of an encoding.
fn cut_to(name: &str, width: impl Fn(char) -> usize) -> &str {
    let mut bytes = 0;
    for (at, one) in name.char_indices() {
        bytes += width(one);
        if bytes > CUT {
            return &name[..at];
        }
    }
    name
}

/// Returns the id that an item gives itself, as text.
pub(super) fn id_text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.text().map(str::trim).filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_rank_by_how_well_they_fit() {
        let names: Vec<String> = ["stated_area", "登记面积合计数", "TBMJ"].map(str::to_owned).to_vec();
        let ranked = |property: &str| rank(&names, property);
        assert_eq!(ranked("stated_area"), Some(0));
        assert_eq!(ranked("STATED_AREA"), Some(1));
        assert_eq!(ranked("TBMJ"), Some(4));
        assert_eq!(ranked("tbmj"), Some(5));
        assert_eq!(ranked("STATED_ARE"), Some(6));
        assert_eq!(ranked("登记面积合"), Some(8));
        assert_eq!(ranked("登记面"), Some(8));
        assert_eq!(ranked("登记"), None);
        assert_eq!(ranked("MJ"), None);
    }
}
