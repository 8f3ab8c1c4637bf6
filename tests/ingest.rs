//! Readings of devices: what takes them in, and what keeps, searches and bills them, is sized by their own load.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use serde_json::{Value, json};
use support::{Built, build, content, fact, requirements_of};

/// Meters that send readings, with further requirements.
fn meters(more: Value) -> Built {
    let mut given = json!({
        "team.developers": 12, "team.operations": "dedicated", "users.monthly": "60k", "stack.iac": "terraform",
        "stack.cloud": "aws", "traffic.average": "15k/s", "traffic.peak": "20k/s", "traffic.reads": "5%", "traffic.request_size": "200B",
        "data.access": ["time-series", "transactions", "search"], "data.retention": "24 months",
        "domains": [
            {"name": "readings", "publishes": ["ReadingReceived"]}, {"name": "alarms", "consumes": ["ReadingReceived"]},
            {"name": "billing", "consumes": ["ReadingReceived"]},
        ],
        "decisions": [{"topic": "broker", "choose": "kafka", "because": "Known"}],
    });
    given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    build(&requirements_of(given.as_object().unwrap())).unwrap()
}

fn billed(built: &Built, item: &str) -> f64 {
    let lines = built.plan.cost.lines.iter().filter(|line| line.item.starts_with(item));
    lines.map(|line| line.quantity.expected).sum()
}

#[test]
fn partitions_are_those_of_consumers_that_write_batches() {
    let built = meters(json!({}));
    let (time, partitions) =
        (fact(&built, "capacity.broker.message_time"), fact(&built, "capacity.broker.topic_partitions"));
    let busy = 19_000.0 * time / 1000.0;
    assert!(partitions >= busy / 0.7 && partitions <= 40.0, "{partitions} for {busy} busy consumers");
    let consumers = fact(&built, "capacity.broker.consumers");
    assert!(consumers <= 2.0 * partitions, "{consumers} of two groups on {partitions} partitions");
    // What one takes by itself needs its own time.
    let single = meters(json!({"data.access": ["transactions"], "traffic.peak": "100/s", "traffic.average": "50/s"}));
    assert!(fact(&single, "capacity.broker.message_time") > 10.0 * time);
}

#[test]
fn brokers_carry_the_bytes_of_the_messages() {
    let brokers = |size: &str| {
        let built = meters(json!({"traffic.request_size": size}));
        assert!(
            content(&built, "deploy/infra/data.tf")
                .contains(&format!("number_of_broker_nodes = {}\n", fact(&built, "capacity.broker.log_nodes")))
        );
        fact(&built, "capacity.broker.log_nodes")
    };
    assert!((brokers("200B") - 3.0).abs() < 0.1);
    // 19,000 messages of 4 KB are 76 MB/s, of which a broker takes 9.
    assert!((brokers("4KB") - 9.0).abs() < 0.1, "{}", brokers("4KB"));
}

#[test]
fn event_hubs_are_billed_by_what_goes_through_them() {
    let built = meters(json!({"stack.cloud": "azure"}));
    assert!((billed(&built, "throughput units") / 730.0 - 19.0).abs() < 0.1, "19,000 messages a second");
    let month = 15_000.0 * 0.95 * 365.0 * 86_400.0 / 12.0 / 1e6;
    assert!((billed(&built, "messages in") / month - 1.0).abs() < 0.02, "{month} million");
    assert!(fact(&built, "capacity.broker.topic_partitions") <= 32.0, "the most of a hub");
    let large = meters(json!({"stack.cloud": "azure", "traffic.average": "60k/s", "traffic.peak": "90k/s"}));
    assert!(billed(&large, "processing units") > 0.0 && billed(&large, "throughput units") < 0.1, "above 40 units");
}

#[test]
fn an_index_holds_what_is_searched() {
    let entities = json!([
        {"name": "Customer", "rows": "200k", "fields": [{"name": "name", "type": "string(80)"}]},
        {"name": "Reading", "rows": "3B", "growth": "39B/month", "fields": [{"name": "value", "type": "bigint"}]},
    ]);
    let built = meters(json!({"entities": entities}));
    assert!(fact(&built, "data.searched_size") < 200_000.0 * 100.0, "names of customers");
    assert!(fact(&built, "capacity.search.gb") < 0.1);
    assert!((fact(&built, "data.searched_rows") - 200_000.0).abs() < 1.0);
    // Without entities the plan says what it assumes.
    let unstated = meters(json!({}));
    let task = unstated.plan.tasks.iter().find(|task| task.key == "plan.data.search").unwrap();
    assert!(task.fields.iter().any(|(_, text)| text.contains("are assumed to be searched")), "{:?}", task.fields);
}
