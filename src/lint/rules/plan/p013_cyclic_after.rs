//! `P013` cyclic-after.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P013", "cyclic-after", Severity::Error, include_str!("p013_cyclic_after.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let mut state = vec![0_u8; cx.document.tasks.len()];
    for start in cx.by_id.values().copied() {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if state.get(start) == Some(&0) {
            visit(cx, start, &mut state, &mut path, out);
        }
    }
}

/// Walks what a task waits for, without recursion: 1 is on the path, 2 is done.
fn visit(cx: &Context<'_>, start: usize, state: &mut [u8], path: &mut Vec<(usize, usize)>, out: &mut Sink) {
    let set = |index: usize, value: u8, state: &mut [u8]| {
        if let Some(slot) = state.get_mut(index) {
            *slot = value;
        }
    };
    set(start, 1, state);
    path.push((start, 0));
    while let Some((index, next)) = path.pop() {
        let Some(id) = cx.after.get(index).and_then(|after| after.get(next)) else {
            set(index, 2, state);
            continue;
        };
        path.push((index, next + 1));
        let Some(target) = cx.by_id.get(id.as_str()).copied() else { continue };
        match state.get(target) {
            Some(0) => {
                set(target, 1, state);
                path.push((target, 0));
            }
            Some(1) => {
                let from = path.iter().position(|(step, _)| *step == target).unwrap_or(0);
                let round: Vec<usize> = path.iter().skip(from).map(|(step, _)| *step).collect();
                out.findings.extend(finding(cx, &round));
            }
            _ => {}
        }
    }
}

fn finding(cx: &Context<'_>, round: &[usize]) -> Option<Finding> {
    let tasks: Vec<_> = round.iter().filter_map(|index| cx.document.tasks.get(*index)).collect();
    let names: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
    // Named by its smallest member, so that the same circle has the same name wherever the walk began.
    let smallest = names.iter().enumerate().min_by_key(|(_, name)| **name)?.0;
    let turned = |at: usize| tasks.get((smallest + at) % tasks.len()).copied();
    let (first, second) = (turned(0)?, turned(1)?);
    let chain: Vec<&str> = (0..=tasks.len()).filter_map(&turned).map(|task| task.id.as_str()).collect();
    let span = cx.in_field(first, "After", &second.id);
    let message = format!("tasks wait for each other in a circle: {}", chain.join(" after "));
    let mut finding = Finding::new(RULE.named(), span, &first.id, message).detail(chain.join("+"));
    for at in 1..tasks.len().min(8) {
        if let (Some(task), Some(next)) = (turned(at), turned(at + 1)) {
            finding = finding.label(cx.in_field(task, "After", &next.id), format!("waits for {}", next.id));
        }
    }
    Some(finding.fix("take one of these out of its `After`"))
}
