//! Infrastructure: what the Terraform of a plan builds is what its bill pays for and its text promises.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use serde_json::json;
use support::{Built, build, content, example, fact, report, requirements_of, resource, terraform, text};

const HOURS: f64 = 730.0;

fn made(given: serde_json::Value) -> Built {
    build(&requirements_of(given.as_object().unwrap())).unwrap()
}

/// What is assigned to a name, with one space around the sign.
fn value<'t>(body: &'t str, name: &str) -> &'t str {
    let line =
        body.lines().map(str::trim).find(|line| line.split_once('=').is_some_and(|(left, _)| left.trim() == name));
    line.unwrap_or_else(|| panic!("no {name} in\n{body}")).split_once('=').unwrap().1.trim()
}

fn number(body: &str, name: &str) -> f64 {
    value(body, name).parse().unwrap_or_else(|_| panic!("{name} is no number in\n{body}"))
}

/// Units of a month that the bill has in the lines of a component whose item begins so.
fn billed(built: &Built, component: &str, item: &str) -> f64 {
    let lines = built.plan.cost.lines.iter();
    let own: Vec<f64> = lines
        .filter(|line| line.component == component && line.item.starts_with(item))
        .map(|line| line.quantity.expected)
        .collect();
    assert!(!own.is_empty(), "no {component}: {item} on the bill");
    own.iter().sum()
}

#[test]
fn disks_of_the_database_are_those_of_the_bill_and_below_the_largest() {
    for name in ["digital-bank", "restaurant-orders", "ticket-desk"] {
        let built = example(name);
        let terraform = terraform(&built);
        let body = resource(&terraform, "aws_db_instance", "main");
        let copies = fact(&built, "capacity.database.copies");
        let disk = number(body, "allocated_storage");
        assert!((disk * copies - billed(&built, "Primary database", "storage")).abs() <= copies, "{name}: {disk}");
        let most = number(body, "max_allocated_storage");
        assert!(most > disk * 1.1 && most <= 65_536.0, "{name}: {most}");
    }
}

#[test]
fn shards_of_the_plan_are_instances_of_the_infrastructure() {
    let built = example("marketplace-global");
    let terraform = terraform(&built);
    assert!(terraform.contains("shards = toset([\"1\", \"2\"])"), "two shards");
    let body = resource(&terraform, "aws_db_instance", "main");
    assert_eq!(value(body, "for_each"), "local.shards");
    let copies = fact(&built, "capacity.database.copies");
    let (disks, paid) = (number(body, "allocated_storage") * copies, billed(&built, "Primary database", "storage"));
    assert!((disks - paid).abs() <= copies, "{disks} GB against {paid} GB");
    let replicas = resource(&terraform, "aws_db_instance", "replica");
    // A primary and its standby are one instance of each of the two shards.
    let of_each = copies / 2.0 - 2.0;
    assert!(of_each > 1.0, "{copies}");
    assert!(value(replicas, "for_each").contains(&format!("setproduct(local.shards, range({of_each}))")), "{replicas}");
    // Operations that are paid for are also asked for.
    assert!(number(body, "iops") > 12_000.0);
}

#[test]
fn nodes_of_the_cache_are_those_of_the_bill() {
    for (name, cluster) in [("digital-bank", false), ("marketplace-global", true)] {
        let built = example(name);
        let terraform = terraform(&built);
        let body = resource(&terraform, "aws_elasticache_replication_group", "cache");
        let nodes = if cluster {
            number(body, "num_node_groups") * (number(body, "replicas_per_node_group") + 1.0)
        } else {
            number(body, "num_cache_clusters")
        };
        assert!((nodes - billed(&built, "Cache", "node") / HOURS).abs() < 0.01, "{name}: {nodes}");
        assert_eq!(value(body, "node_type"), "\"cache.m6g.large\"");
    }
    let stated = text("examples/patient-portal/req.yaml").replace("\ndata:\n", "\ndata:\n  consistency: eventual\n");
    let built = build(&stated).unwrap();
    let terraform = terraform(&built);
    let body = resource(&terraform, "azurerm_redis_cache", "cache");
    // Copies that are kept for an hour do not fit 1 GB.
    assert!(fact(&built, "capacity.cache.memory") > 1.1e9);
    assert_eq!((value(body, "sku_name"), number(body, "capacity")), ("\"Standard\"", 3.0));
}

