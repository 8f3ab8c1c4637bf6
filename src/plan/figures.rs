//! Figures: graph models of the design, drawn as text.

use serde_json::Value as Json;

use super::{Figure, Options};
use crate::catalogue::Catalogue;
use crate::diagram::{self, Edge, Model, Node};
use crate::engine::tree::Decision;
use crate::facts::Facts;
use crate::requirements::{Mode, Requirements};
use crate::text::markdown::figure as clean;

/// A model under construction.
#[derive(Default)]
struct Sketch {
    model: Model,
}

impl Sketch {
    fn node(&mut self, id: &str, label: &[&str], kind: &str) {
        let label = label.iter().map(|line| clean(line)).filter(|line| !line.is_empty()).collect();
        self.model.nodes.push(Node { id: id.to_string(), label, kind: kind.to_string(), ..Node::default() });
    }

    fn edge(&mut self, from: &str, to: &str) {
        let known = |id: &str| self.model.nodes.iter().any(|node| node.id == id);
        if known(from) && known(to) {
            self.model.edges.push(Edge { from: from.to_string(), to: to.to_string(), ..Edge::default() });
        }
    }
}

/// The system now, and the tree with the path taken.
pub(super) fn draw(
    catalogue: &Catalogue,
    requirements: &Requirements,
    facts: &Facts,
    decision: &Decision,
    options: &Options,
) -> Vec<Figure> {
    let how = diagram::Options { width: options.width, ascii: options.ascii };
    let system = system(requirements, facts, decision);
    let text = diagram::draw(&system, &how)
        .into_iter()
        .map(|drawing| drawing.text.trim_end().to_string())
        .collect::<Vec<_>>()
        .join("\n\n");
    vec![
        figure("system", text, &system, options),
        tree(catalogue, facts, decision, &how, options, false),
        tree(catalogue, facts, decision, &how, options, true),
    ]
}

fn figure(name: &str, text: String, model: &Model, options: &Options) -> Figure {
    let nodes =
        model.nodes.iter().map(|node| serde_json::json!({"id": node.id, "label": node.label.join(" ")})).collect();
    let edges = model
        .edges
        .iter()
        .map(|edge| serde_json::json!({"from": edge.from, "to": edge.to, "label": edge.label}))
        .collect();
    Figure {
        name: name.to_string(),
        text,
        width: options.width,
        nodes: Json::Array(nodes),
        edges: Json::Array(edges),
        model: Some(model.clone()),
    }
}

fn system(requirements: &Requirements, facts: &Facts, decision: &Decision) -> Model {
    let mut sketch = Sketch::default();
    let chosen = |topic: &str| facts.word(&format!("selection.{topic}")).filter(|choice| *choice != "none").is_some();
    let name = |topic: &str| facts.human(&format!("selection.{topic}.offer"));
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let consumers: Vec<&str> = requirements.api.consumers.iter().map(|consumer| consumer.name.as_str()).collect();
    let clients =
        if consumers.is_empty() || consumers.len() > 3 { "clients".to_string() } else { consumers.join(", ") };
    sketch.node("clients", &["Clients", if clients == "clients" { "" } else { &clients }], "person");
    let mut front = "clients".to_string();
    let mut chain = |sketch: &mut Sketch, id: &str, label: &[&str]| {
        sketch.node(id, label, "service");
        sketch.edge(&front, id);
        front = id.to_string();
    };
    if chosen("cdn") {
        chain(&mut sketch, "cdn", &["CDN", &name("cdn")]);
    }
    if chosen("api-gateway") {
        chain(&mut sketch, "gateway", &["API gateway", &name("api-gateway")]);
    }
    if number("capacity.lb.hours") > 0.0 && decision.pattern != "serverless" {
        chain(&mut sketch, "balancer", &["Load balancer", &name("load-balancer")]);
    }
    let apps = application(&mut sketch, requirements, facts, decision, &front);
    stores(&mut sketch, requirements, facts, &apps);
    outside(&mut sketch, requirements, &apps);
    sketch.model
}

