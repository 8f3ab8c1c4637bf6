//! Suspect ticks: a ticked task whose facts changed keeps its tick and says for which values it was done, until it is accepted.

use crate::document::marker::{self, Fact};
use crate::document::{Document, Field, Task, normal};

/// The word in an `ap-done` comment for a task that was retired and is back.
const RETIRED: &str = "retired";

/// For which values a suspect task was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Whether the task was retired since.
    pub retired: bool,
    /// Paths with the value at the time; an empty value means that the fact was not stated.
    pub facts: Vec<Fact>,
}

impl Done {
    /// Whether there is nothing to suspect.
    pub fn is_empty(&self) -> bool {
        !self.retired && self.facts.is_empty()
    }

    /// The text of the status field without its comment.
    pub fn text(&self, now: &[Fact]) -> String {
        let mut parts = Vec::new();
        if self.retired {
            parts.push("was retired and is back".to_owned());
        }
        for (path, then) in &self.facts {
            let value = now.iter().find(|(p, _)| p == path).map_or("", |(_, v)| v.as_str());
            parts.push(match (then.is_empty(), value.is_empty()) {
                (false, false) => format!("done for {path} = {then}, now {value}"),
                (false, true) => format!("done for {path} = {then}, now not stated"),
                _ => format!("done without {path}, now {value}"),
            });
        }
        format!("suspect — {}", parts.join("; "))
    }

    /// The whole line, without indentation and bullet.
    pub fn line(&self, now: &[Fact]) -> String {
        let mut words = String::new();
        if self.retired {
            words.push_str(&format!(" {RETIRED}"));
        }
        for fact in &self.facts {
            words.push_str(&format!(" {}", marker::print_fact(fact)));
        }
        format!("**Status**: {} <!-- ap-done:{words} -->", self.text(now))
    }

    /// Reads the inside of an `ap-done` comment.
    fn parse(inside: &str) -> Self {
        let mut facts = marker::facts(inside.split_whitespace());
        let before = facts.len();
        facts.retain(|(path, value)| !(path == RETIRED && value.is_empty()));
        Self { retired: facts.len() < before, facts }
    }
}

/// The status field that the tool wrote on a suspect task, as long as a person did not change its words.
pub fn status<'a>(document: &Document, task: &'a Task) -> Option<(&'a Field, Done)> {
    task.fields.iter().filter(|f| f.name == "Status").find_map(|field| {
        let (span, inside) = marker::comment(&field.text, "ap-done:")?;
        let done = Done::parse(inside);
        let words = field.text.get(..span.start)?;
        let same = form(words) == form(&done.text(&task.facts))
            || document.line(field.lines.start).contains(&done.line(&task.facts));
        same.then_some((field, done))
    })
}

fn form(text: &str) -> Vec<u8> {
    let mut form = Vec::new();
    normal::form(text, &mut form);
    form
}

/// What is to be suspected of a ticked task, whose facts were `task.facts` and are `now`. A fact that only came or went counts when the
/// text changed with it (`rewritten`).
pub fn suspicion(task: &Task, before: Option<&Done>, now: &[Fact], rewritten: bool, returning: bool) -> Done {
    let value = |facts: &[Fact], path: &str| facts.iter().find(|(p, _)| p == path).map(|(_, v)| v.clone());
    let known = before.map_or(&[][..], |d| d.facts.as_slice());
    let mut paths: Vec<&String> = task.facts.iter().chain(now).chain(known).map(|(path, _)| path).collect();
    paths.sort();
    paths.dedup();
    let mut facts = Vec::new();
    for path in paths {
        let noted = value(known, path);
        let then = noted.clone().or_else(|| value(&task.facts, path));
        let current = value(now, path);
        let counts = noted.is_some() || rewritten || (then.is_some() && current.is_some());
        if counts && then.clone().unwrap_or_default() != current.unwrap_or_default() {
            facts.push((path.clone(), then.unwrap_or_default()));
        }
    }
    Done { retired: returning || before.is_some_and(|d| d.retired), facts }
}
