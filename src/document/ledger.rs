//! The ledger: which id is bound to which key, for ever. Ids are issued here and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

/// A key that the plan no longer has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retired {
    /// The id it had, which is never given to another key.
    pub id: String,
    /// The id or key of what came in its place.
    pub successor: Option<String>,
}

/// All ids ever issued in a plan file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Key to id, retired keys included.
    pub ids: BTreeMap<String, String>,
    /// Keys that are retired.
    pub retired: BTreeMap<String, Retired>,
    /// Keys of generated blocks that were put into the file.
    pub blocks: BTreeSet<String>,
    /// Generated headings that were put into the file, such as `## Cost`.
    pub headings: BTreeSet<String>,
    /// Keys that a person deleted, as the file lists them; what counts is that they stand in the ledger but not in the file.
    pub deleted: BTreeSet<String>,
    /// Every id in use, those of a person's own tasks included.
    pub used: BTreeSet<String>,
    /// The highest number given in each group.
    highest: BTreeMap<String, u32>,
}

impl Ledger {
    /// Binds an id to a key; a key keeps the first id that it was given.
    pub fn issue(&mut self, key: &str, id: &str) {
        if !self.ids.contains_key(key) {
            self.ids.insert(key.to_owned(), id.to_owned());
        }
        self.reserve(id);
    }

    /// Marks an id as taken without a key, such as one that a person used for a task of their own.
    pub fn reserve(&mut self, id: &str) {
        if self.used.contains(id) {
            return;
        }
        self.used.insert(id.to_owned());
        if let Some((group, number)) = split(id) {
            let highest = self.highest.entry(group.to_owned()).or_default();
            *highest = (*highest).max(number);
        }
    }

    /// The id of a key: the one it has, else the declared number of the group, else the next free number of the group. `group` is
    /// `ARCH-ITEM-2` or `QA`. An id that was ever issued is never given to another key, not even when it is retired.
    pub fn id_for(&mut self, key: &str, group: &str, declared: Option<u32>) -> String {
        if let Some(id) = self.ids.get(key) {
            return id.clone();
        }
        let id = declared.map(|n| join(group, n)).filter(|id| !self.used.contains(id)).unwrap_or_else(|| {
            let next = self.highest.get(group).copied().unwrap_or(0).saturating_add(1);
            join(group, next)
        });
        self.issue(key, &id);
        id
    }

    /// The group of a key in a family that has one group per thing (`ARCH-ITEM` of a domain): the group that the key's id has, else the
    /// next free group. Call [`Ledger::id_for`] with it before asking for the next group.
    pub fn group_for(&self, key: &str, family: &str) -> String {
        let of = |id: &str| split(id).map(|(group, _)| group.to_owned());
        if let Some(group) = self.ids.get(key).and_then(|id| of(id)).filter(|g| g.starts_with(family)) {
            return group;
        }
        let number = |group: &String| group.strip_prefix(family)?.strip_prefix('-')?.parse::<u32>().ok();
        let next = self.highest.keys().filter_map(number).max().unwrap_or(0).saturating_add(1);
        format!("{family}-{next}")
    }

    /// Gives the id of a key to its new name; nothing happens when the new name has an id already.
    pub fn rename(&mut self, from: &str, to: &str) {
        if self.ids.contains_key(to) {
            return;
        }
        if let Some(id) = self.ids.remove(from) {
            self.retired.remove(from);
            self.ids.insert(to.to_owned(), id);
        }
    }

    /// Names what came in the place of a key that is no longer there.
    pub fn retire(&mut self, key: &str, successor: Option<&str>) {
        if let Some(id) = self.ids.get(key) {
            let entry = Retired { id: id.clone(), successor: successor.map(str::to_owned) };
            self.retired.insert(key.to_owned(), entry);
        }
    }

