//! Messages: how many and how large they are, how long they keep consumers busy, what carries them and what they are billed by.

use super::Numbers;
use super::app::HOURS;
use super::data::range;
use super::formulas::consumers;
use super::inputs::Calendar;
use crate::facts::Facts;
use crate::quantity::Range;
use crate::requirements::{Requirements, Workload, WorkloadKind};

/// Quantities of the broker, of whatever kind it will be.
pub(super) fn collect(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    let events = facts.number("domains.events").unwrap_or(0.0);
    let fan_out = facts.number("domains.event_consumers_max").unwrap_or(0.0).max(1.0);
    let large = facts.number("stage.number").unwrap_or(1.0) >= super::MESSAGING_STAGE;
    let published = events > 0.0 || large || facts.word("decision.pattern") == Some("event-driven");
    let per_write = if published { 1.0 } else { 0.0 };
    let work: f64 = requirements
        .workloads
        .iter()
        .filter(|w| !matches!(w.kind, Some(WorkloadKind::Scheduled)))
        .filter_map(|w| w.runs.map(|runs| runs.0.expected))
        .sum();
    let peak = range(facts, "traffic.writes_rate").scaled(per_write).plus(Range::exactly(work));
    let inputs = ["traffic.writes_rate", "domains.events", "workloads.runs"];
    facts.derive(
        "capacity.broker.messages",
        peak,
        "one event per write where events are published or from stage 4 + runs of workloads",
        &inputs,
    );
    let share = facts.number("traffic.writes").unwrap_or(0.2);
    let average = range(facts, "traffic.average").scaled(share * per_write).plus(Range::exactly(work));
    facts.derive(
        "capacity.broker.average",
        average,
        "one event per write on average where events are published or from stage 4 + runs of workloads",
        &["traffic.average", "domains.events", "workloads.runs"],
    );
    // Send once; receive and delete once per consumer.
    let calls = 1.0 + 2.0 * fan_out;
    let monthly = average.scaled(calls * Calendar::of(facts).month / 1e6);
    facts.derive(
        "capacity.broker.monthly_millions",
        monthly,
        "messages x (1 send + 2 calls per consumer) x seconds per month / 1,000,000",
        &inputs,
    );
    message(facts, numbers);
    let (events, mean) = (peak.expected - work, average.expected - work);
    consuming(facts, requirements, [events, mean], fan_out, numbers);
    let nodes = (peak.expected / numbers.get("broker.rabbit-adverse").expected).ceil().max(3.0);
    facts.derive(
        "capacity.broker.nodes",
        nodes,
        "three nodes, more above messages per node",
        &["capacity.broker.messages"],
    );
    facts.derive("capacity.broker.node_hours", nodes * HOURS, "nodes x 730 h", &["capacity.broker.nodes"]);
    facts.derive("capacity.broker.pair_hours", 2.0 * HOURS, "a node and its copy x 730 h", &[]);
    log(facts, requirements, [peak, average], events, numbers);
    units(facts, [peak, average], fan_out, numbers);
}

/// Size of a message and the time that it keeps a consumer busy: readings are written in batches, other events are worked on one by one.
fn message(facts: &mut Facts, numbers: &Numbers) {
    let batched = facts.words("data.access").iter().any(|access| access == "time-series");
    // What is not read is no reason.
    let stated = batched && facts.is_stated("traffic.request_size");
    let reading = if stated { facts.number("traffic.request_size") } else { None };
    let bytes = reading.unwrap_or(numbers.get("broker.message-bytes").expected);
    let inputs: &[&str] = if stated { &["traffic.request_size", "data.access"] } else { &["data.access"] };
    let formula = "traffic.request_size where readings are sent and it is stated, else number broker.message-bytes";
    facts.derive("capacity.broker.message_size", bytes, formula, inputs);
    let seconds = if batched { in_batches(numbers) } else { numbers.get("broker.consumer-time").expected };
    let formula = "1 s / number broker.messages-per-partition where data.access includes time-series and consumers write batches, else number broker.consumer-time";
    facts.derive("capacity.broker.message_time", seconds * 1000.0, formula, &["data.access"]);
}

/// Seconds of a consumer for each message of a batch.
fn in_batches(numbers: &Numbers) -> f64 {
    1.0 / numbers.get("broker.messages-per-partition").expected
}

/// Seconds that a run of a workload takes: as stated; what streams do not state is a message of a batch.
fn run_seconds(workload: &Workload, numbers: &Numbers) -> f64 {
    match (workload.duration, workload.kind) {
        (Some(stated), _) => stated.0.expected / 1000.0,
        (None, Some(WorkloadKind::Stream)) => in_batches(numbers),
        (None, _) => numbers.get("broker.consumer-time").expected,
    }
}

/// Consumers of the largest group: one that reads all events, or one of a stated stream.
fn largest_group(facts: &Facts, requirements: &Requirements, events: f64, numbers: &Numbers) -> f64 {
    let streams = requirements.workloads.iter().filter(|w| matches!(w.kind, Some(WorkloadKind::Stream)));
    let busy = streams.filter_map(|w| w.runs.map(|runs| runs.0.expected * run_seconds(w, numbers)));
    let of_events = events * facts.number("capacity.broker.message_time").unwrap_or(0.0) / 1000.0;
    consumers(busy.fold(of_events, f64::max), numbers.get("broker.consumer-utilisation").expected)
}

