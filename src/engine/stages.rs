//! Stages and growth: the stage by users, what opens the next, the forecast, and what breaks first at 10, 100 and 1,000 times the load.

use serde::Serialize;

use super::cost::StageCost;
use super::formulas::months_until;
use super::inputs::horizon_months;
use super::limits::{self, Limit, Step};
use super::{Core, Model, Numbers, explained, targets};
use crate::catalogue::Catalogue;
use crate::facts::{Fact, Facts};
use crate::quantity::{Kind, Range, human};
use crate::text::plural;

/// The stage with its outlook.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StageView {
    /// 1 to 5.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// Monthly users.
    pub users: Option<Range>,
    /// What opens the next stage.
    pub opens_when: Option<String>,
    /// What later stages bring and this one does not.
    pub not_yet: Vec<String>,
    /// Months in which bounds are reached.
    pub forecast: Vec<Forecast>,
    /// The design at multiples of the load.
    pub growth: Vec<Growth>,
    /// What breaks first: every limit of the design, the nearest first.
    pub limits: Vec<Limit>,
    /// The order in which the store is enlarged.
    pub steps: Vec<Step>,
    /// Load, data and cost by month to the horizon; empty without stated growth.
    pub months: Vec<Month>,
}

/// A month on the way to the horizon.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    /// Months from now.
    pub month: f64,
    /// Monthly users then.
    pub users: f64,
    /// Peak in requests per second.
    pub peak_rps: f64,
    /// Data in bytes, files not included.
    pub data_bytes: f64,
    /// Cost in US dollars: fixed lines stay, the others grow with the users.
    pub cost: Option<f64>,
}

/// A bound reached.
#[derive(Clone, Debug, Serialize)]
pub struct Forecast {
    /// Months from now; `null` beyond the horizon.
    pub month: f64,
    /// What grows.
    pub what: String,
    /// Its value then, as people write it.
    pub value: String,
    /// The bound, as people write it.
    pub limit: String,
}

/// The design at a multiple of the load.
#[derive(Clone, Debug, Serialize)]
pub struct Growth {
    /// 10, 100 or 1000.
    pub factor: u32,
    /// Peak in requests per second.
    pub peak_rps: f64,
    /// The pattern then.
    pub pattern: String,
    /// The stage then.
    pub stage: u8,
    /// Instances then.
    pub app_instances: f64,
    /// The database then, in words.
    pub database: String,
    /// Copies to read from then.
    #[serde(skip)]
    pub replicas: f64,
    /// Parts of the database then.
    #[serde(skip)]
    pub shards: f64,
    /// Cost of a month then.
    pub monthly_cost: Option<f64>,
    /// What today's design runs out of first.
    pub breaks_first: Option<Breaks>,
    /// Keys of the tasks that move it; ids in the plan.
    pub tasks: Vec<String>,
}

/// What runs out.
#[derive(Clone, Debug, Serialize)]
pub struct Breaks {
    /// The part.
    pub what: &'static str,
    /// What the load needs, as people write it.
    pub value: String,
    /// What the design has, as people write it.
    pub limit: String,
    /// Needed over had.
    pub because: String,
}

/// Puts the stage by monthly users; bounds are inclusive below.
pub(super) fn place(facts: &mut Facts, catalogue: &Catalogue) {
    let users = facts.number("users.monthly").unwrap_or(0.0);
    let stage = catalogue.stages.iter().rev().find(|stage| users >= stage.users_from).or(catalogue.stages.first());
    if let Some(stage) = stage {
        facts.derive(
            "stage.number",
            f64::from(stage.number),
            "last stage whose lower bound users.monthly reaches",
            &["users.monthly"],
        );
        facts.derive("stage.name", stage.name.clone(), "name of the stage", &["stage.number"]);
    }
}

/// Multiples of the load at which the design is computed.
const FACTORS: [u32; 3] = [10, 100, 1000];

