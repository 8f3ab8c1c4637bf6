//! The section Decisions: tree, runner-up, flips, overlays, placement, one row per topic.

use super::view::view;
use serde_json::Value as Json;

use super::{Depth, Page, escape};
use crate::engine::counterfactual::{Robustness, flip_said};
use crate::engine::select::Selection;
use crate::text::markdown::prose;

pub(super) fn view(page: &Page) -> Json {
    let decision = &page.plan.decision;
    let runner_up = decision
        .runner_up
        .as_ref()
        .map(|next| format!("{}: {}", next.pattern, escape(&next.because)))
        .unwrap_or_default();
    let rejected: Vec<String> =
        decision.rejected.iter().map(|other| format!("{}: {}", other.pattern, escape(&other.because))).collect();
    view!({
        "tree": super::system::figure(page, if page.depth == Depth::Full { "decision-tree-whole" } else { "decision-tree" }),
        "answer": answer(page),
        "runner_up": runner_up,
        "rejected": rejected,
        "robustness": decision.robustness.as_ref().map(stands).unwrap_or_default(),
        "flips": decision.flips.iter().map(flip_said).collect::<Vec<_>>(),
        "overlays": decision.overlays.iter().map(|overlay| view!({"name": &overlay.name, "because": escape(&overlay.because)})).collect::<Vec<_>>(),
        "placement": placement(page),
        "not_needed": not_needed(page),
        "by_rank": by_rank(page),
        "topics": page.plan.selections.iter().map(|selection| topic(page, selection)).collect::<Vec<_>>(),
        "layers": missing_layers(page),
        "preferences": preferences(page),
    })
}

fn answer(page: &Page) -> String {
    let decision = &page.plan.decision;
    let node = decision.tree.last();
    let base = node
        .map(|node| format!("`{}` answers {}: {}", node.node, decision.tree_answer, escape(&node.because)))
        .unwrap_or_default();
    if decision.pinned {
        format!("settled as {} in `decisions[pattern]`; the tree: {base}", decision.pattern)
    } else {
        base
    }
}

fn stands(robustness: &Robustness) -> String {
    let share = (robustness.share * 100.0).floor();
    format!("{}, {share:.0}% of {} variations keep it", robustness.grade, robustness.variations)
}

/// The task that settles fragile decisions.
pub(super) fn spike(page: &Page) -> String {
    let task = page.plan.tasks.iter().find(|task| task.key == "task.architecture.spike");
    task.map(|task| format!(": {}", task.id)).unwrap_or_default()
}

/// What turns a choice, and how surely it stands.
fn turns(page: &Page, selection: &Selection) -> String {
    let share = selection.robustness.as_ref().filter(|robustness| robustness.share < 1.0).map(|robustness| {
        let task = if robustness.grade == "fragile" { spike(page) } else { String::new() };
        format!("{} {:.0}%{task}", robustness.grade, (robustness.share * 100.0).floor())
    });
    let most = if page.depth == Depth::Full { usize::MAX } else { 1 };
    let flips = selection.flips.iter().take(most).map(|flip| escape(&flip_said(flip)));
    share.into_iter().chain(flips).collect::<Vec<_>>().join("; ")
}

/// Placement is worth a row only where something deviates from the base pattern.
fn placement(page: &Page) -> Vec<Json> {
    let rows = page.plan.decision.placement.iter().filter(|placed| placed.workload.is_some());
    rows.map(|placed| view!({"name": prose(placed.workload.as_deref().unwrap_or_default()), "runs_as": &placed.runs_as, "because": escape(&placed.because)})).collect()
}

