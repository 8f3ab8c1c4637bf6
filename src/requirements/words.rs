//! The fixed vocabularies of the requirements language.

/// Declares enumerations with one spelling per variant, read and written by that spelling.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$more:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $(#[$more])* $variant,)*
        }

        impl $name {
            /// Every value, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The spelling in requirements and plans.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value with this spelling.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
                Self::from_name(&text)
                    .ok_or_else(|| serde::de::Error::unknown_variant(&text, &[$($text),*]))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "enum": [$($text),*]})
            }
        }
    )*};
}

words! {
    /// What the project is about.
    ProjectKind { NewSystem = "new-system", Scaling = "scaling", Migration = "migration", Performance = "performance", SecurityReview = "security-review", DatabaseDesign = "database-design", ApiDesign = "api-design", }
    /// How far the product is.
    Maturity { Mvp = "mvp", Production = "production", }
    /// Low, medium or high: complexity and criticality.
    Level { Low = "low", Medium = "medium", High = "high", }
    /// How much a feature is needed.
    Priority { Must = "must", Should = "should", Could = "could", }
    /// How traffic moves over time.
    Shape { Steady = "steady", Daily = "daily", Spiky = "spiky", Unpredictable = "unpredictable", Batch = "batch", EventTriggered = "event-triggered", }
    /// What a reader may see after a write.
    Consistency { Strong = "strong", Eventual = "eventual", }
    /// A way in which data is used.
    Access { Transactions = "transactions", Documents = "documents", KeyValue = "key-value", WideColumn = "wide-column", Graph = "graph", TimeSeries = "time-series", Search = "search", Reporting = "reporting", RealtimeAnalytics = "realtime-analytics", Files = "files", DataLake = "data-lake", }
    /// Whether work in real time matters.
    Realtime { None = "none", Useful = "useful", Critical = "critical", }
    /// Who runs the system.
    OperationsTeam { None = "none", Shared = "shared", Dedicated = "dedicated", PlatformTeam = "platform-team", }
    /// Experience with distributed systems.
    Experience { None = "none", Some = "some", Strong = "strong", }
    /// A programming language.
    Language { Go = "go", Typescript = "typescript", Python = "python", Java = "java", Kotlin = "kotlin", Csharp = "csharp", Ruby = "ruby", Rust = "rust", Php = "php", Elixir = "elixir", Scala = "scala", Cpp = "cpp", Haskell = "haskell", Clojure = "clojure", }
    /// What the choice of a stack is to serve.
    StackPriority { HighPerformance = "high-performance", RapidDevelopment = "rapid-development", Enterprise = "enterprise", Functional = "functional", DataMl = "data-ml", }
    /// Where the system runs.
    Cloud { Aws = "aws", Gcp = "gcp", Azure = "azure", Hetzner = "hetzner", Digitalocean = "digitalocean", OnPremises = "on-premises", }
    /// What runs the containers.
    Orchestrator { Auto = "auto", None = "none", Kubernetes = "kubernetes", Ecs = "ecs", Nomad = "nomad", CloudRun = "cloud-run", }
    /// What describes the infrastructure.
    Iac { Terraform = "terraform", Cloudformation = "cloudformation", Bicep = "bicep", Pulumi = "pulumi", None = "none", }
    /// What builds and tests.
    Ci { GithubActions = "github-actions", GitlabCi = "gitlab-ci", Jenkins = "jenkins", AzureDevops = "azure-devops", }
    /// What watches the system.
    Observability { Prometheus = "prometheus", Datadog = "datadog", NewRelic = "new-relic", CloudNative = "cloud-native", }
    /// Where secrets are kept.
    Secrets { Vault = "vault", CloudKms = "cloud-kms", Environment = "environment", Code = "code", }
    /// A base pattern.
    Pattern { Monolith = "monolith", ModularMonolith = "modular-monolith", Microservices = "microservices", Serverless = "serverless", EventDriven = "event-driven", }
    /// The pattern of an existing system.
    ExistingPattern { None = "none", Monolith = "monolith", ModularMonolith = "modular-monolith", Microservices = "microservices", Serverless = "serverless", EventDriven = "event-driven", }
    /// What dependence on a provider means to the project.
    LockIn { Avoid = "avoid", Accept = "accept", }
    /// Which decision tree answers.
    DecisionTree { Evidence = "evidence", Classic = "classic", }
    /// How a workload is started.
    WorkloadKind { Scheduled = "scheduled", Job = "job", Stream = "stream", Event = "event", }
    /// Whether the caller waits.
    Mode { Sync = "sync", Async = "async", }
    /// What happens to a row when the row it refers to goes.
    OnDelete { Restrict = "restrict", Cascade = "cascade", SetNull = "set-null", }
    /// A style of API.
    ApiStyle { Rest = "rest", Graphql = "graphql", Grpc = "grpc", Websocket = "websocket", Sse = "sse", }
    /// Who calls the API.
    ConsumerKind { Browser = "browser", Mobile = "mobile", Partner = "partner", Service = "service", Device = "device", }
    /// How API versions are told apart.
    Versioning { Uri = "uri", Header = "header", ContentNegotiation = "content-negotiation", None = "none", }
    /// How long lists are cut.
    Pagination { Auto = "auto", Offset = "offset", Cursor = "cursor", }
    /// How callers prove who they are.
    Authentication { Oidc = "oidc", Oauth2 = "oauth2", Jwt = "jwt", Session = "session", ApiKey = "api-key", Mtls = "mtls", Password = "password", }
    /// How rights are granted.
    Authorization { Rbac = "rbac", Abac = "abac", }
    /// How sensitive data is.
    DataClass { Public = "public", Personal = "personal", Payment = "payment", Health = "health", Credentials = "credentials", Financial = "financial", }
    /// How tenants are kept apart.
    Tenancy { Single = "single", Row = "row", Schema = "schema", Database = "database", }
    /// How services prove themselves to each other.
    ServiceAuth { Mtls = "mtls", SignedRequests = "signed-requests", ApiKey = "api-key", None = "none", }
    /// A body of rules to comply with.
    Compliance { Gdpr = "gdpr", Hipaa = "hipaa", Sox = "sox", PciDss = "pci-dss", Soc2 = "soc2", Iso27001 = "iso27001", Ccpa = "ccpa", }
    /// How releases replace each other.
    Deployment { Rolling = "rolling", BlueGreen = "blue-green", Canary = "canary", }
    /// How backups are taken.
    Backups { Full = "full", Incremental = "incremental", Differential = "differential", }
    /// What hurts in an existing system.
    Pain { SlowDeploys = "slow-deploys", DatabaseContention = "database-contention", Scaling = "scaling", Cost = "cost", Reliability = "reliability", ChattyServices = "chatty-services", JointReleases = "joint-releases", Operations = "operations", }
}
