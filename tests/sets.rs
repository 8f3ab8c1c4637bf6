//! Releases that keep the old version beside the new one: what the scripts move is what manifests and infrastructure build.

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

const SERVICES: [&str; 5] = ["accounts", "cards", "bills", "customers", "notifications"];

/// The bank in a cluster, released blue-green; all run version `one` in the blue set, which nobody has released yet.
fn bank() -> (Built, Place) {
    let built =
        build(&text("examples/digital-bank/req.yaml").replace("deployment: canary", "deployment: blue-green")).unwrap();
    let place = Place::in_cluster(&built);
    for service in SERVICES {
        for (set, replicas) in [(service.to_string(), "4\n"), (format!("{service}-green"), "1\n")] {
            place.write(
                &format!("images/deployment-{set}"),
                &format!("registry.invalid/digital-bank/{service}:unreleased\n"),
            );
            place.write(&format!("replicas/{set}"), replicas);
        }
        place.write(&format!("track/{service}"), "");
    }
    for job in ["regulator-report", "close-bills"] {
        place.write(&format!("images/cronjob-{job}"), "registry.invalid/digital-bank/x:unreleased\n");
    }
    (built, place)
}

#[test]
fn a_cluster_has_two_sets_and_a_release_moves_all_requests_to_the_other() {
    let (built, place) = bank();
    let manifest = content(&built, "deploy/k8s/services.yaml");
    for name in ["name: cards\n", "name: cards-green\n"] {
        assert!(manifest.contains(&format!("kind: Deployment\nmetadata:\n  {name}")), "no {name}");
    }
    assert!(!manifest.contains("replicas: 0\n"), "applying it again takes no instance away");
    let scaled = manifest.matches("kind: HorizontalPodAutoscaler").count();
    assert_eq!(scaled, 2 * SERVICES.len(), "both sets grow by load");
    for (tag, serves, rests) in [("one", "blue", "-green"), ("two", "green", ""), ("three", "blue", "-green")] {
        let (held, said) = place.run(&format!("ops/release.sh production {tag}"));
        assert!(held, "{said}");
        for service in SERVICES {
            let set = if serves == "green" { format!("{service}-green") } else { service.to_string() };
            assert_eq!(place.read(&format!("track/{service}")), serves, "{said}");
            assert_eq!(place.read(&format!("images/deployment-{set}")), format!("registry.test/{service}:{tag}"));
            assert_eq!(place.read(&format!("replicas/{set}")), "4", "as many as before");
            assert_eq!(place.read(&format!("replicas/{service}{rests}")), "0", "the old set goes after its time");
        }
        assert_eq!(
            place.read("images/cronjob-close-bills"),
            format!("registry.test/bills:{tag}"),
            "jobs run the same version"
        );
        let log = place.read("log");
        let at = |what: &str| log.find(what).unwrap_or_else(|| panic!("no {what} in\n{log}"));
        assert!(
            at("rollout status deployment/notifications") < at("patch service"),
            "all sets are ready before one leads"
        );
        assert!(at("patch service") < at("gate 30") && at("gate 30") < log.rfind("--replicas=0").unwrap());
    }
}

#[test]
fn the_way_back_is_the_set_that_waits() {
    let (_, place) = bank();
    let (held, said) = place.run("ops/rollback.sh production");
    assert!(!held && said.contains("no version before this one is known"), "{said}");
    for tag in ["one", "two"] {
        assert!(place.run(&format!("ops/release.sh production {tag}")).0);
    }
    place.write("bad", "");
    let (held, said) = place.run("ops/release.sh production three");
    assert!(!held, "{said}");
    for service in SERVICES {
        assert_eq!(place.read(&format!("track/{service}")), "green", "{said}");
        assert_eq!(place.read(&format!("replicas/{service}")), "0", "what did not hold goes");
        assert_eq!(place.read(&format!("replicas/{service}-green")), "4", "what served was never touched");
    }
    assert_eq!(place.read("images/cronjob-close-bills"), "registry.test/bills:two", "{said}");
    place.write("unready", "deployment/customers\n");
    let (held, said) = place.run("ops/release.sh production four");
    assert!(!held && said.contains("no request reached the new version"), "{said}");
    assert!(!place.read("log").contains("patch service"), "{said}");
    let (_, place) = bank();
    for tag in ["one", "two"] {
        assert!(place.run(&format!("ops/release.sh production {tag}")).0);
    }
    let (held, said) = place.run("ops/rollback.sh production '' cards");
    assert!(held, "{said}");
    assert_eq!((place.read("track/cards"), place.read("track/bills")), ("blue".to_string(), "green".to_string()));
    assert_eq!((place.read("replicas/cards"), place.read("replicas/cards-green")), ("4".to_string(), "0".to_string()));
    assert_eq!(place.read("images/deployment-cards"), "registry.test/cards:one");
    assert!(place.run("ops/rollback.sh production seven cards").0);
    assert_eq!(
        (place.read("track/cards"), place.read("images/deployment-cards-green").as_str()),
        ("green".to_string(), "registry.test/cards:seven")
    );
}

const CONTAINERS: &str = "
archplan: 1
project: {name: Parcels}
team: {developers: 6, operations: none, on_call: true, knows: [python, CLOUD]}
users: {monthly: 900k}
traffic: {average: 200/s, peak: 900/s}
stack: {language: python, cloud: CLOUD, regions: [REGION], iac: terraform}
operations: {deployment: STRATEGY}
decisions: [{topic: compute, choose: managed-containers, because: Known}]
";

