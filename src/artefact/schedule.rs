//! Periods as crontabs: a stated rate of runs becomes the step that schedulers know.

use serde::Serialize;

/// When a scheduled workload starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// Five fields, in UTC.
    pub cron: String,
    /// Number of units from one start to the next.
    pub every: u32,
    /// minute, hour, day, week or month.
    pub unit: &'static str,
    /// Whether the step is the stated period; else it is the nearest that a crontab has, the shorter one.
    pub exact: bool,
}

/// Steps of minutes that fill an hour, of hours that fill a day, of months that fill a year.
const STEPS: [(&str, &[u32]); 3] = [
    ("minute", &[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]),
    ("hour", &[1, 2, 3, 4, 6, 8, 12]),
    ("month", &[1, 2, 3, 4, 6, 12]),
];

/// Part of a step by which a stated period may miss it: rates are divided and multiplied on their way here.
const NEAR: f64 = 0.01;

/// The schedule of so many runs per second; `day` is what a stated day counts in seconds, `month` its days.
pub(super) fn schedule(runs: Option<f64>, day: f64, month: f64) -> Schedule {
    let period = runs.filter(|runs| *runs > 0.0).map_or(day, |runs| 1.0 / runs);
    let days = period / day;
    let (unit, count) = if days >= month * (1.0 - NEAR) {
        ("month", days / month)
    } else if days >= 7.0 * (1.0 - NEAR) {
        ("week", days / 7.0)
    } else if days >= 1.0 - NEAR {
        ("day", days)
    } else if period >= 3600.0 * (1.0 - NEAR) {
        ("hour", period / 3600.0)
    } else {
        ("minute", period / 60.0)
    };
    let steps = STEPS.iter().find(|(of, _)| *of == unit).map_or(&[1][..], |(_, steps)| steps);
    let fits = steps.iter().copied().filter(|step| f64::from(*step) <= count * (1.0 + NEAR)).max();
    let every = fits.unwrap_or(1);
    let exact = (count - f64::from(every)).abs() <= NEAR * f64::from(every);
    Schedule { cron: cron(unit, every), every, unit, exact }
}

fn cron(unit: &str, every: u32) -> String {
    let step = if every == 1 { "*".to_string() } else { format!("*/{every}") };
    match unit {
        "minute" => format!("{step} * * * *"),
        "hour" => format!("0 {step} * * *"),
        "day" => "0 2 * * *".to_string(),
        "week" => "0 3 * * 1".to_string(),
        _ => format!("0 3 1 {step} *"),
    }
}

#[cfg(test)]
mod tests {
    use super::schedule;

    #[test]
    fn a_period_becomes_its_crontab() {
        let day = 86_400.0;
        for (runs, cron, exact) in [
            (1.0 / 60.0, "* * * * *", true),
            (4.0 / 3600.0, "*/15 * * * *", true),
            (12.0 / 3600.0, "*/5 * * * *", true),
            (24.0 / day, "0 * * * *", true),
            (2.0 / day, "0 */12 * * *", true),
            (5.0 / day, "0 */4 * * *", false),
            (1.0 / day, "0 2 * * *", true),
            (1.0 / (3.0 * day), "0 2 * * *", false),
            (1.0 / (7.0 * day), "0 3 * * 1", true),
            (1.0 / (30.0 * day), "0 3 1 * *", true),
            (1.0 / (90.0 * day), "0 3 1 */3 *", true),
            (1.0, "* * * * *", false),
        ] {
            let found = schedule(Some(runs), day, 30.0);
            assert_eq!((found.cron.as_str(), found.exact), (cron, exact), "{runs} runs/s");
        }
        assert_eq!(schedule(None, day, 30.0).cron, "0 2 * * *", "once a night when nobody says");
        assert_eq!(schedule(Some(1e-5), 100_000.0, 30.0).cron, "0 2 * * *", "a day of 100,000 s is a day");
    }
}
