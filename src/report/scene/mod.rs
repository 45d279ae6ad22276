//! What a map draws beside the findings: put together once, for the map page, the pictures, the maps in documents and the GIS layers.
//!
//! A scene holds the subjects of the findings, the features that they met, and what lies around them, each layer with its names, its role and
//! its style. It is small whatever the data are: a feature that reaches far is cut to the window, vertices are thinned to a tolerance that
//! is fine near findings and coarse elsewhere, and the number of features and of vertices is bounded; what is left out is counted.
//! The order is that of the schema and of the data.

mod near;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::assemble::named;
use super::palette::{Coloured, Rgb, Role, Style};
use super::result::Named;
use crate::engine::finding::{Bound, Results};
use crate::geometry::{self, BoundingBox, Shape, ShapeRef, overlay};
use crate::model::{Class, ClassId, Dataset, ItemRef, Schema, Value};
use crate::sema::program::Program;

use self::near::Near;

/// The tolerance near findings in metres: less than a plate shows.
const FINE_M: f64 = 0.05;

/// The tolerance elsewhere, as a share of the window's longer side: less than a map of the whole shows.
const COARSE: f64 = 1.0 / 4000.0;

/// How far around a finding counts as near: at least so many metres, and this share of its size.
const NEAR_M: f64 = 60.0;
const NEAR_SHARE: f64 = 0.5;

/// How far the window reaches beyond all findings, as a share of their extent; at least four times [`NEAR_M`].
const WINDOW_SHARE: f64 = 0.25;

/// Shapes with no more vertices than these are not cut to the window.
const SMALL: usize = 500;

/// The most subjects and features met, and the most features around them.
const MAX_BOUND: usize = 20_000;
const MAX_CONTEXT: usize = 6_000;

/// The most vertices; beyond, tolerances are doubled until it fits.
const MAX_COORDS: usize = 300_000;

/// Why a feature is in the scene; the order is that of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A finding is about it.
    Subject,
    /// A subject met it, or a finding names it.
    Bound,
    /// It lies near a finding.
    Context,
}

/// All that is drawn beside findings.
#[derive(Debug, Clone)]
pub struct Scene {
    /// What the map shows; empty without ground.
    pub window: BoundingBox,
    /// No line near a finding is farther than this from the data, in metres.
    pub fine_m: f64,
    /// No line elsewhere in the window is farther than this from the data, in metres.
    pub coarse_m: f64,
    /// The layers, in the order in which they are drawn.
    pub layers: Vec<Layer>,
    /// Where each feature is: its layer and number there.
    places: HashMap<(String, String), (usize, usize)>,
}

/// One layer of the scene.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Its names; `name` is what findings call it.
    pub named: Named,
    /// What it is to a planner.
    pub role: Role,
    /// How it is drawn.
    pub style: Style,
    /// The features, in the order of the data.
    pub features: Vec<Feature>,
    /// How many features near findings there was no room for, or which are smaller than the tolerance.
    pub left_out: usize,
}

/// One feature of the scene.
#[derive(Debug, Clone)]
pub struct Feature {
    /// The id that findings name.
    pub id: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Why it is there.
    pub part: Part,
    /// Its code of land use, survey class or zone, if it has one.
    pub code: Option<String>,
    /// The colour of that code.
    pub fill: Option<Rgb>,
    /// Its shape, thinned.
    pub shape: Shape,
    /// The box around the shape.
    pub bounds: BoundingBox,
    /// Whether the window cuts it: its border there is none of its own.
    pub cut: bool,
}

impl Scene {
    /// Finds a feature by what findings call it.
    pub fn find(&self, layer: &str, id: &str) -> Option<(&Layer, &Feature)> {
        let (at, feature) = *self.places.get(&(layer.to_owned(), id.to_owned()))?;
        Some((&self.layers[at], &self.layers[at].features[feature]))
    }

    /// Returns the features that may show in a box, in the order in which they are drawn.
    pub fn within(&self, bounds: BoundingBox) -> impl Iterator<Item = (&Layer, &Feature)> {
        self.layers.iter().flat_map(move |layer| {
            let inside = layer.features.iter().filter(move |feature| feature.bounds.intersects(&bounds));
            inside.map(move |feature| (layer, feature))
        })
    }

    /// Returns how many vertices there are.
    pub fn coord_count(&self) -> usize {
        self.layers.iter().flat_map(|layer| &layer.features).map(|feature| feature.shape.view().coords().len()).sum()
    }
}

/// Where findings lie, and what they name: what a scene is drawn around.
pub struct Findspots {
    /// Every item that a finding is about, names or met.
    bound: BTreeMap<ItemRef, Part>,
    /// The box of every finding that has ground.
    boxes: Vec<BoundingBox>,
}

impl Findspots {
    /// Gathers them from what was found.
    pub fn of(program: &Program, data: &Dataset, results: &Results) -> Self {
        let schema = &program.schema;
        Findspots { bound: bound(schema, data, results), boxes: boxes(schema, data, results) }
    }
}

