//! Entities as tables and resources: columns, keys, indexes, declared reads.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::build::{classes, label, name};
use super::model::{Entity, Field, ForeignKey, Index, IndexColumn, Query, Reference, Tenancy};
use super::retention;
use crate::facts::Facts;
use crate::requirements::{Entity as Stated, Field as StatedField, FieldType, Requirements};
use crate::text::names;

/// Longest name of an index or a constraint that every dialect takes.
const LONGEST: usize = 60;

/// Strings longer than this are indexed by a part or a digest where a dialect has a limit.
const LONG: u32 = 191;

/// Columns that every table has, with their kinds.
const IMPLICIT: [(&str, &str); 3] = [("id", "uuid"), ("created_at", "timestamp"), ("updated_at", "timestamp")];

/// Types that every contract has.
const TAKEN: [&str; 17] = [
    "AnswerMeta",
    "Base64",
    "Boolean",
    "Date",
    "DateTime",
    "Decimal",
    "ErrorAnswer",
    "Float",
    "Int",
    "Long",
    "Mutation",
    "PageInfo",
    "PageLinks",
    "Query",
    "SortDirection",
    "String",
    "Subscription",
];

/// Ends of the types that contracts derive from the class of an entity.
const DERIVED: [&str; 7] = ["Answer", "Connection", "Edge", "Input", "Patch", "Request", "Service"];

/// All entities.
pub(super) fn build(requirements: &Requirements, facts: &Facts, tenancy: &Tenancy) -> Vec<Entity> {
    let stated = &requirements.entities;
    let written: Vec<&str> = stated.iter().map(|entity| entity.name.as_str()).collect();
    let snakes = names::unique(&written, &[], names::snake);
    let classes = free(classes(&snakes));
    let tables: Vec<String> =
        written.iter().map(|name| facts.word(&format!("entities[{name}].table")).unwrap_or("x").to_string()).collect();
    let targets: BTreeMap<&str, Reference> = stated
        .iter()
        .zip(&tables)
        .zip(&classes)
        .map(|((entity, table), class)| (entity.name.as_str(), target(table, class)))
        .collect();
    let mut out: Vec<Entity> = Vec::new();
    for (at, entity) in stated.iter().enumerate() {
        let (Some(table), Some(snake)) = (tables.get(at), snakes.get(at)) else { continue };
        let mut built = head(entity, facts, table, snake);
        built.kept = retention::kept(entity, requirements, facts);
        built.name.class = classes.get(at).cloned().unwrap_or_default();
        built.fields = fields(entity, requirements, &targets, tenancy);
        built.tenant_column = tenant_column(&built, tenancy);
        reads(&mut built, entity);
        out.push(built);
    }
    if facts.flag("decision.distributed") != Some(true) {
        // One deployable, one database: references between domains are foreign keys like any other.
        for reference in out.iter_mut().flat_map(|entity| &mut entity.fields).filter_map(|f| f.reference.as_mut()) {
            reference.external = false;
        }
    }
    keys(&mut out);
    out
}

/// Classes that no type of the contracts has: those get an X, which no class ends with by itself.
fn free(classes: Vec<String>) -> Vec<String> {
    let derived = |class: &str| {
        let of = |end: &&str| class.strip_suffix(end).is_some_and(|stem| classes.iter().any(|known| known == stem));
        DERIVED.iter().any(of)
    };
    let taken = |class: &String| TAKEN.contains(&class.as_str()) || derived(class);
    classes.iter().map(|class| if taken(class) { format!("{class}X") } else { class.clone() }).collect()
}

fn target(table: &str, class: &str) -> Reference {
    Reference {
        table: table.to_string(),
        class: class.to_string(),
        path: table.replace('_', "-"),
        on_delete: "restrict".to_string(),
        external: false,
    }
}

fn head(entity: &Stated, facts: &Facts, table: &str, snake: &str) -> Entity {
    let migration = facts.word(&format!("entities[{}].migration", entity.name)).unwrap_or("migrations/0001_x");
    let number = migration.trim_start_matches(|c: char| !c.is_ascii_digit()).split('_').next();
    Entity {
        name: name(&entity.name, snake),
        table: table.to_string(),
        path: table.replace('_', "-"),
        plural: names::pascal(table),
        domain: entity.domain.as_deref().map(names::kebab).unwrap_or_default(),
        migration: migration.to_string(),
        number: number.and_then(|digits| digits.parse().ok()).unwrap_or(1),
        rows: entity.rows.map(|rows| rows.0.expected),
        growth: entity.growth.map(|growth| growth.0.expected),
        tenant: entity.tenant == Some(true),
        ..Entity::default()
    }
}

