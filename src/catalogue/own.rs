//! Catalogues of an organisation laid over the embedded one: entries replaced or extended by id, policies, templates, every fault with its
//! place. It reads no file itself.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::policy::Policy;
use super::tree::{culprit, find, json};
use super::{Catalogue, load};
use crate::text::{LineIndex, Span, suggest};
use crate::yaml::{self, Data, Node};

/// What the files of an own catalogue hold, by folder or file name.
#[derive(JsonSchema)]
#[schemars(title = "archplan catalogue")]
#[expect(dead_code, reason = "its fields only describe the schema")]
struct Files {
    /// `catalogue.yaml`: the policy.
    catalogue: Policy,
    /// `technologies/<topic>/<id>.yaml`: one candidate each.
    technologies: super::Technology,
    /// `topics/<id>.yaml`: one choice to be made each.
    topics: super::Topic,
    /// `overlays/<id>.yaml`: one each.
    overlays: super::Overlay,
    /// `tasks/<group>/<name>.yaml`: one each.
    tasks: super::TaskEntry,
    /// `rules/<code>-<name>.yaml`: one architecture rule each.
    rules: super::RuleEntry,
    /// `prices/<provider>.yaml`: rows are united with the embedded ones by role and region.
    prices: super::PriceBook,
    /// `controls/<family>.yaml`: a list under `controls`.
    controls: Vec<super::Control>,
    /// `numbers/<family>.yaml`: a list under `numbers`.
    numbers: Vec<super::Number>,
    /// `qa.yaml`: a list under `rows`.
    qa: Vec<super::QaRow>,
    /// `criteria.yaml`: a list under `criteria`.
    criteria: Vec<super::Criterion>,
    /// `defaults.yaml`: a list under `defaults`.
    defaults: Vec<super::DefaultValue>,
    /// `patterns.yaml`: a list of base patterns.
    patterns: Vec<super::Pattern>,
    /// `stages.yaml`: a list of stages.
    stages: Vec<super::Stage>,
}

/// The JSON Schema of an own catalogue: one property per folder or file; an entry with `extends` may leave out what it keeps.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(Files).to_value()
}

/// The embedded entries with this id, key or code; technologies also by their bare id.
#[must_use]
pub fn entry(id: &str) -> Vec<Value> {
    let files = load::embedded_files();
    let mut out = Vec::new();
    for kind in KINDS {
        for value in files.iter().filter(|(name, _)| name.split('/').next() == Some(kind.name)).map(|(_, value)| value)
        {
            let entries = list(value, kind).map_or_else(|| vec![value], |items| items.iter().collect());
            let hit = |value: &&Value| {
                identity(kind, value) == id
                    || (kind.name == "technologies" && value.get("id").and_then(Value::as_str) == Some(id))
            };
            out.extend(entries.into_iter().filter(hit).cloned());
        }
    }
    out
}

/// A file of an own catalogue.
#[derive(Clone, Debug)]
pub struct OwnFile {
    /// Its path as messages name it.
    pub path: String,
    /// Its path below the folder of the catalogue, with `/` and its ending.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What is wrong with a file of an own catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// 1-based line; 0 when the whole file is meant.
    pub line: usize,
    /// 1-based column in characters.
    pub column: usize,
    /// The line of the file.
    pub source: String,
    /// One sentence without a full stop.
    pub message: String,
    /// What to do.
    pub fix: String,
}

/// A kind of entries: its folder or file, the key of its list when one file holds several, and what tells entries apart.
struct Kind {
    name: &'static str,
    list: Option<&'static str>,
    identity: &'static str,
}

const KINDS: &[Kind] = &[
    Kind { name: "technologies", list: None, identity: "id" },
    Kind { name: "topics", list: None, identity: "id" },
    Kind { name: "overlays", list: None, identity: "id" },
    Kind { name: "tasks", list: None, identity: "key" },
    Kind { name: "rules", list: None, identity: "code" },
    Kind { name: "prices", list: None, identity: "provider" },
    Kind { name: "artefacts", list: None, identity: "id" },
    Kind { name: "controls", list: Some("controls"), identity: "key" },
    Kind { name: "numbers", list: Some("numbers"), identity: "id" },
    Kind { name: "figures", list: Some("figures"), identity: "id" },
    Kind { name: "qa", list: Some("rows"), identity: "id" },
    Kind { name: "situations", list: Some("situations"), identity: "id" },
    Kind { name: "levers", list: Some("levers"), identity: "path" },
    Kind { name: "sizes", list: Some("sizes"), identity: "id" },
    Kind { name: "criteria", list: Some("criteria"), identity: "id" },
    Kind { name: "defaults", list: Some("defaults"), identity: "path" },
    Kind { name: "patterns", list: Some(""), identity: "id" },
    Kind { name: "stages", list: Some(""), identity: "number" },
    Kind { name: "decision-tree", list: None, identity: "" },
];

