//! Tasks: a tick box with an id, its fields, and the question whether a person changed the generated text.

use super::Document;
use super::lines;
use super::marker::{self, Fact, Mark};
use super::normal;
use crate::text::digest::Fnv;
use std::ops::Range;

/// A sub-bullet `- **Name**: text` of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name between the emphasis marks.
    pub name: String,
    /// The text after the colon, wrapped lines joined, comments included.
    pub text: String,
    /// The first line and the lines that may continue it.
    pub lines: Range<usize>,
}

/// A tick box with an id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// Such as `ARCH-ITEM-2.1`.
    pub id: String,
    /// The key that the id is bound to; empty for a task that a person wrote.
    pub key: String,
    /// The digest of the generated text, as written in the mark.
    pub digest: Option<String>,
    /// The facts that the task rests on, with the values it was written for.
    pub facts: Vec<Fact>,
    /// Whether the box is ticked.
    pub ticked: bool,
    /// The name in brackets, or the text after the colon when there is none.
    pub title: String,
    /// The text after the box without the mark.
    pub head: String,
    /// All fields in file order, a person's own included.
    pub fields: Vec<Field>,
    /// The lines on which new text is offered beside an edited one.
    pub offers: Vec<usize>,
    /// All lines of the task, notes included.
    pub lines: Range<usize>,
    /// The lines up to the mark; one, unless a formatter wrapped them.
    pub head_lines: Range<usize>,
    /// The byte in the file that holds the tick.
    pub tick: usize,
    /// The bytes in the file that hold the mark; none when the task has none.
    pub mark: Option<Range<usize>>,
    /// The nearest heading above, as an index into [`Document::headings`].
    pub heading: Option<usize>,
    /// Whether the ledger lists the key as retired.
    pub retired: bool,
}

/// Which lines of an untouched task are generated; everything else below it is a person's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// Indices into [`Task::fields`], ascending.
    pub fields: Vec<usize>,
    /// Whether the lines that continue a field belong to it.
    pub wrapped: bool,
}

impl Generated {
    /// The lines of a field that are generated.
    pub fn lines(&self, field: &Field) -> Range<usize> {
        let most = if self.wrapped { field.lines.end } else { field.lines.start + 1 };
        field.lines.start..most
    }
}

/// How many of a person's own fields beside generated ones are looked for one by one.
const MOST_OWN_FIELDS: usize = 12;

impl Task {
    /// The text of a field, or of a part of a field line such as `**Wave**: 2` in `**After**: A · **Wave**: 2`.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find_map(|field| {
            if !field.text.contains('·') {
                return (field.name == name).then_some(field.text.as_str());
            }
            let mut parts = field.text.split(" · ");
            let first = parts.next().unwrap_or("");
            if field.name == name {
                return Some(if parts.clone().any(|p| named(p).is_some()) { first } else { field.text.as_str() });
            }
            parts.find_map(|p| named(p).filter(|(n, _)| *n == name).map(|(_, text)| text))
        })
    }

    /// The mark as it stands in the file.
    pub fn marked(&self) -> Mark {
        Mark { key: self.key.clone(), digest: self.digest.clone(), facts: self.facts.clone() }
    }

    /// The group of the id: `ARCH-ITEM-2` for `ARCH-ITEM-2.1`, `QA` for `QA-3`.
    pub fn group(&self) -> &str {
        let end = self.id.rfind('.').or_else(|| self.id.rfind('-')).unwrap_or(self.id.len());
        self.id.get(..end).unwrap_or("")
    }
}

/// The name and the text of `**Name**: text`; also `__Name__:` and `**Name:**`.
pub fn named(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let glyphs = ["**", "__"].into_iter().find(|g| text.starts_with(g))?;
    let (name, rest) = text.get(2..)?.split_once(glyphs)?;
    match name.strip_suffix(':') {
        Some(name) => Some((name.trim(), rest.trim())),
        None => rest.strip_prefix(':').map(|rest| (name.trim(), rest.trim())),
    }
    .filter(|(name, _)| !name.is_empty())
}

/// Whether a word has the form of an id: `TASK-4.3`, `QA-1`, `ARCH-PLAN-2.1`.
pub fn is_id(word: &str) -> bool {
    let Some((family, number)) = word.rsplit_once('-') else {
        return false;
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    family.starts_with(|c: char| c.is_ascii_uppercase())
        && family.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        && number.split('.').count() <= 2
        && number.split('.').all(digits)
}

/// The digest of the generated text of a task: its head and its field lines.
pub fn digest<'a>(head: &str, fields: impl Iterator<Item = &'a str>) -> String {
    let mut form = Vec::new();
    normal::form(head, &mut form);
    for line in fields {
        form.push(b' ');
        normal::form(line, &mut form);
    }
    let mut digest = Fnv::default();
    digest.write(&form);
    digest.short()
}

impl Document {
    /// Which lines of the task are generated, when its generated text is as the tool wrote it; none when a person changed it.
    ///
    /// A person's own sub-bullet may look like a field, so the fields are also tried with some of them left out.
    pub fn generated(&self, task: &Task) -> Option<Generated> {
        let wanted = task.digest.as_deref()?;
        let wraps = task.fields.iter().any(|f| f.lines.len() > 1);
        [false, true].into_iter().take(if wraps { 2 } else { 1 }).find_map(|wrapped| {
            let forms = self.forms(task, wrapped);
            let fields = subset(&forms, &statuses(task), wanted)?;
            Some(Generated { fields, wrapped })
        })
    }

