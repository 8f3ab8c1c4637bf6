//! Whole plans: golden examples, the same bytes for the same input, every key counts, every fact and feature is traced.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::collections::BTreeSet;
use std::process::Command;
use std::{env, fs};

use archplan::facts::registry::words_of;
use archplan::quantity::Kind;
use archplan::render::Depth;
use archplan::requirements::{LeafKey, keys};
use serde_json::{Map, Value, json};
use support::generate::{Rng, given};
use support::{build, each, files, markdown, report, requirements_of, root, text};

const FULL: &str = "tests/data/full.req.yaml";

/// Keys that change nothing in a plan, each with the reason; the list may only shrink.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("archplan", "version 1 is the only one"),
    ("domains[].was", "counts when a plan is updated"),
    ("workloads[].was", "counts when a plan is updated"),
    ("entities[].was", "counts when a plan is updated"),
    ("integrations[].was", "counts when a plan is updated"),
];

/// Example requirements of the repository.
fn examples() -> Vec<String> {
    files("examples", "req.yaml")
}

/// Examples are living plans: `new` on the requirements beside a committed plan leaves it as it is, ids included.
#[test]
fn examples_give_the_committed_plans() {
    let update = env::var_os("UPDATE").is_some();
    let failures = each(&examples(), |file| {
        let golden = root().join(file.replace("req.yaml", "TODO_backend-architect.md"));
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("TODO_backend-architect.md");
        fs::write(folder.path().join("req.yaml"), text(file)).unwrap();
        let old = fs::read_to_string(&golden).unwrap_or_default();
        if !old.is_empty() {
            fs::write(&target, &old).unwrap();
        }
        let output =
            Command::new(env!("CARGO_BIN_EXE_archplan")).arg("new").arg(folder.path().join("req.yaml")).output();
        let output = output.unwrap();
        if !output.status.success() {
            return vec![format!("{file}: {}", String::from_utf8_lossy(&output.stderr))];
        }
        let plan = fs::read_to_string(&target).unwrap();
        if plan == old {
            return Vec::new();
        }
        if update {
            fs::write(&golden, &plan).unwrap();
            return Vec::new();
        }
        let at = plan.lines().zip(old.lines()).position(|(new, old)| new != old).unwrap_or(0);
        let line = |text: &str| text.lines().nth(at).unwrap_or_default().to_string();
        let (was, is) = (line(&old), line(&plan));
        let place = golden.display();
        vec![format!(
            "{place}:{}: the plan changed; look at `UPDATE=1 cargo test` and its diff\n  - {was}\n  + {is}",
            at + 1
        )]
    });
    report("examples differ", &failures);
}

/// An id once issued belongs to its key: the list in tests/data/ids.txt may only grow.
#[test]
fn ids_are_frozen() {
    let file = root().join("tests/data/ids.txt");
    let declared =
        support::catalogue().tasks.iter().filter_map(|task| Some(format!("{} {}", task.id.as_ref()?, task.key)));
    let controls = support::catalogue().controls.iter().map(|control| format!("{} {}", control.id, control.key));
    let qa = support::catalogue().qa.iter().map(|row| format!("{} {}", row.id, row.tasks.join(" ")));
    let rules = support::catalogue().rules.iter().map(|rule| format!("{} {}", rule.code, rule.name));
    let pages = archplan::lint::rules::REQUIREMENTS.iter().map(|rule| format!("{} {}", rule.code, rule.name));
    let artefacts = support::catalogue().artefacts.iter().map(|entry| format!("{} {}", entry.task, entry.key));
    let mut now: Vec<String> = declared.chain(artefacts).chain(controls).chain(rules).chain(pages).collect();
    now.extend(qa.map(|row| row.split(' ').next().unwrap_or_default().to_string()));
    now.sort();
    if env::var_os("UPDATE").is_some() {
        fs::write(&file, now.join("\n") + "\n").unwrap();
    }
    let frozen = fs::read_to_string(&file).unwrap_or_default();
    let gone: Vec<String> = frozen.lines().filter(|row| !now.iter().any(|new| new == row)).map(String::from).collect();
    report("ids of tests/data/ids.txt changed their meaning or are gone", &gone);
    let new: Vec<&String> = now.iter().filter(|row| !frozen.lines().any(|old| old == *row)).collect();
    assert!(new.is_empty(), "freeze new ids with `UPDATE=1 cargo test --test plan`: {new:?}");
    let mut seen = BTreeSet::new();
    let twice: Vec<String> = now
        .iter()
        .map(|row| row.split(' ').next().unwrap_or_default().to_string())
        .filter(|id| !seen.insert(id.clone()))
        .collect();
    report("ids belong to two keys", &twice);
}

