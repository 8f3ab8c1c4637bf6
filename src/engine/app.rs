//! The app tier: service time, instances, size class, concurrency, functions against always-on.

use super::Numbers;
use super::data::range;
use super::formulas::{bearable, in_flight, in_series, vcpu, with_spare};
use super::inputs::Calendar;
use crate::catalogue::{Catalogue, Size, Technology};
use crate::facts::{Facts, ItemPath};
use crate::quantity::Range;
use crate::requirements::{Domain, Requirements};

/// Hours that providers bill for a month.
pub(super) const HOURS: f64 = 730.0;

/// CPU time of a request: as measured, else by the language's class.
pub(super) fn service_time(facts: &mut Facts, catalogue: &Catalogue, numbers: &Numbers) {
    facts.derive("hours.month", HOURS, "billed hours of a month", &[]);
    facts.derive("months.one", 1.0, "one month", &[]);
    let (time, formula, inputs): (Range, String, &[&str]) = match facts.range("traffic.service_time") {
        Some(measured) => (measured, "as measured".into(), &["traffic.service_time"]),
        None => {
            let language = facts.word("selection.language").and_then(|id| catalogue.technology("language", id));
            let framework = facts.word("selection.framework").and_then(|id| catalogue.technology("framework", id));
            let of = |entry: Option<&'_ Technology>| {
                entry.and_then(|entry| entry.attributes.get("cpu")).and_then(|value| value.as_str()).map(String::from)
            };
            let class = of(framework).or_else(|| of(language)).unwrap_or_else(|| "cpu-ms.jit".into());
            if language_known(facts, language) {
                let inputs: &[&str] = &["selection.language", "selection.framework"];
                (numbers.get(&class), format!("number {class}, by framework or language"), inputs)
            } else {
                // A language that nobody stated is a proposal: it does not narrow what a request costs.
                (
                    numbers.get("cpu-ms.unstated"),
                    "number cpu-ms.unstated: no language is stated".into(),
                    &["stack.language"],
                )
            }
        }
    };
    facts.derive("capacity.service_time", time, formula, inputs);
    let flight = range(facts, "traffic.peak").zip(range(facts, "targets.p95"), |rate, ms| in_flight(rate, ms / 1000.0));
    facts.derive(
        "capacity.app.concurrency",
        flight,
        "traffic.peak x targets.p95 (Little's law)",
        &["traffic.peak", "targets.p95"],
    );
    let monthly = range(facts, "traffic.average").scaled(Calendar::of(facts).month);
    facts.derive("functions.invocations", monthly, "traffic.average x seconds per month", &["traffic.average"]);
    facts.derive(
        "capacity.requests.monthly_millions",
        monthly.scaled(1e-6),
        "traffic.average x seconds per month / 1,000,000",
        &["traffic.average"],
    );
    facts.derive(
        "functions.cold_start",
        numbers.get("functions.cold-start-p99").scaled(1000.0),
        "number functions.cold-start-p99",
        &[],
    );
    facts.derive(
        "functions.availability",
        in_series(["availability.functions", "availability.api-gateway"].iter().map(|id| numbers.get(id).expected)),
        "number availability.functions x number availability.api-gateway, in series",
        &[],
    );
}

/// Stated, known to the team or running today.
fn language_known(facts: &Facts, language: Option<&Technology>) -> bool {
    let named = |path: &str| language.is_some_and(|language| super::select::named(language, facts.words(path)));
    let runs = language.is_some_and(|language| facts.word("existing.language") == Some(language.id.as_str()));
    facts.is_stated("stack.language") || facts.is_stated("stack.framework") || named("team.knows") || runs
}

/// The smallest class of the provider that the load fits.
fn class<'c>(facts: &Facts, catalogue: &'c Catalogue, vcpu_needed: f64, connections: f64) -> Option<&'c Size> {
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    let sold = |size: &&Size| size.clouds.is_empty() || size.clouds.iter().any(|other| other == cloud);
    let fits = |size: &&Size| vcpu_needed <= size.up_to_vcpu && connections <= size.up_to_connections;
    if let Some(measured) = facts.word("capacity.app.measured_class") {
        return catalogue.sizes.iter().find(|size| size.id == measured);
    }
    catalogue.sizes.iter().filter(sold).find(fits).or(catalogue.sizes.last())
}

/// Zones of the app tier: three as soon as two instances are needed, since the spare is then half of the need instead of all of it.
fn app_zones(needed: f64, zones: f64) -> f64 {
    if zones >= 2.0 && needed > 1.0 { zones.max(3.0) } else { zones }
}

