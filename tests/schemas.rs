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
fn check(subject: &str, arguments: &[&str]) -> Value {
    let schema = run(&["schema", subject]);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let output = run(arguments);
    let faults: Vec<String> =
        validator.iter_errors(&output).take(5).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{arguments:?}:\n{}", faults.join("\n"));
    output
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

/// Keys of a document that its schema does not describe, where it describes keys at all.
fn undescribed(root: &Value, schema: &Value, value: &Value, path: &str, out: &mut Vec<String>) {
    let schema = match schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/")) {
        Some(name) => &root[name.split('/').next().unwrap()][name.rsplit('/').next().unwrap()],
        None => schema,
    };
    if let (Some(keys), Some(fields)) = (schema["properties"].as_object(), value.as_object()) {
        for (key, value) in fields {
            match keys.get(key) {
                Some(schema) => undescribed(root, schema, value, &format!("{path}.{key}"), out),
                None => out.push(format!("{path}.{key}")),
            }
        }
    }
    for value in value.as_array().into_iter().flatten() {
        undescribed(root, &schema["items"], value, &format!("{path}[]"), out);
    }
}

#[test]
fn plans_as_data_follow_the_contract() {
    let schema = run(&["schema", "plan"]);
    let mut new = Vec::new();
    for name in examples() {
        let plan = check("plan", &["new", &format!("{name}/req.yaml"), "--format", "json"]);
        undescribed(&schema, &schema, &plan, "", &mut new);
    }
    new.sort();
    new.dedup();
    assert!(new.is_empty(), "keys that `archplan schema plan` does not describe: {new:#?}");
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
fn answers_about_requirements_follow_their_schemas() {
    for name in ["minimal", "ticket-desk"] {
        let req = format!("{name}/req.yaml");
        let req = req.as_str();
        let missing = "none.yaml";
        for (subject, words) in [
            ("flip", vec!["flip", req]),
            ("flip", vec!["flip", missing]),
            ("what-if", vec!["what-if", req, "--set", "users.monthly=900k"]),
            ("what-if", vec!["what-if", req, "--set", "users.monthly=many"]),
            ("compare", vec!["compare", req, "--set", "team.developers=2,30"]),
            ("compare", vec!["compare", req, "--set", "team.developers=2"]),
            ("diff", vec!["diff", "volunteer-shifts/req.yaml", req]),
            ("diff", vec!["diff", "volunteer-shifts/TODO_backend-architect.md", req]),
            ("explain", vec!["explain", "traffic.peak", req]),
            ("explain", vec!["explain", "pattern", req]),
            ("explain", vec!["explain", "database", req]),
            ("explain", vec!["explain", "plan.data", req]),
            ("explain", vec!["explain", "dangling-after"]),
            ("explain", vec!["explain", "traffic.peek", req]),
        ] {
            check(subject, &[words, vec!["--format", "json"]].concat());
        }
    }
}

#[test]
fn findings_files_and_drawings_follow_their_schemas() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let bad = place("req.yaml", "archplan: 1\nproject: {nmae: A}\nteam: {developers: 3 people}\n");
    let torn = place("drawing.txt", "┌───┐\n│ A │\n└───\n");
    check("rules", &["rules", "--format", "json"]);
    for name in ["minimal", "shop", "volunteer-shifts"] {
        let (req, plan) = (format!("{name}/req.yaml"), format!("{name}/TODO_backend-architect.md"));
        for (subject, words) in [
            ("findings", vec!["lint", req.as_str()]),
            ("findings", vec!["lint", plan.as_str(), "--gate", "core"]),
            ("findings", vec!["lint", bad.as_str()]),
            ("findings", vec!["lint", "none.yaml"]),
            ("extract", vec!["extract", plan.as_str(), "--dry-run", "-d", folder.path().to_str().unwrap()]),
            ("extract", vec!["extract", "none.md"]),
            ("diagram", vec!["diagram", req.as_str()]),
            ("diagram", vec!["diagram", plan.as_str(), "--figure", "all"]),
            ("diagram", vec!["diagram", "--verify", torn.as_str()]),
            ("diagram", vec!["diagram", "none.yaml"]),
        ] {
            check(subject, &[words, vec!["--format", "json"]].concat());
        }
    }
}

#[test]
fn a_wrong_document_is_refused() {
    let validator = jsonschema::validator_for(&run(&["schema", "plan"])).unwrap();
    let mut plan = run(&["new", "minimal/req.yaml", "--format", "json"]);
    assert!(validator.is_valid(&plan));
    plan["tasks"][0]["id"] = "nonsense".into();
    assert!(!validator.is_valid(&plan));
}
