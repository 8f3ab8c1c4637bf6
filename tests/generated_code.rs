//! Files that a plan embeds say what its texts say: what is deleted when, what starts, what a load test sends, which numbers stand in the code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use support::{build, content, fact, find};

/// A monitor whose pings age; who owns it does not.
fn monitor(database: &str, retention: &str) -> String {
    format!(
        "archplan: 1
project: {{name: Monitor}}
users: {{monthly: 300}}
team: {{developers: 2}}
data: {{retention: {retention}}}
decisions: [{{topic: database, choose: {database}, because: Known}}]
entities:
  - {{name: Check, rows: 10, fields: [{{name: code, type: uuid, unique: true}}]}}
  - {{name: Ping, rows: 10, fields: [{{name: check, ref: Check, on_delete: cascade}}]}}
  - {{name: Alarm, rows: 10, retention: 18 months, fields: [{{name: check, ref: Check}}]}}
  - {{name: Comment, rows: 10, fields: [{{name: alarm, ref: Alarm}}]}}
"
    )
}

#[test]
fn rows_that_others_refer_to_have_no_age_at_which_they_go() {
    for (database, deletes, guard) in [
        ("postgresql", "DELETE FROM", "SELECT 1 FROM comments AS r WHERE r.alarm_id = o.id"),
        ("mysql", "CREATE PROCEDURE retention_", "SELECT 1 FROM comments AS r WHERE r.alarm_id = alarms.id"),
        ("sqlite", "AS row_id FROM", "SELECT 1 FROM comments AS r WHERE r.alarm_id = o.id"),
    ] {
        let built = build(&monitor(database, "3 months")).unwrap();
        let up = content(&built, "migrations/0902_retention.up.sql");
        let of = |table: &str| up.lines().any(|line| line.contains(deletes) && line.contains(table));
        assert!(of("pings") && of("alarms") && of("comments"), "{database}: {up}");
        assert!(!of("checks"), "{database} deletes a customer's checks: {up}");
        assert!(up.contains("-- Kept for good: checks. Others refer to it"), "{database}: {up}");
        // What refers goes first, whatever its age.
        assert!(up.contains(guard), "{database}: {up}");
        assert!(up.find("comments").unwrap() < up.rfind("alarms").unwrap());
    }
    // A part goes no earlier than what it is a part of.
    let parts = monitor("postgresql", "3 months")
        .replace("{name: alarm, ref: Alarm}", "{name: alarm, ref: Alarm, on_delete: cascade}");
    let built = build(&parts).unwrap();
    let up = content(&built, "migrations/0902_retention.up.sql");
    assert_eq!(up.matches("interval '18 months'").count(), 2, "{up}");
    let down = build(&monitor("mysql", "3 months")).unwrap();
    assert!(!content(&down, "migrations/0902_retention.down.sql").contains("retention_checks"));
}

#[test]
fn nothing_is_deleted_before_its_time() {
    for (database, stated, said) in [
        ("postgresql", "3 months", "interval '3 months'"),
        ("postgresql", "7 years", "interval '7 years'"),
        ("postgresql", "90 days", "interval '90 days'"),
        ("postgresql", "36h", "interval '2 days'"),
        ("postgresql", "0.5 months", "interval '16 days'"),
        ("mysql", "7 years", "INTERVAL 7 YEAR"),
        ("mysql", "90 days", "INTERVAL 90 DAY"),
        ("sqlite", "7 years", "'-7 years')"),
        ("sqlite", "3 months", "'-3 months', '-3 days')"),
    ] {
        let built = build(&monitor(database, stated)).unwrap();
        let up = content(&built, "migrations/0902_retention.up.sql");
        assert!(up.contains(said), "{database}, {stated}: {up}");
        assert!(up.to_lowercase().contains("18 month"), "{database}: the alarms have a time of their own: {up}");
    }
    let built = build(&monitor("postgresql", "3 months")).unwrap();
    let title = built.plan.tasks.iter().find(|task| task.id == "TASK-3.47").unwrap().title.clone();
    assert_eq!(title, "Delete what is older than 3 months", "as stated, as in the file");
}