/// An app whose newest revision is `new` once something was applied, `old` before; requests are shared out as `traffic` says.
fn containers(cloud: &str, strategy: &str) -> (Built, Place) {
    let region = if cloud == "azure" { "westeurope" } else { "europe-west1" };
    let stated = CONTAINERS.replace("CLOUD", cloud).replace("REGION", region).replace("STRATEGY", strategy);
    let built = build(&stated).unwrap();
    let place = Place::of(&built);
    place.write(
        "ops/release-gate.sh",
        "#!/bin/sh\necho \"gate $* $(cat traffic)\" >> log\n[ ! -e bad ] || ! grep -q \"$(cat bad)\" traffic\n",
    );
    place.write("bin/terraform", "#!/bin/sh\ncase $* in *'-raw apps') [ -e first ] || echo parcels ;; *'-raw place') echo here ;; *' apply '*) echo apply \"$(cat traffic)\" >> log; rm -f first; echo new > newest ;; esac\n");
    place.write("newest", "old\n");
    place.write("traffic", "latest\n");
    let (program, stub) = if cloud == "azure" { ("bin/az", AZ) } else { ("bin/gcloud", GCLOUD) };
    place.write(program, stub);
    (built, place)
}

const AZ: &str = r#"#!/bin/sh
echo "az $*" >> log
served=null
case $(cat traffic) in latest) ;; *) served=\"$(sed 's/=.*//' traffic)\" ;; esac
case $* in
    *'ingress traffic set'*) shift 9; echo "$*" > traffic ;;
    *'revision list'*) echo idle ;;
    *'revision show'*) if [ -e unready ]; then echo Unhealthy; else echo Healthy; fi ;;
    *' show '*) echo "{\"properties\":{\"latestReadyRevisionName\":\"old\",\"latestRevisionName\":\"$(cat newest)\",\"configuration\":{\"ingress\":{\"traffic\":[{\"weight\":100,\"revisionName\":$served}]}}}}" ;;
esac
"#;

const GCLOUD: &str = r#"#!/bin/sh
echo "gcloud $*" >> log
served=$(sed 's/=.*//; s/latest/old/' traffic)
ready=$(cat newest)
[ ! -e unready ] || ready=old
case $* in
    *update-traffic*) for word in "$@"; do case $word in --to-revisions=*) echo "${word#*=}" | tr , ' ' > traffic ;; esac; done ;;
    *describe*) echo "{\"status\":{\"latestCreatedRevisionName\":\"$(cat newest)\",\"latestReadyRevisionName\":\"$ready\",\"traffic\":[{\"percent\":100,\"revisionName\":\"$served\"}]}}" ;;
esac
"#;

#[test]
fn revisions_of_containers_share_requests_as_the_release_says() {
    for (cloud, kind) in [("azure", "azurerm_container_app"), ("gcp", "google_cloud_run_v2_service")] {
        for (strategy, gates) in [
            ("blue-green", vec!["gate 30 parcels new=100"]),
            ("canary", vec!["gate 15 parcels new=5 old=95", "gate 15 parcels new=100"]),
        ] {
            let (built, place) = containers(cloud, strategy);
            let app = resource(content(&built, "deploy/infra/main.tf"), kind, "service");
            assert!(app.contains("ignore_changes = [") && app.contains("traffic"), "an apply moves nothing: {app}");
            let release = "TF_VAR_project=p ops/release.sh production two";
            let (held, said) = place.run(release);
            assert!(held, "{cloud} {strategy}: {said}");
            let log = place.read("log");
            assert!(log.contains("apply old=100"), "requests stay while the new revision starts:\n{log}");
            let watched: Vec<&str> = log.lines().filter(|line| line.starts_with("gate")).collect();
            assert_eq!(watched, gates, "{cloud} {strategy}");
            assert_eq!(
                log.contains("az containerapp revision deactivate"),
                cloud == "azure",
                "what nobody asks is stopped"
            );
            let (_, place) = containers(cloud, strategy);
            place.write("bad", "new");
            let (held, said) = place.run(release);
            assert!(!held && place.read("traffic") == "old=100", "{cloud} {strategy}: {said}");
            let (_, place) = containers(cloud, strategy);
            place.write("first", "");
            place.write("bad", "new");
            let (held, said) = place.run(release);
            assert!(!held && said.contains("two beside nothing") && said.contains("no version before"), "{said}");
            let (_, place) = containers(cloud, strategy);
            place.write("unready", "");
            let (held, said) = place.run(release);
            assert!(!held && said.contains("new is not ready") && place.read("traffic") == "old=100", "{said}");
            let (_, place) = containers(cloud, strategy);
            let (held, said) = place.run("TF_VAR_project=p ops/rollback.sh production one");
            assert!(held && place.read("traffic") == "new=100", "{cloud} {strategy}: {said}");
        }
    }
}

#[test]
fn where_no_second_set_is_built_the_plan_says_so() {
    let stated = |cloud: &str, region: &str| {
        let text = CONTAINERS.replace("CLOUD", cloud).replace("REGION", region).replace("STRATEGY", "blue-green");
        let built = build(&text.replace("choose: managed-containers", "choose: virtual-machines")).unwrap();
        let fields: String =
            built.plan.tasks.iter().flat_map(|task| &task.fields).map(|field| format!("{field:?}\n")).collect();
        (fields.contains("the old one stays 30 min"), fields.contains("keeps no second set"))
    };
    assert_eq!(stated("hetzner", "fsn1"), (false, true));
    assert_eq!(stated("gcp", "europe-west1"), (false, true));
}
