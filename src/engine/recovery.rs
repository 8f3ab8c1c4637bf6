//! Recovery: default objectives, the time to restore, the data that may be lost.

use serde::Serialize;

use super::Numbers;
use super::inputs::assume;
use crate::catalogue::Catalogue;
use crate::facts::Facts;

/// The tier with its objectives and what the design reaches.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Recovery {
    /// Recovery tier; none when there is nothing to recover.
    pub tier: Option<String>,
    /// Objective for data lost, in ms.
    pub rpo_ms: f64,
    /// Objective for time to be back, in ms.
    pub rto_ms: f64,
    /// Data that the design loses at most, in ms.
    pub rpo_reached_ms: f64,
    /// Time to restore from a backup, in ms.
    pub restore_ms: f64,
    /// Time until a standby answers, in ms; none without one.
    pub failover_ms: Option<f64>,
    /// How it adds up.
    pub because: String,
}

/// Objectives that are not stated, by the stated availability.
pub(super) fn objectives(facts: &mut Facts) {
    let hour = 3_600_000.0;
    let target =
        facts.number("targets.availability").filter(|_| facts.is_stated("targets.availability")).unwrap_or(0.99);
    let (rpo, rto) = match target {
        share if share >= 0.9995 => (300_000.0, hour),
        share if share >= 0.999 => (300_000.0, 4.0 * hour),
        _ => (24.0 * hour, 24.0 * hour),
    };
    assume(facts, "targets.rpo", rpo, "by the stated availability: 5 min from 99.9%, else 24 h");
    assume(facts, "targets.rto", rto, "by the stated availability: 1 h from 99.95%, 4 h from 99.9%, else 24 h");
}

/// Whether the provider keeps the standby in step with each commit: managed offers do.
fn synchronous(facts: &Facts, catalogue: &Catalogue) -> bool {
    let offer = super::select::offered(facts, catalogue, "database");
    offer.is_some_and(|offer| offer.operations < 2.0) && facts.number("capacity.zones").unwrap_or(1.0) >= 2.0
}

/// Time to be back after a lost instance or zone: the standby where there is one, else a restore.
fn back(facts: &mut Facts, numbers: &Numbers, restore_ms: f64) -> Option<f64> {
    let standby = facts.number("capacity.zones").unwrap_or(1.0) >= 2.0;
    let failover = standby.then(|| numbers.get("recovery.failover-seconds").expected * 1000.0);
    if let Some(failover) = failover {
        let formula = "number recovery.failover-seconds: a standby in another zone takes over";
        facts.derive("recovery.failover_time", failover, formula, &["capacity.zones"]);
    }
    facts.derive(
        "recovery.rto_reached",
        failover.unwrap_or(restore_ms),
        "failover where a standby runs, else the restore; lost data always takes the restore",
        &["capacity.zones", "recovery.restore_time"],
    );
    failover
}

/// The copy and the switch to the new system; unknown where there is none to leave.
fn migration(facts: &mut Facts, numbers: &Numbers) {
    let seconds = |id: &str| numbers.get(id).expected;
    if facts.word("existing.pattern").is_none_or(|pattern| pattern == "none") {
        return;
    }
    if let Some(size) = facts.number("existing.data_size") {
        let formula = "existing.data_size / number recovery.restore-mb-s";
        let copy = super::formulas::restore(0.0, size, seconds("recovery.restore-mb-s") * 1e6) * 1000.0;
        facts.derive("migration.copy_time", copy, formula, &["existing.data_size"]);
    }
    let stop = seconds("migration.capture-lag") + seconds("recovery.verify") + seconds("recovery.dns");
    let formula =
        "number migration.capture-lag + number recovery.verify + number recovery.dns: the data is copied before";
    facts.derive("migration.cutover_time", stop * 1000.0, formula, &["existing.pattern"]);
}

/// Restore arithmetic.
pub(super) fn compute(facts: &mut Facts, catalogue: &Catalogue, numbers: &Numbers) -> Recovery {
    let seconds = |id: &str| numbers.get(id).expected;
    let fixed = seconds("recovery.detect")
        + seconds("recovery.decide")
        + seconds("recovery.provision")
        + seconds("recovery.verify")
        + seconds("recovery.dns");
    let throughput = seconds("recovery.restore-mb-s") * 1e6;
    let size = facts.number("data.horizon_size").unwrap_or(0.0) - facts.number("data.bulk_horizon").unwrap_or(0.0);
    let restore_s = super::formulas::restore(fixed, size, throughput);
    facts.derive(
        "recovery.restore_time",
        restore_s * 1000.0,
        "number recovery.detect + number recovery.decide + number recovery.provision + data in the database at the horizon / number recovery.restore-mb-s + number recovery.verify + number recovery.dns",
        &["data.horizon_size"],
    );
    let rpo = facts.number("targets.rpo").unwrap_or(0.0);
    let shipped = seconds("recovery.log-ship-interval") * 1000.0;
    let nightly = seconds("recovery.snapshot-interval") * 1000.0;
    let reached = if rpo >= nightly {
        nightly
    } else if rpo < shipped && synchronous(facts, catalogue) {
        0.0
    } else {
        shipped
    };
    facts.derive(
        "recovery.rpo_reached",
        reached,
        "number recovery.snapshot-interval where that is enough, else number recovery.log-ship-interval; below it a standby that commits in step",
        &["targets.rpo", "capacity.zones", "selection.database"],
    );
    migration(facts, numbers);
    let failover_ms = back(facts, numbers, restore_s * 1000.0);
    let tier = facts.word("selection.recovery-tier").filter(|tier| *tier != "none").map(String::from);
    if let Some(tier) = &tier {
        facts.derive("targets.tier", tier.clone(), "choice of the topic recovery-tier", &["selection.recovery-tier"]);
    }
    let because = format!(
        "{:.0} min to detect, decide, provision and verify + {} at {:.0} MB/s",
        fixed / 60.0,
        facts.human("data.horizon_size"),
        throughput / 1e6
    );
    Recovery {
        tier,
        rpo_ms: rpo,
        rto_ms: facts.number("targets.rto").unwrap_or(0.0),
        rpo_reached_ms: reached,
        restore_ms: restore_s * 1000.0,
        failover_ms,
        because,
    }
}