#[test]
fn a_search_cluster_has_the_nodes_of_the_bill_evenly_over_two_zones() {
    let built = example("marketplace-global");
    let terraform = terraform(&built);
    let body = resource(&terraform, "aws_opensearch_domain", "search");
    let nodes = number(body, "instance_count");
    assert!((nodes - billed(&built, "Search", "data node") / HOURS).abs() < 0.01, "{nodes}");
    assert!(nodes % 2.0 < 0.01 && number(body, "availability_zone_count") < 2.5);
    assert_eq!(value(body, "instance_type"), "\"r6g.large.search\"");
    let stored = number(body, "volume_size") * nodes;
    assert!((stored - billed(&built, "Search", "index storage")).abs() < nodes, "{stored}");
}

#[test]
fn three_brokers_keep_what_is_retained_and_no_more_partitions_than_they_carry() {
    for name in ["restaurant-orders", "digital-bank", "marketplace-global"] {
        let built = example(name);
        let terraform = terraform(&built);
        let body = resource(&terraform, "aws_msk_cluster", "main");
        let brokers = number(body, "number_of_broker_nodes");
        assert!((brokers - billed(&built, "Message broker", "broker (") / HOURS).abs() < 0.01, "{name}: {brokers}");
        assert_eq!(value(body, "client_subnets"), "slice(aws_subnet.private[*].id, 0, 3)", "{name}");
        assert!(value(&terraform, "zones").contains(", 0, 3)"), "{name} has three subnets");
        assert_eq!(value(body, "instance_type"), "\"kafka.m5.large\"", "{name}");
        let disk = number(body, "volume_size") * brokers;
        assert!((disk - billed(&built, "Message broker", "broker storage")).abs() < brokers, "{name}: {disk}");
        let partitions = terraform.split("num.partitions=").nth(1).unwrap().split('\\').next().unwrap();
        let topics = fact(&built, "domains.events").max(1.0);
        let on_each = partitions.parse::<f64>().unwrap() * topics * 3.0 / brokers;
        assert!(on_each <= 1000.0, "{name}: {on_each} partitions on a broker");
    }
}

#[test]
fn nodes_of_a_cluster_are_the_machines_of_the_bill_and_run_the_images() {
    for (name, machine) in [("digital-bank", "m5.xlarge"), ("marketplace-global", "m5.2xlarge")] {
        let built = example(name);
        let terraform = terraform(&built);
        assert!(!terraform.contains("ARM_64") && !terraform.contains("arm64") && !terraform.contains("m7g.large\""));
        let body = resource(&terraform, "aws_eks_node_group", "main");
        assert_eq!(value(body, "instance_types"), format!("[\"{machine}\"]"));
        assert!((number(body, "min_size") - billed(&built, "Compute platform", "instance") / HOURS).abs() < 0.01);
        assert!((number(body, "max_size") - fact(&built, "capacity.app.max_instances")).abs() < 0.01, "{name}");
        // Stores admit the group that the nodes carry, and the balancer has somebody to send to.
        let node = resource(&terraform, "aws_launch_template", "node");
        assert_eq!(value(node, "vpc_security_group_ids"), "[aws_security_group.app.id]");
        assert!(resource(&terraform, "aws_autoscaling_attachment", "ingress").contains("aws_eks_node_group.main"));
        // Autoscalers have somebody who measures, and network policies somebody who enforces them.
        let parts = resource(&terraform, "aws_eks_addon", "main");
        assert!(parts.contains("metrics-server") && parts.contains("enableNetworkPolicy = \"true\""), "{parts}");
    }
}

