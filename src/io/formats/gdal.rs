//! File Geodatabases, drawings and what else the GDAL library reads, where this program was built with it (feature `gdal`).
//!
//! Files are local, their drivers few and named: those that follow references to other files or to the network are none of them. Shapes come
//! as well-known binary and are read like any; arcs that a driver draws itself are drawn as finely. A feature's place is its FID.

use std::fs;
use std::path::{Path, PathBuf};

use gdal::vector::{Feature, LayerAccess, OGRFieldType};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags, config};
use sha2::{Digest, Sha256};

use super::rings::SAGITTA;
use super::wkb::WkbReader;
use super::{Held, RawFeature, RawGeometry, Rest, Source, choose, curves_drawn, extension, system};
use crate::geometry::Kind;
use crate::geometry::crs::Crs;
use crate::geometry::validity::RawShape;
use crate::io::error::Cause;
use crate::io::limits::{FEATURES, PROPERTIES};
use crate::io::node::{Data, Node};
use crate::io::workspace::{Workspace, hex};
use crate::model::ColumnKind;
use crate::source::Location;
use crate::text;

/// The extensions that are read, and the driver of each.
const DRIVERS: [(&str, &str); 5] =
    [("gdb", "OpenFileGDB"), ("dxf", "DXF"), ("dwg", "CAD"), ("mif", "MapInfo File"), ("kml", "KML")];

/// The radius up to which an arc that a driver draws is divided by angle, and from which on by length, in metres: both keep the sagitta.
const RADIUS: f64 = 100.0;

/// Tells whether files of an extension are read.
pub(super) fn reads(extension: &str) -> bool {
    DRIVERS.iter().any(|(known, _)| *known == extension)
}

/// Returns the names of a file's layers.
///
/// # Errors
/// If GDAL cannot open it.
pub(super) fn layers(workspace: &Workspace, path: &Path) -> Result<Vec<String>, Cause> {
    Ok(open(workspace, path)?.0.layers().map(|layer| layer.name()).collect())
}

/// Reads all features of a layer in order, as far as they can be read.
///
/// # Errors
/// If GDAL cannot open the file, or which layer is meant cannot be told.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let (dataset, files) = open(source.workspace, source.path)?;
    let names: Vec<String> = dataset.layers().map(|layer| layer.name()).collect();
    let answers = |name: &String| match source.layer {
        None => true,
        Some(wanted) => name.to_lowercase() == wanted.to_lowercase(),
    };
    let chosen: Vec<usize> = (0..names.len()).filter(|&at| answers(&names[at])).collect();
    let [chosen] = chosen[..] else {
        return Err(choose(source, Held::Layers, &names.iter().map(String::as_str).collect::<Vec<_>>()));
    };
    let mut layer = dataset.layer(chosen).map_err(|error| refused(&error))?;
    let fields: Vec<Field> = layer
        .defn()
        .fields()
        .take(PROPERTIES)
        .map(|field| Field { name: field.name(), kind: field.field_type() })
        .collect();
    let mut rest = Rest { encoding: "UTF-8", sha256: Some(hash(&files)?), crs: crs(&layer), ..Rest::default() };
    rest.columns = fields.iter().map(|field| (field.name.clone(), Some(field.holds()))).collect();
    let announced = layer.try_feature_count().unwrap_or(0);
    // Only a database counts its features from one, as its users do.
    let has_keys = extension(source.path) == "gdb";
    let mut reader = Reader { wkb: WkbReader::default(), raw: RawShape::new(Kind::Polygon), count: 0, has_keys };
    for found in layer.features() {
        if reader.count >= FEATURES as u64 {
            let text = text!(en: "more than the limit of {FEATURES} features", zh: "要素超过 {FEATURES} 个的上限");
            rest.break_off(reader.count, &text);
            return Ok(rest);
        }
        reader.take(&found, &fields, feature);
    }
    if reader.count < announced {
        let text = text!(en: "the file announces {announced} features", zh: "文件写明有 {announced} 个要素");
        rest.break_off(reader.count, &text);
    }
    if reader.wkb.curved > 0 {
        rest.remarks.push(curves_drawn(reader.wkb.curved));
    }
    rest.heights = reader.wkb.heights;
    Ok(rest)
}