/// The stage with growth computed by re-running the engine, and all values at ten times the load. Unless what lies ahead is asked for, the
/// only growth is the one that the headroom is held against.
pub(super) fn view(model: &Model, given: &Facts, core: &Core, ahead: bool) -> (StageView, Option<Facts>) {
    let facts = &core.facts;
    let number = facts.number("stage.number").unwrap_or(1.0);
    let stages = &model.catalogue.stages;
    let here = stages.iter().find(|stage| (f64::from(stage.number) - number).abs() < 0.5);
    let next = stages.iter().find(|stage| (f64::from(stage.number) - number - 1.0).abs() < 0.5);
    let later = stages.iter().filter(|stage| f64::from(stage.number) > number + 0.5);
    let absent = later.flat_map(|stage| &stage.components).filter(|component| !component.there.holds(facts, None));
    let not_yet = absent.map(|component| component.name.clone()).collect();
    let limits = limits::all(model, core);
    let headroom = FACTORS.into_iter().find(|factor| f64::from(*factor) >= targets::wanted_headroom(facts));
    let factors = FACTORS.into_iter().filter(|factor| ahead || Some(*factor) == headroom);
    let (growth, later): (Vec<Growth>, Vec<Facts>) = factors.map(|factor| growth(model, given, core, factor)).unzip();
    let view = StageView {
        number: here.map_or(1, |stage| stage.number),
        name: here.map(|stage| stage.name.clone()).unwrap_or_default(),
        users: facts.range("users.monthly"),
        opens_when: next.map(|stage| explained(&stage.opens_when, facts, None)),
        not_yet,
        forecast: forecast(model, facts, &limits),
        months: months(core),
        steps: limits::steps(model, facts, &growth),
        limits,
        growth,
    };
    (view, later.into_iter().next())
}

/// Months in which the stated growth reaches the next stages and the limits of the database, within the horizon.
fn forecast(model: &Model, facts: &Facts, limits: &[Limit]) -> Vec<Forecast> {
    let months = horizon_months(facts);
    let (Some(growth), Some(users)) = (facts.number("users.growth"), facts.number("users.monthly")) else {
        return Vec::new();
    };
    if growth <= 1.0 || users <= 0.0 {
        return Vec::new();
    }
    let mut out = Vec::new();
    for stage in model.catalogue.stages.iter().filter(|stage| stage.users_from > users) {
        if let Some(month) = months_until(users, stage.users_from, growth).filter(|month| *month <= months) {
            let limit = human(Kind::Count, stage.users_from);
            out.push(Forecast {
                month: month.ceil(),
                what: format!("stage {}: {}", stage.number, stage.name),
                value: limit.clone(),
                limit,
            });
        }
    }
    let reached = limits.iter().filter_map(|limit| Some((limit, limit.month?)));
    out.extend(reached.map(|(limit, month)| Forecast {
        month,
        what: limit.what.clone(),
        value: limit.limit.clone(),
        limit: limit.limit.clone(),
    }));
    out.sort_by(|a, b| a.month.total_cmp(&b.month));
    out
}

/// Every month to the horizon under the stated growth of users.
fn months(core: &Core) -> Vec<Month> {
    let facts = &core.facts;
    let horizon = horizon_months(facts);
    let Some(growth) = facts.number("users.growth").filter(|growth| *growth > 0.0) else { return Vec::new() };
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let cost = core.cost.monthly.filter(|_| core.cost.unknown.is_empty());
    let most = facts.number("data.horizon_size").unwrap_or(f64::INFINITY);
    let mut out = Vec::new();
    let mut month = 1.0;
    while month <= horizon + 1e-9 && month <= MOST_MONTHS {
        let factor = growth.powf(month);
        out.push(Month {
            month,
            users: number("users.monthly") * factor,
            peak_rps: number("traffic.peak") * factor,
            // What is deleted by age does not pile up.
            data_bytes: (number("data.size") + number("data.growth") * month).min(most),
            cost: cost.map(|_| super::cost::at_month(facts, &core.cost.lines, month)),
        });
        month += 1.0;
    }
    out
}

/// Months that a forecast lists at most: ten years.
pub(super) const MOST_MONTHS: f64 = 120.0;

/// Stated loads and volumes that grow with the number of users; `now` is the design of today.
pub(super) fn scaled(given: &Facts, now: &Facts, factor: f64) -> Facts {
    let mut out = given.clone();
    if let Some(class) = now.word("capacity.app.class").filter(|_| now.is_stated("traffic.requests_per_instance")) {
        // What one instance was measured to serve holds for the size that is bought today.
        let formula = "size class of today, for which traffic.requests_per_instance is stated";
        out.derive("capacity.app.measured_class", class, formula, &["traffic.requests_per_instance"]);
    }
    let whole = [
        "users.monthly",
        "users.daily",
        "users.concurrent",
        "traffic.average",
        "traffic.peak",
        "traffic.long_lived_connections",
        "data.size",
        "data.growth",
        "data.files.size",
        "data.files.growth",
    ];
    for (path, fact) in given.iter() {
        let domain_peak = path.starts_with("domains[") && path.ends_with("].peak");
        if let Some(range) = fact.range().filter(|_| whole.contains(&path) || domain_peak) {
            out.put(path, Fact { value: range.scaled(factor).into(), ..fact.clone() });
        }
    }
    out
}