#[test]
fn same_input_same_bytes() {
    let cases: Vec<u64> = (0..12).collect();
    let failures = each(&cases, |seed| {
        let text = requirements_of(&given(*seed));
        let plan = |text: &str| {
            build(text).map(|built| (markdown(&built, Depth::Full), serde_json::to_string(&built.plan).unwrap()))
        };
        if plan(&text) == plan(&text) { Vec::new() } else { vec![format!("seed {seed}:\n{text}")] }
    });
    report("plans differ between two runs", &failures);
}

#[test]
fn key_order_does_not_matter() {
    let mut inputs: Vec<(String, Value)> =
        examples().iter().map(|file| (file.clone(), serde_yaml::from_str(&text(file)).unwrap())).collect();
    inputs.push((FULL.into(), serde_yaml::from_str(&text(FULL)).unwrap()));
    let failures = each(&inputs, |(name, tree)| {
        let plain = serde_yaml::to_string(tree).unwrap();
        let shuffled = serde_yaml::to_string(&shuffle(tree, &mut Rng::new(7))).unwrap();
        assert_ne!(plain, shuffled, "{name}");
        let plan = |text: &str| {
            let built = build(text).unwrap_or_else(|errors| panic!("{name}: {errors}"));
            (without_places(&serde_json::to_value(&built.plan).unwrap()), markdown(&built, Depth::Standard))
        };
        if plan(&plain) == plan(&shuffled) { Vec::new() } else { vec![name.clone()] }
    });
    report("plans depend on the order of keys", &failures);
}

fn shuffle(value: &Value, rng: &mut Rng) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(String, Value)> =
                map.iter().map(|(key, value)| (key.clone(), shuffle(value, rng))).collect();
            for at in (1..pairs.len()).rev() {
                pairs.swap(at, rng.below(at + 1));
            }
            Value::Object(pairs.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| shuffle(item, rng)).collect()),
        other => other.clone(),
    }
}

/// A plan as data without lines and columns.
fn without_places(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, _)| !matches!(key.as_str(), "line" | "column"));
            Value::Object(kept.map(|(key, value)| (key.clone(), without_places(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_places).collect()),
        other => other.clone(),
    }
}

#[test]
fn every_fact_and_feature_is_traced() {
    let mut texts: Vec<(String, String)> = examples().iter().map(|file| (file.clone(), text(file))).collect();
    texts.push((FULL.into(), text(FULL)));
    texts.extend((100..130).map(|seed| (format!("seed {seed}"), requirements_of(&given(seed)))));
    let failures = each(&texts, |(name, text)| {
        let built = build(text).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        let plan = &built.plan;
        let ids: BTreeSet<&str> = plan.tasks.iter().map(|task| task.id.as_str()).collect();
        let mut out = Vec::new();
        for feature in &built.requirements.features {
            match plan.trace.features.iter().find(|row| row.id == feature.id) {
                Some(row) if !row.tasks.is_empty() && row.tasks.iter().all(|id| ids.contains(id.as_str())) => {}
                _ => out.push(format!("{name}: feature {} reaches no task", feature.id)),
            }
        }
        for fact in plan.facts.iter().filter(|fact| fact.origin == "given") {
            let used = plan.trace.facts.iter().any(|row| row.path == fact.path && !row.used_by.is_empty());
            if !used && !plan.trace.unused.contains(&fact.path) {
                out.push(format!("{name}: `{}` is neither used nor reported as unused", fact.path));
            }
        }
        let open = plan.tasks.iter().flat_map(|task| &task.after).filter(|id| !ids.contains(id.as_str()));
        out.extend(open.map(|id| format!("{name}: `After` names {id}, which is not in the plan")));
        out
    });
    report("gaps in the trace", &failures);
}

