//! Values of a batch of rows as text.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, StringViewArray};
use arrow_schema::{DataType, FieldRef, Schema, SchemaRef, TimeUnit};

use crate::io::formats::number;
use crate::io::node::{Data, Node};
use crate::model::ColumnKind;

/// Tells whether values of a type are read: bytes and bundles of values are not.
pub(super) fn is_read(kind: &DataType) -> bool {
    match kind {
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal128(..)
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..) => true,
        DataType::List(inner) | DataType::LargeList(inner) => is_read(inner.data_type()),
        _ => false,
    }
}

/// Returns the columns with their texts and bytes as views.
pub(super) fn as_views(schema: &Schema) -> SchemaRef {
    let as_view = |field: &FieldRef| match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View)),
        DataType::Binary | DataType::LargeBinary => {
            Arc::new(field.as_ref().clone().with_data_type(DataType::BinaryView))
        }
        _ => Arc::clone(field),
    };
    Arc::new(Schema::new(schema.fields().iter().map(as_view).collect::<Vec<_>>()))
}

/// Returns what the values of a type are.
pub(super) fn holds(kind: &DataType) -> ColumnKind {
    match kind {
        DataType::Boolean => ColumnKind::Boolean,
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => ColumnKind::Number,
        DataType::Date32 => ColumnKind::Date,
        kind if kind.is_integer() => ColumnKind::Integer,
        _ => ColumnKind::Text,
    }
}

/// The values of one batch in a column of properties.
pub(super) enum Values<'b> {
    Texts(&'b StringViewArray),
    Others(&'b ArrayRef),
}

impl<'b> Values<'b> {
    pub(super) fn of(column: &'b ArrayRef) -> Self {
        column.as_string_view_opt().map_or(Values::Others(column), Values::Texts)
    }

    /// Returns the value of a row; `at` is the number of its column.
    pub(super) fn get(&self, row: usize, at: usize) -> Data<'b> {
        match self {
            Values::Texts(texts) if texts.is_valid(row) => Data::Scalar(Cow::Borrowed(texts.value(row))),
            Values::Texts(_) => Data::Null,
            Values::Others(column) => data(column, row, at),
        }
    }
}

fn value(column: &ArrayRef, row: usize, at: usize) -> Node<'_> {
    Node { data: data(column, row, at), start: at, end: at }
}

fn data(column: &ArrayRef, row: usize, at: usize) -> Data<'_> {
    if column.is_null(row) {
        return Data::Null;
    }
    macro_rules! whole {
        ($kind:ty) => {
            text(column.as_primitive::<$kind>().value(row).to_string())
        };
    }
    match column.data_type() {
        DataType::Boolean => text(column.as_boolean().value(row).to_string()),
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => whole!(UInt64Type),
        DataType::Float32 => match column.as_primitive::<Float32Type>().value(row) {
            number if number.is_finite() => text(number.to_string()),
            _ => Data::Null,
        },
        DataType::Float64 => number(column.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(..) => text(column.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Utf8 => Data::Scalar(Cow::Borrowed(column.as_string::<i32>().value(row))),
        DataType::LargeUtf8 => Data::Scalar(Cow::Borrowed(column.as_string::<i64>().value(row))),
        DataType::Utf8View => Data::Scalar(Cow::Borrowed(column.as_string_view().value(row))),
        DataType::Date32 => day(i64::from(column.as_primitive::<Date32Type>().value(row))),
        DataType::Date64 => moment(column.as_primitive::<Date64Type>().value(row), 1_000),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => moment(column.as_primitive::<TimestampSecondType>().value(row), 1),
            TimeUnit::Millisecond => moment(column.as_primitive::<TimestampMillisecondType>().value(row), 1_000),
            TimeUnit::Microsecond => moment(column.as_primitive::<TimestampMicrosecondType>().value(row), 1_000_000),
            TimeUnit::Nanosecond => moment(column.as_primitive::<TimestampNanosecondType>().value(row), 1_000_000_000),
        },
        DataType::List(_) => list(&column.as_list::<i32>().value(row), at),
        DataType::LargeList(_) => list(&column.as_list::<i64>().value(row), at),
        _ => Data::Null,
    }
}

fn text(text: String) -> Data<'static> {
    Data::Scalar(Cow::Owned(text))
}

fn list(values: &ArrayRef, at: usize) -> Data<'static> {
    Data::List((0..values.len()).map(|row| value(values, row, at).into_owned()).collect())
}

/// Returns a day as people write it, counted from the first of January 1970.
fn day(days: i64) -> Data<'static> {
    let span = jiff::Span::new().try_days(days).ok();
    let day = span.and_then(|span| jiff::civil::date(1970, 1, 1).checked_add(span).ok());
    day.map_or(Data::Null, |day| text(day.to_string()))
}

/// Returns a moment: its day, and the time of day where there is one.
fn moment(count: i64, per_second: i64) -> Data<'static> {
    let (seconds, part) = (count.div_euclid(per_second), count.rem_euclid(per_second));
    let Data::Scalar(day) = day(seconds.div_euclid(86_400)) else { return Data::Null };
    let time = seconds.rem_euclid(86_400);
    if time == 0 && part == 0 {
        return Data::Scalar(day);
    }
    text(format!("{day}T{:02}:{:02}:{:02}", time / 3_600, time / 60 % 60, time % 60))
}
