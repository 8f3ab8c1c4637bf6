//! Latency: p50 and p95 of every hop on the slowest request path.

use serde::Serialize;

use super::Numbers;
use super::formulas::{call_time, tail};
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
    /// Part of the p95 target that the hop may use, in ms.
    pub budget_ms: f64,
    /// Time after which its caller gives up, in ms.
    pub timeout_ms: f64,
    /// Attempts that its caller may make, the first included.
    pub attempts: f64,
}

impl Hop {
    /// Caller and callee where the hop is a call between domains.
    #[must_use]
    pub fn call(&self) -> Option<(&str, &str)> {
        self.hop.split_once(CALL)
    }

    /// The hop in words; an arrow inside a sentence or a figure would read as a line.
    #[must_use]
    pub fn said(&self) -> String {
        self.call().map_or_else(|| self.hop.clone(), |(caller, callee)| format!("{caller} calls {callee}"))
    }

    fn new(hop: impl Into<String>, p50_ms: f64, p95_ms: f64) -> Self {
        Self { hop: hop.into(), p50_ms, p95_ms, budget_ms: 0.0, timeout_ms: 0.0, attempts: 1.0 }
    }
}

/// Between caller and callee in the name of a hop.
const CALL: &str = " -> ";

/// The hop of our own code; what comes after it is what it waits for, in turn.
pub const OWN: [&str; 2] = ["application", "function"];

/// Computes the path and puts its totals.
pub(super) fn compute(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) -> Latency {
    let mut path = Vec::new();
    let ms = |id: &str| numbers.get(id).scaled(1000.0);
    let chosen = |topic: &str| facts.word(&format!("selection.{topic}")).is_some_and(|choice| choice != "none");
    if chosen("api-gateway") {
        let hop = ms("latency.gateway");
        path.push(Hop::new(facts.human("selection.api-gateway.name"), hop.expected, hop.high));
    }
    if facts.number("capacity.lb.hours").unwrap_or(0.0) > 0.0 {
        let hop = ms("latency.load-balancer");
        path.push(Hop::new("load balancer", hop.expected, hop.high));
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
        path.push(Hop::new(integration.name.clone(), latency, latency));
    }
    budgets(facts, requirements, numbers, &mut path);
    let total_p50_ms: f64 = path.iter().map(|hop| hop.p50_ms).sum();
    let total_p95_ms: f64 = path.iter().map(|hop| hop.p95_ms).sum();
    let total_p99_ms = round(total_p95_ms * tail(0.99, 0.95));
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

/// Splits the target over the hops by what they need, and gives each call a time-out over its p99.9 that fits the client's deadline.
/// Only calls to systems of others are repeated, by the layer directly above them and within the retry budget.
fn budgets(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers, path: &mut [Hop]) {
    let target = facts.number("targets.p95").unwrap_or(200.0);
    let total: f64 = path.iter().map(|hop| hop.p95_ms).sum();
    let over = numbers.get("timeout.over-p999").expected;
    let backoff = numbers.get("retry.backoff-in-budget").expected * 1000.0;
    let mut deadline = 0.0;
    for hop in path.iter_mut() {
        hop.budget_ms = (target * hop.p95_ms / total.max(1e-9) * 10.0).floor() / 10.0;
        hop.timeout_ms = (hop.p95_ms * tail(0.999, 0.95) * over).ceil();
        if let Some(integration) = requirements.integrations.iter().find(|integration| integration.name == hop.hop) {
            let item = |key: &str| facts.number(&format!("integrations[{}].{key}", integration.name));
            hop.timeout_ms = item("timeout").unwrap_or(hop.p95_ms * over);
            hop.attempts = 1.0 + item("retries").unwrap_or(0.0);
        }
        deadline += call_time(hop.attempts, hop.timeout_ms, backoff);
    }
    let formula = "sum over the hops of attempts x (time-out + number retry.backoff-in-budget); time-out: p99.9 x number timeout.over-p999";
    facts.derive("latency.deadline", deadline, formula, &["targets.p95", "latency.own_p95"]);
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
        round(p95 * tail(0.99, 0.95)),
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
    let [application, function] = OWN;
    let name = if facts.word("decision.pattern") == Some("serverless") { function } else { application };
    let servers = facts.number("capacity.app.vcpu").unwrap_or(2.0);
    let used = facts.number("capacity.app.utilisation").unwrap_or(0.0).min(0.95);
    let p50 = service * mean_response(servers, used);
    Hop::new(name, p50, service * (3.0 + wait_quantile(servers, used, 0.95)))
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
        path.push(Hop::new(format!("{}{CALL}{}", domain.name, call.to), p50, p95));
    }
}

/// The queries of a request one after the other, one of them slow.
fn database(facts: &Facts, numbers: &Numbers) -> Hop {
    let query = numbers.get("db.query-time").expected * 1000.0;
    let queries = numbers.get("db.queries-per-request").expected;
    let tail = numbers.get("latency.tail").expected;
    let name = facts.human("selection.database.name");
    Hop::new(format!("{name}, {queries:.0} queries"), queries * query, (queries - 1.0) * query + tail * query)
}
