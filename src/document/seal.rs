//! Sealing: a freshly rendered plan gets its digests and its ledger. Sealing twice changes nothing.

use super::ledger::heading_entry;
use super::marker::Mark;
use super::{Document, Kind, Ledger, normal, read, task};

/// Puts the digests into the marks of a rendered plan and its ledger at the end. See the room's documentation for what the renderer
/// has to write.
pub fn seal(unsealed: &str) -> String {
    let document = read(unsealed);
    let mut out = String::with_capacity(unsealed.len() + document.tasks.len() * 16);
    out.push_str(unsealed.get(..document.lines.first().map_or(0, |l| l.start)).unwrap_or(""));
    for part in &document.parts {
        let raw = document.raw(part.lines.clone());
        match part.kind {
            Kind::Task(index) => match document.tasks.get(index) {
                Some(task) => out.push_str(&sealed_task(&document, task, raw)),
                None => out.push_str(raw),
            },
            Kind::Block(index) => match document.blocks.get(index) {
                Some(block) => {
                    let body = document.raw(block.body.clone());
                    let mark = begin(&block.key, &block_digest(&document, block.body.clone()));
                    let end = document.raw(block.body.end..block.lines.end);
                    out.extend([mark.as_str(), "\n", body, end]);
                }
                None => out.push_str(raw),
            },
            Kind::Ledger => {}
            Kind::Offer(_) | Kind::Heading(_) | Kind::Other => out.push_str(raw),
        }
    }
    let kept = out.trim_end_matches(['\n', '\r', ' ']).len();
    out.truncate(kept);
    out.push_str("\n\n");
    out.push_str(&ledger(&document).print());
    out
}

/// The opening mark of a block.
pub fn begin(key: &str, digest: &str) -> String {
    format!("<!-- ap-begin: {key} {digest} -->")
}

/// The digest of lines of a block.
pub fn block_digest(document: &Document, body: std::ops::Range<usize>) -> String {
    normal::block(body.map(|i| document.line(i)))
}

fn sealed_task(document: &Document, task: &super::Task, raw: &str) -> String {
    let Some(mark) = task.mark.clone() else {
        return raw.to_owned();
    };
    let digest = task::digest(&task.head, task.fields.iter().map(|f| document.line(f.lines.start)));
    let sealed = Mark { digest: Some(digest), ..task.marked() }.print();
    let span = document.span(task.lines.clone());
    let text = |range: std::ops::Range<usize>| document.text.get(range).unwrap_or("");
    [text(span.start..mark.start), &sealed, text(mark.end..span.end)].concat()
}

/// The ledger of a fresh plan: what stands in it, and the successors it names.
fn ledger(document: &Document) -> Ledger {
    let mut ledger = document.ledger();
    for heading in &document.headings {
        ledger.headings.insert(heading_entry(heading.level, &heading.text));
    }
    ledger
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "# TODO: backend architecture of shop\n\n<!-- ap-begin: summary -->\nA shop.\n<!-- ap-end: summary -->\n\n## Architecture Items\n\n\
        - [ ] **ARCH-ITEM-2.1 [orders]**: <!-- ap: item.orders traffic.peak=240/s -->\n  - **Purpose**: settles orders\n  - **After**: ARCH-PLAN-2.1 · **Wave**: 2\n";

    #[test]
    fn a_sealed_plan_reads_back_as_untouched() {
        let sealed = seal(PLAN);
        let document = read(&sealed);
        let task = document.task("ARCH-ITEM-2.1").unwrap();
        assert_eq!((task.key.as_str(), task.title.as_str(), task.field("Wave")), ("item.orders", "orders", Some("2")));
        assert_eq!(task.field("After"), Some("ARCH-PLAN-2.1"));
        assert_eq!(document.generated(task).unwrap().fields, [0, 1]);
        let block = &document.blocks[0];
        assert_eq!(block.digest.as_deref(), Some(block_digest(&document, block.body.clone()).as_str()));
        assert!(sealed.ends_with(
            "<!-- ap-ledger\nARCH-ITEM-2.1 item.orders\nblock summary\nheading # TODO: backend architecture of shop\nheading ## Architecture Items\n-->\n"
        ));
    }

    #[test]
    fn sealing_twice_changes_nothing() {
        let sealed = seal(PLAN);
        assert_eq!(seal(&sealed), sealed);
    }

    #[test]
    fn formatters_do_not_look_like_edits() {
        let formatted = seal(PLAN)
            .replace("- [ ] **ARCH", "* [ ] __ARCH")
            .replace("[orders]**:", "\\[orders\\]__:\n  ")
            .replace("  - **Purpose**: settles", "\n  + __Purpose__:  settles\n    ");
        let document = read(&formatted);
        let task = document.task("item.orders").unwrap();
        assert!(document.generated(task).is_some_and(|g| g.wrapped), "{formatted}");
    }

    #[test]
    fn own_sub_bullets_are_not_edits_but_changed_fields_are() {
        let sealed = seal(PLAN);
        let with_own = sealed.replace("  - **After**", "  - **Owner**: Ann\n  - a note\n    more\n  - **After**") + "";
        let document = read(&with_own);
        let task = document.task("item.orders").unwrap();
        assert_eq!(document.generated(task).unwrap().fields, [0, 2]);
        let edited = read(&sealed.replace("settles", "accepts"));
        assert!(edited.generated(edited.task("item.orders").unwrap()).is_none());
    }

    #[test]
    fn a_task_whose_mark_was_removed_is_found_through_the_ledger() {
        let text = seal(PLAN);
        let start = text.find(" <!-- ap: ").unwrap();
        let end = start + text.get(start..).unwrap().find("-->").unwrap() + 3;
        let document = read(&[text.get(..start).unwrap(), text.get(end..).unwrap()].concat());
        assert_eq!(document.task("item.orders").map(|t| t.digest.clone()), Some(None));
    }

    #[test]
    fn fences_hide_tasks_and_open_ones_hide_nothing() {
        let line = "- [ ] **TASK-1.1 [a]**: <!-- ap: a -->\n";
        assert!(read(&format!("```\n{line}```\n")).tasks.is_empty());
        assert_eq!(read(&format!("```\n{line}")).tasks.len(), 1);
        assert_eq!(read(&format!("- x\n  ```\n  y\n{line}")).tasks.len(), 1);
    }
}
