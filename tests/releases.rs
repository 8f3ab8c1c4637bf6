//! Releases as they run: the scripts of a plan with programs in the place of cluster, machines and monitoring that write down what they are asked.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use support::place::Place;
use support::{Built, build, content, text};

/// A cluster in which every deployable runs so many instances of version `one`.
fn cluster(built: &Built, services: &[&str], instances: usize) -> Place {
    let place = Place::in_cluster(built);
    for service in services {
        for name in [(*service).to_string(), format!("{service}-canary")] {
            place.write(&format!("images/deployment-{name}"), &format!("registry.test/{service}:one\n"));
        }
        place.write(&format!("replicas/{service}"), &format!("{instances}\n"));
        place.write(&format!("replicas/{service}-canary"), "0\n");
    }
    place
}

/// The shop as services in a cluster, released by canary.
fn services() -> Built {
    build(&text("examples/digital-bank/req.yaml")).unwrap()
}

const SERVICES: [&str; 5] = ["accounts", "cards", "bills", "customers", "notifications"];

/// The bank's cluster, with the jobs that run an image of a deployable.
fn bank() -> Place {
    bank_of(&services())
}

fn bank_of(built: &Built) -> Place {
    let place = cluster(built, &SERVICES, 4);
    for (job, service) in [("regulator-report", "accounts"), ("close-bills", "bills")] {
        place.write(&format!("images/cronjob-{job}"), &format!("registry.test/{service}:one\n"));
    }
    place
}

#[test]
fn a_canary_that_fails_leaves_the_old_version_alone() {
    let place = bank();
    place.write("bad", "");
    let (held, said) = place.run("ops/release.sh production two");
    assert!(!held, "{said}");
    let log = place.read("log");
    assert!(!log.contains("rollout undo"), "the version before the old one came back:\n{log}");
    for service in SERVICES {
        assert_eq!(
            place.read(&format!("images/deployment-{service}")),
            format!("registry.test/{service}:one"),
            "{said}"
        );
        assert_eq!(place.read(&format!("replicas/{service}-canary")), "0", "{said}");
    }
    assert!(said.contains("the old one serves as before"), "{said}");
}

#[test]
fn only_what_this_release_changed_goes_back() {
    let place = bank();
    place.write("unready", "deployment/cards$\n");
    let (held, said) = place.run("ops/release.sh production two");
    assert!(!held, "{said}");
    let changed: Vec<String> =
        SERVICES.iter().map(|service| place.read(&format!("images/deployment-{service}"))).collect();
    assert!(changed.iter().all(|image| image.ends_with(":one")), "{changed:?}\n{said}");
    assert_eq!(place.read("images/cronjob-regulator-report"), "registry.test/accounts:one");
    assert!(!place.read("log").contains("set image deployment/bills *"), "not reached, so not touched");
}

#[test]
fn a_share_is_that_of_old_and_new_together() {
    let place = bank();
    let (held, said) = place.run("ops/release.sh production two");
    assert!(held, "{said}");
    assert!(said.contains("cards: 1 of 5 instances at two, 20%"), "5% of 4 is one whole instance:\n{said}");
    assert!(said.contains("cards: 4 of 8 instances at two, 50%"), "{said}");
    assert_eq!(place.read("images/cronjob-close-bills"), "registry.test/bills:two", "jobs run the same version");
    assert_eq!(place.read("images/deployment-cards"), "registry.test/cards:two");
}

#[test]
fn one_service_is_released_and_taken_back_alone() {
    let place = bank();
    let (held, said) = place.run("ops/release.sh production two bills");
    assert!(held, "{said}");
    assert_eq!(place.read("images/deployment-bills"), "registry.test/bills:two");
    assert_eq!(place.read("images/deployment-cards"), "registry.test/cards:one");
    let (held, said) = place.run("ops/rollback.sh production '' bills");
    assert!(held, "{said}");
    assert_eq!(place.read("images/deployment-bills"), "registry.test/bills:one");
    assert_eq!(place.read("images/cronjob-close-bills"), "registry.test/bills:one");
    let (held, said) = place.run("ops/rollback.sh production seven cards");
    assert!(held, "{said}");
    assert_eq!(place.read("images/deployment-cards"), "registry.test/cards:seven", "a named version is set");
    assert!(!place.run("ops/release.sh production two nobody").0, "a service that the plan does not have");
}

