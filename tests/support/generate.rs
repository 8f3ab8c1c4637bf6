//! Random requirements: small, deterministic by seed, always sound.

use serde_json::{Map, Value, json};

/// A generator of numbers with a fixed seed (splitmix64).
pub struct Rng(u64);

impl Rng {
    /// The same seed gives the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0, below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// True in `percent` of the cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// Some of them, in their order.
    pub fn some<'a>(&mut self, list: &[&'a str], percent: usize) -> Vec<&'a str> {
        list.iter().copied().filter(|_| self.chance(percent)).collect()
    }
}

/// Optional scalar keys with values of every kind.
const SCALARS: &[(&str, &[&str])] = &[
    ("project.kind", &["new-system", "scaling", "performance", "security-review", "database-design", "api-design"]),
    ("project.maturity", &["mvp", "production"]),
    ("project.complexity", &["low", "medium", "high"]),
    ("users.growth", &["2%/month", "40%/year", "2x/year"]),
    ("users.horizon", &["6 months", "24 months", "5 years"]),
    ("traffic.requests_per_user", &["5", "40", "390"]),
    ("traffic.shape", &["steady", "daily", "spiky", "unpredictable", "batch", "event-triggered"]),
    ("traffic.seasonal_peak", &["1x", "2x", "5x"]),
    ("traffic.reads", &["10%", "50%", "95%"]),
    ("traffic.response_size", &["1KB", "40KB", "1MB"]),
    ("traffic.cdn_hit_share", &["0%", "50%", "90%"]),
    ("traffic.long_lived_connections", &["0", "500", "80k"]),
    ("traffic.service_time", &["3ms", "25ms", "200ms"]),
    ("data.size", &["1GB", "60GB", "8TB", "200TB"]),
    ("data.growth", &["100MB/month", "40GB/month", "1TB/month"]),
    ("data.retention", &["90 days", "7 years"]),
    ("data.consistency", &["strong", "eventual"]),
    ("data.files.size", &["10GB", "2TB"]),
    ("targets.p95", &["50ms", "200ms", "1s"]),
    ("targets.availability", &["99%", "99.9%", "99.99%"]),
    ("targets.rpo", &["0s", "5min", "24h"]),
    ("targets.rto", &["1min", "30min", "24h"]),
    ("targets.headroom", &["2x", "10x", "100x"]),
    ("realtime", &["none", "useful", "critical"]),
    ("team.operations", &["none", "shared", "dedicated", "platform-team"]),
    ("team.distributed_systems", &["none", "some", "strong"]),
    ("team.monthly_cost", &["$9000"]),
    ("budget.monthly", &["$50/month", "$3000/month", "$200k/month"]),
    ("stack.language", &["go", "typescript", "python", "java", "php", "elixir"]),
    ("stack.priority", &["high-performance", "rapid-development", "enterprise", "functional", "data-ml"]),
    ("stack.cloud", &["aws", "gcp", "azure", "hetzner", "digitalocean", "on-premises"]),
    ("stack.secrets", &["vault", "cloud-kms", "environment", "code"]),
    ("preferences.lock_in", &["avoid", "accept"]),
    ("preferences.decision_tree", &["evidence", "classic"]),
    ("api.versioning", &["uri", "header", "none"]),
    ("api.pagination", &["auto", "offset", "cursor"]),
    ("security.tenancy", &["single", "row", "schema", "database"]),
    ("operations.deployment", &["rolling", "blue-green", "canary"]),
    ("operations.backups", &["full", "incremental", "differential"]),
];

/// Optional yes-or-no keys.
const FLAGS: &[&str] = &[
    "data.audit_trail",
    "team.on_call",
    "team.independent_releases",
    "api.public",
    "api.flexible_queries",
    "security.mfa",
    "security.internet_facing",
    "security.encryption_at_rest",
    "operations.feature_flags",
];

