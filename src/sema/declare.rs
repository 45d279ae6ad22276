//! What is declared where: every declaration gets its number before anything is looked into.

use std::collections::HashMap;
use std::sync::Arc;

use super::analysis::{Analysis, Declaration, DefineTree, Module, Thing};
use super::program::{Members, Param, Set, Source};
use super::vocabulary;
use crate::diagnostic::{Diagnostic, closest, codes::language as codes};
use crate::model::{Class, ClassId, ClassKind, CodeList, CodesId, EnumId, Enumeration, Names, SUBMISSION, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind, Stricter};
use crate::text;

/// Returns the names of a declaration for the program.
pub(super) fn names_of(name: &ast::DeclaredName) -> Names {
    Names { name: name.name.text.clone(), second: name.second.as_ref().map(|second| second.text.clone()) }
}

/// Returns a dotted name as text.
pub(super) fn dotted(path: &ast::Path) -> Arc<str> {
    path.words.iter().map(|word| &*word.text).collect::<Vec<_>>().join(".").into()
}

impl<'a> Analysis<'a> {
    /// Collects the modules, what they declare and what they use.
    pub(super) fn declare(&mut self) {
        let packs = self.packs;
        for (number, pack) in packs.iter().enumerate() {
            for tree in &pack.modules {
                self.declare_module(number, tree);
            }
        }
        for at in 0..self.modules.len() {
            self.at = at;
            for item in &self.modules[at].tree.items {
                if let ItemKind::Use { path, alias } = &item.kind {
                    self.use_module(path, alias.as_ref());
                }
            }
        }
    }

    fn declare_module(&mut self, pack: usize, tree: &'a ast::Module) {
        let name = tree.name.as_ref().map(dotted).unwrap_or_else(|| self.files.name(tree.file).clone());
        if let Some(path) = &tree.name
            && let Some(earlier) = self.modules.iter().find(|module| module.name == name)
        {
            let first = earlier.tree.name.as_ref().map_or(path.span, |path| path.span);
            let message = text!(en: "there are two modules named `{name}`", zh: "有两个名为“{name}”的模块");
            let help = text!(en: "give one of them another name", zh: "为其中一个改名");
            self.report(Diagnostic::error(&codes::DUPLICATE_NAME, message).label(path.span).label(first).help(help));
        }
        self.modules.push(Module {
            pack,
            name,
            tree,
            declarations: Vec::new(),
            by_name: HashMap::new(),
            uses: Vec::new(),
            aliases: Vec::new(),
            incomplete: false,
        });
        self.at = self.modules.len() - 1;
        for item in &tree.items {
            self.declare_item(item);
        }
    }

    fn declare_item(&mut self, item: &'a ast::Item) {
        match &item.kind {
            ItemKind::Source { name, .. } => {
                let thing = Thing::Source(self.program.sources.len() as u32);
                self.program.sources.push(Source {
                    names: names_of(name),
                    title: name.name.text.clone(),
                    number: None,
                    issuer: None,
                    issued: None,
                    effective: None,
                    repealed: None,
                    url: None,
                });
                self.declare_name(name, thing, item);
            }
            ItemKind::Codes { name, .. } => {
                let thing = Thing::Codes(CodesId(self.program.schema.codes.len() as u16));
                self.program.schema.codes.push(CodeList::new(names_of(name), Vec::new()));
                self.declare_name(name, thing, item);
            }
            ItemKind::Set { name, .. } => {
                let thing = Thing::Set(self.program.sets.len() as u32);
                let members = Members::Values { of: EnumId(0), include: Vec::new() };
                self.program.sets.push(Set { names: names_of(name), members });
                self.declare_name(name, thing, item);
            }
            ItemKind::Enum { name, .. } => {
                let thing = Thing::Enum(EnumId(self.program.schema.enums.len() as u16));
                self.program.schema.enums.push(Enumeration { names: names_of(name), values: Vec::new() });
                self.declare_name(name, thing, item);
            }
            ItemKind::Param { name, stricter, .. } => {
                let thing = Thing::Param(self.program.params.len() as u32);
                self.program.params.push(Param {
                    names: names_of(name),
                    ty: Type::Error,
                    value: Value::Missing,
                    stricter_when_lower: stricter.map(|direction| match direction {
                        Stricter::Lower => true,
                        Stricter::Higher => false,
                    }),
                    docs: item.docs.clone(),
                    span: name.name.span,
                });
                self.declare_name(name, thing, item);
            }
            ItemKind::Layer { name, kind, aliases, .. } => self.declare_layer(name, kind, aliases, item),
            ItemKind::Table { name, .. } => self.declare_class(name, ClassKind::Table, &[], item),
            ItemKind::Record { name, .. } => self.declare_class(name, ClassKind::Record, &[], item),
            ItemKind::Define { name, parameters, body } => {
                let thing = Thing::Define(self.defines.len() as u32);
                self.defines.push(DefineTree { module: self.at, name, parameters, body });
                self.declare_name(name, thing, item);
            }
            ItemKind::Rule(rule) => self.rule_ids.push(rule.id.text.clone()),
            ItemKind::Use { .. } | ItemKind::Test(_) => {}
            ItemKind::Tighten(tighten) => {
                let span = match &**tighten {
                    ast::Tighten::Param { name, .. } => name.span,
                    ast::Tighten::Rule { id, .. } => id.span,
                };
                let message = text!(
                    en: "`tighten` is not supported by this version",
                    zh: "本版本尚不支持“收紧”"
                );
                let help = text!(
                    en: "write a rule of your own, or give the param its value in the manifest",
                    zh: "可另写一条规则，或在清单文件中给参数赋值"
                );
                self.report(Diagnostic::error(&codes::TIGHTENING_UNSUPPORTED, message).label(span).help(help));
            }
        }
    }

