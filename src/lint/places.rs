//! Where in the requirements a path is stated.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::requirements::Reading;
use crate::text::Span;
use crate::yaml::Stated;

/// Looks up places by path.
pub struct Places<'r> {
    reading: &'r Reading,
    /// Made when the first place is asked for: most readings have no findings.
    by_path: OnceCell<BTreeMap<&'r str, &'r Stated>>,
}

impl<'r> Places<'r> {
    /// Of what a reading states.
    #[must_use]
    pub fn new(reading: &'r Reading) -> Self {
        Self { reading, by_path: OnceCell::new() }
    }

    fn by_path(&self) -> &BTreeMap<&'r str, &'r Stated> {
        self.by_path.get_or_init(|| self.reading.stated.iter().map(|leaf| (leaf.path.as_str(), leaf)).collect())
    }

    /// Every value that is stated, by path.
    pub fn stated(&self) -> impl Iterator<Item = (&'r str, Span)> {
        self.by_path().iter().map(|(path, leaf)| (*path, leaf.span))
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
