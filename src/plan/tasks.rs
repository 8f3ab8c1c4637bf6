//! Tasks: entries of the catalogue whose conditions hold, with their texts, ids and order.

use std::collections::BTreeMap;

use serde::Serialize;

use super::code::{self, Embedded};
use super::features::{self, About};
use crate::artefact::{Check, Made};
use crate::catalogue::{Catalogue, Control, DoneWhen, Scope, TaskEntry};
use crate::engine::findings::items;
use crate::engine::items::MARKDOWN;
use crate::facts::condition::in_scope;
use crate::facts::{Fact, Facts, Text};
use crate::identity::Ids;
use crate::quantity::Value;
use crate::requirements::Requirements;
use crate::text::markdown;
use crate::text::slug;

/// A checkbox of the plan.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// Permanent id.
    pub id: String,
    /// Permanent key.
    pub key: String,
    /// Its title, Markdown.
    pub title: String,
    /// The heading it stands under.
    pub section: String,
    /// Number of its group.
    pub group: u32,
    /// `core`, `scale` or `optimize`.
    pub phase: String,
    /// 1 can start at once; a later one waits for the wave before.
    pub wave: u32,
    /// Lowest stage at which it applies.
    pub stage: u8,
    /// Ids of tasks that come first.
    pub after: Vec<String>,
    /// Features that it delivers.
    pub features: Vec<String>,
    /// Paths of the facts that it rests on.
    pub facts: Vec<String>,
    /// The catalogue entry.
    pub rules: Vec<String>,
    /// Its fields in order, Markdown.
    #[serde(serialize_with = "as_map")]
    pub fields: Vec<(String, String)>,
    /// What proves that it is done.
    pub done_when: Vec<Done>,
    /// `required` when a stated fact asks for it, else `derived`.
    pub origin: &'static str,
    /// Always none in a fresh plan.
    pub status: Option<String>,
    /// Always false in a fresh plan.
    pub done: bool,
    /// Layer of defence of a control.
    #[serde(skip)]
    pub layer: Option<String>,
    /// Keys of tasks that come first, as declared.
    /// Shown in a full plan only.
    #[serde(skip)]
    pub full: bool,
    #[serde(skip)]
    pub(super) after_keys: Vec<String>,
    #[serde(skip)]
    pub(super) about: About,
    #[serde(skip)]
    order: (u8, u32, u32),
}

/// A proof of work.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    /// `file`, `command`, `block` or `review`.
    pub kind: String,
    /// The path, command, block id or text, unescaped.
    #[serde(rename = "what")]
    pub what: String,
    /// Exit code of a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exits: Option<i64>,
}

impl Done {
    /// A file that must be there.
    #[must_use]
    pub fn file(path: &str) -> Self {
        Self { kind: "file".into(), what: path.to_string(), exits: None }
    }
}

fn as_map<S: serde::Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, text)| (name, text)))
}

/// Whether a key prefix such as `item.*` or a whole key names a key.
pub(super) fn matches(pattern: &str, key: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => key.starts_with(prefix),
        None => key == pattern,
    }
}

/// The tasks of the catalogue, with their ids and not yet in order. Embedded files name them and so come after.
pub(super) fn stated(catalogue: &Catalogue, requirements: &Requirements, facts: &Facts, ids: &mut Ids) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut entries: Vec<&TaskEntry> = catalogue.tasks.iter().collect();
    // Domains come first so that on first generation item groups follow the file; shared components by their order.
    entries
        .sort_by(|a, b| (a.scope != Scope::Domain).cmp(&(b.scope != Scope::Domain)).then(a.order.total_cmp(&b.order)));
    for entry in entries {
        for (scope, name) in items(requirements, entry.scope) {
            tasks.extend(task(entry, facts, scope.as_deref(), &name, ids));
        }
    }
    for control in catalogue.controls.iter().filter(|control| control.when.holds(facts, None)) {
        tasks.extend(control_task(control, facts, ids));
    }
    tasks
}

/// Every `make` target that a task names as its proof, once.
pub(super) fn checks(tasks: &[Task]) -> Vec<Check> {
    let mut out: Vec<Check> = Vec::new();
    for task in tasks {
        let commands = task.done_when.iter().filter(|done| done.kind == "command");
        for target in commands.filter_map(|done| done.what.strip_prefix("make ")) {
            // What people wrote has passed through a slug; anything else would not be a target.
            let sound = target.chars().all(|c| c.is_alphanumeric() || c == '-');
            if sound && !out.iter().any(|known| known.target == target) {
                out.push(Check { target: target.to_string(), task: task.id.clone() });
            }
        }
    }
    out
}

/// All tasks in the order of the plan; `made` are embedded files, which come back with their tasks' ids.
pub(super) fn build(
    mut tasks: Vec<Task>,
    requirements: &Requirements,
    facts: &Facts,
    ids: &mut Ids,
    made: &Made,
) -> (Vec<Task>, Vec<Embedded>) {
    let (code, embedded) = code::tasks(made, facts, ids);
    tasks.extend(code);
    tasks.sort_by_key(|task| task.order);
    wait_for_files(&mut tasks, &embedded);
    link(&mut tasks);
    features::trace(&mut tasks, requirements);
    (tasks, embedded)
}

