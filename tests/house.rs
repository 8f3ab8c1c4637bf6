//! The rules of the house, held by reading the files: layers, purity, sizes, texts, documentation.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::rust::{Code, read};
use support::{catalogue, files, report, root, text};

/// The rooms of `src/` and their layers: a room may name itself and rooms of lower number.
const LAYERS: [(&str, u8); 20] = [
    ("packed", 1),
    ("text", 1),
    ("quantity", 1),
    ("diagram", 1),
    ("identity", 1),
    ("diagnostic", 2),
    ("yaml", 3),
    ("requirements", 4),
    ("facts", 5),
    ("catalogue", 6),
    ("engine", 7),
    ("artefact", 8),
    ("plan", 9),
    ("document", 10),
    ("render", 11),
    ("merge", 12),
    ("lint", 13),
    ("export", 14),
    ("lsp", 15),
    ("cli", 16),
];

/// Rooms that may touch the outside world.
const OUTSIDE: [&str; 1] = ["cli"];

/// Files that are longer than [`LONGEST`], with their lengths; the lengths may only shrink.
const LONG_FILES: [(&str, usize); 0] = [];

/// Lines of the longest file.
const LONGEST: usize = 450;

/// Ids, names and tags of technologies that are also words of the contract or plain English: where they may stand, and what they mean there.
const SHARED_WORDS: &[(&str, &str, &str)] = &[
    ("none", "src/", "nothing is chosen"),
    ("functions", "src/", "the family of facts about work that is paid per call"),
    ("serverless", "src/", "the base pattern"),
    ("json", "src/", "the format, and the type of a field"),
    ("rest", "src/", "what is left"),
    ("node", "src/", "of a tree, of a cluster"),
    ("go", "src/", "the verb"),
    ("env", "src/lint/rules/plan/p046", "an instruction of files that images are built from"),
    ("spaces", "src/", "between words"),
    ("roles", "src/", "security.roles"),
    ("rolling", "src/facts/", "of a deployment, in the meaning of a fact"),
    ("dedicated", "src/engine/", "team.operations"),
    ("aws", "src/engine/", "stack.cloud, its default"),
    ("session", "src/engine/embedded.rs", "a resource of the API"),
    ("aws", "src/cli/init.rs", "stack.cloud"),
    ("azure", "src/cli/init.rs", "stack.cloud"),
    ("gcp", "src/cli/init.rs", "stack.cloud"),
    ("hetzner", "src/cli/init.rs", "stack.cloud"),
    ("echo", "src/cli/merge.rs", "the command of a shell"),
    ("pg", "src/requirements/residency.rs", "a country"),
    ("ws", "src/requirements/residency.rs", "a country"),
    ("blob", "src/artefact/", "a reserved word"),
    ("fulltext", "src/artefact/", "a reserved word"),
    ("lambda", "src/artefact/", "a reserved word"),
    ("sql", "src/artefact/", "a reserved word"),
    ("hcl", "src/artefact/", "a form of strings"),
    ("outbox", "src/engine/", "a table"),
    ("github", "src/lint/output/", "the name of a format"),
    ("github", "src/cli/lint/", "the name of a format"),
    ("gitlab", "src/lint/output/", "the name of a format"),
    ("echo", "src/lint/rules/plan/", "the command of a shell"),
    ("aws", "src/cli/compare.rs", "an example of stack.cloud"),
    ("gcp", "src/cli/compare.rs", "an example of stack.cloud"),
    ("hetzner", "src/cli/compare.rs", "an example of stack.cloud"),
    ("gcp", "src/cli/what_if.rs", "an example of stack.cloud"),
    ("environment", "src/cli/lint/", "the variables of the process"),
    ("rolling", "src/engine/", "of a deployment, in the meaning of a fact"),
    ("session", "src/lsp/", "of an editor with its server"),
    ("sql", "src/lint/", "the language"),
    ("nosql", "src/lint/tree.rs", "a family of stores"),
    ("password", "src/lint/secrets.rs", "a name whose value is a secret"),
    ("apikey", "src/lint/secrets.rs", "a name whose value is a secret"),
    // Topics, which the engine knows by id.
    ("api-gateway", "src/", "a topic"),
    ("load-balancer", "src/", "a topic"),
];

