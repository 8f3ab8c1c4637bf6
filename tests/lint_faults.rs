//! One seeded fault for every rule whose page cannot hold one: what needs two files, a repository, or a text that no page can show.
//! Together with the marks of the pages, and the examples of family A, no rule is left without a place that is proved.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::collections::BTreeSet;

use archplan::facts::given::given;
use archplan::lint::baseline::{self, Baseline};
use archplan::lint::rules;
use archplan::lint::tools::{Answer, Verdict};
use archplan::lint::tree::Tree;
use archplan::lint::{self, Config, File, Input, Report};
use archplan::plan::{self, Ids};
use archplan::render::Depth;
use archplan::requirements;
use archplan::text::LineIndex;
use support::{build, embedded, markdown, report};

const REQ: &str = "archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {monthly: 4000}\n";

/// A rule, what it is shown, and where it must speak: a source and the text that its finding begins at.
struct Fault {
    code: &'static str,
    requirements: Vec<u8>,
    plan: Option<Vec<u8>>,
    tree: Option<Tree>,
    tools: Vec<Answer>,
    place: (usize, String),
}

fn plan_of(requirements: &str) -> String {
    markdown(&build(requirements).expect("sound requirements"), Depth::Standard)
}

fn drift(code: &'static str, requirements: &str, plan: &str, place: &str) -> Fault {
    let (requirements, plan) = (requirements.into(), Some(plan.into()));
    Fault { code, requirements, plan, tree: None, tools: Vec::new(), place: (1, place.into()) }
}

fn alone(code: &'static str, requirements: impl Into<Vec<u8>>, place: &str) -> Fault {
    Fault { plan: None, place: (0, place.into()), requirements: requirements.into(), ..drift(code, "", "", "") }
}

/// A plan against a repository with these files.
fn beside(code: &'static str, plan: &str, files: &[(&str, &str)], place: &str) -> Fault {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.paths.insert((*path).to_owned());
        tree.texts.insert((*path).to_owned(), (*text).to_owned());
    }
    Fault { tree: Some(tree), ..drift(code, REQ, plan, place) }
}

/// A plan with what a program said about one of its files.
fn told(code: &'static str, plan: &str, path: &str, verdict: Verdict, place: &str) -> Fault {
    let answer = Answer { tool: "reader".into(), files: vec![path.into()], verdict };
    Fault { tools: vec![answer], ..drift(code, REQ, plan, place) }
}

fn faults() -> Vec<Fault> {
    let plan = plan_of(REQ);
    let later = REQ.replace("4000", "9000");
    let more = format!("{REQ}compliance: [gdpr]\n");
    let task = "TASK-1.1 [";
    let edited = plan.replacen("- **Targets**: p95 200 ms", "- **Targets**: p95 quick", 1);
    assert_ne!(edited, plan);
    let figure = plan.replacen("│   Monolith   │", "│   Monoliths  │", 1);
    let own = plan.replace(
        "## Commands\n",
        "- [x] **TASK-9.1 [mine]**:\n  - **Done when**: file `ops/missing.yml` exists\n\n## Commands\n",
    );
    let diff = format!("{plan}\n```diff\n--- a/app.toml\n+++ b/app.toml\n@@ -1 +1 @@\n-port = 1\n+port = 2\n```\n");
    let mut broken = plan.replace("Tick what is done", "Tick \u{1}\u{1} what is done").into_bytes();
    broken.iter_mut().filter(|byte| **byte == 1).for_each(|byte| *byte = 0xff);
    let ticked = plan.replace("- [ ] **TASK-1.1", "- [x] **TASK-1.1");
    let (deep, too_deep) = (format!("archplan: 1\nteam: {}1{}\n", "[".repeat(40), "]".repeat(40)), "[".repeat(9) + "1");
    let many: String = (0..300).map(|number| format!("key{number}: 1\n")).collect();
    vec![
        drift("D001", &later, &plan, task),
        drift("D002", &more, &plan, "### Security Measures"),
        drift("D003", REQ, &plan_of(&more), "TASK-6.5 ["),
        drift("D004", &later, &ticked, task),
        drift("D005", &later.replace("developers: 2", "developers: 3"), &edited, "<!-- ap-begin: context.project"),
        beside("D006", &own, &[], "ops/missing.yml"),
        beside("D007", &diff, &[("app.toml", "port = 9\n")], "+++ b/app.toml"),
        beside("D008", &plan, &[("Gemfile", "source\n")], "# TODO"),
        beside("D009", &plan, &[("compose.yaml", "services:\n  cache:\n    image: redis:8\n")], "# TODO"),
        drift("D010", REQ, &figure, "┌──────▼"),
        told("P047", &plan, "compose.yaml", Verdict::Rejected("compose.yaml:4: no such thing".into()), "+services:"),
        told("P047", &plan, "compose.yaml", Verdict::Late(9), "+# The stores of the plan"),
        told("P048", &plan, "Dockerfile", Verdict::Absent, "```diff\ndiff --git a/Dockerfile"),
        Fault { plan: Some(broken), ..drift("P001", REQ, "", "\u{fffd}") },
        alone("R003", deep, &too_deep),
        alone("R004", "archplan: 1\nproject: {name: \u{7}A}\n", "\u{7}"),
        alone("R013", "# nothing\n", "# nothing"),
        alone("R034", many, "key199"),
    ]
}

/// Line and column at which a text stands first.
fn place(source: &str, wanted: &str) -> (usize, usize) {
    let at = source.find(wanted).unwrap_or_else(|| panic!("no `{wanted}`"));
    let position = LineIndex::new(source).position(at);
    (position.line, position.column)
}

