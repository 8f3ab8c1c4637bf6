//! Storage by part: what of the disk is rows, indexes, bloat, log and free space, now and at the horizon, with copies and backups.

use super::Numbers;
use super::data::range;
use super::formulas::relational_disk;
use crate::facts::Facts;
use crate::quantity::Range;

/// Bytes of the write-ahead log that stay on disk at the highest peak.
pub(super) fn log(facts: &Facts, numbers: &Numbers) -> Range {
    let season = facts.number("traffic.seasonal_peak").unwrap_or(1.0);
    let seconds = numbers.get("db.wal").expected;
    range(facts, "traffic.writes_rate").scaled(season * seconds * numbers.get("db.wal-bytes").expected)
}

/// Disk of one copy for these rows.
pub(super) fn disk(rows: Range, log: Range, numbers: &Numbers) -> Range {
    let (index, bloat) = (numbers.get("db.index-factor"), numbers.get("db.bloat"));
    let free = numbers.get("db.free-space").expected;
    let at = |rows, index, bloat, log| relational_disk(rows, index, bloat, free, log);
    Range {
        low: at(rows.low, index.low, bloat.low, log.low),
        expected: at(rows.expected, index.expected, bloat.expected, log.expected),
        high: at(rows.high, index.high, bloat.high, log.high),
    }
}

/// Bytes of all kept backups over those of the data: what the backup kind keeps, and the audit trail.
pub(super) fn backup_factor(facts: &Facts, numbers: &Numbers) -> f64 {
    let kind = facts.word("operations.backups").unwrap_or("incremental");
    let audited = facts.flag("data.audit_trail") == Some(true);
    let audit = if audited { numbers.get("storage.audit-share").expected } else { 0.0 };
    numbers.get(&format!("storage.backup-factor.{kind}")).expected * (1.0 + audit)
}

/// Puts the parts; copies and backups are known.
pub(super) fn collect(facts: &mut Facts, numbers: &Numbers) {
    let bulk = (facts.number("data.bulk_size").unwrap_or(0.0), facts.number("data.bulk_horizon").unwrap_or(0.0));
    let now = range(facts, "data.size").map(|size| (size - bulk.0).max(0.0));
    let rows = range(facts, "data.horizon_size").map(|size| (size - bulk.1).max(0.0));
    let log = log(facts, numbers);
    let index = rows.times(numbers.get("db.index-factor"));
    let bloat = rows.plus(index).times(numbers.get("db.bloat"));
    let inputs = ["data.horizon_size"];
    facts.derive("storage.rows", rows, "data in the database at the horizon", &inputs);
    facts.derive("storage.indexes", index, "rows x number db.index-factor", &inputs);
    facts.derive("storage.bloat", bloat, "(rows + indexes) x number db.bloat", &inputs);
    facts.derive(
        "storage.log",
        log,
        "writes at the highest peak x number db.wal seconds x number db.wal-bytes",
        &["traffic.writes_rate", "traffic.seasonal_peak"],
    );
    let whole = disk(rows, log, numbers);
    let free = whole.expected - rows.expected - index.expected - bloat.expected - log.expected;
    facts.derive("storage.free", free.max(0.0), "number db.free-space of the disk", &inputs);
    facts.derive("storage.copy_now", disk(now, log, numbers), "the same formula for the data of today", &["data.size"]);
    let copies = facts.number("capacity.database.copies").unwrap_or(1.0);
    let shards = facts.number("capacity.database.shards").unwrap_or(1.0).max(1.0);
    let running = whole.scaled(copies / shards);
    let inputs = ["data.disk_horizon", "capacity.database.copies"];
    facts.derive("storage.running", running, "one copy x primary, standby and replicas", &inputs);
    let backups = rows.scaled(backup_factor(facts, numbers));
    let inputs = ["data.horizon_size", "operations.backups", "data.audit_trail"];
    facts.derive("storage.backups", backups, "rows at the horizon x copies that the backup kind keeps", &inputs);
}
