//! One task with all that one needs to do it, cut to a length.

use super::next::{dependencies, ids_in};
use super::status::{self, State};
use super::{Document, Kind, Task, marker};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Bytes of English text that a language model counts as one token, roughly.
const BYTES_PER_TOKEN: usize = 4;

/// A part of the brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// Markdown.
    pub text: String,
}

/// One task, self-contained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Brief {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// How far it is.
    pub state: State,
    /// The most important part first.
    pub sections: Vec<Section>,
    /// Whether something was left out for length.
    pub cut: bool,
}

impl Brief {
    /// The brief as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {} {} ({})\n", self.id, self.title, self.state.word());
        for section in &self.sections {
            out.push_str(&format!("\n## {}\n\n{}", section.title, section.text));
        }
        out
    }
}

/// The brief of a task by id or key, of at most `max_tokens` tokens (roughly, four bytes each).
pub fn show(document: &Document, name: &str, max_tokens: Option<usize>) -> Option<Brief> {
    let upper = name.to_uppercase();
    let task = document.task(name).or_else(|| document.task(&upper))?;
    let sections = [
        ("Task", own_text(document, task)),
        ("Waits for", others(document, &upstream(task))),
        ("Numbers", facts(task)),
        ("Decisions", decisions(document, task)),
        ("Embedded code", code(document, task)),
        ("Waits for this", others(document, &downstream(document, task))),
    ];
    let sections = sections.into_iter().filter(|(_, text)| !text.is_empty());
    let mut brief = Brief {
        id: task.id.clone(),
        title: task.title.clone(),
        state: status::state(task),
        sections: sections.map(|(title, text)| Section { title: title.to_owned(), text }).collect(),
        cut: false,
    };
    if let Some(tokens) = max_tokens {
        shorten(&mut brief, tokens.saturating_mul(BYTES_PER_TOKEN));
    }
    Some(brief)
}

/// Leaves out what is too long, line by line from the end.
fn shorten(brief: &mut Brief, most: usize) {
    while brief.markdown().len() > most {
        let Some(last) = brief.sections.last_mut() else {
            return;
        };
        brief.cut = true;
        let over = last.text.trim_end().rsplit_once('\n').map(|(rest, _)| format!("{rest}\n"));
        match over {
            Some(rest) => last.text = rest,
            None => drop(brief.sections.pop()),
        }
    }
}

/// The lines of a task without the tool's comments.
fn own_text(document: &Document, task: &Task) -> String {
    let mut out = String::new();
    for line in task.lines.clone() {
        let mut text = document.line(line).to_owned();
        for name in ["ap:", "ap-done:", "ap-offer:"] {
            if let Some((span, _)) = marker::comment(&text, name) {
                text.replace_range(span, "");
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

fn upstream(task: &Task) -> BTreeSet<String> {
    let named = task.field("Dependencies").map(ids_in).unwrap_or_default();
    dependencies(task).into_iter().chain(named).collect()
}

fn downstream(document: &Document, task: &Task) -> BTreeSet<String> {
    let waits = |t: &&Task| dependencies(t).contains(&task.id);
    status::counted(document).filter(waits).map(|t| t.id.clone()).collect()
}

fn others(document: &Document, ids: &BTreeSet<String>) -> String {
    let line = |id: &String| match document.task(id) {
        Some(task) => format!("- {id} {}: {}\n", task.title, status::state(task).word()),
        None => format!("- {id}: not in this plan\n"),
    };
    ids.iter().map(line).collect()
}

fn facts(task: &Task) -> String {
    task.facts.iter().map(|(path, value)| format!("- `{path}` = {value}\n")).collect()
}

/// The lines below the decisions that name the task, a fact it rests on, or something its `Why` quotes.
fn decisions(document: &Document, task: &Task) -> String {
    let quoted = task.field("Why").unwrap_or("").split('`').skip(1).step_by(2).map(str::to_owned);
    let wanted: Vec<String> =
        quoted.chain(task.facts.iter().map(|(p, _)| p.clone())).chain([task.id.clone()]).collect();
    let decided = |heading: Option<usize>| {
        heading.and_then(|h| document.headings.get(h)).is_some_and(|h| h.text.contains("Decision"))
    };
    let blocks = document.blocks.iter().filter(|b| decided(b.heading));
    let lines = blocks.flat_map(|b| b.body.clone()).map(|line| document.line(line));
    lines.filter(|line| wanted.iter().any(|w| line.contains(w.as_str()))).map(|line| format!("{line}\n")).collect()
}

/// The blocks that follow the task, when it is one about code, and those that follow code tasks that name it.
fn code(document: &Document, task: &Task) -> String {
    let mut out = String::new();
    let mut wanted = false;
    for part in &document.parts {
        match part.kind {
            Kind::Task(index) => {
                let other = document.tasks.get(index).filter(|t| t.id.starts_with("CODE-"));
                wanted =
                    other.is_some_and(|t| t.id == task.id || ids_in(document.raw(t.lines.clone())).contains(&task.id));
            }
            Kind::Heading(_) => wanted = false,
            Kind::Block(index) if wanted => {
                if let Some(block) = document.blocks.get(index) {
                    out.push_str(document.raw(block.body.clone()));
                }
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    const TEXT: &str = "## Decisions\n\n<!-- ap-begin: d -->\n| Topic | Choice |\n| `data.consistency` | PostgreSQL |\n| `other` | x |\n<!-- ap-end: d -->\n\n\
        - [x] **ARCH-PLAN-2.1 [data]**: <!-- ap: p -->\n- [ ] **ARCH-ITEM-2.1 [orders]**: <!-- ap: o traffic.peak=240/s -->\n  - **Why**: `data.consistency` = strong\n  - **After**: ARCH-PLAN-2.1\n\
        - [ ] **CODE-1.1 [table]**: <!-- ap: c -->\n  - **After**: ARCH-ITEM-2.1\n\n<!-- ap-begin: c.diff -->\n```diff\n+x\n```\n<!-- ap-end: c.diff -->\n";

    #[test]
    fn a_brief_holds_all_that_the_task_needs() {
        let text = show(&read(TEXT), "arch-item-2.1", None).unwrap().markdown();
        for part in [
            "# ARCH-ITEM-2.1 orders (open)",
            "- ARCH-PLAN-2.1 data: done",
            "- `traffic.peak` = 240/s",
            "| PostgreSQL |",
            "+x",
            "- CODE-1.1 table: open",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(!text.contains("<!--") && !text.contains("`other`"));
    }

    #[test]
    fn a_brief_is_cut_from_its_end() {
        let brief = show(&read(TEXT), "ARCH-ITEM-2.1", Some(60)).unwrap();
        assert!(brief.cut && brief.markdown().len() <= 240 && brief.sections[0].title == "Task");
        assert!(show(&read(TEXT), "TASK-9.9", None).is_none());
    }
}