/// Puts together the scene of a check.
pub fn scene(program: &Program, data: &Dataset, findspots: &Findspots) -> Scene {
    let schema = &program.schema;
    let Findspots { bound, boxes } = findspots;
    let around = boxes.iter().fold(BoundingBox::EMPTY, |all, bounds| all.merged(bounds));
    if around.is_empty() {
        return Scene { window: around, fine_m: 0.0, coarse_m: 0.0, layers: Vec::new(), places: HashMap::new() };
    }
    let window = around.grown((side(&around) * WINDOW_SHARE).max(4.0 * NEAR_M));
    let coarse = (side(&window) * COARSE).max(FINE_M);
    let near = Near::new(window, boxes.iter().map(|bounds| bounds.grown(reach(bounds))));
    let mut found = Collector { schema, data, near: &near, window, coarse, bound, room: MAX_CONTEXT };
    let mut classes: Vec<ClassId> = schema.class_ids().filter(|class| found.drawable(*class)).collect();
    // Control lines are more to the point than the survey; that order settles who gets the room, too.
    classes.sort_by_key(|class| std::cmp::Reverse(Role::of(&schema.class(*class).names)));
    let mut layers: Vec<Layer> = classes.into_iter().map(|class| found.layer(class)).collect();
    layers.retain(|layer| !layer.features.is_empty() || layer.left_out > 0);
    layers.reverse();
    let mut scene = Scene { window, fine_m: FINE_M, coarse_m: coarse, layers, places: HashMap::new() };
    thin(&mut scene, &near);
    scene.places = places(&scene.layers);
    scene
}

fn side(bounds: &BoundingBox) -> f64 {
    (bounds.max.x - bounds.min.x).max(bounds.max.y - bounds.min.y)
}

fn reach(bounds: &BoundingBox) -> f64 {
    (side(bounds) * NEAR_SHARE).max(NEAR_M)
}

fn places(layers: &[Layer]) -> HashMap<(String, String), (usize, usize)> {
    let features = layers.iter().enumerate().flat_map(|(at, layer)| {
        layer.features.iter().enumerate().map(move |(feature, one)| {
            let key = (layer.named.name.clone(), one.id.clone());
            (key, (at, feature))
        })
    });
    features.collect()
}

/// Returns every item that a finding is about, names or met.
fn bound(schema: &Schema, data: &Dataset, results: &Results) -> BTreeMap<ItemRef, Part> {
    let mut found = BTreeMap::new();
    let mut note = |item: ItemRef, part: Part| {
        let has_ground = shape_of(schema, data, item).is_some();
        if has_ground {
            let known = found.entry(item).or_insert(part);
            *known = part.min(*known);
        }
    };
    for finding in &results.findings {
        for (at, bound) in finding.bindings.iter().enumerate() {
            if let Bound::Item(item) = bound {
                note(*item, if at == 0 { Part::Subject } else { Part::Bound });
            }
        }
        finding.evidence.iter().filter_map(|piece| piece.feature).for_each(|item| note(item, Part::Bound));
    }
    found
}

/// Returns the box of every finding that has ground: its evidence and its subject.
fn boxes(schema: &Schema, data: &Dataset, results: &Results) -> Vec<BoundingBox> {
    let of = |finding: &crate::engine::finding::Finding| {
        let ground = finding.evidence.iter().fold(BoundingBox::EMPTY, |all, piece| all.merged(&piece.bounds));
        let subject = match finding.bindings.first() {
            Some(Bound::Item(item)) => shape_of(schema, data, *item).map(|shape| shape.bounds()),
            Some(Bound::Code(_) | Bound::Enum(..) | Bound::Position(_) | Bound::Unknown) | None => None,
        };
        subject.map_or(ground, |subject| ground.merged(&subject))
    };
    results.findings.iter().map(of).filter(|bounds| !bounds.is_empty()).collect()
}

/// Returns the shape of a feature, or of a record that holds one.
fn shape_of<'d>(schema: &Schema, data: &'d Dataset, item: ItemRef) -> Option<ShapeRef<'d>> {
    let items = data.items(item.class);
    let own = items.shape(item.index);
    if !own.is_empty() {
        return Some(own);
    }
    let fields = 0..schema.class(item.class).fields.len() as u16;
    let shape = |field| items.shape_in(item.index, crate::model::FieldId(field)).filter(|shape| !shape.is_empty());
    fields.into_iter().find_map(shape)
}

/// Gathers the features of one class after another.
struct Collector<'a> {
    schema: &'a Schema,
    data: &'a Dataset,
    near: &'a Near,
    window: BoundingBox,
    coarse: f64,
    bound: &'a BTreeMap<ItemRef, Part>,
    /// How many features of the context there is room for.
    room: usize,
}

