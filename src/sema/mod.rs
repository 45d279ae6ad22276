//! From trees to a checked program.
//!
//! Takes the modules of all packs and their code lists and tables, gives a [`program::Program`] and what is wrong with the texts.
//! Knows nothing of data and disk. What is diagnosed is left out of the program, so that the rest can still be checked.

pub mod functions;
pub mod program;
