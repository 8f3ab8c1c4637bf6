//! The system: who calls it, what runs, what is stored, and the systems of others.

use super::sketch::Sketch;
use super::{offer, runs};
use crate::diagram::Model;
use crate::facts::Facts;
use crate::requirements::{Domain, Mode, Requirements};

/// An application node with the domain that it serves; none when it serves all.
struct App<'a> {
    id: String,
    domain: Option<&'a Domain>,
}

/// The system as the facts have it: today's, or those of a re-run with more load.
pub(super) fn model(requirements: &Requirements, facts: &Facts) -> Model {
    let mut sketch = Sketch::default();
    let consumers: Vec<&str> = requirements.api.consumers.iter().map(|consumer| consumer.name.as_str()).collect();
    let who = if consumers.len() > 3 { String::new() } else { consumers.join(", ") };
    sketch.node("clients", &["Clients", &who], "person");
    let mut front = "clients".to_string();
    let mut chain = |sketch: &mut Sketch, id: &str, title: &str, topic: &str| {
        // What no product of its own does, the platform does that the application runs on.
        let offer = match offer(facts, topic) {
            none if none == "none" => format!("in {}", self::offer(facts, "compute")),
            offer => offer,
        };
        sketch.node(id, &[title, &offer], "service");
        sketch.edge(&front, id);
        front = id.to_string();
    };
    if runs(facts, "cdn") {
        chain(&mut sketch, "cdn", "CDN", "cdn");
    }
    if runs(facts, "api-gateway") {
        chain(&mut sketch, "gateway", "API gateway", "api-gateway");
    }
    let serverless = facts.word("decision.pattern") == Some("serverless");
    if facts.number("capacity.lb.hours").unwrap_or(0.0) > 0.0 && !serverless {
        chain(&mut sketch, "balancer", "Load balancer", "load-balancer");
    }
    let apps = application(&mut sketch, requirements, facts, &front);
    stores(&mut sketch, facts, &apps);
    messages(&mut sketch, requirements, facts, &apps);
    outside(&mut sketch, requirements, &apps);
    sketch.model
}

/// Application nodes: one, or one per service.
fn application<'a>(sketch: &mut Sketch, requirements: &'a Requirements, facts: &Facts, front: &str) -> Vec<App<'a>> {
    if facts.number("decision.deployables").unwrap_or(1.0) > 1.0 && requirements.domains.len() > 1 {
        return services(sketch, requirements, facts, front);
    }
    let size = if facts.word("decision.pattern") == Some("serverless") {
        "functions".to_string()
    } else {
        format!("{} x {} vCPU", facts.human("capacity.app.instances"), facts.human("capacity.app.vcpu"))
    };
    let domains: Vec<&str> = requirements.domains.iter().map(|domain| domain.name.as_str()).collect();
    let mut label: Vec<String> = vec![facts.human("decision.pattern_name"), size];
    label.extend(domains.chunks(3).map(|row| row.join(", ")));
    let lines: Vec<&str> = label.iter().map(String::as_str).collect();
    sketch.node("app", &lines, "service");
    sketch.edge(front, "app");
    vec![App { id: "app".to_string(), domain: None }]
}

/// One node per domain; those that nobody calls and no event starts are called from the front.
fn services<'a>(sketch: &mut Sketch, requirements: &'a Requirements, facts: &Facts, front: &str) -> Vec<App<'a>> {
    let mut out: Vec<App> = Vec::new();
    for (at, domain) in requirements.domains.iter().enumerate() {
        let id = format!("s{at}");
        let count = format!("{} replicas", facts.human(&format!("domains[{}].instances", domain.name)));
        sketch.node(&id, &[&domain.name, &count], "service");
        out.push(App { id, domain: Some(domain) });
    }
    let called = |name: &str| requirements.domains.iter().any(|domain| domain.calls.iter().any(|c| c.to == name));
    for (domain, app) in requirements.domains.iter().zip(&out) {
        let fed = !domain.consumes.is_empty() && domain.publishes.is_empty() && domain.calls.is_empty();
        if !called(&domain.name) && !fed {
            sketch.edge(front, &app.id);
        }
        for call in &domain.calls {
            if let Some(to) = out.iter().find(|to| to.domain.is_some_and(|domain| domain.name == call.to)) {
                sketch.edge(&app.id, &to.id);
            }
        }
    }
    let lonely =
        |sketch: &Sketch, app: &App| !sketch.called(&app.id) && app.domain.is_some_and(|d| d.consumes.is_empty());
    for app in &out {
        if lonely(sketch, app) {
            sketch.edge(front, &app.id);
        }
    }
    out
}

