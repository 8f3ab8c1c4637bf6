//! The section System Architecture with its nine headings.

use super::view::view;
use super::work::{self, Marks};
use serde_json::Value as Json;

use super::{Depth, Page, escape, money, percent, whole};
use crate::facts::Facts;
use crate::quantity::{Kind, Range, human, per_second};
use crate::text::markdown::{code, prose};
use crate::text::plural::count;

pub(super) fn view(page: &Page, marks: &Marks) -> Json {
    let (plan, facts) = (page.plan, &page.plan.values);
    let word = |path: &str| facts.human(path);
    let slowest = plan
        .latency
        .path
        .iter()
        .map(|hop| format!("{} {} ms", prose(&hop.said()), hop.p95_ms))
        .collect::<Vec<_>>()
        .join(" + ");
    let rate = |path: &str| side_by_side(facts, path);
    view!({
        "scale": format!("{} monthly users, {} at the same time; {} on average, {} at peak ({} reads, {} writes)", word("users.monthly"), word("users.concurrent"), rate("traffic.average"), rate("traffic.peak"), rate("traffic.reads_rate"), rate("traffic.writes_rate")),
        "availability": format!("{} wanted, {} composed of {}", percent(plan.availability.target), percent(plan.availability.composed), super::limits::parts(page)),
        "latency": format!("p95 {} wanted, {} ms on the slowest path: {slowest}", word("targets.p95"), (plan.latency.total_p95_ms * 10.0).round() / 10.0),
        "figure": figure(page, "system"),
        "mermaid": mermaid(page, "system"),
        "figures": figures(page),
        "components": components(page),
        "entities": entities(page),
        "endpoints": endpoints(page),
        "capacity": capacity(page),
        "approach": approach(page),
        "path": super::limits::path(page),
        "retries": super::limits::retries(page),
        "limits": super::limits::limits(page),
        "steps": super::limits::steps(page),
        "months": super::limits::months(page),
        "growth": growth(page),
        "outlook": outlook(page),
        "layers": layers(page, marks),
        "tradeoffs": tradeoffs(page),
        "phases": phases(page),
    })
}

/// What a brief plan prints of it.
pub(super) fn brief(page: &Page, marks: &Marks) -> Json {
    view!({ "figure": figure(page, "system"), "mermaid": mermaid(page, "system"), "layers": layers(page, marks) })
}

pub(super) fn figure(page: &Page, name: &str) -> String {
    page.plan.diagrams.iter().find(|figure| figure.name == name).map(|figure| figure.text.clone()).unwrap_or_default()
}

fn mermaid(page: &Page, name: &str) -> Vec<String> {
    page.plan
        .diagrams
        .iter()
        .find(|figure| figure.name == name)
        .map(|figure| blocks(&figure.mermaid))
        .unwrap_or_default()
}

fn blocks(mermaid: &[String]) -> Vec<String> {
    mermaid.iter().map(|block| block.trim_end().to_string()).collect()
}

/// Figures by need, under the section that they belong to.
fn figures(page: &Page) -> Json {
    let of = |section: &str| {
        let here = page.plan.diagrams.iter().filter(|figure| figure.section == section);
        Json::Array(
            here.map(|figure| {
                view!({"name": &figure.name, "title": &figure.title, "text": &figure.text, "mermaid": blocks(&figure.mermaid)})
            })
            .collect(),
        )
    };
    let sections = ["requirements", "diagram", "scaling", "migration", "priority", "cost"];
    Json::Object(sections.into_iter().map(|section| (section.to_string(), of(section))).collect())
}

/// Topics that stand in the table of components: things that run.
const RUNNING: [&str; 18] = [
    "cdn",
    "api-gateway",
    "load-balancer",
    "compute",
    "orchestrator",
    "framework",
    "database",
    "document-store",
    "key-value-store",
    "wide-column-store",
    "time-series-store",
    "graph-store",
    "analytics-store",
    "cache",
    "broker",
    "search",
    "object-storage",
    "observability",
];