#[test]
fn a_first_release_has_nothing_to_go_back_to_and_says_so() {
    let place = bank();
    for service in SERVICES {
        place.write(&format!("images/deployment-{service}"), "registry.invalid/bank/x:unreleased\n");
    }
    let (held, said) = place.run("ops/rollback.sh production");
    assert!(!held && said.contains("no version before this one is known"), "{said}");
    place.write("unready", "deployment/accounts$\n");
    let (held, said) = place.run("ops/release.sh production two");
    assert!(!held && said.contains("deployment/accounts has no version before this one"), "{said}");
    assert_eq!(place.read("images/deployment-accounts"), "registry.test/accounts:two", "not put back on `unreleased`");
}

/// Answers of the monitoring: requests now and before, share of errors of the new and the old version, p95.
fn monitoring(place: &Place, new: &str, old: &str, slow: &str, now: &str) {
    let curl = format!(
        "#!/bin/sh\ncase $* in *histogram*) v={slow} ;; *offset*) v=100 ;; *5m*) v={now} ;; *canary*) v={new} ;; *stable*) v={old} ;; esac\necho \"$v\"\n"
    );
    place.write("bin/curl", &curl);
    place.write("bin/jq", "#!/bin/sh\ncat\n");
}

#[test]
fn the_gate_judges_by_the_rules_of_the_plan() {
    let place = Place::of(&services());
    let rules = place.read("deploy/release-rules.yaml");
    assert!(
        rules.contains("error_ratio_above: 0.001\n"),
        "twice what 99.95% allows, without a long fraction:\n{rules}"
    );
    let gate = |new: &str, old: &str, slow: &str, now: &str| {
        monitoring(&place, new, old, slow, now);
        place.run("ops/release-gate.sh 2 cards")
    };
    assert!(gate("0.0009", "0", "0.1", "100").0, "below the limit");
    let (held, said) = gate("0.002", "0.0009", "0.1", "100");
    assert!(!held && said.contains("error rate 0.002"), "above the limit and twice the old one's: {said}");
    assert!(gate("0.002", "0.0015", "0.1", "100").0, "less than twice the old version's");
    assert!(!gate("0", "0", "0.5", "100").0, "slow");
    let (held, said) = gate("0", "0", "0.1", "75");
    assert!(!held && said.contains("75 requests/s"), "a quarter of the requests is gone: {said}");
    assert!(gate("0", "0", "0.1", "85").0);
    assert!(!gate("NaN", "0", "NaN", "100").0, "nothing was measured");
    place.write("deploy/release-rules.yaml", &rules.replace("error_ratio_above: 0.001", "error_ratio_above: 0.01"));
    assert!(gate("0.002", "0.0009", "0.1", "100").0, "the file decides");
}

#[test]
fn old_and_new_version_are_measured_apart() {
    let built = services();
    let file = |path: &str| content(&built, path);
    assert!(file("ops/prometheus.yml").contains("target_label: track, replacement: canary"));
    assert!(file("ops/prometheus.yml").contains("cards-canary-pods.digital-bank.svc"));
    let services = file("deploy/k8s/services.yaml");
    assert!(services.contains("metadata: {name: cards-canary-pods,"), "the record that is asked for");
}

/// Names that a script refuses to run without.
fn demanded(script: &str) -> Vec<&str> {
    let names = script.split("${").skip(1).filter_map(|rest| rest.split_once(":?").map(|(name, _)| name));
    names.filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_')).collect()
}

/// Variables of the infrastructure that have no default, or none but null where nothing asks whether it is null.
fn open_variables(built: &Built) -> Vec<String> {
    let files = || built.plan.artefacts.iter().filter(|file| file.path.starts_with("deploy/infra/"));
    let asked = |name: &str| {
        let ways = [format!("var.{name} == null"), format!("var.{name} != null")];
        files().any(|file| ways.iter().any(|way| file.content.contains(way)))
    };
    let blocks = files().flat_map(|file| file.content.split("\nvariable \"").skip(1));
    let open = blocks.filter(|block| {
        let (name, body) = (block.split('"').next().unwrap(), block.split("\n}").next().unwrap());
        let given =
            body.lines().find_map(|line| line.trim().strip_prefix("default")).map(|rest| rest.trim_matches([' ', '=']));
        given.is_none_or(|value| value == "null" && !asked(name))
    });
    open.map(|block| format!("TF_VAR_{}", block.split('"').next().unwrap()))
        .filter(|name| name != "TF_VAR_image_tag")
        .collect()
}

