//! What `&` and `without` give: pieces whose areas are known before their shapes, which only findings need.

use std::sync::{Arc, OnceLock};

use super::ground::Overlap;
use super::value::{Gap, Reasons, ShapeOf};
use crate::geometry::measure::{self, AreaMethod, Measure};
use crate::geometry::prepared::are_tangled;
use crate::geometry::{BoundingBox, Coord, Kind, Shape, ShapeRef, overlay, relate};
use crate::model::ItemRef;

/// More pieces than this are not compared two by two.
const MANY: usize = 200;

/// One piece of what `&` or `without` gives.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// The feature that it is of.
    pub(super) feature: Option<ItemRef>,
    form: Form<'a>,
    looks: OnceLock<Option<Looks>>,
}

/// What evidence says of a piece, whatever rule it is evidence for.
#[derive(Debug, Clone)]
pub(super) struct Looks {
    pub(super) area: Measure,
    pub(super) area_plane_m2: f64,
    pub(super) length_m: Option<f64>,
    pub(super) width_m: Option<f64>,
    pub(super) point: Coord,
    pub(super) bounds: BoundingBox,
    pub(super) shape: Arc<Shape>,
}

/// How the bounds of areas may be wider than need be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounds {
    /// By what pieces may share with each other as well.
    Wide,
    /// By what the ellipsoid does to them.
    Narrow,
}

#[derive(Debug)]
enum Form<'a> {
    Ready(ShapeOf<'a>),
    /// The shared area of two polygons: its size is known before its shape, which only findings need.
    Shared {
        one: ShapeOf<'a>,
        with: With<'a>,
        area: OnceLock<Measure>,
        shape: OnceLock<Arc<Shape>>,
    },
}

