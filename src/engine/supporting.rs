//! Everything beside app, database and broker: cache, search, analysis, files, traffic out, signals, functions.

use super::Numbers;
use super::app::HOURS;
use super::data::range;
use super::formulas::{gib_seconds, in_flight, search_disk, volume, without_cache};
use super::inputs::Calendar;
use super::messages;
use crate::catalogue::{Catalogue, Offer};
use crate::facts::{Facts, ItemPath};
use crate::quantity::Range;
use crate::requirements::Requirements;

/// Quantities that pricing lines and texts ask for.
pub(super) fn collect(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    traffic_out(facts);
    cache(facts, numbers);
    messages::collect(facts, requirements, numbers);
    stores(facts, numbers);
    signals(facts, requirements, numbers);
    own_nodes(facts, numbers);
    paired(facts, numbers);
    functions(facts, requirements, numbers);
}

fn has(facts: &Facts, overlay: &str) -> bool {
    facts.words("overlays").iter().any(|id| id == overlay)
}

fn traffic_out(facts: &mut Facts) {
    let month = Calendar::of(facts).month;
    let response = range(facts, "traffic.response_size");
    let bytes = range(facts, "traffic.average").zip(response, |rate, bytes| volume(rate, bytes, month));
    facts.derive(
        "egress.monthly",
        bytes,
        "traffic.average x response size x seconds per month",
        &["traffic.average", "traffic.response_size"],
    );
    let bits = range(facts, "traffic.peak").zip(response, |rate, bytes| 8.0 * volume(rate, bytes, 1.0));
    facts.derive(
        "egress.peak_bits",
        bits,
        "traffic.peak x response size x 8",
        &["traffic.peak", "traffic.response_size"],
    );
    let edge = without_cache(facts.number("traffic.cdn_hit_share").unwrap_or(0.0));
    let cdn = bytes.scaled(edge);
    facts.derive(
        "cdn.egress",
        cdn,
        "egress.monthly / (1 - traffic.cdn_hit_share)",
        &["egress.monthly", "traffic.cdn_hit_share"],
    );
    let (with, without) = if has(facts, "cdn") { (1.0, 0.0) } else { (0.0, 1.0) };
    facts.derive(
        "capacity.egress.gb",
        bytes.scaled(without / 1e9),
        "bytes that leave to the internet without a CDN",
        &["egress.monthly", "overlays"],
    );
    facts.derive(
        "capacity.cdn.gb",
        cdn.scaled(with / 1e9),
        "bytes that leave at the edge",
        &["cdn.egress", "overlays"],
    );
    let requests = range(facts, "traffic.average").scaled(edge * month * with / 1e4);
    facts.derive(
        "capacity.cdn.requests_ten_thousands",
        requests,
        "requests at the edge of a month / 10,000",
        &["traffic.average", "overlays"],
    );
    let balanced = facts.number("capacity.app.instances").unwrap_or(0.0) >= 2.0;
    facts.derive(
        "capacity.lb.hours",
        if balanced { HOURS } else { 0.0 },
        "730 h when there are two instances or more",
        &["capacity.app.instances"],
    );
    // A call to a system of others must not stop in all zones with the one that holds the gateway.
    let calls = facts.number("integrations.count").unwrap_or(0.0) > 0.0;
    let zones = facts.number("capacity.app.zones").unwrap_or(1.0);
    let gateways = if calls && facts.number("capacity.zones").unwrap_or(1.0) >= 2.0 { zones } else { 1.0 };
    let inputs = ["capacity.app.zones", "integrations.count"];
    let formula = "one, or one in each zone where systems of others are called";
    facts.derive("capacity.nat.gateways", gateways, formula, &inputs);
    facts.derive("capacity.nat.hours", gateways * HOURS, "gateways x 730 h", &["capacity.nat.gateways"]);
}

