//! Numbers of whole plans: measured beats estimated, parts add up, limits are reached in order, an existing system is answered.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use archplan::facts::Origin;
use archplan::plan::{Ids, Options, Plan};
use archplan::requirements;
use serde_json::{Value, json};
use support::generate::given;
use support::{build, catalogue, report, requirements_of, text};

fn plan(given: Value) -> Plan {
    let given = given.as_object().expect("an object").clone();
    build(&requirements_of(&given)).expect("valid requirements").plan
}

fn number(plan: &Plan, path: &str) -> f64 {
    plan.values.number(path).unwrap_or_else(|| panic!("{path} is unknown"))
}

#[test]
fn measured_inputs_beat_estimates() {
    let load = json!({"traffic.average": "300/s", "traffic.peak": "900/s", "targets.availability": "99%"});
    let with = |key: &str, value: &str| {
        let mut given = load.clone();
        given[key] = json!(value);
        plan(given)
    };
    let (estimated, stated) = (plan(load.clone()), with("stack.language", "go"));
    assert!((number(&estimated, "capacity.service_time") - 17.0).abs() < 1e-9, "nobody states a language");
    assert!((number(&stated, "capacity.service_time") - 3.0).abs() < 1e-9, "the class of the stated language");
    assert!((number(&with("traffic.service_time", "5ms"), "capacity.service_time") - 5.0).abs() < 1e-9);
    // 900/s over 100/s each, and one to spare in one zone.
    let measured = with("traffic.requests_per_instance", "100/s");
    assert!((number(&measured, "capacity.app.instances") - 10.0).abs() < 1e-9);
}

#[test]
fn a_lost_node_of_connections_loses_what_it_held_however_many_instances_answer_requests() {
    let plan = plan(json!({
        "traffic.peak": "2000/s", "traffic.long_lived_connections": 500, "targets.availability": "99.9%",
    }));
    assert!(number(&plan, "capacity.app.max_instances") > 2.0, "more instances than nodes of connections");
    assert!((number(&plan, "capacity.connections.nodes") - 2.0).abs() < 1e-9);
    // 500 connections on two nodes, 250 of them back over a minute.
    let rate = number(&plan, "capacity.connections.reconnects");
    assert!((rate - 250.0 / 60.0).abs() < 1e-9, "{rate}");
}

#[test]
fn throughput_is_what_the_most_instances_of_the_plan_carry() {
    let stated = |wanted: &str| {
        let given = json!({
            "traffic.peak": "400/s", "traffic.seasonal_peak": "5x", "traffic.requests_per_instance": "250/s", "targets.throughput": wanted,
        });
        let plan = plan(given);
        let carried = number(&plan, "capacity.app.max_instances") * 250.0;
        let row = plan.targets.iter().find(|target| target.name == "throughput").cloned().expect("a stated target");
        (carried, row.met, row.predicted.expect("a rate"))
    };
    let (carried, met, predicted) = stated("1k/s");
    assert!(carried >= 2000.0, "the season of 2,000/s is planned for: {carried}");
    assert_eq!((met, predicted), (Some(true), format!("{}k/s", carried / 1000.0)));
    let (carried, met, _) = stated("20k/s");
    assert!(carried < 20_000.0);
    assert_eq!(met, Some(false));
}

#[test]
fn discounts_cover_machines_and_interruptible_ones_are_whole() {
    let plan = plan(json!({
        "traffic.peak": "700/s", "traffic.average": "200/s", "traffic.requests_per_instance": "250/s", "users.monthly": "500k",
        "stack.cloud": "aws", "targets.availability": "99.9%",
    }));
    let lines = || plan.cost.lines.iter().filter(|line| line.component == "Compute platform");
    assert!(
        lines().any(|line| line.item.starts_with("NAT gateway") && line.unit == "hour"),
        "a gateway has hours as well"
    );
    let machines = lines().filter(|line| line.basis == "stepped").filter_map(|line| line.monthly);
    let machines: f64 = machines.map(|monthly| monthly.expected).sum();
    let saves = |name: &str| {
        plan.cost
            .options
            .iter()
            .find(|option| option.name.starts_with(name))
            .map(|option| option.saves)
            .expect("an option")
    };
    assert!((saves("one-year commitment for compute") - 0.32 * machines).abs() < 1e-6, "{machines}");
    // Of five, two stay: the average load is 2/7 of the peak, and each of two zones keeps one.
    assert!((number(&plan, "capacity.app.instances") - 5.0).abs() < 1e-9);
    assert!((saves("interruptible capacity") - 0.6 * machines * 3.0 / 5.0).abs() < 1e-6);
}

