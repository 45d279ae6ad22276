//! From tables of features to the bytes of files: one file a format.
//!
//! Takes [`FeatureTable`]s and gives bytes, the same for the same table; knows nothing of where they go. What a format cannot hold is
//! said ([`Written::notes`]), never dropped in silence.

mod coordinate_txt;
mod csv;
mod dbf;
mod geojson;
mod geopackage;
mod shapefile;
mod style;
#[cfg(test)]
mod tests;
mod wkb;

use std::io::{Cursor, Write};

use encoding_rs::{Encoding, GBK};
use zip::write::SimpleFileOptions;

use super::decode::find_encoding;
use crate::diagnostic::Text;
use crate::geometry::{Coord, Kind, Shape};
use crate::model::FeatureTable;
use crate::text;

pub use geopackage::geopackage;

/// The formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutFormat {
    /// GeoJSON (RFC 7946; with a `crs` member where coordinates are not longitude and latitude).
    GeoJson,
    /// OGC GeoPackage.
    GeoPackage,
    /// Esri's Shapefile, its files side by side.
    Shapefile,
    /// The same in a ZIP archive.
    ShapefileZip,
    /// The coordinate text of land approval.
    CoordinateTxt,
    /// CSV, shapes as well-known text.
    Csv,
}

impl OutFormat {
    /// The extensions and what they stand for.
    pub const EXTENSIONS: &[(&str, OutFormat)] = &[
        ("geojson", OutFormat::GeoJson),
        ("json", OutFormat::GeoJson),
        ("gpkg", OutFormat::GeoPackage),
        ("shp", OutFormat::Shapefile),
        ("zip", OutFormat::ShapefileZip),
        ("txt", OutFormat::CoordinateTxt),
        ("csv", OutFormat::Csv),
    ];

    /// Returns the format of an extension.
    pub fn of_extension(extension: &str) -> Option<Self> {
        let known = OutFormat::EXTENSIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(extension));
        known.map(|(_, format)| *format)
    }

    /// Tells whether the format leaves the encoding of its texts open.
    pub fn takes_encoding(self) -> bool {
        match self {
            OutFormat::GeoJson | OutFormat::GeoPackage => false,
            OutFormat::Shapefile | OutFormat::ShapefileZip | OutFormat::CoordinateTxt | OutFormat::Csv => true,
        }
    }
}

/// What was made of a table.
#[derive(Debug, Default)]
pub struct Written {
    /// The files by extension, the first the one that was asked for.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// What the format could not hold.
    pub notes: Vec<Text>,
}

impl Written {
    fn one(extension: &'static str, bytes: Vec<u8>) -> Self {
        Written { files: vec![(extension, bytes)], notes: Vec::new() }
    }
}

/// The encoding of texts in formats that leave it open, by the name that people give it; GBK where they give none.
///
/// # Errors
/// For a name that is none, or one whose texts cannot be written.
pub fn text_encoding(name: Option<&str>) -> Result<&'static Encoding, Text> {
    let Some(name) = name else { return Ok(GBK) };
    let known = find_encoding(name).filter(|found| found.output_encoding() == *found);
    known.ok_or_else(|| {
        text!(
            en: "there is no encoding `{name}` to write in; GBK, GB18030, UTF-8 and Big5 are some that there are",
            zh: "没有可用于写出的编码“{name}”；可用 GBK、GB18030、UTF-8、Big5 等"
        )
    })
}

/// Writes one table in a format; `encoding` is for the formats that leave it open.
///
/// # Errors
/// Where the format cannot hold the table.
pub fn write(table: &FeatureTable, format: OutFormat, encoding: &'static Encoding) -> Result<Written, Text> {
    match format {
        OutFormat::GeoJson => Ok(Written::one("geojson", geojson::geojson(table))),
        OutFormat::GeoPackage => geopackage(std::slice::from_ref(table)).map(|bytes| Written::one("gpkg", bytes)),
        OutFormat::Shapefile => shapefile::shapefile(table, encoding),
        OutFormat::ShapefileZip => shapefiles_zip(std::slice::from_ref(table), encoding),
        OutFormat::CoordinateTxt => coordinate_txt::coordinate_txt(table, encoding),
        OutFormat::Csv => csv::csv(table, encoding),
    }
}

/// Writes tables as Shapefiles in one ZIP archive.
///
/// # Errors
/// Where a Shapefile cannot hold a table.
pub fn shapefiles_zip(tables: &[FeatureTable], encoding: &'static Encoding) -> Result<Written, Text> {
    let failed = |error: &dyn std::fmt::Display| text!(en: "cannot pack the archive: {error}", zh: "无法打包：{error}");
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // The writer's own default would be the time of day.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let (mut notes, mut taken) = (Vec::new(), Vec::new());
    for table in tables {
        let name = unique(&file_name(&table.name), &mut taken, |name, tail| format!("{name}{tail}"));
        let written = shapefile::shapefile(table, encoding)?;
        for (extension, bytes) in written.files {
            archive.start_file(format!("{name}.{extension}"), options).map_err(|error| failed(&error))?;
            archive.write_all(&bytes).map_err(|error| failed(&error))?;
        }
        notes.extend(written.notes);
    }
    let bytes = archive.finish().map_err(|error| failed(&error))?.into_inner();
    Ok(Written { files: vec![("zip", bytes)], notes })
}

/// Returns a name that is one of a file wherever it is unpacked: what parts folders or starts a hidden file becomes `_`.
fn file_name(name: &str) -> String {
    let kept = |one: char| if one.is_control() || "/\\:*?\"<>|".contains(one) { '_' } else { one };
    let name: String = name.trim().chars().map(kept).collect();
    match name.trim_start_matches('.') {
        "" => "layer".to_owned(),
        bare if bare.len() < name.len() => format!("_{bare}"),
        _ => name,
    }
}

/// Returns the rings of each part with shells clockwise and holes counter-clockwise, as ESRI and surveyors want them; lines as they are.
fn clockwise(shape: &Shape) -> Vec<Vec<Vec<Coord>>> {
    let ring = |ring: &[Coord]| match shape.kind() {
        Kind::Polygon => ring.iter().rev().copied().collect(),
        Kind::Point | Kind::Line => ring.to_vec(),
    };
    shape.view().parts().map(|part| part.rings().map(ring).collect()).collect()
}

/// Makes a name unlike those taken, whatever their case, and takes it; `fit` cuts a name to what there is room for beside a tail.
fn unique(name: &str, taken: &mut Vec<String>, fit: impl Fn(&str, &str) -> String) -> String {
    let is_taken = |name: &String, taken: &[String]| taken.iter().any(|one| one.to_lowercase() == name.to_lowercase());
    let mut found = fit(name, "");
    let mut number = 1;
    while is_taken(&found, taken) {
        number += 1;
        found = fit(name, &format!("_{number}"));
    }
    taken.push(found.clone());
    found
}
