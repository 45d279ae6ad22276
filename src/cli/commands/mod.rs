//! One command a file.

pub(super) mod check;
pub(super) mod explain;
pub(super) mod plan;
pub(super) mod rules;
pub(super) mod test;
