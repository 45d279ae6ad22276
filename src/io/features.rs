//! The features of a file to the items of a layer, one after the other: their values, ids and coordinates.
//!
//! Takes features as they stand in the file; what waits for the whole file, such as its coordinate system, is settled at the end.

use std::borrow::Cow;

use super::fields::{At, FieldReader, id_text};
use super::filter::{Filter, FilterState};
use super::formats::{Format, RawFeature, RawGeometry, Rest};
use super::ids::Ids;
use super::issues::{Issues, issue};
use super::layer::{InputInfo, stated};
use super::manifest::LayerSpec;
use super::node::Node;
use super::settling::{Read, settle_shapes};
use super::shapes::{ANYWHERE, Owner, Stated, settle};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::geometry::crs::Crs;
use crate::geometry::{BoundingBox, Kind, ShapeRef, Store};
use crate::model::{ClassId, ClassKind, GeometryState, Issue, ItemRef, Items, Schema, Value};
use crate::source::{FileId, Location, Place};
use crate::text;

/// Reads the features of one file of a layer.
pub(super) struct LayerReader<'s, 'f, 'i> {
    fields: FieldReader<'s>,
    file: FileId,
    class: ClassId,
    filter: Option<FilterState<'f>>,
    /// What the features are read onto the end of: their shapes as they stand in the file, until its coordinate system is settled.
    items: &'i mut Items,
    /// The number that the file's first feature gets.
    first: usize,
    /// What each of its features is made of.
    kinds: Vec<Kind>,
    /// The values of the feature at hand.
    values: Vec<Value>,
    /// The ids given away.
    ids: &'i mut Ids,
    /// Features met, taken or not.
    count: u32,
    issues: Issues,
}

impl<'s, 'f, 'i> LayerReader<'s, 'f, 'i> {
    /// Returns what reads the features of a file onto the end of `items`; `names` are those of the fields' properties, `ids` those given
    /// away so far.
    pub(super) fn new(
        schema: &'s Schema,
        (class, file): (ClassId, FileId),
        names: Vec<Vec<String>>,
        filter: Option<&'f Filter>,
        items: &'i mut Items,
        ids: &'i mut Ids,
    ) -> Self {
        LayerReader {
            fields: FieldReader::new(schema, class, names),
            file,
            class,
            filter: filter.map(FilterState::new),
            first: items.len(),
            kinds: Vec::new(),
            values: Vec::new(),
            items,
            ids,
            count: 0,
            issues: Issues::default(),
        }
    }

    /// Settles what waited for the whole file, and stores its features.
    pub(super) fn finish(
        mut self,
        format: Format,
        spec: &LayerSpec,
        schema: &Schema,
        target: Crs,
        rest: Rest,
        input: &mut InputInfo,
    ) -> Issues {
        let lossy = rest.lossy;
        let stated = stated(spec, rest.crs);
        for remark in rest.remarks {
            let place = self.place_of(remark.location);
            self.tell(remark.code, remark.severity, remark.text, place);
        }
        let filtered = self.say_filter();
        let place = Place::file(self.file);
        if format == Format::GeoJson && matches!(stated, Stated::ByFile(_)) {
            let text = text!(
                en: "the file states its coordinate system in a `crs` member, as GeoJSON did before 2016: it was followed",
                zh: "文件以 2016 年以前 GeoJSON 的 crs 成员写明坐标系，已照此读取"
            );
            self.tell(&codes::LEGACY_CRS, Severity::Note, text, place);
        }
        let settled =
            settle(&stated, boxes(self.items.store(), self.first), target, place, self.class, &mut self.issues);
        input.crs = settled.crs.map(Crs::epsg);
        if self.first == 0 {
            let kind = self.kind(schema);
            self.items.set_kind(kind);
        }
        self.items.supplied = true;
        self.items.complete &= !lossy && filtered;
        let read = Read { class: self.class, first: self.first, kinds: &self.kinds };
        let mut issues = self.issues;
        input.cost.projection = settle_shapes(&read, settled, self.items, &mut issues);
        self.fields.finish(place, &mut issues);
        issues
    }

