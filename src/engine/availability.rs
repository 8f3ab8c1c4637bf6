//! Availability: composed from the chosen parts in series and parallel, against the target.

use serde::Serialize;

use super::Numbers;
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
    for integration in requirements
        .integrations
        .iter()
        .filter(|i| i.critical == Some(true) && i.mode.unwrap_or(Mode::Sync) == Mode::Sync)
    {
        let value = integration.availability.map_or(number("availability.integration"), |share| share.0.expected);
        parts.push(series(&integration.name, value));
    }
    let composed = parts.iter().map(|part| part.value).product();
    let target = facts.number("targets.availability").unwrap_or(0.999);
    let minutes = (1.0 - target) * 30.0 * 24.0 * 60.0;
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

/// Availability as sold of a topic's choice.
fn sold(facts: &Facts, catalogue: &Catalogue, topic: &str) -> Option<f64> {
    let choice = facts.word(&format!("selection.{topic}"))?;
    let technology = catalogue.technology(topic, choice)?;
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    technology.offers.get(cloud).or_else(|| technology.offers.get("any"))?.availability
}

/// Copies in parallel; a part of the failures (beta) hits all copies at once.
#[must_use]
pub fn parallel(single: f64, copies: f64, beta: f64) -> f64 {
    if copies < 2.0 {
        return single;
    }
    let down = 1.0 - single;
    1.0 - beta * down - ((1.0 - beta) * down).powf(copies)
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
    let value = parallel(single, copies, beta) * parallel(numbers.get("availability.zone").expected, zones, beta);
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

#[cfg(test)]
mod tests {
    use super::parallel;

    #[test]
    fn copies_help_up_to_the_common_cause() {
        // Published: two parts of 99.9% in parallel, independent, give 99.9999%.
        assert!((parallel(0.999, 2.0, 0.0) - 0.999_999).abs() < 1e-12);
        // With a tenth of the failures in common, no number of copies passes 1 - beta x (1 - a).
        assert!((parallel(0.999, 9.0, 0.1) - 0.9999).abs() < 1e-9);
        assert!((parallel(0.995, 1.0, 0.1) - 0.995).abs() < 1e-12);
    }
}