/// A system with everything that settings and scripts have numbers of.
fn system(language: &str, framework: &str, sign_in: &str, cache: &str) -> String {
    let framework = if framework.is_empty() { String::new() } else { format!(", framework: {framework}") };
    format!(
        "archplan: 1
project: {{name: Numbers}}
traffic: {{peak: 900/s, reads: 60%}}
team: {{developers: 6}}
data: {{consistency: strong}}
stack: {{language: {language}{framework}}}
security: {{authentication: [{sign_in}], internet_facing: true}}
api: {{styles: [rest]}}
decisions: [{{topic: database, choose: postgresql, because: Known}}, {{topic: cache, choose: {cache}, because: Known}}]
integrations: [{{name: Card, mode: sync, latency: 20s}}]
features:
  - {{id: F1, need: Codes are read, priority: must}}
entities:
  - {{name: Check, rows: 10, growth: 10k/month, fields: [{{name: code, type: uuid, unique: true}}], queries: [{{by: [code], rate: 40/s}}]}}
  - {{name: Ping, rows: 10, growth: 1M/month, fields: [{{name: check, ref: Check}}]}}
"
    )
}

#[test]
fn a_load_test_sends_what_the_contract_takes_as_somebody_who_may() {
    let built = build(&system("python", "", "session", "redis")).unwrap();
    let script = content(&built, "loadtest/load-test.k6.js");
    for said in [
        r#"{ name: "code", kind: "uuid", example: "00000000-0000-4000-8000-000000000001", unique: true }"#,
        "return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;",
        r#""X-CSRF-Token""#,
        "SIGN_IN_BODY",
        // The one client of a run is never refused: 900/s in a window of a minute, and half as much again.
        "RATE_LIMIT=81000",
        "asked: 40,",
        // Pings are made a hundred times as often as checks.
        "made: 10000,",
        "made: 1000000,",
    ] {
        assert!(script.contains(said), "no {said} in {script}");
    }
    assert!(!script.contains("Bearer"), "the plan signs people in with a session");
    assert!(script.find("/checks").unwrap() < script.find("/pings").unwrap(), "what is referred to is made first");
    let built = build(&system("python", "", "oidc", "redis")).unwrap();
    let script = content(&built, "loadtest/load-test.k6.js");
    assert!(script.contains("Bearer ${__ENV.TOKEN}") && !script.contains("X-CSRF-Token"), "{script}");
    let task = built.plan.tasks.iter().find(|task| task.key == "code.operations.load-test").unwrap();
    assert!(task.fields.iter().any(|(_, text)| text.contains("RATE_LIMIT")), "{:?}", task.fields);
}

#[test]
fn manifests_hold_what_files_import_and_a_framework_only_where_it_starts_something() {
    let built = build(&system("python", "django", "api-key", "none")).unwrap();
    assert!(find(&built, "app/__main__.py").is_none());
    let packages = content(&built, "requirements.txt");
    let named: Vec<&str> = packages.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(named.is_empty(), "nothing here imports a package: {named:?}");
    let init = content(&built, "app/__init__.py");
    assert!(!init.contains("python -m app") && init.contains("Django"), "{init}");

    let built = build(&system("python", "django", "oidc", "none")).unwrap();
    let packages = content(&built, "requirements.txt");
    assert!(
        packages.contains("django>=") && packages.contains("uvicorn") && !packages.contains("fastapi"),
        "{packages}"
    );
    let start = content(&built, "app/__main__.py");
    assert!(start.contains("get_asgi_application()") && !start.to_lowercase().contains("fastapi"), "{start}");
    assert!(content(&built, "requirements-dev.txt").contains("django-stubs"));

    let built = build(&system("python", "flask", "oidc", "none")).unwrap();
    assert!(
        find(&built, "app/api.py").is_some() && find(&built, "app/__main__.py").is_none(),
        "a start on FastAPI is no start on Flask"
    );
    let packages = content(&built, "requirements.txt");
    assert!(
        packages.contains("psycopg") && !packages.contains("fastapi") && !packages.contains("uvicorn"),
        "{packages}"
    );
    assert!(!content(&built, "make/skeleton.mk").contains("-m app"));

    let built = build(&system("python", "fastapi", "oidc", "none")).unwrap();
    assert!(find(&built, "app/__main__.py").is_some());
    assert!(content(&built, "requirements.txt").contains("fastapi"));
    assert!(content(&built, "app/__init__.py").contains("`python -m app` starts it"));

    let built = build(&system("typescript", "", "api-key", "none")).unwrap();
    let package = content(&built, "package.json");
    assert!(
        find(&built, "src/main.ts").is_none() && !package.contains("main.js") && !package.contains("\"pg\""),
        "{package}"
    );
}