/// What a polygon shares an area with.
#[derive(Debug)]
enum With<'a> {
    Shape(ShapeOf<'a>),
    /// An item of a layer that was made ready.
    Item(Overlap<'a>),
}

impl<'a> Piece<'a> {
    fn of(feature: Option<ItemRef>, form: Form<'a>) -> Self {
        Piece { feature, form, looks: OnceLock::new() }
    }

    pub(super) fn ready(feature: Option<ItemRef>, shape: ShapeOf<'a>) -> Self {
        Piece::of(feature, Form::Ready(shape))
    }

    /// Returns what two shapes share, if they share anything of the lower of their dimensions.
    pub(super) fn shared(
        feature: Option<ItemRef>,
        one: &ShapeOf<'a>,
        other: &ShapeOf<'a>,
        method: &AreaMethod,
    ) -> Option<Self> {
        if one.view().kind() == Kind::Polygon && other.view().kind() == Kind::Polygon {
            let area = overlay::intersection_area(one.view(), other.view(), method);
            let (one, with) = (one.clone(), With::Shape(other.clone()));
            let form = Form::Shared { one, with, area: OnceLock::from(area), shape: OnceLock::new() };
            // NaN is an area that could not be measured: the piece stays, and says so when asked.
            return (area.value != 0.0).then_some(Piece::of(feature, form));
        }
        // A line along a border, or a point on it, lies in neither interior.
        if !relate::interiors_meet(one.view(), other.view()) {
            return None;
        }
        let shape = overlay::intersection(one.view(), other.view());
        (!shape.is_empty()).then(|| Piece::ready(feature, shape.into()))
    }

    /// Returns what a polygon shares with an item of a layer.
    pub(super) fn overlap(feature: ItemRef, one: &ShapeOf<'a>, overlap: Overlap<'a>, method: &AreaMethod) -> Self {
        let area = match method {
            AreaMethod::Plane => OnceLock::from(overlap.area()),
            AreaMethod::Ellipsoidal(_) => OnceLock::new(),
        };
        let form = Form::Shared { one: one.clone(), with: With::Item(overlap), area, shape: OnceLock::new() };
        Piece::of(Some(feature), form)
    }

    pub(super) fn shape(&self) -> ShapeRef<'_> {
        match &self.form {
            Form::Ready(shape) => shape.view(),
            Form::Shared { one, with, shape, .. } => shape
                .get_or_init(|| {
                    Arc::new(match with {
                        With::Shape(other) => overlay::intersection(one.view(), other.view()),
                        With::Item(overlap) => overlap.shape(one.view()),
                    })
                })
                .view(),
        }
    }

    pub(super) fn to_shape(&self) -> ShapeOf<'a> {
        match &self.form {
            Form::Ready(shape) => shape.clone(),
            Form::Shared { shape, .. } => {
                let view = self.shape();
                ShapeOf::Owned(shape.get().cloned().unwrap_or_else(|| Arc::new(view.to_shape())))
            }
        }
    }

    /// Returns a box around the piece, not always the smallest, without making its shape.
    pub(super) fn reach(&self) -> BoundingBox {
        match &self.form {
            Form::Ready(shape) => shape.bounds(),
            Form::Shared { one, with: With::Shape(other), .. } => one.bounds().common(&other.bounds()),
            Form::Shared { one, with: With::Item(overlap), .. } => one.bounds().common(&overlap.bounds()),
        }
    }

    pub(super) fn area(&self, method: &AreaMethod) -> Measure {
        match &self.form {
            Form::Ready(shape) => measure::area(shape.view(), method),
            Form::Shared { area, .. } => *area.get_or_init(|| measure::area(self.shape(), method)),
        }
    }

    /// Returns what evidence says of the piece, worked out once; `None` where it is so thin that there is no point in it.
    pub(super) fn looks(&self, method: &AreaMethod) -> Option<&Looks> {
        let look = || {
            let shape = self.to_shape();
            let view = shape.view();
            // Of nothing there is no point: an overlay that left only rounding behind is no evidence.
            let point = measure::interior_point(view)?;
            let area = self.area(method);
            Some(Looks {
                area,
                area_plane_m2: measure::area(view, &AreaMethod::Plane).value,
                length_m: (view.kind() == Kind::Line).then(|| measure::length(view, method).value),
                width_m: (view.kind() == Kind::Polygon).then(|| measure::width(view)),
                point,
                bounds: view.bounds(),
                shape: shape.to_arc(),
            })
        };
        self.looks.get_or_init(look).as_ref()
    }

    /// Returns about what the area is, without making the shape; `None` where that cannot be said.
    pub(super) fn rough_area(&self, method: &AreaMethod) -> Option<Measure> {
        let Form::Shared { with: With::Item(overlap), .. } = &self.form else { return None };
        let roughly = measure::approximate_ellipsoidal(overlap.area(), &self.reach(), method);
        roughly.error.is_finite().then_some(roughly)
    }

    /// Tells whether two pieces surely share no area; `common` is a box around what they may share.
    fn apart(&self, other: &Piece<'a>, common: &BoundingBox) -> bool {
        match (&self.form, &other.form) {
            (Form::Shared { with: With::Item(one), .. }, Form::Shared { with: With::Item(other), .. }) => {
                one.apart(other, common)
            }
            (Form::Ready(_) | Form::Shared { .. }, Form::Ready(_) | Form::Shared { .. }) => false,
        }
    }
}

