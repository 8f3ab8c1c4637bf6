//! The capacity block of the JSON contract, read from facts.

use serde_json::{Map, Value as Json, json};

use crate::facts::Facts;

/// Canonical units: 1/s, bytes, ms; an unknown value is null with its reason beside it.
pub(super) fn view(facts: &Facts) -> Json {
    let get = |path: &str| facts.get(path).map_or(Json::Null, |fact| fact.value.machine());
    let gb = |path: &str| facts.get(path).map_or(Json::Null, |fact| scaled(fact, 1e9));
    let memory_gb = facts.number("capacity.app.memory").map(|bytes| bytes / 1e9);
    let class = facts.word("capacity.app.class").unwrap_or_default();
    let serverless = facts.word("decision.pattern") == Some("serverless");
    let kind = if serverless { "functions".to_string() } else { class.to_string() };
    json!({
        "requests": {
            "average_rps": get("traffic.average"), "peak_rps": get("traffic.peak"), "seasonal_peak_rps": get("traffic.seasonal_rate"),
            "reads_rps": get("traffic.reads_rate"), "writes_rps": get("traffic.writes_rate"), "concurrency": get("capacity.app.concurrency"),
        },
        "app": {
            "instances": get("capacity.app.instances"), "max_instances": get("capacity.app.max_instances"), "type": kind, "vcpu": get("capacity.app.vcpu"), "memory_gb": memory_gb,
            "rps_per_instance": get("capacity.app.rps_per_instance"), "utilisation": get("capacity.app.utilisation"),
        },
        "database": {
            "size_now_bytes": get("data.size"), "size_horizon_bytes": get("data.horizon_size"), "disk_horizon_bytes": get("data.disk_horizon"),
            "growth_bytes_per_month": get("data.growth"), "reads_rps": get("capacity.database.reads"), "writes_rps": get("capacity.database.writes"),
            "iops": get("capacity.database.iops"), "primary_vcpu": get("capacity.database.vcpu"), "replicas": get("capacity.database.replicas"),
            "shards": get("capacity.database.shards"), "pool_per_instance": get("capacity.database.pool_per_instance"),
            "pool_total": get("capacity.database.pool_total"), "connection_limit": get("capacity.database.connection_limit"),
            "iops_limit": get("capacity.database.iops_limit"), "utilisation": get("capacity.database.utilisation"), "pooler": get("capacity.database.pooler"),
        },
        "cache": needed(facts, "cache", json!({
            "memory_bytes": get("capacity.cache.memory"), "hit_ratio": get("capacity.cache.hit_ratio"), "cold_factor": get("capacity.cache.cold_factor"),
            "cold_database_utilisation": get("capacity.database.cold_utilisation"), "warm_up_ms": get("capacity.cache.warm_up"),
        })),
        "broker": needed(facts, "broker", json!({
            "messages_per_s": get("capacity.broker.messages"), "partitions": get("capacity.broker.partitions"), "consumers": get("capacity.broker.consumers"),
            "backlog_messages": get("capacity.broker.backlog"), "drain_ms": get("capacity.broker.drain"),
        })),
        "storage": {
            "files_now_bytes": get("data.files.size"), "files_horizon_bytes": get("data.files.horizon_size"), "backups_bytes": gb("capacity.database.backup_gb"),
            "rows_horizon_bytes": get("storage.rows"), "indexes_horizon_bytes": get("storage.indexes"), "bloat_horizon_bytes": get("storage.bloat"),
            "log_bytes": get("storage.log"), "running_horizon_bytes": get("storage.running"), "backups_horizon_bytes": get("storage.backups"),
            "because": if facts.get("data.files.size").is_some() { "stated files" } else { "no files are stated (`data.files`)" },
        },
        "bandwidth": {"peak_bits_per_s": get("egress.peak_bits"), "egress_bytes_per_month": get("egress.monthly")},
        "connections": {"long_lived": get("traffic.long_lived_connections"), "nodes": get("capacity.connections.nodes"), "reconnects_per_s": get("capacity.connections.reconnects"), "memory_bytes": get("capacity.connections.memory")},
        "functions": {
            "invocations_per_month": get("functions.workload_invocations"), "concurrency": get("functions.concurrency"), "break_even_per_month": break_even(facts),
        },
    })
}

fn scaled(fact: &crate::facts::Fact, factor: f64) -> Json {
    fact.range().map_or(Json::Null, |range| crate::quantity::Value::from(range.scaled(factor)).machine())
}

/// Values of a part that is not in the design are null with the reason.
fn needed(facts: &Facts, topic: &str, block: Json) -> Json {
    if facts.word(&format!("selection.{topic}")).is_some_and(|choice| choice != "none") {
        return block;
    }
    let mut out: Map<String, Json> =
        block.as_object().map(|map| map.keys().map(|key| (key.clone(), Json::Null)).collect()).unwrap_or_default();
    out.insert("because".into(), json!(format!("no {topic} in this design")));
    Json::Object(out)
}

/// Requests of a month at which always-on instances cost as much as functions.
fn break_even(facts: &Facts) -> Json {
    let known = (
        facts.number("functions.monthly_cost"),
        facts.number("always_on.monthly_cost"),
        facts.number("functions.invocations"),
    );
    match known {
        (Some(functions), Some(fixed), Some(runs)) if functions > 0.0 && runs > 0.0 => {
            json!(fixed / (functions / runs))
        }
        _ => Json::Null,
    }
}
