//! Quick fixes of findings, all of them at once, and the update of a plan.

use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::check::Checked;
use super::client::UPDATE;
use super::edits::{Edits, rewrite};
use super::files::File;
use super::{Answer, Server};
use crate::lint::kind::Kind;
use crate::lint::{Finding, Input, fix};

impl Server<'_> {
    /// Answers `textDocument/codeAction`.
    pub(super) fn actions(&mut self, params: &Json) -> Answer {
        let file = self.file(params)?;
        self.check_quickly();
        let only: Vec<&str> = params
            .pointer("/context/only")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let wanted = |kind: &str| {
            let below =
                |only: &&str| kind == *only || kind.strip_prefix(*only).is_some_and(|rest| rest.starts_with('.'));
            only.is_empty() || only.iter().any(below)
        };
        let mut out = Vec::new();
        let range = params.get("range").and_then(|range| file.text.bytes(range, self.client.encoding)).unwrap_or(0..0);
        if let Some(checked) = self.checks.newest(&file).filter(|_| wanted("quickfix")) {
            let touched = |finding: &&Finding| finding.span.start <= range.end && range.start <= finding.span.end;
            for finding in checked.findings(&file.uri).filter(touched) {
                out.extend(self.quick_fix(&checked, &file, finding));
            }
        }
        if wanted("source.fixAll.archplan") && file.kind != Kind::Other {
            out.extend(self.fix_all(&file));
        }
        if wanted("source.archplan.update") && file.kind != Kind::Other {
            let command = json!({"title": "Update the plan", "command": UPDATE, "arguments": [file.uri]});
            out.push(json!({"title": "Update the plan from the requirements", "kind": "source.archplan.update", "command": command}));
        }
        Ok(out.into())
    }

    fn quick_fix(&self, checked: &Checked, file: &File, finding: &Finding) -> Option<Json> {
        let repair = finding.repair.as_ref()?;
        let mut files: Vec<(Rc<File>, Edits)> =
            checked.system.files().map(|file| (Rc::clone(file), Vec::new())).collect();
        for edit in &repair.edits {
            let (_, edits) = files.get_mut(edit.span.source)?;
            edits.push((edit.span.start..edit.span.end, edit.text.clone()));
        }
        let words = finding.fix.as_deref().unwrap_or("mend this");
        let title = match repair.edits.as_slice() {
            [only] if words.starts_with("did you mean") && !only.text.is_empty() => {
                format!("Write `{}`", only.text.trim())
            }
            _ => words.to_owned(),
        };
        Some(json!({
            "title": format!("{title} ({})", finding.rule.name),
            "kind": "quickfix",
            "isPreferred": repair.safe,
            "diagnostics": [self.diagnostic(checked, file, finding)],
            "edit": self.workspace_edit(&files),
        }))
    }

    /// All edits by which nothing can be lost, in this file.
    fn fix_all(&mut self, file: &Rc<File>) -> Option<Json> {
        let checked = self.checks.newest(file)?;
        let safe = |finding: &Finding| finding.repair.as_ref().is_some_and(|repair| repair.safe);
        if !checked.findings(&file.uri).any(safe) {
            return None;
        }
        let config = self.host.config(&file.path);
        let plan = file.kind == Kind::Plan;
        let own = Some(file.for_gate());
        let input = Input { requirements: own.filter(|_| !plan), plan: own.filter(|_| plan), ..Input::default() };
        let fixed = fix::fix(&input, &config, false);
        let text = if plan { fixed.plan } else { fixed.requirements }?;
        let edit = self.workspace_edit(&[(Rc::clone(file), rewrite(file, &text))]);
        Some(json!({"title": "Mend all that is safe (archplan)", "kind": "source.fixAll.archplan", "edit": edit}))
    }
}
