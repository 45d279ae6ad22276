//! The built-in functions, by their English names.
//!
//! A new one is a variant here, a signature in `check`, words in `syntax::words`, and an arm in `engine::functions`; the compiler asks
//! for the rest.

macro_rules! functions {
    ($(#[doc = $doc:literal] $variant:ident = $name:literal,)*) => {
        /// A built-in function of plain values and shapes. What runs over a list with a variable is an aggregate instead.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Function {
            $(#[doc = $doc] $variant,)*
        }

        impl Function {
            /// Every function, in order of declaration.
            pub const ALL: &'static [Function] = &[$(Function::$variant),*];

            /// Returns the English name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Function::$variant => $name,)*
                }
            }

            /// Returns how it is called: the first code of its documentation, such as `share(p, L)`.
            pub fn usage(self) -> &'static str {
                let documentation = match self {
                    $(Function::$variant => $doc,)*
                };
                documentation.split('`').nth(1).unwrap_or(self.name())
            }
        }
    };
}

functions! {
    /// `area(g)`: area by the submission's method, in m²; of pieces or many, the area of their union.
    Area = "area",
    /// `perimeter(g)`: length of the boundary of an area, in m.
    Perimeter = "perimeter",
    /// `length(g)`: length of a line, in m; of pieces or many, of their union.
    Length = "length",
    /// `distance(a, b)`: shortest distance between two shapes, in m; 0 where they meet.
    Distance = "distance",
    /// `width(g)`: diameter of the largest inscribed circle, in m.
    Width = "width",
    /// `share(p, L)`: `area(p & L) / area(p)`.
    Share = "share",
    /// `union(a, b, …)` or `union(list)`: all of them as one shape.
    Union = "union",
    /// `boundary(g)`: the boundary lines of an area.
    Boundary = "boundary",
    /// `buffer(g, d)`: all ground within d of g.
    Buffer = "buffer",
    /// `inset(g, d)`: what is left when a strip d wide is taken off along the boundary.
    Inset = "inset",
    /// `symmetric_difference(a, b)`: what belongs to one of them only.
    SymmetricDifference = "symmetric_difference",
    /// `centroid(g)`: the centre of gravity, a point.
    Centroid = "centroid",
    /// `parts(g)`: the list of its parts.
    Parts = "parts",
    /// `holes(g)`: the list of its holes, as areas.
    Holes = "holes",
    /// `compactness(g)`: 4πA/P², 1 for a circle.
    Compactness = "compactness",
    /// `box(x1, y1, x2, y2)`: a rectangle, for tests.
    Box = "box",
    /// `polygon(x1, y1, x2, y2, …)`: a polygon of one ring through these corners, for tests.
    Polygon = "polygon",
    /// `line(x1, y1, x2, y2, …)`: a line through these corners, for tests.
    Line = "line",
    /// `point(x, y)`: a point, for tests.
    Point = "point",
    /// `sum(list)`: the sum of the items; 0 of none.
    Sum = "sum",
    /// `count(list)`: how many items there are.
    Count = "count",
    /// `min(list)` or `min(a, b, …)`: the smallest.
    Min = "min",
    /// `max(list)` or `max(a, b, …)`: the largest.
    Max = "max",
    /// `mean(list)`: the arithmetic mean.
    Mean = "mean",
    /// `cumulative(list)`: the list of running totals.
    Cumulative = "cumulative",
    /// `abs(x)`: without its sign.
    Abs = "abs",
    /// `round(x, digits)`: to so many decimals, half away from zero; digits may be left out for 0.
    Round = "round",
    /// `default(x, y)`: y where x is missing.
    Default = "default",
    /// `date(year, month, day)`: that day; unknown if the calendar has none.
    Date = "date",
    /// `days_between(a, b)`: days from a to b.
    DaysBetween = "days_between",
    /// `years_between(a, b)`: whole years from a to b.
    YearsBetween = "years_between",
    /// `year(d)`: the year of a day.
    Year = "year",
    /// `starts_with(text, beginning)`.
    StartsWith = "starts_with",
    /// `matches(text, pattern)`: the whole text fits a pattern in which `*` stands for any characters and `?` for one.
    Matches = "matches",
    /// `trim(text)`: without white space at its ends.
    Trim = "trim",
    /// `level(code)`: how deep a code stands, from 1.
    Level = "level",
    /// `acyclic(steps, id, needs)`: whether no step needs itself by way of others.
    Acyclic = "acyclic",
}

#[cfg(test)]
mod tests {
    use super::Function;

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<_> = Function::ALL.iter().map(|function| function.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Function::ALL.len());
    }

    #[test]
    fn usage_shows_the_name() {
        for function in Function::ALL {
            assert!(function.usage().starts_with(&format!("{}(", function.name())), "{}", function.usage());
        }
    }
}
