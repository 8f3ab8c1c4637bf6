//! The formulas of capacity, resilience and cost as pure functions, each checked against published worked numbers.
//!
//! They know nothing of facts, catalogues or plans: numbers in, a number out.

/// Little's law: things in a system from their rate per second and the seconds that each stays.
#[must_use]
pub fn in_flight(rate: f64, seconds: f64) -> f64 {
    rate * seconds
}

/// Instances that a peak needs before any spare: CPU seconds of all requests over what one instance gives.
#[must_use]
pub fn instances(peak: f64, cpu_seconds: f64, vcpu: f64, utilisation: f64) -> f64 {
    peak * cpu_seconds / (vcpu * utilisation)
}

/// Connections of a pool: busy ones by Little's law with headroom, rounded up.
#[must_use]
pub fn pool(per_second: f64, query_seconds: f64, headroom: f64) -> f64 {
    (in_flight(per_second, query_seconds) * headroom - 1e-9).ceil()
}

/// Requests in flight that a bulkhead admits: peak rate x p99 x headroom, rounded up.
#[must_use]
pub fn bulkhead(peak: f64, p99_seconds: f64, headroom: f64) -> f64 {
    (in_flight(peak, p99_seconds) * headroom - 1e-9).ceil().max(1.0)
}

/// Load of the store without its cache over the load with it: 1 / (1 - share of reads that the cache answers).
#[must_use]
pub fn cold_factor(answered: f64) -> f64 {
    1.0 / (1.0 - answered.clamp(0.0, 0.9999))
}

/// Consumers for a rate: rate x service time / planned utilisation, rounded up.
#[must_use]
pub fn consumers(rate: f64, service_seconds: f64, utilisation: f64) -> f64 {
    (rate * service_seconds / utilisation - 1e-9).ceil().max(1.0)
}

/// Seconds until a backlog is gone: backlog / (what the consumers take - what arrives). `None` when they never catch up.
#[must_use]
pub fn drain(backlog: f64, consumers: f64, service_seconds: f64, arriving: f64) -> Option<f64> {
    let spare = consumers / service_seconds.max(1e-9) - arriving;
    (spare > 0.0).then(|| backlog / spare)
}

/// Calls that reach the lowest of `layers` when each layer makes up to `attempts` and everything fails.
#[must_use]
pub fn worst_amplification(attempts: f64, layers: f64) -> f64 {
    attempts.powf(layers)
}

/// Calls per request of one layer when each attempt fails with probability `failing`.
#[must_use]
pub fn amplification(failing: f64, attempts: f64) -> f64 {
    if failing >= 1.0 { attempts } else { (1.0 - failing.powf(attempts)) / (1.0 - failing) }
}

/// Longest time-out of a call so that all attempts and the waits between them fit the deadline; milliseconds.
#[must_use]
pub fn longest_timeout(deadline: f64, attempts: f64, backoff: f64) -> f64 {
    (deadline / attempts.max(1.0) - backoff).max(0.0)
}

/// Months until something that grows by `growth` per month (1.05 is 5%) reaches a limit. `None` when it never does.
#[must_use]
pub fn months_until(now: f64, limit: f64, growth: f64) -> Option<f64> {
    if now >= limit {
        return Some(0.0);
    }
    (growth > 1.0 && now > 0.0).then(|| (limit / now).ln() / growth.ln())
}

/// Months until something that grows by the same amount each month reaches a limit. `None` when it never does.
#[must_use]
pub fn months_linear(now: f64, limit: f64, per_month: f64) -> Option<f64> {
    if now >= limit {
        return Some(0.0);
    }
    (per_month > 0.0).then(|| (limit - now) / per_month)
}

/// Seconds of a restore: the fixed steps and the copy of the bytes.
#[must_use]
pub fn restore(fixed_seconds: f64, bytes: f64, bytes_per_second: f64) -> f64 {
    fixed_seconds + bytes / bytes_per_second.max(1.0)
}

/// Bytes that leave in a period.
#[must_use]
pub fn volume(rate: f64, bytes: f64, seconds: f64) -> f64 {
    rate * bytes * seconds
}

