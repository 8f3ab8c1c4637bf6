//! Which heading of the file is which heading of the fresh plan: by level and text, else by place when the tool had written both.

use crate::document::ledger::heading_entry;
use crate::document::{Document, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// The heading under which retired tasks are kept; the tool's own, in no fresh plan.
pub const RETIRED: &str = "### Retired";

/// The headings of the two texts, paired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headings {
    /// Fresh heading to the slot it has in the file.
    pub slot: BTreeMap<usize, usize>,
    /// Slots whose heading has new words, with the fresh heading.
    pub renamed: BTreeMap<usize, usize>,
    /// Slots of headings that the tool wrote once and that the fresh plan does not have.
    pub orphans: Vec<usize>,
}

/// Pairs the headings.
pub fn pair(old: &Document, fresh: &Document) -> Headings {
    let mut known = BTreeMap::new();
    let slots: Vec<(usize, usize, String)> = old
        .parts
        .iter()
        .enumerate()
        .filter_map(|(slot, part)| match part.kind {
            Kind::Heading(index) => old.headings.get(index).map(|h| (slot, h.level, heading_entry(h.level, &h.text))),
            _ => None,
        })
        .collect();
    let mut count = BTreeMap::new();
    for (slot, _, entry) in &slots {
        known.insert((entry.clone(), nth(&mut count, entry)), *slot);
    }
    let mut pairs = Headings::default();
    let mut unmatched = Vec::new();
    let (mut count, mut before) = (BTreeMap::new(), None);
    for (index, heading) in fresh.headings.iter().enumerate() {
        let entry = heading_entry(heading.level, &heading.text);
        if let Some(slot) = known.get(&(entry.clone(), nth(&mut count, &entry))) {
            pairs.slot.insert(index, *slot);
            before = Some(*slot);
        } else if !old.written.headings.contains(&entry) {
            unmatched.push((before, heading.level, index));
        }
    }
    let entries = fresh.headings.iter().map(|h| heading_entry(h.level, &h.text));
    let wanted: BTreeSet<String> = entries.collect();
    let taken: BTreeSet<usize> = pairs.slot.values().copied().collect();
    let mut before = None;
    for (slot, level, entry) in &slots {
        if taken.contains(slot) {
            before = Some(*slot);
        } else if old.written.headings.contains(entry) && !wanted.contains(entry) && entry != RETIRED {
            match unmatched.iter().position(|(b, l, _)| *b == before && l == level) {
                Some(place) => {
                    let (_, _, index) = unmatched.remove(place);
                    pairs.slot.insert(index, *slot);
                    pairs.renamed.insert(*slot, index);
                }
                None => pairs.orphans.push(*slot),
            }
        }
    }
    pairs
}

fn nth(count: &mut BTreeMap<String, usize>, entry: &str) -> usize {
    let seen = count.entry(entry.to_owned()).or_default();
    *seen += 1;
    *seen
}
