//! Guiju (规矩) checks land plans against the rules that bind them.
//!
//! The rooms below stand in reading order, bottom to top; each imports only rooms above it in this list.

pub mod source;

pub mod geometry;

pub mod diagnostic;

pub mod model;

pub mod syntax;

pub mod sema;

pub mod engine;

pub mod io;

pub mod checker;

pub mod report;

pub mod cli;
