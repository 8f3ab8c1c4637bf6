//! In which order tables can be made.

use std::collections::{BTreeMap, BTreeSet};

use crate::requirements::{Entity, Requirements};

/// The place of each entity in the order in which tables can be made: file order, but what is referred to comes first where no circle
/// forbids it. In a circle optional references wait.
pub(super) fn places(requirements: &Requirements) -> Vec<usize> {
    let entities = &requirements.entities;
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    named.extend(entities.iter().enumerate().rev().map(|(at, entity)| (entity.name.as_str(), at)));
    let tenants: Vec<&str> = entities
        .iter()
        .filter(|entity| entity.tenant == Some(true))
        .map(|entity| entity.name.as_str())
        .take(2)
        .collect();
    let needs = |entity: &Entity, optional: bool| -> BTreeSet<usize> {
        let fields = entity.fields.iter().filter(|field| optional || field.required != Some(false));
        let targets = fields.filter_map(|field| field.reference.as_deref());
        let targets = targets.chain(tenants.iter().find(|tenant| **tenant != entity.name).copied());
        targets.filter(|target| *target != entity.name).filter_map(|target| named.get(target).copied()).collect()
    };
    let mut all = Waiting::new(entities.iter().map(|entity| needs(entity, true)));
    let mut required = Waiting::new(entities.iter().map(|entity| needs(entity, false)));
    let mut open: BTreeSet<usize> = (0..entities.len()).collect();
    let mut place = vec![0; entities.len()];
    let mut next = 0;
    while let Some(at) = all.first().or_else(|| required.first()).or_else(|| open.first().copied()) {
        open.remove(&at);
        all.done(at);
        required.done(at);
        if let Some(place) = place.get_mut(at) {
            *place = next;
        }
        next += 1;
    }
    place
}

/// Things that wait for others of the same list.
struct Waiting {
    /// Who waits for each.
    behind: Vec<Vec<usize>>,
    /// How many each waits for.
    count: Vec<usize>,
    ready: BTreeSet<usize>,
}

impl Waiting {
    fn new(needs: impl Iterator<Item = BTreeSet<usize>>) -> Self {
        let needs: Vec<BTreeSet<usize>> = needs.collect();
        let mut behind = vec![Vec::new(); needs.len()];
        for (at, others) in needs.iter().enumerate() {
            for other in others {
                behind.get_mut(*other).into_iter().for_each(|behind| behind.push(at));
            }
        }
        let count: Vec<usize> = needs.iter().map(BTreeSet::len).collect();
        let ready = (0..needs.len()).filter(|at| count.get(*at) == Some(&0)).collect();
        Self { behind, count, ready }
    }

    /// The first that waits for nothing.
    fn first(&self) -> Option<usize> {
        self.ready.first().copied()
    }

    fn done(&mut self, at: usize) {
        self.ready.remove(&at);
        // A thing that was taken out of its turn waits no more.
        self.count.get_mut(at).into_iter().for_each(|count| *count = usize::MAX);
        for behind in self.behind.get_mut(at).map(std::mem::take).unwrap_or_default() {
            let Some(count) = self.count.get_mut(behind).filter(|count| **count != usize::MAX) else { continue };
            *count -= 1;
            if *count == 0 {
                self.ready.insert(behind);
            }
        }
    }
}
