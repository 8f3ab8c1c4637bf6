//! Where the system runs: the regions stated or taken, which of them stand outside of the residency, and how many sites they have.

use super::{inputs, structure};
use crate::catalogue::{Catalogue, Region};
use crate::facts::Facts;
use crate::quantity::Value;

/// Puts the region where none is stated, and what the catalogue knows of the regions.
pub(super) fn collect(facts: &mut Facts, catalogue: &Catalogue) {
    let known = &catalogue.regions;
    let cloud = facts.word("stack.cloud").unwrap_or_default().to_owned();
    let places = facts.words("residency").to_vec();
    if facts.words("stack.regions").is_empty()
        && let Some(first) = known.first(&cloud, &places)
    {
        let rule = "the provider's first region inside the residency, else its first";
        inputs::take(facts, "stack.regions", Value::List(vec![first.name.clone()]), rule);
    }
    let regions = facts.words("stack.regions").to_vec();
    let inputs = ["stack.regions", "stack.cloud", "residency"];
    let outside: Vec<String> = regions.iter().filter(|region| known.outside(region, &places)).cloned().collect();
    structure::count(facts, "regions.outside_residency", outside.len());
    structure::count(facts, "regions.count", regions.len().max(1));
    let foreign =
        |name: &&String| known.of(&cloud, name).is_none() && known.regions.iter().any(|region| region.name == **name);
    let foreign: Vec<String> = regions.iter().filter(foreign).cloned().collect();
    if !foreign.is_empty() {
        facts.derive("regions.foreign", foreign, "stated regions that another provider has", &inputs);
    }
    let Some(first) = regions.first().and_then(|name| known.of(&cloud, name)) else { return };
    let together: Vec<&Region> = known.together(first, &places).collect();
    let zones: f64 = together.iter().map(|region| region.zones).sum();
    facts.derive("regions.zones", zones, "zones of the first region and of those in its network", &inputs);
    let sites: Vec<String> = together.iter().map(|region| region.name.clone()).collect();
    facts.derive(
        "regions.sites",
        sites,
        "the first region and those that share its network, inside the residency",
        &inputs,
    );
    if let Some(network) = first.network.as_deref() {
        facts.derive("regions.network", network, "network of the first region", &inputs);
    }
}
