//! The root and the small sections of the requirements. Doc comments are the reference: what, unit, default.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conduct::{Conventions, Decision, Existing, Limits, Operations, Security, Waiver};
use super::structure::{Api, Domain, Entity, Integration, Workload};
use super::words::{
    Access, Ci, Cloud, Compliance, Consistency, DecisionTree, Experience, Iac, Language, Level, LockIn, Maturity,
    Observability, OperationsTeam, Orchestrator, Pattern, Priority, ProjectKind, Realtime, Secrets, Shape,
    StackPriority,
};
use crate::quantity::{Count, Duration, Factor, Growth, Money, Rate, Share, Size, SizeRate};

/// What a backend has to do, for whom, how well, by whom and for how much.
///
/// Required are `archplan`, `project.name`, `team.developers` and one of `users.monthly`, `users.daily`,
/// `traffic.average` and `traffic.peak`; every other key may be left out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "archplan requirements")]
pub struct Requirements {
    /// Version of the requirements language; always 1.
    #[schemars(range(min = 1, max = 1))]
    pub archplan: u32,
    /// What is planned.
    pub project: Project,
    /// Functional requirements; each is traced to the tasks that deliver it.
    #[serde(default)]
    pub features: Vec<Feature>,
    /// How many people use the system, and how their number grows.
    #[serde(default)]
    pub users: Users,
    /// Requests that reach the backend; what a CDN answers is not in these rates.
    #[serde(default)]
    pub traffic: Traffic,
    /// How much data there is and how it is used.
    #[serde(default)]
    pub data: Data,
    /// Service levels.
    #[serde(default)]
    pub targets: Targets,
    /// Whether work in real time matters; default none.
    #[serde(default)]
    pub realtime: Option<Realtime>,
    /// The people who build and run the system.
    pub team: Team,
    /// What it may cost.
    #[serde(default)]
    pub budget: Budget,
    /// Technology that is settled or preferred.
    #[serde(default)]
    pub stack: Stack,
    /// What breaks ties; never overrules a requirement.
    #[serde(default)]
    pub preferences: Preferences,
    /// Bounded contexts: services when the pattern splits them, modules when it does not.
    #[serde(default)]
    pub domains: Vec<Domain>,
    /// Work that is not a request.
    #[serde(default)]
    pub workloads: Vec<Workload>,
    /// The data model; generates DDL, migrations, API resources and access rules.
    #[serde(default)]
    pub entities: Vec<Entity>,
    /// How the system is called.
    #[serde(default)]
    pub api: Api,
    /// Systems that you do not own.
    #[serde(default)]
    pub integrations: Vec<Integration>,
    /// How the system and its data are protected.
    #[serde(default)]
    pub security: Security,
    /// Bodies of rules to comply with; default none.
    #[serde(default)]
    pub compliance: Vec<Compliance>,
    /// Where data must stay: `eu`, or ISO 3166 country codes in lower case; default anywhere.
    #[serde(default)]
    pub residency: Vec<String>,
    /// How the system is released and kept.
    #[serde(default)]
    pub operations: Operations,
    /// The system that exists already; adds the migration plan.
    #[serde(default)]
    pub existing: Option<Existing>,
    /// What people have settled; the engine obeys and says what it would have chosen.
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// Accepted findings; an expired waiver is an error.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
    /// Thresholds of the red-flag rules.
    #[serde(default)]
    pub limits: Limits,
    /// Calendar used by the arithmetic.
    #[serde(default)]
    pub conventions: Conventions,
}

/// What is planned.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Name of the system.
    pub name: String,
    /// What the system is, in one sentence.
    pub summary: Option<String>,
    /// What the project is about; default new-system.
    pub kind: Option<ProjectKind>,
    /// How far the product is; default production.
    pub maturity: Option<Maturity>,
    /// How intricate the domain rules are; default medium.
    pub complexity: Option<Level>,
}

/// A functional requirement.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Id by which tasks name the feature; assigned `F1`.. in file order when absent.
    #[serde(default)]
    pub id: String,
    /// What somebody needs, in one sentence.
    pub need: String,
    /// How much it is needed; default must.
    pub priority: Option<Priority>,
    /// The domain that delivers it, one of `domains[].name`.
    pub domain: Option<String>,
}

/// How many people use the system.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Users {
    /// Monthly active users; picks the scaling stage; default daily users / 20%.
    #[schemars(extend("x-positive" = true))]
    pub monthly: Option<Count>,
    /// Daily active users; default 20% of monthly.
    #[schemars(extend("x-positive" = true))]
    pub daily: Option<Count>,
    /// Users at the same time at peak; default from Little's law on peak traffic and session length.
    #[schemars(extend("x-positive" = true))]
    pub concurrent: Option<Count>,
    /// Growth of monthly users, such as 8%/month; default none stated.
    pub growth: Option<Growth>,
    /// How far forecasts look; default 24 months.
    #[schemars(extend("x-positive" = true))]
    pub horizon: Option<Duration>,
}

/// Requests that reach the backend.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Traffic {
    /// Requests per time over a whole day; default daily users x requests_per_user / seconds per day.
    pub average: Option<Rate>,
    /// Requests per time in the busiest minutes of a normal day; default average x peak factor of the shape.
    pub peak: Option<Rate>,
    /// Requests per daily user and day; default 40. A stated average wins.
    #[schemars(extend("x-positive" = true))]
    pub requests_per_user: Option<Count>,
    /// How traffic moves over time; default daily. Peak factors in the order of the values: 1.5, 3, 10, 8, 5, 5.
    pub shape: Option<Shape>,
    /// The busiest season as a multiple of the normal peak; default 1x.
    pub seasonal_peak: Option<Factor>,
    /// Share of requests that only read; default 80%.
    pub reads: Option<Share>,
    /// Mean size of a request; default 1KB.
    pub request_size: Option<Size>,
    /// Mean size of a response; default 8KB.
    pub response_size: Option<Size>,
    /// Share of all requests at the edge that a CDN answers; default 0%.
    pub cdn_hit_share: Option<Share>,
    /// WebSocket and SSE connections held at peak; default 0.
    pub long_lived_connections: Option<Count>,
    /// CPU time per request where measured; default by language and framework class.
    #[schemars(extend("x-positive" = true))]
    pub service_time: Option<Duration>,
    /// Requests one instance serves where measured; replaces the estimate from the service time.
    pub requests_per_instance: Option<Rate>,
}