/// The room of a source file: `src/engine/tree.rs` stands in `engine`.
fn room(file: &str) -> Option<&str> {
    file.strip_prefix("src/")?.split_once('/').map(|(room, _)| room)
}

fn layer(room: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == room).map(|(_, layer)| *layer)
}

fn sources() -> Vec<(String, Code)> {
    let files = files("src", ".rs").into_iter().filter(|file| !file.ends_with("/tests.rs"));
    files.map(|file| (file.clone(), read(&text(&file)))).collect()
}

#[test]
fn layers_point_up() {
    let mut failures = Vec::new();
    for (file, code) in sources() {
        let Some(room) = room(&file) else { continue };
        let Some(own) = layer(room) else {
            failures.push(format!("{file}: `{room}` has no layer in tests/house.rs"));
            continue;
        };
        for (line, named) in code.rooms() {
            let fine = named == room || layer(&named).is_none_or(|layer| layer < own);
            if !fine {
                failures.push(format!("{file}:{line}: {room} must not name {named}"));
            }
        }
    }
    report("names of lower layers", &failures);
}

#[test]
fn core_has_no_io() {
    let forbidden = [
        "std::fs",
        "std::env",
        "std::process",
        "std::time",
        "std::net",
        "io::stdin",
        "io::stdout",
        "io::stderr",
        "SystemTime",
        "Instant::",
        "println!",
        "eprintln!",
        "print!(",
        "eprint!(",
        "dbg!(",
        "thread::",
        "HashMap",
        "HashSet",
        "RandomState",
    ];
    let mut failures = Vec::new();
    for (file, code) in sources() {
        if room(&file).is_none_or(|room| OUTSIDE.contains(&room)) {
            continue;
        }
        for (number, line) in code.lines() {
            for name in forbidden.iter().filter(|name| line.contains(**name)) {
                failures.push(format!("{file}:{number}: `{name}` outside of cli"));
            }
        }
    }
    report("uses of the outside world in the core", &failures);
}

#[test]
fn no_technology_in_src() {
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    for entry in catalogue().technologies.values().flatten() {
        for word in [&entry.id, &entry.name].into_iter().chain(&entry.tags) {
            words.insert(word.to_lowercase(), format!("{}/{}", entry.topic, entry.id));
        }
    }
    let (mut failures, mut used) = (Vec::new(), BTreeSet::new());
    for (file, code) in sources().into_iter().filter(|(file, _)| file != "src/requirements/words.rs") {
        for (line, literal) in &code.literals {
            for (word, entry) in words.iter().filter(|(word, _)| holds_word(&literal.to_lowercase(), word)) {
                match SHARED_WORDS.iter().find(|(shared, place, _)| shared == word && file.starts_with(place)) {
                    Some(exception) => drop(used.insert(exception)),
                    None => failures.push(format!("{file}:{line}: `{word}` of {entry} in {literal:?}")),
                }
            }
        }
    }
    let idle = SHARED_WORDS.iter().filter(|exception| !used.contains(exception));
    failures.extend(idle.map(|(word, place, _)| {
        format!("tests/house.rs: `{word}` stands nowhere in {place} any more; take it out of SHARED_WORDS")
    }));
    report("names of technologies in src/", &failures);
}

/// Whether a text holds a word or phrase that is not part of a longer one.
fn holds_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[test]
fn files_are_small() {
    let mut failures = Vec::new();
    for file in files("src", ".rs") {
        let lines = text(&file).lines().count();
        let most = LONG_FILES.iter().find(|(name, _)| *name == file).map_or(LONGEST, |(_, most)| *most);
        if lines > most {
            failures.push(format!("{file}: {lines} lines, at most {most}"));
        }
    }
    for (file, most) in LONG_FILES {
        let lines = text(file).lines().count();
        if lines <= LONGEST || lines + 20 < most {
            failures.push(format!("{file}: {lines} lines; lower its entry ({most}) in LONG_FILES or take it out"));
        }
    }
    report("files of another length than agreed", &failures);
}

