//! Availability: composed from the chosen parts in series and parallel, against the target.

use serde::Serialize;

use super::Numbers;
use super::formulas::{error_budget, in_parallel, in_series};
use crate::catalogue::Catalogue;
use crate::facts::Facts;
use crate::requirements::{Mode, Requirements};

/// The composition with its budget and alerts.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Availability {
    /// The target, a share.
    pub target: f64,
    /// Product of the parts.
    pub composed: f64,
    /// Minutes of 30 days that the target allows to lose.
    pub error_budget_minutes_30d: f64,
    /// What a request needs.
    pub parts: Vec<Part>,
    /// Multi-window burn-rate alerts.
    pub alerts: Vec<Alert>,
}

/// A part that a request needs.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its availability, a share, all copies together.
    pub value: f64,
    /// `series` or `parallel`.
    #[serde(rename = "in")]
    pub arrangement: &'static str,
    /// Copies.
    pub copies: f64,
}

/// A burn-rate alert.
#[derive(Clone, Debug, Serialize)]
pub struct Alert {
    /// Times the rate that exhausts the budget in the period.
    pub burn_rate: f64,
    /// Long window.
    pub long_window: String,
    /// Short window.
    pub short_window: String,
    /// `page` or `ticket`.
    pub severity: &'static str,
}

/// Composes the parts and puts the result.
pub(super) fn compute(
    facts: &mut Facts,
    catalogue: &Catalogue,
    requirements: &Requirements,
    numbers: &Numbers,
) -> Availability {
    let mut parts = Vec::new();
    let number = |id: &str| numbers.get(id).expected;
    if facts.number("capacity.lb.hours").unwrap_or(0.0) > 0.0 {
        parts.push(series("load balancer", number("availability.load-balancer")));
    }
    if let Some(value) = sold(facts, catalogue, "api-gateway") {
        parts.push(series(&facts.human("selection.api-gateway.name"), value));
    }
    parts.push(app(facts, catalogue, numbers));
    parts.push(database(facts, catalogue, numbers));
    parts.extend(sessions(facts, catalogue));
    for integration in requirements
        .integrations
        .iter()
        .filter(|i| i.critical == Some(true) && i.mode.unwrap_or(Mode::Sync) == Mode::Sync)
    {
        let value = integration.availability.map_or(number("availability.integration"), |share| share.0.expected);
        parts.push(series(&integration.name, value));
    }
    let composed = in_series(parts.iter().map(|part| part.value));
    let target = facts.number("targets.availability").unwrap_or(0.999);
    let minutes = error_budget(target, 30.0 * 24.0 * 60.0);
    facts.derive(
        "availability.composed",
        composed,
        "product of the parts in series; copies in parallel with number availability.common-cause of the failures in common",
        &["capacity.zones", "capacity.app.instances", "selection.database"],
    );
    facts.derive(
        "availability.budget_minutes",
        (minutes * 10.0).round() / 10.0,
        "(1 - target) x 30 days in minutes",
        &["targets.availability"],
    );
    facts.derive("availability.error_budget", minutes * 60_000.0, "(1 - target) x 30 days", &["targets.availability"]);
    Availability { target, composed, error_budget_minutes_30d: minutes, parts, alerts: alerts(numbers) }
}

fn series(name: &str, value: f64) -> Part {
    Part { name: name.to_string(), value, arrangement: "series", copies: 1.0 }
}

/// A store that keeps the sessions and that all instances share: without it nobody is signed in.
fn sessions(facts: &Facts, catalogue: &Catalogue) -> Option<Part> {
    let attribute = |topic: &str, name: &str| super::select::attribute(facts, catalogue, topic, name);
    let topic = attribute("authentication", "kept_in")?.as_str()?;
    let shared = attribute(topic, "shared").is_none_or(|shared| shared.as_bool() != Some(false));
    let value = sold(facts, catalogue, topic).filter(|_| shared)?;
    Some(series(&facts.human(&format!("selection.{topic}.name")), value))
}

/// Availability as sold of a topic's choice.
fn sold(facts: &Facts, catalogue: &Catalogue, topic: &str) -> Option<f64> {
    super::select::offered(facts, catalogue, topic)?.availability
}

fn app(facts: &Facts, catalogue: &Catalogue, numbers: &Numbers) -> Part {
    if facts.word("decision.pattern") == Some("serverless") {
        let value = sold(facts, catalogue, "compute").unwrap_or(numbers.get("availability.functions").expected);
        return Part { name: "functions".into(), value, arrangement: "series", copies: 1.0 };
    }
    let copies = facts.number("capacity.app.instances").unwrap_or(1.0).max(1.0);
    let single = numbers.get("availability.self-managed-vm").expected;
    let beta = numbers.get("availability.common-cause").expected;
    let zones = facts.number("capacity.zones").unwrap_or(1.0);
    let value = in_parallel(single, copies, beta) * in_parallel(numbers.get("availability.zone").expected, zones, beta);
    Part { name: "application".into(), value, arrangement: if copies >= 2.0 { "parallel" } else { "series" }, copies }
}

fn database(facts: &Facts, catalogue: &Catalogue, numbers: &Numbers) -> Part {
    let name = facts.human("selection.database.offer");
    let single = numbers.get("availability.managed-database-single-zone").expected;
    let offered = sold(facts, catalogue, "database").unwrap_or(single);
    let zones = facts.number("capacity.zones").unwrap_or(1.0);
    let value = if zones >= 2.0 { offered.max(single) } else { offered.min(single) };
    Part { name, value, arrangement: if zones >= 2.0 { "parallel" } else { "series" }, copies: zones.min(2.0) }
}

fn alerts(numbers: &Numbers) -> Vec<Alert> {
    let rows = [
        ("page-fast", "1h", "5m", "page"),
        ("page-slow", "6h", "30m", "page"),
        ("ticket-fast", "1d", "2h", "ticket"),
        ("ticket-slow", "3d", "6h", "ticket"),
    ];
    let alert = |(id, long, short, severity): (&str, &str, &str, &'static str)| Alert {
        burn_rate: numbers.get(&format!("burn.{id}.rate")).expected,
        long_window: long.into(),
        short_window: short.into(),
        severity,
    };
    rows.into_iter().map(alert).collect()
}
