//! The predicates in `Done when`: what can be checked about a task without believing its tick.
//!
//! Parts are separated by `;`. Understood: ``file `PATH` exists``, ``file `PATH` contains `TEXT` ``, ``block `KEY` exists``,
//! `` `COMMAND` exits N``, `` `COMMAND` prints `TEXT` ``. Everything else is kept and not checkable.

use super::{Document, status};
use schemars::JsonSchema;
use serde::Serialize;

/// One part of a `Done when`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Predicate {
    /// A file is there, and holds a text when one is named.
    File {
        /// The path, relative to the root of the repository.
        path: String,
        /// The text it must hold.
        contains: Option<String>,
    },
    /// A generated block stands in this plan.
    Block {
        /// The key of the block.
        key: String,
    },
    /// A command ends with a status, and prints a text when one is named.
    Command {
        /// The command line, for a shell.
        line: String,
        /// The exit status.
        exits: i32,
        /// The text that its output must hold.
        prints: Option<String>,
    },
    /// Words for people.
    Words,
}

/// A predicate of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// The id of the task.
    pub id: String,
    /// Whether the task is ticked.
    pub ticked: bool,
    /// The words of the plan.
    pub text: String,
    /// What they mean.
    pub predicate: Predicate,
}

/// All predicates of a plan in file order; those of one task when an id is given.
pub fn checks(document: &Document, id: Option<&str>) -> Vec<Check> {
    let mut checks = Vec::new();
    for task in status::counted(document).filter(|t| id.is_none_or(|id| t.id == id)) {
        for text in task.field("Done when").into_iter().flat_map(parts) {
            let text = text.to_owned();
            checks.push(Check { id: task.id.clone(), ticked: task.ticked, predicate: predicate(&text), text });
        }
    }
    checks
}

/// The parts of a `Done when`, cut at `;` outside of code spans.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    let cut = text.split(move |c| {
        in_code ^= c == '`';
        c == ';' && !in_code
    });
    cut.map(|part| part.trim().trim_end_matches('.')).filter(|part| !part.is_empty())
}

/// What one part means.
pub fn predicate(text: &str) -> Predicate {
    let pieces: Vec<&str> = text.split('`').map(str::trim).collect();
    let same = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
    let is = |text: &str, word: &str| match text.split_once(' ') {
        Some((article, text)) => same(article, "the") && same(text, word),
        None => same(text, word),
    };
    match pieces.as_slice() {
        [before, path, after] if is(before, "file") && matches!(*after, "exists" | "is there") => {
            Predicate::File { path: (*path).to_owned(), contains: None }
        }
        [before, path, "contains", wanted, ""] if is(before, "file") => {
            Predicate::File { path: (*path).to_owned(), contains: Some((*wanted).to_owned()) }
        }
        [before, key, after] if is(before, "block") && matches!(*after, "exists" | "is there") => {
            Predicate::Block { key: (*key).to_owned() }
        }
        ["", line, "prints", wanted, ""] => {
            Predicate::Command { line: (*line).to_owned(), exits: 0, prints: Some((*wanted).to_owned()) }
        }
        ["", line, after] => match after.strip_prefix("exits").and_then(|n| n.trim().parse().ok()) {
            Some(exits) => Predicate::Command { line: (*line).to_owned(), exits, prints: None },
            None => Predicate::Words,
        },
        _ => Predicate::Words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_are_read_and_the_rest_is_kept() {
        let found: Vec<Predicate> =
            parts("file `migrations/3.sql` exists; `make a; make b` exits 0; `x --version` prints `1.2`; block `cost` exists; all agree.")
                .map(predicate)
                .collect();
        let command = |line: &str, prints: Option<&str>| Predicate::Command {
            line: line.into(),
            exits: 0,
            prints: prints.map(Into::into),
        };
        assert_eq!(
            found,
            [
                Predicate::File { path: "migrations/3.sql".into(), contains: None },
                command("make a; make b", None),
                command("x --version", Some("1.2")),
                Predicate::Block { key: "cost".into() },
                Predicate::Words
            ]
        );
    }
}
