//! What is wrong with the data.

use std::sync::Arc;

use super::{ClassId, ItemRef};
use crate::diagnostic::{Code, Severity, Text};
use crate::geometry::Coord;
use crate::source::Place;

/// A fault of the data: where it is and what it bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Which kind of fault.
    pub code: &'static Code,
    /// `Error`: something cannot be used; `Warning`: it can, but look; `Note`: assumed or repaired.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub text: Text,
    /// The file, line and column.
    pub place: Place,
    /// The layer, record kind or table.
    pub class: Option<ClassId>,
    /// The id of the item, as findings name it.
    pub item: Option<Arc<str>>,
    /// The item by number, once it has one.
    pub item_ref: Option<ItemRef>,
    /// The field, by the name that the data use.
    pub field: Option<Arc<str>>,
    /// The point where a shape fails, in the submission's CRS.
    pub point: Option<Coord>,
}
