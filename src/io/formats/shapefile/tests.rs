//! Shapefiles made here, and what is read of them whole, damaged and archived.

use std::fs;
use std::io::Write;
use std::path::Path;

use encoding_rs::{BIG5, Encoding, GBK, UTF_8};
use proptest::prelude::*;

use super::*;
use crate::io::workspace::Workspace;

/// The files of one Shapefile, each by its end.
type Made = Vec<(&'static str, Vec<u8>)>;

/// A square's shell, clockwise.
fn square(x: f64, size: f64) -> Vec<[f64; 2]> {
    let y = 3_300_000.0;
    vec![[x, y], [x, y + size], [x + size, y + size], [x + size, y], [x, y]]
}

/// Returns the content of a polygon's record, each ring as it is given; `kind` is 5, 15 or 25.
fn polygon(kind: u32, rings: &[Vec<[f64; 2]>]) -> Vec<u8> {
    let points: Vec<[f64; 2]> = rings.concat();
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend([0; 32]);
    bytes.extend((rings.len() as u32).to_le_bytes());
    bytes.extend((points.len() as u32).to_le_bytes());
    let mut start = 0u32;
    for ring in rings {
        bytes.extend(start.to_le_bytes());
        start += ring.len() as u32;
    }
    points.iter().flatten().for_each(|number| bytes.extend(number.to_le_bytes()));
    let more = match kind {
        15 => 2 * (16 + 8 * points.len()),
        25 => 16 + 8 * points.len(),
        _ => 0,
    };
    bytes.resize(bytes.len() + more, 0x7f);
    bytes
}

/// Returns the shapes and their index.
fn shapes(records: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
    let mut header = vec![0u8; 100];
    header[..4].copy_from_slice(&[0, 0, 0x27, 0x0a]);
    header[28..32].copy_from_slice(&1000u32.to_le_bytes());
    header[32] = 5;
    let (mut shp, mut shx) = (header.clone(), header);
    for (at, record) in records.iter().enumerate() {
        let words = (record.len() / 2) as u32;
        shx.extend((shp.len() as u32 / 2).to_be_bytes());
        shx.extend(words.to_be_bytes());
        shp.extend((at as u32 + 1).to_be_bytes());
        shp.extend(words.to_be_bytes());
        shp.extend(record);
    }
    for file in [&mut shp, &mut shx] {
        let words = (file.len() / 2) as u32;
        file[24..28].copy_from_slice(&words.to_be_bytes());
    }
    (shp, shx)
}

/// Returns a table: name, type and width of each column, and the rows.
fn table(columns: &[(&[u8], u8, u8)], rows: &[Vec<Vec<u8>>], language: u8) -> Vec<u8> {
    let width = 1 + columns.iter().map(|column| usize::from(column.2)).sum::<usize>();
    let mut bytes = vec![3, 124, 1, 1];
    bytes.extend((rows.len() as u32).to_le_bytes());
    bytes.extend((33 + 32 * columns.len() as u16).to_le_bytes());
    bytes.extend((width as u16).to_le_bytes());
    bytes.resize(32, 0);
    bytes[29] = language;
    for (name, kind, width) in columns {
        let mut column = [0; 32];
        column[..name.len()].copy_from_slice(name);
        (column[11], column[16]) = (*kind, *width);
        bytes.extend(column);
    }
    bytes.push(0x0d);
    for row in rows {
        bytes.push(b' ');
        for (value, (_, _, width)) in row.iter().zip(columns) {
            let mut value = value.clone();
            value.resize(usize::from(*width), b' ');
            bytes.extend(value);
        }
    }
    bytes.push(0x1a);
    bytes
}

/// Makes three parcels: one with a hole, one with heights, one of two parts; names of columns and values in an encoding.
pub(in crate::io) fn made(encoding: &'static Encoding) -> Made {
    let coded = |text: &str| encoding.encode(text).0.into_owned();
    let mut hole = square(39_500_020.0, 10.0);
    hole.reverse();
    let records = [
        // The hole stands before its shell.
        polygon(5, &[hole, square(39_500_000.0, 100.0)]),
        polygon(15, &[square(39_500_200.0, 100.0)]),
        polygon(25, &[square(39_500_400.0, 10.0), square(39_500_500.0, 10.0)]),
    ];
    let (shp, shx) = shapes(&records);
    let name = coded("登记面积合计");
    let cut = name.len().min(if encoding == UTF_8 { 9 } else { 10 });
    let columns: [(&[u8], u8, u8); 4] =
        [(b"BSM", b'C', 18), (b"YDYHFLDM", b'C', 10), (&name[..cut], b'N', 12), (b"BZ", b'C', 11)];
    let row = |id: &str, area: &str| [id, "0701", area, "永久基本农田保护区"].map(coded).to_vec();
    let rows = [row("地块一", "     9900.00"), row("地块二", "************"), row("地块三", "")];
    let rows = rows.map(|row| {
        row.into_iter()
            .zip([18, 10, 12, 11])
            .map(|(mut value, width)| {
                value.truncate(width);
                value
            })
            .collect()
    });
    vec![("shp", shp), ("shx", shx), ("dbf", table(&columns, &rows, 0))]
}

fn write(folder: &Path, files: &Made) {
    for (end, bytes) in files {
        fs::write(folder.join(format!("parcels.{end}")), bytes).unwrap();
    }
}

/// Reads a path and writes down each feature: record, values, rings of each part; and what was said.
fn told(folder: &Path, path: &str, layer: Option<&str>) -> Result<(Vec<String>, Rest), Cause> {
    let workspace = Workspace::open(folder).unwrap();
    let mut found = Vec::new();
    let source =
        Source { workspace: &workspace, path: Path::new(path), layer, encoding: None, assumed: None, wanted: None };
    let rest = read(&source, &mut |feature| {
        let values: Vec<String> =
            feature.properties.iter().map(|(name, value)| format!("{}={}", name.shown(), value.shown())).collect();
        let geometry = match feature.geometry {
            RawGeometry::Shape => {
                let parts: Vec<usize> = feature.shape.view().parts().map(|part| part.rings().len()).collect();
                format!("{:?}{parts:?}", feature.shape.kind())
            }
            RawGeometry::Bad(text, _) => text.en,
            RawGeometry::None | RawGeometry::Collection(_) => "none".to_owned(),
        };
        found.push(format!("{} {} {geometry}", feature.location.line, values.join(" ")));
    })?;
    Ok((found, rest))
}

fn read_made(files: &Made) -> (Vec<String>, Rest) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    told(folder.path(), "parcels.shp", None).unwrap()
}

