//! Which names can stand in code, commands, paths and diagrams without doing harm there.

use crate::diagnostic::rules;
use crate::quantity::{Value, short};
use crate::yaml::{Fault, Stated};

/// The longest name, in characters.
const MOST: usize = 200;

/// How free a text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Freedom {
    /// Any characters that print; line breaks too.
    Prose,
    /// Any characters that print, on one line.
    Title,
    /// Begins with a letter or digit; letters, digits, space and a few marks.
    Name,
    /// A letter or `_`, then letters, digits and `_`.
    Identifier,
}

/// Finds texts that cannot be used safely.
pub fn check(stated: &[Stated], faults: &mut Vec<Fault>) {
    for leaf in stated {
        let freedom = freedom(leaf.key);
        let (one, many) = match &leaf.value {
            Value::Text(text) => (Some(text.as_str()), &[][..]),
            Value::List(list) => (None, list.as_slice()),
            _ => continue,
        };
        for text in one.into_iter().chain(many.iter().map(String::as_str)) {
            if let Some((what, fix)) = objection(text, freedom) {
                faults.push(Fault::new(
                    rules::UNSAFE_NAME,
                    leaf.span,
                    format!("`{}` {what}: `{}`", leaf.path.escape_default(), short(text).escape_debug()),
                    fix,
                ));
            }
        }
    }
}

fn freedom(key: &str) -> Freedom {
    match key {
        "project.name" => Freedom::Title,
        "features[].id"
        | "domains[].name"
        | "domains[].team"
        | "domains[].publishes"
        | "domains[].consumes"
        | "workloads[].name"
        | "integrations[].name"
        | "api.consumers[].name"
        | "security.roles"
        | "operations.environments"
        | "stack.framework"
        | "stack.regions"
        | "team.knows"
        | "preferences.databases"
        | "preferences.avoid"
        | "existing.language"
        | "existing.database"
        | "existing.keep"
        | "decisions[].topic"
        | "decisions[].choose" => Freedom::Name,
        "entities[].name" | "entities[].fields[].name" => Freedom::Identifier,
        _ => Freedom::Prose,
    }
}

/// What is wrong with a text, and what to do.
fn objection(text: &str, freedom: Freedom) -> Option<(&'static str, &'static str)> {
    let prose = freedom == Freedom::Prose;
    if text.trim().is_empty() {
        return Some(("is empty", "write something, or delete the key"));
    }
    let breaks = |c: char| prose && matches!(c, '\n' | '\t');
    // Nearly every text is plain ASCII, where a glance at the bytes says that all of them print.
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if !plain && text.chars().any(|c| !breaks(c) && (c.is_control() || turns(c))) {
        let fix = "write it on one line with characters that print";
        return Some(("has a control character or a line break", fix));
    }
    if !prose && text.len() > MOST && text.chars().count() > MOST {
        return Some(("is longer than 200 characters", "shorten it; details belong into `summary`"));
    }
    match freedom {
        Freedom::Prose | Freedom::Title => None,
        Freedom::Name => (!is_name(text)).then_some((
            "is no name",
            "begin with a letter or digit; use letters, digits, spaces and - _ . & ' / + only",
        )),
        Freedom::Identifier => (!is_identifier(text))
            .then_some(("is no identifier", "begin with a letter or `_`; use letters, digits and `_` only")),
    }
}

/// Line separators, and marks that turn the direction of the text around them.
const fn turns(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_name(text: &str) -> bool {
    let first = text.chars().next().is_some_and(char::is_alphanumeric);
    let rest = text.chars().all(|c| c.is_alphanumeric() || " -_.&'/+#".contains(c));
    first && rest && !text.contains("..") && !text.ends_with(' ')
}

fn is_identifier(text: &str) -> bool {
    let first = |c: char| c.is_alphabetic() || c == '_';
    text.chars().next().is_some_and(first) && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_hostile_text() {
        for good in ["catalog", "Notes & co", "search-ui", "O'Brien", "a/b", "店舗"] {
            assert!(objection(good, Freedom::Name).is_none(), "{good}");
        }
        for bad in ["../etc", "a/../b", "$(id)", "a]b", "{{ 7 }}", " ", "-", "a\nb", "a\u{202e}b", "a | b"] {
            assert!(objection(bad, Freedom::Name).is_some(), "{bad}");
        }
        assert!(objection("Order-Line", Freedom::Identifier).is_some());
        assert!(objection("_order1", Freedom::Identifier).is_none());
        assert!(objection("a\nb", Freedom::Prose).is_none());
    }
}
