//! What is deployed and checked as templates see it: deployables with their numbers, and the `make` targets that tasks name as proof.

use super::model::{Check, Domain, Name, Project, Service};
use crate::catalogue::{Catalogue, DoneWhen, Scope};
use crate::engine::findings::items;
use crate::facts::{Fact, Facts};
use crate::requirements::Requirements;
use crate::text::{names, slug};

/// The deployables: the domains where there are several, else one named after the project.
pub(super) fn services(
    requirements: &Requirements,
    facts: &Facts,
    domains: &[Domain],
    project: &Project,
) -> Vec<Service> {
    let number = |path: &str| facts.number(path).filter(|number| number.is_finite());
    if number("decision.deployables").unwrap_or(1.0) <= 1.0 || domains.is_empty() {
        let least = number("capacity.app.instances").unwrap_or(1.0).max(1.0);
        let most = number("capacity.app.max_instances").unwrap_or(least).max(least);
        let name = Name {
            label: project.label.clone(),
            slug: project.slug.clone(),
            snake: project.snake.clone(),
            class: project.class.clone(),
            camel: names::camel(&project.snake),
        };
        let peak = number("traffic.peak");
        return vec![Service { name, replicas: least, max_replicas: most, peak, calls: Vec::new() }];
    }
    // Each service's share of the most instances of the plan; a replica more rather than one less.
    let instances = number("capacity.app.instances").unwrap_or(0.0);
    let ceiling = number("capacity.app.max_instances").unwrap_or(instances).max(instances);
    let share = if instances > 0.0 { ceiling / instances } else { 1.0 };
    let one = |(stated, domain): (&crate::requirements::Domain, &Domain)| {
        let least = number(&format!("domains[{}].replicas", stated.name)).unwrap_or(2.0).max(1.0);
        let (peak, calls) = (domain.peak, domain.calls.clone());
        Service { name: domain.name.clone(), replicas: least, max_replicas: (least * share - 1e-9).ceil(), peak, calls }
    };
    requirements.domains.iter().zip(domains).map(one).collect()
}

/// Every `make` target that a task or control of this plan names as its proof, once, in the order of the catalogue.
pub(super) fn checks(catalogue: &Catalogue, requirements: &Requirements, facts: &Facts) -> Vec<Check> {
    let mut out: Vec<Check> = Vec::new();
    let stage = facts.number("stage.number").unwrap_or(1.0);
    for entry in &catalogue.tasks {
        if stage < f64::from(entry.stage) && entry.phase == "core" {
            continue;
        }
        let scopes =
            if entry.scope == Scope::Plan { vec![(None, String::new())] } else { items(requirements, entry.scope) };
        for (scope, name) in scopes {
            if entry.when.holds(facts, scope.as_deref()) {
                let key = entry.id.clone().unwrap_or_else(|| format!("{}.{}", entry.key, slug(&name)));
                targets(&mut out, &entry.done_when, facts, scope.as_deref(), &key);
            }
        }
    }
    for control in catalogue.controls.iter().filter(|control| control.when.holds(facts, None)) {
        targets(&mut out, &control.done_when, facts, None, &control.id);
    }
    out
}

fn targets(out: &mut Vec<Check>, proofs: &[DoneWhen], facts: &Facts, scope: Option<&str>, task: &str) {
    for text in proofs.iter().filter_map(|proof| proof.run.as_ref()) {
        let Some(command) = text.fill(facts, scope, &Fact::human).ok().flatten() else { continue };
        let Some(target) = command.strip_prefix("make ") else { continue };
        // What people wrote has passed through a slug; anything else would not be a target.
        let sound = target.chars().all(|c| c.is_alphanumeric() || c == '-');
        if sound && !out.iter().any(|known| known.target == target) {
            out.push(Check { target: target.to_string(), task: task.to_string() });
        }
    }
}
