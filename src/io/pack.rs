//! A pack of rules: its `pack.yaml`, modules, code lists and tables, from a folder or from inside the program.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::csv::{CsvTable, parse_csv};
use super::error::{Cause, ReadError};
use super::form::{Form, Spanned};
use super::manifest::root_of;
use super::workspace::{Workspace, sha256_hex};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::manifest as codes;
use crate::model::Issue;
use crate::source::{FileId, Files, Span};
use crate::text;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// A module or table of a pack.
#[derive(Debug, Clone)]
pub struct PackModule {
    /// Its path inside the pack, with `/`.
    pub path: String,
    /// Its text.
    pub file: FileId,
}

/// A pack as it was read; nothing in it is checked but the form of its `pack.yaml` and of its tables.
#[derive(Debug, Clone)]
pub struct Pack {
    /// What it is called.
    pub name: String,
    /// Its version, as written.
    pub version: String,
    /// Its title for people.
    pub title: String,
    /// Where its rules are law: an administrative code, `000000` for the whole country.
    pub jurisdiction: String,
    /// The packs that it builds on.
    pub requires: Vec<Spanned<String>>,
    /// Its modules, by path.
    pub modules: Vec<PackModule>,
    /// Its code lists and tables by path, and what they hold.
    pub tables: Vec<(String, CsvTable)>,
    /// The SHA-256 of all its files, in hexadecimal.
    pub sha256: String,
    /// Mistakes in `pack.yaml`.
    pub diagnostics: Vec<Diagnostic>,
    /// Faults in the form of its tables.
    pub issues: Vec<Issue>,
}

impl Pack {
    /// Returns the table or code list of a path, as a module names it.
    pub fn table(&self, path: &str) -> Option<&CsvTable> {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.tables.iter().find(|(known, _)| known == path).map(|(_, table)| table)
    }
}

/// Finds the pack that a manifest names: one that is built in, else a folder of the submission.
///
/// # Errors
/// If there is neither, or the folder cannot be read.
pub fn find_pack(workspace: &Workspace, name: &str, files: &mut Files) -> Result<Pack, ReadError> {
    if let Some(pack) = embedded(name, files) {
        return Ok(pack);
    }
    match workspace.folder(Path::new(name)) {
        Ok(folder) => read_folder(&folder, name, files),
        Err(error) => match &error.cause {
            Cause::System(reason) if reason.kind() == std::io::ErrorKind::NotFound => {
                Err(ReadError::new(name, Cause::NoSuchPack))
            }
            _ => Err(error),
        },
    }
}

/// Reads the pack in a folder.
///
/// # Errors
/// If the folder or a file in it cannot be read, or it has no `pack.yaml`.
pub fn read_pack(folder: &Path, files: &mut Files) -> Result<Pack, ReadError> {
    read_folder(folder, &folder.to_string_lossy(), files)
}

fn read_folder(folder: &Path, shown: &str, files: &mut Files) -> Result<Pack, ReadError> {
    let inside = Workspace::open(folder)?;
    let mut texts = Vec::new();
    for pattern in ["pack.yaml", "**/*.gj", "**/*.csv"] {
        for path in inside.expand(pattern)? {
            let name = path.to_string_lossy().replace('\\', "/");
            let read = inside
                .read_text(&path, None)
                .map_err(|error| ReadError::new(Path::new(shown).join(&error.path), error.cause))?;
            texts.push((name, read.decoded.text));
        }
    }
    Ok(assemble(shown.trim_end_matches('/'), texts, files))
}

/// Returns the pack of this name that is built in.
pub fn embedded(name: &str, files: &mut Files) -> Option<Pack> {
    let folder = EMBEDDED.get_dir(name)?;
    folder.get_file(folder.path().join("pack.yaml"))?;
    let mut texts = Vec::new();
    let mut open = vec![folder];
    while let Some(inside) = open.pop() {
        open.extend(inside.dirs());
        for file in inside.files() {
            let path = file.path().strip_prefix(folder.path()).ok()?.to_string_lossy().replace('\\', "/");
            let wanted = path == "pack.yaml" || path.ends_with(".gj") || path.ends_with(".csv");
            if let (true, Some(text)) = (wanted, file.contents_utf8()) {
                texts.push((path, text.to_owned()));
            }
        }
    }
    Some(assemble(name, texts, files))
}

/// Returns the names of the packs that are built in, sorted.
pub fn embedded_names() -> Vec<String> {
    let mut names: Vec<String> = EMBEDDED
        .dirs()
        .filter(|folder| folder.get_file(folder.path().join("pack.yaml")).is_some())
        .map(|folder| folder.path().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn assemble(root: &str, mut texts: Vec<(String, String)>, files: &mut Files) -> Pack {
    texts.sort();
    let sha256 = hash(&texts);
    let last = root.rsplit('/').next().unwrap_or(root).to_owned();
    let mut pack = Pack {
        name: last,
        version: String::new(),
        title: String::new(),
        jurisdiction: "000000".to_owned(),
        requires: Vec::new(),
        modules: Vec::new(),
        tables: Vec::new(),
        sha256,
        diagnostics: Vec::new(),
        issues: Vec::new(),
    };
    for (path, text) in texts {
        let file = files.add(format!("{root}/{path}"), text.as_str());
        if path == "pack.yaml" {
            describe(&mut pack, file, &text);
        } else if path.ends_with(".gj") {
            pack.modules.push(PackModule { path, file });
        } else {
            let (table, issues) = parse_csv(file, &text);
            pack.tables.push((path, table));
            pack.issues.extend(issues);
        }
    }
    pack
}

/// Returns the hash of paths and texts; lengths keep them apart.
fn hash(texts: &[(String, String)]) -> String {
    let mut bytes = Vec::new();
    for (path, text) in texts {
        bytes.extend_from_slice(format!("{} {}\n{path}\n", path.len(), text.len()).as_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    sha256_hex(&bytes)
}

fn describe(pack: &mut Pack, file: FileId, source: &str) {
    let mut form = Form::new(file);
    let root = root_of(&mut form, source);
    form.only(&root, &["name", "version", "title", "jurisdiction", "requires"]);
    let needed = |form: &mut Form, key: &str| {
        let value = form.text_at(&root, key);
        if value.is_none() {
            let message = text!(en: "the pack lacks `{key}`", zh: "规则包缺少“{key}”");
            let start = Span::new(file, 0, 0);
            form.diagnostics.push(Diagnostic::error(&codes::MISSING_KEY, message).label(start));
        }
        value
    };
    if let Some(name) = needed(&mut form, "name") {
        pack.name = name.value;
    }
    if let Some(version) = needed(&mut form, "version") {
        pack.version = version.value;
    }
    if let Some(title) = form.text_at(&root, "title") {
        pack.title = title.value;
    }
    if let Some(code) = needed(&mut form, "jurisdiction") {
        if code.value.len() == 6 && code.value.bytes().all(|byte| byte.is_ascii_digit()) {
            pack.jurisdiction = code.value;
        } else {
            let found = &code.value;
            let message = text!(en: "`{found}` is not an administrative code", zh: "“{found}”不是行政区划代码");
            let help = text!(en: "six digits, such as 360000", zh: "应为六位数字，如 360000");
            form.bad_setting(code.span, message, Some(help));
        }
    }
    for node in form.list(root.get("requires")) {
        pack.requires.extend(form.text(node));
    }
    pack.diagnostics = form.diagnostics;
}