/// Columns in order: id, tenant, stated ones with currencies, times.
fn fields(
    entity: &Stated,
    requirements: &Requirements,
    targets: &BTreeMap<&str, Reference>,
    tenancy: &Tenancy,
) -> Vec<Field> {
    let own: Vec<&StatedField> = entity.fields.iter().filter(|field| !is_implicit(field)).collect();
    let written: Vec<&str> = own.iter().map(|field| field.name.as_str()).collect();
    let of = |name: &str| own.iter().find(|field| field.name == name).is_some_and(|field| field.reference.is_some());
    let column = |name: &str| {
        let snake = names::snake(name);
        if of(name) && !snake.ends_with("_id") { format!("{snake}_id") } else { snake }
    };
    let columns = names::unique(&written, &["id", "created_at", "updated_at"], column);
    let mut stated = Vec::new();
    for (field, column) in own.iter().zip(&columns) {
        stated.push(one(field, column, entity, requirements, targets));
        if matches!(field.field_type, Some(FieldType::Money)) {
            let name = format!("{column}_currency");
            if !columns.contains(&name) {
                stated.push(currency(&name, field));
            }
        }
    }
    let mut out = vec![implicit("id", "uuid", "id")];
    let has = |out: &[Field]| out.iter().any(|f| f.column == tenancy.column && f.required && f.reference.is_some());
    if tenancy.mode == "row" && entity.tenant != Some(true) && !has(&stated) {
        stated.retain(|field| field.column != tenancy.column);
        let tenant = requirements.entities.iter().find(|entity| entity.tenant == Some(true));
        let reference = tenant.and_then(|tenant| targets.get(tenant.name.as_str())).cloned();
        out.push(Field { reference, writable: false, ..implicit(&tenancy.column, "uuid", "tenant") });
    }
    out.append(&mut stated);
    out.push(implicit("created_at", "timestamp", "created"));
    out.push(implicit("updated_at", "timestamp", "updated"));
    let columns: Vec<String> = out.iter().map(|field| field.column.clone()).collect();
    for (field, class) in out.iter_mut().zip(classes(&columns)) {
        let mut chars = class.chars();
        field.camel = chars.next().map(|c| c.to_ascii_lowercase().to_string() + chars.as_str()).unwrap_or_default();
        field.class = class;
    }
    out
}

/// A stated field that says what every table has anyway.
fn is_implicit(field: &StatedField) -> bool {
    let kind = field.field_type.as_ref().map(ToString::to_string).unwrap_or_default();
    IMPLICIT.iter().any(|(name, known)| names::snake(&field.name) == *name && kind == *known)
}

fn implicit(column: &str, kind: &str, role: &str) -> Field {
    Field {
        label: column.to_string(),
        column: column.to_string(),
        camel: names::camel(column),
        class: names::pascal(column),
        role: role.to_string(),
        kind: kind.to_string(),
        required: true,
        example: example(kind, column, None, &[]),
        ..Field::default()
    }
}

fn currency(column: &str, of: &StatedField) -> Field {
    Field {
        label: format!("currency of {}", label(&of.name)),
        length: Some(3),
        required: of.required != Some(false),
        writable: true,
        example: json!("EUR"),
        ..implicit(column, "string", "currency")
    }
}

fn one(
    field: &StatedField,
    column: &str,
    entity: &Stated,
    requirements: &Requirements,
    targets: &BTreeMap<&str, Reference>,
) -> Field {
    let mut out = Field { role: "stated".to_string(), ..implicit(column, "uuid", "") };
    out.label = label(&field.name);
    out.personal = field.personal == Some(true);
    out.unique = field.unique == Some(true);
    out.required = field.required != Some(false);
    out.writable = true;
    if let Some(kind) = &field.field_type {
        (out.kind, out.length, out.precision, out.scale, out.words) = kind_of(kind);
    }
    out.long = matches!(out.kind.as_str(), "text" | "json" | "bytes") || out.length.is_some_and(|most| most > LONG);
    if let Some(target) = field.reference.as_deref() {
        let on_delete = field.on_delete.map_or("restrict", |action| action.as_str()).to_string();
        out.required &= on_delete != "set-null";
        let domain = requirements.entities.iter().find(|entity| entity.name == target).and_then(|e| e.domain.clone());
        let external = domain.is_some() && entity.domain.is_some() && domain != entity.domain;
        out.reference = targets.get(target).map(|found| Reference { on_delete, external, ..found.clone() });
    }
    out.example = example(&out.kind, column, out.length, &out.words);
    out
}