/// The bill at this stage and at the lower bound of every later one, by re-running the engine.
pub(super) fn costs(model: &Model, given: &Facts, here: u8, facts: &Facts, now: Option<Range>) -> Vec<StageCost> {
    let users = facts.number("users.monthly").unwrap_or(0.0);
    let later = model.catalogue.stages.iter().filter(|stage| stage.number > here && users > 0.0);
    let at = |stage: &crate::catalogue::Stage| {
        let then = super::core(model, scaled(given, facts, stage.users_from / users));
        StageCost { stage: stage.number, monthly: then.cost.monthly.filter(|_| then.cost.unknown.is_empty()) }
    };
    std::iter::once(StageCost { stage: here, monthly: now }).chain(later.map(at)).collect()
}

fn growth(model: &Model, given: &Facts, now: &Core, factor: u32) -> (Growth, Facts) {
    let times = f64::from(factor);
    let then = super::core(model, scaled(given, &now.facts, times));
    let facts = &then.facts;
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let breaks_first = breaks(&now.facts, facts, &model.numbers);
    let database = format!(
        "{}, {:.0} vCPU, {}, {}",
        facts.human("selection.database.name"),
        number("capacity.database.vcpu"),
        plural::count(number("capacity.database.replicas"), "replica"),
        plural::count(number("capacity.database.shards"), "shard")
    );
    let view = Growth {
        factor,
        peak_rps: number("traffic.peak"),
        pattern: facts.word("decision.pattern").unwrap_or_default().to_string(),
        stage: then.stage(),
        app_instances: number("capacity.app.instances"),
        database,
        replicas: number("capacity.database.replicas"),
        shards: number("capacity.database.shards"),
        monthly_cost: then.cost.monthly.map(|monthly| monthly.expected),
        tasks: breaks_first.as_ref().map(|found| tasks(found.what)).unwrap_or_default(),
        breaks_first,
    };
    (view, then.facts)
}

/// Keys of tasks that move a limit.
fn tasks(what: &str) -> Vec<String> {
    let keys: &[&str] = match what {
        "application instances" => &["task.perf.autoscaling", "plan.compute", "item.app"],
        "connections of the database" => &["task.perf.pools", "plan.data"],
        "vCPU of the database" | "disk of the database" => &["plan.data", "item.component.database"],
        "concurrent functions" => &["plan.compute"],
        _ => &["item.component.cache", "plan.data"],
    };
    keys.iter().map(ToString::to_string).collect()
}

/// Of today's parts the one that the later load exceeds most.
fn breaks(now: &Facts, then: &Facts, numbers: &Numbers) -> Option<Breaks> {
    let number = |facts: &Facts, path: &str| facts.number(path).unwrap_or(0.0);
    let planned = numbers.get("db.target-utilisation").expected;
    let whole = |value: f64| human(Kind::Number, value.ceil());
    let used = number(now, "capacity.database.utilisation");
    let load = number(then, "capacity.database.single_vcpu") / number(now, "capacity.database.single_vcpu").max(1e-9)
        * used
        / planned
        * number(now, "capacity.database.vcpu");
    let serverless = now.word("decision.pattern") == Some("serverless");
    let mut rows = vec![
        ("vCPU of the database", load, number(now, "capacity.database.vcpu"), Kind::Number),
        (
            "connections of the database",
            number(then, "capacity.database.pool_total"),
            number(now, "capacity.database.connection_limit") * numbers.get("db.connection-share").expected,
            Kind::Number,
        ),
        (
            "disk of the database",
            number(then, "data.disk_horizon"),
            numbers.get("db.max-storage-tb").expected * 1e12 * number(now, "capacity.database.shards").max(1.0),
            Kind::Size,
        ),
    ];
    if serverless {
        rows.push((
            "concurrent functions",
            number(then, "functions.concurrency"),
            number(now, "functions.reserved"),
            Kind::Number,
        ));
    } else {
        rows.push((
            "application instances",
            number(then, "capacity.app.max_instances"),
            number(now, "capacity.app.max_instances"),
            Kind::Number,
        ));
    }
    let worst = rows
        .into_iter()
        .filter(|row| row.2 > 0.0 && row.1 > row.2)
        .max_by(|a, b| (a.1 / a.2).total_cmp(&(b.1 / b.2)))?;
    let (what, value, limit, kind) = worst;
    let show = |value: f64| if kind == Kind::Size { human(kind, value) } else { whole(value) };
    Some(Breaks {
        what,
        value: show(value),
        limit: show(limit),
        because: format!("{:.1} times what the design has", value / limit),
    })
}
