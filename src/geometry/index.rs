//! An index over the boxes of shapes: candidates only, to be refined by exact tests.

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::{BoundingBox, Store};

/// The boxes of the parts of all shapes of a store, each with its feature. Parts, not features, so that what lies scattered costs little.
#[derive(Debug, Clone)]
pub struct Index {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
}

impl Index {
    /// Returns the index over a store.
    pub fn build(store: &Store) -> Self {
        let parts = (0..store.len()).flat_map(|feature| {
            let boxes = store.get(feature).parts().map(|part| part.bounds()).filter(|bounds| !bounds.is_empty());
            boxes.map(move |bounds| {
                let rectangle = Rectangle::from_corners([bounds.min.x, bounds.min.y], [bounds.max.x, bounds.max.y]);
                GeomWithData::new(rectangle, feature as u32)
            })
        });
        Index { tree: RTree::bulk_load(parts.collect()) }
    }

    /// Returns the features with a part whose box meets `bounds`, in ascending order, each once.
    pub fn candidates(&self, bounds: &BoundingBox) -> Vec<u32> {
        if bounds.is_empty() {
            return Vec::new();
        }
        let query = AABB::from_corners([bounds.min.x, bounds.min.y], [bounds.max.x, bounds.max.y]);
        let mut found: Vec<u32> = self.tree.locate_in_envelope_intersecting(&query).map(|part| part.data).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Coord, Kind, Shape};

    #[test]
    fn candidates_are_features_by_the_boxes_of_their_parts() {
        let square =
            |x: f64| Shape::rectangle(&BoundingBox { min: Coord { x, y: 0.0 }, max: Coord { x: x + 1.0, y: 1.0 } });
        let mut scattered = square(0.0);
        scattered.append(square(100.0).view());
        scattered.append(square(100.5).view());
        let mut store = Store::new(Kind::Polygon);
        for shape in [&scattered, &square(50.0), &Shape::empty(Kind::Polygon), &square(101.0)] {
            store.push(shape.view());
        }
        let index = Index::build(&store);
        assert_eq!(index.candidates(&square(50.5).view().bounds()), [1]);
        assert_eq!(index.candidates(&square(100.9).view().bounds()), [0, 3]);
        assert_eq!(index.candidates(&square(20.0).view().bounds()), Vec::<u32>::new());
        assert_eq!(index.candidates(&BoundingBox::EMPTY), Vec::<u32>::new());
    }
}
