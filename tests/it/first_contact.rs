//! A folder that nobody described: what is in it, and the manifest that it makes.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Runs the program; gives its status and both streams.
fn guiju(words: &[&str]) -> (i32, String, String) {
    let run = Command::cargo_bin("guiju").unwrap().args(words).env("LC_ALL", "C").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => fs::copy(entry.path(), target).map(|_| ()).unwrap(),
        }
    }
}

/// The data of bali-lake in a folder of that name, without its manifest.
fn bali_lake() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("bali-lake");
    let from = root().join("fixtures/submissions/bali-lake");
    for part in ["control", "data", "packages", "plan", "records", "survey"] {
        copy_folder(&from.join(part), &to.join(part));
    }
    (folder, to)
}

#[test]
fn the_sample_prints_what_the_first_page_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bali-lake");
    copy_folder(&root().join("fixtures/submissions/bali-lake"), &path);
    let (status, printed, told) = guiju(&["check", path.to_str().unwrap(), "--lang", "zh"]);
    assert_eq!(status, 1, "{told}");
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let shown = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let mut lines = printed.lines().map(str::trim_end);
    let wanted: Vec<&str> = shown.lines().map(str::trim_end).filter(|line| !["", "…"].contains(line)).collect();
    assert!(wanted.len() > 20, "{shown}");
    for line in wanted {
        assert!(lines.any(|printed| printed == line), "not printed, or not in this order: {line}");
    }
}

#[test]
fn a_folder_makes_its_own_manifest() {
    let (_folder, path) = bali_lake();
    let shown = path.to_str().unwrap();
    let (status, printed, _) = guiju(&["init", shown, "--print"]);
    assert_eq!((status, path.join("guiju.yaml").exists()), (0, false));
    let (status, said, _) = guiju(&["init", shown]);
    assert_eq!(status, 0, "{said}");
    let manifest = fs::read_to_string(path.join("guiju.yaml")).unwrap();
    assert_eq!(printed, manifest);
    insta::with_settings!({ filters => vec![(r"\d{4}-\d\d-\d\d  #", "DAY  #"), (r"written: \S+", "written: PATH")] }, {
        insta::assert_snapshot!(format!("{manifest}\n{said}"));
    });
    let (status, _, told) = guiju(&["init", shown]);
    assert!(status == 2 && told.contains("--force"), "{told}");
    assert_eq!(missed(shown), Vec::<String>::new());
}

/// Checks the sample with a manifest that it made itself; gives the findings planted in it that are not found, those left out for which a
/// person has to say something: which are the two earlier versions of control lines, and what the submission is called.
fn missed(shown: &str) -> Vec<String> {
    let (status, out, told) = guiju(&["check", shown, "--no-out", "--as-of", "2026-01-15", "--format", "json"]);
    assert_eq!(status, 1, "{told}");
    // What the layers that the standards name lead to is found as with the manifest written by hand.
    let report: Value = serde_json::from_str(&out).unwrap();
    let expected: Value =
        serde_json::from_str(&fs::read_to_string(root().join("fixtures/submissions/bali-lake/expected.json")).unwrap())
            .unwrap();
    let ids = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect()
    };
    let (found, expected) = (ids(&report["findings"]), ids(&expected["findings"]));
    let left =
        |id: &String| !["PBF-06/", "UDB-08/"].iter().any(|start| id.starts_with(start)) && !id.contains("/submission:");
    assert!(expected.len() > 50, "{}", expected.len());
    expected.into_iter().filter(|id| !found.contains(id) && left(id)).collect()
}

