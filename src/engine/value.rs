//! What an expression comes to: values of the data, measures with their error, shapes, pieces, and what is unknown with its reasons.

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::finding::Missing;
use super::frame::Frame;
use super::ground::Overlap;
use crate::geometry::measure::{self, AreaMethod, Measure};
use crate::geometry::{BoundingBox, Kind, Shape, ShapeRef, overlay, relate};
use crate::model::{ClassId, CodeRef, CodesId, Duration, EnumId, ItemRef, Truth};
use crate::sema::program::{Expr, Members, Slot};

/// Why something is unknown: sorted, each reason once.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Reasons(Arc<[Missing]>);

impl Reasons {
    pub(super) fn one(missing: Missing) -> Self {
        Reasons(Arc::from([missing]))
    }

    /// Returns the reasons of both.
    pub(super) fn and(&self, other: &Reasons) -> Reasons {
        if other.0.is_empty() || Arc::ptr_eq(&self.0, &other.0) {
            return self.clone();
        }
        if self.0.is_empty() {
            return other.clone();
        }
        self.0.iter().chain(other.0.iter()).cloned().collect()
    }

    /// Returns the reasons of all, where there are any; in one go, for there may be many.
    pub(super) fn all(reasons: impl IntoIterator<Item = Reasons>) -> Option<Reasons> {
        let mut reasons = reasons.into_iter();
        let first = reasons.next()?;
        let rest: Vec<Reasons> = reasons.filter(|one| !Arc::ptr_eq(&one.0, &first.0)).collect();
        if rest.is_empty() {
            return Some(first);
        }
        Some(first.0.iter().chain(rest.iter().flat_map(|one| one.0.iter())).cloned().collect())
    }

    /// Returns the reasons of both, where there are any.
    pub(super) fn join(one: Option<Reasons>, other: Option<Reasons>) -> Option<Reasons> {
        match (one, other) {
            (Some(one), Some(other)) => Some(one.and(&other)),
            (one, other) => one.or(other),
        }
    }

    pub(super) fn to_vec(&self) -> Vec<Missing> {
        self.0.to_vec()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Missing> {
        self.0.iter()
    }
}

impl FromIterator<Missing> for Reasons {
    fn from_iter<I: IntoIterator<Item = Missing>>(reasons: I) -> Self {
        let mut reasons: Vec<Missing> = reasons.into_iter().collect();
        reasons.sort_unstable();
        reasons.dedup();
        Reasons(reasons.into())
    }
}

/// Three-valued truth with the reasons of the unknown.
pub(super) type Tri = Truth<Reasons>;

/// A measured number in base units.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    pub(super) value: f64,
    /// How far off it may be.
    pub(super) error: f64,
    /// It is only known to be at least so much, for these reasons.
    pub(super) at_least: Option<Reasons>,
}

impl From<Measure> for Measured {
    fn from(measure: Measure) -> Self {
        Measured { value: measure.value, error: measure.error, at_least: None }
    }
}

/// A shape of the data or one that was made.
#[derive(Debug, Clone)]
pub(super) enum ShapeOf<'a> {
    /// With its box, which the store keeps.
    Borrowed(ShapeRef<'a>, BoundingBox),
    Owned(Arc<Shape>),
}

impl ShapeOf<'_> {
    pub(super) fn view(&self) -> ShapeRef<'_> {
        match self {
            ShapeOf::Borrowed(shape, _) => *shape,
            ShapeOf::Owned(shape) => shape.view(),
        }
    }

    pub(super) fn bounds(&self) -> BoundingBox {
        match self {
            ShapeOf::Borrowed(_, bounds) => *bounds,
            ShapeOf::Owned(shape) => shape.view().bounds(),
        }
    }

    pub(super) fn to_arc(&self) -> Arc<Shape> {
        match self {
            ShapeOf::Borrowed(shape, _) => Arc::new(shape.to_shape()),
            ShapeOf::Owned(shape) => Arc::clone(shape),
        }
    }
}

impl From<Shape> for ShapeOf<'_> {
    fn from(shape: Shape) -> Self {
        ShapeOf::Owned(Arc::new(shape))
    }
}

/// Ground that may belong to a shape: where, as far as that is known, and why it is not sure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gap {
    /// `None`: anywhere.
    pub(super) bounds: Option<BoundingBox>,
    pub(super) reasons: Reasons,
}

impl Gap {
    /// Tells whether the gap may matter to what lies in `bounds`.
    pub(super) fn meets(&self, bounds: &BoundingBox) -> bool {
        self.bounds.is_none_or(|gap| gap.intersects(bounds))
    }
}

/// A shape as far as it is known, and the gaps in that.
#[derive(Debug, Clone)]
pub(super) struct Region<'a> {
    pub(super) shape: ShapeOf<'a>,
    pub(super) gaps: Vec<Gap>,
}

