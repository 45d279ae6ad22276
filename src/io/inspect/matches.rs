//! Which layer of the rule packs a file may be, by its name and by its fields.

use crate::geometry::Kind;
use crate::io::fields::{own_names, rank};
use crate::model::{Class, ClassId, ClassKind, ClassMatch, Field, FieldId, FieldView, Schema};

/// How many layers are named at most.
const MOST: usize = 3;

/// Returns what a file is called without folder and extension; the layer inside it if there is one. Names begin with numbers that have
/// points in them: `2.1永久基本农田.shp`.
pub(in crate::io) fn stem<'a>(path: &'a str, layer: Option<&'a str>) -> &'a str {
    let file = path.rsplit('/').next().unwrap_or(path);
    layer.unwrap_or_else(|| match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        Some(_) | None => file,
    })
}

/// Returns the layers that a file of this name, kind and fields may be, the likeliest first: those it is called as, then those whose
/// required fields it has, by how many of their fields it has.
///
/// `id` is the property that tells features apart in the file's format, if it has one.
pub(super) fn matches(
    schema: &Schema,
    stem: &str,
    kind: Kind,
    fields: &[FieldView],
    id: Option<&str>,
) -> Vec<ClassMatch> {
    let layers = schema.class_ids().filter(|class| match schema.class(*class).kind {
        ClassKind::Layer(of) => of.is_none_or(|of| of == kind),
        ClassKind::Record | ClassKind::Table => false,
    });
    let mut found: Vec<(usize, ClassMatch)> = layers
        .filter_map(|class| {
            let found = of_class(schema.class(class), class, stem, fields, id);
            let named = name_length(schema.class(class), stem);
            let likely = found.by_name || (found.lacking.is_empty() && distinctive(schema, &found) >= 2);
            likely.then_some((named, found))
        })
        .collect();
    found.sort_by_key(|(named, found)| {
        (std::cmp::Reverse(*named), found.lacking.len(), std::cmp::Reverse(distinctive(schema, found)), found.class)
    });
    found.into_iter().take(MOST).map(|(_, found)| found).collect()
}

fn of_class(declared: &Class, class: ClassId, stem: &str, fields: &[FieldView], id: Option<&str>) -> ClassMatch {
    let (mut found, mut lacking) = (Vec::new(), Vec::new());
    for (at, field) in declared.fields.iter().enumerate() {
        match of_field(field, fields).or(id.filter(|_| &*field.names.name == "id")) {
            Some(name) => found.push((FieldId(at as u16), name.to_owned())),
            None if !field.optional && !field.computed => lacking.push(FieldId(at as u16)),
            None => {}
        }
    }
    ClassMatch { class, by_name: name_length(declared, stem) > 0, found, lacking }
}

/// Returns the file's name for a field.
pub(super) fn of_field<'f>(field: &Field, fields: &'f [FieldView]) -> Option<&'f str> {
    let names = own_names(field);
    let ranked = fields.iter().filter_map(|view| Some((rank(&names, &view.name)?, view)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, view)| view.name.as_str())
}

/// Returns how many fields match that not every layer has: an id tells nothing.
fn distinctive(schema: &Schema, found: &ClassMatch) -> usize {
    let class = schema.class(found.class);
    found
        .found
        .iter()
        .filter(|(field, _)| !matches!(&*class.fields[field.0 as usize].names.name, "id" | "name"))
        .count()
}

/// Returns the length of the longest name of the layer that the file is called by: alone, or set off from what stands around it, as in
/// `360400STBHHX_2024`; 0 for none.
fn name_length(class: &Class, stem: &str) -> usize {
    let stem = stem.to_lowercase();
    let names = std::iter::once(&class.names.name).chain(class.names.second.as_ref()).chain(&class.aliases);
    let lengths = names.filter_map(|name| {
        let name = name.to_lowercase();
        let fits = stem.match_indices(&name).any(|(at, _)| {
            let before = stem[..at].chars().next_back();
            let after = stem[at + name.len()..].chars().next();
            let apart = |one: Option<char>| one.is_none_or(|one| !one.is_alphabetic() || !one.is_ascii());
            apart(before) && apart(after)
        });
        // A plural is no other name.
        (fits || stem == format!("{name}s")).then_some(name.chars().count())
    });
    lengths.max().unwrap_or(0)
}
