//! An independent Markdown reader sees in every example plan the tasks and tables that the plan means.

use std::fs;

use pulldown_cmark::{Event, Options, Parser, Tag};

#[test]
fn tasks_are_task_items_and_tables_are_tables() {
    let mut read = 0;
    for entry in fs::read_dir("examples").unwrap() {
        let path = entry.unwrap().path().join("TODO_backend-architect.md");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        read += 1;
        let written = text.lines().filter(|line| line.starts_with("- [ ] **")).count();
        let heads = text.lines().filter(|line| line.starts_with("|---")).count();
        let events: Vec<Event> = Parser::new_ext(&text, Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES).collect();
        let tasks = events.iter().filter(|event| matches!(event, Event::TaskListMarker(_))).count();
        let tables = events.iter().filter(|event| matches!(event, Event::Start(Tag::Table(_)))).count();
        assert_eq!((tasks, tables), (written, heads), "{}", path.display());
    }
    assert!(read >= 8, "only {read} example plans were read");
}
