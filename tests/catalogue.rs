//! The catalogue: it loads, it hangs together, and every example in it comes true in the real engine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use archplan::plan::{Plan, Task};
use serde_json::{Map, Value};
use support::{build, catalogue, each, report, requirements_of};

/// An example of an entry.
struct Case {
    /// Kind and id of the entry, and which example.
    entry: String,
    /// What the requirements state.
    given: Map<String, Value>,
    /// What must come of it.
    want: Want,
}

enum Want {
    /// These topics with these choices, or these overlays.
    Expect(Map<String, Value>),
    /// These candidates ruled out.
    Rejects(Map<String, Value>),
    /// These overlays not taken.
    Not(Map<String, Value>),
    /// A task with this key and text.
    Present(String, String),
    /// No task with this key.
    Absent(String),
    /// A finding of this rule.
    Speaks(String),
    /// None.
    Silent(String),
}

#[test]
fn the_embedded_catalogue_loads() {
    let catalogue = catalogue();
    assert!(!catalogue.trees.is_empty() && !catalogue.topics.is_empty() && !catalogue.technologies.is_empty());
    assert!(!catalogue.tasks.is_empty() && !catalogue.controls.is_empty() && !catalogue.rules.is_empty());
    assert!(!catalogue.prices.is_empty() && !catalogue.numbers.is_empty() && !catalogue.qa.is_empty());
}

#[test]
fn every_example_of_a_technology_comes_true() {
    let technologies = catalogue().technologies.values().flatten();
    check(
        technologies
            .flat_map(|entry| of_entry(&format!("technologies/{}/{}", entry.topic, entry.id), &entry.examples, "")),
    );
}

#[test]
fn every_example_of_an_overlay_topic_or_node_comes_true() {
    let overlays =
        catalogue().overlays.iter().flat_map(|entry| of_entry(&format!("overlays/{}", entry.id), &entry.examples, ""));
    let topics =
        catalogue().topics.iter().flat_map(|entry| of_entry(&format!("topics/{}", entry.id), &entry.examples, ""));
    let nodes = catalogue().trees.iter().flat_map(|(tree, nodes)| nodes.iter().map(move |node| (tree, node)));
    let nodes =
        nodes.flat_map(|(tree, node)| of_entry(&format!("decision-tree/{tree}/{}", node.id), &node.examples, ""));
    check(overlays.chain(topics).chain(nodes));
}

#[test]
fn every_example_of_a_task_or_control_comes_true() {
    let tasks = catalogue()
        .tasks
        .iter()
        .flat_map(|entry| of_entry(&format!("tasks/{}", entry.key), &entry.examples, &entry.key));
    let controls = catalogue()
        .controls
        .iter()
        .flat_map(|entry| of_entry(&format!("controls/{}", entry.key), &entry.examples, &entry.key));
    check(tasks.chain(controls));
}

#[test]
fn every_rule_speaks_on_its_bad_and_not_on_its_good_example() {
    let cases = catalogue().rules.iter().flat_map(|rule| {
        let case = |what: &str, given: &Value, want: Want| {
            let given = given.as_object().cloned().unwrap_or_else(|| panic!("rule {} has no `{what}`", rule.code));
            Case { entry: format!("rules/{}-{} {what}", rule.code, rule.name), given, want }
        };
        [
            case("bad", &rule.bad, Want::Speaks(rule.code.clone())),
            case("good", &rule.good, Want::Silent(rule.code.clone())),
        ]
    });
    check(cases);
}

fn of_entry<'a>(entry: &str, examples: &'a [Value], key: &'a str) -> impl Iterator<Item = Case> + use<'a> {
    let entry = entry.to_string();
    examples.iter().enumerate().map(move |(index, example)| {
        let entry = format!("{entry} example {}", index + 1);
        let given = example["given"].as_object().cloned().unwrap_or_else(|| panic!("{entry}: `given` is no mapping"));
        let map = |name: &str| example[name].as_object().cloned();
        let want = match (map("expect"), map("rejects"), map("not"), example["present"].as_str(), &example["absent"]) {
            (Some(expect), ..) => Want::Expect(expect),
            (_, Some(rejects), ..) => Want::Rejects(rejects),
            (_, _, Some(not), ..) => Want::Not(not),
            (.., Some(text), _) => Want::Present(key.to_string(), text.to_string()),
            (.., Value::Bool(true)) => Want::Absent(key.to_string()),
            _ => panic!("{entry} wants nothing"),
        };
        Case { entry, given, want }
    })
}

