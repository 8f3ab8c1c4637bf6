//! What differs between two plans: stated facts, decisions, numbers, cost, tasks and findings.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::{Plan, Task};
use crate::facts::{Facts, Origin};
use crate::quantity::{Kind, Range, Value, human};

/// What differs, nothing where nothing does.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Difference {
    /// Facts that the requirements state.
    pub stated: Vec<Row>,
    /// The pattern, stage, overlays and the choice of every topic.
    pub decisions: Vec<Row>,
    /// Computed numbers.
    pub numbers: Vec<Number>,
    /// The bill of a month.
    pub cost: Vec<Row>,
    /// Checkboxes.
    pub tasks: Vec<TaskRow>,
    /// Findings that come or go.
    pub findings: Vec<Row>,
}

/// A value that differs, as people write it; none where it is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// What it is: a path, a topic, a component, a rule.
    pub what: String,
    /// Before.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
}

/// A number that differs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Number {
    /// Its path.
    pub path: String,
    /// The canonical unit.
    pub unit: &'static str,
    /// Before, in that unit; null when unknown.
    pub old: Json,
    /// After, in that unit; null when unknown.
    pub new: Json,
    /// Before, as people write it.
    #[serde(skip)]
    pub old_text: String,
    /// After, as people write it.
    #[serde(skip)]
    pub new_text: String,
    /// One of the numbers that people look at first.
    #[serde(skip)]
    pub first: bool,
}

/// A task that comes, goes or reads differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TaskRow {
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// Its id.
    pub id: String,
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Names of the fields that differ.
    pub fields: Vec<String>,
}

impl Difference {
    /// Whether anything differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let rows = [&self.stated, &self.decisions, &self.cost, &self.findings];
        rows.iter().all(|rows| rows.is_empty()) && self.numbers.is_empty() && self.tasks.is_empty()
    }
}

/// Numbers that people look at first, in the order in which they are shown.
pub const FIRST: [&str; 19] = [
    "users.monthly",
    "traffic.average",
    "traffic.peak",
    "traffic.seasonal_rate",
    "capacity.app.instances",
    "capacity.app.max_instances",
    "capacity.app.vcpu",
    "capacity.database.vcpu",
    "capacity.database.replicas",
    "capacity.database.shards",
    "capacity.database.pool_total",
    "data.horizon_size",
    "data.disk_horizon",
    "capacity.cache.memory",
    "capacity.broker.messages",
    "latency.own_p95",
    "availability.composed",
    "recovery.restore_time",
    "cost.monthly",
];

/// Compares two plans.
#[must_use]
pub fn between(old: &Plan, new: &Plan) -> Difference {
    Difference {
        stated: stated(&old.values, &new.values),
        decisions: decisions(old, new),
        numbers: numbers(&old.values, &new.values),
        cost: cost(old, new),
        tasks: tasks(&old.tasks, &new.tasks),
        findings: findings(old, new),
    }
}

/// Rows of two lists of named values, in the order of the first, then what only the second has.
#[must_use]
pub fn rows(old: &[(String, String)], new: &[(String, String)]) -> Vec<Row> {
    let of = |list: &[(String, String)], name: &str| {
        list.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
    };
    let added = new.iter().filter(|(name, _)| of(old, name).is_none());
    let names = old.iter().chain(added).map(|(name, _)| name);
    let row = |name: &String| Row { what: name.clone(), old: of(old, name), new: of(new, name) };
    names.map(row).filter(|row| row.old != row.new).collect()
}

fn stated(old: &Facts, new: &Facts) -> Vec<Row> {
    let list = |facts: &Facts| {
        let given = facts.iter().filter(|(_, fact)| matches!(fact.origin, Origin::Given { .. }));
        given.map(|(path, fact)| (path.to_string(), shown(fact.kind, &fact.value))).collect::<Vec<_>>()
    };
    rows(&list(old), &list(new))
}

fn shown(kind: Kind, value: &Value) -> String {
    match value {
        Value::Range(Range { low, expected, high }) => {
            format!("{} ({} to {})", human(kind, *expected), human(kind, *low), human(kind, *high))
        }
        Value::Number(number) => human(kind, *number),
        Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_string(),
        Value::Text(text) => text.to_string(),
        Value::List(words) => words.join(", "),
    }
}

/// Every answer of a plan by name, `none` for what is not needed.
#[must_use]
pub fn answers(plan: &Plan) -> Vec<(String, String)> {
    let mut out = vec![("pattern".to_string(), plan.decision.pattern.clone())];
    out.push(("stage".to_string(), format!("{} ({})", plan.stage.number, plan.stage.name)));
    let overlays: Vec<&str> = plan.decision.overlays.iter().map(|overlay| overlay.name.as_str()).collect();
    out.push(("overlays".to_string(), if overlays.is_empty() { "none".to_string() } else { overlays.join(", ") }));
    let choice = |choice: &Option<String>| choice.clone().unwrap_or_else(|| "none".to_string());
    out.extend(plan.selections.iter().map(|selection| (selection.topic.clone(), choice(&selection.choice))));
    let placed = plan.decision.placement.iter().filter_map(|placed| {
        let name = placed.domain.as_ref().map(|name| format!("domain {name}"));
        Some((
            name.or_else(|| placed.workload.as_ref().map(|name| format!("workload {name}")))?,
            placed.runs_as.clone(),
        ))
    });
    out.extend(placed);
    out
}

