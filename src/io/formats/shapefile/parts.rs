//! Where the files of one Shapefile lie: side by side in a folder, or in an archive.

use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::io::decode::name;
use crate::io::error::{Cause, ReadError};
use crate::io::formats::{Held, Source, choose, system};
use crate::io::workspace::{Workspace, hex};
use crate::text;

/// The ends of the names of what is read, in the order in which they are hashed.
const ENDS: [&str; 5] = ["shp", "dbf", "shx", "prj", "cpg"];

/// The most that is read of a small file beside the shapes.
const SMALL: u64 = 1 << 16;

/// The most of an archive's shapes that is held because they are not in order.
const HELD: u64 = 1 << 30;

/// The most entries of an archive that are looked at.
const ENTRIES: usize = 100_000;

/// The most layers of an archive that are listed: each opens it anew.
const LAYERS: usize = 1_000;

/// A reader that can go back.
pub(super) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// The files of one Shapefile.
pub(super) struct Parts<'a> {
    workspace: &'a Workspace,
    home: Home,
}

enum Home {
    /// The path of each of [`ENDS`] that is there.
    Folder([Option<PathBuf>; 5]),
    /// The archive, and the number of each entry that is there.
    Archive(PathBuf, [Option<usize>; 5]),
}

impl<'a> Parts<'a> {
    /// Finds the files of a Shapefile.
    ///
    /// # Errors
    /// If there are no shapes, or several archived Shapefiles and none is named.
    pub(super) fn find(source: &Source<'a>) -> Result<Self, Cause> {
        let workspace = source.workspace;
        let is_archive = source.path.extension().is_none_or(|end| !end.eq_ignore_ascii_case("shp"))
            && workspace.head(source.path, 2).map_err(|error| error.cause)? == b"PK";
        let home = if is_archive {
            let mut archive = open_archive(workspace, source.path)?;
            Home::Archive(source.path.to_owned(), entries(&mut archive, source)?)
        } else {
            let mut found: [Option<PathBuf>; 5] = Default::default();
            for (slot, end) in found.iter_mut().zip(ENDS) {
                *slot = if end == "shp" { Some(source.path.to_owned()) } else { beside(workspace, source.path, end)? };
            }
            Home::Folder(found)
        };
        Ok(Parts { workspace, home })
    }

    /// Tells whether there is a file of this end.
    pub(super) fn has(&self, end: &str) -> bool {
        match &self.home {
            Home::Folder(paths) => paths[number(end)].is_some(),
            Home::Archive(_, entries) => entries[number(end)].is_some(),
        }
    }

    /// Lends a file to be read from its start; `None` where it is missing.
    pub(super) fn with<R>(
        &self,
        end: &str,
        read: impl FnOnce(Option<&mut dyn Read>) -> Result<R, Cause>,
    ) -> Result<R, Cause> {
        match &self.home {
            Home::Folder(paths) => match &paths[number(end)] {
                Some(path) => read(Some(&mut self.workspace.open_file(path).map_err(|error| error.cause)?)),
                None => read(None),
            },
            Home::Archive(path, entries) => match entries[number(end)] {
                Some(entry) => {
                    let mut archive = open_archive(self.workspace, path)?;
                    let mut file = archive.by_index(entry).map_err(broken_archive)?;
                    read(Some(&mut file))
                }
                None => read(None),
            },
        }
    }

    /// Lends the shapes to be read in any order.
    pub(super) fn with_seek<R>(&self, read: impl FnOnce(&mut dyn ReadSeek) -> Result<R, Cause>) -> Result<R, Cause> {
        if let Home::Folder(paths) = &self.home
            && let Some(path) = &paths[0]
        {
            let file = self.workspace.open_file(path).map_err(|error| error.cause)?;
            return read(&mut std::io::BufReader::new(file));
        }
        let bytes = self.with("shp", |input| whole(input, HELD))?;
        read(&mut Cursor::new(bytes))
    }

    /// Returns a small file as text, whatever its bytes are; `None` where it is missing or blank.
    pub(super) fn small(&self, end: &str) -> Result<Option<String>, Cause> {
        let bytes = self.with(end, |input| match input {
            Some(input) => {
                let mut bytes = Vec::new();
                input.take(SMALL).read_to_end(&mut bytes).map_err(system)?;
                Ok(bytes)
            }
            None => Ok(Vec::new()),
        })?;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_matches(|one: char| one.is_whitespace() || matches!(one, '\0' | '\u{feff}'));
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// Returns a file beside the shapes that fits into memory; `None` where it is missing.
    pub(super) fn bytes(&self, end: &str) -> Result<Option<Vec<u8>>, Cause> {
        if self.has(end) { self.with(end, |input| whole(input, HELD)).map(Some) } else { Ok(None) }
    }

    /// Returns the SHA-256 of all that is read, one file after the other: shapes, table, index, coordinate system, encoding. That of
    /// the archive where there is one. Empty where files are not hashed.
    pub(super) fn sha256(&self) -> Result<String, Cause> {
        if !self.workspace.is_hashing() {
            return Ok(String::new());
        }
        let paths: Vec<&Path> = match &self.home {
            Home::Folder(paths) => paths.iter().flatten().map(PathBuf::as_path).collect(),
            Home::Archive(path, _) => vec![path],
        };
        let mut hash = Sha256::new();
        for path in paths {
            let mut file = self.workspace.open_file(path).map_err(|error| error.cause)?;
            std::io::copy(&mut file, &mut hash).map_err(system)?;
        }
        Ok(hex(&hash.finalize()))
    }
}

fn number(end: &str) -> usize {
    ENDS.iter().position(|known| *known == end).unwrap_or_default()
}

fn whole(input: Option<&mut dyn Read>, most: u64) -> Result<Vec<u8>, Cause> {
    let mut bytes = Vec::new();
    if let Some(input) = input {
        input.take(most + 1).read_to_end(&mut bytes).map_err(system)?;
    }
    if bytes.len() as u64 > most { Err(Cause::TooLarge(most)) } else { Ok(bytes) }
}

/// Finds the file beside another that has another end, however that is capitalised.
fn beside(workspace: &Workspace, path: &Path, end: &str) -> Result<Option<PathBuf>, Cause> {
    let capital = end[..1].to_uppercase() + &end[1..];
    for spelt in [end, &end.to_uppercase(), &capital] {
        let other = path.with_extension(spelt);
        match workspace.resolve(&other) {
            Ok(_) => return Ok(Some(other)),
            Err(ReadError { cause: Cause::System(error), .. }) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.cause),
        }
    }
    Ok(None)
}

