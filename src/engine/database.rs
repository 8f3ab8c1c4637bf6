//! The primary database: load, vCPU, copies, storage, connections, shards.

use super::Numbers;
use super::app::HOURS;
use super::cost::PriceView;
use super::data::{horizon, range};
use super::inputs::Calendar;
use crate::catalogue::Catalogue;
use crate::facts::Facts;
use crate::quantity::Range;

/// Load at the seasonal peak without cache or replicas; overlays are decided on it.
pub(super) fn load(facts: &mut Facts, numbers: &Numbers) {
    let season = facts.number("traffic.seasonal_peak").unwrap_or(1.0);
    let per_request = numbers.get("db.queries-per-request");
    let declared = facts.number("data.declared_queries").unwrap_or(0.0);
    let reads = range(facts, "traffic.reads_rate").times(per_request).at_least(declared).scaled(season);
    let writes = range(facts, "traffic.writes_rate").scaled(season);
    let inputs = ["traffic.reads_rate", "traffic.seasonal_peak", "data.declared_queries"];
    facts.derive(
        "capacity.database.reads",
        reads,
        "traffic.reads_rate x number db.queries-per-request, data.declared_queries at least, x seasonal peak",
        &inputs,
    );
    facts.derive(
        "capacity.database.writes",
        writes,
        "traffic.writes_rate x seasonal peak",
        &["traffic.writes_rate", "traffic.seasonal_peak"],
    );
    let vcpu = vcpu_of(reads, writes, numbers);
    let inputs = ["capacity.database.reads", "capacity.database.writes"];
    let formula = "reads without a cache / (number db.reads-per-vcpu x number db.application-ratio) / number db.target-utilisation";
    facts.derive("capacity.database.read_vcpu", read_vcpu(reads, numbers), formula, &inputs);
    let formula = "writes / number db.writes-per-vcpu / number db.target-utilisation";
    facts.derive("capacity.database.write_vcpu", write_vcpu(writes, numbers), formula, &inputs);
    facts.derive(
        "capacity.database.single_vcpu",
        vcpu,
        "capacity.database.read_vcpu + capacity.database.write_vcpu",
        &inputs,
    );
    let (of_reads, of_writes) = operations(reads, writes, numbers);
    let iops = of_reads.plus(of_writes);
    facts.derive(
        "capacity.database.iops",
        iops,
        "reads x number db.read-miss x number db.iops-per-read + writes x number db.iops-per-write",
        &inputs,
    );
    cache_size(facts, numbers);
    shards(facts, writes, numbers);
}

/// Shards are counted only when writes pass the largest primary or the disk its limit.
fn shards(facts: &mut Facts, writes: Range, numbers: &Numbers) {
    let vcpu = write_vcpu(writes, numbers).expected;
    let by_writes = (vcpu / numbers.get("db.largest-vcpu").expected).ceil();
    let disk = facts.number("data.disk_horizon").unwrap_or(0.0);
    let by_disk = (disk / (numbers.get("db.max-storage-tb").expected * 1e12)).ceil();
    let inputs = ["capacity.database.writes", "data.disk_horizon"];
    let formula = "vCPU of writes / number db.largest-vcpu, disk / number db.max-storage-tb, the larger, rounded up";
    facts.derive("capacity.database.shards", by_writes.max(by_disk).max(1.0), formula, &inputs);
}

fn vcpu_of(reads: Range, writes: Range, numbers: &Numbers) -> Range {
    read_vcpu(reads, numbers).plus(write_vcpu(writes, numbers))
}

fn read_vcpu(reads: Range, numbers: &Numbers) -> Range {
    let per_vcpu = numbers.get("db.reads-per-vcpu").times(numbers.get("db.application-ratio")).expected;
    reads.scaled(1.0 / (per_vcpu * numbers.get("db.target-utilisation").expected))
}

