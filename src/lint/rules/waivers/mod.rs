//! Family W: waivers in the requirements, comments that ignore, the baseline. The checks stand in `lint::waivers`, `lint::suppress` and `lint::baseline`.

use super::Rule;
use crate::diagnostic::Severity;

/// `W001` expired-waiver.
pub const EXPIRED: Rule = Rule::new("W001", "expired-waiver", Severity::Error, include_str!("w001_expired_waiver.md"));
/// `W002` ending-waiver.
pub const ENDING: Rule = Rule::new("W002", "ending-waiver", Severity::Warning, include_str!("w002_ending_waiver.md"));
/// `W003` unused-waiver.
pub const UNUSED: Rule = Rule::new("W003", "unused-waiver", Severity::Warning, include_str!("w003_unused_waiver.md"));
/// `W004` unknown-waiver-rule.
pub const UNKNOWN_RULE: Rule =
    Rule::new("W004", "unknown-waiver-rule", Severity::Error, include_str!("w004_unknown_waiver_rule.md"));
/// `W005` waiver-without-owner.
pub const WITHOUT_OWNER: Rule =
    Rule::new("W005", "waiver-without-owner", Severity::Info, include_str!("w005_waiver_without_owner.md"));
/// `W006` ignored-without-reason.
pub const COMMENT_WITHOUT_REASON: Rule =
    Rule::new("W006", "ignored-without-reason", Severity::Error, include_str!("w006_ignored_without_reason.md"));
/// `W007` unused-ignore.
pub const COMMENT_UNUSED: Rule =
    Rule::new("W007", "unused-ignore", Severity::Warning, include_str!("w007_unused_ignore.md"));
/// `W008` unknown-ignore.
pub const COMMENT_UNKNOWN: Rule =
    Rule::new("W008", "unknown-ignore", Severity::Error, include_str!("w008_unknown_ignore.md"));
/// `W009` stale-baseline.
pub const STALE_BASELINE: Rule =
    Rule::new("W009", "stale-baseline", Severity::Warning, include_str!("w009_stale_baseline.md"));

/// Every rule of family W, by code.
pub const WAIVERS: &[Rule] = &[
    EXPIRED,
    ENDING,
    UNUSED,
    UNKNOWN_RULE,
    WITHOUT_OWNER,
    COMMENT_WITHOUT_REASON,
    COMMENT_UNUSED,
    COMMENT_UNKNOWN,
    STALE_BASELINE,
];
