//! The shape that would comply, and words that say how to.

use super::describe::message;
use super::eval::{Evaluator, number_of};
use super::finding::{PoorPart, Remedy, Verdict};
use super::frame::Frame;
use super::value::{Evaluated, Region};
use crate::geometry::{BoundingBox, Kind, Shape, ShapeRef, construct, measure, overlay};
use crate::model::ItemRef;
use crate::sema::program::{self, Constraint, Expr};

/// Works out the cures of a constraint. A shape is given for a conflict only, and where all of the ground is known.
pub(super) fn work_out<'a>(
    evaluator: &Evaluator<'_, 'a>,
    constraint: &'a Constraint,
    verdict: Verdict,
    frame: &mut Frame<'a>,
) -> Vec<Remedy> {
    let conflict = verdict == Verdict::Conflict;
    let one = |remedy: &'a program::Remedy| match remedy {
        program::Remedy::Text(template) => match verdict {
            Verdict::Excepted | Verdict::Pass | Verdict::NotApplicable => None,
            Verdict::Conflict | Verdict::Undetermined | Verdict::Obligation => {
                Some(Remedy::Text(message(evaluator, template, frame)))
            }
        },
        program::Remedy::Subtract { from, what, margin } if conflict => {
            subtract(evaluator, from, what, margin.as_ref(), frame)
        }
        program::Remedy::Clip { what, to } if conflict => clip(evaluator, what, to, frame),
        program::Remedy::Subtract { .. } | program::Remedy::Clip { .. } => None,
    };
    constraint.remedies.iter().filter_map(one).collect()
}

fn subtract<'a>(
    evaluator: &Evaluator<'_, 'a>,
    from: &'a Expr,
    what: &'a Expr,
    margin: Option<&'a Expr>,
    frame: &mut Frame<'a>,
) -> Option<Remedy> {
    let (item, whole) = item_of(evaluator, from, frame)?;
    let margin = match margin {
        None => 0.0,
        Some(margin) => number_of(&evaluator.eval(margin, frame))?.value,
    };
    let near = whole.shape.view().bounds().grown(margin.max(0.0));
    let what = evaluator.eval(what, frame);
    let taken = known(evaluator, &what, &near)?;
    let rest = if margin > 0.0 {
        overlay::difference(whole.shape.view(), construct::buffer(taken.shape.view(), margin)?.view())
    } else {
        overlay::difference(whole.shape.view(), taken.shape.view())
    };
    Some(left(evaluator, item, &whole, rest))
}

fn clip<'a>(evaluator: &Evaluator<'_, 'a>, what: &'a Expr, to: &'a Expr, frame: &mut Frame<'a>) -> Option<Remedy> {
    let (item, whole) = item_of(evaluator, what, frame)?;
    let to = evaluator.eval(to, frame);
    let kept = known(evaluator, &to, &whole.shape.view().bounds())?;
    let rest = overlay::intersection(whole.shape.view(), kept.shape.view());
    Some(left(evaluator, item, &whole, rest))
}

/// Returns the item that an expression names, and its ground, if all of it is known.
fn item_of<'a>(evaluator: &Evaluator<'_, 'a>, expr: &'a Expr, frame: &mut Frame<'a>) -> Option<(ItemRef, Region<'a>)> {
    let Evaluated::Item(item) = evaluator.eval(expr, frame) else { return None };
    let region = evaluator.region_of(item);
    (region.gaps.is_empty() && !region.shape.view().is_empty()).then_some((item, region))
}

fn known<'a>(evaluator: &Evaluator<'_, 'a>, value: &Evaluated<'a>, near: &BoundingBox) -> Option<Region<'a>> {
    let region = evaluator.region(value, Some(near));
    region.gaps.iter().all(|gap| !gap.meets(near)).then_some(region)
}

fn left(evaluator: &Evaluator<'_, '_>, of: ItemRef, whole: &Region<'_>, rest: Shape) -> Remedy {
    let method = &evaluator.world.settings.method;
    let before = measure::area(whole.shape.view(), method).value;
    let left_m2 = measure::area(rest.view(), method).value;
    let left_parts = rest.view().parts().len() as u32;
    let settings = evaluator.world.settings;
    let poor = |part: ShapeRef<'_>| {
        let (area_m2, width_m) = (measure::area(part, method).value, measure::width(part));
        let poor = area_m2 < settings.least_part_m2 || width_m < settings.least_part_width_m;
        Some(PoorPart { area_m2, width_m, point: measure::interior_point(part)? }).filter(|_| poor)
    };
    let poor_parts = match rest.kind() {
        Kind::Polygon => rest.view().parts().filter_map(poor).collect(),
        Kind::Line | Kind::Point => Vec::new(),
    };
    Remedy::Geometry {
        of,
        removed_m2: (before - left_m2).max(0.0),
        left_m2,
        left_parts,
        shape: std::sync::Arc::new(rest),
        poor_parts,
        left_over: None,
    }
}
