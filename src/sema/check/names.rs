//! Words and fields.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Text, closest, codes::language as codes};
use crate::model::{ClassId, ClassKind, Kind, SUBMISSION, Type};
use crate::sema::analysis::{Analysis, Space, Thing};
use crate::sema::constants::{find_code, find_value};
use crate::sema::describe::describe;
use crate::sema::program::{Expr, ExprKind, Members, Property, Slot};
use crate::sema::resolve::{Lookup, both, field_named};
use crate::sema::vocabulary;
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind as Tree};
use crate::text;

impl Analysis<'_> {
    /// Tells whether a word names something whatever its place expects.
    pub(super) fn is_known(&self, word: &str) -> bool {
        let variable = if vocabulary::is_it(word) { "it" } else { word };
        let owner = self.scope.owner.is_some_and(|owner| self.has_field(owner, word));
        owner
            || self.scope.variables.iter().any(|known| &*known.name == variable)
            || self.look_up(Space::Value, word) != Lookup::Unknown
    }

    /// Reads a word.
    pub(super) fn name(&mut self, word: &Arc<str>, expected: Option<&Type>, span: Span) -> Expr {
        // A value of the enumeration that is expected goes before whatever else has its name and another type.
        if let Some(Type::Enum(id)) = expected
            && find_value(&self.program.schema, *id, word).is_some()
        {
            return match self.known_name(word, span) {
                Ok(Some(expr)) if expr.ty == Type::Enum(*id) => self.used(expr),
                Ok(_) | Err(_) => self.enum_value(*id, word, span),
            };
        }
        match self.known_name(word, span) {
            Ok(Some(expr)) => return self.used(expr),
            Ok(None) => return self.error(span),
            Err(Lookup::Ambiguous(modules)) => {
                self.report_ambiguous(word, &modules, span);
                return self.error(span);
            }
            Err(Lookup::Unknown | Lookup::Broken | Lookup::Found(_)) => {}
        }
        match expected {
            Some(Type::Code(list)) if find_code(&self.program.schema, *list, word).is_some() => {
                self.code(*list, word, span)
            }
            Some(Type::Enum(id)) => self.enum_value(*id, word, span),
            // What the other side is was diagnosed already; this word may have been understood by it.
            Some(Type::Error) => self.error(span),
            _ => {
                self.report_unknown(Space::Value, word, span);
                self.error(span)
            }
        }
    }

    /// Returns what a word stands for whatever is expected; `Ok(None)` if that was diagnosed already.
    fn known_name(&mut self, word: &str, span: Span) -> Result<Option<Expr>, Lookup> {
        let variable = if vocabulary::is_it(word) { "it" } else { word };
        if let Some(found) = self.scope.variables.iter().rev().find(|known| &*known.name == variable) {
            let expr = Expr { kind: ExprKind::Variable(found.slot), ty: found.ty.clone(), span };
            return Ok(if expr.ty == Type::Error { None } else { Some(expr) });
        }
        if let Some(owner) = self.scope.owner
            && self.has_field(owner, word)
        {
            let item = Expr { kind: ExprKind::Variable(Slot(0)), ty: Type::Item(owner), span };
            let name = ast::Name { text: word.into(), span };
            let expr = self.field_of(item, &name, span);
            return Ok(if expr.ty == Type::Error { None } else { Some(expr) });
        }
        match self.look_up(Space::Value, word) {
            Lookup::Found(thing) => Ok(Some(self.thing(thing, span))),
            Lookup::Broken => Ok(None),
            other @ (Lookup::Ambiguous(_) | Lookup::Unknown) => Err(other),
        }
    }

    /// Tells whether a class has a field of this name, or is a layer whose geometry the word names.
    fn has_field(&self, class: ClassId, word: &str) -> bool {
        let class = self.program.schema.class(class);
        let shape = vocabulary::property(word) == Some(Property::Shape);
        field_named(class, word).is_some() || class.is_layer() && shape
    }

    /// Notes that the variable, if it is one, is named.
    fn used(&mut self, expr: Expr) -> Expr {
        if let ExprKind::Variable(slot) = expr.kind {
            for variable in &mut self.scope.variables {
                variable.used |= variable.slot == slot;
            }
        }
        expr
    }

    /// Returns the expression of a declared thing.
    pub(super) fn thing(&self, thing: Thing, span: Span) -> Expr {
        let (kind, ty) = match thing {
            Thing::Class(SUBMISSION) => (ExprKind::Submission, Type::Item(SUBMISSION)),
            Thing::Class(class) => (ExprKind::Class(class), Type::All(class)),
            Thing::Enum(id) => (ExprKind::Values(id), Type::Values(id)),
            Thing::Codes(list) => (ExprKind::Codes(list, None), Type::Codes(list)),
            Thing::Set(number) => {
                let members = self.program.sets[number as usize].members.clone();
                let ty = set_type(&members);
                (ExprKind::Set(Arc::new(members)), ty)
            }
            Thing::Param(number) => (ExprKind::Param(number), self.program.params[number as usize].ty.clone()),
            Thing::Source(_) | Thing::Define(_) => (ExprKind::Submission, Type::Error),
        };
        Expr { kind, ty, span }
    }

    /// Reads `of.name`.
    pub(super) fn field(&mut self, of: &ast::Expr, name: &ast::Name, span: Span) -> Expr {
        if let Tree::Name(word) = &of.kind
            && !self.is_known(word)
            && let Some(module) = self.alias(word)
        {
            let whole = format!("{word}.{}", name.text);
            return match self.look_up_in(module, Space::Value, &name.text) {
                Lookup::Found(thing) => self.thing(thing, span),
                Lookup::Broken => self.error(span),
                Lookup::Unknown | Lookup::Ambiguous(_) => {
                    self.report_unknown(Space::Value, &whole, span);
                    self.error(span)
                }
            };
        }
        let of = self.expr(of, None);
        self.field_of(of, name, span)
    }

    /// Returns the field or property `name` of a typed expression.
    pub(super) fn field_of(&mut self, of: Expr, name: &ast::Name, span: Span) -> Expr {
        let property = vocabulary::property(&name.text);
        let ty = match (&of.ty, property) {
            (Type::Error, _) => return self.error(span),
            (Type::Item(class), property) => return self.item_field(*class, property, of, name, span),
            (Type::Values(id), _) if matches!(of.kind, ExprKind::Values(_)) => {
                return self.enum_value(*id, &name.text, span);
            }
            (Type::Piece { of: Some(class), .. }, Some(Property::Feature)) => Some(Type::Item(*class)),
            (Type::Piece { kind, .. }, Some(Property::Shape)) => Some(Type::Geometry(*kind)),
            (Type::Piece { kind: None | Some(Kind::Polygon), .. }, Some(Property::Area)) => Some(Type::AREA),
            (Type::Piece { kind: None | Some(Kind::Line), .. }, Some(Property::Length)) => Some(Type::LENGTH),
            (Type::Range(end), Some(Property::Low | Property::High)) => Some((**end).clone()),
            _ => None,
        };
        match (ty, property) {
            (Some(ty), Some(property)) => Expr { kind: ExprKind::Property(Box::new(of), property), ty, span },
            _ => self.fail_field(&of, name, span),
        }
    }

    fn item_field(
        &mut self,
        class: ClassId,
        property: Option<Property>,
        of: Expr,
        name: &ast::Name,
        span: Span,
    ) -> Expr {
        let declared = self.program.schema.class(class);
        if let Some(field) = field_named(declared, &name.text) {
            if self.broken_fields.contains(&(class, field)) {
                return self.error(span);
            }
            let ty = declared.fields[field.0 as usize].ty.clone();
            return Expr { kind: ExprKind::Field(Box::new(of), field), ty, span };
        }
        match (declared.kind, property) {
            (ClassKind::Layer(kind), Some(Property::Shape)) => {
                Expr { kind: ExprKind::Geometry(Box::new(of)), ty: Type::Geometry(kind), span }
            }
            _ if self.broken_things.contains(&Thing::Class(class)) => self.error(span),
            _ => self.fail_field(&of, name, span),
        }
    }

    fn fail_field(&mut self, of: &Expr, name: &ast::Name, span: Span) -> Expr {
        let word = &name.text;
        let schema = &self.program.schema;
        let have = describe(schema, &of.ty);
        let written = self.text(of.span);
        let (message, candidates): (Text, Vec<&str>) = match &of.ty {
            Type::Item(class) => {
                let class = schema.class(*class);
                let message = Text::new(
                    format!("`{}` has no field `{word}`", class.names.name),
                    format!("“{}”没有字段“{word}”", class.names.shown()),
                );
                (message, class.fields.iter().flat_map(|field| both(&field.names)).collect())
            }
            _ => {
                let message = Text::new(
                    format!("`{}` has nothing named `{word}`", have.en),
                    format!("“{}”没有“{word}”", have.zh),
                );
                let candidates = match of.ty {
                    Type::Piece { .. } => vec!["feature", "geometry", "area", "length", "要素", "几何", "面积", "长度"],
                    Type::Range(_) => vec!["low", "high", "下限", "上限"],
                    _ => Vec::new(),
                };
                (message, candidates)
            }
        };
        let measure = matches!(vocabulary::property(word), Some(Property::Area | Property::Length));
        let many = matches!(of.ty, Type::All(_) | Type::List(_) | Type::Pieces { .. });
        let help = match closest(word, candidates.iter().copied()) {
            Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
            None if measure => text!(en: "write `{word}({written})`", zh: "请写“{word}({written})”"),
            None if many => text!(
                en: "it is many; gather them: `sum(x.{word} for each x in {written})`, or ask of each: `any x in {written}: …`",
                zh: "它有多个；请汇总：合计(甲.{word} 对每个 甲 属于 {written})，或逐个判断：存在 甲 属于 {written}: …"
            ),
            None if candidates.is_empty() => text!(
                en: "only features, records, rows, pieces and ranges have fields",
                zh: "只有要素、档案、表行、相交图形和区间才有字段"
            ),
            None => {
                let shown: Vec<_> = candidates.iter().take(12).copied().collect();
                Text::new(format!("it has `{}`", shown.join("`, `")), format!("它有：{}", shown.join("、")))
            }
        };
        self.fail(Diagnostic::error(&codes::UNDEFINED_FIELD, message).label(name.span).help(help), span)
    }
}

/// Returns the type of a set.
pub(super) fn set_type(members: &Members) -> Type {
    match members {
        Members::Codes { list, .. } => Type::Set(Box::new(Type::Code(*list))),
        Members::Values { of, .. } => Type::Set(Box::new(Type::Enum(*of))),
    }
}