fn write_vcpu(writes: Range, numbers: &Numbers) -> Range {
    writes.scaled(1.0 / (numbers.get("db.writes-per-vcpu").expected * numbers.get("db.target-utilisation").expected))
}

/// Memory for the working set and the hit ratio that it gives.
fn cache_size(facts: &mut Facts, numbers: &Numbers) {
    let size = facts.number("data.size").unwrap_or(0.0);
    let share = facts.number("data.working_set").unwrap_or(0.2);
    let value = numbers.get("cache.value-bytes").expected;
    let keys = (size / value).max(1.0);
    let limit = numbers.get("cache.memory-limit-gb").expected * 1e9;
    let strict = facts.word("data.consistency") == Some("strong");
    let ttl = numbers.get(if strict { "cache.ttl-strict" } else { "cache.ttl" }).expected;
    let formula = "number cache.ttl, number cache.ttl-strict where consistency is strong";
    facts.derive("capacity.cache.ttl", ttl * 1000.0, formula, &["data.consistency"]);
    let asked = facts.number("traffic.average").unwrap_or(0.0)
        * facts.number("traffic.reads").unwrap_or(0.8)
        * numbers.get("db.queries-per-request").expected
        * ttl;
    let share = share.min((asked / keys).max(1e-9));
    let each = value + numbers.get("cache.overhead-bytes").expected;
    let wanted = super::formulas::cache_memory(keys * share, each, numbers.get("cache.reserved").expected);
    let memory = wanted.clamp(0.25e9, limit);
    let cached = keys * share * (memory / wanted).min(1.0);
    let hit = super::queueing::zipf_hit_ratio(cached, keys, numbers.get("cache.zipf-exponent").expected);
    let inputs = ["data.size", "data.working_set", "traffic.average", "traffic.reads"];
    let formula = "hot keys, at most those asked for within capacity.cache.ttl, x (number cache.value-bytes + number cache.overhead-bytes) / (1 - number cache.reserved)";
    facts.derive("capacity.cache.memory", memory, formula, &inputs);
    facts.derive(
        "capacity.cache.hit_ratio",
        hit,
        "H(hot keys, s) / H(all keys, s), Zipf with s = number cache.zipf-exponent",
        &inputs,
    );
}

