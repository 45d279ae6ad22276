//! From paths to texts, layers, records and issues.
//!
//! Takes the folder of a submission and a schema, gives typed data that know their place, and what is wrong with them. A
//! submission is untrusted: nothing outside its folder is read, everything is bounded ([`limits`]), and broken data are
//! issues, never a crash. Knows nothing of rules.
//!
//! The way of a check: [`Workspace::open`], [`parse_manifest`], [`find_pack`] for each of its packs; once the rules have given
//! a schema, [`read_submission`], [`read_records`], [`read_rows`], [`read_layers`], and [`link`] at the end.

mod attributes;
mod bounded;
mod bounds;
mod convert;
mod csv;
mod decode;
mod error;
mod excerpt;
mod feature_table;
mod features;
mod fields;
mod filter;
mod form;
mod formats;
mod hashed;
mod ids;
mod inspect;
mod issues;
mod layer;
pub mod limits;
mod link;
mod manifest;
mod node;
mod pack;
mod position;
mod quantities;
mod records;
mod rows;
mod settling;
mod shapes;
mod sheet;
mod stream;
mod systems;
#[cfg(test)]
mod tests;
mod waivers;
mod workspace;
pub mod write;
mod yaml;

pub use attributes::{Spot, read_attributes};
pub use csv::{Cell, CsvTable, parse_csv};
pub use decode::{Decoded, decode};
pub use error::{Cause, ReadError};
pub use excerpt::{Excerpt, excerpt};
pub use feature_table::{FeatureTableOptions, FeatureTableRead, by_kind, layers, read_feature_table};
pub use filter::{Filter, parse_filter};
pub use form::Spanned;
pub use inspect::{FolderView, LayerGuess, RecordGuess, inspect, survey_folder};
pub use layer::{InputInfo, LayerRead, ReadCost, read_layers};
pub use link::link;
pub use manifest::{
    AreaMode, LayerSpec, Manifest, OutputSpec, RecordSource, RecordSpec, check_names, parse_manifest, split_layer,
};
pub use node::{Data, Node};
pub use pack::{Pack, PackModule, embedded, embedded_names, find_pack, read_pack};
pub use quantities::{Amount, parse_amount, parse_date, parse_duration, unit_named};
pub use records::{RecordsRead, read_records, read_rows, read_submission, read_table};
pub use shapes::ANYWHERE;
pub use systems::crs_error;
pub use waivers::{Waiver, WaiversFile, WaiversRead, read_waivers};
pub use workspace::{Bytes, TextFile, Workspace, read_named, sha256_hex};
pub use yaml::{YamlError, parse_yaml};
