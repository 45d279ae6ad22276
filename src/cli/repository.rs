//! The git repository that a submission lies in.

use std::path::Path;

/// Returns a folder as seen from the top of the repository that it lies in, with `/`; from the working directory, if it lies in none.
/// Empty if it is that place itself, or is not below it.
pub(super) fn folder_seen_from_top(folder: &Path) -> String {
    let Ok(folder) = folder.canonicalize() else { return String::new() };
    let top = folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned);
    let top = top.or_else(|| std::env::current_dir().and_then(|here| here.canonicalize()).ok());
    let inside = top.as_ref().and_then(|top| folder.strip_prefix(top).ok());
    inside.map(|inside| inside.to_string_lossy().replace('\\', "/")).unwrap_or_default()
}
