//! What breaks first: every limit of today's design, how far today's highest peak is from it, and what moves it.
//!
//! A limit is a number against a number; nothing here decides.

use serde::Serialize;
use serde_json::Value;

use super::formulas::{months_linear, months_until};
use super::inputs::horizon_months;
use super::stages::{Growth, MOST_MONTHS};
use super::{Core, Model};
use crate::facts::Facts;
use crate::quantity::{Kind, human};

/// A limit of today's design.
#[derive(Clone, Debug, Serialize)]
pub struct Limit {
    /// The part.
    pub what: String,
    /// What the highest peak needs today, as people write it.
    pub value: String,
    /// What the design has, as people write it.
    pub limit: String,
    /// Share of the limit that is needed today.
    #[serde(skip)]
    pub used: f64,
    /// Times today's load, or today's data, at which the limit is reached.
    pub factor: f64,
    /// Month in which the stated growth reaches it; none when it is passed today, without growth or beyond the horizon.
    pub month: Option<f64>,
    /// The formula.
    pub because: String,
    /// What moves it.
    pub step: String,
    /// Keys of the tasks that move it; ids in the plan.
    pub tasks: Vec<String>,
}

/// A step of the order in which a store is enlarged.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// `index`, `pool`, `scale up`, `replica`, `partition` or `shard`.
    pub step: &'static str,
    /// Times today's load at which it is due; none when the order never reaches it within a thousand times.
    pub factor: Option<f64>,
    /// The number against its limit.
    pub because: String,
}

/// What a limit grows with.
#[derive(Clone, Copy)]
enum Driver {
    /// The number of users.
    Load,
    /// The bytes stored: per month.
    Data(f64),
    /// The lines of the bill, each by what it follows: times today's load, and the month.
    Bill(f64, Option<f64>),
}

struct Row {
    what: &'static str,
    now: f64,
    limit: f64,
    kind: Kind,
    driver: Driver,
    because: &'static str,
    step: &'static str,
    tasks: &'static [&'static str],
}

/// All limits, the nearest first.
pub(super) fn all(model: &Model, core: &Core) -> Vec<Limit> {
    let facts = &core.facts;
    let mut rows = store(model, facts);
    rows.extend(compute(model, facts));
    rows.extend(between(model, facts));
    rows.extend(money(core));
    let horizon = horizon_months(facts);
    let growth = facts.number("users.growth").unwrap_or(1.0);
    let known = rows.into_iter().filter(|row| row.now > 0.0 && row.limit > 0.0 && row.limit.is_finite());
    let mut out: Vec<Limit> = known.map(|row| said(&row, growth, horizon)).collect();
    out.sort_by(|a, b| a.factor.total_cmp(&b.factor));
    out
}

fn said(row: &Row, growth: f64, horizon: f64) -> Limit {
    let show = |value: f64| match row.kind {
        Kind::Number => human(Kind::Number, (value * 10.0).ceil() / 10.0),
        kind => human(kind, value),
    };
    let month = match row.driver {
        Driver::Load => months_until(row.now, row.limit, growth),
        Driver::Data(per_month) => months_linear(row.now, row.limit, per_month),
        Driver::Bill(_, month) => month,
    };
    let factor = match row.driver {
        Driver::Bill(factor, _) => factor,
        _ => row.limit / row.now,
    };
    Limit {
        what: row.what.to_string(),
        value: show(row.now),
        limit: show(row.limit),
        used: row.now / row.limit,
        factor,
        month: month.map(f64::ceil).filter(|month| *month >= 1.0 && *month <= horizon),
        because: row.because.to_string(),
        step: row.step.to_string(),
        tasks: row.tasks.iter().map(ToString::to_string).collect(),
    }
}

fn number(facts: &Facts, path: &str) -> f64 {
    facts.number(path).unwrap_or(0.0)
}

fn store(model: &Model, facts: &Facts) -> Vec<Row> {
    let numbers = &model.numbers;
    let planned = numbers.get("db.target-utilisation").expected;
    let shards = number(facts, "capacity.database.shards").max(1.0);
    let row = |what, now, limit, kind, because, step| Row {
        what,
        now,
        limit,
        kind,
        driver: Driver::Load,
        because,
        step,
        tasks: &["plan.data", "item.component.database"],
    };
    let mut rows = vec![
        row(
            "CPU of the database",
            number(facts, "capacity.database.utilisation"),
            planned,
            Kind::Share,
            "utilisation at the highest peak against the planned one",
            "a larger primary, then replicas",
        ),
        row(
            "connections of the database",
            number(facts, "capacity.database.pool_total"),
            number(facts, "capacity.database.connection_limit") * numbers.get("db.connection-share").expected,
            Kind::Number,
            "pools of all instances during a deployment against the share of the limit that pools may take",
            "a pooler in front of the primary",
        ),
        row(
            "disk operations of the database",
            number(facts, "capacity.database.copy_iops"),
            number(facts, "capacity.database.iops_limit"),
            Kind::Number,
            "reads that miss memory and operations of writes on the busiest copy, against what its disk gives",
            // Where operations are sold beside the volume, the limit is what can be bought.
            if facts.number("capacity.database.iops_paid").is_some() {
                "more memory, then split by function"
            } else {
                "more memory, then provisioned operations"
            },
        ),
        row(
            "vCPU of the writes of one primary",
            number(facts, "capacity.database.write_vcpu") / shards,
            numbers.get("db.largest-vcpu").expected,
            Kind::Number,
            "vCPU that the writes need against the largest primary that is planned",
            "split by function, then shards",
        ),
    ];
    rows.push(disk(facts, numbers.get("db.max-storage-tb").expected * 1e12 * shards));
    rows
}