#[test]
fn a_mix_of_formats_is_checked_without_a_line_of_manual_work() {
    let (_folder, path) = bali_lake();
    let at = |name: &str| path.join(name).to_str().unwrap().to_owned();
    // What a bureau hands in: parcels in GBK, control lines in one GeoPackage, a coordinate text, archives of several Shapefiles.
    for (inputs, output) in [
        (&["data/parcels.geojson"][..], "data/parcels.shp"),
        (&["data/units.geojson"], "data/units.shp"),
        (&["data/replenishment.geojson", "data/cleared.geojson", "data/LSYD.geojson"], "data/more.zip"),
        (
            &[
                "control/CZKFBJ.geojson",
                "control/CZKFBJ_2023.geojson",
                "control/GDBHMB.geojson",
                "control/STBHHX.geojson",
                "control/YJJBNT.geojson",
                "control/YJJBNT_2023.geojson",
                "control/ZRBHD.geojson",
            ],
            "control/lines.gpkg",
        ),
        (&["control/YJJBNTCBQ.geojson"], "control/YJJBNTCBQ.txt"),
        (&["plan/GHFQ.geojson", "plan/detailed_plan.geojson"], "plan/plan.zip"),
        (&["survey/DLTB.geojson"], "survey/survey.gpkg"),
    ] {
        let inputs: Vec<String> = inputs.iter().map(|name| at(name)).collect();
        let output = at(output);
        let words: Vec<&str> =
            ["convert"].into_iter().chain(inputs.iter().map(String::as_str)).chain(["-o", &output]).collect();
        let (status, _, told) = guiju(&words);
        assert_eq!(status, 0, "{told}");
        inputs.iter().for_each(|input| fs::remove_file(input).unwrap());
    }
    let sources = [("project", "records/projects.yaml"), ("county_total", "records/county.yaml")];
    let sources: Vec<(String, String)> = sources.map(|(kind, path)| (kind.to_owned(), path.to_owned())).to_vec();
    let book = crate::formats::workbook(&path, &["project", "county_total"], &sources);
    fs::write(at("records/book.xlsx"), book).unwrap();
    sources.iter().for_each(|(_, name)| fs::remove_file(at(name)).unwrap());
    let (status, said, told) = guiju(&["init", path.to_str().unwrap()]);
    assert_eq!(status, 0, "{told}");
    let manifest = fs::read_to_string(path.join("guiju.yaml")).unwrap();
    insta::with_settings!({ filters => vec![(r"\d{4}-\d\d-\d\d  #", "DAY  #"), (r"written: \S+", "written: PATH")] }, {
        insta::assert_snapshot!(format!("{manifest}\n{said}"));
    });
    assert_eq!(missed(path.to_str().unwrap()), Vec::<String>::new());
}

#[test]
fn a_file_of_several_layers_shows_them_all() {
    let folder = tempfile::tempdir().unwrap();
    let control = root().join("fixtures/submissions/bali-lake/control");
    let (one, other) = (control.join("CZKFBJ.geojson"), control.join("ZRBHD.geojson"));
    for name in ["a.zip", "a.gpkg"] {
        let path = folder.path().join(name);
        let shown = path.to_str().unwrap();
        let (status, _, told) = guiju(&["convert", one.to_str().unwrap(), other.to_str().unwrap(), "-o", shown]);
        assert_eq!(status, 0, "{told}");
        let (status, out, told) = guiju(&["inspect", "--json", shown]);
        assert_eq!(status, 0, "{told}");
        let json: Value = serde_json::from_str(&out).unwrap();
        let layers: Vec<&str> = json.as_array().unwrap().iter().filter_map(|one| one["layer"].as_str()).collect();
        assert_eq!(layers, ["CZKFBJ", "ZRBHD"], "{name}");
        let kinds: Vec<&Value> = json.as_array().unwrap().iter().map(|one| &one["matches"][0]["layer"]).collect();
        assert_eq!(kinds, ["urban_development_boundary", "protected_area"], "{name}");
    }
}

#[test]
fn an_empty_folder_makes_a_manifest_that_says_what_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.docx"), "no data").unwrap();
    fs::write(folder.path().join("broken.gpkg"), "no database").unwrap();
    let (status, out, _) = guiju(&["init", folder.path().to_str().unwrap(), "--print"]);
    assert_eq!(status, 0);
    assert!(out.contains("CHECK: no file tells it") && out.contains("broken.gpkg"), "{out}");
}

#[test]
fn a_file_shows_what_it_holds() {
    let parcels = root().join("fixtures/submissions/bali-lake/data/parcels.geojson");
    let shown = parcels.to_str().unwrap();
    let (status, out, _) = guiju(&["inspect", shown]);
    assert_eq!(status, 0);
    insta::assert_snapshot!(out.replace(shown, "parcels.geojson"));
    let (status, out, told) = guiju(&["inspect", "--json", shown, "no-such-file.geojson"]);
    assert!(status == 2 && told.contains("no-such-file.geojson"), "{told}");
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json[0]["features"], &json[0]["crs"]["epsg"]), (&Value::from(296), &Value::from(4527)));
    assert_eq!(json[0]["matches"][0]["layer"], "parcel");
}

