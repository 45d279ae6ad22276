//! The folder of a submission: the one way to its files.
//!
//! A submission is untrusted: paths are relative, never climb by `..`, and where links lead is settled before a file is
//! opened. Other roots are readable only if the command line allows them.

use std::fs;
use std::io::{BufReader, Read};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::decode::{Decoded, decode};
use super::error::{Cause, ReadError};
use super::limits::{GLOB_FILES, NESTING_DEPTH, TEXT_BYTES};

/// How many bytes are hashed at a time.
const HASHED: usize = 1 << 18;

/// A folder that files are read from, and the further roots that were allowed.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
    /// The root with links resolved, then the allowed ones.
    resolved: Vec<PathBuf>,
    /// Whether large files are hashed.
    is_hashing: bool,
}

/// The bytes of a file.
#[derive(Debug, Clone)]
pub struct Bytes {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// A text file.
#[derive(Debug, Clone)]
pub struct TextFile {
    /// The text, and how its bytes were read.
    pub decoded: Decoded,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Workspace {
    /// Opens a folder.
    ///
    /// # Errors
    /// If it is no readable folder.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, ReadError> {
        let root = root.into();
        let resolved = resolve_folder(&root)?;
        Ok(Workspace { root, resolved: vec![resolved], is_hashing: true })
    }

    /// Returns the same folder, of whose files of geometry none is hashed: for runs that name no SHA-256 of what they read, which is a tenth of reading.
    pub fn without_hashes(self) -> Self {
        Workspace { is_hashing: false, ..self }
    }

    /// Tells whether files of geometry are hashed; their SHA-256 is empty otherwise.
    pub(super) fn is_hashing(&self) -> bool {
        self.is_hashing
    }

    /// Allows files below a further folder; absolute paths may then name them.
    ///
    /// # Errors
    /// If it is no readable folder.
    pub fn allow(&mut self, root: impl AsRef<Path>) -> Result<(), ReadError> {
        self.resolved.push(resolve_folder(root.as_ref())?);
        Ok(())
    }

    /// Returns the folder as it was named.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns where a path of the submission really lies.
    ///
    /// # Errors
    /// If it leads outside, is not there, or is no regular file.
    pub fn resolve(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let real = self.inside(path)?;
        // A pipe or device would block or never end.
        match fs::metadata(&real) {
            Ok(data) if data.is_file() => Ok(real),
            Ok(_) => Err(ReadError::new(path, Cause::NotAFile)),
            Err(error) => Err(ReadError::system(path, error)),
        }
    }

    fn inside(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let climbs = path.components().any(|part| matches!(part, Component::ParentDir));
        if climbs || (path.is_absolute() && self.resolved.len() == 1) {
            return Err(ReadError::new(path, Cause::Outside));
        }
        let real = fs::canonicalize(self.root.join(path)).map_err(|error| ReadError::system(path, error))?;
        if !self.resolved.iter().any(|root| real.starts_with(root)) {
            let cause = if path.is_absolute() { Cause::Outside } else { Cause::LinkOutside };
            return Err(ReadError::new(path, cause));
        }
        Ok(real)
    }

    /// Returns where a folder of the submission, such as that of a pack, really lies.
    ///
    /// # Errors
    /// If it leads outside or is no readable folder.
    pub fn folder(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let real = self.inside(path)?;
        resolve_folder(&real).map_err(|error| ReadError::new(path, error.cause))
    }

    /// Reads a whole file of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Workspace::resolve`], and if it is larger.
    pub fn read(&self, path: &Path, limit: Option<u64>) -> Result<Bytes, ReadError> {
        let file = self.open_file(path)?;
        let mut bytes = Vec::new();
        let most = limit.map_or(u64::MAX, |limit| limit.saturating_add(1));
        file.take(most).read_to_end(&mut bytes).map_err(|error| ReadError::system(path, error))?;
        if let Some(limit) = limit
            && bytes.len() as u64 > limit
        {
            return Err(ReadError::new(path, Cause::TooLarge(limit)));
        }
        let sha256 = sha256_hex(&bytes);
        Ok(Bytes { bytes, sha256 })
    }

