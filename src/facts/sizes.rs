//! Derived facts of storage, failure and limits, one row each: the second table of the registry.

use super::registry::Row;
use crate::quantity::Kind;

const fn row(path: &'static str, kind: Kind, doc: &'static str) -> Row {
    Row { path, kind, doc }
}

/// Rows beside [`super::registry::DERIVED`].
pub const SIZES: &[Row] = &[
    row("storage.rows", Kind::Size, "rows in the database at the horizon"),
    row("storage.indexes", Kind::Size, "indexes at the horizon"),
    row("storage.bloat", Kind::Size, "dead rows and half-empty pages at the horizon"),
    row("storage.log", Kind::Size, "write-ahead log kept on disk at the highest peak"),
    row("storage.free", Kind::Size, "part of the disk kept free"),
    row("storage.copy_now", Kind::Size, "disk of one copy today"),
    row("storage.running", Kind::Size, "disk of primary, standby and replicas at the horizon"),
    row("storage.backups", Kind::Size, "backups at the horizon"),
    row(
        "capacity.app.wait_p99",
        Kind::Duration,
        "time that 1% of the requests wait for a vCPU at the planned utilisation",
    ),
    row("capacity.database.read_vcpu", Kind::Number, "vCPU that the reads need without a cache"),
    row("capacity.database.write_vcpu", Kind::Number, "vCPU that the writes need"),
    row("capacity.database.iops_limit", Kind::Number, "disk operations per second that a volume gives"),
    row("capacity.database.pooler", Kind::Bool, "the pools of all instances do not fit the connection limit"),
    row("capacity.database.cold_utilisation", Kind::Share, "utilisation of the primary while the cache is empty"),
    row("capacity.cache.cold_factor", Kind::Factor, "reads of the database without the cache over those with it"),
    row("capacity.cache.warm_up", Kind::Duration, "time until an empty cache is warm at the average rate"),
    row("capacity.broker.backlog", Kind::Count, "messages that wait after the planned outage of the consumers"),
    row("capacity.broker.drain", Kind::Duration, "time to work that backlog off"),
    row("capacity.connections.reconnects", Kind::Rate, "connections that come back when one node is lost"),
    row("capacity.connections.memory", Kind::Size, "memory of the long-lived connections"),
    row("functions.limit_share", Kind::Share, "functions at the same time over the default limit"),
    row("resilience.worst_amplification", Kind::Factor, "calls at the lowest layer when every layer retries"),
    row("resilience.retry_budget", Kind::Rate, "retries that clients may add at peak"),
    row("workloads[].interval", Kind::Duration, "time from one start to the next"),
    row("workloads[].window_share", Kind::Share, "part of that time that a run takes"),
    row("latency.deadline", Kind::Duration, "time after which a client gives up"),
    row("recovery.failover_time", Kind::Duration, "time until a standby answers"),
    row("recovery.rto_reached", Kind::Duration, "time to be back: a standby where there is one, else a restore"),
];
