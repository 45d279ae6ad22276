//! Calls: built-in functions by their signatures, declared ones by an instance for the types of their arguments.

use super::super::analysis::{Analysis, Scope, Space, Thing, VariableKind};
use super::super::declare::{dotted, names_of};
use super::super::describe::{describe, fits, shape};
use super::super::fields::Written;
use super::super::functions::Function;
use super::super::program::{Aggregate, Binding, Define, Expr, ExprKind};
use super::super::resolve::Lookup;
use super::super::vocabulary::{self, OperatorWord};
use super::compare::is_ordered;
use crate::diagnostic::{Diagnostic, Text, codes::language as codes};
use crate::geometry::Kind;
use crate::model::Type;
use crate::source::Span;
use crate::syntax::ast::{self, Comparison, ExprKind as Tree};
use crate::text;

/// What a declared function has become for certain types of arguments.
#[derive(Debug, Clone)]
pub(in super::super) enum Instance {
    /// It is being read: to call it now is recursion.
    Reading,
    /// It has this number in the program and gives this type.
    Ready(u32, Type),
    /// It was diagnosed.
    Broken,
}

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
    /// Reads a call.
    pub(super) fn call(
        &mut self,
        function: &ast::Path,
        arguments: &[ast::Expr],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let lookup = match function.words.as_slice() {
            [word] => self.look_up(Space::Function, &word.text),
            [..] => Lookup::Unknown,
        };
        if let ([word], Lookup::Unknown | Lookup::Broken) = (function.words.as_slice(), &lookup) {
            if let Some(operator) = vocabulary::operator(&word.text) {
                let [left, right] = arguments else {
                    return self.fail_count(&word.text, arguments, (2, 2), span);
                };
                return match operator {
                    OperatorWord::Intersection => self.intersection(left, right, span),
                    OperatorWord::Covers => self.two_faced(Comparison::Covers, left, right, span),
                    OperatorWord::Overlaps => self.two_faced(Comparison::Overlaps, left, right, span),
                };
            }
            if let Some(built_in) = vocabulary::function(&word.text) {
                return self.built_in(built_in, &word.text, arguments, expected, span);
            }
            if vocabulary::aggregate(&word.text).is_some() {
                let word = &word.text;
                let message = text!(en: "`{word}` needs something to run over", zh: "“{word}”需要写明逐个取自哪里");
                let help = text!(
                    en: "write `{word}(x.f for each x in xs where …)`",
                    zh: "请写“{word}(甲.字段 对每个 甲 属于 … 其中 …)”"
                );
                return self.fail(Diagnostic::error(&codes::WRONG_ARGUMENTS, message).label(span).help(help), span);
            }
        }
        match self.find(Space::Function, function) {
            Some(Thing::Define(number)) => self.call_define(number, function, arguments, span),
            Some(_) | None => {
                for argument in arguments {
                    let _ = self.expr(argument, Some(&Type::Error));
                }
                self.error(span)
            }
        }
    }

    fn fail_count(&mut self, name: &str, arguments: &[ast::Expr], (least, most): (usize, usize), span: Span) -> Expr {
        let given = arguments.len();
        let message = match most == least {
            true => text!(
                en: "`{name}` takes {least} arguments, and {given} are given",
                zh: "“{name}”要 {least} 个参数，写了 {given} 个"
            ),
            false => text!(
                en: "`{name}` takes at least {least} arguments, and {given} are given",
                zh: "“{name}”至少要 {least} 个参数，写了 {given} 个"
            ),
        };
        let help = text!(
            en: "the guide lists every function with its arguments",
            zh: "各函数的参数见手册"
        );
        self.fail(Diagnostic::error(&codes::WRONG_ARGUMENTS, message).label(span).help(help), span)
    }

    fn built_in(
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

    fn fail_argument(&mut self, argument: &Expr, en: &str, zh: &str) -> Option<Type> {
        let have = describe(&self.program.schema, &argument.ty);
        let message = Text::new(
            format!("{en} is wanted here, and this is `{}`", have.en),
            format!("这里需要{zh}，而这是“{}”", have.zh),
        );
        let help = match shape(&self.program.schema, &argument.ty) {
            Some(_) => text!(en: "measure it first, such as `area(…)`", zh: "请先量算，如“面积(…)”"),
            None => text!(en: "the guide lists every function with its arguments", zh: "各函数的参数见手册"),
        };
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

    fn call_define(&mut self, number: u32, function: &ast::Path, arguments: &[ast::Expr], span: Span) -> Expr {
        let define = self.defines[number as usize];
        let name = dotted(function);
        if define.parameters.len() != arguments.len() {
            let count = define.parameters.len();
            return self.fail_count(&name, arguments, (count, count), span);
        }
        let (wanted, sound) = self.soundly(|analysis| analysis.parameter_types(number));
        if !sound {
            return self.error(span);
        }
        let mut read = Vec::new();
        for (argument, want) in arguments.iter().zip(wanted) {
            let expr = match &want {
                Written::Type(want) => self.checked(argument, want),
                Written::AnyLayer => {
                    let expr = self.expr(argument, None);
                    match expr.ty {
                        Type::All(_) | Type::Error => expr,
                        _ => {
                            self.fail_argument(&expr, "a layer", "图层");
                            self.error(argument.span)
                        }
                    }
                }
            };
            read.push(expr);
        }
        if read.iter().any(|argument| argument.ty == Type::Error) {
            return self.error(span);
        }
        let types: Vec<Type> = read.iter().map(|argument| argument.ty.clone()).collect();
        match self.instance(number, types) {
            Instance::Ready(instance, ty) => Expr { kind: ExprKind::CallDefine(instance, read), ty, span },
            Instance::Broken => self.error(span),
            Instance::Reading => {
                let message = text!(en: "`{name}` calls itself", zh: "“{name}”调用了自身");
                let help = text!(
                    en: "a function may call earlier ones only, so that every rule comes to an end",
                    zh: "函数不得直接或间接调用自身，以保证规则必能算完"
                );
                self.fail(Diagnostic::error(&codes::RECURSIVE_DEFINE, message).label(span).help(help), span)
            }
        }
    }

    /// Reads the types of a function's parameters, in the module that declares it.
    fn parameter_types(&mut self, number: u32) -> Vec<Written> {
        let define = self.defines[number as usize];
        let at = std::mem::replace(&mut self.at, define.module);
        let types = define.parameters.iter().map(|parameter| self.written_type(&parameter.ty));
        let types: Vec<Written> = types.map(|ty| ty.unwrap_or(Written::Type(Type::Error))).collect();
        self.at = at;
        types
    }

    /// Returns a function for arguments of these types, reading it if that was not done yet.
    pub(in super::super) fn instance(&mut self, number: u32, types: Vec<Type>) -> Instance {
        let key = (number, types);
        if let Some(known) = self.instances.get(&key) {
            return known.clone();
        }
        self.instances.insert(key.clone(), Instance::Reading);
        let define = self.defines[number as usize];
        let at = std::mem::replace(&mut self.at, define.module);
        let scope = std::mem::take(&mut self.scope);
        let (body, sound) = self.soundly(|analysis| {
            for (parameter, ty) in define.parameters.iter().zip(&key.1) {
                analysis.bind(&parameter.name.text, ty.clone(), VariableKind::Bound);
            }
            analysis.expr(define.body, None)
        });
        let Scope { slots, .. } = std::mem::replace(&mut self.scope, scope);
        self.at = at;
        let instance = if sound && body.ty != Type::Error {
            let ready = Instance::Ready(self.program.defines.len() as u32, body.ty.clone());
            self.program.defines.push(Define {
                names: names_of(define.name),
                parameters: define.parameters.len() as u16,
                frame: slots,
                body,
            });
            ready
        } else {
            Instance::Broken
        };
        self.instances.insert(key, instance.clone());
        instance
    }

    /// Reads the functions that nothing calls, so that their mistakes are found; a whole layer stands for any.
    pub(in super::super) fn check_uncalled_defines(&mut self) {
        for number in 0..self.defines.len() as u32 {
            if self.instances.keys().any(|(called, _)| *called == number) {
                continue;
            }
            let types = self.parameter_types(number);
            let types = types.into_iter().map(|ty| match ty {
                Written::Type(ty) => ty,
                Written::AnyLayer => Type::Error,
            });
            let types: Vec<Type> = types.collect();
            let _: Instance = self.instance(number, types);
        }
    }
}
