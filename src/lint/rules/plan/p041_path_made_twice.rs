//! `P041` path-made-twice.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::patch;
use crate::lint::rules::Rule;
use crate::lint::scan::inside;

/// The rule.
pub const RULE: Rule = Rule::new("P041", "path-made-twice", Severity::Error, include_str!("p041_path_made_twice.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let mut seen: BTreeMap<String, (usize, bool)> = BTreeMap::new();
    for fence in cx.scan.fences.iter().filter(|fence| matches!(fence.language.as_str(), "diff" | "patch")) {
        for file in patch::read(&inside(cx.document, fence)).files {
            let line = fence.body.start + file.line;
            match seen.get(&file.path) {
                Some((first, true)) if file.created => {
                    let message = format!("`{}` is made by two diffs", file.path);
                    let finding = Finding::new(RULE.named(), cx.line(line), cx.subject(fence.open), message);
                    let finding = finding.detail(&file.path).label(cx.line(*first), "made here first");
                    out.push(finding.fix("make it once, and change it in the second diff"));
                }
                Some(_) => {}
                None => drop(seen.insert(file.path, (line, file.created))),
            }
        }
    }
}
