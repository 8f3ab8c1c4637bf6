//! Which tasks a feature reaches: the item of its domain, what the catalogue says serves it, and what its own words name.

use super::Task;
use crate::catalogue::Scope;
use crate::requirements::{Feature, Priority, Requirements};
use crate::text::markdown;
use crate::text::names::{stems, words};

/// What a task is repeated for and which needs its entry serves.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub scope: Scope,
    /// Name of the item.
    pub name: String,
    /// As the entry says: `all`, `must`, or what a word of the need begins with.
    pub serves: Vec<String>,
}

/// Ties every feature to its tasks. What a must reaches is done before the first production traffic, whatever its entry says.
pub(super) fn trace(tasks: &mut [Task], requirements: &Requirements) {
    let application = requirements.domains.is_empty();
    for feature in &requirements.features {
        let need = stems(&feature.need);
        let must = is_must(feature);
        let called =
            requirements.api.endpoints.iter().any(|endpoint| endpoint.feature.as_deref() == Some(&*feature.id));
        for task in tasks.iter_mut() {
            let reached = match (task.key.as_str(), task.about.scope) {
                ("item.app", _) => application,
                ("plan.api", _) if called => true,
                (_, Scope::Plan) => serves(&task.about.serves, &need, must),
                (_, Scope::Domain) => {
                    is_item(task) && feature.domain.as_ref().is_none_or(|own| *own == task.about.name)
                }
                (_, scope) => concerns(requirements, scope, &task.about.name, feature, &need) && is_first(task),
            };
            if reached {
                task.features.push(feature.id.clone());
                if must {
                    task.phase = "core".into();
                }
            }
        }
    }
    for task in tasks.iter_mut().filter(|task| !task.features.is_empty() && is_item(task)) {
        let of = |id: &String| requirements.features.iter().find(|feature| feature.id == *id).map(describe);
        task.fields.push(("Features".into(), task.features.iter().filter_map(of).collect::<Vec<_>>().join("; ")));
    }
}

fn is_must(feature: &Feature) -> bool {
    feature.priority.unwrap_or(Priority::Must) == Priority::Must
}

fn is_item(task: &Task) -> bool {
    task.id.starts_with("ARCH-ITEM")
}

/// Of several tasks about one item the one that makes it.
fn is_first(task: &Task) -> bool {
    is_item(task) || task.about.scope == Scope::Entity
}

fn serves(words: &[String], need: &[String], must: bool) -> bool {
    words.iter().any(|word| match word.as_str() {
        "all" => true,
        "must" => must,
        word => need.iter().any(|of_need| of_need.starts_with(word)),
    })
}

/// Whether a need names an entity, a workload or a system of others, and no other domain owns it.
fn concerns(requirements: &Requirements, scope: Scope, name: &str, feature: &Feature, need: &[String]) -> bool {
    let named = |text: &str| stems(&words(text).join(" ")).iter().any(|word| need.contains(word));
    let (about, domain) = match scope {
        Scope::Entity => {
            let found = requirements.entities.iter().find(|entity| entity.name == name);
            (named(name), found.and_then(|entity| entity.domain.as_deref()))
        }
        Scope::Workload => {
            let found = requirements.workloads.iter().find(|workload| workload.name == name);
            (named(name), found.and_then(|workload| workload.domain.as_deref()))
        }
        Scope::Integration => {
            let Some(found) = requirements.integrations.iter().find(|system| system.name == name) else { return false };
            let caller = found.caller(&requirements.domains).map(|domain| domain.name.as_str());
            (named(name) || found.purpose.as_deref().is_some_and(named), caller)
        }
        _ => return false,
    };
    about && feature.domain.as_deref().zip(domain).is_none_or(|(own, other)| own == other)
}

fn describe(feature: &Feature) -> String {
    let priority = feature.priority.map_or("must", |priority| priority.as_str());
    format!("{} ({priority}): {}", markdown::prose(&feature.id), markdown::prose(&feature.need))
}
