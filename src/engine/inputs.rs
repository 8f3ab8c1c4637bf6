//! Defaults and the load: from stated facts to users, traffic, sizes and shares.

use super::Numbers;
use super::formulas::{grown, in_flight, rate, without_cache};
use crate::catalogue::Catalogue;
use crate::facts::{Fact, Facts, ItemPath, Origin, registry};
use crate::quantity::{Kind, Range, Units, Value, parse};
use crate::requirements::Requirements;

/// Constant defaults of the contract for every key that is not stated.
pub(super) fn defaults(facts: &mut Facts, catalogue: &Catalogue) {
    for default in &catalogue.defaults {
        if facts.get(&default.path).is_some() {
            continue;
        }
        let Some(kind) = registry::kind_of(&default.path) else { continue };
        if let Some(value) = default.value.as_ref().and_then(|value| constant(kind, value)) {
            facts.put(default.path.clone(), Fact { kind, value, origin: Origin::Default, rule: "contract".into() });
        }
    }
}

fn constant(kind: Kind, value: &serde_json::Value) -> Option<Value> {
    match value {
        serde_json::Value::Bool(flag) => Some(Value::Bool(*flag)),
        serde_json::Value::Number(number) => number.as_f64().map(Value::Number),
        serde_json::Value::Array(items) => {
            Some(Value::List(items.iter().filter_map(|item| item.as_str().map(String::from)).collect()))
        }
        serde_json::Value::String(text) if matches!(kind, Kind::Word | Kind::Text | Kind::Date) => {
            Some(Value::Text(text.into()))
        }
        serde_json::Value::String(text) => parse(kind, text, &Units::default()).ok().map(Value::Number),
        _ => None,
    }
}

/// Puts a computed default: origin default, so that it is listed as an assumption, with its formula's value.
pub(super) fn assume(facts: &mut Facts, path: &str, value: impl Into<Value>, rule: &'static str) {
    if facts.get(path).is_none() {
        take(facts, path, value, rule);
    }
}

/// Puts a computed default in place of what states nothing, such as an empty list.
pub(super) fn take(facts: &mut Facts, path: &str, value: impl Into<Value>, rule: &'static str) {
    let kind = registry::kind_of(path).unwrap_or(Kind::Number);
    facts.put(path, Fact { kind, value: value.into(), origin: Origin::Default, rule: rule.into() });
}

/// Seconds and days of the stated calendar.
pub(super) struct Calendar {
    /// Seconds in a day, for rates.
    pub day: f64,
    /// Seconds in a month, for rates.
    pub month: f64,
    /// Milliseconds in a month, for durations.
    pub month_ms: f64,
}

impl Calendar {
    pub(super) fn of(facts: &Facts) -> Self {
        let day = facts.number("conventions.seconds_per_day").unwrap_or(86_400.0);
        let days = facts.number("conventions.days_per_month").unwrap_or(30.0);
        Self { day, month: day * days, month_ms: days * 86_400_000.0 }
    }
}

/// Months to the horizon of the plan; 24 unless stated.
pub(super) fn horizon_months(facts: &Facts) -> f64 {
    facts.number("users.horizon").map_or(24.0, |horizon| horizon / Calendar::of(facts).month_ms)
}

