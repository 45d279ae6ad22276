//! What a data file holds: read once for its fields and once for its shapes, without rules.
//!
//! Nothing is assumed of the fields; the schema of rule packs only tells which of its layers the file may be, and which code lists its
//! values are of.

mod fields;
mod folder;
mod ground;
mod matches;
mod pieces;

use std::path::Path;

pub use folder::{FolderView, LayerGuess, RecordGuess, survey_folder};
use matches::matches;
pub(super) use matches::stem;

use super::error::ReadError;
use super::form::Spanned;
use super::formats::{self, Format, Source};
use super::layer::{LayerRead, read_layers};
use super::manifest::LayerSpec;
use super::workspace::Workspace;
use crate::diagnostic::{Severity, Text};
use crate::geometry::crs::{Crs, presumed, to_lonlat, zone_at};
use crate::geometry::{BoundingBox, Kind};
use crate::model::{Class, ClassId, ClassKind, Field, FieldId, GeometryState, Inspection, Names, Schema, Type};
use crate::source::{FileId, Files, Span};
use fields::FieldCounts;

/// The system that coordinates are read in where nothing tells another; areas of such a file mean nothing, and it is said.
const NOWHERE: u32 = 4527;

/// Looks at one layer of a file: its fields, kinds and system, and what it may be; shapes are not looked at, which takes one pass.
/// Beside it, the first of what is so wrong with the file that some of it was not read.
///
/// # Errors
/// If nothing of the file can be read.
pub(super) fn survey(
    workspace: &Workspace,
    path: &Path,
    layer: Option<&str>,
    encoding: Option<&str>,
    schema: &Schema,
) -> Result<(Inspection, Option<Text>), ReadError> {
    let failed = |cause| ReadError::new(path, cause);
    let format = Format::detect(workspace, path, None).map_err(failed)?;
    let mut source = Source { workspace, path, layer, encoding, assumed: None, wanted: None };
    let (rest, counts, boxes, kinds, features, empty, named) = loop {
        let mut counts = FieldCounts::default();
        let mut boxes: Vec<BoundingBox> = Vec::new();
        let mut kinds = [(Kind::Point, 0, 0), (Kind::Line, 0, 0), (Kind::Polygon, 0, 0)];
        let (mut features, mut empty, mut named) = (0, 0, 0);
        let read = formats::read(format, &source, &mut |feature| {
            features += 1;
            named += u64::from(feature.id.is_some());
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
            Ok(rest) => break (rest, counts, boxes, kinds, features, empty, named),
            Err(cause) => source.assume(cause).map_err(failed)?,
        }
    };
    let name = path.to_string_lossy().replace('\\', "/");
    let fields = counts.finish(schema);
    // GeoJSON has a member for ids beside the properties.
    let id =
        format.id_property().filter(|id| fields.iter().any(|field| field.name == *id)).or((named > 0).then_some("id"));
    let (kind, ..) = kinds.iter().max_by_key(|(_, count, _)| *count).copied().unwrap_or((Kind::Polygon, 0, 0));
    let stated = rest.crs.as_deref().and_then(|stated| Crs::parse(stated).ok());
    let crs = stated.or_else(|| rest.crs.is_none().then(|| presumed(nowhere(), boxes.iter().copied()).0));
    let fault = rest.remarks.into_iter().find(|remark| remark.severity >= Severity::Error).map(|remark| remark.text);
    let found = Inspection {
        layer: layer.map(str::to_owned),
        format: format.name(),
        encoding: rest.encoding,
        features,
        empty,
        kinds: kinds.into_iter().filter(|(_, count, _)| *count > 0).collect(),
        stated_crs: rest.crs,
        crs: crs.map(|crs| (crs.epsg(), crs.name())),
        bounds: boxes.into_iter().reduce(|all, one| all.merged(&one)),
        matches: matches(schema, stem(&name, layer), kind, &fields, id),
        areas: None,
        coverage: None,
        unusable: 0,
        fields,
        issues: Vec::new(),
        path: name,
    };
    Ok((found, fault))
}

/// Looks at one layer of a file with all that is in it; `schema` is that of the rule packs at hand.
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
    let (mut found, _) = survey(workspace, path, layer, encoding, schema)?;
    let crs = found.crs.as_ref().and_then(|(code, _)| Crs::from_epsg(*code));
    let target = plane(crs, found.bounds);
    let (bare, class) = bare_schema();
    let mut spec = LayerSpec::of(spanned("layer"), spanned(&found.path));
    spec.path = spanned(&found.path);
    spec.inner = layer.map(str::to_owned);
    spec.encoding = encoding.map(spanned);
    let mut read = read_layers(workspace, &[(&spec, class)], &bare, target, files, &|_| {});
    let Some(LayerRead { items, issues, inputs }) = read.pop() else { return Ok(found) };
    found.crs = inputs.first().and_then(|input| input.crs).and_then(Crs::from_epsg).map(|crs| (crs.epsg(), crs.name()));
    if items.store().kind() == Kind::Polygon && !items.is_empty() {
        let stated = bare.class(class).fields.get(AREA.0 as usize);
        let name = stated.and_then(|field| matches::of_field(field, &found.fields));
        found.areas = Some(ground::areas(&items, AREA, name, target));
        found.coverage = ground::coverage(&items);
    }
    let invalid = |item: &u32| matches!(items.geometry_state(*item), GeometryState::Invalid(_));
    found.unusable = (0..items.len() as u32).filter(invalid).count() as u64;
    found.issues = issues;
    Ok(found)
}

/// Returns the system that is tried where coordinates tell none.
fn nowhere() -> Crs {
    Crs::from_epsg(NOWHERE).unwrap_or(Crs::CGCS2000)
}

/// Returns the plane system in which shapes of a file are looked at.
fn plane(crs: Option<Crs>, bounds: Option<BoundingBox>) -> Crs {
    match crs {
        Some(crs) if crs.is_metric_plane() => crs,
        Some(crs) => {
            let middle = bounds.map(|area| (area.min + area.max) / 2.0);
            let lonlat = middle.and_then(|middle| to_lonlat(crs, middle));
            lonlat.and_then(|lonlat| zone_at(lonlat.x)).unwrap_or_else(nowhere)
        }
        None => nowhere(),
    }
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
