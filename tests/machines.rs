//! Releases on plain machines as they run: what a machine starts, in which order, and what a release needs before it changes anything.

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
use support::{Built, build, content, resource, text};

/// A container engine that knows which workers it runs; while `falls` is there, those of version `two` do not stay up.
const DOCKER: &str = r#"#!/bin/sh
echo "docker $*" >> log
mkdir -p workers
case $* in
    inspect*Image*) echo registry.test/uptime-monitor:one ;;
    inspect*Running*) if [ -e falls ] && grep -q :two "workers/$4"; then echo true 3; else echo true 0; fi ;;
    ps*) ls workers ;;
    rm*) rm -f "workers/$2" ;;
    run*worker-of*) echo "$*" > "workers/$3" ;;
    run*WORKLOAD*) [ ! -e falls ] ;;
esac
"#;

const SSH: &str = r#"#!/bin/sh
echo "ssh $*" >> log
[ "$1" != -n ] || shift
host=$1
case $2 in
    *--check*) eval "./${2#sudo /usr/local/bin/}" ;;
    *--previous* | *install*) ;;
    *" two") ! grep -qx "$host" bad 2> /dev/null ;;
esac
"#;

/// The monitor on machines of its own, seen from the pipeline and from one of them; `stated` replaces words of its requirements.
fn machines(stated: &[(&str, &str)]) -> Place {
    let requirements = stated.iter().fold(text("examples/uptime-monitor/req.yaml"), |all, (from, to)| {
        assert!(all.contains(from), "{from}");
        all.replace(from, to)
    });
    let built = build(&requirements).unwrap();
    let place = Place::of(&built);
    let script = place.read("ops/switch-version.sh");
    let script = script.replace("/etc/systemd/system/", "units/").replace("/etc/", "etc/");
    place.write("switch-version", &script.replace("/var/lib/", "var/"));
    place.write("bin/docker", DOCKER);
    place.write("bin/ssh", SSH);
    place.write("bin/systemctl", "#!/bin/sh\necho \"systemctl $*\" >> log\n");
    place.write("bin/vault", "#!/bin/sh\ncat store\n");
    place.write(
        "store",
        r#"{"data": {"data": {"DATABASE_URL": "postgresql://one", "SMTP_RELAY_KEY": "a b='$x", "other": "x"}}}"#,
    );
    place.write("ops/load-secrets.sh", content(&built, "ops/load-secrets.sh"));
    place.write("config/secrets.yaml", content(&built, "config/secrets.yaml"));
    place.write("ops/migrate.sh", "#!/bin/sh\necho migrate >> log\n");
    place.write("etc/uptime-monitor/registry", "registry.test\n");
    place
}

/// The lines of a log that begin with a word, without it.
fn lines<'l>(log: &'l str, program: &str) -> Vec<&'l str> {
    log.lines().filter_map(|line| line.strip_prefix(program)?.strip_prefix(' ')).collect()
}

#[test]
fn a_machine_that_was_not_changed_does_not_go_back() {
    let place = machines(&[]);
    place.write("bad", "b\n");
    let (held, said) = place.run("HOSTS='a b c' ops/release.sh production two");
    assert!(!held && said.contains("does not start on b"), "{said}");
    let log = place.read("log");
    let back: Vec<&str> = log.lines().filter(|line| line.contains("--previous")).collect();
    assert_eq!(back, ["ssh a sudo /usr/local/bin/switch-version uptime-monitor --previous"], "{log}");
    assert!(!log.contains("ssh -n c"), "{log}");
}