/// The embedded catalogue with the files of own catalogues over it, one list of files per catalogue, the last one strongest.
///
/// # Errors
/// Everything that is wrong in any of the files.
pub fn with(layers: &[Vec<OwnFile>]) -> Result<Catalogue, Vec<Problem>> {
    let mut overlay = Overlay { files: load::embedded_files(), ..Overlay::default() };
    for file in layers.iter().flatten() {
        overlay.add(file);
    }
    if !overlay.problems.is_empty() {
        return Err(overlay.problems);
    }
    let mut catalogue = load::assemble(std::mem::take(&mut overlay.files)).map_err(|fault| vec![whole(&fault)])?;
    catalogue.templates = std::mem::take(&mut overlay.templates);
    for (policy, node, file) in &overlay.policies {
        for (word, message, fix) in policy.apply(&mut catalogue) {
            let span = find(node, &word).unwrap_or(node.span);
            overlay.problems.push(problem(file, span, message, fix));
        }
    }
    if overlay.problems.is_empty() { Ok(catalogue) } else { Err(overlay.problems) }
}

/// A fault that no single file causes.
fn whole(fault: &str) -> Problem {
    Problem {
        path: "catalogue".into(),
        line: 0,
        column: 0,
        source: String::new(),
        message: fault.to_owned(),
        fix: "see docs/catalogue.md".into(),
    }
}

#[derive(Default)]
struct Overlay {
    files: BTreeMap<String, Value>,
    templates: BTreeMap<String, String>,
    policies: Vec<(Policy, Node, OwnFile)>,
    problems: Vec<Problem>,
}

impl Overlay {
    fn add(&mut self, file: &OwnFile) {
        if let Some(name) = file.name.strip_prefix("templates/").and_then(|name| name.strip_suffix(".j2")) {
            self.templates.insert(name.to_owned(), file.text.clone());
            return;
        }
        let parsed = yaml::parse(&file.text);
        for fault in &parsed.faults {
            self.problems.push(problem(file, fault.span, fault.message.clone(), fault.fix.clone()));
        }
        let Some(root) = parsed.root.filter(|_| parsed.faults.is_empty()) else { return };
        let first = file.name.split(['/', '.']).next().unwrap_or_default();
        if first == "catalogue" {
            self.policy(file, root);
            return;
        }
        let Some(kind) = KINDS.iter().find(|kind| kind.name == first) else {
            let near = suggest(first, KINDS.iter().map(|kind| kind.name));
            let fix = near.map_or_else(
                || format!("known here: {}", KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.problems.push(problem(file, root.span, format!("no such kind of entry: `{first}`"), fix));
            return;
        };
        match kind.list {
            None => self.entry(kind, file, &root),
            Some(key) => {
                let list = if key.is_empty() { Some(&root) } else { root.get(key) };
                let Some(list) = list.filter(|list| matches!(list.data, Data::List(_))) else {
                    let wanted = if key.is_empty() {
                        "a list of entries".to_owned()
                    } else {
                        format!("`{key}:` with a list of entries")
                    };
                    self.problems.push(problem(
                        file,
                        root.span,
                        format!("the file must hold {wanted}"),
                        "see docs/catalogue.md",
                    ));
                    return;
                };
                for node in list.items() {
                    self.entry(kind, file, node);
                }
            }
        }
    }

    fn policy(&mut self, file: &OwnFile, root: Node) {
        let value = json(&root);
        let decode =
            |value: &Value| serde_json::from_value::<Policy>(value.clone()).err().map(|error| error.to_string());
        match serde_json::from_value::<Policy>(value.clone()) {
            Ok(policy) => self.policies.push((policy, root, file.clone())),
            Err(error) => {
                let span = culprit(&root, &value, &decode);
                self.problems.push(problem(file, span, error.to_string(), "see docs/catalogue.md, Own catalogues"));
            }
        }
    }

    fn entry(&mut self, kind: &Kind, file: &OwnFile, node: &Node) {
        let mut value = json(node);
        let identity = identity(kind, &value);
        let base = match value.as_object_mut().and_then(|map| map.remove("extends")) {
            // A technology may be named without its topic, as its file states it.
            Some(Value::String(other)) => {
                match self.find(kind, &other).or_else(|| self.find(kind, &beside(&identity, &other))) {
                    Some((name, at)) => self.get(&name, at, kind).cloned(),
                    None => {
                        let known = self.known(kind);
                        let fix = suggest(&other, known.iter().map(String::as_str)).map_or_else(
                            || format!("`archplan patterns list {}` names them", kind.name),
                            |near| format!("did you mean `{near}`?"),
                        );
                        let span = node.get("extends").map_or(node.span, |found| found.span);
                        self.problems.push(problem(file, span, format!("no entry `{other}` to extend"), fix));
                        return;
                    }
                }
            }
            _ => None,
        };
        let found = self.find(kind, &identity);
        let base = base.or_else(|| {
            (kind.name == "prices" || kind.identity.is_empty())
                .then(|| found.clone())
                .flatten()
                .and_then(|(name, at)| self.get(&name, at, kind).cloned())
        });
        let over = |part: &Value| base.clone().map_or_else(|| part.clone(), |base| merged(base, part));
        let whole = over(&value);
        let decode = |part: &Value| load::decodes(kind.name, &over(part)).err();
        if let Err(error) = load::decodes(kind.name, &whole) {
            let span = culprit(node, &value, &decode);
            let fix = near_field(&error)
                .unwrap_or_else(|| format!("`archplan patterns show` prints entries of `{}` that work", kind.name));
            self.problems.push(problem(file, span, error, fix));
            return;
        }
        self.put(kind, found, file, whole);
    }

    /// Where an entry stands: the file and its index in the list.
    fn find(&self, kind: &Kind, wanted: &str) -> Option<(String, Option<usize>)> {
        let files = self.files.iter().filter(|(name, _)| name.split('/').next() == Some(kind.name));
        for (name, value) in files {
            match list(value, kind) {
                None if identity(kind, value) == wanted => return Some((name.clone(), None)),
                None => {}
                Some(items) => {
                    if let Some(at) = items.iter().position(|item| identity(kind, item) == wanted) {
                        return Some((name.clone(), Some(at)));
                    }
                }
            }
        }
        None
    }

    fn known(&self, kind: &Kind) -> Vec<String> {
        let files =
            self.files.iter().filter(|(name, _)| name.split('/').next() == Some(kind.name)).map(|(_, value)| value);
        files
            .flat_map(|value| {
                list(value, kind).map_or_else(
                    || vec![identity(kind, value)],
                    |items| items.iter().map(|item| identity(kind, item)).collect(),
                )
            })
            .collect()
    }

    fn get(&self, name: &str, at: Option<usize>, kind: &Kind) -> Option<&Value> {
        let value = self.files.get(name)?;
        match at {
            None => Some(value),
            Some(at) => list(value, kind)?.get(at),
        }
    }

    fn put(&mut self, kind: &Kind, found: Option<(String, Option<usize>)>, file: &OwnFile, whole: Value) {
        match (found, kind.list) {
            (Some((name, None)), _) => drop(self.files.insert(name, whole)),
            (Some((name, Some(at))), _) => {
                let slot = self
                    .files
                    .get_mut(&name)
                    .and_then(|value| list_mut(value, kind))
                    .and_then(|items| items.get_mut(at));
                if let Some(slot) = slot {
                    *slot = whole;
                }
            }
            (None, None) => {
                let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
                self.files.insert(stem.to_owned(), whole);
            }
            (None, Some(_)) => {
                let first = self.files.iter_mut().find(|(name, _)| name.split('/').next() == Some(kind.name));
                if let Some(items) = first.and_then(|(_, value)| list_mut(value, kind)) {
                    items.push(whole);
                }
            }
        }
    }
}

/// For a key that no entry has: the known one that is nearest.
fn near_field(error: &str) -> Option<String> {
    let mut words = error.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let wrong = words.next()?;
    suggest(wrong, words).map(|near| format!("did you mean `{near}`?"))
}

/// What tells an entry from the others of its kind; technologies are told apart within their topic.
fn identity(kind: &Kind, value: &Value) -> String {
    let text = |key: &str| match value.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    if kind.name == "technologies" { format!("{}/{}", text("topic"), text("id")) } else { text(kind.identity) }
}

/// The identity of another entry of the same topic.
fn beside(identity: &str, other: &str) -> String {
    identity.split_once('/').map_or_else(|| other.to_owned(), |(topic, _)| format!("{topic}/{other}"))
}

fn list<'v>(value: &'v Value, kind: &Kind) -> Option<&'v Vec<Value>> {
    match kind.list? {
        "" => value.as_array(),
        key => value.get(key)?.as_array(),
    }
}

