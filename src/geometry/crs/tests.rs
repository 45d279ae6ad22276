use super::*;
use crate::geometry::{BoundingBox, Coord, Kind, Shape};

fn crs(code: u32) -> Crs {
    Crs::from_epsg(code).unwrap()
}

fn at(x: f64, y: f64) -> Coord {
    Coord { x, y }
}

/// Returns the rows of a table of `crs_vectors.py`, less its head.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

fn apart(one: Coord, other: Coord) -> f64 {
    (one.x - other.x).hypot(one.y - other.y)
}

#[test]
fn projections_agree_with_proj_to_a_hundredth_of_a_millimetre() {
    let mut seen = Vec::new();
    for row in rows(include_str!("../../../fixtures/geometry/crs_vectors.csv")) {
        let projected = crs(row[0].parse().unwrap());
        let geographic = Crs::all().find(|crs| crs.is_geographic() && crs.datum() == projected.datum()).unwrap();
        let (lonlat, place) = (at(number(row[1]), number(row[2])), at(number(row[3]), number(row[4])));
        let there = Transformer::new(geographic, projected).unwrap().forward(lonlat).unwrap();
        assert!(apart(there, place) < 1e-5, "{row:?}: {there:?}");
        let back = Transformer::new(projected, geographic).unwrap().forward(there).unwrap();
        assert!(apart(back, lonlat) < 1e-10, "{row:?}: {back:?}");
        seen.push(projected);
    }
    for crs in Crs::all().filter(|crs| !crs.is_geographic()) {
        assert!(seen.contains(&crs), "{crs} has no vector");
    }
}

#[test]
fn shifts_agree_with_the_operations_of_the_registry() {
    for row in rows(include_str!("../../../fixtures/geometry/crs_shifts.csv")) {
        let (from, to) = (crs(row[0].parse().unwrap()), crs(row[1].parse().unwrap()));
        let found = Transformer::new(from, to).unwrap().forward(at(number(row[3]), number(row[4]))).unwrap();
        let metres = if to.is_geographic() { 111_319.5 } else { 1.0 };
        let off = apart(found, at(number(row[5]), number(row[6]))) * metres;
        // The library takes GRS 1980 for WGS 84 on the way, as the two differ by a tenth of a millimetre at the pole.
        assert!(off < 2e-4, "{row:?}: {found:?} is {off} m away");
    }
}

#[test]
fn every_system_answers_to_its_names() {
    let mut seen = Vec::new();
    for row in rows(include_str!("../../../fixtures/geometry/crs_names.csv")) {
        let code = row[0].parse().unwrap();
        for name in &row[1..] {
            assert_eq!(Crs::parse(name).map(Crs::epsg), Ok(code), "{name}");
            assert_eq!(Crs::parse(&name.replace([' ', '/'], "_").to_uppercase()).map(Crs::epsg), Ok(code), "{name}");
        }
        seen.push(code);
    }
    for crs in Crs::all() {
        assert!(seen.contains(&crs.epsg()), "{crs}");
        assert_eq!(Crs::parse(&crs.name()), Ok(crs));
        assert_eq!(Crs::parse(&crs.to_string()), Ok(crs));
    }
}

#[test]
fn definitions_are_read_in_every_dialect() {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../fixtures/geometry/crs_texts.json")).unwrap();
    assert!(cases.len() > 150, "{}", cases.len());
    for case in &cases {
        let text = case["text"].as_str().unwrap();
        let code = case["epsg"].as_u64().unwrap() as u32;
        let found = Crs::parse(text);
        let right = match case["outcome"].as_str().unwrap() {
            "taken" => found == Ok(crs(code)),
            "refused" => matches!(found, Err(CrsError::Refused { .. })),
            _ => matches!(&found, Err(CrsError::Unknown(name)) if !name.is_empty() && name.len() < 80),
        };
        assert!(right, "{code} {}: {found:?}\n{text}", case["dialect"]);
    }
}