fn topic(page: &Page, selection: &Selection) -> Json {
    let choice =
        selection.name.as_deref().filter(|_| selection.choice.is_some()).map_or_else(|| "none".to_string(), prose);
    let most = if page.depth == Depth::Full { usize::MAX } else { 3 };
    let rejected = selection
        .rejected
        .iter()
        .take(most)
        .map(|other| format!("{} ({})", prose(&other.option), escape(&other.because)))
        .collect::<Vec<_>>();
    let more = selection.rejected.len().saturating_sub(rejected.len());
    let more = if more > 0 { format!("; {more} more") } else { String::new() };
    let reasons = if selection.because.is_empty() { vec![rank(selection)] } else { selection.because.clone() };
    let ranking: Vec<Json> = selection
        .ranking
        .iter()
        .filter(|_| page.depth == Depth::Full)
        .map(|row| view!({"option": &row.option, "total": format!("{:.3}", row.total), "scores": row.scores.iter().map(|(id, score)| format!("{id} {score:.2}")).collect::<Vec<_>>().join(", ")}))
        .collect();
    let margin = selection.margin.map_or_else(String::new, |margin| {
        format!("{margin:.2}{}", if selection.close { " (no clear winner: spike)" } else { "" })
    });
    view!({
        "topic": &selection.title,
        "choice": choice,
        "because": escape(&reasons.into_iter().take(if page.depth == Depth::Full { 9 } else { 2 }).collect::<Vec<_>>().join("; ")),
        "rejected": format!("{}{more}", rejected.join("; ")),
        "runner_up": selection.runner_up.clone().unwrap_or_default(),
        "margin": margin,
        "reasoned": !selection.because.is_empty(),
        "turns": turns(page, selection),
        "ranking": ranking,
        "needed": selection.choice.is_some(),
    })
}

/// Topics without a choice, in one line.
fn not_needed(page: &Page) -> String {
    let names = page.plan.selections.iter().filter(|selection| selection.choice.is_none());
    names.map(|selection| selection.title.to_lowercase()).collect::<Vec<_>>().join(", ")
}

/// Choices that no condition speaks for, in one line with what comes next in rank.
fn by_rank(page: &Page) -> String {
    let rows =
        page.plan.selections.iter().filter(|selection| selection.choice.is_some() && selection.because.is_empty());
    rows.map(|selection| {
        let next = selection.runner_up.as_deref().map(|next| format!(" (next: {})", prose(next))).unwrap_or_default();
        format!("{} {}{next}", selection.title.to_lowercase(), prose(selection.name.as_deref().unwrap_or_default()))
    })
    .collect::<Vec<_>>()
    .join(", ")
}

/// What decided when no condition speaks for the choice: the two criteria that it scores best on.
fn rank(selection: &Selection) -> String {
    let Some(best) = selection.ranking.first() else { return "the only candidate left".into() };
    let mut scores: Vec<&(String, f64)> = best.scores.iter().filter(|(id, _)| id != "preference").collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    let strong = scores.iter().take(2).map(|(id, score)| format!("{id} {score:.2}")).collect::<Vec<_>>().join(", ");
    match selection.ranking.get(1) {
        Some(next) => {
            format!("ranks first, {:.2} against {:.2} for {}: {strong}", best.total, next.total, prose(&next.option))
        }
        None => format!("the only candidate left: {strong}"),
    }
}

/// Layers of the architecture plan that are left out, with the reason.
fn missing_layers(page: &Page) -> Vec<String> {
    let has = |key: &str| page.plan.tasks.iter().any(|task| task.key == key);
    let rows = [
        ("plan.messaging", "Messaging Layer", "nothing is processed asynchronously"),
        ("plan.data", "Data Layer", "no data is kept"),
    ];
    rows.into_iter().filter(|(key, ..)| !has(key)).map(|(_, name, why)| format!("{name} is left out: {why}.")).collect()
}

/// Preferred patterns that were not followed, with the reason.
fn preferences(page: &Page) -> Vec<String> {
    let facts = &page.plan.values;
    let pattern = &page.plan.decision.pattern;
    let messaging = facts.flag("messaging") == Some(true);
    let unmet = facts
        .words("preferences.patterns")
        .iter()
        .filter(|wanted| *wanted != pattern && !(wanted.as_str() == "event-driven" && messaging));
    let why = page.plan.decision.tree.last().map(|node| escape(&node.because)).unwrap_or_default();
    unmet
        .map(|wanted| {
            format!(
                "Preferred, not chosen: {wanted}, because preferences break ties and the tree has none here ({why})."
            )
        })
        .collect()
}
