//! The figures of plans: drawn where a fact asks for them, read back exactly, bars as long as their numbers, Mermaid on request.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

mod support;

use archplan::diagram;
use archplan::merge;
use archplan::plan::{Figure, Options};
use archplan::render::Depth;
use support::{Built, build_with, catalogue, each, files, markdown, report, requirements_of, text};

fn built(name: &str, text: &str, options: &Options) -> Built {
    build_with(text, options).unwrap_or_else(|errors| panic!("{name}: {errors}"))
}

/// Every requirements file of the examples, and one per example of a figure.
fn inputs() -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> =
        files("examples", "req.yaml").into_iter().map(|file| (file.clone(), text(&file))).collect();
    for entry in &catalogue().figures {
        for example in entry.examples.iter().filter(|example| example.get("present").is_some()) {
            out.push((format!("figure {}", entry.id), requirements_of(example["given"].as_object().unwrap())));
        }
    }
    out
}

#[test]
fn every_example_of_a_figure_comes_true() {
    let mut failures = Vec::new();
    for entry in &catalogue().figures {
        for key in ["present", "absent"] {
            if !entry.examples.iter().any(|example| example.get(key).is_some()) {
                failures.push(format!("{}: add an example with `{key}`", entry.id));
            }
        }
        for example in &entry.examples {
            let plan =
                built(&entry.id, &requirements_of(example["given"].as_object().unwrap()), &Options::default()).plan;
            let figure = plan.diagrams.iter().find(|figure| figure.name == entry.id);
            let holds = match (example["present"].as_str(), figure) {
                (Some(part), Some(figure)) => figure.text.contains(part),
                (Some(_), None) => false,
                (None, figure) => figure.is_none(),
            };
            if !holds {
                let shown = figure.map(|figure| figure.text.as_str()).unwrap_or("nothing");
                failures.push(format!("{}: {example} gives\n{shown}", entry.id));
            }
        }
    }
    report("examples of patterns/figures.yaml", &failures);
}

#[test]
fn a_small_plan_has_the_system_and_the_tree_only() {
    let plan = built("minimal", &text("examples/minimal/req.yaml"), &Options::default()).plan;
    let names: Vec<&str> = plan.diagrams.iter().map(|figure| figure.name.as_str()).collect();
    assert_eq!(names, ["system", "decision-tree", "decision-tree-whole"]);
}

#[test]
fn every_figure_reads_back_within_its_width() {
    let failures = each(&inputs(), |(name, text)| {
        let mut out = Vec::new();
        for (width, ascii) in [(100, false), (72, true), (60, false)] {
            let plan = built(name, text, &Options { width, ascii, re_runs: false, ..Options::default() }).plan;
            for figure in &plan.diagrams {
                out.extend(
                    faults(figure, width, ascii)
                        .into_iter()
                        .map(|fault| format!("{name}, {} at {width} columns: {fault}\n{}", figure.name, figure.text)),
                );
            }
        }
        out
    });
    report("figures are wrong", &failures);
}

fn faults(figure: &Figure, width: usize, ascii: bool) -> Vec<String> {
    let options = diagram::Options { width, ascii };
    let wide = figure.text.lines().filter(|line| unicode_width::UnicodeWidthStr::width(*line) > width);
    let mut out: Vec<String> = wide.map(|line| format!("too wide: {line}")).collect();
    if ascii && figure.text.chars().any(|c| ('\u{2500}'..='\u{257f}').contains(&c)) {
        out.push("box drawing in ASCII".into());
    }
    if let Some(model) = &figure.model {
        out.extend(diagram::verify(&figure.text, model, &options).iter().map(ToString::to_string));
    }
    if !figure.bars.is_empty() {
        out.extend(uneven(figure, ascii));
    }
    out
}

/// A bar is as long as its number says, to the nearest cell, and at least one cell when it is more than nothing.
fn uneven(figure: &Figure, ascii: bool) -> Vec<String> {
    let full = if ascii { '#' } else { '█' };
    let rows: Vec<(usize, &str)> = figure
        .text
        .lines()
        .map(|line| (line.chars().filter(|c| *c == full).count(), line))
        .filter(|(cells, _)| *cells > 0)
        .collect();
    let shown: Vec<f64> = figure.bars.iter().map(|bar| bar.value).filter(|value| *value > 0.0).collect();
    if rows.len() != shown.len() {
        return vec![format!("{} bars for {} numbers", rows.len(), shown.len())];
    }
    let longest = rows.iter().map(|row| row.0).max().unwrap_or(0) as f64;
    let most = shown.iter().copied().fold(0.0, f64::max);
    rows.iter()
        .zip(&shown)
        .filter(|((cells, _), value)| *cells as f64 != (**value / most * longest).round().max(1.0))
        .map(|((cells, line), value)| format!("{cells} cells for {value} of {most}: {line}"))
        .collect()
}

/// Each bar of waves begins and ends where the waves of its tasks do.
#[test]
fn waves_stand_where_their_tasks_are() {
    let plan = built("shop", &text("examples/shop/req.yaml"), &Options::default()).plan;
    let figure = plan.diagrams.iter().find(|figure| figure.name == "migration-steps").unwrap();
    let last =
        plan.tasks.iter().filter(|t| t.section == "Migration" && t.phase == "core").map(|t| t.wave).max().unwrap();
    for line in figure.text.lines().filter(|line| line.contains("TASK-")) {
        let (id, bar) = (line.rsplit(' ').next().unwrap(), line.split('├').nth(1).unwrap());
        let wave = plan.tasks.iter().find(|task| task.id == id).unwrap().wave as usize;
        let period = bar.split('┤').next().unwrap().chars().count() / last as usize;
        let before = bar.chars().take_while(|c| *c == ' ').count();
        assert_eq!((before, bar.matches('█').count()), ((wave - 1) * period, period), "{line}");
    }
}

#[test]
fn mermaid_comes_and_goes_without_touching_the_rest() {
    let source = text("examples/shop/req.yaml");
    let plain = markdown(&built("shop", &source, &Options::default()), Depth::Standard);
    let with = built("shop", &source, &Options { mermaid: true, ..Options::default() });
    let blocks: usize = with.plan.diagrams.iter().map(|figure| figure.mermaid.len()).sum();
    let with = markdown(&with, Depth::Standard);
    assert!(blocks >= 6 && with.matches("```mermaid").count() == blocks, "{blocks}");
    assert!(with.split("```mermaid").skip(1).all(|rest| rest.split("```").next().unwrap().len() < 2000));
    let options = merge::Options::default();
    let ticked = merge::tick(&plain, "TASK-1.2", true).unwrap();
    let there = merge::update(&ticked, &with, &options);
    assert_eq!(
        (there.conflicts.len(), there.text.as_str()),
        (0, merge::tick(&with, "TASK-1.2", true).unwrap().as_str())
    );
    let back = merge::update(&there.text, &plain, &options);
    assert_eq!((back.conflicts.len(), back.text), (0, ticked));
}
