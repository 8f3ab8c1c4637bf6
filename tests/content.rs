//! What a plan says and how much of it: size follows need, nothing is named twice, plurals are words.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

mod support;

use archplan::plan::Extent;
use archplan::render::Depth;
use support::{build_with, each, files, markdown, report, text};

/// Lines that a reader sees: without embedded code and commands, and without the ledger of ids.
fn lines(plan: &str) -> usize {
    let (mut section, mut fence, mut count) = ("", false, 0);
    for line in plan.lines().take_while(|line| !line.starts_with("<!-- ap-ledger")) {
        if line.starts_with("## ") {
            section = line;
        }
        let code = section == "## Proposed Code Changes";
        fence = if line.starts_with("```") { line.len() > 3 && line != "```text" } else { fence };
        count += usize::from(!code && !fence);
    }
    count
}

fn plan(file: &str, depth: Depth) -> String {
    let options = archplan::plan::Options::default();
    markdown(&build_with(&text(file), &options).unwrap_or_else(|errors| panic!("{file}: {errors}")), depth)
}

#[test]
fn size_follows_need() {
    let (standard, brief) =
        (plan("examples/minimal/req.yaml", Depth::Standard), plan("examples/minimal/req.yaml", Depth::Brief));
    assert!(lines(&standard) < 250, "the minimal plan has {} lines at standard depth", lines(&standard));
    assert!(lines(&brief) < 120, "the minimal plan has {} lines at brief depth", lines(&brief));
}

#[test]
fn a_brief_plan_needs_nothing_beyond_its_extent() {
    let requirements: Vec<String> =
        [files("examples", "req.yaml"), files("templates/presets", ".yaml"), files("tests/data", "req.yaml")].concat();
    let failures = each(&requirements, |file| {
        let brief = |extent: Extent| {
            let options = archplan::plan::Options { re_runs: false, extent, ..archplan::plan::Options::default() };
            build_with(&text(file), &options).map(|built| markdown(&built, Depth::Brief))
        };
        let differ = brief(Extent::Brief) != brief(Extent::Whole);
        if differ { vec![file.clone()] } else { Vec::new() }
    });
    report("brief plans read differently when less is computed", &failures);
}

#[test]
fn every_plan_opens_with_one_screen() {
    let long = files("examples", "req.yaml").into_iter().filter_map(|file| {
        let plan = plan(&file, Depth::Standard);
        let first = plan.split("\n## Context").next().unwrap_or_default().lines().count();
        (first > 40).then(|| format!("{file}: {first} lines before Context"))
    });
    report("the first screen is longer than a screen", &long.collect::<Vec<_>>());
}

#[test]
fn no_task_is_done_by_a_file_that_comes_later() {
    let options = archplan::plan::Options::default();
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml") {
        let plan = build_with(&text(&file), &options).unwrap_or_else(|errors| panic!("{file}: {errors}")).plan;
        let wave = |id: &str| plan.tasks.iter().find(|task| task.id == id && !task.full).map(|task| task.wave);
        for task in plan.tasks.iter().filter(|task| !task.id.starts_with("CODE")) {
            for done in task.done_when.iter().filter(|done| done.kind == "file") {
                let made = plan.artefacts.iter().find(|artefact| artefact.path == done.what);
                let comes = made.and_then(|artefact| wave(&artefact.task)).unwrap_or(0);
                if comes >= task.wave {
                    failures.push(format!(
                        "{file}: {} in wave {} needs `{}` of wave {comes}",
                        task.id, task.wave, done.what
                    ));
                }
            }
        }
    }
    report("tasks wait for files that come later", &failures);
}

