//! What is written is read back: by this program's readers, and by other programs.

use std::path::Path;
use std::process::Command;

use encoding_rs::{GBK, UTF_8};
use rusqlite::Connection;

use super::*;
use crate::geometry::BoundingBox;
use crate::geometry::crs::Crs;
use crate::io::formats::{self, Format, Source};
use crate::io::workspace::Workspace;
use crate::model::{Cell, Column, ColumnKind, LayerStyle, Row};

/// A table that has one of everything: a hole, two parts, no shape, nulls, long and hostile texts, names alike.
fn parcels(epsg: u32) -> FeatureTable {
    let at = |x: f64, y: f64, size: f64| {
        let min = Coord { x: 39_500_000.0 + x, y: 3_300_000.0 + y };
        Shape::rectangle(&BoundingBox { min, max: Coord { x: min.x + size, y: min.y + size } })
    };
    let mut holed = Shape::empty(Kind::Polygon);
    holed.push_ring(at(0.125, 0.0, 100.0).view().coords().iter().copied());
    holed.push_ring(at(10.0, 10.0, 20.0).view().coords().iter().rev().copied());
    holed.end_part();
    let mut two = at(200.0, 0.0, 10.0);
    two.append(at(300.0, 0.5, 12.75).view());
    let column = |name: &str, kind| Column { name: name.to_owned(), kind };
    let text = |text: &str| Cell::Text(text.to_owned());
    FeatureTable {
        name: "parcels".to_owned(),
        title: Text::new("Parcels", "地块"),
        crs: Crs::from_epsg(epsg),
        kind: Some(Kind::Polygon),
        columns: vec![
            column("DKBH", ColumnKind::Text),
            column("地块名称", ColumnKind::Text),
            column("规划容积率上限", ColumnKind::Number),
            column("规划容积率下限", ColumnKind::Number),
            column("households", ColumnKind::Integer),
            column("kept", ColumnKind::Boolean),
        ],
        rows: vec![
            Row {
                shape: Some(holed),
                cells: vec![
                    text("0101"),
                    text("甲"),
                    Cell::Number(2.5),
                    Cell::Null,
                    Cell::Integer(-7),
                    Cell::Boolean(true),
                ],
            },
            Row {
                shape: Some(two),
                cells: vec![
                    text("x'); DROP TABLE parcels; --"),
                    text(&"长".repeat(200)),
                    Cell::Number(0.1),
                    Cell::Number(1234.0625),
                    Cell::Null,
                    Cell::Boolean(false),
                ],
            },
            Row {
                shape: None,
                cells: vec![text("=1+1,@\r\nJ1,1,2,3"), Cell::Null, Cell::Null, Cell::Null, Cell::Null, Cell::Null],
            },
        ],
        style: Some(LayerStyle { fill: Some(([230, 0, 38], 0.35)), line: [190, 0, 30], line_mm: 0.5, dash_mm: None }),
    }
}

fn made(table: &FeatureTable, format: OutFormat) -> Written {
    write(table, format, GBK).unwrap_or_else(|problem| panic!("{}", problem.en))
}

/// Puts the files of a table into a folder under the name `a`.
fn put(folder: &Path, written: &Written) {
    for (extension, bytes) in &written.files {
        std::fs::write(folder.join(format!("a.{extension}")), bytes).unwrap();
    }
}

/// Reads a file with this program's readers: each feature's values and rings, and what else is told.
fn read_back(folder: &Path, name: &str) -> (Vec<String>, Vec<Option<Shape>>, Option<String>) {
    let workspace = Workspace::open(folder).unwrap();
    let path = Path::new(name);
    let format = Format::detect(&workspace, path, None).unwrap();
    let source = Source { workspace: &workspace, path, layer: None, encoding: None, assumed: None, wanted: None };
    let (mut values, mut shapes) = (Vec::new(), Vec::new());
    let rest = formats::read(format, &source, &mut |feature| {
        let all = feature.properties.iter().map(|(name, value)| format!("{}={}", name.shown(), value.shown()));
        values.push(all.collect::<Vec<_>>().join("|"));
        let drawn = matches!(feature.geometry, formats::RawGeometry::Shape);
        shapes.push(drawn.then(|| crate::geometry::validity::check(feature.shape).shape).flatten());
    });
    (values, shapes, rest.unwrap().crs)
}

