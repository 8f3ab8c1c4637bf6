//! What texts say of single domains, entities and integrations.

use std::collections::BTreeMap;

use super::Numbers;
use crate::catalogue::Catalogue;
use crate::facts::condition::Leaf;
use crate::facts::{Fact, Facts, Origin};
use crate::quantity::{Kind, Value, human};
use crate::requirements::{Domain, Entity, Field, FieldType, Integration, Requirements, WorkloadKind};
use crate::text::markdown::{code, prose};
use crate::text::{names, slug};

/// Rule of facts whose text is Markdown already: names of people in it are escaped.
pub const MARKDOWN: &str = "markdown";

/// Puts a text that is Markdown.
fn put(facts: &mut Facts, path: String, text: impl Into<Value>, formula: &'static str) {
    let origin = Origin::Derived { formula: formula.into(), inputs: Vec::new() };
    facts.put(path, Fact { kind: Kind::Text, value: text.into(), origin, rule: MARKDOWN.into() });
}

/// Last keys of the paths that [`describe`] puts.
const DESCRIPTIONS: [&str; 26] = [
    "migration",
    "rows_text",
    "columns_text",
    "references_text",
    "keys_text",
    "indexes_text",
    "personal_text",
    "slug",
    "table",
    "queries_count",
    "references_count",
    "money_count",
    "personal_count",
    "trigger_text",
    "calls_text",
    "callers_text",
    "events_text",
    "systems_text",
    "systems_count",
    "calls_count",
    "events_count",
    "consumes_count",
    "tables_count",
    "tables_text",
    "storage_horizon",
    "store",
];

/// Whether a rule of the catalogue reads what [`describe`] puts; those of the embedded one do not.
pub(super) fn are_read(catalogue: &Catalogue) -> bool {
    let described = |path: &str| {
        let key = path.strip_prefix("item.").or_else(|| path.rsplit_once("].").map(|(_, key)| key));
        key.is_some_and(|key| DESCRIPTIONS.contains(&key))
    };
    catalogue.rules.iter().any(|rule| {
        let mut paths = rule.when.leaves().into_iter().flat_map(Leaf::paths);
        let mut texts = rule.message.paths().chain(rule.fix.paths());
        paths.any(described) || texts.any(described) || rule.labels.iter().any(|path| described(path))
    })
}

/// Puts what tasks and tables say of every entity, workload and domain: nothing is decided or measured by it.
pub(super) fn describe(facts: &mut Facts, requirements: &Requirements) {
    let tables = all_tables(requirements);
    for (entity, place) in requirements.entities.iter().zip(super::migration::places(requirements)) {
        entity_facts(facts, entity, place + 1, &tables);
    }
    workloads(facts, requirements);
    for domain in &requirements.domains {
        domain_facts(facts, domain, requirements, &tables);
    }
}

/// Tables that artefacts make beside those of entities.
const TAKEN: [&str; 12] = [
    "legal_holds",
    "outbox",
    "inbox",
    "audit_events",
    "access_roles",
    "access_permissions",
    "access_role_permissions",
    "access_subject_roles",
    "schema_migrations",
    "sign_in_accounts",
    "sign_in_tries",
    "sessions",
];

/// Tables by entity: `OrderLine` is `order_lines`, snake case, plural, no two alike.
type Tables = BTreeMap<String, String>;

fn all_tables(requirements: &Requirements) -> Tables {
    let written: Vec<&str> = requirements.entities.iter().map(|entity| entity.name.as_str()).collect();
    let tables = names::unique(&written, &TAKEN, |name| names::plural(&names::snake(name)));
    written.into_iter().map(String::from).zip(tables).collect()
}

/// The table of an entity.
fn table(tables: &Tables, name: &str) -> String {
    tables.get(name).cloned().unwrap_or_else(|| names::snake(name))
}

/// The column of a field: a reference is `customer_id`.
fn column_name(field: &Field) -> String {
    let snake = names::snake(&field.name);
    if field.reference.is_some() && !snake.ends_with("_id") { format!("{snake}_id") } else { snake }
}