/// The places at which a rule speaks.
fn spoken(report: &Report, code: &str) -> Vec<(usize, usize, usize)> {
    let of = report.findings.iter().filter(|finding| finding.rule.code == code);
    let place = |source: usize, at: usize| LineIndex::new(&report.sources[source].text).position(at);
    of.map(|f| (f.span.source, place(f.span.source, f.span.start).line, place(f.span.source, f.span.start).column))
        .collect()
}

#[test]
fn every_seeded_fault_is_caught_at_its_line_and_column() {
    let mut failures = Vec::new();
    for fault in faults() {
        let input = Input {
            requirements: Some(File { name: "req.yaml", bytes: &fault.requirements }),
            plan: fault.plan.as_deref().map(|bytes| File { name: "plan.md", bytes }),
            catalogue: Some(embedded()),
            tree: fault.tree.as_ref(),
            tools: &fault.tools,
        };
        let found = lint::run(&input, &Config { select: vec![fault.code.to_owned()], ..Config::default() });
        let (source, wanted) = &fault.place;
        let (line, column) = place(&found.sources[*source].text, wanted);
        let places = spoken(&found, fault.code);
        if !places.contains(&(*source, line, column)) {
            let said: Vec<&str> = found.findings.iter().map(|finding| finding.message.as_str()).collect();
            failures.push(format!("{}: wanted {source}:{line}:{column}, spoken at {places:?}: {said:?}", fault.code));
        }
    }
    report("seeded faults that are not caught where they are", &failures);
}

#[test]
fn edits_that_lead_nowhere_and_stale_entries_have_places() {
    let sets = [("domains[nobody].peak".to_owned(), "3/s".to_owned())];
    let reading = requirements::read_with("req.yaml", REQ, &sets);
    let found = Report::of(&reading);
    assert!(found.findings.iter().any(|finding| finding.rule.code == "R030"), "{found:?}");
    let text = Baseline { findings: [("a/P012/T/x".to_owned(), "dangling-after".to_owned())].into() }.print();
    let found = baseline::stale("known.json", &text, &["a/P012/T/x".to_owned()], &Config::default());
    let (line, column) = place(&text, "\"a/P012/T/x\"");
    assert_eq!(spoken(&found, "W009"), [(0, line, column)]);
}

#[test]
fn what_counts_nowhere_is_said_at_its_value() {
    // In the embedded catalogue every key counts somewhere; one without tasks and rules leaves some over.
    let mut catalogue = embedded().clone();
    catalogue.tasks.clear();
    catalogue.controls.clear();
    catalogue.rules.clear();
    let text = format!("{REQ}operations: {{restore_test: 90 days}}\n");
    let requirements = Some(File { name: "req.yaml", bytes: text.as_bytes() });
    let input = Input { requirements, catalogue: Some(&catalogue), ..Input::default() };
    let found = lint::run(&input, &Config { select: vec!["R035".into()], ..Config::default() });
    let (line, column) = place(&text, "90 days");
    assert_eq!(spoken(&found, "R035"), [(0, line, column)], "{found:?}");
    // What requirements alone are told is what the trace of a whole plan leaves over.
    let reading = requirements::read("req.yaml", &text);
    let stated = reading.requirements.clone().unwrap();
    let options = plan::Options { re_runs: false, ..plan::Options::default() };
    let whole = plan::build(&catalogue, &stated, given(&reading), "req.yaml", &mut Ids::default(), &options);
    assert_eq!(whole.trace.unused, ["operations.restore_test"]);
}

#[test]
fn contradictions_are_smallest_sets_and_each_member_is_needed() {
    let text = format!(
        "{REQ}traffic: {{peak: 900/s}}\ntargets: {{throughput: 100/s, availability: 99%}}\nstack: {{cloud: aws}}\n"
    );
    let check = |text: &str| {
        let requirements = Some(File { name: "req.yaml", bytes: text.as_bytes() });
        let input = Input { requirements, catalogue: Some(embedded()), ..Input::default() };
        lint::run(&input, &Config { select: vec!["A040".into()], sets: true, ..Config::default() })
    };
    let found = check(&text);
    let finding = found.findings.first().expect("throughput below the peak");
    let set = "`targets.throughput`, `traffic.peak` cannot hold together";
    assert!(finding.message.ends_with(set), "{}", finding.message);
    let (line, column) = place(&text, "900/s");
    let other = LineIndex::new(&text).position(finding.related[0].span.start);
    assert_eq!((other.line, other.column), (line, column));
    for without in ["traffic: {peak: 900/s}\n", "throughput: 100/s, "] {
        assert_eq!(check(&text.replace(without, "")).findings, [], "{without}");
    }
}

#[test]
fn no_rule_is_without_a_seeded_fault() {
    let here: BTreeSet<&str> = faults().iter().map(|fault| fault.code).chain(["R030", "R035", "W009"]).collect();
    let marked = |page: &str, code: &str| {
        let marks = [format!(" {code}: "), format!(" {code} ")];
        page.lines().any(|line| (line.starts_with("<!-- ^") || line.starts_with("# ^")) && line.contains(&marks[0]))
    };
    let without: Vec<String> = rules::every()
        .filter(|rule| !here.contains(rule.code) && !marked(rule.page, rule.code))
        .map(|rule| rule.code.to_owned())
        .collect();
    report("rules without a seeded fault", &without);
}
