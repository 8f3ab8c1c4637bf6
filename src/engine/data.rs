//! Storage: rows and sizes today and at the horizon, files, backups.

use super::Numbers;
use super::inputs::{Calendar, horizon_months};
use crate::facts::{Facts, ItemPath};
use crate::quantity::Range;
use crate::requirements::{Entity, Field, FieldType, Requirements};

/// Bytes of a row: header, key, two timestamps and its fields.
fn row_bytes(entity: &Entity, numbers: &Numbers) -> f64 {
    let frame = numbers.get("row.header").expected
        + numbers.get("row.key").expected
        + 2.0 * numbers.get("row.timestamp").expected;
    frame + entity.fields.iter().map(|field| field_bytes(field, numbers)).sum::<f64>()
}

fn field_bytes(field: &Field, numbers: &Numbers) -> f64 {
    let number = |id: &str| numbers.get(id).expected;
    match &field.field_type {
        None => number("row.key"),
        Some(FieldType::String(length)) => (f64::from(*length) * number("row.string-filled")).max(1.0),
        Some(FieldType::Text) => number("row.text"),
        Some(FieldType::Int | FieldType::Date) => 4.0,
        Some(FieldType::Bigint | FieldType::Timestamp | FieldType::Enum(_)) => 8.0,
        Some(FieldType::Decimal(..) | FieldType::Money) => number("row.decimal"),
        Some(FieldType::Bool) => 1.0,
        Some(FieldType::Uuid) => number("row.key"),
        Some(FieldType::Json) => number("row.json"),
        Some(FieldType::Bytes) => number("row.bytes"),
    }
}

/// Now plus growth, capped by what retention keeps, never below what is there.
pub(super) fn horizon(now: Range, growth: Range, months: f64, retention_months: Option<f64>) -> Range {
    let grown = now.plus(growth.scaled(months));
    match retention_months {
        Some(kept) => grown.zip(growth.scaled(kept).zip(now, f64::max), f64::min),
        None => grown,
    }
}

/// What a search index holds of the entities: those with text, and those of which no field is stated.
#[derive(Default)]
struct Searched {
    entities: f64,
    rows: f64,
    size: Option<Range>,
}

impl Searched {
    fn add(&mut self, entity: &Entity, rows: Range, numbers: &Numbers) {
        let is_text = |field: &&Field| matches!(field.field_type, Some(FieldType::String(_) | FieldType::Text));
        let text: f64 = entity.fields.iter().filter(is_text).map(|field| field_bytes(field, numbers)).sum();
        if text > 0.0 || entity.fields.is_empty() {
            let document = text + numbers.get("row.key").expected;
            self.entities += 1.0;
            self.rows = self.rows.max(rows.expected);
            self.size = Some(self.size.unwrap_or(Range::exactly(0.0)).plus(rows.scaled(document)));
        }
    }

    fn put(self, facts: &mut Facts) {
        let Some(size) = self.size else { return };
        facts.derive("data.searched_entities", self.entities, "entities with text, or without stated fields", &[]);
        facts.derive("data.searched_rows", self.rows, "most rows of one of them at the horizon", &[]);
        facts.derive("data.searched_text", size, "their rows at the horizon x bytes of key and text", &[]);
    }
}

/// Puts sizes now and at the horizon.
pub(super) fn collect(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    let calendar = Calendar::of(facts);
    let months = horizon_months(facts);
    size(facts, numbers);
    growth(facts, numbers, &calendar);

    let retention = facts.number("data.retention").map(|kept| kept / calendar.month_ms);
    let (size, growth) = (range(facts, "data.size"), range(facts, "data.growth"));
    let at_end = horizon(size, growth, months, retention);
    let inputs = ["data.size", "data.growth", "users.horizon", "data.retention"];
    facts.derive(
        "data.horizon_size",
        at_end,
        "data.size + data.growth x users.horizon, capped by data.retention",
        &inputs,
    );
    let disk = super::volumes::disk(at_end, super::volumes::log(facts, numbers), numbers);
    let disk = bulk(facts, requirements, numbers, disk, at_end);
    facts.derive(
        "data.disk_horizon",
        disk,
        "data in the database x (1 + number db.index-factor) x (1 + number db.bloat) / (1 - number db.free-space) + write-ahead log",
        &["data.horizon_size", "traffic.writes_rate"],
    );
    files(facts, months, retention);
    if let Some(factor) = facts.range("users.growth") {
        let users =
            range(facts, "users.monthly").zip(factor, |users, factor| super::formulas::grown(users, factor, months));
        facts.derive(
            "users.horizon_monthly",
            users,
            "users.monthly x growth ^ months",
            &["users.monthly", "users.growth", "users.horizon"],
        );
    }
}