/// Users and traffic: whatever is stated wins, the rest follows from it.
pub(super) fn load(facts: &mut Facts, numbers: &Numbers) {
    let calendar = Calendar::of(facts);
    let daily_share = numbers.get("traffic.daily-share").expected;
    let shape = facts.word("traffic.shape").unwrap_or("daily").to_string();
    let factor = numbers.get(&format!("traffic.peak-factor.{shape}")).expected;
    let per_user = facts.range("traffic.requests_per_user").unwrap_or(Range::exactly(40.0));
    let stated = |facts: &Facts, path: &str| facts.is_stated(path).then(|| facts.range(path)).flatten();

    let (average, peak) = (stated(facts, "traffic.average"), stated(facts, "traffic.peak"));
    let daily_of_users = stated(facts, "users.daily")
        .or_else(|| stated(facts, "users.monthly").map(|monthly| monthly.scaled(daily_share)));
    let from_users = daily_of_users.map(|daily| daily.zip(per_user, |people, each| rate(people, each, calendar.day)));
    let from_peak = peak.map(|peak| peak.scaled(1.0 / factor));
    // A peak below what the users would make says that they make fewer requests than assumed.
    let fitting = from_users.filter(|users| peak.is_none_or(|peak| users.expected <= peak.expected * (1.0 + 1e-9)));
    let base = average.or(fitting).or(from_peak).unwrap_or(Range::exactly(0.0));
    let (formula, inputs): (String, &[&str]) = if fitting.is_some() {
        (
            "users.daily x traffic.requests_per_user / seconds per day".to_string(),
            &["users.daily", "traffic.requests_per_user", "conventions.seconds_per_day"],
        )
    } else {
        (format!("traffic.peak / number traffic.peak-factor.{shape}"), &["traffic.peak", "traffic.shape"])
    };
    if average.is_none() {
        facts.derive("traffic.average", base, formula, inputs);
    }
    if peak.is_none() {
        facts.derive(
            "traffic.peak",
            base.scaled(factor),
            format!("traffic.average x number traffic.peak-factor.{shape}"),
            &["traffic.average", "traffic.shape"],
        );
    }
    if let (Some(average), Some(users), true) = (average, from_users, facts.is_stated("traffic.requests_per_user"))
        && average.expected > 0.0
        && users.expected > 0.0
    {
        let ratio = (average.expected / users.expected).max(users.expected / average.expected);
        let inputs = ["traffic.average", "users.daily", "traffic.requests_per_user"];
        facts.derive(
            "traffic.disagreement",
            ratio,
            "traffic.average against users.daily x traffic.requests_per_user / seconds per day",
            &inputs,
        );
    }
    users(facts, daily_of_users, base, per_user, &calendar, daily_share);
    rates(facts);
    concurrent(facts, per_user, numbers);
}

fn users(facts: &mut Facts, daily: Option<Range>, average: Range, per_user: Range, calendar: &Calendar, share: f64) {
    if !facts.is_stated("users.daily") {
        let (value, formula, inputs): (Range, _, &[&str]) = match daily {
            Some(daily) => (daily, "users.monthly x number traffic.daily-share", &["users.monthly"]),
            None => (
                average.scaled(calendar.day / per_user.expected),
                "traffic.average x seconds per day / requests per user",
                &["traffic.average", "traffic.requests_per_user", "conventions.seconds_per_day"],
            ),
        };
        facts.derive("users.daily", value, formula, inputs);
    }
    if !facts.is_stated("users.monthly") {
        let daily = facts.range("users.daily").unwrap_or(Range::exactly(0.0));
        facts.derive(
            "users.monthly",
            daily.scaled(1.0 / share),
            "users.daily / number traffic.daily-share",
            &["users.daily"],
        );
    }
}

fn rates(facts: &mut Facts) {
    let (Some(average), Some(peak)) = (facts.range("traffic.average"), facts.range("traffic.peak")) else { return };
    let reads = facts.number("traffic.reads").unwrap_or(0.8);
    let season = facts.number("traffic.seasonal_peak").unwrap_or(1.0);
    facts.derive("traffic.writes", 1.0 - reads, "1 - traffic.reads", &["traffic.reads"]);
    facts.derive(
        "traffic.reads_rate",
        peak.scaled(reads),
        "traffic.peak x traffic.reads",
        &["traffic.peak", "traffic.reads"],
    );
    facts.derive(
        "traffic.writes_rate",
        peak.scaled(1.0 - reads),
        "traffic.peak x (1 - traffic.reads)",
        &["traffic.peak", "traffic.reads"],
    );
    facts.derive(
        "traffic.seasonal_rate",
        peak.scaled(season),
        "traffic.peak x traffic.seasonal_peak",
        &["traffic.peak", "traffic.seasonal_peak"],
    );
    if average.expected > 0.0 {
        facts.derive(
            "traffic.peak_factor",
            peak.expected / average.expected,
            "traffic.peak / traffic.average",
            &["traffic.peak", "traffic.average"],
        );
    }
    let edge = without_cache(facts.number("traffic.cdn_hit_share").unwrap_or(0.0));
    facts.derive(
        "edge.peak",
        peak.scaled(edge),
        "traffic.peak / (1 - traffic.cdn_hit_share)",
        &["traffic.peak", "traffic.cdn_hit_share"],
    );
    if facts.get("targets.throughput").is_none() {
        let most = facts.number("traffic.seasonal_rate").unwrap_or(0.0).max(1000.0);
        assume(facts, "targets.throughput", most, "max(1000/s, traffic.seasonal_rate)");
    }
}

