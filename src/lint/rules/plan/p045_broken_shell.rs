//! `P045` broken-shell.

use crate::diagnostic::Severity;
use crate::lint::context::{Context, Sink};
use crate::lint::embedded::{self, Broken};
use crate::lint::rules::Rule;
use crate::text::LineIndex;

/// The rule.
pub const RULE: Rule = Rule::new("P045", "broken-shell", Severity::Error, include_str!("p045_broken_shell.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    embedded::check(cx, out, &["sh", "bash", "shell"], &[".sh", ".bash"], unbalanced, &RULE);
}

/// The first quote, substitution or here-document that is never closed.
fn unbalanced(text: &str) -> Option<Broken> {
    match commands(text, 0, false) {
        Ok(_) => None,
        Err((at, message)) => {
            let place = LineIndex::new(text).position(at);
            Some(Broken { line: place.line.saturating_sub(1), column: place.column.saturating_sub(1), message })
        }
    }
}

/// The byte behind something, or where it is broken and how.
type Step = Result<usize, (usize, String)>;

/// Reads commands to the end of the text, or, inside of `$(`, to the bracket that closes it.
fn commands(text: &str, from: usize, inside: bool) -> Step {
    let (mut at, mut depth, mut word) = (from, 0_usize, false);
    let mut waiting: Vec<(usize, String)> = Vec::new();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or_default();
        let begins = !std::mem::replace(&mut word, !first.is_whitespace() && !"();|&".contains(first));
        at = match first {
            '\\' => at + 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '#' if begins => at + rest.find('\n').unwrap_or(rest.len()),
            '\'' => {
                at + 2 + rest.get(1..).and_then(|body| body.find('\'')).ok_or((at, "a quote is never closed".into()))?
            }
            '"' => double(text, at)?,
            '`' => {
                at + 2
                    + rest.get(1..).and_then(|body| body.find('`')).ok_or((at, "a backtick is never closed".into()))?
            }
            '$' if rest.starts_with("$((") => at + rest.find("))").ok_or((at, "`$((` is never closed".into()))? + 2,
            '$' if rest.starts_with("$(") => substitution(text, at)?,
            '$' if rest.starts_with("$#") => at + 2,
            '<' if rest.starts_with("<<<") => at + 3,
            '<' if rest.starts_with("<<") => {
                waiting.extend(tag(rest).map(|tag| (at, tag)));
                at + 2
            }
            '\n' => waiting.drain(..).try_fold(at + 1, |next, (open, tag)| {
                body(text, next, &tag).ok_or_else(|| (open, format!("the here-document `{tag}` is never closed")))
            })?,
            ')' if inside && depth == 0 => return Ok(at + 1),
            '(' => {
                depth += 1;
                at + 1
            }
            ')' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            other => at + other.len_utf8(),
        };
    }
    match waiting.first() {
        Some((open, tag)) => Err((*open, format!("the here-document `{tag}` is never closed"))),
        None => Ok(at),
    }
}

/// Behind `$( ... )`.
fn substitution(text: &str, at: usize) -> Step {
    let end = commands(text, at + 2, true)?;
    if text.get(..end).is_some_and(|read| read.ends_with(')')) {
        Ok(end)
    } else {
        Err((at, "`$(` is never closed".into()))
    }
}

/// Behind a text in double quotes, in which commands may stand.
fn double(text: &str, from: usize) -> Step {
    let mut at = from + 1;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at = match rest.chars().next().unwrap_or_default() {
            '"' => return Ok(at + 1),
            '\\' => at + 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '$' if rest.starts_with("$(") && !rest.starts_with("$((") => substitution(text, at)?,
            other => at + other.len_utf8(),
        };
    }
    Err((from, "a quote is never closed".into()))
}

/// The word that ends a here-document; none where `<<` is no such thing, as in arithmetic.
fn tag(rest: &str) -> Option<String> {
    let word = rest.get(2..)?.trim_start_matches('-').trim_start_matches([' ', '\t']);
    let quote = word.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let plain = word.trim_start_matches(['\'', '"', '\\']);
    let end = plain.find(|c: char| !(c.is_alphanumeric() || c == '_' || quote.is_some() && c != '\'' && c != '"'));
    let tag = plain.get(..end.unwrap_or(plain.len()))?;
    tag.starts_with(|c: char| c.is_alphabetic() || c == '_').then(|| tag.to_owned())
}

/// Behind the line that ends a here-document.
fn body(text: &str, from: usize, tag: &str) -> Option<usize> {
    let mut at = from;
    for line in text.get(from..)?.split_inclusive('\n') {
        at += line.len();
        if line.trim_end().trim_start_matches('\t') == tag {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::unbalanced;

    #[test]
    fn quotes_substitutions_and_here_documents_close() {
        for sound in [
            "echo \"$(date \"+%F\")\" # it's\necho ${#a} $# 'a#b' \\' \\\"\n",
            "cat <<'EOF' > a\nit's \"\nEOF\ncat <<-X\n\t\"\n\tX\n",
            "case $a in b) echo c;; esac\nf() { echo $((1 << 2)); }\n(cd a && make)\ngrep x <<< \"y\"\n",
        ] {
            assert_eq!(unbalanced(sound), None, "{sound}");
        }
        let place = |text: &str| unbalanced(text).map(|broken| (broken.line, broken.column));
        assert_eq!(place("make\necho 'a\n"), Some((1, 5)));
        assert_eq!(place("echo \"a\n"), Some((0, 5)));
        assert_eq!(place("a=$(date\n"), Some((0, 2)));
        assert_eq!(place("cat <<EOF\na\n"), Some((0, 4)));
    }
}