fn components(page: &Page) -> Vec<Json> {
    let compact = super::compact(page);
    // What comes with the platform or the language is no component of its own where little is asked for.
    let running = RUNNING.iter().filter(|topic| !(compact && matches!(**topic, "framework" | "orchestrator")));
    let chosen = running.filter_map(|topic| {
        page.plan.selections.iter().find(|selection| selection.topic == *topic && selection.choice.is_some())
    });
    let mut rows: Vec<(String, String, String)> = Vec::new();
    for selection in chosen.filter(|selection| selection.choice.as_deref() != Some("none")) {
        let doc =
            page.catalogue.topics.iter().find(|topic| topic.id == selection.topic).map(|topic| topic.doc.as_str());
        let why = doc.unwrap_or_default().split(". ").next().unwrap_or_default().trim_end_matches('.').to_string();
        let offer = selection.offer.clone().unwrap_or_default();
        // One product that answers two topics runs once.
        match rows.iter_mut().find(|(_, technology, _)| *technology == offer) {
            Some((name, _, purpose)) => {
                name.push_str(&format!(", {}", selection.title.to_lowercase()));
                purpose.push_str(&format!("; {why}"));
            }
            None => rows.push((selection.title.clone(), offer, why)),
        }
    }
    rows.into_iter()
        .map(|(name, technology, purpose)| view!({"name": name, "technology": prose(&technology), "purpose": escape(&purpose)}))
        .collect()
}

fn entities(page: &Page) -> Vec<Json> {
    let facts = &page.plan.values;
    page.requirements
        .entities
        .iter()
        .map(|entity| {
            let get = |key: &str| facts.human(&format!("entities[{}].{key}", entity.name));
            let rows = get("rows");
            let horizon = get("horizon_rows");
            let size = if horizon.is_empty() { "rows not stated".to_string() } else { format!("{rows} now, {horizon} after {}, {}", facts.human("users.horizon"), get("horizon_size")) };
            view!({"table": code(&get("table")), "fields": entity.fields.len() + 3, "keys": get("keys_text"), "indexes": get("indexes_text"), "size": size})
        })
        .collect()
}

/// Stated endpoints, then the five or six of every entity.
fn endpoints(page: &Page) -> Vec<Json> {
    let facts = &page.plan.values;
    let version = if facts.word("api.versioning").unwrap_or("uri") == "uri" { "/api/v1" } else { "/api" };
    let mut out: Vec<Json> = page
        .requirements
        .api
        .endpoints
        .iter()
        .map(|endpoint| {
            let auth = match endpoint.auth {
                Some(false) => "; no authentication",
                _ => "; authenticated",
            };
            let purpose = endpoint.summary.as_deref().map_or_else(|| "stated".to_string(), prose);
            view!({"path": code(&endpoint.path), "method": code(&endpoint.method), "purpose": format!("{purpose}{auth}")})
        })
        .collect();
    if let Some(path) = facts.word("api.sign_in_path") {
        out.push(view!({"path": code(path), "method": "POST, GET, DELETE", "purpose": "sign in, no authentication; who has signed in, with the token for changes; sign out (204)"}));
    }
    let rest = facts.words("api.styles").is_empty() || facts.words("api.styles").iter().any(|style| style == "rest");
    for entity in page.requirements.entities.iter().filter(|_| rest) {
        let path = format!("{version}/{}", facts.human(&format!("entities[{}].table", entity.name)).replace('_', "-"));
        let name = prose(&entity.name);
        let paging = facts.word("api.pagination").unwrap_or("auto");
        let paging = match (paging, facts.number("stage.number").unwrap_or(1.0) >= 3.0) {
            ("auto", true) => "cursor",
            ("auto", false) => "offset",
            (stated, _) => stated,
        };
        out.push(view!({"path": code(&path), "method": "GET, POST", "purpose": format!("list {name} ({paging} pages, filter and sort by indexed fields); create, 201")}));
        out.push(view!({"path": code(&format!("{path}/{{id}}")), "method": "GET, PUT, PATCH, DELETE", "purpose": format!("read, replace, change, delete one {name} (204)")}));
    }
    out
}

