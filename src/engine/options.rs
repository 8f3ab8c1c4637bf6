//! What a promise or patience takes off the bill: commitments, interruptible capacity; and the loads at which another way to buy is cheaper.
//!
//! Discounts and break-evens are data of the price books; everything here is computed from the bill.

use serde::Serialize;

use super::Model;
use super::cost::{Cost, Line};
use super::formulas::{break_even, commitment_months};
use super::select::Selection;
use crate::facts::Facts;

/// Seconds of the 730 hours that a month is billed for.
const MONTH: f64 = 2_628_000.0;

/// A cheaper way to pay for the same design.
#[derive(Clone, Debug, Serialize)]
pub struct PayOption {
    /// What is promised or put up with.
    pub name: String,
    /// US dollars saved in a month.
    pub saves: f64,
    /// Months of use after which it has paid for itself; none without a commitment.
    pub pays_after_months: Option<f64>,
    /// The arithmetic.
    pub because: String,
    /// Date of the discount.
    pub as_of: String,
}

/// A load at which two ways to buy cost the same.
#[derive(Clone, Debug, Serialize)]
pub struct BreakEvenPoint {
    /// The two ways.
    pub what: String,
    /// The load at which they cost the same.
    pub at: f64,
    /// Its unit.
    pub unit: String,
    /// The load of this design; none when unknown.
    pub now: Option<f64>,
    /// The arithmetic.
    pub because: String,
}

/// Puts both lists.
pub(super) fn fill(model: &Model, facts: &Facts, selections: &[Selection], cost: &mut Cost) {
    cost.options = options(model, facts, selections, &cost.lines);
    cost.break_evens = break_evens(model, facts);
}

/// Hours of a topic that grow with its load: what a commitment covers. A gateway beside the machines has hours too, and no discount.
fn hourly(selections: &[Selection], lines: &[Line], topic: &str) -> f64 {
    let title = selections.iter().find(|selection| selection.topic == topic).map(|selection| selection.title.as_str());
    let own = lines.iter().filter(|line| {
        Some(line.component.as_str()) == title && line.unit.ends_with("hour") && line.basis == "stepped"
    });
    own.filter_map(|line| line.monthly).map(|monthly| monthly.expected).sum()
}

fn options(model: &Model, facts: &Facts, selections: &[Selection], lines: &[Line]) -> Vec<PayOption> {
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    let Some(book) = model.catalogue.prices.get(cloud) else { return Vec::new() };
    let interruptible = interruptible(facts);
    let mut out = Vec::new();
    for discount in &book.discounts {
        let share = if discount.months.is_none() { interruptible } else { 1.0 };
        let covered: f64 = discount.topics.iter().map(|topic| hourly(selections, lines, topic)).sum::<f64>() * share;
        let saves = covered * discount.share;
        if saves < 1.0 {
            continue;
        }
        let part = if discount.months.is_none() { " for the instances above the average load" } else { "" };
        out.push(PayOption {
            name: format!("{}{part}", discount.name),
            saves,
            pays_after_months: discount.months.map(|months| commitment_months(months, discount.share)),
            because: format!("{:.0}% of ${covered:.0} a month", discount.share * 100.0),
            as_of: discount.as_of.to_string(),
        });
    }
    out
}

/// The part of the instances that may be taken away with two minutes' notice: whole ones, above those that the average load needs and above
/// one in each of two zones.
fn interruptible(facts: &Facts) -> f64 {
    let spread = facts.number("traffic.peak_factor").unwrap_or(1.0).max(1.0);
    let zones = facts.number("capacity.zones").unwrap_or(1.0).clamp(1.0, 2.0);
    let all = facts.number("capacity.app.instances").unwrap_or(0.0).floor();
    let kept = (all / spread - 1e-9).ceil().max(zones);
    if all > kept { 1.0 - kept / all } else { 0.0 }
}

fn break_evens(model: &Model, facts: &Facts) -> Vec<BreakEvenPoint> {
    let mut out = Vec::new();
    let known = (
        facts.number("functions.monthly_cost"),
        facts.number("always_on.monthly_cost"),
        facts.number("functions.invocations"),
    );
    if let (Some(functions), Some(fixed), Some(runs)) = known
        && runs > 0.0
        && let Some(at) = break_even(fixed, functions / runs)
    {
        out.push(BreakEvenPoint {
            what: "functions or always-on instances".into(),
            at,
            unit: "requests a month".into(),
            now: Some(runs),
            because: format!("${fixed:.0} a month / ${:.3} per million", functions / runs * 1e6),
        });
    }
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    let Some(book) = model.catalogue.prices.get(cloud) else { return out };
    let regions = facts.words("stack.regions").to_vec();
    let eur = model.numbers.get("usd_per_eur").expected;
    let price = |role: &str| book.quote(role, &regions, eur).map(|quote| quote.row.price * quote.factor.expected);
    for entry in &book.break_evens {
        let (Some(fixed), Some(each)) = (price(&entry.fixed_role), price(&entry.unit_role)) else { continue };
        let (fixed, each) = (fixed * entry.fixed_units, each * entry.units_each);
        if let Some(month) = break_even(fixed, each) {
            out.push(BreakEvenPoint {
                what: entry.what.clone(),
                at: month / MONTH,
                unit: entry.unit.clone(),
                now: facts.number(&entry.now),
                because: format!("${fixed:.0} a month / ${:.2} per million", each * 1e6),
            });
        }
    }
    out
}
