//! From results to what people and machines read.
//!
//! [`assemble`] builds the one [`Report`] from a program, its data and what the engine found; every renderer draws that and nothing
//! else. Diagnostics and pages of rules are drawn here too. Gives text and bytes; knows nothing of disk and of the command line.

mod amount;
mod assemble;
pub mod escape;
pub mod json;
mod missing;
pub mod number;
mod owners;
mod result;

pub use assemble::{Context, assemble};
pub use result::*;
