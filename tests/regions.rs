//! Where a system runs: bill, files and findings speak of one region, and it lies where the data must stay.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

mod support;

use serde_json::{Value, json};
use support::{Built, build, catalogue, files, report, requirements_of, terraform, text};

const CLOUDS: [&str; 5] = ["aws", "gcp", "azure", "digitalocean", "hetzner"];

fn made(given: &Value) -> Built {
    let mut all = json!({"users.monthly": 400_000, "traffic.peak": "150/s", "stack.iac": "terraform", "targets.availability": "99.9%"});
    all.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
    build(&requirements_of(all.as_object().unwrap())).unwrap()
}

/// Regions of a provider that stand in its infrastructure code.
fn named(built: &Built, cloud: &str) -> Vec<String> {
    let code = terraform(built);
    let known = catalogue().regions.regions.iter().filter(|region| region.cloud == cloud);
    known.filter(|region| code.contains(&format!("\"{}\"", region.name))).map(|region| region.name.clone()).collect()
}

#[test]
fn what_is_built_stands_inside_the_residency_also_where_no_region_is_stated() {
    let eu = ["eu".to_owned()];
    for cloud in CLOUDS {
        let built = made(&json!({"stack.cloud": cloud, "residency": ["eu"]}));
        let (taken, there) = (built.plan.values.words("stack.regions").to_vec(), named(&built, cloud));
        assert!(!there.is_empty() && there.contains(&taken[0]), "{cloud}: {taken:?} taken, {there:?} built");
        for region in there {
            assert!(!catalogue().regions.outside(&region, &eu), "{cloud} builds in {region}");
        }
        assert!(
            built.plan.assumptions.iter().any(|row| row.path == "stack.regions" && row.value == taken[0]),
            "{cloud}"
        );
    }
    let german = made(&json!({"stack.cloud": "hetzner", "residency": ["de"]}));
    assert_eq!(named(&german, "hetzner"), ["fsn1", "nbg1"]);
}

#[test]
fn machines_of_single_sites_stand_in_the_stated_one_first_and_in_its_network() {
    let finnish = made(&json!({"stack.cloud": "hetzner", "stack.regions": ["hel1"]}));
    assert!(terraform(&finnish).contains("locations = [\"hel1\", \"fsn1\", \"nbg1\"]"));
    let american = made(&json!({"stack.cloud": "hetzner", "stack.regions": ["ash"]}));
    let code = terraform(&american);
    assert!(code.contains("locations = [\"ash\"]") && code.contains("network_zone = \"us-east\""), "{code}");
    assert!(american.plan.findings.iter().any(|finding| finding.rule == "A075"));
}

/// The Terraform and the bill once had two defaults, and neither asked where the data must stay.
#[test]
fn the_bill_is_that_of_the_region_that_is_built() {
    for cloud in CLOUDS {
        for residency in [json!([]), json!(["eu"])] {
            let silent = made(&json!({"stack.cloud": cloud, "residency": residency}));
            let region = silent.plan.values.words("stack.regions").to_vec();
            let stated = made(&json!({"stack.cloud": cloud, "residency": residency, "stack.regions": region}));
            let monthly = |built: &Built| built.plan.values.number("cost.monthly");
            assert_eq!(monthly(&silent), monthly(&stated), "{cloud} {residency}");
            assert_eq!(terraform(&silent), terraform(&stated), "{cloud} {residency}");
        }
    }
    let empty = made(&json!({"stack.cloud": "gcp", "stack.regions": []}));
    assert_eq!(empty.plan.values.words("stack.regions"), ["us-central1"]);
}

#[test]
fn regions_of_price_books_have_a_country() {
    let of = |provider: &str| catalogue().prices.get(provider).unwrap();
    let mut failures = Vec::new();
    for cloud in CLOUDS {
        let names = of(cloud).region_factors.keys().filter(|name| *name != "eu-central");
        failures.extend(
            names.filter(|name| catalogue().regions.of(cloud, name).is_none()).map(|name| format!("{cloud} {name}")),
        );
    }
    report("regions with prices and without a country", &failures);
}

/// A default beside the one of the catalogue would win where it should not.
#[test]
fn no_template_names_a_region() {
    let mut failures = Vec::new();
    for file in files("templates", ".j2") {
        let source = text(&file);
        let found =
            catalogue().regions.regions.iter().filter(|region| region.name.len() > 4 || region.cloud == "hetzner");
        failures.extend(
            found
                .filter(|region| source.contains(&format!("\"{}\"", region.name)))
                .map(|region| format!("{file}: {}", region.name)),
        );
    }
    report("regions in templates", &failures);
}
