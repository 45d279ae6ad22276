//! Codes of mistakes in rules, code lists and packs.

super::codes! {}
