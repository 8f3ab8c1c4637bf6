//! The language server as editors use it: a real process, a real session.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

#[path = "support/editor.rs"]
mod editor;

use std::fs;
use std::process::Command;

use editor::{Editor, able};
use serde_json::{Value, json};
use tempfile::TempDir;

const PLAN: &str = "TODO_backend-architect.md";

const REQ: &str = "archplan: 1
project: {name: Shelf}
team: {developers: 4}
users: {monthly: 9000}
traffic:
  average: 2/s
  peak: 9/s
targets: {p95: 300ms}
features:
  - {id: F1, need: Find books, domain: catalog}
domains:
  - {name: catalog, calls: [{to: loans, per_request: 1}], publishes: [BookAdded]}
  - name: loans
    criticality: high
    consumes: [BookAdded]
entities:
  - {name: Book, domain: catalog, rows: 5k, fields: [{name: title, type: string(80)}], queries: [{by: [title]}]}
  - {name: Loan, domain: loans, rows: 2k, fields: [{name: book, ref: Book}]}
";

fn archplan(place: &TempDir, args: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_archplan")).current_dir(place.path()).args(args).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

/// A folder with requirements and their plan.
fn shelf(text: &str) -> TempDir {
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("req.yaml"), text).unwrap();
    archplan(&place, &["new", "req.yaml"]);
    place
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|one| one["code"].as_str().unwrap()).collect()
}

fn labels(items: &Value) -> Vec<String> {
    items["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_fault_is_shown_at_its_place_mended_and_gone() {
    let place = shelf(REQ);
    fs::write(place.path().join("req.yaml"), REQ.replace("average:", "Average:")).unwrap();
    let mut editor = Editor::start(place.path(), able());
    assert_eq!(editor.capabilities["positionEncoding"], "utf-8");
    let uri = editor.open("req.yaml", "yaml");
    let found = editor.diagnostics(&uri, &|all| !all.is_empty());
    let one = found.iter().find(|one| one["code"] == "unknown-key").unwrap();
    assert_eq!(one["range"], json!({"start": {"line": 5, "character": 2}, "end": {"line": 5, "character": 9}}));
    assert_eq!(one["data"]["identity"], "shelf/R006/traffic.Average");
    let mut wanted = json!({"textDocument": {"uri": uri}, "range": one["range"], "context": {"diagnostics": [one], "only": ["quickfix"]}});
    let fixes = editor.ask("textDocument/codeAction", wanted.clone());
    assert_eq!((fixes[0]["isPreferred"].as_bool(), fixes.as_array().unwrap().len()), (Some(true), 1));
    wanted["context"]["only"] = json!(["source.fixAll"]);
    let all = editor.ask("textDocument/codeAction", wanted);
    assert_eq!(all[0]["kind"], "source.fixAll.archplan");
    assert_eq!(all[0]["edit"]["documentChanges"][0]["edits"][0]["newText"], "a");
    editor.apply(&fixes[0]["edit"]);
    assert_eq!(editor.texts[&uri], REQ);
    editor.change(&uri, 2, REQ);
    editor.diagnostics(&uri, &|all| !codes(all).contains(&"unknown-key"));
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_name_that_means_nothing_is_shown_and_mended() {
    let place = shelf(REQ);
    let settled = format!("{}decisions:\n  - {{topic: messaging, choose: kafka}}\n", REQ);
    fs::write(place.path().join("req.yaml"), &settled).unwrap();
    let mut editor = Editor::start(place.path(), able());
    let uri = editor.open("req.yaml", "yaml");
    let found = editor.diagnostics(&uri, &|all| codes(all).contains(&"unknown-topic"));
    let one = found.iter().find(|one| one["code"] == "unknown-topic").unwrap();
    let wanted = json!({"textDocument": {"uri": uri}, "range": one["range"], "context": {"diagnostics": [one], "only": ["quickfix"]}});
    let fixes = editor.ask("textDocument/codeAction", wanted);
    editor.apply(&fixes[0]["edit"]);
    assert_eq!(editor.texts[&uri], settled.replace("messaging", "broker"));
    assert_eq!(editor.end(), 0);
}

#[test]
fn drift_is_shown_in_the_plan_while_the_requirements_are_typed_and_the_update_ends_it() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), able());
    let (uri, plan) = (editor.open("req.yaml", "yaml"), editor.uri(PLAN));
    let changed = REQ.replace("peak: 9/s", "peak: 900/s");
    editor.change(&uri, 2, &changed);
    let found = editor.diagnostics(&plan, &|all| codes(all).contains(&"behind-requirements"));
    let mut places = found.iter().flat_map(|one| one["relatedInformation"].as_array().unwrap());
    assert!(places.any(|place| place["location"]["uri"] == uri.as_str()), "{found:?}");
    editor.open(PLAN, "markdown");
    editor.ask("workspace/executeCommand", json!({"command": "archplan.update", "arguments": [uri]}));
    let asked = editor.wait(&|message| message["method"] == "workspace/applyEdit");
    editor.apply(&asked["params"]["edit"]);
    fs::write(place.path().join("req.yaml"), &changed).unwrap();
    assert_eq!(archplan(&place, &["new", "req.yaml", "--check"]).0, 0);
    let text = editor.texts[&plan].clone();
    editor.change(&plan, 2, &text);
    editor.diagnostics(&plan, &<[Value]>::is_empty);
    assert_eq!(editor.end(), 0);
}

