//! The commands that work on a plan file alone, run as programs: exit status, streams, files, git.

#![expect(clippy::unwrap_used, reason = "a test that sets up its own files")]

use archplan::document::seal;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PLAN: &str = "TODO_backend-architect.md";

fn plan() -> String {
    let mut text = String::from("# TODO: backend architecture of shop\n\n## Tasks\n\n");
    for n in 1..=6 {
        text.push_str(&format!(
            "- [ ] **TASK-1.{n} [step {n}]**: <!-- ap: task.{n} peak=1 -->\n  - **Goal**: goal {n}\n  - **After**: {} · **Wave**: {n} · **Phase**: Core\n  - **Done when**: file `made/{n}` exists\n",
            if n == 1 { "none".to_owned() } else { format!("TASK-1.{}", n - 1) }
        ));
    }
    seal(&text)
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(PLAN), plan()).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_archplan")).args(args).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn done_changes_one_byte_and_undo_takes_it_back() {
    let folder = folder();
    let path = folder.path().join(PLAN);
    assert!(run(folder.path(), &["done", "task-1.1"]).status.success());
    assert_eq!(fs::read_to_string(&path).unwrap(), plan().replacen("- [ ]", "- [x]", 1));
    assert!(out(&run(folder.path(), &["next"])).starts_with("TASK-1.2  step 2  (Core, wave 2, 4 tasks wait for it)\n"));
    assert!(out(&run(folder.path(), &["status"])).starts_with("1 of 6 tasks done (16 %)\n"));
    assert!(run(folder.path(), &["undo", "TASK-1.1"]).status.success());
    assert_eq!(fs::read_to_string(&path).unwrap(), plan());
}

#[test]
fn errors_exit_with_2_name_the_remedy_and_are_documents_in_json() {
    let folder = folder();
    let wrong = run(folder.path(), &["done", "TASK-1.9"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean TASK-1.1"), "{wrong:?}");
    assert_eq!(run(folder.path(), &["accept", "TASK-1.1"]).status.code(), Some(2));
    fs::write(folder.path().join("other.md"), "# notes\n").unwrap();
    for args in [["status", "other.md"], ["next", "none.md"]] {
        let failed = run(folder.path(), &[args[0], args[1], "--format", "json"]);
        let document: serde_json::Value = serde_json::from_slice(&failed.stdout).unwrap();
        assert!(
            failed.status.code() == Some(2) && document.get("error").is_some() && document.get("schema").is_some(),
            "{document}"
        );
    }
}

#[test]
fn a_false_tick_is_found_and_commands_do_not_run_unasked() {
    let folder = folder();
    let first = run(folder.path(), &["verify"]);
    assert!(first.status.success() && out(&first).contains("proved 0, failed 6, not checkable 0"));
    run(folder.path(), &["done", "TASK-1.1"]);
    assert_eq!(run(folder.path(), &["verify"]).status.code(), Some(1));
    fs::create_dir(folder.path().join("made")).unwrap();
    fs::write(folder.path().join("made/1"), "").unwrap();
    assert!(run(folder.path(), &["verify"]).status.success());
    let text =
        fs::read_to_string(folder.path().join(PLAN)).unwrap().replace("file `made/2` exists", "`touch ran` exits 0");
    fs::write(folder.path().join(PLAN), text).unwrap();
    run(folder.path(), &["verify"]);
    assert!(!folder.path().join("ran").exists());
    assert!(String::from_utf8_lossy(&run(folder.path(), &["verify", "--run"]).stderr).contains("$ touch ran"));
    assert!(folder.path().join("ran").exists());
}

#[test]
fn plans_go_through_pipes() {
    let folder = folder();
    let feed = |args: &[&str]| {
        let plan = fs::File::open(folder.path().join(PLAN)).unwrap();
        Command::new(env!("CARGO_BIN_EXE_archplan")).args(args).stdin(plan).output().unwrap()
    };
    assert_eq!(out(&feed(&["done", "TASK-1.1", "-"])), plan().replacen("- [ ]", "- [x]", 1));
    assert!(out(&feed(&["show", "TASK-1.2", "-"])).contains("- TASK-1.1 step 1: open"));
}

fn git(folder: &Path, args: &[&str]) -> bool {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
    Command::new("git")
        .args(identity)
        .args(args)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

fn branches(folder: &Path, ours: &dyn Fn(&str) -> String, theirs: &dyn Fn(&str) -> String) -> bool {
    let commit = |change: &dyn Fn(&str) -> String| {
        let path = folder.join(PLAN);
        fs::write(&path, change(&fs::read_to_string(&path).unwrap())).unwrap();
        assert!(git(folder, &["commit", "-qam", "change"]));
    };
    assert!(git(folder, &["init", "-q"]) && git(folder, &["add", "."]) && git(folder, &["commit", "-qm", "base"]));
    assert!(git(folder, &["checkout", "-qb", "other"]));
    commit(theirs);
    assert!(git(folder, &["checkout", "-q", "main"]));
    commit(ours);
    git(folder, &["merge", "-q", "-m", "merge", "other"])
}

fn ticked(n: usize) -> impl Fn(&str) -> String {
    move |text: &str| text.replace(&format!("- [ ] **TASK-1.{n} "), &format!("- [x] **TASK-1.{n} "))
}

#[test]
fn ticks_of_two_branches_merge_without_a_driver() {
    let folder = folder();
    assert!(branches(folder.path(), &ticked(1), &ticked(2)));
    let text = fs::read_to_string(folder.path().join(PLAN)).unwrap();
    assert_eq!(text.matches("- [x]").count(), 2);
}

#[test]
fn the_driver_unites_what_git_alone_cannot() {
    let folder = folder();
    let driver = format!("\"{}\" merge %O %A %B", env!("CARGO_BIN_EXE_archplan"));
    fs::write(folder.path().join(".gitattributes"), format!("{PLAN} merge=archplan\n")).unwrap();
    assert!(git(folder.path(), &["init", "-q"]) && git(folder.path(), &["config", "merge.archplan.driver", &driver]));
    let noted =
        |word: &'static str| move |text: &str| ticked(1)(text).replace("goal 1\n", &format!("goal 1\n  - {word}\n"));
    assert!(branches(folder.path(), &noted("ours"), &|text| noted("theirs")(&ticked(2)(text))));
    let text = fs::read_to_string(folder.path().join(PLAN)).unwrap();
    assert!(text.contains("goal 1\n  - ours\n  - theirs\n") && text.matches("- [x]").count() == 2, "{text}");
}

#[test]
fn a_killed_run_never_leaves_a_partial_plan() {
    let folder = folder();
    let path = folder.path().join(PLAN);
    let states = [plan(), plan().replacen("- [ ]", "- [x]", 1)];
    for round in 0..40_u64 {
        let command = if round % 2 == 0 { "done" } else { "undo" };
        let mut child = Command::new(env!("CARGO_BIN_EXE_archplan"))
            .args([command, "TASK-1.1"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(round * 150));
        let _ = child.kill();
        child.wait().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(states.contains(&text), "{text}");
    }
}
