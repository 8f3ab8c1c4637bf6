//! Latency: p50 and p95 of every hop on the slowest request path.

use serde::Serialize;

use super::Numbers;
use super::queueing::{mean_response, wait_quantile};
use crate::facts::Facts;
use crate::requirements::{Mode, Requirements};

/// The slowest request path.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Latency {
    /// The target for p95.
    pub target_p95_ms: f64,
    /// Its hops, outermost first.
    pub path: Vec<Hop>,
    /// Sum of the hops' p50.
    pub total_p50_ms: f64,
    /// Sum of the hops' p95: an upper bound, since hops are rarely slow together.
    pub total_p95_ms: f64,
    /// p99 from p95 by the tail of an exponential distribution.
    pub total_p99_ms: f64,
}

/// One hop.
#[derive(Clone, Debug, Serialize)]
pub struct Hop {
    /// Its name.
    pub hop: String,
    /// Median in ms.
    pub p50_ms: f64,
    /// 95th percentile in ms.
    pub p95_ms: f64,
}

/// ln 100 / ln 20: p99 over p95 of an exponential distribution.
const P99_OVER_P95: f64 = 1.537;

/// Computes the path and puts its totals.
pub(super) fn compute(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) -> Latency {
    let mut path = Vec::new();
    let ms = |id: &str| numbers.get(id).scaled(1000.0);
    let chosen = |topic: &str| facts.word(&format!("selection.{topic}")).is_some_and(|choice| choice != "none");
    if chosen("api-gateway") {
        let hop = ms("latency.gateway");
        path.push(Hop { hop: facts.human("selection.api-gateway.name"), p50_ms: hop.expected, p95_ms: hop.high });
    }
    if facts.number("capacity.lb.hours").unwrap_or(0.0) > 0.0 {
        let hop = ms("latency.load-balancer");
        path.push(Hop { hop: "load balancer".into(), p50_ms: hop.expected, p95_ms: hop.high });
    }
    path.push(app(facts));
    calls(facts, requirements, numbers, &mut path);
    path.push(database(facts, numbers));
    own(facts, &mut path);
    let slowest = requirements
        .integrations
        .iter()
        .filter(|i| i.mode.unwrap_or(Mode::Sync) == Mode::Sync)
        .filter_map(|i| i.latency.map(|latency| (i, latency.0.expected)));
    if let Some((integration, latency)) = slowest.max_by(|a, b| a.1.total_cmp(&b.1)) {
        path.push(Hop { hop: integration.name.clone(), p50_ms: latency, p95_ms: latency });
    }
    let total_p50_ms: f64 = path.iter().map(|hop| hop.p50_ms).sum();
    let total_p95_ms: f64 = path.iter().map(|hop| hop.p95_ms).sum();
    let total_p99_ms = round(total_p95_ms * P99_OVER_P95);
    let inputs = ["capacity.service_time", "capacity.app.utilisation", "capacity.database.utilisation"];
    facts.derive("latency.total_p50", total_p50_ms, "sum of the hops' p50", &inputs);
    facts.derive("latency.total_p95", total_p95_ms, "sum of the hops' p95", &inputs);
    facts.derive("latency.total_p99", total_p99_ms, "latency.total_p95 x ln 100 / ln 20", &["latency.total_p95"]);
    Latency {
        target_p95_ms: facts.number("targets.p95").unwrap_or(200.0),
        path,
        total_p50_ms,
        total_p95_ms,
        total_p99_ms,
    }
}

/// The path without systems of others: what most requests take.
fn own(facts: &mut Facts, path: &mut [Hop]) {
    for hop in path.iter_mut() {
        hop.p50_ms = round(hop.p50_ms);
        hop.p95_ms = round(hop.p95_ms);
    }
    let p95: f64 = path.iter().map(|hop| hop.p95_ms).sum();
    let inputs = ["capacity.service_time", "capacity.app.utilisation", "capacity.database.utilisation"];
    facts.derive(
        "latency.own_p50",
        path.iter().map(|hop| hop.p50_ms).sum::<f64>(),
        "sum of the p50 of the hops that are ours",
        &inputs,
    );
    facts.derive("latency.own_p95", p95, "sum of the p95 of the hops that are ours", &inputs);
    facts.derive(
        "latency.own_p99",
        round(p95 * P99_OVER_P95),
        "latency.own_p95 x ln 100 / ln 20",
        &["latency.own_p95"],
    );
}

fn round(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}

/// Service with exponential spread (p95 = 3 x mean) and the wait of M/M/c at the computed utilisation.
fn app(facts: &Facts) -> Hop {
    let service = facts.number("capacity.service_time").unwrap_or(8.0);
    let name = if facts.word("decision.pattern") == Some("serverless") { "function" } else { "application" };
    let servers = facts.number("capacity.app.vcpu").unwrap_or(2.0);
    let used = facts.number("capacity.app.utilisation").unwrap_or(0.0).min(0.95);
    let p50 = service * mean_response(servers, used);
    Hop { hop: name.into(), p50_ms: p50, p95_ms: service * (3.0 + wait_quantile(servers, used, 0.95)) }
}

/// Calls of the domain whose chain is slowest, when domains run apart.
fn calls(facts: &Facts, requirements: &Requirements, numbers: &Numbers, path: &mut Vec<Hop>) {
    if facts.number("decision.deployables").unwrap_or(1.0) <= 1.0 {
        return;
    }
    let service = facts.number("capacity.service_time").unwrap_or(8.0);
    let hop = numbers.get("latency.hop-cross-zone").expected * 1000.0;
    let tail = numbers.get("latency.tail").expected;
    let of = |call: &crate::requirements::Call| {
        call.latency.map_or(service + hop, |latency| latency.0.expected) * call.per_request.unwrap_or(1.0)
    };
    let chains = requirements.domains.iter().flat_map(|domain| domain.calls.iter().map(move |call| (domain, call)));
    if let Some((domain, call)) = chains.max_by(|a, b| of(a.1).total_cmp(&of(b.1))) {
        let p50 = of(call);
        let p95 = if call.latency.is_some() { p50 } else { p50 * tail };
        path.push(Hop { hop: format!("{} -> {}", domain.name, call.to), p50_ms: p50, p95_ms: p95 });
    }
}

/// The queries of a request one after the other, one of them slow.
fn database(facts: &Facts, numbers: &Numbers) -> Hop {
    let query = numbers.get("db.query-time").expected * 1000.0;
    let queries = numbers.get("db.queries-per-request").expected;
    let tail = numbers.get("latency.tail").expected;
    let name = facts.human("selection.database.name");
    Hop {
        hop: format!("{name}, {queries:.0} queries"),
        p50_ms: queries * query,
        p95_ms: (queries - 1.0) * query + tail * query,
    }
}
