//! Figures: graph models, bars and waves of the design, drawn as text. The system and the decision tree always, the others where the
//! catalogue's condition holds and there is something to show. One file per family.

mod bars;
mod events;
mod growth;
mod migration;
mod regions;
mod request;
mod sketch;
mod system;
mod tree;
mod waves;

use serde_json::Value as Json;

use super::{Bar, Extent, Figure, Options, Task};
use crate::catalogue::{Catalogue, FigureEntry};
use crate::diagram::{self, Model, Wave};
use crate::engine::availability::Availability;
use crate::engine::explained;
use crate::engine::latency::Latency;
use crate::engine::outlook::Outlook;
use crate::engine::tree::Decision;
use crate::facts::Facts;
use crate::requirements::Requirements;
use crate::text::markdown::prose;

/// What figures may show.
pub(super) struct Sight<'a> {
    pub catalogue: &'a Catalogue,
    pub requirements: &'a Requirements,
    pub facts: &'a Facts,
    pub decision: &'a Decision,
    pub latency: &'a Latency,
    pub availability: &'a Availability,
    pub outlook: &'a Outlook,
    pub tasks: &'a [Task],
}

/// What a figure is made of.
enum Body {
    Graph(Model),
    Bars(Vec<Bar>),
    Waves(Vec<Wave>),
    Text(String),
}

/// The figures of a plan, as far as it is looked at.
pub(super) fn draw(sight: &Sight, options: &Options) -> Vec<Figure> {
    let how = diagram::Options { width: options.width, ascii: options.ascii };
    let system = system::model(sight.requirements, sight.facts);
    if options.extent == Extent::Brief {
        return vec![figure("system", Body::Graph(system), options)];
    }
    let mut out = vec![
        figure("system", Body::Graph(system.clone()), options),
        tree::figure(sight, &how, options, false),
        tree::figure(sight, &how, options, true),
    ];
    for entry in sight.catalogue.figures.iter().filter(|entry| entry.when.holds(sight.facts, None)) {
        if let Some(body) = body(entry, sight, &system) {
            let title = prose(&explained(&entry.title, sight.facts, None));
            out.push(Figure { title, section: entry.section.clone(), ..figure(&entry.id, body, options) });
        }
    }
    out
}

/// What an entry draws; none when there is nothing to show.
fn body(entry: &FigureEntry, sight: &Sight, system: &Model) -> Option<Body> {
    match entry.id.as_str() {
        "latency-budget" => bars::latency(sight).map(Body::Bars),
        "availability-parts" => bars::availability(sight).map(Body::Bars),
        "cost-users" => bars::over_users(sight).map(Body::Bars),
        "cost-months" => bars::over_months(sight).map(Body::Bars),
        "request-path" => request::path(sight).map(Body::Graph),
        "cache-layers" => Some(Body::Graph(request::caches(sight))),
        "event-flow" => events::flow(sight).map(Body::Graph),
        "cqrs" => Some(Body::Graph(events::cqrs(sight))),
        "regions" => Some(Body::Graph(regions::model(sight))),
        "next-stage" => growth::next_stage(sight, system).map(Body::Graph),
        "ten-times" => growth::ten_times(sight, system).map(Body::Graph),
        "migration" => Some(Body::Graph(migration::model(sight))),
        "migration-steps" => waves::migration(sight).map(Body::Waves),
        "phases" => waves::phases(sight).map(Body::Waves),
        _ => None,
    }
}

fn figure(name: &str, body: Body, options: &Options) -> Figure {
    let how = diagram::Options { width: options.width, ascii: options.ascii };
    let (text, model, bars) = match body {
        Body::Graph(model) => (graph(&model, &how), Some(model), Vec::new()),
        Body::Bars(bars) => {
            let rows: Vec<_> = bars.iter().map(|bar| (bar.label.clone(), bar.value, bar.note.clone())).collect();
            (diagram::bars(&rows, &how), None, bars)
        }
        Body::Waves(rows) => (diagram::waves(&rows, &how), None, Vec::new()),
        Body::Text(text) => (text, None, Vec::new()),
    };
    let shown = model.as_ref();
    let nodes = shown.map(|model| model.nodes.iter().map(node).collect()).unwrap_or_default();
    let edges = shown.map(|model| model.edges.iter().map(edge).collect()).unwrap_or_default();
    let mermaid = shown.filter(|_| options.mermaid).map(diagram::export::mermaid_blocks).unwrap_or_default();
    Figure {
        name: name.to_string(),
        text: text.trim_end().to_string(),
        width: options.width,
        nodes: Json::Array(nodes),
        edges: Json::Array(edges),
        bars,
        title: String::new(),
        section: "always".to_string(),
        model,
        mermaid,
    }
}

/// The drawing, parts apart by a blank line.
fn graph(model: &Model, how: &diagram::Options) -> String {
    let parts = diagram::draw(model, how).into_iter().map(|drawing| drawing.text.trim_end().to_string());
    parts.collect::<Vec<_>>().join("\n\n")
}

fn node(node: &diagram::Node) -> Json {
    serde_json::json!({"id": node.id, "label": node.label.join(" ")})
}

fn edge(edge: &diagram::Edge) -> Json {
    serde_json::json!({"from": edge.from, "to": edge.to, "label": edge.label})
}

/// Whether a topic has a choice that runs on its own: not none, no part of another process, no capability of the primary database.
fn runs(facts: &Facts, topic: &str) -> bool {
    let word = |path: &str| facts.word(&format!("selection.{path}"));
    let choice = word(topic).unwrap_or("none");
    let inside = word(&format!("{topic}.kind")) == Some("embedded");
    choice != "none" && !inside && (topic == "database" || Some(choice) != word("database"))
}

/// What a topic's choice is called at the provider.
fn offer(facts: &Facts, topic: &str) -> String {
    facts.human(&format!("selection.{topic}.offer"))
}
