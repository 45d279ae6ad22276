//! Hierarchical code lists.

use std::sync::Arc;

use super::Names;

/// The number of a code list in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodesId(pub u16);

impl CodesId {
    /// The built-in list of administrative divisions: any six digits; a code ending in zeros covers what they leave open.
    pub const REGION: CodesId = CodesId(0);
}

/// A code of a list: the number of its entry; for [`CodesId::REGION`] the six digits themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeRef {
    /// The list.
    pub list: CodesId,
    /// The entry.
    pub entry: u32,
}

/// One line of a code list.
#[derive(Debug, Clone)]
pub struct CodeEntry {
    /// The code as written, such as `0701`.
    pub code: Arc<str>,
    /// What people call it.
    pub name: Arc<str>,
    /// The entry that covers this one.
    pub parent: Option<u32>,
    /// 1 for a code without parent, one more per step down.
    pub level: u8,
}

/// A code list: entries in file order.
#[derive(Debug, Clone)]
pub struct CodeList {
    /// What rules call the list.
    pub names: Names,
    /// The entries; empty for the built-in list of regions.
    pub entries: Vec<CodeEntry>,
    /// Entry numbers sorted by code.
    by_code: Vec<u32>,
}

impl CodeList {
    /// Returns the list of these entries; where a code repeats, the first counts.
    pub fn new(names: Names, entries: Vec<CodeEntry>) -> Self {
        let mut by_code: Vec<u32> = (0..entries.len() as u32).collect();
        by_code.sort_by(|&a, &b| entries[a as usize].code.cmp(&entries[b as usize].code));
        CodeList { names, entries, by_code }
    }

    /// Finds an entry by its code.
    pub fn find(&self, code: &str) -> Option<u32> {
        let at = self.by_code.partition_point(|&entry| &*self.entries[entry as usize].code < code);
        let entry = *self.by_code.get(at)?;
        (&*self.entries[entry as usize].code == code).then_some(entry)
    }

    /// Tells whether `ancestor` is `entry` or stands above it.
    pub fn covers(&self, ancestor: u32, entry: u32) -> bool {
        let mut at = Some(entry);
        while let Some(current) = at {
            if current == ancestor {
                return true;
            }
            at = self.entries[current as usize].parent;
        }
        false
    }
}

/// Tells whether the administrative division `ancestor` (six digits) is or contains `region`; `000000` is the whole country.
pub fn region_covers(ancestor: u32, region: u32) -> bool {
    let step = match ancestor {
        0 => return true,
        _ if ancestor.is_multiple_of(10_000) => 10_000,
        _ if ancestor.is_multiple_of(100) => 100,
        _ => 1,
    };
    ancestor / step == region / step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_covers_what_its_zeros_leave_open() {
        assert!(region_covers(360_000, 360_400) && region_covers(360_400, 360_403) && region_covers(0, 110_000));
        assert!(!region_covers(360_400, 360_000) && !region_covers(360_403, 360_404));
    }
}
