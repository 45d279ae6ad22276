//! The state of one analysis: what is declared, where we are, and what was found wrong.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::program::{Expr, ExprKind, Program, Slot};
use super::{PackInput, check::Instance};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{ClassId, CodesId, EnumId, FieldId, Names, Type, Value};
use crate::source::{Files, Span};
use crate::syntax::ast;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Thing {
    /// A layer, record or table.
    Class(ClassId),
    /// An enumeration.
    Enum(EnumId),
    /// A code list.
    Codes(CodesId),
    /// A set, by its number in the program.
    Set(u32),
    /// A param, by its number in the program.
    Param(u32),
    /// A source, by its number in the program.
    Source(u32),
    /// A function, by its number among the declared ones.
    Define(u32),
}

/// Names of one space never stand for those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Space {
    /// Layers, records, tables, enumerations, code lists, sets and params.
    Value,
    /// Functions.
    Function,
    /// Laws, policies and standards.
    Source,
}

impl Thing {
    /// Returns the space that its name lives in.
    pub(super) fn space(self) -> Space {
        match self {
            Thing::Class(_) | Thing::Enum(_) | Thing::Codes(_) | Thing::Set(_) | Thing::Param(_) => Space::Value,
            Thing::Source(_) => Space::Source,
            Thing::Define(_) => Space::Function,
        }
    }
}

/// One declaration of a module.
#[derive(Debug, Clone)]
pub(super) struct Declaration<'a> {
    /// What it is called.
    pub(super) names: Names,
    /// What it is.
    pub(super) thing: Thing,
    /// Its first name in the text.
    pub(super) span: Span,
    /// Its tree.
    pub(super) item: &'a ast::Item,
}

/// One module.
#[derive(Debug)]
pub(super) struct Module<'a> {
    /// The number of its pack.
    pub(super) pack: usize,
    /// Its dotted name.
    pub(super) name: Arc<str>,
    /// Its tree.
    pub(super) tree: &'a ast::Module,
    /// What it declares, in order.
    pub(super) declarations: Vec<Declaration<'a>>,
    /// Numbers of declarations by space and name.
    pub(super) by_name: HashMap<(Space, Arc<str>), usize>,
    /// The modules whose names it brings in.
    pub(super) uses: Vec<usize>,
    /// The modules that it names by another name.
    pub(super) aliases: Vec<(Arc<str>, usize)>,
    /// Whether a module that it uses could not be found: unknown names in it are then no news.
    pub(super) incomplete: bool,
}

/// A function as declared.
#[derive(Debug, Clone, Copy)]
pub(super) struct DefineTree<'a> {
    /// The module that it stands in.
    pub(super) module: usize,
    /// Its name.
    pub(super) name: &'a ast::DeclaredName,
    /// Its parameters.
    pub(super) parameters: &'a [ast::Parameter],
    /// Its body.
    pub(super) body: &'a ast::Expr,
}

/// What kind of variable a name in scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VariableKind {
    /// A binding of a rule, an aggregate or a quantifier, a parameter, or `it`.
    Bound,
    /// A let.
    Let,
}

/// A name in scope.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    /// The name; `it` for the item of a filter.
    pub(super) name: Arc<str>,
    /// Its place in the frame.
    pub(super) slot: Slot,
    /// Its type.
    pub(super) ty: Type,
    /// What it is.
    pub(super) kind: VariableKind,
    /// Whether anything named it.
    pub(super) used: bool,
}

/// The variables in scope and the size of the frame.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Inner ones last.
    pub(super) variables: Vec<Variable>,
    /// How many slots there are.
    pub(super) slots: u16,
    /// The class whose fields are variables too: those of slot 0.
    pub(super) owner: Option<ClassId>,
}

/// What is kept of a checked rule for its tests.
#[derive(Debug, Clone)]
pub(super) struct RuleScope {
    /// The number of the rule in the program before sorting.
    pub(super) rule: usize,
    /// Its bindings and lets.
    pub(super) scope: Scope,
}