/// A start that signs people in: language, files; settings and what stands there; manifest and the library that hashes.
type SigningIn = (&'static str, [&'static str; 3], [&'static str; 6], [&'static str; 2]);

const SIGNING_IN: [SigningIn; 3] = [
    (
        "go",
        ["cmd/service/main.go", "internal/api/sign_in.go", "internal/api/sign_in_test.go"],
        [
            "internal/settings/settings.go",
            "SessionPath    = \"/api/v1/session\"",
            "Tries          = 10\n",
            "LockFailures   = 5\n",
            "Lock           = 900 * time.Second\n",
            "HashMemoryKiB = 19456\n",
        ],
        ["go.mod", "golang.org/x/crypto"],
    ),
    (
        "python",
        ["app/__main__.py", "app/sign_in.py", "tests/test_sign_in.py"],
        [
            "app/settings.py",
            "SESSION_PATH = \"/api/v1/session\"",
            "\nTRIES = 10\n",
            "LOCK_FAILURES = 5\n",
            "LOCK_S = 900\n",
            "HASH_MEMORY_KIB = 19456\n",
        ],
        ["requirements.txt", "argon2-cffi"],
    ),
    (
        "typescript",
        ["src/main.ts", "src/sign-in.ts", "test/sign-in.test.ts"],
        [
            "src/settings.ts",
            "SESSION_PATH = \"/api/v1/session\"",
            "TRIES = 10;",
            "LOCK_FAILURES = 5;",
            "LOCK_S = 900;",
            "HASH_MEMORY_KIB = 19456;",
        ],
        ["package.json", "\"argon2\""],
    ),
];

