//! Where in the requirements a path is stated.

use std::cell::OnceCell;

use crate::facts::table::{Table, hash};
use crate::requirements::Reading;
use crate::text::Span;
use crate::yaml::Stated;

/// Looks up places by path.
pub struct Places<'r> {
    reading: &'r Reading,
    /// Made when the first place is asked for: most readings have no findings.
    by_path: OnceCell<ByPath<'r>>,
}

/// What is stated, by path.
#[derive(Default)]
struct ByPath<'r> {
    paths: Table<&'r str>,
    /// By slot of the path.
    leaves: Vec<&'r Stated>,
}

impl<'r> ByPath<'r> {
    fn new(stated: &'r [Stated]) -> Self {
        let mut out = Self::default();
        out.paths.reserve(stated.len());
        for leaf in stated {
            let slot = out.paths.enter(&leaf.path);
            match out.leaves.get_mut(slot) {
                Some(place) => *place = leaf,
                None => out.leaves.push(leaf),
            }
        }
        out
    }

    fn get(&self, path: &str) -> Option<&'r Stated> {
        self.leaves.get(self.paths.find(hash(path), path)?).copied()
    }
}

impl<'r> Places<'r> {
    /// Of what a reading states.
    #[must_use]
    pub fn new(reading: &'r Reading) -> Self {
        Self { reading, by_path: OnceCell::new() }
    }

    fn by_path(&self) -> &ByPath<'r> {
        self.by_path.get_or_init(|| ByPath::new(&self.reading.stated))
    }

    /// Every value that is stated, by path.
    pub fn stated(&self) -> impl Iterator<Item = (&'r str, Span)> {
        let mut out: Vec<(&str, Span)> = self.by_path().leaves.iter().map(|leaf| (&*leaf.path, leaf.span)).collect();
        out.sort_unstable_by_key(|(path, _)| *path);
        out.into_iter()
    }

    /// The value at a path, or the key of a section or list.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<Span> {
        if let Some(leaf) = self.by_path().get(path) {
            return Some(leaf.span);
        }
        let tree = self.reading.tree.as_ref()?;
        if path.ends_with(']') {
            let item = tree.at(path)?;
            let name = ["name", "id", "topic", "to", "rule"].iter().find_map(|key| item.get(key));
            return Some(name.map_or(item.span, |name| name.span));
        }
        match path.rsplit_once('.') {
            Some((section, key)) => tree.at(section)?.entry(key).map(|entry| entry.key_span),
            None => tree.entry(path).map(|entry| entry.key_span),
        }
    }

    /// The nearest section above a path that is there, else the name of the project.
    #[must_use]
    pub fn near(&self, path: &str) -> Option<Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.of(path) {
                return Some(span);
            }
            match path.rfind(['.', '[']) {
                Some(at) => path = path.get(..at)?,
                None => return self.of("project.name").or_else(|| self.of("archplan")),
            }
        }
    }
}
