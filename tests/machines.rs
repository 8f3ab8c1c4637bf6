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
use support::{build, content, text};

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
