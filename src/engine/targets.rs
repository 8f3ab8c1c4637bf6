//! Targets: what is stated or default, what the design reaches, and what is a step still to take.

use serde::Serialize;

use super::stages::StageView;
use crate::facts::{Facts, Origin};
use crate::quantity::Value;
use crate::text::plural::count;

/// A target with its prediction.
#[derive(Clone, Debug, Serialize)]
pub struct Target {
    /// The key below `targets`.
    pub name: &'static str,
    /// Stated in the requirements.
    pub stated: bool,
    /// Its value as people write it.
    pub value: String,
    /// The default as people write it, when this one is the default.
    pub default: Option<String>,
    /// What the design reaches, as people write it; none when it cannot be known before a measurement.
    pub predicted: Option<String>,
    /// Whether the design reaches it; none when it cannot be known.
    pub met: Option<bool>,
    /// How it is reached or what is missing.
    pub because: String,
}

/// All targets that have a value.
pub(super) fn compute(facts: &Facts) -> Vec<Target> {
    let reach = |path: &str| facts.get(path);
    let slowest = (facts.number("latency.total_p95") > facts.number("latency.own_p95"))
        .then(|| format!("; {} where a request waits for another system", facts.human("latency.total_p95")));
    let path = format!("sum of our hops{}", slowest.unwrap_or_default());
    let restore = facts.human("recovery.restore_time");
    let back = if facts.get("recovery.failover_time").is_some() {
        format!("a standby takes over a lost instance or zone; lost data is restored in {restore}")
    } else {
        "restore from backup: nothing stands by".to_string()
    };
    let kept = if facts.number("recovery.rpo_reached") == Some(0.0) {
        "the standby holds each commit; lost data comes back up to the last shipped log"
    } else {
        "backup and log shipping"
    };
    let tail = "our p95 with the tail of an exponential distribution";
    let rows: [(&'static str, Option<&crate::facts::Fact>, bool, &str); 9] = [
        ("p50", reach("latency.own_p50"), true, "sum of our hops"),
        ("p95", reach("latency.own_p95"), true, &path),
        ("p99", reach("latency.own_p99"), true, tail),
        ("database_query", None, true, "the slow-query log measures it; every declared query has an index"),
        ("availability", reach("availability.composed"), false, "parts in series and parallel"),
        ("error_rate", None, true, "counted in production against the error budget"),
        ("rpo", reach("recovery.rpo_reached"), true, kept),
        ("rto", reach("recovery.rto_reached"), true, &back),
        ("headroom", None, false, "see the growth table: what breaks first, and the task that moves it"),
    ];
    let mut out: Vec<Target> = Vec::new();
    for row in rows {
        if row.0 == "availability" {
            out.push(throughput(facts));
        }
        out.extend(target(facts, row));
    }
    out
}

fn target(
    facts: &Facts,
    (name, reached, lower_is_better, because): (&'static str, Option<&crate::facts::Fact>, bool, &str),
) -> Option<Target> {
    let wanted = facts.get(&format!("targets.{name}"))?;
    let stated = matches!(wanted.origin, Origin::Given { .. });
    let met = wanted
        .expected()
        .zip(reached.and_then(crate::facts::Fact::expected))
        .map(|(wanted, reached)| if lower_is_better { reached <= wanted } else { reached >= wanted });
    Some(Target {
        name,
        stated,
        value: wanted.human(),
        default: (!stated).then(|| wanted.human()),
        predicted: reached.map(|fact| if name == "availability" { precise(fact) } else { fact.human() }),
        met,
        because: because.to_string(),
    })
}

/// The multiple of the load that the design is to keep its pattern at.
pub(super) fn wanted_headroom(facts: &Facts) -> f64 {
    facts.number("targets.headroom").unwrap_or(10.0)
}

/// Headroom holds when the re-run at that multiple keeps the pattern: what gives out first can be enlarged without a rewrite.
pub(super) fn headroom(facts: &Facts, stage: &StageView, pattern: &str, targets: &mut [Target]) {
    let wanted = wanted_headroom(facts);
    let Some(then) = stage.growth.iter().find(|growth| f64::from(growth.factor) >= wanted) else { return };
    let Some(row) = targets.iter_mut().find(|target| target.name == "headroom") else { return };
    let keeps = then.pattern == pattern;
    let first = then.breaks_first.as_ref();
    let first = first.map_or_else(
        || "nothing gives out".to_string(),
        |found| format!("first to enlarge: {}, {} needed of {}", found.what, found.value, found.limit),
    );
    row.met = Some(keeps);
    row.predicted = Some(format!("{}x as {}", then.factor, then.pattern));
    row.because = first;
}

/// Shares near 1 need more digits than other numbers.
fn precise(fact: &crate::facts::Fact) -> String {
    let percent = fact.expected().unwrap_or(0.0) * 100.0;
    let digits = if percent > 99.99 { 4 } else { 3 };
    format!("{percent:.digits$}%")
}

fn throughput(facts: &Facts) -> Target {
    let wanted = facts.number("targets.throughput").unwrap_or(0.0);
    let serverless = facts.word("decision.pattern") == Some("serverless");
    let each = facts.number("capacity.app.rps_per_instance").unwrap_or(0.0);
    let now = facts.number("capacity.app.instances").unwrap_or(0.0);
    let most = facts.number("capacity.app.max_instances").unwrap_or(0.0).max(now);
    let stated = facts.is_stated("targets.throughput");
    let kind = crate::quantity::Kind::Rate;
    let show = |rate: f64| {
        crate::facts::Fact { kind, value: Value::Number(rate), origin: Origin::Default, rule: "".into() }.human()
    };
    let step = if serverless {
        "functions scale to it".to_string()
    } else {
        let needed = (wanted / each.max(1e-9)).ceil().max(1.0);
        format!("takes {} at {} each; the plan runs up to {most}", count(needed, "instance"), show(each))
    };
    Target {
        name: "throughput",
        stated,
        value: show(wanted),
        default: (!stated).then(|| show(wanted)),
        predicted: (!serverless).then(|| show(most * each)),
        met: Some(serverless || most * each >= wanted),
        because: step,
    }
}