const ZONE_39: &str = r#"PROJCS["CGCS2000_3_Degree_GK_Zone_39",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",39500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

#[test]
fn parameters_decide_and_names_do_not() {
    let read = |from: &str, to: &str| {
        let text = ZONE_39.replace(from, to);
        assert!(from.is_empty() || text != ZONE_39, "{from}");
        Crs::from_wkt(&text).map(Crs::epsg).map_err(|error| error.to_string())
    };
    let unknown = |name: &str| Err(format!("unknown coordinate system {name:?}"));
    assert_eq!(read("", ""), Ok(4527));
    assert_eq!(read("CGCS2000_3_Degree_GK_Zone_39", "项目坐标系"), Ok(4527));
    assert_eq!(read("CGCS2000_3_Degree_GK_Zone_39", "CGCS2000_3_Degree_GK_Zone_38"), Ok(4527));
    assert_eq!(read("\"False_Easting\",39500000.0", "\"False_Easting\",500000.0"), Ok(4548));
    assert_eq!(read("Central_Meridian\",117.0", "Central_Meridian\",114.0"), unknown("CGCS2000_3_Degree_GK_Zone_39"));
    assert_eq!(read("Scale_Factor\",1.0", "Scale_Factor\",0.9996"), unknown("CGCS2000_3_Degree_GK_Zone_39"));
    assert_eq!(read("D_China_2000", "D_Local"), unknown("CGCS2000_3_Degree_GK_Zone_39"));
    // The pitfall of a library that gives CGCS2000 the ellipsoid of Krasovsky.
    assert_eq!(read("6378137.0,298.257222101", "6378245.0,298.3"), unknown("CGCS2000_3_Degree_GK_Zone_39"));
    assert_eq!(read("UNIT[\"Meter\",1.0]", "UNIT[\"Foot\",0.3048]"), unknown("CGCS2000_3_Degree_GK_Zone_39"));
    assert_eq!(read("D_China_2000", "D_Beijing_1954"), Err("Beijing 1954 is refused".to_owned()));
    assert_eq!(read("Greenwich\",0.0", "Paris\",2.337"), unknown("CGCS2000_3_Degree_GK_Zone_39"));
    // Of systems with the same coordinates the one that is named, else that of three degrees.
    let named = ZONE_39.replace("39500000", "500000").replace("CGCS2000_3_Degree_GK_Zone_39", "CGCS2000_GK_CM_117E");
    assert_eq!(Crs::from_wkt(&named).map(Crs::epsg), Ok(4509));
}

#[test]
fn the_published_corner_has_its_longitude_and_latitude() {
    let corner = to_lonlat(crs(4527), at(39_400_000.0, 3_290_000.0)).unwrap();
    assert!((corner.x - 115.966_456_842).abs() < 1e-9 && (corner.y - 29.724_306_729).abs() < 1e-9, "{corner:?}");
}

#[test]
fn names_and_codes_of_all_kinds_are_read() {
    for (text, code) in [
        ("EPSG:4527", 4527),
        ("epsg:4490", 4490),
        ("4527", 4527),
        (" 3826 ", 3826),
        ("urn:ogc:def:crs:EPSG::4527", 4527),
        ("urn:ogc:def:crs:EPSG:9.9.1:4527", 4527),
        ("http://www.opengis.net/def/crs/EPSG/0/4527", 4527),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326),
        ("CGCS2000_3_Degree_GK_Zone_39", 4527),
        ("CGCS2000_3_Degree_GK_CM_117E", 4548),
        ("CGCS2000_GK_Zone_20", 4498),
        ("CGCS2000_GK_CM_117E", 4509),
        ("CGCS2000 / 3-degree Gauss-Kruger zone 39", 4527),
        ("CGCS2000 / 3-degree Gauss-Kruger CM 117E", 4548),
        ("CGCS2000 / Gauss-Kruger zone 20", 4498),
        ("GCS_China_Geodetic_Coordinate_System_2000", 4490),
        ("China Geodetic Coordinate System 2000", 4490),
        ("GCS_WGS_1984", 4326),
        ("WGS 84", 4326),
        ("WGS_1984_UTM_Zone_50N", 32650),
        ("WGS 84 / UTM zone 50S", 32750),
        ("WGS 84 / Pseudo-Mercator", 3857),
        ("WGS_1984_Web_Mercator_Auxiliary_Sphere", 3857),
        ("TWD97 / TM2 zone 121", 3826),
        ("TWD_1997_TM_Taiwan", 3826),
        ("TWD_1997_TM_Penghu", 3825),
    ] {
        assert_eq!(Crs::parse(text).map(Crs::epsg), Ok(code), "{text}");
    }
}

