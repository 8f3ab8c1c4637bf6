//! `P002` malformed-id.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P002", "malformed-id", Severity::Error, include_str!("p002_malformed_id.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (_, task) in cx.tasks() {
        if let Some(fix) = wrong(&task.id) {
            let message = format!("`{}` is no id of a plan", task.id);
            out.push(Finding::new(RULE.named(), cx.id(task), &task.id, message).fix(fix));
        }
    }
    heads(cx, out);
}

/// What is wrong with an id of a known family.
fn wrong(id: &str) -> Option<String> {
    let (family, numbers) = id.rsplit_once('-')?;
    let two = numbers.contains('.');
    let leading_zero = numbers.split('.').any(|number| number.len() > 1 && number.starts_with('0'));
    match family {
        "QA" if two => Some(format!("write `QA-{}`: the quality list has one number", numbers.replace('.', ""))),
        "ARCH-PLAN" | "ARCH-ITEM" | "TASK" | "CODE" if !two => {
            Some(format!("write `{family}-{numbers}.1`: a group and a number in it"))
        }
        "ARCH-PLAN" | "ARCH-ITEM" | "TASK" | "CODE" | "QA" if leading_zero => {
            Some("write the numbers without leading zeros".to_owned())
        }
        _ => None,
    }
}

/// Tick boxes whose first word looks like an id of a known family and is none.
fn heads(cx: &Context<'_>, out: &mut Sink) {
    for part in cx.document.parts.iter().filter(|part| part.kind == crate::document::Kind::Other) {
        for line in part.lines.clone() {
            let text = cx.document.line(line);
            let Some(at) = text.find("] **") else { continue };
            if cx.scan.code.get(line).copied().unwrap_or(false) {
                continue;
            }
            let rest = text.get(at + 4..).unwrap_or("");
            let word = rest.split(|c: char| c.is_whitespace() || matches!(c, '*' | ':' | '[')).next().unwrap_or("");
            let upper = word.to_uppercase();
            let known = ["ARCH-PLAN", "ARCH-ITEM", "ARCH_PLAN", "ARCH_ITEM", "TASK-", "CODE-", "QA-"];
            if known.iter().any(|family| upper.starts_with(family)) {
                let span = cx.part(line, at + 4..at + 4 + word.len());
                let message = format!("`{word}` is no id of a plan");
                let fix = "write the family in capitals, a dash, the group, a dot and the number: `ARCH-ITEM-2.1`";
                out.push(Finding::new(RULE.named(), span, cx.subject(line), message).detail(word).fix(fix));
            }
        }
    }
}
