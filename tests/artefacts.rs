//! Embedded files: patches apply and go back, real tools accept the files, names of people stay inert, one entity changes all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use archplan::artefact::patch::{self, ChangeKind};
use archplan::document::{self, code};
use archplan::plan::Embedded;
use archplan::render::{CodeForm, Depth, Page, markdown_with};
use support::generate::{given, hostile};
use support::{Built, build, each, embedded, files, markdown, report, requirements_of, root, seeds, text};

/// Requirements with every kind of entity, name and choice: the examples, and random ones: `ARTEFACT_SEEDS` of them (`200`, or `40-79`),
/// else so many.
fn inputs(random: u64) -> Vec<(String, String)> {
    let examples = files("examples", "req.yaml").into_iter().map(|file| (file.clone(), text(&file)));
    let asked = std::env::var("ARTEFACT_SEEDS").ok();
    let seeds = asked.map_or(0..random, |asked| seeds(&asked));
    let random = seeds.map(|seed| (format!("seed {seed}"), requirements_of(&hostile(given(seed), seed))));
    examples.chain(random).collect()
}

fn git(folder: &Path, arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is there");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// The patches of a plan as they stand in its text.
fn patches(plan: &str) -> String {
    let document = document::read(plan);
    let blocks = document.blocks.iter().filter(|block| block.key.starts_with(code::PREFIX));
    let lines = blocks.flat_map(|block| block.body.clone()).map(|at| document.line(at));
    let inside = |line: &&str| !line.starts_with("```") && !line.starts_with('<') && !line.is_empty();
    lines.filter(inside).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn patches_apply_to_an_empty_tree_and_go_back() {
    let failures = each(&inputs(12), |(name, text)| {
        let built = build(text).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        if !built.plan.faults.is_empty() {
            return built.plan.faults.iter().map(|fault| format!("{name}: {fault}")).collect();
        }
        let patch = patches(&markdown(&built, Depth::Full));
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "-q"], "");
        let mut failures = Vec::new();
        for arguments in [&["apply", "--whitespace=error-all"][..], &["apply", "-R"]] {
            let output = git(folder.path(), arguments, &patch);
            if !output.status.success() && !patch.is_empty() {
                failures.push(format!("{name}: git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)));
            }
        }
        let left = fs::read_dir(folder.path()).unwrap().count();
        if left != 1 {
            failures.push(format!("{name}: {left} entries stay after going back"));
        }
        failures
    });
    report("patches do not apply", &failures);
}

#[test]
fn files_are_safe_sound_and_hold_no_secret() {
    let failures = each(&inputs(12), |(name, text)| {
        let built = build(text).unwrap();
        let mut failures = Vec::new();
        let mut seen = BTreeSet::new();
        for file in &built.plan.artefacts {
            let mut fail = |what: &str| failures.push(format!("{name}: {}: {what}", file.path));
            if !patch::is_safe(&file.path) || !file.path.is_ascii() {
                fail("the path is not safe");
            }
            if !seen.insert(file.path.to_lowercase()) {
                fail("stands twice");
            }
            if !file.content.ends_with('\n') || file.content.lines().any(|line| line.ends_with([' ', '\t'])) {
                fail("white space at the end of a line, or no end of the last one");
            }
            if file.content.contains("-----BEGIN") || file.content.contains("AKIA") {
                fail("holds a secret");
            }
        }
        failures
    });
    report("files are not sound", &failures);
}

#[test]
fn both_forms_of_code_hold_the_same_files() {
    for (name, text) in inputs(4) {
        let built = build(&text).unwrap();
        let page = Page {
            plan: &built.plan,
            catalogue: embedded(),
            requirements: &built.requirements,
            file: "req.yaml",
            depth: Depth::Full,
        };
        let read = |form| {
            let plan = document::seal(&markdown_with(&page, form).unwrap());
            let blocks = code::embedded(&document::read(&plan));
            let changes =
                blocks.into_iter().flat_map(|block| block.changes.unwrap_or_else(|fault| panic!("{name}: {fault:?}")));
            changes.map(|change| (change.path, change.executable, change.kind)).collect::<Vec<_>>()
        };
        let stated: Vec<_> = built
            .plan
            .artefacts
            .iter()
            .map(|file| (file.path.clone(), file.mode == 755, ChangeKind::New(file.content.clone())))
            .collect();
        assert_eq!(read(CodeForm::Diff), stated, "{name}");
        assert_eq!(read(CodeForm::Files), stated, "{name}");
    }
}

/// The embedded files of requirements with one line changed.
fn with(from: &str, to: &str) -> Vec<Embedded> {
    let base = text("examples/shop/req.yaml");
    assert!(base.contains(from), "{from} stands in the example");
    build(&base.replace(from, to)).unwrap_or_else(|errors| panic!("{errors}")).plan.artefacts
}

#[test]
fn one_entity_changes_everything_that_is_made_of_it() {
    let before = with("name: attributes", "name: attributes");
    let after = with("name: attributes", "name: traits_of_it");
    let changed: BTreeSet<&str> = before
        .iter()
        .zip(&after)
        .filter(|(old, new)| old.content != new.content)
        .map(|(old, _)| old.kind.as_str())
        .collect();
    for kind in CHANGED_BY_AN_ENTITY {
        assert!(changed.contains(kind), "{kind} is not among {changed:?}");
    }
    let stale: Vec<&str> = after
        .iter()
        .filter(|file| CHANGED_BY_AN_ENTITY.contains(&file.kind.as_str()) && file.content.contains("attributes"))
        .map(|file| file.path.as_str())
        .collect();
    assert!(stale.is_empty(), "{stale:?}");
}

/// Kinds of files that a field of an entity must reach.
const CHANGED_BY_AN_ENTITY: &[&str] = &["sql-postgresql", "openapi", "asyncapi", "shell", "typescript"];

#[test]
fn a_new_entity_has_a_table_a_resource_and_tests_of_its_own() {
    let after =
        with("entities:\n", "entities:\n  - {name: Wish, rows: 10, fields: [{name: label, type: string(9)}]}\n");
    let holds = |path: &str, words: &str| {
        let file = after.iter().find(|file| file.path.ends_with(path)).unwrap_or_else(|| panic!("{path} is there"));
        assert!(file.content.contains(words), "{path} has {words}");
    };
    holds("_wishes.up.sql", "CREATE TABLE wishes");
    holds("_wishes.down.sql", "DROP TABLE wishes");
    holds("openapi.yaml", "operationId: createWish");
    holds("src/resources.ts", "\"wishes\"");
    holds("skeleton.mk", "test-entity-wish:");
    holds("db/seed.sh", "wishes");
}

/// Requirements with a field more in the first entity, none without entities.
fn with_a_field(text: &str) -> Option<String> {
    let mut tree: serde_json::Value = serde_yaml::from_str(text).unwrap();
    let fields = tree.get_mut("entities")?.get_mut(0)?.get_mut("fields")?.as_array_mut()?;
    fields.push(serde_json::json!({"name": "added_since", "type": "string(30)", "unique": true}));
    Some(serde_yaml::to_string(&tree).unwrap())
}

#[test]
fn a_changed_entity_is_a_patch_over_the_files_before() {
    let failures = each(&inputs(8), |(name, text)| {
        let Some(changed) = with_a_field(text) else { return Vec::new() };
        let (before, after) = (build(text).unwrap(), build(&changed).unwrap_or_else(|error| panic!("{name}: {error}")));
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "-q"], "");
        write(folder.path(), &before);
        let mut patch = String::new();
        for file in &after.plan.artefacts {
            let known = before.plan.artefacts.iter().find(|known| known.path == file.path);
            patch += &match known {
                Some(known) => patch::edit(&file.path, &known.content, Some(&file.content)),
                None => patch::new_file(&file.path, file.mode == 755, &file.content),
            };
        }
        let mut failures = Vec::new();
        for (arguments, wanted) in [(&["apply"][..], &after), (&["apply", "-R"], &before)] {
            let output = git(folder.path(), arguments, &patch);
            if !output.status.success() {
                failures.push(format!("{name}: git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)));
            }
            let differ = |file: &&Embedded| {
                fs::read_to_string(folder.path().join(&file.path)).ok().as_ref() != Some(&file.content)
            };
            failures.extend(
                wanted.plan.artefacts.iter().filter(differ).map(|file| format!("{name}: {} differs", file.path)),
            );
        }
        failures
    });
    report("files do not change by a patch", &failures);
}

#[test]
fn extract_prints_what_a_changed_plan_changes_in_a_tree() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let base = text("examples/shop/req.yaml");
    let run = |arguments: &[&str]| {
        let output = archplan(at, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    fs::write(at.join("req.yaml"), &base).unwrap();
    run(&["new", "req.yaml", "-o", "plan.md"]);
    git(at, &["init", "-q"], "");
    run(&["extract", "plan.md", "-d", "."]);
    assert_eq!(run(&["extract", "plan.md", "--diff"]), "");
    fs::write(at.join("req.yaml"), base.replace("name: attributes", "name: traits_of_it")).unwrap();
    run(&["new", "req.yaml", "-o", "plan.md"]);
    let patch = run(&["extract", "plan.md", "--diff"]);
    assert!(patch.contains("--- a/migrations/") && !patch.contains("new file"), "{patch}");
    assert!(git(at, &["apply"], &patch).status.success());
    assert!(run(&["extract", "plan.md"]).lines().rev().skip(1).all(|line| line.starts_with("same")));
    assert!(git(at, &["apply", "-R"], &patch).status.success());
    assert_eq!(run(&["extract", "plan.md", "--diff"]), patch);
}

#[test]
fn what_a_circle_of_tables_adds_late_goes_again() {
    let built = build(
        "archplan: 1
project: {name: Circle}
users: {monthly: 300}
team: {developers: 2}
security: {tenancy: row}
decisions: [{topic: database, choose: mysql, because: Known}]
entities:
  - {name: First, rows: 10, fields: [{name: second, ref: Second, required: false, on_delete: restrict}]}
  - {name: Second, rows: 10, fields: [{name: first, ref: First, required: false, on_delete: restrict}]}
",
    )
    .unwrap();
    let text = |end: &str| -> String {
        built.plan.artefacts.iter().filter(|file| file.path.ends_with(end)).map(|file| file.content.as_str()).collect()
    };
    // A key of its own: that which the database would make for the constraint stays when the constraint goes.
    let late = "fk_firsts_second_id";
    assert!(text(".up.sql").contains(&format!("ADD KEY {late} (tenant_id, second_id)")), "{}", text(".up.sql"));
    assert!(text(".down.sql").contains(&format!("DROP FOREIGN KEY {late}, DROP KEY {late};")), "{}", text(".down.sql"));
}

#[test]
fn names_that_changed_are_shown() {
    let text = requirements_of(&hostile(given(1), 1));
    let plan = markdown(&build(&text).unwrap(), Depth::Standard);
    assert!(plan.contains("| Written | In code |"), "{plan}");
}

/// Tools that check one file each, when they are installed: kind, program, arguments before the file.
const TOOLS: &[(&str, &str, &[&str])] = &[
    ("shell", "sh", &["-n"]),
    ("dockerfile", "hadolint", &["--failure-threshold", "error"]),
    ("prometheus-rules", "promtool", &["check", "rules"]),
    ("github-workflow", "actionlint", &[]),
];

/// Runs the program that `VALIDATE_ARTEFACTS` names over the files of each plan; without one the tools that are found, and names the kinds
/// that nothing checked.
#[test]
fn real_tools_accept_every_file() {
    let program = std::env::var_os("VALIDATE_ARTEFACTS");
    let mut skipped = BTreeSet::new();
    let mut failures = Vec::new();
    let only = std::env::var("ARTEFACT_EXAMPLES").unwrap_or_default();
    let wanted = |name: &str| only.is_empty() || only.split(',').any(|part| name.contains(part));
    for (name, text) in inputs(0).into_iter().filter(|(name, _)| wanted(name)) {
        let built = build(&text).unwrap();
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &built);
        if let Some(program) = &program {
            let output = Command::new(program).arg(folder.path()).output().expect("the program runs");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let bad: Vec<&str> = said.lines().filter(|line| line.contains("FAIL")).collect();
            failures.extend((!output.status.success()).then(|| format!("{name}: {}", bad.join("\n  "))));
            continue;
        }
        for file in &built.plan.artefacts {
            let tool = TOOLS.iter().find(|(kind, ..)| *kind == file.kind);
            let ran = tool.map(|(_, program, before)| {
                Command::new(program).args(*before).arg(folder.path().join(&file.path)).output()
            });
            match ran {
                Some(Ok(output)) if output.status.success() => {}
                Some(Ok(output)) => {
                    failures.push(format!("{name}: {}: {}", file.path, String::from_utf8_lossy(&output.stderr)))
                }
                Some(Err(_)) | None => drop(skipped.insert(file.kind.clone())),
            }
        }
    }
    if !skipped.is_empty() {
        eprintln!("not checked by a real tool here: {}", skipped.into_iter().collect::<Vec<_>>().join(", "));
    }
    report("files are refused", &failures);
}

fn write(folder: &Path, built: &Built) {
    for file in &built.plan.artefacts {
        let place = folder.join(&file.path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, &file.content).unwrap();
    }
}

/// The plan of the shop.
fn shop() -> String {
    markdown(&build(&text("examples/shop/req.yaml")).unwrap(), Depth::Standard)
}

fn archplan(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_archplan")).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn extract_writes_once_and_never_over_or_outside() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("TODO_backend-architect.md"), shop()).unwrap();
    let run = |arguments: &[&str]| {
        let output = archplan(at, &[&["extract"], arguments].concat());
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let file = at.join("out/migrations/0001_categories.up.sql");
    assert_eq!(run(&["-d", "out", "--dry-run"]).0, 0);
    assert!(!at.join("out").exists());
    assert_eq!(run(&["CODE-1.1", "-d", "out"]).0, 0);
    let written = fs::read_to_string(&file).unwrap();
    assert!(run(&["code.data.schema", "-d", "out"]).1.contains("same"));
    fs::write(&file, "mine\n").unwrap();
    let (code, said) = run(&["CODE-1.1", "-d", "out"]);
    assert!(code == 3 && said.contains("DIFFERS"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine\n");
    assert_eq!(run(&["CODE-1.1", "-d", "out", "--force"]).0, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    assert_eq!(run(&["CODE-99.9"]).0, 2);
    let (code, said) = run(&["CODE-99.9", "--format", "json"]);
    assert!(code == 2 && serde_json::from_str::<serde_json::Value>(&said).unwrap()["error"].is_string());
}

#[cfg(unix)]
#[test]
fn extract_follows_no_link_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("TODO_backend-architect.md"), shop()).unwrap();
    fs::create_dir_all(at.join("out")).unwrap();
    fs::create_dir_all(at.join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(at.join("elsewhere"), at.join("out/migrations")).unwrap();
    let output = archplan(at, &["extract", "CODE-1.1", "-d", "out", "--force"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(fs::read_dir(at.join("elsewhere")).unwrap().count(), 0);
}

#[test]
fn a_plan_with_an_edited_patch_keeps_the_edit_and_extracts_it() {
    let edited = shop().replacen("+-- Category", "+-- Our Category", 1);
    let folder = tempfile::tempdir().unwrap();
    fs::copy(root().join("examples/shop/req.yaml"), folder.path().join("req.yaml")).unwrap();
    fs::write(folder.path().join("TODO_backend-architect.md"), &edited).unwrap();
    assert_eq!(archplan(folder.path(), &["new", "req.yaml"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("TODO_backend-architect.md")).unwrap(), edited);
    assert_eq!(archplan(folder.path(), &["extract", "CODE-1.1"]).status.code(), Some(0));
    let file = fs::read_to_string(folder.path().join("migrations/0001_categories.up.sql")).unwrap();
    assert!(file.contains("-- Our Category"), "{file}");
}
