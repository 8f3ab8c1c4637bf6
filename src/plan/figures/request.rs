//! What a request passes: the hops of the slowest path with their budget, and the layers that answer before the database does.

use super::sketch::Sketch;
use super::{Sight, offer};
use crate::diagram::Model;
use crate::engine::latency::{Hop, OWN};
use crate::quantity::{Kind, human};

/// The slowest path: what stands before the application one below the other, and below it what it waits for in turn. None when it is
/// too short to need a figure.
pub(super) fn path(sight: &Sight) -> Option<Model> {
    let hops = &sight.latency.path;
    if hops.len() < 3 {
        return None;
    }
    let domains = hops.iter().find_map(Hop::call);
    let mut sketch = Sketch::default();
    sketch.node("clients", &["Clients"], "person");
    let mut before = "clients".to_string();
    let mut inside = false;
    for (at, hop) in hops.iter().enumerate() {
        let id = format!("h{at}");
        let budget = format!("p50 {}, p95 {}", ms(hop.p50_ms), ms(hop.p95_ms));
        let application = OWN.contains(&hop.hop.as_str());
        let name = hop.call().map_or_else(|| capital(&hop.hop), |(_, callee)| callee.to_string());
        let name = domains.filter(|_| application).map_or(name, |(caller, _)| caller.to_string());
        sketch.node(&id, &[&name, &budget], "service");
        sketch.edge(&before, &id);
        if !inside {
            before = id;
        }
        inside |= application;
    }
    Some(sketch.model)
}

/// A hop as figures name it.
pub(super) fn hop_name(hop: &Hop) -> String {
    hop.call().map_or_else(|| capital(&hop.hop), |_| hop.said())
}

/// With a capital letter at the beginning.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Milliseconds, whole ones from ten on.
pub(super) fn ms(value: f64) -> String {
    if value >= 10.0 { format!("{value:.0} ms") } else { format!("{value} ms") }
}

/// CDN, application, cache and database with the requests per second that reach each.
pub(super) fn caches(sight: &Sight) -> Model {
    let facts = sight.facts;
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let rate = |value: f64| human(Kind::Rate, if value >= 10.0 { value.round() } else { value });
    let share = |value: f64| format!("{:.0}%", value * 100.0);
    let (reads, writes) = (number("traffic.reads_rate"), number("traffic.writes_rate"));
    let hits = number("capacity.cache.answered");
    let mut sketch = Sketch::default();
    sketch.node("clients", &["Clients"], "person");
    sketch.node("cdn", &["CDN", &offer(facts, "cdn")], "service");
    sketch.note(&format!("answers {} at the edge", share(number("traffic.cdn_hit_share"))));
    sketch.node("app", &[&facts.human("decision.pattern_name")], "service");
    sketch.node("cache", &[&offer(facts, "cache"), &facts.human("capacity.cache.memory")], "cache");
    sketch.note(&format!("answers {} of the reads", share(hits)));
    sketch.node("database", &[&offer(facts, "database")], "database");
    sketch.arrow("clients", "cdn", &rate(number("edge.peak")), false);
    sketch.arrow("cdn", "app", &rate(number("traffic.peak")), false);
    sketch.arrow("app", "cache", &format!("{} reads", rate(reads)), false);
    let rest = format!("{} misses, {} writes", rate(reads * (1.0 - hits)), rate(writes));
    sketch.arrow("app", "database", &rest, false);
    sketch.model
}
