//! Ways out: what is stated and cannot be met as things stand, with the smallest changes under which it can.

use schemars::JsonSchema;
use serde::Serialize;

use super::candidates::{self, Candidate, Search};
use super::flips::{PROBES, distance};
use super::lab::Lab;
use super::{Change, Core};
use crate::facts::{Facts, Origin};
use crate::quantity::Value;

/// A stated limit that the design does not meet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unmet {
    /// The key that states it.
    pub path: String,
    /// What is wanted, in the canonical unit.
    pub wanted: f64,
    /// What the design reaches, in the same unit.
    pub reached: f64,
    /// Changes under which it is met and no other stated limit is newly missed, smallest first.
    pub relaxations: Vec<Relaxation>,
}

/// A change that a re-run verified.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Relaxation {
    /// What changes.
    pub change: Vec<Change>,
    /// What is reached then.
    pub reached: f64,
}

/// Limits: the key, the fact that shows what is reached, and whether less is better.
const LIMITS: [(&str, &str, bool); 7] = [
    ("targets.p50", "latency.own_p50", true),
    ("targets.p95", "latency.own_p95", true),
    ("targets.p99", "latency.own_p99", true),
    ("targets.availability", "availability.composed", false),
    ("targets.rpo", "recovery.rpo_reached", true),
    ("targets.rto", "recovery.rto_reached", true),
    ("budget.monthly", "cost.monthly", true),
];

/// What a team can decide otherwise; how many users come, who operates and what the law asks for are not in its hands.
const OPEN: [&str; 10] = [
    "targets.",
    "budget.monthly",
    "stack.",
    "data.retention",
    "data.consistency",
    "data.audit_trail",
    "realtime",
    "operations.",
    "users.horizon",
    "traffic.cdn_hit_share",
];

/// Whether the key states a limit.
pub(super) fn is_limit(path: &str) -> bool {
    LIMITS.iter().any(|(limit, ..)| *limit == path)
}

/// How many changes are kept for one limit.
const MOST: usize = 4;

/// A limit as it stands in a run.
#[derive(Clone, Copy)]
struct State {
    wanted: f64,
    reached: f64,
    met: bool,
}

/// The stated limits that are not met, each with the smallest ways out.
pub(super) fn find(lab: &mut Lab, core: &Core) -> Vec<Unmet> {
    let now: Vec<Option<State>> = LIMITS.iter().map(|limit| state(&core.facts, limit)).collect();
    if now.iter().flatten().all(|state| state.met) {
        return Vec::new();
    }
    let mut found: Vec<Vec<(f64, Relaxation)>> = vec![Vec::new(); LIMITS.len()];
    for candidate in candidates::measured(lab, core) {
        if OPEN.iter().any(|prefix| candidate.path.starts_with(prefix)) {
            let mut search = Way { lab, core, now: &now, found: &mut found, candidate: &candidate };
            search.run();
        }
    }
    let rows = LIMITS.iter().zip(&now).zip(found);
    rows.filter_map(|(((path, ..), state), mut ways)| {
        let state = state.filter(|state| !state.met)?;
        ways.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut relaxations: Vec<Relaxation> = Vec::new();
        for (_, way) in ways {
            let path = |way: &Relaxation| way.change.first().map(|change| change.path.clone());
            if relaxations.iter().all(|known| path(known) != path(&way)) {
                relaxations.push(way);
            }
        }
        relaxations.truncate(MOST);
        Some(Unmet { path: (*path).to_string(), wanted: state.wanted, reached: state.reached, relaxations })
    })
    .collect()
}

/// None when the limit is not stated or what is reached is unknown.
fn state(facts: &Facts, (path, reached, less): &(&str, &str, bool)) -> Option<State> {
    let fact = facts.get(path).filter(|fact| matches!(fact.origin, Origin::Given { .. }))?;
    let (wanted, reached) = (fact.expected()?, facts.number(reached)?);
    let met = if *less { reached <= wanted } else { reached >= wanted };
    Some(State { wanted, reached, met })
}

/// The search along one key.
struct Way<'w, 'm> {
    lab: &'w mut Lab<'m>,
    core: &'w Core,
    now: &'w [Option<State>],
    found: &'w mut [Vec<(f64, Relaxation)>],
    candidate: &'w Candidate,
}

impl Way<'_, '_> {
    fn run(&mut self) {
        let candidate = self.candidate;
        match &candidate.search {
            Search::Each(values) => values.iter().for_each(|value| {
                self.note(value);
            }),
            Search::Sides(sides) => {
                for side in sides {
                    // The nearest that helps is enough.
                    let _ = side.iter().any(|value| self.note(value));
                }
            }
            Search::Along(grid) => {
                for (sign, above) in [(1, true), (-1, false)] {
                    let first = grid.first(above);
                    let mut kept = -1;
                    for place in std::iter::once(0).chain(PROBES) {
                        let Some(value) = grid.value(first + sign * place) else { break };
                        if self.helps(&Value::Number(value)).is_empty() {
                            kept = place;
                            continue;
                        }
                        let (mut keeps, mut helps) = (kept, place);
                        while helps - keeps > 1 {
                            let middle = keeps + (helps - keeps) / 2;
                            let there = grid.value(first + sign * middle).map(Value::Number);
                            if there.is_some_and(|value| !self.helps(&value).is_empty()) {
                                helps = middle
                            } else {
                                keeps = middle
                            }
                        }
                        if let Some(value) = grid.value(first + sign * helps) {
                            self.note(&Value::Number(value));
                        }
                        // Further out more limits may be met.
                        self.note(&Value::Number(value));
                        kept = place;
                    }
                }
            }
        }
    }

    /// Limits that are met with this value and were not, with what is reached; none when another one is newly missed.
    fn helps(&mut self, value: &Value) -> Vec<(usize, f64)> {
        let path = self.candidate.path;
        if !candidates::consistent(self.core, &[(path, value.clone())]) {
            return Vec::new();
        }
        self.lab.restart().state(path, value.clone());
        let facts = self.lab.whole();
        let mut out = Vec::new();
        for (at, limit) in LIMITS.iter().enumerate() {
            let before = self.now.get(at).copied().flatten();
            match (before, state(facts, limit)) {
                (Some(State { met: true, .. }), Some(State { met: false, .. })) => return Vec::new(),
                (Some(State { met: false, .. }), Some(State { met: true, reached, .. })) => out.push((at, reached)),
                _ => {}
            }
        }
        out
    }

    fn note(&mut self, value: &Value) -> bool {
        let helped = self.helps(value);
        let from = self.candidate.from.as_ref();
        for (at, reached) in &helped {
            let change = Change {
                path: self.candidate.path.to_string(),
                from: from.map_or(serde_json::Value::Null, Value::machine),
                to: value.machine(),
            };
            if let Some(list) = self.found.get_mut(*at) {
                list.push((distance(from, value), Relaxation { change: vec![change], reached: *reached }));
            }
        }
        !helped.is_empty()
    }
}
