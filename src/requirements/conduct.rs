//! How a system is protected, run, changed and judged. Doc comments are the reference: what, unit, default.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{
    Authentication, Authorization, Backups, DataClass, Deployment, ExistingPattern, Pain, ServiceAuth, Tenancy,
};
use crate::quantity::{Date, Duration, Rate, Size};

/// How the system and its data are protected.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// How callers prove who they are; default decided by the engine.
    #[serde(default)]
    pub authentication: Vec<Authentication>,
    /// Whether a second factor is asked for.
    pub mfa: Option<bool>,
    /// How rights are granted.
    #[serde(default)]
    pub authorization: Vec<Authorization>,
    /// Roles of users.
    #[serde(default)]
    pub roles: Vec<String>,
    /// How sensitive the data is.
    #[serde(default)]
    pub data_classes: Vec<DataClass>,
    /// How tenants are kept apart; default single.
    pub tenancy: Option<Tenancy>,
    /// Whether the internet reaches the system; default true.
    pub internet_facing: Option<bool>,
    /// How services prove themselves to each other.
    pub service_auth: Option<ServiceAuth>,
    /// Whether data is encrypted where it is stored; default true.
    pub encryption_at_rest: Option<bool>,
    /// How often secrets are replaced.
    #[schemars(extend("x-positive" = true))]
    pub secret_rotation: Option<Duration>,
    /// How often the system is attacked on purpose.
    #[schemars(extend("x-positive" = true))]
    pub penetration_test: Option<Duration>,
}

/// How the system is released and kept.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    /// Environments, the last one is production.
    #[serde(default)]
    pub environments: Vec<String>,
    /// How releases replace each other; default rolling.
    pub deployment: Option<Deployment>,
    /// Releases per time.
    pub deploys: Option<Rate>,
    /// Whether features are switched at run time.
    pub feature_flags: Option<bool>,
    /// How backups are taken; default incremental.
    pub backups: Option<Backups>,
    /// How often a restore is tried.
    #[schemars(extend("x-positive" = true))]
    pub restore_test: Option<Duration>,
}

/// The system that exists already.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Existing {
    /// Its pattern.
    pub pattern: Option<ExistingPattern>,
    /// What it is, in one sentence.
    pub summary: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Its database: a catalogue id such as postgresql, or any other name.
    pub database: Option<String>,
    /// Data to migrate.
    pub data_size: Option<Size>,
    /// How long it may be down for the change.
    pub downtime_allowed: Option<Duration>,
    /// What hurts.
    #[serde(default)]
    pub pains: Vec<Pain>,
    /// Technologies that stay.
    #[serde(default)]
    pub keep: Vec<String>,
}

/// Something that people have settled.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What was settled, such as database or pattern.
    pub topic: String,
    /// What was chosen.
    pub choose: String,
    /// Why it was chosen.
    pub because: Option<String>,
    /// Who settled it.
    pub by: Option<String>,
    /// The day it was settled.
    pub date: Option<Date>,
}

/// An accepted finding.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Name or code of the rule.
    pub rule: String,
    /// What the finding is about; default everything.
    pub target: Option<String>,
    /// Why the finding is accepted; a waiver without a reason is an error.
    pub because: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
}

/// Thresholds of the red-flag rules.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Most synchronous calls to other services per request; default 3.
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub calls_per_request: Option<f64>,
    /// Longest chain of synchronous calls; default 3.
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub sync_chain_depth: Option<f64>,
    /// Most services that one service depends on; default 5.
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub dependencies_per_service: Option<f64>,
    /// Most services per developer; default 1.
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub services_per_developer: Option<f64>,
}

/// Calendar used by the arithmetic.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conventions {
    /// Seconds in a day, for rates per day; default 86400.
    #[schemars(range(min = 1.0, max = 86_400_000.0))]
    pub seconds_per_day: Option<f64>,
    /// Days in a month, for rates per month and durations; default 30.
    #[schemars(range(min = 1.0, max = 1000.0))]
    pub days_per_month: Option<f64>,
}