/// A fact that is missing never decides like a "no" or a zero would: the plan says unknown, default or derived.
#[test]
fn unknown_is_never_no() {
    let bare = build(&requirements_of(&Map::new())).unwrap_or_else(|errors| panic!("{errors}"));
    let facts = serde_json::to_value(&bare.plan).unwrap();
    let facts = facts["facts"].as_array().unwrap();
    for path in ["team.teams", "team.monthly_cost", "budget.monthly", "budget.expected_benefit", "existing.database"] {
        assert!(
            !facts.iter().any(|fact| fact["path"] == path),
            "`{path}` is not stated and has no default, yet it has a value"
        );
    }
    let plan = serde_json::to_value(&bare.plan).unwrap();
    let text = plan["cost"].to_string();
    assert!(text.contains("not stated") || text.contains("null"), "personnel cost and ROI without a statement: {text}");
    // Where a stated value would turn the answer of a node, the node says that it lacks the fact.
    let domains = json!([{"name": "orders"}, {"name": "payments"}, {"name": "catalog"}]);
    let developers = Map::from_iter([("team.developers".to_string(), json!(20)), ("domains".to_string(), domains)]);
    let asked = |teams: Option<u8>| {
        let mut given = developers.clone();
        given.extend(teams.map(|teams| ("team.teams".to_string(), json!(teams))));
        build(&requirements_of(&given)).unwrap_or_else(|errors| panic!("{errors}")).plan.decision.tree
    };
    let turned: Vec<_> = asked(None)
        .into_iter()
        .filter(|node| asked(Some(4)).iter().any(|other| other.node == node.node && other.answer != node.answer))
        .collect();
    assert!(!turned.is_empty(), "no node of the tree asks for teams");
    for node in turned {
        assert!(
            node.unknown && !node.lacks.is_empty(),
            "node {} takes unknown teams for a no without saying so",
            node.node
        );
    }
}

#[test]
fn every_key_matters() {
    let full: Value = serde_yaml::from_str(&text(FULL)).unwrap();
    let keys = keys();
    let missing: Vec<&str> = keys.iter().filter(|key| places(&full, key.path).is_empty()).map(|key| key.path).collect();
    assert!(missing.is_empty(), "{FULL} lacks {missing:?}");
    let bases = bases(&full);
    let prints: Vec<Value> = bases.iter().map(|base| print(base).unwrap_or_else(|errors| panic!("{errors}"))).collect();
    let failures = each(keys, |key| {
        let known = WITHOUT_EFFECT.iter().any(|(path, _)| *path == key.path);
        let effect = bases.iter().zip(&prints).any(|(base, print)| effect(base, print, key));
        match (effect, known) {
            (true, false) | (false, true) => Vec::new(),
            (true, true) => vec![format!("{}: it has an effect now; take it out of WITHOUT_EFFECT", key.path)],
            (false, false) => vec![format!("{}: no value of it changes a plan", key.path)],
        }
    });
    report("keys without effect", &failures);
}

