//! Forms of a plan: what they hold, and the page in a real browser where one is installed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

use archplan::document;
use archplan::export::{Form, export};
use std::path::Path;
use std::process::Command;

/// Names a browser may have.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

fn plan(name: &str) -> document::Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}/TODO_backend-architect.md"));
    document::read(&std::fs::read_to_string(path).unwrap())
}

fn one(document: &document::Document, form: Form) -> String {
    export(document, form).unwrap().remove(0).text
}

#[test]
fn json_and_csv_hold_every_task_with_its_state_and_notes() {
    let text = plan("shop").text;
    let ticked = text.replacen("- [ ] **TASK-6.1 ", "- [x] **TASK-6.1 ", 1).replacen(
        "  - **Evidence**: rule export",
        "  - firewall ordered, ticket 7\n  - **Evidence**: rule export",
        1,
    );
    let document = document::read(&ticked);
    let data: serde_json::Value = serde_json::from_str(&one(&document, Form::Json)).unwrap();
    let tasks = data["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), document.tasks.iter().filter(|t| !t.id.is_empty()).count());
    let task = tasks.iter().find(|t| t["id"] == "TASK-6.1").unwrap();
    assert_eq!((task["state"].as_str(), task["edited"].as_bool()), (Some("done"), Some(false)));
    assert_eq!(task["notes"], serde_json::json!(["firewall ordered, ticket 7"]));
    assert!(tasks.iter().all(|t| t["id"].as_str().unwrap().starts_with("QA-") || t["phase"].is_string()));
    let csv = one(&document, Form::Csv);
    assert_eq!(csv.matches("\r\n").count(), tasks.len() + 1);
    assert!(csv.contains("TASK-6.1,Close the network,done,"));
}

#[test]
fn every_choice_has_one_decision_record() {
    for name in ["minimal", "shop", "digital-bank"] {
        let files = export(&plan(name), Form::Adr).unwrap();
        assert_eq!(files[0].name, "base-pattern.md", "{name}");
        let mut names: Vec<&str> = files.iter().map(|f| f.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), files.len(), "{name}: two records of one name");
        for file in &files {
            for heading in ["\n# ", "\n## Context and Problem Statement\n", "\n## Decision Outcome\n"] {
                assert!(file.text.contains(heading), "{name}/{}: no {heading:?}", file.name);
            }
        }
    }
}

#[test]
fn graphs_of_the_plan_are_read_back_from_its_drawings() {
    for (form, ending, edge) in [
        (Form::Mermaid, "mmd", "-->"),
        (Form::D2, "d2", "->"),
        (Form::Dot, "dot", "->"),
        (Form::Structurizr, "dsl", "->"),
    ] {
        let files = export(&plan("shop"), form).unwrap();
        assert_eq!(files[0].name, format!("system.{ending}"));
        assert!(files.len() > 2, "{ending}: the request path and others are graphs too");
        for part in ["Clients", "Amazon CloudFront", "Stripe", edge] {
            assert!(files[0].text.contains(part), "{part} in\n{}", files[0].text);
        }
    }
}

#[test]
fn the_page_holds_no_markup_of_a_person() {
    let hostile = "# TODO: x <script>alert(1)</script>\n\n- [ ] **TASK-1.1 [<img src=x onerror=alert(2)>]**: <!-- ap: a -->\n  - note <svg onload=alert(3)>\n\n\
        <iframe src=\"//evil\"></iframe>\n<!-- unfinished\n\n<div onclick=alert(4)>\n\n[a](javascript:alert(5)) ![b](http://c/d.png)\n";
    let html = one(&document::read(hostile), Form::Html);
    let body = &html[html.find("<main>").unwrap()..html.find("</main>").unwrap()];
    for tag in ["<script", "<img", "<svg", "<iframe", "<div o", "javascript:", "d.png"] {
        assert!(!body.contains(tag), "{tag} in\n{body}");
    }
    assert!(html.contains("<title>TODO: x alert(1)</title>"), "{html}");
}

#[test]
fn the_page_works_in_a_browser() {
    let found = BROWSERS.iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(browser) = found else {
        eprintln!("skipped: no browser ({})", BROWSERS.join(", "));
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut document = plan("shop");
    document = document::read(&document.text.replacen("## Context", "<b onclick=x>hello</b>\n\n## Context", 1));
    let page = folder.path().join("plan.html");
    std::fs::write(&page, one(&document, Form::Html)).unwrap();
    let dom = |hash: &str| {
        let output = Command::new(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .args(["--dump-dom", &format!("file://{}{hash}", page.display())])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let (all, some) = (dom(""), dom("#q=TLS%20on%20every%20hop"));
    let tasks = document.tasks.iter().filter(|t| !t.id.is_empty()).count();
    let shown = |dom: &str| dom.matches("<li id=").count() - dom.matches("hidden=\"\"").count();
    assert_eq!(shown(&all), tasks, "every task is an element of the page");
    let left = shown(&some);
    assert!((1..5).contains(&left), "the search leaves the tasks that hold its words: {left}");
    assert!(some.contains(&format!("{left} of {tasks} tasks shown")));
    assert!(all.matches("class=\"figure\"").count() >= 2 && !all.contains("<b onclick"));
}
