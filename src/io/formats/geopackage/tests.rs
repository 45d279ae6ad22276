//! GeoPackages made here: what they state of themselves, and what they must not be able to do.

use std::path::Path;

use rusqlite::{Connection, params};

use super::*;
use crate::io::workspace::Workspace;

/// Makes a GeoPackage with the tables that every one has, and runs more SQL in it.
fn made(folder: &Path, sql: &str) {
    let connection = Connection::open(folder.join("a.gpkg")).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
               organization_coordsys_id INTEGER, definition TEXT);
             CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('a', 4527, 'EPSG', 4527, 'undefined'), ('b', 100001, 'NONE', 1,
               'PROJCS[\"CGCS2000_3_Degree_GK_Zone_39\"]');
             CREATE TABLE \"地 块\"\"\" (fid INTEGER PRIMARY KEY, geom BLOB, \"名称\" TEXT, area REAL, granted BOOLEAN);
             INSERT INTO gpkg_contents VALUES ('地 块\"', 'features', 4527);
             INSERT INTO gpkg_geometry_columns VALUES ('地 块\"', 'geom', 'POLYGON', 4527);",
        )
        .unwrap();
    let mut insert = connection.prepare("INSERT INTO \"地 块\"\"\" VALUES (NULL, ?1, ?2, ?3, ?4)").unwrap();
    for (geometry, name, area) in
        [(point(1, 0), "甲", Some(1.5)), (point(3, 32), "乙", None), (point(1 | 0x10, 0), "丙", Some(7.0))]
    {
        insert.execute(params![geometry, name, area, area.is_some()]).unwrap();
    }
    connection.execute_batch(sql).unwrap();
}

/// A point behind a head with these flags and so many bytes of a box.
fn point(flags: u8, envelope: usize) -> Vec<u8> {
    let mut bytes = vec![b'G', b'P', 0, flags, 0, 0, 0, 0];
    bytes.resize(8 + envelope, 9);
    bytes.extend([1, 1, 0, 0, 0]);
    [39_500_000.0f64, 3_300_000.0].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    bytes
}

/// Makes a GeoPackage of one surface whose ring is a circle.
pub(in crate::io) fn arcs() -> Vec<u8> {
    #![expect(clippy::disallowed_methods, reason = "tests read what they made")]
    let folder = tempfile::tempdir().unwrap();
    let mut shape = vec![b'G', b'P', 0, 1, 0, 0, 0, 0, 1, 10, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 3, 0, 0, 0];
    for (x, y) in [(0.0, 0.0), (100.0, 0.0), (0.0, 0.0)] {
        shape.extend(f64::to_le_bytes(39_500_000.0 + x));
        shape.extend(f64::to_le_bytes(3_300_000.0 + y));
    }
    let shape: String = shape.iter().map(|byte| format!("{byte:02x}")).collect();
    made(folder.path(), &format!("DELETE FROM \"地 块\"\"\"; INSERT INTO \"地 块\"\"\" (geom) VALUES (x'{shape}')"));
    std::fs::read(folder.path().join("a.gpkg")).unwrap()
}

fn told(folder: &Path, layer: Option<&str>) -> Result<(Vec<String>, Rest), String> {
    let workspace = Workspace::open(folder).unwrap();
    let source =
        Source { workspace: &workspace, path: Path::new("a.gpkg"), layer, encoding: None, assumed: None, wanted: None };
    let mut found = Vec::new();
    let rest = read(&source, &mut |feature| {
        let values: Vec<String> =
            feature.properties.iter().map(|(name, value)| format!("{}={}", name.shown(), value.shown())).collect();
        let geometry = match feature.geometry {
            RawGeometry::Shape => format!("{:?}", feature.shape.kind()),
            RawGeometry::Bad(text, _) => text.en,
            RawGeometry::None | RawGeometry::Collection(_) => "none".to_owned(),
        };
        found.push(format!("{} {} {geometry}", feature.location.line, values.join(" ")));
    });
    match rest {
        Ok(rest) => Ok((found, rest)),
        Err(Cause::Broken(text)) => Err(text.en),
        Err(other) => Err(other.to_string()),
    }
}

fn with(sql: &str, layer: Option<&str>) -> Result<(Vec<String>, Rest), String> {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path(), sql);
    let found = told(folder.path(), layer);
    // Nothing is written beside the file.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    found
}

#[test]
fn the_only_layer_is_read_without_being_named() {
    let (features, rest) = with("", None).unwrap();
    assert_eq!(
        features,
        [
            "1 fid=1 名称=甲 area=1.5 granted=true Point",
            "2 fid=2 名称=乙 area=null granted=false Point",
            "3 fid=3 名称=丙 area=7 granted=true none"
        ]
    );
    assert_eq!((rest.crs.as_deref(), rest.remarks.len(), rest.lossy), (Some("EPSG:4527"), 0, false));
}

