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

use std::collections::{BTreeMap, BTreeSet};

use archplan::plan::{Plan, Task};
use serde_json::{Map, Value};
use support::{build, catalogue, each, embedded, report, requirements_of};

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
fn what_is_decoded_when_it_is_looked_at_is_what_the_files_say() {
    let (late, files) = (format!("{:#?}", embedded()), format!("{:#?}", catalogue()));
    let differ = late.lines().zip(files.lines()).find(|(late, file)| late != file);
    assert_eq!(differ, None);
    assert_eq!(late.lines().count(), files.lines().count());
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
    let artefacts = catalogue()
        .artefacts
        .iter()
        .flat_map(|entry| of_entry(&format!("artefacts/{}", entry.key), &entry.examples, &entry.key));
    check(tasks.chain(controls).chain(artefacts));
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

#[test]
fn the_embedded_catalogue_is_the_complete_one() {
    let (slim, whole) = (support::embedded(), catalogue());
    let technologies =
        |catalogue: &archplan::catalogue::Catalogue| catalogue.technologies.values().map(Vec::len).sum::<usize>();
    assert_eq!(technologies(slim), technologies(whole));
    assert_eq!(
        (slim.tasks.len(), slim.controls.len(), slim.rules.len()),
        (whole.tasks.len(), whole.controls.len(), whole.rules.len())
    );
    assert_eq!(
        (slim.topics.len(), slim.overlays.len(), slim.numbers.len()),
        (whole.topics.len(), whole.overlays.len(), whole.numbers.len())
    );
    assert_eq!(
        (slim.prices.len(), slim.qa.len(), slim.trees.len()),
        (whole.prices.len(), whole.qa.len(), whole.trees.len())
    );
}

#[test]
fn ids_and_keys_are_unique() {
    let whole = catalogue();
    let mut names: Vec<String> = Vec::new();
    for entry in &whole.artefacts {
        names.extend([format!("key {}", entry.key), format!("id {}", entry.task), format!("artefact {}", entry.id)]);
    }
    for task in &whole.tasks {
        names.push(format!("key {}", task.key));
        names.extend(task.id.iter().map(|id| format!("id {id}")));
    }
    names.extend(
        whole.controls.iter().flat_map(|control| [format!("key {}", control.key), format!("id {}", control.id)]),
    );
    names.extend(whole.rules.iter().flat_map(|rule| [format!("rule {}", rule.code), format!("rule {}", rule.name)]));
    names.extend(whole.technologies.values().flatten().map(|entry| format!("technology {}/{}", entry.topic, entry.id)));
    names.extend(whole.topics.iter().map(|entry| format!("topic {}", entry.id)));
    names.extend(whole.overlays.iter().map(|entry| format!("overlay {}", entry.id)));
    names.extend(whole.qa.iter().map(|row| format!("id {}", row.id)));
    names.extend(
        whole.trees.iter().flat_map(|(tree, nodes)| nodes.iter().map(move |node| format!("node {tree} {}", node.id))),
    );
    names.extend(whole.defaults.iter().map(|entry| format!("default {}", entry.path)));
    let mut seen = BTreeSet::new();
    let twice: Vec<String> = names.into_iter().filter(|name| !seen.insert(name.clone())).collect();
    report("names stand twice", &twice);
}

#[test]
fn files_are_named_by_their_ids() {
    let mut failures = Vec::new();
    for (folder, key) in [("overlays", "id"), ("topics", "id"), ("technologies", "id"), ("prices", "provider")] {
        for file in support::files(&format!("patterns/{folder}"), ".yaml") {
            let value: Value = serde_yaml::from_str(&support::text(&file)).unwrap();
            let name = file.rsplit('/').next().unwrap().trim_end_matches(".yaml");
            if value[key] != name {
                failures.push(format!("{file}: `{key}` is {}", value[key]));
            }
            if folder == "technologies" && value["topic"] != file.split('/').nth(2).unwrap() {
                failures.push(format!("{file}: `topic` is {}", value["topic"]));
            }
        }
    }
    report("files lie elsewhere than their entries say", &failures);
}

#[test]
fn after_keys_exist_and_form_no_circle() {
    let whole = catalogue();
    let entries: BTreeMap<&str, &[String]> = whole
        .tasks
        .iter()
        .map(|task| (task.key.as_str(), task.after.as_slice()))
        .chain(whole.controls.iter().map(|control| (control.key.as_str(), control.after.as_slice())))
        .chain(whole.artefacts.iter().map(|entry| (entry.key.as_str(), entry.after.as_slice())))
        .collect();
    // An instance key is the entry's key with the item's name: `item.orders` is of the entry `item`.
    let named = |pattern: &str| -> Vec<&str> {
        let prefix = pattern.strip_suffix('*').or_else(|| pattern.strip_suffix("@item"));
        let hit = |key: &str| {
            prefix.map_or(key == pattern, |prefix| key.starts_with(prefix) || format!("{key}.").starts_with(prefix))
        };
        entries.keys().copied().filter(|key| hit(key)).collect()
    };
    let mut failures = Vec::new();
    for (key, after) in &entries {
        failures.extend(
            after
                .iter()
                .filter(|pattern| named(pattern).is_empty())
                .map(|pattern| format!("{key}: after `{pattern}`, which no entry has")),
        );
    }
    let rows = whole.qa.iter().flat_map(|row| row.tasks.iter().map(move |pattern| (&row.id, pattern)));
    failures.extend(
        rows.filter(|(_, pattern)| named(pattern).is_empty())
            .map(|(id, pattern)| format!("{id}: tasks `{pattern}`, which no entry has")),
    );
    report("keys are missing", &failures);

    // Entries without anything open before them are taken away until nothing moves.
    let mut open: BTreeMap<&str, BTreeSet<&str>> = entries
        .iter()
        .map(|(key, after)| {
            (*key, after.iter().flat_map(|pattern| named(pattern)).filter(|other| other != key).collect())
        })
        .collect();
    loop {
        let free: Vec<&str> = open
            .iter()
            .filter(|(_, before)| !before.iter().any(|key| open.contains_key(key)))
            .map(|(key, _)| *key)
            .collect();
        if free.is_empty() {
            break;
        }
        free.iter().for_each(|key| drop(open.remove(key)));
    }
    let circle: Vec<String> = open.iter().map(|(key, before)| format!("{key} waits for {before:?}")).collect();
    report("entries wait for each other", &circle);
}

/// A word that is also the beginning of fact paths (`functions`) must not be read as a fact that nobody ever puts.
#[test]
fn conditions_compare_with_values_or_facts_that_exist() {
    use archplan::facts::condition::{Leaf, Operand, Test};
    use archplan::facts::registry::derived;
    let keys = archplan::requirements::keys();
    let known = |path: &str| {
        let bare = path.strip_prefix("item.").unwrap_or(path);
        path.starts_with("selection.")
            || keys.iter().any(|key| key.path == path || key.path.ends_with(&format!("[].{bare}")))
            || derived().any(|row| row.path == path || row.path.ends_with(&format!("[].{bare}")))
    };
    fn leaves(value: &Value, out: &mut Vec<Leaf>) {
        match value {
            Value::String(text) => out.extend(Leaf::parse(text)),
            Value::Array(items) => items.iter().for_each(|item| leaves(item, out)),
            Value::Object(map) => map.values().for_each(|item| leaves(item, out)),
            _ => {}
        }
    }
    let mut failures = Vec::new();
    for file in support::files("patterns", ".yaml") {
        let mut found = Vec::new();
        leaves(&serde_yaml::from_str(&support::text(&file)).unwrap(), &mut found);
        for leaf in found {
            if let Test::Compare(_, Operand::Fact(path)) = leaf.test()
                && !known(path)
            {
                failures.push(format!(
                    "{file}: `{}` compares with `{path}`, which is no fact; write `in [{path}]`",
                    leaf.source()
                ));
            }
        }
    }
    report("conditions that never hold", &failures);
}

/// No text of a plan says that something is unknown because a text named it without a guard.
#[test]
fn every_text_fills() {
    let mut texts: Vec<(String, String)> =
        support::files("examples", "req.yaml").iter().map(|file| (file.clone(), support::text(file))).collect();
    texts.push(("full".into(), support::text("tests/data/full.req.yaml")));
    texts.extend((0..60).map(|seed| (format!("seed {seed}"), requirements_of(&support::generate::given(seed)))));
    let failures = each(&texts, |(name, text)| {
        let plan = build(text).unwrap_or_else(|errors| panic!("{name}: {errors}\n{text}")).plan;
        let mut printed: Vec<(String, String)> =
            plan.tasks.iter().map(|task| (task.key.clone(), print(task))).collect();
        printed.extend(plan.qa.iter().map(|row| (row.id.clone(), row.text.clone())));
        printed.extend(
            plan.findings.iter().map(|finding| (finding.rule.clone(), format!("{} {}", finding.message, finding.fix))),
        );
        printed.extend(plan.selections.iter().map(|row| {
            (
                row.topic.clone(),
                format!("{:?} {:?}", row.because, row.rejected.iter().map(|r| &r.because).collect::<Vec<_>>()),
            )
        }));
        printed.extend(plan.decision.overlays.iter().map(|row| (row.name.clone(), row.because.clone())));
        printed.extend(plan.decision.tree.iter().map(|row| (row.node.clone(), row.because.clone())));
        let open = printed.into_iter().filter(|(_, text)| {
            text.contains("unknown: `")
                || text.contains(", which is unknown")
                || text.contains("{{")
                || text.contains("NaN")
        });
        open.map(|(key, text)| format!("{key} [{name}]: {text}")).collect()
    });
    // One line per entry tells enough.
    let mut seen = BTreeSet::new();
    let first: Vec<String> = failures
        .into_iter()
        .filter(|line| seen.insert(line.split(' ').next().unwrap_or_default().to_string()))
        .collect();
    report("texts name something unknown", &first);
}
