//! What templates of artefacts see: one model for tables, resources, messages and code, so that they cannot disagree. Its shape is the
//! reference in docs/artefacts.md; it holds names that are safe already, and `label`s for people.

use super::schedule::Schedule;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Everything that a template sees, each field a global of that name.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Model {
    /// What is planned.
    pub project: Project,
    /// Chosen option by topic, such as `choices.database`; `none` when a topic is not needed.
    pub choices: BTreeMap<String, String>,
    /// What the options are called, by topic.
    pub choice_names: BTreeMap<String, String>,
    /// Ready figures by name: rates in 1/s, durations in ms unless the name says otherwise, sizes in bytes. Unknown ones are null.
    pub numbers: BTreeMap<String, Json>,
    /// How long the plan keeps data; none where nothing is deleted by age.
    pub kept: Option<Period>,
    /// Tables, resources and classes in file order.
    pub entities: Vec<Entity>,
    /// Tables in an order in which rows can be put in: what is referred to comes first.
    pub insert_order: Vec<String>,
    /// Domains in file order.
    pub domains: Vec<Domain>,
    /// Events in the order of their publishers.
    pub events: Vec<Event>,
    /// Systems that you do not own.
    pub integrations: Vec<Integration>,
    /// Work that is not a request.
    pub workloads: Vec<Workload>,
    /// What is deployed on its own: one or several.
    pub services: Vec<Service>,
    /// `make` targets that prove tasks of this plan.
    pub checks: Vec<Check>,
    /// How the system is called.
    pub api: Api,
    /// How tenants are kept apart.
    pub tenancy: Tenancy,
    /// Roles of role-based access control; empty without it.
    pub roles: Vec<Name>,
    /// Environments, `production` at least.
    pub environments: Vec<Name>,
    /// Whether every change is kept.
    pub audit: bool,
    /// Composition, parts and burn-rate alerts as in the plan as data.
    pub availability: Json,
    /// Recovery as in the plan as data.
    pub recovery: Json,
    /// Names that a person would not recognise: what was written and what it became.
    pub mapping: Vec<(String, String)>,
}

/// What is planned.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Project {
    /// As written, on one line.
    pub label: String,
    /// `home-shop`.
    pub slug: String,
    /// `home_shop`.
    pub snake: String,
    /// `HomeShop`.
    pub class: String,
    /// What it does, one line; empty when not stated.
    pub summary: String,
}

/// A name in all its forms.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Name {
    /// As written, on one line.
    pub label: String,
    /// `home-shop`.
    pub slug: String,
    /// `home_shop`.
    pub snake: String,
    /// `HomeShop`.
    pub class: String,
    /// `homeShop`.
    pub camel: String,
}

/// A kind of thing that the system keeps.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Entity {
    /// Its name in all forms, singular.
    #[serde(flatten)]
    pub name: Name,
    /// `order_lines`.
    pub table: String,
    /// `order-lines`: the segment in URLs.
    pub path: String,
    /// `OrderLines`.
    pub plural: String,
    /// Slug of the domain that owns it; empty when none is stated.
    pub domain: String,
    /// `migrations/0005_order_lines`, without the ending.
    pub migration: String,
    /// Number of its migration, from 1: what it refers to has a lower one unless they form a circle.
    pub number: usize,
    /// Rows today.
    pub rows: Option<f64>,
    /// New rows a month.
    pub growth: Option<f64>,
    /// How long rows are kept before they are deleted: its own time, or the plan's where nothing refers to them.
    pub kept: Option<Period>,
    /// Whether it is the tenant.
    pub tenant: bool,
    /// Column that says whose row it is, with tenancy by row.
    pub tenant_column: Option<String>,
    /// All columns in order, `id` first, `created_at` and `updated_at` last. Every one is a column and a property.
    pub fields: Vec<Field>,
    /// Indexes beside primary key and unique constraints.
    pub indexes: Vec<Index>,
    /// Declared reads.
    pub queries: Vec<Query>,
    /// Foreign keys that can be made with the table.
    pub keys: Vec<ForeignKey>,
    /// Foreign keys of this and earlier tables that can only be made once this table exists.
    pub late_keys: Vec<ForeignKey>,
}

