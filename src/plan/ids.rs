//! Ids: bound to keys, never to positions; one that was issued is never given to another key.

use std::collections::{BTreeMap, BTreeSet};

/// Ids issued so far, in this plan and in older versions of it.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    by_key: BTreeMap<String, String>,
    used: BTreeSet<String>,
}

/// Instances get numbers from here on; lower ones belong to entries that declare theirs.
const FIRST_INSTANCE: u32 = 101;

impl Ids {
    /// Notes an id issued earlier, also a retired one.
    pub fn note(&mut self, key: &str, id: &str) {
        self.by_key.insert(key.to_string(), id.to_string());
        self.used.insert(id.to_string());
    }

    /// The id of a key: the one it has, else the declared one, else the next free number of the group.
    pub fn id(&mut self, key: &str, declared: Option<&str>, group: &str) -> String {
        if let Some(id) = self.by_key.get(key) {
            return id.clone();
        }
        let declared = declared.filter(|id| !self.used.contains(*id)).map(String::from);
        let id = declared.unwrap_or_else(|| self.free(group));
        self.note(key, &id);
        id
    }

    fn free(&self, group: &str) -> String {
        if group == "ARCH-ITEM" {
            // Every item is a group of its own.
            let groups =
                self.used.iter().filter_map(|id| id.strip_prefix("ARCH-ITEM-")?.split('.').next()?.parse::<u32>().ok());
            return format!("ARCH-ITEM-{}.1", groups.max().unwrap_or(0).saturating_add(1));
        }
        let numbers = self.used.iter().filter_map(|id| id.strip_prefix(group)?.strip_prefix('.')?.parse::<u32>().ok());
        let next = numbers.max().map_or(FIRST_INSTANCE, |most| most.saturating_add(1).max(FIRST_INSTANCE));
        format!("{group}.{next}")
    }
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
        assert_eq!(ids.id("task.declared", Some("TASK-3.7"), "TASK-3"), "TASK-3.7");
        assert_eq!(ids.id("task.clash", Some("TASK-3.7"), "TASK-3"), "TASK-3.103");
    }
}
