//! From requirements and facts to the model: project, choices, figures, tenancy, names that changed.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::model::{Entity, Model, Name, Project, Tenancy};
use super::{Source, ceilings, delivery, entities, number_json, retention, structure};
use crate::facts::Facts;
use crate::requirements::Requirements;
use crate::text::{markdown, names};

/// Most characters of a label.
const LABEL: usize = 120;

/// Figures by name with the fact that each one prints.
const FIGURES: &[(&str, &str)] = &[
    ("average_rps", "traffic.average"),
    ("peak_rps", "traffic.peak"),
    ("seasonal_rps", "traffic.seasonal_rate"),
    ("reads_rps", "traffic.reads_rate"),
    ("writes_rps", "traffic.writes_rate"),
    ("throughput", "targets.throughput"),
    ("long_lived_connections", "traffic.long_lived_connections"),
    ("instances", "capacity.app.instances"),
    ("max_instances", "capacity.app.max_instances"),
    ("rps_per_instance", "capacity.app.rps_per_instance"),
    ("concurrency", "capacity.app.concurrency"),
    ("app_vcpu", "capacity.app.vcpu"),
    ("app_memory", "capacity.app.memory"),
    ("pool_per_instance", "capacity.database.pool_per_instance"),
    ("pool_total", "capacity.database.pool_total"),
    ("connection_limit", "capacity.database.connection_limit"),
    ("database_vcpu", "capacity.database.vcpu"),
    ("database_disk", "data.disk_horizon"),
    ("replicas", "capacity.database.replicas"),
    ("shards", "capacity.database.shards"),
    ("cache_memory", "capacity.cache.memory"),
    ("cache_hit_ratio", "capacity.cache.hit_ratio"),
    ("broker_messages", "capacity.broker.messages"),
    ("broker_partitions", "capacity.broker.partitions"),
    ("broker_consumers", "capacity.broker.consumers"),
    ("p50_ms", "targets.p50"),
    ("p95_ms", "targets.p95"),
    ("p99_ms", "targets.p99"),
    ("query_ms", "targets.database_query"),
    ("availability", "targets.availability"),
    ("error_rate", "targets.error_rate"),
    ("error_budget_ms", "availability.error_budget"),
    ("rpo_ms", "targets.rpo"),
    ("rto_ms", "targets.rto"),
    ("restore_ms", "recovery.restore_time"),
    ("monthly_cost", "cost.monthly"),
    ("budget", "budget.monthly"),
    ("restore_test_ms", "operations.restore_test"),
    ("secret_rotation_ms", "security.secret_rotation"),
    ("stage", "stage.number"),
    ("zones", "capacity.zones"),
];

/// The model, without the checks, which tasks name.
pub(super) fn model(source: &Source) -> Model {
    let (requirements, facts) = (source.requirements, source.facts);
    let mut model = Model {
        project: project(requirements),
        numbers: FIGURES.iter().map(|(name, path)| ((*name).to_string(), figure(facts, path))).collect(),
        api: structure::api(requirements, facts),
        environments: environments(requirements),
        audit: facts.flag("data.audit_trail") == Some(true),
        availability: serde_json::to_value(source.availability).unwrap_or_default(),
        recovery: serde_json::to_value(source.recovery).unwrap_or_default(),
        ..Model::default()
    };
    for (path, fact) in facts.each() {
        let Some(topic) = path.strip_prefix("selection.") else { continue };
        match topic.strip_suffix(".name") {
            Some(topic) => drop(model.choice_names.insert(topic.to_string(), fact.human())),
            None if !topic.contains('.') => drop(model.choices.insert(topic.to_string(), fact.human())),
            None => {}
        }
    }
    if model.choices.get("authorization").is_some_and(|model| model.contains("bac")) {
        let words: Vec<&str> = requirements.security.roles.iter().map(String::as_str).collect();
        model.roles = forms(&words);
    }
    model.tenancy = tenancy(requirements, facts);
    model.kept = retention::period(facts, "data.retention");
    model.entities = entities::build(requirements, facts, &model.tenancy);
    structure::mark_resources(&mut model.api, &model.entities);
    model.insert_order = entities::order(&model.entities);
    model.domains = structure::domains(requirements, facts, &model.entities);
    model.events = structure::events(requirements, &model.domains, &model.entities);
    model.integrations = structure::integrations(requirements, facts, &model.domains);
    model.workloads = structure::workloads(requirements, facts, &model.domains);
    model.services = delivery::services(requirements, facts, &model.domains, &model.project);
    if model.choices.get("compute").is_some_and(|compute| compute == "functions") {
        let total = facts.number("functions.reserved").unwrap_or(ceilings::UNKNOWN);
        ceilings::share(total, &mut model.services, &mut model.workloads);
    }
    model.mapping = mapping(&model);
    model
}

