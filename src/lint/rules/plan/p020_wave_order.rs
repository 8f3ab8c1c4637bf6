//! `P020` wave-order.

use crate::diagnostic::Severity;
use crate::document::status;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P020", "wave-order", Severity::Warning, include_str!("p020_wave_order.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks() {
        let Some(wave) = status::wave(task) else { continue };
        for id in cx.after.get(index).into_iter().flatten() {
            let Some(other) = cx.task(id) else { continue };
            let Some(before) = status::wave(other).filter(|before| *before >= wave) else { continue };
            let message = format!("`{}` is in wave {wave} and waits for `{id}` of wave {before}", task.id);
            let span = cx.in_field(task, "Wave", &wave.to_string());
            let finding = Finding::new(RULE.named(), span, &task.id, message).detail(id);
            let finding = finding.label(cx.in_field(other, "Wave", &before.to_string()), format!("wave {before}"));
            out.push(finding.fix(format!("put it into wave {}, or take {id} out of `After`", before + 1)));
        }
    }
}