#[test]
fn every_use_of_a_fact_says_something() {
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml") {
        let plan = plan(&file, Depth::Standard);
        let spans =
            plan.lines().filter(|line| line.starts_with("| ")).flat_map(|line| line.split('`').skip(1).step_by(2));
        failures.extend(spans.filter(|span| span.contains("\\_")).map(|span| format!("{file}: escaped `{span}`")));
        let trace = plan.split("| Stated fact |").nth(1).unwrap_or_default();
        let doubled = |row: &str| {
            let uses: Vec<&str> = row.split('|').nth(2).unwrap_or_default().split(", ").map(str::trim).collect();
            uses.iter().enumerate().any(|(at, by)| uses[..at].contains(by))
        };
        let rows = trace.lines().filter(|row| row.contains("condition of") || doubled(row));
        failures.extend(rows.map(|row| format!("{file}: {row}")));
    }
    report("rows say nothing", &failures);
}

#[test]
fn plurals_are_words() {
    let found = files("examples", "req.yaml").into_iter().flat_map(|file| {
        let plan = plan(&file, Depth::Full);
        let rows = plan.lines().filter(|line| line.contains("(s)") || line.contains("%25")).map(str::to_owned);
        rows.take(3).map(|line| format!("{file}: {line}")).collect::<Vec<_>>()
    });
    report("a text leaves the plural to the reader", &found.collect::<Vec<_>>());
}

/// `1 queries`, `1 instance are`: what a number and its noun say to each other.
#[test]
fn numbers_and_their_nouns_agree() {
    let verbs = ["gives", "leads", "needs", "takes", "makes"];
    let letters = |word: &str| word.len() > 3 && word.chars().all(|letter| letter.is_ascii_lowercase());
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml") {
        let plan = plan(&file, Depth::Standard);
        for line in
            plan.lines().filter(|line| line.starts_with("- ") || line.starts_with("  - ") || line.starts_with('|'))
        {
            let words: Vec<&str> = line.split_whitespace().collect();
            let wrong = |three: &&[&str]| {
                let one = three[0].trim_start_matches('(') == "1";
                let noun = three[1].trim_end_matches([',', ';', ':', '.', ')']);
                let plural = letters(noun) && noun.ends_with('s') && !noun.ends_with("ss") && !verbs.contains(&noun);
                one && (plural || (letters(noun) && ["are", "have"].contains(&three[2])))
            };
            let found = words.windows(3).filter(wrong).map(|three| format!("{file}: {}", three.join(" ")));
            failures.extend(found);
        }
    }
    report("a number and its noun disagree", &failures);
}

/// A team of one has no second developer to check anything.
#[test]
fn a_team_of_one_is_asked_for_nobody_else() {
    let others = ["two developers", "second developer", "one backend developer", "second person", "another team"];
    let mut failures = Vec::new();
    for file in files("examples", "req.yaml").into_iter().filter(|file| text(file).contains("developers: 1 ")) {
        let plan = plan(&file, Depth::Standard);
        let rows = plan.lines().filter(|line| others.iter().any(|other| line.contains(other)));
        failures.extend(rows.map(|row| format!("{file}: {row}")));
    }
    report("a team of one is asked for somebody else", &failures);
}

/// Words on single blanks, without the marks that readers do not see.
fn plain(text: &str) -> String {
    let marks = text.split("<!--").enumerate().map(|(at, part)| match part.split_once("-->") {
        Some((_, rest)) if at > 0 => rest,
        _ => part,
    });
    marks.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What README.md quotes from a plan stands in that plan.
#[test]
fn the_readme_quotes_a_plan_as_it_is() {
    let readme = text("README.md");
    let (_, quoted) = readme.split_once("<!-- excerpt: examples/shop -->").expect("README.md quotes the shop");
    let quoted = quoted.lines().skip(1).map_while(|line| line.strip_prefix('>')).map(str::trim);
    let mut rows: Vec<String> = Vec::new();
    for line in quoted {
        let begins = ["- ", "| ", "|-", "**", "Stage "].iter().any(|start| line.starts_with(start)) || line.is_empty();
        match rows.last_mut().filter(|_| !begins) {
            Some(row) => *row = format!("{row} {line}"),
            None => rows.push(line.to_string()),
        }
    }
    let plan = plain(&text("examples/shop/TODO_backend-architect.md"));
    let missing: Vec<String> = rows.into_iter().filter(|row| !plan.contains(&plain(row))).collect();
    report("README.md quotes what the plan does not say", &missing);
}