#[test]
fn a_release_that_lacks_a_secret_names_it_and_changes_nothing() {
    let place = machines(&[]);
    place.write("store", r#"{"data": {"data": {"DATABASE_URL": "postgresql://one"}}}"#);
    let (held, said) = place.run("HOSTS='a b' ops/release.sh production two");
    assert!(!held && said.contains("does not start without SMTP_RELAY_KEY"), "{said}");
    let log = place.read("log");
    assert!(!log.contains(" two") && !log.contains("migrate"), "{log}");
    assert_eq!(place.read("etc/uptime-monitor/uptime-monitor.secrets"), "", "the old file is left alone");
    // Without a store a person writes them on the machine.
    let place = machines(&[("  cloud: hetzner ", "  secrets: environment\n  cloud: hetzner ")]);
    let (held, said) = place.run("DATABASE_URL=x HOSTS='a b' ops/release.sh production two");
    assert!(!held && said.contains("does not start without DATABASE_URL SMTP_RELAY_KEY"), "{said}");
    assert!(said.contains("etc/uptime-monitor/uptime-monitor.env"), "{said}");
    place.write("etc/uptime-monitor/uptime-monitor.env", "DATABASE_URL=x\nSMTP_RELAY_KEY=\n");
    let (held, said) = place.run("DATABASE_URL=x HOSTS='a b' ops/release.sh production two");
    assert!(!held && said.contains("does not start without SMTP_RELAY_KEY"), "{said}");
    place.write("etc/uptime-monitor/uptime-monitor.env", "DATABASE_URL=x\nSMTP_RELAY_KEY=k\n");
    let (held, said) = place.run("DATABASE_URL=x HOSTS='a b' ops/release.sh production two");
    assert!(held, "{said}");
}

#[test]
fn secrets_go_from_the_store_to_the_machine_and_through_no_other_file() {
    let place = machines(&[]);
    let (held, said) = place.run("HOSTS='a b' ops/release.sh production two");
    assert!(held, "{said}");
    let written = place.read("etc/uptime-monitor/uptime-monitor.secrets");
    assert_eq!(written, "DATABASE_URL=postgresql://one\nSMTP_RELAY_KEY=a b='$x");
    let log = place.read("log");
    assert!(!log.contains("postgresql://one"), "{log}");
    assert!(log.find("--check").unwrap() < log.find("migrate").unwrap(), "{log}");
    let (held, said) = place.run("./switch-version uptime-monitor two");
    assert!(held, "{said}");
    let log = place.read("log");
    assert_eq!(log.matches("--env-file etc/uptime-monitor/uptime-monitor.secrets").count(), 2, "{log}");
}

#[test]
fn a_machine_lets_the_old_container_finish_and_starts_its_workers() {
    let place = machines(&[]);
    let (held, said) = place.run("./switch-version uptime-monitor two");
    assert!(held, "{said}");
    let log = place.read("log");
    let steps: Vec<&str> = lines(&log, "docker").into_iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(
        steps,
        ["inspect", "pull", "stop", "rm", "run", "ps", "run", "ps", "inspect"],
        "the image is there first, the stop signal comes before the end, workers come with their service:\n{log}"
    );
    assert!(log.contains("stop --time 40 uptime-monitor") && !log.contains("--force"), "{log}");
    assert_eq!(place.read("var/uptime-monitor/uptime-monitor.previous"), "one");
    let worker = place.read("workers/uptime-monitor.send-alarm");
    for said in ["--env WORKLOAD=send-alarm", "--memory 256000000b", "registry.test/uptime-monitor:two"] {
        assert!(worker.contains(said), "no {said} in {worker}");
    }
    // The next version first takes away what runs.
    let (held, said) = place.run("./switch-version uptime-monitor three");
    assert!(held && place.read("log").contains("stop --time 60 uptime-monitor.send-alarm"), "{said}");
}

#[test]
fn a_worker_that_does_not_stay_up_takes_the_version_back() {
    let place = machines(&[]);
    place.write("falls", "");
    let (held, said) = place.run("./switch-version uptime-monitor two");
    assert!(!held && said.contains("uptime-monitor.send-alarm does not stay up"), "{said}");
    assert!(place.read("workers/uptime-monitor.send-alarm").ends_with("registry.test/uptime-monitor:one"), "{said}");
    assert_eq!(place.read("var/uptime-monitor/uptime-monitor.previous"), "");
    let served = place.read("log");
    let served: Vec<&str> = served.lines().filter(|line| line.contains("--publish")).collect();
    assert!(served.len() == 2 && served[1].ends_with("uptime-monitor:one"), "{served:?}");
}

#[test]
fn what_starts_by_the_clock_starts_on_one_machine_at_the_version_that_serves() {
    let place = machines(&[]);
    let (held, said) = place.run("HOSTS='a b c' ops/release.sh production two");
    assert!(held, "{said}");
    let log = place.read("log");
    let timers = lines(&log, "ssh -n").into_iter().filter(|line| line.contains("timers"));
    let timers: Vec<&str> = timers.map(|line| line.rsplit(' ').next().unwrap()).collect();
    assert_eq!(timers, ["--timers", "--no-timers", "--no-timers"], "{log}");

    let (held, said) = place.run("mkdir -p units && ./switch-version uptime-monitor --timers");
    assert!(held && place.read("log").contains("enable --quiet --now uptime-monitor.alarm-sweep.timer"), "{said}");
    assert!(place.read("units/uptime-monitor.alarm-sweep.timer").contains("OnCalendar=*-*-* *:0/1:00 UTC"));
    let unit = place.read("units/uptime-monitor.alarm-sweep.service");
    assert!(unit.contains("ExecStart=/usr/local/bin/switch-version uptime-monitor --run alarm-sweep"), "{unit}");

    let (held, said) = place.run("./switch-version uptime-monitor --run alarm-sweep");
    let log = place.read("log");
    assert!(
        held && log.contains("--env WORKLOAD=alarm-sweep") && log.contains("registry.test/uptime-monitor:one"),
        "{said}{log}"
    );
    place.write("falls", "");
    let (held, _) = place.run("./switch-version uptime-monitor --run alarm-sweep");
    assert!(!held && place.read("log").matches("docker run").count() == 3, "three attempts: {}", place.read("log"));

    let (held, said) = place.run("./switch-version uptime-monitor --no-timers");
    assert!(held && place.read("units/uptime-monitor.alarm-sweep.timer").is_empty(), "{said}");
}

/// A cloud that knows its machines `one` and `two` and the secrets of a service; this machine is the one that `me` names.
const CLOUD: &str = r#"#!/bin/sh
echo "$(basename "$0") $*" >> log
case $* in
    *describe-auto-scaling-groups* | *list-instances*) [ ! -e silent ] || exit 1; echo one ;;
    *virtualMachines?*) echo '{"value": [{"instanceId": "10", "name": "two", "properties": {"provisioningState": "Succeeded"}}, {"instanceId": "2", "name": "one", "properties": {"provisioningState": "Succeeded"}}]}' ;;
    *get-secret-value* | *'secrets versions'*) cat secrets ;;
    *vault.test*) jq -n --rawfile all secrets '{value: $all}' ;;
    *login-password* | *print-access-token*) echo token ;;
    *oauth2/token*) echo '{"access_token": "token"}' ;;
    *oauth2/exchange*) echo '{"refresh_token": "token"}' ;;
    *metadata/instance/compute*) echo "{\"name\": \"$(cat me)\", \"subscriptionId\": \"s\", \"resourceGroupName\": \"g\", \"vmScaleSetName\": \"v\"}" ;;
    *instance-id* | *instance/name*) cat me ;;
