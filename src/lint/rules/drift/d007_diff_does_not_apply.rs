//! `D007` diff-does-not-apply.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Diff, Sink};
use crate::lint::drift::Beside;
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("D007", "diff-does-not-apply", Severity::Warning, include_str!("d007_diff_does_not_apply.md"));

/// Looks for it.
pub fn check(beside: &Beside<'_>, out: &mut Sink) {
    let cx = beside.cx;
    for Diff { fence, text, reading } in &cx.diffs {
        for file in reading.files.iter().filter(|file| !file.created) {
            out.references += 1;
            let own: String = text.split_inclusive('\n').take(file.lines.end).skip(file.lines.start).collect();
            let from = own.find("--- ").unwrap_or(0);
            let message = match (beside.tree.text(&file.path), diffy::Patch::from_str(own.get(from..).unwrap_or(""))) {
                (None, _) if beside.tree.has(&file.path) => continue,
                (None, _) => format!("the diff changes `{}`, which is not in the repository", file.path),
                (Some(base), Ok(change)) => {
                    let back = change.reverse();
                    if diffy::apply(base, &change).is_ok() || diffy::apply(base, &back).is_ok() {
                        continue;
                    }
                    format!("the diff of `{}` fits neither the file as it is nor as it was", file.path)
                }
                // P023 speaks of diffs that cannot be read.
                (Some(_), Err(_)) => continue,
            };
            let span = cx.line(fence.body.start + file.line);
            let finding = Finding::new(RULE.named(), span, cx.subject(fence.open), message).detail(&file.path);
            out.push(finding.fix("write the change against the file as it is now, or run `archplan new`"));
        }
    }
}