fn cache(facts: &mut Facts, numbers: &Numbers) {
    let copies = if facts.number("capacity.zones").unwrap_or(1.0) >= 2.0 { 2.0 } else { 1.0 };
    let gb = facts.number("capacity.cache.memory").unwrap_or(0.0) / 1e9;
    facts.derive(
        "capacity.cache.gb_hours",
        gb * copies * HOURS,
        "memory x copies x 730 h",
        &["capacity.cache.memory", "capacity.zones"],
    );
    let least = numbers.get("cache.small-gb").expected;
    let node = if gb <= least { least } else { numbers.get("cache.node-gb").expected };
    let shards = (gb / node).ceil().max(1.0);
    let nodes = shards * copies;
    let servers = (gb / numbers.get("cache.server-gb").expected).ceil().max(1.0) * copies;
    let inputs = ["capacity.cache.memory", "capacity.zones"];
    let formula = "number cache.small-gb up to that size, else number cache.node-gb";
    facts.derive("capacity.cache.node_memory", node * 1e9, formula, &["capacity.cache.memory"]);
    facts.derive("capacity.cache.shards", shards, "memory / memory of a node", &["capacity.cache.memory"]);
    facts.derive("capacity.cache.copies", copies, "two over several zones, else one", &["capacity.zones"]);
    facts.derive("capacity.cache.server_hours", servers * HOURS, "whole servers x copies x 730 h", &inputs);
    facts.derive(
        "capacity.cache.node_hours",
        nodes * HOURS,
        "nodes x copies x 730 h",
        &["capacity.cache.memory", "capacity.zones"],
    );
}

/// An amount twice: the gigabytes that providers bill, and the size that people read.
fn gigabytes(facts: &mut Facts, [billed, read]: [&str; 2], gb: Range, formula: &'static str, input: &str) {
    facts.derive(billed, gb, formula, &[input]);
    facts.derive(read, gb.scaled(1e9), "the same in bytes", &[billed]);
}

fn stores(facts: &mut Facts, numbers: &Numbers) {
    let size = range(facts, "data.horizon_size");
    let overhead = numbers.get("search.storage-factor").expected;
    let source = facts.range("data.searched_text");
    let source = source.unwrap_or_else(|| size.scaled(numbers.get("search.source-share").expected));
    let formula = "data.searched_text, else data at the horizon x number search.source-share";
    facts.derive("data.searched_size", source, formula, &["data.searched_text", "data.horizon_size"]);
    let index = source.map(|size| search_disk(size, 2.0, overhead) / 1e9);
    let formula = "data.searched_size x number search.storage-factor x 2 copies";
    gigabytes(facts, ["capacity.search.gb", "capacity.search.size"], index, formula, "data.searched_size");
    // Two zones take an even number.
    let nodes = (index.expected / numbers.get("search.gb-per-node").expected / 2.0).ceil().max(1.0) * 2.0;
    let formula = "index / number search.gb-per-node, an even number";
    facts.derive("capacity.search.nodes", nodes, formula, &["capacity.search.gb"]);
    facts.derive("capacity.search.node_hours", nodes * HOURS, "nodes x 730 h", &["capacity.search.nodes"]);
    let formula = "nodes, three at least, so that two agree when one is lost, x 730 h";
    facts.derive("capacity.search.own_node_hours", nodes.max(3.0) * HOURS, formula, &["capacity.search.nodes"]);
    let analytics = ["capacity.analytics.gb", "capacity.analytics.size"];
    gigabytes(facts, analytics, size.scaled(1e-9), "data at the horizon", "data.horizon_size");
    let scans = 30.0
        * numbers.get("storage.analytics-queries-per-day").expected
        * numbers.get("storage.analytics-scan-share").expected;
    facts.derive(
        "capacity.analytics.scan_tb",
        size.scaled(scans / 1e12),
        "data x 30 x number storage.analytics-queries-per-day x number storage.analytics-scan-share",
        &["data.horizon_size"],
    );
    let files = range(facts, "data.files.size").plus(range(facts, "data.files.growth").scaled(0.5));
    let files = files.plus(range(facts, "data.bulk_size"));
    facts.derive(
        "capacity.files.gb",
        files.scaled(1e-9),
        "files and half a month of growth, and data that one primary cannot hold",
        &["data.files.size", "data.files.growth", "data.bulk_size"],
    );
    let stored = facts.get("data.files.size").is_some() || facts.get("data.bulk_size").is_some();
    let requests = if stored {
        range(facts, "functions.invocations").scaled(numbers.get("storage.file-request-share").expected / 1000.0)
    } else {
        Range::exactly(0.0)
    };
    facts.derive(
        "capacity.files.requests_thousands",
        requests,
        "requests x number storage.file-request-share / 1,000",
        &["functions.invocations"],
    );
}

