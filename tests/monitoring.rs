//! What measures a cluster: whoever settings, scrapes and exporters name is installed with the rest, and autoscalers have somebody who measures.

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

use serde_json::Value;
use support::place::Place;
use support::{Built, build, content, resource, text};

/// The bank in a cluster of a cloud, watched by a tool.
fn bank(cloud: &str, region: &str, tool: &str) -> Built {
    let stated = text("examples/digital-bank/req.yaml").replace("[sa-east-1]", &format!("[{region}]"));
    let stated = stated.replace("  cloud: aws", &format!("  observability: {tool}\n  cloud: {cloud}"));
    build(&stated).unwrap()
}

const CLOUDS: [(&str, &str); 5] = [
    ("aws", "eu-central-1"),
    ("gcp", "europe-west3"),
    ("azure", "westeurope"),
    ("digitalocean", "fra1"),
    ("hetzner", "fsn1"),
];

/// The objects of a manifest.
fn objects(manifest: &str) -> Vec<Value> {
    use serde::Deserialize;
    serde_yaml::Deserializer::from_str(manifest).map(|one| Value::deserialize(one).unwrap()).collect()
}

fn of<'o>(objects: &'o [Value], kind: &str, name: &str) -> Option<&'o Value> {
    objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name)
}

#[test]
fn whoever_is_named_in_a_cluster_is_installed_there() {
    for (cloud, region) in CLOUDS {
        let built = bank(cloud, region, "prometheus");
        let made = objects(content(&built, "deploy/k8s/monitoring.yaml"));
        let here = |name: &str| {
            let service = of(&made, "Service", name).unwrap_or_else(|| panic!("{cloud}: no Service {name}"));
            assert_eq!(service["metadata"]["namespace"], "monitoring", "{cloud}: {name}");
            service.clone()
        };
        // Services send traces there, by the address that their settings hold.
        assert!(content(&built, "deploy/k8s/namespace.yaml").contains("collector.monitoring.svc:4318"));
        let ports: Vec<i64> = here("collector")["spec"]["ports"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["port"].as_i64().unwrap())
            .collect();
        assert!(ports.contains(&4318) && ports.contains(&8888), "{cloud}: {ports:?}");
        for name in ["prometheus", "alertmanager", "loki", "tempo"] {
            here(name);
        }
        let collector = of(&made, "DaemonSet", "collector").expect("one on each node").to_string();
        assert!(collector.contains("\"path\":\"/var/log\""), "{cloud}: it reads what containers print");
        let images: Vec<&str> = ["collector", "prometheus", "alertmanager"]
            .iter()
            .map(|name| {
                let set = made.iter().find(|o| o["metadata"]["name"] == *name && o["spec"]["template"].is_object());
                set.unwrap()["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap()
            })
            .collect();
        for image in images {
            assert!(image.rsplit(':').next().unwrap().contains('.'), "{cloud}: {image} is no version");
        }
        let scraped = content(&built, "ops/prometheus.yml");
        assert!(!scraped.contains("nodes.digital-bank.internal"), "{cloud}: nobody answers by that name in a cluster");
    }
    // Elsewhere only what carries logs and traces away; on the clouds of three it may.
    let built = bank("aws", "eu-central-1", "cloud-native");
    let made = objects(content(&built, "deploy/k8s/monitoring.yaml"));
    assert!(of(&made, "DaemonSet", "collector").is_some() && of(&made, "Service", "prometheus").is_none());
    let terraform = content(&built, "deploy/infra/compute.tf");
    assert!(resource(terraform, "aws_eks_pod_identity_association", "collector").contains("\"monitoring\""));
}

#[test]
fn autoscalers_of_every_cluster_have_somebody_who_measures() {
    for (cloud, region) in CLOUDS {
        let built = bank(cloud, region, "prometheus");
        assert!(content(&built, "deploy/k8s/services.yaml").contains("kind: HorizontalPodAutoscaler"));
        let own = built.plan.artefacts.iter().find(|file| file.path == "deploy/k8s/metrics-server.yaml");
        // Google and Azure bring it with their clusters, and so does k3s; AWS has an add-on.
        assert_eq!(own.is_some(), cloud == "digitalocean", "{cloud}");
        if let Some(file) = own {
            let made = objects(&file.content);
            assert_eq!(
                of(&made, "APIService", "v1beta1.metrics.k8s.io").unwrap()["spec"]["service"]["name"],
                "metrics-server"
            );
            assert!(
                of(&made, "Deployment", "metrics-server").is_some() && of(&made, "Service", "metrics-server").is_some()
            );
        }
        let said =
            built.plan.tasks.iter().any(|task| format!("{:?}", task.fields).contains("k3s brings metrics-server"));
        assert_eq!(said, cloud == "hetzner", "{cloud}");
    }
}

#[test]
fn a_release_brings_the_settings_of_what_measures() {
    let built = bank("aws", "eu-central-1", "prometheus");
    let place = Place::in_cluster(&built);
    for service in ["accounts", "cards", "bills", "customers", "notifications"] {
        for track in ["", "-canary"] {
            place.write(&format!("images/deployment-{service}{track}"), &format!("registry.test/{service}:one\n"));
            place.write(&format!("replicas/{service}{track}"), "4\n");
        }
    }
    for job in ["regulator-report", "close-bills"] {
        place.write(&format!("images/cronjob-{job}"), "registry.test/bills:one\n");
    }
    let stub = place.read("bin/kubectl");
    place.write(
        "bin/kubectl",
        &stub.replace("cat > applied ;;", "{ cat > applied; [ ! -e changed ] || echo configmap/x configured; } ;;"),
    );
    let (held, said) = place.run("ops/release.sh production two");
    let log = place.read("log");
    assert!(held, "{said}\n{log}");
    for file in ["ops/otel-collector.yaml", "ops/prometheus.yml", "ops/alerts.yml", "ops/alertmanager.yml"] {
        assert!(log.contains(&format!("--from-file={file}")), "no {file}\n{log}");
    }
    assert!(!log.contains("rollout restart"), "nothing changed:\n{log}");
    place.write("changed", "");
    let (held, said) = place.run("ops/release.sh production three");
    let log = place.read("log");
    assert!(held && log.contains("rollout restart daemonset/collector"), "{said}{log}");
    assert!(log.contains("rollout restart statefulset/prometheus"), "{log}");
    assert!(log.find("rollout restart").unwrap() < log.find("set image").unwrap(), "before it is measured:\n{log}");
}
