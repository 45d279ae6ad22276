//! The fields of a file: what their values look like, how many there are, and which code list they are of.

use indexmap::{IndexMap, IndexSet};
use rust_decimal::Decimal;

use crate::io::convert::{parse_date, shortened};
use crate::io::node::Node;
use crate::io::quantities::normalised;
use crate::model::{CodesId, FieldView, Schema, ValueKind};

/// How many values are shown.
const SAMPLES: usize = 3;
/// How many fields are looked at.
const FIELDS: usize = 1_000;
/// How many values that are no code are shown.
const UNKNOWN: usize = 5;
/// Values are of a code list if at least this part of the different ones is in it, as one in `SHARE`.
const SHARE: usize = 2;

/// Counts the values of each field, feature by feature.
#[derive(Debug, Default)]
pub(super) struct FieldCounts {
    fields: IndexMap<String, Count>,
}

#[derive(Debug, Default)]
struct Count {
    filled: u64,
    integers: u64,
    numbers: u64,
    dates: u64,
    distinct: IndexSet<String>,
}

impl FieldCounts {
    /// Takes the properties of a feature.
    pub(super) fn take(&mut self, properties: &[(Node<'_>, Node<'_>)]) {
        for (key, value) in properties {
            let key = key.text().unwrap_or_default();
            if !self.fields.contains_key(key) && self.fields.len() < FIELDS {
                self.fields.insert(key.to_owned(), Count::default());
            }
            if let Some(count) = self.fields.get_mut(key)
                && !value.is_blank()
            {
                count.take(&value.shown());
            }
        }
    }

    /// Returns what each field's values look like.
    pub(super) fn finish(self, schema: &Schema) -> Vec<FieldView> {
        self.fields.into_iter().map(|(name, count)| count.view(name, schema)).collect()
    }
}

impl Count {
    fn take(&mut self, value: &str) {
        self.filled += 1;
        let value = value.trim();
        match value.parse::<Decimal>() {
            // 0101 is a code, however much it looks like a number.
            Ok(_) if value.len() > 1 && value.starts_with('0') && !value.starts_with("0.") => {}
            Ok(number) => {
                self.numbers += 1;
                self.integers += u64::from(number.is_integer());
            }
            Err(_) => self.dates += u64::from(parse_date(value).is_some()),
        }
        if self.distinct.len() < FieldView::DISTINCT && !self.distinct.contains(value) {
            self.distinct.insert(value.to_owned());
        }
    }

    fn view(self, name: String, schema: &Schema) -> FieldView {
        let all = |count: u64| count == self.filled;
        let kind = match () {
            () if self.filled == 0 => ValueKind::Nothing,
            () if all(self.integers) => ValueKind::Integer,
            () if all(self.numbers) => ValueKind::Number,
            () if all(self.dates) => ValueKind::Date,
            () => ValueKind::Text,
        };
        let samples = self.distinct.iter().take(SAMPLES).map(|value| shortened(value)).collect();
        let codes = codes(&self.distinct, schema);
        FieldView { name, kind, filled: self.filled, distinct: self.distinct.len(), samples, codes }
    }
}

/// Returns the code list that most of the values are of, and those that are not in it.
fn codes(values: &IndexSet<String>, schema: &Schema) -> Option<(CodesId, usize, Vec<String>)> {
    // A list of a few short codes fits any small numbers: one value tells nothing.
    if values.len() < 2 {
        return None;
    }
    let lists = (0..schema.codes.len()).map(|at| CodesId(at as u16)).filter(|list| *list != CodesId::REGION);
    // Nor does a single digit, which some list of few codes always has.
    let telling = |value: &&String| value.len() > 1;
    let is_of = |list: CodesId, value: &str| schema.code_list(list).find(&normalised(value)).is_some();
    let known = |list: CodesId| values.iter().filter(telling).filter(|value| is_of(list, value)).count();
    let (list, count) =
        lists.map(|list| (list, known(list))).max_by_key(|(list, count)| (*count, std::cmp::Reverse(list.0)))?;
    if count == 0 || count * SHARE < values.len() {
        return None;
    }
    let unknown: Vec<&String> = values.iter().filter(|value| !is_of(list, value)).collect();
    let shown = unknown.iter().take(UNKNOWN).map(|value| shortened(value)).collect();
    Some((list, unknown.len(), shown))
}