/// Optional lists of words.
const LISTS: &[(&str, &[&str])] = &[
    (
        "data.access",
        &[
            "transactions",
            "documents",
            "key-value",
            "wide-column",
            "graph",
            "time-series",
            "search",
            "reporting",
            "files",
            "data-lake",
        ],
    ),
    ("api.styles", &["rest", "graphql", "grpc", "websocket", "sse"]),
    ("security.authentication", &["oidc", "jwt", "session", "api-key", "mtls"]),
    ("security.data_classes", &["public", "personal", "payment", "health", "financial"]),
    ("compliance", &["gdpr", "hipaa", "sox", "pci-dss", "soc2", "iso27001", "ccpa"]),
    ("residency", &["eu", "us", "ch"]),
];

/// Names that are words, look like other things, or are not Latin.
const NAMES: &[&str] = &["orders", "Billing & co", "search-ui", "店舗", "O'Brien", "a_b", "users.v2", "true-north"];

/// Sound requirements as dotted paths; the same seed gives the same ones.
pub fn given(seed: u64) -> Map<String, Value> {
    let mut rng = Rng::new(seed);
    let mut out = Map::new();
    out.insert("project.name".into(), json!(*rng.pick(&["Shop", "Ünï <b>code</b> | shop", "`Tick` & *star*", "名前"])));
    out.insert("team.developers".into(), json!(*rng.pick(&[1, 4, 5, 9, 25, 120])));
    let load = *rng.pick(&["users.monthly", "users.daily", "traffic.average", "traffic.peak"]);
    let value = if load.starts_with("users") {
        *rng.pick(&["50", "4k", "80k", "3M"])
    } else {
        *rng.pick(&["1/h", "9/s", "400/s", "20k/s"])
    };
    out.insert(load.into(), json!(value));
    // A percentage per file makes sparse and dense ones.
    let density = *rng.pick(&[0, 5, 20, 60]);
    for (path, values) in SCALARS {
        if rng.chance(density) {
            out.insert((*path).into(), json!(*rng.pick(values)));
        }
    }
    for path in FLAGS {
        if rng.chance(density) {
            out.insert((*path).into(), json!(rng.chance(50)));
        }
    }
    for (path, words) in LISTS {
        let words = rng.some(words, density / 2);
        if !words.is_empty() {
            out.insert((*path).into(), json!(words));
        }
    }
    if rng.chance(density) {
        out.insert("team.teams".into(), json!(*rng.pick(&[1, 2, 4])));
    }
    lists(&mut rng, density, &mut out);
    if out.get("budget.monthly").is_some() && rng.chance(50) {
        out.insert("budget.strict".into(), json!(true));
    }
    if rng.chance(density / 2) {
        out.insert("project.kind".into(), json!("migration"));
        out.insert("existing".into(), existing(&mut rng));
    }
    out
}

fn existing(rng: &mut Rng) -> Value {
    json!({
        "pattern": *rng.pick(&["monolith", "microservices", "serverless"]),
        "summary": "What there is",
        "language": *rng.pick(&["php", "cobol"]),
        "database": *rng.pick(&["mysql", "foxpro"]),
        "data_size": "40GB",
        "pains": rng.some(&["slow-deploys", "database-contention", "scaling", "cost", "reliability", "chatty-services", "joint-releases", "operations"], 40),
    })
}