    /// Takes a feature: reads its values now, and keeps its coordinates until the file's system is settled.
    pub(super) fn feature(&mut self, feature: &RawFeature<'_>) {
        let number = self.count;
        self.count += 1;
        if let Some(filter) = &mut self.filter
            && !filter.takes(feature.properties)
        {
            return;
        }
        let place = self.place_of(feature.location);
        let locate = feature.locate;
        let item = self.next();
        let at = At { place, item, locate };
        let assigned = self.fields.assign(feature.properties);
        let id_field = self.fields.class.field("id").map(|field| field.0 as usize);
        let id_property = id_field.and_then(|field| assigned.slots[field]).map(|at| &feature.properties[at]);
        let id_member = feature.id.as_ref().map(|id| (Node::scalar("id", id.start, id.start), id.clone()));
        let own = id_property.filter(|(_, value)| !value.is_blank()).or(id_member.as_ref());
        let id = self.unique(own.and_then(|(_, node)| id_text(node)), number, place);
        if let (Some(field), Some(_)) = (id_field, &id_member) {
            self.fields.comes_beside(field);
        }
        let mut values = std::mem::take(&mut self.values);
        for (field, slot) in assigned.slots.iter().enumerate() {
            let mut property = slot.map(|at| &feature.properties[at]);
            if Some(field) == id_field && property.is_none_or(|(_, value)| value.is_blank()) {
                property = id_member.as_ref();
            }
            let ambiguous = slot.is_some_and(|at| assigned.repeated.contains(&at));
            values.push(match property {
                Some((_, node)) if ambiguous => Value::Unreadable(self.fields.converter.intern(&node.shown())),
                property => self.fields.value(field, property, &id, &at, &mut self.issues),
            });
        }
        self.fields.count_item();
        for &at in &assigned.repeated {
            let (key, node) = &feature.properties[at];
            let (name, location) = (key.shown(), locate(node.start));
            let text = text!(
                en: "the property `{name}` stands twice in `{id}`, and which one counts cannot be known",
                zh: "“{id}”中属性“{name}”重复，无法判断以哪个为准"
            );
            let place = self.place_of(location);
            let found = issue(&codes::DUPLICATE_KEY, Severity::Error, text, place);
            let field = Some(key.shown().into());
            self.issues.push(Issue {
                class: Some(self.class),
                item: Some((&*id).into()),
                item_ref: Some(item),
                field,
                ..found
            });
        }
        let state = self.geometry(feature, place, &id);
        let shape: Option<ShapeRef<'_>> = (state == GeometryState::Valid).then(|| feature.shape.view());
        self.kinds.push(feature.shape.kind());
        for (field, place) in self.fields.references.drain(..) {
            self.items.add_reference(item.index, field, place);
        }
        self.items.push(id, place, None, values.drain(..), state, shape);
        self.values = values;
    }

    /// Returns what is known of a feature's geometry: valid stands for coordinates that are yet to be checked.
    fn geometry(&mut self, feature: &RawFeature<'_>, place: Place, id: &str) -> GeometryState {
        let owner = Owner { place, item: self.next(), id: Cow::Borrowed(id) };
        match &feature.geometry {
            RawGeometry::Shape => GeometryState::Valid,
            RawGeometry::None => {
                let text = text!(en: "`{id}` has no coordinates", zh: "“{id}”没有坐标");
                self.issues.push(owner.issue(&codes::MISSING_GEOMETRY, Severity::Error, text, None));
                GeometryState::Missing
            }
            RawGeometry::Collection(start) => {
                let text = text!(
                    en: "the geometry of `{id}` is a collection; make it one feature for each kind",
                    zh: "“{id}”的几何是几何集合；请按类型拆分为多个要素"
                );
                let found = owner.issue(&codes::GEOMETRY_COLLECTION, Severity::Error, text, None);
                self.issues.push(Issue { place: self.place_of((feature.locate)(*start)), ..found });
                GeometryState::Invalid(ANYWHERE)
            }
            RawGeometry::Bad(text, start) => {
                let found = owner.issue(&codes::BAD_COORDINATES, Severity::Error, text.clone(), None);
                self.issues.push(Issue { place: self.place_of((feature.locate)(*start)), ..found });
                GeometryState::Invalid(ANYWHERE)
            }
        }
    }

