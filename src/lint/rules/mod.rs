//! The table of rules: code, name, severity, page.

use crate::diagnostic::Severity;
use crate::diagnostic::rules::{self, Named};

/// A rule with its page.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Letter and three digits; permanent.
    pub code: &'static str,
    /// Kebab-case name.
    pub name: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// The version that brought it.
    pub since: &'static str,
    /// What, why, bad, good, fix; Markdown.
    pub page: &'static str,
}

const fn rule(named: Named, severity: Severity, page: &'static str) -> Rule {
    Rule { code: named.code, name: named.name, severity, since: "0.1", page }
}

/// Family R: form and references of requirements.
pub const REQUIREMENTS: &[Rule] = &[
    rule(rules::YAML_SYNTAX, Severity::Error, include_str!("requirements/r001_yaml_syntax.md")),
    rule(rules::YAML_FEATURE, Severity::Error, include_str!("requirements/r002_yaml_feature.md")),
    rule(rules::TOO_LARGE, Severity::Error, include_str!("requirements/r003_too_large.md")),
    rule(rules::BAD_CHARACTER, Severity::Error, include_str!("requirements/r004_bad_character.md")),
    rule(rules::DUPLICATE_KEY, Severity::Error, include_str!("requirements/r005_duplicate_key.md")),
    rule(rules::UNKNOWN_KEY, Severity::Error, include_str!("requirements/r006_unknown_key.md")),
    rule(rules::MISSING_KEY, Severity::Error, include_str!("requirements/r007_missing_key.md")),
    rule(rules::WRONG_TYPE, Severity::Error, include_str!("requirements/r008_wrong_type.md")),
    rule(rules::UNKNOWN_VALUE, Severity::Error, include_str!("requirements/r009_unknown_value.md")),
    rule(rules::BAD_QUANTITY, Severity::Error, include_str!("requirements/r010_bad_quantity.md")),
    rule(rules::RANGE_ORDER, Severity::Error, include_str!("requirements/r011_range_order.md")),
    rule(rules::OUT_OF_BOUNDS, Severity::Error, include_str!("requirements/r012_out_of_bounds.md")),
    rule(rules::EMPTY_FILE, Severity::Error, include_str!("requirements/r013_empty_file.md")),
    rule(rules::UNSUPPORTED_VERSION, Severity::Error, include_str!("requirements/r014_unsupported_version.md")),
    rule(rules::UNSAFE_NAME, Severity::Error, include_str!("requirements/r015_unsafe_name.md")),
    rule(rules::DUPLICATE_NAME, Severity::Error, include_str!("requirements/r016_duplicate_name.md")),
    rule(rules::DANGLING_REFERENCE, Severity::Error, include_str!("requirements/r017_dangling_reference.md")),
    rule(rules::CYCLIC_CALLS, Severity::Error, include_str!("requirements/r018_cyclic_calls.md")),
    rule(rules::PERCENTILE_ORDER, Severity::Error, include_str!("requirements/r019_percentile_order.md")),
    rule(rules::PEAK_BELOW_AVERAGE, Severity::Error, include_str!("requirements/r020_peak_below_average.md")),
    rule(rules::DAILY_ABOVE_MONTHLY, Severity::Error, include_str!("requirements/r021_daily_above_monthly.md")),
    rule(rules::MISSING_LOAD, Severity::Error, include_str!("requirements/r022_missing_load.md")),
    rule(rules::UNKNOWN_QUERY_FIELD, Severity::Error, include_str!("requirements/r023_unknown_query_field.md")),
    rule(rules::CURRENCY_WITHOUT_RATE, Severity::Error, include_str!("requirements/r024_currency_without_rate.md")),
    rule(rules::SET_NULL_ON_REQUIRED, Severity::Error, include_str!("requirements/r025_set_null_on_required.md")),
    rule(rules::WAIVER_WITHOUT_REASON, Severity::Error, include_str!("requirements/r026_waiver_without_reason.md")),
    rule(rules::FIELD_WITHOUT_ONE_TYPE, Severity::Error, include_str!("requirements/r027_field_without_one_type.md")),
    rule(rules::SEVERAL_TENANTS, Severity::Error, include_str!("requirements/r028_several_tenants.md")),
    rule(rules::UNKNOWN_RESIDENCY, Severity::Error, include_str!("requirements/r029_unknown_residency.md")),
    rule(rules::UNKNOWN_PATH, Severity::Error, include_str!("requirements/r030_unknown_path.md")),
    rule(rules::BAD_ENDPOINT, Severity::Error, include_str!("requirements/r031_bad_endpoint.md")),
    rule(rules::TRAFFIC_DISAGREEMENT, Severity::Warning, include_str!("requirements/r032_traffic_disagreement.md")),
    rule(rules::UNPUBLISHED_EVENT, Severity::Warning, include_str!("requirements/r033_unpublished_event.md")),
    rule(rules::MANY_ERRORS, Severity::Error, include_str!("requirements/r034_many_errors.md")),
    rule(rules::UNUSED_INPUT, Severity::Info, include_str!("requirements/r035_unused_input.md")),
];

/// The rule with this name or code.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    REQUIREMENTS.iter().find(|rule| rule.name == name || rule.code.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_and_stands_in_the_table() {
        assert_eq!(rules::FAMILY_R.len(), REQUIREMENTS.len());
        for (named, rule) in rules::FAMILY_R.iter().zip(REQUIREMENTS) {
            assert_eq!((named.code, named.name), (rule.code, rule.name));
            let title = format!("# {} {}\n", rule.code, rule.name);
            assert!(rule.page.starts_with(&title), "{}", rule.name);
            for part in ["## What", "## Why", "## Bad", "## Good", "## Fix"] {
                assert!(rule.page.contains(part), "{} lacks {part}", rule.name);
            }
            assert!(find(rule.name).is_some() && find(rule.code).is_some());
        }
    }
}
