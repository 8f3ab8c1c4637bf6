//! The commands on changed requirements, run as programs: `flip`, `what-if`, `compare` and `diff`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use support::report;
use tempfile::TempDir;

const SHOP: &str = "archplan: 1
project: {name: Shop}
team: {developers: 9, teams: 2}
users: {monthly: {low: 60k, expected: 80k, high: 200k}}
data: {access: [transactions, search]}
domains: [{name: catalog, peak: 20/s}, {name: orders}]
";

fn place() -> TempDir {
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("req.yaml"), SHOP).unwrap();
    fs::write(place.path().join("more.yaml"), SHOP.replace("developers: 9", "developers: 30")).unwrap();
    fs::write(place.path().join("wrong.yaml"), SHOP.replace("monthly:", "monthlyy:")).unwrap();
    place
}

fn run(place: &TempDir, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archplan"));
    command.current_dir(place.path()).args(args).stdin(Stdio::null()).env_remove("CLICOLOR_FORCE").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn data(place: &TempDir, args: &[&str]) -> Value {
    let output = run(place, &[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}: {}", out(&output)))
}

/// Call, exit code, what stands on standard output and on standard error.
const CALLS: &[(&[&str], i32, &str, &str)] = &[
    (&["flip", "--help"], 0, "archplan flip req.yaml pattern", ""),
    (&["flip", "req.yaml"], 0, "team.developers 10", ""),
    (&["flip", "req.yaml", "search"], 0, "users.monthly", ""),
    (
        &["flip", "req.yaml", "pattern", "--format", "md"],
        0,
        "| Decision | Now | Robustness | Change | Gives |\n|---|",
        "",
    ),
    (&["flip", "req.yaml", "databse"], 2, "", "did you mean database?"),
    (&["flip", "req.yaml", "qqqqq"], 2, "", "there are: pattern"),
    (&["flip", "missing.yaml"], 2, "", "cannot read missing.yaml"),
    (&["flip", "wrong.yaml"], 2, "", "monthlyy"),
    (&["what-if", "--help"], 0, "team.teams=null", ""),
    (&["what-if", "req.yaml", "--set", "team.developers=30"], 0, "-> microservices", ""),
    (&["what-if", "req.yaml", "--set", "team.developers=30", "--format", "md"], 0, "### Decisions\n\n| What |", ""),
    (&["what-if", "req.yaml", "--set", "team.developers=9"], 0, "Nothing differs.", ""),
    (&["what-if", "req.yaml", "--set", "team.teams=null"], 0, "pattern", ""),
    (&["what-if", "req.yaml", "--set", "domains[catalog].peak=900/s"], 0, "domains[catalog].peak", ""),
    (&["what-if", "req.yaml"], 2, "", "--set"),
    (&["what-if", "req.yaml", "--set", "team.developers"], 2, "", "write a path and a value"),
    (&["what-if", "req.yaml", "--set", "team.developpers=30"], 2, "", "did you mean `developers`?"),
    (&["what-if", "req.yaml", "--set", "stack.cloud=awss"], 2, "", "did you mean `aws`?"),
    (&["what-if", "req.yaml", "--set", "domains[catalogue].peak=1/s"], 2, "", "did you mean `catalog`?"),
    (&["compare", "--help"], 0, "side by side", ""),
    (&["compare", "req.yaml", "--set", "stack.cloud=aws,gcp,hetzner"], 0, "hetzner", ""),
    (&["compare", "req.yaml", "--set", "stack.cloud=aws,gcp", "--format", "md"], 0, "| stack.cloud | aws | gcp |", ""),
    (&["compare", "req.yaml", "--set", "stack.cloud=aws"], 2, "", "nothing to compare"),
    (&["compare", "req.yaml", "--set", "stack.cloud=aws,gpc"], 2, "", "did you mean `gcp`?"),
    (&["compare", "req.yaml", "--set", "team.developers=1,2,3,4,5,6,7,8,9,10,11,12,13"], 2, "", "at most 12"),
    (&["diff", "--help"], 0, "--exit-code", ""),
    (&["diff", "req.yaml", "more.yaml"], 0, "team.developers", ""),
    (&["diff", "req.yaml", "more.yaml", "--exit-code"], 1, "-> microservices", ""),
    (&["diff", "req.yaml", "req.yaml", "--exit-code"], 0, "Nothing differs.", ""),
    (&["diff", "req.yaml", "wrong.yaml"], 2, "", "monthlyy"),
    (&["diff", "req.yaml", "missing.yaml"], 2, "", "cannot read missing.yaml"),
];

#[test]
fn exit_codes_and_streams_are_as_promised() {
    let place = place();
    let mut failures = Vec::new();
    for (args, wanted, on_out, on_err) in CALLS {
        let output = run(&place, args);
        let (code, err) = (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned());
        if code != Some(*wanted) || !out(&output).contains(on_out) || !err.contains(on_err) {
            failures.push(format!("{args:?}: exit {code:?} instead of {wanted}\n{}{err}", out(&output)));
        }
        if *wanted == 2 && !out(&output).is_empty() {
            failures.push(format!("{args:?}: something on stdout beside an error"));
        }
    }
    report("calls go wrong", &failures);
}

#[test]
fn data_is_one_document_with_schema_also_on_errors() {
    let place = place();
    let calls: [(&[&str], &str); 8] = [
        (&["flip", "req.yaml"], "archplan.flip/1"),
        (&["flip", "wrong.yaml"], "archplan.flip/1"),
        (&["flip", "req.yaml", "nothing"], "archplan.flip/1"),
        (&["what-if", "req.yaml", "--set", "team.developers=30"], "archplan.what-if/1"),
        (&["what-if", "req.yaml", "--set", "team.developpers=30"], "archplan.what-if/1"),
        (&["compare", "req.yaml", "--set", "stack.cloud=aws,gcp"], "archplan.compare/1"),
        (&["diff", "req.yaml", "more.yaml"], "archplan.diff/1"),
        (&["diff", "missing.yaml", "more.yaml"], "archplan.diff/1"),
    ];
    for (args, schema) in calls {
        assert_eq!(data(&place, args)["schema"], schema, "{args:?}");
    }
    assert!(data(&place, &["flip", "missing.yaml"])["error"].as_str().unwrap().contains("missing.yaml"));
}

#[test]
fn data_says_the_same_as_the_text() {
    let place = place();
    let flips = data(&place, &["flip", "req.yaml", "pattern"]);
    let first = &flips["decisions"][0];
    assert_eq!((&first["topic"], &first["choice"]), (&"pattern".into(), &"modular-monolith".into()));
    assert_eq!(first["robustness"]["variations"], 512);
    assert_eq!(first["flips"][0]["change"][0]["path"], "team.developers");
    let what_if = data(&place, &["what-if", "req.yaml", "--set", "team.developers=30"]);
    let pattern = what_if["decisions"].as_array().unwrap().iter().find(|row| row["what"] == "pattern").unwrap();
    assert_eq!((&pattern["old"], &pattern["new"]), (&"modular-monolith".into(), &"microservices".into()));
    assert!(what_if["tasks"].as_array().unwrap().iter().any(|task| task["change"] == "added"));
    assert_eq!(what_if["set"][0]["value"], "30");
    let compared = data(&place, &["compare", "req.yaml", "--set", "stack.cloud=aws,gcp"]);
    let names: Vec<&Value> =
        compared["columns"].as_array().unwrap().iter().map(|column| &column["set"][0]["value"]).collect();
    assert_eq!(names, ["aws", "gcp"]);
    let diff = data(&place, &["diff", "req.yaml", "more.yaml"]);
    assert_eq!(diff["decisions"], what_if["decisions"]);
}

#[test]
fn two_plans_are_compared_by_their_files() {
    let place = place();
    for (req, plan) in [("req.yaml", "old.md"), ("more.yaml", "new.md")] {
        assert!(run(&place, &["new", req, "-o", plan]).status.success());
    }
    let same = run(&place, &["diff", "old.md", "old.md", "--exit-code"]);
    assert_eq!((same.status.code(), out(&same).as_str()), (Some(0), "Nothing differs.\n"));
    let changed = run(&place, &["diff", "old.md", "new.md", "--exit-code"]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(out(&changed).contains("-> Microservices") && out(&changed).contains("Tasks added"), "{}", out(&changed));
    let text = fs::read_to_string(place.path().join("old.md")).unwrap();
    fs::write(place.path().join("ticked.md"), text.replacen("- [ ] **", "- [x] **", 1)).unwrap();
    let ticked = data(&place, &["diff", "old.md", "ticked.md"]);
    assert_eq!(ticked["tasks"][0]["fields"], serde_json::json!(["ticked"]));
    let mixed = run(&place, &["diff", "old.md", "req.yaml"]);
    assert_eq!(mixed.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&mixed.stderr).contains("req.yaml is none"), "{mixed:?}");
}
