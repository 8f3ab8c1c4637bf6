//! `D010` figure-differs.

use crate::diagnostic::Severity;
use crate::diagram;
use crate::document::Block;
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::{Compared, Drift};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("D010", "figure-differs", Severity::Warning, include_str!("d010_figure_differs.md"));

/// Looks for it.
pub fn check(drift: &Drift<'_>, out: &mut Sink) {
    let compared = &drift.compared;
    for block in compared.cx.document.blocks.iter().filter(|block| !compared.merged.refreshed.contains(&block.key)) {
        let name = match block.key.strip_prefix("system.figure") {
            Some("") => "system",
            Some(rest) => rest.trim_start_matches('.'),
            None => continue,
        };
        let figure = drift.plan.diagrams.iter().find(|figure| figure.name == name);
        let Some(model) = figure.and_then(|figure| figure.model.as_ref()) else { continue };
        out.artefacts += 1;
        out.findings.extend(one(compared, block, model));
    }
}

fn one(compared: &Compared<'_>, block: &Block, model: &diagram::Model) -> Option<Finding> {
    let cx = compared.cx;
    let text = cx.document.raw(block.body.clone());
    let fresh = compared.fresh.blocks.iter().find(|other| other.key == block.key);
    if fresh.is_some_and(|fresh| compared.fresh.raw(fresh.body.clone()) == text) {
        return None;
    }
    let ascii = !text.contains('─');
    let options = diagram::Options { width: cx.config.width.unwrap_or(100), ascii };
    let faults = diagram::verify(text, model, &options);
    let first = faults.first()?;
    let fences: Vec<_> = cx.scan.fences.iter().filter(|fence| block.body.contains(&fence.open)).collect();
    let part = first.part.checked_sub(1).and_then(|part| fences.get(part)).or(fences.first())?;
    let row = usize::try_from(first.row - 1).unwrap_or(0).min(part.body.len().saturating_sub(1));
    let more = if faults.len() > 1 { format!(", and {} more", faults.len() - 1) } else { String::new() };
    let message = format!("the figure is not what the requirements say: {}{more}", first.message);
    let finding = Finding::new(RULE.named(), cx.line(part.body.start + row), &block.key, message).detail(first.rule);
    Some(
        finding.fix(
            "change the requirements so that they say it, or take the figure of `archplan new --on-conflict take`",
        ),
    )
}
