//! Does a layer stay what it is, through every format and encoding that is written?

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use guiju::io::write::OutFormat;
use serde_json::{Map, Value, json};

fn fixtures(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).to_string_lossy().into_owned()
}

/// Runs the program in a folder; gives its status and both streams.
fn guiju(folder: &Path, words: &[&str]) -> (i32, String, String) {
    let run = Command::cargo_bin("guiju").unwrap().args(words).env("LC_ALL", "C").current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
}

/// Runs `convert` in a folder, which must succeed; gives what was said.
fn convert(folder: &Path, words: &[&str]) -> String {
    let words: Vec<&str> = std::iter::once("convert").chain(words.iter().copied()).collect();
    let (status, out, said) = guiju(folder, &words);
    assert_eq!(status, 0, "{words:?}: {said}");
    format!("{out}{said}")
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A layer of one kind: names of ten bytes and less in every encoding, letters that every encoding has, whole millimetres.
fn layer(kind: &str) -> Value {
    let (x, y) = (39_400_000.125, 3_290_000.5);
    let square =
        |x: f64, y: f64, size: f64| json!([[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]);
    let hole = json!([
        [x + 10.0, y + 10.0],
        [x + 10.0, y + 20.0],
        [x + 20.0, y + 20.0],
        [x + 20.0, y + 10.0],
        [x + 10.0, y + 10.0]
    ]);
    let line = |at: f64| json!([[x + at, y], [x + at + 50.0, y + 7.003], [x + at + 90.0, y + 1.0]]);
    let shapes = match kind {
        "polygon" => [
            json!({"type": "Polygon", "coordinates": [square(x, y, 100.0), hole]}),
            json!({"type": "MultiPolygon", "coordinates": [[square(x + 200.0, y, 10.0)], [square(x + 300.0, y, 10.001)]]}),
        ],
        "line" => [
            json!({"type": "LineString", "coordinates": line(0.0)}),
            json!({"type": "MultiLineString", "coordinates": [line(200.0), line(400.0)]}),
        ],
        _ => [json!({"type": "Point", "coordinates": [x, y]}), json!({"type": "Point", "coordinates": [x + 1.0, y]})],
    };
    let rows = [
        json!({"DKBH": "0101", "DKMC": "湖山公園", "MJ": 9900.25, "HS": -7, "留用": true, "BZ": "第一, 「行」"}),
        json!({"DKBH": "18", "DKMC": "土山", "MJ": null, "HS": 1200, "留用": false, "BZ": null}),
    ];
    let features = rows
        .iter()
        .zip(&shapes)
        .map(|(properties, geometry)| json!({"type": "Feature", "properties": properties, "geometry": geometry}));
    json!({
        "type": "FeatureCollection", "name": "a",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}},
        "features": features.collect::<Vec<_>>(),
    })
}

/// What a format keeps of the properties of a layer, as it reads back.
fn kept(format: OutFormat, properties: &Map<String, Value>) -> Map<String, Value> {
    let renamed = |name: &str| match name {
        "DKBH" => Some("地块编号"),
        "DKMC" => Some("地块名称"),
        _ => None,
    };
    let text = |value: &Value| match value {
        Value::String(_) | Value::Null => value.clone(),
        value => Value::from(value.to_string()),
    };
    let entries = properties.iter();
    match format {
        OutFormat::CoordinateTxt => {
            entries.filter_map(|(name, value)| Some((renamed(name)?.to_owned(), text(value)))).collect()
        }
        OutFormat::Csv => entries.map(|(name, value)| (name.clone(), text(value))).collect(),
        OutFormat::GeoJson | OutFormat::GeoPackage | OutFormat::Shapefile | OutFormat::ShapefileZip => {
            properties.clone()
        }
    }
}

#[test]
fn one_layer_reads_back_the_same_from_every_format_and_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for kind in ["polygon", "line", "point"] {
        let original = layer(kind);
        fs::write(at.join("a.geojson"), original.to_string()).unwrap();
        for (extension, format) in OutFormat::EXTENSIONS {
            let encodings = if format.takes_encoding() { &["GBK", "GB18030", "UTF-8", "Big5"][..] } else { &[""] };
            for encoding in encodings {
                let what = format!("{kind} as {extension} in {encoding}");
                let name = format!("b.{extension}");
                let mut there = vec!["a.geojson", "-o", &name, "--force"];
                let mut back = vec![&*name, "-o", "c.geojson", "--force"];
                if format.takes_encoding() {
                    there.extend(["--to-encoding", encoding]);
                }
                if (*format, *encoding) == (OutFormat::CoordinateTxt, "Big5") {
                    // Its headings are simplified letters.
                    let words: Vec<&str> = std::iter::once("convert").chain(there).collect();
                    let (status, _, said) = guiju(at, &words);
                    assert!(status == 2 && said.contains("headings"), "{said}");
                    continue;
                }
                if matches!(format, OutFormat::CoordinateTxt | OutFormat::Csv) {
                    back.extend(["--encoding", encoding]);
                }
                if matches!(format, OutFormat::Csv) {
                    back.extend(["--crs", "EPSG:4527"]);
                }
                convert(at, &there);
                convert(at, &back);
                let read = read_json(&at.join("c.geojson"));
                assert_eq!(read["crs"], original["crs"], "{what}");
                let (found, wanted) = (read["features"].as_array().unwrap(), original["features"].as_array().unwrap());
                assert_eq!(found.len(), wanted.len(), "{what}");
                for (found, wanted) in found.iter().zip(wanted) {
                    assert_eq!(found["geometry"], wanted["geometry"], "{what}");
                    let mut properties = found["properties"].as_object().unwrap().clone();
                    if *format == OutFormat::CoordinateTxt {
                        properties.retain(|name, _| matches!(&**name, "地块编号" | "地块名称"));
                    }
                    assert_eq!(properties, kept(*format, wanted["properties"].as_object().unwrap()), "{what}");
                }
                fs::remove_file(at.join(&name)).unwrap();
            }
        }
    }
}

