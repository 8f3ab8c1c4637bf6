//! Numbers and defaults.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::facts::Condition;
use crate::packed::Late;
use crate::quantity::Range;

/// A number that a formula uses, with its range and source.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Number {
    /// Permanent id.
    pub id: String,
    /// What it is.
    pub doc: Late<String>,
    /// Least.
    #[serde(default)]
    pub low: Option<f64>,
    /// What decisions are made on.
    pub expected: f64,
    /// Most.
    #[serde(default)]
    pub high: Option<f64>,
    /// Its unit.
    pub unit: Late<String>,
    /// Where it comes from.
    pub source: Late<String>,
    /// Date of the evidence.
    pub as_of: Late<String>,
    /// `found` or `memory`.
    pub confidence: Late<String>,
}

impl Number {
    /// The number with its uncertainty.
    #[must_use]
    pub fn range(&self) -> Range {
        Range {
            low: self.low.unwrap_or(self.expected),
            expected: self.expected,
            high: self.high.unwrap_or(self.expected),
        }
    }
}

/// A default of the requirements language.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultValue {
    /// The key.
    pub path: String,
    /// The constant; absent when a formula in code computes it.
    #[serde(default)]
    pub value: Option<serde_json::Value>,
    /// Computed in code.
    #[serde(default)]
    pub formula: bool,
    /// What the default decides, for the list of assumptions.
    pub effect: String,
    /// Contract or seed.
    #[serde(default)]
    pub source: Late<String>,
    /// First version that had it.
    #[serde(default)]
    pub since: Late<String>,
}

/// Where the providers' regions stand.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Regions {
    /// Regions by country.
    pub regions: Vec<Country>,
    /// Countries that `eu` stands for.
    pub eu: Vec<String>,
}

/// The regions of a country.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// ISO 3166-1 alpha-2, lower case.
    pub country: String,
    /// As the providers call them.
    pub names: Vec<String>,
}

impl Regions {
    /// Whether a region stands outside of all the places named; an unknown region does not.
    #[must_use]
    pub fn outside(&self, region: &str, places: &[String]) -> bool {
        let country =
            self.regions.iter().find(|entry| entry.names.iter().any(|name| name == region)).map(|entry| &entry.country);
        country.is_some_and(|country| {
            !places.iter().any(|place| place == country || (place == "eu" && self.eu.contains(country)))
        })
    }
}

/// A size class of application instances.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Permanent id, as pricing lines name it.
    pub id: String,
    /// vCPU of one instance.
    pub vcpu: f64,
    /// Memory of one instance in GB.
    pub memory_gb: f64,
    /// vCPU that one instance gives all the time.
    pub sustained_vcpu: f64,
    /// Most vCPU that the peak may need over all instances.
    pub up_to_vcpu: f64,
    /// Most long-lived connections over all instances.
    pub up_to_connections: f64,
    /// Providers that sell it, as in `stack.cloud`; empty for all.
    #[serde(default)]
    pub clouds: Vec<String>,
}

/// A program that says whether files that a plan makes are well formed; the gate starts it when it is asked to and finds it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Permanent id, as findings name it.
    pub id: String,
    /// Which files it reads: paths in which `*` stands for anything; without a slash the name alone counts.
    pub files: Vec<String>,
    /// Which of them it does not read.
    #[serde(default)]
    pub except: Vec<String>,
    /// Program and arguments that tell by exit code 0 that a part of the program is there.
    #[serde(default)]
    pub probe: Vec<String>,
    /// Program and arguments; `{file}` is one run for each file, `{files}` one run for all.
    pub run: Vec<String>,
    /// What stands in its environment beside what stands there anyway.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Exit codes beside 0 that find nothing wrong.
    #[serde(default)]
    pub passes: Vec<i32>,
    /// What it checks.
    pub doc: Late<String>,
}

/// A change that may save money.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeverEntry {
    /// The key of the requirements.
    pub path: String,
    /// Its value then, as people write it.
    pub value: String,
    /// What it means, in words.
    pub text: String,
    /// When it is tried: not where it would break what is stated.
    #[serde(default)]
    pub when: Condition,
}