/// A log: its partitions, the brokers that carry them and the messages, and what it keeps.
fn log(facts: &mut Facts, requirements: &Requirements, [peak, average]: [Range; 2], events: f64, numbers: &Numbers) {
    let number = |id: &str| numbers.get(id).expected;
    let bytes = facts.number("capacity.broker.message_size").unwrap_or(0.0);
    // A partition is read by one consumer of a group: fewer of them would leave consumers idle.
    let by_rate =
        (peak.expected / number("broker.messages-per-partition") * number("broker.partition-headroom")).ceil();
    let wanted = by_rate.max(largest_group(facts, requirements, events, numbers)).max(1.0);
    let (copies, carried) = (number("broker.copies"), number("broker.partitions-per-broker"));
    let by_bytes = (peak.expected * bytes / 1e6 / number("broker.mb-per-broker")).ceil();
    let by_partitions = (wanted * copies / carried).ceil();
    let brokers = (by_bytes.max(by_partitions) / copies).ceil().max(1.0) * copies;
    facts.derive(
        "capacity.broker.log_nodes",
        brokers,
        "messages x their size / number broker.mb-per-broker, or partitions x copies / number broker.partitions-per-broker, the larger, in multiples of number broker.copies",
        &["capacity.broker.messages", "capacity.broker.message_size"],
    );
    facts.derive("capacity.broker.log_hours", brokers * HOURS, "brokers x 730 h", &["capacity.broker.log_nodes"]);
    let topics = facts.number("domains.events").unwrap_or(0.0).max(1.0);
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    // A provider without a limit of its own has no such number, which `min` passes over.
    let own = number(&format!("broker.partitions-of-topic.{cloud}"));
    let most = (carried * brokers / copies / topics).floor().min(own).max(1.0);
    let each = (wanted / topics).ceil().min(most);
    facts.derive(
        "capacity.broker.topic_partitions",
        each,
        "partitions / topics, with all copies at most number broker.partitions-per-broker on a broker, and no more than the provider lets a topic have",
        &["capacity.broker.messages", "capacity.broker.message_time", "domains.events"],
    );
    facts.derive(
        "capacity.broker.partitions",
        each * topics,
        "messages / number broker.messages-per-partition x number broker.partition-headroom, at least one for each consumer of the largest group, evenly over the topics",
        &["capacity.broker.messages", "capacity.broker.message_time", "capacity.broker.topic_partitions"],
    );
    let kept = bytes * number("broker.retention") * copies / (1.0 - number("broker.disk-free"));
    facts.derive(
        "capacity.broker.storage_gb",
        average.scaled(kept / 1e9).at_least(number("broker.node-disk-gb") * brokers),
        "messages on average x their size x number broker.retention x number broker.copies / (1 - number broker.disk-free), number broker.node-disk-gb a broker at least",
        &["capacity.broker.average", "capacity.broker.message_size"],
    );
}

/// Where a log is sold by what goes through it: units of messages and MB a second, or of MB a second alone; each gives twice what it takes.
fn units(facts: &mut Facts, [peak, average]: [Range; 2], fan_out: f64, numbers: &Numbers) {
    let number = |id: &str| numbers.get(id).expected;
    let mb = facts.number("capacity.broker.message_size").unwrap_or(0.0) / 1e6 * (fan_out / 2.0).max(1.0);
    let (messages, through) = (number("broker.unit-messages"), number("broker.unit-mb"));
    let of = |rate: f64| (rate / messages).max(rate * mb / through).ceil().max(1.0);
    let inputs = ["capacity.broker.messages", "capacity.broker.message_size", "domains.event_consumers_max"];
    let formula = "messages / number broker.unit-messages, or their MB/s / number broker.unit-mb, half the MB/s of all consumers at least, the larger";
    facts.derive("capacity.broker.units", peak.map(of), formula, &inputs);
    let hours = peak.map(of).scaled(HOURS);
    facts.derive("capacity.broker.unit_hours", hours, "throughput units x 730 h", &["capacity.broker.units"]);
    let processing = peak.map(|rate| (rate * mb / number("broker.processing-mb")).ceil().max(1.0) * HOURS);
    let formula = "MB/s / number broker.processing-mb, half those of all consumers at least, x 730 h";
    facts.derive("capacity.broker.processing_hours", processing, formula, &inputs);
    let month = Calendar::of(facts).month;
    let inputs = ["capacity.broker.average"];
    facts.derive(
        "capacity.broker.millions_in",
        average.scaled(month / 1e6),
        "messages of a month in millions",
        &inputs,
    );
}

/// Consumers that messages keep busy, and how many that takes. An event is worked on by each of its consumers, a run of a workload takes
/// its own time.
fn consuming(
    facts: &mut Facts,
    requirements: &Requirements,
    [events, mean]: [f64; 2],
    fan_out: f64,
    numbers: &Numbers,
) {
    let each = facts.number("capacity.broker.message_time").unwrap_or(0.0) / 1000.0;
    let runs = requirements.workloads.iter().filter(|w| !matches!(w.kind, Some(WorkloadKind::Scheduled)));
    let work: f64 = runs.filter_map(|w| w.runs.map(|runs| runs.0.expected * run_seconds(w, numbers))).sum();
    let inputs = ["capacity.broker.messages", "domains.event_consumers_max", "workloads.runs"];
    let formula = "events x consumers of an event x capacity.broker.message_time + runs of workloads x their duration";
    let busy = events * fan_out * each + work;
    facts.derive("capacity.broker.busy", busy, formula, &inputs);
    facts.derive("capacity.broker.busy_average", mean * fan_out * each + work, formula, &inputs);
    let utilisation = numbers.get("broker.consumer-utilisation").expected;
    let formula = "capacity.broker.busy / number broker.consumer-utilisation, rounded up";
    facts.derive("capacity.broker.consumers", consumers(busy, utilisation), formula, &["capacity.broker.busy"]);
}
