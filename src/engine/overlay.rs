//! Overlays: what combines with any base pattern.

use super::explained;
use super::tree::Taken;
use crate::catalogue::{Catalogue, Overlay};
use crate::facts::Facts;

/// Decides overlays one after the other, so that a later one may ask for an earlier one; returns those taken.
pub(super) fn decide(facts: &mut Facts, catalogue: &Catalogue) -> Vec<Taken> {
    let mut taken: Vec<&Overlay> = Vec::new();
    facts.derive("overlays", Vec::<String>::new(), "overlays whose condition holds", &[]);
    // Two rounds: a condition may name an overlay that stands later in the alphabet.
    for _ in 0..2 {
        let stage = facts.number("stage.number").unwrap_or(1.0);
        let holds = |overlay: &&Overlay| stage >= f64::from(overlay.min_stage) && overlay.when.holds(facts, None);
        let found: Vec<&Overlay> = catalogue.overlays.iter().filter(holds).collect();
        let same = found.len() == taken.len() && found.iter().zip(&taken).all(|(new, old)| new.id == old.id);
        taken = found;
        if !same {
            let ids: Vec<String> = taken.iter().map(|overlay| overlay.id.clone()).collect();
            facts.derive("overlays", ids, "overlays whose condition holds", &[]);
        }
    }
    let entry = |overlay: &Overlay| Taken {
        name: overlay.id.clone(),
        because: explained(&overlay.because, facts, None),
        rule: format!("overlays/{}", overlay.id),
    };
    if facts.is_rerun() { Vec::new() } else { taken.into_iter().map(entry).collect() }
}

/// Zones that the app tier and the database span.
pub(super) fn zones(facts: &mut Facts) {
    let wanted = facts.words("overlays").iter().any(|id| id == "multi-zone");
    let target = facts.number("targets.availability").unwrap_or(0.999);
    let zones = match (wanted, target >= 0.9995) {
        (false, _) => 1.0,
        (true, false) => 2.0,
        (true, true) => 3.0,
    };
    facts.derive(
        "capacity.zones",
        zones,
        "1; 2 with overlay multi-zone; 3 from 99.95%",
        &["overlays", "targets.availability"],
    );
}
