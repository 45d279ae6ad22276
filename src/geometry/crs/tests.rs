use super::*;
use crate::geometry::{BoundingBox, Coord, Kind, Shape};

fn crs(code: u32) -> Crs {
    Crs::from_epsg(code).unwrap()
}

fn at(x: f64, y: f64) -> Coord {
    Coord { x, y }
}

/// Vectors computed with PROJ 9.5.1: every zone of EPSG 4491-4554, TWD97, some UTM zones and Web Mercator.
#[test]
fn projections_agree_with_vectors_to_a_tenth_of_a_millimetre() {
    let text = include_str!("../../../fixtures/geometry/crs_vectors.csv");
    let mut seen = Vec::new();
    for line in text.lines().skip(1) {
        let fields: Vec<f64> = line.split(',').map(|field| field.parse().unwrap()).collect();
        let [code, lon, lat, easting, northing] = fields[..] else { panic!("{line}") };
        let projected = crs(code as u32);
        let geographic = match projected.datum() {
            Datum::Cgcs2000 => crs(4490),
            Datum::Twd97 => crs(3824),
            Datum::Wgs84 => crs(4326),
        };
        let there = Transformer::new(geographic, projected).unwrap().forward(at(lon, lat)).unwrap();
        assert!((there.x - easting).abs() < 1e-4 && (there.y - northing).abs() < 1e-4, "{line}: {there:?}");
        let back = to_lonlat(projected, there).unwrap();
        assert!((back.x - lon).abs() < 1e-11 && (back.y - lat).abs() < 1e-11, "{line}: {back:?}");
        seen.push(code as u32);
    }
    assert!((4491..=4554).all(|code| seen.contains(&code)));
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
fn every_name_reads_back_as_its_code() {
    for code in (0..40_000).filter(|code| Crs::from_epsg(*code).is_some()) {
        assert_eq!(Crs::parse(&crs(code).name()), Ok(crs(code)), "{}", crs(code).name());
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
    ] {
        assert!(matches!(Crs::parse(text), Err(CrsError::Refused { epsg, .. }) if epsg == code), "{text}");
    }
    for text in
        ["", "EPSG:", "EPSG:99999", "ESRI:102100", "CGCS2000_3_Degree_GK_Zone_20", "UTM", "urn:ogc:def:crs:EPSG::x"]
    {
        assert!(matches!(Crs::parse(text), Err(CrsError::Unknown(_))), "{text}");
    }
}

#[test]
fn datums_that_differ_are_noted() {
    assert_eq!(Crs::transform_note(crs(4490), crs(4527)), None);
    let note = Crs::transform_note(crs(4326), crs(4527));
    assert_eq!(note, Some(Assumption::SameDatum { from: Datum::Wgs84, to: Datum::Cgcs2000 }));
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
