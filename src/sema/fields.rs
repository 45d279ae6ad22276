//! Types as written, enumerations, and the fields of layers, records and tables.

use std::sync::Arc;

use super::analysis::{Analysis, Space, Thing};
use super::declare::{dotted, names_of};
use super::resolve::{Lookup, both};
use super::vocabulary::{self, TypeWord};
use crate::diagnostic::{Diagnostic, closest, codes::language as codes};
use crate::model::{ClassId, Field, FieldId, Limit, SUBMISSION, Type};
use crate::syntax::ast::{self, ItemKind};
use crate::text;

/// What a type as written stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Written {
    /// A type of values.
    Type(Type),
    /// `layer`, for parameters only: any layer.
    AnyLayer,
}

impl<'a> Analysis<'a> {
    /// Reads the fields of all classes.
    pub(super) fn read_fields(&mut self) {
        let mut next = 0;
        for at in 0..self.modules.len() {
            self.at = at;
            let tree = self.modules[at].tree;
            for item in &tree.items {
                let (name, fields) = match &item.kind {
                    ItemKind::Layer { name, fields, .. }
                    | ItemKind::Table { name, fields, .. }
                    | ItemKind::Record { name, fields } => (name, fields),
                    ItemKind::Use { .. }
                    | ItemKind::Source { .. }
                    | ItemKind::Codes { .. }
                    | ItemKind::Set { .. }
                    | ItemKind::Enum { .. }
                    | ItemKind::Param { .. }
                    | ItemKind::Define { .. }
                    | ItemKind::Rule(_)
                    | ItemKind::Test(_)
                    | ItemKind::Tighten(_) => continue,
                };
                let submission = matches!(item.kind, ItemKind::Record { .. })
                    && self.program.schema.class(SUBMISSION).names.answers_to(&name.name.text);
                // Classes have their numbers in order of the texts; a record of the submission adds to the built-in one.
                let class = if submission {
                    SUBMISSION
                } else {
                    next += 1;
                    ClassId(next)
                };
                for field in fields {
                    self.read_field(class, field);
                }
                self.name_what_is_built_in(class);
            }
        }
    }

    fn read_field(&mut self, class: ClassId, field: &ast::Field) {
        for word in [Some(&field.name.name), field.name.second.as_ref()].into_iter().flatten() {
            if let Some(earlier) = self.program.schema.class(class).field(&word.text) {
                let first = self.program.schema.class(class).fields[earlier.0 as usize].span;
                self.report_duplicate(&word.text, word.span, first);
                return;
            }
        }
        let id = FieldId(self.program.schema.class(class).fields.len() as u16);
        let ty = match self.written_type(&field.ty) {
            Some(Written::Type(ty)) => ty,
            Some(Written::AnyLayer) => {
                let message = text!(en: "a field cannot hold a whole layer", zh: "字段不能存放整个图层");
                let help = text!(en: "write `list<ref<…>>`", zh: "请写“列表<引用<…>>”");
                self.report(Diagnostic::error(&codes::UNKNOWN_TYPE, message).label(field.ty.span).help(help));
                Type::Error
            }
            None => Type::Error,
        };
        if ty == Type::Error {
            self.broken_fields.insert((class, id));
        }
        let limit = field.limit.and_then(|limit| self.limit(limit, &ty, field));
        let names = names_of(&field.name);
        let missing = field.missing.iter().filter_map(|value| self.missing_value(value)).collect();
        self.program.schema.classes[class.0 as usize].fields.push(Field {
            names,
            ty: if ty == Type::Error { Type::Text } else { ty },
            optional: field.ty.optional,
            limit,
            aliases: field.aliases.iter().map(|alias| alias.text.clone()).collect(),
            missing,
            computed: field.computed.is_some(),
            span: Some(field.name.name.span),
        });
    }

