//! Robustness: the share of variations that keep an answer.
//!
//! Stated ranges vary between low and high, half of the variations on either side of expected. Assumed numbers vary by 30% up and
//! down, wherever they come from: a constant of the language or a formula. The points are a fixed low-discrepancy set.

use super::lab::Lab;
use super::{Core, Model, Robustness};
use crate::facts::{Fact, Facts, Origin};
use crate::quantity::{Range, Value};

/// How many variations are run.
pub const VARIATIONS: u32 = 512;

/// How far an assumed number may be off, either way.
pub(super) const SPREAD: f64 = 0.3;

/// From this share of variations on an answer is stable.
const STABLE: f64 = 0.9;

/// Below this share of variations an answer is fragile.
const FRAGILE: f64 = 0.6;

/// Keys that are agreements, not guesses about the world.
const AGREED: [&str; 2] = ["conventions.", "limits."];

/// A number that varies.
pub(super) struct Axis {
    /// Its path.
    pub path: String,
    /// The stated range; none for an assumed number.
    range: Option<Range>,
}

impl Axis {
    /// Puts the value at a point between 0 and 1.
    fn put(&self, facts: &mut Facts, point: f64) {
        match self.range {
            Some(Range { low, expected, high }) => {
                let value = if point < 0.5 {
                    low + (expected - low) * 2.0 * point
                } else {
                    expected + (high - expected) * (2.0 * point - 1.0)
                };
                facts.state(&self.path, Value::Number(value));
            }
            None => facts.shift(&self.path, 1.0 - SPREAD + 2.0 * SPREAD * point),
        }
    }
}

/// Robustness of the pattern and of every topic in the order decided.
pub(super) fn of(lab: &mut Lab, model: &Model, core: &Core) -> Vec<Robustness> {
    let decisions = lab.decisions();
    let mut axes = axes(model, &core.facts);
    // What no decision reads cannot change one.
    axes.retain(|axis| lab.base.is_read(&axis.path, decisions));
    let steps = directions(axes.len());
    let mut turned = vec![0_u32; lab.now.len()];
    if !axes.is_empty() {
        for number in 1..=VARIATIONS {
            let facts = lab.restart();
            for (axis, step) in axes.iter().zip(&steps) {
                axis.put(facts, (0.5 + f64::from(number) * step).fract());
            }
            lab.decide();
            for (at, _) in lab.turned() {
                if let Some(count) = turned.get_mut(at) {
                    *count += 1;
                }
            }
        }
    }
    turned.into_iter().map(graded).collect()
}

/// The same shares by whole runs, one answer a row: what [`of`] must come to, some hundred times slower.
#[must_use]
pub fn recount(model: &Model, given: &Facts, variations: u32) -> Vec<(String, u32)> {
    let core = super::super::core(model, given.clone());
    let axes = axes(model, &core.facts);
    let mut log = given.clone();
    log.log();
    let mut logged = super::super::run::whole(model, log, true);
    let Some(timeline) = logged.facts.timeline(&[]) else { return Vec::new() };
    let decisions = super::super::run::steps(&model.catalogue.topics).decisions + 1;
    let axes: Vec<Axis> = axes.into_iter().filter(|axis| timeline.is_read(&axis.path, decisions)).collect();
    let steps = directions(axes.len());
    let topics =
        core.selections.iter().map(|selection| (selection.topic.clone(), format!("selection.{}", selection.topic)));
    let answers = std::iter::once(("pattern".to_string(), "decision.pattern".to_string())).chain(topics);
    let mut out: Vec<(String, String, u32)> = answers.map(|(name, path)| (name, path, 0)).collect();
    for number in 1..=variations {
        let mut facts = given.clone();
        for (axis, step) in axes.iter().zip(&steps) {
            axis.put(&mut facts, (0.5 + f64::from(number) * step).fract());
        }
        let then = super::super::core(model, facts);
        for (_, path, kept) in &mut out {
            *kept += u32::from(then.facts.word(path) == core.facts.word(path));
        }
    }
    out.into_iter().map(|(name, _, kept)| (name, kept)).collect()
}

fn graded(turned: u32) -> Robustness {
    let share = 1.0 - f64::from(turned) / f64::from(VARIATIONS);
    let grade = match share {
        share if share >= STABLE => "stable",
        share if share < FRAGILE => "fragile",
        _ => "sensitive",
    };
    Robustness { grade, share: (share * 1000.0).round() / 1000.0, variations: VARIATIONS }
}

/// Stated ranges, then assumed numbers in the order of the language.
pub(super) fn axes(model: &Model, facts: &Facts) -> Vec<Axis> {
    let stated = facts.iter().filter_map(|(path, fact)| match (&fact.origin, &fact.value) {
        (Origin::Given { .. }, Value::Range(range)) if !path.contains('[') => {
            Some(Axis { path: path.to_string(), range: Some(*range) })
        }
        _ => None,
    });
    let assumed = assumed(model, facts).into_iter().map(|path| Axis { path, range: None });
    stated.chain(assumed).collect()
}

/// Assumed numbers in the order of the language.
pub(super) fn assumed(model: &Model, facts: &Facts) -> Vec<String> {
    let paths = model.catalogue.defaults.iter().flat_map(|default| match default.path.split_once("domains[]") {
        Some((_, key)) => {
            model.requirements.domains.iter().map(|domain| format!("domains[{}]{key}", domain.name)).collect()
        }
        None => vec![default.path.clone()],
    });
    let guessed = |path: &String| {
        let assumed = |fact: &Fact| !matches!(fact.origin, Origin::Given { .. });
        let moves = |fact: &Fact| fact.expected().is_some_and(|number| number != 0.0);
        !AGREED.iter().any(|prefix| path.starts_with(prefix))
            && facts.get(path).is_some_and(|fact| assumed(fact) && moves(fact))
    };
    paths.filter(guessed).collect()
}

/// One irrational step per axis: fractional parts of the square roots of primes, exact on every machine.
fn directions(number: usize) -> Vec<f64> {
    let prime = |n: &u32| (2..).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
    (2_u32..).filter(prime).take(number).map(|prime| f64::from(prime).sqrt().fract()).collect()
}
