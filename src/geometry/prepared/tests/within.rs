use super::*;
use crate::geometry::BoundingBox;

#[test]
fn what_two_features_share_within_a_box_is_what_the_shapes_share_there() {
    let mut random = Random(11);
    let mut work = Workspace::default();
    let mut shared = 0;
    for _ in 0..pairs() / 5 {
        let (a, b) = made::pair(&mut random);
        let (all, mut bounds) = (a.view().bounds().merged(&b.view().bounds()), BoundingBox::EMPTY);
        let size = all.max - all.min;
        for _ in 0..2 {
            let (x, y) = (all.min.x + random.next() * size.x, all.min.y + random.next() * size.y);
            bounds = bounds.merged(&BoundingBox::around(&[Coord { x, y }]));
        }
        let store = layer_of(&[a.clone(), b.clone()]);
        let layer = Prepared::of(&store);
        let found = shared_within(&layer, 0, 1, &bounds, &mut work);
        let window = overlay::intersection(Shape::rectangle(&bounds).view(), a.view());
        let built = plane(overlay::intersection(window.view(), b.view()).view());
        let border = measure::length(a.view(), &AreaMethod::Plane).value;
        let allowed = found.error + built.error + 4.0 * overlay::GRID_STEP_M * border;
        assert!((found.value - built.value).abs() <= allowed, "{found:?} {built:?}");
        shared += u32::from(found.value > found.error);
    }
    assert!(u64::from(shared) > pairs() / 100, "{shared}");
}

#[test]
fn candidates_are_features_by_the_boxes_of_their_rings() {
    let square = |x: f64| Shape::rectangle(&BoundingBox::around(&[Coord { x, y: 0.0 }, Coord { x: x + 1.0, y: 1.0 }]));
    let mut scattered = square(0.0);
    scattered.append(square(100.0).view());
    scattered.append(square(100.5).view());
    let store = layer_of(&[scattered, square(50.0), Shape::empty(Kind::Polygon), square(101.0)]);
    let layer = Prepared::owning(store);
    let near = |bounds: BoundingBox| layer.candidates(&bounds, &mut Workspace::default());
    assert_eq!(near(square(50.5).view().bounds()), [1]);
    assert_eq!(near(square(100.9).view().bounds()), [0, 3]);
    assert_eq!(near(square(20.0).view().bounds()), Vec::<u32>::new());
    assert_eq!(near(BoundingBox::EMPTY), Vec::<u32>::new());
}
