//! The policy of an organisation: what is forbidden, asked for everywhere, weighed and limited differently.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::choice::Reason;
use super::{Catalogue, RuleEntry};
use crate::facts::{Condition, Text};
use crate::packed::Late;
use crate::text::suggest;

/// The file `catalogue.yaml` of an own catalogue.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whose catalogue it is.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub doc: String,
    /// Folders of catalogues that this one builds on, relative to this file; read before it.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Technologies that no plan may choose; one that is stated nevertheless becomes an error.
    #[serde(default)]
    pub forbid: Vec<Forbidden>,
    /// Keys of tasks and controls that stand in every plan.
    #[serde(default)]
    pub require: Vec<String>,
    /// Expected values of numbers by id, such as `app.cpu-target: 0.5`.
    #[serde(default)]
    pub thresholds: BTreeMap<String, f64>,
    /// Weights of the ranking criteria by id, 0 or more.
    #[serde(default)]
    pub weights: BTreeMap<String, f64>,
}

/// A technology that an organisation does not allow.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forbidden {
    /// The topic, such as `database`.
    pub topic: String,
    /// Its id, such as `mongodb`.
    pub technology: String,
    /// Why, as the plan says it.
    pub because: String,
}

impl Policy {
    /// Applies the policy; each fault is the word that is wrong, what is wrong, and what to do.
    pub(super) fn apply(&self, catalogue: &mut Catalogue) -> Vec<(String, String, String)> {
        let mut faults = Vec::new();
        for forbidden in &self.forbid {
            faults.extend(self.forbid(forbidden, catalogue));
        }
        for key in &self.require {
            faults.extend(require(key, catalogue));
        }
        for (id, value) in &self.thresholds {
            match catalogue.numbers.get_mut(id) {
                Some(number) => {
                    number.expected = *value;
                    number.low = number.low.map(|low| low.min(*value));
                    number.high = number.high.map(|high| high.max(*value));
                    number.source = format!("policy of {}", self.name).into();
                }
                None => faults.push(unknown("number", id, catalogue.numbers.keys().map(String::as_str))),
            }
        }
        for (id, weight) in &self.weights {
            match catalogue.criteria.iter_mut().find(|criterion| criterion.id == *id) {
                Some(criterion) if *weight >= 0.0 => criterion.weight = *weight,
                Some(_) => {
                    faults.push((id.clone(), format!("the weight of `{id}` is below 0"), "write 0 or more".into()))
                }
                None => faults.push(unknown("criterion", id, catalogue.criteria.iter().map(|entry| entry.id.as_str()))),
            }
        }
        faults
    }

    fn forbid(&self, forbidden: &Forbidden, catalogue: &mut Catalogue) -> Option<(String, String, String)> {
        let (topic, id) = (&forbidden.topic, &forbidden.technology);
        let topics = catalogue.topics.iter().map(|topic| topic.id.as_str());
        let Some(candidates) = catalogue.technologies.get_mut(topic) else {
            return Some(unknown("topic", topic, topics));
        };
        let names = candidates.iter().map(|candidate| candidate.id.clone()).collect::<Vec<_>>();
        let Some(found) = candidates.iter_mut().find(|candidate| candidate.id == *id) else {
            return Some(unknown("technology", id, names.iter().map(String::as_str)));
        };
        let because = Text::literal(format!("forbidden by the policy of {}: {}", self.name, forbidden.because));
        let reason = Reason { when: Condition::Always, because, source: Late::default() };
        found.change(|technology| technology.rejected_when.push(reason));
        let message = Text::literal(format!(
            "{} is chosen, and the policy of {} forbids it: {}",
            found.name, self.name, forbidden.because
        ));
        let when = serde_json::from_value::<Condition>(format!("selection.{topic} = {id}").into()).ok()?;
        let count = catalogue.rules.iter().filter(|rule| rule.code.starts_with('O')).count() + 1;
        catalogue.rules.push(RuleEntry {
            code: format!("O{count:03}"),
            name: format!("forbidden-{id}"),
            severity: "error".into(),
            scope: super::Scope::Plan,
            when,
            message,
            fix: Text::literal("take the statement back, or have the policy changed"),
            labels: vec![format!("stack.{topic}"), format!("decisions[{topic}]")].into(),
            mend: None,
            doc: forbidden.because.clone().into(),
            source: format!("policy of {}", self.name).into(),
            since: "own".to_owned().into(),
            bad: Late::default(),
            good: Late::default(),
            covers: Late::default(),
        });
        None
    }
}

fn require(key: &str, catalogue: &mut Catalogue) -> Option<(String, String, String)> {
    if let Some(task) = catalogue.tasks.iter_mut().find(|task| task.key == key) {
        (task.when, task.stage) = (Condition::Always, 0);
        return None;
    }
    if let Some(control) = catalogue.controls.iter_mut().find(|control| control.key == key) {
        (control.when, control.stage) = (Condition::Always, 0);
        return None;
    }
    let keys = catalogue
        .tasks
        .iter()
        .map(|task| task.key.as_str())
        .chain(catalogue.controls.iter().map(|control| control.key.as_str()));
    Some(unknown("task or control", key, keys))
}

fn unknown<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str>) -> (String, String, String) {
    let fix = suggest(word, known)
        .map_or_else(|| "`archplan patterns list` names them".to_owned(), |near| format!("did you mean `{near}`?"));
    (word.to_owned(), format!("no {what} `{word}`"), fix)
}