/// Application nodes: one, or one per service; returns their ids with the domain that each serves.
fn application(
    sketch: &mut Sketch,
    requirements: &Requirements,
    facts: &Facts,
    decision: &Decision,
    front: &str,
) -> Vec<(String, Option<String>)> {
    let instances = facts.human("capacity.app.instances");
    let split = facts.number("decision.deployables").unwrap_or(1.0) > 1.0;
    if !split {
        let domains: Vec<&str> = requirements.domains.iter().map(|domain| domain.name.as_str()).collect();
        let kind = facts.human("decision.pattern_name");
        let size = if decision.pattern == "serverless" {
            "functions".to_string()
        } else {
            format!("{instances} x {} vCPU", facts.human("capacity.app.vcpu"))
        };
        let mut label: Vec<String> = vec![kind, size];
        label.extend(domains.chunks(3).map(|row| row.join(", ")));
        let lines: Vec<&str> = label.iter().map(String::as_str).collect();
        sketch.node("app", &lines, "service");
        sketch.edge(front, "app");
        return vec![("app".to_string(), None)];
    }
    let mut out = Vec::new();
    for (at, domain) in requirements.domains.iter().enumerate() {
        let id = format!("s{at}");
        let count = format!("{} replicas", facts.human(&format!("domains[{}].instances", domain.name)));
        sketch.node(&id, &[&domain.name, &count], "service");
        out.push((id, Some(domain.name.clone())));
    }
    let called: Vec<&str> =
        requirements.domains.iter().flat_map(|domain| &domain.calls).map(|call| call.to.as_str()).collect();
    for (domain, (id, _)) in requirements.domains.iter().zip(&out) {
        let event_only = !domain.consumes.is_empty() && domain.publishes.is_empty() && domain.calls.is_empty();
        if !called.contains(&domain.name.as_str()) && !event_only {
            sketch.edge(front, id);
        }
        for call in &domain.calls {
            if let Some((target, _)) = out.iter().find(|(_, name)| name.as_deref() == Some(call.to.as_str())) {
                sketch.edge(id, target);
            }
        }
    }
    let lonely: Vec<String> = out
        .iter()
        .filter(|(id, _)| !sketch.model.edges.iter().any(|edge| edge.to == *id))
        .map(|(id, _)| id.clone())
        .collect();
    for id in lonely {
        let consumes =
            requirements.domains.iter().zip(&out).any(|(domain, (own, _))| *own == id && !domain.consumes.is_empty());
        if !consumes {
            sketch.edge(front, &id);
        }
    }
    out
}

fn stores(sketch: &mut Sketch, requirements: &Requirements, facts: &Facts, apps: &[(String, Option<String>)]) {
    let shown = [
        ("database", "database", "database"),
        ("document-store", "documents", "database"),
        ("key-value-store", "key-value", "database"),
        ("wide-column-store", "wide-column", "database"),
        ("time-series-store", "time series", "database"),
        ("graph-store", "graph", "database"),
        ("search", "search", "database"),
        ("cache", "cache", "cache"),
        ("object-storage", "files", "database"),
    ];
    let primary = facts.word("selection.database").unwrap_or_default().to_string();
    for (topic, role, kind) in shown {
        let choice = facts.word(&format!("selection.{topic}")).unwrap_or("none");
        // A capability of the primary database is no part of its own.
        if choice == "none" || embedded(facts, topic) || (topic != "database" && choice == primary) {
            continue;
        }
        let offer = facts.human(&format!("selection.{topic}.offer"));
        sketch.node(topic, &[&offer, role], kind);
        let users = apps.iter().filter(|(_, domain)| topic == "database" || domain.is_none() || apps.len() <= 2);
        for (id, _) in users {
            sketch.edge(id, topic);
        }
        let used = sketch.model.edges.iter().any(|edge| edge.to == topic);
        if let Some((id, _)) = apps.first().filter(|_| !used) {
            sketch.edge(id, topic);
        }
    }
    messages(sketch, requirements, facts, apps);
}

/// Whether the choice is part of another process and no box of its own.
fn embedded(facts: &Facts, topic: &str) -> bool {
    facts.word(&format!("selection.{topic}.kind")) == Some("embedded")
}