/// Facts inside texts are escaped for Markdown when people wrote them; numbers and catalogue words are ours.
fn print(fact: &Fact) -> String {
    match &fact.value {
        Value::Text(text) if fact.rule == MARKDOWN => text.to_string(),
        Value::Text(text) => markdown::prose(text),
        Value::List(words) => words.iter().map(|word| markdown::prose(word)).collect::<Vec<_>>().join(", "),
        _ => fact.human(),
    }
}

pub(super) fn fill(text: &Text, facts: &Facts, scope: Option<&str>) -> Option<String> {
    match text.fill(facts, scope, &print) {
        Ok(filled) => filled,
        Err(path) => Some(format!("unknown: `{path}` is not stated")),
    }
}

fn plain(text: &Text, facts: &Facts, scope: Option<&str>) -> String {
    text.fill(facts, scope, &Fact::human).ok().flatten().unwrap_or_default()
}

/// The key of an entry's task about one thing; `name` is its [`slug`].
pub(super) fn instance_key(entry: &str, name: &str) -> String {
    format!("{entry}.{name}")
}

fn task(entry: &TaskEntry, facts: &Facts, scope: Option<&str>, name: &str, ids: &mut Ids) -> Option<Task> {
    let stage = facts.number("stage.number").unwrap_or(1.0);
    if stage < f64::from(entry.stage) && entry.phase == "core" || !entry.when.holds(facts, scope) {
        return None;
    }
    let key = if scope.is_some() { instance_key(&entry.key, &slug(name)) } else { entry.key.clone() };
    let declared = if scope.is_some() { None } else { entry.id.as_deref() };
    let group = entry
        .group
        .clone()
        .or_else(|| entry.id.as_ref().and_then(|id| id.rsplit_once('.').map(|(group, _)| group.to_string())))?;
    let id = ids.id(&key, declared, &group);
    let fields =
        entry.fields.iter().filter_map(|(label, text)| Some((label.clone(), fill(text, facts, scope)?))).collect();
    let origin = if entry.origin.as_deref() == Some("required") || scope.is_some() { "required" } else { "derived" };
    let title = fill(&entry.title, facts, scope).unwrap_or_default();
    let mut task = blank(id, key, title, entry.phase.clone(), origin);
    task.stage = entry.stage.max(1);
    task.facts = paths(&entry.facts, entry.fields.iter().map(|(_, text)| text).chain([&entry.title]), facts, scope);
    task.rules = vec![format!("tasks/{}", entry.key)];
    task.fields = fields;
    task.done_when = proofs(&entry.done_when, facts, scope);
    task.after_keys = entry.after.iter().map(|key| key.replace("@item", &slug(name))).collect();
    task.about = About { scope: entry.scope, name: name.to_string(), serves: entry.serves.to_vec() };
    Some(task)
}

fn control_task(control: &Control, facts: &Facts, ids: &mut Ids) -> Option<Task> {
    let id = ids.id(&control.key, Some(&control.id), "TASK-6");
    let required = !control.clauses.is_empty();
    let mut task = blank(
        id,
        control.key.clone(),
        fill(&control.title, facts, None)?,
        control.phase.clone(),
        if required { "required" } else { "derived" },
    );
    task.stage = control.stage.max(1);
    task.fields.push(("Layer".into(), control.layer.clone()));
    task.fields.push(("Do".into(), fill(&control.work, facts, None)?));
    if required {
        task.fields.push(("Clause".into(), control.clauses.join("; ")));
    }
    if let Some(evidence) = fill(&control.evidence, facts, None).filter(|text| !text.is_empty()) {
        task.fields.push(("Evidence".into(), evidence));
    }
    if !control.owner.is_empty() {
        task.fields.push(("Owner".into(), control.owner.to_string()));
    }
    task.facts = paths(&control.facts, [&control.work, &control.title, &control.evidence].into_iter(), facts, None);
    task.rules = vec![format!("controls/{}", control.key)];
    task.done_when = proofs(&control.done_when, facts, None);
    task.after_keys.clone_from(&control.after);
    task.layer = Some(control.layer.clone());
    Some(task)
}

pub(super) fn blank(id: String, key: String, title: String, phase: String, origin: &'static str) -> Task {
    let order = place(&id);
    let section = section(&id);
    Task {
        group: order.1,
        section: section.to_string(),
        id,
        key,
        title,
        phase,
        wave: 1,
        stage: 1,
        after: Vec::new(),
        features: Vec::new(),
        facts: Vec::new(),
        rules: Vec::new(),
        fields: Vec::new(),
        done_when: Vec::new(),
        origin,
        status: None,
        done: false,
        layer: None,
        full: false,
        after_keys: Vec::new(),
        about: About::default(),
        order,
    }
}

