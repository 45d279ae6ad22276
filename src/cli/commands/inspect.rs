//! `guiju inspect`: what data files hold.

use std::path::Path;

use crate::cli::Status;
use crate::cli::arguments::InspectOptions;
use crate::cli::load;
use crate::cli::output::Talk;
use crate::io::{self, Workspace};
use crate::model::{Inspection, Schema};
use crate::report;
use crate::source::Files;

/// Prints what each file holds; a file that cannot be read is said, and the others are shown all the same.
pub(in crate::cli) fn run(options: &InspectOptions, talk: &Talk) -> Status {
    let mut files = Files::default();
    let rules = match load::rules(&options.rules, &mut files, talk) {
        Ok(rules) => rules,
        Err(status) => return status,
    };
    let schema = &rules.program.schema;
    let (mut found, mut failed) = (Vec::new(), false);
    for named in &options.files {
        let (path, layer) = io::split_layer(named);
        let looked = look(Path::new(path), layer, options.encoding.as_deref(), schema, &mut files, &mut found);
        if let Err(error) = looked {
            failed = true;
            talk.fail(&error.text());
        }
    }
    if options.json {
        talk.result(report::inspections_json(&found, schema, &files));
    } else {
        let pages: Vec<String> =
            found.iter().map(|one| report::inspection_page(one, schema, super::page_options(talk))).collect();
        talk.result(pages.join("\n"));
    }
    if failed { Status::WrongInput } else { Status::Clean }
}

/// Looks at the layers of a file, or the one that is named; its folder is the workspace, so that the files beside it are found.
fn look(
    path: &Path,
    layer: Option<&str>,
    encoding: Option<&str>,
    schema: &Schema,
    files: &mut Files,
    found: &mut Vec<Inspection>,
) -> Result<(), io::ReadError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let workspace = Workspace::open(folder)?;
    let name = path.file_name().map_or(path, Path::new);
    let layers = match layer {
        Some(layer) => vec![Some(layer.to_owned())],
        None => io::layers(&workspace, name)?,
    };
    for layer in layers {
        let mut one = io::inspect(&workspace, name, layer.as_deref(), encoding, schema, files)?;
        one.path = path.to_string_lossy().into_owned();
        found.push(one);
    }
    Ok(())
}
