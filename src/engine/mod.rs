//! The engine: facts and catalogue in, a design out. Total and pure: no clock, no randomness, no file.
//!
//! Every number becomes a fact, so that later steps, conditions and `explain` see the same value.

mod again;
mod app;
pub mod availability;
pub mod cost;
pub mod counterfactual;
mod data;
mod database;
mod embedded;
mod endpoints;
pub mod findings;
pub mod formulas;
mod inputs;
pub mod items;
pub mod latency;
pub mod levers;
pub mod limits;
mod messages;
mod migration;
pub mod options;
pub mod outlook;
mod overlay;
pub mod placement;
pub mod queueing;
pub mod recovery;
mod regions;
mod rehearsal;
mod resilience;
pub(crate) mod run;
mod scaling;
pub mod select;
pub mod stages;
mod structure;
mod supporting;
pub mod targets;
pub mod tree;
mod unknown;
mod volumes;

use crate::catalogue::Catalogue;
use crate::facts::table::{self, Table};
use crate::facts::{Facts, Text, Timeline};
use crate::quantity::Range;
use crate::requirements::Requirements;

use availability::Availability;
use cost::{Cost, Line, PriceView, SeedRange};
use counterfactual::Lab;
use findings::Finding;
use latency::Latency;
use outlook::Outlook;
use recovery::Recovery;
use select::Selection;
use stages::StageView;
use targets::Target;
use tree::Decision;

/// What the engine works on.
pub struct Model<'a> {
    /// Knowledge.
    pub catalogue: &'a Catalogue,
    /// The stated lists and names.
    pub requirements: &'a Requirements,
    /// Numbers of the formulas.
    pub numbers: Numbers,
    /// Name of the requirements file, as given.
    pub file: &'a str,
}

/// The numbers of the catalogue, quick to find: formulas ask for them in every re-run.
pub struct Numbers {
    ids: Table<String>,
    /// By slot of the id.
    ranges: Vec<Range>,
}

impl Numbers {
    fn of(catalogue: &Catalogue) -> Self {
        let mut ids = Table::default();
        let ranges = catalogue.numbers.values().map(|number| {
            ids.intern(&number.id);
            number.range()
        });
        Self { ranges: ranges.collect(), ids }
    }

    /// The number with this id. A test holds that every id asked for exists; a missing one is NaN, which prints as unknown.
    #[must_use]
    pub fn get(&self, id: &str) -> Range {
        let slot = self.ids.find(table::hash(id), id);
        slot.and_then(|slot| self.ranges.get(slot)).copied().unwrap_or(Range::exactly(f64::NAN))
    }
}

/// What is decided and computed.
pub struct Design {
    /// Every value with its provenance.
    pub facts: Facts,
    /// The base pattern.
    pub decision: Decision,
    /// Every other choice, in the order decided.
    pub selections: Vec<Selection>,
    /// Stage, forecast and growth.
    pub stage: StageView,
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
    /// Findings of family A.
    pub findings: Vec<Finding>,
    /// Later designs and costs.
    pub outlook: Outlook,
    /// What re-runs showed beside flips and robustness.
    pub found: counterfactual::Found,
}

/// One run without counterfactuals.
pub(crate) struct Core {
    pub facts: Facts,
    pub decision: Decision,
    pub selections: Vec<Selection>,
    pub latency: Latency,
    pub availability: Availability,
    pub recovery: Recovery,
    pub cost: Cost,
}

impl Core {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "stages are 1 to 5")]
    fn stage(&self) -> u8 {
        self.facts.number("stage.number").unwrap_or(1.0) as u8
    }
}

/// What is asked of the engine beside the design of today; each takes a multiple of the time of the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Robustness, flips and questions; without them they stay empty.
    pub re_runs: bool,
    /// The design and its cost at later loads and what would save money; without them of growth only what the headroom is held against.
    pub ahead: bool,
}