/// Opens a file with its driver; gives it and all files that it is made of.
fn open(workspace: &Workspace, path: &Path) -> Result<(Dataset, Vec<PathBuf>), Cause> {
    let end = extension(path);
    let (_, driver) = DRIVERS.iter().find(|(known, _)| *known == end).ok_or(Cause::NotAFile)?;
    let (real, files) = if end == "gdb" {
        let folder = workspace.folder(path).map_err(|error| error.cause)?;
        let files = files_of(&folder)?;
        (folder, files)
    } else {
        let file = workspace.resolve(path).map_err(|error| error.cause)?;
        (file.clone(), vec![file])
    };
    // What goes wrong comes back as an error; nothing is written to the terminal.
    config::set_error_handler(|_, _, _| ());
    let angle = (8.0 * SAGITTA / RADIUS).sqrt();
    for (key, value) in [
        ("OGR_ARC_STEPSIZE", angle.to_degrees().to_string()),
        ("OGR_ARC_MAX_GAP", (angle * RADIUS).to_string()),
        ("DXF_CLOSED_LINE_AS_POLYGON", "TRUE".to_owned()),
        ("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR".to_owned()),
        ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{none}".to_owned()),
    ] {
        if end != "gdb" || key != "GDAL_DISABLE_READDIR_ON_OPEN" {
            config::set_thread_local_config_option(key, &value).map_err(|error| refused(&error))?;
        }
    }
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
        allowed_drivers: Some(&[driver]),
        ..DatasetOptions::default()
    };
    Dataset::open_ex(&real, options).map(|dataset| (dataset, files)).map_err(|error| refused(&error))
}

