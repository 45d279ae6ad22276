//! From a file of any format to its features: the one door to every reader of layers.
//!
//! A reader takes a [`Source`] and hands each feature on as soon as it is read: its values as text, its coordinates unchecked. It knows
//! nothing of layers, fields and the submission's coordinate system. A new format is a file here, a variant of [`Format`] and its arms.

mod binary;
mod coordinate_txt;
mod csv;
mod flatgeobuf;
#[cfg(feature = "gdal")]
mod gdal;
mod geojson;
mod geopackage;
mod geoparquet;
mod rings;
mod shapefile;

#[cfg(test)]
mod tests;
mod unread;
mod wkb;

#[cfg(test)]
pub(super) use geopackage::tests::arcs as arcs_made;
#[cfg(test)]
pub(super) use shapefile::tests::made as shapefile_made;

use std::path::Path;

pub(super) use csv::shape_column;
pub(super) use geojson::raw_shape;

use super::error::{Cause, ReadError};
use super::node::{Data, Node};
use super::workspace::Workspace;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::geometry::validity::RawShape;
use crate::model::ColumnKind;
use crate::source::{Location, Marks};
use crate::text;
use rings::SAGITTA;

/// How many bytes of a file tell its format: sections may precede the one that names a coordinate text.
const HEAD: u64 = 4_096;

/// The formats of layers that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// GeoJSON (RFC 7946, and as it was written before), one text or one object after the other.
    GeoJson,
    /// The coordinate text of land approval (勘测定界).
    CoordinateTxt,
    /// Esri's Shapefile, its files side by side or in a ZIP archive.
    Shapefile,
    /// OGC GeoPackage.
    GeoPackage,
    /// FlatGeobuf.
    FlatGeobuf,
    /// GeoParquet.
    GeoParquet,
    /// CSV with well-known text.
    Csv,
    /// What the GDAL library reads.
    #[cfg(feature = "gdal")]
    Gdal,
}

impl Format {
    /// The names that the manifest's `format:` takes.
    pub(super) const NAMES: &[(&str, Format)] = &[
        ("geojson", Format::GeoJson),
        ("txt", Format::CoordinateTxt),
        ("shapefile", Format::Shapefile),
        ("geopackage", Format::GeoPackage),
        ("flatgeobuf", Format::FlatGeobuf),
        ("geoparquet", Format::GeoParquet),
        ("csv", Format::Csv),
        #[cfg(feature = "gdal")]
        ("gdal", Format::Gdal),
    ];

    /// Returns the format of a file or of a folder that is one to people, by what the manifest states, else by its first bytes, else by its
    /// extension.
    ///
    /// # Errors
    /// If it cannot be looked into, and [`Cause::Format`] for one that is not read.
    pub(super) fn detect(workspace: &Workspace, path: &Path, stated: Option<&str>) -> Result<Format, Cause> {
        let is_geodatabase = extension(path) == "gdb" && workspace.folder(path).is_ok();
        let head = if is_geodatabase { Ok(Vec::new()) } else { workspace.head(path, HEAD) };
        Format::of(path, &head.map_err(|error| error.cause)?, stated)
    }