/// Systems of every kind of platform: examples, and the bank and functions with each provider.
fn platforms() -> Vec<(String, String)> {
    let examples = ["shop", "uptime-monitor", "volunteer-shifts", "patient-portal", "marketplace-global", "minimal"];
    let mut all: Vec<(String, String)> =
        examples.iter().map(|name| ((*name).to_string(), text(&format!("examples/{name}/req.yaml")))).collect();
    let (bank, small) = (text("examples/digital-bank/req.yaml"), text("examples/minimal/req.yaml"));
    for cloud in ["aws", "gcp", "azure", "digitalocean", "hetzner"] {
        all.push((format!("bank on {cloud}"), bank.replace("  cloud: aws", &format!("  cloud: {cloud}"))));
        let choice = "decisions: [{topic: pattern, choose: serverless, because: Known}]";
        all.push((format!("functions on {cloud}"), format!("{small}\nstack:\n  cloud: {cloud}\n{choice}\n")));
    }
    all
}

#[test]
fn a_pipeline_gives_the_scripts_what_they_ask_for() {
    let failures = support::each(&platforms(), |(example, stated)| {
        let mut failures = Vec::new();
        for (ci, path) in [
            ("github-actions", ".github/workflows/ci.yml"),
            ("gitlab-ci", ".gitlab-ci.yml"),
            ("jenkins", "Jenkinsfile"),
            ("azure-devops", "azure-pipelines.yml"),
        ] {
            let chosen = stated.replace("  ci: github-actions\n", "");
            let chosen = if chosen.contains("\nstack:\n") {
                chosen.replace("\nstack:\n", &format!("\nstack:\n  ci: {ci}\n"))
            } else {
                format!("{chosen}\nstack:\n  ci: {ci}\n")
            };
            let built = build(&chosen).unwrap();
            let file = |path: &str| {
                let found = built.plan.artefacts.iter().find(|file| file.path == path);
                found.map_or("", |file| file.content.as_str())
            };
            let pipeline = file(path);
            let mut asked: Vec<String> = Vec::new();
            for script in ["release", "rollback", "sign-in", "registry-login"] {
                asked.extend(demanded(file(&format!("ops/{script}.sh"))).into_iter().map(String::from));
            }
            if file("ops/release.sh").contains("ops/release-gate.sh") {
                asked.extend(demanded(file("ops/release-gate.sh")).into_iter().map(String::from));
            }
            if file("ops/release.sh").contains("ops/load-secrets.sh") {
                asked.extend(demanded(file("ops/load-secrets.sh")).into_iter().map(String::from));
            }
            if file("ops/load-secrets.sh").contains("found='{}'") {
                asked.push("DATABASE_URL".to_string());
            }
            if file("ops/release.sh").contains("terraform") {
                let given = |name: &String| file("ops/release.sh").contains(&format!("export {name}="));
                asked.extend(open_variables(&built).into_iter().filter(|name| !given(name)));
            }
            assert!(asked.iter().any(|name| name == "PUBLIC_URL"), "{example}: nothing is asked for");
            for name in asked {
                let set = match ci {
                    "jenkins" => pipeline.contains(&format!(" {name} = ")),
                    "gitlab-ci" => pipeline
                        .lines()
                        .filter(|line| line.starts_with("# Variables of the project") || line.contains("VAULT_JWT:"))
                        .any(|line| line.split(|c: char| c != '_' && !c.is_alphanumeric()).any(|word| word == name)),
                    _ => pipeline.contains(&format!(" {name}: $")),
                };
                if !set {
                    failures.push(format!("{example}, {ci}: {name} is not set"));
                }
            }
        }
        failures
    });
    support::report("settings are missing", &failures);
}

