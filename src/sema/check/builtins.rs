//! The built-in functions: their signatures.

use super::compare::is_ordered;
use crate::diagnostic::{Diagnostic, Text, codes::language as codes};
use crate::model::{Kind, Type};
use crate::sema::analysis::Analysis;
use crate::sema::describe::{describe, fits, shape};
use crate::sema::functions::Function;
use crate::sema::program::{Aggregate, Binding, Expr, ExprKind};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind as Tree};
use crate::text;

/// How many arguments a function takes at least and at most.
fn arity(function: Function) -> (usize, usize) {
    match function {
        Function::Area
        | Function::Perimeter
        | Function::Length
        | Function::Width
        | Function::Boundary
        | Function::Centroid
        | Function::Parts
        | Function::Holes
        | Function::Compactness
        | Function::Sum
        | Function::Count
        | Function::Mean
        | Function::Cumulative
        | Function::Abs
        | Function::Year
        | Function::Trim
        | Function::Level => (1, 1),
        Function::Distance
        | Function::Share
        | Function::Buffer
        | Function::Inset
        | Function::SymmetricDifference
        | Function::Default
        | Function::DaysBetween
        | Function::YearsBetween
        | Function::StartsWith
        | Function::Matches
        | Function::Point => (2, 2),
        Function::Round => (1, 2),
        Function::Date | Function::Acyclic => (3, 3),
        Function::Box => (4, 4),
        Function::Union | Function::Min | Function::Max => (1, usize::MAX),
        Function::Line => (4, usize::MAX),
        Function::Polygon => (6, usize::MAX),
    }
}

