//! The rows of the seed inventory: each is covered by an entry or by one of the tests here, and the plan keeps the form that the seeds ask for.

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
use std::fs;
use std::process::{Command, Output};

use archplan::catalogue::coverage::Coverage;
use archplan::render::Depth;
use support::{build, files, markdown, report, root, text};

fn plan(file: &str, depth: Depth) -> String {
    markdown(&build(&text(file)).unwrap_or_else(|errors| panic!("{file}: {errors}")), depth)
}

#[test]
fn every_row_is_covered() {
    let coverage = Coverage::embedded().unwrap();
    assert_eq!(coverage.rows.len(), 442, "rows of the inventory");
    report("rows that neither an entry nor a test covers", &coverage.uncovered());
    let unknown: Vec<String> = coverage.unknown.iter().map(|(entry, row)| format!("{entry} covers {row}")).collect();
    report("covered rows that are not in the list", &unknown);
    let sources: String =
        ["tests", "src"].iter().flat_map(|folder| files(folder, ".rs")).map(|file| text(&file)).collect();
    let tests: BTreeSet<&str> = coverage.rows.iter().filter_map(|row| row.test.as_deref()).collect();
    let missing: Vec<String> =
        tests.into_iter().filter(|name| !sources.contains(&format!("fn {name}()"))).map(String::from).collect();
    report("tests that the list of rows names and that do not exist", &missing);
}

#[test]
fn headings_stand_in_the_order_of_the_contract() {
    let plan = plan("examples/shop/req.yaml", Depth::Standard);
    let wanted = [
        "# TODO: backend architecture of ",
        "## Context",
        "### Assumptions",
        "### Open questions",
        "## System Architecture: ",
        "### Requirements",
        "### Architecture Diagram",
        "### Components",
        "### Data Model",
        "### API Design",
        "### Scaling Strategy",
        "### Security Measures",
        "### Trade-offs",
        "### Implementation Priority",
        "## Decisions",
        "## Architecture Plan",
        "## Architecture Items",
        "## Tasks",
        "### Requirements Analysis",
        "### Architecture Design",
        "### Implementation Planning",
        "### Performance Engineering",
        "### Deployment and Operations",
        "### Migration",
        "## Commands",
        "## Cost",
        "## Disaster Recovery",
        "## Quality Assurance Task Checklist",
        "## Traceability",
    ];
    let mut rest = plan.lines();
    for heading in wanted {
        assert!(rest.any(|line| line.starts_with(heading)), "`{heading}` is missing or out of order");
    }
}

#[test]
fn context_says_targets_security_and_stack() {
    let plan = plan("examples/shop/req.yaml", Depth::Standard);
    let context = plan.split("\n## System Architecture").next().unwrap();
    for part in [
        "**Project**",
        "**Tech stack**",
        "**Current architecture**",
        "| p95 |",
        "Compliance: gdpr, pci-dss",
        "Residency: eu",
    ] {
        assert!(context.contains(part), "the context lacks {part}");
    }
}

