//! The gate: every page of a rule is a test, every seeded fault is caught at its line and column, and names of findings never move.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use archplan::lint::rules::{self, Rule};
use archplan::lint::{self, Config, File, Input, Report};
use archplan::quantity::Date;
use archplan::render::Depth;
use archplan::text::LineIndex;
use support::{build, catalogue, each, embedded, files, markdown, report, requirements_of, root, text};

/// A block of a page: what it is written in, and its text.
struct Block {
    language: String,
    text: String,
}

/// A mark of a page: line and column, and the beginning of what is said there.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    line: usize,
    column: usize,
    code: String,
    words: String,
}

/// The fenced block below a heading of a page.
fn block(page: &str, heading: &str) -> Option<Block> {
    let section = page.split(&format!("## {heading}\n")).nth(1)?;
    let open = section.lines().find(|line| line.starts_with("```") || line.starts_with("## "))?;
    if open.starts_with('#') {
        return None;
    }
    let fence: String = open.chars().take_while(|c| *c == '`').collect();
    let body = section.split_once(&format!("{open}\n"))?.1;
    let body = body.split(&format!("\n{fence}\n")).next()?;
    Some(Block { language: open.trim_start_matches('`').to_owned(), text: format!("{body}\n") })
}

/// The text without its marks, and the marks.
fn marked(text: &str) -> (String, Vec<Mark>) {
    let (mut out, mut marks, mut line) = (String::new(), Vec::new(), 0);
    for row in text.lines() {
        let inside = row.strip_prefix("<!-- ^").and_then(|rest| rest.strip_suffix(" -->")).or(row.strip_prefix("# ^"));
        match inside.and_then(|inside| inside.split_once(' ')).zip(inside.and_then(|inside| inside.split_once(": "))) {
            Some(((column, rest), (_, words))) => marks.push(Mark {
                line,
                column: column.parse().expect("a column"),
                code: rest.split(':').next().unwrap_or_default().to_owned(),
                words: words.to_owned(),
            }),
            None => {
                out.push_str(row);
                out.push('\n');
                line += 1;
            }
        }
    }
    (out, marks)
}

fn config(rule: &Rule) -> Config {
    Config {
        select: vec![rule.code.to_owned()],
        today: Date::parse("2026-06-01"),
        gate: (rule.code == "P018").then_some(0),
        ..Config::default()
    }
}

fn check(block_language: &str, text: &str, config: &Config) -> Report {
    let file = File { name: "file", bytes: text.as_bytes() };
    let mut input = Input { catalogue: Some(embedded()), ..Input::default() };
    match block_language {
        "markdown" => input.plan = Some(file),
        _ => input.requirements = Some(file),
    }
    lint::run(&input, config)
}

fn found(report: &Report) -> Vec<(usize, usize, String, String)> {
    let lines = |source: usize| LineIndex::new(&report.sources[source].text);
    report
        .findings
        .iter()
        .map(|finding| {
            let place = lines(finding.span.source).position(finding.span.start);
            (place.line, place.column, finding.rule.code.clone(), finding.message.clone())
        })
        .collect()
}

#[test]
fn every_page_is_a_test() {
    let (mut failures, mut marks_seen) = (Vec::new(), 0);
    for rule in rules::every() {
        let (Some(bad), Some(good)) = (block(rule.page, "Bad"), block(rule.page, "Good")) else { continue };
        let (source, marks) = marked(&bad.text);
        let all = found(&check(&bad.language, &source, &config(rule)));
        if marks.is_empty() {
            if !all.iter().any(|(.., code, _)| code == rule.code) {
                failures.push(format!("{} does not speak on its bad example", rule.code));
            } else {
                let rows: Vec<String> =
                    all.iter().map(|(l, c, k, m)| format!("MARK {k} {l} # ^{c} {k}: {m}")).collect();
                failures.push(format!("{} has no marks; write\n{}", rule.code, rows.join("\n")));
            }
        }
        marks_seen += marks.len();
        let fits = |mark: &Mark| {
            all.iter().any(|(line, column, code, message)| {
                (mark.line, mark.column, &mark.code) == (*line, *column, code) && message.contains(&mark.words)
            })
        };
        if marks.iter().any(|mark| !fits(mark)) || (!marks.is_empty() && all.len() != marks.len()) {
            failures.push(format!("{}: marks {marks:#?}\n  found {all:#?}", rule.code));
        }
        let quiet = found(&check(&good.language, &marked(&good.text).0, &config(rule)));
        if quiet.iter().any(|(.., code, _)| code == rule.code) {
            failures.push(format!("{} speaks on its good example: {quiet:?}", rule.code));
        }
    }
    report("pages that do not hold", &failures);
    assert!(marks_seen > 40, "{marks_seen}");
}

