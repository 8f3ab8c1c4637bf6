//! How long rows are kept before a job deletes them.

use super::model::Period;
use crate::facts::Facts;
use crate::quantity::{self, Units};
use crate::requirements::{Entity, OnDelete, Requirements};

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;

/// Whether rows of the entity are what others hang on. The tenant is: every table of its own carries it.
fn referred(requirements: &Requirements, name: &str) -> bool {
    let tenant = |entity: &&Entity| entity.tenant == Some(true) && entity.name == name;
    let refers = |entity: &Entity| entity.fields.iter().any(|field| field.reference.as_deref() == Some(name));
    requirements.entities.iter().any(|entity| refers(entity) || tenant(&entity))
}

/// Its own time; else the plan's, unless others refer to it: an old customer is no old row. A part of something goes no earlier than that.
pub(super) fn kept(entity: &Entity, requirements: &Requirements, facts: &Facts) -> Option<Period> {
    let own = |entity: &Entity| format!("entities[{}].retention", entity.name);
    if entity.retention.is_some() {
        return period(facts, &own(entity));
    }
    if referred(requirements, &entity.name) {
        return None;
    }
    let parts = entity.fields.iter().filter(|field| field.on_delete == Some(OnDelete::Cascade));
    let wholes =
        parts.filter_map(|part| requirements.entities.iter().find(|e| Some(&e.name) == part.reference.as_ref()));
    let times = wholes.filter(|whole| whole.retention.is_some()).map(own);
    let plan = facts.number("data.retention")?;
    let longer = times.filter_map(|path| Some((facts.number(&path)?, path))).filter(|(time, _)| *time > plan);
    let longest = longer.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, path)| path);
    period(facts, longest.as_deref().unwrap_or("data.retention"))
}

/// A stated time: months and years as such, everything else in days, no row a day too early.
pub(super) fn period(facts: &Facts, path: &str) -> Option<Period> {
    let fact = facts.get(path)?;
    let ms = fact.expected()?;
    let units =
        Units { days_per_month: facts.number("conventions.days_per_month").unwrap_or(30.0), ..Units::default() };
    let whole = if fact.calendar() { quantity::calendar(ms, &units) } else { None };
    // Of a part of a month or year, the days of the longest.
    let longest = if fact.calendar() { 31.0 / units.days_per_month } else { 1.0 };
    let (count, unit) = whole.unwrap_or_else(|| ((ms / DAY * longest).ceil().max(1.0), "day"));
    Some(Period { count, unit: unit.to_string() })
}
