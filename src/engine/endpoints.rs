//! What the stated endpoints' paths look like: verbs, singular collections, mixed case.

use crate::facts::Facts;
use crate::requirements::Endpoint;

/// First words of a segment that name an action.
const VERBS: [&str; 10] = ["create", "get", "update", "delete", "list", "add", "remove", "set", "fetch", "do"];

/// Puts how many endpoints break each rule of naming.
pub(super) fn collect(facts: &mut Facts, endpoints: &[Endpoint]) {
    let paths: Vec<Vec<&str>> = endpoints.iter().map(|endpoint| segments(&endpoint.path)).collect();
    let verbs = paths.iter().filter(|path| path.iter().any(|segment| verb(segment))).count();
    let collections: Vec<&str> = paths.iter().filter_map(|path| path.last().copied()).collect();
    let plural = |word: &str| word.ends_with('s') && !word.ends_with("ss");
    let any_plural = collections.iter().any(|word| plural(word));
    let singular = if any_plural { collections.iter().filter(|word| !plural(word) && !verb(word)).count() } else { 0 };
    let odd = |path: &&Vec<&str>| path.iter().any(|segment| segment.chars().any(|c| c.is_uppercase() || c == '_'));
    let mixed = paths.iter().filter(odd).count();
    let mixed = if mixed < paths.len() { mixed } else { 0 };
    for (path, number) in
        [("api.endpoints.verbs", verbs), ("api.endpoints.singular", singular), ("api.endpoints.mixed_case", mixed)]
    {
        #[expect(clippy::cast_precision_loss, reason = "counts of list items are far below 2^52")]
        facts.derive(path, number as f64, "stated paths by their fixed segments", &[]);
    }
}

/// Puts the time in which the limit of a client is a whole number that people would write.
pub(super) fn window(facts: &mut Facts) {
    let Some(rate) = facts.number("api.rate_limit").filter(|rate| *rate > 0.0) else { return };
    let seconds = [1.0, 60.0, 3600.0, 86_400.0].into_iter().find(|window| rate * window >= 9.5).unwrap_or(86_400.0);
    let formula = "the shortest of s, min, h and day in which api.rate_limit is ten or so at least";
    facts.derive("api.rate_window", seconds * 1000.0, formula, &["api.rate_limit"]);
}

/// Fixed segments without `api`, versions and parameters.
fn segments(path: &str) -> Vec<&str> {
    let version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
    };
    let parameter = |segment: &str| segment.starts_with(['{', ':', '<']);
    path.split('?')
        .next()
        .unwrap_or_default()
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != "api" && !version(segment) && !parameter(segment))
        .collect()
}

fn verb(segment: &str) -> bool {
    let lower = segment.to_lowercase();
    VERBS.iter().any(|verb| match lower.strip_prefix(verb) {
        Some("") => true,
        Some(rest) if rest.starts_with(['-', '_']) => true,
        Some(_) => segment.chars().nth(verb.len()).is_some_and(char::is_uppercase),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{segments, verb};

    #[test]
    fn verbs_are_whole_words() {
        for (segment, expected) in [
            ("createUser", true),
            ("get-user", true),
            ("list", true),
            ("settings", false),
            ("documents", false),
            ("users", false),
            ("additions", false),
        ] {
            assert_eq!(verb(segment), expected, "{segment}");
        }
    }

    #[test]
    fn versions_and_parameters_are_no_names() {
        assert_eq!(segments("/api/v1/users/{id}/orders?x=1"), ["users", "orders"]);
    }
}