#[test]
fn several_layers_are_told_apart_by_name_and_views_are_layers() {
    let view = "CREATE VIEW v AS SELECT fid AS id, geom AS g FROM \"地 块\"\"\" WHERE area > 2;
                INSERT INTO gpkg_geometry_columns VALUES ('v', 'g', 'POINT', 100001);";
    assert_eq!(
        with(view, None).unwrap_err(),
        "it holds 2 layers (`地 块\"`, `v`); name the one that is meant, as in `a.gpkg#地 块\"`"
    );
    let (features, rest) = with(view, Some("V")).unwrap();
    assert_eq!(
        (features, rest.crs.as_deref()),
        (vec!["1 id=3 none".to_owned()], Some("PROJCS[\"CGCS2000_3_Degree_GK_Zone_39\"]"))
    );
    assert!(with(view, Some("w")).unwrap_err().starts_with("there is no single layer `w` in it"));
}

#[test]
fn systems_that_contradict_or_say_nothing_are_told() {
    let crs = |sql: &str| with(sql, None).map(|(_, rest)| (rest.crs, rest.remarks.len())).unwrap();
    for unknown in ["0", "-1"] {
        let sql =
            format!("UPDATE gpkg_geometry_columns SET srs_id = {unknown}; UPDATE gpkg_contents SET srs_id = {unknown}");
        assert_eq!(crs(&sql), (None, 0));
    }
    assert_eq!(crs("UPDATE gpkg_contents SET srs_id = 4490"), (Some("EPSG:4527".into()), 1));
    assert_eq!(crs("DELETE FROM gpkg_spatial_ref_sys"), (Some("EPSG:4527".into()), 0));
    assert_eq!(crs("DROP TABLE gpkg_contents"), (Some("EPSG:4527".into()), 0));
    assert_eq!(
        with("DROP TABLE gpkg_geometry_columns", None).unwrap_err(),
        "it is an SQLite database and no GeoPackage: it lists no layers"
    );
    assert_eq!(
        with("UPDATE gpkg_geometry_columns SET column_name = 'x'", None).unwrap_err(),
        "its layer has no column `x`, where its shapes should stand"
    );
}

#[test]
fn a_view_cannot_do_harm() {
    let view = |select: &str| {
        format!("CREATE VIEW v AS {select}; INSERT INTO gpkg_geometry_columns VALUES ('v', 'g', 'POINT', 4527);")
    };
    let refused = |select: &str| with(&view(select), Some("v")).unwrap_err();
    assert!(
        refused("SELECT load_extension('x') AS g").contains("the database says"),
        "{}",
        refused("SELECT load_extension('x') AS g")
    );
    assert!(
        refused("WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n) SELECT g FROM n")
            .contains("the database says")
    );
    assert!(refused("SELECT zeroblob(100000000) AS g").contains("the database says"));
    // A join without end that gives no row.
    let many = (0..9)
        .map(|at| format!("\"地 块\"\"\" AS t{at}, gpkg_spatial_ref_sys AS s{at}, gpkg_geometry_columns AS c{at}"))
        .collect::<Vec<_>>();
    let endless = format!("SELECT t0.geom AS g FROM {} WHERE t0.fid + t8.fid + t4.fid > 99", many.join(", "));
    assert_eq!(refused(&endless), "a view in it does not come to an end");
    // One that gives rows without end is cut where they come to far more than the file.
    let repeated = format!("SELECT t0.geom AS g, hex(zeroblob(1)) AS x FROM {}", many.join(", "));
    assert!(refused(&repeated).contains("the database says"));
    let repeated = format!("SELECT t0.geom AS g, printf('%.*c', 1000000, 'x') AS x FROM {}", many.join(", "));
    let (features, rest) = with(&view(&repeated), Some("v")).unwrap();
    assert!(rest.lossy && features.len() < 100, "{}", features.len());
}

#[test]
fn what_is_no_shape_harms_its_row_only_and_a_journal_is_told() {
    let sql =
        "UPDATE \"地 块\"\"\" SET geom = x'00' WHERE fid = 1; UPDATE \"地 块\"\"\" SET geom = 'text' WHERE fid = 2;
               UPDATE \"地 块\"\"\" SET geom = x'4750000b00000000' WHERE fid = 3;";
    let ends: Vec<String> =
        with(sql, None).unwrap().0.iter().map(|one| one.split("granted=").nth(1).unwrap().to_owned()).collect();
    assert_eq!(
        ends,
        ["true the shape breaks off", "false what should be a shape is none", "true the head of the shape is damaged"]
    );
    let folder = tempfile::tempdir().unwrap();
    made(folder.path(), "");
    std::fs::write(folder.path().join("a.gpkg-wal"), b"x").unwrap();
    assert!(told(folder.path(), None).unwrap().1.lossy);
    std::fs::write(folder.path().join("a.gpkg"), b"SQLite format 3\0 and no more").unwrap();
    assert!(told(folder.path(), None).unwrap_err().contains("the database says"));
}