    fn declare_layer(
        &mut self,
        name: &'a ast::DeclaredName,
        kind: &ast::Name,
        aliases: &[ast::Name],
        item: &'a ast::Item,
    ) {
        // Another word was diagnosed where it was read; a layer of it may hold anything.
        let kind = vocabulary::layer_kind(&kind.text).flatten();
        self.declare_class(name, ClassKind::Layer(kind), aliases, item);
    }

    fn declare_class(
        &mut self,
        name: &'a ast::DeclaredName,
        kind: ClassKind,
        aliases: &[ast::Name],
        item: &'a ast::Item,
    ) {
        let submission = &self.program.schema.class(SUBMISSION).names;
        if kind == ClassKind::Record && submission.answers_to(&name.name.text) {
            return;
        }
        let span = name.name.span;
        let words = [Some(&name.name), name.second.as_ref()];
        let taken =
            words.into_iter().flatten().find_map(|word| Some((word, self.program.schema.find_class(&word.text)?)));
        if let Some((word, earlier)) = taken {
            let first = self.program.schema.class(earlier).span;
            self.report_duplicate(&word.text, word.span, first);
        }
        let class = ClassId(self.program.schema.classes.len() as u16);
        let aliases = aliases.iter().map(|alias| alias.text.clone()).collect();
        let declared = Class { names: names_of(name), kind, aliases, fields: Vec::new(), span: Some(span) };
        self.program.schema.classes.push(declared);
        if taken.is_none() {
            self.declare_name(name, Thing::Class(class), item);
        } else {
            // The first of the name is what the name stands for; this one is kept under a number of its own so that its fields are read.
            self.broken_things.insert(Thing::Class(class));
        }
    }

    fn declare_name(&mut self, name: &'a ast::DeclaredName, thing: Thing, item: &'a ast::Item) {
        let number = self.modules[self.at].declarations.len();
        let declaration = Declaration { names: names_of(name), thing, span: name.name.span, item };
        self.modules[self.at].declarations.push(declaration);
        for word in [Some(&name.name), name.second.as_ref()].into_iter().flatten() {
            let key = (thing.space(), word.text.clone());
            let earlier = self.modules[self.at].by_name.get(&key).copied();
            match earlier {
                None => {
                    self.modules[self.at].by_name.insert(key, number);
                }
                Some(earlier) if earlier == number => {}
                Some(earlier) => {
                    let first = self.modules[self.at].declarations[earlier].span;
                    self.report_duplicate(&word.text, word.span, Some(first));
                }
            }
        }
    }

    /// Reports that a name is declared twice.
    pub(super) fn report_duplicate(&mut self, word: &str, span: Span, first: Option<Span>) {
        let message = text!(en: "`{word}` is declared twice", zh: "“{word}”声明了两次");
        let help = text!(en: "give one of them another name", zh: "为其中一个改名");
        let mut diagnostic = Diagnostic::error(&codes::DUPLICATE_NAME, message).label(span).help(help);
        if let Some(first) = first {
            diagnostic = diagnostic.label_with(first, text!(en: "first here", zh: "先在这里声明"));
        }
        self.report(diagnostic);
    }

    fn use_module(&mut self, path: &ast::Path, alias: Option<&ast::Name>) {
        let name = dotted(path);
        let Some(found) = self.modules.iter().position(|module| module.name == name) else {
            let near = closest(&name, self.modules.iter().map(|module| &*module.name));
            let help = near.map(|near| text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"));
            let help = help.unwrap_or_else(|| {
                text!(
                    en: "a module is named by the `module` line of its file; is its pack loaded?",
                    zh: "模块名是文件中“模块”一行的名字；它所在的规则包是否已载入？"
                )
            });
            let message = text!(en: "there is no module named `{name}`", zh: "没有名为“{name}”的模块");
            self.report(Diagnostic::error(&codes::UNKNOWN_MODULE, message).label(path.span).help(help));
            self.modules[self.at].incomplete = true;
            return;
        };
        match alias {
            Some(alias) => self.modules[self.at].aliases.push((alias.text.clone(), found)),
            None if found == self.at || self.modules[self.at].uses.contains(&found) => {}
            None => self.modules[self.at].uses.push(found),
        }
    }
}