fn entity_facts(facts: &mut Facts, entity: &Entity, number: usize, tables: &Tables) {
    let path = |key: &str| format!("entities[{}].{key}", entity.name);
    let table = table(tables, &entity.name);
    let references: Vec<String> = entity.fields.iter().filter_map(|field| reference(field, tables)).collect();
    let texts = [
        ("migration", format!("migrations/{number:04}_{table}")),
        ("rows_text", rows_text(entity)),
        ("columns_text", list(&entity.fields.iter().map(column).collect::<Vec<_>>(), "none")),
        ("references_text", list(&references, "none")),
        ("keys_text", list(&keys(entity, &references), "primary key `id` only")),
        (
            "indexes_text",
            list(&entity.queries.iter().map(|query| index(entity, query)).collect::<Vec<_>>(), "none declared"),
        ),
        (
            "personal_text",
            list(
                &entity
                    .fields
                    .iter()
                    .filter(|field| field.personal == Some(true))
                    .map(|field| format!("`{}`", code(&field.name)))
                    .collect::<Vec<_>>(),
                "none",
            ),
        ),
        ("slug", slug(&entity.name)),
        ("table", table),
    ];
    for (key, text) in texts {
        put(facts, path(key), text, "from the stated fields and queries");
    }
    let counts = [
        ("queries_count", entity.queries.len()),
        ("references_count", entity.fields.iter().filter(|field| field.reference.is_some()).count()),
        ("money_count", entity.fields.iter().filter(|field| is_money(field)).count()),
        ("personal_count", entity.fields.iter().filter(|field| field.personal == Some(true)).count()),
    ];
    for (key, number) in counts {
        #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
        facts.derive(path(key), number as f64, "count of stated items", &[]);
    }
}

fn is_money(field: &Field) -> bool {
    matches!(field.field_type, Some(FieldType::Money))
}

fn rows_text(entity: &Entity) -> String {
    let growth =
        entity.growth.map(|growth| format!(" + {}", human(Kind::CountRate, growth.0.expected))).unwrap_or_default();
    entity.rows.map_or_else(
        || format!("rows not stated{growth}"),
        |rows| format!("{} rows{growth}", human(Kind::Count, rows.0.expected)),
    )
}

fn column(field: &Field) -> String {
    let unique = match (field.unique, field.required) {
        (Some(true), Some(false)) => " unique, optional",
        (Some(true), _) => " unique",
        (_, Some(false)) => " optional",
        _ => "",
    };
    match (&field.field_type, &field.reference) {
        (Some(kind), _) => format!("`{}` {kind}{unique}", code(&field.name)),
        (None, Some(_)) => format!("`{}`{unique}", column_name(field)),
        (None, None) => format!("`{}`{unique}", code(&field.name)),
    }
}

fn reference(field: &Field, tables: &Tables) -> Option<String> {
    let action = field.on_delete.map_or("restrict", |action| action.as_str());
    let target = field.reference.as_ref()?;
    Some(format!("`{}` to `{}` ({action})", column_name(field), table(tables, target)))
}

fn keys(entity: &Entity, references: &[String]) -> Vec<String> {
    let unique =
        entity.fields.iter().filter(|field| field.unique == Some(true)).map(|field| format!("unique `{}`", field.name));
    references.iter().cloned().chain(unique).collect()
}

fn index(entity: &Entity, query: &crate::requirements::Query) -> String {
    let column = |name: &str| {
        let field = entity.fields.iter().find(|field| field.name == name);
        field.map_or_else(|| name.to_string(), column_name)
    };
    let by = query.by.iter().map(|name| format!("`{}`", code(&column(name))));
    let order = query.order.iter().map(|name| match name.strip_prefix('-') {
        Some(name) => format!("`{}` desc", code(&column(name))),
        None => format!("`{}`", code(&column(name))),
    });
    let rate = query.rate.map(|rate| format!(" for {}", human(Kind::Rate, rate.0.expected))).unwrap_or_default();
    format!("({}){rate}", by.chain(order).collect::<Vec<_>>().join(", "))
}

