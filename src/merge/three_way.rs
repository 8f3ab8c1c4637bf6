//! Three-way merge of plans, for git: ticks, notes and ids are united by task; what both sides changed differently is marked.

use super::suspect;
use crate::document::{self, Document, Kind, Ledger, Task};
use crate::identity::split;
use std::collections::{BTreeMap, BTreeSet};

/// A merge in which both sides changed the same text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflicted {
    /// The text with conflict marks.
    pub text: String,
    /// How many places are marked.
    pub count: usize,
}

/// Merges two versions of a plan with their common ancestor.
pub fn three_way(base: &str, ours: &str, theirs: &str) -> Result<String, Conflicted> {
    let ending = side(crlf(base), crlf(ours), crlf(theirs));
    let plain = |text: &str| document::read(&text.replace("\r\n", "\n"));
    let (base, ours, theirs) = (plain(base), plain(ours), plain(theirs));
    let mut ledger = united(&base, &ours, &theirs);
    let theirs = renumbered(&ours, theirs, &mut ledger);
    let merged = diffy::MergeOptions::new().set_conflict_style(diffy::ConflictStyle::Diff3).merge(
        &bare(&base),
        &bare(&ours),
        &bare(&theirs),
    );
    let (text, count) = match merged {
        Ok(text) => (text, 0),
        Err(marked) => settle(&marked),
    };
    let mut text = ticked(&text, &base, &ours, &theirs);
    if !ledger.ids.is_empty() || !ledger.blocks.is_empty() {
        text.truncate(text.trim_end_matches(['\n', ' ']).len());
        text.push_str("\n\n");
        text.push_str(&ledger.print());
    }
    if ending {
        text = text.replace('\n', "\r\n");
    }
    if count == 0 { Ok(text) } else { Err(Conflicted { text, count }) }
}

fn crlf(text: &str) -> bool {
    document::lines::ending(&document::lines::split(text)) == "\r\n"
}

/// The value of the side that changed it.
fn side<T: PartialEq>(base: T, ours: T, theirs: T) -> T {
    if ours == base { theirs } else { ours }
}

/// The text without ticks and without the ledger: those are united on their own.
fn bare(document: &Document) -> String {
    let mut text = document.text.clone();
    for task in document.tasks.iter().filter(|t| t.ticked) {
        text.replace_range(task.tick..task.tick + 1, " ");
    }
    let mut out = String::with_capacity(text.len());
    let start = document.lines.first().map_or(text.len(), |l| l.start);
    out.push_str(text.get(..start).unwrap_or(""));
    for part in document.parts.iter().filter(|p| p.kind != Kind::Ledger) {
        out.push_str(text.get(document.span(part.lines.clone())).unwrap_or(""));
    }
    out.truncate(out.trim_end_matches(['\n', ' ']).len());
    out.push('\n');
    out
}

fn united(base: &Document, ours: &Document, theirs: &Document) -> Ledger {
    let (b, o, t) = (&base.written, &ours.written, &theirs.written);
    let mut ledger = b.clone();
    for (key, id) in o.ids.iter().chain(t.ids.iter()) {
        ledger.ids.note(key, id);
    }
    let sets = |b: &BTreeSet<String>, o: &BTreeSet<String>, t: &BTreeSet<String>| {
        let all: BTreeSet<&String> = b.iter().chain(o).chain(t).collect();
        all.into_iter()
            .filter(|k| side(b.contains(*k), o.contains(*k), t.contains(*k)))
            .cloned()
            .collect::<BTreeSet<String>>()
    };
    ledger.blocks = sets(&b.blocks, &o.blocks, &t.blocks);
    ledger.headings = sets(&b.headings, &o.headings, &t.headings);
    ledger.deleted = sets(&b.deleted, &o.deleted, &t.deleted);
    let keys: BTreeSet<&String> = b.retired.keys().chain(o.retired.keys()).chain(t.retired.keys()).collect();
    ledger.retired = keys
        .into_iter()
        .filter_map(|key| {
            let entry = side(b.retired.get(key), o.retired.get(key), t.retired.get(key));
            entry.map(|entry| (key.clone(), entry.clone()))
        })
        .collect();
    ledger
}

