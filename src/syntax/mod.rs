//! From text to a tree.
//!
//! Takes the text of one module, gives its tree and what is wrong with it. Never fails: a mistake costs the declaration that it
//! stands in, or the clause, where that can be told. Knows nothing of schemas and data.

pub mod ast;
mod parse;
pub mod words;

pub use parse::{MAX_BYTES, parse};