fn capacity(page: &Page) -> Vec<String> {
    let facts = &page.plan.values;
    let word = |path: &str| facts.human(path);
    let rate = |path: &str| side_by_side(facts, path);
    let mut out = Vec::new();
    if facts.word("decision.pattern") == Some("serverless") {
        out.push(format!(
            "Functions: {} at the same time at peak, {} ms billed per request",
            whole(facts, "functions.concurrency"),
            whole(facts, "capacity.service_time")
        ));
    } else {
        out.push(format!(
            "Application: {} at {} each, {} used at peak; {} CPU time per request; {} in flight at peak",
            counted(facts, "capacity.app.instances", "instance"),
            word("capacity.app.rps_per_instance"),
            word("capacity.app.utilisation"),
            word("capacity.service_time"),
            whole(facts, "capacity.app.concurrency")
        ));
    }
    out.push(format!(
        "Database: {} reading queries and {} writing transactions at the highest peak; {} vCPU, {} used; {}, {}",
        rate("capacity.database.reads"),
        rate("capacity.database.writes"),
        whole(facts, "capacity.database.vcpu"),
        word("capacity.database.utilisation"),
        counted(facts, "capacity.database.replicas", "replica"),
        counted(facts, "capacity.database.shards", "shard")
    ));
    if facts.word("decision.pattern") != Some("serverless") {
        out.push(format!(
            "Connections: {} per instance, {} in all during a deployment, of {}",
            whole(facts, "capacity.database.pool_per_instance"),
            whole(facts, "capacity.database.pool_total"),
            whole(facts, "capacity.database.connection_limit")
        ));
    }
    out.push(format!(
        "Storage: {} now + {} ({} on disk with indexes after {})",
        word("data.size"),
        word("data.growth"),
        word("data.disk_horizon"),
        word("users.horizon")
    ));
    out.push(super::limits::storage(page));
    out.extend(super::limits::trouble(page));
    out.push(format!(
        "Bandwidth: {} Mbit/s at peak, {} leave in a month",
        whole_mbit(facts.number("egress.peak_bits")),
        word("egress.monthly")
    ));
    out
}

/// A rate as it stands beside others: per second, also where it was stated for another period.
pub(super) fn side_by_side(facts: &Facts, path: &str) -> String {
    facts.number(path).filter(|rate| *rate >= 0.05).map_or_else(|| facts.human(path), per_second)
}

fn counted(facts: &Facts, path: &str, noun: &str) -> String {
    facts.number(path).map_or_else(|| format!("an unknown number of {noun}s"), |number| count(number.ceil(), noun))
}

fn whole_mbit(bits: Option<f64>) -> String {
    bits.map_or_else(|| "unknown".to_string(), |bits| human(Kind::Number, (bits / 1e5).round() / 10.0))
}

fn approach(page: &Page) -> String {
    let facts = &page.plan.values;
    let overlays = &page.plan.decision.overlays;
    let taken = if overlays.is_empty() {
        String::new()
    } else {
        format!("; with {}", overlays.iter().map(|overlay| overlay.name.clone()).collect::<Vec<_>>().join(", "))
    };
    let pattern = facts.human("decision.pattern_name");
    let number = |path: &str| facts.number(path).unwrap_or(1.0).ceil();
    let [least, now, most] =
        ["min_instances", "instances", "max_instances"].map(|key| number(&format!("capacity.app.{key}")));
    let application = match facts.word("decision.pattern") {
        Some("serverless") => "functions, started by the platform as calls come".to_string(),
        _ if most > least => format!("{least:.0} to {most:.0} instances by CPU"),
        _ if now <= 1.0 => "one instance, a second one when CPU at peak stays above 60%".to_string(),
        _ => format!("{now:.0} instances, more by CPU"),
    };
    let (replicas, shards) = (number("capacity.database.replicas"), number("capacity.database.shards"));
    let database = match (replicas > 0.0, shards > 1.0) {
        (_, true) => "writes of the database over its shards".to_string(),
        (true, false) => format!("writes on one larger primary, reads over {}", count(replicas, "replica")),
        (false, false) => "the database on one larger primary".to_string(),
    };
    format!("{pattern}: {application}; {database}{taken}")
}

fn growth(page: &Page) -> Vec<Json> {
    let show = |rate: f64| human(Kind::Rate, rate);
    page.plan
        .stage
        .growth
        .iter()
        .map(|growth| {
            let instances = Some(growth.app_instances.ceil()).filter(|number| *number > 0.0);
            let instances = instances.map_or_else(|| "functions".to_string(), |number| human(Kind::Number, number));
            let breaks = growth.breaks_first.as_ref().map_or_else(|| "nothing: the design carries it".to_string(), |found| format!("{}: {} of {}", found.what, found.value, found.limit));
            view!({
                "factor": format!("{}x", growth.factor), "peak": show(growth.peak_rps), "pattern": &growth.pattern, "stage": growth.stage.to_string(),
                "instances": instances, "database": escape(&growth.database),
                "cost": growth.monthly_cost.map_or_else(|| "unknown".to_string(), |cost| human(Kind::Money, cost)),
                "breaks": breaks, "tasks": growth.tasks.join(", "),
            })
        })
        .collect()
}