#[test]
fn ranges_of_instances_are_at_most_ten_wide_and_reach_down_to_one() {
    let small = plan(json!({"users.monthly": "30k", "traffic.average": "0.5/s"}));
    let range = small.values.range("capacity.app.instances").unwrap();
    assert!(range.low <= 1.0 && range.high >= 2.0, "{range:?}");
    let large = plan(json!({"users.monthly": "5M", "traffic.peak": "20k/s"}));
    let range = large.values.range("capacity.app.instances").unwrap();
    assert!(range.high <= 10.0 * range.low, "{range:?}");
}

#[test]
fn storage_parts_add_up_to_the_disk() {
    for given in [json!({"data.size": "60GB", "data.growth": "4GB/month"}), json!({"traffic.peak": "4k/s"})] {
        let plan = plan(given);
        let parts = ["rows", "indexes", "bloat", "log", "free"].map(|part| number(&plan, &format!("storage.{part}")));
        let (sum, disk) = (parts.iter().sum::<f64>(), number(&plan, "data.disk_horizon"));
        assert!((sum - disk).abs() <= disk * 1e-6, "{sum} against {disk}");
    }
}

#[test]
fn what_breaks_first_stands_first() {
    let plan = build(&text("tests/data/full.req.yaml")).unwrap().plan;
    let limits = &plan.stage.limits;
    assert!(limits.len() >= 6, "{limits:?}");
    assert!(limits.windows(2).all(|pair| pair[0].factor <= pair[1].factor));
    for limit in limits.iter().filter(|limit| limit.month.is_some()) {
        assert!(plan.stage.forecast.iter().any(|row| row.what == limit.what), "{} is not forecast", limit.what);
    }
    assert!(limits.iter().any(|limit| !limit.tasks.is_empty()), "nothing moves a limit");
    assert_eq!(plan.stage.months.len(), 24);
    assert!(plan.stage.months.windows(2).all(|pair| pair[0].peak_rps < pair[1].peak_rps));
}

#[test]
fn the_bill_grows_with_the_stages_and_options_save() {
    let plan = plan(json!({"users.monthly": "50k", "stack.cloud": "aws"}));
    let stages: Vec<u8> = plan.cost.by_stage.iter().map(|row| row.stage).collect();
    assert_eq!(stages, [3, 4, 5]);
    let bill = plan.cost.monthly.unwrap().expected;
    assert!(!plan.cost.options.is_empty());
    assert!(plan.cost.options.iter().all(|option| option.saves > 0.0 && option.saves < bill));
    assert!(plan.cost.break_evens.len() >= 2);
}

#[test]
fn a_standby_answers_a_lost_zone_and_a_restore_answers_lost_data() {
    let plan = plan(json!({"targets.availability": "99.9%", "targets.rto": "30min", "data.size": "200GB"}));
    let row = plan.targets.iter().find(|target| target.name == "rto").unwrap();
    assert_eq!(row.met, Some(true), "{row:?}");
    assert!(plan.recovery.failover_ms.unwrap() < plan.recovery.restore_ms);
    let single = self::plan(json!({"targets.availability": "99%", "targets.rto": "30min", "data.size": "200GB"}));
    assert_eq!(single.recovery.failover_ms, None);
    assert_eq!(single.targets.iter().find(|target| target.name == "rto").unwrap().met, Some(false));
}

