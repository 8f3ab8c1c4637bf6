//! Trace: features to tasks, stated facts to where they count, and what counts nowhere.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Serialize;

use super::Task;
use crate::catalogue::{Catalogue, Scope};
use crate::diagnostic::rules::UNUSED_INPUT;
use crate::engine::findings::{Finding, Item, Items};
use crate::engine::select::Selection;
use crate::engine::tree::Decision;
use crate::facts::condition::{Leaf, in_scope};
use crate::facts::{Condition, Fact, Facts, Origin};
use crate::requirements::Requirements;

/// Both directions.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Trace {
    /// Tasks per feature.
    pub features: Vec<FeatureTrace>,
    /// Uses per stated fact.
    pub facts: Vec<FactTrace>,
    /// Stated facts that count nowhere.
    pub unused: Vec<String>,
}

/// Tasks that deliver a feature.
#[derive(Clone, Debug, Serialize)]
pub struct FeatureTrace {
    /// Its id.
    pub id: String,
    /// Ids of tasks.
    pub tasks: Vec<String>,
}

/// Where a stated fact counts.
#[derive(Clone, Debug, Serialize)]
pub struct FactTrace {
    /// Its path.
    pub path: String,
    /// Ids of tasks, computed facts, nodes, topics.
    pub used_by: Vec<String>,
}

/// What was made of the facts: tasks, pattern and choices.
pub(super) type Made<'a> = (&'a [Task], &'a Decision, &'a [Selection]);

/// The trace; unless the whole of it is asked for, without the list of where the facts count.
pub(super) fn of(catalogue: &Catalogue, requirements: &Requirements, facts: &Facts, made: Made, whole: bool) -> Trace {
    let features = features(requirements, made.0);
    if whole {
        return Trace { features, ..collect(catalogue, requirements, facts, made) };
    }
    Trace { features, unused: unused(catalogue, requirements, facts, made), facts: Vec::new() }
}

/// Follows every stated fact.
fn collect(catalogue: &Catalogue, requirements: &Requirements, facts: &Facts, made: Made) -> Trace {
    let uses = uses(catalogue, requirements, facts, made);
    let mut by_path: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, (used, _)) in uses.iter().enumerate() {
        by_path.entry(used).or_default().push(at);
    }
    let mut out = Trace::default();
    for (path, fact) in facts.iter() {
        if !matches!(fact.origin, Origin::Given { .. }) {
            continue;
        }
        let mut places: Vec<usize> = and_above(path).filter_map(|used| by_path.get(used)).flatten().copied().collect();
        places.sort_unstable();
        let mut used_by: Vec<String> = Vec::new();
        let found = places.into_iter().filter_map(|at| uses.get(at)).map(|(_, by)| by.as_str());
        for by in found.chain(structural(path)) {
            if !used_by.iter().any(|known| known == by) {
                used_by.push(by.to_string());
            }
        }
        // What it left out says something only where it brought nothing.
        if used_by.iter().any(|by| !by.starts_with(NOT_NEEDED)) {
            used_by.retain(|by| !by.starts_with(NOT_NEEDED));
        }
        if used_by.is_empty() {
            out.unused.push(path.to_string());
        }
        out.facts.push(FactTrace { path: path.to_string(), used_by });
    }
    out
}

/// The path and the sections that it stands in: a use of `entities[Order]` uses every leaf below it.
fn and_above(path: &str) -> impl Iterator<Item = &str> {
    let joints = path.char_indices().filter(|(_, c)| matches!(c, '.' | '['));
    joints.filter_map(move |(at, _)| path.get(..at)).chain(std::iter::once(path))
}

/// Keys that shape the plan by being there: names, references, texts that tasks carry.
fn structural(path: &str) -> Option<&'static str> {
    if path.ends_with("].was") {
        return Some("ids of what was renamed");
    }
    STRUCTURAL.iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, by)| *by)
}

