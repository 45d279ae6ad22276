//! Codes of mistakes in a manifest.

super::codes! {}