/// Data beyond the disk of one primary, of which nobody says how it is used, is payload: it goes to object storage. Writes decide on shards.
fn bulk(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers, disk: Range, at_end: Range) -> Range {
    let limit = numbers.get("db.max-storage-tb").expected * 1e12;
    let described =
        facts.is_stated("data.access") || facts.is_stated("data.files") || !requirements.entities.is_empty();
    if described || !facts.is_stated("data.size") || disk.expected <= limit {
        return disk;
    }
    let kept = limit * at_end.expected / disk.expected;
    let inputs = ["data.size", "data.horizon_size"];
    let formula = "data beyond the largest disk of one primary, while data.access, files and entities are not stated";
    let beyond = |size: Range| size.map(|size| (size - kept).max(0.0));
    facts.derive("data.bulk_size", beyond(range(facts, "data.size")), formula, &inputs);
    facts.derive("data.bulk_horizon", beyond(at_end), formula, &inputs);
    disk.map(|disk| disk.min(limit))
}

/// Rows and bytes of each entity, and of all together: a step of its own, since few re-runs change them.
pub(super) fn entities(facts: &mut Facts, requirements: &Requirements, numbers: &Numbers) {
    let calendar = Calendar::of(facts);
    let months = horizon_months(facts);
    let (mut size, mut growth, mut largest): (Option<Range>, Option<Range>, f64) = (None, None, 0.0);
    let mut searched = Searched::default();
    for entity in &requirements.entities {
        let mut path = ItemPath::new("entities", &entity.name);
        let bytes = row_bytes(entity, numbers);
        facts.derive(path.key("row_bytes"), bytes, "row header, key, two timestamps and the width of each field", &[]);
        let rows = entity.rows.map(|rows| rows.0);
        let more = entity.growth.map(|growth| growth.0);
        if let Some(rows) = rows {
            size = Some(size.unwrap_or(Range::exactly(0.0)).plus(rows.scaled(bytes)));
            let kept = entity.retention.map(|kept| kept.0.expected / calendar.month_ms);
            let at_end = horizon(rows, more.unwrap_or(Range::exactly(0.0)), months, kept);
            largest = largest.max(at_end.expected);
            searched.add(entity, at_end, numbers);
            let [rows_path, growth_path] = path.keys(["rows", "growth"]);
            let inputs = [rows_path.as_str(), growth_path.as_str()];
            facts.derive(
                path.key("horizon_rows"),
                at_end,
                "rows + growth x users.horizon, capped by retention",
                &inputs,
            );
            facts.derive(
                path.key("horizon_size"),
                at_end.scaled(bytes),
                "rows at the horizon x bytes of a row",
                &inputs,
            );
        }
        if let Some(more) = more {
            growth = Some(growth.unwrap_or(Range::exactly(0.0)).plus(more.scaled(bytes)));
        }
    }
    let rates = requirements.entities.iter().flat_map(|entity| &entity.queries).filter_map(|query| query.rate);
    let declared: f64 = rates.map(|rate| rate.0.expected).sum();
    facts.derive("data.declared_queries", declared, "sum of entities[].queries[].rate", &[]);
    if let Some(size) = size {
        facts.derive("data.largest_entity_rows", largest, "most rows of one entity at the horizon", &[]);
        facts.derive("data.entities_size", size, "sum of entities[].rows x bytes of a row", &[]);
    }
    searched.put(facts);
    if let Some(growth) = growth {
        facts.derive("data.entities_growth", growth, "sum of entities[].growth x bytes of a row", &[]);
    }
}

fn size(facts: &mut Facts, numbers: &Numbers) {
    if facts.is_stated("data.size") {
        return;
    }
    match facts.range("data.entities_size") {
        Some(rows) => {
            facts.derive("data.size", rows, "sum of entities[].rows x bytes of a row", &["data.entities_size"]);
        }
        None => {
            let size = range(facts, "users.monthly").times(numbers.get("db.bytes-per-user"));
            facts.derive("data.size", size, "users.monthly x number db.bytes-per-user", &["users.monthly"]);
        }
    }
}

fn growth(facts: &mut Facts, numbers: &Numbers, calendar: &Calendar) {
    if facts.is_stated("data.growth") {
        return;
    }
    match facts.range("data.entities_growth") {
        Some(rows) => {
            let formula = "sum of entities[].growth x bytes of a row";
            facts.derive("data.growth", rows, formula, &["data.entities_growth"]);
        }
        None => {
            let writes =
                range(facts, "traffic.average").scaled(facts.number("traffic.writes").unwrap_or(0.2) * calendar.month);
            let stored = range(facts, "traffic.request_size").times(numbers.get("db.stored-share"));
            let inputs = ["traffic.average", "traffic.reads", "traffic.request_size"];
            facts.derive(
                "data.growth",
                writes.times(stored),
                "writes of a month x request size x number db.stored-share",
                &inputs,
            );
        }
    }
}

fn files(facts: &mut Facts, months: f64, retention: Option<f64>) {
    let (Some(now), more) = (facts.range("data.files.size"), facts.range("data.files.growth")) else { return };
    let at_end = horizon(now, more.unwrap_or(Range::exactly(0.0)), months, retention);
    let inputs = ["data.files.size", "data.files.growth", "users.horizon", "data.retention"];
    facts.derive(
        "data.files.horizon_size",
        at_end,
        "files + growth x users.horizon, capped by data.retention",
        &inputs,
    );
}

/// The fact's range; nothing when unknown, for sums.
pub(super) fn range(facts: &Facts, path: &str) -> Range {
    facts.range(path).unwrap_or(Range::exactly(0.0))
}