#[test]
fn old_datums_are_refused_and_the_rest_is_unknown() {
    for (text, code) in [
        ("EPSG:4214", 4214),
        ("EPSG:4610", 4610),
        ("2327", 2327),
        ("EPSG:2437", 2437),
        ("EPSG:21418", 21418),
        ("Beijing_1954_3_Degree_GK_Zone_39", 4214),
        ("Xian_1980_GK_Zone_20", 4610),
        ("Xian 1980", 4610),
        ("GCS_Beijing_1954", 4214),
        ("1954年北京坐标系", 4214),
        ("北京54坐标系", 4214),
        ("1980西安坐标系", 4610),
        ("西安 80", 4610),
        ("New Beijing / Gauss-Kruger zone 20", 4555),
        ("CH1903 / LV03", 4149),
        ("EPSG:30169", 30169),
    ] {
        let found = Crs::parse(text);
        assert!(matches!(found, Err(CrsError::Refused { epsg: Some(epsg), .. }) if epsg == code), "{text}: {found:?}");
    }
    for text in ["GCJ-02", "gcj02", "火星坐标系", "BD-09", "bd09ll", "百度坐标系"] {
        let found = Crs::parse(text);
        assert!(matches!(found, Err(CrsError::Refused { why: Refusal::Scrambled, .. })), "{text}: {found:?}");
    }
    for text in
        ["", "EPSG:", "EPSG:99999", "ESRI:102100", "CGCS2000_3_Degree_GK_Zone_20", "UTM", "urn:ogc:def:crs:EPSG::x"]
    {
        assert!(matches!(Crs::parse(text), Err(CrsError::Unknown(_))), "{text}");
    }
}

#[test]
fn datums_that_differ_are_noted_with_the_size_of_the_error() {
    let note = |from, to| Crs::transform_note(crs(from), crs(to));
    assert_eq!(note(4490, 4527), None);
    assert_eq!(note(4326, 4527), Some(Assumption::SameDatum { within_m: 1.0 }));
    assert_eq!(note(2264, 4527), Some(Assumption::SameDatum { within_m: 2.0 }));
    assert_eq!(note(2056, 4527), Some(Assumption::Shifted { within_m: 1.0 }));
    assert_eq!(note(4150, 2056), None);
}

#[test]
fn a_map_of_the_world_has_bern_where_it_is() {
    // The old observatory, the origin of LV95, on the Swiss frame and as the national office gives it on WGS 84.
    let found = to_lonlat(crs(2056), at(2_600_000.0, 1_200_000.0)).unwrap();
    assert!((found.x - 7.438_632_5).abs() < 1e-7 && (found.y - 46.951_082_8).abs() < 1e-7, "{found:?}");
}

