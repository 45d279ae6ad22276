//! What a data file holds: read once for its fields and once for its shapes, without rules.
//!
//! Nothing is assumed of the fields; the schema of rule packs only tells which of its layers the file may be, and which code lists its
//! values are of.

mod fields;
mod ground;
mod matches;

use std::path::Path;

pub use matches::{matches, stem};

use super::error::{Cause, ReadError};
use super::form::Spanned;
use super::formats::{self, Format, Source};
use super::layer::{LayerRead, read_layers};
use super::manifest::LayerSpec;
use super::workspace::Workspace;
use crate::geometry::crs::{Crs, presumed, to_lonlat, zone_at};
use crate::geometry::{BoundingBox, Kind};
use crate::model::{Class, ClassId, ClassKind, Field, FieldId, GeometryState, Inspection, Names, Schema, Type};
use crate::source::{FileId, Files, Span};
use fields::FieldCounts;

/// The system that coordinates are read in where nothing tells another; areas of such a file mean nothing, and it is said.
const NOWHERE: u32 = 4527;

/// Looks at one layer of a file; `schema` is that of the rule packs at hand.
///
/// # Errors
/// If nothing of the file can be read.
pub fn inspect(
    workspace: &Workspace,
    path: &Path,
    layer: Option<&str>,
    encoding: Option<&str>,
    schema: &Schema,
    files: &mut Files,
) -> Result<Inspection, ReadError> {
    let failed = |cause| ReadError::new(path, cause);
    let head = workspace.head(path, super::layer::HEAD)?;
    let format = Format::of(path, &head, None).map_err(failed)?;
    let mut source = Source { workspace, path, layer, encoding, assumed: None };
    let (rest, counts, boxes, kinds, empty) = loop {
        let mut counts = FieldCounts::default();
        let mut boxes: Vec<BoundingBox> = Vec::new();
        let mut kinds = [(Kind::Point, 0, 0), (Kind::Line, 0, 0), (Kind::Polygon, 0, 0)];
        let mut empty = 0;
        let read = formats::read(format, &source, &mut |feature| {
            counts.take(feature.properties);
            match feature.geometry {
                formats::RawGeometry::Shape => {
                    boxes.extend(feature.shape.bounds());
                    let (_, count, vertices) = &mut kinds[usize::from(feature.shape.kind().dimension())];
                    *count += 1;
                    *vertices += feature.shape.view().coords().len() as u64;
                }
                formats::RawGeometry::None => empty += 1,
                formats::RawGeometry::Collection(_) | formats::RawGeometry::Bad(..) => {}
            }
        });
        match read {
            Ok(rest) => break (rest, counts, boxes, kinds, empty),
            Err(cause) => source.assume(cause).map_err(failed)?,
        }
    };
    let target = target(rest.crs.as_deref(), &boxes);
    let (bare, class) = bare_schema();
    let name = path.to_string_lossy().replace('\\', "/");
    let mut spec = LayerSpec::of(spanned("layer"), spanned(&name));
    spec.path = spanned(&name);
    spec.inner = layer.map(str::to_owned);
    spec.encoding = encoding.map(spanned);
    let mut read = read_layers(workspace, &[(&spec, class)], &bare, target, files, &|_| {});
    let Some(LayerRead { items, issues, inputs }) = read.pop() else {
        return Err(failed(Cause::NotAFile));
    };
    let crs = inputs.first().and_then(|input| input.crs).and_then(Crs::from_epsg);
    let fields = counts.finish(schema);
    let polygons = items.store().kind() == Kind::Polygon && !items.is_empty();
    let area_name = bare.class(class).fields.get(AREA.0 as usize).and_then(|field| matches::of_field(field, &fields));
    let unusable =
        (0..items.len() as u32).filter(|&item| matches!(items.geometry_state(item), GeometryState::Invalid(_)));
    Ok(Inspection {
        path: name.clone(),
        layer: layer.map(str::to_owned),
        format: format.name(),
        encoding: rest.encoding,
        features: items.len() as u64,
        empty,
        kinds: kinds.into_iter().filter(|(_, count, _)| *count > 0).collect(),
        stated_crs: rest.crs,
        crs: crs.map(|crs| (crs.epsg(), crs.name())),
        bounds: boxes.into_iter().reduce(|all, one| all.merged(&one)),
        matches: matches(schema, stem(&name, layer), items.store().kind(), &fields),
        areas: polygons.then(|| ground::areas(&items, AREA, area_name, target)),
        coverage: polygons.then(|| ground::coverage(&items)).flatten(),
        unusable: unusable.count() as u64,
        fields,
        issues,
    })
}

/// Returns the plane system in which areas of the file are measured.
fn target(stated: Option<&str>, boxes: &[BoundingBox]) -> Crs {
    let nowhere = Crs::from_epsg(NOWHERE).unwrap_or(Crs::CGCS2000);
    let crs = stated.and_then(|stated| Crs::parse(stated).ok()).unwrap_or_else(|| presumed(nowhere, boxes).0);
    if crs.is_metric_plane() {
        return crs;
    }
    let middle = boxes.first().map(|area| (area.min + area.max) / 2.0);
    let lonlat = middle.and_then(|middle| to_lonlat(crs, middle));
    lonlat.and_then(|lonlat| zone_at(lonlat.x)).unwrap_or(nowhere)
}

/// The field of [`bare_schema`] that states areas.
const AREA: FieldId = FieldId(1);
/// Names of fields that tell features apart, the likeliest first.
const ID_FIELDS: [&str; 5] = ["BSM", "DKBH", "地块编号", "标识码", "fid"];
/// Names of fields that state areas, the likeliest first.
const AREA_FIELDS: [&str; 6] = ["TBMJ", "YJJBNTTBMJ", "YDMJ", "MJ", "地块面积", "面积"];

/// Returns a schema of one layer of anything, whose features have an id and a stated area where their files give them.
fn bare_schema() -> (Schema, ClassId) {
    let field = |name: &str, second: &str, aliases: &[&str]| Field {
        names: Names { name: name.into(), second: Some(second.into()) },
        ty: Type::Text,
        optional: true,
        aliases: aliases.iter().map(|&alias| alias.into()).collect(),
        missing: Vec::new(),
        computed: false,
        limit: None,
        span: None,
    };
    let mut schema = Schema::default();
    schema.classes.push(Class {
        names: Names { name: "layer".into(), second: Some("图层".into()) },
        kind: ClassKind::Layer(None),
        aliases: Vec::new(),
        fields: vec![field("id", "编号", &ID_FIELDS), field("stated_area", "登记面积", &AREA_FIELDS)],
        span: None,
    });
    let class = ClassId(schema.classes.len() as u16 - 1);
    (schema, class)
}

fn spanned(text: &str) -> Spanned<String> {
    Spanned { value: text.to_owned(), span: Span::new(FileId(0), 0, 0) }
}
