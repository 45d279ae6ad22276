//! Shapes: regions, pieces and sizes.

use std::sync::Arc;

use super::Evaluator;
use crate::engine::finding::Missing;
use crate::engine::frame::Frame;
use crate::engine::pieces::{Piece, Pieces};
use crate::engine::value::{Evaluated, Gap, Measured, Reasons, Region, Selection, ShapeOf};
use crate::geometry::measure::{self, Measure};
use crate::geometry::prepared::are_tangled;
use crate::geometry::{BoundingBox, Kind, Shape, ShapeRef, overlay};
use crate::model::{ClassId, GeometryState, ItemRef, Truth};
use crate::sema::program::Expr;

impl<'a> Evaluator<'_, 'a> {
    /// Returns the ground of a value; of many, the union of those that may meet `near`, or of all.
    pub(in crate::engine) fn region(&self, value: &Evaluated<'a>, near: Option<&BoundingBox>) -> Region<'a> {
        match value {
            Evaluated::Region(region) => Region::clone(region),
            Evaluated::Item(item) => self.region_of(*item),
            Evaluated::Piece(piece) => Region::known(piece.to_shape()),
            Evaluated::Pieces(pieces) => {
                let mut gaps = pieces.gaps.clone();
                let shape = pieces.union().unwrap_or_else(|| {
                    let bounds = pieces.list.iter().fold(BoundingBox::EMPTY, |all, piece| all.merged(&piece.reach()));
                    gaps.push(Gap { bounds: Some(bounds), reasons: Reasons::one(Missing::Tangled(None)) });
                    Shape::empty(Kind::Polygon).into()
                });
                Region { shape, gaps }
            }
            Evaluated::Dangling(missing) => Region::unknown(None, Reasons::one(missing.clone())),
            Evaluated::Selection(_) | Evaluated::List(_) => {
                let (shapes, gaps) = self.shapes(value, near);
                dissolved(shapes, gaps)
            }
            other => Region::unknown(None, other.unknown().unwrap_or_default()),
        }
    }

    /// Returns the shapes of the things of a value that may meet `near`, and the gaps of what is not known.
    fn shapes(&self, value: &Evaluated<'a>, near: Option<&BoundingBox>) -> (Vec<ShapeOf<'a>>, Vec<Gap>) {
        if !matches!(value, Evaluated::Selection(_) | Evaluated::List(_)) {
            let region = self.region(value, near);
            return (vec![region.shape], region.gaps);
        }
        let (members, mut gaps) = self.members(value, near);
        let mut shapes = Vec::new();
        for member in members {
            gaps.extend(member.region.gaps);
            match member.doubt {
                Some(reasons) => gaps.push(Gap { bounds: Some(member.region.shape.view().bounds()), reasons }),
                None => shapes.push(member.region.shape),
            }
        }
        shapes.retain(|shape| !shape.view().is_empty());
        (shapes, gaps)
    }

    /// Returns the things of a layer or list that may meet `near`, each with its ground, and the gaps of what is not known at all.
    pub(in crate::engine) fn members(
        &self,
        value: &Evaluated<'a>,
        near: Option<&BoundingBox>,
    ) -> (Vec<Member<'a>>, Vec<Gap>) {
        if let Evaluated::Selection(selection) = value {
            // Without a place to look at, what the filters say of the things may tell which they are.
            let left = if near.is_none() { self.left_by_filters(selection) } else { None };
            let items = left.unwrap_or_else(|| self.candidates(selection.class, near)).into_iter();
            let members = items.filter_map(|index| self.member(selection, index, near.is_some())).collect();
            return (members, self.unread_gap(selection.class));
        }
        let many = self.iterate(value);
        let mut members = Vec::with_capacity(many.items.len());
        for (one, doubt) in many.items {
            let feature = one.feature();
            let mut region = self.region(&one, near);
            if near.is_some() && feature.is_some_and(|item| self.has_no_coordinates(item)) {
                region.gaps.clear();
            }
            members.push(Member { feature, region, doubt });
        }
        (members, many.more.map(Self::gap_of).into_iter().collect())
    }

    /// Returns an item with its ground, if the selection admits it; `near`: whether only what lies near something is asked for.
    pub(in crate::engine) fn member(&self, selection: &Selection<'a>, index: u32, near: bool) -> Option<Member<'a>> {
        let item = ItemRef { class: selection.class, index };
        let doubt = match self.admits(selection, item) {
            Truth::True => None,
            Truth::False => return None,
            Truth::Unknown(reasons) => Some(reasons),
        };
        let mut region = self.region_of(item);
        // What has no coordinates is an issue, and meets nothing; but it is missing from the whole.
        if near {
            region.gaps.retain(|gap| gap.bounds.is_some());
        }
        Some(Member { feature: Some(item), region, doubt })
    }

    /// Returns the gap that a class leaves of which not all is known.
    pub(in crate::engine) fn unread_gap(&self, class: ClassId) -> Vec<Gap> {
        self.world.unread(class).map(Reasons::one).map(Self::gap_of).into_iter().collect()
    }

    /// Evaluates `a & b`, once for each subject where the plan knows the pair.
    pub(super) fn joined_pieces(
        &self,
        expr: &'a Expr,
        left: &'a Expr,
        right: &'a Expr,
        frame: &mut Frame<'a>,
    ) -> Evaluated<'a> {
        let join = self.join_of(expr);
        if let (Some(join), Some(cache)) = (join, self.cache)
            && let Some(Some(known)) = cache.pieces.borrow().get(join)
        {
            return known.clone();
        }
        // What is kept is exact.
        let evaluator = if join.is_some() { self.exact() } else { *self };
        let make = || {
            let (one, other) = (evaluator.eval(left, frame), evaluator.eval(right, frame));
            evaluator.intersect(&one, &other)
        };
        let found = |pieces: &Evaluated<'a>| match pieces {
            Evaluated::Pieces(pieces) => pieces.list.len(),
            _ => 0,
        };
        let pieces = self.metered(join, make, found);
        if let (Some(join), Some(cache)) = (join, self.cache)
            && let Some(place) = cache.pieces.borrow_mut().get_mut(join)
        {
            *place = Some(pieces.clone());
        }
        pieces
    }

    /// Returns the pieces that `left` shares with each of `right`.
    pub(in crate::engine) fn intersect(&self, left: &Evaluated<'a>, right: &Evaluated<'a>) -> Evaluated<'a> {
        let method = &self.world.settings.method;
        let region = self.region(left, None);
        if let Evaluated::Selection(selection) = right
            && let Some(pieces) = self.overlaps(&region, selection)
        {
            return Evaluated::Pieces(Arc::new(pieces));
        }
        let bounds = region.bounds();
        let mut list = Vec::new();
        let (members, mut gaps) = match right {
            Evaluated::Selection(_) | Evaluated::List(_) => {
                self.members(right, region.boundless().is_none().then_some(&bounds))
            }
            Evaluated::Pieces(pieces) => {
                let member = |piece: &Arc<Piece<'a>>| Member {
                    feature: piece.feature,
                    region: Region::known(piece.to_shape()),
                    doubt: None,
                };
                (pieces.list.iter().map(member).collect(), pieces.gaps.clone())
            }
            Evaluated::Item(item) => {
                (vec![Member { feature: Some(*item), region: self.region_of(*item), doubt: None }], Vec::new())
            }
            Evaluated::Piece(piece) => (
                vec![Member { feature: piece.feature, region: Region::known(piece.to_shape()), doubt: None }],
                Vec::new(),
            ),
            other => {
                (vec![Member { feature: None, region: self.region(other, Some(&bounds)), doubt: None }], Vec::new())
            }
        };
        gaps.retain(|gap| gap.meets(&bounds));
        if let Some(reasons) = region.boundless() {
            gaps.push(Self::gap_of(reasons));
        }
        for member in members {
            gaps.extend(member.region.gaps.iter().filter(|gap| gap.meets(&bounds)).cloned());
            let reach = member.region.bounds();
            gaps.extend(region.gaps.iter().filter(|gap| gap.bounds.is_some() && gap.meets(&reach)).cloned());
            if !member.region.shape.bounds().intersects(&bounds) {
                continue;
            }
            let common = reach.common(&bounds);
            if are_tangled(&[region.shape.view(), member.region.shape.view()], &common) {
                let reasons = Reasons::one(Missing::Tangled(member.feature));
                gaps.push(Gap { bounds: Some(common), reasons });
                continue;
            }
            if let Some(piece) = Piece::shared(member.feature, &region.shape, &member.region.shape, method) {
                match member.doubt {
                    None => list.push(Arc::new(piece)),
                    Some(reasons) => gaps.push(Gap { bounds: Some(piece.shape().bounds()), reasons }),
                }
            }
        }
        Evaluated::Pieces(Arc::new(Pieces::new(list, gaps)))
    }

    /// Returns the pieces that a polygon without gaps shares with the polygons of a selection: their areas first, their shapes when they
    /// are asked for. `None` where it is not as simple as that.
    fn overlaps(&self, region: &Region<'a>, selection: &Selection<'a>) -> Option<Pieces<'a>> {
        if !self.is_ready(selection.class) || !region.gaps.is_empty() {
            return None;
        }
        let ground = self.ground(selection.class);
        let overlaps = self.overlaps_with(selection.class, &region.shape)?;
        let bounds = region.bounds();
        let mut gaps = self.unread_gap(selection.class);
        for index in ground.unsure(&bounds) {
            let item = ItemRef { class: selection.class, index };
            if self.admits(selection, item) != Truth::False {
                let near = |gap: &Gap| gap.bounds.is_some() && gap.meets(&bounds);
                gaps.extend(self.region_of(item).gaps.into_iter().filter(near));
            }
        }
        let mut list = Vec::new();
        for overlap in overlaps.each() {
            let item = ItemRef { class: selection.class, index: overlap.item() };
            let doubt = match self.admits(selection, item) {
                Truth::True => None,
                Truth::False => continue,
                Truth::Unknown(reasons) => Some(reasons),
            };
            if overlap.is_tangled() {
                let reasons = Reasons::one(Missing::Tangled(Some(item)));
                gaps.push(Gap { bounds: Some(overlap.bounds().common(&bounds)), reasons });
                continue;
            }
            let piece = Piece::overlap(item, &region.shape, overlap, &self.world.settings.method);
            match doubt {
                None => list.push(Arc::new(piece)),
                Some(reasons) => gaps.push(Gap { bounds: Some(piece.shape().bounds()), reasons }),
            }
        }
        Some(Pieces::new(list, gaps))
    }

    /// Returns the pieces of `left` less the union of `right`.
    pub(super) fn subtract(&self, left: &Evaluated<'a>, right: &Evaluated<'a>) -> Evaluated<'a> {
        let (whole, mut gaps) = match left {
            Evaluated::Pieces(pieces) => (pieces.list.clone(), pieces.gaps.clone()),
            other => {
                let region = self.region(other, None);
                let feature = match other {
                    Evaluated::Piece(piece) => piece.feature,
                    _ => None,
                };
                (vec![Arc::new(Piece::ready(feature, region.shape))], region.gaps)
            }
        };
        let bounds = whole.iter().fold(BoundingBox::EMPTY, |all, piece| all.merged(&piece.shape().bounds()));
        let (taken, unknown) = self.shapes(right, Some(&bounds));
        let taken: Vec<ShapeRef<'_>> = taken.iter().map(ShapeOf::view).collect();
        let mut list = Vec::new();
        for piece in whole {
            let all: Vec<ShapeRef<'_>> = std::iter::once(piece.shape()).chain(taken.iter().copied()).collect();
            let own = piece.shape().bounds();
            if are_tangled(&all, &own) {
                gaps.push(Gap { bounds: Some(own), reasons: Reasons::one(Missing::Tangled(piece.feature)) });
                continue;
            }
            let mut rest = overlay::without(piece.shape(), &taken);
            // What a gap may take away is not surely left: only the ground outside its box is.
            for gap in &unknown {
                if !gap.meets(&rest.view().bounds()) {
                    continue;
                }
                match gap.bounds {
                    Some(bounds) => {
                        let common = bounds.common(&rest.view().bounds());
                        gaps.push(Gap { bounds: Some(common), reasons: gap.reasons.clone() });
                        rest = overlay::difference(rest.view(), Shape::rectangle(&bounds).view());
                    }
                    None => {
                        gaps.push(Gap { bounds: Some(rest.view().bounds()), reasons: gap.reasons.clone() });
                        rest = Shape::empty(rest.kind());
                    }
                }
            }
            if !rest.is_empty() {
                list.push(Arc::new(Piece::ready(piece.feature, rest.into())));
            }
        }
        Evaluated::Pieces(Arc::new(Pieces::new(list, gaps)))
    }

    /// Returns the area of a value: of many, of their union; at least what is known of it where they have gaps.
    pub(in crate::engine) fn area(&self, value: &Evaluated<'a>) -> Evaluated<'a> {
        let method = &self.world.settings.method;
        match value {
            Evaluated::Item(item) => {
                let is_kept = self.is_ready(item.class) || self.tried.is_none();
                if let Some(known) = self.world.known_area(*item).filter(|_| is_kept) {
                    return Evaluated::Measure(known.into());
                }
                match self.shape_of(*item) {
                    Evaluated::Region(region) => {
                        let area = measure::area(region.shape.view(), method);
                        if is_kept && region.gaps.is_empty() {
                            self.world.keep_area(*item, area);
                        }
                        sized(area, region.doubt())
                    }
                    other => Evaluated::Unknown(other.unknown().unwrap_or_default()),
                }
            }
            Evaluated::Pieces(pieces) => {
                let roughly = self.rough.and_then(|rough| rough.take(pieces.rough_area(method, rough.bounds)));
                sized(roughly.unwrap_or_else(|| pieces.area(method)), pieces.doubt())
            }
            Evaluated::Piece(piece) => {
                let roughly = self.rough.and_then(|rough| rough.take(piece.rough_area(method)));
                Evaluated::Measure(roughly.unwrap_or_else(|| piece.area(method)).into())
            }
            Evaluated::Unknown(_) | Evaluated::Absent(_) => Evaluated::Unknown(value.unknown().unwrap_or_default()),
            other => {
                let region = self.region(other, None);
                sized(measure::area(region.shape.view(), method), region.doubt())
            }
        }
    }

    /// Returns the length of a value: of lines, or of all rings.
    pub(in crate::engine) fn length(&self, value: &Evaluated<'a>) -> Evaluated<'a> {
        let region = match value {
            Evaluated::Unknown(_) | Evaluated::Absent(_) => {
                return Evaluated::Unknown(value.unknown().unwrap_or_default());
            }
            Evaluated::Item(item) => match self.shape_of(*item) {
                Evaluated::Region(region) => Region::clone(&region),
                other => return Evaluated::Unknown(other.unknown().unwrap_or_default()),
            },
            other => self.region(other, None),
        };
        sized(measure::length(region.shape.view(), &self.world.settings.method), region.doubt())
    }

    /// Returns the shape of a value that is known whole, or why it is not.
    pub(in crate::engine) fn whole(&self, value: &Evaluated<'a>) -> Result<ShapeOf<'a>, Reasons> {
        if let Some(reasons) = absent(value) {
            return Err(reasons);
        }
        let region = self.region(value, None);
        match region.doubt() {
            None => Ok(region.shape),
            Some(reasons) => Err(reasons),
        }
    }

    /// Returns the shapes of a value, each known whole, without taking their union.
    pub(in crate::engine) fn whole_parts(&self, value: &Evaluated<'a>) -> Result<Vec<ShapeOf<'a>>, Reasons> {
        match value {
            Evaluated::Selection(_) | Evaluated::List(_) => {
                let (members, gaps) = self.members(value, None);
                let own =
                    members.iter().flat_map(|member| member.doubt.clone().into_iter().chain(member.region.doubt()));
                match Reasons::all(own.chain(gaps.into_iter().map(|gap| gap.reasons))) {
                    None => Ok(members.into_iter().map(|member| member.region.shape).collect()),
                    Some(reasons) => Err(reasons),
                }
            }
            other => self.whole(other).map(|shape| vec![shape]),
        }
    }

    /// Tells whether an item of a layer came without coordinates.
    fn has_no_coordinates(&self, item: ItemRef) -> bool {
        let layer = self.world.program.schema.class(item.class).is_layer();
        layer && self.world.data.items(item.class).geometry_state(item.index) == GeometryState::Missing
    }
}

/// One of many with its ground.
pub(in crate::engine) struct Member<'a> {
    pub(in crate::engine) feature: Option<ItemRef>,
    pub(in crate::engine) region: Region<'a>,
    /// Why it may not belong.
    pub(in crate::engine) doubt: Option<Reasons>,
}

pub(super) fn absent(value: &Evaluated<'_>) -> Option<Reasons> {
    match value {
        Evaluated::Dangling(missing) => Some(Reasons::one(missing.clone())),
        other => other.unknown(),
    }
}

fn sized<'a>(measure: Measure, doubt: Option<Reasons>) -> Evaluated<'a> {
    Evaluated::Measure(Measured { value: measure.value, error: measure.error, at_least: doubt })
}

/// Returns the union of the shapes of the highest dimension among them, for lower ones add nothing that can be measured with it, with
/// gaps in it; where their borders are tangled, all of it is one more gap.
pub(in crate::engine) fn dissolved(mut shapes: Vec<ShapeOf<'_>>, mut gaps: Vec<Gap>) -> Region<'_> {
    shapes.retain(|shape| !shape.view().is_empty());
    let highest = shapes.iter().map(|shape| shape.view().kind()).max().unwrap_or(Kind::Polygon);
    shapes.retain(|shape| shape.view().kind() == highest);
    if shapes.len() == 1 {
        return Region { shape: shapes.remove(0), gaps };
    }
    let views: Vec<ShapeRef<'_>> = shapes.iter().map(ShapeOf::view).collect();
    let bounds = views.iter().fold(BoundingBox::EMPTY, |all, shape| all.merged(&shape.bounds()));
    let shape = match are_tangled(&views, &bounds) {
        true => {
            gaps.push(Gap { bounds: Some(bounds), reasons: Reasons::one(Missing::Tangled(None)) });
            Shape::empty(highest)
        }
        false => overlay::union(&views),
    };
    Region { shape: shape.into(), gaps }
}