#[test]
fn a_cluster_of_google_enforces_its_network_policies() {
    let written = text("examples/digital-bank/req.yaml");
    let moved = written.replace("cloud: aws ", "cloud: gcp ").replace("[sa-east-1]", "[southamerica-east1]");
    assert_ne!(written, moved);
    let terraform = terraform(&build(&moved).unwrap());
    let cluster = resource(&terraform, "google_container_cluster", "main");
    assert_eq!(value(cluster, "datapath_provider"), "\"ADVANCED_DATAPATH\"");
}

#[test]
fn containers_of_google_may_be_called() {
    let written = text("examples/restaurant-orders/req.yaml");
    let moved = written.replace("cloud: aws ", "cloud: gcp ").replace("[us-east-1]", "[us-east1]");
    let terraform = terraform(&build(&moved).unwrap());
    resource(&terraform, "google_cloud_run_v2_service", "service");
    let callers = resource(&terraform, "google_cloud_run_v2_service_iam_member", "callers");
    assert_eq!(value(callers, "role"), "\"roles/run.invoker\"");
}

#[test]
fn no_service_of_several_gets_more_than_its_share_of_the_most_instances() {
    for name in ["marketplace-global", "digital-bank", "restaurant-orders"] {
        let built = example(name);
        let services = services(&terraform(&built));
        let (least, most) = (services.iter().map(|s| s.0).sum::<f64>(), services.iter().map(|s| s.1).sum::<f64>());
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let rounded = services.len() as f64;
        let ceiling = fact(&built, "capacity.app.max_instances").max(least);
        assert!(most + 0.01 >= ceiling && most <= ceiling + rounded, "{name}: {most} of {ceiling}");
    }
}

/// What always runs follows the average load, where something adds and takes instances; elsewhere it is what the peak needs.
#[test]
fn autoscalers_go_from_the_least_to_the_most_of_the_plan() {
    let stated = |name: &str, from: &str, to: &str| {
        build(&text(&format!("examples/{name}/req.yaml")).replace(from, to)).unwrap()
    };
    for built in [
        example("restaurant-orders"),
        example("ticket-desk"),
        stated("restaurant-orders", "cloud: aws ", "cloud: gcp "),
    ] {
        let services = services(&terraform(&built));
        let (least, most) = (services.iter().map(|s| s.0).sum::<f64>(), services.iter().map(|s| s.1).sum::<f64>());
        let planned = fact(&built, "capacity.app.instances");
        assert!((least - fact(&built, "capacity.app.min_instances")).abs() < 0.01 && least >= 2.0, "{least}");
        assert!(least < planned && most + 0.01 >= planned, "{least} to {most} of {planned}");
        let average = fact(&built, "traffic.average") / fact(&built, "capacity.app.rps_per_instance");
        assert!(least > average, "{least} carry {average} with one away");
        let plan = support::markdown(&built, archplan::render::Depth::Standard);
        assert!(
            plan.contains(&format!("{least} to {}", fact(&built, "capacity.app.max_instances"))),
            "the plan says it"
        );
        assert!(
            plan.contains(&format!("**Billed**: {planned} application instances at all hours")),
            "the bill says it"
        );
    }
    let cluster = example("digital-bank");
    let manifest = content(&cluster, "deploy/k8s/services.yaml");
    let least: f64 = manifest
        .lines()
        .filter_map(|line| line.trim().strip_prefix("minReplicas: "))
        .map(|n| n.parse::<f64>().unwrap())
        .sum();
    assert!(least < fact(&cluster, "capacity.app.instances"), "{least}");
    // A pod asks for 85% of its machine, and 70% of that are 60%.
    assert!(manifest.contains("averageUtilization: 70") && manifest.contains("stabilizationWindowSeconds: 300"));
    let said = support::markdown(&example("ticket-desk"), archplan::render::Depth::Standard);
    let code = terraform(&example("ticket-desk"));
    assert!(
        said.contains("one rule on CPU at 60%, out within 1 min, in after 5 min"),
        "the task says what the files do"
    );
    assert!(code.contains("scale_in_cooldown  = 300") && code.contains("scale_out_cooldown = 60"));
    for built in [example("uptime-monitor"), stated("ticket-desk", "traffic:\n", "traffic:\n  shape: spiky\n")] {
        let [least, planned] = ["min_instances", "instances"].map(|key| fact(&built, &format!("capacity.app.{key}")));
        assert!((least - planned).abs() < 0.01, "{least} of {planned}");
    }
}