/// The state of one analysis.
pub(super) struct Analysis<'a> {
    pub(super) files: &'a Files,
    pub(super) packs: &'a [PackInput],
    pub(super) program: Program,
    pub(super) modules: Vec<Module<'a>>,
    pub(super) defines: Vec<DefineTree<'a>>,
    pub(super) instances: HashMap<(u32, Vec<Type>), Instance>,
    /// How many operations each function of the program comes to, written out.
    pub(super) weights: Vec<u32>,
    /// The functions that are being read: to call one of them now is recursion.
    pub(super) reading: Vec<u32>,
    /// Declarations that were diagnosed; naming them is silent.
    pub(super) broken_things: HashSet<Thing>,
    /// Fields whose type was diagnosed.
    pub(super) broken_fields: HashSet<(ClassId, FieldId)>,
    /// Every rule id that a text declares, in the program or not.
    pub(super) rule_ids: Vec<Arc<str>>,
    pub(super) rule_scopes: Vec<RuleScope>,
    /// The module that is being read.
    pub(super) at: usize,
    /// The variables in scope.
    pub(super) scope: Scope,
    /// Whether something since it was last cleared is wrong, so that what is being read must be left out.
    pub(super) broken: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Analysis<'a> {
    /// Returns the state before anything is read.
    pub(super) fn new(packs: &'a [PackInput], files: &'a Files) -> Self {
        Analysis {
            files,
            packs,
            program: Program::default(),
            modules: Vec::new(),
            defines: Vec::new(),
            instances: HashMap::new(),
            weights: Vec::new(),
            reading: Vec::new(),
            broken_things: HashSet::new(),
            broken_fields: HashSet::new(),
            rule_ids: Vec::new(),
            rule_scopes: Vec::new(),
            at: 0,
            scope: Scope::default(),
            broken: false,
            diagnostics: Vec::new(),
        }
    }

    /// Takes a diagnostic; an error breaks what is being read.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.broken |= diagnostic.severity == Severity::Error;
        self.diagnostics.push(diagnostic);
    }

    /// Returns an expression that stands for a diagnosed one.
    pub(super) fn error(&mut self, span: Span) -> Expr {
        self.broken = true;
        Expr { kind: ExprKind::Constant(Value::Missing), ty: Type::Error, span }
    }

    /// Reports and returns an expression that stands for what is wrong.
    pub(super) fn fail(&mut self, diagnostic: Diagnostic, span: Span) -> Expr {
        self.report(diagnostic);
        self.error(span)
    }

    /// Runs `read` and tells whether all that it read is sound.
    pub(super) fn soundly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let outer = std::mem::replace(&mut self.broken, false);
        let value = read(self);
        let sound = !self.broken;
        self.broken = outer;
        (value, sound)
    }

    /// Returns a fresh slot of the frame.
    pub(super) fn fresh_slot(&mut self) -> Slot {
        let slot = Slot(self.scope.slots);
        self.scope.slots = self.scope.slots.saturating_add(1);
        slot
    }

    /// Brings a variable into scope.
    pub(super) fn bind(&mut self, name: &Arc<str>, ty: Type, kind: VariableKind) -> Slot {
        let slot = self.fresh_slot();
        self.scope.variables.push(Variable { name: name.clone(), slot, ty, kind, used: false });
        slot
    }

    /// Returns the text of a span.
    pub(super) fn text(&self, span: Span) -> Arc<str> {
        self.files.slice(span).trim().into()
    }

    /// Returns the program, rules in order, and the diagnostics in order of the texts, each once.
    pub(super) fn finish(mut self) -> (Program, Vec<Diagnostic>) {
        self.program.rules.sort_by(|a, b| (&a.id, a.from, a.span).cmp(&(&b.id, b.from, b.span)));
        let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span);
        self.diagnostics.sort_by(|a, b| (place(a), a.code.name, &a.message).cmp(&(place(b), b.code.name, &b.message)));
        self.diagnostics.dedup_by(|a, b| place(a) == place(b) && a.code.name == b.code.name && a.message == b.message);
        (self.program, self.diagnostics)
    }
}
