//! The way from the running system to the new one.

use super::sketch::Sketch;
use super::{Sight, offer};
use crate::diagram::Model;

/// The old system, the new one, and the router and the copy that join them meanwhile.
pub(super) fn model(sight: &Sight) -> Model {
    let facts = sight.facts;
    let stated = |path: &str| if facts.is_stated(path) { named(sight, &facts.human(path)) } else { String::new() };
    let mut sketch = Sketch::default();
    sketch.node("clients", &["Clients"], "person");
    sketch.node("router", &["Router", "by path and share"], "service");
    sketch.node("old", &[&stated("existing.pattern"), &stated("existing.language")], "service");
    sketch.within("before", "Before");
    sketch.node("new", &[&facts.human("decision.pattern_name"), &facts.human("selection.language.name")], "service");
    sketch.within("after", "After");
    let old = stated("existing.database");
    sketch.node(
        "old-data",
        &[if old.is_empty() { "database" } else { &old }, &stated("existing.data_size")],
        "database",
    );
    sketch.within("before", "Before");
    sketch.node("new-data", &[&offer(facts, "database")], "database");
    sketch.within("after", "After");
    sketch.edge("clients", "router");
    sketch.edge("router", "old");
    sketch.edge("router", "new");
    sketch.edge("old", "old-data");
    sketch.edge("new", "new-data");
    sketch.arrow("old-data", "new-data", "copy, compare", true);
    sketch.model
}

/// What the catalogue calls a technology or pattern; other words stay.
fn named(sight: &Sight, word: &str) -> String {
    let technologies = sight.catalogue.technologies.values().flatten().map(|one| (&one.id, &one.name));
    let patterns = sight.catalogue.patterns.iter().map(|one| (&one.id, &one.name));
    let known = technologies.chain(patterns).find(|(id, _)| *id == word);
    known.map_or_else(|| word.to_string(), |(_, name)| name.clone())
}
