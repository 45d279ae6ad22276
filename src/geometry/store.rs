//! Flat storage of the shapes of a layer: one buffer of coordinates, offsets beside it, filled as a file is read and put right in place.

use super::ends::Ends;
use super::packed;
use super::pyramid::{Frame, SmallBox};
use super::shape::{BoundingBox, Coord, Kind, Shape, ShapeRef};

/// The most coordinates of a shape whose box is not kept: they tell it as soon as it would be found, and it would take up to an eighth of their memory.
const UNKEPT: usize = 64;

/// So many times the way from one to the next in the best order known features may have in their own, and still keep that.
const DETOUR: f64 = 2.0;

/// Many shapes of one kind in one buffer; the shape of feature `i` is [`Store::get`]`(i)`.
#[derive(Debug, Clone)]
pub struct Store {
    kind: Kind,
    coords: Vec<Coord>,
    ring_ends: Vec<u32>,
    part_ends: Vec<u32>,
    /// End of each feature in `part_ends`.
    feature_ends: Ends,
    /// The features of more than [`UNKEPT`] coordinates, ascending, and their boxes; some may have fewer by now.
    large: Vec<(u32, BoundingBox)>,
}

impl Store {
    /// Returns a store without shapes.
    pub fn new(kind: Kind) -> Self {
        Store {
            kind,
            coords: Vec::new(),
            ring_ends: Vec::new(),
            part_ends: Vec::new(),
            feature_ends: Ends::default(),
            large: Vec::new(),
        }
    }

    /// Appends a shape as the next feature; an empty one keeps its place.
    pub fn push(&mut self, shape: ShapeRef<'_>) {
        for part in shape.parts() {
            for ring in part.rings() {
                self.coords.extend_from_slice(ring);
                self.ring_ends.push(self.coords.len() as u32);
            }
            self.part_ends.push(self.ring_ends.len() as u32);
        }
        self.large.extend(kept_box(self.len(), shape));
        self.feature_ends.push(self.part_ends.len() as u32);
    }

    /// Drops all features but the first `features`.
    pub fn truncate(&mut self, features: usize) {
        self.feature_ends.truncate(features);
        self.large.truncate(self.large_before(features));
        self.part_ends.truncate(self.feature_ends.before(self.len()) as usize);
        self.ring_ends.truncate(last(&self.part_ends));
        self.coords.truncate(last(&self.ring_ends));
    }

    /// Takes the features from `first` on out of the store, which keeps those before.
    pub fn split_off(&mut self, first: usize) -> Store {
        if first == 0 {
            return std::mem::replace(self, Store::new(self.kind));
        }
        let mut rest = Store::new(self.kind);
        for feature in first..self.len() {
            rest.push(self.get(feature));
        }
        self.truncate(first);
        rest
    }

    /// Says what the shapes are made of; those of another kind must be replaced by empty ones.
    pub fn set_kind(&mut self, kind: Kind) {
        self.kind = kind;
    }

    /// Exchanges x and y of the features from `first` on.
    pub fn swap_axes(&mut self, first: usize) {
        let from = self.rings_of_all(first);
        let coords = self.coord_of_ring(from);
        self.coords[coords..].iter_mut().for_each(|coord| std::mem::swap(&mut coord.x, &mut coord.y));
        let large = self.large_before(first);
        for (_, area) in &mut self.large[large..] {
            std::mem::swap(&mut area.min.x, &mut area.min.y);
            std::mem::swap(&mut area.max.x, &mut area.max.y);
        }
    }

    /// Turns a ring of a feature, by its number there, to run the other way.
    pub fn reverse_ring(&mut self, feature: usize, ring: usize) {
        let ring = self.rings_of(feature).start as usize + ring;
        let (from, to) = (self.coord_of_ring(ring), self.ring_ends[ring] as usize);
        self.coords[from..to].reverse();
    }

