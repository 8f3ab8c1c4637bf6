//! The least that runs where a platform adds and takes instances by itself.

use super::Numbers;
use super::app::spare;
use super::select;
use crate::catalogue::Catalogue;
use crate::facts::{Facts, ItemPath};
use crate::requirements::Requirements;

/// Loads whose rise is over before an instance has started: they get at all times what they get at peak.
const SUDDEN: [&str; 3] = ["spiky", "unpredictable", "event-triggered"];

/// Puts the least of the application and of each domain that runs apart.
pub(super) fn least(facts: &mut Facts, catalogue: &Catalogue, requirements: &Requirements, numbers: &Numbers) {
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let share = number("traffic.average") / number("traffic.peak").max(1e-9);
    let follows = scales(facts, catalogue) && !facts.word("traffic.shape").is_some_and(|shape| SUDDEN.contains(&shape));
    let (each, zones) = (number("capacity.app.rps_per_instance").max(1e-9), number("capacity.zones"));
    let held = (number("traffic.long_lived_connections") / numbers.get("conn.per-node").expected).ceil();
    let of = |rate: f64, held: f64, planned: f64| match follows {
        true => spare((rate * share / each).max(held), zones).max(2.0).min(planned),
        false => planned,
    };
    let planned = number("capacity.app.instances");
    let split = number("decision.deployables") > 1.0 && !requirements.domains.is_empty() && planned > 0.0;
    let domain = |name: &str| {
        let path = |key: &str| number(ItemPath::new("domains", name).key(key));
        of(path("load"), 0.0, path("replicas").max(1.0))
    };
    let own: Vec<f64> = requirements.domains.iter().map(|stated| domain(&stated.name)).collect();
    let all = if split { own.iter().sum() } else { of(number("traffic.peak"), held, planned) };
    let formula = if follows {
        "traffic.average / requests per instance, rounded up, with spare for a lost zone, two at least; no more than capacity.app.instances"
    } else {
        "capacity.app.instances: nothing takes instances away, or the load rises faster than one starts"
    };
    let inputs = ["traffic.average", "capacity.app.rps_per_instance", "capacity.app.instances", "capacity.zones"];
    facts.derive("capacity.app.min_instances", all, formula, &inputs);
    for (stated, least) in requirements.domains.iter().zip(own).filter(|_| split) {
        let formula = "the same for the load of the domain";
        facts.derive(format!("domains[{}].least", stated.name), least, formula, &["capacity.app.min_instances"]);
    }
}

/// Whether the platform adds and takes instances: what carries the application, or what starts it, does so on this cloud.
fn scales(facts: &Facts, catalogue: &Catalogue) -> bool {
    let cloud = facts.word("stack.cloud").unwrap_or_default();
    ["compute", "orchestrator"].iter().any(|topic| {
        let clouds = select::attribute(facts, catalogue, topic, "scales_on").and_then(|found| found.as_array());
        clouds
            .is_some_and(|clouds| clouds.iter().any(|one| one.as_str().is_some_and(|one| one == cloud || one == "any")))
    })
}