#[test]
fn no_filler_in_texts() {
    let filler = [
        "consider",
        "considering",
        "ensure",
        "ensures",
        "ensuring",
        "as needed",
        "as appropriate",
        "best practice",
        "best practices",
        "etc",
        "make sure",
        "appropriate",
        "appropriately",
        "robust",
        "robustly",
        "world-class",
        "cutting-edge",
        "leverage",
        "seamless",
    ];
    let mut failures = Vec::new();
    // Code that is embedded has words of its own: `ensure` of Ruby.
    let prose = files("templates", ".j2").into_iter().filter(|file| !file.starts_with("templates/artefacts/skeleton/"));
    let texts = [files("patterns", ".yaml"), prose.collect(), files("examples", ".md")];
    for file in texts.into_iter().flatten() {
        for (number, line) in text(&file).lines().enumerate() {
            let lower = line.to_lowercase();
            // The folder and the time zone of that name are no filler.
            let lower = lower.replace("/etc/", "/").replace("etc/utc", "utc");
            for word in filler.iter().filter(|word| holds_word(&lower, word)) {
                failures.push(format!("{file}:{}: `{word}` in: {}", number + 1, line.trim()));
            }
        }
    }
    report("empty words", &failures);
}

#[test]
fn no_machine_paths() {
    // Written so that this file does not find itself.
    let roots = ["work", "home", "Users", "root", "tmp"].map(|folder| format!("/{folder}/"));
    let mut failures = Vec::new();
    for file in
        ["src", "patterns", "templates", "tests", "docs", "examples", ".ci"].iter().flat_map(|folder| files(folder, ""))
    {
        let Ok(text) = std::fs::read_to_string(root().join(&file)) else { continue };
        for (number, line) in text.lines().enumerate() {
            for found in roots.iter().filter(|path| {
                line.match_indices(path.as_str())
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "*}.-_)".contains(c)))
            }) {
                failures.push(format!("{file}:{}: `{found}` in: {}", number + 1, line.trim()));
            }
        }
    }
    report("paths of a machine", &failures);
}

#[test]
fn architecture_md_lists_every_module() {
    let page = text("docs/architecture.md");
    let mut failures = Vec::new();
    let rooms: BTreeSet<String> = files("src", ".rs").iter().filter_map(|file| room(file).map(String::from)).collect();
    for room in rooms {
        if !page.contains(&format!("`src/{room}`")) && !page.contains(&format!("`{room}`")) {
            failures.push(format!("docs/architecture.md does not name `{room}`"));
        }
    }
    report("modules missing", &failures);
}

#[test]
fn architecture_md_names_tests_that_exist() {
    let page = text("docs/architecture.md");
    let section =
        page.split("\n## ").find(|section| section.starts_with("Invariants")).expect("a section `Invariants`");
    let code: String = files("tests", ".rs").iter().chain(&files("src", ".rs")).map(|file| text(file)).collect();
    let mut failures = Vec::new();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    for row in rows {
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        let names: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            failures.push(format!("no test in: {row}"));
        }
        let missing = names.into_iter().filter(|name| !code.contains(&format!("fn {name}(")));
        failures.extend(missing.map(|name| format!("no test `{name}`: {row}")));
    }
    report("invariants without a test", &failures);
}

#[test]
fn numbers_exist() {
    let known: Vec<&str> = catalogue().numbers.keys().map(String::as_str).collect();
    let mut failures = Vec::new();
    for (file, code) in sources().into_iter().filter(|(file, _)| file.starts_with("src/engine/")) {
        for (line, id) in code.arguments("numbers.get(") {
            // `{class}` in a format string stands for any word.
            let parts: Vec<&str> =
                id.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
            if !known.iter().any(|number| fits(number, &parts)) {
                failures.push(format!("{file}:{line}: no number `{id}` in patterns/numbers"));
            }
        }
    }
    report("numbers missing", &failures);
}

/// Whether a text consists of these parts with anything between them.
fn fits(text: &str, parts: &[&str]) -> bool {
    match parts {
        [only] => text == *only,
        [first, .., last] => text.starts_with(first) && text.ends_with(last) && text.len() > first.len() + last.len(),
        [] => false,
    }
}