#[test]
fn every_architecture_finding_stands_at_its_stated_line() {
    let failures = each(&catalogue().rules, |rule| {
        let given = rule.bad.as_object().expect("a mapping");
        let yaml = requirements_of(given);
        let report = check("yaml", &yaml, &Config::default());
        let Some(finding) = report.findings.iter().find(|finding| finding.rule.code == rule.code) else {
            return vec![format!("{} does not speak", rule.code)];
        };
        let source = &report.sources[0].text;
        let line = LineIndex::new(source).position(finding.span.start).line;
        let shown = source.lines().nth(line - 1).unwrap_or("");
        let path = rule.labels.first().map_or("", String::as_str);
        let last = path.rsplit(['.', ']']).next().unwrap_or("");
        // A label that is stated is where the finding stands; of a scope any item will do.
        let stated = !path.is_empty() && given.keys().any(|key| key == path);
        let above = source.lines().nth(line.saturating_sub(2)).unwrap_or("");
        if stated && !shown.contains(&format!("{last}:")) && !above.contains(&format!("{last}:")) {
            return vec![format!("{} stands at line {line} `{shown}`, not at `{path}`", rule.code)];
        }
        // A value that is stated as such is the place to the column.
        let reading = archplan::requirements::read("file", source);
        let value = reading.stated.iter().find(|leaf| *leaf.path == *path);
        if value.is_some_and(|leaf| leaf.span.start != finding.span.start) {
            return vec![format!("{} does not stand at the value of `{path}`", rule.code)];
        }
        if finding.message.is_empty() || finding.fix.as_deref().is_none_or(str::is_empty) {
            return vec![format!("{} says nothing", rule.code)];
        }
        Vec::new()
    });
    report("architecture findings at the wrong place", &failures);
}

#[test]
fn new_output_lints_clean() {
    let examples: Vec<String> = files("examples", "req.yaml");
    assert!(examples.len() >= 8);
    let failures = each(&examples, |file| {
        let built = build(&text(file)).expect("sound requirements");
        let failures = [Depth::Brief, Depth::Standard, Depth::Full].map(|depth| {
            let plan = markdown(&built, depth);
            let found = found(&check("markdown", &plan, &Config::default()));
            found.iter().map(|row| format!("{file}: {row:?}")).collect::<Vec<_>>()
        });
        failures.concat()
    });
    report("findings in fresh plans", &failures);
}

/// The plan as `archplan new` prints it, with everything that is computed by re-runs.
fn printed(text: &str) -> String {
    let reading = archplan::requirements::read("req.yaml", text);
    let requirements = reading.requirements.clone().expect("sound requirements");
    let given = archplan::facts::given::given(&reading);
    let (mut ids, options) = (archplan::plan::Ids::default(), archplan::plan::Options::default());
    let plan = archplan::plan::build(embedded(), &requirements, given, "req.yaml", &mut ids, &options);
    markdown(&support::Built { requirements, plan }, Depth::Standard)
}

