//! The formulas of capacity, latency, availability, resilience and cost as pure functions, each checked against two published worked numbers.
//!
//! They know nothing of facts, catalogues or plans: numbers in, a number out.

/// Little's law: things in a system from their rate per second and the seconds that each stays.
pub(super) fn in_flight(rate: f64, seconds: f64) -> f64 {
    rate * seconds
}

/// Events per second of people who each make so many in a day of this many seconds.
pub(super) fn rate(people: f64, each: f64, day_seconds: f64) -> f64 {
    people * each / day_seconds
}

/// vCPU that a rate keeps busy, at a planned utilisation (0..1].
pub(super) fn vcpu(rate: f64, cpu_seconds: f64, utilisation: f64) -> f64 {
    rate * cpu_seconds / utilisation
}

/// Rate per second that an instance with so many vCPU bears at a planned utilisation (0..1].
pub(super) fn bearable(vcpu: f64, cpu_seconds: f64, utilisation: f64) -> f64 {
    vcpu * utilisation / cpu_seconds.max(1e-9)
}

/// Whole instances with spare: over `zones` zones the loss of any one of them leaves enough, in one zone the loss of one instance does.
/// The need is rounded up before the spare is added, since each zone loses whole instances.
pub(super) fn with_spare(needed: f64, zones: f64) -> f64 {
    let whole = (needed - 1e-9).ceil().max(1.0);
    if zones >= 2.0 {
        return (whole * zones / (zones - 1.0) - 1e-9).ceil().max(zones);
    }
    if whole >= 2.0 { whole + 1.0 } else { whole }
}

/// Amount after so many months of growth by a factor a month (1.05 is 5%).
pub(super) fn grown(now: f64, growth: f64, months: f64) -> f64 {
    now * growth.powf(months)
}

/// Connections of a pool: busy ones by Little's law with headroom, rounded up.
pub(super) fn pool(per_second: f64, query_seconds: f64, headroom: f64) -> f64 {
    (in_flight(per_second, query_seconds) * headroom - 1e-9).ceil()
}

/// Bytes of a cache: keys x (value + key + overhead) over the share that is not reserved.
pub(super) fn cache_memory(keys: f64, bytes_each: f64, reserved: f64) -> f64 {
    keys * bytes_each / (1.0 - reserved)
}

/// Load in front of a cache or an edge over the load behind it, and so the factor by which the latter grows without it:
/// 1 / (1 - share that is answered there).
pub(super) fn without_cache(answered: f64) -> f64 {
    1.0 / (1.0 - answered.clamp(0.0, 0.9999))
}

/// Consumers of which so many are busy: at the planned utilisation, rounded up.
pub(super) fn consumers(busy: f64, utilisation: f64) -> f64 {
    (busy / utilisation - 1e-9).ceil().max(1.0)
}

/// Seconds until a backlog is gone: its work in seconds / (consumers - those that what arrives keeps busy). `None` when they never
/// catch up.
pub(super) fn drain(work_seconds: f64, consumers: f64, busy: f64) -> Option<f64> {
    let spare = consumers - busy;
    (spare > 0.0).then(|| work_seconds / spare)
}

/// Calls that reach the lowest of `layers` when each layer makes up to `attempts` and everything fails.
pub(super) fn worst_amplification(attempts: f64, layers: f64) -> f64 {
    attempts.powf(layers)
}

/// Months until something that grows by `growth` per month (1.05 is 5%) reaches a limit. `None` when it never does.
pub(super) fn months_until(now: f64, limit: f64, growth: f64) -> Option<f64> {
    if now >= limit {
        return Some(0.0);
    }
    (growth > 1.0 && now > 0.0).then(|| (limit / now).ln() / growth.ln())
}

/// Months until something that grows by the same amount each month reaches a limit. `None` when it never does.
pub(super) fn months_linear(now: f64, limit: f64, per_month: f64) -> Option<f64> {
    if now >= limit {
        return Some(0.0);
    }
    (per_month > 0.0).then(|| (limit - now) / per_month)
}

