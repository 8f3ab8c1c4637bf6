//! What a plan claims is what its figures and its files hold: sentences of tasks beside facts, migrations, scripts and settings.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use archplan::render::Depth;
use support::place::Place;
use support::{Built, build, build_with, content, fact, files, find, joined, markdown, report, requirements_of, text};

/// Requirements from a JSON object of dotted paths, with their plan and its text.
fn of(given: &str) -> (Built, String) {
    let given: serde_json::Value = serde_json::from_str(given).unwrap_or_else(|error| panic!("{given}: {error}"));
    let built = build(&requirements_of(given.as_object().unwrap())).unwrap_or_else(|error| panic!("{given}: {error}"));
    let text = markdown(&built, Depth::Standard);
    (built, text)
}

/// The lines of a task.
fn task<'t>(plan: &'t str, id: &str) -> &'t str {
    let head = format!("- [ ] **{id} [");
    let rest = plan.split(&head).nth(1).unwrap_or_else(|| panic!("no {id}"));
    let end = rest.find("\n- [ ]").or_else(|| rest.find("\n\n")).unwrap_or(rest.len());
    &rest[..end]
}

const ENTITIES: &str =
    r#""entities": [{"name": "Order", "rows": "1M", "fields": [{"name": "total", "type": "money"}]}]"#;

#[test]
fn no_less_is_lost_than_backups_and_copies_reach() {
    let cases = [
        r#"{"targets.rpo": "1min", "targets.availability": "99.9%", "stack.cloud": "on-premises"}"#,
        r#"{"targets.rpo": "1min", "targets.availability": "99.9%", "stack.cloud": "hetzner"}"#,
        r#"{"targets.rpo": "1min", "targets.availability": "99.9%", "stack.cloud": "aws"}"#,
        r#"{"targets.rpo": "1min", "targets.availability": "99%", "stack.cloud": "aws"}"#,
        r#"{"targets.rpo": "15min", "targets.availability": "99%", "stack.cloud": "gcp"}"#,
    ];
    let mut failures = Vec::new();
    for case in cases {
        let (built, plan) = of(case);
        let (reached, wanted) = (fact(&built, "recovery.rpo_reached"), fact(&built, "targets.rpo"));
        let recovery = task(&plan, "ARCH-PLAN-7.1");
        if recovery.contains("holds each commit") != (reached < 1.0 && wanted < 300_000.0) {
            failures.push(format!("{case}: {reached} ms are reached\n{recovery}"));
        }
        if reached > wanted && !recovery.contains("not reached") {
            failures.push(format!("{case}: {wanted} ms are promised and {reached} reached\n{recovery}"));
        }
    }
    report("promises of lost data that nothing keeps", &failures);
}

