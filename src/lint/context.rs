//! What every rule about plans is given, and where it puts its findings.

use std::collections::BTreeMap;

use super::patch;
use super::scan::{Fence, Scan, inside};
use super::tools::Answer;
use super::{Config, Finding};
use crate::document::next;
use crate::document::status::{self, State};
use crate::document::task::named;
use crate::document::{Document, Task};
use crate::text::{Source, Span, suggest};

/// A plan, read once for all rules.
pub struct Context<'a> {
    /// The plan.
    pub document: &'a Document,
    /// Its lines, sorted.
    pub scan: &'a Scan,
    /// The plan's index in the report's sources.
    pub source: usize,
    /// What is looked for.
    pub config: &'a Config,
    /// The first task of every id that counts, as an index into the document's tasks.
    pub by_id: BTreeMap<&'a str, usize>,
    /// Whether the plan says that only a part of it was printed.
    pub brief: bool,
    /// For every task the ids that it waits for.
    pub after: Vec<Vec<String>>,
    /// For every task how far it is.
    pub states: Vec<State>,
    /// For every task its fields by name, those that share a line one by one.
    pub fields: Vec<Vec<(&'a str, &'a str)>>,
    /// The diffs of the plan.
    pub diffs: Vec<Diff<'a>>,
    /// What programs said about the files that the plan makes.
    pub tools: &'a [Answer],
}

/// A diff of a plan, read.
#[derive(Clone, Debug)]
pub struct Diff<'a> {
    /// The block it stands in.
    pub fence: &'a Fence,
    /// Its text without indentation.
    pub text: String,
    /// What it says.
    pub reading: patch::Reading,
}

impl<'a> Context<'a> {
    /// Prepares a plan for the rules.
    #[must_use]
    pub fn new(document: &'a Document, scan: &'a Scan, source: usize, config: &'a Config) -> Self {
        let mut by_id = BTreeMap::new();
        for (index, task) in document.tasks.iter().enumerate().filter(|(_, task)| !task.retired && !task.id.is_empty())
        {
            by_id.entry(task.id.as_str()).or_insert(index);
        }
        let after = document.tasks.iter().map(next::dependencies).collect();
        let fields = document.tasks.iter().map(fields_of).collect();
        let diffs = scan.fences.iter().filter(|fence| matches!(fence.language.as_str(), "diff" | "patch"));
        let diffs = diffs.map(|fence| {
            let text = inside(document, fence);
            Diff { fence, reading: patch::read(&text), text }
        });
        let diffs = diffs.collect();
        let states = document.tasks.iter().map(status::state).collect();
        let brief = super::drift::is_brief(document);
        Self { document, scan, source, config, by_id, brief, after, states, fields, diffs, tools: &[] }
    }

    /// The tasks that count, with their indices.
    pub fn tasks(&self) -> impl Iterator<Item = (usize, &'a Task)> {
        self.document.tasks.iter().enumerate().filter(|(_, task)| !task.retired && !task.id.is_empty())
    }

