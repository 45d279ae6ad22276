//! Files, and places in them.
//!
//! Takes texts and names, gives spans, lines and columns. Knows nothing of the language or of any data format.

mod files;
mod lines;
mod place;
mod span;

pub use files::{FileId, Files};
pub use lines::{Lines, Location};
pub use place::{Marks, Place};
pub use span::Span;
