//! What is deployed as templates see it: deployables with their numbers.

use super::model::{Domain, Name, Project, Service};
use crate::facts::Facts;
use crate::requirements::Requirements;
use crate::text::names;

/// The deployables: the domains where there are several, else one named after the project.
pub(super) fn services(
    requirements: &Requirements,
    facts: &Facts,
    domains: &[Domain],
    project: &Project,
) -> Vec<Service> {
    let number = |path: &str| facts.number(path).filter(|number| number.is_finite());
    if number("decision.deployables").unwrap_or(1.0) <= 1.0 || domains.is_empty() {
        let replicas = number("capacity.app.instances").unwrap_or(1.0).max(1.0);
        let least = number("capacity.app.min_instances").unwrap_or(replicas).max(1.0);
        let max_replicas = number("capacity.app.max_instances").unwrap_or(replicas).max(replicas);
        let name = Name {
            label: project.label.clone(),
            slug: project.slug.clone(),
            snake: project.snake.clone(),
            class: project.class.clone(),
            camel: names::camel(&project.snake),
        };
        let peak = number("traffic.peak");
        return vec![Service { name, replicas, least, max_replicas, peak, ceiling: None, calls: Vec::new() }];
    }
    // Each service's share of the most instances of the plan; a replica more rather than one less.
    let instances = number("capacity.app.instances").unwrap_or(0.0);
    let ceiling = number("capacity.app.max_instances").unwrap_or(instances).max(instances);
    let share = if instances > 0.0 { ceiling / instances } else { 1.0 };
    let one = |(stated, domain): (&crate::requirements::Domain, &Domain)| {
        let replicas = number(&format!("domains[{}].replicas", stated.name)).unwrap_or(2.0).max(1.0);
        let least = number(&format!("domains[{}].least", stated.name)).unwrap_or(replicas).max(1.0);
        let (peak, calls) = (domain.peak, domain.calls.clone());
        Service {
            name: domain.name.clone(),
            replicas,
            least,
            max_replicas: (replicas * share - 1e-9).ceil(),
            peak,
            ceiling: None,
            calls,
        }
    };
    requirements.domains.iter().zip(domains).map(one).collect()
}
