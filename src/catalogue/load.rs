//! From the embedded JSON text to checked entries.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Catalogue, Node};

/// What a run needs, straight from the text: lists per folder, single files by name.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Runtime {
    decision_tree: Trees,
    patterns: Vec<super::Pattern>,
    stages: Vec<super::Stage>,
    criteria: Criteria,
    defaults: Defaults,
    qa: Rows,
    figures: Figures,
    regions: super::Regions,
    sizes: Sizes,
    levers: Levers,
    tools: Tools,
    overlays: Vec<super::Overlay>,
    topics: Vec<super::Topic>,
    technologies: Vec<super::Technology>,
    prices: Vec<super::PriceBook>,
    numbers: Vec<Numbers>,
    tasks: Vec<super::TaskEntry>,
    controls: Vec<Controls>,
    rules: Vec<super::RuleEntry>,
    #[serde(default)]
    artefacts: Vec<super::ArtefactEntry>,
}

#[derive(Deserialize)]
struct Levers {
    levers: Vec<super::LeverEntry>,
}

#[derive(Deserialize)]
struct Tools {
    tools: Vec<super::Tool>,
}

#[derive(Deserialize)]
struct Sizes {
    sizes: Vec<super::Size>,
}

#[derive(Deserialize)]
struct Criteria {
    criteria: Vec<super::Criterion>,
}

#[derive(Deserialize)]
struct Defaults {
    defaults: Vec<super::DefaultValue>,
}

#[derive(Deserialize)]
struct Rows {
    rows: Vec<super::QaRow>,
}

#[derive(Deserialize)]
struct Figures {
    figures: Vec<super::FigureEntry>,
}

#[derive(Deserialize)]
struct Numbers {
    numbers: Vec<super::Number>,
}

#[derive(Deserialize)]
struct Controls {
    controls: Vec<super::Control>,
}

/// Decodes the grouped form without a detour over a tree of values.
pub(super) fn runtime(json: &str) -> Result<Catalogue, String> {
    let found: Runtime = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let mut technologies: BTreeMap<String, Vec<super::Technology>> = BTreeMap::new();
    for technology in found.technologies {
        technologies.entry(technology.topic.clone()).or_default().push(technology);
    }
    let numbers = found.numbers.into_iter().flat_map(|file| file.numbers).map(|number| (number.id.clone(), number));
    Ok(sorted(Catalogue {
        trees: found.decision_tree.trees,
        patterns: found.patterns,
        stages: found.stages,
        criteria: found.criteria.criteria,
        defaults: found.defaults.defaults,
        overlays: found.overlays,
        topics: found.topics,
        technologies,
        prices: found.prices.into_iter().map(|book| (book.provider.clone(), book)).collect(),
        numbers: numbers.collect(),
        regions: found.regions,
        sizes: found.sizes.sizes,
        levers: found.levers.levers,
        tools: found.tools.tools,
        tasks: found.tasks,
        controls: found.controls.into_iter().flat_map(|file| file.controls).collect(),
        artefacts: found.artefacts,
        templates: BTreeMap::new(),
        rules: found.rules,
        qa: found.qa.rows,
        figures: found.figures.figures,
    }))
}

fn sorted(mut catalogue: Catalogue) -> Catalogue {
    catalogue.topics.sort_by(|a, b| a.order.total_cmp(&b.order).then_with(|| a.id.cmp(&b.id)));
    catalogue.stages.sort_by_key(|stage| stage.number);
    catalogue.artefacts.sort_by_key(|entry| place(&entry.task));
    catalogue.rules.sort_by(|a, b| a.code.cmp(&b.code));
    catalogue
}

/// Group and number of a task id.
fn place(id: &str) -> (u32, u32) {
    let (head, number) = id.rsplit_once('.').unwrap_or((id, "0"));
    let group = head.rsplit_once('-').map_or("0", |(_, group)| group);
    (group.parse().unwrap_or(0), number.parse().unwrap_or(0))
}

/// The embedded files by name without ending, as values; the list of covered rows is among them.
pub(super) fn embedded_files() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/catalogue.json"))).unwrap_or_default()
}

/// Decodes files by name; file names have no ending.
pub(super) fn assemble(files: BTreeMap<String, Value>) -> Result<Catalogue, String> {
    let mut catalogue = Catalogue::default();
    let mut faults = Vec::new();
    for (name, value) in files {
        if let Err(error) = file(&mut catalogue, &name, value) {
            faults.push(format!("patterns/{name}.yaml: {error}"));
        }
    }
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    Ok(sorted(catalogue))
}

/// Whether an entry of a kind decodes.
pub(super) fn decodes(kind: &str, value: &Value) -> Result<(), String> {
    let list = |key: &str| serde_json::json!({key: [value]});
    let wrapped = match kind {
        "controls" | "numbers" | "levers" | "sizes" | "criteria" | "defaults" | "figures" => list(kind),
        "qa" => list("rows"),
        "patterns" | "stages" => Value::Array(vec![value.clone()]),
        _ => value.clone(),
    };
    file(&mut Catalogue::default(), kind, wrapped)
}

fn file(catalogue: &mut Catalogue, name: &str, value: Value) -> Result<(), String> {
    match name.split('/').next().unwrap_or_default() {
        "decision-tree" => catalogue.trees = one::<Trees>(value)?.trees,
        "patterns" => catalogue.patterns = list(value, "patterns")?,
        "stages" => catalogue.stages = list(value, "stages")?,
        "criteria" => catalogue.criteria = list(value, "criteria")?,
        "defaults" => catalogue.defaults = list(value, "defaults")?,
        "qa" => catalogue.qa = list(value, "rows")?,
        "figures" => catalogue.figures = list(value, "figures")?,
        "levers" => catalogue.levers = list(value, "levers")?,
        "tools" => catalogue.tools = list(value, "tools")?,
        "sizes" => catalogue.sizes = list(value, "sizes")?,
        "regions" => catalogue.regions = one(value)?,
        "overlays" => catalogue.overlays.push(one(value)?),
        "topics" => catalogue.topics.push(one(value)?),
        "technologies" => {
            let technology: super::Technology = one(value)?;
            catalogue.technologies.entry(technology.topic.clone()).or_default().push(technology);
        }
        "prices" => {
            let book: super::PriceBook = one(value)?;
            catalogue.prices.insert(book.provider.clone(), book);
        }
        "numbers" => {
            for number in list::<super::Number>(value, "numbers")? {
                catalogue.numbers.insert(number.id.clone(), number);
            }
        }
        "tasks" => catalogue.tasks.push(one(value)?),
        "coverage" => {}
        "controls" => catalogue.controls.extend(list(value, "controls")?),
        "artefacts" => catalogue.artefacts.push(one(value)?),
        "rules" => catalogue.rules.push(one(value)?),
        other => return Err(format!("no such kind of entry: {other}")),
    }
    Ok(())
}

#[derive(Deserialize)]
struct Trees {
    trees: BTreeMap<String, Vec<Node>>,
}

fn one<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// A list, bare or under its only key.
fn list<T: DeserializeOwned>(value: Value, key: &str) -> Result<Vec<T>, String> {
    match value {
        Value::Object(mut map) => one(map.remove(key).ok_or_else(|| format!("`{key}` is missing"))?),
        bare => one(bare),
    }
}
