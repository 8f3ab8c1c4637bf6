//! The plan: tasks with permanent ids, waves, figures, trace and the JSON contract. It decides nothing and prints nothing.

mod assumptions;
mod capacity;
mod code;
pub mod difference;
mod features;
mod figures;
mod renames;
mod tasks;
mod trace;

use serde::Serialize;
use serde_json::Value as Json;

use crate::artefact;
use crate::catalogue::Catalogue;
use crate::diagram;
use crate::engine::availability::Availability;
use crate::engine::cost::Cost;
use crate::engine::counterfactual::relax::Unmet;
use crate::engine::findings::Finding;
use crate::engine::latency::Latency;
use crate::engine::recovery::Recovery;
use crate::engine::select::Selection;
use crate::engine::stages::StageView;
use crate::engine::targets::Target;
use crate::engine::tree::Decision;
use crate::engine::{self, Design, Effort};
use crate::facts::{Facts, Origin};
use crate::requirements::Requirements;

pub use crate::artefact::Written;
pub use crate::identity::Ids;
pub use assumptions::{Assumption, OPEN, Question};
pub use code::Embedded;
pub use renames::follow_renames;
pub use tasks::{Done, Task};
pub use trace::Trace;

/// The plan as data: the JSON contract, keys in this order.
#[derive(Serialize)]
pub struct Plan {
    /// `archplan.plan/1`.
    pub schema: &'static str,
    /// What made it.
    pub engine: EngineView,
    /// What it is for.
    pub project: ProjectView,
    /// Every value with its provenance.
    pub facts: Vec<FactView>,
    /// The base pattern.
    pub decision: Decision,
    /// Every other choice.
    pub selections: Vec<Selection>,
    /// Stage, forecast and growth.
    pub stage: StageView,
    /// Sizes and rates.
    pub capacity: Json,
    /// Targets against predictions.
    pub targets: Vec<Target>,
    /// The slowest path.
    pub latency: Latency,
    /// The composition.
    pub availability: Availability,
    /// Objectives and arithmetic.
    pub recovery: Recovery,
    /// The bill.
    pub cost: Cost,
    /// All checkboxes with an id.
    pub tasks: Vec<Task>,
    /// The quality checklist.
    pub qa: Vec<Qa>,
    /// Embedded files.
    pub artefacts: Vec<Embedded>,
    /// Figures with their models.
    pub diagrams: Vec<Figure>,
    /// Defaults that decided something.
    pub assumptions: Vec<Assumption>,
    /// What would change a decision.
    pub questions: Vec<Question>,
    /// Stated limits that the design does not meet, with the smallest changes under which it does.
    pub unmet: Vec<Unmet>,
    /// Features and facts to tasks and back.
    pub trace: Trace,
    /// Findings of family A.
    pub findings: Vec<Finding>,
    /// Names that a person would not recognise in embedded files: what was written, what it became.
    #[serde(skip)]
    pub mapping: Vec<(String, String)>,
    /// Faults of templates of embedded files; none with the embedded catalogue.
    #[serde(skip)]
    pub faults: Vec<String>,
    /// The values themselves, for the renderer.
    #[serde(skip)]
    pub values: Facts,
}

/// What made the plan.
#[derive(Serialize)]
pub struct EngineView {
    /// Version of the program.
    pub version: &'static str,
    /// Entries of the catalogue.
    pub rules: String,
    /// Date of the newest price.
    pub prices: String,
}

/// What the plan is for.
#[derive(Serialize)]
pub struct ProjectView {
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: Option<String>,
    /// Entry situation.
    pub kind: String,
}

/// A fact of the JSON contract.
#[derive(Serialize)]
pub struct FactView {
    /// Its path.
    pub path: String,
    /// Its value in the canonical unit.
    pub value: Json,
    /// The canonical unit.
    pub unit: &'static str,
    /// `given`, `default` or `derived`.
    pub origin: &'static str,
    /// Line in the requirements.
    pub line: Option<usize>,
    /// Column in the requirements.
    pub column: Option<usize>,
    /// How it was computed.
    pub formula: Option<String>,
    /// Paths that went in.
    pub inputs: Vec<String>,
    /// The rule that set it.
    pub rule: String,
}

/// A row of the quality checklist.
#[derive(Serialize)]
pub struct Qa {
    /// Its id.
    pub id: String,
    /// What is checked.
    pub text: String,
    /// Ids of the tasks that satisfy it.
    pub tasks: Vec<String>,
}