    /// Whether two ledgers say the same in a file.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.ids == other.ids
            && self.retired == other.retired
            && self.blocks == other.blocks
            && self.headings == other.headings
            && self.deleted == other.deleted
    }

    /// The comments as they stand at the end of a plan, each line ended by a line feed.
    pub fn print(&self) -> String {
        let mut rows: Vec<(Order, &str, &str)> =
            self.ids.iter().map(|(key, id)| (order(id), id.as_str(), key.as_str())).collect();
        rows.sort_unstable();
        let mut out = String::from("<!-- ap-ledger\n");
        for (_, id, key) in rows {
            out.extend([id, " ", key, "\n"]);
        }
        out.extend(self.blocks.iter().map(|key| format!("block {key}\n")));
        out.extend(self.headings.iter().map(|text| format!("heading {text}\n")));
        out.push_str("-->\n");
        let mut rows: Vec<(Order, String)> = Vec::new();
        for key in &self.deleted {
            let id = self.ids.get(key).map_or("block", String::as_str);
            rows.push((order(id), format!("<!-- ap-deleted: {id} {key} -->\n")));
        }
        for (key, Retired { id, successor }) in &self.retired {
            let arrow = successor.as_ref().map_or(String::new(), |s| format!(" -> {s}"));
            rows.push((order(id), format!("<!-- ap-retired: {id} {key}{arrow} -->\n")));
        }
        rows.sort_unstable();
        out.extend(rows.into_iter().map(|(_, row)| row));
        out
    }

    /// Reads one line inside the `ap-ledger` comment.
    pub(super) fn read_line(&mut self, line: &str) {
        match line.trim().split_once(' ') {
            Some(("block", key)) => drop(self.blocks.insert(key.trim().to_owned())),
            Some(("heading", text)) => drop(self.headings.insert(text.trim().to_owned())),
            Some((id, key)) if super::task::is_id(id) => self.issue(key.trim(), id),
            _ => {}
        }
    }

    /// Reads the inside of an `ap-retired` comment: `ID KEY` or `ID KEY -> SUCCESSOR`.
    pub(super) fn read_retired(&mut self, inside: &str) {
        let mut words = inside.split_whitespace();
        let (Some(id), Some(key)) = (words.next(), words.next()) else {
            return;
        };
        let successor = words.next().filter(|w| *w == "->").and_then(|_| words.next()).map(str::to_owned);
        self.issue(key, id);
        self.retired.insert(key.to_owned(), Retired { id: id.to_owned(), successor });
    }

    /// Reads the inside of an `ap-deleted` comment: `ID KEY`.
    pub(super) fn read_deleted(&mut self, inside: &str) {
        if let Some(key) = inside.split_whitespace().nth(1) {
            self.deleted.insert(key.to_owned());
        }
    }
}

/// A heading as the ledger lists it and as headings are compared: level and normal form, safe inside a comment.
pub fn heading_entry(level: usize, text: &str) -> String {
    let mut form = Vec::new();
    super::normal::form(text, &mut form);
    let form = String::from_utf8_lossy(&form).replace('>', "&gt;");
    format!("{} {form}", "#".repeat(level))
}

/// An id cut into family and numbers, so that `TASK-2.10` comes after `TASK-2.9`.
type Order<'a> = (&'a str, u32, u32);

fn order(id: &str) -> Order<'_> {
    let (family, numbers) = id.rsplit_once('-').unwrap_or((id, ""));
    let mut numbers = numbers.split('.').map(|n| n.parse().unwrap_or(u32::MAX));
    (family, numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// The group and the number of an id.
pub fn split(id: &str) -> Option<(&str, u32)> {
    let at = id.rfind('.').or_else(|| id.rfind('-'))?;
    Some((id.get(..at)?, id.get(at + 1..)?.parse().ok()?))
}

/// The id with this number in a group: `ARCH-ITEM-2.1`, `QA-1`.
fn join(group: &str, number: u32) -> String {
    let numbered = group.rsplit_once('-').is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if numbered { format!("{group}.{number}") } else { format!("{group}-{number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_issued_once_and_never_again() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.id_for("task.load-test", "TASK-4", Some(3)), "TASK-4.3");
        assert_eq!(ledger.id_for("item.a", "ARCH-ITEM-2", None), "ARCH-ITEM-2.1");
        assert_eq!(ledger.id_for("item.b", "ARCH-ITEM-2", None), "ARCH-ITEM-2.2");
        ledger.retire("item.b", Some("item.c"));
        assert_eq!(ledger.id_for("item.c", "ARCH-ITEM-2", None), "ARCH-ITEM-2.3");
        assert_eq!(ledger.id_for("item.b", "ARCH-ITEM-2", None), "ARCH-ITEM-2.2");
        assert_eq!(ledger.id_for("task.other", "TASK-4", Some(3)), "TASK-4.4", "a taken number is not given twice");
        assert_eq!(ledger.id_for("qa.first", "QA", None), "QA-1");
        ledger.reserve("QA-2");
        assert_eq!(ledger.id_for("qa.second", "QA", None), "QA-3", "a person's own QA-2 keeps its id");
    }

    #[test]
    fn groups_are_numbered_like_ids() {
        let mut ledger = Ledger::default();
        for (key, group) in [("item.a", "ARCH-ITEM-1"), ("item.b", "ARCH-ITEM-2"), ("item.a", "ARCH-ITEM-1")] {
            assert_eq!(ledger.group_for(key, "ARCH-ITEM"), group);
            ledger.id_for(key, group, None);
        }
        ledger.rename("item.b", "item.z");
        assert_eq!(ledger.group_for("item.z", "ARCH-ITEM"), "ARCH-ITEM-2");
    }

    #[test]
    fn the_ledger_is_sorted_by_number() {
        let mut ledger = Ledger::default();
        for number in [10, 9, 1] {
            ledger.issue(&format!("k{number}"), &format!("TASK-1.{number}"));
        }
        ledger.retire("k9", Some("TASK-1.10"));
        assert_eq!(
            ledger.print(),
            "<!-- ap-ledger\nTASK-1.1 k1\nTASK-1.9 k9\nTASK-1.10 k10\n-->\n<!-- ap-retired: TASK-1.9 k9 -> TASK-1.10 -->\n"
        );
    }
}
