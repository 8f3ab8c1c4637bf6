//! The program as people and machines call it: exit codes, streams, files, and what it never does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use support::{report, root, text};
use tempfile::TempDir;

const PLAN: &str = "TODO_backend-architect.md";

const SOUND: &str = "archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {monthly: 4000}\n";

/// `users.monthlyy` is no key and `users.monthly` is missing.
const WRONG: &str = "archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {monthlyy: 4000}\n";

/// A folder of its own with a sound and a wrong requirements file.
fn place() -> TempDir {
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("req.yaml"), SOUND).unwrap();
    fs::write(place.path().join("wrong.yaml"), WRONG).unwrap();
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

fn fed(place: &TempDir, args: &[&str], input: &[u8]) -> Output {
    let mut child = command(place.path(), args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input closes the pipe; that is its right.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// What lies in a folder, names and bytes.
fn contents(place: &TempDir) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = fs::read_dir(place.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap_or_default()))
        .collect();
    all.sort();
    all
}

/// Every call with its exit code, and what stands on standard output and on standard error.
const CALLS: &[(&[&str], i32, &str, &str)] = &[
    (&["--version"], 0, "archplan ", ""),
    (&["--help"], 0, "Exit codes", ""),
    (&["new", "--help"], 0, "--dry-run", ""),
    (&[], 2, "", "Usage"),
    (&["neww"], 2, "", "new"),
    (&["new"], 2, "", "<REQ>"),
    (&["new", "req.yaml", "--deep"], 2, "", "--dep"),
    (&["new", "req.yaml", "-o", "-"], 0, "# TODO: backend architecture of Pastebox", ""),
    (&["new", "req.yaml", "-o", "-", "--depth", "brief"], 0, "## Architecture Plan", ""),
    (&["new", "req.yaml", "-o", "-", "--depth", "deep"], 2, "", "standard"),
    (&["new", "missing.yaml"], 2, "", "missing.yaml"),
    (&["new", "."], 2, "", "cannot read"),
    (&["new", "wrong.yaml", "-o", "-"], 2, "", "wrong.yaml:4:9"),
    (&["new", "req.yaml", "--check"], 1, "", ""),
    (&["new", "req.yaml", "--dry-run"], 0, "+# TODO", ""),
    (&["lint", "req.yaml"], 0, "", ""),
    (&["lint", "wrong.yaml"], 1, "monthlyy", ""),
    (&["lint", "missing.yaml"], 2, "", "missing.yaml"),
    (&["explain", "traffic.peak", "req.yaml"], 0, "traffic.average", ""),
    (&["explain", "database", "req.yaml"], 0, "postgresql", ""),
    (&["explain", "pattern", "req.yaml"], 0, "monolith", ""),
    (&["explain", "ARCH-PLAN-2.1", "req.yaml"], 0, "ARCH-PLAN-2.1", ""),
    (&["explain", "A001"], 0, "no-api-versioning", ""),
    (&["explain", "no-api-versioning"], 0, "A001", ""),
    (&["explain", "unknown-key"], 0, "R006", ""),
    (&["explain", "no-api-versionin"], 2, "", "did you mean no-api-versioning"),
    (&["explain", "trafic.peak", "req.yaml"], 2, "", "traffic.peak"),
    (&["schema", "requirements"], 0, "\"$schema\"", ""),
    (&["schema", "nothing"], 2, "", "requirements"),
    (&["completions", "bash"], 0, "archplan", ""),
    (&["completions", "zsh"], 0, "archplan", ""),
    (&["completions", "tcsh"], 2, "", "bash"),
    (&["init", "--preset", "shopp", "x.yaml"], 2, "", "did you mean shop"),
    (&["init", "req.yaml"], 3, "", "req.yaml exists"),
];

#[test]
fn every_command_shows_how_it_is_used() {
    let place = place();
    let list = run(&place, &["--help"]);
    let commands = out(&list).split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names =
        commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).filter(|name| *name != "help");
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    assert!(names.len() > 20, "{names:?}");
    // Servers are started by editors and clients, whose settings stand in the document that their help names.
    for name in names {
        let answer = run(&place, &[name, "--help"]);
        let help = out(&answer);
        assert!(help.contains("Example") || help.contains("docs/editors.md"), "archplan {name} --help has no example");
    }
}

