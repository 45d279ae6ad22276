//! Predicates and distances between things that have ground, and what gaps in it leave of them.

use super::Evaluator;
use super::space::{Member, absent};
use crate::engine::frame::Frame;
use crate::engine::ground::Shared;
use crate::engine::truth;
use crate::engine::value::{Evaluated, Gap, Reasons, Region, Selection, Tri};
use crate::geometry::relate::{Predicate, holds};
use crate::geometry::{BoundingBox, Kind, Shape};
use crate::model::{ItemRef, Truth};
use crate::sema::program::{Expr, Spatial};

impl<'a> Evaluator<'_, 'a> {
    /// Returns whether a predicate holds between two values with ground; many stand for their union.
    pub(super) fn spatial(&self, predicate: Spatial, left: &Evaluated<'a>, right: &Evaluated<'a>) -> Tri {
        if let Some(reasons) = Reasons::join(absent(left), absent(right)) {
            return Truth::Unknown(reasons);
        }
        // That a layer covers a polygon is asked of what lies near the polygon.
        if let (Evaluated::Selection(selection), Spatial::Covers | Spatial::Contains) = (left, predicate) {
            let other = self.region(right, None);
            if other.shape.view().kind() == Kind::Polygon
                && let Some(known) = self.near_any(Spatial::Within, &other, selection, &other.bounds())
            {
                return truth::of(known);
            }
        }
        let one = self.region(left, None);
        let bounds = one.bounds();
        // Only these ask for all of the right side; for the others what lies near the left decides.
        let whole = matches!(predicate, Spatial::Contains | Spatial::Covers | Spatial::Equals | Spatial::Overlaps);
        let near = if whole || one.boundless().is_some() { None } else { Some(&bounds) };
        if let (Evaluated::Selection(selection), Some(near)) = (right, near)
            && let Some(known) = self.near_any(predicate, &one, selection, near)
        {
            return truth::of(known);
        }
        let other = self.region(right, near);
        let predicate = predicate_of(predicate);
        if let Some(known) = self.follows_from_area(predicate, (left, &one), (right, &other)) {
            return truth::of(known);
        }
        match self.asked_of_layer(predicate, (left, &one), (right, &other)) {
            Some(known) => known,
            None => relate(predicate, &one, &other),
        }
    }

    /// Returns whether a predicate holds between two polygons of which all is known, where the area that they share tells it and was found already; else `None`.
    fn follows_from_area(
        &self,
        predicate: Predicate,
        (left, one): (&Evaluated<'a>, &Region<'a>),
        (right, other): (&Evaluated<'a>, &Region<'a>),
    ) -> Option<bool> {
        if !one.gaps.is_empty() || !other.gaps.is_empty() {
            return None;
        }
        // What the layer of one was asked about the other.
        let told = |value: &Evaluated<'a>, polygon: &Region<'a>| {
            let item = value.item().filter(|item| self.is_ready(item.class))?;
            Some((self.overlaps_found(item.class, &polygon.shape)?, item.index))
        };
        let (asked, (overlaps, item), thing) = match told(right, one) {
            Some(found) => (one, found, other),
            None => (other, told(left, other)?, one),
        };
        let Shared::Area(_) = overlaps.with(item) else { return None };
        let lacks = || overlaps.lack_some_of(asked.shape.view(), item);
        match predicate {
            Predicate::Intersects | Predicate::Occupies => Some(true),
            Predicate::Disjoint | Predicate::Touches | Predicate::Crosses => Some(false),
            Predicate::Equals => lacks().then_some(false),
            Predicate::Overlaps => (!asked.shape.bounds().covers(&thing.shape.bounds()) && lacks()).then_some(true),
            Predicate::Within if std::ptr::eq(asked, one) => lacks().then_some(false),
            Predicate::Contains | Predicate::Covers if std::ptr::eq(asked, other) => lacks().then_some(false),
            Predicate::Within | Predicate::Contains | Predicate::Covers => None,
        }
    }

    /// Returns whether a predicate holds between two regions, asked of the larger one's layer where it is an item of one that may be made ready; else `None`.
    fn asked_of_layer(
        &self,
        predicate: Predicate,
        (left, one): (&Evaluated<'a>, &Region<'a>),
        (right, other): (&Evaluated<'a>, &Region<'a>),
    ) -> Option<Tri> {
        /// Shapes of fewer coordinates are as soon looked at from end to end.
        const LARGE: usize = 96;
        let (shape, other_shape) = (one.shape.view(), other.shape.view());
        let turned = shape.coords().len() > other_shape.coords().len();
        let (value, large, small) = if turned { (left, shape, other_shape) } else { (right, other_shape, shape) };
        let Evaluated::Item(item) = value else { return None };
        let bare =
            self.world.program.schema.class(item.class).is_layer() && self.world.geometry_field(item.class).is_none();
        if large.coords().len() < LARGE || !bare || !self.is_ready(item.class) {
            return None;
        }
        let plot = self.ground(item.class).plot(item.index)?;
        let asked = if turned { converse(predicate)? } else { predicate };
        Some(settle(predicate, plot.holds(asked, small), one, other))
    }

    /// Returns whether a predicate holds between ground and the union of a selection, where all of both is known and each item
    /// can be asked by itself; else `None`.
    fn near_any(
        &self,
        predicate: Spatial,
        one: &Region<'a>,
        selection: &Selection<'a>,
        near: &BoundingBox,
    ) -> Option<bool> {
        if !self.is_ready(selection.class) || !one.gaps.is_empty() || self.world.unread(selection.class).is_some() {
            return None;
        }
        let ground = self.ground(selection.class);
        if ground.unsure(near).next().is_some() {
            return None;
        }
        let (mut plots, mut items) = (Vec::new(), Vec::new());
        for index in ground.candidates(near) {
            match self.admits(selection, ItemRef { class: selection.class, index }) {
                Truth::True => {
                    plots.push(ground.plot(index)?);
                    items.push(index);
                }
                Truth::False => {}
                Truth::Unknown(_) => return None,
            }
        }
        let any = |predicate| plots.iter().any(|plot| plot.holds(predicate, one.shape.view()));
        match predicate {
            Spatial::Intersects => Some(any(Predicate::Intersects)),
            Spatial::Disjoint => Some(!any(Predicate::Intersects)),
            Spatial::Occupies => Some(any(Predicate::Occupies)),
            Spatial::Touches
            | Spatial::Within
            | Spatial::Contains
            | Spatial::Covers
            | Spatial::Crosses
            | Spatial::Overlaps
            | Spatial::Equals => match plots.as_slice() {
                [only] => Some(only.holds(predicate_of(predicate), one.shape.view())),
                // Of several, the rings as they stand decide; their union would be rounded to a grid.
                _ if predicate == Spatial::Within => ground.covers(one.shape.view(), &items),
                _ => None,
            },
        }
    }

    /// Returns whether two values lie at most so far apart; false where either is empty.
    pub(super) fn within_distance(
        &self,
        left: &Evaluated<'a>,
        limit: &Evaluated<'a>,
        right: &Evaluated<'a>,
        expr: &'a Expr,
        frame: &Frame<'a>,
    ) -> Tri {
        if let Some(reasons) = Reasons::join(Reasons::join(absent(left), absent(right)), limit.unknown()) {
            return Truth::Unknown(reasons);
        }
        let Some(reach) = super::number_of(limit) else { return Truth::Unknown(self.no_value(expr, frame)) };
        let one = self.region(left, None);
        let area = one.bounds().grown(reach.value + reach.error);
        let (members, gaps) = match right {
            Evaluated::Selection(_) | Evaluated::List(_) => self.members(right, Some(&area)),
            other => (vec![Member { feature: None, region: self.region(other, Some(&area)), doubt: None }], Vec::new()),
        };
        let layer = self.ground_of(right);
        let near = members.iter().map(|member| {
            let view = member.region.shape.view();
            let close = if view.is_empty() || one.shape.view().is_empty() {
                Truth::False
            } else {
                let plot = layer.and_then(|layer| layer.plot(member.feature?.index));
                self.is_close(plot, view, one.shape.view(), limit, (expr, frame))
            };
            let close = truth::and(close, truth::doubted(member.doubt.as_ref()));
            truth::or(close, unsure(member.region.gaps.iter(), &area))
        });
        let near = truth::or(truth::any(near), unsure(gaps.iter(), &area));
        match one.doubt() {
            Some(reasons) => truth::or(near, Truth::Unknown(reasons)),
            None => near,
        }
    }
}

