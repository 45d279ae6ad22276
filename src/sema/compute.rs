//! Params, and fields that are computed where the data leave them out.

use std::collections::HashMap;

use super::ParamOverride;
use super::analysis::{Analysis, Scope, Thing, VariableKind};
use super::describe::fits;
use super::fields::Written;
use super::program::{Computed, Expr, ExprKind};
use super::walk::children;
use crate::diagnostic::{Diagnostic, closest, codes::language as codes};
use crate::model::{ClassId, FieldId, SUBMISSION, Type};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::text;

impl<'a> Analysis<'a> {
    /// Reads params and the values that the manifest gives them.
    pub(super) fn read_params(&mut self, overrides: &[ParamOverride]) {
        self.for_each_declaration(|analysis, thing, item| {
            if let (ItemKind::Param { ty, value, .. }, Thing::Param(number)) = (&item.kind, thing) {
                let ((), sound) = analysis.soundly(|analysis| analysis.read_param(number, ty, value));
                if !sound {
                    analysis.broken_things.insert(thing);
                }
            }
        });
        for given in overrides {
            self.override_param(given);
        }
    }

    fn read_param(&mut self, number: u32, ty: &ast::TypeExpr, value: &ast::Expr) {
        let Some(Written::Type(ty)) = self.written_type(ty) else {
            self.broken = true;
            return;
        };
        if let Some(value) = self.constant_value(value, &ty) {
            let param = &mut self.program.params[number as usize];
            (param.ty, param.value) = (ty, value);
        }
    }

    fn override_param(&mut self, given: &ParamOverride) {
        let mut found = Vec::new();
        for (at, module) in self.modules.iter().enumerate() {
            for declaration in &module.declarations {
                if let Thing::Param(number) = declaration.thing
                    && declaration.names.answers_to(&given.name)
                {
                    found.push((at, number));
                }
            }
        }
        let name = &given.name;
        match found.as_slice() {
            [(at, number)] => {
                self.at = *at;
                if self.broken_things.contains(&Thing::Param(*number)) {
                    return;
                }
                let ty = self.program.params[*number as usize].ty.clone();
                if let Some(value) = self.constant_value(&given.value, &ty) {
                    self.program.params[*number as usize].value = value;
                }
            }
            [] => {
                let params = self.program.params.iter();
                let near = closest(name, params.flat_map(|param| super::resolve::both(&param.names)));
                let help = match near {
                    Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
                    None => text!(
                        en: "the packs' params are listed by `guiju rules`",
                        zh: "规则包的参数可用 guiju rules 列出"
                    ),
                };
                let message = text!(en: "no pack has a param named `{name}`", zh: "规则包中没有参数“{name}”");
                self.report(Diagnostic::error(&codes::UNKNOWN_NAME, message).label(given.span).help(help));
            }
            [..] => {
                let modules: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
                self.report_ambiguous(name, &modules, given.span);
            }
        }
    }

    /// Reads `field = EXPR` of all classes and puts them in an order in which each rests on earlier ones only.
    pub(super) fn check_computed_fields(&mut self) {
        let mut read: Vec<(Computed, Span)> = Vec::new();
        let mut next = 0;
        for at in 0..self.modules.len() {
            self.at = at;
            let tree = self.modules[at].tree;
            for item in &tree.items {
                let (name, fields, record) = match &item.kind {
                    ItemKind::Layer { name, fields, .. } | ItemKind::Table { name, fields, .. } => {
                        (name, fields, false)
                    }
                    ItemKind::Record { name, fields } => (name, fields, true),
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
                let submission = record && self.program.schema.class(SUBMISSION).names.answers_to(&name.name.text);
                let class = if submission {
                    SUBMISSION
                } else {
                    next += 1;
                    ClassId(next)
                };
                for field in fields {
                    if let Some(value) = &field.computed {
                        read.extend(self.computed(class, field, value));
                    }
                }
            }
        }
        self.order_computed(read);
    }

    fn computed(&mut self, class: ClassId, field: &ast::Field, value: &ast::Expr) -> Option<(Computed, Span)> {
        let id = self.program.schema.class(class).field(&field.name.name.text)?;
        let ty = self.program.schema.class(class).fields[id.0 as usize].ty.clone();
        self.scope = Scope::default();
        let (value, sound) = self.soundly(|analysis| {
            analysis.bind(&"".into(), Type::Item(class), VariableKind::Bound);
            analysis.scope.owner = Some(class);
            analysis.checked(value, &ty)
        });
        let frame = std::mem::take(&mut self.scope).slots;
        if !sound || self.broken_fields.contains(&(class, id)) || !fits(&self.program.schema, &value.ty, &ty) {
            return None;
        }
        Some((Computed { class, field: id, frame, value }, field.name.name.span))
    }

    fn order_computed(&mut self, read: Vec<(Computed, Span)>) {
        let keys: HashMap<(ClassId, FieldId), usize> =
            read.iter().enumerate().map(|(at, (computed, _))| ((computed.class, computed.field), at)).collect();
        let needs: Vec<Vec<usize>> = read.iter().map(|(computed, _)| self.needed(&computed.value, &keys)).collect();
        let mut done = vec![false; read.len()];
        let mut order = Vec::new();
        while let Some(ready) = (0..read.len()).find(|&at| !done[at] && needs[at].iter().all(|&need| done[need])) {
            done[ready] = true;
            order.push(ready);
        }
        for (at, (computed, span)) in read.iter().enumerate() {
            if done[at] {
                continue;
            }
            let name = &self.program.schema.class(computed.class).fields[computed.field.0 as usize].names.name;
            let message = text!(en: "field `{name}` is computed from itself", zh: "字段“{name}”由自身算出");
            let help = text!(
                en: "let it rest on fields that the data give",
                zh: "请让它由数据给出的字段算出"
            );
            let diagnostic = Diagnostic::error(&codes::RECURSIVE_FIELD, message).label(*span).help(help);
            self.report(diagnostic);
        }
        self.program.computed = order.into_iter().map(|at| read[at].0.clone()).collect();
    }

    /// Returns the computed fields that an expression reads, those behind geometries and functions included.
    fn needed(&self, value: &Expr, keys: &HashMap<(ClassId, FieldId), usize>) -> Vec<usize> {
        let mut needed = Vec::new();
        self.need(value, false, keys, &mut needed);
        needed
    }

    /// `base`: only fields of the value are read, so that an item does not stand for its geometry.
    fn need(&self, value: &Expr, base: bool, keys: &HashMap<(ClassId, FieldId), usize>, needed: &mut Vec<usize>) {
        if let ExprKind::Field(of, field) = &value.kind
            && let Type::Item(class) = of.ty
        {
            needed.extend(keys.get(&(class, *field)));
        }
        let item = match &value.ty {
            Type::List(of) => &**of,
            ty => ty,
        };
        if let Type::Item(class) | Type::All(class) = item
            && !base
        {
            needed.extend(self.geometry_key(*class, keys));
        }
        if let ExprKind::CallDefine(define, _) = value.kind
            && let Some(define) = self.program.defines.get(define as usize)
        {
            self.need(&define.body, false, keys, needed);
        }
        let bare = matches!(value.kind, ExprKind::Field(..) | ExprKind::IsPresent(_));
        for child in children(value) {
            self.need(child, bare, keys, needed);
        }
    }

    fn geometry_key(&self, class: ClassId, keys: &HashMap<(ClassId, FieldId), usize>) -> Option<usize> {
        let field = self.program.schema.class(class).field("geometry")?;
        keys.get(&(class, field)).copied()
    }
}
