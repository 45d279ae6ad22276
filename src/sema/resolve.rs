//! From names to declarations, across modules and packs.

use super::analysis::{Analysis, Space, Thing};
use super::declare::dotted;
use super::program::Property;
use super::vocabulary;
use crate::diagnostic::{Diagnostic, Text, closest, codes::language as codes};
use crate::model::{Class, CodesId, EnumId, FieldId, SUBMISSION};
use crate::source::Span;
use crate::syntax::ast;
use crate::text;

/// What looking a name up gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lookup {
    /// It stands for this.
    Found(Thing),
    /// It stands for something that was diagnosed where it is declared, or may: say nothing more.
    Broken,
    /// Several modules declare it: their numbers.
    Ambiguous(Vec<usize>),
    /// Nothing has the name.
    Unknown,
}

impl Analysis<'_> {
    /// Finds a declaration by a word: in the module itself, else in those that it uses, else among what is built in.
    pub(super) fn look_up(&self, space: Space, word: &str) -> Lookup {
        let module = &self.modules[self.at];
        if let Some(found) = self.declared_in(self.at, space, word) {
            return self.sound(found);
        }
        let mut found: Vec<(usize, Thing)> = Vec::new();
        for &used in &module.uses {
            if let Some(thing) = self.declared_in(used, space, word) {
                found.push((used, thing));
            }
        }
        match found.as_slice() {
            [(_, thing)] => return self.sound(*thing),
            [] => {}
            [..] => return Lookup::Ambiguous(found.into_iter().map(|(module, _)| module).collect()),
        }
        if space == Space::Value {
            let schema = &self.program.schema;
            if schema.code_list(CodesId::REGION).names.answers_to(word) {
                return Lookup::Found(Thing::Codes(CodesId::REGION));
            }
            if schema.class(SUBMISSION).names.answers_to(word) {
                return Lookup::Found(Thing::Class(SUBMISSION));
            }
        }
        if module.incomplete { Lookup::Broken } else { Lookup::Unknown }
    }

    fn declared_in(&self, module: usize, space: Space, word: &str) -> Option<Thing> {
        let module = &self.modules[module];
        let number = *module.by_name.get(&(space, word.into()))?;
        Some(module.declarations[number].thing)
    }

    fn sound(&self, thing: Thing) -> Lookup {
        if self.broken_things.contains(&thing) { Lookup::Broken } else { Lookup::Found(thing) }
    }

    /// Finds a declaration by a word behind a module's other name.
    pub(super) fn look_up_in(&self, module: usize, space: Space, word: &str) -> Lookup {
        match self.declared_in(module, space, word) {
            Some(thing) => self.sound(thing),
            None => Lookup::Unknown,
        }
    }

    /// Returns the module that an alias stands for.
    pub(super) fn alias(&self, word: &str) -> Option<usize> {
        self.modules[self.at].aliases.iter().find(|(alias, _)| &**alias == word).map(|(_, module)| *module)
    }

    /// Finds a declaration by a path of one or two words, and reports if there is none.
    pub(super) fn find(&mut self, space: Space, path: &ast::Path) -> Option<Thing> {
        let lookup = match path.words.as_slice() {
            [word] => self.look_up(space, &word.text),
            [alias, word] => match self.alias(&alias.text) {
                Some(module) => self.look_up_in(module, space, &word.text),
                None => Lookup::Unknown,
            },
            [..] => Lookup::Unknown,
        };
        match lookup {
            Lookup::Found(thing) => Some(thing),
            Lookup::Broken => {
                self.broken = true;
                None
            }
            Lookup::Ambiguous(modules) => {
                self.report_ambiguous(&dotted(path), &modules, path.span);
                None
            }
            Lookup::Unknown => {
                self.report_unknown(space, &dotted(path), path.span);
                None
            }
        }
    }

    /// Reports a name that several modules declare.
    pub(super) fn report_ambiguous(&mut self, word: &str, modules: &[usize], span: Span) {
        let list = modules.iter().map(|&module| &*self.modules[module].name).collect::<Vec<_>>();
        let (en, zh) = (list.join("`, `"), list.join("”“"));
        let message = Text::new(
            format!("`{word}` may be that of several modules: `{en}`"),
            format!("“{word}”在多个模块中都有：“{zh}”"),
        );
        let help = text!(
            en: "write `use … as x` for one of them and `x.{word}` here",
            zh: "对其中一个写“引用 … 作为 x”，此处写“x.{word}”"
        );
        self.report(Diagnostic::error(&codes::AMBIGUOUS_NAME, message).label(span).help(help));
    }

    /// Reports a name that nothing has, and what may have been meant.
    pub(super) fn report_unknown(&mut self, space: Space, word: &str, span: Span) {
        let (code, what) = match space {
            Space::Value => (&codes::UNKNOWN_NAME, Text::new("nothing", "内容")),
            Space::Function => (&codes::UNKNOWN_FUNCTION, Text::new("no function", "函数")),
            Space::Source => (&codes::UNKNOWN_SOURCE, Text::new("no source", "来源")),
        };
        let message =
            Text::new(format!("{} is named `{word}` here", what.en), format!("这里没有名为“{word}”的{}", what.zh));
        let help = self.advise(space, word);
        self.report(Diagnostic::error(code, message).label(span).help(help));
    }

    fn advise(&self, space: Space, word: &str) -> Text {
        if let Some(near) = closest(word, self.candidates(space)) {
            return text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？");
        }
        let elsewhere = (0..self.modules.len()).find(|&module| self.declared_in(module, space, word).is_some());
        if let Some(module) = elsewhere {
            let module = &self.modules[module].name;
            return text!(
                en: "module `{module}` declares it; add `use {module}`",
                zh: "模块“{module}”声明了它；请加上“引用 {module}”"
            );
        }
        if space == Space::Value
            && let Some(id) = self.enum_with_value(word)
        {
            let name = &self.program.schema.enumeration(id).names.name;
            return text!(
                en: "it is a value of `{name}`; where the type is not known, write `{name}.{word}`",
                zh: "它是“{name}”的值；在类型未知处请写“{name}.{word}”"
            );
        }
        match space {
            Space::Value => text!(
                en: "names are declared in this module or in one that it uses",
                zh: "名称须在本模块或它引用的模块中声明"
            ),
            Space::Function => text!(
                en: "built-in functions are listed in the guide; a `define` adds one",
                zh: "内置函数见手册；可用“定义”自行增加"
            ),
            Space::Source => text!(
                en: "declare it: `source name {{ title \"…\" }}`",
                zh: "请先声明：来源 名称 {{ 名称 \"…\" }}"
            ),
        }
    }

    /// Returns every name that could stand here.
    fn candidates(&self, space: Space) -> Vec<&str> {
        let module = &self.modules[self.at];
        let mut names: Vec<&str> = Vec::new();
        if space == Space::Value {
            names.extend(self.scope.variables.iter().map(|variable| &*variable.name));
            if let Some(owner) = self.scope.owner {
                let fields = &self.program.schema.class(owner).fields;
                names.extend(fields.iter().flat_map(|field| both(&field.names)));
            }
            names.extend(both(&self.program.schema.class(SUBMISSION).names));
        }
        for at in std::iter::once(self.at).chain(module.uses.iter().copied()) {
            let declarations = self.modules[at].declarations.iter();
            let same = declarations.filter(|declaration| declaration.thing.space() == space);
            names.extend(same.flat_map(|declaration| both(&declaration.names)));
        }
        if space == Space::Function {
            for word in vocabulary::function_words() {
                names.push(word);
            }
        }
        names
    }

    /// Finds an enumeration in sight that has a value of this name.
    pub(super) fn enum_with_value(&self, word: &str) -> Option<EnumId> {
        self.enums_in_sight()
            .into_iter()
            .find(|&id| self.program.schema.enumeration(id).values.iter().any(|value| value.answers_to(word)))
    }

    /// Returns the enumerations of this module and those that it uses.
    pub(super) fn enums_in_sight(&self) -> Vec<EnumId> {
        let module = &self.modules[self.at];
        let others = module.uses.iter().copied().chain(module.aliases.iter().map(|(_, module)| *module));
        let mut found = Vec::new();
        for at in std::iter::once(self.at).chain(others) {
            for declaration in &self.modules[at].declarations {
                if let Thing::Enum(id) = declaration.thing
                    && !found.contains(&id)
                {
                    found.push(id);
                }
            }
        }
        found
    }
}

/// Finds a field by either name, or by the word for geometry in the other language.
pub(super) fn field_named(class: &Class, word: &str) -> Option<FieldId> {
    let shape = vocabulary::property(word) == Some(Property::Shape);
    class.field(word).or_else(|| if shape { class.field("geometry") } else { None })
}

/// Returns both names of a thing.
pub(super) fn both(names: &crate::model::Names) -> impl Iterator<Item = &str> {
    std::iter::once(&*names.name).chain(names.second.as_deref())
}