    fn of(path: &Path, head: &[u8], stated: Option<&str>) -> Result<Format, Cause> {
        if let Some((_, format)) = Format::NAMES.iter().find(|(name, _)| Some(*name) == stated) {
            return Ok(*format);
        }
        if coordinate_txt::is_one(head) {
            return Ok(Format::CoordinateTxt);
        }
        let extension = extension(path);
        let by_extension = || match &*extension {
            "shp" | "zip" | "shz" => Some(Format::Shapefile),
            "gpkg" => Some(Format::GeoPackage),
            "fgb" => Some(Format::FlatGeobuf),
            "parquet" | "geoparquet" => Some(Format::GeoParquet),
            "csv" => Some(Format::Csv),
            _ => None,
        };
        match head {
            [b'P', b'K', ..] if matches!(&*extension, "zip" | "shz") => return Ok(Format::Shapefile),
            [0, 0, 0x27, 0x0a, ..] if extension == "shp" => return Ok(Format::Shapefile),
            [b'f', b'g', b'b', ..] => return Ok(Format::FlatGeobuf),
            [b'P', b'A', b'R', b'1', ..] => return Ok(Format::GeoParquet),
            head if head.starts_with(b"SQLite format 3\0") => return Ok(Format::GeoPackage),
            _ => {}
        }
        #[cfg(feature = "gdal")]
        if gdal::reads(&extension) {
            return Ok(Format::Gdal);
        }
        match unread::by_extension(path, &extension).or_else(|| unread::by_content(path, head)) {
            Some((format, advice)) => Err(Cause::Format(format, advice)),
            None if extension == "txt" => Ok(Format::CoordinateTxt),
            None => Ok(by_extension().unwrap_or(Format::GeoJson)),
        }
    }

    /// Returns its name.
    pub(super) fn name(self) -> &'static str {
        Format::NAMES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// Returns the property that tells features apart in the format, whatever a layer calls its ids.
    pub(super) fn id_property(self) -> Option<&'static str> {
        match self {
            Format::CoordinateTxt => Some(coordinate_txt::NUMBER),
            Format::GeoJson
            | Format::Shapefile
            | Format::GeoPackage
            | Format::FlatGeobuf
            | Format::GeoParquet
            | Format::Csv => None,
            #[cfg(feature = "gdal")]
            Format::Gdal => None,
        }
    }

    /// Returns what the lines and columns of its places count.
    pub(super) fn marks(self) -> Marks {
        match self {
            Format::GeoJson | Format::CoordinateTxt | Format::Csv => Marks::Text,
            Format::Shapefile | Format::GeoPackage | Format::FlatGeobuf | Format::GeoParquet => Marks::Records,
            #[cfg(feature = "gdal")]
            Format::Gdal => Marks::Records,
        }
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// A file to be read, and what the manifest says of it. Where it really lies is for [`Workspace::resolve`] to say.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// The way to the file and to those beside it.
    pub workspace: &'a Workspace,
    /// The path as people wrote it.
    pub path: &'a Path,
    /// Which layer of a file that holds several.
    pub layer: Option<&'a str>,
    /// The encoding that the manifest declares.
    pub encoding: Option<&'a str>,
    /// The encoding that the bytes were found to be in, by trying.
    pub assumed: Option<&'static str>,
    /// Which properties are of use, where not all are: a reader may leave the values of others out, as if they were null.
    pub wanted: Option<&'a dyn Fn(&str) -> bool>,
}

impl Source<'_> {
    /// Tells whether the values of a property are of use.
    pub(super) fn wants(&self, property: &str) -> bool {
        self.wanted.is_none_or(|wanted| wanted(property))
    }

    /// Takes it that a file is in the encoding which reading it as UTF-8 has brought up: it is to be read anew, what was read forgotten.
    ///
    /// # Errors
    /// The cause, if it is another or that was tried.
    pub(super) fn assume(&mut self, cause: Cause) -> Result<(), Cause> {
        match cause {
            Cause::OtherEncoding(encoding) if self.assumed.is_none() => {
                self.assumed = Some(encoding);
                Ok(())
            }
            cause => Err(cause),
        }
    }
}

/// A feature as it stands in the file.
pub(super) struct RawFeature<'a> {
    /// Where it stands.
    pub location: Location,
    /// Turns the `start` of a node into its place.
    pub locate: &'a dyn Fn(usize) -> Location,
    /// The id that it has outside its properties.
    pub id: Option<Node<'a>>,
    /// The properties in the order of the file; a repeated name is kept twice.
    pub properties: &'a [(Node<'a>, Node<'a>)],
    /// What stands as its geometry.
    pub geometry: RawGeometry,
    /// The coordinates, where there are any.
    pub shape: &'a RawShape,
}