/// Disk of a relational store: rows with indexes, bloat and free space, and the write-ahead log.
#[must_use]
pub fn relational_disk(rows: f64, index: f64, bloat: f64, free: f64, log: f64) -> f64 {
    rows * (1.0 + index) * (1.0 + bloat) / (1.0 - free) + log
}

/// Disk of a log: bytes per second x retention x copies / (1 - free space).
#[must_use]
pub fn log_disk(bytes_per_second: f64, retention_seconds: f64, copies: f64, free: f64) -> f64 {
    bytes_per_second * retention_seconds * copies / (1.0 - free)
}

/// Units per month at which a fixed price equals a price per unit. `None` when a unit costs nothing.
#[must_use]
pub fn break_even(fixed: f64, per_unit: f64) -> Option<f64> {
    (per_unit > 0.0).then(|| fixed / per_unit)
}

/// Months of use after which a commitment has paid for itself: its length less its discount.
#[must_use]
pub fn commitment_months(length: f64, discount: f64) -> f64 {
    length * (1.0 - discount)
}

/// Cost over months when a part of it grows with the load.
#[must_use]
pub fn ownership(fixed: f64, growing: f64, growth: f64, months: f64) -> f64 {
    let mut sum = 0.0;
    let mut month = 0.0;
    while month < months - 1e-9 {
        sum += (fixed + growing * growth.powf(month)) * (months - month).min(1.0);
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
    fn instances_by_cpu_time() {
        near(instances(800.0, 0.008, 2.0, 0.6), 5.33, 0.01);
        // A published service of 600 requests/s at 20 ms keeps 12 cores busy.
        near(instances(600.0, 0.02, 1.0, 1.0), 12.0, 1e-9);
    }

    #[test]
    fn pools_and_bulkheads() {
        near(pool(2000.0, 0.004, 1.3), 11.0, 1e-9);
        near(pool(10_000.0, 0.004, 1.0), 40.0, 1e-9);
        near(bulkhead(200.0, 0.15, 1.25), 38.0, 1e-9);
        near(bulkhead(100.0, 0.001, 1.0), 1.0, 1e-9);
    }

    #[test]
    fn a_cold_cache_multiplies_the_load() {
        near(cold_factor(0.9), 10.0, 1e-9);
        // 99.52% answered at the edge: 4,800 of a million reach the origin, published as 5,000.
        near(1e6 / cold_factor(0.9952), 5000.0, 0.05);
    }

    #[test]
    fn queues_are_served_and_drained() {
        near(consumers(300.0, 0.05, 0.7), 22.0, 1e-9);
        near(consumers(100.0, 0.5, 1.0), 50.0, 1e-9);
        near(drain(100_000.0, 30.0, 0.05, 300.0).unwrap_or(0.0), 333.0, 0.01);
        assert_eq!(drain(1.0, 15.0, 0.05, 300.0), None, "consumers that only keep up never drain");
    }

    #[test]
    fn retries_multiply() {
        near(worst_amplification(3.0, 4.0), 81.0, 1e-9);
        near(worst_amplification(3.0, 5.0), 243.0, 1e-9);
        near(amplification(0.5, 3.0), 1.75, 1e-9);
        near(amplification(1.0, 3.0), 3.0, 1e-9);
    }

    #[test]
    fn timeouts_fit_the_deadline() {
        near(longest_timeout(1000.0, 2.0, 50.0), 450.0, 1e-9);
        near(longest_timeout(29_000.0, 1.0, 0.0), 29_000.0, 1e-9);
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
    fn disks_hold_more_than_rows() {
        near(relational_disk(1.0, 0.5, 0.2, 0.25, 0.0), 2.4, 1e-9);
        // 66 GiB of source with one replica: 1.1 / 0.95 / 0.80 per copy.
        near(relational_disk(66.0 * 2.0, 0.1, 0.0, 1.0 - 0.95 * 0.8, 0.0), 191.0, 0.01);
        near(log_disk(10e6, 604_800.0, 3.0, 0.3) / 1e12, 25.9, 0.01);
        near(log_disk(1e6, 86_400.0, 1.0, 0.0) / 1e9, 86.4, 1e-9);
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
        near(ownership(18.02, 18.02, 1.0, 12.0), 36.04 * 12.0, 1e-9);
        near(ownership(0.0, 100.0, 1.1, 3.0), 331.0, 1e-9);
    }
}
