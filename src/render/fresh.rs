//! A fresh plan that follows the ids of the plan on disk: the one way from requirements to a sealed text.

use super::{CodeForm, Page, markdown_with};
use crate::catalogue::Catalogue;
use crate::document::{self, Document};
use crate::facts::given::given;
use crate::plan::{self, Ids, Plan};
use crate::requirements::{Reading, Requirements};

/// Builds the plan of requirements with the ids that a plan on disk has issued; `old` is an empty document when there is none.
#[must_use]
pub fn build(
    catalogue: &Catalogue,
    requirements: &Requirements,
    reading: &Reading,
    name: &str,
    old: &Document,
    options: &plan::Options,
) -> (Plan, Ids) {
    let mut ids = old.ledger().ids;
    let given = given(reading);
    let order = old.tasks.iter().filter(|task| !task.retired).map(|task| (task.key.as_str(), task.facts.as_slice()));
    plan::follow_renames(catalogue, requirements, &given, &order.collect::<Vec<_>>(), &mut ids);
    let plan = plan::build(catalogue, requirements, given, name, &mut ids, options);
    (plan, ids)
}

/// The sealed text of a plan; `ids` are those that [`build`] gave.
///
/// # Errors
/// A template of an own catalogue fails.
pub fn sealed(page: &Page, form: CodeForm, ids: &Ids) -> Result<String, String> {
    let mut text = markdown_with(page, form)?;
    text.extend(ids.succeeded().map(|(key, id, new)| format!("\n<!-- ap-retired: {id} {key} -> {new} -->\n")));
    Ok(document::seal(&text))
}