/// Returns the rings of a shape, each from its least point on, in order: what does not depend on where writers start.
fn rings(shape: &Shape) -> Vec<Vec<(f64, f64)>> {
    let ring = |ring: &[Coord]| {
        let mut points: Vec<(f64, f64)> = ring[1..].iter().map(|point| (point.x, point.y)).collect();
        let least = (0..points.len()).min_by(|a, b| points[*a].partial_cmp(&points[*b]).unwrap()).unwrap_or(0);
        points.rotate_left(least);
        points
    };
    let mut all: Vec<_> = shape.view().rings().map(ring).collect();
    all.sort_by(|a, b| a.partial_cmp(b).unwrap());
    all
}

fn assert_same_shapes(table: &FeatureTable, found: &[Option<Shape>]) {
    assert_eq!(found.len(), table.rows.len());
    for (row, shape) in table.rows.iter().zip(found) {
        assert_eq!(row.shape.as_ref().map(rings), shape.as_ref().map(rings));
    }
}

#[test]
fn geojson_reads_back_as_the_same() {
    let (folder, table) = (tempfile::tempdir().unwrap(), parcels(4527));
    put(folder.path(), &made(&table, OutFormat::GeoJson));
    let (values, shapes, crs) = read_back(folder.path(), "a.geojson");
    assert_same_shapes(&table, &shapes);
    assert_eq!(crs.as_deref().map(Crs::parse), Some(Ok(table.crs.unwrap())));
    assert_eq!(values[0], "DKBH=0101|地块名称=甲|规划容积率上限=2.5|规划容积率下限=null|households=-7|kept=true");
}

#[test]
fn a_coordinate_text_reads_back_as_the_same_and_nothing_in_it_starts_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = parcels(4527);
    let written = made(&table, OutFormat::CoordinateTxt);
    put(folder.path(), &written);
    let (text, _, wrong) = GBK.decode(&written.files[0].1);
    assert!(!wrong);
    insta::assert_snapshot!(text.replace('\r', ""));
    let notes: Vec<_> = written.notes.iter().map(|note| note.en.as_str()).collect();
    insta::assert_snapshot!(notes.join("\n"));
    let (_, shapes, crs) = read_back(folder.path(), "a.txt");
    table.rows.retain(|row| row.shape.is_some());
    assert_same_shapes(&table, &shapes);
    assert_eq!(crs.as_deref(), Some("EPSG:4527"));
}

#[test]
fn a_coordinate_text_always_has_the_zone_in_front() {
    let mut table = parcels(4548);
    for row in &mut table.rows {
        row.shape.iter_mut().for_each(|shape| shape.coords_mut().iter_mut().for_each(|coord| coord.x -= 39e6));
    }
    assert_eq!(made(&table, OutFormat::CoordinateTxt).files, made(&parcels(4527), OutFormat::CoordinateTxt).files);
    let refused = write(&parcels(4490), OutFormat::CoordinateTxt, GBK).map_err(|problem| problem.en);
    assert!(refused.is_err_and(|problem| problem.contains("zones of CGCS2000")));
}

#[test]
fn the_database_of_a_geopackage_is_whole_and_always_the_same() {
    let (folder, mut table) = (tempfile::tempdir().unwrap(), parcels(4527));
    table.columns[0].name = "FID".to_owned();
    table.columns[1].name = "地块\"名称".to_owned();
    table.columns[2].name = "fid".to_owned();
    let written = made(&table, OutFormat::GeoPackage);
    assert_eq!(written.files, made(&table, OutFormat::GeoPackage).files);
    put(folder.path(), &written);
    let database = Connection::open(folder.path().join("a.gpkg")).unwrap();
    let one = |sql: &str| database.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(one("PRAGMA integrity_check"), "ok");
    assert_eq!(one("SELECT printf('%x', application_id) FROM pragma_application_id"), "47504b47");
    assert_eq!(
        one("SELECT group_concat(name, ' ') FROM pragma_table_info('parcels')"),
        "fid_3 geom FID 地块\"名称 fid_2 规划容积率下限 households kept"
    );
    assert_eq!(one("SELECT \"FID\" FROM parcels WHERE fid_3 = 2"), "x'); DROP TABLE parcels; --");
    assert_eq!(
        one("SELECT srs_id || ' ' || min_x || ' ' || max_y FROM gpkg_contents WHERE data_type = 'features'"),
        "4527 39500000.125 3300100.0"
    );
    assert_eq!(one("SELECT f_table_name || f_geometry_column || useAsDefault FROM layer_styles"), "parcelsgeom1");
    let definition = one("SELECT definition FROM gpkg_spatial_ref_sys WHERE srs_id = 4527");
    assert_eq!(Crs::from_wkt(&definition), Ok(table.crs.unwrap()));
    insta::assert_snapshot!(one("SELECT styleQML FROM layer_styles"));
}