/// Grows with the months, not with the load.
fn disk(facts: &Facts, limit: f64) -> Row {
    let ratio = number(facts, "data.disk_horizon") / number(facts, "data.horizon_size").max(1.0);
    Row {
        what: "disk of the database",
        now: number(facts, "storage.copy_now"),
        limit,
        kind: Kind::Size,
        driver: Driver::Data(number(facts, "data.growth") * ratio),
        because: "one copy with indexes, bloat, log and free space against the largest volume",
        step: "partitions and archive, then shards",
        tasks: &["task.perf.data-growth", "plan.data.partitioning", "plan.data"],
    }
}

fn compute(model: &Model, facts: &Facts) -> Vec<Row> {
    if facts.word("decision.pattern") == Some("serverless") {
        return vec![Row {
            what: "concurrent functions",
            now: number(facts, "functions.concurrency"),
            limit: number(facts, "functions.reserved"),
            kind: Kind::Number,
            driver: Driver::Load,
            because: "requests and runs at the same time against the ceiling that keeps the database within its connections",
            step: "a higher ceiling in `deploy/`, after the connections of the database",
            tasks: &["plan.compute"],
        }];
    }
    let most = number(facts, "capacity.app.max_instances");
    let mut rows = vec![Row {
        what: "application instances",
        now: number(facts, "traffic.seasonal_rate"),
        limit: most * number(facts, "capacity.app.rps_per_instance"),
        kind: Kind::Rate,
        driver: Driver::Load,
        because: "the highest peak against what the largest number of instances serves that the scaling rule may start",
        step: "a higher maximum in `deploy/`, after the pools are sized for it",
        tasks: &["task.perf.autoscaling", "plan.compute", "item.app"],
    }];
    let held = number(facts, "traffic.long_lived_connections");
    rows.push(Row {
        what: "long-lived connections",
        now: held,
        limit: most * model.numbers.get("conn.per-node").expected,
        kind: Kind::Number,
        driver: Driver::Load,
        because: "connections held at peak against what the instances hold",
        step: "nodes of their own for connections",
        tasks: &["item.component.realtime", "plan.compute"],
    });
    rows
}

/// A number of the chosen technology of a topic.
fn attribute(model: &Model, facts: &Facts, topic: &str, name: &str) -> f64 {
    super::select::attribute(facts, model.catalogue, topic, name).and_then(Value::as_f64).unwrap_or(0.0)
}

/// Cache, broker and gateway.
fn between(model: &Model, facts: &Facts) -> Vec<Row> {
    let nodes = number(facts, "capacity.cache.shards");
    let has_cache = facts.words("overlays").iter().any(|id| id == "cache");
    vec![
        Row {
            what: "memory of the cache",
            now: if has_cache { number(facts, "capacity.cache.memory") } else { 0.0 },
            limit: nodes * number(facts, "capacity.cache.node_memory"),
            kind: Kind::Size,
            driver: Driver::Load,
            because: "hot keys against the memory of the planned nodes",
            step: "a larger node, or a shorter time to live",
            tasks: &["item.component.cache", "task.perf.cache-measure"],
        },
        Row {
            what: "messages of the broker",
            now: number(facts, "capacity.broker.messages"),
            limit: attribute(model, facts, "broker", "messages_max"),
            kind: Kind::Rate,
            driver: Driver::Load,
            because: "messages at peak against what the chosen broker is planned for",
            step: "partitions, then a log instead of a queue",
            tasks: &["plan.messaging", "item.component.broker"],
        },
        Row {
            what: "requests of the API gateway",
            now: number(facts, "traffic.seasonal_rate"),
            limit: attribute(model, facts, "api-gateway", "max_rps").min(number(facts, "capacity.gateway.throttle")),
            kind: Kind::Rate,
            driver: Driver::Load,
            because: "requests at the highest peak against the throttle that is set",
            step: "a higher throttle in `deploy/`, within the account's",
            tasks: &["item.component.gateway", "plan.api"],
        },
    ]
}