/// A span of time as calendars count it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Period {
    /// How many.
    pub count: f64,
    /// `day`, `month` or `year`.
    pub unit: String,
}

/// A column and a property.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Field {
    /// As written, on one line.
    pub label: String,
    /// `price_at_purchase`.
    pub column: String,
    /// `priceAtPurchase`: in JSON and in code.
    pub camel: String,
    /// `PriceAtPurchase`.
    pub class: String,
    /// `id`, `tenant`, `stated`, `currency`, `created` or `updated`.
    pub role: String,
    /// string, text, int, bigint, decimal, bool, date, timestamp, uuid, json, bytes or enum; money is decimal(19,4) with a currency
    /// column behind it, a reference is uuid.
    pub kind: String,
    /// Most characters of a string.
    pub length: Option<u32>,
    /// Digits of a decimal.
    pub precision: Option<u32>,
    /// Digits of them after the point.
    pub scale: Option<u32>,
    /// Words of an enum.
    pub words: Vec<String>,
    /// Whether every row has a value.
    pub required: bool,
    /// Whether no two rows (of a tenant) share a value.
    pub unique: bool,
    /// Whether it is personal data.
    pub personal: bool,
    /// Whether clients set it.
    pub writable: bool,
    /// Too long for an index as a whole: text, json, bytes and long strings.
    pub long: bool,
    /// What it refers to.
    pub reference: Option<Reference>,
    /// A value of it, as JSON.
    pub example: Json,
}

/// What a field refers to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Reference {
    /// Table.
    pub table: String,
    /// Class.
    pub class: String,
    /// URL segment.
    pub path: String,
    /// `restrict`, `cascade` or `set-null`.
    pub on_delete: String,
    /// Another service's table: no foreign key.
    pub external: bool,
}

/// A foreign key.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// Table that has the column.
    pub table: String,
    /// The column.
    pub column: String,
    /// Table that it refers to.
    pub target: String,
    /// `RESTRICT`, `CASCADE` or `SET NULL`.
    pub action: String,
}

/// An index.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Index {
    /// Its name, no other's in the schema.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<IndexColumn>,
    /// Why it is there.
    pub because: String,
}

/// A column of an index.
#[derive(Clone, Debug, Default, Serialize)]
pub struct IndexColumn {
    /// The column.
    pub column: String,
    /// Largest first.
    pub descending: bool,
    /// Characters to index where a dialect cannot index the whole of a long column.
    pub prefix: Option<usize>,
    /// Kind of the column.
    pub kind: String,
}

/// A declared read.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Query {
    /// `byCategory`.
    pub name: String,
    /// Columns compared with a value.
    pub by: Vec<String>,
    /// Columns that order, with their direction.
    pub order: Vec<IndexColumn>,
    /// Per second at peak.
    pub rate: Option<f64>,
    /// The index that serves it; none: a unique constraint or the primary key does.
    pub index: Option<String>,
}

/// A bounded context.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Domain {
    /// Its name in all forms.
    #[serde(flatten)]
    pub name: Name,
    /// What it does, one line.
    pub summary: String,
    /// Requests per second at peak.
    pub peak: Option<f64>,
    /// `service`, `module`, `function` ...
    pub runs_as: String,
    /// Slugs of domains that it calls.
    pub calls: Vec<String>,
    /// Classes of events that it publishes.
    pub publishes: Vec<String>,
    /// Classes of events that it consumes.
    pub consumes: Vec<String>,
    /// Tables that it owns.
    pub tables: Vec<String>,
}

/// Something that happened, told to others.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Event {
    /// Its name in all forms.
    #[serde(flatten)]
    pub name: Name,
    /// `orders.order-placed`.
    pub topic: String,
    /// Slug of the domain that publishes it.
    pub publisher: String,
    /// Slugs of the domains that consume it.
    pub consumers: Vec<String>,
    /// Table of the entity that it is about, when its name begins with that entity's.
    pub table: Option<String>,
}