impl Collector<'_> {
    /// Tells whether a class has ground to draw: layers, and records that a finding is about.
    fn drawable(&self, class: ClassId) -> bool {
        self.data.items(class).supplied && self.schema.class(class).is_layer() || self.of_class(class).next().is_some()
    }

    fn of_class(&self, class: ClassId) -> impl Iterator<Item = (u32, Part)> + '_ {
        let (first, last) = (ItemRef { class, index: 0 }, ItemRef { class, index: u32::MAX });
        self.bound.range(first..=last).map(|(item, part)| (item.index, *part))
    }

    fn layer(&mut self, id: ClassId) -> Layer {
        let class = self.schema.class(id);
        let role = Role::of(&class.names);
        let coloured = Coloured::by(self.schema, class);
        let name = class.field("name").or_else(|| class.field("名称"));
        let wanted = self.wanted(id, class);
        let mut layer =
            Layer { named: named(&class.names), role, style: role.style(), features: Vec::new(), left_out: wanted.1 };
        let of = |&(index, part): &(u32, Part)| (index, part, self.drawn(ItemRef { class: id, index }));
        let drawn: Vec<_> = wanted.0.par_iter().map(of).collect();
        for (index, part, drawn) in drawn {
            let item = ItemRef { class: id, index };
            let Some((shape, cut)) = drawn else {
                layer.left_out += 1;
                continue;
            };
            let code = coloured.and_then(|coloured| match self.data.value(item, coloured.field()) {
                Value::Code(code) => Some(coloured.colour(self.schema, code)),
                _ => None,
            });
            let (code, fill) = code.map_or((None, None), |(code, fill)| (Some(code), fill));
            let fill = fill.filter(|_| role.is_coloured_by_code());
            let name = name.and_then(|name| match self.data.value(item, name) {
                Value::Text(text) => Some(text.to_string()),
                _ => None,
            });
            let id = self.data.items(id).id(index).to_string();
            let bounds = shape.view().bounds();
            layer.features.push(Feature { id, name, part, code, fill, shape, bounds, cut });
        }
        layer
    }

    /// Returns the items of a class that are drawn, in the order of the data, and how many there is no room for.
    fn wanted(&mut self, id: ClassId, class: &Class) -> (Vec<(u32, Part)>, usize) {
        let all: Vec<(u32, Part)> = self.of_class(id).collect();
        let mut left_out = all.len().saturating_sub(MAX_BOUND);
        let mut wanted: BTreeMap<u32, Part> = all.into_iter().take(MAX_BOUND).collect();
        if class.is_layer() {
            let store = self.data.items(id).store();
            for index in 0..store.len() {
                let bounds = store.bounds(index);
                if bounds.is_empty() || wanted.contains_key(&(index as u32)) || !self.near.meets(&bounds) {
                    continue;
                }
                if self.room == 0 {
                    left_out += 1;
                    continue;
                }
                self.room -= 1;
                wanted.insert(index as u32, Part::Context);
            }
        }
        (wanted.into_iter().collect(), left_out)
    }

    /// Returns the shape of an item as it is drawn, and whether the window cuts it; `None` where nothing is left.
    fn drawn(&self, item: ItemRef) -> Option<(Shape, bool)> {
        let whole = shape_of(self.schema, self.data, item)?;
        let bounds = whole.bounds();
        let reaches_out = bounds.common(&self.window) != bounds;
        let cut = reaches_out && whole.coords().len() > SMALL;
        let inside = cut.then(|| overlay::intersection(whole, Shape::rectangle(&self.window).view()));
        let shape = inside.as_ref().map_or(whole, Shape::view);
        let thinned = geometry::simplified(shape, &|bounds| self.near.tolerance(bounds, FINE_M, self.coarse));
        (!thinned.is_empty()).then_some((thinned, cut))
    }
}

/// Widens the tolerances until the vertices are few enough. What was thinned before is thinned again, so that the tolerances add up.
fn thin(scene: &mut Scene, near: &Near) {
    let (mut fine, mut coarse) = (FINE_M, scene.coarse_m);
    let widest = side(&scene.window);
    while scene.coord_count() > MAX_COORDS && fine < widest {
        // Boundaries seldom lose more than half of their vertices to twice the tolerance: so many times as wide is hardly too wide.
        let times = (1 << (scene.coord_count() / MAX_COORDS).max(2).ilog2()) as f64;
        (fine, coarse) = (fine * times, coarse * times);
        (scene.fine_m, scene.coarse_m) = (scene.fine_m + fine, scene.coarse_m + coarse);
        for layer in &mut scene.layers {
            let before = layer.features.len();
            layer.features.par_iter_mut().for_each(|feature| {
                let shape = geometry::simplified(feature.shape.view(), &|bounds| near.tolerance(bounds, fine, coarse));
                feature.shape = shape;
            });
            layer.features.retain(|feature| !feature.shape.is_empty());
            layer.left_out += before - layer.features.len();
        }
    }
}