fn decisions(old: &Plan, new: &Plan) -> Vec<Row> {
    rows(&answers(old), &answers(new))
}

fn numbers(old: &Facts, new: &Facts) -> Vec<Number> {
    let numeric = |facts: &Facts| -> Vec<String> {
        let computed = facts.iter().filter(|(path, fact)| {
            fact.expected().is_some() && (FIRST.contains(path) || matches!(fact.origin, Origin::Derived { .. }))
        });
        computed.map(|(path, _)| path.to_string()).collect()
    };
    let mut paths: Vec<String> = FIRST.iter().map(ToString::to_string).collect();
    for path in numeric(old).into_iter().chain(numeric(new)) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths.into_iter().filter_map(|path| number(&path, old, new)).collect()
}

fn number(path: &str, old: &Facts, new: &Facts) -> Option<Number> {
    let (before, after) = (old.get(path), new.get(path));
    let value = |fact: Option<&crate::facts::Fact>| fact.map(|fact| fact.value.clone());
    if value(before) == value(after) {
        return None;
    }
    let kind = before.or(after)?.kind;
    let text =
        |fact: Option<&crate::facts::Fact>| fact.map_or_else(|| "unknown".to_string(), |fact| shown(kind, &fact.value));
    let (old_text, new_text) = (text(before), text(after));
    let first = FIRST.contains(&path) && old_text != new_text;
    let machine = |fact: Option<&crate::facts::Fact>| fact.map_or(Json::Null, |fact| fact.value.machine());
    Some(Number {
        path: path.to_string(),
        unit: kind.unit(),
        old: machine(before),
        new: machine(after),
        old_text,
        new_text,
        first,
    })
}

/// The total of a month, `unknown` when no line has a price.
#[must_use]
pub fn total(plan: &Plan) -> String {
    plan.cost.monthly.map_or_else(|| "unknown".to_string(), |monthly| shown(Kind::Money, &monthly.into()))
}

fn cost(old: &Plan, new: &Plan) -> Vec<Row> {
    let list = |plan: &Plan| {
        let mut out = vec![("total".to_string(), total(plan))];
        let mut sums: Vec<(String, Option<f64>)> = Vec::new();
        for line in &plan.cost.lines {
            let monthly = line.monthly.map(|monthly| monthly.expected);
            match sums.iter_mut().find(|(name, _)| *name == line.component) {
                Some((_, sum)) => *sum = sum.zip(monthly).map(|(a, b)| a + b),
                None => sums.push((line.component.clone(), monthly)),
            }
        }
        let text = |sum: Option<f64>| sum.map_or_else(|| "unknown".to_string(), |sum| human(Kind::Money, sum));
        out.extend(sums.into_iter().map(|(name, sum)| (name, text(sum))));
        out
    };
    rows(&list(old), &list(new))
}

fn tasks(old: &[Task], new: &[Task]) -> Vec<TaskRow> {
    let row = |task: &Task, change: &'static str, fields: Vec<String>| TaskRow {
        change,
        id: task.id.clone(),
        key: task.key.clone(),
        title: task.title.clone(),
        fields,
    };
    let find = |list: &'_ [Task], key: &str| list.iter().position(|task| task.key == key);
    let mut out: Vec<TaskRow> = Vec::new();
    out.extend(new.iter().filter(|task| find(old, &task.key).is_none()).map(|task| row(task, "added", Vec::new())));
    out.extend(old.iter().filter(|task| find(new, &task.key).is_none()).map(|task| row(task, "removed", Vec::new())));
    for task in new {
        let Some(before) = find(old, &task.key).and_then(|at| old.get(at)) else { continue };
        let fields = changed(before, task);
        if !fields.is_empty() {
            out.push(row(task, "changed", fields));
        }
    }
    out
}

fn changed(old: &Task, new: &Task) -> Vec<String> {
    let mut out = Vec::new();
    if old.title != new.title {
        out.push("title".to_string());
    }
    out.extend(rows(&old.fields, &new.fields).into_iter().map(|row| row.what));
    let proofs = |task: &Task| -> Vec<(String, String)> {
        task.done_when.iter().map(|done| (done.kind.clone(), done.what.clone())).collect()
    };
    if proofs(old) != proofs(new) {
        out.push("Done when".to_string());
    }
    out
}

fn findings(old: &Plan, new: &Plan) -> Vec<Row> {
    let list = |plan: &Plan| {
        let speaking = plan.findings.iter().filter(|finding| finding.severity != "info");
        speaking
            .map(|finding| (format!("{} {}", finding.rule, finding.name), finding.message.clone()))
            .collect::<Vec<_>>()
    };
    rows(&list(old), &list(new))
}
