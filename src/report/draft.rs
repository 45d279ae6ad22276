//! A manifest drafted from what a folder holds: what is sure stands, what is doubtful is marked, what is missing is said.

use std::fmt::Write;

use super::mentions::Mentions;
use crate::diagnostic::{Language, Text};
use crate::model::{ClassId, ClassKind, ClassMatch, SUBMISSION, Type};
use crate::sema::program::Program;

/// One line of the manifest that names a file.
#[derive(Debug, Clone)]
pub struct DraftEntry {
    /// The layer or kind of record.
    pub class: ClassId,
    /// The path.
    pub path: String,
    /// What is doubtful about it, for a layer.
    pub likeness: Option<ClassMatch>,
    /// How many files the path names.
    pub files: usize,
    /// How many others are called as the layer.
    pub rivals: usize,
}

/// What a manifest is drafted from.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// The name of the folder.
    pub name: String,
    /// The day that is put as the day of the check: `2026-01-15`.
    pub day: String,
    /// The county, the likeliest first.
    pub regions: &'a [String],
    /// The coordinate system as an EPSG code, and whether files state it.
    pub crs: Option<(u32, bool)>,
    /// The packs.
    pub packs: &'a [String],
    /// Layers.
    pub layers: Vec<DraftEntry>,
    /// Records; several may be of one kind.
    pub records: Vec<DraftEntry>,
    /// Files that are none of them for sure: path and what they may be.
    pub spare: &'a [(String, Option<ClassId>)],
    /// Files that cannot be read, with the reason.
    pub unread: &'a [(String, Text)],
}

/// Returns the manifest as YAML with comments in one language.
pub fn manifest(draft: &Draft<'_>, program: &Program, language: Language) -> String {
    let pick = |en: &'static str, zh: &'static str| match language {
        Language::En => en,
        Language::Zh => zh,
    };
    let check = pick("CHECK", "待核");
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# {}",
        pick(
            "Drafted from the files that are here. Lines marked CHECK want a look.",
            "根据文件夹中的文件草拟。标有“待核”的行请确认。"
        )
    );
    let _ = writeln!(out, "guiju: 1\nsubmission:");
    let _ = writeln!(out, "  id: {}  # {check}", quoted(&draft.name));
    let _ = writeln!(out, "  name: {}  # {check}", quoted(&draft.name));
    match draft.regions {
        [] => {
            let _ = writeln!(
                out,
                "  region: \"000000\"  # {check}: {}",
                pick("six digits of the county", "县级行政区划代码六位")
            );
        }
        [only] => {
            let _ = writeln!(out, "  region: {}", quoted(only));
        }
        [first, others @ ..] => {
            let _ = writeln!(
                out,
                "  region: {}  # {check}: {} {}",
                quoted(first),
                pick("the data hold also", "数据中还有"),
                others.join(", ")
            );
        }
    }
    let _ = writeln!(
        out,
        "  as_of: {}  # {check}: {}",
        draft.day,
        pick("the day whose rules are in force", "以该日有效的规则为准")
    );
    match draft.crs {
        Some((code, true)) => {
            let _ = writeln!(out, "crs: EPSG:{code}");
        }
        Some((code, false)) => {
            let _ = writeln!(out, "crs: EPSG:{code}  # {check}: {}", pick("told by the coordinates", "由坐标推断"));
        }
        None => {
            let _ = writeln!(out, "crs: EPSG:4527  # {check}: {}", pick("no file tells it", "没有文件写明"));
        }
    }
    let _ = writeln!(out, "area: ellipsoidal");
    let packs: Vec<String> = draft.packs.iter().map(|pack| quoted(pack)).collect();
    let _ = writeln!(out, "rules: [{}]", packs.join(", "));
    if !draft.layers.is_empty() {
        let _ = writeln!(out, "layers:");
    }
    for layer in &draft.layers {
        let class = program.schema.class(layer.class);
        let doubts = layer.likeness.as_ref().and_then(|found| doubt(found, program, language)).into_iter();
        let doubts: Vec<String> = doubts.chain(several(layer, language)).collect();
        let mark = if doubts.is_empty() { String::new() } else { format!("  # {check}: {}", doubts.join("; ")) };
        let _ = writeln!(out, "  {}: {}{mark}", class.names.name, quoted(&layer.path));
    }
    let mut kinds: Vec<ClassId> = draft.records.iter().map(|record| record.class).collect();
    kinds.dedup();
    if !kinds.is_empty() {
        let _ = writeln!(out, "records:");
    }
    for kind in kinds {
        let of_kind = draft.records.iter().filter(|record| record.class == kind);
        let paths: Vec<String> = of_kind.map(|record| quoted(&record.path)).collect();
        let name = &program.schema.class(kind).names.name;
        let _ = match paths.as_slice() {
            [one] => writeln!(out, "  {name}: {one}"),
            several => writeln!(out, "  {name}: [{}]", several.join(", ")),
        };
    }
    if !draft.spare.is_empty() {
        let _ = writeln!(
            out,
            "\n# {}",
            pick("Not used; give each its layer if it has one:", "未采用的文件；如属于某图层请填入：")
        );
    }
    for (path, class) in draft.spare {
        let like = class.map(|class| program.schema.class(class));
        let like = like.map_or(String::new(), |class| format!("  ({} {})", pick("like", "类似"), class.names.name));
        let _ = writeln!(out, "#   {}{like}", quoted(path));
    }
    if !draft.unread.is_empty() {
        let _ = writeln!(out, "\n# {}", pick("Could not be read:", "无法读取："));
    }
    for (path, why) in draft.unread {
        let why = super::escape::line(why.in_language(language));
        let _ = writeln!(out, "#   {}: {why}", quoted(path));
    }
    out
}