/// Whole instances with their spare over so many zones.
pub(super) fn spare(needed: f64, zones: f64) -> f64 {
    with_spare(needed, app_zones(needed, zones))
}

/// Instances with their spare. While nobody states an availability, the low end goes without the spare copy; an estimate is never
/// wider than ten times, since it would say nothing.
fn spread(facts: &Facts, needed: Range, zones: f64) -> Range {
    let with = needed.map(|need| spare(need, zones));
    if facts.is_stated("targets.availability") || facts.is_stated("traffic.requests_per_instance") {
        return with;
    }
    let bare = (needed.low - 1e-9).ceil().max(1.0).max((with.high / 10.0).ceil());
    Range { low: bare.min(with.expected), ..with }
}

/// Instances, size class and hours, and the same per domain.
pub(super) fn instances(facts: &mut Facts, catalogue: &Catalogue, requirements: &Requirements, numbers: &Numbers) {
    let utilisation = numbers.get("cpu.target-utilisation").expected;
    let time = range(facts, "capacity.service_time");
    let connections = facts.number("traffic.long_lived_connections").unwrap_or(0.0);
    let held = (connections / numbers.get("conn.per-node").expected).ceil();
    let least = facts.number("capacity.zones").unwrap_or(1.0).min(2.0);
    facts.derive(
        "capacity.connections.nodes",
        if held > 0.0 { held.max(least) } else { held },
        "traffic.long_lived_connections / number conn.per-node, two at least over several zones",
        &["traffic.long_lived_connections", "capacity.zones"],
    );
    let peak = range(facts, "traffic.peak");
    let needed = peak.zip(time, |rate, ms| vcpu(rate, ms / 1000.0, utilisation));
    let Some(class) = class(facts, catalogue, needed.expected, connections) else { return };
    let per_instance = match facts.range("traffic.requests_per_instance") {
        Some(measured) => measured,
        None => time.map(|ms| bearable(class.sustained_vcpu, ms / 1000.0, utilisation)),
    };
    let per_instance = Range {
        low: per_instance.low.min(per_instance.high),
        expected: per_instance.expected,
        high: per_instance.high.max(per_instance.low),
    };
    facts.derive(
        "capacity.app.class",
        class.id.as_str(),
        "by the vCPU that the peak needs",
        &["traffic.peak", "capacity.service_time"],
    );
    facts.derive("capacity.app.vcpu", class.vcpu, "size class", &["capacity.app.class"]);
    facts.derive("capacity.app.memory", class.memory_gb * 1e9, "size class", &["capacity.app.class"]);
    let formula = "vCPU x number cpu.target-utilisation / service time, or as measured";
    facts.derive(
        "capacity.app.rps_per_instance",
        per_instance,
        formula,
        &["capacity.service_time", "traffic.requests_per_instance"],
    );
    stated_rate(facts, class, per_instance, utilisation);
    count(facts, requirements, per_instance, held);
    utilise(facts, per_instance, utilisation);
    let zones = facts.number("capacity.zones").unwrap_or(1.0);
    let season = range(facts, "traffic.seasonal_rate").against(per_instance, |rate, each| rate / each);
    let season = spread(facts, season.at_least(held), zones);
    let most = season.zip(range(facts, "capacity.app.instances"), f64::max);
    facts.derive(
        "capacity.app.max_instances",
        most,
        "the same at traffic.seasonal_rate; the spare for a lost zone is what growth has while no zone is lost",
        &["traffic.seasonal_rate", "capacity.app.rps_per_instance"],
    );
    measured(facts);
    hours(facts, class, numbers);
}

fn count(facts: &mut Facts, requirements: &Requirements, per_instance: Range, held: f64) {
    let peak = range(facts, "traffic.peak");
    let zones = facts.number("capacity.zones").unwrap_or(1.0);
    let pattern = facts.word("decision.pattern").unwrap_or("monolith").to_string();
    let split = facts.number("decision.deployables").unwrap_or(1.0) > 1.0 && !requirements.domains.is_empty();
    let needed = |rate: Range| rate.against(per_instance, |rate, each| rate / each);
    let mut total = Range::exactly(0.0);
    for domain in &requirements.domains {
        let path = ItemPath::new("domains", &domain.name);
        let rate = load(facts, requirements, domain);
        let own = spread(facts, needed(rate), zones);
        total = total.plus(own);
        if split {
            put_domain(facts, path, own, per_instance, zones);
        }
    }
    let whole = spread(facts, needed(peak).at_least(held), zones);
    let need = needed(peak).expected.max(held);
    facts.derive(
        "capacity.app.zones",
        app_zones(need, zones),
        "3 as soon as two instances are needed over several zones, else capacity.zones",
        &["capacity.zones", "capacity.app.rps_per_instance"],
    );
    let (instances, formula) = match pattern.as_str() {
        "serverless" => (Range::exactly(0.0), "functions instead of instances"),
        _ if split => {
            (total, "sum over domains of load / requests per instance, rounded up, with spare for a lost zone")
        }
        _ => (whole, "traffic.peak / requests per instance, rounded up, with spare for a lost zone"),
    };
    facts.derive(
        "capacity.app.instances",
        instances,
        formula,
        &["traffic.peak", "capacity.app.rps_per_instance", "capacity.zones", "decision.pattern"],
    );
    if !split {
        for domain in &requirements.domains {
            put_domain(facts, ItemPath::new("domains", &domain.name), instances, per_instance, zones);
        }
    }
}

