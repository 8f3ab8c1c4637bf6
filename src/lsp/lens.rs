//! What stands above and beside the text: decision, stage and cost above requirements, progress above a plan, derived numbers at the lines
//! that they follow from.

use serde_json::{Value as Json, json};

use super::client::UPDATE;
use super::files::File;
use super::{Answer, Server};
use crate::document::{next, status};
use crate::facts::{Facts, Origin};
use crate::lint::kind::Kind;
use crate::plan::Plan;
use crate::quantity::{Kind as Quantity, human};
use crate::yaml::{Data, Node};

/// The most assumed or derived values behind one section.
const MOST_VALUES: usize = 4;

impl Server<'_> {
    /// Answers `textDocument/codeLens`.
    pub(super) fn lenses(&mut self, params: &Json) -> Answer {
        let file = self.file(params)?;
        let mut titles = Vec::new();
        match file.kind {
            Kind::Requirements => {
                let Some(plan) = self.decided(&file) else { return Ok(json!([])) };
                titles.push((above(&plan), json!("")));
                titles.push(("update the plan".to_owned(), json!(UPDATE)));
            }
            Kind::Plan => {
                let document = file.document();
                let all = status::status(document).all;
                let ready = next::next(document).ready;
                let ready: Vec<&str> = ready.iter().take(3).map(|task| task.id.as_str()).collect();
                let next = if ready.is_empty() { String::new() } else { format!(", next {}", ready.join(", ")) };
                titles.push((format!("{} of {} done{next}", all.done, all.total), json!("")));
                titles.push(("update from the requirements".to_owned(), json!(UPDATE)));
            }
            Kind::Other => {}
        }
        let range = file.text.range(0..0, self.client.encoding);
        let lens = |(title, command): (String, Json)| json!({"range": range, "command": {"title": title, "command": command, "arguments": [file.uri]}});
        Ok(titles.into_iter().map(lens).collect())
    }

    /// Answers `textDocument/inlayHint`.
    pub(super) fn hints(&mut self, params: &Json) -> Answer {
        let file = self.file(params)?;
        if file.kind != Kind::Requirements {
            return Ok(json!([]));
        }
        let Some(plan) = self.decided(&file) else { return Ok(json!([])) };
        let Some(tree) = &file.reading().tree else { return Ok(json!([])) };
        let wanted = params.get("range").and_then(|range| file.text.bytes(range, self.client.encoding));
        let wanted = wanted.unwrap_or(0..file.text.as_str().len());
        let mut hints = behind_keys(tree, &plan, &file);
        hints.retain(|(at, _)| wanted.start <= *at && *at <= wanted.end);
        let one = |(at, text): &(usize, String)| json!({"position": file.text.position(*at, self.client.encoding), "label": text, "kind": 1, "paddingLeft": true});
        Ok(hints.iter().map(one).collect())
    }
}

/// The line above requirements.
fn above(plan: &Plan) -> String {
    let cost = plan.cost.monthly.map_or_else(
        || "cost unknown".to_owned(),
        |cost| {
            let money = |amount: f64| human(Quantity::Money, amount);
            format!("{} ({} to {})", money(cost.expected), money(cost.low), money(cost.high))
        },
    );
    format!("{} · stage {} {} · {cost}", plan.decision.pattern, plan.stage.number, plan.stage.name)
}

/// Hints at the ends of lines: what a target comes to, what a budget meets, what a section leaves to be assumed, what a domain needs.
fn behind_keys(tree: &Node, plan: &Plan, file: &File) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let Data::Map(entries) = &tree.data else { return out };
    let end = |node: &Node| file.text.line(file.text.line_of(node.span.start)).end;
    for entry in entries {
        let line = file.text.line(file.text.line_of(entry.key_span.start)).end;
        if let Some(text) = assumed(&plan.values, &entry.key, &entry.value) {
            out.push((line, text));
        }
    }
    for target in &plan.targets {
        let stated = tree.at("targets").and_then(|targets| targets.get(target.name));
        if let (Some(node), Some(reached)) = (stated, &target.predicted) {
            let met = if target.met == Some(false) { "missed: " } else { "" };
            out.push((end(node), format!("{met}{reached}")));
        }
    }
    if let (Some(node), Some(cost)) = (tree.at("budget.monthly"), plan.cost.monthly) {
        out.push((end(node), human(Quantity::Money, cost.expected)));
    }
    if let Some(node) = tree.at("users.monthly") {
        out.push((end(node), format!("stage {} {}", plan.stage.number, plan.stage.name)));
    }
    for (list, keys) in
        [("domains", &["replicas", "storage_horizon"][..]), ("entities", &["horizon_rows", "horizon_size"])]
    {
        for item in tree.at(list).map_or(&[][..], Node::items) {
            let Some(name) = item.get("name") else { continue };
            let label = name.text().unwrap_or("");
            let known = keys.iter().filter_map(|key| {
                let fact = plan.values.get(&format!("{list}[{label}].{key}"))?;
                Some(format!("{} {}", key.replace('_', " "), fact.human()))
            });
            let text = known.collect::<Vec<_>>().join(", ");
            if !text.is_empty() {
                out.push((end(name), text));
            }
        }
    }
    merged(out)
}

/// The numbers of a section that nobody stated, as they are assumed or computed.
fn assumed(facts: &Facts, section: &str, node: &Node) -> Option<String> {
    let Data::Map(_) = node.data else { return None };
    let known = crate::requirements::keys().iter().filter_map(|key| {
        let own = key.path.strip_prefix(section)?.strip_prefix('.')?;
        let number = matches!(
            key.kind,
            Quantity::Count | Quantity::Rate | Quantity::Size | Quantity::Money | Quantity::Duration | Quantity::Share
        );
        let open = number && !own.contains(['.', '[']) && node.get(own).is_none();
        let fact = facts.get(key.path).filter(|fact| open && !matches!(fact.origin, Origin::Given { .. }))?;
        Some(format!("{} {}", own.replace('_', " "), fact.human()))
    });
    let values: Vec<String> = known.take(MOST_VALUES).collect();
    (!values.is_empty()).then(|| format!("assumed: {}", values.join(", ")))
}

/// One hint for a place.
fn merged(mut hints: Vec<(usize, String)>) -> Vec<(usize, String)> {
    hints.sort_by_key(|(at, _)| *at);
    let mut out: Vec<(usize, String)> = Vec::new();
    for (at, text) in hints {
        match out.last_mut().filter(|(last, _)| *last == at) {
            Some((_, before)) => before.push_str(&format!("; {text}")),
            None => out.push((at, text)),
        }
    }
    out
}