/// Memory where a platform sells it by the vCPU.
fn paired(facts: &mut Facts, numbers: &Numbers) {
    let hours = range(facts, "capacity.app.vcpu_hours").times(numbers.get("capacity.gb-per-vcpu"));
    let formula = "capacity.app.vcpu_hours x number capacity.gb-per-vcpu";
    facts.derive("capacity.app.paired_gb_hours", hours, formula, &["capacity.app.vcpu_hours"]);
}

/// What an instance of such a platform has.
pub(super) fn memory(facts: &mut Facts, catalogue: &Catalogue, numbers: &Numbers) {
    let offer = super::select::offered(facts, catalogue, "compute");
    let tied = |offer: &Offer| offer.pricing.iter().any(|line| line.quantity == "capacity.app.paired_gb_hours");
    let vcpu = facts.number("capacity.app.vcpu");
    if let Some(vcpu) = vcpu.filter(|_| offer.is_some_and(tied)) {
        let memory = vcpu * numbers.get("capacity.gb-per-vcpu").expected * 1e9;
        let formula = "capacity.app.vcpu x number capacity.gb-per-vcpu, as the platform sells it";
        facts.derive("capacity.app.memory", memory, formula, &["capacity.app.vcpu", "selection.compute"]);
    }
}

/// Machines of parts that a team runs by itself: the gateway at the highest peak with one node away, and what keeps the signals.
fn own_nodes(facts: &mut Facts, numbers: &Numbers) {
    let rate = facts.number("traffic.seasonal_rate").unwrap_or(0.0);
    let nodes = (rate / numbers.get("gateway.rate-per-node").expected).ceil().max(1.0) + 1.0;
    let formula = "traffic.seasonal_rate / number gateway.rate-per-node, and one to spare";
    facts.derive("capacity.gateway.nodes", nodes, formula, &["traffic.seasonal_rate"]);
    facts.derive("capacity.gateway.node_hours", nodes * HOURS, "nodes x 730 h", &["capacity.gateway.nodes"]);
    let logs = facts.number("capacity.logs.gb").unwrap_or(0.0);
    let single = numbers.get("observability.gb-per-machine").expected;
    let machines = if logs <= single { 1.0 } else { (logs / single).ceil() + 1.0 };
    let formula =
        "one up to number observability.gb-per-machine of logs a month, else logs / that number and one for metrics";
    facts.derive("capacity.observability.machines", machines, formula, &["capacity.logs.gb"]);
    let inputs = ["capacity.observability.machines"];
    facts.derive("capacity.observability.machine_hours", machines * HOURS, "machines x 730 h", &inputs);
}

/// With more systems of others than these a request is followed by traces also within one deployable.
const MANY_SYSTEMS: usize = 2;

