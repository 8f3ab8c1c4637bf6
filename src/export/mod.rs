//! Other forms of a plan, made from the plan file alone: what people ticked and noted is in them. The Markdown stays the only source;
//! nothing here is read back. Knows the document, not the requirements or the engine.

mod adr;
mod csv;
mod data;
mod figures;
mod html;
mod inline;
mod tables;

use crate::diagram::export;
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
    /// Each graph as a Mermaid flowchart.
    Mermaid,
    /// Each graph in D2.
    D2,
    /// Each graph in DOT.
    Dot,
    /// Each graph in the DSL of Structurizr.
    Structurizr,
}

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without folder.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The files of an export, in fixed order: one file, or for [`Form::Adr`] one a decision and for the graphs one a figure; none when the plan has
/// no such thing.
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
        Form::Mermaid => figures::graphs(document, "mmd", export::mermaid),
        Form::D2 => figures::graphs(document, "d2", export::d2),
        Form::Dot => figures::graphs(document, "dot", export::dot),
        Form::Structurizr => figures::graphs(document, "dsl", export::structurizr),
    })
}

/// What the first heading names: `TODO: backend architecture of Shop`.
fn title(document: &Document) -> String {
    document.headings.first().map_or_else(|| "Plan".to_owned(), |heading| inline::plain(&heading.text))
}
