//! Events: who publishes and who consumes, and the write and read path of CQRS.

use std::collections::BTreeSet;

use super::sketch::Sketch;
use super::{Sight, offer, runs};
use crate::diagram::Model;

/// Domains and the events between them; none when no event is consumed.
pub(super) fn flow(sight: &Sight) -> Option<Model> {
    let domains = &sight.requirements.domains;
    let mut sketch = Sketch::default();
    for domain in domains.iter().filter(|domain| !domain.publishes.is_empty() || !domain.consumes.is_empty()) {
        sketch.node(&format!("d:{}", domain.name), &[&domain.name], "service");
    }
    let mut seen = BTreeSet::new();
    let events = domains.iter().flat_map(|domain| domain.publishes.iter().chain(&domain.consumes));
    for event in events.filter(|event| seen.insert(event.as_str())) {
        let id = format!("e:{event}");
        sketch.node(&id, &[event], "topic");
        for domain in domains {
            let own = format!("d:{}", domain.name);
            if domain.publishes.contains(event) {
                sketch.edge(&own, &id);
            }
            if domain.consumes.contains(event) {
                sketch.edge(&id, &own);
            }
        }
    }
    (!sketch.model.edges.is_empty()).then_some(sketch.model)
}

/// Commands on one side, queries on the other, events between the two models.
pub(super) fn cqrs(sight: &Sight) -> Model {
    let facts = sight.facts;
    let stream = if runs(facts, "broker") { offer(facts, "broker") } else { "events".to_string() };
    let (read_store, role) = if runs(facts, "search") {
        (offer(facts, "search"), "search")
    } else {
        (offer(facts, "database"), "read tables")
    };
    let mut sketch = Sketch::default();
    sketch.node("commands", &["Commands", &format!("{} writes", facts.human("traffic.writes_rate"))], "service");
    sketch.node("queries", &["Queries", &format!("{} reads", facts.human("traffic.reads_rate"))], "service");
    sketch.node("write", &["Write model"], "service");
    sketch.node("read", &["Read model", "projections"], "service");
    sketch.node("write-store", &[&offer(facts, "database"), "primary"], "database");
    sketch.node("read-store", &[&read_store, role], "database");
    sketch.edge("commands", "write");
    sketch.edge("queries", "read");
    sketch.arrow("write", "read", &stream, true);
    sketch.edge("write", "write-store");
    sketch.edge("read", "read-store");
    sketch.model
}