fn check(cases: impl Iterator<Item = Case>) {
    let cases: Vec<Case> = cases.collect();
    assert!(!cases.is_empty());
    let failures = each(&cases, |case| match build(&requirements_of(&case.given)) {
        Ok(built) => judge(case, &built.plan).into_iter().map(|problem| format!("{}: {problem}", case.entry)).collect(),
        Err(errors) => vec![format!("{}: `given` is refused: {errors}", case.entry)],
    });
    report(&format!("of {} examples fail", cases.len()), &failures);
}

fn judge(case: &Case, plan: &Plan) -> Option<String> {
    match &case.want {
        Want::Expect(map) => map.iter().find_map(|(topic, wanted)| expected(plan, topic, wanted)),
        Want::Rejects(map) => {
            map.iter().find_map(|(topic, option)| rejected(plan, topic, option.as_str().unwrap_or_default()))
        }
        Want::Not(map) => words(&map["overlays"])
            .into_iter()
            .find(|overlay| taken(plan, overlay))
            .map(|overlay| format!("{overlay} is taken")),
        Want::Present(key, text) => {
            let found: Vec<&Task> = plan.tasks.iter().filter(|task| instance(task, key)).collect();
            if found.is_empty() {
                return Some(format!("no task {key}"));
            }
            let printed: Vec<String> = found.into_iter().map(print).collect();
            (!printed.iter().any(|task| task.contains(text)))
                .then(|| format!("`{text}` is not in: {}", printed.join(" // ")))
        }
        Want::Absent(key) => {
            plan.tasks.iter().find(|task| instance(task, key)).map(|task| format!("{} is there", task.key))
        }
        Want::Speaks(code) => {
            (!plan.findings.iter().any(|finding| finding.rule == *code)).then(|| "no finding".to_string())
        }
        Want::Silent(code) => plan
            .findings
            .iter()
            .find(|finding| finding.rule == *code)
            .map(|finding| format!("speaks: {}", finding.message)),
    }
}

fn expected(plan: &Plan, topic: &str, wanted: &Value) -> Option<String> {
    if topic == "overlays" {
        return words(wanted)
            .into_iter()
            .find(|overlay| !taken(plan, overlay))
            .map(|overlay| format!("{overlay} is not taken"));
    }
    if topic == "pattern" {
        return (wanted.as_str() != Some(&plan.decision.pattern))
            .then(|| format!("pattern is {}, not {wanted}", plan.decision.pattern));
    }
    let Some(selection) = plan.selections.iter().find(|selection| selection.topic == topic) else {
        return Some(format!("no topic {topic}"));
    };
    let wanted = wanted.as_str().unwrap_or("none");
    let choice = selection.choice.as_deref().unwrap_or("none");
    let rank = |row: &archplan::engine::select::Ranked| format!("{} {}", row.option, row.total);
    let why =
        selection.rejected.iter().find(|rejected| rejected.option == wanted).map(|rejected| rejected.because.as_str());
    (choice != wanted).then(|| {
        let ranking: Vec<String> = selection.ranking.iter().take(4).map(rank).collect();
        format!("{topic} is {choice}, not {wanted} ({}) [{}]", why.unwrap_or("no reason given"), ranking.join(", "))
    })
}

/// Ruled out, not merely outranked.
fn rejected(plan: &Plan, topic: &str, option: &str) -> Option<String> {
    let Some(selection) = plan.selections.iter().find(|selection| selection.topic == topic) else {
        return Some(format!("no topic {topic}"));
    };
    if selection.choice.as_deref() == Some(option) {
        return Some(format!("{topic} is {option}: {}", selection.because.join("; ")));
    }
    if selection.choice.is_none() && selection.rejected.is_empty() {
        return Some(format!("{topic} is not needed: {}", selection.because.join("; ")));
    }
    let ranked = selection.ranking.iter().any(|row| row.option == option);
    let named = selection.rejected.iter().any(|rejected| rejected.option == option);
    (ranked || !named).then(|| format!("{option} is not ruled out, only outranked by {:?}", selection.choice))
}

fn taken(plan: &Plan, overlay: &str) -> bool {
    plan.decision.overlays.iter().any(|taken| taken.name == overlay)
}

fn instance(task: &Task, key: &str) -> bool {
    task.rules.iter().any(|rule| rule.split_once('/').is_some_and(|(_, entry)| entry == key))
}

/// All texts of a task.
fn print(task: &Task) -> String {
    let fields = task.fields.iter().map(|(name, text)| format!("{name}: {text}"));
    let proofs = task.done_when.iter().map(|done| format!("{} {}", done.kind, done.what));
    [task.title.clone()].into_iter().chain(fields).chain(proofs).collect::<Vec<_>>().join(" | ")
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|word| word.as_str().map(String::from)).collect()
}
