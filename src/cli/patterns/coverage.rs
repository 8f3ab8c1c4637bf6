//! `archplan patterns coverage`: rows of the seed inventory, and entries that never fire.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail};
use serde_json::json;

use super::{Exit, entries, knowledge};
use crate::catalogue::Catalogue;
use crate::catalogue::coverage::{self, Coverage};
use crate::cli::report;
use crate::facts::given::given;
use crate::plan::{self, Ids, Plan};
use crate::text::plural::count;

/// Prints what covers each family of rows; exit 1 when a row is uncovered.
pub(super) fn rows(as_json: bool) -> Result<Exit> {
    let coverage = Coverage::embedded().map_err(anyhow::Error::msg)?;
    let open = coverage.uncovered();
    if as_json {
        let rows: Vec<_> =
            coverage.rows.iter().map(|row| json!({"id": row.id, "entries": row.entries, "test": row.test})).collect();
        super::super::print(&format!(
            "{:#}\n",
            json!({"schema": "archplan.coverage/1", "rows": rows, "uncovered": open, "unknown": coverage.unknown})
        ))?;
    } else {
        super::super::print(&table(&coverage))?;
    }
    Ok(if open.is_empty() && coverage.unknown.is_empty() { Exit::Fine } else { Exit::Found })
}

fn table(coverage: &Coverage) -> String {
    let mut out = String::from("family        rows  by entries  by tests  open\n");
    let families: BTreeSet<&str> = coverage.rows.iter().map(|row| coverage::family(&row.id)).collect();
    for family in families {
        let rows: Vec<_> = coverage.rows.iter().filter(|row| coverage::family(&row.id) == family).collect();
        let entries = rows.iter().filter(|row| !row.entries.is_empty()).count();
        let tests = rows.iter().filter(|row| row.entries.is_empty() && row.test.is_some()).count();
        let open = rows.len() - entries - tests;
        out.push_str(&format!("{family:<12}  {:>4}  {entries:>10}  {tests:>8}  {open:>4}\n", rows.len()));
    }
    let open = coverage.uncovered();
    out.push_str(&format!("\n{}, {} open\n", count(coverage.rows.len() as f64, "row"), open.len()));
    open.iter().for_each(|id| out.push_str(&format!("open: {id}\n")));
    coverage.unknown.iter().for_each(|(entry, id)| out.push_str(&format!("unknown: {id} in {entry}\n")));
    out
}

/// Names the entries that none of the requirements makes speak.
pub(super) fn silent(paths: &[PathBuf], as_json: bool) -> Result<Exit> {
    let catalogue = knowledge::catalogue()?;
    let mut fired = BTreeSet::new();
    for path in paths {
        let reading = report::requirements(path)?;
        let Some(requirements) = &reading.requirements else { bail!("{} has errors", path.display()) };
        let name = path.display().to_string();
        let options = plan::Options::default();
        note(&plan::build(&catalogue, requirements, given(&reading), &name, &mut Ids::default(), &options), &mut fired);
    }
    let silent = never(&catalogue, &fired);
    if as_json {
        let rows: Vec<_> = silent.iter().map(|(kind, id)| json!({"kind": kind, "id": id})).collect();
        super::super::print(&format!(
            "{:#}\n",
            json!({"schema": "archplan.silent/1", "plans": paths.len(), "silent": rows})
        ))?;
        return Ok(Exit::Fine);
    }
    let plans = count(paths.len() as f64, "plan");
    let mut out = format!("{} of {} entries never fire in {plans}\n", silent.len(), watched(&catalogue).len());
    silent.iter().for_each(|(kind, id)| out.push_str(&format!("{kind:<13} {id}\n")));
    super::super::print(&out)?;
    Ok(Exit::Fine)
}

/// What a plan made use of.
fn note(plan: &Plan, fired: &mut BTreeSet<(&'static str, String)>) {
    for task in &plan.tasks {
        for rule in &task.rules {
            if let Some((kind, key)) = rule.split_once('/') {
                fired.insert((if kind == "controls" { "controls" } else { "tasks" }, key.to_owned()));
            }
        }
    }
    fired.extend(plan.findings.iter().map(|finding| ("rules", finding.rule.clone())));
    fired.extend(plan.decision.overlays.iter().map(|overlay| ("overlays", overlay.name.clone())));
    fired.extend(plan.qa.iter().map(|row| ("qa", row.id.clone())));
    fired.insert(("patterns", plan.decision.pattern.clone()));
    fired.insert(("stages", plan.stage.number.to_string()));
    for selection in plan.selections.iter().filter(|selection| selection.choice.is_some()) {
        fired.insert(("topics", selection.topic.clone()));
        let choice = selection.choice.as_deref().unwrap_or_default();
        fired.insert(("technologies", format!("{}/{choice}", selection.topic)));
    }
}

/// Entries whose firing can be seen in a plan.
fn watched(catalogue: &Catalogue) -> Vec<(&'static str, String)> {
    let kinds = ["controls", "tasks", "rules", "overlays", "qa", "patterns", "stages", "topics", "technologies"];
    entries(catalogue).into_iter().filter(|row| kinds.contains(&row.kind)).map(|row| (row.kind, row.id)).collect()
}

fn never(catalogue: &Catalogue, fired: &BTreeSet<(&'static str, String)>) -> Vec<(&'static str, String)> {
    watched(catalogue).into_iter().filter(|row| !fired.contains(row)).collect()
}