esac
"#;

/// The monitor on machines of a cloud, seen from one of them that has just started.
fn new_machine(cloud: &str, region: &str) -> (Built, Place) {
    let requirements = text("examples/uptime-monitor/req.yaml")
        .replace("  cloud: hetzner ", &format!("  iac: terraform\n  cloud: {cloud} "))
        .replace("[fsn1]", &format!("[{region}]"))
        // An event would be a function of the provider.
        .replace("kind: event, runs: 20k/day", "kind: job, runs: 20k/day");
    let built = build(&format!(
        "{requirements}\ndecisions: [{{topic: compute, choose: virtual-machines, because: Known}}, {{topic: orchestrator, choose: none, because: Known}}]\n"
    ))
    .unwrap();
    let place = Place::of(&built);
    let start = content(&built, "deploy/infra/cloud-init.yaml");
    // As Terraform fills it in.
    let start = [
        ("registry", "registry.test/uptime-monitor"),
        ("service", "uptime-monitor"),
        ("tag", "two"),
        ("group", "monitor"),
        ("vault", "https://vault.test/"),
    ]
    .iter()
    .fold(start.to_string(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value));
    assert!(!start.contains("${") && !start.contains("%{"), "Terraform knows no more names:\n{start}");
    let start: serde_json::Value = serde_yaml::from_str(&start).unwrap();
    for file in start["write_files"].as_array().unwrap() {
        let (path, text) = (file["path"].as_str().unwrap(), file["content"].as_str().unwrap());
        let text = text.replace("/etc/systemd/system/", "units/").replace("/etc/uptime-monitor", "etc/uptime-monitor");
        place.write(path.trim_start_matches('/'), &text);
    }
    place.write("bin/docker", "#!/bin/sh\necho \"docker $*\" >> log\ncase $* in login*) cat > /dev/null ;; ps*) cat running 2> /dev/null ;; run*WORKLOAD*--rm* | run*--rm*) [ ! -e falls ] ;; esac\n");
    place.write("bin/systemctl", "#!/bin/sh\necho \"systemctl $*\" >> log\n");
    for program in ["aws", "gcloud", "curl"] {
        place.write(&format!("bin/{program}"), CLOUD);
    }
    place.write("secrets", r#"{"DATABASE_URL": "postgresql://one"}"#);
    place.write("me", "one\n");
    place.write("units/.keep", "");
    (built, place)
}

#[test]
fn a_new_machine_of_a_cloud_starts_all_that_its_group_runs() {
    for (cloud, region) in [("aws", "eu-central-1"), ("gcp", "europe-west3"), ("azure", "westeurope")] {
        let (built, place) = new_machine(cloud, region);
        let first_start = "sh usr/local/sbin/first-start uptime-monitor two";
        let (held, said) = place.run(first_start);
        let log = place.read("log");
        assert!(held, "{cloud}: {said}\n{log}");
        let written = place.read("etc/uptime-monitor/uptime-monitor.secrets");
        assert!(written.contains("SERVICE_NAME=uptime-monitor\nDATABASE_URL=postgresql://one"), "{cloud}: {written}");
        let runs: Vec<&str> = lines(&log, "docker").into_iter().filter(|line| line.starts_with("run ")).collect();
        let image = "registry.test/uptime-monitor/uptime-monitor:two";
        assert!(runs.len() == 2 && runs.iter().all(|line| line.ends_with(image)), "{cloud}: {log}");
        assert!(
            runs[0].contains("--name uptime-monitor ") && runs[0].contains("--publish 8080:8080"),
            "{cloud}: {log}"
        );
        for said in ["--name uptime-monitor.send-alarm ", "--env WORKLOAD=send-alarm", "--memory 256000000b"] {
            assert!(runs[1].contains(said), "{cloud}: no {said} in {}", runs[1]);
        }
        assert!(log.contains("docker login"), "{cloud}: images are not public\n{log}");
        assert!(
            place.read("units/uptime-monitor.alarm-sweep.timer").contains("OnCalendar=*-*-* *:0/1:00 UTC"),
            "{cloud}"
        );
        let unit = place.read("units/uptime-monitor.alarm-sweep.service");
        assert!(unit.contains("first-start uptime-monitor two --run alarm-sweep"), "{cloud}: {unit}");
        // A second try takes away what the first has left.
        place.write("running", "abc\n");
        assert!(place.run(first_start).0 && place.read("log").contains("docker rm --force abc"), "{cloud}");
        assert_eq!(place.read("etc/uptime-monitor/uptime-monitor.secrets"), written, "{cloud}");

        let main: String = ["deploy/infra/main.tf", "deploy/infra/compute.tf"]
            .iter()
            .filter_map(|path| built.plan.artefacts.iter().find(|file| file.path == *path))
            .map(|file| file.content.as_str())
            .collect();
        match cloud {
            "aws" => {
                assert!(!content(&built, "deploy/infra/cloud-init.yaml").contains("curl, jq]"), "curl-minimal is there")
            }
            "gcp" => {
                assert!(resource(&main, "google_compute_firewall", "service").contains("\"35.191.0.0/16\""));
                resource(&main, "google_compute_router_nat", "main");
                assert!(resource(&main, "google_project_iam_member", "images").contains("artifactregistry.reader"));
            }
            _ => assert!(resource(&main, "azurerm_role_assignment", "images").contains("\"AcrPull\"")),
        }
    }
}

#[test]
fn what_starts_by_the_clock_starts_on_the_first_machine_of_a_group() {
    for (cloud, region) in [("aws", "eu-central-1"), ("gcp", "europe-west3"), ("azure", "westeurope")] {
        let (_, place) = new_machine(cloud, region);
        place.write("etc/uptime-monitor/uptime-monitor.secrets", "DATABASE_URL=x\n");
        let run = "sh usr/local/sbin/first-start uptime-monitor two --run alarm-sweep";
        let (held, said) = place.run(run);
        let log = place.read("log");
        assert!(held && log.matches("docker run").count() == 1, "{cloud}: {said}{log}");
        assert!(log.contains("--env WORKLOAD=alarm-sweep"), "{cloud}: {log}");
        place.write("falls", "");
        let (held, _) = place.run(run);
        assert!(!held && place.read("log").matches("docker run").count() == 3, "{cloud}: three attempts");
        place.write("me", "two\n");
        let (held, said) = place.run(run);
        assert!(held && !place.read("log").contains("docker run"), "{cloud}: the other machine does nothing: {said}");
        let (held, said) = place.run("sh usr/local/sbin/first-start uptime-monitor two --run nothing");
        assert!(!held && said.contains("no such workload: nothing"), "{cloud}: {said}");
    }
    let (_, place) = new_machine("aws", "eu-central-1");
    place.write("silent", "");
    let (held, said) = place.run("sh usr/local/sbin/first-start uptime-monitor two --run alarm-sweep");
    assert!(!held && said.contains("cannot be read"), "a group that does not answer is no group of others: {said}");
}
