//! Shapes in one plane: storage, overlay, predicates, measures, coordinate systems.
//!
//! Takes coordinates, gives shapes and numbers with error bounds. Knows nothing of layers, rules, files or text.
//!
//! **Valid** here means valid by OGC Simple Features, with rings closed, shells counter-clockwise, holes clockwise and every
//! coordinate finite. [`validity`] makes it so or says where it fails; every other file presumes it.
//! Unless a file says otherwise, x is the easting and y the northing, both in metres.

pub mod construct;
pub mod crs;
pub mod measure;
pub mod overlay;
pub mod prepared;
pub mod relate;
pub mod shape;
pub mod validity;
pub mod wkt;

mod areal;
mod distance;
mod edges;
mod ellipsoid;
mod ends;
mod exact;
mod inside;
mod lines;
mod matrix;
mod packed;
mod pyramid;
mod scale;
mod shared;
mod simplify;
mod store;
mod width;
mod window;

pub use edges::Position;
pub use shape::{BoundingBox, Coord, Kind, Shape, ShapeRef};
pub use simplify::simplified;
pub use store::Store;
