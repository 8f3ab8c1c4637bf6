//! One element of the file against its fresh form: what its lines become.

use super::conflict;
use super::suspect;
use super::write::{self, Script, before_bold};
use super::{OnConflict, Options};
use crate::document::task::Generated;
use crate::document::{Document, Task, task};
use std::collections::BTreeSet;

/// The two plans and how to bring them together.
pub struct Pair<'a> {
    /// The file.
    pub old: &'a Document,
    /// The fresh plan.
    pub fresh: &'a Document,
    /// Field names that the fresh plan uses anywhere.
    pub vocabulary: BTreeSet<String>,
    /// How to update.
    pub options: &'a Options,
}

/// What became of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// Its new text; none when no byte changes.
    pub text: Option<String>,
    /// Whether it carries new generated text.
    pub refreshed: bool,
    /// Whether its tick is suspect.
    pub suspect: bool,
    /// What waits for a decision.
    pub conflict: Option<String>,
    /// A block to offer below it.
    pub offered: Option<String>,
    /// Whether offers below a block are withdrawn, or turned into notes.
    pub offers: Offers,
}

/// What becomes of the offers below a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offers {
    /// They stay.
    #[default]
    Stay,
    /// They go; what a person changed in them becomes a note.
    Go,
    /// They lose their marks and become notes.
    Note,
}

/// Brings a task up to date. `returning` says that it was retired.
pub fn task(pair: &Pair, old: &Task, new: &Task, returning: bool) -> Fate {
    let (mark, fresh_mark) = (old.marked(), new.marked());
    let status = suspect::status(pair.old, old);
    if mark == fresh_mark
        && old.offers.is_empty()
        && !returning
        && (old.ticked || status.is_none())
        && old.mark.is_some()
    {
        return Fate { suspect: status.is_some(), ..Fate::default() };
    }
    let mut script = Script::default();
    let mut fate = Fate::default();
    decide(pair, old, new, &mut script, &mut fate);
    if old.ticked {
        let rewritten = mark.digest != fresh_mark.digest;
        let done = suspect::suspicion(old, status.as_ref().map(|(_, d)| d), &new.facts, rewritten, returning);
        fate.suspect = !done.is_empty();
        set_status(
            pair.old,
            status.as_ref().map(|(f, _)| f.lines.clone()),
            done.line(&new.facts),
            fate.suspect,
            &mut script,
        );
    } else if let Some((field, _)) = status {
        set_status(pair.old, Some(field.lines.clone()), String::new(), false, &mut script);
    }
    let text = write::task(pair, old, new, &fresh_mark, &script);
    if text != pair.old.raw(old.lines.clone()) {
        fate.text = Some(text);
    }
    fate
}

/// Whether the text is refreshed, kept, or in conflict.
fn decide(pair: &Pair, old: &Task, new: &Task, script: &mut Script, fate: &mut Fate) {
    let as_new = Task { digest: new.digest.clone(), ..old.clone() };
    let changed = old.digest != new.digest;
    if let Some(generated) = pair.old.generated(old) {
        withdraw(pair.old, old, script);
        if changed {
            script.rewrite = Some(generated);
            fate.refreshed = true;
        }
        return;
    }
    if (changed || !old.offers.is_empty()) && pair.old.generated(&as_new).is_some() {
        withdraw(pair.old, old, script);
        return;
    }
    if !changed && old.offers.is_empty() || old.digest.is_none() {
        return;
    }
    match pair.options.on_conflict {
        OnConflict::Keep => withdraw(pair.old, old, script),
        OnConflict::Take => {
            withdraw(pair.old, old, script);
            let known = |f: &task::Field| {
                pair.vocabulary.contains(&f.name) && f.name != "Status" || new.fields.iter().any(|n| n.name == f.name)
            };
            let fields = old.fields.iter().enumerate().filter(|(_, f)| known(f)).map(|(i, _)| i).collect();
            script.rewrite = Some(Generated { fields, wrapped: false });
            fate.refreshed = true;
        }
        OnConflict::Both | OnConflict::Offer => offer(pair, old, new, changed, script, fate),
    }
}

/// Takes back the offers on a task; one whose words a person changed becomes a note.
fn withdraw(document: &Document, task: &Task, script: &mut Script) {
    for line in &task.offers {
        let text = document.line(*line);
        let note = (!conflict::is_untouched(text)).then(|| conflict::unmarked(text));
        script.replace.insert(*line, note);
    }
}

/// Writes or keeps the offers on a task in conflict.
fn offer(pair: &Pair, old: &Task, new: &Task, changed: bool, script: &mut Script, fate: &mut Fate) {
    let as_notes = pair.options.on_conflict == OnConflict::Both;
    if changed {
        withdraw(pair.old, old, script);
        let offer = conflict::offer(pair.old, old, pair.fresh, new, &pair.vocabulary);
        script.last = if as_notes { offer.lines } else { offer.lines.iter().map(|l| conflict::marked(l)).collect() };
        fate.conflict = (!as_notes && !offer.names.is_empty()).then(|| offer.names.join(", "));
    } else if as_notes {
        for line in &old.offers {
            script.replace.insert(*line, Some(conflict::unmarked(pair.old.line(*line))));
        }
    } else {
        let words = |line: &usize| pair.old.line(*line).split('`').nth(1).unwrap_or("first line").to_owned();
        fate.conflict = Some(old.offers.iter().map(words).collect::<Vec<_>>().join(", "));
    }
}

/// Adds, replaces or removes the status line of a suspect task.
fn set_status(
    document: &Document,
    at: Option<std::ops::Range<usize>>,
    line: String,
    wanted: bool,
    script: &mut Script,
) {
    match (at, wanted) {
        (Some(lines), true) => {
            let first = document.line(lines.start);
            if !first.contains(&line) {
                script.replace.insert(lines.start, Some(format!("{}{line}", before_bold(first).unwrap_or("  - "))));
                script.replace.extend(lines.skip(1).map(|l| (l, None)));
            }
        }
        (Some(lines), false) => script.replace.extend(lines.map(|l| (l, None))),
        (None, true) => script.first.push(line),
        (None, false) => {}
    }
}