/// Lists of named things that refer to each other.
fn lists(rng: &mut Rng, density: usize, out: &mut Map<String, Value>) {
    let names: Vec<&str> = rng.some(NAMES, density);
    let domains: Vec<Value> = names.iter().enumerate().map(|(index, name)| domain(rng, &names, index, name)).collect();
    let anywhere = |rng: &mut Rng| rng.chance(60).then(|| (!names.is_empty()).then(|| *rng.pick(&names))).flatten();
    let with_domain = |rng: &mut Rng, mut item: Value| {
        if let Some(domain) = anywhere(rng) {
            item["domain"] = json!(domain);
        }
        item
    };
    if !domains.is_empty() {
        out.insert("domains".into(), json!(domains));
    }
    let mut workloads = Vec::new();
    for kind in rng.some(&["scheduled", "job", "stream", "event"], density / 2) {
        let item = json!({"name": format!("{kind} work"), "kind": kind, "runs": *rng.pick(&["1/day", "5k/day", "90/s"]), "duration": *rng.pick(&["50ms", "3s", "20min"])});
        workloads.push(with_domain(rng, item));
    }
    let mut entities = Vec::new();
    for name in rng.some(&["Order", "Customer", "Event", "order_line"], density / 2) {
        let fields = json!([
            {"name": "code", "type": "string(40)", "unique": true},
            {"name": "owner_name", "type": "text", "personal": rng.chance(50), "required": false},
            {"name": "parent", "ref": name, "required": false, "on_delete": "set-null"},
        ]);
        let queries = json!([{"by": ["code"], "order": ["-owner_name"], "rate": "3/s"}]);
        let item = json!({"name": name, "rows": *rng.pick(&["0", "300", "4M"]), "growth": "2k/month", "fields": fields, "queries": queries});
        entities.push(with_domain(rng, item));
    }
    let mut integrations = Vec::new();
    for name in rng.some(&["Stripe", "Mail & er", "ERP"], density / 2) {
        let mode = *rng.pick(&["sync", "async"]);
        let mut item =
            json!({"name": name, "purpose": "<exchange> of *things*", "mode": mode, "critical": rng.chance(50)});
        if rng.chance(70) {
            item["latency"] = json!("300ms");
            item["availability"] = json!("99.9%");
        }
        integrations.push(item);
    }
    let mut features = Vec::new();
    for number in 0..rng.below(density / 10 + 1) {
        let item = json!({"need": format!("Someone needs [x] number {number}"), "priority": *rng.pick(&["must", "should", "could"])});
        features.push(with_domain(rng, item));
    }
    for (key, list) in
        [("workloads", workloads), ("entities", entities), ("integrations", integrations), ("features", features)]
    {
        if !list.is_empty() {
            out.insert(key.into(), json!(list));
        }
    }
}

/// Calls go to later domains only, so that no cycle arises.
fn domain(rng: &mut Rng, names: &[&str], index: usize, name: &str) -> Value {
    let mut domain = json!({"name": name});
    let later = names.get(index + 1..).unwrap_or_default();
    let calls: Vec<Value> = rng.some(later, 40).into_iter().map(|to| json!({"to": to, "per_request": 1})).collect();
    if !calls.is_empty() {
        domain["calls"] = json!(calls);
    }
    if index == 0 || rng.chance(40) {
        domain["publishes"] = json!([format!("Changed{index}")]);
    }
    if index > 0 && rng.chance(30) {
        domain["consumes"] = json!(["Changed0"]);
    }
    if rng.chance(30) {
        domain["team"] = json!(*rng.pick(&["blue", "green"]));
        domain["criticality"] = json!(*rng.pick(&["low", "medium", "high"]));
    }
    domain
}

/// Identifiers that are reserved somewhere, collide, or are not Latin.
const HOSTILE: &[&str] = &[
    "order",
    "Order_",
    "select",
    "class",
    "type",
    "店舗",
    "Übergröße",
    "uebergroesse",
    "Role",
    "outbox",
    "true",
    "null",
    "_",
    "__proto__",
    "OrderLine",
    "order_line",
    "tenant_id",
    "self",
    "Audit_event",
    "x2FA",
    "user",
    "group",
    "İstanbul",
    "Query",
    "Date",
    "user_input",
];

/// Texts that are code in some place.
const CODE: &[&str] = &[
    "$(id)",
    "'; DROP TABLE users; --",
    "{{ 7*7 }} {% raw %}",
    "--> <!-- ap-end: code -->",
    "`id` ${HOME} %{x} #{y}",
    "\"quoted\" \\",
    "*/ ?> ]]>",
    "</details><script>",
];

