//! Findings about requirements and plans, their printers, and what a person accepted.
//!
//! [`run`] is the whole gate: the command line, the language server and the tool server call it with texts and print what comes back. It
//! reads no file, clock or environment itself.

pub mod architecture;
pub mod baseline;
mod claims;
pub mod config;
pub mod context;
pub mod drift;
mod embedded;
pub mod finding;
pub mod fix;
pub mod identity;
pub mod kind;
pub mod output;
pub mod patch;
mod places;
pub mod rules;
pub mod scan;
mod secrets;
mod sets;
pub mod suppress;
pub mod tools;
pub mod tree;
mod waivers;

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::diagnostic::Severity;
use crate::document::{self, Document};
use crate::facts::given::given;
use crate::plan;
use crate::requirements::{self, Reading};
use crate::text::{Source, slug};
use crate::yaml::Node;

pub use config::{Config, Level, Profile};
use context::{Context, Sink};
pub use finding::{Accepted, Finding};
use places::Places;

/// The most bytes of a plan that is read.
pub const MOST_PLAN_BYTES: usize = 64 << 20;

/// A file as the caller has it, saved or not.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The name that findings print.
    pub name: &'a str,
    /// What stands in it.
    pub bytes: &'a [u8],
}

/// What is checked: requirements, a plan, or both of one system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// The requirements.
    pub requirements: Option<File<'a>>,
    /// The plan.
    pub plan: Option<File<'a>>,
    /// The knowledge behind families A and D; without it they are left out.
    pub catalogue: Option<&'a Catalogue>,
    /// The repository, for what the plan says about it.
    pub tree: Option<&'a tree::Tree>,
    /// What programs said about the files that the plan makes; empty when none was asked.
    pub tools: &'a [tools::Answer],
}

/// What was looked at, so that silence means something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Names of the files.
    pub files: Vec<String>,
    /// Values that the requirements state.
    pub keys: usize,
    /// Tasks of the plan.
    pub tasks: usize,
    /// References between tasks, blocks and files that were looked up.
    pub references: usize,
    /// Embedded texts that were parsed.
    pub artefacts: usize,
    /// Rules that were applied.
    pub rules: usize,
    /// Families that were applied, such as `APR`.
    pub families: String,
}

/// The findings of one input.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// The texts that the findings point into; whoever keeps a report has them already.
    #[serde(skip)]
    pub sources: Vec<Source>,
    /// The findings by source, place and code.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub checked: Checked,
    /// The name that the identities begin with.
    pub project: String,
}

impl Report {
    /// The findings of requirements that were read already.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        let mut report = Self { sources: reading.sources.clone(), ..Self::default() };
        report.findings = read_findings(reading);
        report.project = project(reading.tree.as_ref(), None, report.sources.first());
        identity::assign(&report.project, &mut report.findings);
        report
    }

    /// The name of the file that a finding is about.
    #[must_use]
    pub fn name(&self, finding: &Finding) -> &str {
        self.sources.get(finding.span.source).map_or("", |source| source.name.as_str())
    }

    /// The worst severity among the findings that count.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter(|finding| finding.counts()).map(|finding| finding.severity).max()
    }
}

/// Checks an input with every rule that the configuration wants.
#[must_use]
pub fn run(input: &Input<'_>, config: &Config) -> Report {
    let reading = input.requirements.map(|file| requirements::read_bytes(file.name, file.bytes));
    let mut report = Report::default();
    let mut sink = Sink::default();
    if let Some(reading) = &reading {
        report.sources.clone_from(&reading.sources);
        report.checked.files.extend(reading.sources.first().map(|source| source.name.clone()));
        report.checked.keys = reading.stated.len();
        sink.findings = read_findings(reading);
        report.checked.families.push('R');
    }
    let document =
        input.plan.and_then(|file| plan_text(&file, &mut report, &mut sink)).map(|text| document::read(&text));
    let source = report.sources.len().saturating_sub(1);
    sink.own = report.sources.len();
    let scan = document.as_ref().map(scan::scan).unwrap_or_default();
    if let Some(document) = &document {
        let cx = Context { tools: input.tools, ..Context::new(document, &scan, source, config) };
        report.checked.tasks = cx.by_id.len();
        for (rule, check) in rules::plan::PLAN.iter().filter(|(rule, _)| config.wants(rule.code, rule.name)) {
            let from = sink.findings.len();
            check(&cx, &mut sink);
            sink.findings.iter_mut().skip(from).for_each(|finding| finding.severity = rule.severity);
        }
        report.checked.families.push('P');
        decided(input, config, reading.as_ref(), Some(&cx), &mut report, &mut sink);
        let sound = reading.as_ref().is_some_and(|reading| reading.requirements.is_some()) && input.catalogue.is_some();
        if let (Some(tree), false) = (input.tree, sound) {
            beside(&drift::Beside { cx: &cx, tree, decided: None }, config, &mut report, &mut sink);
        }
    } else {
        decided(input, config, reading.as_ref(), None, &mut report, &mut sink);
    }
    report.checked.references = sink.references;
    report.checked.artefacts = sink.artefacts;
    report.findings = sink.findings;
    report.sources.extend(sink.further);
    finish(&mut report, config, reading.as_ref(), document.as_ref().map(|document| (document, &scan)), source);
    report
}