fn list_mut<'v>(value: &'v mut Value, kind: &Kind) -> Option<&'v mut Vec<Value>> {
    match kind.list? {
        "" => value.as_array_mut(),
        key => value.get_mut(key)?.as_array_mut(),
    }
}

/// Mappings are united key by key, price rows by role and region; everything else is replaced.
fn merged(base: Value, over: &Value) -> Value {
    match (base, over) {
        (Value::Object(mut base), Value::Object(over)) => {
            for (key, value) in over {
                let old = base.remove(key);
                let new = match (old, value) {
                    (Some(Value::Array(old)), Value::Array(new)) if key == "prices" => Value::Array(rows(old, new)),
                    (Some(old), value) => merged(old, value),
                    (None, value) => value.clone(),
                };
                base.insert(key.clone(), new);
            }
            Value::Object(base)
        }
        (_, over) => over.clone(),
    }
}

fn rows(old: Vec<Value>, new: &[Value]) -> Vec<Value> {
    let same = |a: &Value, b: &Value| a.get("role") == b.get("role") && a.get("region") == b.get("region");
    let kept = old.into_iter().filter(|row| !new.iter().any(|other| same(row, other)));
    kept.chain(new.iter().cloned()).collect()
}

fn problem(file: &OwnFile, span: Span, message: impl Into<String>, fix: impl Into<String>) -> Problem {
    let place = LineIndex::new(&file.text).position(span.start);
    let source = file.text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default().to_owned();
    Problem {
        path: file.path.clone(),
        line: place.line,
        column: place.column,
        source,
        message: message.into(),
        fix: fix.into(),
    }
}
