//! Delivery and operations: what tasks and commands name is there, nothing that a small system does not need, figures are the plan's.

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

use archplan::render::Depth;
use support::{Built, build, content, each, files, markdown, report, text};

/// Examples by name with their requirements.
fn examples() -> Vec<(String, String)> {
    files("examples", "req.yaml").into_iter().map(|file| (file.clone(), text(&file))).collect()
}

/// Targets that a Makefile and the files that it includes define.
fn targets(built: &Built) -> BTreeSet<String> {
    let makes = built.plan.artefacts.iter().filter(|file| file.path == "Makefile" || file.path.ends_with(".mk"));
    let lines = makes.flat_map(|file| file.content.lines());
    let named = lines.filter(|line| !line.starts_with(['\t', ' ', '.', '#', '-']) && !line.contains(":="));
    let named = named.filter_map(|line| line.split_once(':')).flat_map(|(names, _)| names.split_whitespace());
    named.map(String::from).chain(checks(built).into_iter().map(|(target, _)| target)).collect()
}

/// Targets of the Makefile that prove tasks, each with the task that it names.
fn checks(built: &Built) -> Vec<(String, String)> {
    let tasks = content(built, "Makefile").split("\nTASKS :=").nth(1).unwrap().split("\nCHECKS :=").next().unwrap();
    let pairs = tasks.split_whitespace().filter_map(|word| word.split_once('='));
    pairs.map(|(target, id)| (target.to_string(), id.to_string())).collect()
}

/// Commands of the section, without what is said about them.
fn commands(plan: &str) -> Vec<String> {
    let section = plan.split("\n## Commands\n").nth(1).expect("the section is there").split("\n## ").next().unwrap();
    let mut inside = false;
    let mut out = Vec::new();
    for line in section.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside && !line.is_empty() {
            out.push(line.split("  #").next().unwrap().split(" # ").next().unwrap().trim().to_string());
        }
    }
    out
}

#[test]
fn every_target_that_a_task_names_is_in_the_makefile() {
    let failures = each(&examples(), |(name, text)| {
        let built = build(text).unwrap();
        let known = targets(&built);
        let proofs = built.plan.tasks.iter().flat_map(|task| task.done_when.iter().map(move |done| (&task.id, done)));
        let named: Vec<(&str, &str)> =
            proofs.filter_map(|(id, done)| Some((id.as_str(), done.what.strip_prefix("make ")?))).collect();
        let missing = named.iter().filter(|(_, target)| !known.contains(*target));
        let missing = missing.map(|(id, target)| format!("{name}: {id} names make {target}"));
        // Who finds no check looks for the task in the plan, by the id that stands there.
        let strange =
            checks(&built).into_iter().filter(|(target, id)| !named.contains(&(id.as_str(), target.as_str())));
        missing.chain(strange.map(|(target, id)| format!("{name}: {target} is said to prove {id}"))).collect()
    });
    report("targets are missing or of no task", &failures);
}

#[test]
fn every_program_that_a_task_or_a_command_names_is_embedded() {
    let failures = each(&examples(), |(name, text)| {
        let built = build(text).unwrap();
        let paths: BTreeSet<&str> = built.plan.artefacts.iter().map(|file| file.path.as_str()).collect();
        let proofs = built.plan.tasks.iter().flat_map(|task| &task.done_when).filter(|done| done.kind == "command");
        let mut lines: Vec<String> = proofs.map(|done| done.what.clone()).collect();
        lines.extend(commands(&markdown(&built, Depth::Full)));
        let known = targets(&built);
        let mut failures = Vec::new();
        for line in lines {
            let mut words = line.split_whitespace().peekable();
            while let Some(word) = words.next() {
                let ours = word.starts_with("ops/") || word.starts_with("deploy/") || word.starts_with("loadtest/");
                let folder = paths.iter().any(|path| path.starts_with(&format!("{word}/")));
                if ours && !paths.contains(word) && !folder {
                    failures.push(format!("{name}: `{line}` names {word}"));
                }
                let target = if word == "make" { words.peek() } else { None };
                if target.is_some_and(|target| !known.contains(*target)) {
                    failures.push(format!("{name}: `{line}` names a target that is not there"));
                }
            }
        }
        failures
    });
    report("files are missing", &failures);
}

#[test]
fn commands_of_a_standard_plan_name_only_what_it_shows() {
    for (name, text) in examples() {
        let built = build(&text).unwrap();
        let plan = markdown(&built, Depth::Standard);
        for line in commands(&plan) {
            for word in line.split_whitespace().filter(|word| word.starts_with("ops/") || word.starts_with("loadtest/"))
            {
                assert!(
                    plan.contains(&format!("+++ b/{word}")),
                    "{name}: `{line}` names {word}, which the plan does not show"
                );
            }
        }
    }
}

