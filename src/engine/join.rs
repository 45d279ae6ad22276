//! Which things of a layer, record kind or list lie to a shape as a relation says: candidates by their boxes, then exact tests.

use std::sync::Arc;

use super::eval::{Evaluator, Member, interfere, number_of, relate, settle};
use super::finding::Missing;
use super::frame::Frame;
use super::ground::{Ground, Overlaps, Plot, Shared};
use super::meter::Meter;
use super::truth;
use super::value::{Evaluated, Gap, Many, Measured, Reasons, Region, ShapeOf, Tri};
use crate::geometry::measure::{self, Measure};
use crate::geometry::prepared::Prepared;
use crate::geometry::relate::{Predicate, interiors_meet};
use crate::geometry::{BoundingBox, Kind, ShapeRef, Store, overlay};
use crate::model::{ClassId, GeometryState, ItemRef, Truth};
use crate::sema::program::{AtLeast, Binding, Expr, Operator, Order, Relation, RelationKind};

/// A bound of `by at least`, evaluated.
enum Bound<'a> {
    Quantity(&'a Expr, Evaluated<'a>),
    /// The share, and the size of what it is a share of.
    Share(&'a Expr, Evaluated<'a>, Evaluated<'a>),
}

/// The numbers of a relation, evaluated.
struct Terms<'a> {
    /// How far apart things may be.
    limit: Option<Evaluated<'a>>,
    bounds: Vec<Bound<'a>>,
}

/// What a layer that was made ready tells of one of its items.
#[derive(Clone, Copy, Default)]
struct Known<'g, 'a> {
    plot: Option<Plot<'g, 'a>>,
    /// What the layer shares with the target, if that was asked, and the item.
    overlaps: Option<(&'g Arc<Overlaps<'a>>, ItemRef)>,
}

impl<'g, 'a> Known<'g, 'a> {
    fn shared(&self) -> Option<Shared<'a>> {
        self.overlaps.map(|(overlaps, item)| overlaps.with(item.index))
    }

    /// Returns whether a predicate holds between the item, which `ground` is of, and the target; `converse` is the same seen from
    /// the target.
    fn relate(&self, predicate: Predicate, converse: Predicate, ground: &Region<'_>, target: &Region<'_>) -> Tri {
        match self.plot {
            Some(plot) => settle(predicate, plot.holds(converse, target.shape.view()), ground, target),
            None => relate(predicate, ground, target),
        }
    }

    /// Tells whether the item surely shares less with the target, a polygon, than that has, and so does not contain it.
    fn lacks_some_of(&self, target: &Region<'_>) -> bool {
        self.overlaps.is_some_and(|(overlaps, item)| overlaps.lack_some_of(target.shape.view(), item.index))
    }
}