/// A system that you do not own.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Integration {
    /// Its name in all forms.
    #[serde(flatten)]
    pub name: Name,
    /// What it is used for, one line.
    pub purpose: String,
    /// Slug of the domain that calls it, as far as their words tell; empty when they do not.
    pub caller: String,
    /// Whether the caller waits.
    pub sync: bool,
    /// Whether it calls this system.
    pub calls_back: bool,
    /// Time after which the caller gives up.
    pub timeout_ms: f64,
    /// Times that a failed call is repeated.
    pub retries: f64,
    /// Whether the system cannot work without it.
    pub critical: bool,
    /// Calls at once that one instance lets through.
    pub permits: f64,
}

/// Work that is not a request.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Workload {
    /// Its name in all forms.
    #[serde(flatten)]
    pub name: Name,
    /// Slug of its domain.
    pub domain: String,
    /// scheduled, job, stream or event.
    pub kind: String,
    /// worker, function, scheduled job ...
    pub runs_as: String,
    /// Runs per second.
    pub runs: Option<f64>,
    /// When it starts; none for what a request, an event or a stream starts.
    pub schedule: Option<Schedule>,
    /// Length of a run.
    pub duration_ms: Option<f64>,
    /// Seconds after which a run is stopped: twice its length, with room for a start.
    pub limit_s: f64,
    /// Runs at the same time, at most; among functions its part of the ceiling of all.
    pub at_once: f64,
    /// Memory of a run, bytes.
    pub memory: Option<f64>,
    /// Whether it may be stopped for a while: no feature that must work is known to need it.
    pub may_wait: bool,
}

/// How the system is called.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Api {
    /// `/api/v1`, or `/api` when the version stands elsewhere.
    pub base: String,
    /// uri, header, content-negotiation or none.
    pub versioning: String,
    /// `cursor` or `offset`.
    pub pagination: String,
    /// Requests that a client may make in a window.
    pub limit: f64,
    /// Seconds of the window.
    pub window_s: f64,
    /// Styles, the chosen one first.
    pub styles: Vec<String>,
    /// Whether strangers may call it.
    pub public: bool,
    /// Stated endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// A stated endpoint.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Endpoint {
    /// Its summary, else its path.
    pub label: String,
    /// GET, POST ...
    pub method: String,
    /// Its path with `{name}` parameters, each part safe.
    pub path: String,
    /// Names of the parameters.
    pub parameters: Vec<String>,
    /// Whether the caller must be known.
    pub auth: bool,
    /// `postCheckouts`, no other's.
    pub operation: String,
    /// Whether it is a route of an entity, which has it anyway.
    pub resource: bool,
}

/// How tenants are kept apart.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tenancy {
    /// single, row, schema or database.
    pub mode: String,
    /// Table of the tenant; none: identifiers come from outside.
    pub table: Option<String>,
    /// Column in other tables, such as `customer_id`.
    pub column: String,
}

/// Something that is deployed on its own.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Service {
    /// Its name in all forms: a domain's, or the project's.
    #[serde(flatten)]
    pub name: Name,
    /// Instances at peak.
    #[serde(serialize_with = "whole")]
    pub replicas: f64,
    /// Instances that always run.
    #[serde(serialize_with = "whole")]
    pub least: f64,
    /// Most instances.
    #[serde(serialize_with = "whole")]
    pub max_replicas: f64,
    /// Requests per second at peak.
    pub peak: Option<f64>,
    /// As functions, how many of it run at the same time at most: its part of the ceiling of all.
    #[serde(serialize_with = "whole_if_known")]
    pub ceiling: Option<f64>,
    /// Slugs of the services that it calls.
    pub calls: Vec<String>,
}

/// A `make` target that proves a task.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Check {
    /// `test-auth`.
    pub target: String,
    /// Id of the task.
    pub task: String,
}

/// A whole number without a fraction, or null.
fn whole_if_known<S: serde::Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    number.map(|number| super::number_json(number.round())).serialize(serializer)
}

/// A whole number without a fraction.
fn whole<S: serde::Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    super::number_json(number.round()).serialize(serializer)
}