fn list(items: &[String], none: &str) -> String {
    if items.is_empty() { none.to_string() } else { items.join("; ") }
}

fn domain_facts(facts: &mut Facts, domain: &Domain, requirements: &Requirements, tables: &Tables) {
    let path = |key: &str| format!("domains[{}].{key}", domain.name);
    let calls: Vec<String> = domain
        .calls
        .iter()
        .map(|call| {
            let each = call.per_request.map(|n| format!("{n} per request"));
            let latency = call.latency.map(|latency| human(Kind::Duration, latency.0.expected));
            let detail: Vec<String> = each.into_iter().chain(latency).collect();
            if detail.is_empty() { prose(&call.to) } else { format!("{} ({})", prose(&call.to), detail.join(", ")) }
        })
        .collect();
    put(facts, path("calls_text"), list(&calls, "none"), "synchronous calls");
    let callers: Vec<String> = requirements
        .domains
        .iter()
        .filter(|other| other.calls.iter().any(|call| call.to == domain.name))
        .map(|other| prose(&other.name))
        .collect();
    put(facts, path("callers_text"), list(&callers, "none"), "who calls the domain");
    let events = |verb: &str, names: &[String]| {
        (!names.is_empty())
            .then(|| format!("{verb} {}", names.iter().map(|name| prose(name)).collect::<Vec<_>>().join(", ")))
    };
    let events: Vec<String> =
        [events("publishes", &domain.publishes), events("consumes", &domain.consumes)].into_iter().flatten().collect();
    put(facts, path("events_text"), list(&events, "none"), "events");
    let called = requirements
        .integrations
        .iter()
        .filter(|system| system.caller(&requirements.domains).is_some_and(|caller| caller.name == domain.name));
    let systems: Vec<String> = called.map(|system| prose(&system.name)).collect();
    put(
        facts,
        path("systems_text"),
        list(&systems, "none"),
        "systems of others whose name or purpose says that the domain calls them",
    );
    let tables_count =
        requirements.entities.iter().filter(|entity| entity.domain.as_deref() == Some(domain.name.as_str())).count();
    let counts = [
        ("calls_count", domain.calls.len()),
        ("systems_count", systems.len()),
        ("events_count", domain.publishes.len()),
        ("consumes_count", domain.consumes.len()),
        ("tables_count", tables_count),
    ];
    for (key, number) in counts {
        #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
        facts.derive(path(key), number as f64, "count of stated items", &[]);
    }
    facts.derive(path("slug"), slug(&domain.name), "the name in lower case", &[]);
    own_tables(facts, domain, requirements, tables, &path);
}

fn workloads(facts: &mut Facts, requirements: &Requirements) {
    for workload in &requirements.workloads {
        let path = |key: &str| format!("workloads[{}].{key}", workload.name);
        let trigger = match workload.kind {
            Some(WorkloadKind::Scheduled) => "schedule",
            Some(WorkloadKind::Event) => "an event",
            Some(WorkloadKind::Stream) => "a stream",
            _ => "the API",
        };
        put(facts, path("trigger_text"), trigger, "kind of the workload");
        facts.derive(path("slug"), slug(&workload.name), "the name in lower case", &[]);
    }
}

fn own_tables(
    facts: &mut Facts,
    domain: &Domain,
    requirements: &Requirements,
    tables: &Tables,
    path: &dyn Fn(&str) -> String,
) {
    let own: Vec<&Entity> =
        requirements.entities.iter().filter(|entity| entity.domain.as_deref() == Some(domain.name.as_str())).collect();
    let rows: Vec<String> = own
        .iter()
        .map(|entity| {
            let rows =
                entity.rows.map(|rows| format!(" {} rows", human(Kind::Count, rows.0.expected))).unwrap_or_default();
            let growth = entity
                .growth
                .map(|growth| format!(" + {}", human(Kind::CountRate, growth.0.expected)))
                .unwrap_or_default();
            format!("`{}`{rows}{growth}", table(tables, &entity.name))
        })
        .collect();
    put(facts, path("tables_text"), list(&rows, "no entity stated"), "tables of the domain");
    let size: f64 =
        own.iter().filter_map(|entity| facts.number(&format!("entities[{}].horizon_size", entity.name))).sum();
    if size > 0.0 {
        facts.derive(path("storage_horizon"), size, "sum of the domain's entities", &[]);
    } else {
        #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
        let share = facts.number("data.horizon_size").unwrap_or(0.0) / requirements.domains.len().max(1) as f64;
        facts.derive(path("storage_horizon"), share, "data.horizon_size / number of domains", &["data.horizon_size"]);
    }
    let store = facts.human("selection.database.offer");
    facts.derive(path("store"), store, "primary database", &["selection.database"]);
}