/// The full file, and the same with less settled, so that no key hides behind another.
fn bases(full: &Value) -> Vec<Value> {
    let without = |paths: &[&str]| {
        let mut base = full.clone();
        for path in paths {
            match path.split_once('.') {
                Some((section, key)) => drop(base[section].as_object_mut().unwrap().remove(key)),
                None => drop(base.as_object_mut().unwrap().remove(*path)),
            }
        }
        base
    };
    let open = without(&[
        "decisions",
        "stack.framework",
        "stack.language",
        "traffic.service_time",
        "traffic.requests_per_instance",
        "targets.throughput",
    ]);
    let mut small = without(&[
        "decisions",
        "domains",
        "features",
        "workloads",
        "entities",
        "api.endpoints",
        "traffic.average",
        "traffic.peak",
        "users.concurrent",
        "team.teams",
        "data.growth",
        "data.size",
    ]);
    small["team"]["developers"] = json!(4);
    vec![full.clone(), open, small]
}

/// What a key can change: everything but its echoes.
fn print(base: &Value) -> Result<Value, String> {
    let built = build(&serde_yaml::to_string(base).unwrap())?;
    let mut plan = without_places(&serde_json::to_value(&built.plan).unwrap());
    let map = plan.as_object_mut().unwrap();
    for echo in ["facts", "trace", "project", "assumptions"] {
        map.remove(echo);
    }
    for target in map["targets"].as_array_mut().unwrap() {
        for echo in ["value", "stated", "default"] {
            target.as_object_mut().unwrap().remove(echo);
        }
    }
    let findings = map["findings"].as_array_mut().unwrap();
    findings.retain(|finding| !finding["name"].as_str().unwrap_or_default().contains("unused"));
    let page = markdown(&built, Depth::Standard);
    let echoes = ["Context", "Traceability"];
    let sections = page.split("\n## ").skip(1).filter(|section| !echoes.iter().any(|echo| section.starts_with(echo)));
    plan["page"] = sections.collect::<String>().lines().filter(|line| !line.contains("<!-- ap")).collect();
    Ok(plan)
}

fn effect(base: &Value, print_before: &Value, key: &LeafKey) -> bool {
    places(base, key.path).iter().take(4).any(|pointer| {
        let old = base.pointer(pointer).unwrap();
        alternatives(base, key, old).into_iter().any(|value| {
            let mut changed = base.clone();
            *changed.pointer_mut(pointer).unwrap() = value.clone();
            if let ("domains[].name" | "entities[].name", Some(from), Some(to)) =
                (key.path, old.as_str(), value.as_str())
            {
                rename(&mut changed, from, to);
            }
            print(&changed).is_ok_and(|after| after != *print_before)
        })
    })
}

/// Pointers to every place of a key: `domains[].peak` stands at `/domains/0/peak` and so on.
fn places(base: &Value, path: &str) -> Vec<String> {
    let mut open = vec![String::new()];
    for step in path.split('.') {
        let (name, list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
        open = open
            .into_iter()
            .flat_map(|pointer| {
                let pointer = format!("{pointer}/{name}");
                let items = if list { base.pointer(&pointer).and_then(Value::as_array).map_or(0, Vec::len) } else { 0 };
                if list { (0..items).map(|index| format!("{pointer}/{index}")).collect() } else { vec![pointer] }
            })
            .filter(|pointer| base.pointer(pointer).is_some())
            .collect();
    }
    open
}

fn rename(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) if text == from => *text = to.to_string(),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Value::Object(map) => map.values_mut().for_each(|item| rename(item, from, to)),
        _ => {}
    }
}

