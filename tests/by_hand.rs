//! What the bill has is made by the embedded infrastructure, or the plan names it as work by hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use archplan::catalogue::Offer;
use serde_json::{Map, Value, json};
use support::generate::{Rng, given};
use support::{Built, build, catalogue, each, report, requirements_of, terraform};

const CLOUDS: [&str; 5] = ["aws", "azure", "digitalocean", "gcp", "hetzner"];

/// A system large enough for every choice, built with Terraform.
fn system(cloud: &str) -> Map<String, Value> {
    let given = json!({
        "project.name": "Parcels", "team.developers": 14, "team.operations": "dedicated", "users.monthly": "400k",
        "stack.cloud": cloud, "stack.iac": "terraform", "traffic.peak": "3k/s", "traffic.reads": "50%",
        "data.access": ["transactions", "search", "reporting", "files"],
        "entities": [{"name": "Parcel", "rows": "90M", "fields": [{"name": "body", "type": "text"}]}],
        "domains": [
            {"name": "orders", "team": "a", "publishes": ["OrderPlaced"]},
            {"name": "mail", "team": "a", "consumes": ["OrderPlaced"]},
            {"name": "reports", "team": "b", "consumes": ["OrderPlaced"]},
        ],
    });
    given.as_object().unwrap().clone()
}

/// Every offer that somebody sells, chosen by people.
fn settled() -> Vec<(String, Map<String, Value>)> {
    let mut out = Vec::new();
    for (topic, technology) in
        catalogue().technologies.iter().flat_map(|(topic, all)| all.iter().map(move |t| (topic, t)))
    {
        for cloud in CLOUDS.iter().filter(|cloud| technology.offers.contains_key(**cloud)) {
            let mut given = system(cloud);
            let choice = json!([{"topic": topic, "choose": technology.id, "because": "tested", "by": "tests", "date": "2026-01-01"}]);
            given.insert("decisions".into(), choice);
            out.push((format!("{cloud} {topic} {}", technology.id), given));
        }
    }
    out
}

fn random(seed: u64) -> (String, Map<String, Value>) {
    let mut given = given(seed);
    given.insert("stack.cloud".into(), json!(*Rng::new(seed).pick(&CLOUDS)));
    given.insert("stack.iac".into(), json!("terraform"));
    (format!("seed {seed}"), given)
}

/// Whether a resource is made: `type.name`, or any of a `type`.
fn makes(terraform: &str, address: &str) -> bool {
    match address.split_once('.') {
        Some((kind, name)) => terraform.contains(&format!("resource \"{kind}\" \"{name}\"")),
        None => terraform.contains(&format!("resource \"{address}\" ")),
    }
}

/// Roles of the price books that are things of their own, whatever offer they are paid with: each of their lines says who makes it.
const OF_THEIR_OWN: [&str; 7] =
    ["nat-hour", "ipv4", "dns-zone", "waf-month", "network-connector", "kms-key", "api-gateway-requests"];

/// Parts of a paid offer that neither a file makes nor the plan names, and those that are both.
fn parts(built: &Built, topic: &str, offer: &Offer, terraform: &str, said: &str) -> Vec<String> {
    let mut out = Vec::new();
    let lines: Vec<&str> =
        built.plan.cost.lines.iter().filter(|line| line.component == topic).map(|line| line.item.as_str()).collect();
    for part in
        offer.pricing.iter().filter(|part| lines.iter().any(|line| line.split(" (").next() == Some(part.item.as_str())))
    {
        let made = part.made_by.as_ref().is_some_and(|all| all.iter().any(|address| makes(terraform, address)));
        match part.by_hand.as_deref() {
            Some(name) if made == said.contains(name) => {
                out.push(format!(
                    "{topic}: {name} is {}",
                    if made { "made and named" } else { "neither made nor named" }
                ));
            }
            None if part.made_by.is_some() && !made => out.push(format!("{topic}: nothing makes {}", part.item)),
            _ => {}
        }
    }
    out
}

/// What of the bill neither a file makes nor the plan names.
fn unsaid(built: &Built, cloud: &str) -> Vec<String> {
    let terraform = terraform(built);
    let Some(task) = built.plan.tasks.iter().find(|task| task.key == "code.delivery.infrastructure") else {
        // Another tool builds it.
        return Vec::new();
    };
    let said = task.fields.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
    let mut out = Vec::new();
    for topic in &catalogue().topics {
        let choice = built
            .plan
            .selections
            .iter()
            .find(|selection| selection.topic == topic.id)
            .and_then(|s| s.choice.as_deref());
        let Some(technology) = choice.and_then(|choice| catalogue().technology(&topic.id, choice)) else { continue };
        let Some(offer) = technology.offers.get(cloud).or_else(|| technology.offers.get("any")) else { continue };
        if !built.plan.cost.lines.iter().any(|line| line.component == topic.name) {
            continue;
        }
        let own = format!("    \"{}\"", topic.id);
        let made = match offer.made_by.as_ref() {
            Some(addresses) => addresses.is_empty() || addresses.iter().any(|address| makes(&terraform, address)),
            None => {
                topic.own_machines && terraform.lines().any(|line| line.starts_with(&own) && line.contains("{ type = "))
            }
        };
        out.extend(parts(built, &topic.name, offer, &terraform, &said));
        let name = offer.name.split(',').next().unwrap();
        if made == said.contains(name) {
            out.push(format!(
                "{}: {name} is {}",
                topic.id,
                if made { "made and named as work by hand" } else { "neither made nor named" }
            ));
        }
    }
    out
}

#[test]
fn what_is_paid_for_is_made_or_named() {
    let mut cases = settled();
    cases.extend((0..40).map(random));
    let failures = each(&cases, |(name, given)| {
        let built = build(&requirements_of(given)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let cloud = given["stack.cloud"].as_str().unwrap();
        unsaid(&built, cloud).into_iter().map(|what| format!("{name}: {what}")).collect()
    });
    report("neither made nor named", &failures);
}

/// A line for a thing of its own says who makes it.
#[test]
fn things_of_their_own_have_a_maker() {
    let mut silent = Vec::new();
    for (topic, technology) in
        catalogue().technologies.iter().flat_map(|(topic, all)| all.iter().map(move |t| (topic, t)))
    {
        for (cloud, offer) in technology.offers.iter().filter(|(cloud, _)| *cloud != "on-premises") {
            // What comes with an offer that a resource makes needs none of its own.
            let own = offer.pricing.iter().filter(|part| OF_THEIR_OWN.contains(&part.role.as_str()));
            let whole = ["load-balancer", "api-gateway"].contains(&topic.as_str());
            let without = own.filter(|part| {
                part.made_by.is_none() && part.by_hand.is_none() && (!whole || part.role == "waf-month")
            });
            silent.extend(without.map(|part| format!("{cloud} {topic} {}: {}", technology.id, part.item)));
        }
    }
    report("lines without a maker", &silent);
}
