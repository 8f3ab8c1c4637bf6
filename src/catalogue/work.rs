//! Entries that ask for work: tasks, controls, architecture rules and rows of the quality checklist.

use std::ops::Deref;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::facts::{Condition, Text};
use crate::packed::Late;

/// What an entry is repeated for.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Once in a plan.
    #[default]
    Plan,
    /// Each domain.
    Domain,
    /// Each entity.
    Entity,
    /// Each integration.
    Integration,
    /// Each workload.
    Workload,
    /// Each event that a domain publishes.
    Event,
    /// Each settled decision.
    Decision,
}

impl Scope {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::Plan, Self::Domain, Self::Entity, Self::Integration, Self::Workload, Self::Event, Self::Decision];
}

/// A task of the catalogue.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskEntry {
    /// Permanent key; instances append the item's name.
    pub key: String,
    /// Id declared for ever.
    #[serde(default)]
    pub id: Option<String>,
    /// Group in which instances get numbers, such as `TASK-3`.
    #[serde(default)]
    pub group: Option<String>,
    /// What it is repeated for.
    #[serde(default, rename = "for")]
    pub scope: Scope,
    /// The shared component that an item describes.
    #[serde(default)]
    pub component: Option<String>,
    /// Place among the items of its section.
    #[serde(default)]
    pub order: f64,
    /// When it belongs in a plan.
    #[serde(default)]
    pub when: Condition,
    /// `core`, `scale` or `optimize`.
    pub phase: String,
    /// Lowest stage at which it applies.
    #[serde(default)]
    pub stage: u8,
    /// Keys of tasks that come first; `item.*` means all with that prefix, `@item` stands for the item of this instance.
    #[serde(default)]
    pub after: Late<Vec<String>>,
    /// What it is called.
    pub title: Text,
    /// Its fields in order.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Text>")]
    pub fields: Late<Fields>,
    /// What proves that it is done.
    #[serde(default)]
    pub done_when: Late<Vec<DoneWhen>>,
    /// Facts that it rests on.
    #[serde(default)]
    pub facts: Late<Vec<String>>,
    /// Features that it serves: `all`, `must` for those, else what a word of the need begins with.
    #[serde(default)]
    pub serves: Late<Vec<String>>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
    /// `required` when a stated fact asks for it; else derived.
    #[serde(default)]
    pub origin: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub doc: Late<String>,
    /// Seed, clause or published evidence.
    #[serde(default)]
    pub source: Late<String>,
    /// First version that had it.
    #[serde(default)]
    pub since: Late<String>,
    /// Requirements and what must come of them.
    #[serde(default)]
    pub examples: Late<Vec<serde_json::Value>>,
}

/// A proof of work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DoneWhen {
    /// `file`, `command`, `block` or `review`.
    pub kind: String,
    /// Path of a file.
    #[serde(default)]
    pub path: Option<Text>,
    /// A command.
    #[serde(default)]
    pub run: Option<Text>,
    /// Exit code of the command.
    #[serde(default)]
    pub exits: Option<i64>,
    /// Id of a block of the plan.
    #[serde(default)]
    pub id: Option<String>,
    /// What a person looks at.
    #[serde(default)]
    pub text: Option<Text>,
}

/// A security or compliance control.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Permanent key.
    pub key: String,
    /// Id declared for ever, in TASK-6.
    pub id: String,
    /// Layer of defence.
    pub layer: String,
    /// What it is called.
    pub title: Text,
    /// When it belongs in a plan.
    #[serde(default)]
    pub when: Condition,
    /// Clauses that it satisfies.
    #[serde(default)]
    pub clauses: Late<Vec<String>>,
    /// What to do.
    #[serde(rename = "do")]
    pub work: Text,
    /// What shows it.
    #[serde(default)]
    pub evidence: Text,
    /// Role that answers for it.
    #[serde(default)]
    pub owner: Late<String>,
    /// What proves that it is done.
    #[serde(default)]
    pub done_when: Late<Vec<DoneWhen>>,
    /// `core`, `scale` or `optimize`.
    pub phase: String,
    /// Keys of tasks that come first.
    #[serde(default)]
    pub after: Late<Vec<String>>,
    /// Facts that it rests on.
    #[serde(default)]
    pub facts: Late<Vec<String>>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
    /// Lowest stage at which it applies.
    #[serde(default)]
    pub stage: u8,
    /// What it is for.
    #[serde(default)]
    pub doc: Late<String>,
    /// Standard or seed.
    #[serde(default)]
    pub source: Late<String>,
    /// First version that had it.
    #[serde(default)]
    pub since: Late<String>,
    /// Requirements and what must come of them.
    #[serde(default)]
    pub examples: Late<Vec<serde_json::Value>>,
}

/// An architecture rule: a finding under a condition.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleEntry {
    /// Letter and three digits.
    pub code: String,
    /// Kebab-case name.
    pub name: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// What it is repeated for.
    #[serde(default, rename = "for")]
    pub scope: Scope,
    /// When it speaks.
    pub when: Condition,
    /// What it says.
    pub message: Text,
    /// What to do.
    pub fix: Text,
    /// Paths of the facts that make it so; the first stated one is the place.
    #[serde(default)]
    pub labels: Late<Vec<String>>,
    /// A word that an editor offers in place of a stated one.
    #[serde(default)]
    pub mend: Option<Mend>,
    /// What it is and why it matters.
    pub doc: Late<String>,
    /// Seed or published evidence.
    pub source: Late<String>,
    /// First version that had it.
    pub since: Late<String>,
    /// Requirements under which it speaks.
    #[serde(default)]
    pub bad: Late<serde_json::Value>,
    /// Requirements under which it is silent.
    #[serde(default)]
    pub good: Late<serde_json::Value>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
}

/// What may stand in place of a stated word.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mend {
    /// Path of the stated word.
    pub path: String,
    /// Path of the fact that says what it may have meant; nothing is offered while it is unknown.
    pub with: String,
}

/// A row of the quality checklist.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QaRow {
    /// `QA-1`...
    pub id: String,
    /// What is checked.
    pub text: Text,
    /// Key prefixes of the tasks that satisfy it; `plan.*`.
    pub tasks: Vec<String>,
    /// When it belongs in a plan.
    #[serde(default)]
    pub when: Condition,
    /// Where it comes from.
    #[serde(default)]
    pub source: Late<String>,
    /// First version that had it.
    #[serde(default)]
    pub since: Late<String>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
}

/// A figure that a plan draws where its condition holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FigureEntry {
    /// Permanent id; the code draws it by this name.
    pub id: String,
    /// Where it stands: `requirements`, `diagram`, `scaling`, `migration`, `priority` or `cost`.
    pub section: String,
    /// The line above it.
    pub title: Text,
    /// When it belongs in a plan.
    pub when: Condition,
    /// What it shows.
    pub doc: Late<String>,
    /// Seed or published evidence.
    pub source: Late<String>,
    /// First version that had it.
    pub since: Late<String>,
    /// Requirements under which it is drawn, and under which it is not.
    #[serde(default)]
    pub examples: Late<Vec<serde_json::Value>>,
}

/// Names of fields with their texts, in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(Vec<(String, Text)>);

impl Deref for Fields {
    type Target = [(String, Text)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

struct Pairs;

impl<'de> serde::de::Visitor<'de> for Pairs {
    type Value = Fields;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("fields with their texts")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut out = Vec::new();
        while let Some(pair) = map.next_entry()? {
            out.push(pair);
        }
        Ok(Fields(out))
    }
}
