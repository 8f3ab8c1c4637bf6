//! Levers: changes that save money, each found by re-running the engine.

use super::Model;
use super::cost::Lever;
use super::counterfactual::Lab;
use crate::facts::{Fact, registry};
use crate::quantity::{Kind, Units, Value, human, parse};

/// How many are printed.
const MOST: usize = 3;

/// Savings below this share of the bill are noise.
const LEAST_SHARE: f64 = 0.03;

/// The changes that save most, largest first.
pub(super) fn find(model: &Model, lab: &mut Lab, now: &super::Core) -> Vec<Lever> {
    let Some(before) = now.cost.monthly.map(|monthly| monthly.expected).filter(|_| now.cost.unknown.is_empty()) else {
        return Vec::new();
    };
    let mut found: Vec<Lever> = Vec::new();
    for entry in model.catalogue.levers.iter().filter(|entry| entry.when.holds(&now.facts, None)) {
        let Some(kind) = registry::kind_of(&entry.path) else { continue };
        let value = match kind {
            Kind::Word | Kind::Text => Some(Value::Text(entry.value.as_str().into())),
            kind => parse(kind, &entry.value, &Units::default()).ok().map(Value::Number),
        };
        let Some(value) = value.filter(|value| now.facts.get(&entry.path).is_none_or(|fact| fact.value != *value))
        else {
            continue;
        };
        let facts = lab.restart();
        // A region belongs to its provider.
        if entry.path == "stack.cloud" {
            facts.forget("stack.regions");
        }
        facts.state(&entry.path, value);
        let Some(cost) = lab.cost() else { continue };
        let saves = before - cost;
        if saves >= before * LEAST_SHARE {
            let from = now.facts.get(&entry.path).map_or_else(|| "not stated".to_string(), Fact::human);
            let change = format!("{} (`{}` from {from} to {})", entry.text, entry.path, entry.value);
            found.push(Lever { change, saves });
        }
    }
    found.sort_by(|a, b| b.saves.total_cmp(&a.saves));
    found.truncate(MOST);
    found
}

/// A lever in words.
#[must_use]
pub fn said(lever: &Lever) -> String {
    format!("{}: saves {} per month", lever.change, human(Kind::Money, lever.saves))
}