/// Seconds of a restore: the fixed steps and the copy of the bytes.
pub(super) fn restore(fixed_seconds: f64, bytes: f64, bytes_per_second: f64) -> f64 {
    fixed_seconds + bytes / bytes_per_second.max(1.0)
}

/// Disk of a relational store: rows with indexes, bloat and free space, and the write-ahead log.
pub(super) fn relational_disk(rows: f64, index: f64, bloat: f64, free: f64, log: f64) -> f64 {
    rows * (1.0 + index) * (1.0 + bloat) / (1.0 - free) + log
}

/// Bytes of a search index: the source in so many copies, each with its overhead (1.45 is 45% more).
pub(super) fn search_disk(source: f64, copies: f64, overhead: f64) -> f64 {
    source * copies * overhead
}

/// Bytes that move in a period.
pub(super) fn volume(rate: f64, bytes: f64, seconds: f64) -> f64 {
    rate * bytes * seconds
}

/// Billed compute of functions: runs x seconds x GiB of memory.
pub(super) fn gib_seconds(runs: f64, seconds: f64, gib: f64) -> f64 {
    runs * seconds * gib
}

/// Time of a call with all its attempts, and the wait after each of several; any unit.
pub(super) fn call_time(attempts: f64, timeout: f64, backoff: f64) -> f64 {
    attempts * (timeout + if attempts > 1.0 { backoff } else { 0.0 })
}

/// Time that an availability target (a share) allows to lose in a period; the unit of the period.
pub(super) fn error_budget(target: f64, period: f64) -> f64 {
    (1.0 - target) * period
}

/// Availability of parts that a request needs all.
pub(super) fn in_series(parts: impl Iterator<Item = f64>) -> f64 {
    parts.product()
}

/// Availability of copies of which one is enough; a part of the failures (beta) hits all copies at once.
pub(super) fn in_parallel(single: f64, copies: f64, beta: f64) -> f64 {
    if copies < 2.0 {
        return single;
    }
    let down = 1.0 - single;
    1.0 - beta * down - ((1.0 - beta) * down).powf(copies)
}

/// Quantile over another one of an exponential distribution, both as shares below 1.
pub(super) fn tail(quantile: f64, over: f64) -> f64 {
    (1.0 - quantile).ln() / (1.0 - over).ln()
}

/// Units per month at which a fixed price equals a price per unit. `None` when a unit costs nothing.
pub(super) fn break_even(fixed: f64, per_unit: f64) -> Option<f64> {
    (per_unit > 0.0).then(|| fixed / per_unit)
}

/// Months of use after which a commitment has paid for itself: its length less its discount.
pub(super) fn commitment_months(length: f64, discount: f64) -> f64 {
    length * (1.0 - discount)
}

