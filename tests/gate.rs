//! `archplan lint` as people and pipelines call it: formats, fixes, baselines, configuration, standard input.

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
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const REQ: &str = "archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {monthly: 4000}\n";

/// A plan with an error at line 4, a warning at line 3, and a row that names nothing.
const PLAN: &str = "# TODO: backend architecture of Pastebox\n\n- [ ] **TASK-1.1 [a]**:\n  - **After**: TASK-9.9\n- [ ] **QA-1**: all is well\n";

fn place(files: &[(&str, &str)]) -> TempDir {
    let place = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(place.path().join(name), text).unwrap();
    }
    place
}

fn command(place: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archplan"));
    command.current_dir(place).args(args).stdin(Stdio::null()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn run(place: &TempDir, args: &[&str]) -> Output {
    command(place.path(), args).output().unwrap()
}

fn fed(place: &TempDir, args: &[&str], input: &str) -> Output {
    let mut child = command(place.path(), args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", out(output)))
}

#[test]
fn lint_alone_finds_both_files_and_a_plan_brings_its_requirements() {
    let here = place(&[("req.yaml", REQ)]);
    assert_eq!(code(&run(&here, &["new", "req.yaml"])), 0);
    for args in [&["lint", "--format", "json"][..], &["lint", "TODO_backend-architect.md", "--format", "json"]] {
        let output = run(&here, args);
        let document = json(&output);
        assert_eq!((code(&output), document["counts"]["files"].as_u64()), (0, Some(2)), "{}", err(&output));
        assert_eq!(document["counts"]["families"], "RPADW");
    }
    let plan = fs::read_to_string(here.path().join("TODO_backend-architect.md")).unwrap();
    let piped = fed(&here, &["lint", "-"], &plan);
    assert_eq!((code(&piped), out(&piped).as_str()), (0, ""));
    assert!(err(&piped).contains("checked 1 file(s)"), "{}", err(&piped));
    let batch = serde_json::json!({"x/req.yaml": REQ.replace("4000", "9000"), "x/TODO_backend-architect.md": plan});
    let both = fed(&here, &["lint", "--stdin-batch", "--format", "concise", "--select", "D"], &batch.to_string());
    assert!(out(&both).contains("D001"), "{}{}", out(&both), err(&both));
}

#[test]
fn nothing_checked_is_never_green() {
    let here = place(&[("notes.md", "# Notes\n")]);
    for (args, words) in [
        (&["lint"][..], "nothing to check"),
        (&["lint", "missing.md"], "missing.md"),
        (&["lint", "--select", "danglin-after"], "did you mean dangling-after?"),
        (&["lint", "--severity", "dangling-after=loud"], "no level `loud`"),
        (&["lint", "--format", "sarf"], "did you mean sarif?"),
        (&["lint", "--today", "tomorrow"], "is no day"),
        (&["lint", "--config", "none.toml"], "none.toml"),
    ] {
        let output = run(&here, args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(err(&output).contains(words), "{args:?}: {}", err(&output));
    }
    for (format, words) in [
        ("json", "\"error\""),
        ("jsonl", "\"error\""),
        ("sarif", "executionSuccessful\": false"),
        ("gitlab", "blocker"),
        ("junit", "<error "),
        ("checkstyle", "severity=\"error\""),
        ("github", "::error"),
        ("agent", "error: "),
    ] {
        let output = run(&here, &["lint", "missing.md", "--format", format]);
        assert_eq!(code(&output), 2);
        assert!(out(&output).contains(words), "{format}: {}", out(&output));
    }
}

#[test]
fn every_format_carries_the_same_identity_and_place() {
    let here = place(&[("plan.md", PLAN)]);
    let with = |format: &str| {
        let one = run(&here, &["lint", "plan.md", "--select", "P012", "--format", format]);
        let two = run(&here, &["lint", "./plan.md", "--select", "P012", "--format", format]);
        assert_eq!((code(&one), &one.stdout), (1, &two.stdout), "{format}");
        out(&one)
    };
    let identity = "pastebox/P012/TASK-1.1/TASK-9.9";
    let sarif: Value = serde_json::from_str(&with("sarif")).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["partialFingerprints"]["archplan/v1"], identity);
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 4);
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][0]["name"], "DanglingAfter");
    let gitlab: Value = serde_json::from_str(&with("gitlab")).unwrap();
    assert_eq!((&gitlab[0]["fingerprint"], &gitlab[0]["location"]["lines"]["begin"]), (&identity.into(), &4.into()));
    let json: Value = serde_json::from_str(&with("json")).unwrap();
    assert_eq!((&json["findings"][0]["identity"], &json["findings"][0]["column"]), (&identity.into(), &16.into()));
    assert!(with("junit").contains(&format!("name=\"{identity}\"")));
    assert!(with("checkstyle").contains("<error line=\"4\" column=\"16\" severity=\"error\""));
    assert!(
        with("github")
            .starts_with("::error file=plan.md,line=4,endLine=4,col=16,endColumn=24,title=P012 dangling-after::")
    );
    assert!(with("concise").starts_with("plan.md:4:16: error[P012] dangling-after: "));
    assert!(with("agent").contains("plan.md:4:16: error[dangling-after] "));
    let text = with("text");
    assert!(text.contains("--> plan.md:4:16") && text.contains("^^^^^^^^") && text.contains("= fix: "), "{text}");
    let lines = with("jsonl");
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()) && lines.lines().count() == 2);
}

