//! Codes of faults of data.

super::codes! {}
