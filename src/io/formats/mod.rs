//! From a file of any format to its features: the one door to every reader of layers.
//!
//! A reader takes a [`Source`] and hands each feature on as soon as it is read: its values as text, its coordinates unchecked. It knows
//! nothing of layers, fields and the submission's coordinate system. A new format is a file here, a variant of [`Format`] and its arms.

mod coordinate_txt;
mod geojson;
mod unread;

use std::path::Path;

pub(super) use geojson::raw_shape;

use super::error::{Cause, ReadError};
use super::node::Node;
use super::workspace::Workspace;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::geometry::validity::RawShape;
use crate::source::{Location, Marks};
use crate::text;

/// The formats of layers that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// GeoJSON (RFC 7946, and as it was written before), one text or one object after the other.
    GeoJson,
    /// The coordinate text of land approval (勘测定界).
    CoordinateTxt,
}

impl Format {
    /// The names that the manifest's `format:` takes.
    pub(super) const NAMES: &[(&str, Format)] = &[("geojson", Format::GeoJson), ("txt", Format::CoordinateTxt)];

    /// Returns the format of a file, by what the manifest states, else by its first bytes, else by its extension.
    ///
    /// # Errors
    /// [`Cause::Format`] for one that is not read.
    pub(super) fn of(path: &Path, head: &[u8], stated: Option<&str>) -> Result<Format, Cause> {
        if let Some((_, format)) = Format::NAMES.iter().find(|(name, _)| Some(*name) == stated) {
            return Ok(*format);
        }
        if coordinate_txt::is_one(head) {
            return Ok(Format::CoordinateTxt);
        }
        let extension = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
        match unread::by_content(head).or_else(|| unread::by_extension(&extension)) {
            Some((format, advice)) => Err(Cause::Format(format.to_owned(), advice)),
            None if extension == "txt" => Ok(Format::CoordinateTxt),
            None => Ok(Format::GeoJson),
        }
    }

    /// Returns its name.
    pub(super) fn name(self) -> &'static str {
        Format::NAMES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// Returns what the lines and columns of its places count.
    pub(super) fn marks(self) -> Marks {
        match self {
            Format::GeoJson | Format::CoordinateTxt => Marks::Text,
        }
    }
}

/// A file to be read, and what the manifest says of it. Where it really lies is for [`Workspace::resolve`] to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// The way to the file and to those beside it.
    pub workspace: &'a Workspace,
    /// The path as people wrote it.
    pub path: &'a Path,
    /// Which layer of a file that holds several.
    #[expect(dead_code, reason = "no format that is read holds several layers")]
    pub layer: Option<&'a str>,
    /// The encoding that the manifest declares.
    pub encoding: Option<&'a str>,
    /// The encoding that the bytes were found to be in, by trying.
    pub assumed: Option<&'static str>,
}

impl Source<'_> {
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
    /// The SHA-256 of its bytes in hexadecimal, where it came up in reading them.
    pub sha256: Option<String>,
    /// What is to be said about the file.
    pub remarks: Vec<Remark>,
    /// Whether features were lost: the file breaks off, or holds what is none.
    pub lossy: bool,
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
/// If the file is of no format that is read.
pub(super) fn layers(workspace: &Workspace, path: &Path) -> Result<Vec<Option<String>>, ReadError> {
    let head = workspace.head(path, super::layer::HEAD)?;
    match Format::of(path, &head, None).map_err(|cause| ReadError::new(path, cause))? {
        Format::GeoJson | Format::CoordinateTxt => Ok(vec![None]),
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
    match format {
        Format::GeoJson => geojson::read(source, feature),
        Format::CoordinateTxt => coordinate_txt::read(source, feature),
    }
}

/// Returns what is to be said of a text whose encoding nobody stated.
fn guessed_encoding(encoding: &str, guessed: bool) -> Option<Remark> {
    let text = text!(
        en: "the file is not UTF-8 and was read as {encoding}; state `encoding` in the manifest if that is wrong",
        zh: "文件不是 UTF-8，已按 {encoding} 读取；如有误，请在清单中写明 encoding"
    );
    guessed.then(|| Remark::whole(&codes::ENCODING_GUESSED, Severity::Note, text))
}
