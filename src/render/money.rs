//! The sections Cost and Disaster Recovery.

use super::view::view;
use serde_json::Value as Json;

use super::{Depth, Page, escape};
use crate::engine::cost::{Line, StageCost};
use crate::engine::options::{BreakEvenPoint, PayOption};
use crate::quantity::{Kind, human};
use crate::text::markdown::prose;

pub(super) fn cost(page: &Page) -> Json {
    let cost = &page.plan.cost;
    let seed = cost.seed_range.map(|range| {
        let expected = cost.monthly.map_or(0.0, |monthly| monthly.expected);
        let side = if expected < range.low {
            "below"
        } else if expected > range.high {
            "above"
        } else {
            "inside"
        };
        format!(
            "{side} the rule of thumb for stage {}, {} to {}",
            page.plan.stage.number,
            human(Kind::Money, range.low),
            human(Kind::Money, range.high)
        )
    });
    let tco = &cost.tco;
    let part = |name: &str, value: Option<f64>| {
        format!("{name} {}", value.map_or_else(|| "not stated".to_string(), |value| human(Kind::Money, value)))
    };
    view!({
        "total": super::system::cost_line(cost.monthly),
        "seed": seed.unwrap_or_default(),
        "lines": lines(page),
        "billed": billed(page),
        "small": small(page),
        "unknown": cost.unknown.iter().map(|item| escape(item)).collect::<Vec<_>>(),
        "tco": if super::compact(page) { String::new() } else { format!("{:.0} months: {}, {}, {}", tco.months, part("infrastructure", tco.infrastructure), part("third parties", tco.third_party), part("people", tco.personnel)) },
        "roi": if cost.roi.ratio.is_none() && super::compact(page) { String::new() } else { cost.roi.ratio.map_or_else(|| format!("not computed ({})", cost.roi.because), |ratio| format!("{:.0}% ({})", ratio * 100.0, cost.roi.because)) },
        "levers": cost.levers.iter().map(|lever| escape(&crate::engine::levers::said(lever))).collect::<Vec<_>>(),
        "options": cost.options.iter().map(option).collect::<Vec<_>>(),
        "stages": stages(page),
        "break_even": cost.break_evens.iter().map(even).collect::<Vec<_>>(),
    })
}

/// Which count of instances the bill has, where fewer run at times.
fn billed(page: &Page) -> String {
    let count = |key: &str| page.plan.values.number(&format!("capacity.app.{key}")).unwrap_or(0.0);
    let [least, planned] = ["min_instances", "instances"].map(count);
    if least >= planned {
        return String::new();
    }
    format!(
        "{planned:.0} application instances at all hours, the number at peak; what is saved while fewer run, {least:.0} at least, is not counted"
    )
}

/// Whether a line is worth a row: below full depth those under one hundredth of the sum are not, under three where little is stated.
fn counts(page: &Page, line: &Line) -> bool {
    let sum = page.plan.cost.monthly.map_or(0.0, |monthly| monthly.expected);
    let least = if super::compact(page) { 0.03 } else { 0.01 };
    page.depth == Depth::Full || line.monthly.is_none_or(|monthly| monthly.expected >= sum * least)
}

fn lines(page: &Page) -> Vec<Json> {
    page.plan.cost.lines.iter().filter(|item| counts(page, item)).map(line).collect()
}

/// The other lines as one sentence.
fn small(page: &Page) -> String {
    let rows = page.plan.cost.lines.iter().filter(|item| !counts(page, item)).collect::<Vec<_>>();
    let sum: f64 = rows.iter().filter_map(|item| item.monthly).map(|monthly| monthly.expected).sum();
    if rows.is_empty() {
        return String::new();
    }
    let names = rows.iter().map(|item| escape(&item.item)).collect::<Vec<_>>().join(", ");
    format!("{} per month together: {names}", human(Kind::Money, sum))
}

fn line(line: &Line) -> Json {
    let quantity = human(Kind::Number, line.quantity.expected);
    view!({
        "component": prose(&line.component), "item": escape(&line.item), "quantity": format!("{quantity} {}", escape(&line.unit)),
        "price": line.unit_price.map_or_else(|| "unknown".to_string(), |price| format!("${}", digits(price))),
        "monthly": line.monthly.map_or_else(|| "unknown".to_string(), |monthly| human(Kind::Money, monthly.expected)),
        "basis": &line.basis, "date": line.as_of.clone().map_or_else(|| "none".to_string(), |date| format!("{date} ({})", line.confidence.clone().unwrap_or_default())),
    })
}

/// A unit price with four significant digits.
fn digits(price: f64) -> String {
    let magnitude = price.abs().max(1e-12).log10().floor();
    let scale = 10f64.powf(3.0 - magnitude);
    let rounded = (price * scale).round() / scale;
    format!("{rounded}")
}

fn option(option: &PayOption) -> String {
    let pays =
        option.pays_after_months.map_or_else(String::new, |months| format!(", pays after {months:.0} months of use"));
    format!(
        "{}: saves {} per month ({}{pays}; {})",
        escape(&option.name),
        human(Kind::Money, option.saves),
        escape(&option.because),
        option.as_of
    )
}

fn even(point: &BreakEvenPoint) -> String {
    let now = point.now.map_or_else(|| "unknown".to_string(), |now| human(Kind::Count, now));
    format!(
        "{}: equal at {} {} ({}); now {now}",
        escape(&point.what),
        human(Kind::Count, point.at),
        escape(&point.unit),
        escape(&point.because)
    )
}

/// The bill of this stage and at the lower bound of each later one.
fn stages(page: &Page) -> String {
    let row = |row: &StageCost| {
        let monthly = row.monthly.map_or_else(|| "unknown".to_string(), |monthly| human(Kind::Money, monthly.expected));
        format!("stage {} {monthly}", row.stage)
    };
    page.plan.cost.by_stage.iter().map(row).collect::<Vec<_>>().join(", ")
}

pub(super) fn recovery(page: &Page) -> Json {
    let (recovery, facts) = (&page.plan.recovery, &page.plan.values);
    let duration = |ms: f64| human(Kind::Duration, ms);
    let stated = |path: &str| if facts.is_stated(path) { "stated" } else { "default" };
    view!({
        "asked": !super::compact(page) || facts.is_stated("targets.rpo") || facts.is_stated("targets.rto"),
        "tier": recovery.tier.clone().unwrap_or_else(|| "none".to_string()),
        "rpo": format!("{} ({}), reached {}", duration(recovery.rpo_ms), stated("targets.rpo"), duration(recovery.rpo_reached_ms)),
        "rto": format!("{} ({}), {}restore takes {}", duration(recovery.rto_ms), stated("targets.rto"), recovery.failover_ms.map_or_else(String::new, |ms| format!("standby answers in {}, ", duration(ms))), duration(recovery.restore_ms)),
        "restore": escape(&recovery.because),
        "backup": format!("{} backups, {} kept today", facts.human("operations.backups"), facts.number("capacity.database.backup_gb").map_or_else(|| "an unknown size".to_string(), |size| human(Kind::Size, size * 1e9))),
        "drill": facts.get("operations.restore_test").map(|fact| format!("restore test every {}", fact.human())).unwrap_or_default(),
    })
}