/// `table `outbox` (id, key)`: what a task names stands in the migration.
#[test]
fn columns_of_the_outbox_are_in_its_migration() {
    let (built, plan) = of(&format!(
        r#"{{"data.access": ["transactions"], "users.monthly": "60k", {ENTITIES}, "domains": [{{"name": "orders", "publishes": ["OrderPlaced"]}}, {{"name": "mail", "consumes": ["OrderPlaced"]}}]}}"#
    ));
    let sql = joined(&built, |path| path.ends_with(".up.sql"));
    let named = plan.split("table `outbox` (").nth(1).expect("a task names the outbox").split(')').next().unwrap();
    let missing = named.split(", ").filter(|name| !sql.contains(&format!("    {name} ")));
    report("columns that no migration makes", &missing.map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn a_release_in_place_is_not_asked_to_lose_nothing() {
    let cases = [
        r#"{"stack.cloud": "hetzner", "team.developers": 2, "stack.language": "typescript", "users.monthly": 500}"#,
        r#"{"stack.cloud": "hetzner", "team.developers": 6, "stack.language": "go", "users.monthly": 2000}"#,
        r#"{"stack.cloud": "on-premises", "team.developers": 1, "stack.language": "python", "targets.availability": "99%", "users.monthly": 2000}"#,
        r#"{"stack.cloud": "aws", "team.developers": 6, "stack.language": "go", "targets.availability": "99.9%"}"#,
    ];
    let (mut failures, mut in_place) = (Vec::new(), 0);
    for case in cases {
        let (_, plan) = of(case);
        if !plan.contains("nobody answers until it is ready") {
            continue;
        }
        in_place += 1;
        let words = ["without a failed request", "no failed request", "without downtime"];
        let lines = plan
            .lines()
            .filter(|line| !line.contains("database password") && words.iter().any(|word| line.contains(word)));
        failures.extend(lines.map(|line| format!("{case}: {line}")));
    }
    assert!(in_place >= 2, "{in_place} plans release in place");
    report("tasks ask a release in place for no failed request", &failures);
}

#[test]
fn commands_release_to_environments_of_the_pipeline() {
    let mut failures = Vec::new();
    for environments in [
        "",
        r#", "operations.environments": ["production"]"#,
        r#", "operations.environments": ["test", "production"]"#,
        r#", "operations.environments": ["staging", "production"]"#,
    ] {
        let (built, plan) = of(&format!(r#"{{{ENTITIES}{environments}}}"#));
        let commands = plan.split("\n## Commands").nth(1).unwrap().split("\n## ").next().unwrap();
        let pipeline = content(&built, ".github/workflows/ci.yml");
        for name in ["test", "staging", "production"] {
            let line = format!("ops/release.sh {name} ");
            if commands.contains(&line) != pipeline.contains(&line) {
                failures.push(format!("{environments}: `{line}` stands in one of commands and pipeline only"));
            }
        }
    }
    report("commands and pipelines differ", &failures);
}

/// What is tried before production is tried in an environment that is stated.
#[test]
fn a_release_is_tried_in_a_stated_environment() {
    let mut failures = Vec::new();
    for (stated, name) in [
        (r#"["test", "production"]"#, "test"),
        (r#"["dev", "Pre prod", "prod"]"#, "pre-prod"),
        (r#"["test", "staging", "production"]"#, "staging"),
    ] {
        for ci in ["github-actions", "gitlab-ci", "jenkins", "azure-devops"] {
            let (built, plan) = of(&format!(
                r#"{{{ENTITIES}, "operations.environments": {stated}, "decisions": [{{"topic": "ci", "choose": "{ci}", "because": "Known"}}]}}"#
            ));
            let paths = [".github/workflows/ci.yml", ".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml"];
            let pipeline = paths.iter().find_map(|path| find(&built, path)).expect("a pipeline");
            if !pipeline.contains(&format!("ops/release.sh {name} ")) || !plan.contains(&format!("in {name}")) {
                failures.push(format!("{stated} {ci}: nothing is released to {name}"));
            }
            if name != "staging" && (pipeline.contains("staging") || plan.contains("in staging")) {
                failures.push(format!("{stated} {ci}: staging is named"));
            }
            let jobs = pipeline.lines().filter(|line| line.trim_start() == "test:");
            if jobs.count() > 1 {
                failures.push(format!("{stated} {ci}: two jobs `test`"));
            }
        }
    }
    report("releases to environments that are not there", &failures);
}

#[test]
fn no_more_people_at_once_than_in_a_month() {
    let mut cases: Vec<String> = files("examples", "req.yaml").into_iter().map(|file| text(&file)).collect();
    cases.push("archplan: 1\nproject: {name: Meters}\nteam: {developers: 9}\nusers: {monthly: 40k}\ntraffic: {average: 15k/s, peak: 20k/s}\n".to_string());
    cases.push("archplan: 1\nproject: {name: Gateway}\nteam: {developers: 6}\nusers: {monthly: 1200}\ntraffic: {peak: 180/s}\n".to_string());
    let mut failures = Vec::new();
    for case in cases {
        let built = build(&case).unwrap();
        let of = |path: &str| built.plan.facts.iter().find(|fact| fact.path == path).map(|_| fact(&built, path));
        if let (Some(at_once), Some(monthly)) = (of("users.concurrent"), of("users.monthly"))
            && at_once > monthly
        {
            failures.push(format!("{}: {at_once} of {monthly}", built.requirements.project.name));
        }
    }
    report("more people at once than there are", &failures);
}

#[test]
fn what_a_domain_does_is_a_sentence() {
    let domains = r#""domains": [{"name": "orders", "publishes": ["OrderPlaced"]}, {"name": "mail", "consumes": ["OrderPlaced"]}, {"name": "prices"}]"#;
    let split = r#""team.developers": 24, "team.teams": 3, "team.independent_releases": true, "team.distributed_systems": "strong", "team.operations": "platform-team""#;
    for given in [format!("{{{domains}}}"), format!("{{{domains}, {split}}}")] {
        let (_, plan) = of(&given);
        for wrong in ["events publishes", "events consumes", "events none", "calls none"] {
            assert!(!plan.contains(wrong), "{wrong}: {given}");
        }
        assert!(plan.contains("publishes OrderPlaced"), "{given}");
    }
}

#[test]
fn burn_rates_of_the_plan_are_those_of_the_alerts() {
    let mut failures = Vec::new();
    for on_call in [true, false] {
        let (built, plan) = of(&format!(r#"{{"targets.availability": "99%", "team.on_call": {on_call}, {ENTITIES}}}"#));
        let alerts = content(&built, "ops/alerts.yml");
        for (rate, threshold) in [("14.4x", "> 0.144"), ("6x", "> 0.06"), ("3x", "> 0.03"), ("1x", "> 0.01")] {
            let stands = alerts.contains(&format!("{threshold}\n"));
            for id in ["ARCH-PLAN-6.1", "CODE-5.2"] {
                let line = task(&plan, id).lines().find(|line| line.contains("14.4x")).unwrap();
                if line.contains(&format!(" {rate}")) != stands {
                    failures.push(format!("on call {on_call}: {id} and ops/alerts.yml differ on {rate}: {line}"));
                }
            }
        }
    }
    report("burn rates that differ", &failures);
}

#[test]
fn a_load_test_without_requests_is_not_called_the_mix() {
    let peak = r#""traffic.peak": "900/s", "targets.p95": "300ms""#;
    let (built, plan) = of(&format!("{{{peak}}}"));
    assert!(content(&built, "loadtest/load-test.k6.js").contains("No resource is stated"));
    let wanted = task(&plan, "TASK-4.1");
    assert!(!wanted.contains("script with"), "{wanted}");
    assert!(wanted.contains("`/readyz`"), "{wanted}");
    let (built, plan) = of(&format!("{{{peak}, {ENTITIES}}}"));
    assert!(!content(&built, "loadtest/load-test.k6.js").contains("No resource is stated"));
    assert!(task(&plan, "TASK-4.1").contains("script with 80% reads"));
}

#[test]
fn what_faces_nobody_outside_shows_no_port() {
    for cloud in ["hetzner", "aws", "on-premises"] {
        let (_, plan) = of(&format!(r#"{{"security.internet_facing": false, "stack.cloud": "{cloud}"}}"#));
        let network = task(&plan, "TASK-6.1");
        assert!(!network.contains("one open port") && !network.contains("the entry's port"), "{cloud}: {network}");
        assert_eq!(network.contains("the provider's sign-in"), cloud != "on-premises", "{cloud}: {network}");
    }
}

/// What a drill stops, and what stands in front of a store, is part of the plan.
#[test]
fn tasks_name_parts_that_the_plan_has() {
    let cases = [
        r#"{"targets.availability": "99.95%"}"#,
        r#"{"targets.availability": "99.95%", "data.access": ["transactions", "files"], "security.internet_facing": false, "stack.cloud": "on-premises"}"#,
        r#"{"targets.availability": "99.95%", "traffic.peak": "3k/s", "traffic.reads": "95%", "users.monthly": "900k", "domains": [{"name": "a", "publishes": ["E"]}, {"name": "b", "consumes": ["E"]}], "integrations": [{"name": "Bank", "mode": "sync"}]}"#,
        r#"{"targets.p99": "600ms", "targets.p95": "200ms"}"#,
    ];
    let mut failures = Vec::new();
    for case in cases {
        let (built, plan) = of(case);
        let chosen = |topic: &str| {
            built.plan.facts.iter().any(|fact| fact.path == format!("selection.{topic}") && fact.value != "none")
        };
        let drills = if plan.contains("**TASK-4.12 [") { task(&plan, "TASK-4.12") } else { "" };
        for (word, there) in [
            ("the cache", chosen("cache")),
            ("the broker", chosen("broker")),
            ("integration", case.contains("integrations")),
        ] {
            if !drills.is_empty() && drills.contains(word) != there {
                failures.push(format!("{case}: {word} in {drills}"));
            }
        }
        let metrics = task(&plan, "ARCH-PLAN-6.1").lines().find(|line| line.contains("**Metrics**")).unwrap();
        if metrics.contains("queue age") != chosen("broker") {
            failures.push(format!("{case}: {metrics}"));
        }
        if !chosen("cdn") && plan.contains("the CDN for public files") {
            failures.push(format!("{case}: a CDN that is not there"));
        }
        let own = case.contains("on-premises") && chosen("object-storage");
        if own
            && plan
                .split("[object storage]")
                .nth(1)
                .unwrap()
                .split("\n- [ ]")
                .next()
                .unwrap()
                .contains("by the provider")
        {
            failures.push(format!("{case}: a provider runs what stands on own machines"));
        }
    }
    report("tasks name what the plan does not have", &failures);
}

#[test]
fn an_image_is_asked_for_what_its_language_can_be() {
    let mut failures = Vec::new();
    for language in ["go", "rust", "typescript", "java", "python", "ruby", "csharp", "php"] {
        let (built, plan) = of(&format!(r#"{{"stack.language": "{language}", "team.developers": 9, {ENTITIES}}}"#));
        let dockerfile = content(&built, "Dockerfile");
        let last = dockerfile.lines().rfind(|line| line.starts_with("FROM ")).unwrap();
        let bare = last.contains("distroless") || last.contains("scratch");
        let asked = task(&plan, "TASK-5.3");
        if asked.contains("no shell in the last stage") != bare {
            failures.push(format!("{language}: {last}"));
        }
        if asked.contains("health check that calls") && !dockerfile.contains("HEALTHCHECK") {
            failures.push(format!("{language}: the image has no health check"));
        }
    }
    report("images are asked for what they are not", &failures);
}

/// A topic has as many partitions for a developer as in production.
#[test]
fn partitions_are_those_of_one_topic() {
    let (built, plan) = of(
        r#"{"stack.cloud": "aws", "traffic.peak": "900/s", "realtime": "critical", "team.developers": 14, "team.operations": "dedicated", "team.distributed_systems": "strong", "stack.language": "java", "team.knows": ["kafka"], "domains": [{"name": "a", "publishes": ["E", "F"]}, {"name": "b", "consumes": ["E", "F"]}]}"#,
    );
    let each = fact(&built, "capacity.broker.topic_partitions");
    assert!(
        content(&built, "compose.yaml").contains(&format!("KAFKA_NUM_PARTITIONS: \"{each}\"")),
        "{each} for each topic"
    );
    assert!(content(&built, "deploy/infra/data.tf").contains(&format!("num.partitions={each}")));
    assert!(plan.contains(&format!("{each} for each topic")), "{}", task(&plan, "ARCH-PLAN-3.1"));
    // Brokers that ask for a role are called by one that may.
    let compute = content(&built, "deploy/infra/compute.tf");
    assert!(compute.contains("kafka-cluster:Connect") && compute.contains("aws_iam_role.task"), "{compute}");
}

/// Balancer, gateway and ingress lead to the service that a webhook is for.
#[test]
fn webhooks_have_a_way_in() {
    let services = r#""team.developers": 24, "team.teams": 3, "team.independent_releases": true, "team.distributed_systems": "strong", "team.operations": "platform-team", "domains": [{"name": "orders"}, {"name": "payments"}, {"name": "mail"}], "integrations": [{"name": "Payment provider", "mode": "async", "calls_back": true}, {"name": "Nobody", "mode": "async", "calls_back": true}]"#;
    let mut failures = Vec::new();
    for more in [
        r#""stack.cloud": "aws""#,
        r#""stack.cloud": "aws", "stack.orchestrator": "kubernetes""#,
        r#""stack.cloud": "azure", "stack.orchestrator": "kubernetes""#,
    ] {
        let (built, _) = of(&format!("{{{services}, {more}}}"));
        assert!(content(&built, "api/webhooks.yaml").contains("/webhooks/payment-provider"));
        let ways: String = built
            .plan
            .artefacts
            .iter()
            .filter(|file| file.path.starts_with("deploy/"))
            .map(|file| file.content.as_str())
            .collect();
        for path in ["webhooks/payment-provider", "webhooks/nobody"] {
            if !ways.contains(path) {
                failures.push(format!("{more}: no way to /{path}"));
            }
        }
    }
    report("webhooks that arrive nowhere", &failures);
}

/// A repository whose packages nobody locks yet has nothing to be found, which is no failure.
#[test]
fn a_scan_without_packages_is_no_failure() {
    for language in ["java", "typescript", "go"] {
        let (built, _) = of(&format!(r#"{{"stack.language": "{language}", {ENTITIES}}}"#));
        let makefile = content(&built, "Makefile");
        let line = makefile.lines().find(|line| line.contains("osv-scanner")).unwrap();
        assert!(line.contains("128"), "{line}");
    }
}

#[test]
fn a_limit_that_is_passed_today_is_a_finding() {
    let (_, plan) = of(
        r#"{"stack.cloud": "azure", "traffic.average": "15k/s", "traffic.peak": "20k/s", "traffic.reads": "5%", "data.size": "8TB", "team.developers": 11}"#,
    );
    assert!(plan.contains("disk-operations-not-reached"), "no finding says so");
    let (_, plan) = of("{}");
    assert!(!plan.contains("disk-operations-not-reached"));
}

#[test]
fn money_in_a_domain_that_states_strong_consistency_is_no_finding() {
    let money = r#""data.consistency": "eventual", "security.data_classes": ["payment"]"#;
    let (_, plan) = of(&format!(r#"{{{money}, "domains": [{{"name": "kitchen"}}]}}"#));
    assert!(plan.contains("eventual-consistency-with-money"));
    let (_, plan) = of(&format!(
        r#"{{{money}, "domains": [{{"name": "orders", "consistency": "strong"}}, {{"name": "kitchen"}}]}}"#
    ));
    assert!(!plan.contains("eventual-consistency-with-money"));
}

/// A switch that a runbook names is one that the code or a file has.
#[test]
fn runbooks_name_switches_that_exist() {
    let mut failures = Vec::new();
    for language in ["go", "java", "python"] {
        let (built, _) = of(&format!(
            r#"{{"stack.language": "{language}", "users.monthly": "60k", "team.on_call": true, "integrations": [{{"name": "Bank", "mode": "sync", "critical": true}}, {{"name": "Post", "mode": "async"}}]}}"#
        ));
        for path in ["docs/runbooks/degradation.md", "docs/runbooks/bad-release.md"] {
            let said = find(&built, path).unwrap_or_default();
            failures.extend(
                said.lines()
                    .filter(|line| line.contains("by setting") || (line.contains("Post") && line.contains("breaker")))
                    .map(|line| format!("{language}: {path}: {line}")),
            );
        }
    }
    report("switches that nothing has", &failures);
}

/// Writes that no edge can answer are not sent through one because of the number of people.
#[test]
fn devices_that_write_pay_for_no_edge() {
    let consumers = r#""api.consumers": [{"name": "meters", "kind": "device"}, {"name": "portal", "kind": "browser"}], "users.monthly": "60k""#;
    let edge = |more: &str| {
        let (built, _) = of(&format!("{{{consumers}, {more}}}"));
        built.plan.facts.iter().any(|fact| fact.path == "selection.cdn" && fact.value != "none")
    };
    assert!(!edge(
        r#""traffic.average": "15k/s", "traffic.peak": "20k/s", "traffic.reads": "5%", "traffic.response_size": "20B""#
    ));
    assert!(edge(r#""traffic.peak": "200/s", "traffic.reads": "80%""#));
}

/// Who is named to a secrets store has an entry there, so that the first release finds more than a refusal.
#[test]
fn every_reader_of_secrets_has_an_entry() {
    let services = r#""team.developers": 24, "team.teams": 3, "team.independent_releases": true, "team.distributed_systems": "strong", "team.operations": "platform-team", "preferences.databases": ["postgresql"], "domains": [{"name": "orders"}, {"name": "payments"}, {"name": "mail"}]"#;
    let mut failures = Vec::new();
    for cloud in ["aws", "gcp"] {
        let (built, _) = of(&format!(r#"{{{services}, "stack.cloud": "{cloud}"}}"#));
        let (release, infra) = (content(&built, "ops/release.sh"), content(&built, "deploy/infra/main.tf"));
        assert!(release.contains("ops/load-secrets.sh migrations"), "{release}");
        for reader in ["migrations", "backup"] {
            let address = format!("\"{reader}-database-url\"");
            if !infra.contains(&format!("\"{reader}\"")) && !infra.contains(&address) {
                failures.push(format!("{cloud}: no entry for {reader}"));
            }
        }
        let names = content(&built, "config/secrets.yaml");
        let addresses = names.lines().filter(|line| line.contains("name: DATABASE_URL") && line.contains("backup"));
        if addresses.count() != 1 {
            failures.push(format!("{cloud}: a backup has no address of the database: {names}"));
        }
    }
    report("readers without an entry", &failures);
}

#[test]
fn a_nightly_backup_says_who_starts_it() {
    let (_, plan) = of("{}");
    assert!(
        task(&plan, "CODE-4.11").contains("ops/load-secrets.sh backup ops/backup.sh"),
        "{}",
        task(&plan, "CODE-4.11")
    );
}

/// A container is given every secret that `config/secrets.yaml` lists for its service.
#[test]
fn every_secret_reaches_the_services_that_read_it() {
    let asked = r#""team.knows": ["typescript"], "security.authentication": ["oidc"], "integrations": [{"name": "Bank", "mode": "sync"}], "decisions": [{"topic": "broker", "choose": "rabbitmq", "because": "Known"}, {"topic": "compute", "choose": "COMPUTE", "because": "Known"}, {"topic": "orchestrator", "choose": "none", "because": "Known"}]"#;
    let mut failures = Vec::new();
    for (cloud, compute, taken) in [
        ("aws", "managed-containers", "secrets = [for key in local.secrets[each.key]"),
        ("aws", "paas", "for key in local.secrets[each.key] : key =>"),
        ("gcp", "managed-containers", "for_each = local.secrets[each.key]"),
        ("azure", "managed-containers", "for_each = local.secrets[each.key]"),
        ("azure", "paas", "for name in local.secrets[each.key] : name =>"),
        ("gcp", "functions", "for_each = local.secrets[each.key]"),
        ("azure", "functions", "for name in local.secrets[each.key] : name =>"),
    ] {
        let (built, _) =
            of(&format!(r#"{{"stack.cloud": "{cloud}", {ENTITIES}, {}}}"#, asked.replace("COMPUTE", compute)));
        let infra = joined(&built, |path| path.starts_with("deploy/infra/"));
        let listed: Vec<String> = content(&built, "config/secrets.yaml")
            .lines()
            .filter(|line| !line.contains("[backup]") && !line.contains("[migrations]"))
            .filter_map(|line| line.split("{name: ").nth(1)?.split(',').next())
            .map(|name| format!("\"{}\"", name.trim_matches('"')))
            .collect();
        assert!(listed.iter().any(|name| name == "\"BROKER_URL\"") && listed.len() > 2, "{listed:?}");
        if !infra.contains(&format!("= [{}]", listed.join(", "))) || !infra.contains(taken) {
            failures.push(format!("{cloud} {compute}: {listed:?} are not given"));
        }
    }
    report("secrets that no container gets", &failures);
}

/// A platform that takes secrets whole has one for each name, and the migrations read the same ones.
#[test]
fn a_secret_of_its_own_is_read_by_its_own_name() {
    for (cloud, program, there) in
        [("gcp", "gcloud", "--secret=app-app-database-url"), ("azure", "az", "--name app-database-url")]
    {
        let (built, _) = of(&format!(
            r#"{{"project.name": "App", "stack.cloud": "{cloud}", {ENTITIES}, "decisions": [{{"topic": "compute", "choose": "managed-containers", "because": "Known"}}]}}"#
        ));
        let place = Place::of(&built);
        for path in ["ops/load-secrets.sh", "config/secrets.yaml"] {
            place.write(path, content(&built, path));
        }
        place.write(&format!("bin/{program}"), "#!/bin/sh\necho \"$*\" >> log\necho \"it's here\"\n");
        let (held, said) =
            place.run("TF_VAR_project=p VAULT_NAME=v ops/load-secrets.sh app sh -c 'echo \"$DATABASE_URL\"'");
        assert!(held && said.trim() == "it's here", "{cloud}: {said}");
        assert!(place.read("log").contains(there), "{cloud}: {}", place.read("log"));
    }
}

/// Alerts on the budget that a task promises are made: the pipeline sets the account without which there are none.
#[test]
fn a_pipeline_names_the_account_of_the_budget() {
    let mut failures = Vec::new();
    for (budget, there) in [(r#""budget.monthly": "$3000/month","#, true), ("", false)] {
        for ci in ["github-actions", "gitlab-ci", "jenkins", "azure-devops"] {
            let (built, _) = of(&format!(
                r#"{{{budget} "stack.cloud": "gcp", "stack.iac": "terraform", "decisions": [{{"topic": "compute", "choose": "managed-containers", "because": "Known"}}, {{"topic": "ci", "choose": "{ci}", "because": "Known"}}]}}"#
            ));
            let paths = [".github/workflows/ci.yml", ".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml"];
            let pipeline = paths.iter().find_map(|path| find(&built, path)).expect("a pipeline");
            assert_eq!(find(&built, "deploy/infra/budget.tf").is_some(), there, "{ci}");
            if pipeline.contains("TF_VAR_billing_account") != there {
                failures.push(format!("{ci}: with a budget {there}"));
            }
        }
    }
    report("pipelines without the account of the budget", &failures);
}

/// A script that no shell reads fails the check, also where the linter says nothing.
#[test]
fn a_script_with_a_fault_of_syntax_fails_its_check() {
    let (built, _) = of(r#"{"stack.cloud": "hetzner", "team.developers": 2, "users.monthly": 500}"#);
    let place = Place::of(&built);
    for tool in ["shellcheck", "promtool", "terraform", "kubeconform", "hadolint", "docker"] {
        place.write(&format!("bin/{tool}"), "#!/bin/sh\n");
    }
    let (held, said) = place.run("ops/check-ops.sh");
    assert!(held, "{said}");
    place.write("ops/a-fault.sh", "#!/bin/sh\nif true; then\n");
    let (held, said) = place.run("ops/check-ops.sh");
    assert!(!held, "{said}");
}

/// Quantity times price is the amount, or the line says why not.
#[test]
fn lines_of_the_bill_can_be_computed_again() {
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml") {
        let built = build(&text(&file)).unwrap();
        for line in &built.plan.cost.lines {
            let (Some(price), Some(monthly)) = (line.unit_price, line.monthly) else { continue };
            let product = line.quantity.expected * price;
            let explained = ["free", "above"].iter().any(|word| line.item.contains(word));
            if (product - monthly.expected).abs() > 0.02 * product.max(1.0) && !explained {
                failures.push(format!(
                    "{file}: {}: {} x {price} is {product}, not {}",
                    line.item, line.quantity.expected, monthly.expected
                ));
            }
        }
    }
    report("lines of the bill do not add up", &failures);
}

#[test]
fn a_disk_is_bought_for_no_more_than_age_leaves() {
    let stated = r#""data.growth": "40GB/month", "stack.cloud": "aws", "targets.availability": "99%""#;
    let bought = |more: &str| fact(&of(&format!("{{{stated}, {more}}}")).0, "capacity.database.storage_gb");
    let (kept, dropped) =
        (bought(r#""data.size": "960GB""#), bought(r#""data.size": "960GB", "data.retention": "24 months""#));
    assert!(dropped < kept, "{dropped} of {kept} GB");
    let same = bought(r#""data.size": "900GB", "data.retention": "24 months""#);
    assert!((same - dropped).abs() < 1.0, "three months more reach what 24 months leave: {same} and {dropped}");
}

#[test]
fn three_nodes_of_a_search_are_three_on_the_bill() {
    for (cloud, least) in [("on-premises", 3.0), ("hetzner", 3.0), ("aws", 2.0)] {
        let (built, _) = of(&format!(
            r#"{{"stack.cloud": "{cloud}", "data.access": ["transactions", "search"], "data.size": "300GB", "users.monthly": "60k", "decisions": [{{"topic": "search", "choose": "opensearch", "because": "Known"}}]}}"#
        ));
        let line = built
            .plan
            .cost
            .lines
            .iter()
            .find(|line| line.item.contains("data node"))
            .unwrap_or_else(|| panic!("{cloud}: no search"));
        assert!(line.quantity.expected >= least * 730.0 - 1.0, "{cloud}: {}", line.quantity.expected);
    }
}

/// A bucket is paid for by the month, however little lies in it.
#[test]
fn a_bucket_with_a_base_price_is_on_the_bill() {
    let (built, _) = of(r#"{"stack.cloud": "hetzner", "team.developers": 2, "users.monthly": 200}"#);
    let bucket: f64 = built
        .plan
        .cost
        .lines
        .iter()
        .filter(|line| line.component == "Object storage")
        .filter_map(|line| line.monthly)
        .map(|range| range.expected)
        .sum();
    assert!(bucket > 5.0, "{bucket}");
}

#[test]
fn a_limit_of_requests_names_its_window() {
    for (stated, window) in [("120/min", "1 min"), ("600/min", "1 s"), ("20/s", "1 s")] {
        let (built, plan) =
            of(&format!(r#"{{"api.rate_limit": "{stated}", "api.public": true, "stack.language": "go", {ENTITIES}}}"#));
        let said = task(&plan, "TASK-6.10");
        assert!(said.contains(&format!("which takes {window}")), "{stated}: {said}");
        assert!(!plan.contains("takes one window"), "{stated}");
        let seconds = if window == "1 s" { 1 } else { 60 };
        let settings = content(&built, "internal/settings/settings.go");
        let names = settings.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(names.contains(&format!("RateWindow = {seconds} * time.Second")), "{stated}: {settings}");
    }
}

#[test]
fn callers_without_a_sign_in_have_none() {
    for way in ["api-key", "mtls"] {
        let (_, plan) = of(&format!(
            r#"{{"security.authentication": ["{way}"], "api.consumers": [{{"name": "shops", "kind": "partner"}}]}}"#
        ));
        assert!(!task(&plan, "ARCH-PLAN-1.1").contains("sign-in"), "{way}: {}", task(&plan, "ARCH-PLAN-1.1"));
    }
}

#[test]
fn secrets_of_the_environment_are_in_a_sentence() {
    let (built, plan) = of(r#"{"team.developers": 2, "users.monthly": 200, "stack.cloud": "hetzner"}"#);
    assert!(content(&built, "config/secrets.yaml").contains("store: environment"));
    for wrong in ["in Environment of", "Environment of the process is"] {
        assert!(!plan.contains(wrong), "{wrong}");
        assert!(built.plan.artefacts.iter().all(|file| !file.content.contains(wrong)), "{wrong}");
    }
}

/// What the size at the horizon counts is what the store keeps.
#[test]
fn measurements_are_kept_as_long_as_is_stated() {
    let given = r#""data.access": ["time-series", "transactions"], "traffic.peak": "30k/s", "traffic.reads": "20%", "data.growth": "20TB/month""#;
    let (_, plan) = of(&format!(r#"{{{given}, "data.retention": "13 months"}}"#));
    let said = task(&plan, "ARCH-PLAN-2.7");
    assert!(said.contains("raw values 13 months") && !said.contains("raw values 30 days"), "{said}");
    assert!(task(&of(&format!("{{{given}}}")).1, "ARCH-PLAN-2.7").contains("raw values 30 days"));
}

#[test]
fn a_guard_has_the_breaker_of_its_title() {
    let (_, plan) = of(r#"{"integrations": [{"name": "Bank", "mode": "sync"}, {"name": "Post", "mode": "async"}]}"#);
    for line in plan.lines().filter(|line| line.contains("**TASK-4.10")) {
        assert_eq!(line.contains("breaker"), line.contains("Bank"), "{line}");
    }
}

/// A comma inside an unquoted type ends the value of a mapping in one line.
#[test]
fn a_type_with_a_comma_asks_for_quotes() {
    let text = "archplan: 1\nproject: {name: A}\nteam: {developers: 3}\nusers: {monthly: 1k}\nentities:\n  - {name: B, fields: [{name: wh, type: decimal(12,3)}]}\n";
    let reading = archplan::requirements::read("req.yaml", text);
    let said: Vec<String> = reading.diagnostics.iter().flat_map(|finding| finding.fix.clone()).collect();
    assert!(said.iter().any(|fix| fix.contains("\"decimal(10,2)\"")), "{said:?}");
}

#[test]
fn a_framework_brings_its_build_file_where_there_is_none() {
    for (language, manifest) in [("java", false), ("ruby", false), ("typescript", true), ("rust", true)] {
        let (_, plan) =
            of(&format!(r#"{{"stack.language": "{language}", "security.authentication": ["api-key"], {ENTITIES}}}"#));
        let said = task(&plan, "CODE-3.1");
        assert!(said.contains("no file here starts a service"), "{language}: {said}");
        assert_eq!(said.contains("into the manifest"), manifest, "{language}: {said}");
    }
}

/// What the bill pays for in front of the balancer stands in front of it.
#[test]
fn a_firewall_on_the_bill_is_built() {
    for (cloud, compliance, there) in
        [("aws", r#"["pci-dss"]"#, true), ("aws", "[]", false), ("gcp", r#"["pci-dss"]"#, true), ("gcp", "[]", false)]
    {
        let policy =
            if cloud == "aws" { "\"aws_wafv2_web_acl_association\"" } else { "google_compute_security_policy.main.id" };
        let machines = if cloud == "gcp" {
            r#""decisions": [{"topic": "compute", "choose": "virtual-machines", "because": "Known"}, {"topic": "load-balancer", "choose": "cloud-load-balancer", "because": "Known"}],"#
        } else {
            ""
        };
        let (built, _) = of(&format!(
            r#"{{{machines} "stack.cloud": "{cloud}", "stack.iac": "terraform", "compliance": {compliance}, "traffic.peak": "900/s", "security.data_classes": ["payment"], "targets.availability": "99.9%"}}"#
        ));
        let billed = built.plan.cost.lines.iter().any(|line| line.item.starts_with("firewall"));
        let infra = content(&built, "deploy/infra/main.tf");
        assert_eq!((billed, infra.contains(policy)), (there, there), "{cloud} {compliance}");
    }
}

/// What stands before the application, and what is left to do there, per provider.
#[test]
fn floods_and_attacks_meet_what_the_files_make() {
    let pick =
        |topic: &str, choice: &str| format!(r#"{{"topic": "{topic}", "choose": "{choice}", "because": "Known"}}"#);
    let machines = [pick("compute", "virtual-machines"), pick("load-balancer", "cloud-load-balancer")].join(", ");
    let run = [pick("compute", "managed-containers"), pick("api-gateway", "none")].join(", ");
    let cases = [
        ("aws", pick("cdn", "cloudfront"), "[]", "before the bucket of files alone", "it is not on the bill"),
        (
            "aws",
            format!("{}, {machines}", pick("cdn", "cloudfront")),
            r#"["pci-dss"]"#,
            "`firewall_blocks`",
            "by two ways",
        ),
        (
            "gcp",
            format!("{}, {machines}", pick("cdn", "cloud-cdn")),
            r#"["pci-dss"]"#,
            "block from the first day",
            "the one way in",
        ),
        ("gcp", format!("{}, {run}", pick("cdn", "cloud-cdn")), "[]", "`INGRESS_TRAFFIC_ALL`", "made by hand"),
        ("hetzner", pick("cdn", "cloudflare"), "[]", "its published ranges", "leave open to everybody"),
        ("digitalocean", pick("cdn", "spaces-cdn"), "[]", "before files alone", "made by hand"),
    ];
    for (cloud, decisions, compliance, first, second) in cases {
        let (built, plan) = of(&format!(
            r#"{{"decisions": [{decisions}], "stack.cloud": "{cloud}", "stack.iac": "terraform", "compliance": {compliance}, "traffic.peak": "900/s", "users.monthly": "400k", "data.access": ["transactions", "files"], "data.files.size": "500GB", "targets.availability": "99.9%", "security.internet_facing": true}}"#
        ));
        let said = task(&plan, "TASK-6.11");
        assert!(said.contains(first) && said.contains(second), "{cloud} {decisions}: {said}");
        let whole = said.contains("a direct request to the origin fails");
        assert_eq!(whole, decisions.contains("cloudflare"), "{cloud} {decisions}: {said}");
        if decisions.contains("cloudfront") {
            let data = content(&built, "deploy/infra/data.tf");
            assert!(data.contains("aws_s3_bucket_policy") && data.contains("/public/*"), "the edge may read files");
        }
        assert!(!plan.contains("accepts requests from the CDN only"), "{cloud}");
    }
}

/// Connections are held by what the bill pays for and `deploy/` starts.
#[test]
fn open_connections_are_held_by_instances_of_the_bill() {
    for (connections, peak) in [("6k", "900/s"), ("3M", "200/s")] {
        let (built, plan) = of(&format!(
            r#"{{"traffic.long_lived_connections": "{connections}", "traffic.peak": "{peak}", "realtime": "critical"}}"#
        ));
        let said = plan
            .split("[open connections]")
            .nth(1)
            .expect("an item of open connections")
            .split("\n- [ ]")
            .next()
            .unwrap();
        let (needed, planned) = (fact(&built, "capacity.connections.nodes"), fact(&built, "capacity.app.instances"));
        assert_eq!(said.contains("run the larger number"), needed > planned, "{needed} of {planned}: {said}");
        assert!(
            said.contains("`/api/v1/stream`")
                && said.contains("are planned for requests") | said.contains("run for the requests"),
            "{said}"
        );
    }
}

#[test]
fn little_is_kept_of_little_data() {
    let case = r#"{"project.complexity": "low", "team.developers": 2, "team.on_call": false, "team.knows": ["go"], "users.monthly": 180, "traffic.peak": "3/s", "traffic.average": "1/s", "targets.rpo": "24h", "targets.p95": "300ms", "data.size": "3MB", "data.growth": "1MB/month", "stack.cloud": "hetzner", "stack.language": "go", "security.internet_facing": false, "security.roles": ["clerk"], ENTITIES}"#;
    let (_, plan) = of(&case.replace("ENTITIES", ENTITIES));
    let backup = plan.lines().find(|line| line.contains("kept today")).expect("a section on recovery");
    assert!(backup.contains("6 MB kept today"), "{backup}");
}

/// A loop over one quoted word is a fault to the linter that `make check-ops` starts.
#[test]
fn no_loop_of_a_script_runs_once() {
    let cases = [
        r#"{"stack.cloud": "hetzner", "team.developers": 2, "users.monthly": 500}"#,
        r#"{"stack.cloud": "on-premises", "team.developers": 8, "targets.availability": "99.9%", "compliance": ["hipaa"]}"#,
        r#"{"stack.cloud": "hetzner", "team.developers": 3, "workloads": [{"name": "report", "kind": "scheduled", "runs": "1/day", "duration": "5min"}]}"#,
    ];
    let mut failures = Vec::new();
    for case in cases {
        let (built, _) = of(case);
        for file in built.plan.artefacts.iter().filter(|file| file.path.ends_with(".sh")) {
            let loops = file
                .content
                .lines()
                .filter_map(|line| line.trim().strip_prefix("for ")?.split_once(" in ").map(|(_, words)| words));
            let once = loops.filter(|words| {
                words.starts_with('"')
                    && !words.starts_with("\"$@")
                    && words.matches('"').count() == 2
                    && words.ends_with("\"; do")
            });
            failures.extend(once.map(|words| format!("{case}: {}: for ... in {words}", file.path)));
        }
    }
    report("loops run once", &failures);
}

/// The arrow of the diagram from a domain to a system of others stands in the domain's own words too.
#[test]
fn a_domain_names_the_systems_that_it_calls() {
    let (_, plan) = of(
        r#"{"domains": [{"name": "delivery", "summary": "Couriers"}, {"name": "orders"}], "integrations": [{"name": "Delivery partners", "mode": "async"}, {"name": "Bank", "purpose": "payments of orders", "mode": "sync"}]}"#,
    );
    for (domain, system, other) in [("delivery", "Delivery partners", "Bank"), ("orders", "Bank", "Delivery partners")]
    {
        let said = plan.split(&format!(" [{domain}]**")).nth(1).unwrap().split("\n- [ ]").next().unwrap();
        assert!(said.contains(&format!("**Outside**: calls {system};")) && !said.contains(other), "{domain}: {said}");
    }
}

#[test]
fn a_must_is_built_before_the_first_traffic_and_by_what_its_words_name() {
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml") {
        let built = build(&text(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let musts = built
            .requirements
            .features
            .iter()
            .filter(|feature| feature.priority.is_none_or(|it| it.as_str() == "must"));
        for feature in musts {
            let tasks = built.plan.tasks.iter().filter(|task| task.features.contains(&feature.id));
            let late: Vec<&str> =
                tasks.clone().filter(|task| task.phase != "core").map(|task| task.id.as_str()).collect();
            if !late.is_empty() || !tasks.clone().any(|task| task.key == "task.build.musts") {
                failures.push(format!("{file}: {} is left for later by {late:?}, or built by nothing", feature.id));
            }
        }
    }
    let (built, _) = of(r#"{"users.monthly": "300k", "data.access": ["transactions", "search"],
        "domains": [{"name": "catalog"}, {"name": "payments"}],
        "features": [{"id": "F1", "need": "Customers find an offer by text", "domain": "catalog"},
            {"id": "F2", "need": "Customers pay an invoice", "domain": "payments", "priority": "should"},
            {"id": "F3", "need": "Offers have pictures", "domain": "catalog", "priority": "should"}],
        "entities": [{"name": "Offer", "domain": "catalog"}, {"name": "Refund", "domain": "payments"}],
        "workloads": [{"name": "nightly-invoices", "domain": "payments", "kind": "scheduled", "runs": "1/day", "duration": "20min"},
            {"name": "image-resize", "domain": "catalog", "kind": "event", "runs": "5k/day", "duration": "3s"}]}"#);
    let keys = |id: &str| {
        let tasks = built.plan.tasks.iter().filter(|task| task.features.iter().any(|own| own == id));
        tasks.map(|task| task.key.as_str()).collect::<Vec<_>>().join(" ")
    };
    let wanted = [
        (
            "F1",
            "plan.data.search item.catalog item.component.search task.requirements.features task.build.musts task.entity.offer",
        ),
        ("F2", "item.payments item.workload.nightly-invoices task.requirements.features"),
        ("F3", "item.catalog task.requirements.features task.entity.offer"),
    ];
    for (id, wanted) in wanted.into_iter().filter(|(id, wanted)| keys(id) != *wanted) {
        failures.push(format!("{id} reaches {}\n  instead of {wanted}", keys(id)));
    }
    report("features whose trace is not true", &failures);
}

#[test]
fn questions_are_settled_only_where_something_is_open() {
    let confirms = "task.requirements.confirm";
    let entry = support::catalogue().tasks.iter().find(|task| task.key == confirms).unwrap();
    let absent = entry.examples.iter().find(|example| example["absent"] == true).unwrap();
    let assumed_nothing = requirements_of(absent["given"].as_object().unwrap());
    let mut failures = Vec::new();
    // Nothing is open in the shop; where nothing is assumed, re-runs may still find something to ask.
    for (text, asks) in [
        (text("examples/shop/req.yaml"), false),
        (assumed_nothing, true),
        (requirements_of(&serde_json::Map::new()), true),
    ] {
        let plan = build_with(&text, &archplan::plan::Options::default()).unwrap().plan;
        let open = plan.assumptions.len() + plan.questions.len();
        let asked = plan.tasks.iter().any(|task| task.key == confirms);
        if asked != asks || asked != (open > 0) {
            failures.push(format!("{open} line(s) are open, TASK-1.1 is there: {asked}\n{text}"));
        }
    }
    report("tasks that settle nothing", &failures);
}

#[test]
fn what_a_plan_has_is_not_called_not_yet_and_checks_name_what_it_has() {
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml") {
        let built = build(&text(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let plan = &built.plan;
        let split = fact(&built, "decision.deployables") > 1.0;
        let regions = built.plan.values.words("overlays").iter().any(|overlay| overlay.starts_with("multi-region"));
        let there = [
            (split, "a service per domain"),
            (!split && built.requirements.domains.len() > 1, "modules per domain"),
            (regions, "replication between regions"),
            (regions, "global routing"),
        ];
        let not_yet = plan.stage.not_yet.join(", ");
        let wrong = there.iter().filter(|(there, part)| *there && not_yet.contains(part));
        failures.extend(wrong.map(|(_, part)| format!("{file}: has {part} and says: not yet {not_yet}")));
        let has = |key: &str| plan.tasks.iter().any(|task| task.key == key);
        for row in &plan.qa {
            let says = |word: &str| row.text.contains(word);
            let about_parts = ["QA-1", "QA-10", "QA-12"].contains(&row.id.as_str());
            let pipeline = row.id == "QA-17";
            if about_parts && says(if split { "odule" } else { "ervice" })
                || pipeline
                    && (says("integration") != has("task.build.tests") || says("load") != has("task.perf.regression"))
            {
                failures.push(format!("{file}: {} says: {}", row.id, row.text));
            }
        }
    }
    report("checks and stages that contradict the plan", &failures);
}

#[test]
fn a_budget_is_reached_in_the_month_in_which_the_forecast_passes_it() {
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml") {
        let built = build(&text(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let stage = &built.plan.stage;
        let Some(budget) = stage.limits.iter().find(|limit| limit.what == "budget" && limit.factor > 1.0) else {
            continue;
        };
        let most = fact(&built, "budget.monthly");
        let passes =
            stage.months.iter().find(|month| month.cost.is_some_and(|cost| cost >= most)).map(|month| month.month);
        let used = fact(&built, "cost.monthly") / most;
        if budget.month != passes || (budget.used - used).abs() > 1e-9 {
            failures.push(format!("{file}: month {:?} by the limit, {passes:?} by the forecast", budget.month));
        }
    }
    report("budgets with two months", &failures);
}

#[test]
fn a_bucket_of_each_instance_is_tried_at_one_instance() {
    let limited = |more: &str| {
        let (built, plan) = of(&format!(
            r#"{{"users.monthly": "25k", "traffic.peak": "60/s", "traffic.average": "14/s",
            "api.rate_limit": "100/min", "targets.availability": "99.9%"{more}}}"#
        ));
        assert!(fact(&built, "capacity.app.instances") > 1.0);
        task(&plan, "TASK-6.10").to_owned()
    };
    let (own, shared) = (
        limited(r#", "decisions": [{"topic": "cache", "choose": "none"}]"#),
        limited(r#", "decisions": [{"topic": "cache", "choose": "redis"}]"#),
    );
    assert!(own.contains("counts for itself") && own.contains("from one client to one instance"), "{own}");
    assert!(shared.contains("shared by all") && !shared.contains("to one instance"), "{shared}");
}

#[test]
fn traces_are_billed_checked_and_kept_where_there_are_traces() {
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml") {
        let built = build(&text(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let plan = &built.plan;
        let layer = plan.tasks.iter().find(|task| task.key == "plan.observability").unwrap();
        let kept = layer.fields.iter().any(|(name, text)| name == "Traces" && text.contains("OpenTelemetry"));
        let stack = plan.tasks.iter().filter(|task| task.key == "item.component.observability");
        let claims = [
            ("the bill", plan.cost.lines.iter().any(|line| line.item.starts_with("traces"))),
            ("a check", plan.qa.iter().any(|row| row.text.contains("traces"))),
            ("the stack", stack.flat_map(|task| &task.fields).any(|(_, text)| text.contains("traces"))),
        ];
        let wrong = claims.iter().filter(|(_, speaks)| *speaks && !kept);
        failures.extend(wrong.map(|(what, _)| format!("{file}: {what} has traces that nothing writes")));
    }
    report("traces without a writer", &failures);
}

/// What is tried before production is tried where people have said that they have something.
#[test]
fn tasks_name_stated_environments() {
    for (stated, tried) in [
        (r#"["dev", "production"]"#, "dev"),
        (r#"["development", "preview", "production"]"#, "preview"),
        (r#"["dev", "staging", "production"]"#, "staging"),
    ] {
        let (built, plan) = of(&format!(
            r#"{{"operations.environments": {stated}, {ENTITIES}, "users.monthly": "60k", "data.access": ["transactions", "search"]}}"#
        ));
        let rehearsal = built.plan.values.word("operations.rehearsal").map(String::from);
        assert_eq!(rehearsal.as_deref(), Some(tried), "{stated}");
        let tasks = plan.split("\n## Proposed Code Changes").next().unwrap();
        // A rule may ask for staging where none is stated.
        let named: Vec<&str> =
            tasks.lines().filter(|line| line.contains("staging") && !line.contains("A060")).collect();
        assert!(tried == "staging" || named.is_empty(), "{stated}: {named:?}");
    }
}

/// Zones are named by what runs in them, and what the stage buys for the availability is not called nothing.
#[test]
fn zones_are_those_of_each_part() {
    let mut failures = Vec::new();
    for cloud in ["aws", "azure", "gcp"] {
        let (built, plan) = of(&format!(
            r#"{{"stack.cloud": "{cloud}", "users.monthly": "60k", "traffic.peak": "900/s", "stack.language": "python", {ENTITIES}}}"#
        ));
        let (app, data) = (fact(&built, "capacity.app.zones"), fact(&built, "capacity.zones"));
        assert!(app > data && data > 1.0, "{app} and {data}");
        let recovery = task(&plan, "ARCH-PLAN-7.1");
        if !recovery.contains(&format!("runs in {app} zones, primary and standby of the database in two of them")) {
            failures.push(format!("{cloud}: {recovery}"));
        }
        let unpaid = plan.lines().find(|line| line.contains("nothing is bought for it"));
        if unpaid.is_some_and(|line| line.contains("availability")) {
            failures.push(format!("{cloud}: {unpaid:?} beside {data} zones"));
        }
    }
    report("zones that are not there", &failures);
}

#[test]
fn the_collector_takes_traces_where_the_bill_has_them() {
    for (systems, traced) in [(1, false), (4, true)] {
        let systems: Vec<String> =
            (0..systems).map(|at| format!(r#"{{"name": "system {at}", "purpose": "mail"}}"#)).collect();
        let (built, plan) = of(&format!(r#"{{"users.monthly": "60k", "integrations": [{}]}}"#, systems.join(",")));
        let collector = support::joined(&built, |path| path.ends_with("collector.yaml"));
        assert_eq!(fact(&built, "capacity.traces.millions") > 0.0, traced);
        assert_eq!(collector.contains("    traces: {receivers"), traced, "{collector}");
        assert_eq!(task(&plan, "ARCH-PLAN-6.1").contains("kept 7 days"), traced);
    }
}

/// Discounted capacity is for what runs on machines, where it is sold.
#[test]
fn functions_run_on_no_discounted_machines() {
    let workload = |kind: &str, cloud: &str| {
        let (built, _) = of(&format!(
            r#"{{"stack.cloud": "{cloud}", "workloads": [{{"name": "resize", "kind": "{kind}", "runs": "5k/day", "duration": "3s", "interruptible": true}}]}}"#
        ));
        built.plan.tasks.iter().any(|task| task.key == "task.ops.spot")
    };
    assert!(workload("job", "aws") && !workload("event", "aws") && !workload("job", "hetzner"));
}

/// What another tool builds has no outputs of Terraform, and one script alone reads the list of secrets.
#[test]
fn texts_and_scripts_of_machines_name_what_is_there() {
    let services = r#""team.developers": 30, "team.teams": 3, "team.independent_releases": true, "team.distributed_systems": "strong", "team.knows": ["nginx", "python"], "domains": [{"name": "catalog", "team": "a"}, {"name": "orders", "team": "b"}, {"name": "billing", "team": "c"}]"#;
    let mut failures = Vec::new();
    for (cloud, iac) in [("hetzner", "terraform"), ("hetzner", "pulumi"), ("digitalocean", "none")] {
        let (built, plan) = of(&format!(
            r#"{{"stack.cloud": "{cloud}", "stack.iac": "{iac}", {services}, "decisions": [
                {{"topic": "compute", "choose": "virtual-machines", "because": "Known"}}, {{"topic": "orchestrator", "choose": "none", "because": "Known"}},
                {{"topic": "load-balancer", "choose": "cloud-load-balancer", "because": "Known"}}]}}"#
        ));
        let said = joined(&built, |path| path.ends_with("nginx.conf") || path.ends_with(".sh"));
        let task = task(&plan, "CODE-4.13");
        let claims = |text: &str| text.contains("deploy/infra") || text.contains("output names");
        let made = find(&built, "deploy/infra/main.tf").is_some();
        if claims(task) != made || claims(content(&built, "deploy/nginx/nginx.conf")) != made {
            failures.push(format!("{cloud} {iac}: {task}"));
        }
        if said.matches("readers: ").count() != 1 {
            failures.push(format!(
                "{cloud} {iac}: the list of secrets is read in {} places",
                said.matches("readers: ").count()
            ));
        }
    }
    report("machines that are told of what is not there", &failures);
}
