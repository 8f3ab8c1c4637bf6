//! One element of the file against its fresh form: what its lines become.

use super::conflict;
use super::suspect;
use super::{OnConflict, Options};
use crate::document::lines::bullet;
use crate::document::marker::Mark;
use crate::document::task::Generated;
use crate::document::{Block, Document, Task, normal, seal, task};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Those that nobody changed go.
    Go,
    /// They lose their marks and become notes.
    Note,
}

/// How the text of a task is to be written.
#[derive(Clone, Debug, Default)]
struct Script {
    /// The generated fields to replace; none when the text stays.
    rewrite: Option<Generated>,
    /// Lines that are replaced, or left out.
    replace: BTreeMap<usize, Option<String>>,
    /// New lines after the head, without indentation and bullet.
    first: Vec<String>,
    /// New lines at the end, without indentation and bullet.
    last: Vec<String>,
}

/// Brings a task up to date. `returning` says that it was retired.
pub fn task(pair: &Pair, old: &Task, new: &Task, returning: bool) -> Fate {
    let (mark, fresh_mark) = (old.marked(), new.marked());
    let status = suspect::status(pair.old, old);
    if mark == fresh_mark && old.offers.is_empty() && !returning && (old.ticked || status.is_none()) && old.mark.is_some() {
        return Fate { suspect: status.is_some(), ..Fate::default() };
    }
    let mut script = Script::default();
    let mut fate = Fate::default();
    decide(pair, old, new, &mut script, &mut fate);
    if old.ticked {
        let rewritten = mark.digest != fresh_mark.digest;
        let done = suspect::suspicion(old, status.as_ref().map(|(_, d)| d), &new.facts, rewritten, returning);
        fate.suspect = !done.is_empty();
        set_status(pair.old, status.as_ref().map(|(f, _)| f.lines.clone()), done.line(&new.facts), fate.suspect, &mut script);
    } else if let Some((field, _)) = status {
        set_status(pair.old, Some(field.lines.clone()), String::new(), false, &mut script);
    }
    let text = write(pair, old, new, &fresh_mark, &script);
    if text != pair.old.raw(old.lines.clone()) {
        fate.text = Some(text);
    }
    fate
}

/// Whether the text is refreshed, kept, or in conflict.
fn decide(pair: &Pair, old: &Task, new: &Task, script: &mut Script, fate: &mut Fate) {
    let as_new = Task { digest: new.digest.clone(), ..old.clone() };
    let changed = old.digest != new.digest;
    let drop_offers = |script: &mut Script| {
        for line in old.offers.iter().filter(|l| conflict::is_untouched(pair.old.line(**l))) {
            script.replace.insert(*line, None);
        }
    };
    if let Some(generated) = pair.old.generated(old) {
        drop_offers(script);
        if changed {
            script.rewrite = Some(generated);
            fate.refreshed = true;
        }
        return;
    }
    if (changed || !old.offers.is_empty()) && pair.old.generated(&as_new).is_some() {
        drop_offers(script);
        return;
    }
    if !changed && old.offers.is_empty() || old.digest.is_none() {
        return;
    }
    match pair.options.on_conflict {
        OnConflict::Keep => drop_offers(script),
        OnConflict::Take => {
            drop_offers(script);
            let known = |f: &task::Field| pair.vocabulary.contains(&f.name) && f.name != "Status" || new.fields.iter().any(|n| n.name == f.name);
            let fields = old.fields.iter().enumerate().filter(|(_, f)| known(f)).map(|(i, _)| i).collect();
            script.rewrite = Some(Generated { fields, wrapped: false });
            fate.refreshed = true;
        }
        OnConflict::Both | OnConflict::Offer => offer(pair, old, new, changed, script, fate),
    }
}

