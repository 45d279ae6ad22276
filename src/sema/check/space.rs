//! Shapes: intersections, differences, predicates, and the relations of bindings.

use crate::diagnostic::{Diagnostic, Text, codes::language as codes};
use crate::model::{ClassId, Kind, Type};
use crate::sema::analysis::Analysis;
use crate::sema::describe::{describe, shape};
use crate::sema::program::{AtLeast, Expr, ExprKind, Relation, RelationKind, Spatial};
use crate::sema::walk::same;
use crate::source::Span;
use crate::syntax::ast;
use crate::text;

impl Analysis<'_> {
    /// Reads an expression that must have a shape, and returns what that is made of.
    pub(super) fn shaped(&mut self, tree: &ast::Expr) -> Option<(Expr, Option<Kind>)> {
        let expr = self.expr(tree, None);
        let kind = self.kind_of(&expr)?;
        Some((expr, kind))
    }

    /// Returns what the shape of an expression is made of; reports and returns `None` if it has no shape.
    pub(in crate::sema) fn kind_of(&mut self, expr: &Expr) -> Option<Option<Kind>> {
        if expr.ty == Type::Error {
            self.broken = true;
            return None;
        }
        if let Some(kind) = shape(&self.program.schema, &expr.ty) {
            return Some(kind);
        }
        let have = describe(&self.program.schema, &expr.ty);
        let message = Text::new(
            format!("a geometry is wanted here, and this is `{}`", have.en),
            format!("这里需要图形，而这是“{}”", have.zh),
        );
        let help = match expr.ty {
            Type::Item(_) | Type::All(_) | Type::List(_) => text!(
                en: "it has no geometry; declare `geometry : geometry = …` for it",
                zh: "它没有图形；可为它声明“geometry : 几何 = …”"
            ),
            _ => text!(
                en: "features, layers, pieces and records with a geometry can stand here",
                zh: "这里可以写要素、图层、相交图形或带图形的档案"
            ),
        };
        self.report(Diagnostic::error(&codes::NO_GEOMETRY, message).label(expr.span).help(help));
        None
    }

    /// Reports a shape of the wrong kind.
    pub(super) fn wrong_kind(&mut self, function: &str, kind: Kind, help: Text, span: Span) {
        let what = describe(&self.program.schema, &Type::Geometry(Some(kind)));
        let message = Text::new(
            format!("`{function}` cannot be asked of a {}", what.en),
            format!("“{function}”不能用于{}", what.zh),
        );
        self.report(Diagnostic::error(&codes::WRONG_GEOMETRY, message).label(span).help(help));
    }

    /// Reports two sides that are the same layer or thing.
    fn warn_same(&mut self, left: &Expr, right: &Expr, span: Span) {
        if !same(left, right) {
            return;
        }
        let written = self.text(left.span);
        let message = text!(en: "`{written}` is compared with itself", zh: "“{written}”与自身比较");
        let help = match left.ty {
            Type::All(_) | Type::List(_) => text!(
                en: "bind one of its features first: `for each x in {written}`",
                zh: "请先取其中一个：对每个 甲 属于 {written}"
            ),
            _ => text!(en: "name another thing on one side", zh: "请将其中一边改为别的内容"),
        };
        self.report(Diagnostic::error(&codes::COMPARED_WITH_ITSELF, message).label(span).help(help));
    }

    /// Reads `left & right`.
    pub(super) fn intersection(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let (left, right) = (self.shaped(left), self.shaped(right));
        let (Some((left, one)), Some((right, other))) = (left, right) else { return self.error(span) };
        self.meet(left, one, right, other, span)
    }

    /// Returns `left & right` of two typed sides.
    pub(super) fn meet(&mut self, left: Expr, one: Option<Kind>, right: Expr, other: Option<Kind>, span: Span) -> Expr {
        self.warn_same(&left, &right, span);
        let kind = one.zip(other).map(|(one, other)| one.min(other));
        let of = features_of(&right.ty);
        let ty = Type::Pieces { of, kind };
        Expr { kind: ExprKind::Intersection(Box::new(left), Box::new(right)), ty, span }
    }

    /// Reads `left without right`.
    pub(super) fn without(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let (left, right) = (self.shaped(left), self.shaped(right));
        let (Some((left, kind)), Some((right, _))) = (left, right) else { return self.error(span) };
        self.warn_same(&left, &right, span);
        let of = match left.ty {
            Type::Pieces { of, .. } => of,
            _ => None,
        };
        Expr { kind: ExprKind::Without(Box::new(left), Box::new(right)), ty: Type::Pieces { of, kind }, span }
    }

    /// Reads a predicate of two shapes.
    pub(super) fn predicate(&mut self, kind: Spatial, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let (left, right) = (self.expr(left, None), self.expr(right, None));
        self.shapes(kind, left, right, span)
    }

    /// Returns a predicate of two typed sides.
    pub(super) fn shapes(&mut self, kind: Spatial, left: Expr, right: Expr, span: Span) -> Expr {
        let (one, other) = (self.kind_of(&left), self.kind_of(&right));
        let (Some(one), Some(other)) = (one, other) else { return self.error(span) };
        self.warn_same(&left, &right, span);
        let flat = [(one, &left), (other, &right)].into_iter().find_map(|(kind, side)| match kind {
            Some(kind @ (Kind::Line | Kind::Point)) => Some((kind, side.span)),
            Some(Kind::Polygon) | None => None,
        });
        if let (Spatial::Occupies, Some((flat, at))) = (kind, flat) {
            let help = text!(
                en: "only areas occupy each other; write `crosses` or `intersects`",
                zh: "只有面才谈得上占用；请写“穿越”或“相交”"
            );
            self.wrong_kind("occupies", flat, help, at);
            return self.error(span);
        }
        self.build(ExprKind::Spatial(kind, Box::new(left), Box::new(right)), Type::Bool, span)
    }

    /// Reads `left within distance of right`.
    pub(super) fn within_distance(
        &mut self,
        left: &ast::Expr,
        distance: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Expr {
        let left = self.shaped(left);
        let distance = self.checked(distance, &Type::LENGTH);
        let right = self.shaped(right);
        let (Some((left, _)), Some((right, _))) = (left, right) else { return self.error(span) };
        self.warn_same(&left, &right, span);
        let kind =
            ExprKind::WithinDistance { left: Box::new(left), distance: Box::new(distance), right: Box::new(right) };
        self.build(kind, Type::Bool, span)
    }

    /// Reads the relation of a binding whose variable is of type `ty`.
    pub(super) fn relation(&mut self, tree: &ast::Relation, ty: &Type, variable: Span) -> Option<Relation> {
        let target = self.shaped(&tree.target);
        let own = if *ty == Type::Error {
            None
        } else {
            let stand_in = Expr { kind: ExprKind::Submission, ty: ty.clone(), span: variable };
            self.kind_of(&stand_in)
        };
        let kind = match &tree.kind {
            ast::RelationKind::Overlapping => RelationKind::Overlapping,
            ast::RelationKind::Touching => RelationKind::Touching,
            ast::RelationKind::Within => RelationKind::Within,
            ast::RelationKind::Containing => RelationKind::Containing,
            ast::RelationKind::WithinDistance(distance) => {
                RelationKind::WithinDistance(self.checked(distance, &Type::LENGTH))
            }
        };
        let meeting = target.as_ref().and_then(|(_, target)| Some((*target)?.min(own??)));
        let at_least = tree.at_least.iter().map(|at_least| self.at_least(at_least, meeting)).collect();
        let (target, _) = target?;
        own?;
        Some(Relation { kind, target, at_least })
    }

    fn at_least(&mut self, tree: &ast::AtLeast, meeting: Option<Kind>) -> AtLeast {
        if let Some(of) = &tree.of {
            let share = self.checked(&tree.quantity, &Type::Ratio);
            let of = match self.shaped(of) {
                Some((of, _)) => of,
                None => self.error(of.span),
            };
            return AtLeast::ShareOf(share, of);
        }
        let quantity = self.expr(&tree.quantity, None);
        let want = match meeting {
            Some(Kind::Line) => Type::LENGTH,
            None if quantity.ty == Type::LENGTH => Type::LENGTH,
            Some(Kind::Polygon | Kind::Point) | None => Type::AREA,
        };
        AtLeast::Quantity(self.fitting(quantity, &want))
    }
}

/// Returns the class whose features the pieces of an `&` with something of this type are of.
fn features_of(ty: &Type) -> Option<ClassId> {
    match ty {
        Type::All(class) => Some(*class),
        Type::List(of) => match **of {
            Type::Item(class) => Some(class),
            _ => None,
        },
        Type::Bool
        | Type::Number(_)
        | Type::Ratio
        | Type::Text
        | Type::Date
        | Type::Duration
        | Type::Code(_)
        | Type::Enum(_)
        | Type::Range(_)
        | Type::Geometry(_)
        | Type::Item(_)
        | Type::Codes(_)
        | Type::Values(_)
        | Type::Set(_)
        | Type::Pieces { .. }
        | Type::Piece { .. }
        | Type::Error => None,
    }
}
