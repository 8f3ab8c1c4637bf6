//! What a place means: the key with unit, default and decided value, the task, the rule, and what is found there.

use serde_json::{Value as Json, json};

use super::files::{File, System};
use super::names::{self, Occurrence, Sort};
use super::navigate::{Thing, thing_at};
use super::{Answer, Server};
use crate::document::status;
use crate::facts::registry;
use crate::lint::kind::Kind;
use crate::lint::{Finding, rules};
use crate::plan::Plan;
use crate::render::explain;
use crate::requirements;

/// The most lines of a chain.
const MOST_LINES: usize = 16;

/// Fields of a task that say most, in this order.
const FIELDS: [&str; 8] = ["Status", "Purpose", "Do", "Pattern", "After", "Wave", "Phase", "Done when"];

impl Server<'_> {
    /// Answers `textDocument/hover`.
    pub(super) fn hover(&mut self, params: &Json) -> Answer {
        let (file, at) = self.place(params)?;
        self.check_quickly();
        let mut parts = Vec::new();
        let mut range = None;
        if let Some(checked) = self.checks.newest(&file) {
            let here = |finding: &&Finding| finding.span.start <= at && at <= finding.span.end;
            for finding in checked.findings(&file.uri).filter(here) {
                parts.push(format!("**{}** {}: {}", finding.rule.code, finding.rule.name, finding.message));
                parts.extend(self.rule(&finding.rule.name));
            }
        }
        if let Some(word) = self.rule_at(&file, at) {
            parts.push(word);
        }
        let system = self.system(&file);
        let thing = thing_at(&file, at);
        if let Some(thing) = &thing {
            let bytes = match thing {
                Thing::Named(found) => found.bytes.clone(),
                Thing::Path(_, bytes) => bytes.clone(),
            };
            range = Some(file.text.range(bytes, self.client.encoding));
        }
        let decided = system.requirements.as_ref().and_then(|file| self.decided(file));
        let decided = decided.as_deref();
        if let Some(text) = thing.and_then(|thing| self.said(&system, &thing, file.kind == Kind::Plan, decided)) {
            parts.push(text);
        }
        if file.kind == Kind::Requirements {
            let own = file.reading().tree.as_ref().and_then(|tree| names::key_at(tree, at));
            parts.extend(own.map(|(path, _)| self.key(&path, decided)));
        }
        if parts.is_empty() {
            return Ok(Json::Null);
        }
        let mut answer = json!({"contents": {"kind": "markdown", "value": parts.join("\n\n---\n\n")}});
        if let (Some(range), Some(object)) = (range, answer.as_object_mut()) {
            object.insert("range".to_owned(), range);
        }
        Ok(answer)
    }

    /// A name, an id, or a path in a plan.
    fn said(&self, system: &System, thing: &Thing, plan: bool, decided: Option<&Plan>) -> Option<String> {
        match thing {
            Thing::Named(found) if found.sort == Sort::Task => task(system, &found.name),
            Thing::Named(found) => named(system, found, decided),
            // In requirements the key says it below.
            Thing::Path(path, _) => {
                let known = plan && registry::kind_of(path).is_some();
                known.then(|| self.key(path, decided))
            }
        }
        .filter(|text| !text.is_empty())
    }

    /// A key of the language or a derived value: what it is, what it takes, what was decided and why.
    fn key(&self, path: &str, decided: Option<&Plan>) -> String {
        let general = registry::general(path);
        let key = requirements::keys().iter().find(|key| key.path == general);
        let mut out = match key {
            Some(key) => {
                let unit = key.kind.unit();
                let unit = if unit.is_empty() { String::new() } else { format!(", in {unit}") };
                format!("`{path}` ({}{unit})\n\n{}", key.kind.as_str(), key.doc)
            }
            None => {
                let row = registry::derived().find(|row| row.path == general);
                row.map_or_else(|| format!("`{path}`"), |row| format!("`{path}`: {}", row.doc))
            }
        };
        let words = registry::words_of(path);
        if !words.is_empty() {
            out.push_str(&format!("\n\nOne of: {}", words.join(", ")));
        }
        if let Some(chain) = decided.and_then(|plan| explain::fact(self.catalogue, &plan.values, path)) {
            let lines: Vec<&str> = chain.lines().take(MOST_LINES).collect();
            let more = if chain.lines().count() > MOST_LINES { "\n..." } else { "" };
            out.push_str(&format!("\n\n```text\n{}{more}\n```", lines.join("\n")));
        }
        out
    }

    /// The rule that a waiver or a comment names.
    fn rule_at(&self, file: &File, at: usize) -> Option<String> {
        let line = file.text.line(file.text.line_of(at));
        let text = file.text.as_str().get(line.clone())?;
        if !text.contains("rule:") && !text.contains("archplan: ignore[") {
            return None;
        }
        let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let at = at.checked_sub(line.start)?;
        let start = text.get(..at)?.char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(at, |(at, _)| at);
        let rest = text.get(start..)?;
        self.rule(rest.get(..rest.find(|c: char| !part(c)).unwrap_or(rest.len()))?)
    }

    /// What a rule says, in short.
    fn rule(&self, name: &str) -> Option<String> {
        let rule = rules::describe_one(self.catalogue, name)?;
        let fix = rule.page.split("## Fix").nth(1).unwrap_or("").trim();
        Some(format!("**{}** {} ({}): {}\n\nFix: {fix}", rule.code, rule.name, rule.severity, rule.summary))
    }
}

/// A task: how far it is, and the fields that say most.
fn task(system: &System, id: &str) -> Option<String> {
    let task = system.plan.as_ref()?.document().task(id)?;
    let mut out = format!("**{} [{}]** ({})\n", task.id, task.title, status::state(task).word());
    for name in FIELDS {
        if let Some(text) = task.field(name) {
            out.push_str(&format!("\n- **{name}**: {text}"));
        }
    }
    Some(out)
}

/// A name: what was computed for it, and its tasks.
fn named(system: &System, found: &Occurrence, decided: Option<&Plan>) -> Option<String> {
    let list = found.sort.list();
    let mut out = String::new();
    if let (Some(plan), false) = (decided, list.is_empty()) {
        let prefix = format!("{list}[{}].", found.name);
        for (path, fact) in plan.values.iter().filter(|(path, _)| path.starts_with(&prefix)) {
            let general = registry::general(path);
            if let Some(row) = registry::derived().find(|row| row.path == general && !row.path.ends_with(".slug")) {
                out.push_str(&format!("\n- {}: {}", row.doc, fact.human()));
            }
        }
    }
    if let (Some(plan), true) = (&system.plan, found.sort.keeps_was()) {
        let tasks: Vec<String> =
            names::tasks_of(plan.document(), &found.name).map(|task| format!("{} [{}]", task.id, task.title)).collect();
        if !tasks.is_empty() {
            out.push_str(&format!("\n- tasks: {}", tasks.join(", ")));
        }
    }
    (!out.is_empty()).then(|| format!("**{}**\n{out}", found.name))
}
