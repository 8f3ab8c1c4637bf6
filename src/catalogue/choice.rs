//! Entries that decide: tree nodes, patterns, stages, criteria, overlays, topics and technologies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::facts::{Condition, Text};
use crate::packed::Late;
use crate::quantity::{Kind, Units, parse};

/// A node of a decision tree.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Permanent id.
    pub id: String,
    /// What it asks.
    pub question: Late<String>,
    /// When the answer is yes.
    pub when: Condition,
    /// The pattern that a yes gives; `None` for a guard.
    pub outcome: Option<String>,
    /// Nodes that a guard's yes skips.
    #[serde(default)]
    pub guards: Vec<String>,
    /// Why a yes gives this outcome.
    pub because: Text,
    /// What it is for.
    #[serde(default)]
    pub doc: Late<String>,
    /// Requirements and what must come of them.
    #[serde(default)]
    pub examples: Late<Vec<serde_json::Value>>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
    /// Seed or published evidence.
    pub source: Late<String>,
    /// First version that had it.
    pub since: Late<String>,
}

/// A base pattern.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// Permanent id.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// What it is.
    pub doc: Late<String>,
    /// What it gives.
    pub pros: Late<Vec<String>>,
    /// What it costs.
    pub cons: Late<Vec<String>>,
    /// Its effect on money.
    pub cost: String,
    /// What one domain runs as.
    pub runs_as: String,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
    /// Seed or published evidence.
    pub source: Late<String>,
    /// First version that had it.
    pub since: Late<String>,
}

/// A scaling stage.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Permanent id.
    #[serde(default)]
    pub id: String,
    /// 1 to 5.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// Least monthly users, inclusive.
    #[serde(deserialize_with = "count")]
    #[schemars(with = "String")]
    pub users_from: f64,
    /// Monthly cost that the seed names, in US dollars.
    pub seed_cost: SeedCost,
    /// How it scales.
    pub approach: String,
    /// What it is made of.
    pub components: Vec<Component>,
    /// The metric that opens it.
    pub opens_when: Text,
    /// What it is for.
    #[serde(default)]
    pub doc: Late<String>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
    /// Where it comes from.
    #[serde(default)]
    pub source: Late<String>,
    /// First version that had it.
    #[serde(default)]
    pub since: Late<String>,
}

/// A part that a stage brings.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// As people call it.
    pub name: String,
    /// When a plan has it, whatever its stage.
    pub there: Condition,
}

/// A monthly cost range in US dollars.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub struct SeedCost {
    /// Least.
    pub low: f64,
    /// Most.
    pub high: f64,
}

/// What candidates are ranked by.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// `fit`, `operations`, `knows`, `cost`, `lock-in` or `preference`.
    pub id: String,
    /// Its weight.
    pub weight: f64,
    /// What it measures.
    pub doc: Late<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: Late<String>,
    /// First version that had it.
    #[serde(default)]
    pub since: Late<String>,
}

/// Something that combines with any base pattern.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// Permanent id.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Lowest stage at which it is taken.
    #[serde(default)]
    pub min_stage: u8,
    /// When it is taken.
    pub when: Condition,
    /// Why.
    pub because: Text,
    /// Why not.
    #[serde(default)]
    pub not_because: Text,
    /// What it is.
    pub doc: Late<String>,
    /// Seed or published evidence.
    pub source: Late<String>,
    /// First version that had it.
    pub since: Late<String>,
    /// Requirements and what must come of them.
    #[serde(default)]
    pub examples: Late<Vec<serde_json::Value>>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
}

/// A choice to be made.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Permanent id.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// What people call it too, for a word that is no topic.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Place in the order of decisions.
    pub order: f64,
    /// Decided before the tree, from stated facts alone.
    #[serde(default)]
    pub early: bool,
    /// When something must be chosen.
    pub needed_when: Condition,
    /// Why nothing is needed otherwise.
    #[serde(default)]
    pub not_needed: Text,
    /// Capabilities that candidates must have.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Least margin of a clear winner.
    #[serde(default = "margin")]
    pub margin: f64,
    /// Requirement key that decides when it names a candidate.
    #[serde(default)]
    pub stated: Option<String>,
    /// Whether the embedded infrastructure makes the machines of an offer that is on own machines.
    #[serde(default)]
    pub own_machines: bool,
    /// What is decided.
    pub doc: Late<String>,
    /// Seed or published evidence.
    pub source: Late<String>,
    /// First version that had it.
    pub since: Late<String>,
    /// Requirements and what must come of them.
    #[serde(default)]
    pub examples: Late<Vec<serde_json::Value>>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
}

/// A capability that candidates must have under a condition.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// When it is needed.
    pub when: Condition,
    /// The capability.
    pub capability: String,
    /// Why.
    pub because: Text,
}