/// Decides everything that the effort asks for; `given` are the stated facts.
#[must_use]
pub fn decide(
    catalogue: &Catalogue,
    requirements: &Requirements,
    given: Facts,
    file: &str,
    Effort { re_runs, ahead }: Effort,
) -> Design {
    let model = Model { catalogue, requirements, numbers: Numbers::of(catalogue), file };
    let (mut core, timeline) =
        if re_runs || ahead { logged(&model, given.clone()) } else { (run::whole(&model, given.clone(), true), None) };
    let (stage, ten) = stages::view(&model, &given, &core, ahead);
    let outlook = if ahead { outlook::find(&model, &given, &core, &stage, ten) } else { Outlook::default() };
    let mut found = counterfactual::Found::default();
    let mut levers = Vec::new();
    if let Some(timeline) = timeline {
        let mut lab = Lab::new(&model, timeline, &core);
        if ahead && levers_wanted(&core) {
            levers = levers::find(&model, &mut lab, &core);
        }
        if re_runs {
            found = counterfactual::find(&model, &mut lab, &mut core);
        }
    }
    counterfactual::fragile(&mut core);
    let Core { facts, decision, selections, latency, availability, recovery, mut cost } = core;
    cost.levers = levers;
    if ahead {
        cost.by_stage = stages::costs(&model, &given, stage.number, &facts, cost.monthly);
        options::fill(&model, &facts, &selections, &mut cost);
    }
    let mut targets = targets::compute(&facts);
    targets::headroom(&facts, &stage, &decision.pattern, &mut targets);
    let findings = findings::collect(&facts, catalogue, requirements, file);
    Design {
        facts,
        decision,
        selections,
        stage,
        targets,
        latency,
        availability,
        recovery,
        cost,
        findings,
        outlook,
        found,
    }
}

/// The first run alone and what its findings are: neither what lies ahead nor what would change an answer.
pub(crate) fn judge(
    catalogue: &Catalogue,
    requirements: &Requirements,
    given: Facts,
    file: &str,
) -> (Core, Vec<Finding>) {
    let model = Model { catalogue, requirements, numbers: Numbers::of(catalogue), file };
    let mut core = core(&model, given);
    if items::are_read(catalogue) {
        items::describe(&mut core.facts, requirements);
    }
    counterfactual::fragile(&mut core);
    let findings = findings::collect(&core.facts, catalogue, requirements, file);
    (core, findings)
}

/// How many of these variations keep each answer, counted by whole runs: slow, for checks of the re-runs.
#[must_use]
pub fn recount(
    catalogue: &Catalogue,
    requirements: &Requirements,
    given: &Facts,
    variations: u32,
) -> Vec<(String, u32)> {
    let model = Model { catalogue, requirements, numbers: Numbers::of(catalogue), file: "" };
    counterfactual::recount(&model, given, variations)
}

/// Levers are looked for where money is tight or much: a budget is stated, or the stage has left the small ones.
fn levers_wanted(core: &Core) -> bool {
    core.facts.is_stated("budget.monthly") || core.stage() >= 3
}

/// One run for its values: no reasons, no counterfactuals.
pub(crate) fn core(model: &Model, mut given: Facts) -> Core {
    given.silence(true);
    let mut core = run::whole(model, given, false);
    core.facts.silence(false);
    core
}

/// The first run with the timeline that re-runs go by.
fn logged(model: &Model, mut given: Facts) -> (Core, Option<Timeline>) {
    given.log();
    let mut core = run::whole(model, given, true);
    let keys: Vec<&str> = counterfactual::keys().map(|key| key.path).collect();
    let timeline = core.facts.timeline(&keys);
    (core, timeline)
}

/// From this stage on work beside the request is a matter of course: every published system of that size with known parts runs a queue.
const MESSAGING_STAGE: f64 = 4.0;

/// What follows from the pattern alone.
fn pattern_facts(facts: &mut Facts, catalogue: &Catalogue, requirements: &Requirements, decision: &Decision) {
    let pattern = decision.pattern.as_str();
    facts.derive(
        "decision.pattern",
        pattern,
        "first node of the tree that holds, unless settled",
        &["team.developers", "team.teams", "traffic.shape", "realtime"],
    );
    facts.derive(
        "decision.tree_answer",
        decision.tree_answer.as_str(),
        "first node of the tree that holds",
        &["decision.pattern"],
    );
    let name = catalogue.pattern(pattern).map_or(pattern, |entry| entry.name.as_str()).to_string();
    facts.derive("decision.pattern_name", name, "name of the pattern", &["decision.pattern"]);
    #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
    let domains = requirements.domains.len() as f64;
    let split = matches!(pattern, "microservices" | "event-driven");
    facts.derive(
        "decision.deployables",
        if split { domains.max(1.0) } else { 1.0 },
        "one, or one per domain",
        &["decision.pattern", "domains.count"],
    );
    let each = facts
        .number("team.developers")
        .map(|developers| facts.number("decision.deployables").unwrap_or(1.0) / developers.max(1.0));
    if let Some(each) = each {
        facts.derive(
            "decision.deployables_per_developer",
            each,
            "decision.deployables / team.developers",
            &["decision.deployables", "team.developers"],
        );
    }
    facts.derive("decision.pinned", decision.pinned, "the pattern stands in `decisions`", &[]);
    facts.derive(
        "decision.distributed",
        split || pattern == "serverless",
        "microservices, event-driven or serverless",
        &["decision.pattern"],
    );
    let asynchronous = requirements.integrations.iter().any(|i| i.mode == Some(crate::requirements::Mode::Async));
    let work =
        requirements.workloads.iter().any(|w| !matches!(w.kind, Some(crate::requirements::WorkloadKind::Scheduled)));
    let events = facts.number("domains.consumed_events").unwrap_or(0.0) > 0.0;
    let large = facts.number("stage.number").unwrap_or(1.0) >= MESSAGING_STAGE;
    let messaging = asynchronous || work || events || large || pattern == "event-driven";
    let formula =
        "events between domains, workloads beside scheduled ones, asynchronous integrations, the pattern, or stage 4";
    let inputs = ["domains.consumed_events", "workloads.count", "decision.pattern", "stage.number"];
    facts.derive("messaging", messaging, formula, &inputs);
}