/// What stands as a feature's geometry.
#[derive(Debug, Clone)]
pub(super) enum RawGeometry {
    /// Nothing, `null`, or no coordinates.
    None,
    /// Coordinates, unchecked.
    Shape,
    /// A collection of several kinds, at this `start`.
    Collection(usize),
    /// Something that is no geometry, at this `start`.
    Bad(Text, usize),
}

/// What a file says besides its features.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// The coordinate system that the file states, by name, code or definition.
    pub crs: Option<String>,
    /// The encoding of its texts; empty where the format settles it.
    pub encoding: &'static str,
    /// The columns that the file declares, in order, and what it says that they hold; none in formats that declare none.
    pub columns: Vec<(String, Option<ColumnKind>)>,
    /// The column that only numbers the rows of the file.
    pub key: Option<String>,
    /// The SHA-256 of its bytes in hexadecimal, where it came up in reading them.
    pub sha256: Option<String>,
    /// How many features have heights.
    pub heights: u64,
    /// What is to be said about the file.
    pub remarks: Vec<Remark>,
    /// Whether features were lost: the file breaks off, or holds what is none.
    pub lossy: bool,
}

impl Rest {
    /// Books that the file breaks off or is damaged behind the features given so far.
    fn break_off(&mut self, given: u64, why: &Text) {
        let (en, zh) = (&why.en, &why.zh);
        let text = text!(
            en: "{en}; the {given} features before were read, the rest of the layer is unknown",
            zh: "{zh}；已读取此前 {given} 个要素，图层其余部分未知"
        );
        let location = Location { line: u32::try_from(given + 1).unwrap_or(u32::MAX), column: 0 };
        self.remarks.push(Remark { code: &codes::BROKEN_RECORD, severity: Severity::Error, text, location });
        self.lossy = true;
    }
}

/// Something to be said about a file.
#[derive(Debug)]
pub(super) struct Remark {
    /// Which kind of issue.
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// In words.
    pub text: Text,
    /// Where; line 0 for the file as a whole.
    pub location: Location,
}

impl Remark {
    /// Returns a remark on the file as a whole.
    pub(super) fn whole(code: &'static Code, severity: Severity, text: Text) -> Self {
        Remark { code, severity, text, location: Location { line: 0, column: 0 } }
    }
}

/// Returns the layers of a file; `None` stands for the one of a format that has no names for them.
///
/// # Errors
/// If the file is of no format that is read, or holds no layer.
pub(super) fn layers(workspace: &Workspace, path: &Path) -> Result<Vec<Option<String>>, ReadError> {
    let failed = |cause| ReadError::new(path, cause);
    let named = |kind: Held, names: Result<Vec<String>, Cause>| match names.map_err(failed)? {
        names if names.is_empty() => Err(failed(none_in(kind))),
        names => Ok(names.into_iter().map(Some).collect()),
    };
    match Format::detect(workspace, path, None).map_err(failed)? {
        Format::GeoPackage => named(Held::Layers, geopackage::layers(workspace, path)),
        #[cfg(feature = "gdal")]
        Format::Gdal => named(Held::Layers, gdal::layers(workspace, path)),
        Format::Shapefile if extension(path) != "shp" => named(Held::Shapefiles, shapefile::layers(workspace, path)),
        Format::GeoJson
        | Format::CoordinateTxt
        | Format::Shapefile
        | Format::FlatGeobuf
        | Format::GeoParquet
        | Format::Csv => Ok(vec![None]),
    }
}

