//! Family D: the plan against what `archplan new` would make of the requirements now.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::Config;
use super::context::Context;
use super::places::Places;
use super::tree::Tree;
use crate::catalogue::{Catalogue, TaskEntry};
use crate::document::{self, Document, Task};
use crate::facts::condition::Leaf;
use crate::merge::{self, Merged};
use crate::plan::{self, Plan, Written};
use crate::render::{self, CodeForm, Depth, Page, fresh};
use crate::requirements::{Reading, Requirements};
use crate::text::Span;

/// What rules of family D are given.
pub struct Drift<'a> {
    /// The plan as it should be.
    pub plan: Plan,
    /// The plan file, and what `new` would make of it.
    pub compared: Compared<'a>,
    /// Where the requirements state what.
    pub places: &'a Places<'a>,
}

/// A plan file beside the plan that the requirements ask for.
pub struct Compared<'a> {
    /// The file.
    pub cx: &'a Context<'a>,
    /// The plan that `new` would write into an empty folder, with the ids of the file.
    pub fresh: Document,
    /// What `new` would do to the file.
    pub merged: Merged,
    updated: OnceCell<Document>,
}

/// What rules that compare with the repository are given.
pub struct Beside<'a> {
    /// The plan file.
    pub cx: &'a Context<'a>,
    /// The repository.
    pub tree: &'a Tree,
    /// What the requirements decide, where they are known.
    pub decided: Option<(&'a Drift<'a>, &'a Catalogue)>,
}

impl Beside<'_> {
    /// The row of the decisions that begins with a topic, else the first line of the plan.
    #[must_use]
    pub fn row(&self, topic: &str) -> Span {
        let start = format!("| {topic} |");
        let lines = 0..self.cx.document.lines.len();
        let row = lines.into_iter().find(|line| self.cx.document.line(*line).starts_with(&start));
        self.cx.line(row.unwrap_or(0))
    }
}

/// A value that the file was made for and the requirements no longer hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The fact.
    pub path: String,
    /// Its value in the file.
    pub old: String,
    /// Its value now.
    pub new: String,
}

impl<'a> Drift<'a> {
    /// Builds the plan as it should be and compares the file with it; none when the plan cannot be printed. Unless re-runs are wanted, what
    /// only they show is taken to be what the file says: it follows from the same facts as everything else.
    #[must_use]
    pub fn new(
        catalogue: &Catalogue,
        requirements: &Requirements,
        reading: &Reading,
        places: &'a Places<'a>,
        cx: &'a Context<'a>,
    ) -> Option<Self> {
        let name = super::name(reading);
        let document = cx.document;
        let settles: Vec<&str> = settling(catalogue).collect();
        let has = |keys: &[&str]| document.tasks.iter().any(|task| !task.retired && keys.contains(&task.key.as_str()));
        let (fragile, open) = (has(&settles), has(&asking(catalogue)));
        let extent = render::extent(depth(document), catalogue);
        let options = plan::Options { fragile, open, extent, ..options(document, cx.config) };
        let (plan, ids) = fresh::build(catalogue, requirements, reading, name, document, &options);
        let base = named(document).unwrap_or_else(|| name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned());
        let page = Page { plan: &plan, catalogue, requirements, file: &base, depth: depth(document) };
        let fresh = document::read(&fresh::sealed(&page, CodeForm::Diff, &ids).ok()?);
        let mut merged = merge::update_read(document, &fresh, &merge::Options::default());
        if !options.re_runs {
            let ours = |name: &str| {
                render::OF_RE_RUNS.contains(&name)
                    || plan.tasks.iter().any(|task| task.id == name && settles.contains(&task.key.as_str()))
            };
            merged.refreshed.retain(|name| !ours(name));
            merged.conflicts.retain(|conflict| !ours(&conflict.id));
        }
        Some(Self { plan, compared: Compared { cx, fresh, merged, updated: OnceCell::new() }, places })
    }

    /// The nearest stated place behind a fact: its own, or that of what it is computed from.
    #[must_use]
    pub fn stated_behind(&self, path: &str) -> Option<(String, Span)> {
        let chain = self.plan.values.chain(path);
        chain.into_iter().find_map(|(_, path)| self.places.of(&path).map(|span| (path, span)))
    }

