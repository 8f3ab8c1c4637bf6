//! From a use to where it is given and back, within a file and between requirements and plan.

use std::ops::Range;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::files::{File, System};
use super::names::{self, Occurrence, Sort};
use super::{Answer, Server};
use crate::document::Document;
use crate::lint::kind::Kind;
use crate::requirements::Reading;
use crate::text::slug;
use crate::yaml::{Node, Stated};

/// A place in a file.
type Spot = (Rc<File>, Range<usize>);

/// What stands at a place.
pub(super) enum Thing {
    /// A name or an id.
    Named(Occurrence),
    /// A path of the requirements.
    Path(String, Range<usize>),
}

impl Server<'_> {
    /// Answers `textDocument/definition`.
    pub(super) fn definition(&mut self, params: &Json) -> Answer {
        let (file, at) = self.place(params)?;
        let system = self.system(&file);
        let spots = match thing_at(&file, at) {
            Some(Thing::Named(found)) if found.given && found.sort != Sort::Task => in_the_plan(&system, &found),
            Some(Thing::Named(found)) if found.sort == Sort::Task && found.given => given_of_task(&system, &found),
            Some(Thing::Named(found)) => occurrences(&system, &found)
                .into_iter()
                .filter(|(_, given, _)| *given)
                .map(|(file, _, bytes)| (file, bytes))
                .collect(),
            Some(Thing::Path(path, _)) if file.kind == Kind::Plan => stated(&system, &path).into_iter().collect(),
            Some(Thing::Path(path, _)) => traced(&system, &path),
            None => Vec::new(),
        };
        Ok(self.locations(&spots))
    }

    /// Answers `textDocument/references`.
    pub(super) fn references(&mut self, params: &Json) -> Answer {
        let (file, at) = self.place(params)?;
        let declared = params.pointer("/context/includeDeclaration").and_then(Json::as_bool).unwrap_or(true);
        let system = self.system(&file);
        let spots = match thing_at(&file, at) {
            Some(Thing::Named(found)) => {
                let all = occurrences(&system, &found).into_iter().filter(|(_, given, _)| declared || !given);
                let mut spots: Vec<Spot> = all.map(|(file, _, bytes)| (file, bytes)).collect();
                if found.sort != Sort::Task {
                    spots.extend(in_the_plan(&system, &found));
                }
                spots
            }
            Some(Thing::Path(path, _)) => {
                let own = stated(&system, &path).filter(|_| declared);
                own.into_iter().chain(mentions(&system, &path)).collect()
            }
            None => Vec::new(),
        };
        Ok(self.locations(&spots))
    }

    fn locations(&self, spots: &[Spot]) -> Json {
        let one = |(file, bytes): &Spot| json!({"uri": file.uri, "range": file.text.range(bytes.clone(), self.client.encoding)});
        spots.iter().map(one).collect()
    }
}

/// What stands at a byte of a file.
pub(super) fn thing_at(file: &File, at: usize) -> Option<Thing> {
    let all = in_file(file);
    if let Some(found) = all.into_iter().find(|found| found.bytes.start <= at && at <= found.bytes.end) {
        return Some(Thing::Named(found));
    }
    if file.kind == Kind::Requirements {
        let (path, key) = names::key_at(file.reading().tree.as_ref()?, at)?;
        return Some(Thing::Path(path, key.start..key.end));
    }
    let line = file.text.line(file.text.line_of(at));
    let text = file.text.as_str().get(line.clone())?;
    let (bytes, path) = names::path_in(text, at.checked_sub(line.start)?)?;
    Some(Thing::Path(path.to_owned(), line.start + bytes.start..line.start + bytes.end))
}

/// Every name or id of a file.
pub(super) fn in_file(file: &File) -> Vec<Occurrence> {
    match file.kind {
        Kind::Requirements => {
            let tree = file.reading().tree.as_ref();
            tree.map(|tree| names::in_requirements(tree, file.text.as_str())).unwrap_or_default()
        }
        Kind::Plan => names::in_plan(file.document()),
        Kind::Other => Vec::new(),
    }
}