    /// The text of a field of a task, by the task's index.
    #[must_use]
    pub fn field(&self, index: usize, name: &str) -> Option<&'a str> {
        self.fields.get(index)?.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
    }

    /// The wave of a task, by the task's index.
    #[must_use]
    pub fn wave(&self, index: usize) -> Option<u32> {
        self.field(index, "Wave")?.split_whitespace().next()?.parse().ok()
    }

    /// The task with this id.
    #[must_use]
    pub fn task(&self, id: &str) -> Option<&'a Task> {
        self.document.tasks.get(*self.by_id.get(id)?)
    }

    /// How far the task with this id is.
    #[must_use]
    pub fn state(&self, id: &str) -> Option<State> {
        self.states.get(*self.by_id.get(id)?).copied()
    }

    /// Bytes of the plan as a place.
    #[must_use]
    pub const fn span(&self, start: usize, end: usize) -> Span {
        Span { source: self.source, start, end }
    }

    /// A line without its white space at both ends.
    #[must_use]
    pub fn line(&self, index: usize) -> Span {
        let text = self.document.line(index);
        let start =
            self.document.lines.get(index).map_or(0, |line| line.start) + (text.len() - text.trim_start().len());
        self.span(start, start + text.trim().len())
    }

    /// A part of a line by its byte offsets in the line.
    #[must_use]
    pub fn part(&self, index: usize, part: std::ops::Range<usize>) -> Span {
        let start = self.document.lines.get(index).map_or(0, |line| line.start);
        self.span(start + part.start, start + part.end)
    }

    /// The first place of a word in lines; the first of the lines when it stands in none of them.
    #[must_use]
    pub fn word(&self, lines: std::ops::Range<usize>, word: &str) -> Span {
        let first = lines.start;
        for index in lines {
            let text = self.document.line(index);
            if let Some(at) = whole(text, word) {
                return self.part(index, at..at + word.len());
            }
        }
        self.line(first)
    }

    /// The place of a task's id.
    #[must_use]
    pub fn id(&self, task: &Task) -> Span {
        self.word(task.head_lines.clone(), &task.id)
    }

    /// The place of a word in a field of a task, or of the field when the word is not in it.
    #[must_use]
    pub fn in_field(&self, task: &Task, name: &str, word: &str) -> Span {
        let label = format!("**{name}**");
        let field = task.fields.iter().find(|field| {
            field.name == name || field.lines.clone().any(|line| self.document.line(line).contains(&label))
        });
        match field {
            Some(field) => self.word(field.lines.clone(), word),
            None => self.word(task.lines.clone(), word),
        }
    }

    /// What a line belongs to: the id of a task, the key of a block, the text of the heading above, or nothing.
    #[must_use]
    pub fn subject(&self, line: usize) -> String {
        let part = self.document.parts.partition_point(|part| part.lines.end <= line);
        let above = || {
            let at = self.document.headings.partition_point(|heading| heading.line <= line);
            let heading = at.checked_sub(1).and_then(|at| self.document.headings.get(at));
            heading.map_or_else(String::new, |heading| crate::text::slug(&heading.text))
        };
        match self.document.parts.get(part).map(|part| part.kind) {
            Some(crate::document::Kind::Task(index)) => {
                self.document.tasks.get(index).map_or_else(String::new, |task| task.id.clone())
            }
            Some(crate::document::Kind::Block(index)) => {
                self.document.blocks.get(index).map_or_else(String::new, |block| block.key.clone())
            }
            _ => above(),
        }
    }

    /// The headings above a task, nearest first, up to the section.
    #[must_use]
    pub fn headings_of(&self, task: &Task) -> Vec<&'a str> {
        let mut out = Vec::new();
        let mut level = usize::MAX;
        let last = task.heading.map_or(0, |index| index + 1);
        for heading in self.document.headings.iter().take(last).rev() {
            if heading.level < level && heading.level > 1 {
                out.push(heading.text.as_str());
                level = heading.level;
            }
            if heading.level <= 2 {
                break;
            }
        }
        out
    }
}

/// The fields of a task; of a line with several each for itself.
fn fields_of(task: &Task) -> Vec<(&str, &str)> {
    let mut out = Vec::with_capacity(task.fields.len() + 3);
    for field in &task.fields {
        if !field.text.contains('·') {
            out.push((field.name.as_str(), field.text.as_str()));
            continue;
        }
        let mut parts = field.text.split(" · ");
        let first = parts.next().unwrap_or("");
        let named: Vec<(&str, &str)> = parts.filter_map(named).collect();
        out.push((field.name.as_str(), if named.is_empty() { field.text.as_str() } else { first }));
        out.extend(named);
    }
    out
}

/// The first place of a word in a text where it is no part of a longer one.
#[must_use]
pub fn whole(text: &str, word: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let mut after = text.get(at + word.len()..).unwrap_or("").chars();
        let longer = match after.next() {
            // `TASK-4.1` is no part of `TASK-4.11`, and stands at the end of a sentence.
            Some('.') => after.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => part(c),
            None => false,
        };
        !before.is_some_and(part) && !longer
    })
}

/// Takes findings.
#[derive(Default)]
pub struct Sink {
    /// What was found.
    pub findings: Vec<Finding>,
    /// References that were looked up: what a report says was checked.
    pub references: usize,
    /// Embedded texts that were parsed.
    pub artefacts: usize,
    /// Further texts that findings point into, behind those of the input.
    pub further: Vec<Source>,
    /// How many texts the input has.
    pub own: usize,
    /// Names that were compared with misspelt ones.
    compared: usize,
}

/// Comparisons after which no names are guessed any more: where so many are wrong, more than a letter went wrong.
const MOST_COMPARED: usize = 200_000;

impl Sink {
    /// The name nearest to a misspelt one; after many of them none, so that the cost never grows with the square of a file.
    pub fn near<'c>(&mut self, word: &str, names: impl ExactSizeIterator<Item = &'c str>) -> Option<&'c str> {
        if self.compared > MOST_COMPARED {
            return None;
        }
        self.compared += names.len();
        suggest(word, names)
    }

    /// A place in a further text.
    pub fn place(&mut self, name: &str, text: &str, bytes: std::ops::Range<usize>) -> Span {
        let known = self.further.iter().position(|source| source.name == name);
        let at = known.unwrap_or_else(|| {
            self.further.push(Source { name: name.to_owned(), text: text.to_owned() });
            self.further.len() - 1
        });
        Span { source: self.own + at, start: bytes.start, end: bytes.end }
    }

    /// Takes a finding.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}
