//! The registry of facts: every path that conditions and texts may name, with its kind and what it means.
//!
//! Keys of the requirements language come from its schema; derived facts stand in the table below, one row each.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::table::{Table, hash};
use crate::quantity::Kind;
use crate::requirements;

/// A derived fact.
pub struct Row {
    /// Its path; `[]` stands for one item of a list.
    pub path: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it means.
    pub doc: &'static str,
}

/// Kind of the fact at a path: derived, of a topic's selection, a key of the language, or a section of it (for `is stated`). `item.` is a key of any list that tasks walk.
#[must_use]
pub fn kind_of(path: &str) -> Option<Kind> {
    let general = general(path);
    if let Some(rest) = general.strip_prefix("item.") {
        return ["domains", "entities", "integrations", "workloads"]
            .iter()
            .find_map(|list| kind_of(&format!("{list}[].{rest}")));
    }
    if let Some(rest) = general.strip_prefix("selection.") {
        return Some(if rest.ends_with(".name") || rest.ends_with(".offer") { Kind::Text } else { Kind::Word });
    }
    let known = known();
    known.kind(&general).or_else(|| known.is_section(&general).then_some(Kind::Text))
}

/// Whether the path is only the beginning of facts.
#[must_use]
pub fn is_section(path: &str) -> bool {
    !path.starts_with("selection.") && !path.starts_with("item.") && known().kind(&general(path)).is_none()
}

/// Whether the requirements can state the path.
#[must_use]
pub fn is_key(path: &str) -> bool {
    known().kind(path).is_some() && !derived().any(|row| row.path == path)
}

/// `domains[catalog].peak` is `domains[].peak`.
#[must_use]
pub fn general(path: &str) -> Cow<'_, str> {
    if !path.contains('[') {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => {
                inside = true;
                out.push_str("[]");
            }
            ']' => inside = false,
            _ if inside => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The registered paths, numbered: what paths of timelines begin with.
pub(super) fn table() -> &'static Table {
    &known().paths
}

/// Every path with its kind, and what paths begin with.
#[derive(Default)]
struct Known {
    paths: Table,
    /// By slot of the path.
    kinds: Vec<Kind>,
    sections: Table,
}

impl Known {
    fn kind(&self, path: &str) -> Option<Kind> {
        self.paths.find(hash(path), path).and_then(|slot| self.kinds.get(slot)).copied()
    }

    fn is_section(&self, path: &str) -> bool {
        self.sections.find(hash(path), path).is_some()
    }

    /// A path that is known already takes this kind.
    fn add(&mut self, path: &str, kind: Kind) {
        let slot = self.paths.intern(path);
        match self.kinds.get_mut(slot) {
            Some(old) => *old = kind,
            None => self.kinds.push(kind),
        }
        for section in path.match_indices('.').filter_map(|(at, _)| path.get(..at)) {
            self.sections.intern(section);
            self.sections.intern(section.trim_end_matches("[]"));
        }
    }
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known = Known::default();
        requirements::keys().iter().for_each(|key| known.add(&key.path, key.kind));
        derived().for_each(|row| known.add(row.path, row.kind));
        known
    })
}

/// The words that a key of the language allows; empty for keys that take any text.
#[must_use]
pub fn words_of(path: &str) -> Vec<String> {
    let schema = requirements::schema();
    let mut node = schema;
    for step in general(path).split('.') {
        let (name, list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
        let Some(found) = resolved(schema, node).get("properties").and_then(|properties| properties.get(name)) else {
            return Vec::new();
        };
        node = found;
        if list {
            let Some(items) = resolved(schema, node).get("items") else { return Vec::new() };
            node = items;
        }
    }
    words_in(schema, node)
}

/// Follows references and the `anyOf` of optional keys.
fn resolved<'s>(schema: &'s serde_json::Value, node: &'s serde_json::Value) -> &'s serde_json::Value {
    if let Some(name) = node
        .get("$ref")
        .and_then(|reference| reference.as_str())
        .and_then(|reference| reference.strip_prefix("#/$defs/"))
    {
        return schema.get("$defs").and_then(|defs| defs.get(name)).map_or(node, |found| resolved(schema, found));
    }
    let options = node.get("anyOf").and_then(|options| options.as_array());
    match options
        .and_then(|options| options.iter().find(|option| option.get("type").and_then(|t| t.as_str()) != Some("null")))
    {
        Some(option) => resolved(schema, option),
        None => node,
    }
}

fn words_in(schema: &serde_json::Value, node: &serde_json::Value) -> Vec<String> {
    let node = resolved(schema, node);
    if let Some(items) = node.get("items") {
        return words_in(schema, items);
    }
    let mut out: Vec<String> = Vec::new();
    if let Some(words) = node.get("enum").and_then(|words| words.as_array()) {
        out.extend(words.iter().filter_map(|word| word.as_str().map(String::from)));
    }
    out.extend(node.get("const").and_then(|word| word.as_str()).map(String::from));
    if let Some(options) = node.get("oneOf").and_then(|options| options.as_array()) {
        out.extend(options.iter().flat_map(|option| words_in(schema, option)));
    }
    out
}

/// Every derived fact of both tables.
pub fn derived() -> impl Iterator<Item = &'static Row> {
    DERIVED.iter().chain(super::sizes::SIZES)
}

