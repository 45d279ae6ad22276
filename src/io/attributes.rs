//! All properties of a few features, by the names that their files use: for what is to stand in the place of a feature.
//!
//! A layer keeps of each feature what rules may name. Here its file is read once more for the few whose properties are wanted whole.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::error::Cause;
use super::fields::{FieldReader, field_names};
use super::formats::{self, RawFeature, Source};
use super::layer::{format, mapping};
use super::manifest::LayerSpec;
use super::node::Node;
use super::workspace::Workspace;
use crate::model::{ClassId, Schema, Type};

/// Where a feature stands: path, line, column, as its layer was read.
pub type Spot = (String, u32, u32);

/// Fills in the properties of the wanted features of a layer; a file that cannot be read any more fills in none.
pub fn read_attributes(
    workspace: &Workspace,
    spec: &LayerSpec,
    class: ClassId,
    schema: &Schema,
    wanted: &mut BTreeMap<Spot, Map<String, Value>>,
) {
    for path in workspace.expand(&spec.path.value).unwrap_or_default() {
        let name = path.to_string_lossy().replace('\\', "/");
        if wanted.keys().any(|(path, ..)| *path == name) {
            // Whatever went wrong with the file was said when the layer was read.
            let _ = read_file(workspace, spec, class, schema, &path, &name, wanted);
        }
    }
}

fn read_file(
    workspace: &Workspace,
    spec: &LayerSpec,
    class: ClassId,
    schema: &Schema,
    path: &Path,
    name: &str,
    wanted: &mut BTreeMap<Spot, Map<String, Value>>,
) -> Result<(), Cause> {
    let mut source = Source {
        workspace,
        path,
        layer: spec.inner.as_deref(),
        encoding: spec.encoding.as_ref().map(|encoding| encoding.value.as_str()),
        assumed: None,
        wanted: None,
    };
    let format = format(workspace, spec, path)?;
    let names = field_names(schema, class, &mapping(spec, schema, class), format.id_property());
    let mut fields = FieldReader::new(schema, class, names);
    let mut feature = |feature: RawFeature<'_>| {
        let spot = (name.to_owned(), feature.location.line, feature.location.column);
        let Some(found) = wanted.get_mut(&spot) else { return };
        let numbers: Vec<usize> = fields
            .assign(feature.properties)
            .slots
            .iter()
            .zip(&schema.class(class).fields)
            .filter(|(_, field)| field.ty.dimension().is_some() || field.ty == Type::Bool)
            .filter_map(|(at, _)| *at)
            .collect();
        if let Some(id) = &feature.id {
            found.insert("id".to_owned(), Value::String(id.shown().into_owned()));
        }
        for (at, (key, value)) in feature.properties.iter().enumerate() {
            found.insert(key.shown().into_owned(), plain(value, numbers.contains(&at)));
        }
    };
    while let Err(cause) = formats::read(format, &source, &mut feature) {
        source.assume(cause)?;
    }
    Ok(())
}

/// Returns a property as JSON has it: a number where its field is one, for the text of a code may look like one.
fn plain(node: &Node<'_>, number: bool) -> Value {
    match node.text() {
        Some(text) if number => match serde_json::from_str(text.trim()) {
            Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
            Ok(_) | Err(_) => Value::String(text.to_owned()),
        },
        Some(text) => Value::String(text.to_owned()),
        None if node.is_blank() => Value::Null,
        None => Value::String(node.shown().into_owned()),
    }
}
