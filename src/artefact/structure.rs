//! Domains, events, integrations, workloads and the API as templates see them.

use super::build::{forms, label};
use super::model::{Api, Domain, Endpoint, Entity, Event, Integration, Workload};
use super::schedule::schedule;
use crate::facts::Facts;
use crate::requirements::{Feature, Mode, Priority, Requirements, WorkloadKind};
use crate::text::names;

/// Methods that an endpoint may have.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Length of a run that nobody states.
const UNSTATED_RUN_MS: f64 = 600_000.0;

/// Domains in file order.
pub(super) fn domains(requirements: &Requirements, facts: &Facts, entities: &[Entity]) -> Vec<Domain> {
    let written: Vec<&str> = requirements.domains.iter().map(|domain| domain.name.as_str()).collect();
    let all = forms(&written);
    let slug = |wanted: &str| {
        let at = written.iter().position(|name| *name == wanted)?;
        all.get(at).map(|name| name.slug.clone())
    };
    let classes = |events: &[String]| events.iter().map(|event| names::pascal(event)).collect();
    let of = |domain: &&crate::requirements::Domain| domain.name.clone();
    requirements
        .domains
        .iter()
        .zip(&all)
        .map(|(domain, name)| Domain {
            name: name.clone(),
            summary: domain.summary.as_deref().map(label).unwrap_or_default(),
            peak: facts.number(&format!("domains[{}].peak", of(&domain))),
            runs_as: facts.word(&format!("domains[{}].runs_as", of(&domain))).unwrap_or("module").to_string(),
            calls: domain.calls.iter().filter_map(|call| slug(&call.to)).collect(),
            publishes: classes(&domain.publishes),
            consumes: classes(&domain.consumes),
            tables: requirements
                .entities
                .iter()
                .zip(entities)
                .filter(|(stated, _)| stated.domain.as_ref() == Some(&domain.name))
                .map(|(_, entity)| entity.table.clone())
                .collect(),
        })
        .collect()
}

/// Every event that a domain publishes, once.
pub(super) fn events(requirements: &Requirements, domains: &[Domain], entities: &[Entity]) -> Vec<Event> {
    let mut written: Vec<(&str, &str)> = Vec::new();
    for (stated, domain) in requirements.domains.iter().zip(domains) {
        for event in &stated.publishes {
            if !written.iter().any(|(known, _)| known == event) {
                written.push((event, &domain.name.slug));
            }
        }
    }
    let all = forms(&written.iter().map(|(event, _)| *event).collect::<Vec<_>>());
    let consumers = |event: &str| {
        let listen = requirements.domains.iter().zip(domains);
        let listen = listen.filter(|(stated, _)| stated.consumes.iter().any(|known| known == event));
        listen.map(|(_, domain)| domain.name.slug.clone()).collect()
    };
    written
        .iter()
        .zip(all)
        .map(|((event, publisher), name)| {
            let about = entities.iter().filter(|entity| name.snake.starts_with(&entity.name.snake));
            let about = about.max_by_key(|entity| entity.name.snake.len());
            Event {
                topic: format!("{publisher}.{}", name.slug),
                publisher: (*publisher).to_string(),
                consumers: consumers(event),
                table: about.map(|entity| entity.table.clone()),
                name,
            }
        })
        .collect()
}

/// Integrations in file order.
pub(super) fn integrations(requirements: &Requirements, facts: &Facts, domains: &[Domain]) -> Vec<Integration> {
    let caller = |item: &crate::requirements::Integration| {
        let found = item.caller(&requirements.domains).map(|domain| &domain.name);
        let mut all = requirements.domains.iter().zip(domains);
        let own = all.find(|(stated, _)| Some(&stated.name) == found);
        own.map(|(_, domain)| domain.name.slug.clone()).unwrap_or_default()
    };
    let written: Vec<&str> = requirements.integrations.iter().map(|item| item.name.as_str()).collect();
    let number = |name: &str, key: &str| facts.number(&format!("integrations[{name}].{key}"));
    requirements
        .integrations
        .iter()
        .zip(forms(&written))
        .map(|(item, name)| Integration {
            name,
            purpose: item.purpose.as_deref().map(label).unwrap_or_default(),
            caller: caller(item),
            sync: item.mode != Some(Mode::Async),
            calls_back: item.calls_back == Some(true),
            timeout_ms: number(&item.name, "timeout_budget").unwrap_or(1000.0).round(),
            retries: number(&item.name, "retries").unwrap_or(2.0),
            critical: item.critical == Some(true),
            permits: number(&item.name, "permits").unwrap_or(25.0),
        })
        .collect()
}

/// Workloads in file order.
pub(super) fn workloads(requirements: &Requirements, facts: &Facts, domains: &[Domain]) -> Vec<Workload> {
    let written: Vec<&str> = requirements.workloads.iter().map(|item| item.name.as_str()).collect();
    let domain = |name: &str| {
        let at = requirements.domains.iter().position(|domain| domain.name == name)?;
        domains.get(at).map(|domain| domain.name.slug.clone())
    };
    let day = facts.number("conventions.seconds_per_day").unwrap_or(86_400.0);
    let month = facts.number("conventions.days_per_month").unwrap_or(30.0);
    requirements
        .workloads
        .iter()
        .zip(forms(&written))
        .map(|(item, name)| Workload {
            name,
            schedule: (item.kind == Some(WorkloadKind::Scheduled))
                .then(|| schedule(item.runs.map(|runs| runs.0.expected), day, month)),
            limit_s: limit(item.kind, item.duration.map(|time| time.0.expected)),
            at_once: facts.number(&format!("workloads[{}].peak_concurrency", item.name)).unwrap_or(1.0),
            domain: item.domain.as_deref().and_then(domain).unwrap_or_default(),
            kind: item.kind.unwrap_or(WorkloadKind::Job).as_str().to_string(),
            runs_as: facts.word(&format!("workloads[{}].runs_as", item.name)).unwrap_or("worker").to_string(),
            runs: item.runs.map(|runs| runs.0.expected),
            duration_ms: item.duration.map(|time| time.0.expected),
            memory: facts.number(&format!("workloads[{}].memory", item.name)),
            may_wait: may_wait(item, requirements),
        })
        .collect()
}