/// A figure with the model that it draws.
#[derive(Serialize)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// The drawing.
    pub text: String,
    /// Columns that it may use.
    pub width: usize,
    /// Its nodes.
    pub nodes: Json,
    /// Its edges.
    pub edges: Json,
    /// Its bars, when it is no graph.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bars: Vec<Bar>,
    /// The line above it; empty for the figures that every plan has.
    #[serde(skip)]
    pub title: String,
    /// Where it stands: a section of `patterns/figures.yaml`, or `always`.
    #[serde(skip)]
    pub section: String,
    /// The graph, for exports; none when it is no graph.
    #[serde(skip)]
    pub model: Option<diagram::Model>,
    /// The graph as Mermaid blocks, when the plan carries them.
    #[serde(skip)]
    pub mermaid: Vec<String>,
}

/// One bar of a figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// Its length.
    pub value: f64,
    /// The value as people write it.
    pub note: String,
}

/// How to build and draw.
#[derive(Clone, Debug)]
pub struct Options {
    /// Columns of figures.
    pub width: usize,
    /// Figures without box-drawing characters.
    pub ascii: bool,
    /// Each graph also as Mermaid.
    pub mermaid: bool,
    /// Robustness, flips and questions, found by re-running the engine: most of the time that a plan takes.
    pub re_runs: bool,
    /// Without re-runs: whether some decision is known to be fragile.
    pub fragile: bool,
    /// Whether something is known to be open, whatever is found.
    pub open: bool,
    /// Which embedded files are written out.
    pub written: Written,
    /// How much of the plan is looked at.
    pub extent: Extent,
}

/// How much of a plan somebody looks at; the rest stays empty, and nothing is computed for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// What depth brief prints: no later loads and costs, no figure beside the system, of the trace the features and what counts nowhere,
    /// no facts as JSON, of what made it the version.
    Brief,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            width: 100,
            ascii: false,
            mermaid: false,
            re_runs: true,
            fragile: false,
            open: false,
            written: Written::default(),
            extent: Extent::default(),
        }
    }
}

impl Options {
    fn whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    fn effort(&self) -> Effort {
        Effort { re_runs: self.re_runs, ahead: self.whole() }
    }
}

/// Decides and builds; ids already issued are kept.
#[must_use]
pub fn build(
    catalogue: &Catalogue,
    requirements: &Requirements,
    given: Facts,
    file: &str,
    ids: &mut Ids,
    options: &Options,
) -> Plan {
    let Design {
        mut facts,
        decision,
        selections,
        mut stage,
        targets,
        latency,
        availability,
        recovery,
        cost,
        mut findings,
        outlook,
        found,
    } = engine::decide(catalogue, requirements, given, file, options.effort());
    known_fragile(&mut facts, options);
    let (assumptions, questions) = assumptions::collect(catalogue, &mut facts, &found, options.open);
    let source = artefact::Source { requirements, facts: &facts, availability: &availability, recovery: &recovery };
    let stated = tasks::stated(catalogue, requirements, &facts, ids);
    let made = artefact::make(catalogue, &source, options.written, tasks::checks(&stated));
    let (tasks, artefacts) = tasks::build(stated, requirements, &facts, ids, &made);
    name_tasks(&mut stage, &tasks);
    let trace = trace::of(catalogue, requirements, &facts, (&tasks, &decision, &selections), options.whole());
    let sight = figures::Sight {
        catalogue,
        requirements,
        facts: &facts,
        decision: &decision,
        latency: &latency,
        availability: &availability,
        outlook: &outlook,
        tasks: &tasks,
    };
    findings.extend(trace.unused.iter().map(|path| trace::unused_input(path, &facts, file)));
    Plan {
        schema: "archplan.plan/1",
        engine: engine_view(options.whole().then_some(catalogue)),
        project: project(requirements, &facts),
        facts: if options.whole() { facts.iter().map(|(path, fact)| view(path, fact)).collect() } else { Vec::new() },
        capacity: capacity::view(&facts),
        qa: qa(catalogue, &facts, &tasks),
        artefacts,
        mapping: made.model.mapping,
        faults: made.faults,
        diagrams: figures::draw(&sight, options),
        decision,
        selections,
        stage,
        targets,
        latency,
        availability,
        recovery,
        cost,
        tasks,
        assumptions,
        questions,
        unmet: found.unmet,
        trace,
        findings,
        values: facts,
    }
}

/// That some decision is fragile, when the caller knows it and no re-run finds out.
fn known_fragile(facts: &mut Facts, options: &Options) {
    if !options.re_runs && options.fragile {
        let formula = "known from an earlier plan";
        facts.derive("decision.fragile_count", 1.0, formula, &[]);
        facts.derive("decision.fragile_text", "", formula, &[]);
    }
}

