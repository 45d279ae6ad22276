//! The bounds on untrusted input; an error that meets one names it.

/// Deepest nesting of lists and maps in JSON and YAML.
pub const NESTING_DEPTH: usize = 64;
/// Most nodes of one YAML text, aliases expanded.
pub const YAML_NODES: usize = 2_000_000;
/// Longest text of one value, in bytes.
pub const STRING_BYTES: usize = 1 << 20;
/// Most features of one layer.
pub const FEATURES: usize = 50_000_000;
/// Most properties of one feature.
pub const PROPERTIES: usize = 4_096;
/// Most vertices of one ring, line or list of points.
pub const RING_VERTICES: usize = 20_000_000;
/// Largest manifest, record file, pack text or code list, in bytes.
pub const TEXT_BYTES: u64 = 256 << 20;
/// Most files that one glob may match.
pub const GLOB_FILES: usize = 100_000;
/// Notes of one code at one field of one class that are told one by one; further ones are counted.
pub const NOTES_OF_A_KIND: u32 = 10;
/// Issues of one code at one field of one class that are told one by one; further ones are counted.
pub const ISSUES_OF_A_KIND: u32 = 1_000;
/// Most cells of one spreadsheet that hold anything.
pub const CELLS: usize = 4_000_000;
