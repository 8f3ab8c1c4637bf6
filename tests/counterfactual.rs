//! Counterfactuals: flips come true, shares are what whole runs count, and a re-run costs a fraction of a run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::time::Instant;

use archplan::engine::{self, counterfactual::Flip};
use archplan::facts::given::given;
use archplan::facts::registry;
use archplan::plan::{self, Ids, Plan};
use archplan::quantity::exact;
use archplan::requirements::{self, Reading};
use serde_json::Value;
use support::{embedded, report, text};

fn reading(file: &str, sets: &[(String, String)]) -> Reading {
    requirements::read_with("req.yaml", &text(file), sets)
}

fn build(reading: &Reading) -> Option<Plan> {
    let requirements = reading.requirements.as_ref()?;
    let options = plan::Options::default();
    Some(plan::build(embedded(), requirements, given(reading), "req.yaml", &mut Ids::default(), &options))
}

/// The plan of a text.
fn stated(text: &str) -> Plan {
    build(&requirements::read("req.yaml", text)).unwrap()
}

fn examples() -> Vec<String> {
    support::files("examples", "req.yaml")
}

/// A value of the plan data as a person writes it behind `--set path=`.
fn written(path: &str, value: &Value) -> String {
    match value {
        Value::Number(number) => exact(registry::kind_of(path).unwrap(), number.as_f64().unwrap()),
        Value::Object(range) => {
            let part = |name: &str| format!("{name}: {}", written(path, &range[name]));
            format!("{{{}, {}, {}}}", part("low"), part("expected"), part("high"))
        }
        other => other.to_string(),
    }
}

fn sets(flip: &Flip) -> Vec<(String, String)> {
    flip.change.iter().map(|change| (change.path.clone(), written(&change.path, &change.to))).collect()
}

fn answer(plan: &Plan, topic: Option<&str>) -> Option<String> {
    match topic {
        None => Some(plan.decision.pattern.clone()),
        Some(topic) => plan.selections.iter().find(|selection| selection.topic == topic).unwrap().choice.clone(),
    }
}

/// Every flip of a plan with its topic; none for the pattern.
fn flips(plan: &Plan) -> Vec<(Option<String>, Flip)> {
    let pattern = plan.decision.flips.iter().map(|flip| (None, flip.clone()));
    let topics = plan
        .selections
        .iter()
        .flat_map(|selection| selection.flips.iter().map(move |flip| (Some(selection.topic.clone()), flip.clone())));
    pattern.chain(topics).collect()
}

#[test]
fn every_flip_comes_true_and_no_smaller_one_does() {
    let mut failures = Vec::new();
    let mut checked = 0;
    for file in examples() {
        let now = build(&reading(&file, &[])).unwrap();
        for (at, (topic, flip)) in flips(&now).into_iter().enumerate() {
            // Some of the many: each is a whole run of the program.
            if at % 11 != 0 {
                continue;
            }
            checked += 1;
            let name = format!(
                "{file}: {} flips to {:?} by {:?}",
                topic.as_deref().unwrap_or("pattern"),
                flip.to,
                sets(&flip)
            );
            match build(&reading(&file, &sets(&flip))) {
                None => failures.push(format!("{name}: refused")),
                Some(then) if answer(&then, topic.as_deref()) != flip.to => {
                    failures.push(format!("{name}: gives {:?}", answer(&then, topic.as_deref())));
                }
                Some(_) => {}
            }
            let [change] = flip.change.as_slice() else { continue };
            let from = change.from["expected"].as_f64().or(change.from.as_f64());
            if let (Some(from), Some(to)) = (from, change.to.as_f64())
                && (to - from).abs() > (0.25 * from).max(2.0)
                && !(0.0..=1.0).contains(&from)
            {
                let half = ((from + to) / 2.0).round();
                let half = vec![(change.path.clone(), exact(registry::kind_of(&change.path).unwrap(), half))];
                let then = build(&reading(&file, &half)).map(|then| answer(&then, topic.as_deref()));
                if then.is_some_and(|then| then == flip.to) {
                    failures.push(format!("{name}: {half:?} is smaller and does it too"));
                }
            }
        }
    }
    assert!(checked > 20, "only {checked} flips");
    report(&format!("of {checked} flips fail"), &failures);
}

