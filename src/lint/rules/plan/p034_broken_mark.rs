//! `P034` broken-mark.

use crate::diagnostic::Severity;
use crate::document::{Kind, marker};
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P034", "broken-mark", Severity::Error, include_str!("p034_broken_mark.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let blocks = &cx.document.blocks;
    for part in cx.document.parts.iter().filter(|part| part.kind == Kind::Other) {
        for index in part.lines.clone().filter(|index| !cx.scan.code.get(*index).copied().unwrap_or(false)) {
            let text = cx.document.line(index).trim();
            if !text.starts_with("<!-- ap-") {
                continue;
            }
            let key = |name: &str| marker::alone(text, name).and_then(|inside| inside.split_whitespace().next());
            let (message, detail) = match (key("ap-begin:"), key("ap-end:")) {
                (Some(key), _) if blocks.iter().any(|block| block.key == key) => {
                    (format!("the block `{key}` begins here a second time"), key)
                }
                (Some(key), _) => (format!("the block `{key}` has no end"), key),
                (_, Some(key)) => (format!("the end of `{key}` has no beginning"), key),
                _ if text.starts_with("<!-- ap-ledger") => ("the ledger has no end".to_owned(), "ledger"),
                _ => continue,
            };
            let finding = Finding::new(RULE.named(), cx.line(index), cx.subject(index), message).detail(detail);
            out.push(finding.fix("bring the mark back from version control, or run `archplan new`"));
        }
    }
}
