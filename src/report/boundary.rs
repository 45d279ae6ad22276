//! Boundary points (界址点) of a shape, in the order in which surveyors number them.
//!
//! Every ring begins at its north-western corner; shells run clockwise, the rings of holes counter-clockwise. Numbers run on through all
//! rings, and the closing point repeats the first, which is how coordinate lists for land approval are written.

use super::result::Geometry;

/// One numbered boundary point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundaryPoint {
    /// 1 for `J1`; the point that closes a ring has the number of its first.
    pub number: usize,
    /// 圈号: 1 for the first ring.
    pub ring: usize,
    /// Northing in metres, which surveyors call X.
    pub northing: f64,
    /// Easting in metres, which surveyors call Y.
    pub easting: f64,
}

/// Returns the boundary points of a shape; of lines and points, the vertices as they come.
pub fn boundary_points(geometry: &Geometry) -> Vec<BoundaryPoint> {
    let mut points = Vec::new();
    let mut next = 1;
    let mut push = |ring: usize, coords: &[[f64; 2]], closed: bool| {
        let first = next;
        for &[easting, northing] in coords {
            points.push(BoundaryPoint { number: next, ring, northing, easting });
            next += 1;
        }
        if let (true, Some(&[easting, northing])) = (closed, coords.first()) {
            points.push(BoundaryPoint { number: first, ring, northing, easting });
        }
    };
    match geometry {
        Geometry::MultiPoint(coords) => push(1, coords, false),
        Geometry::MultiLineString(lines) => lines.iter().enumerate().for_each(|(at, line)| push(at + 1, line, false)),
        Geometry::MultiPolygon(parts) => {
            let rings = parts.iter().flat_map(|part| part.iter().enumerate());
            for (at, (position, ring)) in rings.enumerate() {
                push(at + 1, &ordered(ring, position == 0), true);
            }
        }
    }
    points
}

/// Returns how many boundary points there are, the closing ones not counted twice.
pub fn boundary_count(geometry: &Geometry) -> usize {
    match geometry {
        Geometry::MultiPoint(coords) => coords.len(),
        Geometry::MultiLineString(lines) => lines.iter().map(Vec::len).sum(),
        Geometry::MultiPolygon(parts) => parts.iter().flatten().map(|ring| ring.len().saturating_sub(1)).sum(),
    }
}

/// Returns a closed ring without its closing point, from the north-western corner, clockwise if it is a shell.
fn ordered(ring: &[[f64; 2]], shell: bool) -> Vec<[f64; 2]> {
    let mut open = match ring.split_last() {
        Some((last, rest)) if rest.first() == Some(last) => rest.to_vec(),
        Some(_) | None => ring.to_vec(),
    };
    // Twice the signed area about the first point, so that large coordinates cancel.
    let twice: f64 = match open.first() {
        Some(&[x, y]) => {
            let after = open.iter().cycle().skip(1);
            open.iter().zip(after).map(|(a, b)| (a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y)).sum()
        }
        None => 0.0,
    };
    if (twice > 0.0) == shell {
        open.reverse();
    }
    let corner = |point: &[f64; 2]| point[1] - point[0];
    let start = (0..open.len()).max_by(|&a, &b| {
        corner(&open[a]).total_cmp(&corner(&open[b])).then(open[b][0].total_cmp(&open[a][0])).then(b.cmp(&a))
    });
    open.rotate_left(start.unwrap_or(0));
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_begin_in_the_north_west_and_run_as_surveyors_walk() {
        let shell = vec![[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]];
        let hole = vec![[2.0, 2.0], [2.0, 4.0], [4.0, 4.0], [4.0, 2.0], [2.0, 2.0]];
        let shape = Geometry::MultiPolygon(vec![vec![shell, hole]]);
        let points = boundary_points(&shape);
        let listed: Vec<_> = points.iter().map(|p| (p.number, p.ring, p.northing, p.easting)).collect();
        assert_eq!(
            listed,
            [
                (1, 1, 10.0, 0.0),
                (2, 1, 10.0, 10.0),
                (3, 1, 0.0, 10.0),
                (4, 1, 0.0, 0.0),
                (1, 1, 10.0, 0.0),
                (5, 2, 4.0, 2.0),
                (6, 2, 2.0, 2.0),
                (7, 2, 2.0, 4.0),
                (8, 2, 4.0, 4.0),
                (5, 2, 4.0, 2.0),
            ]
        );
        assert_eq!(boundary_count(&shape), 8);
    }

    #[test]
    fn the_way_a_ring_was_drawn_does_not_matter() {
        let ring = vec![[0.0, 0.0], [7.0, 1.0], [9.0, 8.0], [1.0, 6.0], [0.0, 0.0]];
        let mut back = ring.clone();
        back.reverse();
        let points = |ring| boundary_points(&Geometry::MultiPolygon(vec![vec![ring]]));
        assert_eq!(points(ring), points(back));
    }
}
