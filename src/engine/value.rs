//! What an expression comes to: values of the data, measures with their error, shapes, and what is unknown with its reasons.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::finding::Missing;
use super::frame::Frame;
use super::pieces::{Piece, Pieces};
use crate::geometry::measure::Measure;
use crate::geometry::{BoundingBox, Kind, Shape, ShapeRef};
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

/// Where the coordinates of a shape of the data stand in memory, and how many they are: names it as long as the run lasts.
pub(super) type Place = (usize, usize);

impl ShapeOf<'_> {
    /// Returns what names a shape of the data; `None` for one that was made, or is empty.
    pub(super) fn place(&self) -> Option<Place> {
        match self {
            ShapeOf::Borrowed(shape, _) if !shape.is_empty() => {
                Some((shape.coords().as_ptr() as usize, shape.coords().len()))
            }
            ShapeOf::Borrowed(..) | ShapeOf::Owned(_) => None,
        }
    }

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
