//! The layers, records, tables and fields that rules may name.

use std::sync::Arc;

use super::{CodeList, CodesId, Type};
use crate::geometry::Kind;
use crate::source::Span;

/// The number of a layer, record kind or table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub u16);

/// The class of the one record that stands for the submission.
pub const SUBMISSION: ClassId = ClassId(0);

/// The number of a field in its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u16);

/// The number of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub u16);

/// The name of a declared thing, and its second name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The first name, which findings and paths use.
    pub name: Arc<str>,
    /// The second name, usually Chinese.
    pub second: Option<Arc<str>>,
}

impl Names {
    /// Tells whether the thing answers to `word`.
    pub fn answers_to(&self, word: &str) -> bool {
        &*self.name == word || self.second.as_deref() == Some(word)
    }

    /// Returns the name for people: the second if there is one.
    pub fn shown(&self) -> &str {
        self.second.as_deref().unwrap_or(&self.name)
    }
}

/// What a class holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassKind {
    /// Features with geometry; `None` takes any kind.
    Layer(Option<Kind>),
    /// Documents.
    Record,
    /// Rows that come with the rules.
    Table,
}

/// A layer, a kind of record or a table, with its fields.
#[derive(Debug, Clone)]
pub struct Class {
    /// What rules call it.
    pub names: Names,
    /// What it holds.
    pub kind: ClassKind,
    /// What its files are called in the data standards.
    pub aliases: Vec<Arc<str>>,
    /// The fields in order of declaration. A layer's geometry is no field unless one is declared.
    pub fields: Vec<Field>,
    /// Where it is declared; built-in ones have none.
    pub span: Option<Span>,
}

impl Class {
    /// Finds a field by either name.
    pub fn field(&self, word: &str) -> Option<FieldId> {
        self.fields.iter().position(|field| field.names.answers_to(word)).map(|at| FieldId(at as u16))
    }

    /// Tells whether the class is a layer.
    pub fn is_layer(&self) -> bool {
        matches!(self.kind, ClassKind::Layer(_))
    }
}

/// Which limit of a quantity a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The most.
    Upper,
    /// The least.
    Lower,
}

/// One field of a class.
#[derive(Debug, Clone)]
pub struct Field {
    /// What rules call it.
    pub names: Names,
    /// The type of its values.
    pub ty: Type,
    /// Whether it may be left out without that being an issue.
    pub optional: bool,
    /// Which end counts of a limit as people write it (`≤2.5`, `1.5-2.0`); of a range, which end a bare number is. Of an upper and a
    /// lower field that answer to one property, the one declared first takes a bare number.
    pub limit: Option<Limit>,
    /// Names under which data standards carry it, in order of preference.
    pub aliases: Vec<Arc<str>>,
    /// Raw values that stand for "none", as text.
    pub missing: Vec<Arc<str>>,
    /// Whether it is computed when the data leave it out (`= EXPR`; the expression is in the program).
    pub computed: bool,
    /// Where it is declared; built-in ones have none.
    pub span: Option<Span>,
}

/// An enumeration: values in order of declaration.
#[derive(Debug, Clone)]
pub struct Enumeration {
    /// What rules call it.
    pub names: Names,
    /// The values.
    pub values: Vec<Names>,
}

/// Everything that a submission may hold, by number.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Layers, records and tables; the first is the submission.
    pub classes: Vec<Class>,
    /// Enumerations.
    pub enums: Vec<Enumeration>,
    /// Code lists; the first is the built-in list of regions.
    pub codes: Vec<CodeList>,
}

impl Default for Schema {
    /// Returns the built-in part: `region`, and `submission` with `id`, `name`, `region` and `as_of`.
    fn default() -> Self {
        let names = |name: &str, second: &str| Names { name: name.into(), second: Some(second.into()) };
        let field = |name: &str, second: &str, ty: Type| Field {
            names: names(name, second),
            ty,
            optional: true,
            limit: None,
            aliases: Vec::new(),
            missing: Vec::new(),
            computed: false,
            span: None,
        };
        let submission = Class {
            names: names("submission", "申报"),
            kind: ClassKind::Record,
            aliases: Vec::new(),
            fields: vec![
                field("id", "标识码", Type::Text),
                field("name", "名称", Type::Text),
                field("region", "行政区", Type::Code(CodesId::REGION)),
                field("as_of", "基准日", Type::Date),
            ],
            span: None,
        };
        Schema {
            classes: vec![submission],
            enums: Vec::new(),
            codes: vec![CodeList::new(names("region", "行政区划"), Vec::new())],
        }
    }
}

impl Schema {
    /// Returns a class by number.
    pub fn class(&self, class: ClassId) -> &Class {
        &self.classes[class.0 as usize]
    }

    /// Finds a class by either name.
    pub fn find_class(&self, word: &str) -> Option<ClassId> {
        self.classes.iter().position(|class| class.names.answers_to(word)).map(|at| ClassId(at as u16))
    }

    /// Returns an enumeration by number.
    pub fn enumeration(&self, id: EnumId) -> &Enumeration {
        &self.enums[id.0 as usize]
    }

    /// Returns a code list by number.
    pub fn code_list(&self, id: CodesId) -> &CodeList {
        &self.codes[id.0 as usize]
    }

    /// Returns all class numbers in order.
    pub fn class_ids(&self) -> impl Iterator<Item = ClassId> + use<> {
        (0..self.classes.len() as u16).map(ClassId)
    }
}
