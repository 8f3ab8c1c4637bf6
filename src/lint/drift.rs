//! Family D: the plan against what `archplan new` would make of the requirements now.

use std::collections::BTreeMap;

use super::Config;
use super::context::Context;
use super::places::Places;
use super::tree::Tree;
use crate::catalogue::Catalogue;
use crate::document::{self, Document, Task};
use crate::facts::given::given;
use crate::merge::{self, Merged};
use crate::plan::{self, Ids, Plan};
use crate::render::{self, Depth, Page};
use crate::requirements::{Reading, Requirements};
use crate::text::Span;

/// What rules of family D are given.
pub struct Drift<'a> {
    /// The plan as it should be.
    pub plan: Plan,
    /// The plan file, and what `new` would make of it; none without a plan.
    pub compared: Option<Compared<'a>>,
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
    /// The file after that.
    pub updated: Document,
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
    /// Builds the plan, and compares it with the file when there is one.
    #[must_use]
    pub fn new(
        catalogue: &Catalogue,
        requirements: &Requirements,
        reading: &Reading,
        places: &'a Places<'a>,
        cx: Option<&'a Context<'a>>,
        config: &Config,
    ) -> Self {
        let name = reading.sources.first().map_or("req.yaml", |source| source.name.as_str());
        let document = cx.map(|cx| cx.document);
        let mut ids = document.map(ids).unwrap_or_default();
        let options = options(document, config);
        let plan = plan::build(catalogue, requirements, given(reading), name, &mut ids, &options);
        let compared = cx.and_then(|cx| {
            let base = named(cx.document).unwrap_or_else(|| name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned());
            let page = Page { plan: &plan, catalogue, requirements, file: &base, depth: depth(cx.document) };
            let fresh = document::seal(&render::markdown(&page).ok()?);
            let merged = merge::update(&cx.document.text, &fresh, &merge::Options::default());
            let updated = document::read(&merged.text);
            Some(Compared { cx, fresh: document::read(&fresh), merged, updated })
        });
        Self { plan, compared, places }
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
        let Some(compared) = &self.compared else { return Vec::new() };
        let traced = |path: &str| compared.cx.document.text.contains(&format!("| `{path}` |"));
        let new = self.places.stated().filter(|(path, _)| !path.contains('[') && !traced(path));
        new.map(|(path, span)| (path.to_owned(), span)).collect()
    }
}

impl Compared<'_> {
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

/// Ids that a file has issued, retired ones included.
fn ids(document: &Document) -> Ids {
    document.ledger().ids
}

/// How a file's figures were drawn: without box-drawing characters when none stands in any of its text blocks.
#[must_use]
pub fn options(document: Option<&Document>, config: &Config) -> plan::Options {
    let ascii = document.is_some_and(|document| document.text.contains("```text") && !document.text.contains('─'));
    plan::Options { width: config.width.unwrap_or(100), ascii, re_runs: document.is_some(), ..plan::Options::default() }
}

/// The line in which a plan says what it was made from and how much of it was printed.
fn made_from(document: &Document) -> Option<&str> {
    let block = document.blocks.iter().find(|block| block.key == "summary")?;
    block.body.clone().map(|line| document.line(line)).find(|line| line.starts_with("Made from `"))
}

/// The name of the requirements file that a plan names.
#[must_use]
pub fn named(document: &Document) -> Option<String> {
    let rest = made_from(document)?.strip_prefix("Made from `")?;
    rest.split('`').next().map(str::to_owned)
}

/// Whether a plan leaves out code that its depth does not print, so that it may name ids of code that are not in it.
#[must_use]
pub fn leaves_out_code(document: &Document) -> bool {
    made_from(document).is_some_and(|line| !line.contains("depth full"))
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