#[test]
fn every_entry_is_documented() {
    let catalogue = catalogue();
    let mut rows: Vec<(String, Vec<(&str, &str)>)> = Vec::new();
    let mut add = |entry: String, values: Vec<(&'static str, String)>| {
        let values =
            values.into_iter().map(|(key, value)| (key, if value.trim().is_empty() { "" } else { "stated" })).collect();
        rows.push((entry, values));
    };
    for (tree, nodes) in &catalogue.trees {
        for entry in nodes {
            add(
                format!("decision-tree.yaml {tree} {}", entry.id),
                vec![("source", entry.source.to_string()), ("since", entry.since.to_string())],
            );
        }
    }
    macro_rules! documented {
        ($($kind:literal $list:expr, $id:ident: $($key:ident),*;)*) => {
            $(for entry in $list { add(format!("{} {}", $kind, entry.$id), vec![$((stringify!($key), entry.$key.to_string())),*]); })*
        };
    }
    documented! {
        "patterns.yaml" &catalogue.patterns, id: doc, source, since;
        "stages.yaml" &catalogue.stages, name: source, since;
        "criteria.yaml" &catalogue.criteria, id: doc, source, since;
        "defaults.yaml" &catalogue.defaults, path: effect, source, since;
        "artefacts" &catalogue.artefacts, id: doc, source, since;
        "overlays" &catalogue.overlays, id: doc, source, since;
        "topics" &catalogue.topics, id: doc, source, since;
        "technologies" catalogue.technologies.values().flatten(), id: doc, source, since;
        "numbers" catalogue.numbers.values(), id: doc, unit, source, as_of, confidence;
        "prices" catalogue.prices.values().flat_map(|book| &book.prices), role: source, as_of, confidence;
        "tasks" &catalogue.tasks, key: doc, source, since;
        "controls" &catalogue.controls, key: source, since, owner, layer;
        "rules" &catalogue.rules, code: doc, source, since;
        "qa.yaml" &catalogue.qa, id: source, since;
        "tools.yaml" &catalogue.tools, id: doc;
        "figures.yaml" &catalogue.figures, id: section, doc, source, since;
    }
    let missing = rows.iter().flat_map(|(entry, values)| {
        values
            .iter()
            .filter(|(_, value)| value.is_empty())
            .map(move |(key, _)| format!("patterns/{entry}: add `{key}`"))
    });
    report("entries lack something", &missing.collect::<Vec<_>>());
}

#[test]
fn every_entry_has_an_example() {
    let catalogue = catalogue();
    let mut failures = Vec::new();
    let mut need = |entry: String, examples: &[serde_json::Value], keys: &[&str]| {
        for key in keys.iter().filter(|key| !examples.iter().any(|example| example.get(**key).is_some())) {
            failures.push(format!("patterns/{entry}: add an example with `{key}`"));
        }
    };
    for entry in &catalogue.overlays {
        need(format!("overlays/{}", entry.id), &entry.examples, &["expect", "not"]);
    }
    for entry in catalogue.technologies.values().flatten() {
        need(format!("technologies/{}/{}", entry.topic, entry.id), &entry.examples, &["expect"]);
    }
    let always = |when: &archplan::facts::Condition| *when == archplan::facts::Condition::Always;
    for entry in &catalogue.tasks {
        let keys: &[&str] = if always(&entry.when) && entry.scope == archplan::catalogue::Scope::Plan {
            &["present"]
        } else {
            &["present", "absent"]
        };
        need(format!("tasks {}", entry.key), &entry.examples, keys);
    }
    for entry in &catalogue.controls {
        need(
            format!("controls {}", entry.key),
            &entry.examples,
            if always(&entry.when) { &["present"] } else { &["present", "absent"] },
        );
    }
    report("entries without an example", &failures);
}

#[test]
fn every_fact_is_documented() {
    let mut failures = Vec::new();
    let mut seen = BTreeSet::new();
    for row in archplan::facts::registry::derived() {
        if row.doc.len() < 3 {
            failures.push(format!("`{}` has no doc", row.path));
        }
        if !seen.insert(row.path) {
            failures.push(format!("`{}` stands twice", row.path));
        }
    }
    report("rows of the registry", &failures);
}