/// A figure to six digits after the point; unknown is null.
fn figure(facts: &Facts, path: &str) -> Json {
    facts.number(path).map_or(Json::Null, |number| number_json((number * 1e6).round() / 1e6))
}

/// People's text on one line of bounded length.
pub(super) fn label(text: &str) -> String {
    let line = markdown::one_line(text);
    if line.chars().count() <= LABEL { line } else { line.chars().take(LABEL - 1).collect::<String>() + "…" }
}

/// A name in all its forms, from its snake form.
pub(super) fn name(written: &str, snake: &str) -> Name {
    Name {
        label: label(written),
        slug: snake.replace('_', "-"),
        snake: snake.to_string(),
        class: names::pascal(snake),
        camel: names::camel(snake),
    }
}

/// Names in all their forms, no two alike.
pub(super) fn forms(written: &[&str]) -> Vec<Name> {
    let snakes = names::unique(written, &[], names::snake);
    let classes = classes(&snakes);
    let all = written.iter().zip(&snakes).zip(classes);
    all.map(|((written, snake), class)| Name { class, ..name(written, snake) }).collect()
}

/// Classes of snake-case names, no two alike: `a_1` and `a1` would meet.
pub(super) fn classes(snakes: &[String]) -> Vec<String> {
    let snakes: Vec<&str> = snakes.iter().map(String::as_str).collect();
    names::unique(&snakes, &[], names::pascal).into_iter().map(|class| class.replace('_', "X")).collect()
}

fn project(requirements: &Requirements) -> Project {
    let found = name(&requirements.project.name, &names::snake(&requirements.project.name));
    Project {
        label: found.label,
        slug: found.slug,
        snake: found.snake,
        class: found.class,
        summary: requirements.project.summary.as_deref().map(label).unwrap_or_default(),
    }
}

fn environments(requirements: &Requirements) -> Vec<Name> {
    let mut words: Vec<&str> = requirements.operations.environments.iter().map(String::as_str).collect();
    if !words.iter().any(|word| word.to_lowercase().starts_with("prod")) {
        words.push("production");
    }
    forms(&words)
}

fn tenancy(requirements: &Requirements, facts: &Facts) -> Tenancy {
    let mode = facts.word("security.tenancy").unwrap_or("single").to_string();
    let tenant = requirements.entities.iter().find(|entity| entity.tenant == Some(true));
    let table = tenant.and_then(|entity| facts.word(&format!("entities[{}].table", entity.name)));
    let column = tenant.map_or_else(|| "tenant_id".to_string(), |entity| format!("{}_id", names::snake(&entity.name)));
    Tenancy { mode, table: table.map(String::from), column }
}

/// What a person would not recognise: more than case, spaces and plural changed.
fn mapping(model: &Model) -> Vec<(String, String)> {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    let mut note = |label: &str, safe: &str| {
        let (was, is) = (plain(label), plain(safe));
        if was != is && !is.starts_with(&was) {
            out.insert(label.to_string(), safe.to_string());
        }
    };
    note(&model.project.label, &model.project.snake);
    for Entity { name, table, fields, .. } in &model.entities {
        // A plural ending is recognised.
        if plain(&name.label) != plain(&name.snake) {
            note(&name.label, table);
        }
        fields.iter().filter(|field| field.role == "stated").for_each(|field| note(&field.label, &field.column));
    }
    let named = model.domains.iter().map(|item| &item.name).chain(model.events.iter().map(|item| &item.name));
    let named = named.chain(model.integrations.iter().map(|item| &item.name)).chain(&model.roles);
    named.chain(model.workloads.iter().map(|item| &item.name)).for_each(|name| note(&name.label, &name.snake));
    out.into_iter().collect()
}