    /// Returns which limit a field is; reports one of a type that has no ends.
    fn limit(&mut self, limit: ast::Limit, ty: &Type, field: &ast::Field) -> Option<Limit> {
        let quantity = |ty: &Type| ty.dimension().is_some();
        let suits = match ty {
            Type::Range(inner) => quantity(inner),
            Type::Error => return None,
            ty => quantity(ty),
        };
        if !suits {
            let message = text!(
                en: "only a number, a quantity or a range of them can be an upper or lower limit",
                zh: "只有数值、量值及其区间可以取上限或取下限"
            );
            self.report(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(field.ty.span));
            return None;
        }
        Some(match limit {
            ast::Limit::Upper => Limit::Upper,
            ast::Limit::Lower => Limit::Lower,
        })
    }

    /// Lets fields that are named by the Chinese word only, 标识码, 名称 and 几何, be the id, name and geometry of their class.
    fn name_what_is_built_in(&mut self, class: ClassId) {
        let class = &mut self.program.schema.classes[class.0 as usize];
        for at in 0..class.fields.len() {
            let field = &class.fields[at];
            let Some(word) = vocabulary::built_in_field(&field.names.name) else { continue };
            let suits = match word {
                "geometry" => matches!(field.ty, Type::Geometry(_)),
                _ => field.ty == Type::Text,
            };
            if suits && field.names.second.is_none() && class.field(word).is_none() {
                let names = &mut class.fields[at].names;
                names.second = Some(std::mem::replace(&mut names.name, word.into()));
            }
        }
    }

    /// Returns a value that means "none" as the data write it.
    fn missing_value(&mut self, value: &ast::Expr) -> Option<Arc<str>> {
        match &value.kind {
            ast::ExprKind::Text(text) => Some(text.clone()),
            ast::ExprKind::Error => None,
            _ => Some(self.text(value.span)),
        }
    }

    /// Reads a type; reports and returns `None` if there is no such type.
    pub(super) fn written_type(&mut self, ty: &ast::TypeExpr) -> Option<Written> {
        let [word] = ty.name.words.as_slice() else { return self.declared_type(ty) };
        let Some(word) = vocabulary::type_word(&word.text) else { return self.declared_type(ty) };
        let takes = match word {
            TypeWord::Code | TypeWord::Range | TypeWord::List | TypeWord::Ref => 1,
            TypeWord::Bool
            | TypeWord::Text
            | TypeWord::Number
            | TypeWord::Date
            | TypeWord::Area
            | TypeWord::Length
            | TypeWord::Money
            | TypeWord::Duration
            | TypeWord::Ratio
            | TypeWord::Geometry
            | TypeWord::Layer => 0,
        };
        if ty.arguments.len() != takes {
            // `area`, `length` and the like may be names of enumerations and records too, but never with brackets.
            let name = dotted(&ty.name);
            let message = match takes {
                0 => text!(en: "`{name}` takes nothing in angle brackets", zh: "“{name}”后面不能有尖括号"),
                _ => text!(en: "`{name}` says of what in angle brackets", zh: "“{name}”须在尖括号中写明内容"),
            };
            let help = text!(
                en: "such as `code<land_use>`, `list<text>`, `range<length>`, `ref<parcel>`",
                zh: "如“代码<用地用海分类>”“列表<文本>”“范围<长度>”“引用<地块>”"
            );
            self.report(Diagnostic::error(&codes::UNKNOWN_TYPE, message).label(ty.span).help(help));
            return None;
        }
        let plain = match word {
            TypeWord::Bool => Type::Bool,
            TypeWord::Text => Type::Text,
            TypeWord::Number => Type::NUMBER,
            TypeWord::Date => Type::Date,
            TypeWord::Area => Type::AREA,
            TypeWord::Length => Type::LENGTH,
            TypeWord::Money => Type::MONEY,
            TypeWord::Duration => Type::Duration,
            TypeWord::Ratio => Type::Ratio,
            TypeWord::Geometry => Type::Geometry(None),
            TypeWord::Layer => return Some(Written::AnyLayer),
            TypeWord::Code => return self.code_type(&ty.arguments[0]),
            TypeWord::Ref => return self.class_type(&ty.arguments[0]),
            TypeWord::Range => Type::Range(Box::new(self.inner_type(&ty.arguments[0])?)),
            TypeWord::List => Type::List(Box::new(self.inner_type(&ty.arguments[0])?)),
        };
        Some(Written::Type(plain))
    }