fn without(files: Made, end: &str) -> Made {
    files.into_iter().filter(|(known, _)| *known != end).collect()
}

fn said(rest: &Rest) -> Vec<&'static str> {
    rest.remarks.iter().map(|remark| remark.code.name).collect()
}

#[test]
fn the_same_layer_is_read_from_every_encoding() {
    let (features, rest) = read_made(&made(GBK));
    assert_eq!((rest.encoding, said(&rest), rest.lossy), ("GBK", vec!["encoding-guessed"], false));
    insta::assert_debug_snapshot!(features);
    let mut other = made(BIG5);
    other.push(("cpg", b"950".to_vec()));
    // Big5 has no character for what the simplified names need; the identifiers are the same.
    assert_eq!(read_made(&other).1.encoding, "Big5");
    let (utf8, rest) = read_made(&made(UTF_8));
    assert_eq!((rest.encoding, said(&rest)), ("UTF-8", vec![]));
    // A column of eleven bytes holds less of a text in UTF-8.
    let same = |one: &String| one.replace("登记面积合", "登记面").replace("永久基本农", "永久基");
    assert_eq!(utf8, features.iter().map(same).collect::<Vec<_>>());
    let mut stated = made(GBK);
    stated[2].1[29] = 0x4d;
    assert_eq!((said(&read_made(&stated).1), read_made(&stated).0 == features), (vec![], true));
    stated.push(("cpg", b"UTF-8\r\n".to_vec()));
    assert_eq!(said(&read_made(&stated).1), ["wrong-encoding"]);
}

#[test]
fn a_missing_file_is_told_and_harms_only_what_it_holds() {
    let (features, _) = read_made(&made(GBK));
    let (no_index, rest) = read_made(&without(made(GBK), "shx"));
    assert_eq!((no_index, said(&rest)), (features, vec!["side-file", "encoding-guessed"]));
    let (no_table, rest) = read_made(&without(made(GBK), "dbf"));
    assert_eq!(
        (no_table.join(";"), said(&rest)),
        ("1  Polygon[2];2  Polygon[1];3  Polygon[1, 1]".into(), vec!["side-file"])
    );
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &without(made(GBK), "shp"));
    assert!(matches!(told(folder.path(), "parcels.shp", None), Err(Cause::System(_))));
}