/// Requests of a domain at peak: never fewer than the domains that wait for it send.
fn load(facts: &mut Facts, requirements: &Requirements, domain: &Domain) -> Range {
    let peak = |name: &str| facts.number(ItemPath::new("domains", name).key("peak")).unwrap_or(0.0);
    let callers = requirements.domains.iter().flat_map(|caller| caller.calls.iter().map(move |call| (caller, call)));
    let called: f64 = callers
        .filter(|(_, call)| call.to == domain.name)
        .map(|(caller, call)| peak(&caller.name) * call.per_request.unwrap_or(1.0))
        .sum();
    let mut path = ItemPath::new("domains", &domain.name);
    let rate = range(facts, path.key("peak")).at_least(called);
    let [stated] = path.keys(["peak"]);
    facts.derive(path.key("load"), rate, "peak, at least what other domains call at their peak", &[stated.as_str()]);
    rate
}

/// A stated rate of one instance bounds the CPU time of a request that nobody measured: more would not fit its vCPU.
fn stated_rate(facts: &mut Facts, class: &Size, per_instance: Range, utilisation: f64) {
    if facts.range("traffic.requests_per_instance").is_none() || facts.range("traffic.service_time").is_some() {
        return;
    }
    let most = class.sustained_vcpu * utilisation * 1000.0 / per_instance.expected.max(1e-9);
    let estimated = range(facts, "capacity.service_time");
    if estimated.expected > most {
        facts.derive(
            "capacity.service_time",
            most,
            "vCPU x number cpu.target-utilisation / requests of an instance as stated",
            &["traffic.requests_per_instance", "capacity.app.class"],
        );
    }
}

/// vCPU that the stated rate of one instance keeps busy at the stated CPU time.
fn measured(facts: &mut Facts) {
    if let (Some(rate), Some(ms)) =
        (facts.number("traffic.requests_per_instance"), facts.number("traffic.service_time"))
    {
        let busy = vcpu(rate, ms / 1000.0, 1.0);
        let inputs = ["traffic.requests_per_instance", "traffic.service_time"];
        facts.derive("capacity.app.measured_vcpu", busy, "requests per instance x CPU time of a request", &inputs);
    }
}

/// Utilisation at peak: the planned one, less the spare.
fn utilise(facts: &mut Facts, per_instance: Range, planned: f64) {
    let instances = facts.number("capacity.app.instances").unwrap_or(0.0);
    if instances > 0.0 {
        let used = facts.number("traffic.peak").unwrap_or(0.0) / (instances * per_instance.expected);
        let formula = "number cpu.target-utilisation x traffic.peak / (instances x requests per instance)";
        facts.derive(
            "capacity.app.utilisation",
            (used * planned).min(1.0),
            formula,
            &["traffic.peak", "capacity.app.instances"],
        );
    }
}

fn put_domain(facts: &mut Facts, mut path: ItemPath, instances: Range, per_instance: Range, zones: f64) {
    let [load] = path.keys(["load"]);
    let inputs = [load.as_str(), "capacity.app.rps_per_instance"];
    facts.derive(path.key("instances"), instances.expected, "load / requests per instance, with spare", &inputs);
    facts.derive(path.key("replicas"), instances.expected, "load / requests per instance, with spare", &inputs);
    let zones = app_zones(instances.expected - 1.0, zones);
    let bearing = if zones >= 2.0 {
        (instances.expected * (zones - 1.0) / zones).floor().max(1.0)
    } else {
        instances.expected.max(1.0)
    };
    facts.derive(
        path.key("next_step_rate"),
        bearing * per_instance.expected,
        "instances that may carry load x requests per instance",
        &inputs,
    );
}