    /// Takes out of rings and lines the points that follow themselves, in the features from `first` on. Returns the feature and the first such point
    /// of each ring that had one, in ascending order.
    pub fn drop_repeated(&mut self, first: usize) -> Vec<(usize, Coord)> {
        let mut dropped = Vec::new();
        let mut from = self.coord_of_ring(self.rings_of_all(first));
        let mut kept = from;
        for feature in first..self.len() {
            for ring in self.rings_of(feature) {
                let to = self.ring_ends[ring as usize] as usize;
                // All at once first, without branches.
                let repeats = self.coords[from..to].windows(2).fold(false, |any, pair| any | (pair[0] == pair[1]));
                if repeats {
                    let start = kept;
                    let mut is_told = false;
                    for at in from..to {
                        let coord = self.coords[at];
                        if kept == start || coord != self.coords[kept - 1] {
                            self.coords[kept] = coord;
                            kept += 1;
                        } else if !std::mem::replace(&mut is_told, true) {
                            dropped.push((feature, coord));
                        }
                    }
                } else {
                    if from != kept {
                        self.coords.copy_within(from..to, kept);
                    }
                    kept += to - from;
                }
                from = to;
                self.ring_ends[ring as usize] = kept as u32;
            }
        }
        self.coords.truncate(kept);
        dropped
    }

    /// Puts other shapes in the place of features, which are named in ascending order.
    ///
    /// The buffer of coordinates is closed up and spread in place: it is never held twice.
    pub fn replace(&mut self, changes: &[(usize, Shape)]) {
        if changes.is_empty() {
            return;
        }
        let divided = self.divided(changes);
        // Close up: what stays moves left, over what goes.
        let mut kept = 0;
        let mut from = 0;
        let mut blocks = Vec::with_capacity(changes.len() + 1);
        for (feature, _) in changes {
            let rings = self.rings_of(*feature);
            let (start, end) = (self.coord_of_ring(rings.start as usize), self.coord_of_ring(rings.end as usize));
            self.coords.copy_within(from..start, kept);
            blocks.push(start - from);
            kept += start - from;
            from = end;
        }
        self.coords.copy_within(from.., kept);
        let tail = self.coords.len() - from;
        kept += tail;
        let fresh: usize = changes.iter().map(|(_, shape)| shape.coords.len()).sum();
        self.coords.truncate(kept);
        self.coords.reserve_exact(fresh);
        self.coords.resize(kept + fresh, Coord { x: 0.0, y: 0.0 });
        // Spread: from the right, each block goes where it belongs, and the new shape before it.
        let mut to = kept + fresh;
        let mut from = kept;
        let mut block = tail;
        for ((_, shape), before) in changes.iter().zip(&blocks).rev() {
            self.coords.copy_within(from - block..from, to - block);
            (from, to) = (from - block, to - block - shape.coords.len());
            self.coords[to..to + shape.coords.len()].copy_from_slice(&shape.coords);
            block = *before;
        }
        (self.ring_ends, self.part_ends, self.feature_ends) = divided;
        let stays = |feature: u32| changes.binary_search_by_key(&(feature as usize), |(one, _)| *one).is_err();
        self.large.retain(|(feature, _)| stays(*feature));
        self.large.extend(changes.iter().filter_map(|(feature, shape)| kept_box(*feature, shape.view())));
        self.large.sort_unstable_by_key(|(feature, _)| *feature);
    }

    /// Returns the ends of rings, parts and features when some are replaced.
    fn divided(&self, changes: &[(usize, Shape)]) -> (Vec<u32>, Vec<u32>, Ends) {
        let mut anew = Store::new(self.kind);
        let mut changes = changes.iter().peekable();
        let mut coords = 0;
        for feature in 0..self.len() {
            let changed = changes.next_if(|(at, _)| *at == feature);
            let shape = changed.map_or_else(|| self.get(feature), |(_, shape)| shape.view());
            for part in shape.parts() {
                for ring in part.rings() {
                    coords += ring.len() as u32;
                    anew.ring_ends.push(coords);
                }
                anew.part_ends.push(anew.ring_ends.len() as u32);
            }
            anew.feature_ends.push(anew.part_ends.len() as u32);
        }
        (anew.ring_ends, anew.part_ends, anew.feature_ends)
    }

