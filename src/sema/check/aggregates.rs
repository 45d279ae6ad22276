//! What runs over many: bindings, aggregates, quantifiers and filters.

use std::sync::Arc;

use super::compare::is_ordered;
use crate::diagnostic::{Diagnostic, Text, closest, codes::language as codes};
use crate::model::{CodesId, SUBMISSION, Type};
use crate::sema::analysis::{Analysis, VariableKind};
use crate::sema::describe::{describe, shape};
use crate::sema::functions::Function;
use crate::sema::program::{Aggregate, Binding, Expr, ExprKind, Quantifier};
use crate::sema::vocabulary;
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind as Tree, QuantifierKind};
use crate::syntax::words::{self, Category};
use crate::text;

impl Analysis<'_> {
    /// Reads a binding and brings its variable into scope.
    pub(in crate::sema) fn binding(&mut self, tree: &ast::Binding) -> Option<Binding> {
        let over = self.over(&tree.over);
        let ty = self.one_of(&over);
        let slot = self.bind(&tree.name.text, ty.clone(), VariableKind::Bound);
        let relation = tree.relation.as_ref().map(|relation| self.relation(relation, &ty, tree.name.span));
        let condition = tree.condition.as_ref().map(|condition| self.condition(condition));
        let relation = match relation {
            Some(None) => return None,
            Some(Some(relation)) => Some(relation),
            None => None,
        };
        let sound = ty != Type::Error && condition.as_ref().is_none_or(|condition| condition.ty != Type::Error);
        sound.then(|| Binding { slot, name: tree.name.text.clone(), over, ty, relation, condition, pairs_with: None })
    }

    /// Reads what a variable runs over.
    fn over(&mut self, tree: &ast::Expr) -> Expr {
        let over = self.expr(tree, None);
        match over.kind {
            ExprKind::Submission if over.ty == Type::Item(SUBMISSION) => {
                Expr { kind: ExprKind::Class(SUBMISSION), ty: Type::All(SUBMISSION), span: over.span }
            }
            kind => Expr { kind, ty: over.ty, span: over.span },
        }
    }

    /// Returns the type of one of a collection; reports if it is none.
    fn one_of(&mut self, over: &Expr) -> Type {
        let one = match &over.ty {
            Type::All(class) => Type::Item(*class),
            Type::List(of) | Type::Set(of) => (**of).clone(),
            Type::Codes(list) if *list != CodesId::REGION => Type::Code(*list),
            Type::Values(id) => Type::Enum(*id),
            Type::Pieces { of, kind } => Type::Piece { of: *of, kind: *kind },
            Type::Error => Type::Error,
            Type::Bool
            | Type::Number(_)
            | Type::Ratio
            | Type::Text
            | Type::Date
            | Type::Duration
            | Type::Code(_)
            | Type::Codes(_)
            | Type::Enum(_)
            | Type::Range(_)
            | Type::Geometry(_)
            | Type::Item(_)
            | Type::Piece { .. } => {
                let have = describe(&self.program.schema, &over.ty);
                let message =
                    Text::new(format!("nothing can run over `{}`", have.en), format!("不能逐个取“{}”", have.zh));
                let help = text!(
                    en: "a variable runs over a layer, a record, a table, a list, a set, an enumeration or a code list",
                    zh: "变量可逐个取自图层、档案、对照表、列表、集合、枚举或代码表"
                );
                self.report(Diagnostic::error(&codes::NOT_MANY, message).label(over.span).help(help));
                Type::Error
            }
        };
        if one == Type::Error {
            self.broken = true;
        }
        one
    }

    /// Runs `read` in a scope of its own.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.scope.variables.len();
        let value = read(self);
        self.scope.variables.truncate(outer);
        value
    }

    /// Reads `sum(e for each x in xs)` and the like.
    pub(super) fn aggregate(
        &mut self,
        function: &ast::Name,
        element: &ast::Expr,
        bindings: &[ast::Binding],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let kind = vocabulary::aggregate(&function.text);
        // `area(q for each …)` is the area of their union; `cumulative(…)` the running totals of the list.
        let list_function = vocabulary::function(&function.text)
            .filter(|function| matches!(function, Function::Cumulative | Function::Area | Function::Length));
        let (read, element) = self.inside(|analysis| {
            let read: Vec<Option<Binding>> = bindings.iter().map(|binding| analysis.binding(binding)).collect();
            (read, analysis.expr(element, expected))
        });
        let bindings: Option<Vec<Binding>> = read.into_iter().collect();
        let (Some(bindings), false) = (bindings, element.ty == Type::Error) else { return self.error(span) };
        let ty = match (kind, list_function) {
            (Some(kind), _) => self.aggregate_type(kind, function, &element),
            (None, Some(_)) => Some(Type::List(Box::new(element.ty.clone()))),
            (None, None) => {
                let word = &function.text;
                let message = text!(
                    en: "`{word}` does not gather many into one",
                    zh: "“{word}”不能汇总多个值"
                );
                let gathering = ["sum", "count", "min", "max", "mean", "union", "only", "cumulative"];
                let chinese = gathering.iter().filter_map(|word| words::chinese(word, Category::Function));
                let help = match closest(word, gathering.into_iter().chain(chinese)) {
                    Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
                    None => text!(
                        en: "what gathers is `sum`, `count`, `min`, `max`, `mean`, `union`, `only` and `cumulative`",
                        zh: "可汇总的有 合计、个数、最小、最大、平均、合并、唯一、累计"
                    ),
                };
                self.report(Diagnostic::error(&codes::UNKNOWN_FUNCTION, message).label(function.span).help(help));
                None
            }
        };
        let Some(ty) = ty else { return self.error(span) };
        let gathered = Expr {
            kind: ExprKind::Aggregate {
                kind: kind.unwrap_or(Aggregate::Collect),
                bindings,
                element: Box::new(element),
            },
            ty,
            span,
        };
        match (kind, list_function) {
            (None, Some(function)) => self.call_of(function, vec![gathered], span),
            _ => gathered,
        }
    }

    fn aggregate_type(&mut self, kind: Aggregate, function: &ast::Name, element: &Expr) -> Option<Type> {
        let ty = element.ty.clone();
        let number = ty.dimension().is_some();
        let found = match kind {
            Aggregate::Count => Some(Type::NUMBER),
            Aggregate::Only => Some(ty.clone()),
            Aggregate::Sum | Aggregate::Mean => number.then(|| ty.clone()),
            Aggregate::Min | Aggregate::Max => is_ordered(&ty).then(|| ty.clone()),
            Aggregate::Union => shape(&self.program.schema, &ty).map(Type::Geometry),
            Aggregate::Collect => Some(Type::List(Box::new(ty.clone()))),
        };
        if found.is_none() {
            let have = describe(&self.program.schema, &ty);
            let word = &function.text;
            let message =
                Text::new(format!("`{word}` cannot gather `{}`", have.en), format!("“{word}”不能汇总“{}”", have.zh));
            let written = self.text(element.span);
            let help = match shape(&self.program.schema, &ty) {
                Some(_) => text!(
                    en: "gather a measure of it, such as `area({written})`",
                    zh: "请汇总它的量算值，如“面积({written})”"
                ),
                None => text!(en: "gather numbers or quantities", zh: "请汇总数或量"),
            };
            self.report(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(element.span).help(help));
        }
        found
    }

    /// Reads `any x in xs: c` and the like.
    pub(super) fn quantifier(
        &mut self,
        kind: QuantifierKind,
        binding: &ast::Binding,
        condition: &ast::Expr,
        span: Span,
    ) -> Expr {
        let (binding, condition) = self.inside(|analysis| (analysis.binding(binding), analysis.condition(condition)));
        let Some(binding) = binding else { return self.error(span) };
        if condition.ty == Type::Error {
            return self.error(span);
        }
        let kind = match kind {
            QuantifierKind::Any => Quantifier::Any,
            QuantifierKind::All => Quantifier::All,
            QuantifierKind::None => Quantifier::None,
        };
        let kind = ExprKind::Quantifier { kind, binding: Box::new(binding), condition: Box::new(condition) };
        Expr { kind, ty: Type::Bool, span }
    }

    /// Reads `(L where c)`.
    pub(super) fn filter(&mut self, over: &ast::Expr, condition: &ast::Expr, span: Span) -> Expr {
        let over = self.over(over);
        let one = self.one_of(&over);
        let it: Arc<str> = "it".into();
        let (slot, condition) = self.inside(|analysis| {
            let slot = analysis.bind(&it, one, VariableKind::Bound);
            (slot, analysis.condition(condition))
        });
        let ty = over.ty.clone();
        self.build(ExprKind::Filter { over: Box::new(over), slot, condition: Box::new(condition) }, ty, span)
    }

    /// Reads `land_use level 1`.
    pub(super) fn level(&mut self, of: &ast::Expr, level: &ast::Expr, span: Span) -> Expr {
        let of = self.expr(of, None);
        let number = match &level.kind {
            Tree::Number { raw, unit: None } => raw.parse::<u8>().ok().filter(|level| *level > 0),
            _ => None,
        };
        let Some(number) = number else {
            let message = text!(en: "a level is a whole number from 1", zh: "级别是从 1 起的整数");
            let help = text!(en: "such as `land_use level 1`", zh: "如“用地用海分类 级别 1”");
            return self.fail(Diagnostic::error(&codes::BAD_LITERAL, message).label(level.span).help(help), span);
        };
        match (&of.kind, &of.ty) {
            (_, Type::Error) => self.error(span),
            (ExprKind::Codes(list, None), _) if *list != CodesId::REGION => {
                let list = *list;
                let known = self.program.schema.code_list(list).entries.iter().any(|entry| entry.level == number);
                if !known {
                    let name = self.program.schema.code_list(list).names.name.clone();
                    let message = text!(
                        en: "`{name}` has no codes of level {number}",
                        zh: "“{name}”没有第 {number} 级代码"
                    );
                    let help = text!(en: "level 1 is the highest", zh: "第 1 级为最高级");
                    return self.fail(Diagnostic::error(&codes::EMPTY_SET, message).label(level.span).help(help), span);
                }
                Expr { kind: ExprKind::Codes(list, Some(number)), ty: Type::Codes(list), span }
            }
            _ => {
                let have = describe(&self.program.schema, &of.ty);
                let message = Text::new(
                    format!("only a code list has levels, and this is `{}`", have.en),
                    format!("只有代码表有级别，而这是“{}”", have.zh),
                );
                let help = text!(
                    en: "of a code, write `level(code)`",
                    zh: "代码自身的级别写作“级别(代码)”"
                );
                self.fail(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(of.span).help(help), span)
            }
        }
    }
}