/// Least and most of each service.
fn services(terraform: &str) -> Vec<(f64, f64)> {
    let lines = terraform.lines().filter(|line| line.contains("{ least = "));
    let after = |line: &str, name: &str| -> f64 {
        let rest = line.split(&format!("{name} = ")).nth(1).unwrap();
        rest.split([',', ' ']).next().unwrap().parse().unwrap()
    };
    lines.map(|line| (after(line, "least"), after(line, "most"))).collect()
}

#[test]
fn every_consumer_has_an_ordered_queue_and_the_task_may_use_it() {
    let built = example("ticket-desk");
    let terraform = terraform(&built);
    assert!(
        terraform.contains("\"ticket-closed.automation\" = { event = \"ticket-closed\", consumer = \"automation\" }")
    );
    for (kind, name) in [("aws_sns_topic", "event"), ("aws_sqs_queue", "event"), ("aws_sqs_queue", "event_failed")] {
        assert!(resource(&terraform, kind, name).contains(".fifo\""), "{kind} {name} keeps the order");
    }
    assert!(resource(&terraform, "aws_sqs_queue", "event").contains("maxReceiveCount     = 5"));
    resource(&terraform, "aws_sns_topic_subscription", "event");
    resource(&terraform, "aws_sqs_queue_policy", "event");
    let role = resource(&terraform, "aws_iam_role_policy", "messages");
    assert!(role.contains("sns:Publish") && role.contains("sqs:ReceiveMessage"), "{role}");
    assert!(billed(&built, "Message broker", "send, receive and delete in order") > 0.0);
}

#[test]
fn leased_servers_are_asked_for_one_for_each_copy_and_machines_are_those_of_the_bill() {
    let built = example("uptime-monitor");
    let terraform = terraform(&built);
    let copies = fact(&built, "capacity.database.copies");
    assert!((billed(&built, "Primary database", "leased server") / HOURS - copies).abs() < 0.01);
    assert!(terraform.contains(&format!("length(var.database_hosts) == {copies}")), "one host for each copy");
    assert!(!terraform.contains("resource \"hcloud_server\" \"database\""), "the bill has no cloud machine for it");
    assert_eq!(value(resource(&terraform, "hcloud_server", "service"), "server_type"), "\"ccx23\"");
    assert!(resource(&terraform, "hcloud_load_balancer_service", "https").contains("retries  = 2"));
    let part = "\"observability\" = { type = \"ccx13\", count = 1";
    assert!(terraform.contains(part), "{part} is on the bill");
    let start = content(&built, "deploy/infra/cloud-init.yaml");
    assert!(start.starts_with("#cloud-config\n") && start.contains("packages: [docker.io, curl, jq]"), "{start}");
    assert!(start.contains("/etc/uptime-monitor/${service}.env"), "switch-version.sh reads it");
    assert!(!start.contains("docker run"), "nothing starts before its secrets are there");
}

#[test]
fn a_standby_of_a_store_on_cloud_machines_has_its_own_machine_and_disk() {
    let built = made(serde_json::json!({
        "stack.cloud": "hetzner", "stack.iac": "terraform", "targets.availability": "99.9%", "users.monthly": "3k",
        "team.developers": 4, "team.operations": "shared"
    }));
    let terraform = terraform(&built);
    let copies = fact(&built, "capacity.database.copies");
    assert!((copies - 2.0).abs() < 0.01);
    assert_eq!(value(&terraform, "copies"), "2");
    for kind in ["hcloud_server", "hcloud_volume", "hcloud_volume_attachment"] {
        assert_eq!(value(resource(&terraform, kind, "database"), "count"), "local.copies");
    }
}