fn messages(sketch: &mut Sketch, requirements: &Requirements, facts: &Facts, apps: &[(String, Option<String>)]) {
    let choice = facts.word("selection.broker").unwrap_or("none");
    let runs_as = |name: &str| facts.word(&format!("workloads[{name}].runs_as")) == Some("function");
    let all = requirements.workloads.iter().map(|workload| workload.name.as_str());
    let (functions, work): (Vec<&str>, Vec<&str>) = all.partition(|name| runs_as(name));
    let via = choice != "none" && !embedded(facts, "broker");
    if via {
        sketch.node("broker", &[&facts.human("selection.broker.offer"), "events and work"], "queue");
        for (id, domain) in apps {
            let found = requirements.domains.iter().find(|entry| Some(&entry.name) == domain.as_ref());
            let (publishes, consumes) =
                found.map_or((true, false), |entry| (!entry.publishes.is_empty(), !entry.consumes.is_empty()));
            if publishes {
                sketch.edge(id, "broker");
            }
            if consumes {
                sketch.edge("broker", id);
            }
        }
    }
    group(sketch, "functions", "Functions", &functions, via);
    group(sketch, "workers", "Workers and jobs", &work, via);
}

/// One node for workloads that run alike, fed by the broker where there is one.
fn group(sketch: &mut Sketch, id: &str, title: &str, work: &[&str], via: bool) {
    if !work.is_empty() {
        let mut label = vec![title.to_string()];
        label.extend(work.chunks(2).take(3).map(|row| row.join(", ")));
        let lines: Vec<&str> = label.iter().map(String::as_str).collect();
        sketch.node(id, &lines, "service");
        let from = if via { "broker" } else { "database" };
        sketch.edge(if sketch.model.nodes.iter().any(|node| node.id == from) { from } else { "app" }, id);
    }
}

/// Systems of others, one node each up to four, else one for all.
fn outside(sketch: &mut Sketch, requirements: &Requirements, apps: &[(String, Option<String>)]) {
    let Some((caller, _)) = apps.first() else { return };
    if requirements.integrations.len() > 4 {
        let count = format!("{} external systems", requirements.integrations.len());
        sketch.node("outside", &[&count], "external");
        sketch.edge(caller, "outside");
        return;
    }
    for (at, integration) in requirements.integrations.iter().enumerate() {
        let id = format!("x{at}");
        let mode = if integration.mode == Some(Mode::Async) { "external, async" } else { "external" };
        sketch.node(&id, &[&integration.name, mode], "external");
        let purpose = integration.purpose.as_deref().unwrap_or_default().to_lowercase();
        let owner = apps.iter().find(|(_, domain)| {
            domain.as_deref().is_some_and(|domain| !purpose.is_empty() && domain.to_lowercase().contains(&purpose))
        });
        sketch.edge(owner.map_or(caller, |(id, _)| id), &id);
    }
}

/// The nodes asked; with `whole` also those that the answer left unasked.
fn tree(
    catalogue: &Catalogue,
    facts: &Facts,
    decision: &Decision,
    how: &diagram::Options,
    options: &Options,
    whole: bool,
) -> Figure {
    let nodes = catalogue
        .trees
        .get(facts.word("preferences.decision_tree").unwrap_or("evidence"))
        .map_or(&[][..], Vec::as_slice);
    // A last node that always holds is no question but the answer to "none of these".
    let (nodes, otherwise) = match nodes.split_last() {
        Some((last, before))
            if last.when == crate::facts::Condition::Always || last.when.holds(&Facts::default(), None) =>
        {
            (before, last.outcome.clone())
        }
        _ => (nodes, None),
    };
    let otherwise = otherwise.unwrap_or_else(|| "monolith".into());
    let questions: Vec<diagram::Question> = nodes
        .iter()
        .map(|node| {
            let asked = decision.tree.iter().find(|asked| asked.node == node.id);
            let answer = match asked.map(|asked| asked.answer) {
                Some("yes") => diagram::Answer::Yes,
                Some(_) => diagram::Answer::No,
                None => diagram::Answer::NotAsked,
            };
            let outcome = node.outcome.clone().unwrap_or_else(|| "go on with autoscaling".into());
            diagram::Question { question: clean(&node.question), answer, outcome, taken: asked.is_some() }
        })
        .collect();
    let asked: Vec<diagram::Question> = questions.into_iter().filter(|question| whole || question.taken).collect();
    let left = nodes.len().saturating_sub(asked.len());
    let reached = decision.tree.last().is_some_and(|last| nodes.iter().any(|node| node.id == last.node));
    let otherwise = if left > 0 && reached {
        format!("{left} further question{} not asked: decided above", if left == 1 { "" } else { "s" })
    } else {
        otherwise
    };
    let text = diagram::tree("Which base pattern?", &asked, &otherwise, how);
    figure(
        if whole { "decision-tree-whole" } else { "decision-tree" },
        text.trim_end().to_string(),
        &Model::default(),
        options,
    )
}