/// Families A, D and W: what needs sound requirements and the catalogue.
fn decided(
    input: &Input<'_>,
    config: &Config,
    reading: Option<&Reading>,
    cx: Option<&Context<'_>>,
    report: &mut Report,
    sink: &mut Sink,
) {
    let (Some(reading), Some(catalogue)) = (reading, input.catalogue) else { return };
    let Some(requirements) = &reading.requirements else { return };
    if !config.wants_decisions() {
        return;
    }
    let places = Places::new(reading);
    let compared = cx.filter(|_| config.wants_family('D'));
    let drift = compared.and_then(|cx| drift::Drift::new(catalogue, requirements, reading, &places, cx));
    let alone = drift.is_none().then(|| plan::judge(catalogue, requirements, given(reading), name(reading)));
    let of_plan = drift.as_ref().map(|drift| &drift.plan.findings);
    let decided = of_plan.or(alone.as_ref().map(|judged| &judged.findings)).map_or(&[][..], Vec::as_slice);
    let values = drift.as_ref().map(|drift| &drift.plan.values).or(alone.as_ref().map(|judged| &judged.values));
    let explained =
        values.filter(|_| config.sets).map(|values| sets::Search { catalogue, reading, values }.explain(decided));
    let shown = explained.as_deref().unwrap_or(decided);
    sink.findings.extend(architecture::findings(catalogue, reading, &places, shown, config));
    report.checked.families.push('A');
    if let Some(drift) = &drift {
        for (rule, check) in rules::drift::DRIFT.iter().filter(|(rule, _)| config.wants(rule.code, rule.name)) {
            let from = sink.findings.len();
            check(drift, sink);
            sink.findings.iter_mut().skip(from).for_each(|finding| finding.severity = rule.severity);
        }
        report.checked.families.push('D');
    }
    if let (Some(cx), Some(tree)) = (cx, input.tree) {
        let decided = drift.as_ref().map(|drift| (drift, catalogue));
        beside(&drift::Beside { cx, tree, decided }, config, report, sink);
    }
    sink.findings.extend(waivers::findings(catalogue, reading, requirements, &places, decided, config));
    report.checked.families.push('W');
}

/// The rules that compare with the repository.
fn beside(beside: &drift::Beside<'_>, config: &Config, report: &mut Report, sink: &mut Sink) {
    for (rule, check) in rules::drift::TREE.iter().filter(|(rule, _)| config.wants(rule.code, rule.name)) {
        let from = sink.findings.len();
        check(beside, sink);
        sink.findings.iter_mut().skip(from).for_each(|finding| finding.severity = rule.severity);
    }
    if !report.checked.families.contains('D') {
        report.checked.families.push('D');
    }
}

/// Levels, comments that accept, order and identities.
fn finish(
    report: &mut Report,
    config: &Config,
    reading: Option<&Reading>,
    plan: Option<(&Document, &scan::Scan)>,
    source: usize,
) {
    report.findings.retain(|finding| config.wants(&finding.rule.code, &finding.rule.name));
    let tree = reading.and_then(|reading| reading.tree.as_ref());
    report.project = project(tree, plan.map(|(document, _)| document), report.sources.first());
    suppress::apply(report, config, reading, plan, source);
    for finding in &mut report.findings {
        finding.severity = config.severity(&finding.rule, finding.severity);
    }
    report.findings.sort_by(|one, two| {
        (one.span.source, one.span.start, &one.rule.code, &one.subject, &one.detail).cmp(&(
            two.span.source,
            two.span.start,
            &two.rule.code,
            &two.subject,
            &two.detail,
        ))
    });
    identity::assign(&report.project, &mut report.findings);
    let families = report.checked.families.clone();
    let applied = rules::every().filter(|rule| families.contains(rule.code.get(..1).unwrap_or("?")));
    report.checked.rules = applied.filter(|rule| config.wants(rule.code, rule.name)).count();
    if families.contains('A') {
        report.checked.rules += rules::architecture_count();
    }
}

/// The plan's text; a finding and nothing when it is no text or too long.
fn plan_text(file: &File<'_>, report: &mut Report, sink: &mut Sink) -> Option<String> {
    let lossy = String::from_utf8_lossy(file.bytes);
    report.checked.files.push(file.name.to_owned());
    report.sources.push(Source { name: file.name.to_owned(), text: lossy.into_owned() });
    let source = report.sources.len().saturating_sub(1);
    let rule = rules::plan::p001_unreadable_plan::RULE;
    let span = |at: usize| crate::text::Span { source, start: at, end: at };
    if file.bytes.len() > MOST_PLAN_BYTES {
        let message = format!("the plan has {} bytes, at most {MOST_PLAN_BYTES} are read", file.bytes.len());
        sink.push(Finding::new(rule.named(), span(0), "file", message).fix("split it by system"));
        return None;
    }
    match std::str::from_utf8(file.bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(error) => {
            let at = span(error.valid_up_to());
            sink.push(Finding::new(rule.named(), at, "file", "the plan is no UTF-8 text").fix("save it as UTF-8"));
            None
        }
    }
}

/// The findings of the reader.
fn read_findings(reading: &Reading) -> Vec<Finding> {
    let subject = |at: usize| reading.tree.as_ref().map_or_else(String::new, |tree| identity::path_at(tree, at));
    reading.diagnostics.iter().map(|diagnostic| Finding::of(diagnostic, subject(diagnostic.span.start))).collect()
}

/// The name of the requirements file, as given.
fn name(reading: &Reading) -> &str {
    reading.sources.first().map_or("req.yaml", |source| source.name.as_str())
}

/// The name that identities begin with: the project's, else the plan's, else the file's.
fn project(tree: Option<&Node>, document: Option<&Document>, source: Option<&Source>) -> String {
    let stated = tree.and_then(|tree| tree.at("project.name")).and_then(Node::text);
    let title = || {
        let heading = document?.headings.iter().find(|heading| heading.level == 1)?;
        heading.text.strip_prefix("TODO: backend architecture of ")
    };
    let file = || source.map_or("", |source| source.name.rsplit('/').next().unwrap_or(""));
    slug(stated.or_else(title).unwrap_or_else(file))
}