/// The names of the elements of an XML text, opened and closed in order; panics when it is not well-formed.
fn elements(xml: &str) -> Vec<String> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    for tag in xml.split('<').skip(1).map(|rest| rest.split_once('>').expect("a closed tag").0) {
        let name = tag.trim_matches(['/', '?']).split(' ').next().unwrap().to_owned();
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(closing) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closing));
        } else if !tag.starts_with('?') {
            all.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty());
    all
}

#[test]
fn reports_of_other_tools_have_their_form() {
    let plan = PLAN.replace("all is well", "it's <\"all\"> & well");
    let here = place(&[("plan.md", &plan), ("req.yaml", REQ)]);
    let with = |format: &str| out(&run(&here, &["lint", "--format", format]));
    let issues: Vec<Value> = serde_json::from_str(&with("gitlab")).unwrap();
    let mut names: Vec<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), issues.len());
    for issue in &issues {
        let keys: Vec<&String> = issue.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["description", "check_name", "fingerprint", "severity", "location"]);
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        assert!(
            issue["location"]["lines"]["begin"].as_u64().unwrap() > 0
                && !issue["location"]["path"].as_str().unwrap().starts_with(['/', '.'])
        );
    }
    let junit = with("junit");
    let cases = elements(&junit).iter().filter(|name| *name == "testcase").count();
    let failures = elements(&junit).iter().filter(|name| *name == "failure").count();
    assert!(junit.contains(&format!("tests=\"{cases}\" failures=\"{failures}\" errors=\"0\"")), "{junit}");
    let checkstyle = with("checkstyle");
    assert_eq!(elements(&checkstyle).iter().filter(|name| *name == "file").count(), 2);
    assert_eq!(elements(&checkstyle).iter().filter(|name| *name == "error").count(), issues.len());
}