#[test]
fn a_plan_with_sessions_starts_and_signs_people_in() {
    for (language, files, [settings, numbers @ ..], [manifest, library]) in SIGNING_IN {
        let framework = if language == "python" { "fastapi" } else { "" };
        for (database, cache) in [("postgresql", "none"), ("mysql", "redis"), ("sqlite", "none")] {
            let stated = system(language, framework, "session", cache).replace("postgresql", database);
            let built = build(&stated).unwrap();
            for file in files {
                assert!(find(&built, file).is_some(), "{language}, {database}: no {file}");
            }
            for number in numbers {
                assert!(content(&built, settings).contains(number), "{language}: no {number}");
            }
            assert!(content(&built, manifest).contains(library), "{language}");
            let up = content(&built, "migrations/0881_sign_in.up.sql");
            assert!(up.contains("CREATE TABLE sign_in_accounts") && up.contains("CREATE TABLE sign_in_tries"), "{up}");
            assert!(content(&built, "make/skeleton.mk").contains("\naccount:"), "{language}");
            let fields = |key: &str| {
                let task = built.plan.tasks.iter().find(|task| task.key == key).unwrap();
                task.fields.iter().map(|(name, text)| format!("{name}: {text}\n")).collect::<String>()
            };
            assert!(!fields("code.skeleton.core").contains("no file here starts a service"), "{language}");
            let sessions = fields("code.skeleton.sessions");
            assert!(!sessions.contains("Open:") && sessions.contains("the service of CODE-3.2"), "{sessions}");
            let service = fields("code.skeleton.service");
            assert!(service.contains("SESSION_PATH") && !service.contains("OIDC"), "{service}");
            assert_eq!(service.contains("REDIS_URL"), cache == "redis", "{service}");
            assert!(!content(&built, "ops/release.sh").contains("OIDC_ISSUER"), "{language}");
            // The numbers above are what the plan promises.
            for promise in ["5 failures lock the login for 15 min", "10 tries a minute per account and address"] {
                let kept =
                    built.plan.tasks.iter().any(|task| task.fields.iter().any(|(_, text)| text.contains(promise)));
                assert!(kept, "{language}: {promise}");
            }
        }
        // A database that keeps no sessions and no accounts is no start.
        let stated = system(language, framework, "session", "redis").replace("postgresql", "cockroachdb");
        let built = build(&stated).unwrap();
        assert!(
            find(&built, files[0]).is_none() && find(&built, "migrations/0881_sign_in.up.sql").is_none(),
            "{language}"
        );
    }
    for (framework, starts) in [("django", true), ("flask", false)] {
        let built = build(&system("python", framework, "session", "none")).unwrap();
        assert!(
            find(&built, "app/sign_in.py").is_some() && find(&built, "app/__main__.py").is_some() == starts,
            "{framework}"
        );
        let task = built.plan.tasks.iter().find(|task| task.key == "code.skeleton.service").unwrap();
        let work = &task.fields.iter().find(|(name, _)| name == "Do").unwrap().1;
        assert!(work.contains("make account") && work.contains("client_of") != starts, "{framework}: {work}");
    }
    for language in ["java", "ruby", "rust"] {
        let built = build(&system(language, "", "session", "none")).unwrap();
        let task = |key: &str| built.plan.tasks.iter().find(|task| task.key == key).unwrap();
        let said = |key: &str, text: &str| task(key).fields.iter().any(|(_, field)| field.contains(text));
        assert!(said("code.skeleton.core", "no file here starts a service"), "{language}");
        assert!(said("code.skeleton.sessions", "is not here: it needs the table of people"), "{language}");
        assert!(find(&built, "migrations/0881_sign_in.up.sql").is_none(), "{language}");
        let contract = content(&built, "api/openapi.yaml");
        assert!(!contract.contains("signIn"), "{language}: nothing answers it");
    }
}