/// What requirements come to, without a plan around it.
pub struct Judged {
    /// Every value.
    pub values: Facts,
    /// Every choice but the pattern.
    pub selections: Vec<Selection>,
    /// Findings of family A, and facts that are stated and count nowhere.
    pub findings: Vec<Finding>,
}

/// Decides once and judges what was stated; nothing is drawn, written out or run again.
#[must_use]
pub fn judge(catalogue: &Catalogue, requirements: &Requirements, given: Facts, file: &str) -> Judged {
    let (core, mut findings) = engine::judge(catalogue, requirements, given, file);
    let facts = core.facts;
    let unused_of =
        |tasks: &[Task]| trace::unused(catalogue, requirements, &facts, (tasks, &core.decision, &core.selections));
    // Tasks are made only where something is left that nothing else uses.
    let mut left = unused_of(&[]);
    if !left.is_empty() {
        let (availability, recovery, mut ids) = (&core.availability, &core.recovery, Ids::default());
        let source = artefact::Source { requirements, facts: &facts, availability, recovery };
        let made = artefact::make(catalogue, &source, Written::None, Vec::new());
        let stated = tasks::stated(catalogue, requirements, &facts, &mut ids);
        left = unused_of(&tasks::build(stated, requirements, &facts, &mut ids, &made).0);
    }
    findings.extend(left.iter().map(|path| trace::unused_input(path, &facts, file)));
    Judged { values: facts, selections: core.selections, findings }
}

/// The ids of the tasks that move what breaks first.
fn name_tasks(stage: &mut StageView, tasks: &[Task]) {
    let lists = stage.growth.iter_mut().map(|growth| &mut growth.tasks);
    for keys in lists.chain(stage.limits.iter_mut().map(|limit| &mut limit.tasks)) {
        let found = keys.iter().filter_map(|key| tasks.iter().find(|task| task.key == *key));
        *keys = found.map(|task| task.id.clone()).collect();
    }
}

fn project(requirements: &Requirements, facts: &Facts) -> ProjectView {
    ProjectView {
        name: requirements.project.name.clone(),
        summary: requirements.project.summary.clone(),
        kind: facts.word("project.kind").unwrap_or("new-system").to_string(),
    }
}

/// What made the plan; without the catalogue what it holds is left out.
fn engine_view(catalogue: Option<&Catalogue>) -> EngineView {
    let version = env!("CARGO_PKG_VERSION");
    let Some(catalogue) = catalogue else {
        return EngineView { version, rules: String::new(), prices: String::new() };
    };
    let entries = catalogue.topics.len()
        + catalogue.technologies.values().map(Vec::len).sum::<usize>()
        + catalogue.tasks.len()
        + catalogue.controls.len()
        + catalogue.rules.len();
    let newest = catalogue.prices.values().flat_map(|book| &book.prices).map(|price| price.as_of.as_str()).max();
    EngineView { version, rules: format!("{entries} entries"), prices: newest.unwrap_or("none").to_string() }
}

fn view(path: &str, fact: &crate::facts::Fact) -> FactView {
    let (origin, line, column, formula, inputs) = match &fact.origin {
        Origin::Given { line, column, .. } => ("given", Some(*line), Some(*column), None, Vec::new()),
        Origin::Default => ("default", None, None, None, Vec::new()),
        Origin::Derived { formula, inputs } => ("derived", None, None, Some(formula.to_string()), inputs.clone()),
    };
    FactView {
        path: path.to_string(),
        value: fact.value.machine(),
        unit: fact.kind.unit(),
        origin,
        line,
        column,
        formula,
        inputs,
        rule: fact.rule.to_string(),
    }
}

fn qa(catalogue: &Catalogue, facts: &Facts, tasks: &[Task]) -> Vec<Qa> {
    let satisfying = |prefixes: &[String]| {
        let below = |prefix: &str, key: &str| {
            key.strip_prefix(prefix.trim_end_matches(['*', '.']))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let found = tasks.iter().filter(|task| prefixes.iter().any(|prefix| below(prefix, &task.key)));
        found.map(|task| task.id.clone()).collect::<Vec<_>>()
    };
    let rows = catalogue.qa.iter().filter(|row| row.when.holds(facts, None));
    rows.map(|row| Qa {
        id: row.id.clone(),
        text: engine::explained(&row.text, facts, None),
        tasks: satisfying(&row.tasks),
    })
    .filter(|row| !row.tasks.is_empty())
    .collect()
}
