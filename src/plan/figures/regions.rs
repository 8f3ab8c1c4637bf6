//! Regions side by side: one frame per stated region, and how the data gets from one to the next.

use super::sketch::Sketch;
use super::{Sight, offer};
use crate::diagram::Model;

/// Routing on top, then application and data of each region.
pub(super) fn model(sight: &Sight) -> Model {
    let facts = sight.facts;
    let active = facts.words("overlays").iter().any(|overlay| overlay == "multi-region-active");
    let regions = facts.words("stack.regions");
    let mut sketch = Sketch::default();
    sketch.node("routing", &["Global routing"], "service");
    for (at, region) in regions.iter().enumerate() {
        let serves = active || at == 0;
        let (app, data) = (format!("a{at}"), format!("d{at}"));
        sketch.node(&app, &[&facts.human("decision.pattern_name"), if serves { "" } else { "stands by" }], "service");
        sketch.within(region, region);
        let role = match (active, at) {
            (true, _) => "reads and writes",
            (false, 0) => "primary",
            _ => "replica",
        };
        sketch.node(&data, &[&offer(facts, "database"), role], "database");
        sketch.within(region, region);
        sketch.arrow("routing", &app, if serves { "" } else { "failover" }, false);
        sketch.edge(&app, &data);
    }
    for at in 1..regions.len() {
        let (from, to) = (format!("d{}", at - 1), format!("d{at}"));
        sketch.arrow(&from, &to, "", true);
        if active {
            sketch.arrow(&to, &from, "", true);
        }
    }
    sketch.model
}
