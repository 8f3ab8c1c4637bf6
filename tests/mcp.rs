//! The tools for language models over a real process, and what else the program prints for tools: manual pages, the section for AGENTS.md,
//! the schema that a file names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const REQ: &str = "archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {monthly: 4000}\n";

fn archplan(place: &TempDir, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_archplan"))
        .current_dir(place.path())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// The answers to some lines.
fn session(place: &TempDir, lines: &[String]) -> Vec<Value> {
    let output = archplan(place, &["mcp"], &(lines.join("\n") + "\n"));
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn call(id: usize, tool: &str, arguments: Value) -> String {
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})
        .to_string()
}

fn said(answer: &Value) -> &str {
    answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"))
}

fn place() -> TempDir {
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("req.yaml"), REQ).unwrap();
    place
}

#[test]
fn a_model_plans_works_and_ticks_with_tools_that_say_what_the_commands_say() {
    let place = place();
    let first = session(
        &place,
        &[
            json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-03-26"}})
                .to_string(),
            json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string(),
            call(2, "new", json!({"requirements": "req.yaml", "depth": "brief"})),
            call(3, "next", json!({"limit": 1})),
            call(4, "lint", json!({})),
            call(5, "explain", json!({"what": "no-api-versioning"})),
        ],
    );
    assert_eq!(first.len(), 5, "a notification has no answer");
    assert_eq!(first[0]["result"]["protocolVersion"], "2025-03-26");
    assert!(said(&first[1]).contains("added"), "{}", first[1]);
    let ready = &first[2]["result"]["structuredContent"]["ready"][0];
    assert!(said(&first[3]).contains("next: ") && first[3]["result"]["isError"] == false);
    assert!(said(&first[4]).contains("## Fix"));
    let id = ready["id"].as_str().unwrap();
    let shown = String::from_utf8(archplan(&place, &["show", id], "").stdout).unwrap();
    let second = session(
        &place,
        &[call(1, "show", json!({"id": id})), call(2, "done", json!({"id": id})), call(3, "next", json!({}))],
    );
    assert_eq!(said(&second[0]), shown);
    assert_eq!(second[1]["result"]["structuredContent"]["state"], "done");
    assert!(!said(&second[2]).contains(&format!("\"{id}\"")));
}

#[test]
fn findings_are_an_answer_and_wrong_calls_say_what_to_do() {
    let place = place();
    fs::write(place.path().join("req.yaml"), REQ.replace("monthly", "montly")).unwrap();
    let answers = session(
        &place,
        &[
            call(1, "lint", json!({"paths": ["req.yaml"]})),
            call(2, "lint", json!({"paths": ["req.yaml"], "format": "json"})),
            call(3, "new", json!({"requirements": "req.yaml"})),
            call(4, "show", json!({"ids": "x"})),
            call(5, "show", json!({})),
            call(6, "show", json!({"id": "--help"})),
            call(7, "next", json!({"limit": 0})),
            call(8, "lint", json!({"gate": "now"})),
            call(9, "nxt", json!({})),
            "{".to_owned(),
            "[]".to_owned(),
            json!({"jsonrpc": "2.0", "id": 10, "method": "resources/list"}).to_string(),
            json!({"jsonrpc": "2.0", "id": 11, "method": "ping"}).to_string(),
        ],
    );
    assert!(said(&answers[0]).contains("req.yaml:4:9: error[unknown-key]") && answers[0]["result"]["isError"] == false);
    assert_eq!(answers[1]["result"]["structuredContent"]["schema"], "archplan.findings/1");
    let wrong = ["unknown key `montly`", "did you mean `id`?", "needs `id`", "no flag", "whole number", "one of core"];
    for (answer, words) in answers[2..].iter().zip(wrong) {
        assert!(answer["result"]["isError"] == true && said(answer).contains(words), "{words}: {answer}");
    }
    assert!(answers[8]["error"]["message"].as_str().unwrap().contains("did you mean next?"), "{}", answers[8]);
    let codes: Vec<i64> = answers[9..12].iter().map(|answer| answer["error"]["code"].as_i64().unwrap()).collect();
    assert_eq!((codes, &answers[12]["result"]), (vec![-32700, -32600, -32601], &json!({})));
}

#[test]
fn every_tool_has_a_sound_input_schema_and_is_a_command() {
    let answers = session(&place(), &[json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string()]);
    let tools = answers[0]["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["new", "lint", "explain", "flip", "next", "show", "done"]);
    for tool in tools {
        let schema = jsonschema::validator_for(&tool["inputSchema"]).unwrap();
        assert!(!schema.is_valid(&json!({"surely-unknown": 1})), "{tool}");
        let described = tool["inputSchema"]["properties"].as_object().unwrap().values();
        assert!(described.into_iter().all(|one| one["description"].is_string()), "{tool}");
    }
}

#[test]
fn every_command_has_a_manual_page_without_a_date() {
    let place = place();
    let dir = place.path().join("man");
    assert_eq!(archplan(&place, &["man", "--dir", "man"], "").status.code(), Some(0));
    let help = String::from_utf8(archplan(&place, &["--help"], "").stdout).unwrap();
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap().lines();
    let names: Vec<&str> =
        commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(names.contains(&"lsp") && names.contains(&"mcp"), "{names:?}");
    for name in names.iter().filter(|name| help.contains(&format!("\n  {name} "))) {
        let page = fs::read_to_string(dir.join(format!("archplan-{name}.1"))).unwrap_or_else(|_| panic!("{name}"));
        assert!(page.contains(&format!(".TH archplan-{name} 1  \"archplan ")), "{name}");
    }
    let said = archplan(&place, &["man", "lnt"], "");
    assert!(said.status.code() == Some(2) && String::from_utf8_lossy(&said.stderr).contains("did you mean lint?"));
}

#[test]
fn the_section_for_agents_names_commands_that_exist_and_the_schema_stands_beside_its_file() {
    let place = TempDir::new().unwrap();
    let section = String::from_utf8(archplan(&place, &["init", "--agents"], "").stdout).unwrap();
    let help = String::from_utf8(archplan(&place, &["--help"], "").stdout).unwrap();
    for command in section.split("`archplan ").skip(1) {
        let name = command.split([' ', '`']).next().unwrap();
        assert!(help.contains(&format!("\n  {name} ")), "{name}");
    }
    assert!(!place.path().join("req.yaml").exists());
    assert_eq!(archplan(&place, &["init", "--preset", "minimal", "--schema"], "").status.code(), Some(0));
    let text = fs::read_to_string(place.path().join("req.yaml")).unwrap();
    assert!(text.starts_with("# yaml-language-server: $schema=req.schema.json\n"), "{text}");
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(place.path().join("req.schema.json")).unwrap()).unwrap();
    assert!(schema["properties"]["archplan"].is_object());
    assert_eq!(archplan(&place, &["lint", "req.yaml"], "").status.code(), Some(0));
}