/// Gives new ids to what both sides added under the same id; theirs change.
fn renumbered(ours: &Document, theirs: Document, ledger: &mut Ledger) -> Document {
    let taken: BTreeMap<&String, &String> = ours.written.ids.iter().map(|(key, id)| (id, key)).collect();
    let mut text = theirs.text.clone();
    for (key, id) in theirs.written.ids.iter() {
        let foreign = taken.get(id).is_some_and(|other| *other != key);
        if !foreign || ours.written.ids.contains_key(key) {
            continue;
        }
        let Some((group, _)) = split(id) else {
            continue;
        };
        ledger.ids.remove(key);
        let new = ledger.ids.id(key, None, group);
        text = replace_word(&text, id, &new);
    }
    if text == theirs.text { theirs } else { document::read(&text) }
}

/// Replaces an id where it stands as a word.
fn replace_word(text: &str, word: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let joined = before.ends_with(part) || after.starts_with(|c: char| c.is_ascii_alphanumeric());
        out.push_str(before);
        out.push_str(if joined { word } else { new });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Resolves the conflicts in which one side only added lines; counts the rest.
fn settle(marked: &str) -> (String, usize) {
    let (mut out, mut count) = (String::with_capacity(marked.len()), 0);
    let mut rest = marked.split_inclusive('\n');
    while let Some(line) = rest.next() {
        if !line.starts_with("<<<<<<< ") {
            out.push_str(line);
            continue;
        }
        let mut sides: [Vec<&str>; 3] = Default::default();
        let mut whole = line.to_owned();
        let mut at = 0;
        for line in rest.by_ref() {
            whole.push_str(line);
            if line.starts_with("||||||| ") {
                at = 1;
            } else if line.trim_end() == "=======" {
                at = 2;
            } else if line.starts_with(">>>>>>> ") {
                break;
            } else if let Some(side) = sides.get_mut(at) {
                side.push(line);
            }
        }
        let [ours, base, theirs] = sides;
        match union(&ours, &base, &theirs).or_else(|| union(&theirs, &base, &ours)) {
            Some(lines) => out.extend(lines),
            None => {
                count += 1;
                out.push_str(&whole);
            }
        }
    }
    (out, count)
}

/// The lines of `ours`, with what `theirs` added before or after those of the base; none when `theirs` did more than add.
fn union<'a>(ours: &[&'a str], base: &[&str], theirs: &[&'a str]) -> Option<Vec<&'a str>> {
    let mut wanted = base.iter().peekable();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for line in theirs {
        if wanted.next_if(|b| b.trim_end() == line.trim_end()).is_some() {
            continue;
        }
        let first = wanted.len() == base.len() && !base.is_empty();
        if !ours.contains(line) || line.trim().is_empty() {
            if first { before.push(*line) } else { after.push(*line) }
        }
    }
    wanted.next().is_none().then(|| before.into_iter().chain(ours.iter().copied()).chain(after).collect())
}

/// Puts the ticks back: the state of the side that changed it. A tick that one side set while the other changed the task's facts is
/// suspect.
fn ticked(text: &str, base: &Document, ours: &Document, theirs: &Document) -> String {
    let merged = document::read(text);
    let mut out = text.to_owned();
    let of = |document: &'_ Document| -> BTreeMap<String, Task> {
        document.tasks.iter().map(|t| (name(t), t.clone())).collect()
    };
    let (b, o, t) = (of(base), of(ours), of(theirs));
    for task in merged.tasks.iter().rev() {
        let name = name(task);
        let is = |side: &BTreeMap<String, Task>| side.get(&name).is_some_and(|t| t.ticked);
        let (was, our, their) = (is(&b), is(&o), is(&t));
        if !side(was, our, their) {
            continue;
        }
        let source = if our && (our != was || !their) { o.get(&name) } else { t.get(&name) };
        let done = source.map(|s| suspect::suspicion(s, None, &task.facts, false, false)).unwrap_or_default();
        if !done.is_empty()
            && suspect::status(&merged, task).is_none()
            && !task.fields.iter().any(|f| f.text.contains("ap-done:"))
        {
            let at = merged.span(task.head_lines.clone()).end;
            out.insert_str(at, &format!("  - {}\n", done.line(&task.facts)));
        }
        out.replace_range(task.tick..task.tick + 1, "x");
    }
    out
}

