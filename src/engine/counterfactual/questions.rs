//! Questions by value of information: facts that nobody stated and whose value turns decisions; and what assumptions move.

use super::flips::{Hit, flip};
use super::lab::Lab;
use super::{Core, Flip, Model, robustness};
use crate::facts::{Facts, Origin, registry};
use crate::quantity::{Value, human};

/// A fact to find out.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// The key.
    pub path: String,
    /// How many decisions it can turn.
    pub decisions: usize,
    /// The nearest change for each decision.
    pub flips: Vec<Flip>,
}

/// What an assumed value moves.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The key.
    pub path: String,
    /// Decisions and numbers, most important first.
    pub moves: Vec<String>,
}

/// An assumed number may be off by this many doublings (a factor of 3) before a question about it is idle.
const PLAUSIBLE: f64 = 1.6;

/// Numbers of a plan that people look at first.
const WATCHED: [(&str, &str); 5] = [
    ("cost.monthly", "cost"),
    ("capacity.app.instances", "instances"),
    ("capacity.database.vcpu", "database vCPU"),
    ("data.disk_horizon", "disk at the horizon"),
    ("latency.own_p95", "p95"),
];

/// A number that moves less than this share stays.
const LEAST: f64 = 0.02;

/// How many effects of one assumption are told.
const MOST: usize = 4;

/// Facts that are not stated, those that turn most decisions first.
pub(super) fn inquiries(hits: &[Hit], model: &Model, core: &Core) -> Vec<Inquiry> {
    let mut out: Vec<(usize, f64, Inquiry)> = Vec::new();
    for hit in hits.iter().filter(|hit| !hit.stated && hit.size <= PLAUSIBLE) {
        let flips: Vec<Flip> = hit.turned.iter().filter_map(|turned| flip(hit, turned, model, core)).collect();
        if flips.is_empty() {
            continue;
        }
        let pattern = usize::from(hit.turned.iter().any(|(at, _)| *at == 0));
        match out.iter_mut().find(|(.., inquiry)| inquiry.path == hit.path) {
            Some((weight, size, inquiry)) => {
                let new = flips
                    .into_iter()
                    .filter(|flip| inquiry.flips.iter().all(|old| old.topic != flip.topic || old.to != flip.to));
                inquiry.flips.extend(new.collect::<Vec<_>>());
                *weight = (*weight).max(pattern);
                *size = size.min(hit.size);
            }
            None => out.push((pattern, hit.size, Inquiry { path: hit.path.to_string(), decisions: 0, flips })),
        }
    }
    for (_, _, inquiry) in &mut out {
        let mut topics: Vec<&Option<String>> = inquiry.flips.iter().map(|flip| &flip.topic).collect();
        topics.sort();
        topics.dedup();
        inquiry.decisions = topics.len();
    }
    // The pattern carries everything else, so that what turns it comes before the number of topics.
    out.sort_by(|a, b| b.0.cmp(&a.0).then(b.2.decisions.cmp(&a.2.decisions)).then(a.1.total_cmp(&b.1)));
    out.into_iter().map(|(.., inquiry)| inquiry).collect()
}

/// What every assumed value moves: decisions that another value turns, and numbers 30% up or down.
pub(super) fn effects(lab: &mut Lab, hits: &[Hit], model: &Model, core: &Core) -> Vec<Effect> {
    let mut out = Vec::new();
    let decisions = |path: &str| {
        let of = hits.iter().filter(|hit| hit.path == path && hit.size <= PLAUSIBLE);
        of.filter_map(|hit| turns(hit, model, core)).take(2).collect::<Vec<String>>()
    };
    for path in robustness::assumed(model, &core.facts) {
        let mut moves = decisions(&path);
        for (factor, sign) in [(1.0 + robustness::SPREAD, "+30%"), (1.0 - robustness::SPREAD, "-30%")] {
            lab.restart().shift(&path, factor);
            let then = lab.whole();
            let moved = WATCHED.iter().filter(|(watched, _)| *watched != path);
            let moved: Vec<String> =
                moved.filter_map(|(watched, name)| number(&core.facts, then, watched, name, sign)).collect();
            if !moved.is_empty() {
                moves.extend(moved);
                break;
            }
        }
        moves.truncate(MOST);
        out.push(Effect { path, moves });
    }
    for default in &model.catalogue.defaults {
        let of_words = core.facts.get(&default.path).filter(|fact| fact.expected().is_none());
        let assumed = of_words.is_some_and(|fact| !matches!(fact.origin, Origin::Given { .. }));
        let moves = if assumed { decisions(&default.path) } else { Vec::new() };
        if !moves.is_empty() {
            out.push(Effect { path: default.path.clone(), moves });
        }
    }
    out
}

/// "search opensearch at 100k".
fn turns(hit: &Hit, model: &Model, core: &Core) -> Option<String> {
    let flips: Vec<Flip> = hit.turned.iter().filter_map(|turned| flip(hit, turned, model, core)).collect();
    let first = flips.first()?;
    let more = if flips.len() > 1 { format!(" and {} more", flips.len() - 1) } else { String::new() };
    let name = first.topic.as_deref().unwrap_or("pattern");
    Some(format!("{name}: {}{more} at {}", first.to.as_deref().unwrap_or("not needed"), shown(hit.path, &hit.to)))
}

fn shown(path: &str, value: &Value) -> String {
    match value {
        Value::Number(number) => {
            registry::kind_of(path).map_or_else(|| number.to_string(), |kind| human(kind, *number))
        }
        Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_string(),
        Value::Text(word) => word.to_string(),
        Value::List(words) => words.join(", "),
        Value::Range(range) => range.expected.to_string(),
    }
}

fn number(now: &Facts, then: &Facts, path: &str, name: &str, sign: &str) -> Option<String> {
    let (before, after) = (now.number(path)?, then.number(path)?);
    let kind = now.get(path)?.kind;
    let (old, new) = (human(kind, before), human(kind, after));
    let moves = (after - before).abs() >= LEAST * before.abs() && old != new;
    moves.then(|| format!("{name} {old} to {new} at {sign}"))
}
