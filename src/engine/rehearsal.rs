//! Where a release is tried before production.

use crate::facts::Facts;
use crate::text::names;

/// Puts the environment in which releases and tasks try what production gets.
pub(super) fn put(facts: &mut Facts) {
    let stated: Vec<&str> = facts.words("operations.environments").iter().map(String::as_str).collect();
    let mut slugs = names::unique(&stated, &[], names::snake).into_iter().map(|name| name.replace('_', "-"));
    let tries = |name: &String| !name.starts_with("prod") && !["dev", "development", "local"].contains(&name.as_str());
    let found: Vec<String> = slugs.by_ref().filter(tries).collect();
    let staging = || "staging".to_string();
    let chosen = if found.contains(&staging()) { None } else { found.into_iter().next() };
    let formula = "staging, or the first of the stated that is neither production nor a developer's own";
    facts.derive("operations.rehearsal", chosen.unwrap_or_else(staging), formula, &["operations.environments"]);
}