/// What decides which files a plan embeds, one of each list for a seed in turn, so that few seeds meet every word.
const CHOICES: &[(&str, &[&str])] = &[
    (
        "stack.language",
        &["python", "typescript", "go", "java", "ruby", "rust", "kotlin", "csharp", "php", "elixir", "scala", "cpp"],
    ),
    ("stack.cloud", &["aws", "gcp", "azure", "hetzner", "digitalocean", "on-premises"]),
    ("stack.ci", &["github-actions", "gitlab-ci", "jenkins", "azure-devops"]),
    ("stack.observability", &["prometheus", "datadog", "new-relic", "cloud-native"]),
    ("stack.orchestrator", &["auto", "none", "kubernetes", "ecs", "nomad", "cloud-run"]),
    ("stack.secrets", &["vault", "cloud-kms", "environment"]),
    ("stack.iac", &["terraform", "terraform", "terraform", "none", "pulumi"]),
    ("security.tenancy", &["single", "row", "schema", "database"]),
    ("operations.deployment", &["rolling", "blue-green", "canary"]),
];

/// The same of lists of words.
const LISTED: &[(&str, &[&[&str]])] = &[
    (
        "security.authentication",
        &[&["oidc"], &["session"], &["jwt"], &["api-key"], &["oauth2"], &["mtls"], &["password", "session"]],
    ),
    ("security.authorization", &[&["rbac"], &["abac"], &["rbac", "abac"]]),
    ("api.styles", &[&["rest"], &["graphql"], &["grpc"], &["rest", "websocket"], &["rest", "graphql", "grpc"]]),
    ("compliance", &[&["gdpr"], &["hipaa"], &["pci-dss", "soc2"], &["sox", "iso27001", "ccpa"]]),
];

/// The same of options that people settle by topic.
const SETTLED: &[(&str, &[&str])] = &[
    ("database", &["postgresql", "mysql", "mariadb", "sqlite", "mongodb", "cockroachdb", "dynamodb", "cassandra"]),
    ("cache", &["redis", "valkey", "memcached", "in-process", "hazelcast"]),
    ("broker", &["kafka", "rabbitmq", "redis-streams", "nats", "database-queue", "sqs", "pub-sub", "service-bus"]),
    ("pattern", &["monolith", "modular-monolith", "microservices", "serverless", "event-driven"]),
];

/// The same with entities of every kind of field, names and texts that nobody sane would give, and every word that decides about files.
pub fn hostile(mut given: Map<String, Value>, seed: u64) -> Map<String, Value> {
    let mut rng = Rng::new(seed ^ 0x5eed);
    let mut names: Vec<String> =
        vec![(*rng.pick(HOSTILE)).to_string(), format!("Long{}", "very_".repeat(rng.below(38)))];
    names.extend(rng.some(HOSTILE, 15).into_iter().map(String::from));
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.to_lowercase()));
    let entities: Vec<Value> = names.iter().enumerate().map(|(at, name)| entity(&mut rng, &names, at, name)).collect();
    let (first, second) = (*rng.pick(CODE), *rng.pick(CODE));
    // A name has at most 200 characters, what is said about a thing has no end.
    let (long, endless) =
        if rng.chance(10) { ("name ".repeat(33), "endless ".repeat(1300)) } else { (String::new(), String::new()) };
    given.insert("entities".into(), json!(entities));
    given.insert("project.name".into(), json!(format!("{first} shop {long}")));
    given.insert("project.summary".into(), json!(format!("{second} {endless}")));
    given.insert("security.roles".into(), json!(["admin", "o'brien", "a/b & c#1", "店舗"]));
    given.insert(
        "api.endpoints".into(),
        json!([
            {"method": "POST", "path": "/api/v1/checkouts", "summary": first},
            {"method": "GET", "path": "/api/v1/things/{id}/parts/{part_id}", "summary": format!("{second} {endless}"), "auth": false},
        ]),
    );
    // The first seeds stay as sparse as they come.
    if !seed.is_multiple_of(4) {
        choices(&mut rng, &mut given);
        if !given.contains_key("domains") && !given.contains_key("workloads") && rng.chance(50) {
            parts(&mut rng, &mut given);
        }
    }
    given
}

