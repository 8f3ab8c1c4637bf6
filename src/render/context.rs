//! The section Context: project, stack, targets, security, features, assumptions, questions, findings.

use super::view::view;
use serde_json::Value as Json;

use super::{Depth, Page, escape, percent, sentence};
use crate::engine::counterfactual::change_said;
use crate::engine::counterfactual::relax::Unmet;
use crate::engine::targets::Target;
use crate::plan::Assumption;
use crate::text::markdown::{code, prose};
use crate::text::plural::count;

pub(super) fn view(page: &Page) -> Json {
    let (plan, facts) = (page.plan, &page.plan.values);
    let word = |path: &str| facts.human(path);
    let existing = page.requirements.existing.as_ref().map(|existing| {
        let pattern = facts.human("existing.pattern");
        let parts = [
            existing.summary.as_deref().map(prose),
            (!pattern.is_empty()).then_some(pattern),
            facts.get("existing.database").map(|fact| format!("database {}", prose(&fact.human()))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    });
    let assumptions: Vec<Json> = plan
        .assumptions
        .iter()
        .map(|assumption| view!({"id": &assumption.id, "path": &assumption.path, "value": prose(&assumption.value), "effect": escape(&effect(assumption))}))
        .collect();
    let findings: Vec<Json> = plan
        .findings
        .iter()
        .map(|finding| {
            let waived = finding.waived.as_deref().map(|text| format!(" ({})", prose(text))).unwrap_or_default();
            view!({"rule": format!("{} {}", finding.rule, finding.name), "severity": &finding.severity, "message": format!("{}{waived}", escape(&finding.message)), "fix": escape(&finding.fix)})
        })
        .collect();
    view!({
        "project": format!("{}, {} maturity, {} complexity", word("project.kind"), word("project.maturity"), word("project.complexity")),
        "team": team(page),
        "stack": stack(page),
        "current": existing.unwrap_or_else(|| "none: new system".to_string()),
        "targets": if page.depth == Depth::Brief || super::compact(page) { Vec::new() } else { targets(page) },
        "more_targets": more_targets(page),
        "unmet": page.plan.unmet.iter().map(way_out).collect::<Vec<_>>(),
        "security": security(page),
        "features": features(page),
        "assumptions": assumptions,
        "assumed": assumed(page),
        "questions": plan.questions.iter().map(|question| view!({"id": &question.id, "path": code(&question.path), "ask": escape(&question.ask)})).collect::<Vec<_>>(),
        "findings": findings,
    })
}

/// A stated limit that is missed, with the smallest changes that a re-run found to meet it.
fn way_out(unmet: &Unmet) -> String {
    let kind = crate::facts::registry::kind_of(&unmet.path).unwrap_or(crate::quantity::Kind::Number);
    let wanted = crate::quantity::human(kind, unmet.wanted);
    let ways: Vec<String> = unmet
        .relaxations
        .iter()
        .map(|way| way.change.iter().map(change_said).collect::<Vec<_>>().join(" and "))
        .collect();
    if ways.is_empty() {
        return format!(
            "`{}` {wanted} is not reached, and no single change of what a team can decide reaches it",
            unmet.path
        );
    }
    format!("`{}` {wanted} is not reached; it is with {}", unmet.path, ways.join(", or with "))
}

/// What the assumption is for, and what another value moves.
fn effect(assumption: &Assumption) -> String {
    if assumption.decides.is_empty() {
        return assumption.effect.clone();
    }
    format!("{}. Moves {}", assumption.effect, assumption.decides.join("; "))
}

fn team(page: &Page) -> String {
    let facts = &page.plan.values;
    let teams = facts
        .get("team.teams")
        .and_then(crate::facts::Fact::expected)
        .map_or_else(|| "teams not stated".to_string(), |teams| count(teams, "team"));
    let knows = facts.words("team.knows").iter().map(|word| prose(word)).collect::<Vec<_>>().join(", ");
    let knows = if knows.is_empty() { String::new() } else { format!("; knows {knows}") };
    let on_call = if facts.flag("team.on_call") == Some(true) { "on call" } else { "not on call" };
    format!(
        "{}, {teams}, operations {}, {on_call}{knows}",
        count(facts.number("team.developers").unwrap_or(0.0), "developer"),
        facts.human("team.operations")
    )
}

fn stack(page: &Page) -> String {
    let facts = &page.plan.values;
    let name = |topic: &str| facts.human(&format!("selection.{topic}.name"));
    let regions = facts.words("stack.regions").iter().map(|word| prose(word)).collect::<Vec<_>>().join(", ");
    let cloud = crate::engine::select::at(&facts.human("stack.cloud"));
    let place = if regions.is_empty() { cloud } else { format!("{cloud} ({regions})") };
    let framework = Some(name("framework"))
        .filter(|name| name != "none" && !name.is_empty())
        .map(|name| format!(", {name}"))
        .unwrap_or_default();
    prose(&format!("{}{framework}, {}", name("language"), facts.human("selection.database.offer"))) + ", " + &place
}

/// Stated targets, and at full depth the defaults too.
fn targets(page: &Page) -> Vec<Json> {
    page.plan
        .targets
        .iter()
        .filter(|target| target.stated || page.depth == Depth::Full)
        .map(|target| {
            let met = match (target.met, &target.predicted) {
                (Some(true), Some(value)) => format!("yes: {value}; {}", target.because),
                (Some(true), None) => format!("yes: {}", target.because),
                (Some(false), Some(value)) => format!("no: {value}; {}", target.because),
                (Some(false), None) => format!("no: {}", target.because),
                (None, _) => format!("unknown before a measurement: {}", target.because),
            };
            view!({"name": target.name.replace('_', " "), "value": &target.value, "stated": if target.stated { "stated" } else { "default" }, "met": escape(&met)})
        })
        .collect()
}

/// Targets without a row of the table: those that are met or measured later, stated ones that are missed, and defaults that are.
fn more_targets(page: &Page) -> Vec<String> {
    let brief = page.depth == Depth::Brief || super::compact(page);
    // Without a statement the stage may still put copies into several zones.
    let spread = page.plan.values.words("overlays").iter().any(|overlay| overlay == "multi-zone");
    let paid = |target: &Target| target.met == Some(false) && !target.stated && target.name == "availability" && spread;
    let listed = |missed: bool, stated: Option<bool>, bought: bool| {
        let rows = page.plan.targets.iter().filter(|target| paid(target) == bought);
        let rows = rows.filter(|target| (target.met == Some(false)) == missed);
        let rows = rows.filter(|target| brief || (page.depth != Depth::Full && !target.stated));
        let rows = rows.filter(|target| stated.is_none_or(|stated| target.stated == stated));
        rows.map(|target| {
            let stated = if target.stated { " stated" } else { "" };
            let found = match (&target.predicted, target.met) {
                (_, None) => ": to be measured".to_string(),
                (Some(value), _) => format!(": {}", escape(value)),
                (None, _) => format!(": {}", escape(&target.because)),
            };
            format!("{} {}{stated}{found}", target.name.replace('_', " "), target.value)
        })
        .collect::<Vec<_>>()
        .join("; ")
    };
    let lines = [
        (if brief { "Targets" } else { "By default" }, listed(false, None, false)),
        ("Targets not met", listed(true, Some(true), false)),
        ("By default, and nothing is bought for it", listed(true, Some(false), false)),
        ("By default, and the zones of the stage do not reach it", listed(true, Some(false), true)),
    ];
    lines.into_iter().filter(|(_, rows)| !rows.is_empty()).map(|(name, rows)| format!("**{name}**: {rows}")).collect()
}

/// Assumptions by the section of the requirements that they belong to.
fn assumed(page: &Page) -> Vec<Json> {
    let sections = ["users", "traffic", "data", "targets", "other"];
    let section = |path: &str| {
        let first = path.split('.').next().unwrap_or_default();
        sections.into_iter().find(|name| *name == first).unwrap_or("other")
    };
    let text = |name: &str| {
        let rows = page.plan.assumptions.iter().filter(|assumption| section(&assumption.path) == name);
        rows.map(|row| {
            let moves = if row.decides.is_empty() { row.effect.clone() } else { row.decides.join("; ") };
            format!("{} `{}` {} ({})", row.id, code(&row.path), prose(&row.value), escape(&moves))
        })
        .collect::<Vec<_>>()
        .join(", ")
    };
    let groups = sections.into_iter().map(|name| (name, text(name))).filter(|(_, text)| !text.is_empty());
    groups.map(|(name, text)| view!({"name": name, "text": text})).collect()
}

fn security(page: &Page) -> Vec<String> {
    let facts = &page.plan.values;
    let list = |path: &str, none: &str| {
        let words = facts.words(path).iter().map(|word| prose(word)).collect::<Vec<_>>().join(", ");
        if words.is_empty() { none.to_string() } else { words }
    };
    let flag = |path: &str| facts.flag(path) == Some(true);
    let mut out = vec![
        format!("Data classes: {}", list("security.data_classes", "not stated")),
        format!("Compliance: {}", list("compliance", "none stated")),
        format!("Residency: {}", list("residency", "not restricted")),
        format!(
            "Exposure: {}; tenancy {}; encryption at rest {}",
            if flag("security.internet_facing") { "internet" } else { "internal" },
            facts.human("security.tenancy"),
            if flag("security.encryption_at_rest") { "yes" } else { "no" }
        ),
        format!(
            "Error budget: {:.1} min in 30 days at {}",
            page.plan.availability.error_budget_minutes_30d,
            percent(page.plan.availability.target)
        ),
    ];
    if !facts.words("security.roles").is_empty() {
        out.push(format!("Roles: {}", list("security.roles", "")));
    }
    out
}

fn features(page: &Page) -> Vec<Json> {
    let reached = |id: &str| {
        page.plan.trace.features.iter().find(|row| row.id == id).map(|row| row.tasks.join(", ")).unwrap_or_default()
    };
    page.requirements
        .features
        .iter()
        .map(|feature| {
            let priority = feature.priority.map_or("must", |priority| priority.as_str());
            view!({"id": code(&feature.id), "need": prose(&sentence(&feature.need).replace("\\|", "|").replace("&lt;", "<")), "priority": priority, "tasks": reached(&feature.id)})
        })
        .collect()
}
