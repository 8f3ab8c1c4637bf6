//! Names that a person gives, where they are given and where they are used; ids of tasks likewise.

use std::ops::Range;

use crate::document::{Document, task};
use crate::text::{Span, slug};
use crate::yaml::{Data, Node};

/// What a name belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A part of the system.
    Domain,
    /// A table.
    Entity,
    /// Work that is no request.
    Workload,
    /// A system of others.
    Integration,
    /// Who calls the interface.
    Consumer,
    /// The id of a feature.
    Feature,
    /// What a domain publishes.
    Event,
    /// A field of the named entity.
    Field(String),
    /// The id of a task.
    Task,
}

impl Sort {
    /// The list of the requirements in which it is given, as paths begin.
    #[must_use]
    pub const fn list(&self) -> &'static str {
        match self {
            Self::Domain => "domains",
            Self::Entity => "entities",
            Self::Workload => "workloads",
            Self::Integration => "integrations",
            Self::Consumer => "api.consumers",
            Self::Feature => "features",
            Self::Event | Self::Field(_) | Self::Task => "",
        }
    }

    /// Whether its former name may be stated under `was`, so that tasks keep their ids.
    #[must_use]
    pub const fn keeps_was(&self) -> bool {
        matches!(self, Self::Domain | Self::Entity | Self::Workload | Self::Integration)
    }
}

/// A name at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// What it belongs to.
    pub sort: Sort,
    /// The name.
    pub name: String,
    /// The bytes of the name itself, without quotes.
    pub bytes: Range<usize>,
    /// Whether the name is given here.
    pub given: bool,
}

/// Every name of requirements, in file order.
#[must_use]
pub fn in_requirements(tree: &Node, text: &str) -> Vec<Occurrence> {
    let mut found = Names { text, out: Vec::new() };
    found.lists(tree);
    found.domains(tree);
    found.entities(tree);
    found.out.sort_by_key(|occurrence| occurrence.bytes.start);
    found.targets(tree);
    found.out
}

struct Names<'t> {
    text: &'t str,
    out: Vec<Occurrence>,
}

impl Names<'_> {
    fn lists(&mut self, tree: &Node) {
        for sort in [Sort::Domain, Sort::Entity, Sort::Workload, Sort::Integration, Sort::Consumer] {
            for item in list(tree, sort.list()) {
                self.add(item.get("name"), &sort, true);
            }
        }
        for item in list(tree, "features") {
            self.add(item.get("id"), &Sort::Feature, true);
        }
        for (key, sort) in [("features", Sort::Domain), ("workloads", Sort::Domain), ("entities", Sort::Domain)] {
            for item in list(tree, key) {
                self.add(item.get("domain"), &sort, false);
            }
        }
        for item in list(tree, "api.endpoints") {
            self.add(item.get("feature"), &Sort::Feature, false);
        }
    }

    fn domains(&mut self, tree: &Node) {
        for domain in list(tree, "domains") {
            for call in domain.get("calls").map_or(&[][..], Node::items) {
                self.add(call.get("to"), &Sort::Domain, false);
            }
            for (key, given) in [("publishes", true), ("consumes", false)] {
                for event in domain.get(key).map_or(&[][..], Node::items) {
                    self.add(Some(event), &Sort::Event, given);
                }
            }
        }
    }

    fn entities(&mut self, tree: &Node) {
        for entity in list(tree, "entities") {
            let own = Sort::Field(entity.get("name").and_then(Node::text).unwrap_or("").to_owned());
            for field in entity.get("fields").map_or(&[][..], Node::items) {
                self.add(field.get("name"), &own, true);
                self.add(field.get("ref"), &Sort::Entity, false);
            }
            for query in entity.get("queries").map_or(&[][..], Node::items) {
                for key in ["by", "order"] {
                    for column in query.get(key).map_or(&[][..], Node::items) {
                        self.add(Some(column), &own, false);
                    }
                }
            }
        }
    }

    /// What waivers are about: a name that is given somewhere.
    fn targets(&mut self, tree: &Node) {
        for waiver in list(tree, "waivers") {
            let target = waiver.get("target");
            let Some(name) = target.and_then(Node::text) else { continue };
            let given = self.out.iter().find(|other| other.given && other.name == name);
            if let Some(sort) = given.map(|other| other.sort.clone()) {
                self.add(target, &sort, false);
            }
        }
    }

    fn add(&mut self, node: Option<&Node>, sort: &Sort, given: bool) {
        let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else { return };
        let name = if matches!(sort, Sort::Field(_)) { text.strip_prefix('-').unwrap_or(text) } else { text };
        if let Some(bytes) = inside(self.text, node.span, name) {
            self.out.push(Occurrence { sort: sort.clone(), name: name.to_owned(), bytes, given });
        }
    }
}

/// The items of a list at a path.
fn list<'n>(tree: &'n Node, path: &str) -> &'n [Node] {
    tree.at(path).map_or(&[], Node::items)
}

/// The bytes of a name in a value that may stand in quotes; none where it is written with escapes.
fn inside(text: &str, span: Span, name: &str) -> Option<Range<usize>> {
    let at = span.start + text.get(span.start..span.end)?.find(name)?;
    (!name.is_empty()).then(|| at..at + name.len())
}

