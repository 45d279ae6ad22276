//! The ground that a finding rests on, largest piece first.

use std::sync::Arc;

use super::eval::Evaluator;
use super::finding::Evidence;
use super::frame::Frame;
use super::pieces::Piece;
use super::value::Evaluated;
use crate::model::ItemRef;
use crate::sema::program::{Constraint, RelationKind, Rule};

/// Gathers the pieces that a constraint speaks of.
pub(super) fn gather<'a>(
    evaluator: &Evaluator<'_, 'a>,
    rule: &'a Rule,
    constraint: &'a Constraint,
    frame: &mut Frame<'a>,
) -> Vec<Evidence> {
    let mut pieces: Vec<Arc<Piece<'a>>> = Vec::new();
    for expr in &constraint.evidence {
        if let Evaluated::Pieces(found) = evaluator.eval(expr, frame) {
            pieces.extend(found.list.iter().cloned());
        }
    }
    if constraint.evidence.is_empty() {
        pieces = of_last_binding(evaluator, rule, frame);
    }
    let subject = rule.bindings.first().and_then(|binding| frame.get(binding.slot)?.item());
    let mut evidence: Vec<Evidence> = pieces.iter().filter_map(|piece| of_piece(evaluator, piece, subject)).collect();
    // A stable sort: equal pieces stay in the order of the features.
    evidence.sort_by(|one, other| {
        let length = |evidence: &Evidence| evidence.length_m.unwrap_or(0.0);
        other.area_m2.total_cmp(&one.area_m2).then(length(other).total_cmp(&length(one)))
    });
    evidence
}

/// Where no piece is spoken of, what the last variable and the target of its relation share.
fn of_last_binding<'a>(evaluator: &Evaluator<'_, 'a>, rule: &'a Rule, frame: &mut Frame<'a>) -> Vec<Arc<Piece<'a>>> {
    let Some(binding) = rule.bindings.last() else { return Vec::new() };
    let Some(relation) = &binding.relation else { return Vec::new() };
    match relation.kind {
        RelationKind::Overlapping | RelationKind::Within | RelationKind::Containing => {}
        RelationKind::Touching | RelationKind::WithinDistance(_) => return Vec::new(),
    }
    let Some(thing) = frame.get(binding.slot).cloned() else { return Vec::new() };
    let target = evaluator.eval(&relation.target, frame);
    match evaluator.intersect(&target, &thing) {
        Evaluated::Pieces(pieces) => pieces.list.clone(),
        _ => Vec::new(),
    }
}

fn of_piece<'a>(evaluator: &Evaluator<'_, 'a>, piece: &Piece<'a>, subject: Option<ItemRef>) -> Option<Evidence> {
    let settings = evaluator.world.settings;
    let looks = piece.looks(&settings.method)?;
    let area = looks.area;
    let thin = looks.width_m.is_some_and(|width| width < settings.sliver_width_m);
    Some(Evidence {
        feature: piece.feature,
        area_m2: area.value,
        area_error_m2: area.error,
        area_plane_m2: looks.area_plane_m2,
        length_m: looks.length_m,
        share_of_subject: subject.and_then(|item| share_of(evaluator, area.value, item)),
        share_of_feature: piece.feature.and_then(|item| share_of(evaluator, area.value, item)),
        width_m: looks.width_m,
        sliver: thin && area.value < settings.sliver_area_m2,
        point: looks.point,
        bounds: looks.bounds,
        shape: Arc::clone(&looks.shape),
    })
}

fn share_of(evaluator: &Evaluator<'_, '_>, area: f64, item: ItemRef) -> Option<f64> {
    match evaluator.area(&Evaluated::Item(item)) {
        Evaluated::Measure(whole) if whole.at_least.is_none() && whole.value > 0.0 => Some(area / whole.value),
        _ => None,
    }
}
