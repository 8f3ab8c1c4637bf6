//! The registry of facts: every path that conditions and texts may name, with its kind and what it means.
//!
//! Keys of the requirements language come from its schema; derived facts stand in the table of [`super::derived`].

use std::borrow::Cow;
use std::sync::OnceLock;

use compact_str::CompactString;

use super::derived::DERIVED;
pub use super::derived::Row;
use super::table::{Table, hash};
use crate::quantity::Kind;
use crate::requirements;

/// Kind of the fact at a path: derived, of a topic's selection, a key of the language, or a section of it (for `is stated`). `item.` is a key of any list that tasks walk.
#[must_use]
pub fn kind_of(path: &str) -> Option<Kind> {
    if !path.contains('[')
        && let Some((_, kind)) = registered(path)
    {
        return Some(kind);
    }
    let general = without_names(path);
    if let Some(rest) = general.strip_prefix("item.") {
        return ["domains", "entities", "integrations", "workloads", "decisions"]
            .iter()
            .find_map(|list| kind_of(&format!("{list}[].{rest}")));
    }
    if let Some(rest) = general.strip_prefix("selection.") {
        let kind = match rest.rsplit_once('.') {
            Some((_, "name" | "offer" | "machine")) => Kind::Text,
            Some((_, "machines")) => Kind::Number,
            _ => Kind::Word,
        };
        return Some(kind);
    }
    let known = known();
    known.kind(&general).or_else(|| known.is_section(&general).then_some(Kind::Text))
}

/// Slot in [`table`] and kind of a path that is registered as it is written.
pub(super) fn registered(path: &str) -> Option<(usize, Kind)> {
    let known = known();
    let slot = known.paths.find(hash(path), path)?;
    Some((slot, *known.kinds.get(slot)?))
}

/// Whether the path is only the beginning of facts.
#[must_use]
pub fn is_section(path: &str) -> bool {
    !path.starts_with("selection.") && !path.starts_with("item.") && known().kind(&general(path)).is_none()
}

/// Whether the requirements can state the path.
#[must_use]
pub fn is_key(path: &str) -> bool {
    known().kind(path).is_some() && !derived().any(|row| row.path == path)
}

/// `domains[catalog].peak` is `domains[].peak`.
#[must_use]
pub fn general(path: &str) -> Cow<'_, str> {
    if !path.contains('[') {
        return Cow::Borrowed(path);
    }
    Cow::Owned(without_names(path).into_string())
}

/// Short paths, which most are, need no allocation.
fn without_names(path: &str) -> CompactString {
    let mut out = CompactString::default();
    let mut rest = path;
    while let Some(open) = memchr::memchr(b'[', rest.as_bytes()) {
        out.push_str(rest.get(..=open).unwrap_or_default());
        rest = rest.get(open..).unwrap_or_default();
        let close = memchr::memchr(b']', rest.as_bytes()).unwrap_or(rest.len());
        rest = rest.get(close..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The registered paths, numbered: what paths of timelines begin with.
pub(super) fn table() -> &'static Table<Cow<'static, str>> {
    &known().paths
}

/// Every path with its kind, and what paths begin with.
#[derive(Default)]
struct Known {
    paths: Table<Cow<'static, str>>,
    /// By slot of the path.
    kinds: Vec<Kind>,
    sections: Table<&'static str>,
}

impl Known {
    fn kind(&self, path: &str) -> Option<Kind> {
        self.paths.find(hash(path), path).and_then(|slot| self.kinds.get(slot)).copied()
    }

    fn is_section(&self, path: &str) -> bool {
        self.sections.find(hash(path), path).is_some()
    }

    /// A path that is known already takes this kind.
    fn add(&mut self, path: &'static str, kind: Kind) {
        let slot = self.paths.enter(path.into());
        match self.kinds.get_mut(slot) {
            Some(old) => *old = kind,
            None => self.kinds.push(kind),
        }
        for section in path.match_indices('.').filter_map(|(at, _)| path.get(..at)) {
            self.sections.enter(section);
            if let Some(list) = section.strip_suffix("[]") {
                self.sections.enter(list);
            }
        }
    }
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known = Known::default();
        requirements::keys().iter().for_each(|key| known.add(key.path, key.kind));
        derived().for_each(|row| known.add(row.path, row.kind));
        known
    })
}

/// The words that a key of the language, or an item of its list, allows; none for keys that take any text.
#[must_use]
pub fn words_of(path: &str) -> &'static [&'static str] {
    let path = general(path);
    let path = path.strip_suffix("[]").unwrap_or(&path);
    requirements::keys().iter().find(|key| key.path == path).map_or(&[], |key| key.words)
}

/// Every derived fact.
pub fn derived() -> impl Iterator<Item = &'static Row> {
    DERIVED.iter()
}

#[cfg(test)]
mod tests {
    use super::{derived, general};

    #[test]
    fn paths_are_unique_and_documented() {
        let mut paths: Vec<_> = derived().map(|row| row.path).collect();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), derived().count());
        assert!(derived().all(|row| !row.doc.is_empty()));
    }

    #[test]
    fn item_names_are_taken_out_of_paths() {
        assert_eq!(general("entities[Order].fields[total].type"), "entities[].fields[].type");
    }
}