/// Little's law: sessions begin at peak / requests per user and last the session length.
fn concurrent(facts: &mut Facts, per_user: Range, numbers: &Numbers) {
    if facts.is_stated("users.concurrent") {
        return;
    }
    let Some(peak) = facts.range("traffic.peak") else { return };
    let session_s = numbers.get("traffic.session-length").expected;
    let begun = peak.scaled(1.0 / per_user.expected.max(1.0));
    let everybody = facts.number("users.monthly").unwrap_or(f64::INFINITY);
    let users = begun.map(|begun| in_flight(begun, session_s).min(everybody)).whole().at_least(1.0);
    facts.derive(
        "users.concurrent",
        users,
        "traffic.peak / traffic.requests_per_user x number traffic.session-length (Little's law), users.monthly at most",
        &["traffic.peak", "traffic.requests_per_user", "users.monthly"],
    );
}

/// What items take when they state nothing.
fn items(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    let memory = numbers.get("functions.default-memory").expected * 1e6;
    for workload in &requirements.workloads {
        let mut path = ItemPath::new("workloads", &workload.name);
        assume(facts, path.key("kind"), "job", "a job unless stated");
        assume(facts, path.key("mode"), "async", "async unless stated");
        assume(facts, path.key("memory"), memory, "number functions.default-memory");
        assume(facts, path.key("interruptible"), false, "not interruptible unless stated");
    }
    for integration in &requirements.integrations {
        let mut path = ItemPath::new("integrations", &integration.name);
        assume(facts, path.key("mode"), "sync", "sync unless stated");
        assume(facts, path.key("critical"), false, "not critical unless stated");
    }
}

/// The one database that the summary of the existing system names.
fn existing_database(facts: &mut Facts, catalogue: &Catalogue) {
    let Some(summary) = facts.word("existing.summary").map(str::to_lowercase) else { return };
    let words: Vec<&str> = summary.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let known = catalogue.candidates("database");
    let mut named = known.filter(|technology| words.contains(&technology.id.as_str()));
    if let (Some(only), None) = (named.next(), named.next()) {
        assume(facts, "existing.database", only.id.as_str(), "named in existing.summary");
    }
}

/// Defaults that depend on other facts.
pub(super) fn dependent(facts: &mut Facts, catalogue: &Catalogue, requirements: &Requirements, numbers: &Numbers) {
    items(facts, requirements, numbers);
    existing_database(facts, catalogue);
    if let Some(growth) = facts.range("users.growth") {
        let months = horizon_months(facts);
        let factor = growth.map(|factor| grown(1.0, factor, months));
        let inputs = ["users.growth", "users.horizon"];
        facts.derive("users.horizon_factor", factor, "users.growth ^ months of users.horizon", &inputs);
    }
    if let Some(teams) = facts.number("team.teams") {
        assume(facts, "team.independent_releases", teams > 1.0, "team.teams > 1");
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
    let share = facts.range("traffic.peak").map(|peak| peak.scaled(1.0 / requirements.domains.len().max(1) as f64));
    for domain in &requirements.domains {
        let mut path = ItemPath::new("domains", &domain.name);
        if let Some(share) = share {
            assume(facts, path.key("peak"), share, "traffic.peak / number of domains");
        }
        for (key, from) in [("shape", "traffic.shape"), ("consistency", "data.consistency")] {
            if let Some(word) = facts.word(from).map(String::from) {
                assume(facts, path.key(key), word, "as the whole system");
            }
        }
        assume(facts, path.key("criticality"), "medium", "contract");
    }
}
