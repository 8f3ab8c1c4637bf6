//! Tables of a block, read with the Markdown parser.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A table: the words of its head, and its rows as Markdown of each cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The words of the head.
    pub head: Vec<String>,
    /// Rows of cells, each the Markdown that stands in it.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The cell below a heading.
    pub fn cell<'a>(&self, row: &'a [String], head: &str) -> &'a str {
        let at = self.head.iter().position(|h| h == head);
        at.and_then(|at| row.get(at)).map_or("", String::as_str)
    }
}

/// The tables in a text, in order.
pub fn tables(text: &str) -> Vec<Table> {
    let mut out: Vec<Table> = Vec::new();
    let mut in_head = false;
    for (event, span) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Table(_)) => out.push(Table::default()),
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            Event::Start(Tag::TableRow) => {
                if let Some(table) = out.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            Event::Start(Tag::TableCell) => {
                let cell = text.get(span).unwrap_or("").trim_matches('|').trim().to_owned();
                match out.last_mut() {
                    Some(table) if in_head => table.head.push(super::inline::plain(&cell)),
                    Some(table) => {
                        if let Some(row) = table.rows.last_mut() {
                            row.push(cell);
                        }
                    }
                    None => {}
                }
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::tables;

    #[test]
    fn cells_keep_their_markdown_and_escaped_pipes() {
        let found = tables("x\n\n| Topic | Choice |\n|---|---|\n| A | `b` \\| **c** |\n| D |  |\n");
        assert_eq!(found.len(), 1);
        let table = &found[0];
        assert_eq!(table.head, ["Topic", "Choice"]);
        assert_eq!(table.cell(&table.rows[0], "Choice"), "`b` \\| **c**");
        assert_eq!(table.cell(&table.rows[1], "Topic"), "D");
        assert_eq!(table.cell(&table.rows[1], "None"), "");
    }
}