#[test]
fn a_coordinate_text_is_checked_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[属性描述]\r\n坐标系=2000国家大地坐标系\r\n几度分带=3\r\n带号=39\r\n[地块坐标]\r\n\
                5,1.0000,P-01,甲地块,面,,0701,,@\r\nJ1,1,3300000.000,39500000.000\r\nJ2,1,3300100.000,39500000.000\r\n\
                J3,1,3300100.000,39500100.000\r\nJ4,1,3300000.000,39500100.000\r\nJ1,1,3300000.000,39500000.000\r\n";
    fs::write(folder.path().join("parcel.txt"), text).unwrap();
    let path = folder.path().to_str().unwrap();
    let (status, manifest, _) = guiju(&["init", path, "--print"]);
    assert!(
        status == 0 && manifest.contains("parcel: parcel.txt") && manifest.contains("crs: EPSG:4527\n"),
        "{manifest}"
    );
    let (_, out, _) = guiju(&["inspect", "--json", &format!("{path}/parcel.txt")]);
    let json: Value = serde_json::from_str(&out).unwrap();
    let drawn = json[0]["areas"]["drawn_m2"].as_f64().unwrap();
    assert!((drawn - 10_000.0).abs() < 5.0, "{drawn}");
    assert_eq!(json[0]["areas"]["stated"]["unit"], "m2");
}

#[test]
fn data_in_degrees_make_a_manifest_of_the_zone_they_lie_in() {
    let folder = tempfile::tempdir().unwrap();
    let ring = "[[106.20,29.50],[106.21,29.50],[106.21,29.51],[106.20,29.50]]";
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"BSM":"P-1"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}"#
    );
    fs::write(folder.path().join("地块.geojson"), text).unwrap();
    let (status, manifest, _) = guiju(&["init", folder.path().to_str().unwrap(), "--print"]);
    // Chongqing lies about the meridian of 105 degrees, that of zone 35.
    assert!(status == 0 && manifest.contains("crs: EPSG:4523  # "), "{manifest}");
}