/// Times the p95 target that a request waits for a system whose latency nobody states.
const PATIENCE: f64 = 5.0;

/// Puts what calls of other systems wait for, and how often they try again.
pub(super) fn integrations(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    for integration in &requirements.integrations {
        let path = |key: &str| format!("integrations[{}].{key}", integration.name);
        let latency = integration.latency.map(|latency| latency.0.expected);
        let patience = facts.number("targets.p95").unwrap_or(200.0) * PATIENCE;
        let stated = integration.timeout.map(|timeout| timeout.0.expected);
        let timeout = stated
            .unwrap_or_else(|| latency.map_or(patience, |latency| latency * numbers.get("timeout.over-p999").expected));
        facts.derive(path("slug"), slug(&integration.name), "the name in lower case", &[]);
        if integration.retries.is_none() {
            facts.derive(
                path("retries"),
                numbers.get("retry.attempts").expected - 1.0,
                "number retry.attempts less the first",
                &[],
            );
        }
        if stated.is_none() {
            let formula = "latency x number timeout.over-p999 where it is stated, else 5 x targets.p95";
            facts.derive(path("timeout"), timeout, formula, &[&path("latency"), "targets.p95"]);
        }
        facts.derive(path("timeout_budget"), timeout, "as stated or assumed", &[&path("timeout")]);
        let waiting = latency.unwrap_or(0.0) / 1000.0 * called(facts, requirements, integration, numbers);
        let permits = (waiting * numbers.get("bulkhead.headroom").expected).ceil();
        let formula = "calls per second of one instance at the seasonal peak x latency x number bulkhead.headroom, number bulkhead.default at least";
        let permits = permits.max(numbers.get("bulkhead.default").expected);
        facts.derive(path("permits"), permits, formula, &["traffic.seasonal_rate", &path("latency")]);
    }
}

/// Calls per second that one instance makes to a system at the seasonal peak: all requests of the domain that calls it, a share of all
/// requests where none is known to.
fn called(facts: &Facts, requirements: &Requirements, integration: &Integration, numbers: &Numbers) -> f64 {
    let caller = integration.caller(&requirements.domains);
    let of = |key: &str| caller.and_then(|domain| facts.number(&format!("domains[{}].{key}", domain.name)));
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let season = number("traffic.seasonal_rate") / number("traffic.peak").max(1e-9);
    let rate = of("load").unwrap_or(number("traffic.peak") * numbers.get("integration.request-share").expected);
    let apart = number("decision.deployables") > 1.0;
    let instances = of("replicas").filter(|_| apart).unwrap_or(number("capacity.app.instances"));
    rate * season.max(1.0) / instances.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_description_is_known_by_its_key() {
        let text = include_str!("../../tests/data/full.req.yaml");
        let reading = crate::requirements::read("req.yaml", text);
        let mut facts = Facts::default();
        describe(&mut facts, reading.requirements.as_ref().unwrap());
        let key = |path: &str| path.rsplit_once("].").map(|(_, key)| key.to_owned()).unwrap_or_default();
        let found: std::collections::BTreeSet<String> = facts.iter().map(|(path, _)| key(path)).collect();
        assert_eq!(found, DESCRIPTIONS.iter().map(|key| (*key).to_owned()).collect());
        assert!(!are_read(&Catalogue::embedded().unwrap()));
    }
}