#[test]
fn encodings_of_shapefiles_are_told_by_the_files_themselves() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), layer("polygon").to_string()).unwrap();
    let said = convert(folder.path(), &["a.geojson", "-o", "b.shp", "--to-encoding", "Big5"]);
    assert_eq!(said.matches("note").count(), 0, "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("b.cpg")).unwrap(), "BIG5");
    let mut files: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into()).collect();
    files.sort();
    assert_eq!(files, ["a.geojson", "b.cpg", "b.dbf", "b.prj", "b.shp", "b.shx"]);
    let (_, out, _) = guiju(folder.path(), &["inspect", "b.shp", "--json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&found[0]["encoding"], &found[0]["crs"]["epsg"]), (&json!("Big5"), &json!(4527)));
}

#[test]
fn layers_of_several_files_go_into_one_geopackage_and_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (redline, farmland) = (
        fixtures("submissions/bali-lake/control/STBHHX.geojson"),
        fixtures("submissions/bali-lake/control/YJJBNT.geojson"),
    );
    convert(at, &[&redline, &farmland, "-o", "control.gpkg"]);
    // All layers of a GeoPackage, and one more beside them.
    let said = convert(at, &["control.gpkg", &fixtures("formats/parcels-gbk.zip"), "-o", "all.gpkg"]);
    assert!(said.contains("STBHHX · ") && said.contains("YJJBNT · ") && said.contains("parcels"), "{said}");
    convert(at, &["all.gpkg", "-o", "all.zip"]);
    convert(at, &["all.zip#YJJBNT", "-o", "b.geojson"]);
    convert(at, &[&farmland, "-o", "a.geojson"]);
    let (one, other) = (read_json(&at.join("a.geojson")), read_json(&at.join("b.geojson")));
    let shapes = |value: &Value| {
        value["features"].as_array().unwrap().iter().map(|one| one["geometry"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(shapes(&one), shapes(&other));
    let (status, _, said) = guiju(at, &["convert", "all.gpkg", "-o", "one.geojson"]);
    assert!(status == 2 && said.contains("STBHHX, YJJBNT") && !at.join("one.geojson").exists(), "{said}");
}

#[test]
fn columns_keep_their_types() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (input, wanted) in [
        ("formats/parcels.parquet", "BSM TEXT DKMC TEXT"),
        ("formats/parcels.fgb", "BSM TEXT DKMC TEXT"),
        ("formats/parcels.gpkg", "BSM TEXT DKMC TEXT"),
    ] {
        convert(at, &[&fixtures(input), "-o", "a.gpkg", "--force"]);
        let day = "ALTER TABLE parcels ADD COLUMN day DATE; UPDATE parcels SET day = '2024-02-29' WHERE BSM <> 'P-002'";
        rusqlite::Connection::open(at.join("a.gpkg")).unwrap().execute_batch(day).unwrap();
        convert(at, &["a.gpkg", "-o", "b.shp", "--force"]);
        convert(at, &["b.shp", "-o", "c.gpkg", "--force"]);
        let types = |name: &str| {
            let database = rusqlite::Connection::open(at.join(name)).unwrap();
            let table: String =
                database.query_row("SELECT table_name FROM gpkg_contents", [], |row| row.get(0)).unwrap();
            let mut asked = database.prepare("SELECT name, type FROM pragma_table_info(?1)").unwrap();
            let columns = asked
                .query_map([table], |row| Ok(format!("{} {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
            columns.unwrap().map(Result::unwrap).skip(2).collect::<Vec<_>>()
        };
        assert!(types("a.gpkg").join(" ").starts_with(wanted), "{input}: {:?}", types("a.gpkg"));
        assert_eq!(types("c.gpkg").last().map(String::as_str), Some("day DATE"), "{input}");
        let kinds =
            |name: &str| types(name).iter().map(|one| one.rsplit(' ').next().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(kinds("a.gpkg"), kinds("c.gpkg"), "{input}");
    }
}

#[test]
fn numbers_that_a_type_does_not_keep_become_texts() {
    let folder = tempfile::tempdir().unwrap();
    let point = |properties: &str| {
        format!(
            r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Point","coordinates":[116,29]}}}}"#
        )
    };
    let features = [
        point(
            r#"{"code":"0101","long":12345678901234567890,"exact":0.1234567890123456789,"n":1,"f":1.5,"e":1e3,"both":1,"list":[1,"a"]}"#,
        ),
        point(r#"{"code":"7","long":1,"exact":0.5,"n":null,"f":2,"e":2,"both":"x","list":{"k":null}}"#),
    ];
    fs::write(folder.path().join("a.json"), format!("[{}]", features.join(","))).unwrap();
    let said = convert(folder.path(), &["a.json", "-o", "b.geojson", "-v"]);
    assert!(said.contains("2 values are lists or maps"), "{said}");
    let read = read_json(&folder.path().join("b.geojson"));
    let wanted = json!([
        {"code": "0101", "long": "12345678901234567890", "exact": "0.1234567890123456789", "n": 1, "f": 1.5, "e": 1000.0,
         "both": "1", "list": "1、a"},
        {"code": "7", "long": "1", "exact": "0.5", "n": null, "f": 2.0, "e": 2.0, "both": "x", "list": "{\"k\":null}"},
    ]);
    let found: Vec<&Value> = read["features"].as_array().unwrap().iter().map(|one| &one["properties"]).collect();
    assert_eq!(json!(found), wanted);
}

#[test]
fn what_is_lost_and_what_is_refused_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let feature = |name: &str, geometry: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"规划容积率上限":"{name}","note":"","formula":"=1"}},"geometry":{geometry}}}"#
        )
    };
    let mixed = [
        feature("甲", r#"{"type":"Point","coordinates":[39400000.00011,3290000]}"#),
        feature("乙", r#"{"type":"LineString","coordinates":[[39400000,3290000],[39400010,3290000]]}"#),
        feature("丙", "null"),
        feature(
            "😀",
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[39400000,3290000]},{"type":"LineString","coordinates":[[0,0],[1,1]]}]}"#,
        ),
    ];
    fs::write(at.join("mixed.geojson"), format!("[{}]", mixed.join(","))).unwrap();
    fs::write(at.join("one.geojson"), format!("[{}]", [&mixed[0], &mixed[2]].map(String::as_str).join(","))).unwrap();
    let mut told = String::new();
    for words in [
        "mixed.geojson -o mixed.zip",
        "mixed.geojson -o mixed.shp",
        "one.geojson -o one.shp --lang zh",
        "one.geojson -o one.shp",
        "one.geojson -o one.txt -v",
        "one.geojson -o one.csv",
        "one.geojson -o one.gpkg --to-encoding GBK",
        "one.geojson -o one.shp --force --to-encoding klingon",
        "one.geojson -o one.kml",
        "one.geojson -o one.gpkg --crs EPSG:2433",
        "one.geojson -o moved.geojson --to-crs EPSG:4490",
        "nowhere.geojson -o one.gpkg",
        "one.geojson -o there/is/a/way.gpkg",
    ] {
        let list: Vec<&str> = std::iter::once("convert").chain(words.split(' ')).collect();
        let (status, out, said) = guiju(at, &list);
        told.push_str(&format!("$ guiju convert {words}\n{out}{said}= {status}\n\n"));
    }
    insta::assert_snapshot!(told);
    let moved = read_json(&at.join("moved.geojson"));
    let x = moved["features"][0]["geometry"]["coordinates"][0].as_f64().unwrap();
    assert!((115.9..116.1).contains(&x), "{x}");
}

#[test]
fn faults_of_shapes_are_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let bow = r#"{"type":"Polygon","coordinates":[[[39400000,3290000],[39400010,3290010],[39400010,3290000],[39400000,3290010],[39400000,3290000]]]}"#;
    fs::write(at.join("a.geojson"), format!(r#"{{"type":"Feature","properties":{{}},"geometry":{bow}}}"#)).unwrap();
    for name in ["b.gpkg", "b.shp", "b.geojson", "b.csv", "b.txt"] {
        convert(at, &["a.geojson", "-o", name]);
        let (_, out, _) = guiju(at, &["inspect", name, "--json"]);
        let found: Value = serde_json::from_str(&out).unwrap();
        let codes: Vec<&str> =
            found[0]["issues"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
        assert!(codes.contains(&"ring-self-intersection"), "{name}: {codes:?}");
    }
}

#[test]
fn a_link_at_the_place_of_an_output_is_not_written_through() {
    #[cfg(unix)]
    {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::write(at.join("a.geojson"), layer("point").to_string()).unwrap();
        let target: PathBuf = at.join("precious");
        fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, at.join("b.gpkg")).unwrap();
        convert(at, &["a.geojson", "-o", "b.gpkg", "--force"]);
        assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
    }
}
