//! One Markdown file a decision, in the form of MADR 4 (Markdown Architectural Decision Records). A file is named by what it decides, not
//! by a number: numbers would change when a topic is added.

use super::File;
use super::inline::plain;
use super::tables::{Table, tables};
use crate::document::{Block, Document};

/// What one record says.
struct Record {
    /// What is decided, such as `Primary database`.
    topic: String,
    /// The answer.
    choice: String,
    /// Why.
    reason: String,
    /// Alternatives, each with the reason against it.
    rejected: Vec<String>,
    /// More lines of Markdown.
    notes: Vec<String>,
}

/// The records of a plan: the base pattern first, then every topic that has a choice, in the order of the plan.
pub fn records(document: &Document) -> Vec<File> {
    let decided = document.blocks.iter().filter(|block| block.key.starts_with("decisions."));
    let mut records = Vec::new();
    for block in decided {
        records.extend(pattern(document, block));
        records.extend(tables(document.raw(block.body.clone())).iter().flat_map(topics));
    }
    let tradeoffs: Vec<Table> = document
        .blocks
        .iter()
        .filter(|block| block.key == "system.tradeoffs")
        .flat_map(|block| tables(document.raw(block.body.clone())))
        .collect();
    let title = super::title(document);
    let file = |record: &Record| File { name: file_name(&record.topic), text: text(record, &title, &tradeoffs) };
    records.iter().map(file).collect()
}

/// The record of the base pattern: the list below the figure of the decision tree.
fn pattern(document: &Document, block: &Block) -> Option<Record> {
    let lines: Vec<&str> = document.raw(block.body.clone()).lines().collect();
    let field = |name: &str| {
        let mark = format!("- **{name}**: ");
        lines.iter().filter_map(|line| line.strip_prefix(mark.as_str())).map(str::to_owned).collect::<Vec<_>>()
    };
    let answer = field("Answer").into_iter().next()?;
    let (head, reason) = answer.split_once(": ").unwrap_or((answer.as_str(), ""));
    let choice = head.rsplit(' ').next().unwrap_or(head).to_owned();
    Some(Record {
        topic: "Base pattern".to_owned(),
        choice,
        reason: reason.to_owned(),
        rejected: field("Runner-up"),
        notes: field("Flips").into_iter().map(|flip| format!("Changes when {flip}")).collect(),
    })
}

/// The records of a table of choices.
fn topics(table: &Table) -> Vec<Record> {
    let is_choice = ["Topic", "Choice", "Reason"].iter().all(|head| table.head.iter().any(|h| h == head));
    let rows = table.rows.iter().filter(|_| is_choice);
    let record = |row: &Vec<String>| Record {
        topic: plain(table.cell(row, "Topic")),
        choice: plain(table.cell(row, "Choice")),
        reason: table.cell(row, "Reason").to_owned(),
        rejected: table.cell(row, "Rejected").split("; ").filter(|r| !r.is_empty()).map(str::to_owned).collect(),
        notes: Vec::new(),
    };
    rows.map(record).filter(|record| !matches!(record.choice.as_str(), "" | "none")).collect()
}

fn text(record: &Record, title: &str, tradeoffs: &[Table]) -> String {
    let Record { topic, choice, reason, rejected, notes } = record;
    let mut out = format!("---\nstatus: accepted\n---\n\n# {topic}: {choice}\n\n## Context and Problem Statement\n\n");
    out.push_str(&format!("Which choice serves as {}? Part of \"{title}\".\n", lower_first(topic)));
    if !rejected.is_empty() {
        out.push_str(&format!("\n## Considered Options\n\n- {choice}\n"));
        out.extend(rejected.iter().map(|option| format!("- {option}\n")));
    }
    out.push_str(&format!("\n## Decision Outcome\n\nChosen option: \"{choice}\", because {reason}\n"));
    let row = tradeoffs.iter().find_map(|table| {
        let found =
            table.rows.iter().find(|row| plain(table.cell(row, "Decision")).eq_ignore_ascii_case(&spaced(choice)));
        found.map(|row| (table.cell(row, "Pros"), table.cell(row, "Cons")))
    });
    if let Some((pros, cons)) = row {
        out.push_str("\n### Consequences\n\n");
        for (word, text) in [("Good", pros), ("Bad", cons)] {
            out.extend(text.split("; ").filter(|t| !t.is_empty()).map(|t| format!("- {word}, because {t}\n")));
        }
    }
    if !notes.is_empty() {
        out.push_str("\n## More Information\n\n");
        out.extend(notes.iter().map(|note| format!("- {note}\n")));
    }
    out
}

/// `modular-monolith` as the trade-off table writes it.
fn spaced(choice: &str) -> String {
    if choice.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
        choice.replace('-', " ")
    } else {
        choice.to_owned()
    }
}

fn lower_first(topic: &str) -> String {
    let mut chars = topic.chars();
    let second = chars.clone().nth(1);
    match chars.next() {
        Some(first) if second.is_none_or(|c| !c.is_uppercase()) => first.to_lowercase().chain(chars).collect(),
        _ => topic.to_owned(),
    }
}

/// `Primary database` as `primary-database.md`.
fn file_name(topic: &str) -> String {
    let safe: String =
        topic.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = safe.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "decision.md".to_owned() } else { format!("{}.md", words.join("-")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[test]
    fn every_choice_becomes_a_record() {
        let text = "# TODO: backend architecture of Shop\n\n## Decisions\n\n<!-- ap-begin: decisions.pattern x -->\n- **Answer**: `few` answers modular-monolith: 2 teams\n\
            - **Flips**: `team.developers` from 9 to 10 gives microservices\n<!-- ap-end: decisions.pattern -->\n\n<!-- ap-begin: decisions.topics x -->\n\
            | Topic | Choice | Reason | Rejected |\n|---|---|---|---|\n| API style | REST | stated | grpc (no); sse (no) |\n| Cache | none | small |  |\n<!-- ap-end: decisions.topics -->\n\n\
            <!-- ap-begin: system.tradeoffs x -->\n| Decision | Pros | Cons |\n|---|---|---|\n| Modular monolith | one; two | three |\n<!-- ap-end: system.tradeoffs -->\n";
        let files = records(&read(text));
        let names: Vec<&str> = files.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["base-pattern.md", "api-style.md"]);
        for part in [
            "# Base pattern: modular-monolith",
            "because 2 teams",
            "- Good, because two",
            "- Bad, because three",
            "from 9 to 10",
        ] {
            assert!(files[0].text.contains(part), "{part} in\n{}", files[0].text);
        }
        assert!(files[1].text.contains("- grpc (no)\n- sse (no)\n") && files[1].text.contains("serves as API style?"));
    }
}