/// Other values that a key may have.
fn alternatives(base: &Value, key: &LeafKey, old: &Value) -> Vec<Value> {
    let texts = |texts: &[&str]| texts.iter().map(|text| json!(text)).filter(|value| value != old).collect::<Vec<_>>();
    let special: &[&str] = match key.path {
        "features[].domain" | "workloads[].domain" | "entities[].domain" | "domains[].calls[].to" => {
            &["tracking", "billing", "pricing"]
        }
        "entities[].fields[].type" => &["bigint", "json", "string(2000)"],
        "entities[].fields[].ref" => &["Parcel"],
        "api.endpoints[].method" => &["PUT"],
        "api.endpoints[].path" => &["/api/v1/createLabel"],
        "api.endpoints[].feature" => &["F2"],
        "decisions[].topic" => &["cache", "database"],
        "decisions[].choose" => &["elasticsearch"],
        "decisions[].date" | "waivers[].until" => &["2027-12-31"],
        "waivers[].rule" => &["availability-not-reached", "latency-not-reached"],
        "waivers[].target" => &["Postmark"],
        "stack.framework" => &["fastapi", "flask"],
        "existing.database" => &["postgresql", "oracle"],
        "existing.language" => &["php"],
        "traffic.seasonal_peak" => &["1x", "9x"],
        "targets.headroom" => &["2x", "100x"],
        "users.growth" => &["50%/month", "1%/month"],
        "targets.p95" => &["60ms", "300ms", "440ms"],
        _ => &[],
    };
    let words = words_of(key.path);
    let members = words_of(&format!("{}[]", key.path));
    match key.kind {
        _ if !special.is_empty() => texts(special),
        Kind::Words if !members.is_empty() => {
            members.iter().map(|word| json!([word])).filter(|value| value != old).collect()
        }
        Kind::Words => lists(base, key.path),
        _ if !words.is_empty() => words.iter().map(|word| json!(word)).filter(|value| value != old).collect(),
        Kind::Bool => vec![json!(!old.as_bool().unwrap())],
        _ if key.path.starts_with("conventions.") => vec![json!(20), json!(28), json!(80000)],
        _ if key.path == "budget.usd_per_unit" => vec![json!(0.1), json!(4)],
        Kind::Int | Kind::Number => [0.0, 1.0, 2.0, 30.0]
            .iter()
            .map(|number| if key.kind == Kind::Int { json!(*number as i64) } else { json!(number) })
            .filter(|value| value != old)
            .collect(),
        Kind::Text => texts(&["Another"]),
        Kind::Share => texts(&["1%", "60%", "99%", "99.999%"]),
        Kind::Duration => texts(&["1ms", "10s", "10h", "40 days", "30 months"]),
        Kind::Size => texts(&["1KB", "90MB", "8TB"]),
        Kind::SizeRate => texts(&["1MB/month", "5TB/month"]),
        Kind::Rate => texts(&["1/min", "20/s", "700/s", "9k/s"]),
        Kind::Count => texts(&["0", "200", "90k", "8M"]),
        Kind::CountRate => texts(&["1/month", "9M/month"]),
        Kind::Money => texts(&["$100/month", "$90000/month", "$100", "$90000"]),
        other => panic!("{}: no other value for kind {}", key.path, other.as_str()),
    }
}

fn lists(base: &Value, path: &str) -> Vec<Value> {
    match path {
        "domains[].publishes" => vec![json!([]), json!(["Other"])],
        "domains[].consumes" => vec![json!([]), json!(["ParcelPosted"])],
        "entities[].queries[].by" | "entities[].queries[].order" => vec![json!(["code"]), json!(["receiver"])],
        "stack.regions" => vec![json!(["us-east-1"]), json!(["eu-west-1", "eu-central-1"])],
        "residency" => vec![json!(["us"]), json!(["ch"])],
        "preferences.patterns" => vec![json!(["serverless"]), json!([])],
        "preferences.databases" => vec![json!(["mysql", "mongodb"])],
        "preferences.avoid" => vec![json!(["postgresql", "redis"])],
        "existing.keep" => vec![json!(["memcached"]), json!(["mysql"])],
        "team.knows" => vec![json!(["java", "mysql"]), json!(["kafka", "kubernetes"])],
        "operations.environments" => vec![json!(["production"])],
        _ => vec![json!(["another"]), base.pointer("/compliance").cloned().unwrap_or_default()],
    }
}