/// Lines that do not follow the load stay, as in the months of the forecast. A bill that nothing moves reaches no budget.
fn money(core: &Core) -> Vec<Row> {
    let facts = &core.facts;
    let budget = facts.number("budget.monthly").filter(|_| facts.is_stated("budget.monthly"));
    let cost = core.cost.monthly.map(|monthly| monthly.expected).filter(|_| core.cost.unknown.is_empty());
    let (Some(limit), Some(now)) = (budget, cost) else { return Vec::new() };
    let fixed = core.cost.lines.iter().filter(|line| line.basis == "fixed");
    let stays: f64 = fixed.filter_map(|line| line.monthly).map(|monthly| monthly.expected).sum();
    let passed = now >= limit;
    if !passed && stays >= now {
        return Vec::new();
    }
    let factor = if passed { limit / now } else { (limit - stays) / (now - stays) };
    let grows = facts.number("users.growth").is_some_and(|growth| growth > 1.0) && !passed;
    let mut months = (1..=horizon_months(facts).min(MOST_MONTHS) as u32).map(f64::from);
    let month = months.find(|month| grows && super::cost::at_month(facts, &core.cost.lines, *month) >= limit);
    vec![Row {
        what: "budget",
        now,
        limit,
        kind: Kind::Money,
        driver: Driver::Bill(factor, month),
        because: "infrastructure of a month against the stated budget; fixed lines of the bill stay, the others grow",
        step: "the levers of the cost section",
        tasks: &["task.ops.budget"],
    }]
}

/// The order in which the store is enlarged, with the load at which each step is due.
pub(super) fn steps(model: &Model, facts: &Facts, growth: &[Growth]) -> Vec<Step> {
    let numbers = &model.numbers;
    let planned = numbers.get("db.target-utilisation").expected;
    let (used, vcpu) =
        (number(facts, "capacity.database.utilisation"), number(facts, "capacity.database.vcpu").max(1.0));
    let pools = number(facts, "capacity.database.connection_limit") * numbers.get("db.connection-share").expected;
    let data = number(facts, "data.horizon_size");
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    vec![
        step("index", Some(1.0), "every declared query and reference has one from the first migration".into()),
        step(
            "pool",
            over(pools, number(facts, "capacity.database.pool_total")).map(|factor| factor.max(1.0)),
            format!("{:.0} of {pools:.0} connections", number(facts, "capacity.database.pool_total")),
        ),
        step(
            "scale up",
            over(planned, used),
            format!("{} of {vcpu:.0} vCPU against {}", percent(used), percent(planned)),
        ),
        replica(model, facts, growth),
        step(
            "partition",
            over(1e12, data).map(|factor| factor.max(1.0)),
            format!("{} at the horizon against 1 TB", human(Kind::Size, data)),
        ),
        shard(model, facts, growth),
    ]
}

fn step(step: &'static str, factor: Option<f64>, because: String) -> Step {
    Step { step, factor: factor.map(reached).filter(|factor| *factor <= 1000.0), because }
}

fn over(limit: f64, now: f64) -> Option<f64> {
    (now > 0.0).then(|| limit / now)
}

/// The least of the multiples at which a limit is reached, and of those at which the growth table has taken the step already.
fn first(reached: &[Option<f64>], growth: &[Growth], taken: impl Fn(&Growth) -> bool) -> Option<f64> {
    let designed = growth.iter().find(|growth| taken(growth)).map(|growth| f64::from(growth.factor));
    reached.iter().copied().chain([designed]).flatten().min_by(f64::total_cmp)
}

fn replica(model: &Model, facts: &Facts, growth: &[Growth]) -> Step {
    let largest = model.numbers.get("db.largest-vcpu").expected;
    let needed = number(facts, "capacity.database.single_vcpu");
    let vcpu = over(largest, needed);
    let mut due = first(&[vcpu], growth, |growth| growth.replicas > 0.0);
    if number(facts, "capacity.database.replicas") > 0.0 {
        due = Some(1.0);
    }
    let spared = due.is_some_and(|due| vcpu.is_none_or(|vcpu| due < vcpu));
    let because = if spared { "reads that the primary is spared; its CPU: " } else { "" };
    step("replica", due, format!("{because}{needed:.1} vCPU needed of {largest:.0} in one primary"))
}

fn shard(model: &Model, facts: &Facts, growth: &[Growth]) -> Step {
    let largest = model.numbers.get("db.largest-vcpu").expected;
    let volume = model.numbers.get("db.max-storage-tb").expected * 1e12;
    let (writes, disk) = (number(facts, "capacity.database.write_vcpu"), number(facts, "data.disk_horizon"));
    let mut due = first(&[over(largest, writes), over(volume, disk)], growth, |growth| growth.shards > 1.0);
    if number(facts, "capacity.database.shards") > 1.0 {
        due = Some(1.0);
    }
    let [disk, volume] = [disk, volume].map(|bytes| human(Kind::Size, bytes));
    step(
        "shard",
        due,
        format!("{writes:.1} vCPU for writes of {largest:.0}, {disk} of {volume} on disk at the horizon"),
    )
}

/// A multiple of the load as it is printed: in tenths and rounded down, since a limit must not look farther than it is.
#[must_use]
pub fn reached(factor: f64) -> f64 {
    // What is a tenth on paper may be a hair below it in binary.
    (factor * 10.0 + 1e-6).floor() / 10.0
}
