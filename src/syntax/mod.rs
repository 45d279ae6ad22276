//! From text to a tree.
//!
//! Takes the text of one module, gives its tree and what is wrong with it. Never fails: a mistake costs the declaration that it
//! stands in. Knows nothing of schemas and data.

pub mod ast;