/// Returns the files of a folder in order; a link among them may lead anywhere.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Cause> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(system)? {
        let entry = entry.map_err(system)?;
        let kind = entry.file_type().map_err(system)?;
        if kind.is_symlink() {
            return Err(Cause::LinkOutside);
        }
        // What a program that has it open left there tells nothing.
        if kind.is_file() && extension(&entry.path()) != "lock" {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the SHA-256 of files one after the other, in hexadecimal.
fn hash(files: &[PathBuf]) -> Result<String, Cause> {
    let mut hash = Sha256::new();
    for path in files {
        #[expect(clippy::disallowed_methods, reason = "the workspace has settled where the files lie")]
        let mut file = fs::File::open(path).map_err(system)?;
        std::io::copy(&mut file, &mut hash).map_err(system)?;
    }
    Ok(hex(&hash.finalize()))
}

fn refused(error: &gdal::errors::GdalError) -> Cause {
    let why = crate::io::convert::shortened(&error.to_string());
    Cause::Broken(text!(en: "GDAL cannot read it ({why})", zh: "GDAL 无法读取（{why}）"))
}

/// Returns the coordinate system of a layer: its code, else its definition.
fn crs<L: LayerAccess>(layer: &L) -> Option<String> {
    let system = layer.spatial_ref()?;
    let by_code = system.authority().ok().filter(|code| Crs::parse(code).is_ok());
    by_code.or_else(|| system.to_wkt().ok()).filter(|text| !text.is_empty())
}

/// A column of a layer.
struct Field {
    name: String,
    kind: OGRFieldType::Type,
}

impl Field {
    fn holds(&self) -> ColumnKind {
        match self.kind {
            OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => ColumnKind::Integer,
            OGRFieldType::OFTReal => ColumnKind::Number,
            OGRFieldType::OFTDate => ColumnKind::Date,
            _ => ColumnKind::Text,
        }
    }

    /// Returns the value of a feature, the `at`-th of its fields from 0.
    fn value(&self, feature: &Feature<'_>, at: usize) -> Data<'static> {
        let text = |text: String| Data::Scalar(text.into());
        let value = match self.kind {
            OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => {
                feature.field_as_integer64(at).ok().flatten().map(|number| text(number.to_string()))
            }
            OGRFieldType::OFTReal => feature.field_as_double(at).ok().flatten().map(super::number),
            OGRFieldType::OFTDate => {
                feature.field_as_datetime(at).ok().flatten().map(|day| text(day.date_naive().to_string()))
            }
            OGRFieldType::OFTDateTime => {
                let moment = feature.field_as_datetime(at).ok().flatten();
                moment.map(|moment| text(moment.naive_local().format("%Y-%m-%dT%H:%M:%S").to_string()))
            }
            OGRFieldType::OFTBinary => None,
            _ => feature.field_as_string(at).ok().flatten().map(text),
        };
        value.unwrap_or(Data::Null)
    }
}

struct Reader {
    wkb: WkbReader,
    raw: RawShape,
    count: u64,
    has_keys: bool,
}

impl Reader {
    fn take(&mut self, found: &Feature<'_>, fields: &[Field], feature: &mut dyn FnMut(RawFeature<'_>)) {
        self.count += 1;
        let key = found.fid().filter(|_| self.has_keys);
        let record = u32::try_from(key.unwrap_or(self.count)).unwrap_or(u32::MAX);
        let geometry = match found.geometry() {
            Some(geometry) if !geometry.is_empty() => match geometry.wkb() {
                Ok(bytes) => self.wkb.read(&bytes, &mut self.raw),
                Err(_) => {
                    RawGeometry::Bad(text!(en: "the shape is of a kind that is not read", zh: "图形类型不能读取"), 0)
                }
            },
            Some(_) | None => RawGeometry::None,
        };
        let properties: Vec<(Node<'_>, Node<'_>)> = fields
            .iter()
            .enumerate()
            .map(|(at, field)| {
                let place = at + 1;
                let value = Node { data: field.value(found, at), start: place, end: place };
                (Node::scalar(field.name.as_str(), place, place), value)
            })
            .collect();
        feature(RawFeature {
            location: Location { line: record, column: 0 },
            locate: &|column| Location { line: record, column: column as u32 },
            id: key.map(|key| Node::scalar(key.to_string(), 0, 0)),
            properties: &properties,
            geometry,
            shape: &self.raw,
        });
    }
}

#[cfg(test)]
mod tests {
    use gdal::DriverManager;
    use gdal::spatial_ref::SpatialRef;
    use gdal::vector::{FieldDefn, Geometry, LayerOptions, OGRwkbGeometryType};

    use super::*;
    use crate::geometry::Coord;
    use crate::io::formats::Format;

    /// What a layer gave: each feature's place, values and rings, and what the file says of itself.
    struct Told {
        features: Vec<(u32, String, Vec<Vec<Coord>>)>,
        rest: Rest,
    }

    fn told(folder: &Path, name: &str, layer: Option<&str>) -> Result<Told, Cause> {
        let workspace = Workspace::open(folder).map_err(|error| error.cause)?;
        let path = Path::new(name);
        assert_eq!(Format::detect(&workspace, path, None)?, Format::Gdal);
        let source = Source { workspace: &workspace, path, layer, encoding: None, assumed: None, wanted: None };
        let mut features = Vec::new();
        let rest = read(&source, &mut |feature| {
            let values = feature.properties.iter().map(|(name, value)| format!("{}={}", name.shown(), value.shown()));
            let rings = feature.shape.view().rings().map(<[Coord]>::to_vec).collect();
            features.push((feature.location.line, values.collect::<Vec<_>>().join(" "), rings));
        })?;
        Ok(Told { features, rest })
    }

    /// Writes a geodatabase of two layers, one of them with an arc.
    fn geodatabase(path: &Path) {
        let driver = DriverManager::get_driver_by_name("OpenFileGDB").unwrap();
        let mut made = driver.create_vector_only(path).unwrap();
        let system = SpatialRef::from_epsg(4527).unwrap();
        for (name, text) in [
            ("DLTB", "MULTIPOLYGON (((39400000 3290000, 39400100 3290000, 39400100 3290100, 39400000 3290000)))"),
            ("YJJBNT", "CURVEPOLYGON (CIRCULARSTRING (39400000 3290000, 39400100 3290000, 39400000 3290000))"),
        ] {
            let ty =
                if name == "DLTB" { OGRwkbGeometryType::wkbMultiPolygon } else { OGRwkbGeometryType::wkbMultiSurface };
            let layer = made.create_layer(LayerOptions { name, srs: Some(&system), ty, options: None }).unwrap();
            for (field, kind) in [
                ("DLBM", OGRFieldType::OFTString),
                ("图斑面积", OGRFieldType::OFTReal),
                ("GDDB", OGRFieldType::OFTInteger),
                ("PZSJ", OGRFieldType::OFTDateTime),
            ] {
                FieldDefn::new(field, kind).unwrap().add_to_layer(&layer).unwrap();
            }
            for filled in [true, false] {
                let mut feature = Feature::new(layer.defn()).unwrap();
                feature.set_geometry(Geometry::from_wkt(text).unwrap()).unwrap();
                feature.set_field_string(0, "0101").unwrap();
                if filled {
                    feature.set_field_double(1, 5000.25).unwrap();
                    feature.set_field_integer(2, 7).unwrap();
                    feature.set_field_string(3, "2024/02/29 12:30:00").unwrap();
                }
                feature.create(&layer).unwrap();
            }
        }
        made.close().unwrap();
    }

    #[test]
    fn a_geodatabase_is_read_layer_by_layer() {
        let folder = tempfile::tempdir().unwrap();
        geodatabase(&folder.path().join("甲县.gdb"));
        let workspace = Workspace::open(folder.path()).unwrap();
        assert_eq!(layers(&workspace, Path::new("甲县.gdb")).unwrap(), ["DLTB", "YJJBNT"]);
        let Told { features, rest } = told(folder.path(), "甲县.gdb", Some("dltb")).unwrap();
        assert_eq!(rest.crs.as_deref(), Some("EPSG:4527"));
        assert_eq!((rest.sha256.map(|hash| hash.len()), rest.lossy), (Some(64), false));
        let kinds: Vec<_> = rest.columns.iter().map(|(name, kind)| (name.as_str(), kind.unwrap())).collect();
        assert_eq!(
            kinds[..3],
            [("DLBM", ColumnKind::Text), ("图斑面积", ColumnKind::Number), ("GDDB", ColumnKind::Integer),]
        );
        assert_eq!(features.len(), 2);
        assert_eq!((features[0].0, features[1].0), (1, 2));
        assert!(
            features[0].1.starts_with("DLBM=0101 图斑面积=5000.25 GDDB=7 PZSJ=2024-02-29T12:30:00"),
            "{}",
            features[0].1
        );
        assert!(features[1].1.starts_with("DLBM=0101 图斑面积=null GDDB=null PZSJ=null"), "{}", features[1].1);
        assert_eq!(
            features[0].2,
            [[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 0.0)]
                .map(|(x, y)| Coord { x: 39_400_000.0 + x, y: 3_290_000.0 + y })
                .to_vec()]
        );
        let several = told(folder.path(), "甲县.gdb", None).err().map(|cause| cause.to_string()).unwrap();
        assert!(several.contains("2 layers (`DLTB`, `YJJBNT`)"), "{several}");
        // A circle, drawn as finely as is said.
        let Told { features, rest } = told(folder.path(), "甲县.gdb", Some("YJJBNT")).unwrap();
        assert_eq!(rest.remarks.iter().map(|remark| remark.code.name).collect::<Vec<_>>(), ["curves-drawn"]);
        assert!(gap(&features[0].2[0], Coord { x: 39_400_050.0, y: 3_290_000.0 }, 50.0) <= SAGITTA * 1.001);
    }

    /// How far a circle lies from the line that stands for it, at most.
    fn gap(line: &[Coord], centre: Coord, radius: f64) -> f64 {
        let off = |coord: Coord| ((coord - centre).x.hypot((coord - centre).y) - radius).abs();
        let corners = line.iter().map(|corner| off(*corner));
        let middles = line.windows(2).map(|pair| off((pair[0] + pair[1]) / 2.0));
        corners.chain(middles).fold(0.0, f64::max)
    }

    /// Writes a drawing: pairs of a group code and a value.
    fn drawing(entities: &[&[(u32, &str)]]) -> String {
        let pairs = entities.iter().flat_map(|entity| entity.iter());
        let body: String = pairs.map(|(code, value)| format!("{code}\n{value}\n")).collect();
        format!("0\nSECTION\n2\nENTITIES\n{body}0\nENDSEC\n0\nEOF\n")
    }

    #[test]
    fn arcs_of_a_drawing_keep_the_sagitta_at_any_radius() {
        let folder = tempfile::tempdir().unwrap();
        let text = drawing(&[
            // A lane with round ends: bulges of one are half circles.
            &[
                (0, "LWPOLYLINE"),
                (8, "0701"),
                (90, "4"),
                (70, "1"),
                (10, "39400000"),
                (20, "3290000"),
                (10, "39400100"),
                (20, "3290000"),
                (42, "1"),
                (10, "39400100"),
                (20, "3290020"),
                (10, "39400000"),
                (20, "3290020"),
                (42, "1"),
            ],
            &[(0, "ARC"), (8, "road"), (10, "39400000"), (20, "3290000"), (40, "1000"), (50, "0"), (51, "90")],
            &[(0, "ARC"), (8, "kerb"), (10, "39400000"), (20, "3290000"), (40, "5"), (50, "0"), (51, "90")],
        ]);
        fs::write(folder.path().join("a.dxf"), text).unwrap();
        let Told { features, rest } = told(folder.path(), "a.dxf", None).unwrap();
        assert_eq!((features.len(), rest.crs.as_deref()), (3, None));
        assert!(features[0].1.contains("Layer=0701"), "{}", features[0].1);
        let centre = |x: f64, y: f64| Coord { x: 39_400_000.0 + x, y: 3_290_000.0 + y };
        let ring = &features[0].2[0];
        assert_eq!(ring.first(), ring.last());
        let east: Vec<Coord> = ring.iter().copied().filter(|corner| corner.x >= 39_400_100.0).collect();
        assert!(east.len() > 50 && gap(&east, centre(100.0, 10.0), 10.0) <= SAGITTA * 1.01, "{}", east.len());
        for (at, radius) in [(1, 1_000.0), (2, 5.0)] {
            let found = gap(&features[at].2[0], centre(0.0, 0.0), radius);
            assert!(found <= SAGITTA * 1.01, "radius {radius}: {found} m");
        }
    }

    #[test]
    fn what_gdal_cannot_read_and_what_leads_out_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let refused =
            |name: &str| told(folder.path(), name, None).err().map(|cause| cause.to_string()).unwrap_or_default();
        fs::write(folder.path().join("a.kml"), "no kml").unwrap();
        assert!(refused("a.kml").starts_with("GDAL cannot read it"), "{}", refused("a.kml"));
        fs::create_dir(folder.path().join("b.gdb")).unwrap();
        assert!(refused("b.gdb").starts_with("GDAL cannot read it"), "{}", refused("b.gdb"));
        #[cfg(unix)]
        {
            geodatabase(&folder.path().join("c.gdb"));
            std::os::unix::fs::symlink("/etc/passwd", folder.path().join("c.gdb/a000000ff.gdbtable")).unwrap();
            assert_eq!(refused("c.gdb"), "link leaves the folder");
        }
    }
}