#[test]
fn coordinates_tell_their_system_where_nothing_states_it() {
    let tell = |wanted, x: (f64, f64), y: (f64, f64)| {
        let (found, ground) = presumed(crs(wanted), [bounds(x, y)].into_iter());
        (found.epsg(), ground)
    };
    let north = (3_290_000.0, 3_300_000.0);
    for (wanted, x, y, expected) in [
        (4527, (115.9, 116.1), (29.5, 29.8), (4490, Ground::Degrees)),
        (4527, (29.5, 29.8), (115.9, 116.1), (4490, Ground::Degrees)),
        (4527, (39_400_000.0, 39_410_000.0), north, (4527, Ground::Wanted)),
        (4527, north, (39_400_000.0, 39_410_000.0), (4527, Ground::Wanted)),
        (4527, (38_600_000.0, 38_610_000.0), north, (4526, Ground::Prefix(38))),
        (4527, north, (38_600_000.0, 38_610_000.0), (4526, Ground::Prefix(38))),
        (4527, (20_400_000.0, 20_410_000.0), north, (4498, Ground::Meridian)),
        (4547, (19_400_000.0, 19_410_000.0), north, (4497, Ground::Prefix(19))),
        (4527, (400_000.0, 410_000.0), north, (4548, Ground::Meridian)),
        (4527, north, (400_000.0, 410_000.0), (4548, Ground::Meridian)),
        (4548, (39_400_000.0, 39_410_000.0), north, (4527, Ground::Meridian)),
        (3826, (39_400_000.0, 39_410_000.0), north, (4527, Ground::Prefix(39))),
        (3826, (170_000.0, 171_000.0), (2_540_000.0, 2_541_000.0), (3826, Ground::Wanted)),
        (2056, (2_600_000.0, 2_610_000.0), (1_200_000.0, 1_210_000.0), (2056, Ground::Wanted)),
        (4527, (1_000.0, 2_000.0), (1_000.0, 2_000.0), (4527, Ground::Nothing)),
    ] {
        assert_eq!(tell(wanted, x, y), expected, "{wanted} {x:?} {y:?}");
    }
    // One stray among three does not decide.
    let (plain, stray) = (bounds((400_000.0, 410_000.0), north), bounds((0.0, 1.0), (0.0, 1.0)));
    assert_eq!(presumed(crs(4527), [stray, plain, plain].into_iter()).0.epsg(), 4548);
    assert_eq!(presumed(crs(4527), std::iter::empty()), (Crs::CGCS2000, Ground::Degrees));
}

fn bounds(x: (f64, f64), y: (f64, f64)) -> BoundingBox {
    BoundingBox { min: at(x.0, y.0), max: at(x.1, y.1) }
}

#[test]
fn coordinates_that_do_not_fit_their_system_are_suspicious() {
    let prefixed = bounds((39_400_000.0, 39_410_000.0), (3_290_000.0, 3_300_000.0));
    let plain = bounds((400_000.0, 410_000.0), (3_290_000.0, 3_300_000.0));
    let swapped = bounds((3_290_000.0, 3_300_000.0), (39_400_000.0, 39_410_000.0));
    let degrees = bounds((115.9, 116.1), (29.5, 29.8));
    let wrong = |expected_prefix, found_prefix| Some(Suspicion::WrongZone { expected_prefix, found_prefix });
    for (code, found, expected) in [
        (4527, prefixed, None),
        (4548, plain, None),
        (4490, degrees, None),
        (4526, prefixed, wrong(Some(38), Some(39))),
        (4548, prefixed, wrong(None, Some(39))),
        (4527, plain, wrong(Some(39), None)),
        (4527, swapped, Some(Suspicion::SwappedAxes)),
        (4548, bounds((3_290_000.0, 3_300_000.0), (400_000.0, 410_000.0)), Some(Suspicion::SwappedAxes)),
        (4527, degrees, Some(Suspicion::NotProjected)),
        (4490, prefixed, Some(Suspicion::NotGeographic)),
        (4490, bounds((29.5, 29.8), (115.9, 116.1)), Some(Suspicion::SwappedAxes)),
        (4490, bounds((0.0, 1.0), (0.0, 1.0)), Some(Suspicion::OutsideExtent)),
        (4326, bounds((29.5, 29.8), (115.9, 116.1)), Some(Suspicion::SwappedAxes)),
        (3826, bounds((161_939.0, 164_815.0), (2_541_283.0, 2_545_096.0)), None),
        (3826, bounds((2_541_283.0, 2_545_096.0), (161_939.0, 164_815.0)), Some(Suspicion::SwappedAxes)),
        (4548, bounds((5.0, 900.0), (5.0, 900.0)), Some(Suspicion::OutsideExtent)),
        (2264, bounds((1_130_771.0, 1_160_372.0), (572_552.0, 604_291.0)), None),
        (32119, bounds((1_130_771.0, 1_160_372.0), (572_552.0, 604_291.0)), Some(Suspicion::OutsideExtent)),
        (2056, bounds((2_599_342.0, 2_601_307.0), (1_218_341.0, 1_219_000.0)), None),
        (2056, bounds((1_218_341.0, 1_219_000.0), (2_599_342.0, 2_601_307.0)), Some(Suspicion::SwappedAxes)),
        (2056, bounds((599_342.0, 601_307.0), (218_341.0, 219_000.0)), Some(Suspicion::OutsideExtent)),
        (2154, bounds((572_267.0, 575_132.0), (6_716_826.0, 6_723_555.0)), None),
        (4527, BoundingBox::EMPTY, None),
    ] {
        assert_eq!(plausibility(crs(code), &found), expected, "EPSG:{code} {found:?}");
    }
    assert_eq!(zone_of(39_400_000.0), Some(Zone::Prefixed(39)));
    assert_eq!(zone_of(24_400_000.0), None);
    assert_eq!(zone_at(115.97).map(Crs::epsg), Some(4527));
}