/// An outer call waits for all inner ones, and nobody gives up before the slowest answer that is promised.
#[test]
fn timeouts_of_the_path_fit_its_deadline() {
    let plan = build(&text("tests/data/full.req.yaml")).unwrap().plan;
    let path = &plan.latency.path;
    let budget: f64 = path.iter().map(|hop| hop.budget_ms).sum();
    assert!(budget <= plan.latency.target_p95_ms);
    assert!(path.iter().all(|hop| hop.timeout_ms >= hop.budget_ms && hop.timeout_ms > hop.p95_ms));
    let own = path.iter().position(|hop| hop.hop == "application").unwrap();
    assert!(path[..=own].is_sorted_by(|outer, inner| outer.timeout_ms > inner.timeout_ms));
    let waited: f64 = path[own + 1..].iter().map(|hop| hop.attempts * hop.timeout_ms).sum();
    assert!(path[own].timeout_ms > waited);
    assert!(number(&plan, "latency.deadline") >= path[0].timeout_ms);
}

#[test]
fn clients_wait_as_long_as_the_slowest_promised_answer_takes() {
    for (p95, p99) in [(300, 900), (500, 2000), (2000, 2500)] {
        let plan = plan(json!({"targets.p95": format!("{p95}ms"), "targets.p99": format!("{p99}ms")}));
        let deadline = number(&plan, "latency.deadline");
        assert!(deadline >= f64::from(p99), "{deadline} ms for p99 {p99} ms");
    }
}

/// A caller of a domain that asks somebody else's system waits for that system too.
#[test]
fn a_call_waits_for_the_system_behind_its_callee() {
    let plan = plan(json!({
        "team.developers": 24, "team.teams": 4, "users.monthly": "2M",
        "decisions": [{"topic": "pattern", "choose": "microservices", "because": "given"}],
        "domains": [{"name": "orders", "calls": [{"to": "payments", "latency": "40ms"}]}, {"name": "payments"}, {"name": "catalog"}],
        "integrations": [{"name": "Acquirer", "purpose": "payments", "mode": "sync", "latency": "220ms", "timeout": "1500ms", "retries": 1}],
    }));
    let path = &plan.latency.path;
    let call = path.iter().find(|hop| hop.call() == Some(("orders", "payments"))).unwrap();
    assert!(call.timeout_ms > 2.0 * 1500.0, "{}", call.timeout_ms);
    let own = path.iter().find(|hop| hop.hop == "application").unwrap();
    assert!(own.timeout_ms < 2.0 * call.timeout_ms, "the system is counted once");
}

#[test]
fn an_existing_system_is_answered() {
    let answer = |developers: u32, existing: Value, more: Value| {
        let mut given = json!({"team.developers": developers, "existing": existing, "users.monthly": "50k"});
        given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        plan(given).decision.pattern
    };
    let services = |pains: &[&str]| json!({"pattern": "microservices", "pains": pains});
    assert_eq!(answer(20, json!({"pattern": "microservices"}), json!({})), "microservices");
    assert_eq!(answer(20, services(&["chatty-services"]), json!({})), "modular-monolith");
    assert_eq!(answer(20, services(&["reliability"]), json!({})), "event-driven");
    assert_eq!(answer(6, json!({"pattern": "microservices"}), json!({})), "monolith");
    assert_eq!(answer(150, json!({"pattern": "monolith"}), json!({})), "microservices");
    assert_eq!(answer(150, json!({"pattern": "monolith"}), json!({"team.teams": 1})), "modular-monolith");
    assert_eq!(answer(150, json!({"summary": "none yet"}), json!({})), "modular-monolith", "unknown teams never split");
}

#[test]
fn formulas_name_numbers_that_exist() {
    let plan = build(&text("tests/data/full.req.yaml")).unwrap().plan;
    let mut failures = Vec::new();
    for (path, fact) in plan.values.iter() {
        let Origin::Derived { formula, .. } = &fact.origin else { continue };
        let words: Vec<&str> = formula.split(|c: char| c.is_whitespace() || "(),;:".contains(c)).collect();
        for pair in words.windows(2).filter(|pair| pair[0] == "number" && pair[1].contains(['.', '-'])) {
            if !catalogue().numbers.contains_key(pair[1]) {
                failures.push(format!("{path}: no number `{}`", pair[1]));
            }
        }
    }
    report("numbers in formulas", &failures);
}