/// Where a name stands in the files of a system, and whether it is given there.
pub(super) fn occurrences(system: &System, wanted: &Occurrence) -> Vec<(Rc<File>, bool, Range<usize>)> {
    let mut out = Vec::new();
    for file in system.files() {
        let same = |found: &Occurrence| found.sort == wanted.sort && found.name == wanted.name;
        let all = in_file(file).into_iter().filter(same);
        out.extend(all.map(|found| (Rc::clone(file), found.given, found.bytes)));
    }
    out
}

/// The tasks of the plan that are about a name.
fn in_the_plan(system: &System, found: &Occurrence) -> Vec<Spot> {
    let Some(plan) = &system.plan else { return Vec::new() };
    let document = plan.document();
    if found.sort == Sort::Feature {
        let row = format!("**{}**", found.name);
        let cell = format!("| {} |", found.name);
        let holds = |line: &usize| document.line(*line).contains(&row) || document.line(*line).starts_with(&cell);
        return (0..document.lines.len()).filter(holds).filter_map(|line| spot(plan, line)).collect();
    }
    names::tasks_of(document, &found.name).filter_map(|task| spot(plan, task.lines.start)).collect()
}

/// The thing of the requirements that a task is about, or the first value that it rests on.
fn given_of_task(system: &System, found: &Occurrence) -> Vec<Spot> {
    let (Some(plan), Some(requirements)) = (&system.plan, &system.requirements) else { return Vec::new() };
    let Some(task) = plan.document().task(&found.name) else { return Vec::new() };
    let given = in_file(requirements).into_iter().filter(|other| other.given && other.sort.keeps_was());
    let mut about = given.filter(|other| task.key.ends_with(&format!(".{}", slug(&other.name))));
    if let Some(name) = about.next() {
        return vec![(Rc::clone(requirements), name.bytes)];
    }
    task.facts.iter().find_map(|(path, _)| stated(system, path)).into_iter().collect()
}

/// Where the requirements state a path.
fn stated(system: &System, path: &str) -> Option<Spot> {
    let file = system.requirements.as_ref()?;
    let reading: &Reading = file.reading();
    if let Some(Stated { span, .. }) = reading.stated.iter().find(|leaf| *leaf.path == *path) {
        return Some((Rc::clone(file), span.start..span.end));
    }
    let tree: &Node = reading.tree.as_ref()?;
    let span = match path.rsplit_once('.') {
        _ if path.ends_with(']') => tree.at(path)?.get("name").or_else(|| tree.at(path))?.span,
        Some((section, key)) => tree.at(section)?.entry(key)?.key_span,
        None => tree.entry(path)?.key_span,
    };
    Some((Rc::clone(file), span.start..span.end))
}

/// Where the plan says what became of a stated value: its row of the trace, else the first task that rests on it.
fn traced(system: &System, path: &str) -> Vec<Spot> {
    let Some(plan) = &system.plan else { return Vec::new() };
    let document: &Document = plan.document();
    let row = format!("| `{path}` |");
    let line = (0..document.lines.len()).find(|line| document.line(*line).starts_with(&row));
    match line {
        Some(line) => spot(plan, line).into_iter().collect(),
        None => mentions(system, path).into_iter().take(1).collect(),
    }
}

/// Every line of the plan that names a path, in text or in a mark.
fn mentions(system: &System, path: &str) -> Vec<Spot> {
    let Some(plan) = &system.plan else { return Vec::new() };
    let text = plan.text.as_str();
    let mut out = Vec::new();
    for (at, _) in text.match_indices(path) {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + path.len()..).and_then(|text| text.chars().next());
        if matches!((before, after), (Some('`'), Some('`')) | (Some(' '), Some('='))) {
            out.push((Rc::clone(plan), at..at + path.len()));
        }
    }
    out
}

/// A line of a plan.
fn spot(plan: &Rc<File>, line: usize) -> Option<Spot> {
    let bytes = plan.document().lines.get(line)?;
    Some((Rc::clone(plan), bytes.start..bytes.end))
}
