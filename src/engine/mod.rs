//! From a checked program and its layers to findings.
//!
//! `plan` settles once which layers meet and by which index; `join` proposes pairs, `eval` decides them.
//! Knows nothing of text, disk, waivers and of how anything is shown, and never fails: what cannot be decided is a finding that says so.

pub mod finding;