/// Kind, length, precision, scale, words.
type Kind = (String, Option<u32>, Option<u32>, Option<u32>, Vec<String>);

fn kind_of(kind: &FieldType) -> Kind {
    let plain = |name: &str| (name.to_string(), None, None, None, Vec::new());
    match kind {
        FieldType::String(length) => ("string".to_string(), Some(*length), None, None, Vec::new()),
        FieldType::Decimal(precision, scale) => {
            ("decimal".to_string(), None, Some(*precision), Some(*scale), Vec::new())
        }
        FieldType::Money => ("decimal".to_string(), None, Some(19), Some(4), Vec::new()),
        FieldType::Enum(words) => ("enum".to_string(), Some(63), None, None, words.clone()),
        other => plain(&other.to_string()),
    }
}

/// A value that fits the kind.
fn example(kind: &str, column: &str, length: Option<u32>, words: &[String]) -> Json {
    match kind {
        "int" | "bigint" => json!(1),
        "decimal" => json!("1"),
        "bool" => json!(true),
        "date" => json!("2026-01-31"),
        "timestamp" => json!("2026-01-31T12:00:00Z"),
        "uuid" => json!("00000000-0000-4000-8000-000000000001"),
        "json" => json!({}),
        "bytes" => json!("YQ=="),
        "enum" => json!(words.first().cloned().unwrap_or_default()),
        _ => {
            let most = usize::try_from(length.unwrap_or(40)).unwrap_or(40);
            json!(
                format!("{} 1", column.replace('_', " "))
                    .chars()
                    .rev()
                    .take(most)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
                    .collect::<String>()
                    .trim_start()
            )
        }
    }
}

fn tenant_column(entity: &Entity, tenancy: &Tenancy) -> Option<String> {
    let own = if entity.tenant && tenancy.table.is_some() { "id" } else { tenancy.column.as_str() };
    (tenancy.mode == "row").then(|| own.to_string())
}

/// Declared reads with their indexes, indexes of references, of retention.
fn reads(built: &mut Entity, stated: &Stated) {
    let column = |written: &str| -> Option<Field> {
        let stripped = written.strip_prefix('-').unwrap_or(written);
        let found = built.fields.iter().find(|field| field.label == label(stripped) || field.column == stripped);
        found.cloned()
    };
    let mut queries = Vec::new();
    for query in &stated.queries {
        let by: Vec<Field> = query.by.iter().filter_map(|name| column(name)).collect();
        let order = query.order.iter().filter_map(|name| Some((column(name)?, name.starts_with('-'))));
        let order: Vec<IndexColumn> = order.map(|(field, down)| part(&field, down)).collect();
        let rate = query.rate.map(|rate| rate.0.expected);
        let title = by.iter().map(|field| field.class.as_str()).collect::<String>();
        queries.push((by, order, rate, if title.is_empty() { "all".to_string() } else { format!("by{title}") }));
    }
    let tenant = built.tenant_column.clone().filter(|column| column != "id");
    for (by, order, rate, title) in queries {
        let served = order.is_empty() && by.len() == 1 && by.first().is_some_and(|f| f.unique || f.role == "id");
        let mut columns: Vec<IndexColumn> = Vec::new();
        for next in tenant.iter().filter_map(|c| built.fields.iter().find(|f| f.column == *c)).map(|f| part(f, false)) {
            columns.push(next);
        }
        for next in by.iter().map(|field| part(field, false)).chain(order.iter().cloned()) {
            if !columns.iter().any(|known| known.column == next.column) {
                columns.push(next);
            }
        }
        let why = rate.map_or_else(|| "declared read".to_string(), |rate| format!("declared read, {rate}/s at peak"));
        let index = if served { None } else { add(built, columns, &why) };
        let by = by.into_iter().map(|field| field.column).collect();
        built.queries.push(Query { name: title, by, order, rate, index });
    }
    supporting(built);
}

