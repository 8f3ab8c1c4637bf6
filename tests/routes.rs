//! Routes: which service answers a path of clients, in balancers, gateways of functions and clusters alike.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use support::{Built, build, content, resource};

/// Services with resources of their own, one of nobody, and endpoints beside the resources.
const SYSTEM: &str = "
archplan: 1
project: {name: Parcels}
team: {developers: 30, teams: 3, operations: dedicated, on_call: true, knows: [python, CLOUD]}
users: {monthly: 900k}
traffic: {average: 200/s, peak: 900/s}
stack: {language: python, cloud: CLOUD, regions: [REGION], iac: terraform}
domains:
  - {name: orders, peak: 500/s, calls: [{to: bills, per_request: 1}]}
  - {name: search, peak: 300/s}
  - {name: bills, peak: 100/s}
entities:
  - {name: Order, domain: orders, rows: 1k, fields: [{name: note, type: string(80)}]}
  - {name: Bill, domain: bills, rows: 1k, fields: [{name: note, type: string(80)}]}
  - {name: Currency, rows: 1k, fields: [{name: note, type: string(80)}]}
MORE
api:
  endpoints:
    - {method: POST, path: \"/api/v1/bills/{id}/remind\"}
    - {method: POST, path: \"/checkouts\"}
decisions: [{topic: pattern, choose: microservices, because: Known}DECIDED]
";

/// The system on a cloud, with further entities of `orders` and decisions.
fn system(cloud: &str, entities: usize, decided: &str) -> Built {
    let region = BTreeMap::from([
        ("aws", "eu-west-1"),
        ("azure", "westeurope"),
        ("digitalocean", "fra1"),
        ("gcp", "europe-west1"),
        ("hetzner", "fsn1"),
    ])[cloud];
    let more: Vec<String> = (0..entities)
        .map(|n| {
            let name = format!("RecordedPositionOfAParcelNumber{}", char::from(b'A' + u8::try_from(n).unwrap()));
            format!("  - {{name: {name}, domain: orders, rows: 1k, fields: [{{name: note, type: string(80)}}]}}")
        })
        .collect();
    let text = SYSTEM.replace("CLOUD", cloud).replace("REGION", region).replace("MORE", &more.join("\n"));
    build(&text.replace("DECIDED", decided)).unwrap()
}

const FUNCTIONS: &str = ", {topic: compute, choose: functions, because: Known}";

/// What is written between two quotes, one after the other.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

#[test]
fn rules_of_the_balancer_hold_five_expressions_and_reach_every_resource() {
    for strategy in ["rolling", "canary"] {
        let decided = format!(
            ", {{topic: compute, choose: managed-containers, because: Known}}, {{topic: deployment-strategy, choose: {strategy}, because: Known}}"
        );
        let built = system("aws", 11, &decided);
        let main = content(&built, "deploy/infra/main.tf");
        assert!(resource(main, "aws_lb_listener_rule", "service").contains("regex_values = each.value.paths"));
        let (mut answers, mut priorities, mut rules) = (BTreeMap::new(), BTreeSet::new(), 0);
        for line in main.lines().filter(|line| line.contains("priority = ") && line.contains("paths = [")) {
            rules += 1;
            let priority = line.split("priority = ").nth(1).unwrap().split(',').next().unwrap();
            assert!(priorities.insert(priority.to_string()), "{priority} twice");
            let service = quoted(line)[1];
            let paths = quoted(line.split("paths = ").nth(1).unwrap());
            assert!(paths.len() <= 5 && paths.iter().all(|path| path.len() <= 128), "{line}");
            for path in paths {
                let inner = path.strip_prefix("^/(").unwrap().strip_suffix(")(/.*)?$").unwrap();
                for prefix in inner.split('|') {
                    assert_eq!(answers.insert(format!("/{prefix}"), service.to_string()), None, "{prefix} twice");
                }
            }
        }
        let of = |path: &str| answers.get(path).map(String::as_str);
        assert_eq!(of("/api/v1/bills"), Some("bills"), "an endpoint below a resource goes with it");
        assert_eq!(of("/api/v1/search"), Some("search"));
        assert_eq!(of("/readyz"), Some("orders"), "the first service");
        let long = answers.keys().filter(|path| path.contains("recorded-position")).count();
        // A release moves the weights of one rule, so that what it does not hold is said and not hidden.
        let said = main.matches("A release moves one rule").count();
        if strategy == "rolling" {
            assert!(long == 11 && said == 0 && rules > 3, "{long} of 11 in {rules} rules");
            for first in ["/checkouts", "/api/v1/orders", "/api/v1/currencies"] {
                assert_eq!(of(first), Some("orders"), "{first}");
            }
        } else {
            assert!(said == 1 && rules == 3, "{long} of 11 in {rules} rules\n{main}");
        }
    }
}

#[test]
fn calls_of_clients_reach_the_function_that_answers_their_path() {
    let built = system("aws", 0, FUNCTIONS);
    let compute = content(&built, "deploy/infra/compute.tf");
    let lines: Vec<String> =
        compute.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for (path, service) in [
        ("/api/v1/orders", "orders"),
        ("/api/v1/currencies", "orders"),
        ("/checkouts", "orders"),
        ("/api/v1/bills", "bills"),
        ("/api/v1/search", "search"),
    ] {
        assert!(lines.contains(&format!("\"{path}\" = \"{service}\"")), "{path}\n{compute}");
    }
    let route = resource(compute, "aws_apigatewayv2_route", "service");
    assert!(route.contains("\"ANY ${path}/{proxy+}\" = name") && route.contains("service[each.value].id"), "{route}");
    assert!(resource(compute, "aws_apigatewayv2_route", "default").contains("service[\"orders\"].id"), "all others");
}

#[test]
fn an_app_of_several_parts_leads_each_path_to_its_part() {
    let built =
        system("digitalocean", 0, &format!("{FUNCTIONS}, {{topic: api-gateway, choose: nginx, because: Known}}"));
    let main = content(&built, "deploy/infra/main.tf");
    let rules: Vec<Vec<&str>> = main.split("      rule {").skip(1).map(quoted).collect();
    for (service, path) in [("orders", "/api/v1/orders"), ("bills", "/api/v1/bills"), ("search", "/api/v1/search")] {
        assert!(rules.iter().any(|rule| rule[0] == service && rule[1] == path), "{path}: {rules:?}");
    }
    assert!(rules.last().unwrap().starts_with(&["orders", "/"]), "all others come last: {rules:?}");
    let proxy = content(&built, "deploy/nginx/nginx.conf");
    assert!(proxy.contains("location /api/v1/search {"), "a service without resources of its own is reached too");
}

/// What stands in the manifests as one line of flow style, such as `path: /x` with its service.
fn led(built: &Built) -> Vec<(String, String)> {
    let lines = content(built, "deploy/k8s/traefik.yaml").lines().filter(|line| line.contains("pathType: Prefix"));
    let word = |line: &str, key: &str| {
        line.split(key).nth(1).unwrap().split([',', '}']).next().unwrap().trim().trim_matches('"').to_string()
    };
    lines.map(|line| (word(line, "path: "), word(line, "service: {name: "))).collect()
}

#[test]
fn a_cluster_installs_its_way_in_where_the_balancer_sends_requests() {
    let kubernetes = ", {topic: compute, choose: virtual-machines, because: Known}, {topic: orchestrator, choose: kubernetes, because: Known}";
    for (cloud, kind) in [("aws", "NodePort"), ("azure", "LoadBalancer"), ("digitalocean", "LoadBalancer")] {
        let built = system(cloud, 0, kubernetes);
        let manifest = content(&built, "deploy/k8s/traefik.yaml");
        assert!(
            manifest.contains("kind: DaemonSet") && manifest.contains("image: docker.io/library/traefik:v"),
            "{cloud}"
        );
        assert!(manifest.contains(&format!("type: {kind}")), "{cloud}");
        assert_eq!(manifest.contains("nodePort: 30080"), cloud == "aws", "{cloud}");
        assert!(manifest.contains("metadata:\n  name: ingress\n"), "the namespace that the network policies admit");
        let led = led(&built);
        for (path, service) in [("/api/v1/orders", "orders"), ("/api/v1/bills", "bills"), ("/api/v1/search", "search")]
        {
            assert!(led.contains(&(path.to_string(), service.to_string())), "{cloud}: {path} in {led:?}");
        }
    }
    let main = system("aws", 0, kubernetes);
    let group = resource(content(&main, "deploy/infra/main.tf"), "aws_lb_target_group", "ingress");
    assert!(group.contains("\"/ping\""), "the balancer asks the way in, not a service behind it: {group}");
}

#[test]
fn only_what_clients_call_is_reached_from_outside() {
    let containers = ", {topic: compute, choose: managed-containers, because: Known}";
    let app = |gateway: &str| {
        let built =
            system("azure", 0, &format!("{containers}, {{topic: api-gateway, choose: {gateway}, because: Known}}"));
        let main = content(&built, "deploy/infra/main.tf").to_string();
        (resource(&main, "azurerm_container_app", "service").to_string(), main)
    };
    let (managed, main) = app("azure-api-management");
    assert!(managed.contains("external_enabled = true"), "each answers paths of clients: {managed}");
    assert!(!main.contains("internal_load_balancer_enabled"), "the managed gateway stands outside");
    let (_, own) = app("kong");
    let environment = resource(&own, "azurerm_container_app_environment", "main");
    assert!(
        environment.contains("internal_load_balancer_enabled = true"),
        "past the gateway nobody gets in: {environment}"
    );
    resource(&own, "azurerm_private_dns_a_record", "services");
    assert!(
        resource(&own, "azurerm_network_security_group", "gateway").contains("\"443\""),
        "the gateway is the way in"
    );
    let within = SYSTEM.replace("  - {name: Bill, domain: bills", "  - {name: Bill, domain: orders");
    let within =
        within.replace("    - {method: POST, path: \"/api/v1/bills/{id}/remind\"}\n", "").replace("MORE\n", "");
    let within = within.replace("CLOUD", "azure").replace("REGION", "westeurope");
    let chosen = format!("{containers}, {{topic: api-gateway, choose: azure-api-management, because: Known}}");
    let built = build(&within.replace("DECIDED", &chosen)).unwrap();
    let app = resource(content(&built, "deploy/infra/main.tf"), "azurerm_container_app", "service");
    assert!(app.contains("contains([\"orders\", \"search\"], each.key)"), "bills is called by orders alone: {app}");
}

#[test]
fn services_of_google_that_no_client_calls_have_no_address_outside() {
    let containers = ", {topic: compute, choose: managed-containers, because: Known}, {topic: api-gateway, choose: ";
    let main = |text: &str| content(&build(text).unwrap(), "deploy/infra/main.tf").to_string();
    let stated = SYSTEM.replace("CLOUD", "gcp").replace("REGION", "europe-west1").replace("MORE\n", "");
    let managed = stated.replace("DECIDED", &format!("{containers}gcp-api-gateway, because: Known}}"));
    let all = main(&managed);
    let service = resource(&all, "google_cloud_run_v2_service", "service");
    assert!(service.contains("= \"INGRESS_TRAFFIC_ALL\""), "each answers paths of clients: {service}");
    assert!(!all.contains("google_dns_managed_zone"), "nobody calls from within alone");

    let within = managed.replace("  - {name: Bill, domain: bills", "  - {name: Bill, domain: orders");
    let some = main(&within.replace("    - {method: POST, path: \"/api/v1/bills/{id}/remind\"}\n", ""));
    let service = resource(&some, "google_cloud_run_v2_service", "service");
    let asked =
        "contains([\"orders\", \"search\"], each.key) ? \"INGRESS_TRAFFIC_ALL\" : \"INGRESS_TRAFFIC_INTERNAL_ONLY\"";
    assert!(service.contains(asked), "bills is called by orders alone: {service}");
    // Only calls that leave through the network count as internal: its names lead there.
    assert!(resource(&some, "google_dns_managed_zone", "run").contains("\"run.app.\""));
    assert!(resource(&some, "google_dns_record_set", "run").contains("\"199.36.153.8\""));

    let own = main(&stated.replace("DECIDED", &format!("{containers}kong, because: Known}}")));
    let service = resource(&own, "google_cloud_run_v2_service", "service");
    assert!(service.contains("= \"INGRESS_TRAFFIC_INTERNAL_ONLY\""), "past the gateway nobody gets in: {service}");
    assert!(resource(&own, "google_compute_instance", "own").contains("google_compute_address.gateway[each.key]"));
    assert!(resource(&own, "google_compute_firewall", "gateway").contains("[\"443\"]"), "the gateway is the way in");
}

#[test]
fn no_expression_of_the_balancer_is_empty_or_too_long() {
    let segment = "c".repeat(140);
    let text = SYSTEM.replace("CLOUD", "aws").replace("REGION", "eu-west-1").replace("MORE\n", "");
    let text = text.replace("/api/v1/bills/{id}/remind", &format!("/{segment}/pay"));
    let decided = ", {topic: compute, choose: managed-containers, because: Known}";
    let built = build(&text.replace("DECIDED", decided)).unwrap();
    let main = content(&built, "deploy/infra/main.tf");
    let rules: Vec<&str> = main.lines().filter(|line| line.contains("paths = [")).collect();
    let paths: Vec<&str> = rules.iter().flat_map(|line| quoted(line.split("paths = ").nth(1).unwrap())).collect();
    assert!(paths.iter().all(|path| path.len() <= 128 && !path.contains("()") && !path.contains("(|")), "{paths:?}");
    // A segment is told by 47 characters at most, so that each prefix fits an expression of its own.
    let told = paths.iter().flat_map(|path| path.split(['(', '|', ')', '/'])).find(|part| part.starts_with("ccc"));
    assert!(told.is_some_and(|part| part.len() <= 47), "{paths:?}");
}

#[test]
fn the_balancer_of_hetzner_leads_to_what_knows_every_path() {
    let machines = ", {topic: compute, choose: virtual-machines, because: Known}, {topic: orchestrator, choose: ORCHESTRATOR, because: Known}";
    let main = |built: &Built| content(built, "deploy/infra/main.tf").to_string();
    let target = |main: &str| resource(main, "hcloud_load_balancer_target", "service").to_string();
    let balanced = |main: &str| {
        resource(main, "hcloud_load_balancer_service", "https").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let plain = machines.replace("ORCHESTRATOR", "none");
    // The gateway stands on machines of its own.
    for gateway in ["nginx", "kong"] {
        let built =
            system("hetzner", 0, &format!("{plain}, {{topic: api-gateway, choose: {gateway}, because: Known}}"));
        let main = main(&built);
        assert!(target(&main).contains("= \"part=api-gateway\""), "{gateway}: {}", target(&main));
        let service = balanced(&main);
        assert!(
            service.contains("destination_port = 8080") && service.contains("protocol = \"tcp\" port = 8080"),
            "{service}"
        );
        // By these names it finds the services.
        assert!(main.contains("${key}.parcels.internal"), "{gateway}");
        if gateway == "nginx" {
            let proxy = content(&built, "deploy/nginx/nginx.conf");
            assert!(
                proxy.contains("listen 8080 default_server;") && !proxy.contains("ssl"),
                "TLS ends before it: {proxy}"
            );
            assert!(proxy.contains("real_ip_header X-Forwarded-For;"), "each client has its own limit");
        }
    }
    // Without one the first machines lead on.
    let domains = SYSTEM.replace("choose: microservices", "choose: event-driven");
    let text = domains.replace("CLOUD", "hetzner").replace("REGION", "fsn1").replace("MORE\n", "");
    let built = build(&text.replace("DECIDED", &plain)).unwrap();
    let main_of_first = main(&built);
    assert!(target(&main_of_first).contains("= \"service=orders\""));
    assert!(balanced(&main_of_first).contains("destination_port = 8081"), "{main_of_first}");
    let proxy = content(&built, "deploy/nginx/nginx.conf");
    assert!(
        proxy.contains("listen 8081 default_server;") && proxy.contains("server bills-1.parcels.internal:8080"),
        "{proxy}"
    );
    assert!(proxy.contains("location /api/v1/bills {"), "{proxy}");
    assert!(content(&built, "deploy/infra/cloud-init.yaml").contains("nginx"), "it is installed there");
    // In a cluster the way in is asked, on the port that it has.
    let cluster = main(&system("hetzner", 0, &machines.replace("ORCHESTRATOR", "kubernetes")));
    let asked = balanced(&cluster);
    assert!(asked.contains("port = 30080 interval") && asked.contains("path = \"/ping\""), "{asked}");
}

#[test]
fn the_balancer_of_digitalocean_leads_to_what_knows_every_path() {
    let machines = ", {topic: compute, choose: virtual-machines, because: Known}, {topic: orchestrator, choose: none, because: Known}";
    let gateway = format!("{machines}, {{topic: api-gateway, choose: nginx, because: Known}}");
    let balancer = |built: &Built| {
        let main = content(built, "deploy/infra/main.tf");
        resource(main, "digitalocean_loadbalancer", "main").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let own = balancer(&system("digitalocean", 0, &gateway));
    assert!(own.contains("digitalocean_droplet.own : d.id if startswith(key, \"api-gateway-\")"), "{own}");
    assert!(own.contains("target_port = 8080") && own.contains("port = 8080 # The way in is asked"), "{own}");
    // Without one the first machines lead on.
    let text = SYSTEM.replace("choose: microservices", "choose: event-driven").replace("CLOUD", "digitalocean");
    let text = text.replace("REGION", "fra1").replace("MORE\n", "").replace("DECIDED", machines);
    let built = build(&text).unwrap();
    let first = balancer(&built);
    assert!(first.contains("if contains(d.tags, \"orders\")") && first.contains("target_port = 8081"), "{first}");
    let main = content(&built, "deploy/infra/main.tf");
    assert!(main.contains("${key}.parcels.internal") && main.contains("\"8080-8081\""), "{main}");
    assert!(content(&built, "deploy/nginx/nginx.conf").contains("location /api/v1/bills {"));
    // One service answers every path itself.
    let alone = "archplan: 1\nproject: {name: Parcels}\nteam: {developers: 3}\nusers: {monthly: 60k}\nstack: {cloud: digitalocean, iac: terraform}\n\
                 decisions: [{topic: compute, choose: virtual-machines, because: Known}, {topic: load-balancer, choose: cloud-load-balancer, because: Known}]\n";
    let alone = balancer(&build(alone).unwrap());
    assert!(alone.contains("[for d in digitalocean_droplet.service : d.id]") && alone.contains("/readyz"), "{alone}");
}

#[test]
fn the_balancer_of_google_leads_each_path_to_the_machines_that_answer_it() {
    let machines = ", {topic: compute, choose: virtual-machines, because: Known}, {topic: orchestrator, choose: none, because: Known}, \
                    {topic: api-gateway, choose: none, because: Known}";
    let built = system("gcp", 0, machines);
    let main = content(&built, "deploy/infra/main.tf");
    let paths = resource(main, "google_compute_url_map", "main").split_whitespace().collect::<Vec<_>>().join(" ");
    let rule = paths.split("path_rule").find(|rule| rule.contains("service[\"bills\"]")).expect("bills has a rule");
    assert!(rule.contains("\"/api/v1/bills\", \"/api/v1/bills/*\""), "{rule}");
    assert!(paths.contains("default_service = google_compute_backend_service.service[\"orders\"].id"), "{paths}");
    assert!(!paths.split("path_rule").skip(1).any(|rule| rule.contains("/checkouts")), "the first service's: {paths}");
    // The pipeline knows the name whose certificate is made.
    assert!(content(&built, ".github/workflows/ci.yml").contains("TF_VAR_domain"));
}
