//! The living plan through the program itself: renamed things keep their ids, and a killed run leaves the old plan or the new one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const PLAN: &str = "TODO_backend-architect.md";

fn requirements(domains: &[&str]) -> String {
    let head =
        "archplan: 1\nproject: {name: Shop}\nusers: {monthly: 60k}\nteam: {developers: 12, teams: 3}\ndomains:\n";
    let rows: String = domains.iter().map(|domain| format!("  - {{{domain}}}\n")).collect();
    format!("{head}{rows}")
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_archplan")).args(arguments).current_dir(folder).output().unwrap()
}

/// Writes requirements with these domains and updates the plan.
fn update(folder: &Path, domains: &[&str]) -> String {
    fs::write(folder.join("req.yaml"), requirements(domains)).unwrap();
    let output = run(folder, &["new", "req.yaml"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(folder.join(PLAN)).unwrap()
}

/// A plan with three domains, whose second item is ticked.
fn ticked(folder: &Path) -> String {
    let plan = update(folder, &["name: catalog", "name: orders", "name: users"]);
    let ticked = plan.replace("- [ ] **ARCH-ITEM-2.1 [", "- [x] **ARCH-ITEM-2.1 [");
    assert_ne!(plan, ticked);
    fs::write(folder.join(PLAN), &ticked).unwrap();
    ticked
}

#[test]
fn a_renamed_domain_keeps_its_id_and_tick_when_was_says_so() {
    let folder = tempfile::tempdir().unwrap();
    ticked(folder.path());
    let plan =
        update(folder.path(), &["name: users", "name: catalog", "name: sales, was: orders".trim_matches(['{', '}'])]);
    assert!(plan.contains("- [x] **ARCH-ITEM-2.1 [sales]**: <!-- ap: item.sales "), "{plan}");
    assert!(!plan.contains("item.orders"), "nothing is retired");
    let again = update(folder.path(), &["name: users", "name: catalog", "name: sales, was: orders"]);
    assert_eq!(plan, again, "`was` may stay");
}

#[test]
fn a_renamed_domain_keeps_its_id_when_only_its_place_in_the_list_tells() {
    let folder = tempfile::tempdir().unwrap();
    let with = |middle: &str| update(folder.path(), &["name: catalog", middle, "name: users"]);
    let plan = with("name: orders, criticality: high, peak: 20/s");
    fs::write(folder.path().join(PLAN), plan.replace("- [ ] **ARCH-ITEM-2.1 [", "- [x] **ARCH-ITEM-2.1 [")).unwrap();
    let plan = with("name: sales, peak: 1200/min, criticality: high");
    assert!(plan.contains("- [x] **ARCH-ITEM-2.1 [sales]**: <!-- ap: item.sales ") && !plan.contains("item.orders"));
}

#[test]
fn another_thing_in_the_same_place_does_not_inherit_what_was_done() {
    for (before, after) in [
        ("name: orders, criticality: high, peak: 20/s", "name: sales, criticality: low, peak: 20/s"),
        ("name: orders, criticality: high, peak: 20/s", "name: sales, criticality: high"),
        ("name: orders", "name: sales"),
        ("name: orders, criticality: high", "name: sales, criticality: high"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let with = |middle: &str| update(folder.path(), &["name: catalog", middle, "name: users"]);
        let plan = with(before);
        fs::write(folder.path().join(PLAN), plan.replace("- [ ] **ARCH-ITEM-2.1 [", "- [x] **ARCH-ITEM-2.1 ["))
            .unwrap();
        let plan = with(after);
        assert!(!plan.contains("ARCH-ITEM-2.1 [sales]"), "{before} to {after}");
        assert!(plan.contains("- [x] **ARCH-ITEM-2.1 [orders]**"), "what was done stays below Retired");
        assert!(plan.contains("<!-- ap-retired: ARCH-ITEM-2.1 item.orders -> "), "{plan}");
    }
}

#[test]
fn what_went_and_what_came_are_named_when_it_may_not_be_the_same() {
    let folder = tempfile::tempdir().unwrap();
    ticked(folder.path());
    let plan = update(folder.path(), &["name: sales", "name: catalog", "name: users"]);
    let row = plan.lines().find(|line| line.starts_with("<!-- ap-retired: ARCH-ITEM-2.1 item.orders -> ")).unwrap();
    let successor = row.split(' ').nth(5).unwrap();
    assert_ne!(successor, "ARCH-ITEM-2.1");
    assert!(plan.contains(&format!("- [ ] **{successor} [sales]**")), "{row}");
    assert!(plan.contains("- [x] **ARCH-ITEM-2.1 [orders]**"), "what was done stays below Retired");
    assert_eq!(plan, update(folder.path(), &["name: sales", "name: catalog", "name: users"]));
}

/// The ids of the committed examples: a key keeps its id, whatever else changes. The list may only grow.
#[test]
fn ids_of_examples_are_frozen() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<_> = fs::read_dir(root.join("examples")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut now = Vec::new();
    for folder in folders {
        let Ok(plan) = fs::read_to_string(folder.join(PLAN)) else { continue };
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let ledger = archplan::document::read(&plan).ledger();
        now.extend(ledger.ids.iter().map(|(key, id)| (format!("{name} {key}"), id.clone())));
    }
    let file = root.join("tests/data/example-ids.txt");
    let text = fs::read_to_string(&file).unwrap_or_default();
    let frozen: BTreeMap<&str, &str> = text.lines().filter_map(|row| row.rsplit_once(' ')).collect();
    let moved: Vec<_> = now.iter().filter(|(key, id)| frozen.get(key.as_str()).is_some_and(|old| old != id)).collect();
    assert!(moved.is_empty(), "these keys had other ids: {moved:?}");
    let new: Vec<_> = now.iter().filter(|(key, _)| !frozen.contains_key(key.as_str())).collect();
    if std::env::var_os("UPDATE").is_some() {
        let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
        rows.extend(new.iter().map(|(key, id)| format!("{key} {id}")));
        rows.sort();
        fs::write(&file, rows.join("\n") + "\n").unwrap();
    } else {
        assert!(new.is_empty(), "freeze new ids with `UPDATE=1 cargo test --test living`: {new:?}");
    }
}

#[test]
fn a_former_name_that_is_still_there_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("req.yaml"), requirements(&["name: catalog", "name: sales, was: Catalog"])).unwrap();
    let output = run(folder.path(), &["new", "req.yaml"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("req.yaml:7:24") && error.contains("delete `was`"), "{error}");
}

/// A run that is killed at any moment leaves the plan as it was or as it shall be.
#[test]
fn a_killed_run_leaves_a_whole_plan() {
    let folder = tempfile::tempdir().unwrap();
    let small = update(folder.path(), &["name: catalog"]);
    let started = Instant::now();
    let large = update(folder.path(), &["name: catalog", "name: orders", "name: users"]);
    let whole = started.elapsed();
    let tries = 100;
    let mut seen = [0, 0];
    for round in 0..tries {
        fs::write(folder.path().join(PLAN), &small).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_archplan"))
            .args(["new", "req.yaml"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * 1.2 * f64::from(round) / f64::from(tries)));
        let _ = child.kill();
        child.wait().unwrap();
        let text = fs::read_to_string(folder.path().join(PLAN)).unwrap();
        let of = [&small, &large].iter().position(|plan| **plan == text);
        seen[of.unwrap_or_else(|| panic!("a part of a plan after round {round}:\n{text}"))] += 1;
    }
    assert!(seen[0] > 0, "no run was killed in time: {seen:?}");
}