#[test]
fn shares_are_those_of_a_naive_recount() {
    let mut failures = Vec::new();
    // A recount is some hundred whole runs: three systems of different kinds are enough.
    for file in examples().into_iter().step_by(3) {
        let reading = reading(&file, &[]);
        let plan = build(&reading).unwrap();
        let counted = engine::recount(embedded(), reading.requirements.as_ref().unwrap(), &given(&reading), 512);
        for (topic, kept) in counted {
            let robustness = if topic == "pattern" {
                plan.decision.robustness.clone()
            } else {
                plan.selections.iter().find(|selection| selection.topic == topic).unwrap().robustness.clone()
            };
            let share = robustness.unwrap().share;
            if (share - f64::from(kept) / 512.0).abs() > 0.000_6 {
                failures.push(format!("{file}: {topic} says {share}, {kept} of 512 keep it"));
            }
        }
    }
    report("shares differ from a recount", &failures);
}

/// Some 1,200 re-runs stand in a plan; without leaving out what does not change they would cost 1,200 runs.
#[test]
fn all_re_runs_cost_less_than_two_hundred_runs() {
    let reading = reading("tests/data/full.req.yaml", &[]);
    let requirements = reading.requirements.as_ref().unwrap();
    let given = given(&reading);
    let seconds = |work: &mut dyn FnMut()| {
        let best = (0..3).map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        });
        best.fold(f64::INFINITY, f64::min)
    };
    let one = seconds(&mut || {
        let _ = engine::recount(embedded(), requirements, &given, 62);
    }) / 64.0;
    let all = seconds(&mut || {
        let _ = engine::decide(
            embedded(),
            requirements,
            given.clone(),
            "req.yaml",
            engine::Effort { re_runs: true, ahead: true },
        );
    });
    assert!(all < one * 200.0, "a run takes {:.2} ms, all decisions with their re-runs {:.1} ms", one * 1e3, all * 1e3);
}

#[test]
fn questions_are_about_what_is_not_stated_and_lead_somewhere() {
    let text = "archplan: 1\nproject: {name: Shop}\nteam: {developers: 14}\nusers: {monthly: 80k}\ndomains: [{name: a}, {name: b}]\n";
    let plan = stated(text);
    let paths: Vec<&str> = plan.questions.iter().map(|question| question.path.as_str()).collect();
    assert!(paths.contains(&"team.teams"), "{paths:?}");
    assert!(plan.questions.iter().all(|question| !question.flips.is_empty()));
    let plan = stated(&text.replace("14}", "14, teams: 3}"));
    assert!(plan.questions.iter().all(|question| question.path != "team.teams"));
}

#[test]
fn assumptions_say_what_they_move() {
    let plan = stated("archplan: 1\nproject: {name: Shop}\nteam: {developers: 4}\ntraffic: {peak: 900/s}\n");
    let reads = plan.assumptions.iter().find(|assumption| assumption.path == "traffic.reads").unwrap();
    assert!(!reads.decides.is_empty());
    let pager = plan.assumptions.iter().find(|assumption| assumption.path == "team.on_call");
    assert!(pager.is_none_or(|assumption| assumption.decides.is_empty()));
}

#[test]
fn a_pinned_pattern_has_no_flips_and_stands() {
    let text = "archplan: 1\nproject: {name: Shop}\nteam: {developers: 4}\nusers: {monthly: 80k}\n\
                decisions: [{topic: pattern, choose: microservices, because: bought}]\n";
    let plan = stated(text);
    assert!(plan.decision.flips.is_empty());
    let robustness = plan.decision.robustness.unwrap();
    assert_eq!((robustness.share, robustness.grade), (1.0, "stable"));
}