impl<'a> Region<'a> {
    pub(super) fn known(shape: ShapeOf<'a>) -> Self {
        Region { shape, gaps: Vec::new() }
    }

    /// Returns ground of which nothing is known but perhaps its box.
    pub(super) fn unknown(bounds: Option<BoundingBox>, reasons: Reasons) -> Self {
        Region { shape: Shape::empty(Kind::Polygon).into(), gaps: vec![Gap { bounds, reasons }] }
    }

    /// Returns the reasons of all gaps.
    pub(super) fn doubt(&self) -> Option<Reasons> {
        Reasons::all(self.gaps.iter().map(|gap| gap.reasons.clone()))
    }

    /// Returns the reasons why the ground may reach anywhere.
    pub(super) fn boundless(&self) -> Option<Reasons> {
        let anywhere = self.gaps.iter().filter(|gap| gap.bounds.is_none());
        Reasons::all(anywhere.map(|gap| gap.reasons.clone()))
    }

    /// Returns the box around the known and the bounded unknown ground.
    pub(super) fn bounds(&self) -> BoundingBox {
        let known = self.shape.bounds();
        self.gaps.iter().filter_map(|gap| gap.bounds).fold(known, |all, gap| all.merged(&gap))
    }
}

/// One piece of what `&` or `without` gives.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// The feature that it is of.
    pub(super) feature: Option<ItemRef>,
    form: Form<'a>,
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
    pub(super) fn ready(feature: Option<ItemRef>, shape: ShapeOf<'a>) -> Self {
        Piece { feature, form: Form::Ready(shape) }
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
            return (area.value != 0.0).then_some(Piece { feature, form });
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
            AreaMethod::Plane => OnceLock::from(overlap.area),
            AreaMethod::Ellipsoidal(_) => OnceLock::new(),
        };
        let form = Form::Shared { one: one.clone(), with: With::Item(overlap), area, shape: OnceLock::new() };
        Piece { feature: Some(feature), form }
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
    fn reach(&self) -> BoundingBox {
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

    /// Returns about what the area is, without making the shape; `None` where that cannot be said.
    pub(super) fn rough_area(&self, method: &AreaMethod) -> Option<Measure> {
        let Form::Shared { with: With::Item(overlap), .. } = &self.form else { return None };
        let roughly = measure::approximate_ellipsoidal(overlap.area, &self.reach(), method);
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
    union: OnceLock<Arc<Shape>>,
    area: OnceLock<Measure>,
    apart: OnceLock<bool>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(list: Vec<Arc<Piece<'a>>>, gaps: Vec<Gap>) -> Self {
        Pieces { list, gaps, union: OnceLock::new(), area: OnceLock::new(), apart: OnceLock::new() }
    }

    /// Returns the reasons why there may be more.
    pub(super) fn doubt(&self) -> Option<Reasons> {
        Reasons::all(self.gaps.iter().map(|gap| gap.reasons.clone()))
    }

    /// Returns the union of the known pieces.
    pub(super) fn union(&self) -> ShapeOf<'a> {
        match self.list.as_slice() {
            [] => Shape::empty(Kind::Polygon).into(),
            [one] => one.to_shape(),
            many => {
                let make = || {
                    let views: Vec<ShapeRef<'_>> = many.iter().map(|piece| piece.shape()).collect();
                    Arc::new(overlay::union(&views))
                };
                ShapeOf::Owned(Arc::clone(self.union.get_or_init(make)))
            }
        }
    }

    /// Returns the area of the union: a sum where no two pieces share ground, else by dissolving.
    pub(super) fn area(&self, method: &AreaMethod) -> Measure {
        *self.area.get_or_init(|| match self.list.as_slice() {
            [] => Measure::exact(0.0),
            [one] => one.area(method),
            many if self.apart() => sum(many.iter().map(|piece| piece.area(method))),
            _ => measure::area(self.union().view(), method),
        })
    }

    /// Returns about what the area of the union is, without making shapes; `None` where that cannot be said.
    pub(super) fn rough_area(&self, method: &AreaMethod) -> Option<Measure> {
        if self.area.get().is_some() || !self.apart() {
            return None;
        }
        let areas: Option<Vec<Measure>> = self.list.iter().map(|piece| piece.rough_area(method)).collect();
        areas.map(|areas| sum(areas.into_iter()))
    }

    fn apart(&self) -> bool {
        *self.apart.get_or_init(|| all_apart(&self.list))
    }
}

fn sum(measures: impl Iterator<Item = Measure>) -> Measure {
    measures
        .fold(Measure::exact(0.0), |all, one| Measure { value: all.value + one.value, error: all.error + one.error })
}