/// Operations of a contract by method, each with its text.
fn operations(contract: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in contract.lines().skip_while(|line| *line != "paths:").take_while(|line| *line != "components:") {
        let method = line.trim().trim_end_matches(':');
        if line.starts_with("    ") && !line.starts_with("     ") && line.ends_with(':') && method != "parameters" {
            found.push((method, String::new()));
        } else if let Some((_, text)) = found.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    found
}

#[test]
fn a_contract_with_sessions_asks_for_the_token_with_every_change() {
    let endpoints = "api:\n  styles: [rest]\n  endpoints:\n    - {method: POST, path: /api/v1/imports, summary: Import}\n    - {method: POST, path: /api/v1/hooks, auth: false, summary: Hook}\n    - {method: GET, path: /api/v1/state, summary: State}\n";
    for (language, signs_in) in [("typescript", true), ("java", false)] {
        let stated = system(language, "", "session", "none").replace("api: {styles: [rest]}\n", endpoints);
        let built = build(&stated).unwrap();
        let contract = content(&built, "api/openapi.yaml");
        assert!(contract.contains("name: __Host-session") && contract.contains("in: header, name: X-CSRF-Token"));
        let found = operations(contract);
        assert_eq!(found.len(), 2 * 6 + 3 + if signs_in { 3 } else { 0 }, "{found:?}");
        for (method, text) in found {
            let open = text.contains("operationId: signIn") || text.contains("Hook");
            assert_eq!(text.contains("security: []"), open, "{method}: {text}");
            let asks = text.contains("security: [{ main: [], csrf: [] }]");
            assert_eq!(asks, method != "get" && !open, "{method}: {text}");
        }
    }
    let built = build(&system("typescript", "", "oidc", "none")).unwrap();
    assert!(!content(&built, "api/openapi.yaml").contains("csrf"));
}

#[test]
fn a_stated_endpoint_keeps_its_path_from_the_sign_in() {
    let stated = system("typescript", "", "session", "none").replace(
        "api: {styles: [rest]}",
        "api: {styles: [rest], endpoints: [{method: POST, path: /api/v1/session, summary: Own}]}",
    ) + "  - {name: SignInAccount, rows: 10, fields: [{name: title, type: string(9)}]}\n  - {name: sign_in_try, rows: 10, fields: [{name: title, type: string(9)}]}\n  - {name: Session, rows: 10, fields: [{name: title, type: string(9)}]}\n";
    let built = build(&stated).unwrap();
    for (file, said) in [
        ("src/settings.ts", "SESSION_PATH = \"/api/v1/current-session\""),
        ("api/openapi.yaml", "  \"/api/v1/current-session\":\n"),
        ("loadtest/load-test.k6.js", "\"/api/v1/current-session\""),
    ] {
        assert!(content(&built, file).contains(said), "{file}");
    }
    let plan = support::markdown(&built, archplan::render::Depth::Standard);
    assert!(
        plan.contains("| `/api/v1/current-session` | POST, GET, DELETE |"),
        "the table of the plan has what the contract has"
    );
    assert!(!plan.contains("a session table is all it takes"), "where sessions stand is another decision");
    let service = built.plan.tasks.iter().find(|task| task.key == "code.skeleton.service").unwrap();
    assert!(service.fields.iter().all(|(_, said)| !said.contains("/api/v1/session")), "that path is somebody else's");
    let made: Vec<&str> =
        built.plan.artefacts.iter().filter(|file| file.path.ends_with(".up.sql")).map(|file| &*file.content).collect();
    for table in ["sign_in_accounts", "sign_in_tries", "sessions"] {
        let times: usize = made.iter().map(|text| text.matches(&format!("CREATE TABLE {table} ")).count()).sum();
        assert_eq!(times, 1, "{table}");
    }
}

#[test]
fn numbers_of_settings_are_those_of_the_texts_in_every_language() {
    for (language, path, numbers) in [
        ("python", "app/settings.py", ["DRAIN_S = 5.0", "SHUTDOWN_S = 25.0", "JWKS_TTL_S = 600", "CACHE_TTL_S = 300"]),
        (
            "typescript",
            "src/settings.ts",
            ["DRAIN_MS = 5_000", "SHUTDOWN_MS = 25_000", "JWKS_TTL_MS = 600_000", "CACHE_TTL_S = 300"],
        ),
        (
            "go",
            "internal/settings/settings.go",
            ["= 5 * time.Second", "= 25 * time.Second", "= 600 * time.Second", "= 300 * time.Second"],
        ),
        (
            "java",
            "src/main/java/service/Settings.java",
            [
                "DRAIN = Duration.ofSeconds(5)",
                "SHUTDOWN = Duration.ofSeconds(25)",
                "KEYS_TTL = Duration.ofSeconds(600)",
                "CACHE_TTL = Duration.ofSeconds(300)",
            ],
        ),
        ("ruby", "lib/settings.rb", ["DRAIN_S = 5 ", "SHUTDOWN_S = 25 ", "KEYS_TTL_S = 600", "CACHE_TTL_S = 300"]),
        ("rust", "src/settings.rs", ["from_secs(5)", "from_secs(25)", "from_secs(600)", "from_secs(300)"]),
    ] {
        let built = build(&system(language, "", "oidc", "redis")).unwrap();
        let settings = content(&built, path);
        for number in numbers {
            assert!(settings.contains(number), "{language}: no {number} in {settings}");
        }
        // A run of the load test needs a limit of its own.
        assert!(settings.contains("\"RATE_LIMIT\""), "{language}: {settings}");
        assert!(content(&built, "docs/data/cache-keys.md").contains("| 5 min |"), "{language}");
        if let Some(task) = built.plan.tasks.iter().find(|task| task.key == "code.skeleton.service") {
            let stop = &task.fields.iter().find(|(name, _)| name == "Stop").unwrap().1;
            assert!(
                stop.contains(", 5 s later") && stop.contains("at most 25 s") && stop.contains("30 s in all"),
                "{stop}"
            );
        }
        // A tenth of 900/s waits 20 s: calls under way in each instance, with a quarter more, and never 25 for a system as slow as that.
        let instances = fact(&built, "capacity.app.instances");
        let permits = (90.0 * 20.0 / instances * 1.25).ceil();
        assert!(permits > 25.0 && settings.contains(&permits.to_string()), "{language}: no {permits} in {settings}");
    }
}

#[test]
fn probes_are_livez_and_readyz() {
    for (language, path) in [("python", "app/api.py"), ("typescript", "src/api.ts"), ("go", "internal/api/api.go")] {
        let built =
            build(&system(language, if language == "python" { "fastapi" } else { "" }, "oidc", "none")).unwrap();
        let code = content(&built, path);
        assert!(code.contains("/livez") && code.contains("/readyz") && !code.contains("healthz"), "{language}");
    }
}

#[test]
fn a_runbook_throttles_no_planned_season_and_stops_no_feature_that_must_work() {
    let critical = |text: &str| text.replace("latency: 20s}", "latency: 20s, critical: true}");
    let base = critical(&system("python", "", "session", "redis"));
    let season = base.replace("peak: 900/s", "peak: 900/s, seasonal_peak: 3x")
        + "workloads:\n  - {name: alarm, kind: scheduled, runs: 1/min}\n  - {name: shrink, kind: event, runs: 1/min, interruptible: true}\n";
    let built = build(&season).unwrap();
    let page = content(&built, "docs/runbooks/degradation.md");
    assert!(page.contains("the load passes 2.7k/s"), "{page}");
    assert!(
        page.contains("stop background work that may wait: shrink\n"),
        "alarms are what the product is for: {page}"
    );
    assert!(page.contains("503 wherever one must be signed in"), "{page}");
    assert!(!page.contains("half the rate limit"), "{page}");
    // Instances that run already are no way out.
    let running = fact(&built, "capacity.app.instances");
    let most = fact(&built, "capacity.app.max_instances");
    assert_eq!(page.contains("- [ ] instances from"), most > running, "{page}");
    let page = build(&critical(&system("python", "", "oidc", "redis"))).unwrap();
    assert!(
        content(&page, "docs/runbooks/degradation.md")
            .contains("| Redis | slower pages | none: the service reads the database")
    );
}

#[test]
fn a_change_names_the_state_that_it_changes() {
    for (language, files) in [
        ("go", ["internal/api/requests.go", "internal/store/store.go"]),
        ("python", ["app/requests.py", "app/store.py"]),
        ("typescript", ["src/requests.ts", "src/store.ts"]),
    ] {
        let built = build(&system(language, "", "oidc", "none")).unwrap();
        let [requests, store] = files.map(|file| content(&built, file));
        assert!(requests.contains("412") && requests.contains("428"), "{language}: {requests}");
        assert!(store.contains("greatest(now(), updated_at + interval '1 microsecond')"), "{language}: {store}");
    }
    let built = build(&system("java", "", "oidc", "none")).unwrap();
    let contract = content(&built, "api/openapi.yaml");
    for (method, text) in operations(contract) {
        let changes = ["put", "patch", "delete"].contains(&method);
        for said in ["#/components/parameters/IfMatch", "\"412\":", "\"428\":"] {
            assert_eq!(text.contains(said), changes, "{method}: {said}");
        }
        let one = text.contains("operationId: read") || ["put", "patch"].contains(&method);
        assert_eq!(text.contains("ETag:"), one, "{method}: {text}");
    }
    assert!(contract.contains("name: If-Match, in: header, required: true"));
}

/// Behind a balancer everybody's peer is the balancer, however callers are known.
#[test]
fn clients_are_counted_by_the_address_that_our_proxies_saw() {
    for (language, settings, files) in [
        ("go", "internal/settings/settings.go", ["internal/api/requests.go", "internal/api/api.go"]),
        ("python", "app/settings.py", ["app/requests.py", "app/__main__.py"]),
        ("typescript", "src/settings.ts", ["src/requests.ts", "src/main.ts"]),
        ("java", "src/main/java/service/Settings.java", ["src/main/java/service/TokenBuckets.java"; 2]),
        ("ruby", "lib/settings.rb", ["lib/token_buckets.rb"; 2]),
        ("rust", "src/settings.rs", ["src/token_buckets.rs"; 2]),
    ] {
        for authentication in ["oidc", "session"] {
            let built = build(&system(language, "", authentication, "none")).unwrap();
            let case = format!("{language}, {authentication}");
            assert!(content(&built, settings).to_lowercase().contains("trusted_proxies"), "{case}");
            for file in files {
                let text = content(&built, file).to_lowercase();
                assert!(text.contains("clientof(") || text.contains("client_of("), "{case}: {file}");
            }
            let told =
                |task: &archplan::plan::Task| task.fields.iter().any(|(_, said)| said.contains("TRUSTED_PROXIES"));
            assert!(built.plan.tasks.iter().any(told), "{case}");
        }
    }
}

/// No statement of a request outlives the time that the plan gives it; work beside requests has another limit.
#[test]
fn statements_end_when_requests_give_them_up() {
    for (language, settings, written, factor) in [
        ("go", "internal/settings/settings.go", "StatementTimeout = ", 1.0),
        ("python", "app/settings.py", "STATEMENT_TIMEOUT_MS = ", 1.0),
        ("typescript", "src/settings.ts", "STATEMENT_TIMEOUT_MS = ", 1.0),
        ("java", "src/main/java/service/Settings.java", "STATEMENT_TIMEOUT = Duration.ofMillis(", 1.0),
        ("ruby", "lib/settings.rb", "STATEMENT_TIMEOUT_S = ", 1000.0),
        ("rust", "src/settings.rs", "STATEMENT_TIMEOUT: Duration = Duration::from_millis(", 1.0),
    ] {
        let built = build(&system(language, "", "oidc", "none")).unwrap();
        let said = content(&built, settings).split(written).nth(1).unwrap_or_else(|| panic!("{language}: {written}"));
        let digits = said.split(|digit: char| !digit.is_ascii_digit() && digit != '.').next().unwrap();
        let (limit, hop) = (digits.parse::<f64>().unwrap() * factor, fact(&built, "latency.statement_timeout"));
        assert!(
            (limit - hop).abs() < 1e-9 && hop < fact(&built, "latency.deadline"),
            "{language}: {limit} of {hop} ms"
        );
        let database = built.plan.latency.path.iter().find(|hop| hop.hop.contains("queries")).unwrap();
        assert!((database.timeout_ms - hop).abs() < 1e-9, "{language}");
    }
    let work = "workloads: [{name: mail, kind: job, runs: 1k/day, duration: 2s}]\n";
    for (language, settings) in
        [("go", "internal/settings/settings.go"), ("python", "app/settings.py"), ("typescript", "src/settings.ts")]
    {
        let built = build(&(system(language, "", "oidc", "none") + work)).unwrap();
        let settings = content(&built, settings);
        assert!(settings.contains("WORKLOAD") && settings.contains("5000"), "{language}: {settings}");
    }
}