#[test]
fn containers_of_azure_have_the_memory_of_bill_and_text_and_a_database_in_reach() {
    let built = example("patient-portal");
    let terraform = terraform(&built);
    let app = resource(&terraform, "azurerm_container_app", "service");
    let instances = fact(&built, "capacity.app.instances");
    let memory = fact(&built, "capacity.app.memory") / 1e9;
    assert_eq!(value(app, "memory"), format!("\"{memory}Gi\""));
    assert!((billed(&built, "Compute platform", "memory") / HOURS / instances - memory).abs() < 0.01);
    assert_eq!(value(app, "revision_mode"), "\"Multiple\"", "the old set stays for the way back");
    assert!(!app.contains("http_scale_rule") && value(app, "value") == "\"60\"", "the text says CPU above 60%");
    let database = resource(&terraform, "azurerm_postgresql_flexible_server", "main");
    assert_eq!(value(database, "delegated_subnet_id"), "azurerm_subnet.data.id");
    let copies = fact(&built, "capacity.database.copies");
    let stored = number(database, "storage_mb") / 1024.0 * copies;
    assert!((stored - billed(&built, "Primary database", "storage")).abs() < 1.0, "{stored}");
    assert_eq!(value(resource(&terraform, "azurerm_postgresql_flexible_server", "replica"), "count"), "1");
}

#[test]
fn a_tiny_system_gets_the_small_machines_that_it_pays_for() {
    let built = example("volunteer-shifts");
    let terraform = terraform(&built);
    assert!(terraform.contains("instance_size_slug = \"apps-s-1vcpu-1gb\""));
    assert!((fact(&built, "capacity.app.vcpu") - 1.0).abs() < 0.01 && fact(&built, "capacity.app.memory") < 1.1e9);
    assert_eq!(value(resource(&terraform, "digitalocean_database_cluster", "main"), "size"), "\"db-s-1vcpu-1gb\"");
    assert_eq!(value(resource(&terraform, "digitalocean_database_cluster", "cache"), "size"), "\"db-s-1vcpu-1gb\"");
    // 25 for each GB less 3.
    assert!((fact(&built, "capacity.database.connection_limit") - 22.0).abs() < 0.01);
    assert!((fact(&built, "capacity.cache.node_memory") - 1e9).abs() < 1.0);
    assert!(terraform.contains("\"observability\" = { type = \"s-2vcpu-4gb\", count = 1"), "it is on the bill");
    let machine = built.plan.cost.lines.iter().find(|line| line.component == "Observability").unwrap();
    assert!((machine.monthly.unwrap().expected - 24.0).abs() < 0.05, "the provider asks 24 a month");
}

#[test]
fn calls_to_others_leave_from_every_zone_and_keys_are_those_of_the_bill() {
    let built = example("digital-bank");
    let terraform = terraform(&built);
    let gateways = billed(&built, "Compute platform", "NAT gateway") / HOURS;
    assert!((gateways - 3.0).abs() < 0.01);
    assert_eq!(value(resource(&terraform, "aws_nat_gateway", "main"), "count"), "3");
    let keys = billed(&built, "Secrets", "keys");
    let classes = value(resource(&terraform, "aws_kms_key", "class"), "for_each").matches(", ").count() + 1;
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let made = 1.0 + classes as f64;
    assert!((made - keys).abs() < 0.01, "{made} of {keys}");
}

#[test]
fn rules_about_files_are_those_of_the_text() {
    let built = example("marketplace-global");
    let terraform = terraform(&built);
    let rules = resource(&terraform, "aws_s3_bucket_lifecycle_configuration", "files");
    assert_eq!(number(rules, "days_after_initiation"), 7.0);
    assert_eq!(number(rules, "noncurrent_days"), 30.0);
    assert!(rules.contains("days          = 30\n"), "{rules}");
    // Ten years of any calendar.
    assert!(rules.contains("days = 3660\n"), "{rules}");
}

#[test]
fn every_part_on_own_machines_has_those_of_the_bill() {
    let built = example("marketplace-global");
    let terraform = terraform(&built);
    let nodes = billed(&built, "API gateway", "node") / HOURS;
    assert!(terraform.contains(&format!("{{ type = \"t3.medium\", count = {nodes},")), "{nodes} of the gateway");
    let stored = billed(&built, "Analytics store", "disk of both");
    let line = terraform.lines().find(|line| line.contains("\"analytics-store\" ")).expect("two machines for analysis");
    let disk: f64 = line.split("disk = ").nth(1).unwrap().trim_end_matches(" }").parse().unwrap();
    assert!(line.contains("count = 2") && (disk - stored).abs() < 1.0, "each holds all: {line}, {stored}");
}

