//! The one test binary: a module for each question.

mod layering;