    /// Gives memory back that was kept for growth.
    pub fn shrink(&mut self) {
        self.coords.shrink_to_fit();
        self.ring_ends.shrink_to_fit();
        self.part_ends.shrink_to_fit();
        self.feature_ends.shrink();
        self.large.shrink_to_fit();
    }

    /// Returns the memory that the shapes take, in bytes.
    pub fn bytes(&self) -> usize {
        let offsets = 4 * (self.ring_ends.len() + self.part_ends.len()) + self.feature_ends.bytes();
        std::mem::size_of_val(self.coords.as_slice()) + offsets + std::mem::size_of_val(self.large.as_slice())
    }

    /// Returns how many features before this one have a box that is kept.
    fn large_before(&self, feature: usize) -> usize {
        self.large.partition_point(|(one, _)| (*one as usize) < feature)
    }

    /// Returns the number of the first ring of a feature; of the one behind the last, the number of rings.
    fn rings_of_all(&self, feature: usize) -> usize {
        before(&self.part_ends, self.feature_ends.before(feature)) as usize
    }

    /// Returns where the coordinates of a ring start; of the one behind the last, how many there are.
    fn coord_of_ring(&self, ring: usize) -> usize {
        before(&self.ring_ends, ring as u32) as usize
    }

    /// Returns the number of features.
    pub fn len(&self) -> usize {
        self.feature_ends.len()
    }

    /// Tells whether there is no feature.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns what the shapes are made of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the box of a feature; [`BoundingBox::EMPTY`] if it has no coordinates.
    pub fn bounds(&self, feature: usize) -> BoundingBox {
        let shape = self.get(feature);
        if shape.coords().len() > UNKEPT { self.large[self.large_before(feature)].1 } else { shape.bounds() }
    }

    /// Returns the boxes of the features from `first` on.
    pub fn boxes(&self, first: usize) -> impl Iterator<Item = BoundingBox> + Clone {
        (first..self.len()).map(|feature| self.bounds(feature))
    }

    /// Returns the features in an order that keeps together what is near: their own if that does, for there they stand in memory. Those without
    /// coordinates stand last, or where they are.
    pub fn by_place(&self) -> Vec<u32> {
        let frame = Frame::of(&self.boxes(0).fold(BoundingBox::EMPTY, |all, one| all.merged(&one)));
        let boxes: Vec<SmallBox> = self.boxes(0).map(|one| frame.small(&one)).collect();
        let own = 0..self.len() as u32;
        let mut order = packed::order(&boxes);
        if packed::way(&boxes, own.clone()) <= DETOUR * packed::way(&boxes, order.iter().copied()) {
            return own.collect();
        }
        order.extend(own.filter(|feature| boxes[*feature as usize].is_empty()));
        order
    }

    /// Returns the number of coordinates of all features.
    pub fn coord_count(&self) -> usize {
        self.coords.len()
    }

    /// Returns the number of rings of all features.
    pub(super) fn ring_count(&self) -> usize {
        self.ring_ends.len()
    }

    /// Returns a ring by its number among those of all features.
    #[inline]
    pub(super) fn ring(&self, ring: u32) -> &[Coord] {
        &self.coords[self.coord_of_ring(ring as usize)..self.ring_ends[ring as usize] as usize]
    }

    /// Returns the numbers of the rings of a feature.
    pub(super) fn rings_of(&self, feature: usize) -> std::ops::Range<u32> {
        let parts = self.feature_ends.run(feature);
        before(&self.part_ends, parts.start)..before(&self.part_ends, parts.end)
    }