    /// Returns the first bytes of a file, `most` of them or as many as there are.
    ///
    /// # Errors
    /// As [`Workspace::resolve`].
    pub fn head(&self, path: &Path, most: u64) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.open_file(path)?.take(most).read_to_end(&mut bytes).map_err(|error| ReadError::system(path, error))?;
        Ok(bytes)
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// As [`Workspace::resolve`].
    pub fn open_file(&self, path: &Path) -> Result<fs::File, ReadError> {
        let real = self.resolve(path)?;
        #[expect(clippy::disallowed_methods, reason = "the one place where bytes of a submission are read")]
        fs::File::open(real).map_err(|error| ReadError::system(path, error))
    }

    /// Returns the size of a file in bytes.
    ///
    /// # Errors
    /// As [`Workspace::resolve`].
    pub fn size(&self, path: &Path) -> Result<u64, ReadError> {
        let data = fs::metadata(self.resolve(path)?).map_err(|error| ReadError::system(path, error))?;
        Ok(data.len())
    }

    /// Returns the SHA-256 of a file in hexadecimal; the file is not held. Empty where files are not hashed.
    ///
    /// # Errors
    /// As [`Workspace::resolve`].
    pub fn sha256(&self, path: &Path) -> Result<String, ReadError> {
        if !self.is_hashing {
            return Ok(String::new());
        }
        let mut file = BufReader::with_capacity(HASHED, self.open_file(path)?);
        let mut hash = Sha256::new();
        std::io::copy(&mut file, &mut hash).map_err(|error| ReadError::system(path, error))?;
        Ok(hex(&hash.finalize()))
    }

    /// Reads a text file of at most [`TEXT_BYTES`]; `encoding` is what the manifest declares.
    ///
    /// # Errors
    /// As [`Workspace::read`], and if the bytes are no text.
    pub fn read_text(&self, path: &Path, encoding: Option<&str>) -> Result<TextFile, ReadError> {
        let Bytes { bytes, sha256 } = self.read(path, Some(TEXT_BYTES))?;
        let decoded = decode(bytes, encoding).map_err(|cause| ReadError::new(path, cause))?;
        Ok(TextFile { decoded, sha256 })
    }

