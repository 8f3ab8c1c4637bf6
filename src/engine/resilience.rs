//! What happens when a part is missing or full: a cold cache, a backlog, a lost node of connections, retries, a batch that runs late.

use super::Numbers;
use super::data::range;
use super::formulas::{drain, without_cache, worst_amplification};
use super::queueing::wait_quantile;
use crate::facts::{Facts, ItemPath};
use crate::requirements::{Requirements, WorkloadKind};

/// Puts the facts; sizes are known.
pub(super) fn collect(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    waits(facts, numbers);
    cold_cache(facts, numbers);
    backlog(facts, numbers);
    reconnects(facts, numbers);
    retries(facts, numbers);
    batches(facts, requirements);
    crowds(facts, requirements);
}

/// Time that 1% of the requests wait for a vCPU at the planned utilisation.
fn waits(facts: &mut Facts, numbers: &Numbers) {
    let vcpu = facts.number("capacity.app.vcpu").unwrap_or(2.0).max(1.0).round();
    let planned = numbers.get("cpu.target-utilisation").expected;
    let wait = range(facts, "capacity.service_time").scaled(wait_quantile(vcpu, planned, 0.99));
    let inputs = ["capacity.service_time", "capacity.app.vcpu"];
    facts.derive(
        "capacity.app.wait_p99",
        wait,
        "service time x wait of M/M/c at number cpu.target-utilisation",
        &inputs,
    );
}

fn cold_cache(facts: &mut Facts, numbers: &Numbers) {
    if !facts.words("overlays").iter().any(|id| id == "cache") {
        return;
    }
    let answered =
        facts.number("capacity.cache.hit_ratio").unwrap_or(0.0) * numbers.get("cache.cacheable-share").expected;
    let inputs = ["capacity.cache.hit_ratio"];
    let formula = "hit ratio x number cache.cacheable-share";
    facts.derive("capacity.cache.answered", answered, formula, &inputs);
    let factor = without_cache(answered);
    facts.derive(
        "capacity.cache.cold_factor",
        factor,
        "1 / (1 - capacity.cache.answered)",
        &["capacity.cache.answered"],
    );
    let (reads, all) = (
        facts.number("capacity.database.read_vcpu").unwrap_or(0.0),
        facts.number("capacity.database.read_vcpu").unwrap_or(0.0)
            + facts.number("capacity.database.write_vcpu").unwrap_or(0.0),
    );
    let warm = all - reads * answered;
    let used = facts.number("capacity.database.utilisation").unwrap_or(0.0);
    let inputs = ["capacity.cache.cold_factor", "capacity.database.utilisation"];
    let cold = if warm > 0.0 { used * all / warm } else { used };
    let formula = "utilisation with the cache x load without it / load with it; above 100% requests are shed";
    facts.derive("capacity.database.cold_utilisation", cold, formula, &inputs);
    let asked = facts.number("traffic.average").unwrap_or(0.0) * facts.number("traffic.reads").unwrap_or(0.8);
    let each = numbers.get("cache.value-bytes").expected + numbers.get("cache.overhead-bytes").expected;
    let keys =
        facts.number("capacity.cache.memory").unwrap_or(0.0) * (1.0 - numbers.get("cache.reserved").expected) / each;
    let queries = (asked * numbers.get("db.queries-per-request").expected).max(1e-9);
    let ttl = facts.number("capacity.cache.ttl").unwrap_or(0.0) / 1000.0;
    facts.derive(
        "capacity.cache.warm_up",
        (keys / queries).min(ttl) * 1000.0,
        "cached keys / reading queries per second, capacity.cache.ttl at most",
        &["capacity.cache.memory", "traffic.average", "traffic.reads"],
    );
}

/// Messages that wait after an outage of the consumers, and the time to work them off.
fn backlog(facts: &mut Facts, numbers: &Numbers) {
    let (Some(arriving), Some(working)) =
        (facts.number("capacity.broker.messages"), facts.number("capacity.broker.consumers"))
    else {
        return;
    };
    let outage = numbers.get("broker.outage").expected;
    let waiting = arriving * outage;
    let inputs = ["capacity.broker.messages"];
    facts.derive("capacity.broker.backlog", waiting, "messages at peak x an outage of number broker.outage", &inputs);
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let (busy, average) = (number("capacity.broker.busy"), number("capacity.broker.busy_average"));
    if let Some(seconds) = drain(busy * outage, working, average).filter(|_| waiting > 0.0) {
        facts.derive(
            "capacity.broker.drain",
            seconds * 1000.0,
            "capacity.broker.busy x number broker.outage / (consumers - capacity.broker.busy_average)",
            &["capacity.broker.busy", "capacity.broker.busy_average", "capacity.broker.consumers"],
        );
    }
}