/// A candidate of a topic.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Technology {
    /// Permanent id, unique in its topic.
    pub id: String,
    /// Its topic.
    pub topic: String,
    /// As people write it.
    pub name: String,
    /// Family, such as `relational`.
    #[serde(default)]
    pub kind: String,
    /// What it is and when it is the wrong choice.
    pub doc: Late<String>,
    /// Other names in `team.knows`, preferences and `existing.keep`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What it can do.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Numbers and words that mechanisms read.
    #[serde(default)]
    pub attributes: Late<BTreeMap<String, serde_json::Value>>,
    /// What can be had where; `any` is everywhere.
    pub offers: BTreeMap<String, Late<Offer>>,
    /// What rules it out.
    #[serde(default)]
    pub rejected_when: Vec<Reason>,
    /// How well it serves.
    pub fit: Fit,
    /// What it gives.
    #[serde(default)]
    pub pros: Late<Vec<String>>,
    /// What it costs.
    #[serde(default)]
    pub cons: Late<Vec<String>>,
    /// Seed or published evidence.
    pub source: Late<String>,
    /// First version that had it.
    pub since: Late<String>,
    /// Requirements and what must come of them.
    #[serde(default)]
    pub examples: Late<Vec<serde_json::Value>>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
}

/// What a provider sells of a technology.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// As people write it.
    pub name: String,
    /// Burden of running it: 0 none to 4 needs a specialist.
    #[serde(default)]
    pub operations: f64,
    /// 0 none to 3 rewrite to leave.
    #[serde(default)]
    pub lock_in: f64,
    /// Availability as sold, a share; `None` when it takes no part in requests.
    #[serde(default, deserialize_with = "share")]
    #[schemars(with = "String")]
    pub availability: Option<f64>,
    /// What it costs.
    #[serde(default)]
    pub pricing: Vec<PricingLine>,
    /// Resources of the embedded infrastructure that make it: one of these, by address or by type; empty when there is nothing to make,
    /// none when no embedded file makes it.
    #[serde(default)]
    pub made_by: Late<Option<Vec<String>>>,
    /// When they do; always unless stated.
    #[serde(default)]
    pub made_when: Condition,
    /// Where the figures come from.
    #[serde(default)]
    pub source: Late<String>,
}

/// One line of a price calculation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PricingLine {
    /// What is paid for.
    pub item: String,
    /// When it is paid.
    #[serde(default)]
    pub when: Condition,
    /// The way to buy that the line belongs to; of the ways of an offer the cheapest is taken. Lines without one are always paid.
    #[serde(default)]
    pub way: Option<String>,
    /// Role in the price book.
    pub role: String,
    /// Path of the fact that counts units.
    pub quantity: String,
    /// Id of the number of disk operations per second that each copy of a store gets with what is bought here.
    #[serde(default)]
    pub iops: Option<String>,
    /// Id of the number of disk operations per second that a copy can be given at most for this fee.
    #[serde(default)]
    pub most_iops: Option<String>,
    /// `fixed`, `stepped` or `linear` in load.
    pub basis: String,
    /// Resources of the embedded infrastructure that make what is paid for, one of these, where it does not come with the offer.
    #[serde(default)]
    pub made_by: Late<Option<Vec<String>>>,
    /// When they do; always unless stated.
    #[serde(default)]
    pub made_when: Condition,
    /// What people make by hand where no resource makes it.
    #[serde(default)]
    pub by_hand: Late<Option<String>>,
}

/// A reason under a condition.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// When it applies.
    pub when: Condition,
    /// Why.
    pub because: Text,
    /// Where it comes from.
    #[serde(default)]
    pub source: Late<String>,
}

/// How well a technology serves its topic, 0 to 1.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// When nothing special is known.
    pub base: f64,
    /// What changes it.
    #[serde(default)]
    pub adjust: Vec<Adjust>,
}

/// A change of fit under a condition.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    /// When it applies.
    pub when: Condition,
    /// What is added.
    pub add: f64,
    /// Why.
    pub because: Text,
    /// Where it comes from.
    #[serde(default)]
    pub source: Late<String>,
}

fn margin() -> f64 {
    0.05
}

fn quantity<'de, D: serde::Deserializer<'de>>(deserializer: D, kind: Kind) -> Result<Option<f64>, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => Ok(None),
        serde_json::Value::Number(number) if kind == Kind::Count => Ok(number.as_f64()),
        serde_json::Value::String(text) => parse(kind, &text, &Units::default())
            .map(Some)
            .map_err(|_| serde::de::Error::custom(format!("`{text}` is not a {}", kind.as_str()))),
        other => Err(serde::de::Error::custom(format!("`{other}` is not a {}", kind.as_str()))),
    }
}

fn share<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    quantity(deserializer, Kind::Share)
}

fn count<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    quantity(deserializer, Kind::Count)?.ok_or_else(|| serde::de::Error::custom("a count is missing"))
}
