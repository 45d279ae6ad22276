//! Every format: the committed files read alike, and none that is damaged does harm.

#![expect(clippy::disallowed_methods, reason = "tests read their fixtures themselves")]

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats")
}

/// What a file gave.
#[derive(Debug, Default, PartialEq)]
struct Told {
    /// Each feature: its values that are not null, and its coordinates.
    features: Vec<String>,
    crs: Option<String>,
    remarks: Vec<&'static str>,
    lossy: bool,
}

fn read_file(folder: &Path, name: &str) -> Result<Told, Cause> {
    let workspace = Workspace::open(folder).map_err(|error| error.cause)?;
    let path = Path::new(name);
    let source = Source { workspace: &workspace, path, layer: None, encoding: None, assumed: None, wanted: None };
    let mut told = Told::default();
    let rest = read(Format::detect(&workspace, path, None)?, &source, &mut |feature| {
        let known = feature.properties.iter().filter(|(name, value)| !value.is_blank() && name.text() != Some("fid"));
        let values: Vec<String> =
            known.map(|(name, value)| format!("{}={}", cut(&name.shown()), plain(&value.shown()))).collect();
        let shape = match feature.geometry {
            RawGeometry::Shape => format!("{:?}", feature.shape.view().rings().collect::<Vec<_>>()),
            other => format!("{other:?}"),
        };
        told.features.push(format!("{} {shape}", values.join(" ")));
    })?;
    told.crs = rest.crs;
    told.remarks = rest.remarks.iter().map(|remark| remark.code.name).collect();
    told.lossy = rest.lossy;
    Ok(told)
}

/// The part of a name that every format keeps.
fn cut(name: &str) -> String {
    let mut kept = 0;
    name.chars()
        .take_while(|one| {
            kept += one.len_utf8();
            kept <= 10
        })
        .collect()
}

/// A value without what a format adds: zeros that fill a column, capitals of what is true or false.
fn plain(value: &str) -> String {
    if matches!(value, "True" | "False") {
        return value.to_lowercase();
    }
    match value.contains('.') && value.parse::<f64>().is_ok() {
        true => value.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => value.to_owned(),
    }
}

#[test]
fn one_layer_reads_back_the_same_from_every_format() {
    let plain = read_file(&fixtures(), "parcels.fgb").unwrap();
    assert_eq!((plain.features.len(), plain.crs.as_deref(), plain.lossy), (296, Some("EPSG:4527"), false));
    assert!(plain.features[0].starts_with("BSM=P-001 DKMC=湖滨公园1 XZQDM=360404"), "{}", plain.features[0]);
    for name in ["parcels.gpkg", "parcels.parquet", "parcels-native.parquet", "parcels-gbk.zip", "parcels-utf8.zip"] {
        let other = read_file(&fixtures(), name).unwrap();
        for (one, other) in plain.features.iter().zip(&other.features) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!((other.features.len(), other.remarks, other.lossy), (296, vec![], false), "{name}");
    }
    let geojson = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions/bali-lake/data");
    assert_eq!(read_file(&geojson, "parcels.geojson").unwrap().features.len(), 296);
    let mut some = read_file(&fixtures(), "indexed.fgb").unwrap().features;
    assert_eq!(read_file(&fixtures(), "gzip.parquet").unwrap().features, plain.features[..40]);
    // The index puts features in an order of its own.
    assert_ne!(some, plain.features[..40]);
    some.sort();
    let mut first = plain.features[..40].to_vec();
    first.sort();
    assert_eq!(some, first);
}

#[test]
fn lists_of_positions_read_as_well_known_binary_does() {
    for kind in ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"] {
        let [native, wkb] =
            ["native", "wkb"].map(|how| read_file(&fixtures(), &format!("{kind}-{how}.parquet")).unwrap());
        assert_eq!(native, wkb, "{kind}");
        assert_eq!((native.features.len(), native.crs.as_deref()), (3, Some("EPSG:4490")), "{kind}");
        assert!(native.features[0].starts_with("day=2024-02-29 [["), "{}", native.features[0]);
        assert_eq!(native.features[2], "day=2026-01-15 None");
    }
}