/// Unknown if one of the gaps reaches the box.
fn unsure<'g>(gaps: impl Iterator<Item = &'g Gap>, bounds: &BoundingBox) -> Tri {
    Reasons::all(gaps.filter(|gap| gap.meets(bounds)).map(|gap| gap.reasons.clone()))
        .map_or(Truth::False, Truth::Unknown)
}

/// Unknown if a gap of one region comes within `reach` of the ground, or of a gap, of the other.
pub(in crate::engine) fn interfere(one: &Region<'_>, other: &Region<'_>, reach: f64) -> Tri {
    let mut doubt: Option<Reasons> = None;
    for (gaps, region) in [(&one.gaps, other), (&other.gaps, one)] {
        for gap in gaps {
            let matters = gap.bounds.is_none_or(|bounds| {
                let bounds = bounds.grown(reach);
                let near = region.shape.bounds().intersects(&bounds)
                    && holds(Predicate::Intersects, region.shape.view(), Shape::rectangle(&bounds).view());
                near || region.gaps.iter().any(|other| other.meets(&bounds))
            });
            if matters {
                doubt = Reasons::join(doubt, Some(gap.reasons.clone()));
            }
        }
    }
    doubt.map_or(Truth::False, Truth::Unknown)
}

/// Returns whether a predicate holds between two regions; a gap that may change the answer makes it unknown.
pub(in crate::engine) fn relate(predicate: Predicate, one: &Region<'_>, other: &Region<'_>) -> Tri {
    settle(predicate, holds(predicate, one.shape.view(), other.shape.view()), one, other)
}

