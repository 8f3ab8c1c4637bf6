//! Functions: what starts them, how much of them runs, who may read what, how calls move to a new version, who hears when they fail.

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

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use support::{Built, build, content, example, fact, find, resource};

const JOBS: &str = "
archplan: 1
project: {name: Jobs}
team: {developers: 3, operations: none, on_call: true, knows: [python, aws]}
users: {monthly: 2000}
traffic: {average: 0.2/s, peak: 3/s, shape: unpredictable}
stack: {language: python, cloud: aws, regions: [eu-west-1], iac: terraform}
preferences: {lock_in: accept}
workloads:
  - {name: rebuild, kind: scheduled, runs: 4/day, duration: 2min, mode: async, memory: 1GB, interruptible: true}
  - {name: resize, kind: event, runs: 5k/day, duration: 3s, mode: async, memory: 1GB, interruptible: true}
";

/// A line of a resource without the spaces that align it.
fn says(resource: &str, line: &str) -> bool {
    resource.lines().any(|found| found.split_whitespace().collect::<Vec<_>>().join(" ") == line)
}

#[test]
fn a_function_with_a_schedule_is_started_by_it() {
    let built = example("salary-board");
    let compute = content(&built, "deploy/infra/compute.tf");
    let schedule = resource(compute, "aws_scheduler_schedule", "rebuild_pages");
    assert!(says(schedule, "schedule_expression = \"cron(0 0/1 * * ? *)\""), "{schedule}");
    assert!(says(schedule, "arn = aws_lambda_alias.rebuild_pages.arn"), "{schedule}");
    assert!(resource(compute, "aws_iam_role_policy", "clock").contains("lambda:InvokeFunction"));
    assert!(!compute.contains("resource \"aws_sqs_queue\" \"rebuild_pages\""), "nothing is queued for a schedule");
    assert!(!compute.contains("aws_lambda_event_source_mapping"), "and nothing is read from a queue");
    let jobs = build(JOBS).unwrap();
    let compute = content(&jobs, "deploy/infra/compute.tf");
    assert!(resource(compute, "aws_scheduler_schedule", "rebuild").contains("cron(0 0/6 * * ? *)"), "every six hours");
    assert!(compute.contains("resource \"aws_lambda_event_source_mapping\" \"resize\""), "an event has its queue");
    assert!(!compute.contains("aws_scheduler_schedule\" \"resize\""), "and no schedule");
}

#[test]
fn one_message_per_run_within_the_limits_of_the_workers_file() {
    let built = example("music-streaming");
    let compute = content(&built, "deploy/infra/compute.tf");
    let mapping = resource(compute, "aws_lambda_event_source_mapping", "transcode");
    assert!(says(mapping, "batch_size = 1"), "{mapping}");
    assert!(says(mapping, "maximum_concurrency = 88"), "30k runs of 90 s, 2.8 times as many at peak: {mapping}");
    assert!(says(resource(compute, "aws_lambda_function", "transcode"), "timeout = 180"), "twice 90 s");
    assert!(says(resource(compute, "aws_sqs_queue", "transcode"), "visibility_timeout_seconds = 1080"), "six timeouts");
    assert!(compute.contains("/aws/lambda/") && compute.contains("retention_in_days = 30"), "logs are kept as stated");
    let workers = content(&built, "deploy/workers.yaml");
    let long = build(&JOBS.replace("duration: 2min", "duration: 8min")).unwrap();
    assert!(content(&long, "deploy/workers.yaml").contains("time_limit_s: 900\n"), "a function ends after 900 s");
    assert!(says(
        resource(content(&long, "deploy/infra/compute.tf"), "aws_lambda_function", "rebuild"),
        "timeout = 900"
    ));
    assert!(workers.contains("time_limit_s: 180\n") && workers.contains("concurrency: 88\n"), "{workers}");
}

#[test]
fn functions_read_their_secrets() {
    let built = example("salary-board");
    let compute = content(&built, "deploy/infra/compute.tf");
    for role in ["function", "workload"] {
        let policy = resource(compute, "aws_iam_role_policy", role);
        assert!(policy.contains("secretsmanager:GetSecretValue") && policy.contains("kms:Decrypt"), "{policy}");
    }
    for function in ["service", "rebuild_pages"] {
        assert!(resource(compute, "aws_lambda_function", function).contains("SECRETS_ID"), "{function}");
    }
}

