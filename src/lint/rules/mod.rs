//! The table of rules: code, name, severity, page. Family A stands in the catalogue.

pub mod drift;
pub mod plan;
pub mod waivers;

use crate::catalogue::{Catalogue, RuleEntry};
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

impl Rule {
    /// A rule of this version.
    #[must_use]
    pub const fn new(code: &'static str, name: &'static str, severity: Severity, page: &'static str) -> Self {
        Self { code, name, severity, since: "0.1", page }
    }

    /// Its code and name.
    #[must_use]
    pub const fn named(&self) -> Named {
        Named { code: self.code, name: self.name }
    }
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

/// Every rule of families R, P, D and W, by family and code.
pub fn every() -> impl Iterator<Item = &'static Rule> {
    let plan = std::iter::once(&PLAN_FILE).chain(plan::PLAN.iter().map(|(rule, _)| rule));
    let tree = drift::TREE.iter().map(|(rule, _)| rule);
    let drift = drift::DRIFT.iter().map(|(rule, _)| rule).chain(tree);
    REQUIREMENTS.iter().chain(plan).chain(drift).chain(waivers::WAIVERS)
}

/// The rule that speaks while a plan is read.
static PLAN_FILE: Rule = plan::p001_unreadable_plan::RULE;

/// The rule of families R, P, D and W with this name or code.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    every().find(|rule| rule.name == name || rule.code.eq_ignore_ascii_case(name))
}

/// Whether a word of a configuration or comment means a rule or family. Names of family A are known to the catalogue alone, so their codes
/// and every word that is no name of another family are believed when they have the form of a name in `patterns/rules`.
#[must_use]
pub fn is_known(word: &str) -> bool {
    find(word).is_some()
        || word == "all"
        || ARCHITECTURE.iter().any(|(code, name)| word == *code || word == *name)
        || is_prefix(word)
}

/// Whether a word is a family, or the beginning of codes: `P`, `P01`.
fn is_prefix(word: &str) -> bool {
    let mut letters = word.chars();
    let family = letters.next().is_some_and(|letter| "RAPDW".contains(letter));
    family && word.len() < 4 && letters.all(|c| c.is_ascii_digit())
}

/// The code of a rule by its name or code.
#[must_use]
pub fn code_of(word: &str) -> Option<&'static str> {
    let own = find(word).map(|rule| rule.code);
    own.or_else(|| ARCHITECTURE.iter().find(|(code, name)| word == *code || word == *name).map(|(code, _)| *code))
}

/// How many rules family A has.
#[must_use]
pub const fn architecture_count() -> usize {
    ARCHITECTURE.len()
}

/// Codes and names of family A, from `patterns/rules` at build time.
pub const ARCHITECTURE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// A rule of any family, as `archplan rules` lists it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Described {
    /// Letter and three digits.
    pub code: String,
    /// Kebab-case name.
    pub name: String,
    /// `requirements`, `architecture`, `plan`, `drift` or `waivers`.
    pub family: &'static str,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// The version that brought it.
    pub since: String,
    /// One sentence.
    pub summary: String,
    /// What, why, bad, good, fix; Markdown.
    pub page: String,
}

/// Every rule, by family and code.
#[must_use]
pub fn described(catalogue: &Catalogue) -> Vec<Described> {
    let mut out: Vec<Described> = every().map(describe).collect();
    out.extend(catalogue.rules.iter().map(architecture));
    out.sort_by_key(|rule| ("RAPDW".find(rule.code.get(..1).unwrap_or("?")), rule.code.clone()));
    out
}

/// The rule with this name or code, of any family.
#[must_use]
pub fn describe_one(catalogue: &Catalogue, name: &str) -> Option<Described> {
    let entry = || catalogue.rules.iter().find(|rule| rule.name == name || rule.code.eq_ignore_ascii_case(name));
    find(name).map(describe).or_else(|| entry().map(architecture))
}

fn describe(rule: &Rule) -> Described {
    let what = rule.page.split("## What").nth(1).and_then(|rest| rest.trim().lines().next()).unwrap_or("");
    Described {
        code: rule.code.to_owned(),
        name: rule.name.to_owned(),
        family: family(rule.code),
        severity: rule.severity.as_str().to_owned(),
        since: rule.since.to_owned(),
        summary: what.trim().to_owned(),
        page: rule.page.to_owned(),
    }
}

fn architecture(rule: &RuleEntry) -> Described {
    let example = |value: &serde_json::Value| serde_json::to_string(value).unwrap_or_default();
    let page = format!(
        "# {} {}\n\n## What\n{}\n\nIt speaks when: `{}`\n\n## Why\n{}\n\n## Bad\n```json\n{}\n```\n\n## Good\n```json\n{}\n```\n\n## Fix\n{}\n",
        rule.code,
        rule.name,
        rule.doc,
        rule.when.source(),
        rule.source,
        example(&rule.bad),
        example(&rule.good),
        rule.fix.source(),
    );
    Described {
        code: rule.code.clone(),
        name: rule.name.clone(),
        family: family(&rule.code),
        severity: rule.severity.clone(),
        since: rule.since.to_string(),
        summary: rule.doc.to_string(),
        page,
    }
}

/// The family that a code begins with.
#[must_use]
pub fn family(code: &str) -> &'static str {
    match code.chars().next() {
        Some('R') => "requirements",
        Some('A') => "architecture",
        Some('P') => "plan",
        Some('D') => "drift",
        _ => "waivers",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_and_stands_in_the_table() {
        assert_eq!(rules::FAMILY_R.len(), REQUIREMENTS.len());
        for (named, rule) in rules::FAMILY_R.iter().zip(REQUIREMENTS) {
            assert_eq!((named.code, named.name), (rule.code, rule.name));
        }
        for rule in every() {
            let title = format!("# {} {}\n", rule.code, rule.name);
            assert!(rule.page.starts_with(&title), "{}", rule.name);
            for part in ["## What", "## Why", "## Bad", "## Good", "## Fix"] {
                assert!(rule.page.contains(part), "{} lacks {part}", rule.name);
            }
            assert!(find(rule.name).is_some() && find(rule.code).is_some());
        }
    }
}