/// Topics that store something, with what they are for and the kind of box.
const STORES: [(&str, &str, &str); 8] = [
    ("document-store", "documents", "database"),
    ("key-value-store", "key-value", "database"),
    ("wide-column-store", "wide-column", "database"),
    ("time-series-store", "time series", "database"),
    ("graph-store", "graph", "database"),
    ("search", "search", "database"),
    ("cache", "cache", "cache"),
    ("object-storage", "files", "database"),
];

/// One box per store, each used by the application. Which of several services uses which store is not stated: they share one box
/// that lists the stores.
fn stores(sketch: &mut Sketch, facts: &Facts, apps: &[App]) {
    let further: Vec<_> = STORES.iter().filter(|(topic, ..)| runs(facts, topic)).collect();
    if apps.len() < 2 {
        sketch.node("database", &[&offer(facts, "database"), "database", &copies(facts)], "database");
        for (topic, role, kind) in &further {
            sketch.node(topic, &[&offer(facts, topic), role], kind);
        }
        for id in ["database"].into_iter().chain(further.iter().map(|(topic, ..)| *topic)) {
            apps.iter().for_each(|app| sketch.edge(&app.id, id));
        }
        return;
    }
    let mut lines = vec![offer(facts, "database"), "one database per service".to_string(), copies(facts)];
    lines.extend(further.iter().map(|(topic, role, _)| format!("{role}: {}", offer(facts, topic))));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    sketch.node("database", &lines, "database");
    apps.iter().for_each(|app| sketch.edge(&app.id, "database"));
}

/// Copies and shards of the database; empty when there is one of each.
fn copies(facts: &Facts) -> String {
    let count = |path: &str| facts.number(path).unwrap_or(0.0);
    let mut out = Vec::new();
    if facts.word("selection.database.kind") == Some("relational") {
        let (replicas, shards) = (count("capacity.database.replicas"), count("capacity.database.shards"));
        if replicas >= 1.0 {
            out.push(format!("{replicas:.0} read replica{}", if replicas > 1.0 { "s" } else { "" }));
        }
        if shards > 1.0 {
            out.push(format!("{shards:.0} shards"));
        }
    }
    out.join(", ")
}

fn messages(sketch: &mut Sketch, requirements: &Requirements, facts: &Facts, apps: &[App]) {
    let runs_as = |name: &str| facts.word(&format!("workloads[{name}].runs_as")) == Some("function");
    let all = requirements.workloads.iter().map(|workload| workload.name.as_str());
    let (functions, work): (Vec<&str>, Vec<&str>) = all.partition(|name| runs_as(name));
    let via = runs(facts, "broker");
    if via {
        sketch.node("broker", &[&offer(facts, "broker"), "events and work"], "queue");
        for app in apps {
            if app.domain.is_none_or(|domain| !domain.publishes.is_empty()) {
                sketch.edge(&app.id, "broker");
            }
            let consumes = |domain: &Domain| !domain.consumes.is_empty();
            if app.domain.map_or_else(|| requirements.domains.iter().any(consumes), consumes) {
                sketch.edge("broker", &app.id);
            }
        }
    }
    group(sketch, "functions", "Functions", &functions, via);
    group(sketch, "workers", "Workers and jobs", &work, via);
}

/// One node for workloads that run alike: fed by the broker where there is one. Workers work on the database; what a function that an
/// event starts touches is not known.
fn group(sketch: &mut Sketch, id: &str, title: &str, work: &[&str], via: bool) {
    if !work.is_empty() {
        let mut label = vec![title.to_string()];
        label.extend(work.chunks(2).take(3).map(|row| row.join(", ")));
        if work.len() > 6 {
            label.push(format!("and {} more", work.len() - 6));
        }
        let lines: Vec<&str> = label.iter().map(String::as_str).collect();
        sketch.node(id, &lines, "service");
        if via {
            sketch.edge("broker", id);
        }
        if id == "workers" || !via {
            sketch.edge(id, "database");
        }
    }
}

/// Systems of others, one node each up to four, else one for all. What one application calls without waiting, its workers call.
fn outside(sketch: &mut Sketch, requirements: &Requirements, apps: &[App]) {
    let Some(first) = apps.first() else { return };
    if requirements.integrations.len() > 4 {
        sketch.node("outside", &[&format!("{} external systems", requirements.integrations.len())], "external");
        sketch.edge(&first.id, "outside");
        return;
    }
    for (at, integration) in requirements.integrations.iter().enumerate() {
        let id = format!("x{at}");
        let mode = if integration.mode == Some(Mode::Async) { "external, async" } else { "external" };
        sketch.node(&id, &[&integration.name, mode], "external");
        let caller = integration.caller(&requirements.domains).map(|domain| &domain.name);
        let owner = apps.iter().find(|app| caller.is_some() && app.domain.map(|domain| &domain.name) == caller);
        let workers = apps.len() < 2 && integration.mode == Some(Mode::Async) && sketch.has("workers");
        sketch.edge(if workers { "workers" } else { &owner.unwrap_or(first).id }, &id);
    }
}