/// Returns what GDAL says of a file; `None` where it is not installed.
fn ogrinfo(path: &Path) -> Option<String> {
    let out = Command::new("ogrinfo").args(["-ro", "-al"]).arg(path).output().ok()?;
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{said}\n{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(String::from_utf8_lossy(&out.stderr).trim(), "");
    Some(said)
}

#[test]
fn gdal_opens_what_is_written_without_a_word() {
    let (folder, table) = (tempfile::tempdir().unwrap(), parcels(4527));
    let shapefile = made(&table, OutFormat::Shapefile);
    put(folder.path(), &shapefile);
    put(folder.path(), &made(&table, OutFormat::GeoPackage));
    put(folder.path(), &made(&table, OutFormat::GeoJson));
    let notes: Vec<_> = shapefile.notes.iter().map(|note| note.en.as_str()).collect();
    insta::assert_snapshot!(notes.join("\n"));
    for (name, field) in
        [("a.shp", "规划容积率 (Real)"), ("a.gpkg", "规划容积率上限 (Real)"), ("a.geojson", "规划容积率上限 (Real)")]
    {
        let Some(said) = ogrinfo(&folder.path().join(name)) else { return };
        for wanted in ["Feature Count: 3", "CGCS2000", "甲"] {
            assert!(said.contains(wanted), "{name}: no {wanted} in {said}");
        }
        assert!(said.contains(field.split(' ').next().unwrap_or_default()), "{name}: no {field} in {said}");
    }
}

#[test]
fn shapefiles_hold_what_fits_and_pack_the_same_every_time() {
    let table = parcels(4527);
    let packed = || shapefiles_zip(std::slice::from_ref(&table), UTF_8).unwrap_or_default().files;
    assert_eq!(packed(), packed());
    let written = made(&table, OutFormat::Shapefile);
    let names: Vec<_> = written.files.iter().map(|(extension, _)| *extension).collect();
    assert_eq!(names, ["shp", "shx", "dbf", "prj", "cpg"]);
    let cells = &written.files[2].1;
    let head = GBK.decode(&cells[32..32 * 7]).0.into_owned();
    assert!(head.contains("规划容积率\0") && head.contains("规划容积_2\0"), "{head:?}");
    // The first ring of a shell runs clockwise: up first from the lower left corner.
    let shapes = &written.files[0].1;
    let number = |at: usize| f64::from_le_bytes(shapes[at..at + 8].try_into().unwrap_or_default());
    let points = 100 + 8 + 44 + 4 * 2;
    assert_eq!(
        [number(points), number(points + 8), number(points + 16), number(points + 24)],
        [39_500_000.125, 3_300_000.0, 39_500_000.125, 3_300_100.0]
    );
}

#[test]
fn csv_is_harmless_in_a_spreadsheet_and_says_what_its_encoding_has_not() {
    let mut table = parcels(4527);
    table.rows[0].cells[1] = Cell::Text("甲👍".to_owned());
    let written = made(&table, OutFormat::Csv);
    let text = GBK.decode(&written.files[0].1).0.into_owned();
    assert!(text.contains("\"'=1+1,@\r\nJ1,1,2,3\""), "{text}");
    assert!(text.contains(",甲?,") && text.contains(",-7,") && text.contains("\"POLYGON"), "{text}");
    assert_eq!(written.notes.len(), 2);
}