/// Size, copies and connections once overlays and zones are known.
pub(super) fn size(facts: &mut Facts, catalogue: &Catalogue, numbers: &Numbers) {
    let has = |facts: &Facts, overlay: &str| facts.words("overlays").iter().any(|id| id == overlay);
    let hit = if has(facts, "cache") {
        facts.number("capacity.cache.hit_ratio").unwrap_or(0.0) * numbers.get("cache.cacheable-share").expected
    } else {
        0.0
    };
    let reads = read_vcpu(range(facts, "capacity.database.reads").scaled(1.0 - hit), numbers);
    let writes = write_vcpu(range(facts, "capacity.database.writes"), numbers);
    let largest = numbers.get("db.largest-vcpu").expected;
    let disk = facts.number("data.disk_horizon").unwrap_or(0.0);
    let shards = facts.number("capacity.database.shards").unwrap_or(1.0);
    let replicas =
        if has(facts, "read-replicas") { (reads.expected / shards / 32.0).ceil().clamp(1.0, 15.0) } else { 0.0 };
    // With replicas a fifth of the reads stays on the primary, those that must see the last write.
    let (own, other) = if replicas > 0.0 { (0.2, 0.8 / replicas) } else { (1.0, 0.0) };
    let busiest = writes.plus(reads.scaled(own)).zip(reads.scaled(other), f64::max).scaled(1.0 / shards);
    let asked = range(facts, "capacity.database.reads").scaled(1.0 - hit);
    let (of_reads, of_writes) = operations(asked, range(facts, "capacity.database.writes"), numbers);
    facts.derive(
        "capacity.database.copy_iops",
        of_writes.plus(of_reads.scaled(own.max(other))).scaled(1.0 / shards),
        "the same behind the cache, on the copy that reads most; every copy of a shard makes all its writes",
        &["capacity.database.iops", "capacity.database.replicas", "capacity.database.shards"],
    );
    let vcpu = busiest.expected.max(1.0).log2().ceil().exp2().clamp(2.0, largest);
    let small = busiest.expected <= numbers.get("db.small-vcpu").expected
        && disk <= numbers.get("db.small-disk-gb").expected * 1e9;
    let inputs = ["capacity.database.reads", "capacity.database.writes", "overlays"];
    facts.derive("capacity.database.replicas", replicas, "reads / 32 vCPU when replicas are taken", &inputs);
    facts.derive(
        "capacity.database.tier",
        if small { "small" } else { "standard" },
        "small while load and disk fit a burstable instance",
        &inputs,
    );
    let standby = if facts.number("capacity.zones").unwrap_or(1.0) >= 2.0 { 1.0 } else { 0.0 };
    let copies = shards * (1.0 + standby + replicas);
    facts.derive(
        "capacity.database.copies",
        copies,
        "shards x (primary + standby + replicas)",
        &["capacity.zones", "capacity.database.replicas"],
    );
    facts.derive("capacity.database.instance_hours", copies * HOURS, "copies x 730 h", &["capacity.database.copies"]);
    facts.derive(
        "capacity.database.pair_hours",
        copies * vcpu / 2.0 * HOURS,
        "copies x vCPU / 2 x 730 h",
        &["capacity.database.copies", "capacity.database.vcpu"],
    );
    storage(facts, copies / shards, numbers);
    servers(facts, copies, numbers);
    facts.derive(
        "capacity.database.vcpu",
        vcpu,
        "load / number db.target-utilisation, rounded up to a power of two",
        &inputs,
    );
    let planned = numbers.get("db.target-utilisation").expected;
    facts.derive("capacity.database.utilisation", (busiest.expected / vcpu * planned).min(1.0), "load / vCPU", &inputs);
    connections(facts, catalogue, if small { 2e9 } else { vcpu * 4e9 }, numbers);
}

/// What is bought, once the store is chosen: a small copy is the machine that the provider sells, others keep its memory per vCPU.
pub(super) fn bought(facts: &mut Facts, catalogue: &Catalogue, prices: &PriceView, numbers: &Numbers) {
    let offer = super::select::offered(facts, catalogue, "database");
    let machine = offer.and_then(|offer| prices.machine(facts, offer));
    let Some((own, gb)) = machine.and_then(|machine| machine.vcpu.zip(machine.memory_gb)) else { return };
    let planned = facts.number("capacity.database.vcpu").unwrap_or(2.0);
    let small = facts.word("capacity.database.tier") == Some("small");
    if small && own < planned {
        let used = facts.number("capacity.database.utilisation").unwrap_or(0.0);
        let inputs = ["selection.database", "capacity.database.tier"];
        facts.derive("capacity.database.vcpu", own, "vCPU of the small machine of the provider", &inputs);
        facts.derive("capacity.database.utilisation", (used * planned / own).min(1.0), "load / vCPU", &inputs);
    }
    let memory = if small { gb.min(4.0) } else { planned * (gb / own).min(4.0) } * 1e9;
    connections(facts, catalogue, memory, numbers);
}

/// Disk operations of reads that miss memory, and of writes.
fn operations(reads: Range, writes: Range, numbers: &Numbers) -> (Range, Range) {
    let number = |id: &str| numbers.get(id).expected;
    (reads.scaled(number("db.iops-per-read") * number("db.read-miss")), writes.scaled(number("db.iops-per-write")))
}