/// Whether no must-feature needs the work: one of its domain does, and of no domain any may. Work without features belongs to nobody knows
/// what, so that it goes on, unless it was said that it can be interrupted.
fn may_wait(item: &crate::requirements::Workload, requirements: &Requirements) -> bool {
    let needs = |feature: &&Feature| feature.domain.is_none() || item.domain.is_none() || feature.domain == item.domain;
    let mut of_it = requirements.features.iter().filter(needs).peekable();
    let known = of_it.peek().is_some();
    let must = of_it.any(|feature| feature.priority.unwrap_or(Priority::Must) == Priority::Must);
    item.mode != Some(Mode::Sync) && (item.interruptible == Some(true) || (known && !must))
}

/// Seconds after which a run is stopped: twice its stated length; the least is the start of a container for what a schedule starts.
fn limit(kind: Option<WorkloadKind>, duration_ms: Option<f64>) -> f64 {
    let least = if kind == Some(WorkloadKind::Scheduled) { 60.0 } else { 10.0 };
    (duration_ms.unwrap_or(UNSTATED_RUN_MS) * 2.0 / 1000.0).ceil().max(least)
}

/// How the system is called.
pub(super) fn api(requirements: &Requirements, facts: &Facts) -> Api {
    let versioning = facts.word("api.versioning").unwrap_or("uri").to_string();
    let paging = match facts.word("api.pagination").unwrap_or("auto") {
        "auto" if facts.number("stage.number").unwrap_or(1.0) >= 3.0 => "cursor",
        "auto" => "offset",
        stated => stated,
    };
    let rate = facts.number("api.rate_limit").filter(|rate| *rate > 0.0).unwrap_or(100.0 / 60.0);
    let window = facts.number("api.rate_window").map_or(60.0, |window| window / 1000.0);
    let mut styles: Vec<String> = facts.word("selection.api-style").map(String::from).into_iter().collect();
    styles
        .extend(facts.words("api.styles").iter().filter(|style| !styles.contains(style)).cloned().collect::<Vec<_>>());
    Api {
        base: if versioning == "uri" { "/api/v1" } else { "/api" }.to_string(),
        versioning,
        pagination: paging.to_string(),
        limit: (rate * window).round().max(1.0),
        window_s: window,
        styles,
        public: facts.flag("api.public") == Some(true),
        endpoints: endpoints(requirements),
    }
}

/// Stated endpoints whose method is known, each operation with a name of its own.
fn endpoints(requirements: &Requirements) -> Vec<Endpoint> {
    let mut out: Vec<Endpoint> = Vec::new();
    for stated in &requirements.api.endpoints {
        let method = stated.method.to_uppercase();
        let (path, parameters) = path(&stated.path);
        let known = out.iter().any(|other| other.method == method && same(&other.path, &path));
        if known || !METHODS.contains(&method.as_str()) {
            continue;
        }
        let words = format!("{} {}", method.to_lowercase(), path.replace(['/', '{', '}', '.'], " "));
        let mut operation = names::camel(&words);
        while out.iter().any(|other| other.operation == operation) {
            operation.push('2');
        }
        out.push(Endpoint {
            label: label(stated.summary.as_deref().unwrap_or(&stated.path)),
            method,
            path,
            parameters,
            auth: stated.auth != Some(false),
            operation,
            resource: false,
        });
    }
    out
}

/// Marks the endpoints that are routes of entities: `/orders` and `/orders/{id}` below the base.
pub(super) fn mark_resources(api: &mut Api, entities: &[Entity]) {
    let routes: Vec<String> = entities.iter().map(|entity| format!("{}/{}", api.base, entity.path)).collect();
    for endpoint in &mut api.endpoints {
        let item = endpoint.path.rsplit_once('/').filter(|(_, last)| last.starts_with('{')).map(|(route, _)| route);
        endpoint.resource = routes.iter().any(|route| *route == endpoint.path || Some(route.as_str()) == item);
    }
}

/// Whether two paths match the same requests.
fn same(a: &str, b: &str) -> bool {
    let form = |path: &str| {
        path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }.to_string()).collect::<Vec<_>>()
    };
    form(a) == form(b)
}

/// A path with safe parts and `{name}` parameters, and the names of these.
fn path(stated: &str) -> (String, Vec<String>) {
    let mut parameters: Vec<String> = Vec::new();
    let plain = stated.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<String> = plain
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| {
            if !part.starts_with(['{', ':', '<']) {
                let sound = part.len() <= 80 && part.chars().all(|c| c.is_ascii_alphanumeric() || "._~-".contains(c));
                return if sound && !part.starts_with('.') { part.to_string() } else { names::kebab(part) };
            }
            let mut name = names::camel(part);
            while parameters.contains(&name) {
                name.push('2');
            }
            parameters.push(name.clone());
            format!("{{{name}}}")
        })
        .collect();
    (format!("/{}", parts.join("/")), parameters)
}
