//! From results to what people and machines read.
//!
//! [`assemble()`] builds the one [`Report`] from a program, its data and what the engine found; every renderer draws that and nothing
//! else. Diagnostics and pages of rules are drawn here too. Gives text and bytes; knows nothing of disk and of the command line.

#[cfg(test)]
mod tests;

mod amount;
mod assemble;
pub mod boundary;
mod change;
pub mod ci;
mod diff_page;
pub mod docx;
mod draft;
pub mod escape;
pub mod gis;
pub mod github;
pub mod gitlab;
pub mod html;
mod inspect;
pub mod json;
pub mod junit;
pub mod layer;
mod layout;
pub mod markdown;
mod mentions;
mod missing;
pub mod needed;
pub mod number;
mod owners;
mod pages;
pub mod palette;
pub mod picture;
mod place;
mod result;
pub mod review;
mod rule_page;
pub mod sarif;
pub mod scene;
mod table;
pub mod terminal;
mod timings;
mod trace;
pub mod words;
pub mod xlsx;

pub use assemble::{Attributes, Context, assemble};
pub use diff_page::diff_page;
pub use draft::{Draft, DraftEntry, lacking, manifest};
pub use inspect::{inspection_page, inspections_json};
pub use pages::{TestLine, code_page, plan_page, test_page};
pub use place::issue_line;
pub use result::*;
pub use rule_page::{Filter, PageOptions, rule_list, rule_page, unknown_name};
pub use timings::{ReadTiming, Spent, Stage, timings_page};