#[test]
fn a_database_on_leased_metal_never_costs_less_for_more_load() {
    let cost = |peak: u32| -> f64 {
        let plan = plan(json!({"stack.cloud": "hetzner", "data.size": "1.5TB", "traffic.average": "21/s",
            "traffic.peak": format!("{peak}/s")}));
        let own = plan.cost.lines.iter().filter(|line| line.component == "Primary database");
        own.filter_map(|line| line.monthly).map(|monthly| monthly.expected).sum()
    };
    let costs = [63, 126, 252, 504, 1008, 2016].map(cost);
    assert!(costs.is_sorted() && costs[0] > 100.0, "{costs:?}");
}

#[test]
fn functions_are_chosen_only_where_they_are_sold_at_the_target() {
    let pattern = |availability: &str| {
        let given = json!({"traffic.peak": "72/s", "traffic.shape": "spiky", "team.developers": 4,
            "targets.availability": availability});
        plan(given).values.word("decision.pattern").unwrap().to_owned()
    };
    assert_eq!((pattern("99.9%").as_str(), pattern("99.95%").as_str()), ("serverless", "monolith"));
}

/// A disk gives what is bought: a leased flash disk more than a general one, and a striped volume what is paid for.
#[test]
fn disk_operations_are_judged_by_the_disk_that_is_bought() {
    let of = |cloud: &str, size: &str| {
        plan(json!({"users.monthly": 40_000, "traffic.peak": "4000/s", "traffic.reads": "10%", "data.size": size,
            "stack.cloud": cloud, "targets.availability": "99.9%"}))
    };
    let limit = |plan: &Plan| number(plan, "capacity.database.iops_limit");
    let paid = |plan: &Plan| -> f64 {
        let lines = plan.cost.lines.iter().filter(|line| line.item.starts_with("provisioned disk operations"));
        lines.filter_map(|line| line.monthly).map(|monthly| monthly.expected).sum()
    };
    let (volume, striped, local) = (of("aws", "20GB"), of("aws", "2TB"), of("hetzner", "150GB"));
    assert_eq!((limit(&volume), limit(&striped), limit(&local)), (3000.0, 64_000.0, 54_000.0));
    let found = local.stage.limits.iter().find(|limit| limit.what == "disk operations of the database").unwrap();
    let busiest = number(&local, "capacity.database.copy_iops");
    assert!((found.factor - 54_000.0 / busiest).abs() < 1e-6, "{}", found.factor);
    // 3,600 writes a second, four operations each: a copy makes all of them, however many copies there are.
    assert!((14_400.0..15_000.0).contains(&busiest), "{busiest}");
    // Planned to 70%, above the 12,000 that come with the volume, $0.02 each.
    let planned = catalogue().numbers["db.disk-utilisation"].expected;
    let copies = number(&striped, "capacity.database.copies");
    let wanted = (number(&striped, "capacity.database.copy_iops") / planned - 12_000.0) * copies * 0.02;
    assert!((paid(&striped) - wanted).abs() < 0.01 * wanted && wanted > 100.0, "{} {wanted}", paid(&striped));
    assert_eq!((paid(&volume), paid(&local)), (0.0, 0.0));
}

/// A region beside the first is paid for: the part of the other lines that its recovery tier keeps running, in each of them.
#[test]
fn further_regions_are_on_the_bill() {
    let of = |regions: &[&str]| {
        plan(json!({"users.monthly": 800_000, "team.developers": 12, "stack.regions": regions, "targets.rto": "30min"}))
    };
    let further = |plan: &Plan| {
        let asked = |line: &&archplan::engine::cost::Line| {
            ["capacity.egress.", "capacity.cdn.", "capacity.requests.", "capacity.logs.", "capacity.traces."]
                .iter()
                .any(|quantity| line.from.starts_with(quantity))
                || line.from == "capacity.files.requests_thousands"
        };
        let (own, other): (Vec<_>, Vec<_>) =
            plan.cost.lines.iter().filter(|line| !asked(line)).partition(|line| line.component == "Further regions");
        let sum = |lines: &[&archplan::engine::cost::Line]| -> f64 {
            lines.iter().filter_map(|line| line.monthly).map(|monthly| monthly.expected).sum()
        };
        sum(&own) / sum(&other)
    };
    let [one, two, three] =
        [&["eu-central-1"][..], &["eu-central-1", "eu-west-1"], &["eu-central-1", "eu-west-1", "eu-north-1"]].map(of);
    let tier = two.values.word("selection.recovery-tier").unwrap().to_owned();
    let share = catalogue().numbers[&format!("recovery.tier.{tier}.cost-factor")].expected - 1.0;
    assert!(share > 0.1 && further(&one).abs() < 1e-9, "{tier}: {share}, {}", further(&one));
    assert!((further(&two) - share).abs() < 1e-9, "{} of {share}", further(&two));
    assert!((further(&three) - 2.0 * share).abs() < 1e-9, "{} of twice {share}", further(&three));
}