#[test]
fn several_reports_of_one_run_and_the_worst_first() {
    let here = place(&[("plan.md", PLAN)]);
    let output = run(&here, &["lint", "--format", "github", "--format", "sarif=out.sarif", "--format=junit=out.xml"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    let text = out(&output);
    let ranks: Vec<usize> = text
        .lines()
        .filter_map(|line| ["::error", "::warning", "::notice"].iter().position(|word| line.starts_with(word)))
        .collect();
    assert!(ranks.len() > 3 && ranks.is_sorted(), "{text}");
    assert!(text.contains("plan.md:4:16: error[P012]") && text.contains("checked 1 file(s)"));
    let sarif: Value = serde_json::from_str(&fs::read_to_string(here.path().join("out.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert!(fs::read_to_string(here.path().join("out.xml")).unwrap().ends_with("</testsuites>\n"));
    assert_eq!(code(&run(&here, &["lint", "--format", "text", "--format", "json"])), 2);
}

#[test]
fn fixes_reach_a_fixed_point_and_never_touch_ticks() {
    let bad = "archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {monthly: 4000}\ntraffic: {Shape: Daily}\nusrs: 3 # mine\n";
    let plan = "# TODO: backend architecture of Pastebox\n\n- [X] **TASK-1.1 [a]**: <!-- ap: a 123abc -->\n  - **After**: TASK-4.3\n\n```diff\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\n+b\n```\n\n<!-- ap-ledger\nTASK-1.1 a\nTASK-4.3 old\n-->\n<!-- ap-retired: TASK-4.3 old -> TASK-1.1 -->\n";
    let here = place(&[("req.yaml", bad), ("TODO_backend-architect.md", plan)]);
    let read = |name: &str| fs::read_to_string(here.path().join(name)).unwrap();
    let shown = run(&here, &["lint", "--diff"]);
    assert_eq!(code(&shown), 1);
    assert!(
        out(&shown).contains("+traffic: {shape: daily}") && out(&shown).contains("+@@ -1,1 +1,1 @@"),
        "{}",
        out(&shown)
    );
    assert_eq!((read("req.yaml").as_str(), read("TODO_backend-architect.md").as_str()), (bad, plan));
    let fixed = run(&here, &["lint", "--fix"]);
    assert!(err(&fixed).contains("mended "), "{}", err(&fixed));
    assert!(read("req.yaml").contains("traffic: {shape: daily}\nusrs: 3 # mine\n"), "{}", read("req.yaml"));
    let now = read("TODO_backend-architect.md");
    assert!(now.contains("- [X] **TASK-1.1") && now.contains("@@ -1,1 +1,1 @@") && now.contains("**After**: TASK-1.1"));
    assert_eq!(out(&run(&here, &["lint", "--diff"])), "");
    run(&here, &["lint", "--unsafe-fixes"]);
    assert!(read("req.yaml").contains("\nusers: 3 # mine\n"));
    let piped = fed(&here, &["lint", "-", "--fix", "--stdin-filename", "other/req.yaml"], bad);
    assert!(out(&piped).contains("traffic: {shape: daily}") && !out(&piped).contains("error["), "{}", out(&piped));
}

#[test]
fn regenerating_single_tasks_keeps_what_a_person_wrote() {
    let here = place(&[("req.yaml", REQ)]);
    run(&here, &["new", "req.yaml"]);
    let path = here.path().join("TODO_backend-architect.md");
    let mine = fs::read_to_string(&path)
        .unwrap()
        .replace("- [ ] **TASK-1.1", "- [x] **TASK-1.1")
        .replace("## Cost\n", "## Cost\n\nMy note.\n");
    fs::write(&path, &mine).unwrap();
    fs::write(here.path().join("req.yaml"), REQ.replace("4000", "9000")).unwrap();
    assert_eq!(code(&run(&here, &["lint", "--fail-on", "warning"])), 1);
    run(&here, &["lint", "--unsafe-fixes", "--select", "D001"]);
    let now = fs::read_to_string(&path).unwrap();
    assert!(now.contains("9k monthly users") && now.contains("- [x] **TASK-1.1") && now.contains("My note."));
    assert_eq!(out(&run(&here, &["lint", "--select", "D001"])), "");
}

#[test]
fn a_baseline_marks_what_was_there_and_reports_what_is_gone() {
    let here = place(&[("plan.md", PLAN)]);
    let written = run(&here, &["lint", "plan.md", "--baseline", "b.json", "--write-baseline"]);
    assert_eq!(code(&written), 0, "{}", err(&written));
    fs::write(here.path().join("plan.md"), format!("\n\n{PLAN}- [ ] **TASK-1.1 [b]**:\n")).unwrap();
    let moved = run(&here, &["lint", "plan.md", "--baseline", "b.json", "--format", "concise"]);
    let new: Vec<String> =
        out(&moved).lines().filter(|line| !line.contains("[in the baseline]")).map(str::to_owned).collect();
    assert!(code(&moved) == 1 && new.iter().any(|line| line.contains("P005")), "{new:?}");
    assert!(!new.iter().any(|line| line.contains("P012")), "{new:?}");
    fs::write(here.path().join("plan.md"), PLAN.replace("TASK-9.9", "nothing")).unwrap();
    let gone = run(&here, &["lint", "plan.md", "--baseline", "b.json", "--format", "concise"]);
    assert!(out(&gone).contains("b.json:") && out(&gone).contains("W009"), "{}", out(&gone));
    assert_eq!(code(&run(&here, &["lint", "plan.md", "--baseline", "b.json", "--prune-baseline"])), 0);
    let clean = run(&here, &["lint", "plan.md", "--baseline", "b.json", "--format", "concise"]);
    assert!(!out(&clean).contains("W009"), "{}", out(&clean));
    fs::write(here.path().join("b.json"), "{").unwrap();
    assert_eq!(code(&run(&here, &["lint", "plan.md", "--baseline", "b.json"])), 2);
}

#[test]
fn file_then_environment_then_flags() {
    let here = place(&[
        ("plan.md", PLAN),
        ("archplan.toml", "[lint]\nselect = [\"P012\"]\n[lint.rules]\nP012 = \"warning\"\n"),
    ]);
    fs::create_dir(here.path().join("sub")).unwrap();
    fs::write(here.path().join("sub/plan.md"), PLAN).unwrap();
    let below = command(&here.path().join("sub"), &["lint", "--format", "concise"]).output().unwrap();
    assert_eq!((code(&below), out(&below).lines().count()), (0, 1), "{}", out(&below));
    let environment = command(here.path(), &["lint", "plan.md"]).env("ARCHPLAN_FAIL_ON", "warning").output().unwrap();
    assert_eq!(code(&environment), 1);
    let flag = command(here.path(), &["lint", "plan.md", "--fail-on", "never"])
        .env("ARCHPLAN_FAIL_ON", "warning")
        .output()
        .unwrap();
    assert_eq!(code(&flag), 0);
    let isolated = run(&here, &["lint", "plan.md", "--isolated", "--format", "concise"]);
    assert!(code(&isolated) == 1 && out(&isolated).lines().count() > 3);
    let strict = run(&here, &["lint", "plan.md", "--isolated", "--profile", "relaxed", "--ignore", "P008,P012"]);
    assert_eq!(code(&strict), 0, "{}", out(&strict));
    let shown = run(&here, &["lint", "--show-settings", "--gate", "core"]);
    assert!(
        out(&shown).starts_with("# archplan.toml, then ") && out(&shown).contains("gate = \"core\""),
        "{}",
        out(&shown)
    );
    fs::write(here.path().join("archplan.toml"), "[lint]\nselct = []\n").unwrap();
    let wrong = run(&here, &["lint", "plan.md", "--format", "json"]);
    assert_eq!(code(&wrong), 2);
    assert!(json(&wrong)["error"].as_str().unwrap().contains("archplan.toml:2:1: unknown field `selct`"));
}

#[test]
fn only_what_changed_since_a_commit() {
    let here = place(&[("plan.md", PLAN)]);
    let git = |args: &[&str]| {
        let mut all = vec!["-c", "user.name=t", "-c", "user.email=t@example.org"];
        all.extend(args);
        Command::new("git").current_dir(here.path()).args(all).output().is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        return;
    }
    assert!(git(&["add", "."]) && git(&["commit", "-q", "-m", "one"]));
    fs::write(here.path().join("plan.md"), format!("{PLAN}- [ ] **TASK-1.2 [b]**:\n  - **After**: TASK-8.8\n"))
        .unwrap();
    let output = run(&here, &["lint", "plan.md", "--since", "HEAD", "--select", "P012,P021", "--format", "concise"]);
    assert!(out(&output).lines().count() == 2 && out(&output).contains("TASK-8.8"), "{}", out(&output));
    assert!(!out(&output).contains("TASK-9.9"));
    assert_eq!(code(&run(&here, &["lint", "plan.md", "--since", "nowhere"])), 2);
}

#[test]
fn a_plan_is_compared_with_its_repository() {
    let here = place(&[("req.yaml", REQ)]);
    run(&here, &["new", "req.yaml"]);
    let path = here.path().join("TODO_backend-architect.md");
    let plan = fs::read_to_string(&path).unwrap();
    let file = "  - **Done when**: file `ops/missing.yml` exists\n";
    let diff = "\n## Mine\n\n```diff\n--- a/app.toml\n+++ b/app.toml\n@@ -1 +1 @@\n-port = 1\n+port = 2\n```\n";
    let own = format!("- [x] **TASK-9.1 [mine]**:\n{file}");
    fs::write(&path, plan.replace("## Commands\n", &format!("{own}\n## Commands\n")) + diff).unwrap();
    let root = here.path().join("repo");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("app.toml"), "port = 9\n").unwrap();
    fs::write(root.join("Gemfile"), "source\n").unwrap();
    fs::write(root.join("compose.yaml"), "services:\n  cache:\n    image: redis:8\n").unwrap();
    let args =
        ["lint", "--root", "repo", "--format", "json", "--select", "D006,D007,D008,D009", "TODO_backend-architect.md"];
    let document = json(&run(&here, &args));
    let found = |code: &str| {
        let findings = document["findings"].as_array().unwrap();
        findings
            .iter()
            .find(|finding| finding["rule"] == code)
            .unwrap_or_else(|| panic!("no {code}: {document:#}"))
            .clone()
    };
    assert!(found("D006")["message"].as_str().unwrap().contains("`ops/missing.yml` is not in the repository"));
    assert!(found("D007")["message"].as_str().unwrap().contains("fits neither"));
    assert!(found("D008")["message"].as_str().unwrap().contains("Gemfile"));
    let store = found("D009");
    assert_eq!((&store["related"][0]["path"], &store["related"][0]["line"]), (&"compose.yaml".into(), &3.into()));
    fs::write(root.join("app.toml"), "port = 2\n").unwrap();
    fs::write(root.join("go.mod"), "module x\n").unwrap();
    fs::remove_file(root.join("compose.yaml")).unwrap();
    fs::create_dir(root.join("ops")).unwrap();
    fs::write(root.join("ops/missing.yml"), "a: 1\n").unwrap();
    assert_eq!(json(&run(&here, &args))["findings"], serde_json::json!([]));
}

#[test]
fn watching_brackets_every_run_with_two_lines() {
    let here = place(&[("plan.md", PLAN)]);
    let mut child = command(here.path(), &["lint", "plan.md", "--watch", "--format", "concise"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let mut next = |wanted: &str| lines.by_ref().map_while(Result::ok).find(|line| line.contains(wanted)).is_some();
    assert!(next("archplan: checking") && next("P012") && next("archplan: watching"));
    fs::write(here.path().join("plan.md"), format!("{PLAN}\n\n")).unwrap();
    assert!(next("archplan: checking") && next("archplan: watching"));
    // The plan is checked with the requirements beside it, although only the plan is named.
    fs::write(here.path().join("req.yaml"), "archplan: 1\nnonsense: 1\n").unwrap();
    assert!(next("archplan: checking") && next("R006") && next("archplan: watching"));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn rules_are_listed_and_explained() {
    let here = place(&[]);
    let listing = json(&run(&here, &["rules", "--format", "json"]));
    let rules = listing["rules"].as_array().unwrap();
    assert!(
        rules.len() > 140 && rules.iter().all(|rule| rule["page"].as_str().is_some_and(|page| page.contains("## Fix")))
    );
    for name in ["dangling-after", "P012", "p012", "no-api-versioning", "expired-waiver", "D001"] {
        let page = run(&here, &["explain", name]);
        assert!(code(&page) == 0 && out(&page).contains("## What"), "{name}");
    }
    assert!(err(&run(&here, &["explain", "danglin-after"])).contains("did you mean dangling-after?"));
}

#[test]
fn configuration_holds_for_new_too() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/company-catalogue/acme");
    let settings = format!("width = 60\ncatalogue = [{:?}]\n", own.display().to_string());
    let here = place(&[("req.yaml", REQ), ("archplan.toml", &settings)]);
    let plan = |args: &[&str]| json(&run(&here, &[&["new", "req.yaml", "--format", "json"], args].concat()));
    let (configured, flagged, isolated) = (plan(&[]), plan(&["--width", "72"]), plan(&["--isolated"]));
    let widths = [&configured, &flagged, &isolated].map(|plan| plan["diagrams"][0]["width"].as_u64());
    assert_eq!(widths, [Some(60), Some(72), Some(100)]);
    assert_ne!(configured["engine"]["rules"], isolated["engine"]["rules"]);
    fs::write(here.path().join("archplan.toml"), "catalogue = [\"nowhere\"]\n").unwrap();
    let output = run(&here, &["new", "req.yaml"]);
    assert!(code(&output) == 2 && err(&output).contains("nowhere"), "{}", err(&output));
}