    /// Values that are stated now and that the plan's trace does not know.
    #[must_use]
    pub fn stated_since(&self) -> Vec<(String, Span)> {
        let traced = |path: &str| self.compared.cx.document.text.contains(&format!("| `{path}` |"));
        let new = self.places.stated().filter(|(path, _)| !path.contains('[') && !traced(path));
        new.map(|(path, span)| (path.to_owned(), span)).collect()
    }
}

impl Compared<'_> {
    /// The file after the update.
    #[must_use]
    pub fn updated(&self) -> &Document {
        self.updated.get_or_init(|| document::read(&self.merged.text))
    }

    /// The values for which a task was written and those of now, where they differ.
    #[must_use]
    pub fn changes(&self, old: &Task) -> Vec<Change> {
        let Some(new) = self.fresh.tasks.iter().find(|task| task.key == old.key) else { return Vec::new() };
        let mut out = Vec::new();
        let before = stated_in(old);
        for (path, value) in stated_in(new) {
            if let Some(old) = before.get(&path).filter(|old| **old != value) {
                out.push(Change { path, old: old.clone(), new: value });
            }
        }
        out
    }
}

/// The facts that a task names: those of its mark, and those of its `Why`.
fn stated_in(task: &Task) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = task.facts.iter().cloned().collect();
    for part in task.field("Why").unwrap_or("").split(", `") {
        if let Some((path, value)) = part.trim_start_matches('`').split_once("` = ") {
            out.entry(path.to_owned()).or_insert_with(|| value.trim().to_owned());
        }
    }
    out
}

/// Keys of the tasks that are there because decisions are fragile, which only re-runs show.
fn settling(catalogue: &Catalogue) -> impl Iterator<Item = &str> {
    let fragile = |entry: &&TaskEntry| entry.facts.iter().any(|path| path == "decision.fragile");
    catalogue.tasks.iter().filter(fragile).map(|entry| entry.key.as_str())
}

/// Keys of the tasks that are there because something is open, some of which only re-runs show.
fn asking(catalogue: &Catalogue) -> Vec<&str> {
    let asks =
        |entry: &&TaskEntry| entry.when.leaves().into_iter().flat_map(Leaf::paths).any(|path| path == plan::OPEN);
    catalogue.tasks.iter().filter(asks).map(|entry| entry.key.as_str()).collect()
}

/// What is built to compare with a file: figures without box-drawing characters when none stands in any of its text blocks, and the code
/// that its depth prints.
#[must_use]
pub fn options(document: &Document, config: &Config) -> plan::Options {
    let written = match depth(document) {
        Depth::Brief => Written::None,
        Depth::Standard => Written::Core,
        Depth::Full => Written::All,
    };
    plan::Options {
        width: config.width.unwrap_or(100),
        ascii: document.text.contains("```text") && !document.text.contains('─'),
        re_runs: config.re_runs,
        written,
        ..plan::Options::default()
    }
}

/// The line in which a plan says what it was made from and how much of it was printed.
fn made_from(document: &Document) -> Option<&str> {
    let block = document.blocks.iter().find(|block| block.key == "summary")?;
    block.body.clone().map(|line| document.line(line)).find(|line| line.starts_with("Made from `"))
}

/// The name of the requirements file that a plan names.
#[must_use]
pub fn named(document: &Document) -> Option<String> {
    named_by(made_from(document)?)
}

/// The same of a text that was not read yet: of its first line that says it.
#[must_use]
pub fn named_in(text: &str) -> Option<String> {
    text.lines().find_map(named_by)
}

fn named_by(line: &str) -> Option<String> {
    line.strip_prefix("Made from `")?.split('`').next().map(str::to_owned)
}

/// Whether a plan was printed in part only, so that it may name tasks that are not in it.
#[must_use]
pub fn is_brief(document: &Document) -> bool {
    made_from(document).is_some_and(|line| line.contains("depth brief"))
}

/// How much of a plan was printed.
#[must_use]
pub fn depth(document: &Document) -> Depth {
    let line = made_from(document).unwrap_or("");
    if line.contains("depth brief") {
        Depth::Brief
    } else if line.contains("depth full") {
        Depth::Full
    } else {
        Depth::Standard
    }
}