    /// Returns the shape of a feature.
    pub fn get(&self, feature: usize) -> ShapeRef<'_> {
        let parts = self.feature_ends.run(feature);
        let ring_from = before(&self.part_ends, parts.start);
        let ring_to = before(&self.part_ends, parts.end);
        let coord_from = before(&self.ring_ends, ring_from);
        let coord_to = before(&self.ring_ends, ring_to);
        ShapeRef {
            kind: self.kind,
            coords: &self.coords[coord_from as usize..coord_to as usize],
            coord_base: coord_from,
            ring_ends: &self.ring_ends[ring_from as usize..ring_to as usize],
            ring_base: ring_from,
            part_ends: &self.part_ends[parts.start as usize..parts.end as usize],
        }
    }
}

/// Returns what is kept of a shape's box.
fn kept_box(feature: usize, shape: ShapeRef<'_>) -> Option<(u32, BoundingBox)> {
    (shape.coords().len() > UNKEPT).then(|| (feature as u32, shape.bounds()))
}

/// Returns where the run `index` starts, by the ends of the runs.
fn before(ends: &[u32], index: u32) -> u32 {
    if index == 0 { 0 } else { ends[index as usize - 1] }
}

fn last(ends: &[u32]) -> usize {
    ends.last().map_or(0, |end| *end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a shape whose box is kept.
    fn large(x: f64) -> Shape {
        let mut shape = Shape::empty(Kind::Polygon);
        shape.push_ring((0..=UNKEPT).map(|at| Coord { x: x + at as f64, y: (at * at) as f64 }));
        shape.end_part();
        shape
    }

    fn square(x: f64, size: f64) -> Shape {
        Shape::rectangle(&BoundingBox { min: Coord { x, y: 0.0 }, max: Coord { x: x + size, y: size } })
    }

    #[test]
    fn a_store_gives_back_what_was_pushed() {
        let mut two = square(0.0, 1.0);
        two.append(square(5.0, 2.0).view());
        let mut store = Store::new(Kind::Polygon);
        for shape in [&square(9.0, 1.0), &Shape::empty(Kind::Polygon), &two] {
            store.push(shape.view());
        }
        assert_eq!(store.get(0).to_shape(), square(9.0, 1.0));
        assert!(store.get(1).is_empty() && store.bounds(1).is_empty());
        assert_eq!(store.get(2).to_shape(), two);
        let second = store.get(2).parts().nth(1).map(|part| part.to_shape());
        assert_eq!(second, Some(square(5.0, 2.0)));
        assert_eq!(store.get(2).rings().map(<[Coord]>::len).collect::<Vec<_>>(), [5, 5]);
    }

    fn store_of(shapes: &[Shape]) -> Store {
        let mut store = Store::new(Kind::Polygon);
        shapes.iter().for_each(|shape| store.push(shape.view()));
        store
    }

    fn shapes_of(store: &Store) -> Vec<Shape> {
        (0..store.len()).map(|feature| store.get(feature).to_shape()).collect()
    }

    #[test]
    fn features_are_replaced_in_place_by_larger_and_smaller_ones() {
        let mut double = square(0.0, 1.0);
        double.append(square(5.0, 2.0).view());
        let empty = Shape::empty(Kind::Polygon);
        let choices = [empty.clone(), large(7.0), double];
        // Every way to change three of five features, first and last among them.
        for case in 0..3usize.pow(6) {
            let digit = |place: u32| case / 3usize.pow(place) % 3;
            let mut expected: Vec<Shape> = (0..5).map(|at| choices[(case + at) % 3].clone()).collect();
            let mut store = store_of(&expected);
            let mut places = vec![digit(0), digit(0) + 1 + digit(1).min(1), 4];
            places.dedup();
            let changes: Vec<(usize, Shape)> =
                places.iter().enumerate().map(|(at, &place)| (place, choices[digit(2 + at as u32)].clone())).collect();
            store.replace(&changes);
            changes.into_iter().for_each(|(at, shape)| expected[at] = shape);
            assert_eq!(shapes_of(&store), expected, "{case}");
            let boxes: Vec<BoundingBox> = expected.iter().map(|shape| shape.view().bounds()).collect();
            assert_eq!(store.boxes(0).collect::<Vec<_>>(), boxes, "{case}");
        }
    }

    #[test]
    fn points_that_follow_themselves_are_taken_out_ring_by_ring() {
        let at = |x: f64| Coord { x, y: 1.0 };
        let mut twice = Shape::empty(Kind::Polygon);
        // One ring has the same point thrice and another twice, one has none; the next begins where that ends.
        twice.push_ring([0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 0.0].map(at));
        twice.push_ring([5.0, 6.0, 7.0].map(at));
        twice.end_part();
        twice.push_ring([7.0, 7.0].map(at));
        twice.end_part();
        let mut store = store_of(&[twice.clone(), square(3.0, 1.0), twice.clone(), Shape::empty(Kind::Polygon)]);
        let whole = shapes_of(&store);
        assert_eq!(store.drop_repeated(1), [(2, at(1.0)), (2, at(7.0))]);
        assert_eq!(shapes_of(&store)[..2], whole[..2]);
        let left: Vec<Vec<f64>> = store.get(2).rings().map(|ring| ring.iter().map(|at| at.x).collect()).collect();
        assert_eq!(left, [vec![0.0, 1.0, 2.0, 0.0], vec![5.0, 6.0, 7.0], vec![7.0]]);
        assert_eq!((store.get(2).parts().len(), store.get(3).is_empty(), store.coord_count()), (2, true, 12 + 5 + 8));
        assert!(store.drop_repeated(1).is_empty());
        assert_eq!(store.drop_repeated(0).len(), 2);
    }

    #[test]
    fn by_place_what_is_near_stands_together_and_what_is_nowhere_last() {
        // Two clusters, told in turn, and nothing between.
        let shapes =
            [square(0.0, 1.0), square(900.0, 1.0), Shape::empty(Kind::Polygon), square(2.0, 1.0), square(903.0, 1.0)];
        let order = store_of(&shapes).by_place();
        let is_far: Vec<bool> = order.iter().map(|feature| [1, 4].contains(feature)).collect();
        assert!(
            is_far == [false, false, true, true, false] || is_far == [true, true, false, false, false],
            "{order:?}"
        );
        assert_eq!((order.len(), order[4]), (5, 2));
        // What stands together keeps its order.
        assert_eq!(store_of(&[0, 3, 2, 4, 1].map(|at: usize| shapes[at].clone())).by_place(), [0u32, 1, 2, 3, 4]);
        assert!(Store::new(Kind::Polygon).by_place().is_empty());
    }

    #[test]
    fn features_are_cut_off_turned_and_swapped() {
        let shapes = [square(0.0, 1.0), large(2.0), large(4.0)];
        let mut store = store_of(&shapes);
        let rest = store.split_off(1);
        assert!(rest.boxes(0).eq(shapes[1..].iter().map(|shape| shape.view().bounds())));
        assert_eq!((shapes_of(&store), shapes_of(&rest)), (shapes[..1].to_vec(), shapes[1..].to_vec()));
        let mut store = store_of(&shapes);
        store.swap_axes(2);
        assert_eq!(shapes_of(&store)[..2], shapes[..2]);
        let swapped: Vec<Coord> = shapes[2].view().coords().iter().map(|at| Coord { x: at.y, y: at.x }).collect();
        assert_eq!((store.get(2).coords(), store.bounds(2)), (&*swapped, BoundingBox::around(&swapped)));
        store.reverse_ring(2, 0);
        assert!(store.get(2).coords().iter().eq(swapped.iter().rev()));
        store.truncate(1);
        assert_eq!((shapes_of(&store), store.coord_count()), (shapes[..1].to_vec(), 5));
        store.push(shapes[2].view());
        assert_eq!(store.bounds(1), shapes[2].view().bounds());
    }
}