#[test]
fn rows_and_shapes_are_counted_against_each_other() {
    let mut files = made(UTF_8);
    let row = 1 + 18 + 10 + 12 + 11;
    let rows = files[2].1.len() - 1 - 3 * row;
    files[2].1[rows + row] = b'*';
    let (features, rest) = read_made(&files);
    assert_eq!((features.len(), said(&rest), rest.lossy), (2, vec!["side-file"], false));
    assert!(features[1].starts_with("3 "));
    let mut short = made(UTF_8);
    let length = short[2].1.len();
    short[2].1.truncate(length - row - 1);
    let (features, rest) = read_made(&short);
    assert_eq!((features[2].as_str(), said(&rest)), ("3  Polygon[1, 1]", vec!["side-file"]));
    let mut fewer = made(UTF_8);
    fewer[1].1.truncate(108);
    let (features, rest) = read_made(&fewer);
    // An index that breaks off is not followed where shapes and rows are as many.
    assert_eq!((features.len(), said(&rest), rest.lossy), (3, vec!["side-file"], false));
    let cut = fewer[0].1.len() - 20;
    fewer[0].1.truncate(cut);
    let (features, rest) = read_made(&fewer);
    assert_eq!((features.len(), said(&rest), rest.lossy), (1, vec!["side-file"], true));
}

#[test]
fn records_are_met_by_the_index_in_any_order() {
    let mut files = made(UTF_8);
    let (second, third) = (files[1].1[108..116].to_vec(), files[1].1[116..124].to_vec());
    files[1].1[108..116].copy_from_slice(&third);
    files[1].1[116..124].copy_from_slice(&second);
    let (features, rest) = read_made(&files);
    let parts: Vec<&str> = features.iter().filter_map(|one| one.rsplit(' ').next()).collect();
    assert_eq!((parts, rest.lossy), (vec!["Polygon[2]", "1]", "Polygon[1]"], false));
    // An index that points nowhere is not followed where shapes and rows are as many; else it harms the one record.
    files[1].1[100..104].copy_from_slice(&0x00ff_ffffu32.to_be_bytes());
    let (features, rest) = read_made(&files);
    let parts: Vec<&str> = features.iter().filter_map(|one| one.rsplit(' ').next()).collect();
    assert_eq!((parts, said(&rest), rest.lossy), (vec!["Polygon[2]", "Polygon[1]", "1]"], vec!["side-file"], false));
    let mut renumbered = files.clone();
    renumbered[0].1[103] = 9;
    assert!(read_made(&renumbered).0[0].ends_with("the record cannot be read"));
    files[1].1[100..104].copy_from_slice(&0u32.to_be_bytes());
    assert!(read_made(&files).0[0].ends_with("none"));
}

#[test]
fn an_archive_holds_one_shapefile_or_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = zip::ZipWriter::new(fs::File::create(folder.path().join("a.zip")).unwrap());
    for stem in ["数据/地块", "b"] {
        for (end, bytes) in made(GBK) {
            archive.start_file(format!("{stem}.{end}"), zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(&bytes).unwrap();
        }
    }
    archive.finish().unwrap();
    let features = read_made(&made(GBK)).0;
    assert_eq!(told(folder.path(), "a.zip", Some("地块")).unwrap().0, features);
    assert_eq!(told(folder.path(), "a.zip", Some("b.shp")).unwrap().0, features);
    let refused = |layer| match told(folder.path(), "a.zip", layer) {
        Err(Cause::Broken(text)) => text.en,
        other => format!("{other:?}"),
    };
    assert_eq!(
        refused(None),
        "it holds 2 layers (`数据/地块`, `b`); name the one that is meant, as in `a.zip#数据/地块`"
    );
    assert_eq!(refused(Some("c")), "there is no single Shapefile `c` in it; it holds `数据/地块`, `b`");
    fs::write(folder.path().join("a.zip"), b"PK\x05\x06").unwrap();
    assert!(refused(None).starts_with("the archive is damaged"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(11), ..ProptestConfig::default() })]

    /// Whatever bytes are changed or cut off, something comes of it, and never more than there is.
    #[test]
    fn damage_is_survived(
        changes in prop::collection::vec((0usize..3, any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of((0usize..3, any::<prop::sample::Index>())),
    ) {
        let mut files = made(GBK);
        for (file, at, byte) in changes {
            let bytes = &mut files[file].1;
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some((file, at)) = cut {
            let length = at.index(files[file].1.len());
            files[file].1.truncate(length);
        }
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &files);
        if let Ok((features, _)) = told(folder.path(), "parcels.shp", None) {
            prop_assert!(features.len() <= 3 * 100);
        }
    }
}

#[test]
fn an_archive_of_very_many_layers_is_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = zip::ZipWriter::new(fs::File::create(folder.path().join("many.zip")).unwrap());
    for number in 0..=1_000 {
        archive.start_file(format!("{number}.shp"), zip::write::SimpleFileOptions::default()).unwrap();
    }
    archive.finish().unwrap();
    let workspace = Workspace::open(folder.path()).unwrap();
    assert!(matches!(layers(&workspace, Path::new("many.zip")), Err(Cause::Broken(_))));
}