#[test]
fn edges_are_cut_only_where_the_way_bends_them() {
    let way = Transformer::new(crs(4490), crs(4527)).unwrap();
    let mut line = Shape::empty(Kind::Line);
    line.push_ring([at(116.0, 30.0), at(116.1, 30.0), at(116.1, 30.000_1)]);
    line.end_part();
    let moved = way.shape(line.view()).unwrap();
    let coords = moved.view().coords();
    // 9.65 km along a parallel, then eleven metres.
    assert_eq!(coords.len(), 386 + 2);
    assert!(coords.windows(2).all(|pair| (pair[1] - pair[0]).x.hypot((pair[1] - pair[0]).y) <= MAX_PIECE_M));
    let mut reversed = Shape::empty(Kind::Line);
    reversed.push_ring(line.view().coords().iter().rev().copied());
    reversed.end_part();
    let back: Vec<Coord> = way.shape(reversed.view()).unwrap().view().coords().iter().rev().copied().collect();
    assert_eq!(coords, back);
    let same = Transformer::new(crs(4527), crs(4527)).unwrap();
    assert_eq!(same.shape(moved.view()), Some(moved));
}

#[test]
fn a_zone_apart_is_a_round_trip_away() {
    let (there, back) =
        (Transformer::new(crs(4527), crs(4526)).unwrap(), Transformer::new(crs(4526), crs(4527)).unwrap());
    let from = at(39_352_345.678, 3_290_123.456);
    let round = back.forward(there.forward(from).unwrap()).unwrap();
    assert!((round - from).x.hypot((round - from).y) < 1e-7);
    assert_eq!(there.forward(at(f64::NAN, 0.0)), None);
}

#[test]
fn ways_are_shared_between_threads() {
    fn shareable<T: Send + Sync + Clone>(_: &T) {}
    shareable(&Transformer::new(crs(4490), crs(4527)).unwrap());
}

proptest::proptest! {
    /// Whatever is cut out of a definition or put into it, it is read or refused.
    #[test]
    fn broken_definitions_are_refused(cut in 0usize..520, length in 0usize..40, put in "[\\[\\](),\"0-9A-Z.]{0,4}") {
        let mut text = ZONE_39.to_owned();
        let end = (cut + length).min(text.len());
        text.replace_range(cut.min(end)..end, &put);
        if let Ok(crs) = Crs::parse(&text) {
            proptest::prop_assert!(crs.datum() == Datum::Cgcs2000, "{}", text);
        }
    }
}