/// What such paths begin with, and what they are for; what long files state most often comes first.
const STRUCTURAL: [(&str, &str); 12] = [
    ("entities[", "data model"),
    ("features[", "trace of features"),
    ("domains[", "architecture items"),
    ("workloads[", "architecture items and placement"),
    ("api.endpoints[", "API design"),
    ("api.consumers[", "clients in the figures, kinds of consumers"),
    ("waivers[", "accepted findings"),
    ("archplan", "version of the language"),
    ("project.", "heading and summary"),
    ("existing.summary", "current architecture"),
    ("budget.usd_per_unit", "amounts in another currency"),
    ("conventions.", "rates per day and per month"),
];

fn features(requirements: &Requirements, tasks: &[Task]) -> Vec<FeatureTrace> {
    let of = |id: &String| tasks.iter().filter(|task| task.features.contains(id)).map(|task| task.id.clone()).collect();
    requirements
        .features
        .iter()
        .map(|feature| FeatureTrace { id: feature.id.clone(), tasks: of(&feature.id) })
        .collect()
}

/// The stated facts that count nowhere, without the list of where the others count.
pub(super) fn unused(catalogue: &Catalogue, requirements: &Requirements, facts: &Facts, made: Made) -> Vec<String> {
    let stated = |fact: &Fact| matches!(fact.origin, Origin::Given { .. });
    let open = facts.each().filter(|(path, fact)| stated(fact) && structural(path).is_none()).map(|(path, _)| path);
    let open: Vec<&str> = open.collect();
    let mut waiting: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, path) in open.iter().enumerate() {
        and_above(path).for_each(|path| waiting.entry(path).or_default().push(at));
    }
    let all = LazyCell::new(|| Items::of(requirements));
    // Of items that count by being there one is like all.
    let items = |scope: Scope| match all.each(scope) {
        [first, ..] if first.0.as_deref().is_some_and(|path| structural(path).is_some()) => std::slice::from_ref(first),
        items => items,
    };
    let (mut counts, mut left) = (vec![false; open.len()], open.len());
    let mut use_of = |path: &str| {
        for at in waiting.remove(path).unwrap_or_default() {
            if let Some(counts) = counts.get_mut(at).filter(|counts| !**counts) {
                *counts = true;
                left -= 1;
            }
        }
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    // Mostly what was made and the ranking use everything, and no condition of the catalogue has to be asked.
    if RANKING.into_iter().try_for_each(&mut use_of).is_continue() {
        let _ = visit(catalogue, &items, (facts, facts.each()), made, &mut |path, _| use_of(path));
    }
    let of_none = open.iter().zip(counts).filter(|(_, counts)| !counts);
    let mut of_none: Vec<String> = of_none.map(|(path, _)| (*path).to_string()).collect();
    of_none.sort_unstable();
    of_none
}

/// A stated fact that counts nowhere is said, never swallowed.
pub(super) fn unused_input(path: &str, facts: &Facts, file: &str) -> Finding {
    let (line, column) = match facts.get(path).map(|fact| &fact.origin) {
        Some(Origin::Given { line, column, .. }) if *line > 0 => (*line, *column),
        _ => (1, 1),
    };
    Finding {
        rule: UNUSED_INPUT.code.into(),
        name: UNUSED_INPUT.name.into(),
        severity: "info".into(),
        message: format!("`{path}` is stated and counts in nothing of this plan"),
        path: file.to_string(),
        line,
        column,
        fix: "leave it for later, or take it out".into(),
        facts: vec![path.to_string()],
        mend: None,
        waived: None,
    }
}

/// Every (path, user) pair of the plan.
fn uses(catalogue: &Catalogue, requirements: &Requirements, facts: &Facts, made: Made) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut push = |path: &str, by: &dyn Fn() -> String| {
        out.push((path.to_string(), by()));
        ControlFlow::Continue(())
    };
    let items = Items::of(requirements);
    let _ = visit(catalogue, &|scope| items.each(scope), (facts, facts.iter()), made, &mut push);
    out
}

/// Takes a used path and what says who uses it, and says whether it wants to hear of more.
type Use<'a> = dyn FnMut(&str, &dyn Fn() -> String) -> ControlFlow<()> + 'a;

