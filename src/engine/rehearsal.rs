//! Where a release is tried before production.

use crate::facts::Facts;
use crate::text::names;

/// Puts the environment in which releases and tasks try what production gets.
pub(super) fn put(facts: &mut Facts) {
    let stated: Vec<&str> = facts.words("operations.environments").iter().map(String::as_str).collect();
    let slugs: Vec<String> =
        names::unique(&stated, &[], names::snake).into_iter().map(|name| name.replace('_', "-")).collect();
    let before: Vec<&String> = slugs.iter().filter(|name| !name.starts_with("prod") && *name != "local").collect();
    let shared = before.iter().find(|name| !["dev", "development"].contains(&name.as_str()));
    // Where people name one for developers and production alone, it is tried there.
    let first = shared.or(before.first()).filter(|_| !before.iter().any(|name| *name == "staging"));
    let chosen = first.map(ToString::to_string);
    let staging = || "staging".to_string();
    let formula =
        "staging, or the first of the stated that is neither production nor developers' own, or that of developers";
    facts.derive("operations.rehearsal", chosen.unwrap_or_else(staging), formula, &["operations.environments"]);
}
