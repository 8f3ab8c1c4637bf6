//! Things that got another name: their tasks keep ids and ticks. A name is followed when `was` states the old one, or when the list is as
//! long as before, differs in this one place, and what was stated of the old thing is stated of the new one. Otherwise the old tasks
//! retire, and where one name went and one came, the new tasks are named as their successors: one partner put in the place of
//! another must not inherit what was done for it.

use std::collections::{BTreeMap, BTreeSet};

use super::tasks::instance_key;
use crate::catalogue::{Catalogue, Scope};
use crate::engine::findings::items;
use crate::facts::Facts;
use crate::identity::Ids;
use crate::requirements::Requirements;
use crate::text::slug;

/// The lists whose things have tasks of their own.
const LISTS: [Scope; 4] = [Scope::Domain, Scope::Entity, Scope::Integration, Scope::Workload];

/// A task of the plan on disk: its key, and the paths and values that its mark names.
pub type Before<'a> = (&'a str, &'a [(String, String)]);

/// How much must have been stated of a thing, and still be, before its place in the list tells that it is the same one.
const EVIDENCE: usize = 2;

/// Gives the ids of renamed things to their new names. `order` is the tasks of the plan on disk in file order, retired ones left out; empty
/// when there is no plan yet. `given` is what the requirements state now.
pub fn follow_renames(
    catalogue: &Catalogue,
    requirements: &Requirements,
    given: &Facts,
    order: &[Before],
    ids: &mut Ids,
) {
    if order.is_empty() {
        return;
    }
    for scope in LISTS {
        let names = items(requirements, scope).into_iter().map(|(_, name)| slug(&name)).collect();
        let keys = catalogue.tasks.iter().filter(|entry| entry.scope == scope).map(|entry| entry.key.as_str());
        let whole = catalogue.tasks.iter().filter(|entry| entry.scope == Scope::Plan).map(|entry| entry.key.as_str());
        let list = List { keys: keys.collect(), whole: whole.collect(), names, given };
        list.follow(&stated(requirements, scope), order, ids);
    }
}

/// Old and new names as `was` states them.
fn stated(requirements: &Requirements, scope: Scope) -> Vec<(String, String)> {
    let pair = |was: &Option<String>, name: &String| was.as_ref().map(|was| (slug(was), slug(name)));
    match scope {
        Scope::Plan | Scope::Event | Scope::Decision => Vec::new(),
        Scope::Domain => requirements.domains.iter().filter_map(|item| pair(&item.was, &item.name)).collect(),
        Scope::Entity => requirements.entities.iter().filter_map(|item| pair(&item.was, &item.name)).collect(),
        Scope::Integration => requirements.integrations.iter().filter_map(|item| pair(&item.was, &item.name)).collect(),
        Scope::Workload => requirements.workloads.iter().filter_map(|item| pair(&item.was, &item.name)).collect(),
    }
}

struct List<'a> {
    /// Keys of the tasks that each thing has, without its name.
    keys: Vec<&'a str>,
    /// Keys of the tasks that stand once in a plan.
    whole: Vec<&'a str>,
    /// The names now, in file order.
    names: Vec<String>,
    given: &'a Facts,
}

impl List<'_> {
    fn follow(&self, stated: &[(String, String)], order: &[Before], ids: &mut Ids) {
        for (from, to) in stated.iter().filter(|(from, _)| !self.names.contains(from)) {
            self.rename(from, to, ids);
        }
        for key in &self.keys {
            let before: Vec<&str> = order.iter().filter_map(|(task, _)| self.name_in(key, task)).collect();
            let gone: Vec<&&str> = before.iter().filter(|name| !self.names.iter().any(|now| now == **name)).collect();
            let is_new = |name: &&String| !ids.contains_key(&instance_key(key, name));
            let new: Vec<&String> = self.names.iter().filter(is_new).collect();
            let ([gone], [new]) = (gone.as_slice(), new.as_slice()) else {
                continue;
            };
            let differs = |(old, now): (&&str, &String)| *old != now;
            let places = before.iter().zip(&self.names).filter(|pair| differs(*pair)).count();
            if before.len() == self.names.len() && places == 1 && self.is_same(gone, new, order) {
                self.rename(gone, new, ids);
            } else {
                ids.succeed(&instance_key(key, gone), &instance_key(key, new));
            }
        }
    }

    fn rename(&self, from: &str, to: &str, ids: &mut Ids) {
        for key in &self.keys {
            ids.rename(&instance_key(key, from), &instance_key(key, to));
        }
    }

    /// Whether all that the tasks of the old name rest on is stated of the new one, and is enough to tell.
    fn is_same(&self, gone: &str, new: &str, order: &[Before]) -> bool {
        let about = |task: &str| self.keys.iter().any(|key| self.name_in(key, task) == Some(gone));
        let own: BTreeSet<(&str, &str)> = order
            .iter()
            .filter(|(task, _)| about(task))
            .flat_map(|(_, facts)| facts.iter())
            .filter_map(|(path, value)| Some((field_of(path, gone)?, value.as_str())))
            .collect();
        let now: BTreeMap<&str, String> =
            self.given.iter().filter_map(|(path, fact)| Some((field_of(path, new)?, fact.marked()?))).collect();
        own.len() >= EVIDENCE && own.iter().all(|(field, value)| now.get(field).is_some_and(|then| then == value))
    }

    /// The name of the thing that a task is about.
    fn name_in<'t>(&self, key: &str, task: &'t str) -> Option<&'t str> {
        let name = task.strip_prefix(key)?.strip_prefix('.')?;
        (!name.contains('.') && !self.whole.contains(&task)).then_some(name)
    }
}

/// `peak` of `domains[orders].peak`, when the thing's name gives this key.
fn field_of<'p>(path: &'p str, key: &str) -> Option<&'p str> {
    let (list, rest) = path.split_once('[')?;
    let (name, field) = rest.rsplit_once("].")?;
    (!list.contains('.') && slug(name) == key).then_some(field)
}
