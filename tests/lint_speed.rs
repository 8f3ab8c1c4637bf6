//! The budgets of the gate as ratios measured in one run (release build; run with `--ignored`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use archplan::catalogue::Catalogue;
use archplan::document::seal;
use archplan::lint::output::{self, Format, Outcome};
use archplan::lint::{self, Config, File, Input, Report};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Deserialize;

/// A plan of at least so many bytes in which nothing is wrong.
fn plan(bytes: usize) -> String {
    let mut out = String::from(
        "# TODO: backend architecture of large\n\n## Context\n\nText.\n\n## System Architecture: large\n\n## Architecture Plan\n\n## Architecture Items\n\n",
    );
    let mut count = 0;
    while out.len() < bytes {
        count += 1;
        let wave = 1 + usize::from(count > 1);
        let after = if count > 1 { "ARCH-ITEM-1.1" } else { "nothing" };
        let _ = write!(
            out,
            "- [ ] **ARCH-ITEM-{count}.1 [domain {count}]**: <!-- ap: item.d{count} traffic.peak={count}/s -->\n  - **Purpose**: accepts and settles `orders_{count}`, `lines_{count}`\n  \
             - **Dependencies**: upstream web; downstream payments (timeout 2 s, circuit breaker)\n  - **Data Store**: relational, {count}k rows\n  \
             - **Scaling Strategy**: horizontal, 3 copies at {count}/s; next step at 700/s\n  - **After**: {after} · **Wave**: {wave} · **Phase**: Core\n  \
             - **Done when**: file `migrations/{count}.up.sql` exists; `make test-{count}` exits 0\n"
        );
        if count % 20 == 0 {
            out.push_str("\n| Component | Choice | Cost |\n|---|---|---|\n");
            for row in 0..6 {
                let _ = writeln!(out, "| part {row} | choice of the part | {row}00 USD |");
            }
            out.push_str("\n```text\n+-----------+      +-----------+\n|  orders   | ---> |  payments |\n+-----------+      +-----------+\n```\n\n");
            let _ = write!(
                out,
                "```diff\n--- a/f{count}.rs\n+++ b/f{count}.rs\n@@ -1,1 +1,1 @@\n-let a = 1;\n+let a = 2;\n```\n\n"
            );
        }
    }
    out.push_str("\n## Quality Assurance Task Checklist\n\n- [ ] **QA-1**: all of it works <!-- ap: qa.QA-1 -->\n  - **Satisfied by**: ARCH-ITEM-1.1\n");
    seal(&out)
}

/// What every reader of such a file has to do at least: a parse with offsets, a line index, ids and ticks.
fn bare(text: &str) -> usize {
    let lines: Vec<usize> = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
    let mut ids: HashMap<&str, usize> = HashMap::new();
    let (mut strong, mut ticked) = (false, 0);
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS).into_offset_iter() {
        match event {
            Event::Start(Tag::Strong) => strong = true,
            Event::End(TagEnd::Strong) => strong = false,
            Event::Text(_) if strong => {
                ids.insert(&text[range.clone()], lines.partition_point(|at| *at < range.start));
            }
            Event::TaskListMarker(true) => ticked += 1,
            _ => {}
        }
    }
    ids.len() + ticked
}

fn lint_plan(text: &str) -> Report {
    let plan = Some(File { name: "plan.md", bytes: text.as_bytes() });
    lint::run(&Input { plan, ..Input::default() }, &Config::default())
}

