//! A plain table of features, ready to be written in any format: what a check draws for GIS desks, and what is converted.

use crate::diagnostic::Text;
use crate::geometry::crs::Crs;
use crate::geometry::{Kind, Shape};

/// One layer, or a table without shapes.
#[derive(Debug, Clone)]
pub struct FeatureTable {
    /// Its name in files.
    pub name: String,
    /// What it holds, for people.
    pub title: Text,
    /// The system of its coordinates, where it is known.
    pub crs: Option<Crs>,
    /// What its shapes are made of; `None` for a table without shapes.
    pub kind: Option<Kind>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its features in order.
    pub rows: Vec<Row>,
    /// How it is drawn.
    pub style: Option<LayerStyle>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its cells hold.
    pub kind: ColumnKind,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Texts.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// True or false.
    Boolean,
    /// Days, as texts of the form `2026-01-15`.
    Date,
}

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its valid shape, of the table's kind: shells counter-clockwise.
    pub shape: Option<Shape>,
    /// One cell for each column, of the column's kind or null.
    pub cells: Vec<Cell>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// True or false.
    Boolean(bool),
}

impl Cell {
    /// Returns the cell as text, numbers in the shortest form that reads back as the same; `None` for null.
    pub fn text(&self) -> Option<String> {
        match self {
            Cell::Null => None,
            Cell::Text(text) => Some(text.clone()),
            Cell::Integer(number) => Some(number.to_string()),
            Cell::Number(number) => Some(number.to_string()),
            Cell::Boolean(value) => Some(value.to_string()),
        }
    }
}

/// How a layer is drawn. Colours are red, green, blue; widths are millimetres on paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerStyle {
    /// Colour of areas and points, and its opacity from 0 to 1.
    pub fill: Option<([u8; 3], f64)>,
    /// Colour of lines.
    pub line: [u8; 3],
    /// Width of lines.
    pub line_mm: f64,
    /// Lengths of dash and gap.
    pub dash_mm: Option<[f64; 2]>,
}

impl FeatureTable {
    /// Returns the place of a column that has one of these names, whatever their case; the first name that is there counts.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)))
    }

    /// Tells whether every shape is a single part, so that points need no collection.
    pub fn is_single(&self) -> bool {
        self.rows.iter().filter_map(|row| row.shape.as_ref()).all(|shape| shape.view().parts().len() <= 1)
    }
}
