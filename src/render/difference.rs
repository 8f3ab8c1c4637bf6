//! Differences, flips and comparisons as text for a terminal and as Markdown for a pull request.

use crate::plan::difference::{Difference, Row, TaskRow};
use crate::text::markdown::{one_line, prose};

/// The form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For a terminal: aligned columns.
    Text,
    /// For a pull request: headings and tables.
    Markdown,
}

/// How many numbers and tasks of one kind are printed; the data form has all.
const MOST: usize = 30;

/// A titled table; nothing when it has no rows.
#[must_use]
pub fn table(form: Form, title: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    match form {
        Form::Markdown => {
            let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
            let body: String = rows.iter().map(|row| line(row.iter().map(|cell| prose(cell)).collect())).collect();
            let bars = vec!["---".to_string(); head.len()];
            let head = line(head.iter().map(ToString::to_string).collect());
            format!("### {title}\n\n{head}{}{body}\n", line(bars).replace(' ', ""))
        }
        Form::Text => {
            let cell = |row: &Vec<String>, at: usize| row.get(at).map(|cell| one_line(cell)).unwrap_or_default();
            let width = |at: usize| rows.iter().map(|row| cell(row, at).chars().count()).max().unwrap_or(0);
            let widths: Vec<usize> = (0..head.len().saturating_sub(1)).map(width).collect();
            let line = |row: &Vec<String>| {
                let cells = (0..head.len()).map(|at| {
                    let text = cell(row, at);
                    let fill = widths.get(at).map_or(0, |width| width - text.chars().count());
                    format!("{text}{}", " ".repeat(fill))
                });
                format!("  {}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
            };
            format!("{title}\n{}\n", rows.iter().map(line).collect::<String>())
        }
    }
}

/// A difference.
#[must_use]
pub fn difference(form: Form, difference: &Difference) -> String {
    if difference.is_empty() {
        return "Nothing differs.\n".to_string();
    }
    let plain = |rows: &[Row]| rows.iter().map(|row| cells(form, row)).collect::<Vec<_>>();
    let head = ["What", "Before", "After"];
    let mut out = table(form, "Stated", &head, &plain(&difference.stated));
    out.push_str(&table(form, "Decisions", &head, &plain(&difference.decisions)));
    let first = difference.numbers.iter().filter(|number| number.first);
    let numbers: Vec<Vec<String>> =
        first.map(|number| arrow(form, &number.path, &number.old_text, &number.new_text)).collect();
    out.push_str(&table(form, "Numbers", &head, &numbers));
    out.push_str(&table(form, "Cost of a month", &head, &plain(&difference.cost)));
    out.push_str(&tasks(form, &difference.tasks));
    out.push_str(&table(form, "Findings", &head, &plain(&difference.findings)));
    let hidden = difference.numbers.len() - numbers.len();
    if hidden > 0 {
        out.push_str(&format!("{hidden} more computed numbers differ: --format json lists them.\n"));
    }
    if out.is_empty() {
        "Nothing differs that people look at first: --format json lists the rest.\n".to_string()
    } else {
        out
    }
}

fn cells(form: Form, row: &Row) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "not there".to_string());
    arrow(form, &row.what, &text(&row.old), &text(&row.new))
}

/// In a terminal the two values of a row stand as `old -> new`.
fn arrow(form: Form, what: &str, old: &str, new: &str) -> Vec<String> {
    match form {
        Form::Markdown => vec![what.to_string(), old.to_string(), new.to_string()],
        Form::Text => vec![what.to_string(), old.to_string(), format!("-> {new}")],
    }
}

fn tasks(form: Form, tasks: &[TaskRow]) -> String {
    let mut out = String::new();
    for (change, title) in [("added", "Tasks added"), ("removed", "Tasks removed"), ("changed", "Tasks changed")] {
        let of: Vec<&TaskRow> = tasks.iter().filter(|task| task.change == change).collect();
        let rows: Vec<Vec<String>> = of
            .iter()
            .take(MOST)
            .map(|task| vec![task.id.clone(), task.title.clone(), task.fields.join(", ")])
            .collect();
        out.push_str(&table(form, &format!("{title} ({})", of.len()), &["Task", "Title", "Differs in"], &rows));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Form, table};

    #[test]
    fn cells_stay_cells_in_both_forms() {
        let rows = vec![vec!["a|b".to_string(), "1".to_string()], vec!["c".to_string(), "2\n3".to_string()]];
        assert_eq!(table(Form::Text, "T", &["x", "y"], &rows), "T\n  a|b  1\n  c    2 3\n\n");
        assert_eq!(
            table(Form::Markdown, "T", &["x", "y"], &rows),
            "### T\n\n| x | y |\n|---|---|\n| a\\|b | 1 |\n| c | 2 3 |\n\n"
        );
        assert_eq!(table(Form::Text, "T", &["x"], &[]), "");
    }
}
