//! Outlook: the design at the next stage and the cost over users and months, from re-runs with more load. Figures compare them with today.

use super::inputs::horizon_months;
use super::stages::{StageView, scaled};
use super::{Core, Model};
use crate::facts::Facts;

/// Later designs and what they cost.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// All values at the load that opens the next stage, where the stated growth reaches it within the horizon.
    pub next_stage: Option<Facts>,
    /// All values at ten times the load.
    pub ten_times: Option<Facts>,
    /// Cost at multiples of today's users; empty where nothing asks for it.
    pub by_users: Vec<CostPoint>,
    /// Cost at points of the horizon; empty without a stated growth.
    pub by_month: Vec<CostPoint>,
}

/// The cost at one load.
#[derive(Clone, Copy, Debug)]
pub struct CostPoint {
    /// Months from now; 0 where only users differ.
    pub month: f64,
    /// Monthly users.
    pub users: f64,
    /// US dollars of a month; none when a price is unknown.
    pub monthly: Option<f64>,
}

/// Multiples of the users between today and ten times, which the growth table has.
const BETWEEN: [f64; 2] = [2.0, 5.0];

/// Points of the horizon at which the cost is computed.
const QUARTERS: u32 = 4;

/// Re-runs what the stated facts ask for; `ten` are the values of the re-run at ten times the load.
pub(super) fn find(model: &Model, given: &Facts, core: &Core, stage: &StageView, ten: Option<Facts>) -> Outlook {
    let facts = &core.facts;
    let users = facts.number("users.monthly").unwrap_or(0.0);
    let mut out = Outlook { next_stage: next_stage(model, given, facts, stage), ..Outlook::default() };
    let today = CostPoint { month: 0.0, users, monthly: core.cost.monthly.map(|cost| cost.expected) };
    let rerun = |factor: f64, month: f64| {
        let then = super::core(model, scaled(given, facts, factor));
        CostPoint { month, users: users * factor, monthly: then.cost.monthly.map(|cost| cost.expected) }
    };
    if facts.is_stated("budget.monthly") || facts.is_stated("targets.headroom") {
        let last = stage.growth.iter().find(|growth| growth.factor == 10).and_then(|growth| growth.monthly_cost);
        out.by_users.push(today);
        out.by_users.extend(BETWEEN.iter().map(|factor| rerun(*factor, 0.0)));
        out.by_users.push(CostPoint { month: 0.0, users: users * 10.0, monthly: last });
    }
    let growth = facts.number("users.growth").filter(|growth| facts.is_stated("users.growth") && *growth > 1.0);
    if let Some(growth) = growth {
        let horizon = horizon_months(facts);
        out.by_month.push(today);
        out.by_month.extend((1..=QUARTERS).map(|quarter| {
            let month = (horizon * f64::from(quarter) / f64::from(QUARTERS)).round();
            rerun(growth.powf(month), month)
        }));
    }
    out.ten_times = ten;
    out
}

fn next_stage(model: &Model, given: &Facts, now: &Facts, stage: &StageView) -> Option<Facts> {
    let users = now.number("users.monthly").unwrap_or(0.0);
    let next = model.catalogue.stages.iter().find(|entry| entry.number == stage.number + 1)?;
    let reached = stage.forecast.iter().any(|row| row.what.starts_with(&format!("stage {}", next.number)));
    (reached && users > 0.0).then(|| super::core(model, scaled(given, now, next.users_from / users)).facts)
}