#[test]
fn hover_says_unit_default_value_and_chain_and_tasks_and_rules() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), able());
    let (req, plan) = (editor.open("req.yaml", "yaml"), editor.open(PLAN, "markdown"));
    let mut hover = |uri: &str, word: &str, offset: usize| {
        let at = editor.at(uri, word, offset);
        let answer = editor.ask("textDocument/hover", at);
        answer["contents"]["value"].as_str().unwrap_or("").to_owned()
    };
    let key = hover(&req, "peak: 9/s", 1);
    assert!(key.contains("(rate, in 1/s)") && key.contains("default average x peak factor"), "{key}");
    assert!(key.contains("traffic.peak = 9/s   stated, line 7, column 9"), "{key}");
    assert_eq!(key.matches("traffic.peak = ").count(), 1, "{key}");
    let word = hover(&req, "criticality", 1);
    assert!(word.contains("One of: low, medium, high"), "{word}");
    let name = hover(&req, "name: loans", 7);
    assert!(name.contains("ARCH-ITEM-2.1 [loans]") && name.contains("instances"), "{name}");
    let task = hover(&plan, "**After**: ARCH-", 12);
    assert!(task.contains("(open)") && task.contains("**Done when**"), "{task}");
    let chain = hover(&plan, "`traffic.average`", 3);
    assert!(chain.contains("traffic.average = 2/s"), "{chain}");
    assert!(hover(&req, "project: {", 9).is_empty() || hover(&req, "project", 2).contains("project"));
    assert_eq!(editor.end(), 0);
}