#[test]
fn two_people_get_no_platform() {
    let built = build(&text("examples/minimal/req.yaml")).unwrap();
    let unwanted =
        ["deploy/k8s", "ops/dashboards", "ops/prometheus.yml", "deploy/nginx", "config/flags", "loadtest/spike"];
    let found = built.plan.artefacts.iter().filter(|file| unwanted.iter().any(|start| file.path.starts_with(start)));
    let found: Vec<&str> = found.map(|file| file.path.as_str()).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn figures_of_the_files_are_the_plan_s() {
    let base = text("examples/shop/req.yaml");
    let before = build(&base).unwrap();
    assert!(content(&before, "loadtest/load-test.k6.js").contains("peak: arrivals(400"), "the peak rate");
    assert!(content(&before, "loadtest/load-test.k6.js").contains("season: arrivals(2000"), "the seasonal rate");
    assert!(content(&before, "ops/alerts.yml").contains("> 0.0144"), "14.4 times a budget of 0.1%");
    let changed = base.replace("  peak: 400/s", "  peak: 600/s").replace("availability: 99.9%", "availability: 99.5%");
    let after = build(&changed.replace("p95: 200ms", "p95: 250ms")).unwrap();
    assert!(content(&after, "loadtest/load-test.k6.js").contains("peak: arrivals(600"), "the peak rate changed");
    assert!(content(&after, "loadtest/load-test.k6.js").contains("p(95)<250"), "the target changed");
    assert!(content(&after, "ops/alerts.yml").contains("> 0.072"), "14.4 times a budget of 0.5%");
    assert!(content(&after, "ops/slo.yaml").contains("target: 0.995"), "the service level changed");
}

#[test]
fn the_pipeline_is_the_chosen_one() {
    let base = text("examples/shop/req.yaml");
    for (word, path) in [
        ("github-actions", ".github/workflows/ci.yml"),
        ("gitlab-ci", ".gitlab-ci.yml"),
        ("jenkins", "Jenkinsfile"),
        ("azure-devops", "azure-pipelines.yml"),
    ] {
        let built = build(&base.replace("ci: github-actions", &format!("ci: {word}"))).unwrap();
        let all = [".github/workflows/ci.yml", ".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml"];
        let found: Vec<&str> =
            built.plan.artefacts.iter().map(|file| file.path.as_str()).filter(|path| all.contains(path)).collect();
        assert_eq!(found, [path], "{word}");
    }
}

/// The text of a plan task, fields and proofs.
fn task(built: &Built, key: &str) -> String {
    let found = built.plan.tasks.iter().find(|task| task.key == key);
    format!("{:?}", found.unwrap_or_else(|| panic!("{key} is no task")))
}

#[test]
fn background_work_runs_as_the_plan_says() {
    let base = text("examples/digital-bank/req.yaml");
    for (runs, cron) in [
        ("1/day", "0 2 * * *"),
        ("1/week", "0 3 * * 1"),
        ("1/month", "0 3 1 * *"),
        ("2/day", "0 */12 * * *"),
        ("4/h", "*/15 * * * *"),
        ("1/min", "* * * * *"),
    ] {
        let changed = base.replace(
            "kind: scheduled, runs: 1/day, duration: 2h",
            &format!("kind: scheduled, runs: {runs}, duration: 2h"),
        );
        let built = build(&changed).unwrap();
        let line = format!("schedule: \"{cron}\"");
        for path in ["deploy/k8s/services.yaml", "deploy/workers.yaml"] {
            let after = content(&built, path).split("name: close-bills").nth(1).unwrap();
            let entry: String = after.lines().take(8).collect::<Vec<_>>().join("\n");
            assert!(entry.contains(&line), "{path}, {runs}: {line} is not in\n{entry}");
        }
    }
    let built = build(&base).unwrap();
    let (cluster, workers) = (content(&built, "deploy/k8s/services.yaml"), content(&built, "deploy/workers.yaml"));
    assert!(task(&built, "task.workload.close-bills").contains("twice 2 h, 60 s at least, 3 attempts"));
    assert!(
        cluster.contains("activeDeadlineSeconds: 14400\n") && workers.contains("time_limit_s: 14400\n"),
        "twice 2 h"
    );
    assert!(cluster.contains("memory: 4000M}") && workers.contains("memory_mb: 4000\n"), "4 GB");
}

#[test]
fn a_restore_is_judged_by_the_time_that_the_task_names() {
    let failures = each(&examples(), |(name, text)| {
        let built = build(text).unwrap();
        let script = content(&built, "ops/restore-test.sh");
        let limit: f64 = script.split("\nlimit=").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
        let (wanted, computed) = (built.plan.recovery.rto_ms / 1000.0, built.plan.recovery.restore_ms / 1000.0);
        let mut failures = Vec::new();
        if (wanted.max(computed) - limit).abs() > 1.0 {
            failures.push(format!("{name}: the script allows {limit} s; {wanted} s are wanted, {computed} s computed"));
        }
        if task(&built, "code.delivery.backup").contains("longer than the computed") != (computed > wanted) {
            failures.push(format!("{name}: the task names the other limit"));
        }
        failures
    });
    report("restores have two limits", &failures);
}

#[test]
fn what_does_not_fit_a_night_is_no_dump() {
    let dump = build(&text("examples/shop/req.yaml")).unwrap();
    assert!(content(&dump, "ops/backup.sh").contains("pg_dump"), "60 GB fit");
    let large = build(&text("examples/digital-bank/req.yaml")).unwrap();
    let script = content(&large, "ops/backup.sh");
    assert!(
        !script.contains("pg_dump") && script.contains("backup_last_success_timestamp_seconds"),
        "12 TB do not:\n{script}"
    );
    assert!(task(&large, "code.delivery.backup").contains("does not end in a night"));
}

#[test]
fn a_secret_has_the_reader_that_needs_it() {
    let built = build(&text("examples/marketplace-global/req.yaml")).unwrap();
    let secrets = content(&built, "config/secrets.yaml");
    for line in [
        "IDENTITY_CHECK_KEY\", readers: [sellers]",
        "CARRIERS_KEY\", readers: [orders]",
        "DATABASE_URL, readers: [trust]",
        "DATABASE_URL, readers: [migrations]",
    ] {
        assert!(secrets.contains(line), "{line} is not in\n{secrets}");
    }
    assert!(content(&built, "ops/release.sh").contains("load-secrets.sh migrations ops/migrate.sh up"));
    let alone = build(&text("examples/uptime-monitor/req.yaml")).unwrap();
    for path in ["config/secrets.yaml", "docs/runbooks/restore.md"] {
        let said = content(&alone, path);
        assert!(
            !said.to_lowercase().contains("two people") && !said.contains("did not write"),
            "one person is asked for two: {path}"
        );
    }
}

#[test]
fn a_service_with_a_user_of_its_own_has_rights_on_its_own_tables() {
    let path = "migrations/0903_users.up.sql";
    let failures = each(&examples(), |(name, text)| {
        let built = build(text).unwrap();
        let there = built.plan.artefacts.iter().any(|file| file.path == path);
        let claimed = content(&built, "config/secrets.yaml").contains("a user of its own");
        if there == claimed { Vec::new() } else { vec![format!("{name}: users are claimed: {claimed}, made: {there}")] }
    });
    report("users", &failures);
    let portal = build(&text("examples/patient-portal/req.yaml")).unwrap();
    let (up, down) = (content(&portal, path), content(&portal, "migrations/0903_users.down.sql"));
    let of = |table: &str| up.lines().filter(|line| line.contains(&format!(" ON {table} "))).collect::<Vec<_>>();
    assert_eq!(of("patients"), ["GRANT SELECT, INSERT, UPDATE, DELETE ON patients TO patient_portal_identity;"]);
    assert_eq!(of("results"), ["GRANT SELECT, INSERT, UPDATE, DELETE ON results TO patient_portal_records;"]);
    for given in up.lines().filter_map(|line| line.strip_prefix("GRANT ")) {
        let taken = format!("REVOKE {}", given.replace(" TO ", " FROM "));
        assert!(down.contains(&taken), "no {taken} in {down}");
    }
    assert!(
        content(&portal, "docs/runbooks/restore.md").contains("a dump carries no rights"),
        "backups leave them out"
    );
    let secrets = content(&portal, "config/secrets.yaml");
    assert!(secrets.contains("in the role patient_portal_records"), "{secrets}");
}

#[test]
fn an_image_starts_what_is_there_or_says_what_is_missing() {
    let failures = each(&examples(), |(name, text)| {
        let built = build(text).unwrap();
        let Some(image) = built.plan.artefacts.iter().find(|file| file.path == "Dockerfile") else { return Vec::new() };
        let starts = [
            ("python", "app/__main__.py"),
            ("typescript", "src/main.ts"),
            ("java", "src/main/java/service/Main.java"),
            ("ruby", "app/main.rb"),
        ];
        let language = built.plan.facts.iter().find(|fact| fact.path == "selection.language").unwrap().value.as_str();
        let Some((_, start)) = starts.iter().find(|(of, _)| Some(*of) == language) else { return Vec::new() };
        let there = built.plan.artefacts.iter().any(|file| file.path == *start);
        let asked = image.content.contains(&format!("RUN test -f {start} "));
        if there == asked {
            vec![format!("{name}: {start} is there: {there}, the image asks for it: {asked}")]
        } else {
            Vec::new()
        }
    });
    report("images start nothing", &failures);
    let java = build(&text("examples/restaurant-orders/req.yaml")).unwrap();
    assert!(
        content(&java, "Dockerfile").contains("MaxRAMPercentage=70"),
        "the share that the task of the language names"
    );
}

#[test]
fn a_runbook_counts_the_minutes_of_a_release() {
    let built = build(&text("examples/marketplace-global/req.yaml")).unwrap();
    let page = content(&built, "docs/runbooks/release.md");
    assert!(page.contains("Takes 40 minutes for one environment, 80 with staging before it"), "{page}");
    assert!(page.contains("252 of them fill a week, 400/week are planned"), "{page}");
    let rolling = build(&text("examples/minimal/req.yaml")).unwrap();
    assert!(content(&rolling, "docs/runbooks/release.md").contains("Takes 10 minutes for one environment:"));
}
