//! What the schema cannot say: references, order, cycles. Works on the tree, so that it speaks beside other errors.

mod numbers;
mod references;

use std::collections::{BTreeMap, BTreeSet};

use super::Requirements;
use super::names;
use crate::diagnostic::Severity;
use crate::diagnostic::rules::{self, Named};
use crate::yaml::{Fault, Node, Stated};

pub use numbers::ORDERS;

/// How bad a rule's findings are.
#[must_use]
pub fn severity(rule: Named) -> Severity {
    match rule {
        rules::TRAFFIC_DISAGREEMENT | rules::UNPUBLISHED_EVENT => Severity::Warning,
        _ => Severity::Error,
    }
}

/// Finds what is wrong between sound leaves.
pub fn check(tree: &Node, stated: &[Stated]) -> Vec<Fault> {
    let mut faults = Vec::new();
    names::check(stated, &mut faults);
    references::check(tree, &mut faults);
    let single = stated.iter().filter(|leaf| !leaf.path.contains('['));
    let by_path: BTreeMap<&str, &Stated> = single.map(|leaf| (&*leaf.path, leaf)).collect();
    numbers::check(tree, &by_path, &mut faults);
    faults
}

/// Gives every feature an id: its own, else `F` and its place, else the next number that is free.
pub fn number_features(requirements: &mut Requirements) {
    if requirements.features.iter().all(|feature| !feature.id.is_empty()) {
        return;
    }
    let given = requirements.features.iter().map(|feature| feature.id.clone());
    let ids = numbered(given.collect());
    for (feature, id) in requirements.features.iter_mut().zip(ids) {
        feature.id = id;
    }
}

/// The ids of features in file order, the empty ones assigned.
fn numbered(given: Vec<String>) -> Vec<String> {
    let mut taken: BTreeSet<String> = given.iter().filter(|id| !id.is_empty()).cloned().collect();
    given
        .into_iter()
        .enumerate()
        .map(|(at, id)| {
            if !id.is_empty() {
                return id;
            }
            let free = (at + 1..).map(|number| format!("F{number}")).find(|id| !taken.contains(id)).unwrap_or_default();
            taken.insert(free.clone());
            free
        })
        .collect()
}
