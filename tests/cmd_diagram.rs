//! `archplan diagram` as people and machines call it, and its exports in the tools that they are for.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use archplan::diagram::{Model, export};
use tempfile::TempDir;

const GRAPH: &str = "nodes:\n- {id: api, label: [Order, API], cluster: eu}\n- {id: db, label: Orders, kind: database}\n\
                     edges:\n- {from: api, to: db, label: SQL}\nclusters:\n- {id: eu, label: 'Region: EU'}\n";

fn place() -> TempDir {
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("graph.yaml"), GRAPH).unwrap();
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shop/req.yaml");
    fs::copy(shop, place.path().join("req.yaml")).unwrap();
    place
}

fn run(place: &TempDir, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archplan"));
    command.current_dir(place.path()).args(args).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn requirements_and_their_plan_give_the_same_figures() {
    let place = place();
    assert_eq!(status(&run(&place, &["new", "req.yaml"])), 0);
    let plan = "TODO_backend-architect.md";
    for figure in ["system", "event-flow", "migration"] {
        let stated = out(&run(&place, &["diagram", "req.yaml", "--figure", figure]));
        assert!(
            stated.contains('┌') && fs::read_to_string(place.path().join(plan)).unwrap().contains(stated.trim_end())
        );
        let again = out(&run(&place, &["diagram", plan, "--figure", figure, "--width", "72", "--ascii"]));
        assert!(again.is_ascii() && again.lines().all(|line| line.len() <= 72), "{again}");
        fs::write(place.path().join("drawing.txt"), again).unwrap();
        let check = run(&place, &["diagram", plan, "--figure", figure, "--width", "72", "--verify", "drawing.txt"]);
        assert_eq!((status(&check), out(&check).as_str()), (0, ""), "{figure}");
    }
    assert!(out(&run(&place, &["diagram", plan, "--format", "mermaid"])).starts_with("```mermaid\nflowchart"));
    let wrong = run(&place, &["diagram", plan, "--figure", "sytem"]);
    assert_eq!(status(&wrong), 2);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("it has: system"));
}

#[test]
fn a_drawing_is_compared_with_its_graph() {
    let place = place();
    let drawing = out(&run(&place, &["diagram", "graph.yaml"]));
    fs::write(place.path().join("good.txt"), &drawing).unwrap();
    fs::write(place.path().join("bad.txt"), drawing.replace('▼', "─")).unwrap();
    assert_eq!(status(&run(&place, &["diagram", "graph.yaml", "--verify", "good.txt"])), 0);
    assert_eq!(status(&run(&place, &["diagram", "--verify", "good.txt"])), 0);
    let bad = run(&place, &["diagram", "graph.yaml", "--verify", "bad.txt"]);
    assert!(status(&bad) == 1 && out(&bad).contains("missing: api -> db 'SQL'"), "{}", out(&bad));
    assert_eq!(status(&run(&place, &["diagram", "--verify", "bad.txt"])), 1);
    let json = run(&place, &["diagram", "graph.yaml", "--verify", "bad.txt", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    assert!(status(&json) == 1 && !found["findings"].as_array().unwrap().is_empty());
}

#[test]
fn a_wrong_graph_is_refused_with_what_is_wrong() {
    let place = place();
    fs::write(
        place.path().join("wrong.yaml"),
        GRAPH.replace("to: db", "to: dbb").replace("cluster: eu", "cluster: us"),
    )
    .unwrap();
    let wrong = run(&place, &["diagram", "wrong.yaml"]);
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(status(&wrong) == 2 && out(&wrong).is_empty(), "{said}");
    assert!(said.contains("no node `dbb`") && said.contains("cluster `us`"), "{said}");
    let json = run(&place, &["diagram", "wrong.yaml", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    assert!(status(&json) == 2 && document["error"].as_str().unwrap().contains("dbb"));
    assert_eq!(status(&run(&place, &["diagram", "absent.yaml"])), 2);
    assert_eq!(status(&run(&place, &["diagram"])), 2);
}

/// Runs the program of each format over the exports of all known models, and says which program is not here.
#[test]
fn the_tools_take_the_exports() {
    let mut models: Vec<(String, Model)> = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagrams")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            models
                .push((path.display().to_string(), serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap()));
        }
    }
    let place = TempDir::new().unwrap();
    type Form = fn(&Model) -> String;
    let tools: [(&str, &[&str], &str, Form); 4] = [
        ("dot", &["-Tcanon", "-o", "out"], "dot", export::dot),
        ("d2", &["validate"], "d2", export::d2),
        ("structurizr-cli", &["validate", "-w"], "dsl", export::structurizr),
        ("mmdc", &["-o", "out.svg", "-i"], "mmd", |model| export::mermaid_blocks(model)[0].clone()),
    ];
    for (tool, args, ending, form) in tools {
        let file = format!("graph.{ending}");
        for (name, model) in &models {
            fs::write(place.path().join(&file), form(model)).unwrap();
            let ran = Command::new(tool).args(args).arg(&file).current_dir(place.path()).output();
            let Ok(ran) = ran else {
                println!("skipped: {tool} is not installed, {ending} is checked for form only");
                break;
            };
            assert!(
                ran.status.success(),
                "{tool} refuses {name}: {}\n{}",
                String::from_utf8_lossy(&ran.stderr),
                form(model)
            );
        }
    }
}
