//! Every machine form follows the schema that `archplan schema` prints for it, errors included.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn run(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_archplan"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// Validates an output against its schema.
fn check(subject: &str, arguments: &[&str]) {
    let schema = run(&["schema", subject]);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let output = run(arguments);
    let faults: Vec<String> =
        validator.iter_errors(&output).take(5).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{arguments:?}:\n{}", faults.join("\n"));
}

/// Examples with a plan.
fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("req.yaml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn plans_as_data_follow_the_contract() {
    for name in examples() {
        check("plan", &["new", &format!("{name}/req.yaml"), "--format", "json"]);
    }
}

#[test]
fn answers_follow_their_schemas() {
    let plan = "shop/TODO_backend-architect.md";
    let json = ["--format", "json"];
    for (subject, words) in [
        ("export", vec!["export", plan, "--to", "json"]),
        ("status", vec!["status", plan]),
        ("next", vec!["next", plan]),
        ("show", vec!["show", "ARCH-PLAN-2.1", plan]),
        ("show", vec!["show", "TASK-9.9", plan]),
        ("verify", vec!["verify", plan]),
        ("status", vec!["status", "no-such-file"]),
    ] {
        let mut words = words;
        if subject != "export" {
            words.extend(json);
        }
        check(subject, &words);
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("plan.md");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(plan), &copy).unwrap();
    check("task", &["done", "ARCH-PLAN-2.1", copy.to_str().unwrap(), "--format", "json"]);
}

#[test]
fn a_wrong_document_is_refused() {
    let validator = jsonschema::validator_for(&run(&["schema", "plan"])).unwrap();
    let mut plan = run(&["new", "minimal/req.yaml", "--format", "json"]);
    assert!(validator.is_valid(&plan));
    plan["tasks"][0]["id"] = "nonsense".into();
    assert!(!validator.is_valid(&plan));
}
