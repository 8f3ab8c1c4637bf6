//! The parts of a system in the requirements: domains, workloads, entities, API, integrations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::field_type::FieldType;
use super::words::{
    ApiStyle, Consistency, ConsumerKind, Level, Mode, OnDelete, Pagination, Shape, Versioning, WorkloadKind,
};
use crate::quantity::{Count, CountRate, Duration, Rate, Share, Size};
use crate::text::names::stems;

/// A bounded context.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Name, unique among domains.
    pub name: String,
    /// Its name until now: tasks of the plan keep their ids and ticks under the new name.
    pub was: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// The team that owns it.
    pub team: Option<String>,
    /// Domains that it calls and waits for.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// Events that it publishes.
    #[serde(default)]
    pub publishes: Vec<String>,
    /// Events that it consumes.
    #[serde(default)]
    pub consumes: Vec<String>,
    /// Requests per time at peak; default an equal share of `traffic.peak`.
    pub peak: Option<Rate>,
    /// How its traffic moves over time; default `traffic.shape`.
    pub shape: Option<Shape>,
    /// What a reader may see after a write; default `data.consistency`.
    pub consistency: Option<Consistency>,
    /// How much depends on it; default medium.
    pub criticality: Option<Level>,
}

/// A synchronous dependency of a domain.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The domain called, one of `domains[].name`.
    pub to: String,
    /// Calls per request of the caller, a number; default 1.
    #[schemars(range(min = 0.0, max = 10_000.0))]
    pub per_request: Option<f64>,
    /// Time that one call takes.
    pub latency: Option<Duration>,
}

/// Work that is not a request.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Name, unique among workloads.
    pub name: String,
    /// Its name until now: tasks of the plan keep their ids and ticks under the new name.
    pub was: Option<String>,
    /// The domain it belongs to, one of `domains[].name`.
    pub domain: Option<String>,
    /// How it is started; default job.
    pub kind: Option<WorkloadKind>,
    /// Runs per time.
    pub runs: Option<Rate>,
    /// How long one run takes.
    #[schemars(extend("x-positive" = true))]
    pub duration: Option<Duration>,
    /// Memory that one run needs.
    #[schemars(extend("x-positive" = true))]
    pub memory: Option<Size>,
    /// Whether a run may be stopped and started again; default false.
    pub interruptible: Option<bool>,
    /// Whether somebody waits for the result; default async. `sync` is a red flag when long.
    pub mode: Option<Mode>,
}

/// A kind of thing that the system keeps.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Name, unique among entities.
    pub name: String,
    /// Its name until now: tasks of the plan keep their ids and ticks under the new name.
    pub was: Option<String>,
    /// The domain that owns it, one of `domains[].name`.
    pub domain: Option<String>,
    /// Rows today.
    pub rows: Option<Count>,
    /// New rows, such as 2k/month.
    pub growth: Option<CountRate>,
    /// Age at which rows are deleted; default `data.retention`.
    #[schemars(extend("x-positive" = true))]
    pub retention: Option<Duration>,
    /// Whether this entity is the tenant; default false.
    pub tenant: Option<bool>,
    /// Its fields; `id`, `created_at` and `updated_at` exist without being named.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Reads that must be fast; each gets an index or says why not.
    #[serde(default)]
    pub queries: Vec<Query>,
}

/// A field of an entity.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name, unique within the entity.
    pub name: String,
    /// Type of its values; not with `ref`.
    #[serde(rename = "type")]
    pub field_type: Option<FieldType>,
    /// The entity that it refers to, one of `entities[].name`; not with `type`.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Whether no two rows may share a value; default false.
    pub unique: Option<bool>,
    /// Whether every row has a value; default true.
    pub required: Option<bool>,
    /// Whether it is personal data; default false.
    pub personal: Option<bool>,
    /// What happens when the row referred to goes; default restrict.
    pub on_delete: Option<OnDelete>,
}

/// A read that must be fast.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Fields that are compared with a value.
    #[serde(default)]
    pub by: Vec<String>,
    /// Fields that order the result; `-` before a name turns the order round.
    #[serde(default)]
    pub order: Vec<String>,
    /// Queries per time at peak.
    pub rate: Option<Rate>,
}

/// How the system is called.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Styles of API; default chosen from consumers and realtime.
    #[serde(default)]
    pub styles: Vec<ApiStyle>,
    /// Who calls the API.
    #[serde(default)]
    pub consumers: Vec<Consumer>,
    /// Whether strangers may call it.
    pub public: Option<bool>,
    /// How versions are told apart; default uri. `none` is a red flag.
    pub versioning: Option<Versioning>,
    /// How long lists are cut; default auto.
    pub pagination: Option<Pagination>,
    /// Requests per time that one client may make; default 100/min.
    pub rate_limit: Option<Rate>,
    /// Whether clients choose fields and joins; default false.
    pub flexible_queries: Option<bool>,
    /// Endpoints; derived from entities when absent.
    #[serde(default)]
    pub endpoints: Vec<Endpoint>,
}

/// Somebody who calls the API.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consumer {
    /// Name, unique among consumers.
    pub name: String,
    /// What it is; default browser.
    pub kind: Option<ConsumerKind>,
}

/// One operation of the API.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// HTTP method in upper case, such as GET.
    pub method: String,
    /// Path, beginning with `/`.
    pub path: String,
    /// What it does.
    pub summary: Option<String>,
    /// Whether the caller must be known; default true.
    pub auth: Option<bool>,
    /// The feature that it serves, one of `features[].id`.
    pub feature: Option<String>,
}

/// A system that you do not own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// Name, unique among integrations.
    pub name: String,
    /// Its name until now: tasks of the plan keep their ids and ticks under the new name.
    pub was: Option<String>,
    /// What it is used for.
    pub purpose: Option<String>,
    /// Whether the caller waits; default sync.
    pub mode: Option<Mode>,
    /// Time that it takes to answer.
    pub latency: Option<Duration>,
    /// Share of time in which it answers.
    #[schemars(extend("x-positive" = true, "x-below" = 1.0))]
    pub availability: Option<Share>,
    /// Time after which the caller gives up.
    #[schemars(extend("x-positive" = true))]
    pub timeout: Option<Duration>,
    /// Times that a failed call is repeated, a whole number.
    #[schemars(range(max = 100))]
    pub retries: Option<u32>,
    /// Whether calls stop while it fails.
    pub circuit_breaker: Option<bool>,
    /// Whether the system cannot work without it; default false.
    pub critical: Option<bool>,
    /// Whether it calls this system (webhooks); default false.
    pub calls_back: Option<bool>,
}

impl Integration {
    /// The domain that calls it: the first whose name shares a word of four letters or more with its name or purpose, plural or not, else the
    /// first whose summary does. The language has no key for it.
    #[must_use]
    pub fn caller<'d>(&self, domains: &'d [Domain]) -> Option<&'d Domain> {
        let own = stems(&format!("{} {}", self.name, self.purpose.as_deref().unwrap_or_default()));
        let about = |text: &str| stems(text).iter().any(|word| own.contains(word));
        let named = domains.iter().find(|domain| about(&domain.name));
        named.or_else(|| domains.iter().find(|domain| domain.summary.as_deref().is_some_and(&about)))
    }
}
