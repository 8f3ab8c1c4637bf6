//! Behaviour of reading.

use super::*;
use crate::quantity::{Kind, Value};

const REFERENCE: &str = include_str!("../../tests/data/reference.req.yaml");
const MINIMAL: &str = include_str!("../../tests/data/minimal.req.yaml");

fn rules(text: &str) -> Vec<String> {
    let reading = read("req.yaml", text);
    reading.diagnostics.into_iter().map(|finding| finding.rule.name).collect()
}

#[test]
fn the_contract_is_accepted_without_findings() {
    for text in [REFERENCE, MINIMAL] {
        let reading = read("req.yaml", text);
        assert_eq!(reading.diagnostics, []);
        assert!(reading.requirements.is_some());
    }
}

#[test]
fn stated_leaves_have_paths_values_and_places() {
    let reading = read("req.yaml", REFERENCE);
    for (path, key, kind) in [
        ("domains[catalog].peak", "domains[].peak", Kind::Rate),
        ("features[F1].need", "features[].need", Kind::Text),
        ("domains[catalog].calls[pricing].latency", "domains[].calls[].latency", Kind::Duration),
        ("entities[Order].fields[total].type", "entities[].fields[].type", Kind::Text),
        ("entities[Order].queries[0].rate", "entities[].queries[].rate", Kind::Rate),
        ("decisions[database].choose", "decisions[].choose", Kind::Text),
        ("api.endpoints[0].path", "api.endpoints[].path", Kind::Text),
        ("waivers[0].until", "waivers[].until", Kind::Date),
        ("compliance", "compliance", Kind::Words),
    ] {
        let leaf = reading.stated.iter().find(|leaf| *leaf.path == *path).unwrap_or_else(|| panic!("{path}"));
        assert_eq!((leaf.key, leaf.kind), (key, kind));
    }
    let monthly = reading.stated.iter().find(|leaf| &*leaf.path == "users.monthly").unwrap();
    assert!(matches!(monthly.value, Value::Range(range) if range.expected == 80_000.0));
    assert_eq!(REFERENCE.get(monthly.span.start..monthly.span.end).unwrap(), "{low: 60k, expected: 80k, high: 200k}");
}

#[test]
fn every_key_has_a_doc_and_every_error_is_told_at_once() {
    let keys = keys();
    assert!(keys.len() > 140, "{}", keys.len());
    let bare: Vec<_> = keys.iter().filter(|key| key.doc.len() < 6).collect();
    assert!(bare.is_empty(), "{bare:?}");
    let text = "archplan: 1\nproject: {name: A, knd: scaling}\nteam: {developers: four}\nusers: {monthly: 4k}\n\
                traffic: {average: 90, shape: dayly}\nworkloads: [{name: w, domain: nowhere}]\n";
    let expected = ["unknown-key", "bad-quantity", "bad-quantity", "unknown-value", "dangling-reference"];
    assert_eq!(rules(text), expected);
}

#[test]
fn contradictions_name_the_other_place() {
    let text = format!("{MINIMAL}targets: {{p95: 900ms, p99: 500ms}}\ntraffic: {{average: 9/s, peak: 4/s}}\n");
    let reading = read("req.yaml", &text);
    let names: Vec<&str> = reading.diagnostics.iter().map(|finding| finding.rule.name.as_str()).collect();
    assert_eq!(names, ["percentile-order", "peak-below-average"]);
    assert!(reading.diagnostics.iter().all(|finding| finding.labels.len() == 1 && finding.facts.len() == 2));
}

#[test]
fn edits_are_checked_like_the_file_and_keep_their_own_place() {
    let set = |path: &str, value: &str| read_with("req.yaml", REFERENCE, &[(path.to_owned(), value.to_owned())]);
    let reading = set("domains[catalog].peak", "700/s");
    let leaf = reading.stated.iter().find(|leaf| &*leaf.path == "domains[catalog].peak").unwrap();
    assert_eq!((leaf.span.source, &leaf.value), (1, &Value::Number(700.0)));
    assert!(set("budget", "null").requirements.unwrap().budget.monthly.is_none());
    assert_eq!(set("traffic.peak", "4").diagnostics[0].file, "--set traffic.peak");
    assert_eq!(set("domains[catalgo].peak", "4/s").diagnostics[0].rule.name, "unknown-path");
    assert_eq!(set("trafic.peak", "4/s").diagnostics[0].rule.name, "unknown-key");
}

#[test]
fn no_mutation_of_the_reference_panics() {
    // A small generator of its own: the same cases in every run.
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let pieces: Vec<char> = "[]{}:,-#&*!|>'\"%@`~ \n\t0%/sk\u{e9}".chars().collect();
    let chars: Vec<char> = REFERENCE.chars().collect();
    for _ in 0..150 {
        let mut text = chars.clone();
        for _ in 0..=next(3) {
            let at = next(text.len());
            match next(3) {
                0 => text[at] = pieces[next(pieces.len())],
                1 => text.insert(at, pieces[next(pieces.len())]),
                _ => drop(text.drain(at..(at + next(40)).min(text.len()))),
            }
        }
        let text: String = text.into_iter().collect();
        let reading = read("req.yaml", &text);
        assert_eq!(reading.requirements.is_none(), reading.has_errors());
        assert!(reading.diagnostics.iter().all(|finding| finding.span.end <= text.len()));
    }
}

#[test]
fn schema_json_is_that_of_the_types() {
    let fresh = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/requirements/schema.json"), &fresh).unwrap();
    }
    assert!(include_str!("schema.json") == fresh, "write it with UPDATE=1, then build again");
}
