//! One row a task, after RFC 4180. A cell that a spreadsheet would run as a formula begins with an apostrophe.

use super::data::{TaskView, data};
use crate::document::Document;

const HEAD: [&str; 12] =
    ["id", "title", "state", "section", "phase", "wave", "stage", "after", "done_when", "why", "notes", "key"];

/// The table with its head; lines end with CR LF.
pub fn table(document: &Document) -> String {
    let mut out = line(HEAD.iter().map(|name| (*name).to_owned()));
    for task in data(document).tasks {
        out.push_str(&line(cells(&task).into_iter()));
    }
    out
}

fn cells(task: &TaskView) -> [String; 12] {
    let field = |name: &str| {
        let found = task.fields.iter().find(|field| field.name == name);
        found.map_or_else(String::new, |field| field.text.clone())
    };
    let number = |number: Option<u32>| number.map_or_else(String::new, |n| n.to_string());
    [
        task.id.clone(),
        task.title.clone(),
        task.state.word().to_owned(),
        task.section.clone(),
        task.phase.clone().unwrap_or_default(),
        number(task.wave),
        number(task.stage),
        task.after.join(" "),
        field("Done when"),
        field("Why"),
        task.notes.join("\n"),
        task.key.clone().unwrap_or_default(),
    ]
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    format!("{}\r\n", cells.join(","))
}

fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[test]
    fn cells_are_quoted_and_never_run() {
        let text = "## Tasks\n- [x] **TASK-1.1 [=1+1, \"q\"]**: <!-- ap: a -->\n  - **After**: TASK-1.2 · **Wave**: 2 · **Phase**: Core\n  - a note\n";
        let table = table(&read(text));
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows[1], "TASK-1.1,\"'=1+1, \"\"q\"\"\",done,Tasks,Core,2,,TASK-1.2,,,a note,a");
    }
}
