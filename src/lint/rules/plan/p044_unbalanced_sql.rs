//! `P044` unbalanced-sql.

use crate::diagnostic::Severity;
use crate::lint::context::{Context, Sink};
use crate::lint::embedded::{self, Broken};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P044", "unbalanced-sql", Severity::Error, include_str!("p044_unbalanced_sql.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    embedded::check(cx, out, &["sql"], &[".sql"], unbalanced, &RULE);
}

/// The first bracket or quote without its other half. Comments, doubled quotes and dollar quotes are passed over.
fn unbalanced(text: &str) -> Option<Broken> {
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next()?;
        let skipped = match first {
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => match rest.find("*/") {
                Some(end) => end + 2,
                None => return Some(broken(text, at, "a comment is never closed")),
            },
            '\'' | '"' => match rest.get(1..).and_then(|inner| inner.find(first)) {
                // A doubled quote begins the next one at once, which comes to the same.
                Some(end) => end + 2,
                None => return Some(broken(text, at, "a quote is never closed")),
            },
            '$' => dollar(rest).unwrap_or(1),
            '(' => {
                open.push(at);
                1
            }
            ')' if open.pop().is_none() => return Some(broken(text, at, "`)` closes nothing")),
            other => other.len_utf8(),
        };
        at += skipped;
    }
    open.last().map(|at| broken(text, *at, "`(` is never closed"))
}

/// The length of `$tag$ ... $tag$`.
fn dollar(rest: &str) -> Option<usize> {
    let tag = rest.get(..rest.get(1..)?.find('$')? + 2)?;
    let plain = tag.trim_matches('$').chars().all(|c| c.is_alphanumeric() || c == '_');
    let end = rest.get(tag.len()..)?.find(tag)?;
    plain.then_some(tag.len() + end + tag.len())
}

fn broken(text: &str, at: usize, message: &str) -> Broken {
    let place = crate::text::LineIndex::new(text).position(at);
    Broken { line: place.line.saturating_sub(1), column: place.column.saturating_sub(1), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::unbalanced;

    #[test]
    fn quotes_comments_and_dollar_quotes_hide_brackets() {
        assert_eq!(unbalanced("SELECT ('it''s (', \"a(\") -- (\n; /* ( */ DO $x$ BEGIN ( $x$;"), None);
        assert_eq!(
            unbalanced("CREATE TABLE a (\n  b int\n;\n").map(|broken| (broken.line, broken.column)),
            Some((0, 15))
        );
        assert_eq!(unbalanced("SELECT 'a;\n").map(|broken| broken.column), Some(7));
        assert!(unbalanced("a)").is_some() && unbalanced("SELECT $1 + ($2)").is_none());
    }
}
