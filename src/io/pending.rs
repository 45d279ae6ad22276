//! Features whose values were read and whose shapes wait for the coordinate system of their file.

use std::sync::Arc;

use super::issues::Issues;
use super::layer::kind_name;
use super::shapes::{ANYWHERE, Owner, Settled};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text};
use crate::geometry::validity::RawShape;
use crate::geometry::{Kind, Shape};
use crate::model::{GeometryState, Issue, ItemRef, Value};
use crate::source::Place;

/// A feature whose values were read and whose shape waits for the file's coordinate system.
pub(super) struct Pending {
    pub(super) id: Arc<str>,
    pub(super) place: Place,
    pub(super) values: Vec<Value>,
    pub(super) geometry: PendingGeometry,
}

pub(super) enum PendingGeometry {
    None,
    Raw(RawShape),
    Unusable,
}

/// A feature whose shape is settled.
pub(super) struct Shaped {
    pub(super) id: Arc<str>,
    pub(super) place: Place,
    pub(super) values: Vec<Value>,
    pub(super) state: GeometryState,
    pub(super) shape: Option<Shape>,
    pub(super) issues: Vec<Issue>,
}

impl Pending {
    /// Checks the shape and brings it into the submission's system; `kind` is what the layer is made of.
    pub(super) fn shaped(self, item: ItemRef, kind: Kind, settled: &Settled) -> Shaped {
        let Pending { id, place, values, geometry } = self;
        let mut issues = Issues::default();
        let owner = Owner { place, item, id: &id };
        let (state, shape) = match geometry {
            PendingGeometry::None => (GeometryState::Missing, None),
            PendingGeometry::Unusable => (GeometryState::Invalid(ANYWHERE), None),
            PendingGeometry::Raw(raw) if raw.kind() != kind => {
                let (found, wanted) = (kind_name(raw.kind()), kind_name(kind));
                let text = Text::new(
                    format!("the feature is made of {}, the layer of {}", found.en, wanted.en),
                    format!("要素是{}，图层是{}", found.zh, wanted.zh),
                );
                issues.push(owner.issue(&codes::WRONG_GEOMETRY_KIND, Severity::Error, text, None));
                // Where it lies is settled all the same, so that it harms only what it meets.
                match settled.shape(raw, &owner, &mut Issues::default()) {
                    (GeometryState::Valid, Some(shape)) => (GeometryState::Invalid(shape.view().bounds()), None),
                    (state, _) => (state, None),
                }
            }
            PendingGeometry::Raw(raw) => settled.shape(raw, &owner, &mut issues),
        };
        Shaped { id, place, values, state, shape, issues: issues.finish() }
    }
}
