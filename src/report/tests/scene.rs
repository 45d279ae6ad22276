//! Is the scene of a check what its findings need, and small whatever the data are?

use std::fmt::Write;

use super::fixture::{Fixture, rectangle};
use super::rules::{FARMLAND, PARCEL};
use crate::geometry::{BoundingBox, Coord, Kind, Shape};
use crate::model::{GeometryState, Items, Value};
use crate::report::palette::Role;
use crate::report::scene::{Part, Scene};
use crate::source::{FileId, Place};

fn scene_of(fixture: &Fixture) -> Scene {
    fixture.scene()
}

fn push(fixture: &mut Fixture, id: &str, shape: &Shape) {
    let items = fixture.data.items_mut(FARMLAND);
    let values = [Value::Text(id.into())];
    items.push(id, Place::file(FileId(0)), None, values, GeometryState::Valid, Some(shape.view()));
}

/// Ground with a ragged outline of `count` vertices around the middle of the fixture's parcels.
fn ragged(count: usize, radius_m: f64) -> Shape {
    let mut ring: Vec<Coord> = (0..count)
        .map(|at| {
            let angle = std::f64::consts::TAU * at as f64 / count as f64;
            let radius = radius_m * (1.0 + 0.001 * ((at * 7919 % 1000) as f64 / 1000.0));
            // The outline passes through the parcels.
            Coord { x: 39_500_050.0 + radius_m + radius * angle.cos(), y: 3_300_050.0 + radius * angle.sin() }
        })
        .collect();
    ring.push(ring[0]);
    let mut shape = Shape::empty(Kind::Polygon);
    shape.push_ring(ring);
    shape.end_part();
    shape
}

#[test]
fn the_scene_holds_what_findings_are_about_and_what_they_met() {
    let mut fixture = Fixture::new();
    push(&mut fixture, "F-13", &rectangle(120.0, 0.0, 30.0, 30.0));
    push(&mut fixture, "F-far", &rectangle(9_000.0, 0.0, 30.0, 30.0));
    let scene = scene_of(&fixture);
    let mut out = String::new();
    for layer in &scene.layers {
        let _ = writeln!(out, "{} · {} · {:?}", layer.named.name, layer.named.text.zh, layer.role);
        for feature in &layer.features {
            let _ =
                writeln!(out, "  {} {:?}, {} vertices", feature.id, feature.part, feature.shape.view().coords().len());
        }
    }
    insta::assert_snapshot!(out);
    let (layer, feature) = scene.find("parcel", "P-07").expect("the subject");
    assert_eq!((layer.role, feature.part), (Role::Parcel, Part::Subject));
    assert!(scene.find("permanent_basic_farmland", "F-far").is_none());
}

#[test]
fn a_line_of_a_million_vertices_gives_a_small_scene_that_is_true_near_findings() {
    let mut fixture = Fixture::new();
    let line = ragged(1_000_000, 50_000.0);
    push(&mut fixture, "F-red", &line);
    let scene = scene_of(&fixture);
    assert!(scene.coord_count() < 20_000, "{} vertices", scene.coord_count());
    let (_, feature) = scene.find("permanent_basic_farmland", "F-red").expect("near");
    assert!(feature.cut && feature.part == Part::Context);
    let ground = rectangle(0.0, 0.0, 100.0, 100.0).view().bounds();
    let inside: Vec<Coord> = line.view().coords().iter().filter(|c| within(c, &ground)).copied().collect();
    assert!(inside.len() > 100);
    let drawn = feature.shape.view();
    for coord in inside {
        let edges = drawn.rings().flat_map(|ring| ring.windows(2));
        let off = edges.map(|edge| distance(coord, edge[0], edge[1])).fold(f64::INFINITY, f64::min);
        assert!(off <= scene.fine_m + 1e-6, "{coord:?} is {off} m off");
    }
}

#[test]
fn what_there_is_no_room_for_is_counted() {
    let mut fixture = Fixture::new();
    for at in 0..7_000 {
        let (x, y) = (f64::from(at % 100), f64::from(at / 100));
        push(&mut fixture, &format!("N-{at}"), &rectangle(x, y, 0.9, 0.9));
    }
    let scene = scene_of(&fixture);
    let farmland = scene.layers.iter().find(|layer| layer.named.name == "permanent_basic_farmland").expect("a layer");
    assert_eq!(farmland.features.len() + farmland.left_out, 7_001);
    assert_eq!(farmland.left_out, 1_000);
    assert_eq!(farmland.features[0].id, "F-12");
}

#[test]
fn too_many_vertices_are_thinned_and_the_tolerance_says_so() {
    let mut fixture = Fixture::new();
    for at in 0..40 {
        push(&mut fixture, &format!("R-{at}"), &ragged(40_000, 60.0 + f64::from(at)));
    }
    let scene = scene_of(&fixture);
    assert!(scene.coord_count() <= 300_000, "{} vertices", scene.coord_count());
    assert!(scene.fine_m <= 2.0, "{} m", scene.fine_m);
}

#[test]
fn without_ground_there_is_no_scene() {
    let mut fixture = Fixture::new();
    let class = fixture.program.schema.class(PARCEL).clone();
    *fixture.data.items_mut(PARCEL) = Items::supplied(&class, Kind::Polygon);
    fixture.results.findings.clear();
    let scene = scene_of(&fixture);
    assert!(scene.window.is_empty() && scene.layers.is_empty());
}

fn within(coord: &Coord, bounds: &BoundingBox) -> bool {
    bounds.min.x <= coord.x && coord.x <= bounds.max.x && bounds.min.y <= coord.y && coord.y <= bounds.max.y
}

fn distance(point: Coord, from: Coord, to: Coord) -> f64 {
    let (along, off) = (to - from, point - from);
    let square = along.x * along.x + along.y * along.y;
    let share = if square > 0.0 { ((off.x * along.x + off.y * along.y) / square).clamp(0.0, 1.0) } else { 0.0 };
    (off.x - share * along.x).hypot(off.y - share * along.y)
}