/// Declared facts and those that the texts name, known ones only, each once.
pub(super) fn paths<'t>(
    declared: &'t [String],
    texts: impl Iterator<Item = &'t Text>,
    facts: &Facts,
    scope: Option<&str>,
) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for path in declared.iter().map(String::as_str).chain(texts.flat_map(Text::paths)) {
        let path = in_scope(path, scope).into_owned();
        if facts.get(&path).is_some() && !out.contains(&path) {
            out.push(path);
        }
    }
    out
}

pub(super) fn proofs(done_when: &[DoneWhen], facts: &Facts, scope: Option<&str>) -> Vec<Done> {
    let proof = |done: &DoneWhen| {
        let text = [&done.path, &done.run, &done.text].into_iter().flatten().next();
        let what = text.map(|text| plain(text, facts, scope)).or_else(|| done.id.clone())?;
        Some(Done { kind: done.kind.clone(), what, exits: (done.kind == "command").then(|| done.exits.unwrap_or(0)) })
    };
    done_when.iter().filter_map(proof).collect()
}

/// Place of an id: kind, group, number.
fn place(id: &str) -> (u8, u32, u32) {
    let (head, number) = id.rsplit_once('.').unwrap_or((id, "0"));
    let (kind, group) = head.rsplit_once('-').unwrap_or((head, "0"));
    let kind = ["ARCH-PLAN", "ARCH-ITEM", "TASK", "CODE"].iter().position(|known| *known == kind).unwrap_or(4);
    (u8::try_from(kind).unwrap_or(4), group.parse().unwrap_or(0), number.parse().unwrap_or(0))
}

fn section(id: &str) -> &'static str {
    match place(id) {
        (0, ..) => "Architecture Plan",
        (1, ..) => "Architecture Items",
        (2, 1, _) => "Requirements Analysis",
        (2, 2, _) => "Architecture Design",
        (2, 3, _) => "Implementation Planning",
        (2, 4, _) => "Performance Engineering",
        (2, 5, _) => "Deployment and Operations",
        (2, 6, _) => "Security Measures",
        (2, 7, _) => "Migration",
        _ => "Proposed Code Changes",
    }
}

/// A task that a file proves, or a script that it runs, waits for the embedded files that bring it.
fn wait_for_files(tasks: &mut [Task], embedded: &[Embedded]) {
    let keys: BTreeMap<String, String> = tasks
        .iter()
        .filter(|task| task.id.starts_with("CODE") && !task.full)
        .map(|task| (task.id.clone(), task.key.clone()))
        .collect();
    let brings = |what: &str| {
        let within = |path: &str| path.strip_prefix(what).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        embedded.iter().find(|file| within(&file.path)).and_then(|file| keys.get(&file.task)).cloned()
    };
    for task in tasks.iter_mut().filter(|task| !task.id.starts_with("CODE")) {
        let named = task.done_when.iter().flat_map(|done| match done.kind.as_str() {
            "file" => vec![done.what.as_str()],
            "command" => done.what.split_whitespace().filter(|word| word.contains('/')).collect(),
            _ => Vec::new(),
        });
        let found: Vec<String> = named.filter_map(brings).collect();
        task.after_keys.extend(found);
    }
}

/// Resolves keys to ids and computes waves as longest paths; an edge that would close a cycle is left out.
fn link(tasks: &mut [Task]) {
    let ids: BTreeMap<String, String> = tasks.iter().map(|task| (task.key.clone(), task.id.clone())).collect();
    for task in tasks.iter_mut() {
        let mut after: Vec<String> = Vec::new();
        for pattern in &task.after_keys {
            // Keys that match stand side by side.
            let first = pattern.strip_suffix('*').unwrap_or(pattern);
            let found = ids.range(first.to_owned()..).take_while(|(key, _)| matches(pattern, key));
            after.extend(found.filter(|(key, _)| **key != task.key).map(|(_, id)| id.clone()));
        }
        after.sort_by_key(|id| place(id));
        after.dedup();
        task.after = after;
    }
    let mut edges: BTreeMap<String, Vec<String>> =
        tasks.iter().map(|task| (task.id.clone(), task.after.clone())).collect();
    let mut waves: BTreeMap<String, u32> = BTreeMap::new();
    let all: Vec<String> = edges.keys().cloned().collect();
    for id in all {
        wave(&id, &mut edges, &mut waves, &mut Vec::new());
    }
    for task in tasks.iter_mut() {
        task.after = edges.remove(&task.id).unwrap_or_default();
        task.wave = waves.get(&task.id).copied().unwrap_or(1);
    }
}

fn wave(
    id: &str,
    edges: &mut BTreeMap<String, Vec<String>>,
    waves: &mut BTreeMap<String, u32>,
    open: &mut Vec<String>,
) -> u32 {
    if let Some(known) = waves.get(id) {
        return *known;
    }
    open.push(id.to_string());
    let before = edges.get(id).cloned().unwrap_or_default();
    let kept: Vec<String> = before.into_iter().filter(|other| !open.contains(other)).collect();
    let deepest = kept.iter().map(|other| wave(other, edges, waves, open)).max().unwrap_or(0);
    open.pop();
    edges.insert(id.to_string(), kept);
    waves.insert(id.to_string(), deepest + 1);
    deepest + 1
}