/// What the disk of one copy gives, by what is bought; a general volume unless the offer says otherwise. Where more is sold, what the
/// planned utilisation asks for is paid.
pub(super) fn disk(facts: &mut Facts, catalogue: &Catalogue, prices: &PriceView, numbers: &Numbers) {
    let offer = super::select::offered(facts, catalogue, "database");
    let (own, most) = offer.map_or((None, None), |offer| prices.iops(facts, offer));
    let own = own.unwrap_or("db.iops-volume");
    let limit = most.unwrap_or(own);
    let inputs = ["selection.database", "storage.copy_now"];
    facts.derive("capacity.database.iops_limit", numbers.get(limit).expected, format!("number {limit}"), &inputs);
    if most.is_none() {
        return;
    }
    let (free, room) = (numbers.get(own).expected, numbers.get(limit).expected);
    let planned = numbers.get("db.disk-utilisation").expected;
    let copies = facts.number("capacity.database.copies").unwrap_or(1.0);
    let paid = |asked: f64| ((asked / planned).min(room) - free).max(0.0) * copies;
    facts.derive(
        "capacity.database.iops_paid",
        range(facts, "capacity.database.copy_iops").map(paid),
        format!(
            "copies x (operations of a copy / number db.disk-utilisation, at most number {limit}, less number {own})"
        ),
        &["capacity.database.copy_iops", "capacity.database.copies"],
    );
}

/// The same copies on whole leased or own servers with mirrored disks: one for each, since a primary runs on one machine.
fn servers(facts: &mut Facts, copies: f64, numbers: &Numbers) {
    let formula = "one server for each copy x 730 h";
    facts.derive("capacity.database.server_hours", copies * HOURS, formula, &["capacity.database.copies"]);
    let own = copies * numbers.get("server.disk-gb").expected;
    let beyond = range(facts, "capacity.database.storage_gb").map(|stored| (stored - own).max(0.0));
    let inputs = ["capacity.database.storage_gb", "capacity.database.copies"];
    let formula = "provisioned storage less number server.disk-gb of each server";
    facts.derive("capacity.database.server_storage_gb", beyond, formula, &inputs);
}

fn storage(facts: &mut Facts, copies: f64, numbers: &Numbers) {
    let ratio =
        facts.number("data.disk_horizon").unwrap_or(0.0) / facts.number("data.horizon_size").unwrap_or(1.0).max(1.0);
    let kept = facts.number("data.retention").map(|kept| kept / Calendar::of(facts).month_ms);
    let now = horizon(range(facts, "data.size"), range(facts, "data.growth"), 3.0, kept)
        .scaled(ratio / 1e9)
        .at_least(numbers.get("db.least-storage-gb").expected);
    facts.derive(
        "capacity.database.storage_gb",
        now.scaled(copies),
        "disk for the data and three months of growth, capped by data.retention, x copies",
        &["data.size", "data.growth", "data.retention", "capacity.database.copies"],
    );
    let shards = facts.number("capacity.database.shards").unwrap_or(1.0);
    let doubled = |gb: f64| (gb / shards).max(32.0).log2().ceil().exp2() * shards;
    facts.derive(
        "capacity.database.doubling_gb",
        now.map(doubled).scaled(copies),
        "the same where disks are sold in doubling sizes from 32 GB on",
        &["capacity.database.storage_gb"],
    );
    let bulk = range(facts, "data.bulk_size").expected;
    let backup = range(facts, "data.size")
        .map(|size| (size - bulk).max(0.0))
        .scaled(super::volumes::backup_factor(facts, numbers) / 1e9);
    let billed = backup.zip(now, |backup, stored| (backup - stored).max(0.0));
    let billed = Range { low: billed.low.min(billed.expected), high: billed.high.max(billed.expected), ..billed };
    facts.derive(
        "capacity.database.billed_backup_gb",
        billed,
        "backups beyond the provisioned storage of one copy, which providers include",
        &["capacity.database.backup_gb", "capacity.database.storage_gb"],
    );
    facts.derive(
        "capacity.database.backup_gb",
        backup,
        "data in the database x copies that the backup kind keeps",
        &["data.size", "data.bulk_size", "operations.backups", "data.audit_trail"],
    );
    let calendar = Calendar::of(facts);
    let monthly = range(facts, "traffic.average").scaled(calendar.month / 1e6);
    let reads = facts.number("traffic.reads").unwrap_or(0.8);
    let per_request = numbers.get("db.queries-per-request").expected;
    facts.derive(
        "capacity.database.read_units",
        monthly.scaled(reads * per_request),
        "reads of a month x queries per request, in millions",
        &["traffic.average", "traffic.reads"],
    );
    facts.derive(
        "capacity.database.write_units",
        monthly.scaled(1.0 - reads),
        "writes of a month in millions",
        &["traffic.average", "traffic.reads"],
    );
}