    /// Returns the id that findings name: the feature's own, `~2` … behind it where it repeats, its number where it has none.
    fn unique<'n>(&mut self, own: Option<&'n str>, number: u32, place: Place) -> Cow<'n, str> {
        let Some(own) = own else {
            let numbered = format!("#{}", self.first + number as usize + 1);
            return self.ids.unique(&numbered, self.items).into_owned().into();
        };
        let id = self.ids.unique(own, self.items);
        if id == own {
            return id;
        }
        let text = text!(en: "the id `{own}` stands here a second time", zh: "标识码“{own}”重复");
        let found = issue(&codes::DUPLICATE_ID, Severity::Error, text, place);
        self.issues.push(Issue {
            class: Some(self.class),
            item: Some((&*id).into()),
            item_ref: Some(self.next()),
            ..found
        });
        id
    }

    /// Returns the number that the feature at hand gets.
    fn next(&self) -> ItemRef {
        ItemRef { class: self.class, index: self.items.len() as u32 }
    }

    /// Says what of the `where` could not be decided; tells whether every feature was.
    fn say_filter(&mut self) -> bool {
        let Some(filter) = self.filter.take() else { return true };
        let place = Place::file(self.file);
        let any = self.count > 0;
        for (field, _) in filter.named.iter().filter(|(_, found)| !found && any) {
            let text = text!(
                en: "no feature has the property `{field}` that `where` names",
                zh: "没有要素具有 where 条件所用的属性“{field}”"
            );
            self.tell(&codes::FILTER_FIELD, Severity::Error, text, place);
        }
        if filter.unknown > 0 {
            let count = filter.unknown;
            let text = text!(
                en: "{count} features were left out because a property that `where` names is missing",
                zh: "{count} 个要素因缺少 where 条件所用属性而略去"
            );
            self.tell(&codes::FILTER_UNKNOWN, Severity::Warning, text, place);
        }
        filter.unknown == 0
    }

    fn tell(&mut self, code: &'static Code, severity: Severity, text: Text, place: Place) {
        self.issues.push(Issue { class: Some(self.class), ..issue(code, severity, text, place) });
    }

    fn place_of(&self, location: Location) -> Place {
        Place { file: self.file, line: location.line, column: location.column }
    }

    /// Returns what the layer's shapes are made of: as declared, else as most of the features are, polygons first.
    fn kind(&self, schema: &Schema) -> Kind {
        if let ClassKind::Layer(Some(kind)) = schema.class(self.class).kind {
            return kind;
        }
        let count = |kind: Kind| {
            let fits =
                |(item, of): (u32, &Kind)| *of == kind && self.items.geometry_state(item) == GeometryState::Valid;
            (self.first as u32..).zip(&self.kinds).filter(|one| fits(*one)).count()
        };
        let kinds = [Kind::Point, Kind::Line, Kind::Polygon];
        kinds.into_iter().max_by_key(|&kind| count(kind)).unwrap_or(Kind::Polygon)
    }
}

/// Returns those of the boxes of the features from `first` on that are some.
fn boxes(store: &Store, first: usize) -> impl Iterator<Item = BoundingBox> + Clone {
    let is_finite = |area: &BoundingBox| (area.max - area.min).x.is_finite() && (area.max - area.min).y.is_finite();
    store.boxes(first).filter(move |area| !area.is_empty() && is_finite(area))
}