/// A tier whose cost nobody knows makes the line unknown, never 0.
#[test]
fn further_regions_of_an_unknown_tier_are_unknown() {
    let mut catalogue = catalogue().clone();
    catalogue.numbers.retain(|id, _| !id.ends_with(".cost-factor"));
    let given =
        json!({"users.monthly": 800_000, "team.developers": 12, "stack.regions": ["eu-central-1", "eu-west-1"]});
    let reading = requirements::read("req.yaml", &requirements_of(given.as_object().unwrap()));
    let stated = reading.requirements.clone().unwrap();
    let facts = archplan::facts::given::given(&reading);
    let options = Options { re_runs: false, ..Options::default() };
    let plan = archplan::plan::build(&catalogue, &stated, facts, "req.yaml", &mut Ids::default(), &options);
    let unknown: Vec<&String> = plan.cost.unknown.iter().filter(|line| line.starts_with("Further regions")).collect();
    assert_eq!(unknown.len(), 1, "{:?}", plan.cost.unknown);
}

#[test]
fn a_backlog_takes_as_long_as_the_stated_runs() {
    let plan = plan(json!({
        "users.monthly": "40k", "traffic.peak": "20/s",
        "workloads": [{"name": "send", "kind": "event", "runs": "20k/day", "duration": "2s", "mode": "async"}],
    }));
    let (runs, consumers) = (20_000.0 / 86_400.0, number(&plan, "capacity.broker.consumers"));
    let seconds = 900.0 * runs * 2.0 / (consumers - runs * 2.0);
    let found = number(&plan, "capacity.broker.drain") / 1000.0;
    assert!((found / seconds - 1.0).abs() < 0.01, "{found} s instead of {seconds} s");
}

/// What nobody starts carries nothing: a fixed number of instances is the limit.
#[test]
fn the_limit_of_instances_is_what_the_plan_starts() {
    let plan = plan(json!({"users.monthly": "40k", "traffic.peak": "60/s", "stack.language": "python"}));
    let carried = number(&plan, "capacity.app.max_instances") * number(&plan, "capacity.app.rps_per_instance");
    let limit = plan.stage.limits.iter().find(|limit| limit.what == "application instances").unwrap();
    let factor = carried / number(&plan, "traffic.seasonal_rate");
    assert!((limit.factor / factor - 1.0).abs() < 1e-9, "{} instead of {factor}", limit.factor);
}

/// The throttle and the ceiling that the plan's own files set are the limits, not those of the provider's account.
#[test]
fn limits_of_functions_are_those_that_are_deployed() {
    let plan = build(&text("examples/salary-board/req.yaml")).unwrap().plan;
    let factor = |what: &str| plan.stage.limits.iter().find(|limit| limit.what == what).map(|limit| limit.factor);
    assert!(factor("requests of the API gateway").is_some_and(|factor| factor <= 2.1));
    assert!(factor("concurrent functions").is_some_and(|factor| factor <= 4.0));
    assert!((number(&plan, "capacity.database.pool_total") - number(&plan, "functions.reserved")).abs() < 1e-9);
}

