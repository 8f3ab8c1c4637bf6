//! What the tests share: requirements from dotted paths, the whole pipeline in one call, a generator of random requirements.

#![allow(dead_code, reason = "every test crate uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

pub mod generate;
#[cfg(unix)]
pub mod place;
pub mod rust;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use archplan::catalogue::Catalogue;
use archplan::document;
use archplan::facts::given::given;
use archplan::plan::{self, Ids, Plan};
use archplan::render::{self, Depth, Page};
use archplan::requirements::{self, Requirements};
use serde_json::{Map, Value, json};

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The catalogue with its examples, loaded once.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE
        .get_or_init(|| Catalogue::complete().unwrap_or_else(|faults| panic!("the catalogue does not load:\n{faults}")))
}

/// The catalogue that the program runs with, loaded once.
pub fn embedded() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE
        .get_or_init(|| Catalogue::embedded().unwrap_or_else(|faults| panic!("the catalogue does not load:\n{faults}")))
}

/// All files below a folder whose names end so, sorted, as paths from the root of the repository.
pub fn files(folder: &str, ending: &str) -> Vec<String> {
    fn walk(folder: &Path, ending: &str, out: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                walk(&path, ending, out);
            } else if path.to_string_lossy().ends_with(ending) {
                out.push(path);
            }
        }
    }
    let mut out = Vec::new();
    walk(&root().join(folder), ending, &mut out);
    let mut names: Vec<String> = out
        .iter()
        .map(|path| path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The text of a file named from the root of the repository.
pub fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Fails with everything that was found, one a line.
pub fn report(what: &str, failures: &[String]) {
    assert!(failures.is_empty(), "{} {what}:\n{}", failures.len(), failures.join("\n"));
}

/// Requirements from dotted paths, with what every file must state filled in, as YAML text.
pub fn requirements_of(given: &Map<String, Value>) -> String {
    let mut tree = json!({"archplan": 1, "project": {"name": "Example"}, "team": {"developers": 6}});
    let load = ["users", "users.monthly", "users.daily", "traffic", "traffic.average", "traffic.peak"];
    if !load.iter().any(|path| given.contains_key(*path)) {
        tree["users"] = json!({"monthly": "20k"});
    }
    for (path, value) in given {
        let mut node = &mut tree;
        for step in path.split('.') {
            node = &mut node[step];
        }
        merge(node, value);
    }
    serde_yaml::to_string(&tree).expect("JSON is YAML")
}

fn merge(node: &mut Value, value: &Value) {
    match (node, value) {
        (Value::Object(map), Value::Object(more)) => more.iter().for_each(|(key, value)| merge(&mut map[key], value)),
        (node, value) => *node = value.clone(),
    }
}

/// A plan with the requirements that it was built from.
pub struct Built {
    /// What was read.
    pub requirements: Requirements,
    /// What came of it.
    pub plan: Plan,
}

/// Reads and builds.
///
/// # Errors
/// The errors of the requirements, one a line.
pub fn build(text: &str) -> Result<Built, String> {
    // Re-runs cost more than all the rest: where nothing is a range only their own tests need them.
    build_with(text, &plan::Options { re_runs: text.contains("low:"), ..plan::Options::default() })
}

/// The same with own options, such as the program's: `plan::Options::default()`.
///
/// # Errors
/// The errors of the requirements, one a line.
pub fn build_with(text: &str, options: &plan::Options) -> Result<Built, String> {
    let reading = requirements::read("req.yaml", text);
    let Some(requirements) = reading.requirements.clone() else {
        let messages: Vec<String> =
            reading.diagnostics.iter().map(|finding| format!("{}: {}", finding.rule.code, finding.message)).collect();
        return Err(messages.join("; "));
    };
    let plan = plan::build(embedded(), &requirements, given(&reading), "req.yaml", &mut Ids::default(), options);
    Ok(Built { requirements, plan })
}

/// The plan as the program prints it.
pub fn markdown(built: &Built, depth: Depth) -> String {
    let page =
        Page { plan: &built.plan, catalogue: embedded(), requirements: &built.requirements, file: "req.yaml", depth };
    document::seal(&render::markdown(&page).expect("the templates are right"))
}

/// Numbers that a variable asks for: `200` are the first so many, `40-79` those from one to the other.
pub fn seeds(asked: &str) -> std::ops::Range<u64> {
    let (first, last) = asked.split_once('-').map_or((0, asked), |(first, last)| (first.parse().unwrap(), last));
    first..last.parse::<u64>().unwrap() + u64::from(asked.contains('-'))
}

/// Runs a check over many cases on two threads and returns what they found, in the order of the cases.
pub fn each<T: Sync>(cases: &[T], check: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let half = cases.len().div_ceil(2).max(1);
    std::thread::scope(|scope| {
        let check = &check;
        let parts: Vec<_> = cases
            .chunks(half)
            .map(|part| scope.spawn(move || part.iter().flat_map(check).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    })
}

/// An example of the project with its plan.
pub fn example(name: &str) -> Built {
    build(&text(&format!("examples/{name}/req.yaml"))).unwrap()
}

/// The file of a path, where the plan has it.
pub fn find<'b>(built: &'b Built, path: &str) -> Option<&'b str> {
    built.plan.artefacts.iter().find(|file| file.path == path).map(|file| file.content.as_str())
}

/// The file of a path.
pub fn content<'b>(built: &'b Built, path: &str) -> &'b str {
    find(built, path).unwrap_or_else(|| panic!("{path} is not among the files"))
}

/// The files whose path is so, one after the other.
pub fn joined(built: &Built, is_so: impl Fn(&str) -> bool) -> String {
    let files = built.plan.artefacts.iter().filter(|file| is_so(&file.path));
    files.map(|file| file.content.as_str()).collect::<Vec<_>>().join("\n")
}

/// The Terraform of a plan, all files together.
pub fn terraform(built: &Built) -> String {
    joined(built, |path| path.ends_with(".tf"))
}

/// The expected value of a fact.
pub fn fact(built: &Built, path: &str) -> f64 {
    let found = built.plan.facts.iter().find(|fact| fact.path == path);
    let value = &found.unwrap_or_else(|| panic!("no fact {path}")).value;
    value.as_f64().or_else(|| value["expected"].as_f64()).unwrap_or_else(|| panic!("{path} is no number: {value}"))
}

/// The body of a resource of Terraform.
pub fn resource<'t>(terraform: &'t str, kind: &str, name: &str) -> &'t str {
    let head = format!("resource \"{kind}\" \"{name}\" {{\n");
    let rest = terraform.split(&head).nth(1).unwrap_or_else(|| panic!("no {kind} {name} in\n{terraform}"));
    rest.split("\n}\n").next().unwrap()
}
