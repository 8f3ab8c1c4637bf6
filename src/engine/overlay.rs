//! Overlays: what combines with any base pattern.

use super::explained;
use super::tree::Taken;
use crate::catalogue::Catalogue;
use crate::facts::Facts;

/// Decides overlays one after the other, so that a later one may ask for an earlier one; returns those taken.
pub(super) fn decide(facts: &mut Facts, catalogue: &Catalogue) -> Vec<Taken> {
    let mut taken: Vec<Taken> = Vec::new();
    facts.derive("overlays", Vec::<String>::new(), "overlays whose condition holds", &[]);
    // Two rounds: a condition may name an overlay that stands later in the alphabet.
    for _ in 0..2 {
        taken = Vec::new();
        for overlay in &catalogue.overlays {
            let stage = facts.number("stage.number").unwrap_or(1.0);
            if stage >= f64::from(overlay.min_stage) && overlay.when.holds(facts, None) {
                taken.push(Taken {
                    name: overlay.id.clone(),
                    because: explained(&overlay.because, facts, None),
                    rule: format!("overlays/{}", overlay.id),
                });
            }
        }
        let ids: Vec<String> = taken.iter().map(|overlay| overlay.name.clone()).collect();
        facts.derive("overlays", ids, "overlays whose condition holds", &[]);
    }
    taken
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
