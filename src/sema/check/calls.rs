//! Calls: of operators written like functions, of built-in functions, and of declared ones, which are read anew for each kind of argument.

use crate::diagnostic::{Diagnostic, Label, Text, codes::language as codes};
use crate::model::Type;
use crate::sema::analysis::{Analysis, Scope, Space, Thing, VariableKind};
use crate::sema::declare::{dotted, names_of};
use crate::sema::fields::Written;
use crate::sema::program::{Define, Expr, ExprKind};
use crate::sema::resolve::Lookup;
use crate::sema::vocabulary::{self, OperatorWord};
use crate::sema::walk::children;
use crate::source::Span;
use crate::syntax::ast::{self, Comparison};
use crate::text;

/// The most operations that a declared function may come to when all that it calls is written out: each check works through them.
const MAX_WEIGHT: u32 = 100_000;

/// What a declared function has become for certain types of arguments.
#[derive(Debug, Clone)]
pub(in crate::sema) enum Instance {
    /// It is being read: to call it now is recursion.
    Reading,
    /// It has this number in the program and gives this type.
    Ready(u32, Type),
    /// It was diagnosed.
    Broken,
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

    /// Reports a wrong number of arguments.
    pub(super) fn fail_count(
        &mut self,
        name: &str,
        arguments: &[ast::Expr],
        (least, most): (usize, usize),
        span: Span,
    ) -> Expr {
        let given = arguments.len();
        let (bound, zh, count) = match () {
            () if most == least => ("", "", least),
            () if given > most => ("at most ", "至多", most),
            () => ("at least ", "至少", least),
        };
        let plural = if count == 1 { "" } else { "s" };
        let message = Text::new(
            format!("`{name}` takes {bound}{count} argument{plural}, not {given}"),
            format!("“{name}”{zh}要 {count} 个参数，而写了 {given} 个"),
        );
        let help = vocabulary::function(name).map(|function| {
            let usage = function.usage();
            text!(en: "it is written `{usage}`", zh: "写法为 {usage}")
        });
        self.fail(Diagnostic::error(&codes::WRONG_ARGUMENTS, message).label(span).help(help), span)
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
        let said = self.diagnostics.len();
        let instance = self.instance(number, types);
        for diagnostic in &mut self.diagnostics[said..] {
            // The mistake may lie in what the function is given.
            diagnostic.labels.push(Label { span, text: Some(text!(en: "called here", zh: "在这里调用")) });
        }
        match instance {
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
    pub(in crate::sema) fn instance(&mut self, number: u32, types: Vec<Type>) -> Instance {
        let key = (number, types);
        if let Some(known) = self.instances.get(&key) {
            return known.clone();
        }
        // Asked of the function, not of the instance: the types of arguments could grow with every call.
        if self.reading.contains(&number) {
            return Instance::Reading;
        }
        self.reading.push(number);
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
        self.reading.pop();
        let weight = self.weight(&body);
        let instance = if weight > MAX_WEIGHT {
            let name = &define.name.name.text;
            let message = text!(
                en: "`{name}` is too large when all that it calls is written out",
                zh: "“{name}”连同其调用展开后过大"
            );
            let help = text!(
                en: "compute what is used twice once, with `let` in the rule",
                zh: "重复用到的内容请在规则中用“令”只算一次"
            );
            self.report(Diagnostic::error(&codes::OVERSIZED_DEFINE, message).label(define.name.name.span).help(help));
            Instance::Broken
        } else if sound && body.ty != Type::Error {
            self.weights.push(weight);
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

    /// Returns how many operations an expression comes to when the functions that it calls are written out.
    fn weight(&self, expr: &Expr) -> u32 {
        let own = match &expr.kind {
            ExprKind::CallDefine(number, _) => self.weights.get(*number as usize).copied().unwrap_or(0),
            _ => 1,
        };
        children(expr).into_iter().fold(own, |sum, part| sum.saturating_add(self.weight(part)))
    }

    /// Reads the functions that nothing calls, so that their mistakes are found; a whole layer stands for any.
    pub(in crate::sema) fn check_uncalled_defines(&mut self) {
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
