//! What `archplan new` would make of a plan, as an edit.

use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::client::UPDATE;
use super::edits::rewrite;
use super::files::{File, System};
use super::{Answer, Fault, Server, uri};
use crate::document;
use crate::lint::{drift, kind};
use crate::merge;
use crate::render::{CodeForm, Page, fresh};
use crate::requirements::Reading;

impl Server<'_> {
    /// The text that `archplan new` would write over a plan.
    pub(super) fn updated(&self, file: &File, reading: &Reading, old: &str) -> Result<String, Fault> {
        let requirements = reading.requirements.as_ref();
        let requirements =
            requirements.ok_or_else(|| Fault::refused("the requirements have errors; mend them first"))?;
        let document = document::read(old);
        let config = self.host.config(&file.path);
        let options = crate::plan::Options { re_runs: true, ..drift::options(&document, &config) };
        let (plan, ids) = fresh::build(self.catalogue, requirements, reading, file.name(), &document, &options);
        let depth = drift::depth(&document);
        let page = Page { plan: &plan, catalogue: self.catalogue, requirements, file: file.name(), depth };
        let text = fresh::sealed(&page, CodeForm::Diff, &ids).map_err(Fault::refused)?;
        if old.is_empty() {
            return Ok(text);
        }
        Ok(merge::update(old, &text, &merge::Options::default()).text)
    }

    /// Carries out a command.
    pub(super) fn execute(&mut self, params: &Json) -> Answer {
        let command = params.get("command").and_then(Json::as_str).unwrap_or("");
        if command != UPDATE {
            return Err(Fault::params(format!("there is no command `{command}`")));
        }
        let uri = params.pointer("/arguments/0").and_then(Json::as_str);
        let file = uri.and_then(|uri| self.files.get(uri)).cloned();
        let file = file.ok_or_else(|| Fault::params("the command wants the URI of an open file"))?;
        let System { requirements, plan } = self.system(&file);
        let Some(requirements) = requirements else {
            return Err(Fault::refused("there are no requirements beside this plan"));
        };
        let edit = self.update_edit(&requirements, plan.as_ref())?;
        let Some(edit) = edit else { return Ok(json!("the plan is up to date")) };
        self.ask("workspace/applyEdit", json!({"label": "Update the plan", "edit": edit}));
        Ok(Json::Null)
    }

    fn update_edit(&mut self, requirements: &Rc<File>, plan: Option<&Rc<File>>) -> Result<Option<Json>, Fault> {
        let old = plan.map_or("", |plan| plan.text.as_str());
        let new = self.updated(requirements, requirements.reading(), old)?;
        match plan {
            Some(plan) if new == plan.text.as_str() => Ok(None),
            Some(plan) => Ok(Some(self.workspace_edit(&[(Rc::clone(plan), rewrite(plan, &new))]))),
            None => {
                let target = uri::beside(&requirements.uri, kind::PLAN);
                let edit = self.new_file(&target, &new);
                edit.map(Some).ok_or_else(|| Fault::refused("this editor makes no files; run `archplan new`"))
            }
        }
    }
}