#[test]
fn tasks_have_the_fields_of_their_kind() {
    let plan = plan("examples/shop/req.yaml", Depth::Standard);
    let fields = |id: &str| {
        let task = plan.split(&format!("- [ ] **{id}")).nth(1).unwrap_or_else(|| panic!("no {id}"));
        let own = task.lines().skip(1).take_while(|line| line.starts_with("  - **"));
        own.filter_map(|line| Some(line.strip_prefix("  - **")?.split("**").next()?.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(fields("ARCH-PLAN-1.1 [")[..4], ["Pattern", "Versioning", "Authentication", "Documentation"]);
    assert_eq!(fields("ARCH-ITEM-1.1 [")[..4], ["Purpose", "Dependencies", "Data Store", "Scaling Strategy"]);
}

#[test]
fn every_checkbox_has_one_id() {
    for file in files("examples", "req.yaml") {
        let plan = plan(&file, Depth::Full);
        let mut fence = false;
        let mut ids = BTreeSet::new();
        for line in plan.lines() {
            fence ^= line.trim_start().starts_with("```");
            let Some(head) = line.trim_start().strip_prefix("- [ ] ").filter(|_| !fence) else { continue };
            let id = head.strip_prefix("**").and_then(|head| head.split([' ', '*', ':']).next()).unwrap_or_default();
            assert!(id.contains('-') && id.ends_with(|c: char| c.is_ascii_digit()), "{file}: no id in `{line}`");
            assert!(ids.insert(id.to_string()), "{file}: {id} stands twice");
        }
        assert!(ids.len() > 10, "{file}");
    }
}

#[test]
fn code_stands_in_labelled_fences() {
    for file in files("examples", "req.yaml") {
        let plan = plan(&file, Depth::Standard);
        let mut open = false;
        for line in plan.lines().filter(|line| line.starts_with("```")) {
            assert!(open || line.len() > 3, "{file}: a fence without a language");
            open = !open;
        }
        assert!(!open, "{file}: a fence that is not closed");
        if let Some(code) = plan.split("\n## Proposed Code Changes").nth(1) {
            let code = code.split("\n## ").next().unwrap_or_default();
            assert!(
                code.contains("- [ ] **CODE-") && code.contains("```diff"),
                "{file}: code without a task or a patch"
            );
        }
    }
}

#[test]
fn the_tree_is_walked_top_to_bottom() {
    for file in files("examples", "req.yaml") {
        let built = build(&text(&file)).unwrap();
        let nodes = &support::catalogue().trees["evidence"];
        let walked = &built.plan.decision.tree;
        let places: Vec<usize> =
            walked.iter().map(|asked| nodes.iter().position(|node| node.id == asked.node).unwrap()).collect();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{file}: {places:?}");
    }
}

#[test]
fn the_path_through_the_tree_is_drawn() {
    let plan = plan("examples/minimal/req.yaml", Depth::Standard);
    assert!(plan.contains("Which base pattern?") && plan.contains("◄══ taken"));
}

#[test]
fn the_system_is_drawn_with_what_it_is_made_of() {
    let plan = plan("examples/digital-bank/req.yaml", Depth::Standard);
    let figure = plan.split("### Architecture Diagram").nth(1).unwrap().split("### Components").next().unwrap();
    for domain in ["accounts", "cards", "bills", "customers", "notifications"] {
        assert!(figure.contains(domain), "the system figure lacks {domain}");
    }
}

#[test]
fn the_checklists_are_rows_with_their_tasks() {
    let plan = plan("examples/shop/req.yaml", Depth::Standard);
    let list = plan.split("## Quality Assurance Task Checklist").nth(1).unwrap();
    let rows: Vec<&str> = list.lines().filter(|line| line.starts_with("- [ ] **QA-")).collect();
    assert!(rows.len() >= 15, "{} rows", rows.len());
    for row in rows {
        assert!(row.contains("TASK-") || row.contains("ARCH-"), "no task satisfies `{row}`");
    }
    assert!(!plan.contains("- [x]"), "the tool never ticks");
}

#[test]
fn guidance_is_given_for_the_stated_language_only() {
    let plans = [
        ("typescript", "`strict` TypeScript"),
        ("python", "Pydantic"),
        ("go", "context.Context"),
        ("kotlin", "coroutine"),
    ];
    for (language, words) in plans {
        let file = format!(
            "archplan: 1\nproject: {{name: A}}\nteam: {{developers: 3}}\nusers: {{monthly: 9000}}\nstack: {{language: {language}}}\n"
        );
        let plan = markdown(&build(&file).unwrap(), Depth::Standard);
        for (_, other) in plans {
            assert_eq!(plan.contains(other), other == words, "{language}: {other}");
        }
    }
}

#[test]
fn what_never_belongs_stays_out() {
    for file in files("examples", "req.yaml") {
        let plan = plan(&file, Depth::Full).to_lowercase();
        for word in [
            "interview",
            "you are a",
            "world-class",
            "years of experience",
            "/review-prd",
            "$arguments",
            "model: sonnet",
        ] {
            assert!(!plan.contains(word), "{file}: {word}");
        }
    }
}

/// Words that fill a line and say nothing.
const FILLERS: [&str; 9] = [
    "consider ",
    "ensure ",
    " as needed",
    "best practice",
    " etc.",
    "make sure",
    "appropriate",
    "robust ",
    "leverage ",
];

#[test]
fn no_filler_in_generated_text() {
    let failures = files("examples", "req.yaml").into_iter().flat_map(|file| {
        let own = text(&file).to_lowercase();
        let plan = plan(&file, Depth::Full);
        let lines = plan.lines().filter(|line| {
            let line = line.to_lowercase();
            FILLERS.iter().any(|word| line.contains(word) && !own.contains(word.trim()))
        });
        lines.take(3).map(|line| format!("{file}: {line}")).collect::<Vec<_>>()
    });
    report("filler words", &failures.collect::<Vec<_>>());
}

fn run(folder: &std::path::Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_archplan")).current_dir(folder).args(args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("req.yaml"), text("examples/minimal/req.yaml")).unwrap();
    folder
}

#[test]
fn a_plan_is_one_file_of_checkboxes() {
    let folder = folder();
    assert_eq!(run(folder.path(), &["new", "req.yaml"]).status.code(), Some(0));
    let mut names: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["TODO_backend-architect.md", "req.yaml"]);
}

#[test]
fn settings_of_the_assistant_are_read() {
    let folder = folder();
    let settings = |text: &str| fs::write(folder.path().join("archplan.json"), text).unwrap();
    let topic = |args: &[&str], topic: &str| {
        let json: serde_json::Value = serde_json::from_str(&out(&run(folder.path(), args))).unwrap();
        json["selections"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|row| row["topic"] == topic)
            .map(|row| row["choice"].clone())
    };
    let new = ["new", "req.yaml", "--format", "json"];
    assert_eq!(topic(&new, "database"), Some("postgresql".into()));
    settings(
        r#"{"agents": {"backend_architect": {"enabled": true, "preferred_databases": ["mysql"], "preferred_patterns": ["monolith"], "cloud_provider": "gcp"}}}"#,
    );
    assert_eq!(topic(&new, "database"), Some("mysql".into()));
    assert!(out(&run(folder.path(), &["new", "req.yaml", "-o", "-"])).contains("on gcp"));
    settings(r#"{"agents": {"backend_architect": {"auto_suggest_architecture": false}}}"#);
    assert!(
        out(&run(folder.path(), &["new", "req.yaml", "-o", "-"])).contains("**Q1**: Which base pattern is adopted?")
    );
    settings(r#"{"agents": {"backend_architect": {"enabled": false}}}"#);
    let off = run(folder.path(), &["new", "req.yaml", "-o", "-"]);
    assert!(off.stdout.is_empty() && err(&off).contains("switched off") && off.status.code() == Some(0));
    settings(r#"{"agents": {"backend_architect": {"prefered_patterns": []}}}"#);
    let wrong = run(folder.path(), &["new", "req.yaml", "-o", "-"]);
    assert!(wrong.status.code() == Some(2) && err(&wrong).contains("prefered_patterns"), "{}", err(&wrong));
}

#[test]
fn a_company_catalogue_decides() {
    let folder = root().join("examples/company-catalogue");
    let plan = out(&run(&folder, &["new", "acme-badges.yaml", "-o", "-", "--catalogue", "acme"]));
    for words in [
        "PostgreSQL, house edition",
        "Show the plan of Acme badges",
        "Production access by badge only",
        "under the Acme contract",
        "architecture board of Acme",
    ] {
        assert!(plan.contains(words), "the plan lacks `{words}`");
    }
    assert!(!out(&run(&folder, &["new", "acme-badges.yaml", "-o", "-"])).contains("house edition"));
    let sound = run(&folder, &["patterns", "check", "acme"]);
    assert_eq!(sound.status.code(), Some(0), "{}", err(&sound));
}

#[test]
fn faults_of_a_company_catalogue_have_places() {
    let cases = [
        ("tasks/a.yaml", "key: task.a\nid: TASK-2.901\nphase: core\ntitle: A\nwhenn: always\n", "a.yaml:5:1", "whenn"),
        (
            "tasks/a.yaml",
            "key: task.a\nid: TASK-2.901\nphase: core\ntitle: A\nwhen: team.developer > 2\n",
            "a.yaml:5:7",
            "team.developer",
        ),
        (
            "tasks/a.yaml",
            "extends: task.ops.relese\nkey: task.ops.release\n",
            "a.yaml:1:10",
            "did you mean `task.ops.release`?",
        ),
        (
            "catalogue.yaml",
            "name: A\nforbid:\n  - {topic: database, technology: mysqll, because: no}\n",
            "catalogue.yaml:3:",
            "did you mean `mysql`?",
        ),
        (
            "catalogue.yaml",
            "name: A\nthresholds:\n  cpu.target-utilisatio: 0.5\n",
            "catalogue.yaml:3:3",
            "did you mean `cpu.target-utilisation`?",
        ),
        ("tecnologies/a.yaml", "id: a\n", "a.yaml:1:1", "did you mean `technologies`?"),
        (
            "numbers/a.yaml",
            "numbers:\n  - {id: a, doc: b, expected: many, unit: c, source: d, as_of: e, confidence: memory}\n",
            "a.yaml:2:",
            "many",
        ),
        ("templates/sections/qa.md.j2", "{% for %}", "qa.md", "syntax"),
    ];
    for (name, content, place, words) in cases {
        let folder = folder();
        let path = folder.path().join("own").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        let checked = run(folder.path(), &["patterns", "check", "own"]);
        assert_eq!(checked.status.code(), Some(2), "{name}: {}", err(&checked));
        assert!(err(&checked).contains(place) && err(&checked).contains(words), "{name}: {}", err(&checked));
        let new = run(folder.path(), &["new", "req.yaml", "-o", "-", "--catalogue", "own"]);
        assert!(new.status.code() == Some(2) && new.stdout.is_empty(), "{name}: {}", err(&new));
    }
}

#[test]
fn patterns_are_listed_shown_and_counted() {
    let folder = folder();
    let list = out(&run(folder.path(), &["patterns", "list", "overlays"]));
    assert!(list.contains("read-replicas") && !list.contains("task."));
    assert!(out(&run(folder.path(), &["patterns", "show", "task.ops.release"])).contains("TASK-5.2"));
    let wrong = run(folder.path(), &["patterns", "show", "task.ops.relese"]);
    assert!(wrong.status.code() == Some(2) && err(&wrong).contains("did you mean task.ops.release?"));
    let coverage = run(folder.path(), &["patterns", "coverage"]);
    assert!(coverage.status.code() == Some(0) && out(&coverage).contains("442 rows, 0 open"), "{}", out(&coverage));
    let silent = out(&run(folder.path(), &["patterns", "coverage", "req.yaml"]));
    assert!(silent.contains("never fire in 1 plan") && silent.contains("control.hipaa.risk"));
    let schema: serde_json::Value = serde_json::from_str(&out(&run(folder.path(), &["schema", "catalogue"]))).unwrap();
    assert!(schema["properties"]["technologies"].is_object());
}