/// Real coordinate texts lie beside the project where they are supplied; each states its area in hectares with four decimals.
#[test]
fn real_coordinate_texts_have_the_area_they_state() {
    let Some(folder) = std::env::var_os("GUIJU_COORDINATE_TEXTS") else {
        println!("skipped: GUIJU_COORDINATE_TEXTS names no folder");
        return;
    };
    let mut seen = 0;
    let mut open = vec![PathBuf::from(folder)];
    while let Some(at) = open.pop() {
        if at.is_dir() {
            open.extend(fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&at).unwrap();
        let line = text.lines().find(|line| line.ends_with('@')).unwrap();
        let stated = line.split(',').nth(1).and_then(|area| area.parse::<f64>().ok());
        let (status, out, told) = guiju(&["inspect", "--json", at.to_str().unwrap()]);
        assert_eq!(status, 0, "{told}");
        let json: Value = serde_json::from_str(&out).unwrap();
        let bounds = &json[0]["bbox"];
        assert_eq!(json[0]["crs"]["epsg"], 4526, "{at:?} {bounds}");
        let plane = json[0]["areas"]["plane_m2"].as_f64().unwrap() / 10_000.0;
        println!("{}: stated {stated:?} ha, drawn {plane:.4} ha", at.file_name().unwrap().to_string_lossy());
        if let Some(stated) = stated {
            assert!((plane - stated).abs() <= 0.000_05 + 1e-9, "{at:?}: {stated} {plane}");
            seen += 1;
        }
    }
    assert!(seen > 0);
}

/// Pieces by county, versions by year, numbers and signs in names: as folders of bureaus are.
#[test]
fn pieces_of_a_layer_are_read_together_and_the_latest_of_its_versions_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let square = |id: &str, x: f64| {
        let ring = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)];
        let ring = ring.map(|(dx, dy)| format!("[{}, {}]", 39_500_000.0 + x + dx, 3_300_000.0 + dy)).join(", ");
        format!(
            r#"{{"type": "FeatureCollection", "crs": {{"type": "name", "properties": {{"name": "EPSG:4527"}}}}, "features": [
               {{"type": "Feature", "properties": {{"BSM": "{id}", "YDYHFLDM": "0701"}},
                 "geometry": {{"type": "Polygon", "coordinates": [[{ring}]]}}}}]}}"#
        )
    };
    for (path, x) in [
        ("自然资函[2026]1号/1#地块/parcel 1#.geojson", 0.0),
        ("自然资函[2026]1号/控制线/永农/2.1 YJJBNT_A.geojson", 50.0),
        ("自然资函[2026]1号/控制线/永农/2.1 YJJBNT_B.geojson", 5_000.0),
        ("自然资函[2026]1号/控制线/STBHHX_2020.geojson", 9_000.0),
        ("自然资函[2026]1号/控制线/STBHHX_2023.geojson", 9_000.0),
        ("分县/德安县/CZKFBJ.geojson", 9_000.0),
        ("分县/永修县/CZKFBJ.geojson", 9_500.0),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, square("1", x)).unwrap();
    }
    let shown = folder.path().to_str().unwrap();
    let (status, _, told) = guiju(&["init", shown]);
    assert_eq!(status, 0, "{told}");
    let manifest = fs::read_to_string(folder.path().join("guiju.yaml")).unwrap();
    insta::assert_snapshot!(&manifest[manifest.find("layers:").unwrap()..]);
    let (_, out, told) = guiju(&["check", shown, "--no-out", "--as-of", "2026-01-15", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{told}"));
    let inputs = report["inputs"].as_array().unwrap();
    assert!(inputs.iter().all(|input| input["features"] == 1), "{inputs:?}");
    assert!(report["findings"].as_array().unwrap().iter().any(|one| one["id"] == "PBF-01/parcel:1"), "{out}");
}

/// Writes an archive with one file in it.
fn archive(path: &Path, name: &str, content: &str) {
    let mut archive = zip::ZipWriter::new(fs::File::create(path).unwrap());
    archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut archive, content.as_bytes()).unwrap();
    archive.finish().unwrap();
}

#[test]
fn a_file_that_holds_no_layer_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let parcels = fs::read_to_string(root().join("fixtures/submissions/bali-lake/data/parcels.geojson")).unwrap();
    let path = folder.path().join("parcels.zip");
    archive(&path, "parcels.geojson", &parcels);
    let shown = path.to_str().unwrap();
    let (status, _, told) = guiju(&["inspect", shown]);
    assert!(status == 2 && told.contains("there is no Shapefile in it"), "{told}");
    let out = folder.path().join("out.gpkg");
    let (status, _, told) = guiju(&["convert", shown, "-o", out.to_str().unwrap()]);
    assert!(status == 2 && told.contains("there is no Shapefile in it") && !out.exists(), "{told}");
}

#[test]
fn every_file_of_a_folder_that_may_be_data_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    let parcels = fs::read_to_string(root().join("fixtures/submissions/bali-lake/data/parcels.geojson")).unwrap();
    archive(&folder.path().join("archive-of-geojson.zip"), "parcels.geojson", &parcels);
    write("broken.geojson", "hello");
    write("empty.geojson", r#"{"type": "FeatureCollection", "features": []}"#);
    write("drawing.dwg", "AC1032");
    write("drawing.kmz", "PK");
    write("exchange.vct", "HeadBegin");
    write("notes.txt", "read me");
    write("records-of-nothing-known.csv", "colour,taste\nred,sweet\n");
    write("records-that-break-off.yaml", "a: 1\nb: [1, 2\n");
    write(
        "shapes.csv",
        "标识码,用途,WKT\nA,0103,\"POLYGON ((39501000 3400000, 39501100 3400000, 39501100 3400100, 39501000 3400000))\"\n",
    );
    let (status, printed, _) = guiju(&["init", folder.path().to_str().unwrap(), "--print"]);
    assert_eq!(status, 0);
    let from = printed.find("rules:").unwrap();
    insta::assert_snapshot!(&printed[from..]);
}
