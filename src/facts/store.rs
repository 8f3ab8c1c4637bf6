//! Facts by path: found by a hash of the path, listed in the order of paths. It knows nothing of what runs log or leave out.

use std::cell::OnceCell;
use std::num::NonZeroU32;
use std::rc::Rc;

use super::Fact;
use super::table::{Table, hash};

/// Facts with their paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    paths: Table<Rc<str>>,
    /// By slot of the path; none where it was taken out.
    facts: Vec<Option<Fact>>,
    /// What paths begin with, up to a `.` or a `[`.
    sections: Table<Beginning>,
    /// The slot of the section that was entered last: the next path is often in it too.
    last: usize,
    /// By slot of the section: what stands in it.
    inside: Vec<Section>,
    /// By slot of the path: the one that came before it in its section.
    before: Vec<Link>,
    /// Slots in the order of their paths; forgotten with every new path.
    ordered: OnceCell<Vec<usize>>,
}

/// A link to a slot, where there is one. Sections chain what stands in them, because most hold few things and a list for each would be allocated.
type Link = Option<NonZeroU32>;

fn to(at: usize) -> Link {
    u32::try_from(at + 1).ok().and_then(NonZeroU32::new)
}

fn target(link: NonZeroU32) -> usize {
    link.get() as usize - 1
}

/// What a path begins with; it shares the text of the path.
#[derive(Clone, Debug)]
struct Beginning {
    of: Rc<str>,
    length: usize,
}

impl AsRef<str> for Beginning {
    fn as_ref(&self) -> &str {
        self.of.get(..self.length).unwrap_or_default()
    }
}

/// What stands directly in a section, the last first.
#[derive(Clone, Debug, Default)]
struct Section {
    path: Link,
    section: Link,
    /// The section that came before this one in the section that both are in.
    before: Link,
}

impl Store {
    /// The fact at a path.
    pub(super) fn get(&self, path: &str) -> Option<&Fact> {
        self.at(self.paths.find(hash(path), path)?)
    }

    fn at(&self, slot: usize) -> Option<&Fact> {
        self.facts.get(slot)?.as_ref()
    }

    /// Puts a fact, replacing an older one.
    pub(super) fn put(&mut self, path: impl AsRef<str> + Into<Rc<str>>, fact: Fact) {
        let hash = hash(path.as_ref());
        let slot = match self.paths.find(hash, path.as_ref()) {
            Some(slot) => slot,
            None => self.add(hash, path),
        };
        if let Some(place) = self.facts.get_mut(slot) {
            *place = Some(fact);
        }
    }

    /// Takes a fact out.
    pub(super) fn remove(&mut self, path: &str) {
        let slot = self.paths.find(hash(path), path);
        if let Some(place) = slot.and_then(|slot| self.facts.get_mut(slot)) {
            *place = None;
        }
    }

    /// Makes room for so many more facts.
    pub(super) fn reserve(&mut self, more: usize) {
        self.paths.reserve(more);
        self.facts.reserve(more);
        self.before.reserve(more);
    }

    fn add(&mut self, hash: u64, path: impl AsRef<str> + Into<Rc<str>>) -> usize {
        let slot = self.facts.len();
        let path: Rc<str> = path.into();
        self.facts.push(None);
        self.before.push(None);
        self.enter(slot, &path);
        self.ordered = OnceCell::new();
        self.paths.add(hash, path)
    }

    /// Enters a path into its section, and sections that are new into theirs.
    fn enter(&mut self, path_at: usize, path: &Rc<str>) {
        let (mut rest, mut new) = (&**path, None);
        while let Some(section) = above(rest) {
            let (known, at) = self.section(section, path);
            if !known {
                self.inside.push(Section::default());
            }
            if new.is_none() {
                self.last = at;
            }
            let Some(inside) = self.inside.get_mut(at) else { return };
            match new {
                None => {
                    let before = std::mem::replace(&mut inside.path, to(path_at));
                    if let Some(place) = self.before.get_mut(path_at) {
                        *place = before;
                    }
                }
                Some(new) => {
                    let before = std::mem::replace(&mut inside.section, to(new));
                    if let Some(section) = self.inside.get_mut(new) {
                        section.before = before;
                    }
                }
            }
            if known {
                return;
            }
            (rest, new) = (section, Some(at));
        }
    }

    /// The slot of a section that a path begins with, and whether it was known.
    fn section(&mut self, name: &str, path: &Rc<str>) -> (bool, usize) {
        if self.sections.names.get(self.last).is_some_and(|last| last.as_ref() == name) {
            return (true, self.last);
        }
        let hash = hash(name);
        let known = self.sections.find(hash, name);
        (
            known.is_some(),
            known.unwrap_or_else(|| self.sections.add(hash, Beginning { of: Rc::clone(path), length: name.len() })),
        )
    }

    /// Facts below a section such as `data.files` or a list such as `entities[Order].queries`, in no order.
    pub(super) fn below(&self, section: &str) -> impl Iterator<Item = &Fact> {
        let mut open: Vec<usize> = self.sections.find(hash(section), section).into_iter().collect();
        let mut path: Link = None;
        let slots = std::iter::from_fn(move || {
            loop {
                if let Some(next) = path.map(target) {
                    path = self.before.get(next).copied().flatten();
                    return Some(next);
                }
                let inside = self.inside.get(open.pop()?)?;
                path = inside.path;
                let next = |link: &NonZeroU32| self.inside.get(target(*link))?.before;
                open.extend(std::iter::successors(inside.section, next).map(target));
            }
        });
        slots.filter_map(|slot| self.at(slot))
    }

    /// All facts in the order in which their paths came.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &Fact)> {
        let facts = self.paths.names.iter().zip(&self.facts);
        facts.filter_map(|(path, fact)| Some((&**path, fact.as_ref()?)))
    }

    /// All facts in the order of their paths.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        let names = &self.paths.names;
        let ordered = self.ordered.get_or_init(|| {
            let mut slots: Vec<usize> = (0..names.len()).collect();
            slots.sort_unstable_by_key(|slot| names.get(*slot));
            slots
        });
        ordered.iter().filter_map(|slot| Some((&**names.get(*slot)?, self.at(*slot)?)))
    }
}

/// What a path stands in.
fn above(path: &str) -> Option<&str> {
    path.get(..memchr::memrchr2(b'.', b'[', path.as_bytes())?)
}