fn signals(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    let millions = range(facts, "capacity.requests.monthly_millions");
    let inputs = ["capacity.requests.monthly_millions"];
    let logs = millions.times(numbers.get("logs.bytes-per-request")).scaled(1e-3);
    let formula = "requests x number logs.bytes-per-request";
    gigabytes(facts, ["capacity.logs.gb", "capacity.logs.size"], logs, formula, "capacity.requests.monthly_millions");
    let instances = range(facts, "capacity.app.instances").at_least(1.0);
    facts.derive(
        "capacity.metrics.series",
        instances.scaled(numbers.get("metrics.series-per-instance").expected),
        "instances x number metrics.series-per-instance",
        &["capacity.app.instances"],
    );
    let traced = facts.flag("decision.distributed") == Some(true) || requirements.integrations.len() > MANY_SYSTEMS;
    let share = if traced { numbers.get("traces.sample-share").expected } else { 0.0 };
    facts.derive(
        "capacity.traces.millions",
        millions.scaled(share),
        "requests x number traces.sample-share where a request leaves its deployable for others or for three systems and more, else none",
        &[inputs[0], "decision.distributed", "integrations.count"],
    );
    #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
    let secrets = 3.0 + requirements.integrations.len() as f64 + facts.number("decision.deployables").unwrap_or(1.0);
    facts.derive(
        "capacity.secrets.count",
        secrets,
        "database, cache, signing key, one per integration and deployable",
        &["integrations.count", "decision.deployables"],
    );
    #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
    let keys = 1.0 + facts.words("security.data_classes").len() as f64;
    facts.derive(
        "capacity.keys.count",
        keys,
        "one for the database and one per data class",
        &["security.data_classes"],
    );
}

/// Work that runs as functions: placed workloads, and all requests when the pattern is serverless.
fn functions(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    let month = Calendar::of(facts).month;
    let (mut runs, mut gb_seconds, mut concurrency) = (Range::exactly(0.0), Range::exactly(0.0), 0.0);
    for workload in &requirements.workloads {
        let (Some(rate), Some(duration)) = (workload.runs, workload.duration) else { continue };
        let mut path = ItemPath::new("workloads", &workload.name);
        let busy = in_flight(rate.0.expected, duration.0.expected / 1000.0);
        let [runs_path, duration_path] = path.keys(["runs", "duration"]);
        let inputs = [runs_path.as_str(), duration_path.as_str()];
        facts.derive(path.key("concurrency"), busy, "runs x duration (Little's law)", &inputs);
        if facts.word(path.key("runs_as")) == Some("function") {
            let gib = workload.memory.map_or(numbers.get("functions.default-memory").expected / 1024.0, |memory| {
                memory.0.expected / 1_073_741_824.0
            });
            runs = runs.plus(rate.0.scaled(month));
            let billed = |rate: f64, ms: f64| gib_seconds(rate * month, ms / 1000.0, gib);
            gb_seconds = gb_seconds.plus(rate.0.zip(duration.0, billed));
            concurrency += busy;
        }
    }
    facts.derive(
        "functions.workload_invocations",
        runs,
        "runs of a month of workloads that are functions",
        &["workloads.runs"],
    );
    facts.derive(
        "functions.workload_millions",
        runs.scaled(1e-6),
        "the same in millions",
        &["functions.workload_invocations"],
    );
    facts.derive(
        "functions.gb_seconds",
        gb_seconds,
        "runs x duration x memory in GiB",
        &["functions.workload_invocations"],
    );
    let serverless = facts.word("decision.pattern") == Some("serverless");
    let requests = if serverless { range(facts, "capacity.requests.monthly_millions") } else { Range::exactly(0.0) };
    let seconds = facts.number("capacity.service_time").unwrap_or(8.0)
        * numbers.get("functions.duration-overhead").expected
        / 1000.0;
    let gib = numbers.get("functions.default-memory").expected / 1024.0;
    let inputs = ["capacity.requests.monthly_millions", "decision.pattern"];
    facts.derive("functions.request_millions", requests, "requests of a month when they run as functions", &inputs);
    facts.derive(
        "functions.request_gb_seconds",
        requests.map(|millions| gib_seconds(millions * 1e6, seconds, gib)),
        "requests x service time x number functions.duration-overhead x number functions.default-memory",
        &inputs,
    );
    let flight = if serverless { in_flight(facts.number("traffic.peak").unwrap_or(0.0), seconds) } else { 0.0 };
    facts.derive(
        "functions.concurrency",
        flight + concurrency,
        "requests and runs at the same time (Little's law)",
        &["traffic.peak", "workloads.runs"],
    );
}