/// Returns whether a predicate holds between two regions, given whether it does for what is known of them.
pub(in crate::engine) fn settle(predicate: Predicate, known: bool, one: &Region<'_>, other: &Region<'_>) -> Tri {
    let doubt = match interfere(one, other, 0.0) {
        Truth::Unknown(reasons) => reasons,
        Truth::True | Truth::False => return truth::of(known),
    };
    match predicate {
        // More ground can only make these true, or false.
        Predicate::Intersects | Predicate::Occupies if known => Truth::True,
        Predicate::Disjoint if !known => Truth::False,
        Predicate::Within if known && one.gaps.is_empty() => Truth::True,
        Predicate::Contains | Predicate::Covers if known && other.gaps.is_empty() => Truth::True,
        Predicate::Intersects
        | Predicate::Occupies
        | Predicate::Disjoint
        | Predicate::Within
        | Predicate::Contains
        | Predicate::Covers
        | Predicate::Touches
        | Predicate::Crosses
        | Predicate::Overlaps
        | Predicate::Equals => Truth::Unknown(doubt),
    }
}

/// Returns what holds from the other side where a predicate holds from this; `None` where that has no name.
fn converse(predicate: Predicate) -> Option<Predicate> {
    match predicate {
        Predicate::Within => Some(Predicate::Contains),
        Predicate::Contains => Some(Predicate::Within),
        Predicate::Covers => None,
        Predicate::Intersects
        | Predicate::Disjoint
        | Predicate::Touches
        | Predicate::Crosses
        | Predicate::Overlaps
        | Predicate::Equals
        | Predicate::Occupies => Some(predicate),
    }
}

fn predicate_of(spatial: Spatial) -> Predicate {
    match spatial {
        Spatial::Intersects => Predicate::Intersects,
        Spatial::Disjoint => Predicate::Disjoint,
        Spatial::Touches => Predicate::Touches,
        Spatial::Within => Predicate::Within,
        Spatial::Contains => Predicate::Contains,
        Spatial::Covers => Predicate::Covers,
        Spatial::Crosses => Predicate::Crosses,
        Spatial::Overlaps => Predicate::Overlaps,
        Spatial::Equals => Predicate::Equals,
        Spatial::Occupies => Predicate::Occupies,
    }
}