/// Preferences that the plan does not use.
fn unfollowed(facts: &mut Facts) {
    let pattern = facts.word("decision.pattern").unwrap_or_default().to_string();
    let messaging = facts.flag("messaging") == Some(true);
    let patterns = facts
        .words("preferences.patterns")
        .iter()
        .filter(|wanted| **wanted != pattern && !(wanted.as_str() == "event-driven" && messaging));
    let chosen: Vec<String> = facts
        .each()
        .filter(|(path, _)| path.starts_with("selection.") && path.matches('.').count() == 1)
        .filter_map(|(path, _)| facts.word(path).map(String::from))
        .collect();
    let databases = facts.words("preferences.databases").iter().filter(|wanted| !chosen.contains(wanted));
    let out: Vec<String> = patterns.chain(databases).cloned().collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
    let number = out.len() as f64;
    facts.derive(
        "preferences.unfollowed",
        out,
        "preferred patterns and databases that are not chosen",
        &["preferences.patterns", "preferences.databases"],
    );
    facts.derive("preferences.unfollowed_count", number, "how many", &["preferences.unfollowed"]);
}

/// Lines of every choice that is paid for, and the total.
fn bill(facts: &mut Facts, catalogue: &Catalogue, prices: &PriceView, selections: &[Selection]) -> Cost {
    let cloud = facts.word("stack.cloud").unwrap_or("aws").to_string();
    let mut lines: Vec<Line> = Vec::new();
    for selection in selections {
        let Some(choice) = selection.choice.as_deref() else { continue };
        let Some(technology) = catalogue.technology(&selection.topic, choice) else {
            lines.extend((choice != unknown::NONE).then(|| Line::unknown(&selection.title, choice, &selection.topic)));
            continue;
        };
        let Some(offer) = select::offer(technology, &cloud) else { continue };
        lines.extend(prices.lines(&selection.title, facts, offer));
    }
    lines.dedup_by(|a, b| a.price_id.is_some() && a.price_id == b.price_id && a.from == b.from);
    lines.extend(cost::further_regions(facts, catalogue, &lines));
    let monthly = cost::total(&lines);
    if let Some(monthly) = monthly {
        facts.derive("cost.monthly", monthly, "sum of the cost lines", &["stack.cloud"]);
    }
    let unknown = lines
        .iter()
        .filter(|line| line.monthly.is_none())
        .map(|line| format!("{}: {}", line.component, line.item))
        .collect();
    let stage = facts.number("stage.number").unwrap_or(1.0);
    let seed = catalogue
        .stages
        .iter()
        .find(|entry| (f64::from(entry.number) - stage).abs() < 0.5)
        .map(|entry| SeedRange { low: entry.seed_cost.low, high: entry.seed_cost.high });
    let mut cost = Cost { monthly, seed_range: seed, lines, unknown, ..Cost::default() };
    cost::ownership(facts, &mut cost);
    cost
}

/// A text of the catalogue with its facts; a text that names an unknown fact says so instead of lying.
pub(crate) fn explained(text: &Text, facts: &Facts, scope: Option<&str>) -> String {
    if facts.is_silent() {
        return String::new();
    }
    match text.fill(facts, scope, &crate::facts::Fact::human) {
        Ok(Some(filled)) => filled,
        Ok(None) => String::new(),
        Err(path) => format!("depends on `{path}`, which is unknown"),
    }
}