fn name(task: &Task) -> String {
    if task.key.is_empty() { task.id.clone() } else { task.key.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::seal;
    use crate::merge::tick;

    fn plan(peak: &str, more: &str) -> String {
        seal(&format!(
            "# TODO: backend architecture of shop\n\n## Architecture Items\n\n- [ ] **ARCH-ITEM-1.1 [a]**: <!-- ap: item.a peak={peak} -->\n  - **Purpose**: first\n\
             - [ ] **ARCH-ITEM-2.1 [b]**: <!-- ap: item.b -->\n  - **Purpose**: second\n{more}"
        ))
    }

    #[test]
    fn ticks_and_notes_of_both_sides_are_united() {
        let base = plan("1", "");
        let ours = tick(&base, "item.a", true).unwrap().replace("first\n", "first\n  - note of ours\n");
        let theirs = tick(&base, "item.b", true).unwrap().replace("first\n", "first\n  - note of theirs\n");
        let merged = three_way(&base, &ours, &theirs).unwrap();
        assert!(merged.contains("- [x] **ARCH-ITEM-1.1") && merged.contains("- [x] **ARCH-ITEM-2.1"));
        assert!(merged.contains("first\n  - note of ours\n  - note of theirs\n"), "{merged}");
        assert_eq!(three_way(&base, &base, &ours).unwrap(), ours);
        assert_eq!(three_way(&base, &ours, &base).unwrap(), ours);
        assert_eq!(three_way(&ours, &base, &ours).unwrap(), base, "taking a tick back is a change too");
    }

    #[test]
    fn a_tick_beside_changed_facts_is_suspect() {
        let base = plan("1", "");
        let merged = three_way(&base, &tick(&base, "item.a", true).unwrap(), &plan("2", "")).unwrap();
        assert!(
            merged.contains("- [x] **ARCH-ITEM-1.1") && merged.contains("suspect — done for peak = 1, now 2"),
            "{merged}"
        );
    }

    #[test]
    fn the_same_id_given_on_both_sides_is_given_anew() {
        let added = |key: &str| {
            plan("1", &format!("- [ ] **ARCH-ITEM-3.1 [{key}]**: <!-- ap: item.{key} -->\n  - **Purpose**: {key}\n"))
        };
        let merged = three_way(&plan("1", ""), &added("ours"), &added("theirs")).unwrap();
        let document = document::read(&merged);
        let ids: Vec<&str> = document.tasks.iter().map(|t| t.id.as_str()).collect();
        assert_eq!(ids, ["ARCH-ITEM-1.1", "ARCH-ITEM-2.1", "ARCH-ITEM-3.1", "ARCH-ITEM-3.2"]);
        assert_eq!(document.written.ids.get("item.theirs"), Some("ARCH-ITEM-3.2"));
    }

    #[test]
    fn what_both_changed_differently_is_marked_and_line_endings_stay() {
        let base = plan("1", "");
        let (ours, theirs) = (base.replace("first", "ours"), base.replace("first", "theirs"));
        let error = three_way(&base, &ours, &theirs).unwrap_err();
        assert!(error.count == 1 && error.text.contains("<<<<<<<") && error.text.contains("-->\n"));
        let crlf = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(three_way(&crlf(&base), &crlf(&base), &ours).unwrap(), ours, "theirs changed the endings");
        assert_eq!(three_way(&crlf(&base), &crlf(&base), &crlf(&ours)).unwrap(), crlf(&ours));
    }
}
