//! What rules speak about: types, the schema of a submission, its values, and the data themselves.
//!
//! Plain data that `sema` fills with a schema, `io` with features, and `engine` reads. Knows nothing of file formats and of rules.

mod cells;
mod codes;
mod data;
mod feature_table;
mod ids;
mod inspection;
mod issue;
mod link;
mod places;
mod quantity;
mod schema;
mod texts;
mod types;
mod value;

/// What shapes are made of, which types speak of.
pub use crate::geometry::Kind;
pub use codes::{CodeEntry, CodeList, CodeRef, CodesId, region_covers};
pub use data::{Dataset, GeometryState, Items, References};
pub use feature_table::{Cell, Column, ColumnKind, FeatureTable, LayerStyle, Row};
pub use inspection::{AreaView, ClassMatch, CoverageView, FieldView, Inspection, StatedArea, ValueKind};
pub use issue::Issue;
pub use link::{Unlinked, link};
pub use quantity::{MU_M2, Unit};
pub use schema::{Class, ClassId, ClassKind, EnumId, Enumeration, Field, FieldId, Limit, Names, SUBMISSION, Schema};
pub use types::{Dimension, Type};
pub use value::{Duration, ItemRef, Truth, Value};