#[test]
fn keys_words_names_and_ids_are_proposed_where_they_belong() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), able());
    let (req, plan) = (editor.open("req.yaml", "yaml"), editor.open(PLAN, "markdown"));
    let mut version = 1;
    let mut proposed = |uri: &str, from: &str, to: &str, word: &str| {
        let text = editor.texts[uri].clone();
        version += 1;
        editor.change(uri, version, &text.replacen(from, to, 1));
        let at = editor.at(uri, word, word.len());
        let items = editor.ask("textDocument/completion", at);
        editor.change(uri, version, &text);
        labels(&items)
    };
    let keys = proposed(&req, "  peak: 9/s\n", "  peak: 9/s\n  sha\n", "\n  sha");
    assert!(keys.contains(&"shape".into()) && !keys.contains(&"peak".into()), "{keys:?}");
    let words = proposed(&req, "criticality: high", "criticality: ", "criticality: ");
    assert_eq!(words, ["low", "medium", "high"]);
    assert_eq!(proposed(&req, "{to: loans,", "{to: ,", "{to: "), ["catalog", "loans"]);
    assert_eq!(proposed(&req, "ref: Book", "ref: ", "ref: "), ["Book", "Loan"]);
    assert_eq!(proposed(&req, "by: [title]", "by: [", "by: ["), ["title"]);
    assert_eq!(proposed(&req, "consumes: [BookAdded]", "consumes: [", "consumes: ["), ["BookAdded"]);
    let rules = proposed(&req, "team:", "# archplan: ignore[\nteam:", "ignore[");
    assert!(rules.contains(&"over-engineering".into()) && rules.contains(&"unknown-key".into()));
    let top = proposed(&req, "archplan: 1\n", "archplan: 1\nbud\n", "\nbud");
    assert!(top.contains(&"budget".into()) && !top.contains(&"team".into()), "{top:?}");
    let ids = proposed(&plan, "**After**: ", "**After**: ARCH-ITEM-", "**After**: ARCH-ITEM-");
    assert!(ids.contains(&"ARCH-ITEM-2.1".into()) && ids.iter().all(|id| id.starts_with("ARCH-ITEM-")), "{ids:?}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn one_gets_from_uses_to_what_is_given_and_back_over_both_files() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), able());
    let (req, plan) = (editor.open("req.yaml", "yaml"), editor.open(PLAN, "markdown"));
    let lines = |editor: &mut Editor, method: &str, uri: &str, word: &str, offset: usize| -> Vec<String> {
        let at = editor.at(uri, word, offset);
        let found = editor.ask(&format!("textDocument/{method}"), at);
        found.as_array().unwrap().iter().map(|location| editor.line(location)).collect()
    };
    let mut go = |method: &str, uri: &str, word: &str, offset: usize| lines(&mut editor, method, uri, word, offset);
    assert_eq!(go("definition", &req, "{to: loans", 6), ["  - name: loans"]);
    let task = go("definition", &req, "name: loans", 7);
    assert!(task[0].starts_with("- [ ] **ARCH-ITEM-2.1 [loans]**"), "{task:?}");
    assert_eq!(go("definition", &plan, "ARCH-ITEM-2.1 [loans]", 3), ["  - name: loans"]);
    assert!(go("definition", &plan, "**After**: ARCH-", 12)[0].starts_with("- [ ] **ARCH-"));
    assert_eq!(go("definition", &plan, "`traffic.peak`", 3), ["  peak: 9/s"]);
    assert!(go("definition", &req, "peak: 9/s", 1)[0].contains("traffic.peak"));
    let uses = go("references", &req, "name: loans", 7);
    let in_req = uses.iter().filter(|line| !line.contains("**")).count();
    assert!(in_req == 3 && uses.iter().any(|line| line.contains("[loans]")), "{uses:?}");
    assert!(go("references", &plan, "ARCH-ITEM-2.1 [loans]", 3).len() > 1);
    assert!(go("references", &req, "peak: 9/s", 1).len() > 3);
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_new_name_goes_through_both_files_and_leaves_no_drift() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), able());
    let (req, plan) = (editor.open("req.yaml", "yaml"), editor.open(PLAN, "markdown"));
    for (word, offset, new) in [("name: loans", 7, "lending"), ("id: F1", 5, "FIND")] {
        let mut at = editor.at(&req, word, offset);
        let range = editor.ask("textDocument/prepareRename", at.clone());
        assert!(range["placeholder"].is_string(), "{word}");
        at["newName"] = new.into();
        let edit = editor.ask("textDocument/rename", at);
        let names = editor.apply(&edit);
        assert!(names.contains(&"req.yaml".to_owned()), "{new}");
        let (code, said) = archplan(&place, &["new", "req.yaml", "--check"]);
        assert_eq!(code, 0, "{new}: {said}");
        for uri in [&req, &plan] {
            let text = editor.texts[uri].clone();
            editor.change(uri, 9, &text);
        }
    }
    assert!(editor.texts[&req].contains("name: lending\n    was: loans"), "{}", editor.texts[&req]);
    assert!(editor.texts[&plan].contains("ARCH-ITEM-2.1 [lending]"));
    assert!(!archplan(&place, &["lint", PLAN]).1.contains("behind"));
    let mut at = editor.at(&req, "name: lending", 7);
    at["newName"] = "catalog".into();
    let refused = editor.answer("textDocument/rename", at);
    assert!(refused["error"]["message"].as_str().unwrap().contains("does not do as a name"), "{refused}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_task_gets_another_number_its_old_one_is_retired_and_nothing_looks_edited() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), able());
    let (_, plan) = (editor.open("req.yaml", "yaml"), editor.open(PLAN, "markdown"));
    let two: Vec<String> = editor.texts[&plan]
        .split("- [ ] **TASK-3.")
        .skip(1)
        .take(2)
        .map(|rest| format!("TASK-3.{}", rest.split(' ').next().unwrap()))
        .collect();
    let mut at = editor.at(&plan, &format!("**{}", two[0]), 3);
    for (new, why) in [(two[1].as_str(), "taken"), ("TASK-1.500", "another group"), ("x", "no id")] {
        at["newName"] = new.into();
        let refused = editor.answer("textDocument/rename", at.clone());
        assert!(refused["error"]["message"].as_str().unwrap().contains(why), "{refused}");
    }
    let mut at = editor.at(&plan, "ARCH-ITEM-2.1 [loans]", 3);
    at["newName"] = "ARCH-ITEM-2.7".into();
    let edit = editor.ask("textDocument/rename", at);
    editor.apply(&edit);
    let text = &editor.texts[&plan];
    assert!(text.contains("**ARCH-ITEM-2.7 [loans]**") && text.contains("ap-retired: ARCH-ITEM-2.1 "));
    assert_eq!(text.matches("ARCH-ITEM-2.1").count(), 1, "only the retired entry knows the old id");
    let (code, said) = archplan(&place, &["new", "req.yaml", "--check"]);
    assert_eq!(code, 0, "{said}");
    let said = archplan(&place, &["lint", "--select", "P,D", "--format", "concise", PLAN]).1;
    assert!(!said.contains("ARCH-ITEM-2."), "{said}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn outlines_lenses_and_hints_show_what_was_decided() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), able());
    let (req, plan) = (editor.open("req.yaml", "yaml"), editor.open(PLAN, "markdown"));
    let of = |uri: &str| json!({"textDocument": {"uri": uri}});
    let names = |rows: &Value| -> Vec<String> {
        rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let outline = editor.ask("textDocument/documentSymbol", of(&req));
    assert!(names(&outline).contains(&"domains".to_owned()));
    let domains = outline.as_array().unwrap().iter().find(|row| row["name"] == "domains").unwrap();
    assert_eq!(names(&domains["children"]), ["catalog", "loans"]);
    let outline = editor.ask("textDocument/documentSymbol", of(&plan));
    assert!(names(&outline[0]["children"]).contains(&"Architecture Items".to_owned()));
    let found = editor.ask("workspace/symbol", json!({"query": "loans"}));
    assert!(names(&found).iter().any(|name| name.contains("ARCH-ITEM-2.1")), "{found}");
    let lens = editor.ask("textDocument/codeLens", of(&req));
    let title = lens[0]["command"]["title"].as_str().unwrap();
    assert!(title.contains("monolith") && title.contains("stage 2") && title.contains('$'), "{title}");
    let lens = editor.ask("textDocument/codeLens", of(&plan));
    assert!(lens[0]["command"]["title"].as_str().unwrap().starts_with("0 of "), "{lens}");
    let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let hints = editor.ask("textDocument/inlayHint", json!({"textDocument": {"uri": req}, "range": all}));
    let hints = hints.to_string();
    assert!(hints.contains("stage 2") && hints.contains("assumed: ") && hints.contains("replicas"), "{hints}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn positions_are_counted_as_the_client_counts() {
    let text = REQ.replace("{name: Shelf}", "{name: \"🛍é\", kin: x}");
    let place = shelf(REQ);
    fs::write(place.path().join("req.yaml"), &text).unwrap();
    for (encoding, column) in [("utf-8", 26), ("utf-16", 23), ("utf-32", 22)] {
        let mut editor = Editor::start(place.path(), json!({"general": {"positionEncodings": [encoding]}}));
        assert_eq!(editor.capabilities["positionEncoding"], encoding);
        let uri = editor.open("req.yaml", "yaml");
        let found = editor.diagnostics(&uri, &|all| codes(all).contains(&"unknown-key"));
        let one = found.iter().find(|one| one["code"] == "unknown-key").unwrap();
        assert_eq!(one["range"]["start"], json!({"line": 1, "character": column}), "{encoding}");
        // An incremental edit at that place hits the same character.
        let range = &one["range"];
        let change = json!({"range": range, "text": "kind"});
        editor.say(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]}),
        );
        let found = editor.diagnostics(&uri, &|all| codes(all).contains(&"unknown-value"));
        assert_eq!(
            found.iter().find(|one| one["code"] == "unknown-value").unwrap()["range"]["start"]["character"],
            column + 6
        );
        assert_eq!(editor.end(), 0);
    }
}

