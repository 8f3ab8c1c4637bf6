//! What `archplan lint` keeps of earlier runs: the same words sooner, and never an old one for a new one.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

use std::fs;
use std::path::Path;
use std::process::Command;

const PLAN: &str = "TODO_backend-architect.md";

/// A system in a folder: requirements with a finding, and a plan of depth brief.
fn system(folder: &Path) {
    fs::write(folder.join("req.yaml"), include_str!("../examples/shop/req.yaml")).unwrap();
    let output = command(folder).args(["new", "req.yaml", "--depth", "brief"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archplan"));
    command.current_dir(folder).env_remove("ARCHPLAN_NO_CACHE").env("ARCHPLAN_TODAY", "2026-11-21");
    command
}

/// Exit code, standard output and standard error.
fn lint(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let output =
        command(folder).arg("lint").args(args).env("ARCHPLAN_CACHE_DIR", folder.join(".kept")).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The entries of the cache.
fn kept(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder.join(".kept"))
        .map_or(Vec::new(), |entries| entries.flatten().map(|entry| entry.path()).collect());
    paths.sort();
    paths
}

/// What a run says is what a run without the cache says, whether it is the first or the second.
fn agrees(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let fresh = lint(folder, &[args, &["--no-cache"]].concat());
    assert_eq!(lint(folder, args), fresh, "{args:?}");
    assert_eq!(lint(folder, args), fresh, "{args:?}, again");
    fresh
}

#[test]
fn what_is_kept_says_the_same_in_every_format() {
    let place = tempfile::tempdir().unwrap();
    system(place.path());
    for format in ["text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "agent"] {
        agrees(place.path(), &["--format", format]);
    }
    assert_eq!(kept(place.path()).len(), 1);
}

#[test]
fn a_second_run_reads_what_the_first_one_found() {
    let place = tempfile::tempdir().unwrap();
    system(place.path());
    let first = lint(place.path(), &["--format", "concise"]);
    let [entry] = &kept(place.path())[..] else { panic!("one entry") };
    let text = fs::read_to_string(entry).unwrap();
    let name = "kept before";
    assert!(first.1.lines().count() > 0 && text.contains("\"message\":\""), "{first:?}");
    fs::write(entry, text.replacen("\"message\":\"", &format!("\"message\":\"{name} "), 1)).unwrap();
    assert!(lint(place.path(), &["--format", "concise"]).1.contains(name));
    assert!(!lint(place.path(), &["--format", "concise", "--no-cache"]).1.contains(name));
}

#[test]
fn whatever_changes_is_seen() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    system(folder);
    let before = agrees(folder, &[]);
    let plan = fs::read_to_string(folder.join(PLAN)).unwrap();
    let req = fs::read_to_string(folder.join("req.yaml")).unwrap();
    // The plan, the requirements, and both as they were.
    fs::write(folder.join(PLAN), plan.replacen("**After**: ", "**After**: TASK-9.99, ", 1)).unwrap();
    assert_ne!(agrees(folder, &[]), before);
    fs::write(folder.join(PLAN), &plan).unwrap();
    assert_eq!(agrees(folder, &[]), before);
    fs::write(folder.join("req.yaml"), req.replacen("developers: ", "developers: 9", 1)).unwrap();
    assert_ne!(agrees(folder, &[]), before);
    fs::write(folder.join("req.yaml"), &req).unwrap();
    // The configuration: flags, the file, the day.
    assert_ne!(agrees(folder, &["--select", "P"]), before);
    assert_ne!(agrees(folder, &["--gate", "core"]), before);
    fs::write(folder.join("archplan.toml"), "[lint]\nignore = [\"A\"]\n").unwrap();
    assert_ne!(agrees(folder, &[]), before);
    fs::remove_file(folder.join("archplan.toml")).unwrap();
    for day in ["2026-11-21", "2031-01-01"] {
        agrees(folder, &["--today", day]);
    }
    // Only one of the files.
    agrees(folder, &["req.yaml"]);
    agrees(folder, &[PLAN, "--isolated"]);
    assert_eq!(agrees(folder, &[]), before);
}

#[test]
fn what_follows_from_more_than_the_files_is_not_kept() {
    let place = tempfile::tempdir().unwrap();
    system(place.path());
    for args in [&["--root", "."][..], &["--fix"], &["--diff"], &["--no-cache"]] {
        lint(place.path(), args);
    }
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("catalogue.yaml"), "name: ours\n").unwrap();
    lint(place.path(), &["--catalogue", "own"]);
    assert_eq!(kept(place.path()), [] as [std::path::PathBuf; 0]);
}

#[test]
fn broken_entries_and_folders_are_passed_over_and_old_entries_make_room() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    system(folder);
    let fresh = lint(folder, &["--no-cache"]);
    lint(folder, &[]);
    let [entry] = &kept(folder)[..] else { panic!("one entry") };
    let text = fs::read_to_string(entry).unwrap();
    let (report, key) = text.split_once('\n').unwrap();
    for broken in ["", "{}", report, &format!("{{}}\n{key}"), text.trim_end()] {
        fs::write(entry, broken).unwrap();
        assert_eq!(lint(folder, &[]), fresh);
    }
    for number in 0..70 {
        fs::write(folder.join(".kept").join(format!("lint-{number}")), "").unwrap();
    }
    fs::write(folder.join(".kept/other"), "of somebody else").unwrap();
    lint(folder, &["req.yaml"]);
    assert_eq!(kept(folder).len(), 64 + 1);
    assert!(folder.join(".kept/other").exists());
    fs::remove_dir_all(folder.join(".kept")).unwrap();
    fs::write(folder.join(".kept"), "a file where the folder should be").unwrap();
    assert_eq!(lint(folder, &[]), fresh);
}
