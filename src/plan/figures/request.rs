//! What a request passes: the hops of the slowest path with their budget, and the layers that answer before the database does.

use super::sketch::Sketch;
use super::{Sight, offer};
use crate::diagram::Model;
use crate::quantity::{Kind, human};

/// The slowest path, one hop below the other; none when it is too short to need a figure.
pub(super) fn path(sight: &Sight) -> Option<Model> {
    let hops = &sight.latency.path;
    if hops.len() < 3 {
        return None;
    }
    let mut sketch = Sketch::default();
    sketch.node("clients", &["Clients"], "person");
    let mut before = "clients".to_string();
    for (at, hop) in hops.iter().enumerate() {
        let id = format!("h{at}");
        // An arrow inside a label would read as a line.
        sketch.node(&id, &[&hop.hop.replace(" -> ", " calls ")], "service");
        sketch.note(&format!("p50 {} ms, p95 {} ms", hop.p50_ms, hop.p95_ms));
        sketch.edge(&before, &id);
        before = id;
    }
    Some(sketch.model)
}

/// CDN, application, cache and database with the requests per second that reach each.
pub(super) fn caches(sight: &Sight) -> Model {
    let facts = sight.facts;
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let rate = |value: f64| human(Kind::Rate, if value >= 10.0 { value.round() } else { value });
    let share = |value: f64| format!("{:.0}%", value * 100.0);
    let (reads, writes) = (number("traffic.reads_rate"), number("traffic.writes_rate"));
    let hits = number("capacity.cache.hit_ratio");
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