#[test]
fn exit_codes_are_as_promised() {
    let mut failures = Vec::new();
    for (args, wanted, on_out, on_err) in CALLS {
        let place = place();
        let output = run(&place, args);
        let mut say = |what: String| {
            failures.push(format!(
                "archplan {}: {what}\n{}{}",
                args.join(" "),
                short(out(&output)),
                short(err(&output))
            ))
        };
        if code(&output) != *wanted {
            say(format!("exit {} instead of {wanted}", code(&output)));
        }
        if !out(&output).contains(on_out) {
            say(format!("`{on_out}` is not on stdout"));
        }
        if !err(&output).contains(on_err) {
            say(format!("`{on_err}` is not on stderr"));
        }
        if *wanted == 2 && !out(&output).is_empty() {
            say("something on stdout beside an error".into());
        }
    }
    report("calls go wrong", &failures);
}

fn short(text: &str) -> String {
    text.lines().take(6).map(|line| format!("    {line}\n")).collect()
}

#[test]
fn machine_formats_are_one_document_also_on_errors() {
    let calls: [&[&str]; 6] = [
        &["new", "req.yaml", "--format", "json"],
        &["new", "req.yaml", "--format", "json", "-o", "-"],
        &["new", "wrong.yaml", "--format", "json"],
        &["new", "missing.yaml", "--format", "json"],
        &["lint", "wrong.yaml", "--format", "json"],
        &["lint", "missing.yaml", "--format", "json"],
    ];
    let mut failures = Vec::new();
    for args in calls {
        let output = run(&place(), args);
        match serde_json::from_slice::<Value>(&output.stdout) {
            Err(error) => failures.push(format!("archplan {}: stdout is no JSON document: {error}", args.join(" "))),
            Ok(document) if document["schema"].as_str().is_none_or(str::is_empty) => {
                failures.push(format!("archplan {}: no `schema`", args.join(" ")))
            }
            Ok(document) => {
                if args[1] == "wrong.yaml" && !document.to_string().contains("monthlyy") {
                    failures.push(format!("archplan {}: the error is not in the document", args.join(" ")));
                }
                if args[1] == "missing.yaml" && !document.to_string().contains("missing.yaml") {
                    failures.push(format!("archplan {}: the error is not in the document", args.join(" ")));
                }
            }
        }
    }
    report("machine formats are broken", &failures);
}

#[test]
fn nothing_is_written_when_nothing_may_be() {
    let calls: [(&[&str], i32); 7] = [
        (&["new", "req.yaml", "--check"], 1),
        (&["new", "req.yaml", "--dry-run"], 0),
        (&["new", "req.yaml", "-o", "-"], 0),
        (&["new", "req.yaml", "--format", "json"], 0),
        (&["new", "wrong.yaml"], 2),
        (&["new", "req.yaml", "-o", "no/such/folder/plan.md"], 2),
        (&["lint", "wrong.yaml"], 1),
    ];
    for (args, wanted) in calls {
        let place = place();
        let before = contents(&place);
        let output = run(&place, args);
        assert_eq!(code(&output), wanted, "archplan {}: {}", args.join(" "), err(&output));
        assert_eq!(before, contents(&place), "archplan {} wrote something", args.join(" "));
    }
}

#[test]
fn new_twice_changes_nothing() {
    let place = place();
    assert_eq!(code(&run(&place, &["new", "req.yaml"])), 0);
    let first = contents(&place);
    let output = run(&place, &["new", "req.yaml"]);
    assert_eq!((code(&output), &first), (0, &contents(&place)), "{}", err(&output));
    assert_eq!(code(&run(&place, &["new", "req.yaml", "--check"])), 0);
    let printed = run(&place, &["new", "req.yaml", "-o", "-"]);
    assert_eq!(
        printed.stdout,
        fs::read(place.path().join(PLAN)).unwrap(),
        "the printed plan and the written one differ"
    );
}