/// Reads the features of a file in order, as far as it can be read.
///
/// # Errors
/// If nothing of it can be read.
pub(super) fn read(
    format: Format,
    source: &Source<'_>,
    feature: &mut dyn FnMut(RawFeature<'_>),
) -> Result<Rest, Cause> {
    let mut rest = match format {
        Format::GeoJson => geojson::read(source, feature),
        Format::CoordinateTxt => coordinate_txt::read(source, feature),
        Format::Shapefile => shapefile::read(source, feature),
        Format::GeoPackage => geopackage::read(source, feature),
        Format::FlatGeobuf => flatgeobuf::read(source, feature),
        Format::GeoParquet => geoparquet::read(source, feature),
        Format::Csv => csv::read(source, feature),
        #[cfg(feature = "gdal")]
        Format::Gdal => gdal::read(source, feature),
    }?;
    if rest.heights > 0 {
        let count = rest.heights;
        let text = text!(
            en: "{count} features have heights (Z), which were left out: checks work on the plan",
            zh: "{count} 个要素带有高程（Z），未采用：检查按平面进行"
        );
        rest.remarks.push(Remark::whole(&codes::HEIGHTS_DROPPED, Severity::Note, text));
    }
    Ok(rest)
}

/// What lies below stands for nothing in a Shapefile.
const NO_HEIGHT: f64 = -1e38;

/// Tells whether a height says something: nothing and 0 are what programs write where there is none.
fn is_height(height: f64) -> bool {
    height != 0.0 && height.is_finite() && height > NO_HEIGHT
}

/// What a file may hold several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// Of a database.
    Layers,
    /// Of an archive.
    Shapefiles,
}

/// Returns why none of the layers that a file holds was taken: there are none, none has the name, or several may be meant.
fn choose(source: &Source<'_>, kind: Held, held: &[&str]) -> Cause {
    const SHOWN: usize = 20;
    let path = source.path.display();
    let mut names = held.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if held.len() > SHOWN {
        names.push_str(", …");
    }
    let count = held.len();
    let (en, zh) = match kind {
        Held::Layers => ("layer", "图层"),
        Held::Shapefiles => ("Shapefile", " Shapefile "),
    };
    Cause::Broken(match (held.first(), source.layer) {
        (None, _) => return none_in(kind),
        (Some(_), Some(layer)) => text!(
            en: "there is no single {en} `{layer}` in it; it holds {names}",
            zh: "其中没有唯一的{zh}“{layer}”；现有 {names}"
        ),
        (Some(first), None) => text!(
            en: "it holds {count} layers ({names}); name the one that is meant, as in `{path}#{first}`",
            zh: "其中有 {count} 个图层（{names}）；请写明所用图层，如“{path}#{first}”"
        ),
    })
}

/// Says that a file holds nothing that is read.
fn none_in(kind: Held) -> Cause {
    Cause::Broken(match kind {
        Held::Layers => text!(en: "there is no layer in it", zh: "其中没有图层"),
        Held::Shapefiles => text!(
            en: "there is no Shapefile in it, and of archives nothing else is read: unpack it first",
            zh: "其中没有 Shapefile；压缩包内其他格式的文件不读取，请先解压"
        ),
    })
}

/// Says that arcs were drawn as lines.
fn curves_drawn(count: u64) -> Remark {
    let text = text!(
        en: "{count} features have arcs, which were drawn as lines that keep within {SAGITTA} m of them",
        zh: "{count} 个要素含圆弧，已按弦高不超过 {SAGITTA} 米的折线表示"
    );
    Remark::whole(&codes::CURVES_DRAWN, Severity::Note, text)
}

/// Returns a number as the shortest text that reads back as the same; what is no number is none.
fn number(number: f64) -> Data<'static> {
    if number.is_finite() { Data::Scalar(number.to_string().into()) } else { Data::Null }
}

fn system(error: std::io::Error) -> Cause {
    Cause::System(std::sync::Arc::new(error))
}

/// Returns what is to be said of a text whose encoding nobody stated.
fn guessed_encoding(encoding: &str, guessed: bool) -> Option<Remark> {
    let text = text!(
        en: "the file is not UTF-8 and was read as {encoding}; state `encoding` in the manifest if that is wrong",
        zh: "文件不是 UTF-8，已按 {encoding} 读取；如有误，请在清单中写明 encoding"
    );
    guessed.then(|| Remark::whole(&codes::ENCODING_GUESSED, Severity::Note, text))
}
