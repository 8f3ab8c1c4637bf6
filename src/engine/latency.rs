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
    /// Time after which its caller gives up, in ms: all that the hop waits for is in it.
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
pub const OWN: [&str; 2] = ["application", FUNCTION];
const FUNCTION: &str = "function";

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
    let statements = path.len();
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
    let statement = path.get(statements).map_or(f64::NAN, |hop| hop.timeout_ms);
    let inputs = ["targets.p95", "latency.own_p95"];
    facts.derive(
        "latency.statement_timeout",
        statement,
        "time-out of the database's hop, in which all queries of a request end",
        &inputs,
    );
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

/// Splits the target over the hops by what they need, and gives each call a time-out. A time-out holds the hop's own slowest time and all
/// that the hop waits for, so that no caller gives up while the callee still may answer; what is stated for an integration stands.
/// Only calls to systems of others are repeated, by the layer directly above them and within the retry budget.
fn budgets(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers, path: &mut [Hop]) {
    let target = facts.number("targets.p95").unwrap_or(200.0);
    let slowest = facts.number("targets.p99").filter(|_| facts.is_stated("targets.p99")).unwrap_or(target).max(target);
    let total: f64 = path.iter().map(|hop| hop.p95_ms).sum();
    let over = numbers.get("timeout.over-p999").expected;
    for hop in path.iter_mut() {
        hop.budget_ms = (target * hop.p95_ms / total.max(1e-9) * 10.0).floor() / 10.0;
        let starts = if hop.hop == FUNCTION { facts.number("functions.cold_start").unwrap_or(0.0) } else { 0.0 };
        let least = (slowest * hop.p95_ms / total.max(1e-9)).max(starts + hop.p95_ms);
        hop.timeout_ms = (hop.p95_ms * tail(0.999, 0.95) * over).max(least).ceil();
        if let Some(integration) = requirements.integrations.iter().find(|integration| integration.name == hop.hop) {
            let item = |key: &str| facts.number(&format!("integrations[{}].{key}", integration.name));
            hop.timeout_ms = item("timeout").unwrap_or(hop.p95_ms * over);
            hop.attempts = 1.0 + item("retries").unwrap_or(0.0);
        }
    }
    let backoff = numbers.get("retry.backoff-in-budget").expected * 1000.0;
    let deadline = nest(requirements, backoff, path);
    let formula = "time-out of the outermost hop: own times and, for what is waited for in turn, attempts x (time-out + number retry.backoff-in-budget); own time: p99.9 x number timeout.over-p999, its part of the slowest stated percentile at least";
    facts.derive("latency.deadline", deadline, formula, &["targets.p95", "latency.own_p95"]);
}

/// Adds to each time-out what the hop waits for, and gives the deadline of the client.
fn nest(requirements: &Requirements, backoff: f64, path: &mut [Hop]) -> f64 {
    let whole = |hop: &Hop| call_time(hop.attempts, hop.timeout_ms, backoff);
    let integration = |hop: &Hop| requirements.integrations.iter().find(|integration| integration.name == hop.hop);
    let last = path.last().and_then(|hop| Some((integration(hop)?, whole(hop))));
    let mut inside = false;
    if let Some((integration, time)) = last
        && let Some(hop) = path.iter_mut().find(|hop| hop.call().is_some())
        && let Some((_, callee)) = hop.call()
        && integration.caller(&requirements.domains).is_some_and(|domain| domain.name == callee)
    {
        hop.timeout_ms += time;
        inside = true;
    }
    let own = path.iter().position(|hop| OWN.contains(&hop.hop.as_str())).unwrap_or_default();
    let waited: f64 = path.iter().skip(own + 1).filter(|hop| !(inside && integration(hop).is_some())).map(whole).sum();
    path.iter_mut().take(own + 1).rev().fold(waited, |waited, hop| {
        hop.timeout_ms += waited;
        hop.timeout_ms
    })
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