/// Indexes that nobody declared: references are looked up when their target goes, old rows when they are deleted.
fn supporting(built: &mut Entity) {
    let leads = |built: &Entity, column: &str| {
        let first = |index: &Index| index.columns.first().is_some_and(|first| first.column == column);
        built.indexes.iter().any(first)
    };
    let references: Vec<Field> = built.fields.iter().filter(|field| field.reference.is_some()).cloned().collect();
    let tenant = built.tenant_column.as_ref().is_some_and(|column| column != "id");
    for field in references.iter().filter(|field| !field.unique || tenant) {
        if !leads(built, &field.column) {
            add(built, vec![part(field, false)], "reference");
        }
    }
    if built.kept.is_some() && !leads(built, "created_at") {
        let created = built.fields.iter().find(|field| field.role == "created").map(|field| part(field, false));
        add(built, created.into_iter().collect(), "retention");
    }
}

fn part(field: &Field, descending: bool) -> IndexColumn {
    let prefix = field.long.then_some(100);
    IndexColumn { column: field.column.clone(), descending, prefix, kind: field.kind.clone() }
}

/// Adds an index unless one with the same columns is there; gives its name.
fn add(built: &mut Entity, mut columns: Vec<IndexColumn>, because: &str) -> Option<String> {
    // Sixteen columns are what every dialect takes; documents have no order.
    columns.retain(|column| column.kind != "json");
    columns.truncate(16);
    if columns.is_empty() {
        return None;
    }
    let same = |index: &&Index| {
        let parts =
            |columns: &[IndexColumn]| columns.iter().map(|c| (c.column.clone(), c.descending)).collect::<Vec<_>>();
        parts(&index.columns) == parts(&columns)
    };
    if let Some(known) = built.indexes.iter().find(same) {
        return Some(known.name.clone());
    }
    let words: Vec<String> =
        columns.iter().map(|c| if c.descending { format!("{}_desc", c.column) } else { c.column.clone() }).collect();
    let name = limited(&format!("ix_{}_{}", built.table, words.join("_")));
    built.indexes.push(Index { name: name.clone(), columns, because: because.to_string() });
    Some(name)
}

fn limited(name: &str) -> String {
    if name.len() <= LONGEST { name.to_string() } else { names::shortened(name, name, "_", LONGEST) }
}

/// Foreign keys where both tables exist: with the later one.
fn keys(entities: &mut [Entity]) {
    let place: BTreeMap<String, usize> = entities.iter().map(|entity| (entity.table.clone(), entity.number)).collect();
    let mut all: Vec<(usize, usize, ForeignKey)> = Vec::new();
    for entity in entities.iter() {
        for field in &entity.fields {
            let Some(reference) = field.reference.as_ref().filter(|reference| !reference.external) else { continue };
            let key = ForeignKey {
                name: limited(&format!("fk_{}_{}", entity.table, field.column)),
                table: entity.table.clone(),
                column: field.column.clone(),
                target: reference.table.clone(),
                action: reference.on_delete.replace('-', " ").to_uppercase(),
            };
            all.push((entity.number, place.get(&reference.table).copied().unwrap_or(entity.number), key));
        }
    }
    for (own, target, key) in all {
        if let Some(entity) = entities.iter_mut().find(|entity| entity.number == own.max(target)) {
            if target <= own { entity.keys.push(key) } else { entity.late_keys.push(key) }
        }
    }
}

/// Tables with what they need first; members of a circle of required references stand last, in file order.
pub(super) fn order(entities: &[Entity]) -> Vec<String> {
    let needs = |entity: &Entity| -> Vec<String> {
        let required = entity.fields.iter().filter(|field| field.required);
        let tables = required.filter_map(|field| field.reference.as_ref()).filter(|reference| !reference.external);
        tables.map(|reference| reference.table.clone()).collect()
    };
    let mut out: Vec<String> = Vec::new();
    loop {
        let ready =
            |entity: &&Entity| !out.contains(&entity.table) && needs(entity).iter().all(|table| out.contains(table));
        let next: Vec<String> = entities.iter().filter(ready).map(|entity| entity.table.clone()).collect();
        if next.is_empty() {
            break;
        }
        out.extend(next);
    }
    out
}