    fn inner_type(&mut self, ty: &ast::TypeExpr) -> Option<Type> {
        match self.written_type(ty)? {
            Written::Type(ty) => Some(ty),
            Written::AnyLayer => {
                let message = text!(en: "a list cannot hold whole layers", zh: "列表不能存放整个图层");
                let help = text!(en: "write `list<ref<…>>`", zh: "请写“列表<引用<…>>”");
                self.report(Diagnostic::error(&codes::UNKNOWN_TYPE, message).label(ty.span).help(help));
                None
            }
        }
    }

    fn code_type(&mut self, argument: &ast::TypeExpr) -> Option<Written> {
        match self.type_thing(argument)? {
            Thing::Codes(list) => Some(Written::Type(Type::Code(list))),
            Thing::Class(_)
            | Thing::Enum(_)
            | Thing::Set(_)
            | Thing::Param(_)
            | Thing::Source(_)
            | Thing::Define(_) => {
                self.report_no_type(argument, "a code list", "代码表");
                None
            }
        }
    }

    fn class_type(&mut self, argument: &ast::TypeExpr) -> Option<Written> {
        match self.type_thing(argument)? {
            Thing::Class(class) => Some(Written::Type(Type::Item(class))),
            Thing::Codes(_)
            | Thing::Enum(_)
            | Thing::Set(_)
            | Thing::Param(_)
            | Thing::Source(_)
            | Thing::Define(_) => {
                self.report_no_type(argument, "a layer or record", "图层或档案");
                None
            }
        }
    }

    fn declared_type(&mut self, ty: &ast::TypeExpr) -> Option<Written> {
        let thing = self.type_thing(ty)?;
        match thing {
            Thing::Class(class) => Some(Written::Type(Type::Item(class))),
            Thing::Enum(id) => Some(Written::Type(Type::Enum(id))),
            Thing::Codes(_) | Thing::Set(_) | Thing::Param(_) | Thing::Source(_) | Thing::Define(_) => {
                self.report_no_type(ty, "a type", "类型");
                None
            }
        }
    }

    fn report_no_type(&mut self, ty: &ast::TypeExpr, en: &str, zh: &str) {
        let name = dotted(&ty.name);
        let message = text!(en: "`{name}` is not {en}", zh: "“{name}”不是{zh}");
        let help = text!(
            en: "a field of codes has the type `code<LIST>`, one that names a feature `ref<LAYER>`",
            zh: "代码字段的类型写“代码<表名>”，指向要素的写“引用<图层名>”"
        );
        self.report(Diagnostic::error(&codes::UNKNOWN_TYPE, message).label(ty.span).help(help));
    }

    fn type_thing(&mut self, ty: &ast::TypeExpr) -> Option<Thing> {
        let lookup = match ty.name.words.as_slice() {
            [word] => self.look_up(Space::Value, &word.text),
            [..] => return self.find(Space::Value, &ty.name),
        };
        match lookup {
            Lookup::Unknown => {
                let name = dotted(&ty.name);
                let mut words: Vec<&str> = Vec::new();
                for word in vocabulary::type_words() {
                    words.push(word);
                }
                let module = &self.modules[self.at];
                for at in std::iter::once(self.at).chain(module.uses.iter().copied()) {
                    words.extend(self.modules[at].declarations.iter().flat_map(|declared| both(&declared.names)));
                }
                let help = match closest(&name, words) {
                    Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
                    None => text!(
                        en: "types are text, number, bool, date, area, length, money, duration, ratio, geometry, code<…>, list<…>, range<…>, ref<…>, and the names of enumerations and records",
                        zh: "类型有 文本、数、是否、日期、面积、长度、金额、期限、比例、图形、代码<…>、列表<…>、范围<…>、引用<…>，以及枚举和档案的名称"
                    ),
                };
                let message = text!(en: "there is no type `{name}`", zh: "没有“{name}”这个类型");
                self.report(Diagnostic::error(&codes::UNKNOWN_TYPE, message).label(ty.name.span).help(help));
                None
            }
            Lookup::Found(_) | Lookup::Broken | Lookup::Ambiguous(_) => self.find(Space::Value, &ty.name),
        }
    }
}
