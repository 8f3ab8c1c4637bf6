//! Comments that accept a finding where it stands: `# archplan: ignore[rule] reason` and `<!-- archplan: ignore[rule] reason -->`.
//!
//! At the end of a line a comment covers the line. Alone on its line it covers what follows: in requirements the key with everything below
//! it, in a plan the task, block, section or paragraph.

use std::ops::Range;

use super::rules::{self, waivers as own};
use super::scan::Scan;
use super::{Accepted, Config, Finding, Report, config};
use crate::document::lines::indent;
use crate::document::{Document, Kind, marker};
use crate::requirements::Reading;
use crate::text::{LineIndex, Span, suggest};

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Remark {
    span: Span,
    /// Names or codes.
    rules: Vec<String>,
    reason: String,
    /// The bytes it covers.
    covers: Range<usize>,
    used: bool,
    alone: bool,
}

/// Marks findings that a comment accepts, and reports comments that have no reason, name no rule, or accept nothing.
pub fn apply(
    report: &mut Report,
    config: &Config,
    reading: Option<&Reading>,
    plan: Option<(&Document, &Scan)>,
    source: usize,
) {
    let mut remarks = Vec::new();
    if let Some(reading) = reading {
        in_requirements(reading, &mut remarks);
    }
    if let Some((document, scan)) = plan {
        in_plan(document, scan, source, &mut remarks);
    }
    if remarks.is_empty() {
        return;
    }
    for finding in &mut report.findings {
        let fits = |remark: &&mut Remark| {
            remark.span.source == finding.span.source
                && remark.covers.contains(&finding.span.start)
                && remark.rules.iter().any(|rule| config::matches(rule, &finding.rule.code, &finding.rule.name))
        };
        for remark in remarks.iter_mut().filter(fits) {
            remark.used = true;
            if !remark.reason.is_empty() && finding.accepted.is_none() {
                finding.accepted = Some(Accepted::Comment(remark.reason.clone()));
            }
        }
    }
    for remark in remarks {
        let found = faults(&remark, report);
        report
            .findings
            .extend(found.into_iter().filter(|finding| config.wants(&finding.rule.code, &finding.rule.name)));
    }
}