/// Domains, events, background work and systems of others whose names mean something else in some language.
fn parts(rng: &mut Rng, given: &mut Map<String, Value>) {
    const WORDS: &[&str] = &["null", "True", "no", "select", "2fa", "on", "class", "店舗", "y", "default"];
    let names = rng.some(WORDS, 40);
    let domains: Vec<Value> = names.iter().enumerate().map(|(index, name)| domain(rng, &names, index, name)).collect();
    let mut workloads = Vec::new();
    for name in rng.some(WORDS, 30) {
        let kind = *rng.pick(&["scheduled", "job", "event"]);
        workloads.push(json!({"name": name, "kind": kind, "runs": "5k/day", "duration": "3s"}));
    }
    let mut integrations = Vec::new();
    for (name, mode) in [("null", "sync"), ("yes & no", "async")] {
        integrations.push(json!({"name": name, "purpose": *rng.pick(CODE), "mode": mode}));
    }
    given.insert("domains".into(), json!(domains));
    given.insert("workloads".into(), json!(workloads));
    given.insert("integrations".into(), json!(integrations));
    given.insert("team.teams".into(), json!(3));
}

fn choices(rng: &mut Rng, given: &mut Map<String, Value>) {
    for (path, words) in CHOICES {
        if rng.chance(70) {
            given.insert((*path).into(), json!(*rng.pick(words)));
        }
    }
    for (path, lists) in LISTED {
        if rng.chance(60) {
            given.insert((*path).into(), json!(*rng.pick(lists)));
        }
    }
    let mut decisions = Vec::new();
    for (topic, options) in SETTLED {
        if rng.chance(50) {
            decisions.push(json!({"topic": topic, "choose": *rng.pick(options), "because": *rng.pick(CODE)}));
        }
    }
    given.insert("decisions".into(), json!(decisions));
}

fn entity(rng: &mut Rng, names: &[String], at: usize, name: &str) -> Value {
    const KINDS: [&str; 14] = [
        "string(80)",
        "string(2000)",
        "text",
        "int",
        "bigint",
        "decimal(12,3)",
        "money",
        "bool",
        "date",
        "timestamp",
        "uuid",
        "json",
        "bytes",
        "enum(new,Open,closed-late,店)",
    ];
    let mut own: Vec<&str> = rng.some(HOSTILE, 20);
    own.push("name");
    let mut seen = std::collections::BTreeSet::new();
    own.retain(|field| seen.insert(field.to_lowercase()));
    let field = |rng: &mut Rng, field: &&str| json!({"name": field, "type": *rng.pick(&KINDS), "unique": rng.chance(15), "required": rng.chance(70), "personal": rng.chance(20)});
    let mut fields: Vec<Value> = own.iter().map(|name| field(rng, name)).collect();
    let mut queries = Vec::new();
    if fields.len() > 1 && rng.chance(60) {
        let order = format!("-{}", fields[1]["name"].as_str().unwrap_or_default());
        queries.push(json!({"by": [fields[0]["name"]], "order": [order], "rate": "9/s"}));
    }
    let target = rng.below(names.len());
    let optional = target >= at || rng.chance(30);
    let action = if optional { *rng.pick(&["set-null", "restrict"]) } else { *rng.pick(&["cascade", "restrict"]) };
    fields.push(json!({"name": "owner", "ref": names[target], "required": !optional, "on_delete": action}));
    let mut entity = json!({"name": name, "rows": "40k", "growth": "1k/month", "fields": fields, "queries": queries});
    if at == 0 && rng.chance(30) {
        entity["tenant"] = json!(true);
    }
    entity
}