fn outlook(page: &Page) -> Vec<String> {
    let stage = &page.plan.stage;
    let mut out = Vec::new();
    if let Some(opens) = &stage.opens_when {
        out.push(format!("Next stage opens when: {}", escape(opens)));
    }
    if !stage.not_yet.is_empty() {
        out.push(format!(
            "Not yet, and why not: no stated fact asks for {}",
            stage.not_yet.iter().map(|item| escape(item)).collect::<Vec<_>>().join(", ")
        ));
    }
    out.extend(
        stage.forecast.iter().map(|row| format!("Month {:.0}: {} ({})", row.month, escape(&row.what), row.limit)),
    );
    out
}

/// Controls by layer of defence, from the network inwards.
fn layers(page: &Page, marks: &Marks) -> Vec<Json> {
    let order = ["network", "transport", "authentication", "authorization", "data", "application", "operations"];
    let controls: Vec<_> = page
        .plan
        .tasks
        .iter()
        .filter(|task| task.layer.is_some() && (page.depth != Depth::Brief || task.phase == "core"))
        .collect();
    let known = order.iter().map(|layer| {
        (*layer, controls.iter().filter(|task| task.layer.as_deref() == Some(*layer)).collect::<Vec<_>>())
    });
    known
        .filter(|(_, tasks)| !tasks.is_empty())
        .map(|(layer, tasks)| view!({"name": layer, "tasks": tasks.into_iter().map(|task| work::task(page, task, marks)).collect::<Vec<_>>()}))
        .collect()
}

/// The pattern and the choices that are hardest to take back.
fn tradeoffs(page: &Page) -> Vec<Json> {
    let mut out = Vec::new();
    if let Some(pattern) = page.catalogue.pattern(&page.plan.decision.pattern) {
        out.push(view!({"decision": &pattern.name, "pros": escape(&pattern.pros.join("; ")), "cons": escape(&format!("{}; {}", pattern.cons.join("; "), pattern.cost))}));
    }
    let topics: &[&str] = if super::compact(page) {
        &["database"]
    } else {
        &["api-style", "database", "broker", "cache", "search", "compute", "orchestrator"]
    };
    for topic in topics {
        let choice = page
            .plan
            .selections
            .iter()
            .find(|selection| selection.topic == *topic)
            .and_then(|selection| selection.choice.as_deref());
        let entry = choice
            .and_then(|choice| page.catalogue.technology(topic, choice))
            .filter(|entry| entry.id != "none" && !entry.pros.is_empty());
        if let Some(entry) = entry {
            out.push(view!({"decision": prose(&entry.name), "pros": escape(&entry.pros.join("; ")), "cons": escape(&entry.cons.join("; "))}));
        }
    }
    out
}

fn phases(page: &Page) -> Vec<Json> {
    let ids = |phase: &str| {
        page.plan.tasks.iter().filter(|task| task.phase == phase).map(|task| task.id.clone()).collect::<Vec<_>>()
    };
    let names = [
        ("core", "Core", "before the first production traffic"),
        ("scale", "Scale", "when the stage or the forecast asks"),
        ("optimize", "Optimize", "after measuring"),
    ];
    names
        .into_iter()
        .map(|(phase, name, when)| {
            let ids = ids(phase);
            let text = if ids.is_empty() { "nothing asks for it yet".to_string() } else { spans(&ids) };
            view!({"name": name, "when": when, "ids": text, "asked": !ids.is_empty()})
        })
        .collect()
}

/// Ids of one group together: `TASK-3.1, .2, .5`.
fn spans(ids: &[String]) -> String {
    let mut out = String::new();
    let mut last = "";
    for id in ids {
        let (group, number) = id.rsplit_once('.').unwrap_or((id, ""));
        if group == last {
            out.push_str(&format!(", .{number}"));
        } else {
            if !out.is_empty() {
                out.push_str("; ");
            }
            out.push_str(id);
            last = group;
        }
    }
    out
}

pub(super) fn cost_line(range: Option<Range>) -> String {
    money(range)
}
