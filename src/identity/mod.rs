//! Ids of tasks: bound to keys for ever, never to positions; one that was issued is never given to another key. The only place where
//! ids are made: fresh plans, updates and merges ask here. Knows nothing of what a key stands for.

use std::collections::{BTreeMap, BTreeSet};

/// Numbers of instances begin here in a group; lower ones belong to entries of the catalogue, which declare theirs, now or later.
const FIRST_INSTANCE: u32 = 101;

/// A family that has one group per thing: `ARCH-ITEM-1.1`, `ARCH-ITEM-2.1`.
const FAMILY: &str = "ARCH-ITEM";

/// The ids of a plan, those of older versions and retired ones included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    by_key: BTreeMap<String, String>,
    used: BTreeSet<String>,
    /// The highest number given in each group.
    highest: BTreeMap<String, u32>,
    /// Keys that left, each with the key that came in its place.
    successors: Vec<(String, String)>,
}

impl Ids {
    /// Notes an id that was issued earlier, also a retired one; a key keeps the first id that it was given.
    pub fn note(&mut self, key: &str, id: &str) {
        if !self.by_key.contains_key(key) {
            self.by_key.insert(key.to_owned(), id.to_owned());
        }
        self.reserve(id);
    }

    /// Marks an id as taken without a key, such as one that a person used for a task of their own.
    pub fn reserve(&mut self, id: &str) {
        if !self.used.insert(id.to_owned()) {
            return;
        }
        let mut group = id;
        while let Some((parent, number)) = split(group) {
            let highest = self.highest.entry(parent.to_owned()).or_default();
            *highest = (*highest).max(number);
            group = parent;
        }
    }

    /// The id of a key: the one it has, else the declared one when it is free, else the next free number of the group. `group` is
    /// `TASK-4`, `ARCH-ITEM-2`, `QA`, or `ARCH-ITEM` for a thing that opens a group of its own.
    pub fn id(&mut self, key: &str, declared: Option<&str>, group: &str) -> String {
        if let Some(id) = self.by_key.get(key) {
            return id.clone();
        }
        let declared = declared.filter(|id| !self.used.contains(*id)).map(str::to_owned);
        let id = declared.unwrap_or_else(|| self.free(group));
        self.note(key, &id);
        id
    }

    fn free(&self, group: &str) -> String {
        let next = self.highest.get(group).copied().unwrap_or(0).saturating_add(1);
        if group == FAMILY {
            return format!("{FAMILY}-{next}.1");
        }
        let next = if group.starts_with(FAMILY) { next } else { next.max(FIRST_INSTANCE) };
        let numbered = split(group).is_some();
        if numbered { format!("{group}.{next}") } else { format!("{group}-{next}") }
    }

    /// Gives the id of a key to its new name, unless that has an id already. Whether it did.
    pub fn rename(&mut self, from: &str, to: &str) -> bool {
        if self.by_key.contains_key(to) {
            return false;
        }
        match self.by_key.remove(from) {
            Some(id) => self.by_key.insert(to.to_owned(), id).is_none(),
            None => false,
        }
    }

    /// Notes what comes in the place of a key that leaves.
    pub fn succeed(&mut self, gone: &str, successor: &str) {
        self.successors.push((gone.to_owned(), successor.to_owned()));
    }

    /// Keys that left, with their ids and the ids of what came in their place, as far as both are known.
    pub fn succeeded(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.successors.iter().filter_map(|(gone, new)| Some((gone.as_str(), self.get(gone)?, self.get(new)?)))
    }

    /// Takes a key out; its id stays taken.
    pub fn remove(&mut self, key: &str) {
        self.by_key.remove(key);
    }

    /// The id of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.by_key.get(key).map(String::as_str)
    }

    /// Whether a key has an id.
    pub fn contains_key(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    /// Keys with their ids, in the order of keys.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.by_key.iter()
    }

    /// The keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.by_key.keys()
    }

    /// Whether no key has an id.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Whether the same keys have the same ids.
    pub fn same_keys(&self, other: &Self) -> bool {
        self.by_key == other.by_key
    }
}

/// The group and the number of an id: `TASK-4` and 3 of `TASK-4.3`, `QA` and 1 of `QA-1`.
pub fn split(id: &str) -> Option<(&str, u32)> {
    let at = id.rfind('.').or_else(|| id.rfind('-'))?;
    Some((id.get(..at)?, id.get(at + 1..)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn an_issued_id_is_never_given_away() {
        let mut ids = Ids::default();
        ids.note("task.gone", "TASK-3.101");
        assert_eq!(ids.id("task.new", None, "TASK-3"), "TASK-3.102");
        assert_eq!(ids.id("task.gone", None, "TASK-3"), "TASK-3.101");
        assert_eq!(ids.id("item.orders", None, "ARCH-ITEM"), "ARCH-ITEM-1.1");
        assert_eq!(ids.id("item.users", None, "ARCH-ITEM"), "ARCH-ITEM-2.1");
        assert_eq!(ids.id("removal.item.users", None, "ARCH-ITEM-2"), "ARCH-ITEM-2.2");
        assert_eq!(ids.id("task.declared", Some("TASK-3.7"), "TASK-3"), "TASK-3.7");
        assert_eq!(ids.id("task.clash", Some("TASK-3.7"), "TASK-3"), "TASK-3.103");
        ids.reserve("QA-102");
        assert_eq!(ids.id("qa.own", None, "QA"), "QA-103", "a person's own row keeps its id");
        ids.remove("task.new");
        assert_eq!(ids.id("task.newer", None, "TASK-3"), "TASK-3.104", "a number stays taken when its key is gone");
    }

    #[test]
    fn a_new_name_keeps_the_id_and_never_takes_one() {
        let mut ids = Ids::default();
        ids.note("item.a", "ARCH-ITEM-1.1");
        ids.note("item.b", "ARCH-ITEM-2.1");
        assert!(!ids.rename("item.a", "item.b") && ids.get("item.a").is_some());
        assert!(ids.rename("item.a", "item.c") && !ids.rename("item.a", "item.d"));
        assert_eq!(ids.id("item.c", None, "ARCH-ITEM"), "ARCH-ITEM-1.1");
    }
}
