//! Guiju (规矩) checks land plans against the rules that bind them.
//!
//! The rooms below stand in reading order, bottom to top; each imports only rooms above it in this list.

pub mod geometry;