/// Names every use of a path, until nobody wants to hear of more.
fn visit<'i>(
    catalogue: &Catalogue,
    items: &dyn Fn(Scope) -> &'i [Item],
    (facts, all): (&Facts, Box<dyn Iterator<Item = (&str, &Fact)> + '_>),
    (tasks, decision, selections): Made,
    out: &mut Use,
) -> ControlFlow<()> {
    for task in tasks {
        task.facts.iter().try_for_each(|path| out(path, &|| task.id.clone()))?;
    }
    for (path, fact) in all {
        if let Origin::Derived { inputs, .. } = &fact.origin {
            inputs.iter().try_for_each(|input| out(input, &|| path.to_string()))?;
        }
    }
    let settled = selections.iter().filter(|selection| selection.decided == "settled").map(|one| one.topic.as_str());
    for topic in settled.chain(decision.pinned.then_some("pattern")) {
        out(&format!("decisions[{topic}]"), &|| "settled decisions".to_owned())?;
    }
    let tree = catalogue.trees.get(facts.word("preferences.decision_tree").unwrap_or("evidence"));
    for node in tree.into_iter().flatten().filter(|node| decision.tree.iter().any(|asked| asked.node == node.id)) {
        condition(&node.when, None, &|| format!("decision tree: {}", node.id), out)?;
    }
    for topic in &catalogue.topics {
        let by = || format!("topic {}", topic.id);
        condition(&topic.needed_when, None, &by, out)?;
        topic.stated.iter().try_for_each(|path| out(path, &by))?;
        if selections.iter().any(|selection| selection.topic == topic.id && selection.choice.is_some()) {
            candidates(catalogue, &topic.id, &by, out)?;
        }
    }
    for overlay in &catalogue.overlays {
        condition(&overlay.when, None, &|| format!("overlay {}", overlay.id), out)?;
    }
    for entry in &catalogue.tasks {
        for (scope, _) in items(entry.scope) {
            condition(&entry.when, scope.as_deref(), &|| decided(tasks, &entry.key), out)?;
        }
    }
    for control in &catalogue.controls {
        condition(&control.when, None, &|| decided(tasks, &control.key), out)?;
    }
    for rule in &catalogue.rules {
        for (scope, _) in items(rule.scope) {
            condition(&rule.when, scope.as_deref(), &|| format!("rule {}", rule.code), out)?;
        }
    }
    RANKING.iter().try_for_each(|path| out(path, &|| "ranking of candidates".to_string()))
}

/// What a condition decided: the task that is there, or the one that is not.
fn decided(tasks: &[Task], key: &str) -> String {
    let instance = format!("{key}.");
    let found = tasks.iter().find(|task| task.key == key || task.key.starts_with(&instance));
    found.map_or_else(|| format!("{NOT_NEEDED}{key}"), |task| task.id.clone())
}

/// Begins a use that left something out.
const NOT_NEEDED: &str = "not needed: ";

/// Keys that the ranking mechanism reads for every topic.
const RANKING: [&str; 8] = [
    "team.operations",
    "team.knows",
    "preferences.databases",
    "preferences.avoid",
    "preferences.lock_in",
    "preferences.decision_tree",
    "stack.cloud",
    "stack.regions",
];

fn condition(when: &Condition, scope: Option<&str>, by: &dyn Fn() -> String, out: &mut Use) -> ControlFlow<()> {
    let mut paths = when.leaves().into_iter().flat_map(Leaf::paths);
    paths.try_for_each(|path| out(&in_scope(path, scope), by))
}

fn candidates(catalogue: &Catalogue, topic: &str, by: &dyn Fn() -> String, out: &mut Use) -> ControlFlow<()> {
    for technology in catalogue.candidates(topic) {
        for reason in &technology.rejected_when {
            condition(&reason.when, None, by, out)?;
        }
        for adjust in &technology.fit.adjust {
            condition(&adjust.when, None, by, out)?;
        }
    }
    ControlFlow::Continue(())
}