/// Processor time of this thread where the system tells it, so that other work on the machine does not count; else the clock's.
fn spent(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|line| line.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// The mean of several runs of two things, in turn. The system counts processor time in ticks of some milliseconds, which single runs
/// of the smaller thing would not outlast.
fn race(runs: u32, mut one: impl FnMut(), mut two: impl FnMut()) -> (Duration, Duration) {
    let mut sums = (Duration::ZERO, Duration::ZERO);
    let clock = Instant::now();
    for _ in 0..runs {
        let start = spent(clock);
        (0..4).for_each(|_| one());
        let middle = spent(clock);
        (0..4).for_each(|_| two());
        sums = (sums.0 + (middle - start), sums.1 + (spent(clock) - middle));
    }
    (sums.0 / (4 * runs), sums.1 / (4 * runs))
}

fn ratio(what: &str, (own, base): (Duration, Duration), most: f64) {
    let ratio = own.as_secs_f64() / base.as_secs_f64();
    println!(
        "{what}: {:.1} ms against {:.1} ms, {ratio:.2}x of at most {most}x",
        own.as_secs_f64() * 1e3,
        base.as_secs_f64() * 1e3
    );
    assert!(ratio <= most, "{what}: {ratio:.2}x");
}

#[test]
#[ignore = "a measurement, meaningful in release builds"]
fn a_plan_costs_a_few_parses_and_grows_with_its_length() {
    let (small, large) = (plan(1_000_000), plan(10_000_000));
    assert_eq!(lint_plan(&small).findings, []);
    let against_bare = |text: &str, runs: u32| {
        race(
            runs,
            || drop(black_box(lint_plan(text))),
            || {
                black_box(bare(text));
            },
        )
    };
    let (one, ten) = (against_bare(&small, 9), against_bare(&large, 3));
    ratio("1 MB plan", one, 2.5);
    ratio("10 MB plan", ten, 3.0);
    // Linear, apart from what larger memory costs every reader.
    let growth = |large: Duration, small: Duration| large.as_secs_f64() / small.as_secs_f64();
    let (own, base) = (growth(ten.0, one.0), growth(ten.1, one.1));
    println!("ten times the bytes: {own:.1} times the time, a bare parse {base:.1} times");
    assert!(own <= 1.2 * base.max(10.0), "{own:.1} against {base:.1}");
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only the parse counts")]
struct Typed {
    archplan: u32,
    project: HashMap<String, String>,
    team: HashMap<String, u32>,
    users: HashMap<String, String>,
    entities: Vec<Entity>,
    features: Vec<HashMap<String, String>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only the parse counts")]
struct Entity {
    name: String,
    rows: String,
    growth: String,
    fields: Vec<HashMap<String, String>>,
    queries: Vec<Query>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only the parse counts")]
struct Query {
    by: Vec<String>,
    rate: String,
}

/// Sound requirements of at least so many bytes.
fn requirements(bytes: usize) -> String {
    let mut out = String::from(
        "archplan: 1\nproject:\n  name: Large\nteam:\n  developers: 9\nusers:\n  monthly: 80k\nentities:\n",
    );
    let mut features = String::from("features:\n");
    let mut count = 0;
    while out.len() + features.len() < bytes {
        count += 1;
        let _ = write!(
            out,
            "  - name: Entity{count}\n    rows: {count}k\n    growth: 30k/month\n    # a remark about it\n    fields:\n      - {{name: sku, type: string(32)}}\n      - {{name: price, type: money}}\n      \
             - {{name: made, type: timestamp}}\n    queries:\n      - by: [sku]\n        rate: 4/s\n"
        );
        let _ = write!(
            features,
            "  - id: F{count}\n    need: People find entity {count} by its name\n    priority: must\n"
        );
    }
    out + &features
}

#[test]
#[ignore = "a measurement, meaningful in release builds"]
fn requirements_cost_at_most_two_typed_parses() {
    let text = requirements(500_000);
    let catalogue = Catalogue::embedded().expect("the embedded catalogue");
    let run = |catalogue| {
        let requirements = Some(File { name: "req.yaml", bytes: text.as_bytes() });
        lint::run(&Input { requirements, catalogue, ..Input::default() }, &Config::default())
    };
    assert_eq!(run(None).findings, []);
    assert_eq!(run(Some(&catalogue)).checked.families, "RAW");
    let typed = || serde_yaml::from_str::<Typed>(&text).expect("the same shape");
    let against = |catalogue| race(9, || drop(black_box(run(catalogue))), || drop(black_box(typed())));
    ratio("500 KB requirements", against(None), 2.0);
    ratio("500 KB requirements with decisions", against(Some(&catalogue)), 2.0);
}

#[test]
#[ignore = "a measurement, meaningful in release builds"]
fn sarif_costs_at_most_twice_the_concise_form() {
    let mut text = String::from("# TODO: backend architecture of large\n\n");
    for number in 1..=10_000 {
        let _ = write!(text, "- [ ] **TASK-3.{number} [t]**:\n  - **After**: TASK-9.{number}\n");
    }
    let config = Config { select: vec!["P012".into()], ..Config::default() };
    let print = |format: Format| {
        let plan = Some(File { name: "plan.md", bytes: text.as_bytes() });
        let reports = [lint::run(&Input { plan, ..Input::default() }, &config)];
        assert_eq!(reports[0].findings.len(), 10_000);
        output::print(format, &Outcome { reports: &reports, error: None, help: &|_| None }, false)
    };
    let sarif = || drop(black_box(print(Format::Sarif)));
    let concise = || drop(black_box(print(Format::Concise)));
    ratio("10,000 findings as SARIF", race(5, sarif, concise), 2.0);
}