    /// Returns the files that a path pattern (`*`, `?`, `**`, `{a,b}`) matches, sorted; a path without any of these, or of
    /// a file that is there, is itself.
    ///
    /// # Errors
    /// If the pattern is malformed or climbs out, or a folder cannot be read.
    pub fn expand(&self, pattern: &str) -> Result<Vec<PathBuf>, ReadError> {
        let path = Path::new(pattern);
        // Names of folders hold these signs, too: a file that is called so is meant.
        if !pattern.contains(['*', '?', '[', '{']) || self.inside(path).is_ok() {
            return Ok(vec![path.to_owned()]);
        }
        if path.is_absolute() || path.components().any(|part| matches!(part, Component::ParentDir)) {
            return Err(ReadError::new(pattern, Cause::Outside));
        }
        let matcher = globset::GlobBuilder::new(pattern.strip_prefix("./").unwrap_or(pattern))
            .literal_separator(true)
            .build()
            .map_err(|error| ReadError::new(pattern, Cause::Glob(error.kind().to_string())))?
            .compile_matcher();
        let mut found = Vec::new();
        let mut open = vec![(PathBuf::new(), 0)];
        while let Some((folder, depth)) = open.pop() {
            let entries = fs::read_dir(self.root.join(&folder)).map_err(|error| ReadError::system(&folder, error))?;
            for entry in entries {
                let entry = entry.map_err(|error| ReadError::system(&folder, error))?;
                let inside = folder.join(entry.file_name());
                let kind = entry.file_type().map_err(|error| ReadError::system(&inside, error))?;
                // Linked folders are not walked: they may form a ring.
                if kind.is_dir() && depth < NESTING_DEPTH {
                    open.push((inside, depth + 1));
                } else if !kind.is_dir() && matcher.is_match(&inside) {
                    found.push(inside);
                }
            }
            if found.len() > GLOB_FILES {
                return Err(ReadError::new(pattern, Cause::TooManyFiles(GLOB_FILES)));
            }
        }
        found.sort();
        Ok(found)
    }
}

/// Reads the text of a file that the command line names, wherever it lies: UTF-8, with or without a byte order mark.
///
/// # Errors
/// If it cannot be read or is not UTF-8.
pub fn read_named(path: &Path) -> Result<String, ReadError> {
    #[expect(clippy::disallowed_methods, reason = "what the command line names is no part of a submission")]
    let bytes = fs::read(path).map_err(|error| ReadError::system(path, error))?;
    let decoded = decode(bytes, Some("UTF-8")).map_err(|cause| ReadError::new(path, cause))?;
    Ok(decoded.text)
}

/// Returns the SHA-256 of bytes in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Writes bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn resolve_folder(root: &Path) -> Result<PathBuf, ReadError> {
    let real = fs::canonicalize(root).map_err(|error| ReadError::system(root, error))?;
    fs::read_dir(&real).map_err(|error| ReadError::system(root, error))?;
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("submission");
        fs::create_dir_all(root.join("data/deep")).unwrap();
        fs::write(root.join("data/b.yaml"), "b").unwrap();
        fs::write(root.join("data/a.yaml"), "a").unwrap();
        fs::write(root.join("data/deep/c.yaml"), "c").unwrap();
        fs::write(folder.path().join("secret.txt"), "secret").unwrap();
        let workspace = Workspace::open(root).unwrap();
        (folder, workspace)
    }

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let (folder, mut workspace) = folder();
        let cause =
            |workspace: &Workspace, path: &str| workspace.read(Path::new(path), None).map_err(|error| error.cause);
        let absolute = folder.path().join("secret.txt");
        let absolute = absolute.to_str().unwrap();
        assert!(matches!(cause(&workspace, "../secret.txt"), Err(Cause::Outside)));
        assert!(matches!(cause(&workspace, "data/../../secret.txt"), Err(Cause::Outside)));
        assert!(matches!(cause(&workspace, absolute), Err(Cause::Outside)));
        assert!(matches!(workspace.expand("../*.txt").map_err(|error| error.cause), Err(Cause::Outside)));
        assert!(matches!(cause(&workspace, "data"), Err(Cause::NotAFile)));
        assert!(matches!(cause(&workspace, "data/none.yaml"), Err(Cause::System(_))));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(absolute, workspace.root().join("data/link.txt")).unwrap();
            std::os::unix::fs::symlink(folder.path(), workspace.root().join("out")).unwrap();
            assert!(matches!(cause(&workspace, "data/link.txt"), Err(Cause::LinkOutside)));
            assert!(matches!(cause(&workspace, "out/secret.txt"), Err(Cause::LinkOutside)));
        }
        workspace.allow(folder.path()).unwrap();
        assert_eq!(workspace.read(Path::new(absolute), None).unwrap().bytes, b"secret");
        assert!(matches!(cause(&workspace, "/etc/passwd"), Err(Cause::Outside)));
    }

    #[test]
    fn patterns_are_expanded_in_order() {
        let (_folder, workspace) = folder();
        let expand = |pattern: &str| workspace.expand(pattern).unwrap();
        assert_eq!(expand("data/*.yaml"), [Path::new("data/a.yaml"), Path::new("data/b.yaml")]);
        assert_eq!(expand("./data/**/c.yaml"), [Path::new("data/deep/c.yaml")]);
        assert_eq!(expand("data/none.yaml"), [Path::new("data/none.yaml")]);
        assert!(workspace.expand("data/[").is_err());
        // A folder that is called so, as documents are numbered.
        fs::create_dir(workspace.root().join("[2023]1号")).unwrap();
        fs::write(workspace.root().join("[2023]1号/{a}.yaml"), "").unwrap();
        assert_eq!(expand("[[]2023]1号/*.yaml"), [Path::new("[2023]1号/{a}.yaml")]);
        assert_eq!(expand("[2023]1号/{a}.yaml"), [Path::new("[2023]1号/{a}.yaml")]);
    }

    #[test]
    fn size_is_bounded_and_the_hash_is_that_of_the_bytes() {
        let (_folder, workspace) = folder();
        let path = Path::new("data/a.yaml");
        assert!(matches!(workspace.read(path, Some(0)).map_err(|error| error.cause), Err(Cause::TooLarge(0))));
        let read = workspace.read(path, Some(1)).unwrap();
        assert_eq!(read.sha256, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    }
}