#[test]
fn ticks_notes_and_own_sections_survive() {
    let place = place();
    run(&place, &["new", "req.yaml"]);
    let file = place.path().join(PLAN);
    let plan = fs::read_to_string(&file).unwrap();
    let task = plan.lines().find(|line| line.starts_with("- [ ] **TASK-")).unwrap();
    let ticked = task.replacen("[ ]", "[x]", 1);
    let edited = plan.replacen(task, &format!("{ticked}\n  - my note  about it"), 1)
        + "\n## Our own section\n\nKept\tas it is.  \n";
    fs::write(&file, &edited).unwrap();
    fs::write(place.path().join("req.yaml"), SOUND.replace("4000", "90k")).unwrap();
    let output = run(&place, &["new", "req.yaml"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let after = fs::read_to_string(&file).unwrap();
    let id = task.split("**").nth(1).unwrap().split(' ').next().unwrap();
    assert!(after.lines().any(|line| line.starts_with(&format!("- [x] **{id} "))), "the tick of {id} is gone");
    assert!(after.contains("  - my note  about it\n") && after.contains("## Our own section\n\nKept\tas it is.  \n"));
    assert_ne!(edited, after, "more users changed nothing");
    assert_eq!(code(&run(&place, &["new", "req.yaml", "--check"])), 0, "the second run still has something to do");
}

#[test]
fn an_edited_task_is_offered_not_overwritten() {
    let place = place();
    fs::write(place.path().join("req.yaml"), SOUND.replace("4000", "90k")).unwrap();
    run(&place, &["new", "req.yaml"]);
    let file = place.path().join(PLAN);
    let plan = fs::read_to_string(&file).unwrap();
    // The line of a task that prints the peak rate is rewritten by hand, then the peak changes.
    let line = plan.lines().find(|line| line.starts_with("  - **Scaling Strategy**")).unwrap();
    fs::write(&file, plan.replacen(line, "  - **Scaling Strategy**: ours, by hand", 1)).unwrap();
    fs::write(place.path().join("req.yaml"), SOUND.replace("4000", "900k")).unwrap();
    let output = run(&place, &["new", "req.yaml"]);
    let after = fs::read_to_string(&file).unwrap();
    assert!(after.contains("ours, by hand"), "the edit is lost");
    assert_eq!(code(&output), 3, "a person must choose: {}", err(&output));
}

#[test]
fn a_foreign_file_is_refused_without_force() {
    let place = place();
    fs::write(place.path().join(PLAN), "# My own notes\n").unwrap();
    let output = run(&place, &["new", "req.yaml"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("--force"), "{}", err(&output));
    assert_eq!(fs::read_to_string(place.path().join(PLAN)).unwrap(), "# My own notes\n");
    assert_eq!(code(&run(&place, &["new", "req.yaml", "--force"])), 0);
    assert!(fs::read_to_string(place.path().join(PLAN)).unwrap().starts_with("# TODO: backend architecture"));
    // JSON never goes over a plan.
    assert_eq!(code(&run(&place, &["new", "req.yaml", "--format", "json", "-o", PLAN])), 2);
    assert!(fs::read_to_string(place.path().join(PLAN)).unwrap().starts_with("# TODO: backend architecture"));
}

#[test]
fn standard_input_is_a_file_like_others() {
    let place = place();
    let by_name = run(&place, &["new", "req.yaml", "-o", "-"]);
    let by_pipe = fed(&place, &["new", "-"], SOUND.as_bytes());
    assert_eq!((code(&by_pipe), &by_pipe.stdout), (0, &by_name.stdout), "{}", err(&by_pipe));
    assert_eq!(code(&fed(&place, &["lint", "-"], WRONG.as_bytes())), 1);
    for hostile in [&b"\xff\xfe\x00"[..], b"", b"\0", b"- a\n- b\n", b"archplan: 1\n  bad: [", b"&a [*a, *a]"] {
        let output = fed(&place, &["new", "-"], hostile);
        assert_eq!(code(&output), 2, "{hostile:?}: {}", err(&output));
        assert!(err(&output).contains("fix:"), "{hostile:?}: {}", err(&output));
        assert!(out(&output).is_empty());
    }
}

#[test]
fn a_finding_shows_place_line_caret_and_fix() {
    let output = run(&place(), &["lint", "wrong.yaml"]);
    let text = out(&output);
    for part in ["wrong.yaml:4:9", "monthlyy: 4000", "^", "did you mean", "monthly", "fix:"] {
        assert!(text.contains(part), "`{part}` is missing in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "colours in a pipe");
    let concise = run(&place(), &["lint", "wrong.yaml", "--format", "concise"]);
    assert!(out(&concise).lines().all(|line| line.starts_with("wrong.yaml:")), "{}", out(&concise));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    for args in
        [&["new", "req.yaml", "-o", "-"][..], &["schema", "requirements"], &["completions", "bash"], &["--help"]]
    {
        let place = place();
        let mut child = command(place.path(), args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.code().is_some_and(|code| code == 0),
            "archplan {}: {:?} {}",
            args.join(" "),
            output.status,
            err(&output)
        );
        assert!(!err(&output).contains("panic"), "{}", err(&output));
    }
}

#[test]
fn same_bytes_in_another_place_and_language() {
    let (here, there) = (place(), place());
    let plan = |place: &TempDir, language: &str| {
        command(place.path(), &["new", "req.yaml", "-o", "-"])
            .env("LC_ALL", language)
            .env("LANG", language)
            .env("TZ", if language == "C" { "UTC" } else { "Asia/Tokyo" })
            .env("COLUMNS", if language == "C" { "200" } else { "20" })
            .output()
            .unwrap()
            .stdout
    };
    let first = plan(&here, "C");
    assert!(!first.is_empty());
    assert_eq!(first, plan(&there, "de_DE.UTF-8"));
    let absolute = here.path().join("req.yaml");
    let output = Command::new(env!("CARGO_BIN_EXE_archplan"))
        .args([OsStr::new("new"), absolute.as_os_str(), OsStr::new("-o"), OsStr::new("-")])
        .output()
        .unwrap();
    assert_eq!(first, output.stdout, "the folder of the file shows in the plan");
}

#[test]
fn init_writes_sound_files_and_never_asks() {
    let presets = support::files("templates/presets", ".yaml");
    assert!(presets.len() >= 8, "{presets:?}");
    for preset in presets {
        let name = preset.rsplit('/').next().unwrap().trim_end_matches(".yaml");
        let place = TempDir::new().unwrap();
        let output = run(&place, &["init", "--preset", name]);
        assert_eq!((code(&output), out(&output)), (0, ""), "{name}: {}", err(&output));
        let lint = run(&place, &["lint", "req.yaml", "--select", "R", "--fail-on", "warning"]);
        assert_eq!(code(&lint), 0, "{name}: {}", out(&lint));
        let plan = run(&place, &["new", "req.yaml"]);
        assert_eq!(code(&plan), 0, "{name}: {}", err(&plan));
        // The file is there now.
        let before = contents(&place);
        assert_eq!(code(&run(&place, &["init", "--preset", name])), 3);
        assert_eq!(before, contents(&place));
    }
    let place = TempDir::new().unwrap();
    let output = fed(&place, &["init"], b"Answered\n5\n1k\naws\n");
    assert_eq!(code(&output), 0);
    assert!(
        !err(&output).contains('?') && !err(&output).contains("Name of the system"),
        "it asked a pipe: {}",
        err(&output)
    );
    assert!(!fs::read_to_string(place.path().join("req.yaml")).unwrap().contains("Answered"));
}

#[test]
fn a_read_only_or_linked_target_is_respected() {
    let place = place();
    run(&place, &["new", "req.yaml"]);
    let file = place.path().join(PLAN);
    let plan = fs::read(&file).unwrap();
    let mut mode = fs::metadata(&file).unwrap().permissions();
    mode.set_readonly(true);
    fs::set_permissions(&file, mode).unwrap();
    fs::write(place.path().join("req.yaml"), SOUND.replace("4000", "90k")).unwrap();
    assert_eq!(code(&run(&place, &["new", "req.yaml"])), 2);
    assert_eq!(plan, fs::read(&file).unwrap());
    let left: Vec<String> = contents(&place).into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, [PLAN, "req.yaml", "wrong.yaml"], "a partial file is left");
}

/// Every ```sh and ```shell block of the README runs as it stands, in a copy of what it names; `cargo` and `git` are stubs.
#[test]
fn readme_commands_run() {
    let readme = text("README.md");
    let readme = readme.replace("```shell\n", "```sh\n");
    let blocks: Vec<&str> = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty(), "README.md has no ```sh block");
    let place = TempDir::new().unwrap();
    copy(&root().join("examples"), &place.path().join("examples"));
    copy(&root().join("patterns"), &place.path().join("patterns"));
    fs::write(place.path().join("req.yaml"), SOUND).unwrap();
    let bin = place.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let program = env!("CARGO_BIN_EXE_archplan");
    let stub = format!(
        "#!/bin/sh\ncase \"$1\" in run) while [ \"$1\" != -- ]; do shift; done; shift; exec '{program}' \"$@\";; esac\n"
    );
    for (name, text) in [
        ("cargo", stub.as_str()),
        ("git", "#!/bin/sh\n"),
        ("archplan", &format!("#!/bin/sh\nexec '{program}' \"$@\"\n")),
    ] {
        let file = bin.join(name);
        fs::write(&file, text).unwrap();
        assert!(Command::new("chmod").arg("+x").arg(&file).status().unwrap().success());
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut failures = Vec::new();
    for block in blocks {
        // Entering the cloned folder is where we are.
        let script: String =
            block.lines().filter(|line| !line.starts_with("cd ")).map(|line| format!("{line}\n")).collect();
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .current_dir(place.path())
            .env("PATH", &path)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if !output.status.success() {
            failures.push(format!("{script}    exit {:?}\n{}", output.status.code(), short(err(&output))));
        }
    }
    report("blocks of README.md fail", &failures);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            assert!(fs::copy(entry.path(), target).is_ok())
        }
    }
}