#[test]
fn levels_of_the_nearest_configuration_hold() {
    let place = shelf(REQ);
    fs::write(place.path().join("archplan.toml"), "[lint.rules]\nunknown-key = \"warning\"\n").unwrap();
    fs::write(place.path().join("req.yaml"), REQ.replace("average:", "averages:")).unwrap();
    let elsewhere = TempDir::new().unwrap();
    let mut editor = Editor::start(elsewhere.path(), able());
    let uri = format!("file://{}/req.yaml", place.path().display());
    let text = fs::read_to_string(place.path().join("req.yaml")).unwrap();
    let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
    editor.say("textDocument/didOpen", json!({"textDocument": document}));
    let found = editor.diagnostics(&uri, &|all| codes(all).contains(&"unknown-key"));
    assert_eq!(found.iter().find(|one| one["code"] == "unknown-key").unwrap()["severity"], 2);
    assert_eq!(editor.end(), 0);
}

#[test]
fn what_the_baseline_knows_is_marked_and_not_hidden() {
    let place = shelf(&REQ.replace("average:", "averages:"));
    fs::write(place.path().join("archplan.toml"), "[lint]\nbaseline = \"known.json\"\n").unwrap();
    let mut lint = Command::new(env!("CARGO_BIN_EXE_archplan"));
    lint.current_dir(place.path()).args(["lint", "req.yaml", "--baseline", "known.json", "--write-baseline"]);
    assert!(lint.output().unwrap().status.success());
    let mut editor = Editor::start(place.path(), able());
    let uri = editor.open("req.yaml", "yaml");
    let found = editor.diagnostics(&uri, &|all| codes(all).contains(&"unknown-key"));
    let known = found.iter().find(|one| one["code"] == "unknown-key").unwrap();
    assert_eq!(known["severity"], 4);
    assert!(known["message"].as_str().unwrap().contains("[in the baseline]"), "{known}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn of_many_changes_only_the_newest_is_checked() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), able());
    let uri = editor.open("req.yaml", "yaml");
    let change = |version: i64| {
        let text = REQ.replace("9000", &format!("{version}000"));
        json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]}})
    };
    let mut messages: Vec<Value> = (2..=60).map(change).collect();
    messages.insert(3, json!({"jsonrpc": "2.0", "id": "old", "method": "textDocument/inlayHint", "params": {"textDocument": {"uri": uri}}}));
    editor.send(&messages);
    editor.wait(&|message| message["params"]["version"] == 60);
    let old = editor.wait(&|message| message["id"] == "old");
    let published =
        editor.unasked.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics").count();
    assert!(published < 30, "{published} of 60 texts were checked");
    assert!(old["error"]["code"] == -32801 || old["result"].is_array(), "{old}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn clients_that_ask_for_diagnostics_are_told_once_and_then_that_nothing_changed() {
    let place = shelf(REQ);
    fs::write(place.path().join("req.yaml"), REQ.replace("p95: 300ms", "p95: 300ms, p99: 100ms")).unwrap();
    let pulls = json!({"textDocument": {"diagnostic": {}}});
    let mut editor = Editor::start(place.path(), pulls);
    let uri = editor.open("req.yaml", "yaml");
    let first = editor.ask("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}));
    assert!(codes(first["items"].as_array().unwrap()).contains(&"percentile-order"), "{first}");
    let again = json!({"textDocument": {"uri": uri}, "previousResultId": first["resultId"]});
    assert_eq!(editor.ask("textDocument/diagnostic", again)["kind"], "unchanged");
    assert!(editor.unasked.iter().all(|message| message["method"] != "textDocument/publishDiagnostics"));
    assert_eq!(editor.end(), 0);
}

#[test]
fn no_message_ends_the_session_and_leaving_without_a_word_is_no_success() {
    let place = shelf(REQ);
    let mut editor = Editor::start(place.path(), Value::Null);
    editor.raw(b"Content-Length: 7\r\n\r\nno json");
    assert_eq!(
        editor.wait(&|message| message["id"].is_null() && message.get("error").is_some())["error"]["code"],
        -32700
    );
    let uri = editor.open("req.yaml", "yaml");
    let methods = [
        "hover",
        "completion",
        "definition",
        "references",
        "prepareRename",
        "rename",
        "codeAction",
        "codeLens",
        "inlayHint",
        "documentSymbol",
        "diagnostic",
        "nothing",
    ];
    let odd = [
        Value::Null,
        json!([]),
        json!({"textDocument": {"uri": 7}}),
        json!({"textDocument": {"uri": "file:///nowhere"}}),
        json!({"textDocument": {"uri": uri}, "position": {"line": -1, "character": "x"}}),
        json!({"textDocument": {"uri": uri}, "position": {"line": 4_000_000_000_u64, "character": 99}, "newName": "\u{0}"}),
        json!({"textDocument": {"uri": uri}, "range": {"start": {"line": 9, "character": 9}, "end": {"line": 0, "character": 0}}}),
    ];
    for text in [
        REQ,
        "",
        "{",
        "a: [\n  {b: 'x",
        "# archplan: ignore[",
        "\u{feff}é: 🛍\r\n\r",
        "domains: [{name: {}}]",
        "entities:\n- queries: [by: 1]\n",
    ] {
        editor.change(&uri, 2, text);
        for method in methods {
            for params in &odd {
                let answer = editor.answer(&format!("textDocument/{method}"), params.clone());
                assert_ne!(answer["error"]["code"], -32603, "{method} {params}: {answer}");
            }
            for character in 0..3 {
                let place = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": character}, "newName": "n"});
                let answer = editor.answer(&format!("textDocument/{method}"), place);
                assert_ne!(answer["error"]["code"], -32603, "{method}: {answer}");
            }
        }
    }
    let bad = json!({"range": {"start": {}, "end": 3}, "text": 5});
    editor.say("textDocument/didChange", json!({"textDocument": {"uri": uri}, "contentChanges": [bad, 4]}));
    editor.say("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    assert!(editor.answer("textDocument/hover", editor_place(&uri))["error"].is_object());
    assert_eq!(editor.leave(), 1);
}

fn editor_place(uri: &str) -> Value {
    json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}})
}
