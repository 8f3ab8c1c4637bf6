//! Counts over the stated lists: domains, calls, events, integrations, workloads, entities.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::facts::Facts;
use crate::requirements::{Consistency, Domain, Level, Mode, Priority, Requirements, WorkloadKind};

/// Puts the counts that conditions ask for; an absent list counts 0 because nothing is stated.
pub(super) fn collect(facts: &mut Facts, requirements: &Requirements) {
    super::endpoints::collect(facts, &requirements.api.endpoints);
    super::endpoints::window(facts);
    facts.derive(
        "project.slug",
        crate::text::slug(&requirements.project.name),
        "lower case, other characters as one hyphen",
        &["project.name"],
    );
    domains(facts, &requirements.domains);
    work(facts, requirements);
    let endpoints = requirements.api.endpoints.len();
    count(facts, "api.endpoints.count", endpoints);
    count(facts, "api.consumers.count", requirements.api.consumers.len());
    let kinds: BTreeSet<&str> =
        requirements.api.consumers.iter().filter_map(|consumer| consumer.kind).map(|kind| kind.as_str()).collect();
    facts.derive(
        "api.consumers.kinds",
        kinds.into_iter().map(String::from).collect::<Vec<_>>(),
        "kinds of api.consumers",
        &[],
    );
    count(facts, "features.count", requirements.features.len());
    for priority in [Priority::Must, Priority::Should, Priority::Could] {
        let number = requirements
            .features
            .iter()
            .filter(|feature| feature.priority.unwrap_or(Priority::Must) == priority)
            .count();
        count(facts, format!("features.{}", priority.as_str()), number);
        let ids: Vec<&str> = requirements
            .features
            .iter()
            .filter(|feature| feature.priority.unwrap_or(Priority::Must) == priority)
            .map(|feature| feature.id.as_str())
            .collect();
        let text = if ids.is_empty() { "none".to_string() } else { ids.join(", ") };
        facts.derive(format!("features.{}_text", priority.as_str()), text, "ids of the features", &[]);
    }
}

fn domains(facts: &mut Facts, domains: &[Domain]) {
    count(facts, "domains.count", domains.len());
    count(
        facts,
        "domains.teams",
        domains.iter().filter_map(|domain| domain.team.as_deref()).collect::<BTreeSet<_>>().len(),
    );
    let consumers = consumers(domains);
    count(facts, "domains.events", domains.iter().flat_map(|domain| &domain.publishes).collect::<BTreeSet<_>>().len());
    count(facts, "domains.consumed_events", consumers.len());
    count(facts, "domains.event_consumers_max", consumers.values().map(BTreeSet::len).max().unwrap_or(0));
    count(
        facts,
        "domains.sync_chain_depth",
        domains.iter().map(|domain| depth(domains, domain, domains.len())).max().unwrap_or(0),
    );
    let per_request = domains
        .iter()
        .map(|domain| domain.calls.iter().map(|call| call.per_request.unwrap_or(1.0)).sum::<f64>())
        .fold(0.0, f64::max);
    facts.derive("domains.calls_per_request_max", per_request, "largest sum of domains[].calls[].per_request", &[]);
    count(facts, "domains.dependencies_max", domains.iter().map(|domain| domain.calls.len()).max().unwrap_or(0));
    count(
        facts,
        "domains.high_criticality",
        domains.iter().filter(|domain| domain.criticality == Some(Level::High)).count(),
    );
    let strong = domains.iter().filter(|domain| domain.consistency == Some(Consistency::Strong));
    count(facts, "domains.strong", strong.count());
}

/// Events that another domain than the publisher consumes, with their consumers.
fn consumers(domains: &[Domain]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut out: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for domain in domains {
        for event in &domain.consumes {
            if domains.iter().any(|other| other.name != domain.name && other.publishes.contains(event)) {
                out.entry(event).or_default().insert(&domain.name);
            }
        }
    }
    out
}

/// Length in calls of the longest chain from a domain; the reader has refused cycles, `left` bounds the walk all the same.
fn depth(domains: &[Domain], from: &Domain, left: usize) -> usize {
    if left == 0 {
        return 0;
    }
    let targets = from.calls.iter().filter_map(|call| domains.iter().find(|domain| domain.name == call.to));
    targets.map(|target| 1 + depth(domains, target, left - 1)).max().unwrap_or(0)
}

fn work(facts: &mut Facts, requirements: &Requirements) {
    let integrations = &requirements.integrations;
    count(facts, "integrations.count", integrations.len());
    let sync = |integration: &&crate::requirements::Integration| integration.mode.unwrap_or(Mode::Sync) == Mode::Sync;
    count(facts, "integrations.async", integrations.iter().filter(|i| i.mode == Some(Mode::Async)).count());
    count(facts, "integrations.calling_back", integrations.iter().filter(|i| i.calls_back == Some(true)).count());
    count(facts, "integrations.sync", integrations.iter().filter(sync).count());
    let bare = |i: &&crate::requirements::Integration| {
        i.circuit_breaker != Some(true) || i.timeout.is_none() || i.retries.is_none()
    };
    count(facts, "integrations.unprotected", integrations.iter().filter(sync).filter(bare).count());
    count(facts, "integrations.critical", integrations.iter().filter(|i| i.critical == Some(true)).count());

    let workloads = &requirements.workloads;
    count(facts, "workloads.count", workloads.len());
    count(
        facts,
        "workloads.events",
        workloads.iter().filter(|w| matches!(w.kind, Some(WorkloadKind::Event | WorkloadKind::Stream))).count(),
    );
    let long = |w: &&crate::requirements::Workload| {
        w.mode == Some(Mode::Sync) && w.duration.is_some_and(|duration| duration.0.expected > 1000.0)
    };
    count(facts, "workloads.sync_long", workloads.iter().filter(long).count());
    count(facts, "workloads.interruptible", workloads.iter().filter(|w| w.interruptible == Some(true)).count());
    let runs: f64 = workloads.iter().filter_map(|w| w.runs).map(|runs| runs.0.expected).sum();
    facts.derive("workloads.runs", runs, "sum of workloads[].runs", &[]);

    let entities = &requirements.entities;
    count(facts, "entities.count", entities.len());
    count(facts, "entities.tenants", entities.iter().filter(|entity| entity.tenant == Some(true)).count());
    count(
        facts,
        "entities.personal_fields",
        entities.iter().flat_map(|entity| &entity.fields).filter(|field| field.personal == Some(true)).count(),
    );
    count(facts, "entities.indexed_queries", entities.iter().map(|entity| entity.queries.len()).sum());
}

#[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
pub(super) fn count(facts: &mut Facts, path: impl AsRef<str> + Into<Rc<str>>, number: usize) {
    facts.derive(path, number as f64, "count of stated items", &[]);
}
