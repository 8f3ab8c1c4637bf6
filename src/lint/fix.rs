//! Makes the edits that findings offer, in both texts at once, until nothing more is offered.
//!
//! Ticks are never changed: a round that would is not made. What a person wrote is only changed where a finding about it offers an edit.

use super::{Config, Finding, Input, run};
use crate::diagnostic::Edit;
use crate::document;

/// Rounds after which texts that still change are left alone.
const MOST_ROUNDS: usize = 20;

/// What came of fixing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// The requirements as they are now; none when they are as they were.
    pub requirements: Option<String>,
    /// The plan as it is now; none when it is as it was.
    pub plan: Option<String>,
    /// How many findings were mended.
    pub applied: usize,
}

/// Fixes an input; `unsafe_too` makes edits that may lose what somebody meant as well.
#[must_use]
pub fn fix(input: &Input<'_>, config: &Config, unsafe_too: bool) -> Fixed {
    let mut out = Fixed::default();
    // What is written must be all that `new` would write.
    let config = &Config { re_runs: unsafe_too || config.re_runs, ..config.clone() };
    for _ in 0..MOST_ROUNDS {
        let mut now = *input;
        if let (Some(file), Some(text)) = (&mut now.requirements, &out.requirements) {
            file.bytes = text.as_bytes();
        }
        if let (Some(file), Some(text)) = (&mut now.plan, &out.plan) {
            file.bytes = text.as_bytes();
        }
        let (requirements, plan, applied) = round(&now, config, unsafe_too);
        if requirements.is_none() && plan.is_none() {
            break;
        }
        out.requirements = requirements.or(out.requirements);
        out.plan = plan.or(out.plan);
        out.applied += applied;
    }
    out
}

/// Makes one set of edits; what did not change is none.
fn round(input: &Input<'_>, config: &Config, unsafe_too: bool) -> (Option<String>, Option<String>, usize) {
    let report = run(input, config);
    let chosen = choose(&report.findings, unsafe_too);
    let text = |source: usize| report.sources.get(source).map_or("", |source| source.text.as_str());
    let after = |source: usize| {
        let repairs = chosen.iter().filter_map(|finding| finding.repair.as_ref());
        let edits: Vec<&Edit> =
            repairs.flat_map(|repair| &repair.edits).filter(|edit| edit.span.source == source).collect();
        Some(apply(text(source), &edits)).filter(|after| after != text(source))
    };
    let requirements = input.requirements.filter(|file| is_text(file.bytes)).and_then(|_| after(0));
    let last = usize::from(input.requirements.is_some());
    let plan = input.plan.filter(|file| is_text(file.bytes)).and_then(|_| after(last));
    let plan = plan.filter(|after| ticks(after) == ticks(text(last)));
    (requirements, plan, chosen.len())
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

/// Findings whose edits can be made together: none touches bytes that another one replaces.
fn choose(findings: &[Finding], unsafe_too: bool) -> Vec<&Finding> {
    let mut taken: Vec<(usize, usize, usize)> = Vec::new();
    let mut out = Vec::new();
    for finding in findings.iter().filter(|finding| finding.counts()) {
        let Some(repair) = finding.repair.as_ref().filter(|repair| repair.safe || unsafe_too) else { continue };
        let free = repair.edits.iter().all(|edit| {
            let span = edit.span;
            taken.iter().all(|(source, start, end)| *source != span.source || span.end < *start || span.start > *end)
        });
        if free {
            taken.extend(repair.edits.iter().map(|edit| (edit.span.source, edit.span.start, edit.span.end)));
            out.push(finding);
        }
    }
    out
}

/// A text after edits that do not touch each other.
#[must_use]
pub fn apply(text: &str, edits: &[&Edit]) -> String {
    let mut sorted: Vec<&&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for edit in sorted {
        let (Some(before), true) = (text.get(at..edit.span.start), text.get(edit.span.start..edit.span.end).is_some())
        else {
            continue;
        };
        out.push_str(before);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// The ids of a plan with their ticks.
fn ticks(text: &str) -> Vec<(String, bool)> {
    document::read(text).tasks.into_iter().map(|task| (task.id, task.ticked)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn edits_are_made_from_the_front_and_broken_ones_left_out() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.to_owned() };
        let (one, two, bad) = (edit(0, 1, "A"), edit(2, 2, "+"), edit(9, 12, "x"));
        assert_eq!(apply("abc", &[&two, &one, &bad]), "Ab+c");
    }
}