    /// The normal forms of the head and of each field.
    fn forms(&self, task: &Task, wrapped: bool) -> Vec<Vec<u8>> {
        let mut head = Vec::new();
        normal::form(&task.head, &mut head);
        let fields = task.fields.iter().map(|field| {
            let mut form = Vec::new();
            for line in field.lines.clone().take(if wrapped { usize::MAX } else { 1 }) {
                form.push(b' ');
                normal::form(self.line(line), &mut form);
            }
            form
        });
        std::iter::once(head).chain(fields).collect()
    }
}

fn statuses(task: &Task) -> Vec<usize> {
    task.fields.iter().enumerate().filter(|(_, f)| f.name == "Status").map(|(i, _)| i).collect()
}

/// The fields whose digest, together with the head, is the wanted one.
fn subset(forms: &[Vec<u8>], statuses: &[usize], wanted: &str) -> Option<Vec<usize>> {
    let count = forms.len().saturating_sub(1);
    let without = |left_out: &[usize]| -> Option<Vec<usize>> {
        let mut digest = Fnv::default();
        for (index, form) in forms.iter().enumerate() {
            if index == 0 || !left_out.contains(&(index - 1)) {
                digest.write(form);
            }
        }
        (digest.short() == wanted).then(|| (0..count).filter(|i| !left_out.contains(i)).collect())
    };
    without(&[])
        .or_else(|| if statuses.is_empty() { None } else { without(statuses) })
        .or_else(|| {
            (0..count).rev().take(MOST_OWN_FIELDS).find_map(|start| without(&(start..count).collect::<Vec<_>>()))
        })
        .or_else(|| {
            let recent = || (0..count).rev().take(MOST_OWN_FIELDS);
            recent().find_map(|a| recent().filter(|b| *b <= a).find_map(|b| without(&[a, b])))
        })
}

/// The start of a task line: where its tick stands, and the text after the box.
pub(super) struct Box<'a> {
    pub tick: usize,
    pub ticked: bool,
    pub rest: &'a str,
}

/// Reads `- [ ] text`, also with other bullets and with the brackets escaped.
pub(super) fn tick_box(line: &str) -> Option<Box<'_>> {
    let text = lines::bullet(line)?;
    let inner = text.strip_prefix("\\[").or_else(|| text.strip_prefix('['))?;
    let state = inner.chars().next().filter(|c| matches!(c, ' ' | 'x' | 'X'))?;
    let after = inner.get(1..)?;
    let rest = after.strip_prefix("\\]").or_else(|| after.strip_prefix(']'))?;
    rest.starts_with([' ', '\t']).then(|| Box {
        tick: line.trim_end().len() - inner.len(),
        ticked: state != ' ',
        rest: rest.trim(),
    })
}

/// The id and the title at the start of a head.
pub(super) fn id_and_title(head: &str) -> Option<(&str, &str)> {
    let text = head.trim_start_matches(['*', '_', ' ']);
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).unwrap_or(text.len());
    let id = text.get(..end)?.trim_end_matches('.');
    if !is_id(id) {
        return None;
    }
    let rest = text.get(end..)?.trim_start();
    let bracket = rest.strip_prefix('[').or_else(|| rest.strip_prefix("\\["));
    let title = match bracket.and_then(|r| r.split_once(']')) {
        Some((title, _)) => title.trim_end_matches('\\'),
        None => rest.trim_start_matches(['*', '_', ':', ' ']).trim_end_matches(['*', '_', ':']),
    };
    Some((id, title.trim()))
}

/// The mark in a line, with its byte span in the line.
pub(super) fn mark_in(line: &str) -> Option<(Range<usize>, Mark)> {
    let (span, inside) = marker::comment(line, "ap:")?;
    Some((span, Mark::parse(inside)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_a_family_and_one_or_two_numbers() {
        assert!(["TASK-4.3", "QA-1", "ARCH-PLAN-2.10", "CODE-1.1"].into_iter().all(is_id));
        assert!(!["TASK", "task-1", "TASK-1.2.3", "TASK-", "TASK-a", "-1"].into_iter().any(is_id));
    }

    #[test]
    fn heads_and_fields_are_read_in_the_spellings_of_formatters() {
        assert_eq!(id_and_title("**ARCH-ITEM-2.1 [orders]**:"), Some(("ARCH-ITEM-2.1", "orders")));
        assert_eq!(id_and_title("__ARCH-ITEM-2.1 \\[a b\\]__:"), Some(("ARCH-ITEM-2.1", "a b")));
        assert_eq!(id_and_title("**QA-1**: every *thing* is done"), Some(("QA-1", "every *thing* is done")));
        assert_eq!(id_and_title("call the auditor"), None);
        assert_eq!(named("__After__: A-1.1"), Some(("After", "A-1.1")));
        assert_eq!(named("**After:** A-1.1"), Some(("After", "A-1.1")));
        assert!(tick_box("* \\[x\\] **A-1**").is_some_and(|b| b.ticked && b.tick == 4));
        assert!(tick_box("-  [ ] a  ").is_some_and(|b| !b.ticked && b.tick == 4));
        assert!(tick_box("- [?] a").is_none() && tick_box("- [ ]a").is_none());
    }
}