/// Connections per second that come back when one node of them is lost.
fn reconnects(facts: &mut Facts, numbers: &Numbers) {
    let held = facts.number("traffic.long_lived_connections").unwrap_or(0.0);
    if held <= 0.0 {
        return;
    }
    let nodes = facts.number("capacity.connections.nodes").unwrap_or(1.0).max(1.0);
    let inputs = ["traffic.long_lived_connections", "capacity.connections.nodes"];
    let rate = held / nodes / numbers.get("conn.reconnect-window").expected;
    facts.derive(
        "capacity.connections.reconnects",
        rate,
        "connections of one node / number conn.reconnect-window",
        &inputs,
    );
    let memory = range(facts, "traffic.long_lived_connections").times(numbers.get("conn.memory"));
    let formula = "connections x number conn.memory";
    facts.derive("capacity.connections.memory", memory, formula, &["traffic.long_lived_connections"]);
}

fn retries(facts: &mut Facts, numbers: &Numbers) {
    let layers = facts.number("domains.sync_chain_depth").unwrap_or(0.0) + 1.0;
    let worst = worst_amplification(numbers.get("retry.attempts").expected, layers);
    facts.derive(
        "resilience.worst_amplification",
        worst,
        "number retry.attempts ^ layers when every layer retries; one layer alone may",
        &["domains.sync_chain_depth"],
    );
    let budget = range(facts, "traffic.peak").scaled(numbers.get("retry.budget").expected);
    facts.derive("resilience.retry_budget", budget, "traffic.peak x number retry.budget", &["traffic.peak"]);
}

/// Ceilings of functions and of a managed gateway; the machine of the database is known.
pub(super) fn ceilings(facts: &mut Facts, numbers: &Numbers) {
    let busy = facts.number("functions.concurrency").unwrap_or(0.0);
    let share = busy / numbers.get("functions.concurrency-limit").expected;
    let formula = "functions at the same time / number functions.concurrency-limit";
    facts.derive("functions.limit_share", share, formula, &["functions.concurrency"]);
    let throttle =
        facts.number("traffic.seasonal_rate").unwrap_or(0.0) * numbers.get("gateway.throttle-factor").expected;
    let formula = "traffic.seasonal_rate x number gateway.throttle-factor, 10/s at least";
    facts.derive("capacity.gateway.throttle", throttle.ceil().max(10.0), formula, &["traffic.seasonal_rate"]);
    if facts.word("decision.pattern") == Some("serverless") {
        reserved(facts, busy, numbers);
    }
}

/// The ceiling of functions, each with a connection of its own, within what the database allows.
fn reserved(facts: &mut Facts, busy: f64, numbers: &Numbers) {
    let connections =
        facts.number("capacity.database.connection_limit").unwrap_or(0.0) * numbers.get("db.connection-share").expected;
    let most = (busy * numbers.get("functions.reserve-factor").expected).ceil().max(10.0);
    let inputs = ["functions.concurrency", "capacity.database.connection_limit"];
    let formula = "functions.concurrency x number functions.reserve-factor, 10 at least, within number db.connection-share of the connections";
    let most = if connections > 0.0 { most.min(connections.floor().max(1.0)) } else { most };
    facts.derive("functions.reserved", most, formula, &inputs);
    facts.derive("capacity.database.pool_per_instance", 1.0, "one connection of each function", &[]);
    facts.derive("capacity.database.pool_total", most, "one connection of each function", &["functions.reserved"]);
}

/// Room between the end of one run and the start of the next.
fn batches(facts: &mut Facts, requirements: &Requirements) {
    for workload in &requirements.workloads {
        let mut path = ItemPath::new("workloads", &workload.name);
        let (Some(runs), Some(duration)) = (workload.runs, workload.duration) else { continue };
        if runs.0.expected <= 0.0 {
            continue;
        }
        let interval = 1000.0 / runs.0.expected;
        let [runs_path, duration_path] = path.keys(["runs", "duration"]);
        let inputs = [runs_path.as_str(), duration_path.as_str()];
        facts.derive(path.key("interval"), interval, "1 / runs", &inputs);
        let share = duration.0.expected / interval;
        facts.derive(path.key("window_share"), share, "duration x runs; above 100% runs overlap", &inputs);
    }
}

/// Runs at the same time at peak: work comes with the requests, and what starts it is as crowded as they are.
fn crowds(facts: &mut Facts, requirements: &Requirements) {
    let average = facts.number("traffic.average").unwrap_or(0.0);
    let crowd = facts.number("traffic.peak").filter(|_| average > 0.0).map_or(1.0, |peak| (peak / average).max(1.0));
    for workload in &requirements.workloads {
        let mut path = ItemPath::new("workloads", &workload.name);
        let Some(busy) = facts.number(path.key("concurrency")) else { continue };
        let scheduled = workload.kind == Some(WorkloadKind::Scheduled);
        let most = if scheduled { 1.0 } else { (busy * crowd).ceil().max(1.0) };
        let [concurrency] = path.keys(["concurrency"]);
        let inputs = [concurrency.as_str(), "traffic.peak", "traffic.average"];
        let formula = "concurrency x traffic.peak / traffic.average; one for what a schedule starts";
        facts.derive(path.key("peak_concurrency"), most, formula, &inputs);
    }
}