const fn row(path: &'static str, kind: Kind, doc: &'static str) -> Row {
    Row { path, kind, doc }
}

/// Derived facts of decisions, loads and sizes; the others stand in `sizes`.
pub const DERIVED: &[Row] = &[
    row("domains.count", Kind::Number, "domains stated"),
    row("domains.teams", Kind::Number, "distinct teams that own domains"),
    row("domains.events", Kind::Number, "distinct events published"),
    row("domains.consumed_events", Kind::Number, "events that another domain than their publisher consumes"),
    row("domains.event_consumers_max", Kind::Number, "most consumers of one event"),
    row("domains.sync_chain_depth", Kind::Number, "longest chain of synchronous calls between domains"),
    row("domains.calls_per_request_max", Kind::Number, "most synchronous calls that one domain makes for one request"),
    row("domains.dependencies_max", Kind::Number, "most domains that one domain calls"),
    row("domains.high_criticality", Kind::Number, "domains of high criticality"),
    row("domains.peak_sum", Kind::Rate, "sum of the domains' peaks"),
    row("domains[].instances", Kind::Number, "instances that serve the domain at its peak"),
    row("domains[].replicas", Kind::Number, "instances that serve the domain at its peak"),
    row("domains[].calls_text", Kind::Text, "synchronous calls in words"),
    row("domains[].callers_text", Kind::Text, "who calls the domain, in words"),
    row("domains[].events_text", Kind::Text, "events published and consumed, in words"),
    row("domains[].tables_text", Kind::Text, "tables with rows and growth, in words"),
    row("domains[].store", Kind::Text, "the store that the domain's data is in"),
    row("domains[].storage_horizon", Kind::Size, "data of the domain at the horizon"),
    row("regions.outside_residency", Kind::Number, "stated regions that stand outside of `residency`"),
    row(
        "traffic.disagreement",
        Kind::Factor,
        "stated average against users.daily x requests_per_user, the larger over the smaller",
    ),
    row("decision.deployables_per_developer", Kind::Number, "decision.deployables / team.developers"),
    row("decision.fragile", Kind::Words, "decisions that fewer than 60% of the variations keep"),
    row("decision.fragile_count", Kind::Number, "how many those are"),
    row(
        "decision.fragile_text",
        Kind::Text,
        "those decisions with the share that keeps each; unknown when there is none",
    ),
    row("decision.pinned", Kind::Bool, "the pattern is settled"),
    row("preferences.unfollowed", Kind::Words, "preferred patterns and databases that the plan does not use"),
    row("preferences.unfollowed_count", Kind::Number, "how many those are"),
    row("api.endpoints.verbs", Kind::Number, "endpoints with a verb in their path"),
    row("api.endpoints.singular", Kind::Number, "endpoints with a singular collection beside plural ones"),
    row("api.endpoints.mixed_case", Kind::Number, "endpoints with another case than the others"),
    row("regions.count", Kind::Number, "regions stated, 1 when none is"),
    row("availability.budget_minutes", Kind::Number, "minutes of 30 days that the target leaves"),
    row("features.must_text", Kind::Text, "features of priority must"),
    row("features.should_text", Kind::Text, "features of priority should"),
    row("features.could_text", Kind::Text, "features of priority could"),
    row("integrations.async", Kind::Number, "asynchronous integrations"),
    row("integrations[].slug", Kind::Word, "the name for files and keys"),
    row("domains[].slug", Kind::Word, "the name for files and keys"),
    row("workloads[].slug", Kind::Word, "the name for files and keys"),
    row("entities[].slug", Kind::Word, "the name for files and keys"),
    row("domains[].calls_count", Kind::Number, "synchronous calls"),
    row("domains[].events_count", Kind::Number, "events published"),
    row("domains[].consumes_count", Kind::Number, "events consumed"),
    row("domains[].tables_count", Kind::Number, "entities of the domain"),
    row("workloads[].trigger_text", Kind::Text, "what starts the workload"),
    row("entities[].migration", Kind::Text, "path of the up-migration without its ending"),
    row("entities[].rows_text", Kind::Text, "rows and growth, in words"),
    row("entities[].columns_text", Kind::Text, "columns, in words"),
    row("entities[].references_text", Kind::Text, "references, in words"),
    row("entities[].queries_count", Kind::Number, "declared queries"),
    row("entities[].personal_count", Kind::Number, "personal fields"),
    row("entities[].references_count", Kind::Number, "references"),
    row("entities[].personal_text", Kind::Text, "personal fields, in words"),
    row("project.slug", Kind::Word, "the project's name for files and hosts"),
    row("domains[].runs_as", Kind::Word, "what the domain runs as"),
    row("domains[].next_step_rate", Kind::Rate, "peak at which one more instance is needed"),
    row("entities.count", Kind::Number, "entities stated"),
    row("entities.tenants", Kind::Number, "entities that are the tenant"),
    row("entities.personal_fields", Kind::Number, "fields marked personal"),
    row("entities.indexed_queries", Kind::Number, "queries declared"),
    row("entities[].table", Kind::Text, "the entity's table"),
    row("entities[].row_bytes", Kind::Size, "estimated bytes of a row"),
    row("entities[].horizon_rows", Kind::Count, "rows at the horizon"),
    row("entities[].horizon_size", Kind::Size, "bytes at the horizon without indexes"),
    row("entities[].indexes_text", Kind::Text, "indexes for the declared queries and references, in words"),
    row("entities[].keys_text", Kind::Text, "references and unique fields, in words"),
    row("integrations.count", Kind::Number, "integrations stated"),
    row("integrations.sync", Kind::Number, "synchronous integrations"),
    row(
        "integrations.unprotected",
        Kind::Number,
        "synchronous integrations without circuit breaker, timeout or retries stated",
    ),
    row("integrations.critical", Kind::Number, "critical integrations"),
    row("integrations[].timeout_budget", Kind::Duration, "time-out that the target leaves"),
    row("integrations[].permits", Kind::Number, "concurrent calls that the bulkhead admits"),
    row("workloads.count", Kind::Number, "workloads stated"),
    row("workloads.events", Kind::Number, "workloads of kind event or stream"),
    row("workloads.sync_long", Kind::Number, "workloads of mode sync and longer than a second"),
    row("workloads.runs", Kind::Rate, "runs of all workloads together"),
    row("workloads.interruptible", Kind::Number, "workloads that may be interrupted"),
    row("workloads[].concurrency", Kind::Number, "runs at the same time on average"),
    row("workloads[].runs_as", Kind::Word, "what the workload runs as"),
    row("features.count", Kind::Number, "features stated"),
    row("features.must", Kind::Number, "features of priority must"),
    row("features.should", Kind::Number, "features of priority should"),
    row("features.could", Kind::Number, "features of priority could"),
    row("api.endpoints.count", Kind::Number, "endpoints stated"),
    row("api.consumers.count", Kind::Number, "consumers stated"),
    row("api.consumers.kinds", Kind::Words, "kinds of consumers"),
    row("traffic.peak_factor", Kind::Factor, "peak over average"),
    row("traffic.seasonal_rate", Kind::Rate, "peak in the season"),
    row("traffic.reads_rate", Kind::Rate, "reads at peak"),
    row("traffic.writes_rate", Kind::Rate, "writes at peak"),
    row("traffic.writes", Kind::Share, "share of writes"),
    row("edge.peak", Kind::Rate, "requests at the edge at peak"),
    row("egress.monthly", Kind::Size, "bytes that leave the origin in a month"),
    row("cdn.egress", Kind::Size, "bytes that leave the edge in a month"),
    row("egress.peak_bits", Kind::Number, "bits per second at peak"),
    row("data.horizon_size", Kind::Size, "data alone at the horizon"),
    row("data.disk_horizon", Kind::Size, "data with indexes, bloat and log, one copy"),
    row("data.bulk_size", Kind::Size, "data of today that one primary cannot hold and that goes to object storage"),
    row("data.bulk_horizon", Kind::Size, "the same at the horizon"),
    row("data.files.horizon_size", Kind::Size, "files at the horizon"),
    row("data.largest_entity_rows", Kind::Count, "rows of the largest entity at the horizon"),
    row("users.horizon_factor", Kind::Factor, "monthly users at the horizon over those of today"),
    row("users.horizon_monthly", Kind::Count, "monthly users at the horizon"),
    row("stage.number", Kind::Number, "scaling stage by monthly users"),
    row("stage.name", Kind::Text, "name of the scaling stage"),
    row("functions.invocations", Kind::Count, "requests of a month"),
    row("functions.monthly_cost", Kind::Money, "the whole request load as functions"),
    row("functions.workload_invocations", Kind::Count, "runs of a month of the workloads that are functions"),
    row("functions.workload_millions", Kind::Number, "the same in millions"),
    row("functions.gb_seconds", Kind::Number, "memory times time of a month of those workloads"),
    row(
        "functions.request_millions",
        Kind::Number,
        "requests of a month in millions when requests run as functions, else 0",
    ),
    row("functions.request_gb_seconds", Kind::Number, "memory times time of a month of those requests"),
    row("functions.cold_start", Kind::Duration, "p99 of a function's start"),
    row("functions.concurrency", Kind::Number, "functions at the same time"),
    row("always_on.monthly_cost", Kind::Money, "the same load on always-on instances, two at least"),
    row("always_on.single_cost", Kind::Money, "the same load on the machines of a monolith, one at least"),
    row("decision.pattern", Kind::Word, "the base pattern"),
    row("decision.pattern_name", Kind::Text, "the base pattern as people write it"),
    row("decision.tree_answer", Kind::Word, "the tree's own answer"),
    row("decision.deployables", Kind::Number, "units deployed on their own"),
    row("decision.distributed", Kind::Bool, "several deployables, functions or events"),
    row("overlays", Kind::Words, "overlays taken"),
    row("messaging", Kind::Bool, "something is processed asynchronously"),
    row("capacity.service_time", Kind::Duration, "CPU time of a request"),
    row("capacity.app.instances", Kind::Number, "instances at peak"),
    row("capacity.app.max_instances", Kind::Number, "instances at the seasonal peak"),
    row("capacity.app.vcpu", Kind::Number, "vCPU of an instance"),
    row("capacity.app.measured_vcpu", Kind::Number, "vCPU that the stated rate of one instance keeps busy"),
    row("capacity.app.memory", Kind::Size, "memory of an instance"),
    row("capacity.app.instance_hours", Kind::Number, "instance hours of a month"),
    row("capacity.app.vcpu_hours", Kind::Number, "vCPU hours of a month"),
    row("capacity.app.gb_hours", Kind::Number, "memory hours of a month in GB"),
    row("capacity.app.vcpu_seconds", Kind::Number, "vCPU seconds of a month"),
    row("capacity.app.gb_seconds", Kind::Number, "memory seconds of a month in GB"),
    row("capacity.app.server_hours", Kind::Number, "hours of a month of whole servers of 8 cores"),
    row("capacity.app.zones", Kind::Number, "zones that the app tier spans"),
    row("capacity.app.class", Kind::Word, "size class of an instance: 2c4g, 2c8g, 4c16g or 8c32g"),
    row("capacity.app.rps_per_instance", Kind::Rate, "requests that one instance serves at the planned utilisation"),
    row("capacity.app.utilisation", Kind::Share, "utilisation at peak"),
    row("capacity.app.concurrency", Kind::Number, "requests in flight at peak"),
    row("capacity.database.vcpu", Kind::Number, "vCPU of the primary"),
    row("capacity.database.utilisation", Kind::Share, "utilisation of the primary at peak"),
    row("capacity.database.single_vcpu", Kind::Number, "vCPU that one primary without replicas would need"),
    row("capacity.database.reads", Kind::Rate, "queries that read at peak"),
    row("capacity.database.writes", Kind::Rate, "transactions that write at peak"),
    row("capacity.database.iops", Kind::Number, "disk operations per second at peak"),
    row("capacity.database.replicas", Kind::Number, "read replicas"),
    row("capacity.database.copies", Kind::Number, "copies of the data that run: primary, standby and replicas"),
    row("capacity.database.shards", Kind::Number, "shards"),
    row("capacity.database.tier", Kind::Word, "small or standard"),
    row("capacity.database.instance_hours", Kind::Number, "instance hours of a month over all copies"),
    row("capacity.database.pair_hours", Kind::Number, "hours of two vCPU over all copies"),
    row("capacity.database.server_hours", Kind::Number, "hours of a month of whole servers of 8 cores over all copies"),
    row(
        "capacity.database.server_storage_gb",
        Kind::Number,
        "provisioned GB over all copies beyond the disks of those servers",
    ),
    row("capacity.database.billed_backup_gb", Kind::Number, "GB of backups beyond the provisioned storage"),
    row("capacity.database.storage_gb", Kind::Number, "provisioned GB over all copies"),
    row("capacity.database.backup_gb", Kind::Number, "GB of backups"),
    row("capacity.database.pool_per_instance", Kind::Number, "connections of one instance"),
    row("capacity.database.pool_total", Kind::Number, "connections of all instances during a rolling deployment"),
    row("capacity.database.connection_limit", Kind::Number, "connections that the primary takes"),
    row("capacity.database.read_units", Kind::Number, "million read units of a month"),
    row("capacity.database.write_units", Kind::Number, "million write units of a month"),
    row("capacity.cache.memory", Kind::Size, "memory of one copy"),
    row("capacity.cache.gb_hours", Kind::Number, "GB hours of a month over all copies"),
    row("capacity.cache.server_hours", Kind::Number, "hours of a month of whole servers over all copies"),
    row("capacity.cache.node_hours", Kind::Number, "node hours of a month"),
    row("capacity.cache.hit_ratio", Kind::Share, "share of reads that the cache answers"),
    row("capacity.broker.messages", Kind::Rate, "messages at peak"),
    row("capacity.broker.monthly_millions", Kind::Number, "million queue calls of a month: send, receive and delete"),
    row("capacity.broker.partitions", Kind::Number, "partitions or queues in parallel"),
    row("capacity.broker.consumers", Kind::Number, "consumers"),
    row("capacity.broker.node_hours", Kind::Number, "hours of a month of three nodes or more"),
    row("capacity.search.gb", Kind::Number, "GB of index with one replica"),
    row("capacity.search.node_hours", Kind::Number, "node hours of a month"),
    row("capacity.analytics.gb", Kind::Number, "GB kept for analysis"),
    row("capacity.analytics.scan_tb", Kind::Number, "TB scanned in a month"),
    row("capacity.files.gb", Kind::Number, "GB of files"),
    row("capacity.files.requests_thousands", Kind::Number, "thousand requests for files in a month"),
    row("capacity.requests.monthly_millions", Kind::Number, "million requests of a month"),
    row("capacity.egress.gb", Kind::Number, "GB leaving the origin to the internet in a month"),
    row("capacity.cdn.gb", Kind::Number, "GB leaving the edge in a month"),
    row("capacity.cdn.requests_ten_thousands", Kind::Number, "requests at the edge in a month, in ten thousands"),
    row("capacity.logs.gb", Kind::Number, "GB of logs in a month"),
    row("capacity.metrics.series", Kind::Number, "metric series"),
    row("capacity.traces.millions", Kind::Number, "million traces in a month"),
    row("capacity.connections.nodes", Kind::Number, "nodes that hold long-lived connections"),
    row("capacity.secrets.count", Kind::Number, "secrets kept"),
    row("capacity.keys.count", Kind::Number, "keys managed"),
    row("capacity.zones", Kind::Number, "zones that the app tier and the database span"),
    row("capacity.lb.hours", Kind::Number, "hours of a month with a load balancer, 0 without"),
    row("targets.tier", Kind::Word, "recovery tier"),
    row("latency.own_p50", Kind::Duration, "p50 of the path without systems of others"),
    row("latency.own_p95", Kind::Duration, "p95 of the path without systems of others"),
    row("latency.own_p99", Kind::Duration, "p99 of the path without systems of others"),
    row("latency.total_p95", Kind::Duration, "p95 of the slowest path"),
    row("latency.total_p50", Kind::Duration, "p50 of the slowest path"),
    row("latency.total_p99", Kind::Duration, "p99 of the slowest path"),
    row("availability.composed", Kind::Share, "availability of all parts together"),
    row("availability.error_budget", Kind::Duration, "time that may be lost in 30 days"),
    row("recovery.restore_time", Kind::Duration, "time to restore from a backup"),
    row("recovery.rpo_reached", Kind::Duration, "data that is lost at most"),
    row("cost.monthly", Kind::Money, "infrastructure"),
    row("months.one", Kind::Number, "one month"),
    row("hours.month", Kind::Number, "hours of a month"),
];

#[cfg(test)]
mod tests {
    use super::{derived, general};

    #[test]
    fn paths_are_unique_and_documented() {
        let mut paths: Vec<_> = derived().map(|row| row.path).collect();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), derived().count());
        assert!(derived().all(|row| !row.doc.is_empty()));
    }

    #[test]
    fn item_names_are_taken_out_of_paths() {
        assert_eq!(general("entities[Order].fields[total].type"), "entities[].fields[].type");
    }
}
