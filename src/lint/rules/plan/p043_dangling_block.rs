//! `P043` dangling-block.

use crate::diagnostic::Severity;
use crate::document::verify::{self, Predicate};
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P043", "dangling-block", Severity::Warning, include_str!("p043_dangling_block.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks() {
        for part in cx.field(index, "Done when").into_iter().flat_map(verify::parts) {
            let Predicate::Block { key } = verify::predicate(part) else { continue };
            out.references += 1;
            if !cx.document.blocks.iter().any(|block| block.key == key) {
                let span = cx.in_field(task, "Done when", &key);
                let near = out.near(&key, cx.document.blocks.iter().map(|block| block.key.as_str()));
                let message = format!("`{}` is done when the block `{key}` exists, and the plan has none", task.id);
                let finding = Finding::new(RULE.named(), span, &task.id, message).detail(&key);
                let fix = near
                    .map_or_else(|| "name a block of this plan".to_owned(), |near| format!("did you mean `{near}`?"));
                out.push(finding.fix(fix));
            }
        }
    }
}