#[test]
fn public_addresses_of_a_gateway_s_own_machines_are_on_the_bill() {
    for (cloud, region, kind) in
        [("azure", "westeurope", "azurerm_public_ip"), ("gcp", "europe-west1", "google_compute_address")]
    {
        let built = made(serde_json::json!({
            "stack.cloud": cloud, "stack.regions": [region], "stack.iac": "terraform", "team.developers": 30, "team.teams": 3,
            "team.operations": "dedicated", "traffic.peak": "900/s", "traffic.average": "200/s",
            "domains": [{"name": "orders"}, {"name": "bills"}, {"name": "search"}],
            "decisions": [
                {"topic": "pattern", "choose": "microservices", "because": "Known"},
                {"topic": "compute", "choose": "managed-containers", "because": "Known"},
                {"topic": "api-gateway", "choose": "kong", "because": "Known"}
            ]
        }));
        resource(&terraform(&built), kind, "gateway");
        let (nodes, addresses) =
            (billed(&built, "API gateway", "node"), billed(&built, "API gateway", "public address"));
        assert!((nodes - addresses).abs() < 0.01, "{cloud}: {addresses} h of addresses for {nodes} h of nodes");
    }
    let built = example("marketplace-global");
    let lines: Vec<&str> = built
        .plan
        .cost
        .lines
        .iter()
        .filter(|line| line.component == "API gateway")
        .map(|line| line.item.as_str())
        .collect();
    assert!(
        !lines.iter().any(|item| item.starts_with("public address")),
        "behind a balancer they have none: {lines:?}"
    );
}

/// Whatever runs the application on a provider whose brokers, queues and keys ask for a role has one that may use them.
#[test]
fn what_runs_the_application_may_use_its_brokers() {
    let cases = [
        ("managed-containers", "kubernetes", "pod"),
        ("virtual-machines", "none", "machine"),
        ("managed-containers", "none", "task"),
        ("paas", "none", "service"),
        ("functions", "none", "function"),
    ];
    let mut failures = Vec::new();
    for (compute, orchestrator, role) in cases {
        for (broker, right) in [("kafka", "kafka-cluster:Connect"), ("sqs", "sns:Publish")] {
            let built = made(json!({
                "team.developers": 24, "team.operations": "platform-team", "users.monthly": "400k", "stack.iac": "terraform",
                "stack.cloud": "aws", "traffic.peak": "3k/s", "security.data_classes": ["personal"],
                "domains": [{"name": "orders", "publishes": ["OrderPlaced"]}, {"name": "mail", "consumes": ["OrderPlaced"]}],
                "workloads": [{"name": "resize", "kind": "event", "runs": "5k/day", "duration": "3s"}],
                "decisions": [
                    {"topic": "compute", "choose": compute, "because": "Known"}, {"topic": "broker", "choose": broker, "because": "Known"},
                    {"topic": "orchestrator", "choose": orchestrator, "because": "Known"},
                ],
            }));
            let terraform = terraform(&built);
            for (policy, allowed) in [("messages", right), ("keys", "kms:GenerateDataKey"), ("work", "sqs:SendMessage")]
            {
                let body = resource(&terraform, "aws_iam_role_policy", policy);
                if value(body, "role") != format!("aws_iam_role.{role}.id") || !body.contains(allowed) {
                    failures.push(format!("{compute} {orchestrator} {broker}: {body}"));
                }
            }
            if role == "pod" {
                let association = resource(&terraform, "aws_eks_pod_identity_association", "pod");
                assert_eq!(value(association, "namespace"), "\"example\"");
                let agent = content(&built, "deploy/k8s/services.yaml").contains("169.254.170.23/32");
                assert!(agent && terraform.contains("eks-pod-identity-agent"), "pods reach who gives them their role");
            }
        }
    }
    report("applications without rights", &failures);
}