#[test]
fn a_fresh_plan_has_no_drift_and_a_changed_requirement_has_both_places() {
    let before = "archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {monthly: 4000}\n";
    let plan = printed(before);
    let both = |requirements: &str, plan: &str| {
        let input = Input {
            requirements: Some(File { name: "req.yaml", bytes: requirements.as_bytes() }),
            plan: Some(File { name: "plan.md", bytes: plan.as_bytes() }),
            catalogue: Some(embedded()),
            ..Input::default()
        };
        lint::run(&input, &Config { select: vec!["D".into()], ..Config::default() })
    };
    assert_eq!(both(before, &plan).findings, []);
    let redrawn = plan.replacen("│   Monolith   │", "│   Monoliths  │", 1);
    assert_ne!(redrawn, plan);
    let report = both(before, &redrawn);
    assert!(report.findings.iter().any(|f| f.rule.code == "D010"), "{:?}", report.findings);
    let ticked = plan.replace("- [ ] **TASK-1.1", "- [x] **TASK-1.1");
    let after = before.replace("4000", "9000");
    let report = both(&after, &ticked);
    let behind = report.findings.iter().find(|f| f.rule.code == "D001" && f.subject == "TASK-1.1").expect("drift");
    assert_eq!(behind.span.source, 1);
    assert!(behind.message.contains("users.monthly was 4k, now 9k"), "{}", behind.message);
    let label = &behind.related[0];
    assert_eq!((label.span.source, &after[label.span.start..label.span.end]), (0, "9000"));
    let suspect = report.findings.iter().find(|f| f.rule.code == "D004").expect("a suspect tick");
    assert_eq!(suspect.subject, "TASK-1.1");
    let more = format!("{before}compliance: [gdpr]\n");
    let report = both(&more, &plan);
    let missing = report.findings.iter().find(|f| f.rule.code == "D002").expect("a task that is asked for");
    assert!(missing.related.iter().any(|label| label.span.source == 0), "{missing:?}");
    let back = both(before, &printed(&more));
    assert!(back.findings.iter().any(|f| f.rule.code == "D003"));
}

#[test]
fn names_of_findings_survive_moves_and_tell_findings_apart() {
    let plan = "# TODO: backend architecture of Shop\n\n- [ ] **TASK-1.1 [a]**:\n  - **After**: TASK-9.8, TASK-9.9\n";
    let moved = plan.replace("\n\n- [ ]", "\n\nA note.\n\nAnother.\n\n- [ ]");
    let only = Config { select: vec!["P012".into()], ..Config::default() };
    let names = |text: &str| {
        let report = check("markdown", text, &only);
        report.findings.into_iter().map(|finding| finding.identity).collect::<Vec<_>>()
    };
    assert_eq!(names(plan), ["shop/P012/TASK-1.1/TASK-9.8", "shop/P012/TASK-1.1/TASK-9.9"]);
    assert_eq!(names(plan), names(&moved));
}

#[test]
fn comments_accept_with_a_reason_and_waivers_end() {
    let plan = "- [ ] **TASK-1.1 [a]**: <!-- archplan: ignore[no-done-when] the team decides in May -->\n- [ ] **TASK-1.2 [b]**:\n";
    let report = check("markdown", plan, &Config { select: vec!["P021".into()], ..Config::default() });
    let counted: Vec<&str> = report.findings.iter().filter(|f| f.counts()).map(|f| f.subject.as_str()).collect();
    assert_eq!((report.findings.len(), counted), (2, vec!["TASK-1.2"]));
    let yaml = "archplan: 1\nproject: {name: Shop}\nteam: {developers: 3}\nusers: {monthly: 20k}\napi: {versioning: none}\nwaivers:\n  - {rule: no-api-versioning, because: one client, owner: Ana, until: 2026-05-31}\n";
    let on = |day: &str| {
        let config = Config { select: vec!["A001".into()], today: Date::parse(day), ..Config::default() };
        let report = check("yaml", yaml, &config);
        (report.findings[0].counts(), report.findings[0].severity.as_str())
    };
    assert_eq!((on("2026-05-31"), on("2026-06-01")), ((false, "info"), (true, "error")));
}

/// Findings about names, with what their caret marks and how they are mended.
fn names(given: &str) -> Vec<String> {
    let text =
        format!("archplan: 1\nproject: {{name: Shop}}\nteam: {{developers: 3}}\nusers: {{monthly: 20k}}\n{given}\n");
    let file = File { name: "req.yaml", bytes: text.as_bytes() };
    let input = Input { requirements: Some(file), catalogue: Some(embedded()), ..Input::default() };
    let report = lint::run(&input, &Config::default());
    let of_names = report.findings.iter().filter(|finding| ("A069".."A074").contains(&finding.rule.code.as_str()));
    let row = |finding: &lint::Finding| {
        let marked = &text[finding.span.start..finding.span.end];
        let severity = finding.severity.as_str();
        format!("{severity} {} {marked}: {}", finding.rule.code, finding.fix.as_deref().unwrap_or_default())
    };
    of_names.map(row).collect()
}

