//! `P011` missing-field.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P011", "missing-field", Severity::Warning, include_str!("p011_missing_field.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (_, task) in cx.tasks() {
        let Some((_, fields)) = FIELDS
            .iter()
            .find(|(group, _)| task.id.strip_prefix(group).is_some_and(|rest| rest.starts_with(['.', '-'])))
        else {
            continue;
        };
        let missing: Vec<&str> = fields.iter().filter(|name| task.field(name).is_none()).copied().collect();
        if !missing.is_empty() {
            let message = format!("`{}` lacks {}", task.id, missing.join(", "));
            let finding = Finding::new(RULE.named(), cx.id(task), &task.id, message).detail(missing.join("+"));
            out.push(finding.fix(format!("add `  - **{}**: ...`", missing.first().unwrap_or(&""))));
        }
    }
}

/// The fields that tasks of a group have.
const FIELDS: [(&str, &[&str]); 8] = [
    ("ARCH-PLAN-1", &["Pattern", "Versioning", "Authentication", "Documentation"]),
    ("ARCH-PLAN-2", &["Engine", "Schema", "Consistency", "Migrations"]),
    ("ARCH-PLAN-3", &["Style", "Broker", "Delivery", "Ordering"]),
    ("ARCH-PLAN-4", &["Authentication", "Authorization", "Encryption", "Secrets"]),
    ("ARCH-PLAN-5", &["Platform", "Scaling", "Deployment", "Configuration"]),
    ("ARCH-PLAN-6", &["Logs", "Metrics", "Traces", "Alerts"]),
    ("ARCH-PLAN-7", &["Tier", "Backup", "Failover", "Drills"]),
    ("ARCH-ITEM", &["Purpose", "Dependencies", "Data Store", "Scaling Strategy"]),
];