/// Tells whether no two pieces share more than a border; false where that is not sure.
fn all_apart(pieces: &[Arc<Piece<'_>>]) -> bool {
    /// More pieces than this are not compared pair by pair.
    const MANY: usize = 200;
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

/// A class, less what its filters leave out; decided item by item, when asked for.
#[derive(Debug, Clone)]
pub(super) struct Selection<'a> {
    pub(super) class: ClassId,
    pub(super) filters: Vec<Filter<'a>>,
}

/// One `where` of a selection, with the variables that it was written among.
#[derive(Debug, Clone)]
pub(super) struct Filter<'a> {
    pub(super) condition: &'a Expr,
    pub(super) slot: Slot,
    pub(super) frame: Arc<Frame<'a>>,
}

/// What an expression comes to.
#[derive(Debug, Clone)]
pub(super) enum Evaluated<'a> {
    /// It depends on something unknown.
    Unknown(Reasons),
    /// The data leave it out: unknown too, but `is missing` can tell.
    Absent(Missing),
    Bool(bool),
    Number(Decimal),
    Measure(Measured),
    Text(Arc<str>),
    Date(Date),
    Duration(Duration),
    Code(CodeRef),
    Enum(EnumId, u16),
    /// Low and high end, `None` where open.
    Range(Arc<(Option<Evaluated<'a>>, Option<Evaluated<'a>>)>),
    List(Arc<[Evaluated<'a>]>),
    Item(ItemRef),
    /// A reference to nothing: present, equal to nothing, and what lies behind it is unknown.
    Dangling(Missing),
    Selection(Arc<Selection<'a>>),
    Set(&'a Members),
    Codes(CodesId, Option<u8>),
    Values(EnumId),
    Region(Arc<Region<'a>>),
    Piece(Arc<Piece<'a>>),
    Pieces(Arc<Pieces<'a>>),
}

impl<'a> Evaluated<'a> {
    pub(super) fn missing(missing: Missing) -> Self {
        Evaluated::Unknown(Reasons::one(missing))
    }

    pub(super) fn shape(shape: impl Into<ShapeOf<'a>>) -> Self {
        Evaluated::Region(Arc::new(Region::known(shape.into())))
    }

    /// Returns the item, if it is one.
    pub(super) fn item(&self) -> Option<ItemRef> {
        if let Evaluated::Item(item) = self { Some(*item) } else { None }
    }

    /// Returns the feature that the value is, or is a piece of.
    pub(super) fn feature(&self) -> Option<ItemRef> {
        if let Evaluated::Piece(piece) = self { piece.feature } else { self.item() }
    }

    /// Returns why the value is unknown, if it is.
    pub(super) fn unknown(&self) -> Option<Reasons> {
        match self {
            Evaluated::Unknown(reasons) => Some(reasons.clone()),
            Evaluated::Absent(missing) => Some(Reasons::one(missing.clone())),
            Evaluated::Bool(_)
            | Evaluated::Number(_)
            | Evaluated::Measure(_)
            | Evaluated::Text(_)
            | Evaluated::Date(_)
            | Evaluated::Duration(_)
            | Evaluated::Code(_)
            | Evaluated::Enum(..)
            | Evaluated::Range(_)
            | Evaluated::List(_)
            | Evaluated::Item(_)
            | Evaluated::Dangling(_)
            | Evaluated::Selection(_)
            | Evaluated::Set(_)
            | Evaluated::Codes(..)
            | Evaluated::Values(_)
            | Evaluated::Region(_)
            | Evaluated::Piece(_)
            | Evaluated::Pieces(_) => None,
        }
    }
}

impl From<Tri> for Evaluated<'_> {
    fn from(truth: Tri) -> Self {
        match truth {
            Truth::True => Evaluated::Bool(true),
            Truth::False => Evaluated::Bool(false),
            Truth::Unknown(reasons) => Evaluated::Unknown(reasons),
        }
    }
}

impl From<Result<Decimal, Missing>> for Evaluated<'_> {
    fn from(number: Result<Decimal, Missing>) -> Self {
        number.map_or_else(Evaluated::missing, Evaluated::Number)
    }
}

/// The things that a variable runs over: those there may be, each with the doubt whether it belongs, and why there may be more.
#[derive(Debug, Clone, Default)]
pub(super) struct Many<'a> {
    pub(super) items: Vec<(Evaluated<'a>, Option<Reasons>)>,
    pub(super) more: Option<Reasons>,
}

impl<'a> Many<'a> {
    /// Returns why it is not known what belongs.
    pub(super) fn doubt(&self) -> Option<Reasons> {
        Reasons::all(self.items.iter().filter_map(|(_, doubt)| doubt.clone()).chain(self.more.clone()))
    }

    pub(super) fn known(items: impl IntoIterator<Item = Evaluated<'a>>) -> Self {
        Many { items: items.into_iter().map(|item| (item, None)).collect(), more: None }
    }

    pub(super) fn unknown(reasons: Reasons) -> Self {
        Many { items: Vec::new(), more: Some(reasons) }
    }
}