/// Writes or keeps the offers on a task in conflict.
fn offer(pair: &Pair, old: &Task, new: &Task, changed: bool, script: &mut Script, fate: &mut Fate) {
    let as_notes = pair.options.on_conflict == OnConflict::Both;
    if changed {
        for line in old.offers.iter().filter(|l| conflict::is_untouched(pair.old.line(**l))) {
            script.replace.insert(*line, None);
        }
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
fn set_status(document: &Document, at: Option<std::ops::Range<usize>>, line: String, wanted: bool, script: &mut Script) {
    match (at, wanted) {
        (Some(lines), true) => {
            let first = document.line(lines.start);
            if !first.contains(&line) {
                let start = first.find("**").or_else(|| first.find("__")).unwrap_or(0);
                script.replace.insert(lines.start, Some(format!("{}{line}", first.get(..start).unwrap_or("  - "))));
                script.replace.extend(lines.skip(1).map(|l| (l, None)));
            }
        }
        (Some(lines), false) => script.replace.extend(lines.map(|l| (l, None))),
        (None, true) => script.first.push(line),
        (None, false) => {}
    }
}

/// Writes the lines of a task.
fn write(pair: &Pair, old: &Task, new: &Task, mark: &Mark, script: &Script) -> String {
    let document = pair.old;
    let ending = document.line_ending();
    let mut out = Lines { text: String::new(), ending };
    let rewritten = script.rewrite.is_some();
    out.raw(&head(document, old, if rewritten { &new.head } else { &old.head }, mark));
    let lead = lead(document, old);
    for line in &script.first {
        out.line(&format!("{lead}{line}"));
    }
    let keep = |out: &mut Lines, line: usize| match script.replace.get(&line) {
        Some(Some(text)) => out.line(text),
        Some(None) => {}
        None => out.raw(document.raw(line..line + 1)),
    };
    let Some(generated) = &script.rewrite else {
        for line in old.head_lines.end..old.lines.end {
            keep(&mut out, line);
        }
        return out.finish(script, &lead);
    };
    let mut sections = sections(old, generated);
    for line in sections.remove(0).1 {
        keep(&mut out, line);
    }
    for field in &new.fields {
        let fresh_line = pair.fresh.line(field.lines.start);
        let found = sections.iter().position(|(f, _)| f.is_some_and(|i| old.fields.get(i).is_some_and(|o| o.name == field.name)));
        let Some((index, foreign)) = found.map(|at| sections.remove(at)) else {
            out.line(&format!("{lead}{}", bullet(fresh_line).unwrap_or(fresh_line.trim())));
            continue;
        };
        let lines = index.and_then(|i| old.fields.get(i)).map_or(0..0, |f| f.lines.clone());
        let own = if generated.wrapped { lines.clone() } else { lines.start..lines.start + 1 };
        if same_form(document, own.clone(), fresh_line) {
            out.raw(document.raw(own));
        } else {
            let first = document.line(lines.start);
            let start = first.find("**").or_else(|| first.find("__")).unwrap_or(0);
            out.line(&format!("{}{}", first.get(..start).unwrap_or("  - "), bullet(fresh_line).unwrap_or(fresh_line.trim())));
        }
        for line in foreign {
            keep(&mut out, line);
        }
    }
    for line in sections.into_iter().flat_map(|(_, foreign)| foreign) {
        keep(&mut out, line);
    }
    out.finish(script, &lead)
}

/// The foreign lines of a task by the generated field that they follow; the first entry follows the head.
fn sections(task: &Task, generated: &Generated) -> Vec<(Option<usize>, Vec<usize>)> {
    let mut starts = BTreeMap::new();
    let mut covered = BTreeSet::new();
    for index in &generated.fields {
        if let Some(field) = task.fields.get(*index) {
            starts.insert(field.lines.start, *index);
            covered.extend(field.lines.clone().take(if generated.wrapped { usize::MAX } else { 1 }));
        }
    }
    let mut sections = vec![(None, Vec::new())];
    for line in task.head_lines.end..task.lines.end {
        if let Some(index) = starts.get(&line) {
            sections.push((Some(*index), Vec::new()));
        }
        if !covered.contains(&line)
            && let Some((_, foreign)) = sections.last_mut()
        {
            foreign.push(line);
        }
    }
    sections
}

fn same_form(document: &Document, lines: std::ops::Range<usize>, fresh: &str) -> bool {
    let mut form = Vec::new();
    for line in lines {
        if !form.is_empty() {
            form.push(b' ');
        }
        normal::form(document.line(line), &mut form);
    }
    let mut wanted = Vec::new();
    normal::form(fresh, &mut wanted);
    form == wanted
}

/// The head lines with a new mark, and with a new head when it differs.
fn head(document: &Document, old: &Task, head: &str, mark: &Mark) -> String {
    let span = document.span(old.head_lines.clone());
    let text = |range: std::ops::Range<usize>| document.text.get(range).unwrap_or("");
    let same = {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        normal::form(head, &mut a);
        normal::form(&old.head, &mut b);
        a == b
    };
    match &old.mark {
        Some(place) if same => [text(span.start..place.start), &mark.print(), text(place.end..span.end)].concat(),
        None if same => text(span).to_owned(),
        _ => {
            let closing = text(old.tick..span.end).find(']').map_or(old.tick + 2, |at| old.tick + at + 1);
            format!("{} {head} {}{}", text(span.start..closing), mark.print(), document.line_ending())
        }
    }
}

/// Indentation and bullet of the fields of a task.
fn lead(document: &Document, task: &Task) -> String {
    let line = task.fields.first().map_or("  - ", |f| document.line(f.lines.start));
    let start = line.find("**").or_else(|| line.find("__")).unwrap_or(0);
    line.get(..start).filter(|l| !l.trim().is_empty()).unwrap_or("  - ").to_owned()
}

struct Lines {
    text: String,
    ending: &'static str,
}

impl Lines {
    fn raw(&mut self, text: &str) {
        self.end();
        self.text.push_str(text);
    }

    fn line(&mut self, text: &str) {
        self.end();
        self.text.push_str(text);
        self.text.push_str(self.ending);
    }

    /// A last line of a file may have no line ending; what follows needs one.
    fn end(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(self.ending);
        }
    }

    fn finish(mut self, script: &Script, lead: &str) -> String {
        for line in &script.last {
            self.line(&format!("{lead}{line}"));
        }
        self.text
    }
}

/// Brings a block up to date. `offers` are the blocks offered below it.
pub fn block(pair: &Pair, old: &Block, new: &Block, offers: &[&Block]) -> Fate {
    let changed = old.digest != new.digest;
    if !changed && offers.is_empty() {
        return Fate::default();
    }
    let mut fate = Fate::default();
    let digest = new.digest.clone().unwrap_or_default();
    let present = Some(seal::block_digest(pair.old, old.body.clone()));
    let ending = pair.old.line_ending();
    let with = |body: &str| {
        let begin = pair.old.line(old.lines.start);
        let begin = if changed { seal::begin(&new.key, &digest) } else { begin.to_owned() };
        Some([&begin, ending, body, pair.old.raw(old.body.end..old.lines.end)].concat())
    };
    let fresh_body = || pair.fresh.raw(new.body.clone()).replace("\r\n", "\n").replace('\n', ending);
    let old_body = pair.old.raw(old.body.clone());
    if present == old.digest && changed {
        fate = Fate { text: with(&fresh_body()), refreshed: true, offers: Offers::Go, ..fate };
    } else if present == new.digest || present == old.digest {
        fate = Fate { text: with(old_body).filter(|_| changed), offers: Offers::Go, ..fate };
    } else {
        match pair.options.on_conflict {
            OnConflict::Keep => fate = Fate { text: with(old_body).filter(|_| changed), offers: Offers::Go, ..fate },
            OnConflict::Take => fate = Fate { text: with(&fresh_body()), refreshed: true, offers: Offers::Go, ..fate },
            OnConflict::Both if !changed => fate.offers = Offers::Note,
            OnConflict::Both => {
                let note = Some(pair.fresh.raw(new.body.clone()).to_owned());
                fate = Fate { text: with(old_body), offered: note, offers: Offers::Go, ..fate };
            }
            OnConflict::Offer if !changed => fate.conflict = Some("block".to_owned()),
            OnConflict::Offer => {
                let offered = Some(conflict::block_offer(pair.fresh, new));
                fate = Fate { text: with(old_body), offered, offers: Offers::Go, conflict: Some("block".to_owned()), ..fate };
            }
        }
    }
    fate
}