/// Every id that stands in a plan, the ledger at its end left out.
#[must_use]
pub fn in_plan(document: &Document) -> Vec<Occurrence> {
    let mut out = Vec::new();
    let mut ledger = false;
    for index in 0..document.lines.len() {
        let line = document.line(index);
        ledger = (ledger || line.starts_with("<!-- ap-ledger")) && !line.starts_with("-->");
        if ledger || line.starts_with("<!-- ap-retired:") || line.starts_with("<!-- ap-deleted:") {
            continue;
        }
        let start = document.lines.get(index).map_or(0, |line| line.start);
        let head = document.tasks.partition_point(|task| task.head_lines.end <= index);
        let head = document.tasks.get(head).filter(|task| task.head_lines.contains(&index));
        let mut given = head.map(|task| task.id.as_str());
        for bytes in ids(line) {
            let name = line.get(bytes.clone()).unwrap_or("");
            let own = given.take_if(|id| *id == name).is_some();
            let bytes = start + bytes.start..start + bytes.end;
            out.push(Occurrence { sort: Sort::Task, name: name.to_owned(), bytes, given: own });
        }
    }
    out
}

/// The places of whole ids in a line.
pub fn ids(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + line.get(at..)?.find(|c: char| c.is_ascii_uppercase())?;
            let rest = line.get(start..)?;
            let length = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
            let word = rest.get(..length)?.trim_end_matches(['.', '-']);
            at = start + length.max(1);
            let before = line.get(..start)?.chars().next_back();
            if !before.is_some_and(|c| part(c) || c == '_') && task::is_id(word) {
                return Some(start..start + word.len());
            }
        }
    })
}

/// The tasks of a plan that are about a named thing: their keys end with its name.
pub fn tasks_of<'d>(document: &'d Document, name: &str) -> impl Iterator<Item = &'d crate::document::Task> {
    let end = format!(".{}", slug(name));
    document.tasks.iter().filter(move |task| !task.retired && task.key.ends_with(&end))
}

/// The path of requirements that stands at a byte of a line: in back-ticks, or before the `=` of a mark.
#[must_use]
pub fn path_in(line: &str, at: usize) -> Option<(Range<usize>, &str)> {
    let part = |c: char| c.is_alphanumeric() || "_-.[]/&'+#".contains(c);
    let start =
        line.get(..at)?.char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(at, |(start, _)| start);
    let rest = line.get(start..)?;
    let word = rest.get(..rest.find(|c: char| !part(c)).unwrap_or(rest.len()))?;
    let before = line.get(..start)?.chars().next_back();
    let after = rest.get(word.len()..)?.chars().next();
    let quoted = before == Some('`') && after == Some('`');
    let marked = before == Some(' ') && after == Some('=') && line.contains("<!-- ap:");
    (!word.is_empty() && (quoted || marked)).then(|| (start..start + word.len(), word))
}

/// The key whose own text holds a byte, or whose value does, with its path; none outside of all keys.
#[must_use]
pub fn key_at(tree: &Node, at: usize) -> Option<(String, Span)> {
    let mut path = String::new();
    let mut found = None;
    let mut node = tree;
    loop {
        let next = match &node.data {
            Data::Map(entries) => {
                let holds = |entry: &&crate::yaml::Entry| {
                    entry.key_span.start <= at && at <= entry.value.span.end.max(entry.key_span.end)
                };
                entries.iter().rfind(holds).map(|entry| {
                    let dot = if path.is_empty() { "" } else { "." };
                    let span = Span { end: entry.key_span.end, ..entry.key_span };
                    found = Some((format!("{path}{dot}{}", entry.key), span));
                    (format!("{dot}{}", entry.key), &entry.value)
                })
            }
            Data::List(items) => {
                let holds = |(_, item): &(usize, &Node)| item.span.start <= at && at <= item.span.end;
                items.iter().enumerate().find(holds).map(|(index, item)| (format!("[{}]", item.label(index)), item))
            }
            _ => None,
        };
        match next {
            Some((step, child)) => {
                path.push_str(&step);
                node = child;
            }
            None => return found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_ids_are_found_and_parts_of_words_are_not() {
        let found = |line: &str| -> Vec<String> { ids(line).map(|at| line.get(at).unwrap().to_owned()).collect() };
        assert_eq!(found("**After**: TASK-4.1, QA-2. See ARCH-PLAN-1.2."), ["TASK-4.1", "QA-2", "ARCH-PLAN-1.2"]);
        assert_eq!(found("xTASK-4.1 TASK-4.1.2 TASK- a_TASK-1"), Vec::<String>::new());
    }

    #[test]
    fn paths_are_known_in_text_and_in_marks() {
        let line = "- x <!-- ap: item.orders 0f7f4e domains[orders].peak=4/s --> because `traffic.peak` = 2";
        let at = |word: &str| line.find(word).unwrap() + 2;
        assert_eq!(path_in(line, at("traffic.peak")).unwrap().1, "traffic.peak");
        assert_eq!(path_in(line, at("domains[")).unwrap().1, "domains[orders].peak");
        assert!(path_in(line, at("because")).is_none());
    }

    #[test]
    fn names_are_found_where_they_are_given_and_used() {
        let text = "domains:\n  - {name: 'a b', publishes: [E], calls: [{to: c}]}\n  - {name: c, consumes: [E]}\nwaivers:\n  - {rule: x, target: c}\n";
        let tree = crate::yaml::parse(text).root.unwrap();
        let all = in_requirements(&tree, text);
        let show: Vec<String> = all
            .iter()
            .map(|found| format!("{}{}", text.get(found.bytes.clone()).unwrap(), if found.given { "!" } else { "" }))
            .collect();
        assert_eq!(show, ["a b!", "E!", "c", "c!", "E", "c"]);
    }
}