#[test]
fn values_that_nobody_wants_may_be_left_out_and_the_others_stay_in_their_place() {
    let workspace = Workspace::open(fixtures()).unwrap();
    let read = |name: &str, wanted: Option<&dyn Fn(&str) -> bool>| {
        let path = Path::new(name);
        let source = Source { workspace: &workspace, path, layer: None, encoding: None, assumed: None, wanted };
        let mut found = Vec::new();
        let format = Format::detect(&workspace, path, None).unwrap();
        let rest = super::read(format, &source, &mut |feature| {
            let properties = feature.properties.iter().map(|(name, value)| {
                (name.shown().into_owned(), value.shown().into_owned(), (feature.locate)(value.start).column)
            });
            found.push((properties.collect::<Vec<_>>(), feature.shape.view().coords().to_vec()));
        });
        (found, rest.unwrap().columns)
    };
    for name in ["parcels.fgb", "parcels.parquet", "parcels-native.parquet", "parcels.gpkg"] {
        let (all, columns) = read(name, None);
        let (some, same_columns) = read(name, Some(&|property| property == "DKMC"));
        assert_eq!((all.len(), columns), (some.len(), same_columns), "{name}");
        for ((all, shape), (some, same)) in all.into_iter().zip(some) {
            assert_eq!(shape, same, "{name}");
            assert_eq!(all.len(), some.len(), "{name}");
            for (one, other) in all.into_iter().zip(some) {
                assert_eq!((&one.0, one.2), (&other.0, other.2), "{name}");
                assert!(if one.0 == "DKMC" { one.1 == other.1 } else { other.1 == "null" }, "{name}: {other:?}");
            }
        }
    }
}

#[test]
fn texts_of_one_feature_a_line_are_read_under_every_name() {
    let folder = tempfile::tempdir().unwrap();
    let line = r#"{"type":"Feature","properties":{"a":"1"},"geometry":{"type":"Point","coordinates":[116,29]}}"#;
    for (name, text) in [
        ("a.geojsonl", format!("{line}\n{line}\n")),
        ("a.ndjson", format!("{line}\r\n{line}")),
        ("a.geojsons", format!("\u{1e}{line}\n\u{1e}{line}\n")),
        ("a.geojsonseq", format!("\u{1e}{line}\n\n\u{1e}{line}\n")),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
        let told = read_file(folder.path(), name).unwrap();
        assert_eq!((told.features.len(), told.lossy, told.remarks), (2, false, vec![]), "{name}");
    }
}

/// A small generator of numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Changes some bytes, mostly where the file describes itself: at its start and its end.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let reach = bytes.len().min([128, 4_096, usize::MAX][dice.below(3)]);
        let at = dice.below(reach);
        let at = if dice.below(2) == 0 { at } else { bytes.len() - 1 - at };
        bytes[at] = match dice.below(4) {
            0 => 0xff,
            1 => 0,
            2 => bytes[at].wrapping_add(1),
            _ => dice.below(256) as u8,
        };
    }
    if dice.below(8) == 0 {
        let kept = dice.below(bytes.len());
        bytes.truncate(kept.max(1));
    }
}

#[test]
fn damage_is_survived_by_every_format() {
    // More are tried by hand: GUIJU_MUTATIONS=5000.
    let rounds = std::env::var("GUIJU_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    let folder = tempfile::tempdir().unwrap();
    for (name, seed) in [
        ("indexed.fgb", 3),
        ("gzip.parquet", 5),
        ("parcels-native.parquet", 7),
        ("parcels.gpkg", 11),
        ("parcels-gbk.zip", 13),
    ] {
        let sound = fs::read(fixtures().join(name)).unwrap();
        let mut dice = Dice(seed);
        let mut refused = 0;
        for round in 0..rounds {
            let mut bytes = sound.clone();
            damage(&mut bytes, &mut dice);
            fs::write(folder.path().join(name), &bytes).unwrap();
            match read_file(folder.path(), name) {
                Ok(told) => assert!(told.features.len() <= 20_000, "{name}, round {round}: {}", told.features.len()),
                Err(_) => refused += 1,
            }
        }
        assert!(refused < rounds, "{name}: all were refused");
    }
}