#[test]
fn a_cluster_reads_the_vault_of_its_environment() {
    let stated = text("examples/digital-bank/req.yaml").replace("  cloud: aws", "  cloud: azure");
    let place = bank_of(&build(&stated).unwrap());
    let (held, said) = place.run("ops/release.sh staging two");
    assert!(!held && said.contains("VAULT_NAME: name of the vault"), "{said}");
    let (held, said) = place.run("VAULT_NAME=bank-staging-kv ops/release.sh staging two");
    assert!(held, "{said}");
    let applied = place.read("applied");
    assert!(applied.contains("https://bank-staging-kv.vault.azure.net"), "{applied}");
    // Names of secrets are those that the scripts read: this store knows no slash.
    assert!(applied.contains("- extract: {key: accounts}"), "{applied}");
    // A project of Google is one environment; its scripts read the same one.
    let google = build(&stated.replace("  cloud: azure", "  cloud: gcp")).unwrap();
    let place = bank_of(&google);
    let (held, said) = place.run("ops/release.sh staging two");
    assert!(!held && said.contains("TF_VAR_project: project of the environment"), "{said}");
    let (held, said) = place.run("TF_VAR_project=bank-staging-7 ops/release.sh staging two");
    assert!(held && place.read("applied").contains("projectID: bank-staging-7}"), "{said}{}", place.read("applied"));
    let script = content(&google, "ops/load-secrets.sh");
    assert!(script.contains("--project \"${TF_VAR_project:?"), "{script}");
    for (cloud, key) in
        [("aws", "digital-bank/accounts"), ("gcp", "digital-bank-accounts"), ("hetzner", "digital-bank/accounts")]
    {
        let built = build(&stated.replace("  cloud: azure", &format!("  cloud: {cloud}"))).unwrap();
        let [store, script] =
            ["deploy/secrets/external-secrets.yaml", "ops/load-secrets.sh"].map(|path| content(&built, path));
        assert!(store.contains(&format!("- extract: {{key: {key}}}")), "{cloud}: {store}");
        assert!(script.contains(&key.replace("accounts", "$service")), "{cloud}: {script}");
    }
}

#[test]
fn images_go_where_the_infrastructure_takes_them_from() {
    let built = build(&text("examples/volunteer-shifts/req.yaml")).unwrap();
    let file = |path: &str| content(&built, path);
    assert!(!file(".github/workflows/ci.yml").contains("ghcr.io"), "the provider takes images from its own registry");
    assert!(file("ops/registry-login.sh").contains("registry.digitalocean.com"));
    assert!(
        file("ops/release.sh").contains("TF_VAR_registry=\"${REGISTRY#*/*/}\""),
        "the folder, without host and name"
    );
    assert!(file("ops/release.sh").contains("init -input=false -backend-config=backend.hcl"));
}

#[test]
fn a_pipeline_releases_the_services_that_a_change_touches() {
    let place = bank();
    let git =
        "git init -q . && git config user.email a@b.c && git config user.name a && git config commit.gpgsign false && ";
    let files = "mkdir -p src/cards src/bills docs && echo 1 > src/cards/a && echo 1 > src/bills/a && echo 1 > docs/a.md && echo 1 > shared && git add src docs shared && git commit -qm 1";
    assert!(place.run(&format!("{git}{files} && git rev-parse HEAD > first")).0);
    let first = place.read("first");
    for service in SERVICES {
        place.write(&format!("images/deployment-{service}"), &format!("registry.test/{service}:{first}\n"));
    }
    let changed = |change: &str| {
        let (held, said) = place.run(&format!(
            "git checkout -q {first} && {change} && git add -A src docs shared && git commit -qm 2 && ops/changed-services.sh production $(git rev-parse HEAD)"
        ));
        assert!(held, "{said}");
        said.trim().to_string()
    };
    assert_eq!(changed("echo 2 > src/cards/a"), "cards");
    assert_eq!(changed("echo 2 > docs/a.md"), "");
    assert_eq!(changed("echo 2 > src/bills/a && echo 2 > src/cards/a"), "cards bills");
    assert_eq!(changed("echo 2 > shared"), SERVICES.join(" "));
    place.write("images/deployment-bills", "registry.invalid/bank/bills:unreleased\n");
    assert_eq!(changed("echo 2 > src/cards/a"), "cards bills", "what never ran is released");
}

#[test]
fn a_snapshot_is_copied_away_before_the_older_ones_go() {
    let place = Place::of(&services());
    let aws = "#!/bin/sh\necho \"aws $*\" >> log\ncase $* in *create*) echo arn:new ;; *Status*) echo available ;; *manual*) echo digital-bank-20200101-000000 of-a-person ;; esac\n";
    place.write("bin/aws", aws);
    let (held, said) = place.run("DATABASE_ID=db BACKUP_ACCOUNT=2 BACKUP_KEY=key ops/backup.sh");
    assert!(held && said.starts_with("digital-bank-2"), "{said}");
    let log = place.read("log");
    let at =
        |what: &str| log.lines().position(|line| line.contains(what)).unwrap_or_else(|| panic!("no {what} in\n{log}"));
    assert!(at("copy-db-snapshot --profile backup --source-db-snapshot-identifier arn:new") < at("delete-db-snapshot"));
    assert_eq!(log.matches("delete-db-snapshot").count(), 1, "only what this script made:\n{log}");
    assert_eq!(said.trim(), said.trim().to_lowercase(), "the provider keeps names in small letters");
}