/// What users ask for is served once, wherever: it is no part of what a standby region adds.
#[test]
fn a_standby_region_does_not_deliver_the_traffic_again() {
    let plan = build(&text("examples/marketplace-global/req.yaml")).unwrap().plan;
    let share = number(&plan, "recovery.region_share") * number(&plan, "recovery.further_regions");
    let monthly = |line: &&archplan::engine::cost::Line| line.monthly.map_or(0.0, |monthly| monthly.expected);
    let of = |keep: fn(&str) -> bool| plan.cost.lines.iter().filter(move |line| keep(&line.from));
    let regions: f64 = of(|from| from == "recovery.further_regions").map(|line| monthly(&line)).sum();
    let rest: f64 = of(|from| from != "recovery.further_regions").map(|line| monthly(&line)).sum();
    let delivered: f64 = of(|from| from.starts_with("capacity.cdn.")).map(|line| monthly(&line)).sum();
    assert!(
        delivered > 0.0 && regions <= (rest - delivered) * share * 1.001,
        "{regions} of {rest}, delivered {delivered}"
    );
}

/// A stated growth of files is on the bill of the months to come.
#[test]
fn what_is_stored_grows_on_the_bill() {
    let with = |growth: &str| {
        plan(json!({
            "users.monthly": "40k", "data.access": ["transactions", "files"], "data.files.size": "100TB",
            "data.files.growth": growth,
        }))
    };
    let [flat, grows] = ["0GB/month", "20TB/month"].map(|growth| with(growth).cost.tco.infrastructure.unwrap());
    assert!(grows > 1.5 * flat, "{grows} against {flat}");
}

/// Queries that entities declare reach the database, and a stated rate of an instance says what a request costs at most.
#[test]
fn stated_rates_are_carried() {
    let plan = build(&text("examples/uptime-monitor/req.yaml")).unwrap().plan;
    assert!(number(&plan, "capacity.database.reads") >= 4001.0);
    let vcpu = number(&plan, "traffic.peak") * number(&plan, "capacity.service_time") / 1000.0;
    assert!(vcpu < number(&plan, "capacity.app.instances") * number(&plan, "capacity.app.vcpu"), "{vcpu} vCPU");
}

/// Where sessions live in a store that all instances share, requests need it.
#[test]
fn a_store_of_sessions_counts_for_the_availability() {
    let plan = build(&text("examples/volunteer-shifts/req.yaml")).unwrap().plan;
    let store = plan.values.human("selection.cache.name");
    assert!(plan.availability.parts.iter().any(|part| part.name == store), "{store} is missing");
}

/// A domain carries what others ask of it, whatever its own peak is stated at.
#[test]
fn a_called_domain_has_instances_for_its_callers() {
    let instances = |per_request: u32| {
        let plan = plan(json!({
            "team.developers": 24, "team.teams": 4, "users.monthly": "2M", "traffic.peak": "3k/s",
            "traffic.requests_per_instance": "400/s",
            "decisions": [{"topic": "pattern", "choose": "microservices", "because": "given"}],
            "domains": [
                {"name": "playback", "peak": "2500/s", "calls": [{"to": "tracks", "per_request": per_request}]},
                {"name": "tracks", "peak": "500/s"},
            ],
        }));
        number(&plan, "domains[tracks].replicas")
    };
    assert!(instances(1) >= 2500.0 / 400.0 && instances(3) > 2.5 * instances(1), "{} {}", instances(1), instances(3));
}

/// More load means more instances of the size whose rate is stated, never fewer requests of larger ones.
#[test]
fn growth_keeps_the_stated_rate_of_an_instance() {
    let mut failures = Vec::new();
    for seed in 0..60 {
        let mut given = given(seed);
        given.insert("traffic.requests_per_instance".into(), json!(format!("{}/s", 40 + 37 * seed)));
        let plan = plan(Value::Object(given));
        let rate = number(&plan, "traffic.requests_per_instance");
        for growth in plan.stage.growth.iter().filter(|growth| growth.app_instances > 0.0) {
            if growth.app_instances * rate < growth.peak_rps * 0.999 {
                failures.push(format!("{seed}: {} of {rate}/s at {}/s", growth.app_instances, growth.peak_rps));
            }
        }
        let now = format!(" x {} vCPU", plan.values.human("capacity.app.vcpu"));
        for figure in &plan.diagrams {
            let sizes = figure.text.lines().filter(|line| line.contains(" vCPU") && line.contains(" x "));
            failures.extend(
                sizes
                    .filter(|line| !line.contains(&now))
                    .map(|line| format!("{seed}: {}: {line} beside{now}", figure.name)),
            );
        }
    }
    report("figures of growth that contradict the stated rate", &failures);
}