#[test]
fn names_that_mean_nothing_are_said_with_what_they_may_have_meant() {
    let cases = [
        ("decisions: [{topic: messaging, choose: kafka}]", "error A069 messaging: did you mean `broker`?"),
        ("decisions: [{topic: databse, choose: postgresql}]", "error A069 databse: did you mean `database`?"),
        ("decisions: [{topic: lunch, choose: pizza}]", "error A069 lunch: write one of `pattern`, `"),
        ("decisions: [{topic: database, choose: Postgres}]", "error A070 Postgres: did you mean `postgresql`?"),
        ("decisions: [{topic: database, choose: bananas}]", "error A070 bananas: write one of `cassandra`, "),
        ("decisions: [{topic: database, choose: none}]", "error A070 none: write one of `cassandra`, "),
        (
            "decisions: [{topic: database, choose: redis}]",
            "error A070 redis: `redis` is a candidate of topic `key-value-store`, `cache`; ",
        ),
        (
            "decisions: [{topic: pattern, choose: microservice}]",
            "error A070 microservice: did you mean `microservices`?",
        ),
        ("stack: {framework: nestjss}", "error A071 nestjss: did you mean `nestjs`?"),
        ("preferences: {avoid: [mongdb]}", "warning A072 [mongdb]: did you mean `mongodb`?"),
        ("stack: {regions: [eu-centrall-1]}", "warning A073 [eu-centrall-1]: did you mean `eu-central-1`?"),
    ];
    let mut failures = Vec::new();
    for (given, wanted) in cases {
        let found = names(given);
        if !matches!(found.as_slice(), [one] if one.starts_with(wanted)) {
            failures.push(format!("{given}\n  wanted {wanted}\n  found {found:?}"));
        }
    }
    for given in [
        "decisions: [{topic: pattern, choose: monolith}, {topic: database, choose: postgresql}, {topic: cache, choose: none}]",
        "stack: {framework: nestjs, cloud: on-premises, regions: [cellar]}\npreferences: {avoid: [Postgres], databases: [redis]}",
        "existing: {pattern: monolith, language: cobol, database: adabas, keep: [mainframe]}",
    ] {
        failures.extend(names(given).into_iter().map(|found| format!("{given}\n  found {found}")));
    }
    report("names of nothing", &failures);
}

#[test]
fn what_was_settled_without_the_catalogue_is_on_the_bill_as_unknown() {
    let text = "archplan: 1\nproject: {name: Shop}\nteam: {developers: 3}\nusers: {monthly: 20k}\n\
                decisions: [{topic: database, choose: bananas}, {topic: lunch, choose: pizza}]\n";
    let built = build(text).unwrap();
    assert!(built.plan.cost.unknown.contains(&"Primary database: bananas".to_owned()), "{:?}", built.plan.cost.unknown);
    let selection = built.plan.selections.iter().find(|selection| selection.topic == "database").unwrap();
    assert!(selection.because.iter().any(|because| because.starts_with("the catalogue does not have it")));
    let uses = |path: &str| built.plan.trace.facts.iter().find(|fact| fact.path == path).unwrap().used_by.join("; ");
    assert!(uses("decisions[database].choose").contains("settled decisions"));
    assert!(!uses("decisions[lunch].choose").contains("settled decisions"), "nothing was settled by it");
}

#[test]
fn codes_of_rules_are_frozen() {
    let mut rows: Vec<String> = rules::described(embedded()).iter().map(|r| format!("{} {}", r.code, r.name)).collect();
    rows.sort();
    let path = root().join("tests/data/rules.txt");
    let now = rows.join("\n") + "\n";
    let frozen = std::fs::read_to_string(&path).unwrap_or_default();
    let lost: Vec<String> = frozen.lines().filter(|row| !rows.iter().any(|r| r == row)).map(str::to_owned).collect();
    report("codes changed or lost; a code is for ever", &lost);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, now).unwrap();
    } else {
        assert_eq!(frozen, now, "new rules: UPDATE=1 cargo test --test lint freezes them");
    }
}