/// Cost over months from the cost of each month; the last one may be a part of a month.
pub(super) fn ownership(at: impl Fn(f64) -> f64, months: f64) -> f64 {
    let mut sum = 0.0;
    let mut month = 0.0;
    while month < months - 1e-9 {
        sum += at(month) * (months - month).min(1.0);
        month += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, published: f64, share: f64) {
        assert!((found - published).abs() <= share * published.abs(), "{found} against {published}");
    }

    #[test]
    fn littles_law() {
        near(in_flight(500.0, 0.08), 40.0, 1e-9);
        near(in_flight(100.0, 0.5), 50.0, 1e-9);
        near(in_flight(10.0, 3.0), 30.0, 1e-9);
    }

    #[test]
    fn people_make_requests() {
        // Two billion messages a day, published as 24,000/s; a billion clicks in a day of 100,000 s as 10,000/s.
        near(rate(50e6, 40.0, 86_400.0), 24_000.0, 0.04);
        near(rate(1e9, 1.0, 1e5), 10_000.0, 1e-9);
    }

    #[test]
    fn instances_by_cpu_time() {
        near(vcpu(800.0, 0.008, 0.6) / 2.0, 5.33, 0.01);
        // A published service of 600 requests/s at 20 ms keeps 12 cores busy.
        near(vcpu(600.0, 0.02, 1.0), 12.0, 1e-9);
        near(800.0 / bearable(2.0, 0.008, 0.6), 5.33, 0.01);
        near(600.0 / bearable(1.0, 0.02, 1.0), 12.0, 1e-9);
    }

    #[test]
    fn a_lost_zone_leaves_enough() {
        // Factors of 2.0 for two zones and 1.5 for three.
        near(with_spare(4.0, 2.0), 8.0, 1e-9);
        near(with_spare(4.0, 3.0), 6.0, 1e-9);
        // Published as 8 of 5.33: a zone with three of the eight would leave 5.
        near(with_spare(5.33, 3.0), 9.0, 1e-9);
    }

    #[test]
    fn growth_compounds() {
        near(grown(0.6, 1.05, 10.5), 1.0, 0.01);
        near(grown(1.0, 2f64.powf(1.0 / 15.0), 15.0), 2.0, 1e-9);
    }

    #[test]
    fn pools_cover_the_busy_connections() {
        near(pool(2000.0, 0.004, 1.3), 11.0, 1e-9);
        near(pool(10_000.0, 0.004, 1.0), 40.0, 1e-9);
    }

    #[test]
    fn caches_hold_keys_and_their_overhead() {
        near(cache_memory(5e6, 1100.0, 0.25) / 1e9, 7.3, 0.01);
        // A fifth of 1.7 billion reads a day at 500 bytes.
        near(cache_memory(0.2 * 1.7e9, 500.0, 0.0) / 1e9, 170.0, 1e-9);
    }

    #[test]
    fn a_cold_cache_multiplies_the_load() {
        near(without_cache(0.9), 10.0, 1e-9);
        // 99.52% answered at the edge: 4,800 of a million reach the origin, published as 5,000.
        near(1e6 / without_cache(0.9952), 5000.0, 0.05);
    }

    #[test]
    fn queues_are_served_and_drained() {
        near(consumers(300.0 * 0.05, 0.7), 22.0, 1e-9);
        near(consumers(100.0 * 0.5, 1.0), 50.0, 1e-9);
        near(drain(100_000.0 * 0.05, 30.0, 300.0 * 0.05).unwrap_or(0.0), 333.0, 0.01);
        // A fleet scaled from 10 to 15 works 1,500 messages of 0.1 s off within the 10 s that are accepted.
        near(drain(1500.0 * 0.1, 15.0, 0.0).unwrap_or(0.0), 10.0, 1e-9);
        assert_eq!(drain(1.0, 15.0, 15.0), None, "consumers that only keep up never drain");
    }

    #[test]
    fn retries_multiply() {
        near(worst_amplification(3.0, 4.0), 81.0, 1e-9);
        near(worst_amplification(3.0, 5.0), 243.0, 1e-9);
    }

    #[test]
    fn attempts_fit_the_deadline() {
        near(call_time(2.0, 450.0, 50.0), 1000.0, 1e-9);
        // The longest integration of a managed gateway, tried once.
        near(call_time(1.0, 29_000.0, 50.0), 29_000.0, 1e-9);
    }

    #[test]
    fn parts_are_available_together() {
        near(in_series([0.9999; 3].into_iter()), 0.9997, 1e-6);
        near(in_series([0.999; 2].into_iter()), 0.998, 1e-5);
        near(in_parallel(0.999, 2.0, 0.0), 0.999_999, 1e-12);
        // With a tenth of the failures in common no number of copies passes 1 - beta x (1 - a).
        near(in_parallel(0.999, 9.0, 0.1), 0.9999, 1e-9);
        near(in_parallel(0.995, 1.0, 0.1), 0.995, 1e-12);
    }

    #[test]
    fn targets_leave_a_budget() {
        near(error_budget(0.999, 30.0 * 1440.0), 43.2, 1e-9);
        near(error_budget(0.9999, 30.0 * 1440.0), 4.32, 1e-9);
        near(error_budget(0.999, 86_400.0), 86.4, 1e-9);
    }

    #[test]
    fn tails_of_an_exponential_distribution() {
        // Wait over service time of one server at half load: its p99 of response is ln 100 times the mean, its p95 ln 20 times.
        near(tail(0.99, 0.95), 1.537, 0.001);
        near(tail(0.999, 0.95), 2.306, 0.001);
    }

    #[test]
    fn limits_are_reached_in_time() {
        near(months_until(0.6, 1.0, 1.05).unwrap_or(0.0), 10.5, 0.01);
        // Traffic that doubles in 15 months.
        near(months_until(1.0, 2.0, 2f64.powf(1.0 / 15.0)).unwrap_or(0.0), 15.0, 1e-9);
        near(months_linear(0.0, 450.0, 12.7).unwrap_or(0.0), 36.0, 0.02);
        near(months_linear(0.0, 72.0, 2.0).unwrap_or(0.0), 36.0, 1e-9);
        assert_eq!(months_until(1.0, 2.0, 1.0), None);
    }

    #[test]
    fn a_restore_moves_its_bytes() {
        near(restore(0.0, 500e9, 130e6) / 60.0, 64.0, 0.01);
        near(restore(0.0, 100e9, 132.5e6), 755.0, 0.01);
    }

    #[test]
    fn bytes_leave() {
        near(volume(100.0, 20e3, 2.628e6) / 1e9, 5256.0, 1e-9);
        near(volume(19_000.0, 500.0, 1.0) / 1e6, 9.5, 1e-9);
    }

    #[test]
    fn functions_are_billed_by_memory_and_time() {
        // 1 GB for 200 ms, a million times, at 16.6667 per million and 0.20 for the calls: 3.53.
        near(gib_seconds(1e6, 0.2, 1.0) * 16.6667e-6 + 0.2, 3.53, 0.001);
        // Three million runs of 120 ms with 1,536 MB.
        near(gib_seconds(3e6, 0.12, 1.5), 540_000.0, 1e-9);
    }

    #[test]
    fn disks_hold_more_than_rows() {
        near(relational_disk(1.0, 0.5, 0.2, 0.25, 0.0), 2.4, 1e-9);
        // The same terms for a search index, 66 GiB of source with one replica: 1.1 / 0.95 / 0.80 per copy.
        near(relational_disk(66.0 * 2.0, 0.1, 0.0, 1.0 - 0.95 * 0.8, 0.0), 191.0, 0.01);
        near(search_disk(66.0, 2.0, 1.45), 191.0, 0.01);
        // Three shards of 30 GiB hold the primaries of the same source.
        near((search_disk(66.0, 1.0, 1.1) / 30.0).ceil(), 3.0, 1e-9);
    }

    #[test]
    fn prices_break_even() {
        // Two tasks of 0.5 vCPU and 1 GB against functions of 3.533 per million.
        near(break_even(36.04, 3.533).unwrap_or(0.0), 10.2, 0.01);
        // Three brokers at 0.21 an hour against three queue calls per message at 0.40 per million.
        let messages = break_even(3.0 * 0.21 * 730.0, 3.0 * 0.4 / 1e6).unwrap_or(0.0) / 2.628e6;
        near(messages, 150.0, 0.03);
        near(commitment_months(12.0, 0.32), 8.16, 1e-9);
        near(commitment_months(36.0, 0.48), 18.72, 1e-9);
    }

    #[test]
    fn ownership_adds_months_up() {
        near(ownership(|_| 36.04, 12.0), 36.04 * 12.0, 1e-9);
        near(ownership(|month| 100.0 * 1.1_f64.powf(month), 3.0), 331.0, 1e-9);
        near(ownership(|_| 10.0, 1.5), 15.0, 1e-9);
    }
}
