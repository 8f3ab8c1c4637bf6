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
    /// Regions, those of a provider in the order in which they are taken where none is stated.
    pub regions: Vec<Region>,
    /// Countries that `eu` stands for.
    pub eu: Vec<String>,
}

/// A region of a provider.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The provider as in `stack.cloud`.
    pub cloud: String,
    /// As the provider calls it.
    pub name: String,
    /// ISO 3166-1 alpha-2, lower case.
    pub country: String,
    /// Sites that fail one by one, 1 or more.
    #[serde(default = "three")]
    pub zones: f64,
    /// The private network that it shares with the provider's other regions of that network; absent where regions are apart.
    #[serde(default)]
    pub network: Option<String>,
}

fn three() -> f64 {
    3.0
}

impl Regions {
    /// The region of a provider with this name.
    #[must_use]
    pub fn of(&self, cloud: &str, name: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.cloud == cloud && region.name == name)
    }

    /// Whether a region stands outside of all the places named, where there are any; an unknown region does not.
    #[must_use]
    pub fn outside(&self, name: &str, places: &[String]) -> bool {
        self.regions.iter().find(|region| region.name == name).is_some_and(|region| !self.inside(region, places))
    }

    /// The region of a provider that is taken where none is stated: its first inside of the places named, else its first.
    #[must_use]
    pub fn first(&self, cloud: &str, places: &[String]) -> Option<&Region> {
        let mut of = self.regions.iter().filter(|region| region.cloud == cloud);
        of.clone().find(|region| self.inside(region, places)).or_else(|| of.next())
    }

    /// A region and those that share its network, inside of the places named.
    pub fn together<'a>(&'a self, first: &'a Region, places: &'a [String]) -> impl Iterator<Item = &'a Region> {
        let shares = |region: &&Region| {
            first.network.is_some() && (&region.cloud, &region.network) == (&first.cloud, &first.network)
        };
        let beside = self.regions.iter().filter(move |region| shares(region) && region.name != first.name);
        std::iter::once(first).chain(beside.filter(|region| self.inside(region, places)))
    }

    fn inside(&self, region: &Region, places: &[String]) -> bool {
        let names = |place: &String| *place == region.country || (place == "eu" && self.eu.contains(&region.country));
        places.is_empty() || places.iter().any(names)
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

/// A condition with a name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// Its name in `situations`.
    pub id: String,
    /// When it holds; it may ask for situations before it.
    pub when: Condition,
    /// What it means.
    #[serde(default)]
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
