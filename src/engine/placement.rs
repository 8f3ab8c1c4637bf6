//! Placement: what each domain and each workload runs as.

use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::facts::Facts;
use crate::requirements::{Requirements, WorkloadKind};

/// A domain or workload with what it runs as.
#[derive(Clone, Debug, Serialize)]
pub struct Placed {
    /// The domain's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The workload's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    /// `module`, `service`, `function`, `worker`, `job` ...
    pub runs_as: String,
    /// Why.
    pub because: String,
}

/// Longest run of a function on the providers that sell them, in milliseconds.
const FUNCTION_LIMIT_MS: f64 = 900_000.0;

/// Places everything and puts what it runs as.
pub(super) fn decide(facts: &mut Facts, catalogue: &Catalogue, requirements: &Requirements) -> Vec<Placed> {
    let pattern = facts.word("decision.pattern").unwrap_or("monolith").to_string();
    let runs_as = catalogue.pattern(&pattern).map_or_else(|| "module".to_string(), |entry| entry.runs_as.clone());
    let cloud = facts.word("stack.cloud").unwrap_or_default();
    let compute = catalogue.candidates("compute");
    let sold = compute.filter(|entry| entry.kind == "function").any(|entry| entry.offers.contains_key(cloud));
    let mut out = Vec::new();
    for domain in &requirements.domains {
        let because = format!("as the base pattern, {pattern}");
        facts.derive(
            format!("domains[{}].runs_as", domain.name),
            runs_as.clone(),
            "base pattern",
            &["decision.pattern"],
        );
        out.push(Placed { domain: Some(domain.name.clone()), workload: None, runs_as: runs_as.clone(), because });
    }
    for workload in &requirements.workloads {
        let path = |key: &str| format!("workloads[{}].{key}", workload.name);
        let (kind, because) = place(facts, &path, workload.kind, &pattern, sold);
        facts.derive(
            path("runs_as"),
            kind,
            "kind, duration and rate of the workload",
            &[&path("kind"), &path("duration"), &path("runs")],
        );
        out.push(Placed { domain: None, workload: Some(workload.name.clone()), runs_as: kind.into(), because });
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
    let beside = out.iter().filter(|placed| placed.workload.is_some() && placed.runs_as != "function").count() as f64;
    facts.derive("workloads.beside", beside, "workloads that run as no function", &["workloads.count"]);
    let machines = |name: &str| out.iter().any(|it| it.workload.as_deref() == Some(name) && it.runs_as != "function");
    let stoppable = requirements.workloads.iter().filter(|it| it.interruptible == Some(true) && machines(&it.name));
    #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
    let stoppable = stoppable.count() as f64;
    let formula = "interruptible workloads that run as no function";
    facts.derive("workloads.discountable", stoppable, formula, &["workloads.interruptible"]);
    out
}

fn place(
    facts: &Facts,
    path: &dyn Fn(&str) -> String,
    kind: Option<WorkloadKind>,
    pattern: &str,
    sold: bool,
) -> (&'static str, String) {
    let duration = facts.number(&path("duration")).unwrap_or(0.0);
    let busy = facts.number(&path("runs")).unwrap_or(0.0) * duration / 1000.0;
    let length = facts.human(&path("duration"));
    match kind {
        Some(WorkloadKind::Stream) => ("worker", "a stream is consumed all the time".into()),
        Some(WorkloadKind::Scheduled) if pattern != "serverless" => {
            ("scheduled job", "it starts by the clock, not by load".into())
        }
        _ if !sold => ("worker", "the provider sells no functions".into()),
        _ if duration > FUNCTION_LIMIT_MS => {
            ("worker", format!("{length} is longer than the 15 min that a function may run"))
        }
        Some(WorkloadKind::Event) => {
            ("function", format!("starts per event, {length} each, {busy:.2} at the same time on average: paid by use"))
        }
        _ if pattern == "serverless" => ("function", "as the base pattern, serverless".into()),
        _ => ("worker", "queued by requests and run beside the application".into()),
    }
}
