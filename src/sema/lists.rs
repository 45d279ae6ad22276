//! Enumerations, code lists from CSV files, sets and sources.

use std::sync::Arc;

use super::analysis::{Analysis, Thing};
use super::declare::names_of;
use super::program::{ExprKind, Members};
use super::{Cell, CsvInput};
use crate::diagnostic::{Diagnostic, closest, codes::language as codes};
use crate::model::{CodeEntry, CodeList, CodeRef, CodesId, Enumeration, Names, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::text;

impl<'a> Analysis<'a> {
    /// Runs `read` for every declaration of every module.
    pub(super) fn for_each_declaration(&mut self, mut read: impl FnMut(&mut Self, Thing, &'a ast::Item)) {
        for at in 0..self.modules.len() {
            self.at = at;
            for number in 0..self.modules[at].declarations.len() {
                let declaration = &self.modules[at].declarations[number];
                let (thing, item) = (declaration.thing, declaration.item);
                read(self, thing, item);
            }
        }
    }

    /// Reads enumerations and code lists.
    pub(super) fn read_enums_and_codes(&mut self) {
        self.for_each_declaration(|analysis, thing, item| match (&item.kind, thing) {
            (ItemKind::Enum { values, .. }, Thing::Enum(id)) => {
                let names = analysis.program.schema.enumeration(id).names.clone();
                let values = analysis.read_values(values);
                analysis.program.schema.enums[id.0 as usize] = Enumeration { names, values };
            }
            (ItemKind::Codes { from, .. }, Thing::Codes(list)) => analysis.read_codes(list, from),
            _ => {}
        });
    }

    fn read_values(&mut self, values: &[ast::DeclaredName]) -> Vec<Names> {
        let mut read: Vec<Names> = Vec::new();
        for value in values {
            let words = [Some(&value.name), value.second.as_ref()];
            let taken = words.into_iter().flatten().find(|word| read.iter().any(|value| value.answers_to(&word.text)));
            match taken {
                Some(word) => self.report_duplicate(&word.text, word.span, None),
                None => read.push(names_of(value)),
            }
        }
        read
    }

    /// Finds a CSV file of the pack that the present module stands in.
    pub(super) fn csv(&mut self, from: &ast::Quoted) -> Option<&'a CsvInput> {
        let packs = self.packs;
        let pack = &packs[self.modules[self.at].pack];
        let wanted = from.text.trim_start_matches("./");
        if let Some((_, csv)) = pack.csvs.iter().find(|(path, _)| &**path == wanted) {
            return Some(csv);
        }
        let (wanted, name) = (&from.text, &pack.name);
        let message = text!(en: "pack `{name}` has no file `{wanted}`", zh: "规则包“{name}”中没有文件“{wanted}”");
        let help = match closest(wanted, pack.csvs.iter().map(|(path, _)| &**path)) {
            Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
            None => text!(
                en: "the path is that inside the pack's folder",
                zh: "路径从规则包的文件夹算起"
            ),
        };
        self.report(Diagnostic::error(&codes::MISSING_FILE, message).label(from.span).help(help));
        None
    }

    /// Returns the span of a cell in its file.
    pub(super) fn cell_span(&self, csv: &CsvInput, cell: &Cell) -> Span {
        let text = self.files.text(csv.file);
        let start: usize = text.split_inclusive('\n').take((cell.line as usize).saturating_sub(1)).map(str::len).sum();
        let rest = text.get(start..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        let before = line.char_indices().nth((cell.column as usize).saturating_sub(1)).map_or(line.len(), |(at, _)| at);
        let end = (before + cell.text.len()).min(line.len());
        Span::new(csv.file, start + before, start + end)
    }

    fn read_codes(&mut self, list: CodesId, from: &ast::Quoted) {
        let Some(csv) = self.csv(from) else {
            self.broken_things.insert(Thing::Codes(list));
            return;
        };
        let column = |words: &[&str]| {
            csv.rows.first()?.iter().position(|cell| words.contains(&cell.text.trim().to_lowercase().as_str()))
        };
        let code_at = column(&["code", "代码", "编码"]).unwrap_or(0);
        let name_at = column(&["name", "名称"]).unwrap_or(code_at + 1);
        let parent_at = column(&["parent", "上级", "上级代码"]);
        let rows: Vec<&Vec<Cell>> =
            csv.rows.iter().skip(1).filter(|row| row.iter().any(|cell| !cell.text.trim().is_empty())).collect();
        if rows.is_empty() {
            let file = &from.text;
            let message = text!(en: "`{file}` holds no code", zh: "“{file}”中没有代码");
            let help = text!(
                en: "its first line is `code,name,parent`, each further line a code",
                zh: "首行为 code,name,parent，以下每行一个代码"
            );
            self.report(Diagnostic::error(&codes::EMPTY_SET, message).label(from.span).help(help));
            self.broken_things.insert(Thing::Codes(list));
            return;
        }
        let mut entries: Vec<CodeEntry> = Vec::new();
        let mut parents: Vec<Option<&Cell>> = Vec::new();
        for row in rows {
            let cell = |at: usize| row.get(at).map_or("", |cell| cell.text.trim());
            let code: Arc<str> = cell(code_at).into();
            if let Some(shown) = row.get(code_at)
                && entries.iter().any(|entry| entry.code == code)
            {
                let span = self.cell_span(csv, shown);
                let message = text!(en: "code `{code}` stands twice in the list", zh: "代码“{code}”在表中出现两次");
                let help = text!(en: "keep one of the two lines", zh: "请保留其中一行");
                self.report(Diagnostic::error(&codes::BAD_CELL, message).label(span).help(help));
                continue;
            }
            parents.push(parent_at.and_then(|at| row.get(at)).filter(|cell| !cell.text.trim().is_empty()));
            entries.push(CodeEntry { code, name: cell(name_at).into(), parent: None, level: 1 });
        }
        let names = self.program.schema.code_list(list).names.clone();
        let found = CodeList::new(names.clone(), entries.clone());
        for (number, parent) in parents.into_iter().enumerate() {
            let parent = match parent {
                Some(cell) => {
                    let known = found.find(cell.text.trim());
                    if known.is_none() {
                        let (span, word) = (self.cell_span(csv, cell), cell.text.trim());
                        let message = text!(
                            en: "the list has no code `{word}` to stand under",
                            zh: "表中没有上级代码“{word}”"
                        );
                        let help = text!(
                            en: "the parent column names another code of the same list, or is blank",
                            zh: "上级一列须是同表的代码，或留空"
                        );
                        self.report(Diagnostic::error(&codes::UNDEFINED_CODE, message).label(span).help(help));
                    }
                    known
                }
                None if parent_at.is_none() => prefix(&found, &entries[number].code),
                None => None,
            };
            // A parent that stands below its own child would make a ring.
            let ring = parent.is_some_and(|parent| stands_above(&entries, number as u32, parent));
            if ring {
                let code = entries[number].code.clone();
                let message = text!(en: "code `{code}` stands under itself", zh: "代码“{code}”成了自己的上级");
                let help = text!(en: "correct the parent column", zh: "请更正上级一列");
                self.report(Diagnostic::error(&codes::BAD_CELL, message).label(from.span).help(help));
            }
            entries[number].parent = parent.filter(|_| !ring);
        }
        for number in 0..entries.len() {
            let mut level = 1u8;
            let mut at = entries[number].parent;
            while let Some(parent) = at {
                level = level.saturating_add(1);
                at = entries[parent as usize].parent;
            }
            entries[number].level = level;
        }
        self.program.schema.codes[list.0 as usize] = CodeList::new(names, entries);
    }

    /// Reads sets and sources.
    pub(super) fn read_sets_and_sources(&mut self) {
        self.for_each_declaration(|analysis, thing, item| match (&item.kind, thing) {
            (ItemKind::Set { name, of, members, except }, Thing::Set(number)) => {
                let (members, sound) = analysis.soundly(|analysis| analysis.read_set(name, of, members, except));
                match members {
                    Some(members) if sound => analysis.program.sets[number as usize].members = members,
                    Some(_) | None => {
                        analysis.broken_things.insert(thing);
                    }
                }
            }
            (ItemKind::Source { entries, .. }, Thing::Source(number)) => analysis.read_source(number, entries),
            _ => {}
        });
    }

    fn read_set(
        &mut self,
        name: &ast::DeclaredName,
        of: &ast::Path,
        members: &[ast::Expr],
        except: &[ast::Expr],
    ) -> Option<Members> {
        let thing = self.find(super::analysis::Space::Value, of)?;
        let element = match thing {
            Thing::Codes(list) => Type::Code(list),
            Thing::Enum(id) => Type::Enum(id),
            Thing::Class(_) | Thing::Set(_) | Thing::Param(_) | Thing::Source(_) | Thing::Define(_) => {
                let word = super::declare::dotted(of);
                let message = text!(
                    en: "a set is made of a code list or an enumeration, and `{word}` is neither",
                    zh: "集合由代码表或枚举组成，而“{word}”都不是"
                );
                let help = text!(
                    en: "such as `set construction_land = land_use {{ 07, 08 }}`",
                    zh: "如：集合 建设用地 = 用地用海分类 {{ 07, 08 }}"
                );
                self.report(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(of.span).help(help));
                return None;
            }
        };
        if members.is_empty() {
            let (word, span) = (&name.name.text, name.name.span);
            let message = text!(en: "set `{word}` is empty", zh: "集合“{word}”是空的");
            let help = text!(en: "list its members in the braces", zh: "请在花括号中列出成员");
            self.report(Diagnostic::error(&codes::EMPTY_SET, message).label(span).help(help));
            return None;
        }
        let include = self.read_members(&element, members);
        let except = self.read_members(&element, except);
        Some(members_of(&element, include, except))
    }

    /// Reads the members of a set: constants of one type.
    pub(super) fn read_members(&mut self, element: &Type, members: &[ast::Expr]) -> Vec<Value> {
        let mut values = Vec::new();
        for member in members {
            let expr = self.checked(member, element);
            if let ExprKind::Constant(value) = expr.kind
                && expr.ty != Type::Error
            {
                values.push(value);
            }
        }
        values
    }

    fn read_source(&mut self, number: u32, entries: &[ast::SourceEntry]) {
        for entry in entries {
            let key = super::vocabulary::source_entry(&entry.key.text);
            match key {
                Some("title" | "number" | "issuer" | "url") => {
                    let Some(Value::Text(text)) = self.constant_value(&entry.value, &Type::Text) else { continue };
                    let source = &mut self.program.sources[number as usize];
                    match key {
                        Some("title") => source.title = text,
                        Some("number") => source.number = Some(text),
                        Some("issuer") => source.issuer = Some(text),
                        _ => source.url = Some(text),
                    }
                }
                Some("issued" | "effective" | "repealed") => {
                    let Some(date) = self.constant_date(&entry.value) else { continue };
                    let source = &mut self.program.sources[number as usize];
                    match key {
                        Some("issued") => source.issued = Some(date),
                        Some("effective") => source.effective = Some(date),
                        _ => source.repealed = Some(date),
                    }
                }
                _ => {
                    let word = &entry.key.text;
                    let message = text!(en: "a source has no entry `{word}`", zh: "来源没有“{word}”这一项");
                    let help = text!(
                        en: "it has title, number, issuer, issued, effective, repealed and url",
                        zh: "可写 名称、文号、发布机关、发布、施行、废止、网址"
                    );
                    self.report(Diagnostic::error(&codes::UNDEFINED_FIELD, message).label(entry.key.span).help(help));
                }
            }
        }
        let source = &mut self.program.sources[number as usize];
        source.effective = source.effective.or(source.issued);
    }
}

/// Returns the set of these constants.
pub(super) fn members_of(element: &Type, include: Vec<Value>, except: Vec<Value>) -> Members {
    match element {
        Type::Enum(of) => {
            let number = |value: Value| match value {
                Value::Enum(_, number) => Some(number),
                _ => None,
            };
            let except: Vec<u16> = except.into_iter().filter_map(number).collect();
            let mut include: Vec<u16> =
                include.into_iter().filter_map(number).filter(|number| !except.contains(number)).collect();
            include.sort_unstable();
            include.dedup();
            Members::Values { of: *of, include }
        }
        other => {
            let list = match other {
                Type::Code(list) => *list,
                _ => CodesId::REGION,
            };
            Members::Codes { list, include: sorted_codes(include), except: sorted_codes(except) }
        }
    }
}

fn sorted_codes(values: Vec<Value>) -> Vec<CodeRef> {
    let mut codes: Vec<CodeRef> = values
        .into_iter()
        .filter_map(|value| match value {
            Value::Code(code) => Some(code),
            _ => None,
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Finds the entry with the longest code that `code` begins with.
fn prefix(list: &CodeList, code: &str) -> Option<u32> {
    (1..code.len()).rev().filter_map(|end| code.get(..end)).find_map(|prefix| list.find(prefix))
}

fn stands_above(entries: &[CodeEntry], above: u32, entry: u32) -> bool {
    let mut at = Some(entry);
    while let Some(current) = at {
        if current == above {
            return true;
        }
        at = entries[current as usize].parent;
    }
    false
}