/// What every function of a plan may run at the same time, by the ceilings of its infrastructure.
fn ceilings(built: &Built) -> Vec<f64> {
    let (main, compute) = (content(built, "deploy/infra/main.tf"), content(built, "deploy/infra/compute.tf"));
    let after = |line: &str, name: &str| -> f64 {
        line.split(name)
            .nth(1)
            .unwrap()
            .trim_start_matches([' ', '='])
            .split([' ', ','])
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    let services = main.lines().filter(|line| line.contains("{ least = ")).map(|line| after(line, "ceiling"));
    let work = compute.lines().filter_map(|line| {
        let name =
            ["reserved_concurrent_executions", "maximum_concurrency"].into_iter().find(|name| line.contains(name))?;
        (!line.contains("each.value")).then(|| after(line, name))
    });
    services.chain(work).collect()
}

#[test]
fn ceilings_are_those_of_the_plan() {
    let split = "
domains: [{name: orders, peak: 2/s}, {name: search, peak: 1/s}, {name: bills, peak: 0.1/s}]
decisions: [{topic: pattern, choose: microservices, because: Known}, {topic: compute, choose: functions, because: Known}]
";
    // Work that would take more than all: 400k runs a day, each three seconds long.
    let crowded = JOBS.replace("runs: 5k/day", "runs: 400k/day");
    let systems = [
        example("salary-board"),
        build(JOBS).unwrap(),
        build(&crowded).unwrap(),
        build(&format!("{JOBS}{split}")).unwrap(),
    ];
    for (at, built) in systems.iter().enumerate() {
        let compute = content(built, "deploy/infra/compute.tf");
        let known = built.plan.facts.iter().any(|fact| fact.path == "functions.reserved");
        let reserved = if known { fact(built, "functions.reserved") } else { 10.0 };
        let all = ceilings(built);
        assert!((all.iter().sum::<f64>() - reserved).abs() < 0.01, "{at}: {all:?} of {reserved}");
        assert!(all.len() >= 2 && all.iter().all(|part| *part >= 1.0), "{at}: {all:?}");
        let service = resource(compute, "aws_lambda_function", "service");
        assert!(says(service, "reserved_concurrent_executions = each.value.ceiling"), "{service}");
        let alarms = content(built, "deploy/infra/alarms.tf");
        if at < 3 {
            let rate = fact(built, "capacity.gateway.throttle");
            let stage = resource(compute, "aws_apigatewayv2_stage", "main");
            assert!(says(stage, &format!("throttling_rate_limit = {rate}")), "{stage}");
            assert!(says(stage, &format!("throttling_burst_limit = {}", rate * 2.0)), "{stage}");
            let alarm = resource(alarms, "aws_cloudwatch_metric_alarm", "ceiling");
            assert!(says(alarm, "threshold = ceil(each.value.ceiling * 0.8)"), "{alarm}");
        } else {
            assert_eq!(all.len(), 4, "three services and one kind of work");
            assert!(all[0] > all[2], "by requests at peak: {all:?}");
        }
    }
    let workers = content(&systems[2], "deploy/workers.yaml");
    let mapping = ceilings(&systems[2])[2];
    assert!(workers.contains(&format!("concurrency: {mapping}\n")), "{mapping} in\n{workers}");
}

#[test]
fn calls_reach_the_alias_that_a_release_moves() {
    let built = example("salary-board");
    let compute = content(&built, "deploy/infra/compute.tf");
    assert!(says(resource(compute, "aws_lambda_function", "service"), "publish = true"));
    let alias = resource(compute, "aws_lambda_alias", "service");
    assert!(alias.contains("ignore_changes = [function_version, routing_config]"), "an apply moves nothing");
    let integration = resource(compute, "aws_apigatewayv2_integration", "service");
    assert!(integration.contains("aws_lambda_alias.service[each.key].invoke_arn"), "{integration}");
    let judged = resource(compute, "aws_cloudwatch_metric_alarm", "version_errors");
    assert!(judged.contains("ExecutedVersion"), "the new version is judged by itself: {judged}");
}

/// Programs in the place of the cloud: an alias per function whose calls go to version 1, and the alarms that `sounding` names.
struct Cloud {
    folder: tempfile::TempDir,
}

impl Cloud {
    fn of(built: &Built) -> Self {
        let cloud = Self { folder: tempfile::tempdir().unwrap() };
        cloud.program("shift-alias.sh", content(built, "ops/shift-alias.sh"));
        cloud.program(
            "bin/terraform",
            "#!/bin/sh\ncase $* in\n*' functions') echo api=2 ;;\n*work_functions) echo job=2 ;;\n*release_alarms) echo 'errors answers' ;;\nesac\n",
        );
        cloud.program(
            "bin/aws",
            "#!/bin/sh\ncase $2 in\nget-alias) echo 1 ;;\nupdate-alias) echo \"$4 $8 ${10}\" >> log ;;\ndescribe-alarms) cat sounding 2> /dev/null || true ;;\nesac\n",
        );
        cloud.program("bin/sleep", "#!/bin/sh\necho \"sleep $1\" >> log\n");
        cloud
    }

    fn program(&self, path: &str, content: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Whether it ended well, and what was asked of the cloud.
    fn shift(&self, arguments: &[&str]) -> (bool, Vec<String>) {
        let path =
            std::env::join_paths([self.folder.path().join("bin").as_path(), Path::new("/usr/bin"), Path::new("/bin")]);
        let mut command = Command::new("/bin/sh");
        command.arg("shift-alias.sh").args(arguments).current_dir(self.folder.path()).env("PATH", path.unwrap());
        let done = command.output().unwrap().status.success();
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        (done, log.lines().map(String::from).collect())
    }
}

const PART: &str = r#"api 1 {"AdditionalVersionWeights":{"2":0.1}}"#;

#[test]
fn a_release_moves_a_tenth_of_the_calls_and_then_all() {
    let (done, log) = Cloud::of(&example("salary-board")).shift(&["production"]);
    assert!(done, "{log:?}");
    assert_eq!(log[0], PART);
    assert_eq!(log.iter().filter(|line| *line == "sleep 60").count(), 10, "ten minutes");
    let all = [r#"api 2 {"AdditionalVersionWeights":{}}"#, r#"job 2 {"AdditionalVersionWeights":{}}"#];
    assert_eq!(log[11..], all, "then everything, work last");
}

#[test]
fn a_release_goes_back_by_itself_while_an_alarm_sounds() {
    let cloud = Cloud::of(&example("salary-board"));
    cloud.program("sounding", "errors");
    let (done, log) = cloud.shift(&["production"]);
    assert!(!done, "the release fails");
    assert_eq!(
        log,
        [PART, "sleep 60", r#"api 1 {"AdditionalVersionWeights":{}}"#],
        "all calls are back, work never moved"
    );
    let cloud = Cloud::of(&example("salary-board"));
    cloud.program("sounding", "errors");
    let (done, log) = cloud.shift(&["production", "--at-once"]);
    assert!(done && log.len() == 2, "the way back waits for no alarm: {log:?}");
}

#[test]
fn alarms_of_functions_are_the_provider_s() {
    let built = example("salary-board");
    assert!(find(&built, "ops/alerts.yml").is_none(), "nothing scrapes a function");
    assert!(find(&built, "ops/alertmanager.yml").is_none(), "and nothing sends through it");
    assert!(!content(&built, "ops/check-ops.sh").contains("promtool"), "nor is it checked");
    let alarms = content(&built, "deploy/infra/alarms.tf");
    assert!(alarms.contains("above = 0.0144, long = 3600"), "14.4 times a budget of 0.1%");
    assert!(alarms.contains("p95 = { above_ms = 500"), "the stated p95");
    let missing = resource(alarms, "aws_cloudwatch_metric_alarm", "rebuild_pages_missing");
    assert!(says(missing, "period = 3600") && says(missing, "evaluation_periods = 2"), "two periods: {missing}");
    let proofs = built.plan.tasks.iter().flat_map(|task| &task.done_when);
    let stale: Vec<&str> =
        proofs.map(|done| done.what.as_str()).filter(|what| what.contains("ops/alerts.yml")).collect();
    assert!(stale.is_empty(), "{stale:?}");
    for file in built.plan.artefacts.iter().filter(|file| file.path.starts_with("docs/runbooks/")) {
        assert!(!file.content.contains("instances"), "{}: functions have none", file.path);
    }
    assert!(find(&built, "ops/otel-collector.yaml").is_none(), "no machine runs a collector");
    serde_json::from_str::<serde_json::Value>(content(&built, "deploy/infra/dashboard.json")).expect("a dashboard");
    let shop = example("shop");
    let work = content(&shop, "deploy/infra/alarms.tf");
    assert!(work.contains("AWS/SQS") && !work.contains("AWS/ApiGateway"), "of containers only the work beside them");
    assert!(find(&shop, "ops/alerts.yml").is_some(), "they are scraped");
}

#[test]
fn functions_of_another_cloud_get_alarms_as_a_list() {
    let built =
        build(&JOBS.replace("cloud: aws, regions: [eu-west-1]", "cloud: gcp, regions: [europe-west1]")).unwrap();
    assert!(built.plan.facts.iter().any(|fact| fact.path == "selection.compute" && fact.value == "functions"));
    let monitors = content(&built, "ops/alerts.yml");
    assert!(monitors.contains("threshold: 0.0144") && !monitors.contains("up{"), "{monitors}");
    assert!(find(&built, "ops/shift-alias.sh").is_none(), "no alias there");
}

#[test]
fn the_balancer_lets_readiness_and_each_service_through() {
    let built = example("music-streaming");
    let main = content(&built, "deploy/infra/main.tf");
    assert!(main.contains(r#"paths = ["^/(readyz|api/v1/tracks)(/.*)?$"]"#), "the first service");
    assert!(main.contains(r#"paths = ["^/(api/v1/search)(/.*)?$"]"#), "the others");
    for line in main.lines().filter(|line| line.contains("paths = [")) {
        assert!(line.matches("\", \"").count() < 5, "five at most: {line}");
    }
}

#[test]
fn a_canary_is_judged_by_its_own_requests() {
    let built = example("music-streaming");
    let (main, compute) = (content(&built, "deploy/infra/main.tf"), content(&built, "deploy/infra/compute.tf"));
    for (alarm, metrics) in [("errors", 2), ("slow", 1)] {
        let alarm = resource(main, "aws_cloudwatch_metric_alarm", alarm);
        assert!(says(alarm, "for_each = local.sets"), "both sets: {alarm}");
        assert_eq!(alarm.matches("TargetGroup = each.value").count(), metrics, "{alarm}");
    }
    let service = resource(compute, "aws_ecs_service", "service");
    assert!(service.contains(r#"for set in ["service", "other"]"#), "{service}");
    assert!(says(service, "update = \"60m\""), "longer than the 30 minutes of a canary: {service}");
}

/// Terraform makes the apps of Azure and leaves them empty: a release and a way back put the archive of their version in.
#[test]
fn functions_of_azure_get_the_archive_of_their_version() {
    let given = serde_json::json!({
        "stack.language": "python", "stack.cloud": "azure", "stack.iac": "terraform", "traffic.peak": "20/s", "team.developers": 3,
        "decisions": [{"topic": "pattern", "choose": "serverless", "because": "known"}, {"topic": "compute", "choose": "functions", "because": "known"}]
    });
    let built = build(&support::requirements_of(given.as_object().unwrap())).unwrap();
    let terraform = support::terraform(&built);
    for output in ["apps", "place"] {
        assert!(terraform.contains(&format!("output \"{output}\"")), "{output}");
    }
    for script in ["ops/release.sh", "ops/rollback.sh"] {
        let script = content(&built, script);
        let (applied, filled) =
            (script.find(" apply ").unwrap(), script.find("config-zip").expect("an archive is put in"));
        assert!(applied < filled && script.contains("${pair%%=*}/$tag.zip"), "{script}");
    }
    assert!(
        content(&built, "Makefile").contains("--name \"$$name/$(TAG).zip\""),
        "the archive has the name that is read"
    );
}