/// How much data there is and how it is used.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Data today, without indexes and replicas; default from entities, else from users.
    pub size: Option<Size>,
    /// New data, such as 4GB/month.
    pub growth: Option<SizeRate>,
    /// Age at which data is deleted, files included; default kept.
    #[schemars(extend("x-positive" = true))]
    pub retention: Option<Duration>,
    /// Share of data that is read often; default 20%.
    pub working_set: Option<Share>,
    /// What a reader may see after a write; default strong.
    pub consistency: Option<Consistency>,
    /// The ways in which data is used; picks the kinds of store.
    #[serde(default)]
    pub access: Vec<Access>,
    /// Files and other large objects.
    pub files: Option<Files>,
    /// Whether every change is kept; default false.
    pub audit_trail: Option<bool>,
}

/// Files and other large objects.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Files today.
    pub size: Option<Size>,
    /// New files, such as 50GB/month.
    pub growth: Option<SizeRate>,
}

/// Service levels.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// Response time that half of the requests stay below.
    #[schemars(extend("x-positive" = true))]
    pub p50: Option<Duration>,
    /// Response time that 95% of the requests stay below; default 200ms.
    #[schemars(extend("x-positive" = true))]
    pub p95: Option<Duration>,
    /// Response time that 99% of the requests stay below.
    #[schemars(extend("x-positive" = true))]
    pub p99: Option<Duration>,
    /// Time that a database query may take; default 20ms.
    #[schemars(extend("x-positive" = true))]
    pub database_query: Option<Duration>,
    /// Requests per time that the system must serve; default the larger of 1000/s and peak x seasonal peak.
    pub throughput: Option<Rate>,
    /// Share of time in which the system answers, below 100%; default 99.9%.
    #[schemars(extend("x-positive" = true, "x-below" = 1.0))]
    pub availability: Option<Share>,
    /// Share of requests that may fail.
    pub error_rate: Option<Share>,
    /// Data that may be lost, as time; default by availability tier.
    pub rpo: Option<Duration>,
    /// Time to be back after a disaster; default by availability tier.
    pub rto: Option<Duration>,
    /// Load that the design must reach without a rewrite, as a multiple; default 10x.
    pub headroom: Option<Factor>,
}

/// The people who build and run the system.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Developers, a whole number.
    #[schemars(range(min = 1, max = 100_000))]
    pub developers: u32,
    /// Teams, a whole number; no default: unknown teams never split a system.
    #[schemars(range(min = 1, max = 10_000))]
    pub teams: Option<u32>,
    /// Whether teams ship on their own schedule; default true with more than one team.
    pub independent_releases: Option<bool>,
    /// Who runs the system; default shared.
    pub operations: Option<OperationsTeam>,
    /// Whether somebody is on call; default false.
    pub on_call: Option<bool>,
    /// Experience with distributed systems; default none.
    pub distributed_systems: Option<Experience>,
    /// Languages and technologies that the team knows.
    #[serde(default)]
    pub knows: Vec<String>,
    /// Cost of one developer per month; without it personnel cost is "not stated".
    pub monthly_cost: Option<Money>,
}

/// What it may cost.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Money for infrastructure per month.
    pub monthly: Option<Money>,
    /// Whether over budget is an error; default false: a warning.
    pub strict: Option<bool>,
    /// Money for services of others per month.
    pub third_party: Option<Money>,
    /// What the system earns or saves per month; without it ROI is "not stated".
    pub expected_benefit: Option<Money>,
    /// US dollars for one unit of the currency used in this file; required for any other currency than USD.
    #[schemars(range(min = 0.000_001, max = 1_000_000.0))]
    pub usd_per_unit: Option<f64>,
}

/// Technology that is settled or preferred.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stack {
    /// Programming language.
    pub language: Option<Language>,
    /// Framework; default the pattern's recommendation for the language.
    pub framework: Option<String>,
    /// What the choice of a stack is to serve.
    pub priority: Option<StackPriority>,
    /// Where the system runs; default aws, priced in its list prices.
    pub cloud: Option<Cloud>,
    /// Regions by the provider's names.
    #[serde(default)]
    pub regions: Vec<String>,
    /// What runs the containers; default auto.
    pub orchestrator: Option<Orchestrator>,
    /// What describes the infrastructure; default terraform.
    pub iac: Option<Iac>,
    /// What builds and tests; default github-actions.
    pub ci: Option<Ci>,
    /// What watches the system; default prometheus.
    pub observability: Option<Observability>,
    /// Where secrets are kept; `code` is a red flag.
    pub secrets: Option<Secrets>,
}

/// What breaks ties.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// Patterns that the project would like.
    #[serde(default)]
    pub patterns: Vec<Pattern>,
    /// Databases that the project would like.
    #[serde(default)]
    pub databases: Vec<String>,
    /// Technologies that the project would rather not have.
    #[serde(default)]
    pub avoid: Vec<String>,
    /// What dependence on a provider means to the project; default accept.
    pub lock_in: Option<LockIn>,
    /// Which decision tree answers; default evidence.
    pub decision_tree: Option<DecisionTree>,
}