fn open_archive(workspace: &Workspace, path: &Path) -> Result<ZipArchive<std::io::BufReader<std::fs::File>>, Cause> {
    let file = workspace.open_file(path).map_err(|error| error.cause)?;
    ZipArchive::new(std::io::BufReader::new(file)).map_err(broken_archive)
}

/// Returns the names of the Shapefiles in an archive: without their folders, where that leaves no doubt.
///
/// # Errors
/// If it is no archive.
pub(super) fn archived(workspace: &Workspace, path: &Path) -> Result<Vec<String>, Cause> {
    let names = names(&mut open_archive(workspace, path)?)?;
    let stems: Vec<String> = names.into_iter().filter(|(_, end)| end == "shp").map(|(stem, _)| stem).collect();
    if stems.len() > LAYERS {
        return Err(Cause::Broken(text!(
            en: "it holds more than the limit of {LAYERS} layers; unpack it first",
            zh: "其中图层超过 {LAYERS} 个的上限；请先解压"
        )));
    }
    let bare = |stem: &str| stem.rsplit('/').next().unwrap_or(stem).to_lowercase();
    let is_only = |stem: &String| stems.iter().filter(|other| bare(other) == bare(stem)).count() == 1;
    let shown = |stem: &String| if is_only(stem) { stem.rsplit('/').next().unwrap_or(stem) } else { stem }.to_owned();
    Ok(stems.iter().map(shown).collect())
}

/// Returns the stem and the end of the name of each entry; both empty for those that are hidden.
fn names<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Vec<(String, String)>, Cause> {
    let mut names: Vec<(String, String)> = Vec::new();
    for at in 0..archive.len().min(ENTRIES) {
        let entry = archive.by_index_raw(at).map_err(broken_archive)?;
        let name = name(entry.name_raw()).replace('\\', "/");
        let hidden = name.starts_with("__MACOSX/") || name.rsplit('/').next().is_some_and(|file| file.starts_with('.'));
        let (stem, end) = name.rsplit_once('.').unwrap_or((&name, ""));
        names.push(if hidden { Default::default() } else { (stem.to_owned(), end.to_ascii_lowercase()) });
    }
    Ok(names)
}

/// Returns the entries of the one Shapefile in an archive, or of the one that is named.
fn entries<R: Read + Seek>(archive: &mut ZipArchive<R>, source: &Source<'_>) -> Result<[Option<usize>; 5], Cause> {
    let names = names(archive)?;
    let wanted = source.layer.map(str::to_lowercase);
    let answers = |stem: &str| {
        wanted.as_ref().is_none_or(|wanted| {
            let (wanted, stem) = (wanted.strip_suffix(".shp").unwrap_or(wanted), stem.to_lowercase());
            stem == wanted || stem.rsplit('/').next() == Some(wanted)
        })
    };
    let shapes: Vec<usize> = (0..names.len()).filter(|&at| names[at].1 == "shp").collect();
    let chosen: Vec<usize> = shapes.iter().copied().filter(|&at| answers(&names[at].0)).collect();
    let [chosen] = chosen[..] else {
        let held: Vec<&str> = shapes.iter().map(|&at| names[at].0.as_str()).collect();
        return Err(choose(source, Held::Shapefiles, &held));
    };
    let stem = names[chosen].0.clone();
    let mut found = [None; 5];
    for (slot, end) in found.iter_mut().zip(ENDS) {
        let same = |exact: bool| {
            names.iter().position(|(name, other)| {
                other == end && (*name == stem || (!exact && name.to_lowercase() == stem.to_lowercase()))
            })
        };
        *slot = same(true).or_else(|| same(false));
    }
    found[0] = Some(chosen);
    Ok(found)
}

fn broken_archive(error: zip::result::ZipError) -> Cause {
    match error {
        zip::result::ZipError::Io(error) => system(error),
        error => Cause::Broken(text!(en: "the archive is damaged ({error})", zh: "压缩包已损坏（{error}）")),
    }
}