impl<'a> Evaluator<'_, 'a> {
    /// Returns the shapes of a class with their index, made when first asked for.
    pub(super) fn ground(&self, class: ClassId) -> &Ground<'a> {
        self.world.grounds[class.0 as usize].get_or_init(|| {
            let mark = self.world.meter.map(|meter| (meter, Meter::mark()));
            let ground = Evaluator { shortcuts: false, tried: None, ..self.without_cache().exact() }.make_ground(class);
            if let Some((meter, mark)) = mark {
                meter.index(class, &mark);
            }
            ground
        })
    }

    /// Returns the shapes of what is a class, filtered or not, where shortcuts may be taken.
    pub(super) fn ground_of(&self, value: &Evaluated<'a>) -> Option<&Ground<'a>> {
        match value {
            Evaluated::Selection(selection) if self.is_ready(selection.class) => Some(self.ground(selection.class)),
            _ => None,
        }
    }

    /// Returns the items of a class that was made ready with which a polygon shares an area, ascending: found once for a subject, whichever joins ask.
    /// `None` where the class or the shape is not of polygons.
    pub(super) fn overlaps_with(&self, class: ClassId, shape: &ShapeOf<'a>) -> Option<Arc<Overlaps<'a>>> {
        let ground = self.ground(class);
        let (Some(cache), Some(place)) = (self.cache, shape.place()) else { return ground.overlaps(shape.view()) };
        let key = (class, place);
        if let Some((_, known)) = cache.overlaps.borrow().iter().find(|(of, _)| *of == key) {
            return known.clone();
        }
        let found = ground.overlaps(shape.view());
        cache.overlaps.borrow_mut().push((key, found.clone()));
        found
    }

    /// Returns what [`Evaluator::overlaps_with`] found for the subject at hand, if it was asked.
    pub(super) fn overlaps_found(&self, class: ClassId, shape: &ShapeOf<'a>) -> Option<Arc<Overlaps<'a>>> {
        let key = (class, shape.place()?);
        self.cache?.overlaps.borrow().iter().find(|(of, _)| *of == key)?.1.clone()
    }

    fn make_ground(&self, class: ClassId) -> Ground<'a> {
        let items = self.world.data.items(class);
        let layer = self.world.program.schema.class(class).is_layer();
        let count = items.len() as u32;
        let mut gaps = Vec::new();
        if layer && self.world.geometry_field(class).is_none() {
            for item in 0..count {
                if let GeometryState::Invalid(bounds) = items.geometry_state(item) {
                    let reasons = Reasons::one(Missing::Geometry(ItemRef { class, index: item }));
                    gaps.push((item, vec![Gap { bounds: Some(bounds), reasons }]));
                }
            }
            return Ground::new(Prepared::of(items.store()), gaps, true);
        }
        let regions: Vec<Region<'a>> = (0..count).map(|index| self.region_of(ItemRef { class, index })).collect();
        let shapes = regions.iter().map(|region| region.shape.view()).filter(|shape| !shape.is_empty());
        let kinds = shapes.map(|shape| shape.kind());
        let kind = kinds.clone().max().unwrap_or(Kind::Polygon);
        let uniform = kinds.min().is_none_or(|least| least == kind);
        let mut store = Store::new(kind);
        for (item, region) in (0..count).zip(&regions) {
            store.push(region.shape.view());
            if region.gaps.iter().any(|gap| gap.bounds.is_some()) {
                gaps.push((item, region.gaps.clone()));
            }
        }
        Ground::new(Prepared::owning(store), gaps, uniform)
    }

    /// Returns the items of a class that may meet a box, or all.
    pub(super) fn candidates(&self, class: ClassId, near: Option<&BoundingBox>) -> Vec<u32> {
        match near {
            Some(bounds) if self.is_ready(class) => self.ground(class).candidates(bounds),
            Some(_) | None => (0..self.world.data.items(class).len() as u32).collect(),
        }
    }

    /// Returns what a binding's variable runs over by its collection and relation; its `where` is not asked yet.
    pub(super) fn joined(&self, binding: &'a Binding, frame: &mut Frame<'a>) -> Arc<Many<'a>> {
        let join = self.join_of(&binding.over);
        if let (Some(join), Some(cache)) = (join, self.cache)
            && let Some(Some(known)) = cache.matches.borrow().get(join)
        {
            return Arc::clone(known);
        }
        // What is kept is exact.
        let evaluator = if join.is_some() { self.exact() } else { *self };
        let make = || {
            let over = evaluator.eval(&binding.over, frame);
            match &binding.relation {
                None => evaluator.iterate(&over),
                Some(relation) => evaluator.matches(relation, &over, frame),
            }
        };
        let many = Arc::new(self.metered(join, make, |many: &Many<'a>| many.items.len()));
        if let (Some(join), Some(cache)) = (join, self.cache)
            && let Some(place) = cache.matches.borrow_mut().get_mut(join)
        {
            *place = Some(Arc::clone(&many));
        }
        many
    }

    fn matches(&self, relation: &'a Relation, over: &Evaluated<'a>, frame: &mut Frame<'a>) -> Many<'a> {
        let target = self.eval(&relation.target, frame);
        if let Evaluated::Dangling(missing) = &target {
            return Many::unknown(Reasons::one(missing.clone()));
        }
        let region = self.region(&target, None);
        // Ground that may reach anywhere may match anything: what it runs over is unknown as a whole.
        if let Some(reasons) = region.boundless() {
            return Many::unknown(reasons);
        }
        let reach = match self.reach(relation, frame) {
            Ok(reach) => reach,
            Err(reasons) => return Many::unknown(reasons),
        };
        let bounds = self.bounds(relation, frame);
        let (reach, limit) = reach.unzip();
        let terms = Terms { limit, bounds };
        let near = region.bounds().grown(reach.as_ref().map_or(0.0, |measure| measure.value + measure.error));
        let layer = self.ground_of(over);
        let selection = match over {
            Evaluated::Selection(selection) => layer.map(|layer| (&**selection, layer)),
            _ => None,
        };
        let overlaps = selection.and_then(|(selection, _)| match &relation.kind {
            RelationKind::Overlapping => self.overlaps_with(selection.class, &region.shape),
            RelationKind::Containing | RelationKind::WithinDistance(_) => {
                self.overlaps_found(selection.class, &region.shape)
            }
            RelationKind::Touching | RelationKind::Within => None,
        });
        let mut many = Many::default();
        let judge = |many: &mut Many<'a>, Member { feature, region: ground, doubt }: Member<'a>| {
            let known = Known {
                plot: layer.and_then(|layer| layer.plot(feature?.index)),
                overlaps: overlaps.as_ref().zip(feature),
            };
            let found = self.relates(relation, &ground, &region, known, &terms, frame);
            let value = match feature {
                Some(item) => Evaluated::Item(item),
                None => Evaluated::Region(Arc::new(ground)),
            };
            match found {
                Truth::True => many.items.push((value, doubt)),
                Truth::False => {}
                Truth::Unknown(reasons) => many.items.push((value, Reasons::join(doubt, Some(reasons)))),
            }
        };
        let gaps = match (&relation.kind, selection, &overlaps) {
            // What shares no area neither overlaps a polygon nor contains it, where all of the polygon is known.
            (RelationKind::Overlapping | RelationKind::Containing, Some((selection, layer)), Some(overlaps))
                if region.gaps.is_empty() =>
            {
                let bare = matches!(relation.kind, RelationKind::Overlapping) && terms.bounds.is_empty();
                for index in layer.items_of(overlaps, &near) {
                    let item = ItemRef { class: selection.class, index };
                    match overlaps.with(index) {
                        Shared::Area(_) if bare => match self.admits(selection, item) {
                            Truth::True => many.items.push((Evaluated::Item(item), None)),
                            Truth::False => {}
                            Truth::Unknown(doubt) => many.items.push((Evaluated::Item(item), Some(doubt))),
                        },
                        Shared::Area(_) | Shared::Faint | Shared::Nothing => {
                            if let Some(member) = self.member(selection, index, true) {
                                judge(&mut many, member);
                            }
                        }
                    }
                }
                self.unread_gap(selection.class)
            }
            _ => {
                let (members, gaps) = self.members(over, Some(&near));
                members.into_iter().for_each(|member| judge(&mut many, member));
                gaps
            }
        };
        many.more = Reasons::all(gaps.iter().filter(|gap| gap.meets(&near)).map(|gap| gap.reasons.clone()));
        many
    }

    /// Returns whether one thing lies to another as a relation says, without any index.
    pub(super) fn relation_holds(&self, relation: &'a Relation, thing: &Evaluated<'a>, frame: &mut Frame<'a>) -> Tri {
        let target = self.eval(&relation.target, frame);
        let (ground, region) = (self.region(thing, None), self.region(&target, None));
        let reach = match self.reach(relation, frame) {
            Ok(reach) => reach,
            Err(reasons) => return Truth::Unknown(reasons),
        };
        let terms = Terms { limit: reach.map(|(_, limit)| limit), bounds: self.bounds(relation, frame) };
        self.relates(relation, &ground, &region, Known::default(), &terms, frame)
    }

    fn reach(
        &self,
        relation: &'a Relation,
        frame: &mut Frame<'a>,
    ) -> Result<Option<(Measured, Evaluated<'a>)>, Reasons> {
        let RelationKind::WithinDistance(distance) = &relation.kind else { return Ok(None) };
        let limit = self.eval(distance, frame);
        match number_of(&limit) {
            Some(measure) => match &measure.at_least {
                None => Ok(Some((measure, limit))),
                Some(reasons) => Err(reasons.clone()),
            },
            None => Err(limit.unknown().unwrap_or_else(|| self.no_value(distance, frame))),
        }
    }

    fn bounds(&self, relation: &'a Relation, frame: &mut Frame<'a>) -> Vec<Bound<'a>> {
        let bound = |bound: &'a AtLeast| match bound {
            AtLeast::Quantity(quantity) => Bound::Quantity(quantity, self.eval(quantity, frame)),
            AtLeast::ShareOf(share, of) => {
                let part = self.eval(share, frame);
                let of = self.eval(of, frame);
                let lines = self.region(&of, None).shape.view().kind() == Kind::Line;
                Bound::Share(share, part, if lines { self.length(&of) } else { self.area(&of) })
            }
        };
        relation.at_least.iter().map(bound).collect()
    }

    fn relates(
        &self,
        relation: &'a Relation,
        ground: &Region<'a>,
        target: &Region<'a>,
        known: Known<'_, 'a>,
        terms: &Terms<'a>,
        frame: &Frame<'a>,
    ) -> Tri {
        match &relation.kind {
            RelationKind::Touching => known.relate(Predicate::Touches, Predicate::Touches, ground, target),
            RelationKind::Within => known.relate(Predicate::Within, Predicate::Contains, ground, target),
            RelationKind::Containing if known.lacks_some_of(target) => {
                settle(Predicate::Contains, false, ground, target)
            }
            RelationKind::Containing => known.relate(Predicate::Contains, Predicate::Within, ground, target),
            RelationKind::Overlapping => {
                let (one, other) = (ground.shape.view(), target.shape.view());
                let overlaps = match (terms.bounds.as_slice(), known.plot) {
                    ([], _) if matches!(known.shared(), Some(Shared::Area(_))) => Truth::True,
                    ([], _) if matches!(known.shared(), Some(Shared::Nothing)) => Truth::False,
                    ([], Some(plot)) => truth::of(plot.interiors_meet(other)),
                    ([], None) => truth::of(interiors_meet(one, other)),
                    (bounds, _) if ground.shape.bounds().intersects(&target.shape.bounds()) => {
                        let shared = self.shared_size(ground, target, known);
                        // Nothing shared is no match, whatever the bound.
                        let enough = bounds.iter().map(|bound| self.reaches(&shared, bound, frame));
                        truth::and(truth::of(shared.value != 0.0), truth::any(enough))
                    }
                    _ => Truth::False,
                };
                truth::or(overlaps, interfere(ground, target, 0.0))
            }
            RelationKind::WithinDistance(distance) => {
                let (one, other) = (ground.shape.view(), target.shape.view());
                let Some(limit) = &terms.limit else { return Truth::Unknown(self.no_value(distance, frame)) };
                let close = if one.is_empty() || other.is_empty() {
                    Truth::False
                } else if let Some(Shared::Area(_)) = known.shared() {
                    self.compare(
                        Order::LessOrEqual,
                        &Evaluated::Measure(Measure::exact(0.0).into()),
                        limit,
                        distance,
                        frame,
                    )
                } else {
                    self.is_close(known.plot, one, other, limit, (distance, frame))
                };
                let reach = number_of(limit).map_or(0.0, |limit| limit.value + limit.error);
                truth::or(close, interfere(ground, target, reach))
            }
        }
    }

    /// Returns whether two shapes lie at most so far apart; `plot` is the ground of the first where its layer was made ready.
    pub(super) fn is_close(
        &self,
        plot: Option<Plot<'_, 'a>>,
        one: ShapeRef<'_>,
        other: ShapeRef<'_>,
        limit: &Evaluated<'a>,
        (expr, frame): (&'a Expr, &Frame<'a>),
    ) -> Tri {
        /// More than a distance may be off by, in metres.
        const MARGIN_M: f64 = 1e-3;
        let apart = match plot {
            Some(plot) => {
                let known = number_of(limit).filter(|limit| limit.at_least.is_none());
                let reach = known.map_or(f64::INFINITY, |limit| (limit.value + limit.error).max(0.0) + MARGIN_M);
                match plot.distance_within(other, reach) {
                    Some(apart) => apart,
                    None => return Truth::False,
                }
            }
            None => measure::distance(one, other),
        };
        self.compare(Order::LessOrEqual, &Evaluated::Measure(apart.into()), limit, expr, frame)
    }

    /// Returns the area that two regions share, or the length where one of them is a line.
    fn shared_size(&self, one: &Region<'a>, other: &Region<'a>, known: Known<'_, 'a>) -> Measured {
        let method = &self.world.settings.method;
        let (one, other) = (one.shape.view(), other.shape.view());
        let size: Measure = match (known.shared(), one.kind().min(other.kind())) {
            (Some(Shared::Area(overlap)), _) => overlap.measured(other, method),
            (Some(Shared::Faint | Shared::Nothing), _) => Measure::exact(0.0),
            (None, Kind::Polygon) => overlay::intersection_area(one, other, method),
            (None, Kind::Line | Kind::Point) => {
                let shared = match known.plot {
                    Some(plot) => plot.shared(other),
                    None => overlay::intersection(one, other),
                };
                measure::length(shared.view(), method)
            }
        };
        size.into()
    }

    fn reaches(&self, shared: &Measured, bound: &Bound<'a>, frame: &Frame<'a>) -> Tri {
        let size = Evaluated::Measure(shared.clone());
        match bound {
            Bound::Quantity(expr, quantity) => self.compare(Order::GreaterOrEqual, &size, quantity, expr, frame),
            Bound::Share(expr, share, of) => {
                let text = || super::phrase::phrase(self.world.program, expr, Some(frame));
                match super::eval::apply(Operator::Multiply, share, of, &text) {
                    Some(quantity) => self.compare(Order::GreaterOrEqual, &size, &quantity, expr, frame),
                    None => Truth::Unknown(self.no_value(expr, frame)),
                }
            }
        }
    }
}
