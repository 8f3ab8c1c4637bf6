//! What the plan no longer has: kept under `### Retired` when somebody worked on it, and the headings that are left empty.

use super::headings::{Headings, RETIRED};
use super::layout::{Layout, Shape, Slot, Spot};
use super::place::next_heading;
use crate::document::ledger::heading_entry;
use crate::document::{Block, Document, Kind, Ledger, Task, seal, task};
use std::collections::BTreeSet;

/// The start of the key of a task that removes what a retired one built.
pub const REMOVAL: &str = "removal.";

/// Whether nobody ticked, changed or added anything, so that the task may go without a trace.
pub fn is_pristine(old: &Document, task: &Task) -> bool {
    let Some(generated) = old.generated(task) else {
        return false;
    };
    let mut known: BTreeSet<usize> = task.head_lines.clone().chain(task.offers.iter().copied()).collect();
    for field in generated.fields.iter().filter_map(|i| task.fields.get(*i)) {
        known.extend(generated.lines(field));
    }
    !task.ticked && task.lines.clone().all(|line| known.contains(&line) || old.line(line).trim().is_empty())
}

/// Whether nobody changed a block.
pub fn is_pristine_block(old: &Document, block: &Block) -> bool {
    block.digest.as_deref() == Some(seal::block_digest(old, block.body.clone()).as_str())
}

/// Puts what was at `slot` under the heading for retired things of its section.
pub fn park(old: &Document, slot: usize, end: usize, text: String, shape: Shape, layout: &mut Layout) {
    let heading = |slot: usize| match old.parts.get(slot)?.kind {
        Kind::Heading(index) => old.headings.get(index),
        _ => None,
    };
    let is_section = |slot: &&usize| heading(**slot).is_some_and(|h| h.level <= 2);
    let start = layout.headings_around(slot).0.iter().rev().find(is_section).copied().unwrap_or(0);
    let next = layout.headings_around(start + 1).1.iter().find(is_section).copied();
    let close = next.unwrap_or(end).min(end.max(start + 1));
    let below = layout.headings_around(start).1.iter().take_while(|slot| **slot < close);
    let retired = below.copied().find(|slot| heading(*slot).is_some_and(|h| entry(h) == RETIRED));
    let Some(heading) = retired else {
        let spot = Spot::Closing(close);
        if !layout.new.contains_key(&spot) {
            layout.add(spot, format!("{RETIRED}\n"), Shape::Heading(3));
        }
        layout.add(spot, text, shape);
        return;
    };
    let after = old.parts.iter().enumerate().take(close).skip(heading + 1);
    let last = after
        .take_while(|(_, p)| !matches!(p.kind, Kind::Heading(_)))
        .filter(|(i, p)| matches!(p.kind, Kind::Task(_)) && !layout.is_gone(*i))
        .last();
    layout.add(Spot::After(last.map_or(heading, |(i, _)| i)), text, shape);
}

/// The key and the text of the task that removes what a retired one built; none when it was issued before.
pub fn removal(task: &Task, ledger: &mut Ledger) -> Option<(String, String)> {
    let key = format!("{REMOVAL}{}", task.key);
    if ledger.ids.contains_key(&key) {
        return None;
    }
    let id = ledger.ids.id(&key, None, task.group());
    let title = task.title.replace(['[', ']'], "");
    let head = format!("**{id} [remove {title}]**:");
    let built = &task.id;
    let field = format!("  - **Purpose**: removes what {built} built; the requirements no longer ask for it");
    let digest = task::digest(&head, std::iter::once(field.as_str()));
    let text = format!("- [ ] {head} <!-- ap: {key} {digest} -->\n{field}\n");
    Some((key, text))
}

/// Takes away headings of the tool that the fresh plan does not have and that nothing stands below any more.
pub fn drop_headings(old: &Document, heads: &Headings, end: usize, layout: &mut Layout) {
    for (slot, part) in old.parts.iter().enumerate().rev() {
        let Kind::Heading(index) = part.kind else {
            continue;
        };
        let Some(heading) = old.headings.get(index) else {
            continue;
        };
        let emptied = entry(heading) == RETIRED
            && (slot + 1..next_heading(old, slot + 1, heading.level, end)).any(|i| layout.is_gone(i));
        if (emptied || heads.orphans.contains(&slot)) && is_empty(old, slot, heading.level, end, layout) {
            layout.set(slot, Slot::Gone);
        }
    }
}

fn is_empty(old: &Document, slot: usize, level: usize, end: usize, layout: &Layout) -> bool {
    let next = next_heading(old, slot + 1, level, end);
    let blank = |i: usize| {
        let part = old.parts.get(i);
        part.is_some_and(|p| {
            let text = old.raw(p.lines.clone()).trim();
            p.kind == Kind::Ledger || (p.kind == Kind::Other && text.is_empty())
        })
    };
    let has = |spot: Spot| layout.new.contains_key(&spot);
    let filled = (slot..next).any(|i| has(Spot::After(i)))
        || (slot + 1..=next).any(|i| has(Spot::Before(i)))
        || (level <= 2 && has(Spot::Closing(next)));
    !filled && (slot + 1..next).all(|i| layout.is_gone(i) || blank(i))
}

fn entry(heading: &crate::document::Heading) -> String {
    heading_entry(heading.level, &heading.text)
}
