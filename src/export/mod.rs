//! Other forms of a plan, made from the plan file alone: what people ticked and noted is in them. The Markdown stays the only source;
//! nothing here is read back. Knows the document, not the requirements or the engine.

mod adr;
mod csv;
mod data;
mod html;
mod inline;
mod tables;

use crate::document::Document;

pub use data::{Data, TaskView, data};

/// A form of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One JSON document: tasks with fields, states and notes, retired and deleted ids.
    Json,
    /// One row a task, for spreadsheets and issue trackers.
    Csv,
    /// One Markdown file a decision, in the form of MADR.
    Adr,
    /// One page that needs nothing else: figures, search, printing.
    Html,
}

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without folder.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The files of an export, in fixed order; one file for every form but [`Form::Adr`], which gives one a decision and none when the plan
/// has no decisions.
///
/// # Errors
/// The embedded page template is wrong; tests keep it right.
pub fn export(document: &Document, form: Form) -> Result<Vec<File>, String> {
    let one = |ending: &str, text: String| vec![File { name: format!("plan.{ending}"), text }];
    Ok(match form {
        Form::Json => one("json", data::json(document)),
        Form::Csv => one("csv", csv::table(document)),
        Form::Adr => adr::records(document),
        Form::Html => one("html", html::page(document)?),
    })
}

/// What the first heading names: `TODO: backend architecture of Shop`.
fn title(document: &Document) -> String {
    document.headings.first().map_or_else(|| "Plan".to_owned(), |heading| inline::plain(&heading.text))
}
