//! Queueing formulas: Erlang C and the Zipf hit ratio.

/// Probability that a request waits with `servers` servers at utilisation `rho` (0..1), Erlang C by the stable recurrence of Erlang B.
#[must_use]
pub fn erlang_c(servers: f64, rho: f64) -> f64 {
    if rho >= 1.0 {
        return 1.0;
    }
    let load = servers * rho;
    let mut blocking = 1.0;
    let mut n = 1.0;
    while n <= servers {
        blocking = load * blocking / (n + load * blocking);
        n += 1.0;
    }
    blocking / (1.0 - rho * (1.0 - blocking))
}

/// Mean response over service time: 1 + C / (c (1 - rho)).
#[must_use]
pub fn mean_response(servers: f64, rho: f64) -> f64 {
    1.0 + erlang_c(servers, rho) / (servers * (1.0 - rho))
}

/// The p-quantile of waiting over service time: ln(C / (1 - p)) / (c (1 - rho)), at least 0.
#[must_use]
pub fn wait_quantile(servers: f64, rho: f64, p: f64) -> f64 {
    let waits = erlang_c(servers, rho);
    if waits <= 1.0 - p {
        return 0.0;
    }
    (waits / (1.0 - p)).ln() / (servers * (1.0 - rho))
}

/// Share of requests that the most popular `cached` of `keys` keys answer when popularity falls with rank ^ -`exponent`.
#[must_use]
pub fn zipf_hit_ratio(cached: f64, keys: f64, exponent: f64) -> f64 {
    if keys < 1.0 || cached >= keys {
        return 1.0;
    }
    (harmonic(cached.max(0.0), exponent) / harmonic(keys, exponent)).clamp(0.0, 1.0)
}

/// Terms that are added one by one; the rest follows the Euler-Maclaurin formula, whose error is then below 1e-9.
const TERMS: f64 = 16.0;

/// Sum of i ^ -s for i = 1..n.
fn harmonic(n: f64, s: f64) -> f64 {
    let exact = n.min(TERMS).floor();
    let mut sum = 0.0;
    let mut i = 1.0;
    while i <= exact {
        sum += f64::powf(i, -s);
        i += 1.0;
    }
    if n <= TERMS {
        return sum;
    }
    let (first, last) = (exact.powf(-s), n.powf(-s));
    let integral = if (s - 1.0).abs() < 1e-9 { (n / exact).ln() } else { (n * last - exact * first) / (1.0 - s) };
    let slope = |x: f64, power: f64| -s * power / x;
    let third = |x: f64, power: f64| slope(x, power) * (s + 1.0) * (s + 2.0) / (x * x);
    let slopes = slope(n, last) - slope(exact, first);
    let thirds = third(n, last) - third(exact, first);
    sum + integral + (last - first) / 2.0 + slopes / 12.0 - thirds / 720.0
}

#[cfg(test)]
mod tests {
    use super::{mean_response, wait_quantile, zipf_hit_ratio};

    /// Published tables: mean response and p99 wait over service time, by servers and utilisation.
    #[test]
    fn erlang_c_agrees_with_published_tables() {
        let rows = [
            (1.0, 0.5, 2.0, 7.82),
            (2.0, 0.7, 1.96, 6.76),
            (4.0, 0.8, 1.75, 5.11),
            (8.0, 0.9, 1.88, 5.31),
            (16.0, 0.9, 1.37, 2.55),
        ];
        for (servers, rho, mean, wait) in rows {
            assert!(
                (mean_response(servers, rho) - mean).abs() < 0.02,
                "{servers} servers at {rho}: {}",
                mean_response(servers, rho)
            );
            assert!(
                (wait_quantile(servers, rho, 0.99) - wait).abs() < 0.03,
                "{servers} servers at {rho}: {}",
                wait_quantile(servers, rho, 0.99)
            );
        }
    }

    #[test]
    fn a_service_without_load_does_not_wait() {
        assert!((mean_response(4.0, 0.0) - 1.0).abs() < 1e-12);
        assert!(wait_quantile(16.0, 0.5, 0.99) < 1e-9);
    }

    /// Published table for a million keys.
    #[test]
    fn zipf_agrees_with_published_tables() {
        for (exponent, share, hit) in [(0.6, 0.01, 0.156), (0.8, 0.1, 0.609), (1.0, 0.2, 0.888), (1.2, 0.05, 0.951)] {
            let found = zipf_hit_ratio(share * 1e6, 1e6, exponent);
            assert!((found - hit).abs() < 0.006, "exponent {exponent}, share {share}: {found}");
        }
    }
}
