//! Architecture rules: findings under conditions over facts, with their waivers.

use serde::Serialize;

use super::explained;
use crate::catalogue::{Catalogue, RuleEntry, Scope};
use crate::facts::{Facts, Origin};
use crate::requirements::{Requirements, Waiver};

/// What a rule says about the requirements.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Permanent code.
    pub rule: String,
    /// Kebab-case name.
    pub name: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// One sentence.
    pub message: String,
    /// Name of the requirements file, as given.
    pub path: String,
    /// Line of the first stated fact behind it; 1 when none is stated.
    pub line: usize,
    /// Its column.
    pub column: usize,
    /// What to do.
    pub fix: String,
    /// Paths of the facts behind it.
    pub facts: Vec<String>,
    /// Path of a stated word, and what it may have meant.
    #[serde(skip)]
    pub mend: Option<(String, String)>,
    /// Who accepted it, until when and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived: Option<String>,
}

/// The items that an entry is repeated for: path and name; one empty path for the whole plan.
pub(crate) fn items(requirements: &Requirements, scope: Scope) -> Vec<Item> {
    let of = |list: &str, names: Vec<&String>| {
        names.into_iter().map(|name| (Some(format!("{list}[{name}]")), name.clone())).collect()
    };
    match scope {
        Scope::Plan => vec![(None, String::new())],
        Scope::Domain => of("domains", requirements.domains.iter().map(|item| &item.name).collect()),
        Scope::Entity => of("entities", requirements.entities.iter().map(|item| &item.name).collect()),
        Scope::Integration => of("integrations", requirements.integrations.iter().map(|item| &item.name).collect()),
        Scope::Event => of("events", published(requirements)),
        Scope::Decision => of("decisions", requirements.decisions.iter().map(|item| &item.topic).collect()),
        Scope::Workload => of("workloads", requirements.workloads.iter().map(|item| &item.name).collect()),
    }
}

/// Path and name of what an entry is repeated for; no path for the whole plan.
pub(crate) type Item = (Option<String>, String);

/// The items of every scope, found once: entries are many.
pub(crate) struct Items(Vec<(Scope, Vec<Item>)>);

impl Items {
    /// All that some requirements have.
    pub fn of(requirements: &Requirements) -> Self {
        Self(Scope::ALL.into_iter().map(|scope| (scope, items(requirements, scope))).collect())
    }

    /// Each item that an entry is repeated for.
    pub fn each(&self, scope: Scope) -> &[Item] {
        self.0.iter().find(|(known, _)| *known == scope).map_or(&[], |(_, items)| items)
    }
}

/// Events by their first publisher, each once.
fn published(requirements: &Requirements) -> Vec<&String> {
    let mut out: Vec<&String> = Vec::new();
    for event in requirements.domains.iter().flat_map(|domain| &domain.publishes) {
        if !out.contains(&event) {
            out.push(event);
        }
    }
    out
}

/// All findings of family A, errors first, then by code and item.
pub(super) fn collect(facts: &Facts, catalogue: &Catalogue, requirements: &Requirements, file: &str) -> Vec<Finding> {
    let mut out = Vec::new();
    let items = Items::of(requirements);
    for rule in catalogue.rules.iter().filter(|rule| rule.scope == Scope::Plan || !rule.when.is_barred(facts)) {
        for (scope, name) in items.each(rule.scope) {
            if rule.when.holds(facts, scope.as_deref()) {
                out.push(finding(facts, rule, scope.as_deref(), name, requirements, file));
            }
        }
    }
    let weight = |severity: &str| ["error", "warning", "info"].iter().position(|word| *word == severity).unwrap_or(3);
    out.sort_by_key(|finding: &Finding| weight(&finding.severity));
    out
}

fn finding(
    facts: &Facts,
    rule: &RuleEntry,
    scope: Option<&str>,
    name: &str,
    requirements: &Requirements,
    file: &str,
) -> Finding {
    let paths: Vec<String> =
        rule.labels.iter().map(|path| crate::facts::condition::in_scope(path, scope).into_owned()).collect();
    let place = paths.iter().find_map(|path| match facts.get(path)?.origin {
        Origin::Given { line, column, .. } if line > 0 => Some((line, column)),
        _ => None,
    });
    let (line, column) = place.unwrap_or((1, 1));
    let meant = |target: Option<&str>| target.is_none_or(|target| name.is_empty() || target == name);
    let accepts = |waiver: &&Waiver| waiver.rule == rule.name || waiver.rule == rule.code;
    let waiver = requirements.waivers.iter().filter(accepts).find(|waiver| meant(waiver.target.as_deref()));
    let waived = waiver.map(|waiver| {
        let owner = waiver.owner.as_deref().unwrap_or("nobody named");
        let until = waiver.until.map_or_else(|| "without end".to_string(), |date| format!("until {date}"));
        format!("accepted by {owner} {until}: {}", waiver.because.as_deref().unwrap_or("no reason given"))
    });
    Finding {
        rule: rule.code.clone(),
        name: rule.name.clone(),
        severity: if waived.is_some() { "info".into() } else { rule.severity.clone() },
        message: explained(&rule.message, facts, scope),
        path: file.to_string(),
        line,
        column,
        fix: explained(&rule.fix, facts, scope),
        facts: paths,
        mend: rule.mend.as_ref().and_then(|mend| {
            let of = |path: &str| crate::facts::condition::in_scope(path, scope).into_owned();
            Some((of(&mend.path), facts.word(&of(&mend.with))?.to_owned()))
        }),
        waived,
    }
}