/// Returns what is doubtful about a file's likeness to a layer; `None` if nothing is.
fn doubt(found: &ClassMatch, program: &Program, language: Language) -> Option<String> {
    let class = program.schema.class(found.class);
    if !found.lacking.is_empty() {
        let names: Vec<&str> = found.lacking.iter().map(|field| class.fields[field.0 as usize].names.shown()).collect();
        return Some(match language {
            Language::En => format!("the file lacks {}", names.join(", ")),
            Language::Zh => format!("文件缺少{}", names.join("、")),
        });
    }
    (!found.by_name).then(|| match language {
        Language::En => format!("told by {} fields only", found.found.len()),
        Language::Zh => format!("仅凭 {} 个字段判断", found.found.len()),
    })
}

/// Returns what is to be said where several files are called as a layer.
fn several(layer: &DraftEntry, language: Language) -> impl Iterator<Item = String> {
    let (files, rivals) = (layer.files, layer.rivals);
    let pieces = match language {
        Language::En => format!("{files} files, taken for pieces of one layer"),
        Language::Zh => format!("{files} 个文件，按同一图层的分块读取"),
    };
    let others = match language {
        Language::En => format!("{rivals} more called so, see below"),
        Language::Zh => format!("另有 {rivals} 个同名文件未采用，见下"),
    };
    [(files > 1).then_some(pieces), (rivals > 0).then_some(others)].into_iter().flatten()
}

/// Returns the layers and kinds of record that rules speak of and the draft does not have, with the rules' ids; most rules first.
pub fn lacking(draft: &Draft<'_>, program: &Program) -> Vec<(ClassId, Vec<String>)> {
    let there = || draft.layers.iter().chain(&draft.records).map(|entry| entry.class);
    // Records may stand inside others: rights in a package.
    let nested = |outer: ClassId, class: ClassId| {
        let lists_it = |ty: &Type| matches!(ty, Type::List(inner) if **inner == Type::Item(class));
        program.schema.class(class).kind == ClassKind::Record
            && program.schema.class(outer).fields.iter().any(|field| lists_it(&field.ty))
    };
    let has = |class: ClassId| there().any(|one| one == class || nested(one, class));
    let mut found: Vec<(ClassId, Vec<String>)> = Vec::new();
    for rule in &program.rules {
        for class in Mentions::of(program, rule).classes {
            let wanted = program.schema.class(class).kind != ClassKind::Table && class != SUBMISSION && !has(class);
            if !wanted {
                continue;
            }
            match found.iter_mut().find(|(known, _)| *known == class) {
                Some((_, rules)) => rules.push(rule.id.to_string()),
                None => found.push((class, vec![rule.id.to_string()])),
            }
        }
    }
    found.sort_by_key(|(class, rules)| (std::cmp::Reverse(rules.len()), *class));
    found
}

/// Writes a text so that it is one scalar of YAML whatever it holds: JSON's form, which YAML 1.2 takes.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text.chars().all(|one| one.is_alphanumeric() || "/_-.#*".contains(one))
        && text.chars().next().is_some_and(char::is_alphabetic)
        && !text.contains(" #");
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_file_is_called_it_stays_one_scalar() {
        for text in ["data/地块.geojson", "a b.shp", "x: y", "- a", "#", "\"", "yes\n# no", "\u{1b}[31m", "*", "360400"]
        {
            let yaml = format!("path: {}\n", quoted(text));
            let read: serde_json::Value =
                serde_json::from_str(quoted(text).as_str()).unwrap_or_else(|_| serde_json::Value::from(quoted(text)));
            assert_eq!(read.as_str(), Some(text), "{yaml}");
            assert_eq!(yaml.lines().count(), 1);
        }
    }
}