impl Analysis<'_> {
    /// Reads a call of a built-in function.
    pub(super) fn built_in(
        &mut self,
        function: Function,
        name: &str,
        arguments: &[ast::Expr],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let (least, most) = arity(function);
        if arguments.len() < least || arguments.len() > most {
            return self.fail_count(name, arguments, (least, most), span);
        }
        if function == Function::Acyclic {
            return self.acyclic(arguments, span);
        }
        let mut read: Vec<Expr> = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            let want = match (function, at) {
                (Function::Date, _) | (Function::Round, 1) => Some(Type::NUMBER),
                (Function::Buffer | Function::Inset, 1) => Some(Type::LENGTH),
                (Function::Box | Function::Polygon | Function::Line | Function::Point, _) => Some(Type::LENGTH),
                (Function::DaysBetween | Function::YearsBetween | Function::Year, _) => Some(Type::Date),
                (Function::StartsWith | Function::Matches | Function::Trim, _) => Some(Type::Text),
                _ => None,
            };
            let expr = match (want, at) {
                (Some(want), _) => self.checked(argument, &want),
                (None, 0) => self.expr(argument, expected.filter(|_| function == Function::Default)),
                (None, _) => {
                    let first = read[0].ty.clone();
                    self.expr(argument, Some(&first))
                }
            };
            read.push(expr);
        }
        self.call_of(function, read, span)
    }

    /// Returns a call of a built-in function with typed arguments.
    pub(super) fn call_of(&mut self, function: Function, arguments: Vec<Expr>, span: Span) -> Expr {
        if arguments.iter().any(|argument| argument.ty == Type::Error) {
            return self.error(span);
        }
        match self.result(function, &arguments) {
            Some(ty) => Expr { kind: ExprKind::Call(function, arguments), ty, span },
            None => self.error(span),
        }
    }

    /// Returns the type that a function gives; reports arguments that do not suit it.
    fn result(&mut self, function: Function, arguments: &[Expr]) -> Option<Type> {
        let first = arguments.first()?;
        match function {
            Function::Area
            | Function::Width
            | Function::Compactness
            | Function::Boundary
            | Function::Holes
            | Function::Inset => {
                self.area_like(function, first)?;
                Some(match function {
                    Function::Area => Type::AREA,
                    Function::Width => Type::LENGTH,
                    Function::Boundary => Type::Geometry(Some(Kind::Line)),
                    Function::Holes => Type::List(Box::new(Type::Geometry(Some(Kind::Polygon)))),
                    Function::Inset => Type::Geometry(Some(Kind::Polygon)),
                    _ => Type::NUMBER,
                })
            }
            Function::Perimeter => self.area_like(function, first).map(|()| Type::LENGTH),
            Function::Length => {
                match self.kind_of(first)? {
                    Some(kind @ (Kind::Polygon | Kind::Point)) => {
                        let written = self.text(first.span);
                        let help = match kind {
                            Kind::Polygon => text!(
                                en: "for the boundary of an area write `perimeter({written})`",
                                zh: "面的边界长请写“周长({written})”"
                            ),
                            Kind::Line | Kind::Point => text!(en: "a point has no length", zh: "点没有长度"),
                        };
                        self.wrong_kind(function.name(), kind, help, first.span);
                        return None;
                    }
                    Some(Kind::Line) | None => {}
                }
                Some(Type::LENGTH)
            }
            Function::Distance => {
                self.all_shaped(arguments)?;
                Some(Type::LENGTH)
            }
            Function::Share => {
                self.area_like(function, first)?;
                self.all_shaped(&arguments[1..])?;
                Some(Type::Ratio)
            }
            Function::Union => {
                let kinds = self.all_shaped(arguments)?;
                Some(Type::Geometry(kinds.iter().copied().reduce(|one, other| one.filter(|_| one == other)).flatten()))
            }
            Function::SymmetricDifference => {
                let kinds = self.all_shaped(arguments)?;
                Some(Type::Geometry(kinds.first().copied().flatten()))
            }
            Function::Buffer => self.kind_of(first).map(|_| Type::Geometry(Some(Kind::Polygon))),
            Function::Centroid => self.kind_of(first).map(|_| Type::Geometry(Some(Kind::Point))),
            Function::Parts => self.kind_of(first).map(|kind| Type::List(Box::new(Type::Geometry(kind)))),
            Function::Box | Function::Polygon => Some(Type::Geometry(Some(Kind::Polygon))),
            Function::Line => Some(Type::Geometry(Some(Kind::Line))),
            Function::Point => Some(Type::Geometry(Some(Kind::Point))),
            Function::Count => match first.ty {
                Type::List(_)
                | Type::Set(_)
                | Type::All(_)
                | Type::Pieces { .. }
                | Type::Codes(_)
                | Type::Values(_) => Some(Type::NUMBER),
                _ => self.fail_argument(first, "a list or layer", "列表或图层"),
            },
            Function::Sum | Function::Mean | Function::Cumulative => match &first.ty {
                Type::List(of) if of.dimension().is_some() => Some(match function {
                    Function::Cumulative => first.ty.clone(),
                    _ => (**of).clone(),
                }),
                Type::List(of) if **of == Type::Error => Some(Type::NUMBER),
                _ => self.fail_argument(first, "a list of numbers", "数的列表"),
            },
            Function::Min | Function::Max => match (&first.ty, arguments.len()) {
                (Type::List(of), 1) if is_ordered(of) => Some((**of).clone()),
                (ty, 2..) if is_ordered(ty) => {
                    let ty = ty.clone();
                    self.same_types(arguments, &ty)
                }
                (_, 1) => self.fail_argument(first, "a list of numbers or dates", "数或日期的列表"),
                _ => self.fail_argument(first, "a number or date", "数或日期"),
            },
            Function::Abs | Function::Round => match first.ty.dimension() {
                Some(_) => Some(first.ty.clone()),
                None => self.fail_argument(first, "a number", "数"),
            },
            Function::Default => {
                let ty = first.ty.clone();
                self.same_types(arguments, &ty)
            }
            Function::Date => Some(Type::Date),
            Function::DaysBetween | Function::YearsBetween | Function::Year => Some(Type::NUMBER),
            Function::StartsWith | Function::Matches | Function::Acyclic => Some(Type::Bool),
            Function::Trim => Some(Type::Text),
            Function::Level => match first.ty {
                Type::Code(_) => Some(Type::NUMBER),
                _ => self.fail_argument(first, "a code", "代码"),
            },
        }
    }

    fn same_types(&mut self, arguments: &[Expr], ty: &Type) -> Option<Type> {
        for argument in &arguments[1..] {
            if !fits(&self.program.schema, &argument.ty, ty) {
                self.fitting(argument.clone(), ty);
                return None;
            }
        }
        Some(ty.clone())
    }

    fn all_shaped(&mut self, arguments: &[Expr]) -> Option<Vec<Option<Kind>>> {
        arguments.iter().map(|argument| self.kind_of(argument)).collect()
    }

    fn area_like(&mut self, function: Function, argument: &Expr) -> Option<()> {
        let kind = match self.kind_of(argument)? {
            Some(Kind::Polygon) | None => return Some(()),
            Some(kind) => kind,
        };
        let written = self.text(argument.span);
        let help = match kind {
            Kind::Line => text!(en: "of a line write `length({written})`", zh: "线请写“长度({written})”"),
            Kind::Point | Kind::Polygon => text!(en: "it needs an area", zh: "它需要面"),
        };
        self.wrong_kind(function.name(), kind, help, argument.span);
        None
    }

    /// Reports an argument of a type that does not suit.
    pub(super) fn fail_argument(&mut self, argument: &Expr, en: &str, zh: &str) -> Option<Type> {
        let have = describe(&self.program.schema, &argument.ty);
        let message = Text::new(
            format!("{en} is wanted here, and this is `{}`", have.en),
            format!("这里需要{zh}，而这是“{}”", have.zh),
        );
        let help = shape(&self.program.schema, &argument.ty)
            .map(|_| text!(en: "measure it first, such as `area(…)`", zh: "请先量算，如“面积(…)”"));
        self.report(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(argument.span).help(help));
        None
    }

    /// Reads `acyclic(steps, id, needs)`: the fields become the lists of their values, one per step.
    fn acyclic(&mut self, arguments: &[ast::Expr], span: Span) -> Expr {
        let [steps, id, needs] = arguments else { return self.error(span) };
        let steps = self.expr(steps, None);
        let class = match &steps.ty {
            Type::All(class) => *class,
            Type::List(of) if matches!(**of, Type::Item(_)) => match **of {
                Type::Item(class) => class,
                _ => return self.error(span),
            },
            Type::Error => return self.error(span),
            _ => {
                self.fail_argument(&steps, "a list of records", "档案的列表");
                return self.error(span);
            }
        };
        let mut read = Vec::new();
        for field in [id, needs] {
            let Tree::Name(word) = &field.kind else {
                let message = text!(en: "the name of a field is wanted here", zh: "这里需要字段名");
                let help = text!(en: "such as `acyclic(k.steps, id, needs)`", zh: "如“无环(k.步骤, 标识码, 前置)”");
                return self.fail(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(field.span).help(help), span);
            };
            let slot = self.fresh_slot();
            let ty = Type::Item(class);
            let step = Expr { kind: ExprKind::Variable(slot), ty: ty.clone(), span: field.span };
            let name = ast::Name { text: word.clone(), span: field.span };
            let value = self.field_of(step, &name, field.span);
            if value.ty == Type::Error {
                return self.error(span);
            }
            let binding = Binding {
                slot,
                name: "step".into(),
                over: steps.clone(),
                ty,
                relation: None,
                condition: None,
                pairs_with: None,
            };
            let list = Type::List(Box::new(value.ty.clone()));
            let kind =
                ExprKind::Aggregate { kind: Aggregate::Collect, bindings: vec![binding], element: Box::new(value) };
            read.push(Expr { kind, ty: list, span: field.span });
        }
        let fitting = match (&read[0].ty, &read[1].ty) {
            (Type::List(id), Type::List(needs)) => match &**needs {
                Type::List(need) => fits(&self.program.schema, need, id) || **need == Type::Item(class),
                need => fits(&self.program.schema, need, id) || *need == Type::Item(class),
            },
            _ => false,
        };
        if !fitting {
            self.fail_argument(&read[1], "a field that names other steps by their id", "以标识码指明其他步骤的字段");
            return self.error(span);
        }
        let arguments = std::iter::once(steps).chain(read).collect();
        Expr { kind: ExprKind::Call(Function::Acyclic, arguments), ty: Type::Bool, span }
    }
}
