//! What a data file holds, before rules say what it should: plain data that `io` fills and `report` draws.

use std::sync::Arc;

use super::{ClassId, CodesId, FieldId, Issue};
use crate::geometry::{BoundingBox, Coord, Kind};

/// One layer of a file as it was found.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// The path as it was given.
    pub path: String,
    /// The layer inside the file, if it was named.
    pub layer: Option<String>,
    /// The format by its short name.
    pub format: &'static str,
    /// The encoding of its texts; empty where the format settles it.
    pub encoding: &'static str,
    /// Its features.
    pub features: u64,
    /// Features without coordinates.
    pub empty: u64,
    /// How many features are of each kind, and their vertices.
    pub kinds: Vec<(Kind, u64, u64)>,
    /// What it states as its coordinate system.
    pub stated_crs: Option<String>,
    /// The coordinate system it was read in, as an EPSG code and by name.
    pub crs: Option<(u32, String)>,
    /// The box of its coordinates as they stand.
    pub bounds: Option<BoundingBox>,
    /// Its fields, in the order in which they first show.
    pub fields: Vec<FieldView>,
    /// The layers of the rule packs that it may be, the likeliest first.
    pub matches: Vec<ClassMatch>,
    /// Areas, of a layer of polygons.
    pub areas: Option<AreaView>,
    /// How its features lie to each other, of a layer of polygons that is not too large to be looked at.
    pub coverage: Option<CoverageView>,
    /// Features whose shape cannot be used.
    pub unusable: u64,
    /// What is wrong with it.
    pub issues: Vec<Issue>,
}

/// What a field's values look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// No value at all.
    Nothing,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Days.
    Date,
    /// Anything else.
    Text,
}

/// One field of a file.
#[derive(Debug, Clone)]
pub struct FieldView {
    /// Its name in the file.
    pub name: String,
    /// What its values look like.
    pub kind: ValueKind,
    /// Features that have a value.
    pub filled: u64,
    /// How many different values, up to [`FieldView::DISTINCT`].
    pub distinct: usize,
    /// Some of its values, the first to show.
    pub samples: Vec<String>,
    /// The code list that its values are of, and how many of them are not in it, with the first of these.
    pub codes: Option<(CodesId, usize, Vec<String>)>,
}

impl FieldView {
    /// How many different values are remembered.
    pub const DISTINCT: usize = 1_000;
}

/// A layer of the rule packs that a file may be.
#[derive(Debug, Clone)]
pub struct ClassMatch {
    /// The layer.
    pub class: ClassId,
    /// Whether the file is called as the layer is.
    pub by_name: bool,
    /// The layer's fields that the file has, with their names in the file.
    pub found: Vec<(FieldId, String)>,
    /// The required ones that it lacks.
    pub lacking: Vec<FieldId>,
}

/// Declared against drawn areas.
#[derive(Debug, Clone)]
pub struct AreaView {
    /// The sum of the drawn areas on the ellipsoid, in m².
    pub drawn_m2: f64,
    /// The sum of the drawn areas in the plane, in m².
    pub plane_m2: f64,
    /// The field that states areas, the unit that it fits, and its sum in m².
    pub stated: Option<StatedArea>,
}

/// A field that states areas.
#[derive(Debug, Clone)]
pub struct StatedArea {
    /// Its name in the file.
    pub field: String,
    /// The unit that most values fit.
    pub unit: &'static str,
    /// The sum in m².
    pub sum_m2: f64,
    /// Features whose stated area is off by more than one percent.
    pub off: u64,
    /// The worst of them: id and share by which it is off.
    pub worst: Option<(Arc<str>, f64)>,
}

/// How the features of a layer lie to each other. Areas of a square decimetre and less are let pass.
#[derive(Debug, Clone, Default)]
pub struct CoverageView {
    /// Pairs that share ground.
    pub overlaps: u64,
    /// The sum of what they share, in m².
    pub overlap_m2: f64,
    /// The pairs that share most: ids and m².
    pub worst_overlaps: Vec<(Arc<str>, Arc<str>, f64)>,
    /// Holes between features: ground that they enclose together and none holds.
    pub gaps: u64,
    /// Their area in m².
    pub gap_m2: f64,
    /// The narrowest of them: a point inside and m².
    pub smallest_gaps: Vec<(Coord, f64)>,
}