fn hours(facts: &mut Facts, class: &Size, numbers: &Numbers) {
    let hours = range(facts, "capacity.app.instances").scaled(HOURS);
    let inputs = ["capacity.app.instances"];
    facts.derive("capacity.app.instance_hours", hours, "instances x 730 h", &inputs);
    facts.derive("capacity.app.vcpu_hours", hours.scaled(class.vcpu), "instances x vCPU x 730 h", &inputs);
    let per_server = numbers.get("server.vcpu").expected;
    let servers = range(facts, "capacity.app.instances").map(|instances| {
        (instances * class.vcpu / per_server).ceil().max(instances.min(facts.number("capacity.zones").unwrap_or(1.0)))
    });
    let formula = "instances x vCPU / number server.vcpu, rounded up, one in each zone at least, x 730 h";
    facts.derive("capacity.app.server_hours", servers.scaled(HOURS), formula, &inputs);
    facts.derive("capacity.app.gb_hours", hours.scaled(class.memory_gb), "instances x GB x 730 h", &inputs);
    facts.derive(
        "capacity.app.vcpu_seconds",
        hours.scaled(class.vcpu * 3600.0),
        "instances x vCPU x 730 h x 3,600 s",
        &inputs,
    );
    facts.derive(
        "capacity.app.gb_seconds",
        hours.scaled(class.memory_gb * 3600.0),
        "instances x GB x 730 h x 3,600 s",
        &inputs,
    );
}

/// The whole request load as functions against the smallest always-on instances, at list prices.
pub(super) fn economics(facts: &mut Facts, catalogue: &Catalogue, numbers: &Numbers) {
    let cloud = facts.word("stack.cloud").unwrap_or("aws").to_string();
    let regions = facts.words("stack.regions").to_vec();
    let Some(book) = catalogue.prices.get(&cloud) else { return };
    let eur = numbers.get("usd_per_eur").expected;
    let cost = |role: &str, quantity: f64| {
        book.quote(role, &regions, eur).map(|quote| quote.row.cost(quantity) * quote.factor.expected)
    };
    let millions = facts.number("capacity.requests.monthly_millions").unwrap_or(0.0);
    let memory_gb = numbers.get("functions.default-memory").expected / 1024.0;
    // A function is billed while it waits for data.
    let seconds = facts.number("capacity.service_time").unwrap_or(8.0)
        * numbers.get("functions.duration-overhead").expected
        / 1000.0;
    let gateway = cost("api-gateway-requests", millions).unwrap_or(0.0);
    if let (Some(requests), Some(compute)) =
        (cost("functions-requests", millions), cost("functions-gb-seconds", millions * 1e6 * memory_gb * seconds))
    {
        let total = requests + compute + gateway;
        facts.derive(
            "functions.monthly_cost",
            total,
            "requests x service time x number functions.duration-overhead x number functions.default-memory at list price, with the gateway",
            &["functions.invocations", "capacity.service_time"],
        );
    }
    let utilisation = numbers.get("cpu.target-utilisation").expected;
    let time = facts.number("capacity.service_time").unwrap_or(8.0);
    let average = facts.number("traffic.average").unwrap_or(0.0);
    let peak = facts.number("traffic.peak").unwrap_or(0.0);
    // Autoscaling follows the load, but two instances stand ready and half of the peak is kept warm.
    let vcpu =
        (average.max(peak * 0.5) * time / 1000.0 / utilisation).max(4.0 * numbers.get("cpu.burst-vcpu").expected);
    let small = cost("vm-2c4g", HOURS).or_else(|| cost("vm-2c8g", HOURS));
    if let Some(small) = small {
        let machines = (vcpu / 2.0).ceil();
        let balance = cost("lb-hour", HOURS).unwrap_or(0.0);
        let least = facts.number("targets.availability").unwrap_or(0.999) >= 0.999;
        let single = machines.max(if least && facts.is_stated("targets.availability") { 2.0 } else { 1.0 });
        facts.derive(
            "always_on.single_cost",
            single * small + if single > 1.0 { balance } else { 0.0 },
            "machines for half of the peak, one at least (two and a load balancer from a stated 99.9%), at list price",
            &["traffic.peak", "traffic.average", "capacity.service_time", "targets.availability"],
        );
        let total = machines.max(2.0) * small + balance;
        facts.derive(
            "always_on.monthly_cost",
            total,
            "instances for half of the peak at number cpu.target-utilisation, at least two, and a load balancer at list price",
            &["traffic.peak", "traffic.average", "capacity.service_time"],
        );
    }
}
