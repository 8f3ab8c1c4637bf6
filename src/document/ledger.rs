//! The ledger: which id is bound to which key, for ever, as the file keeps it.

use crate::identity::Ids;
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
    /// Ids by key, retired keys included, and ids that a person's own tasks use.
    pub ids: Ids,
    /// Keys that are retired.
    pub retired: BTreeMap<String, Retired>,
    /// Keys of generated blocks that were put into the file.
    pub blocks: BTreeSet<String>,
    /// Generated headings that were put into the file, such as `## Cost`.
    pub headings: BTreeSet<String>,
    /// Keys that a person deleted, as the file lists them; what counts is that they stand in the ledger but not in the file.
    pub deleted: BTreeSet<String>,
}

impl Ledger {
    /// Gives the id of a key to its new name; nothing happens when the new name has an id already.
    pub fn rename(&mut self, from: &str, to: &str) {
        if self.ids.rename(from, to) {
            self.retired.remove(from);
        }
    }

    /// Names what came in the place of a key that is no longer there.
    pub fn retire(&mut self, key: &str, successor: Option<&str>) {
        if let Some(id) = self.ids.get(key) {
            let entry = Retired { id: id.to_owned(), successor: successor.map(str::to_owned) };
            self.retired.insert(key.to_owned(), entry);
        }
    }

    /// Whether two ledgers say the same in a file.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.ids.same_keys(&other.ids)
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
            let id = self.ids.get(key).unwrap_or("block");
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
            Some((id, key)) if super::task::is_id(id) => self.ids.note(key.trim(), id),
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
        self.ids.note(key, id);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_is_sorted_by_number() {
        let mut ledger = Ledger::default();
        for number in [10, 9, 1] {
            ledger.ids.note(&format!("k{number}"), &format!("TASK-1.{number}"));
        }
        ledger.retire("k9", Some("TASK-1.10"));
        assert_eq!(
            ledger.print(),
            "<!-- ap-ledger\nTASK-1.1 k1\nTASK-1.9 k9\nTASK-1.10 k10\n-->\n<!-- ap-retired: TASK-1.9 k9 -> TASK-1.10 -->\n"
        );
    }
}
