//! Tables of the request path, of what breaks first and of the months to the horizon.

use super::view::view;
use serde_json::Value as Json;

use super::{Page, escape, percent};
use crate::engine::limits::reached;
use crate::quantity::{Kind, human};
use crate::text::markdown::prose;
use crate::text::plural::count;

/// The hops of the slowest path with budget, time-out and attempts.
pub(super) fn path(page: &Page) -> Vec<Json> {
    let ms = |value: f64| human(Kind::Duration, value);
    let row = |hop: &crate::engine::latency::Hop| {
        view!({
            "hop": prose(&hop.said()), "p50": ms(hop.p50_ms), "p95": ms(hop.p95_ms), "budget": ms(hop.budget_ms),
            "timeout": ms(hop.timeout_ms), "attempts": format!("{:.0}", hop.attempts),
        })
    };
    page.plan.latency.path.iter().map(row).collect()
}

/// Retries in words.
pub(super) fn retries(page: &Page) -> String {
    let facts = &page.plan.values;
    let statement = match facts.words("artefacts").iter().any(|entry| entry == "core") {
        true => format!(
            ", and the settings end a statement of a request after {}",
            facts.human("latency.statement_timeout")
        ),
        false => String::new(),
    };
    format!(
        "A client gives up after {}; each time-out holds all that its hop waits for{statement}. Retries stay below {} (10% of the requests) and happen at one layer only: with three attempts at every layer a failure would be called {} times.",
        facts.human("latency.deadline"),
        facts.human("resilience.retry_budget"),
        facts
            .number("resilience.worst_amplification")
            .map_or_else(|| "unknown".to_string(), |times| format!("{times:.0}")),
    )
}

/// `load balancer 99.99% x application 99.98% (4 copies)`.
pub(super) fn parts(page: &Page) -> String {
    let part = |part: &crate::engine::availability::Part| {
        let copies = if part.copies >= 2.0 { format!(" ({:.0} copies)", part.copies) } else { String::new() };
        format!("{} {}{copies}", prose(&part.name), percent(part.value))
    };
    page.plan.availability.parts.iter().map(part).collect::<Vec<_>>().join(" x ")
}

/// What breaks first, the nearest first; limits beyond a thousand times today's load say nothing.
pub(super) fn limits(page: &Page) -> Vec<Json> {
    let near = page.plan.stage.limits.iter().filter(|limit| limit.factor <= 1000.0);
    let row = |limit: &crate::engine::limits::Limit| {
        let times = if limit.factor < 1.0 {
            "passed today".to_string()
        } else {
            format!("{}x", human(Kind::Number, reached(limit.factor)))
        };
        let when = limit.month.map_or_else(String::new, |month| format!(", month {month:.0}"));
        view!({
            "what": escape(&limit.what), "value": escape(&limit.value), "limit": escape(&limit.limit), "used": bar(limit.used),
            "reached": format!("{times}{when}"), "step": escape(&limit.step), "tasks": limit.tasks.join(", "),
        })
    };
    near.take(8).map(row).collect()
}

/// Ten characters, each a tenth.
fn bar(share: f64) -> String {
    let full = (1..=10).filter(|tenth| f64::from(*tenth) <= share * 10.0 + 0.5).count();
    format!("`{}{}` {:.0}%", "#".repeat(full), ".".repeat(10 - full), share * 100.0)
}

/// The order in which the store is enlarged.
pub(super) fn steps(page: &Page) -> String {
    let step = |step: &crate::engine::limits::Step| match step.factor {
        Some(factor) if factor <= 1.0 => format!("{} (now: {})", step.step, step.because),
        Some(factor) => format!("{} at {}x ({})", step.step, human(Kind::Number, factor), step.because),
        None => format!("{} beyond 1000x ({})", step.step, step.because),
    };
    page.plan.stage.steps.iter().map(step).collect::<Vec<_>>().join("; ")
}

/// Four months on the way to the horizon.
pub(super) fn months(page: &Page) -> Vec<Json> {
    let all = &page.plan.stage.months;
    let every = all.len().div_ceil(4).max(1);
    let shown = all.iter().enumerate().filter(|(at, _)| (at + 1) % every == 0 || at + 1 == all.len());
    let row = |(_, month): (usize, &crate::engine::stages::Month)| {
        view!({
            "month": format!("{:.0}", month.month), "users": human(Kind::Count, month.users), "peak": human(Kind::Rate, month.peak_rps),
            "data": human(Kind::Size, month.data_bytes),
            "cost": month.cost.map_or_else(|| "unknown".to_string(), |cost| human(Kind::Money, cost)),
        })
    };
    shown.map(row).collect()
}

/// What happens when a part is missing or full.
pub(super) fn trouble(page: &Page) -> Vec<String> {
    let facts = &page.plan.values;
    let known = |path: &str| facts.get(path).is_some();
    let word = |path: &str| facts.human(path);
    let mut out = Vec::new();
    if known("capacity.cache.cold_factor") {
        out.push(format!(
            "Cold cache: {} the reads on the database, {} of its CPU until it is warm after {}",
            word("capacity.cache.cold_factor"),
            word("capacity.database.cold_utilisation"),
            word("capacity.cache.warm_up")
        ));
    }
    if known("capacity.broker.drain") && facts.word("selection.broker").is_some_and(|choice| choice != "none") {
        out.push(format!(
            "Backlog: {} messages after 15 min without consumers, worked off in {} by {}",
            word("capacity.broker.backlog"),
            word("capacity.broker.drain"),
            count(facts.number("capacity.broker.consumers").unwrap_or(0.0).ceil(), "consumer")
        ));
    }
    if known("capacity.connections.reconnects") {
        out.push(format!(
            "Lost node of connections: {} come back over a minute of back-off; all take {} of memory",
            word("capacity.connections.reconnects"),
            word("capacity.connections.memory")
        ));
    }
    let late = page.requirements.workloads.iter().filter(|workload| {
        facts.number(&format!("workloads[{}].window_share", workload.name)).is_some_and(|share| share > 0.5)
    });
    out.extend(late.map(|workload| {
        let path = |key: &str| format!("workloads[{}].{key}", workload.name);
        let share = facts.number(&path("window_share")).unwrap_or(0.0);
        if share > 1.0 {
            let together = count(share.ceil(), "run");
            return format!(
                "{}: {together} at the same time, one starts every {}",
                prose(&workload.name),
                word(&path("interval"))
            );
        }
        format!(
            "{}: a run takes {} of the {} between two starts",
            prose(&workload.name),
            word(&path("window_share")),
            word(&path("interval"))
        )
    }));
    out
}

/// What the disk is made of.
pub(super) fn storage(page: &Page) -> String {
    let word = |path: &str| page.plan.values.human(path);
    format!(
        "Disk of one copy after {}: rows {}, indexes {}, bloat {}, log {}, free {}; {} over all running copies; backups {}",
        word("users.horizon"),
        word("storage.rows"),
        word("storage.indexes"),
        word("storage.bloat"),
        word("storage.log"),
        word("storage.free"),
        word("storage.running"),
        word("storage.backups")
    )
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn bars_are_ten_long() {
        assert_eq!(bar(0.0), "`..........` 0%");
        assert_eq!(bar(0.52), "`#####.....` 52%");
        assert_eq!(bar(3.0), "`##########` 300%");
    }
}