/// Instances that run at once during a deployment: old and new ones together.
fn surge(facts: &Facts, instances: f64, numbers: &Numbers) -> f64 {
    let kind = facts.word("operations.deployment").unwrap_or("rolling");
    instances + (instances * numbers.get(&format!("deployment.surge.{kind}")).expected).ceil()
}

/// Connections that the store takes with this memory: by the numbers of the provider where it has some of its own.
fn connection_limit(facts: &Facts, catalogue: &Catalogue, memory: f64, numbers: &Numbers) -> f64 {
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    let own = |id: &str| Some(format!("{id}.{cloud}")).filter(|id| catalogue.numbers.contains_key(id));
    let each = own("db.connections-bytes").unwrap_or_else(|| "db.connections-bytes".into());
    let reserved = own("db.connections-reserved").map_or(0.0, |id| numbers.get(&id).expected);
    let most = numbers.get("db.connections-max").expected;
    (memory / numbers.get(&each).expected - reserved).min(most).floor().max(1.0)
}

fn connections(facts: &mut Facts, catalogue: &Catalogue, memory: f64, numbers: &Numbers) {
    let inputs = ["capacity.database.vcpu", "capacity.database.tier"];
    facts.derive("capacity.database.memory", memory, "memory of one copy, by the machine that is bought", &inputs);
    let limit = connection_limit(facts, catalogue, memory, numbers);
    let instances = facts.number("capacity.app.max_instances").unwrap_or(1.0).max(1.0);
    let surge = surge(facts, instances, numbers);
    let query_s = facts.number("targets.database_query").unwrap_or(20.0) / 1000.0 / 4.0;
    let queries = facts.number("capacity.database.reads").unwrap_or(0.0)
        + facts.number("capacity.database.writes").unwrap_or(0.0);
    let busy = super::formulas::pool(queries, query_s, numbers.get("db.pool-headroom").expected);
    let wanted = (busy / instances).ceil().max(numbers.get("db.pool-least").expected);
    let pooler = wanted * surge > limit * numbers.get("db.connection-share").expected;
    facts.derive(
        "capacity.database.pooler",
        pooler,
        "pools of all instances during a deployment pass number db.connection-share of the limit",
        &["capacity.database.pool_per_instance", "capacity.database.connection_limit"],
    );
    let allowed = (limit * numbers.get("db.connection-share").expected / surge).floor().max(1.0);
    let pool = wanted.min(allowed);
    let inputs =
        ["capacity.app.max_instances", "capacity.database.reads", "capacity.database.writes", "targets.database_query"];
    facts.derive(
        "capacity.database.pool_per_instance",
        pool,
        "queries x query time x number db.pool-headroom / instances, number db.pool-least at least, within the connection limit",
        &inputs,
    );
    facts.derive(
        "capacity.database.pool_total",
        pool * surge,
        "pool x (instances at the seasonal peak + those that a deployment starts beside them)",
        &["capacity.database.pool_per_instance", "operations.deployment"],
    );
    facts.derive(
        "capacity.database.connection_limit",
        limit,
        "memory of the primary / number db.connections-bytes, or by the numbers of the provider where it has its own, number db.connections-max at most",
        &["capacity.database.memory"],
    );
}