/// What `&` and `without` give.
#[derive(Debug, Default)]
pub(super) struct Pieces<'a> {
    /// The pieces that there surely are, in the order of the features.
    pub(super) list: Vec<Arc<Piece<'a>>>,
    /// Ground that may add further pieces.
    pub(super) gaps: Vec<Gap>,
    union: OnceLock<Option<Arc<Shape>>>,
    area: OnceLock<Measure>,
    wide_area: OnceLock<Option<Measure>>,
    narrow_area: OnceLock<Option<Measure>>,
    apart: OnceLock<bool>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(list: Vec<Arc<Piece<'a>>>, gaps: Vec<Gap>) -> Self {
        Pieces { list, gaps, ..Pieces::default() }
    }

    /// Returns the reasons why there may be more.
    pub(super) fn doubt(&self) -> Option<Reasons> {
        Reasons::all(self.gaps.iter().map(|gap| gap.reasons.clone()))
    }

    /// Returns the union of the known pieces; `None` where their borders cross too often for that.
    pub(super) fn union(&self) -> Option<ShapeOf<'a>> {
        match self.list.as_slice() {
            [] => Some(Shape::empty(Kind::Polygon).into()),
            [one] => Some(one.to_shape()),
            many => {
                let make = || {
                    let views: Vec<ShapeRef<'_>> = many.iter().map(|piece| piece.shape()).collect();
                    let bounds = views.iter().fold(BoundingBox::EMPTY, |all, shape| all.merged(&shape.bounds()));
                    (!are_tangled(&views, &bounds)).then(|| Arc::new(overlay::union(&views)))
                };
                self.union.get_or_init(make).clone().map(ShapeOf::Owned)
            }
        }
    }

    /// Returns the area of the union: a sum where no two pieces share ground, else by dissolving.
    pub(super) fn area(&self, method: &AreaMethod) -> Measure {
        let areas = || self.list.iter().map(|piece| piece.area(method));
        *self.area.get_or_init(|| match self.list.as_slice() {
            [] => Measure::exact(0.0),
            [one] => one.area(method),
            _ if self.apart() => sum(areas()),
            _ => match self.union() {
                Some(union) => measure::area(union.view(), method),
                None => self.wide(areas().collect(), method),
            },
        })
    }

    /// Returns about what the area of the union is, without making shapes; `None` where that cannot be said.
    pub(super) fn rough_area(&self, method: &AreaMethod, bounds: Bounds) -> Option<Measure> {
        if self.area.get().is_some() {
            return None;
        }
        match bounds {
            Bounds::Wide if self.list.len() > 1 => {
                *self.wide_area.get_or_init(|| Some(self.wide(self.rough_areas(method)?, method)))
            }
            Bounds::Wide | Bounds::Narrow => *self.narrow_area.get_or_init(|| {
                let areas = self.rough_areas(method)?;
                self.apart().then(|| sum(areas.into_iter()))
            }),
        }
    }

    /// Returns about what the area of each piece is.
    fn rough_areas(&self, method: &AreaMethod) -> Option<Vec<Measure>> {
        self.list.iter().map(|piece| piece.rough_area(method)).collect()
    }

    /// Returns what the area of the union may be, given those of the pieces, whatever they share: at most the sum; at least the largest, and at
    /// least the sum less what each two of their boxes share.
    fn wide(&self, areas: Vec<Measure>, method: &AreaMethod) -> Measure {
        /// More than rounding takes from a sum of so few.
        const MARGIN: f64 = 1e-9;
        let largest = areas.iter().map(|area| area.value - area.error).fold(0.0, f64::max);
        let all = sum(areas.into_iter());
        let most = all.value + all.error;
        let boxes: Vec<BoundingBox> = self.list.iter().map(|piece| piece.reach()).collect();
        let shared = if boxes.len() > MANY { f64::INFINITY } else { shared_by_two(&boxes) };
        let around = boxes.iter().fold(BoundingBox::EMPTY, |all, one| all.merged(one));
        let shared = measure::approximate_ellipsoidal(Measure::exact(shared), &around, method);
        let rest = (all.value - all.error) - (shared.value + shared.error) * (1.0 + MARGIN) - most * MARGIN;
        // Where nothing is known of what they share, the rest is no number or less than anything.
        let least = if rest > largest { rest } else { largest };
        Measure { value: (least + most) / 2.0, error: (most - least) / 2.0 * (1.0 + 4.0 * f64::EPSILON) }
    }

    fn apart(&self) -> bool {
        *self.apart.get_or_init(|| all_apart(&self.list))
    }
}

fn sum(measures: impl Iterator<Item = Measure>) -> Measure {
    measures
        .fold(Measure::exact(0.0), |all, one| Measure { value: all.value + one.value, error: all.error + one.error })
}

/// Returns the sum of what each two boxes share.
fn shared_by_two(boxes: &[BoundingBox]) -> f64 {
    let shared = |one: &BoundingBox, other: &BoundingBox| {
        let common = one.common(other);
        (common.max.x - common.min.x).max(0.0) * (common.max.y - common.min.y).max(0.0)
    };
    let with_later = |(at, one)| boxes[at + 1..].iter().map(|other| shared(one, other)).sum::<f64>();
    boxes.iter().enumerate().map(with_later).sum()
}

/// Tells whether no two pieces share more than a border; false where that is not sure.
fn all_apart(pieces: &[Arc<Piece<'_>>]) -> bool {
    let boxes: Vec<BoundingBox> = pieces.iter().map(|piece| piece.reach()).collect();
    pieces.len() <= MANY
        && pieces.iter().enumerate().all(|(at, one)| {
            (at + 1..pieces.len()).all(|other| {
                let common = boxes[at].common(&boxes[other]);
                let flat = common.is_empty() || common.min.x == common.max.x || common.min.y == common.max.y;
                flat || one.apart(&pieces[other], &common)
            })
        })
}
