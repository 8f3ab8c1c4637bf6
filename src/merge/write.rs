//! Writing the lines of a task: a person's lines stay where they are, generated ones change only where their words do.

use super::refresh::Pair;
use crate::document::lines::bullet;
use crate::document::marker::Mark;
use crate::document::task::Generated;
use crate::document::{Document, Task, normal};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How the text of a task is to be written.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The generated fields to replace; none when the text stays.
    pub rewrite: Option<Generated>,
    /// Lines that are replaced, or left out.
    pub replace: BTreeMap<usize, Option<String>>,
    /// New lines after the head, without indentation and bullet.
    pub first: Vec<String>,
    /// New lines at the end, without indentation and bullet.
    pub last: Vec<String>,
}

/// Writes the lines of a task.
pub fn task(pair: &Pair, old: &Task, new: &Task, mark: &Mark, script: &Script) -> String {
    let document = pair.old;
    let mut out = Lines { document, script, text: String::new() };
    let words = if script.rewrite.is_some() { &new.head } else { &old.head };
    out.raw(&head(document, old, words, mark));
    let lead = lead(document, old);
    for line in &script.first {
        out.line(&format!("{lead}{line}"));
    }
    match &script.rewrite {
        Some(generated) => fields(pair, old, new, generated, lead, &mut out),
        None => (old.head_lines.end..old.lines.end).for_each(|line| out.keep(line)),
    }
    out.finish(lead)
}

/// Writes the fields in the order of the fresh plan, each followed by the foreign lines that followed it.
fn fields(pair: &Pair, old: &Task, new: &Task, generated: &Generated, lead: &str, out: &mut Lines) {
    let mut sections = sections(old, generated);
    for line in sections.remove(0).1 {
        out.keep(line);
    }
    for field in &new.fields {
        let fresh = pair.fresh.line(field.lines.start);
        let is_same = |i: usize| old.fields.get(i).is_some_and(|o| o.name == field.name);
        let found = sections.iter().position(|(f, _)| f.is_some_and(is_same));
        let Some((index, foreign)) = found.map(|at| sections.remove(at)) else {
            out.line(&format!("{lead}{}", bullet(fresh).unwrap_or(fresh.trim())));
            continue;
        };
        if let Some(own) = index.and_then(|i| old.fields.get(i)) {
            out.field(generated.lines(own), fresh);
        }
        for line in foreign {
            out.keep(line);
        }
    }
    for line in sections.into_iter().flat_map(|(_, foreign)| foreign) {
        out.keep(line);
    }
}

/// The foreign lines of a task by the generated field that they follow; the first entry follows the head.
fn sections(task: &Task, generated: &Generated) -> Vec<(Option<usize>, Vec<usize>)> {
    let mut starts = BTreeMap::new();
    let mut covered = BTreeSet::new();
    for index in &generated.fields {
        if let Some(field) = task.fields.get(*index) {
            starts.insert(field.lines.start, *index);
            covered.extend(generated.lines(field));
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

fn same_form(document: &Document, lines: Range<usize>, fresh: &str) -> bool {
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
    let text = |range: Range<usize>| document.text.get(range).unwrap_or("");
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
            format!("{} {head} {}{}", text(span.start..closing), mark.print(), document.ending)
        }
    }
}

/// Indentation and bullet of the fields of a task.
fn lead<'a>(document: &'a Document, task: &Task) -> &'a str {
    let first = task.fields.first().map(|f| document.line(f.lines.start));
    first.and_then(before_bold).filter(|l| !l.trim().is_empty()).unwrap_or("  - ")
}

/// The part of a line before its first bold words.
pub fn before_bold(line: &str) -> Option<&str> {
    let start = line.find("**").or_else(|| line.find("__"))?;
    line.get(..start)
}

struct Lines<'a> {
    document: &'a Document,
    script: &'a Script,
    text: String,
}

impl Lines<'_> {
    fn raw(&mut self, text: &str) {
        self.end();
        self.text.push_str(text);
    }

    fn line(&mut self, text: &str) {
        self.end();
        self.text.push_str(text);
        self.text.push_str(self.document.ending);
    }

    /// A last line of a file may have no line ending; what follows needs one.
    fn end(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(self.document.ending);
        }
    }

    /// A line of the file, replaced or left out where the script says so.
    fn keep(&mut self, line: usize) {
        match self.script.replace.get(&line) {
            Some(Some(text)) => self.line(text),
            Some(None) => {}
            None => self.raw(self.document.raw(line..line + 1)),
        }
    }

    /// A generated field: its own bytes when they say the same as the fresh line, else the fresh text behind its own bullet.
    fn field(&mut self, lines: Range<usize>, fresh: &str) {
        if same_form(self.document, lines.clone(), fresh) {
            return self.raw(self.document.raw(lines));
        }
        let first = self.document.line(lines.start);
        let lead = before_bold(first).unwrap_or("  - ");
        self.line(&format!("{lead}{}", bullet(fresh).unwrap_or(fresh.trim())));
    }

    fn finish(mut self, lead: &str) -> String {
        for line in &self.script.last {
            self.line(&format!("{lead}{line}"));
        }
        self.text
    }
}