fn faults(remark: &Remark, report: &Report) -> Vec<Finding> {
    let mut out = Vec::new();
    let names = remark.rules.join(", ");
    let mut push = |rule: &rules::Rule, message: String, fix: String, edit: Option<(bool, Span, &str)>| {
        let mut finding = Finding::new(rule.named(), remark.span, names.as_str(), message).fix(fix);
        finding.severity = rule.severity;
        out.push(match edit {
            Some((safe, span, text)) => finding.edit(safe, span, text),
            None => finding,
        });
    };
    let unknown = remark.rules.iter().find(|rule| !rules::is_known(rule));
    if let Some(rule) = unknown {
        let near = suggest(rule, rules::every().map(|rule| rule.name));
        let fix =
            near.map_or_else(|| "`archplan rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        push(&own::COMMENT_UNKNOWN, format!("there is no rule `{rule}` to ignore"), fix, None);
        return out;
    }
    if remark.reason.is_empty() {
        let message = format!("`{names}` is ignored without a reason, so it still counts");
        push(&own::COMMENT_WITHOUT_REASON, message, "write the reason behind the bracket".to_owned(), None);
    }
    // A rule that was not applied says nothing about its comment.
    let applied = |rule: &String| {
        let family = rules::code_of(rule).and_then(|code| code.chars().next());
        family.is_none_or(|family| report.checked.families.contains(family))
    };
    if !remark.used && remark.rules.iter().all(applied) {
        let message = format!("nothing here is found by `{names}`");
        push(
            &own::COMMENT_UNUSED,
            message,
            "take the comment out".to_owned(),
            Some((true, removal(remark, report), "")),
        );
    }
    out
}

/// The comment with the white space before it; its whole line when nothing else stands there.
fn removal(remark: &Remark, report: &Report) -> Span {
    let text = report.sources.get(remark.span.source).map_or("", |source| source.text.as_str());
    let before = text.get(..remark.span.start).unwrap_or("");
    let kept = before.trim_end_matches([' ', '\t']).len();
    let after = text.get(remark.span.end..).unwrap_or("");
    let tail = if remark.alone { after.find('\n').map_or(after.len(), |at| at + 1) } else { 0 };
    Span { source: remark.span.source, start: kept, end: remark.span.end + tail }
}

/// The rules and the reason of `ignore[a, b] reason`.
fn parse(inside: &str) -> Option<(Vec<String>, String)> {
    let rest = inside.trim().strip_prefix("ignore")?.trim_start().strip_prefix('[')?;
    let (list, reason) = rest.split_once(']')?;
    let rules: Vec<String> =
        list.split(',').map(|rule| rule.trim().to_owned()).filter(|rule| !rule.is_empty()).collect();
    let reason = reason.trim().trim_start_matches([':', '-', '–', '—']).trim();
    (!rules.is_empty()).then(|| (rules, reason.to_owned()))
}

fn in_requirements(reading: &Reading, out: &mut Vec<Remark>) {
    let Some(source) = reading.sources.first() else { return };
    let wanted = reading
        .comments
        .iter()
        .filter_map(|comment| Some((comment, parse(comment.text.trim().strip_prefix("archplan:")?)?)));
    let mut index = None;
    for (comment, (rules, reason)) in wanted {
        let index = index.get_or_insert_with(|| LineIndex::new(&source.text));
        let line = index.position(comment.span.start).line;
        let start = index.line_start(line).unwrap_or(0);
        let alone = source.text.get(start..comment.span.start).is_some_and(|before| before.trim().is_empty());
        let covers = if alone { below(&source.text, comment.span.end) } else { start..comment.span.end };
        out.push(Remark { span: comment.span, rules, reason, covers, used: false, alone });
    }
}

/// The next key with everything that is indented below it.
fn below(text: &str, from: usize) -> Range<usize> {
    let mut at = from;
    let mut first: Option<(usize, usize)> = None;
    let mut end = from;
    for line in text.get(from..).unwrap_or("").split_inclusive('\n').skip(1) {
        if at == from {
            at = from + text.get(from..).and_then(|rest| rest.find('\n')).map_or(0, |next| next + 1);
        }
        let blank = line.trim().is_empty() || line.trim_start().starts_with('#');
        match first {
            None if !blank => {
                first = Some((at, indent(line)));
                end = at + line.len();
            }
            Some((_, depth)) if !blank && indent(line) <= depth => break,
            Some(_) => end = at + line.len(),
            None => {}
        }
        at += line.len();
    }
    first.map_or(from..from, |(start, _)| start..end)
}

fn in_plan(document: &Document, scan: &Scan, source: usize, out: &mut Vec<Remark>) {
    if !document.text.contains("<!-- archplan:") {
        return;
    }
    for index in 0..document.lines.len() {
        let text = document.line(index);
        if scan.code.get(index).copied().unwrap_or(false) {
            continue;
        }
        let Some((range, inside)) = marker::comment(text, "archplan:") else { continue };
        let Some((rules, reason)) = parse(inside) else { continue };
        let start = document.lines.get(index).map_or(0, |line| line.start);
        let alone = text.trim().len() == range.len();
        let covers = if alone { following(document, index) } else { document.span(index..index + 1) };
        let span = Span { source, start: start + range.start, end: start + range.end };
        out.push(Remark { span, rules, reason, covers, used: false, alone });
    }
}

/// What follows a line: a task, a block, a section, or a paragraph.
fn following(document: &Document, line: usize) -> Range<usize> {
    let next = (line + 1..document.lines.len()).find(|index| !document.line(*index).trim().is_empty());
    let Some(next) = next else { return 0..0 };
    let part = document.parts.partition_point(|part| part.lines.end <= next);
    let Some(part) = document.parts.get(part) else { return 0..0 };
    match part.kind {
        Kind::Heading(index) => {
            let level = document.headings.get(index).map_or(1, |heading| heading.level);
            let rest = document.headings.iter().skip(index + 1);
            let end = rest
                .clone()
                .find(|heading| heading.level <= level)
                .map_or(document.lines.len(), |heading| heading.line);
            document.span(next..end)
        }
        Kind::Other => {
            let blank = (next..part.lines.end).find(|index| document.line(*index).trim().is_empty());
            document.span(next..blank.unwrap_or(part.lines.end))
        }
        _ => document.span(part.lines.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_reason_are_read() {
        let parsed = |text: &str| parse(text).map(|(rules, reason)| (rules.join("+"), reason));
        assert_eq!(
            parsed("ignore[P012, wave-order] agreed in May"),
            Some(("P012+wave-order".into(), "agreed in May".into()))
        );
        assert_eq!(parsed("ignore[P012]"), Some(("P012".into(), String::new())));
        assert_eq!(parsed("ignore[]"), None);
    }

    #[test]
    fn a_comment_alone_covers_the_key_below_it() {
        let text = "# c\n\na:\n  b: 1\n\n  c: 2\nd: 3\n";
        assert_eq!(text.get(below(text, 3)), Some("a:\n  b: 1\n\n  c: 2\n"));
    }
}
