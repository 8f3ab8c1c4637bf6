//! Family W, the part about waivers in the requirements: ended, ending, unused, unknown, nobody's.

use super::places::Places;
use super::rules::{self, waivers as own};
use super::{Config, Finding};
use crate::catalogue::Catalogue;
use crate::engine::findings::Finding as Decided;
use crate::quantity::Date;
use crate::requirements::{Reading, Requirements, Waiver};
use crate::text::{Span, suggest};
use crate::yaml::Node;

/// Days before its end from which on a waiver is spoken of.
const SOON: i64 = 14;

/// What is wrong with the waivers of a file.
#[must_use]
pub fn findings(
    catalogue: &Catalogue,
    reading: &Reading,
    requirements: &Requirements,
    places: &Places<'_>,
    decided: &[Decided],
    config: &Config,
) -> Vec<Finding> {
    let nodes = reading.tree.as_ref().and_then(|tree| tree.get("waivers")).map_or(&[][..], Node::items);
    let mut out = Vec::new();
    for (waiver, node) in requirements.waivers.iter().zip(nodes) {
        let span = |key: &str| node.get(key).map_or(node.span, |value| value.span);
        let subject = format!("waivers[{}]", waiver.rule);
        let target = waiver.target.clone().unwrap_or_default();
        let mut push = |finding: Finding| out.push(finding.detail(target.as_str()));
        if let Some((until, today)) = waiver.until.zip(config.today) {
            ends(waiver, (until, today), span("until"), &subject, &mut push);
        }
        known(catalogue, waiver, span("rule"), &subject, &mut push);
        if waiver.owner.is_none() && waiver.until.is_none() {
            let message = format!("nobody answers for the waiver of `{}`, and it has no end", waiver.rule);
            let finding = Finding::new(own::WITHOUT_OWNER.named(), span("rule"), &subject, message);
            push(severed(finding, &own::WITHOUT_OWNER).fix("add `owner` and `until: YYYY-MM-DD`"));
        }
        let used = decided.iter().any(|finding| finding.waived.is_some() && meant(waiver, finding));
        if !used && rule_exists(catalogue, &waiver.rule) {
            let message = format!("the waiver of `{}` accepts nothing: the rule does not speak", waiver.rule);
            let finding = Finding::new(own::UNUSED.named(), span("rule"), &subject, message);
            push(severed(finding, &own::UNUSED).fix("take it out").edit(false, whole_item(reading, places, node), ""));
        }
    }
    out
}

fn ends(waiver: &Waiver, (until, today): (Date, Date), span: Span, subject: &str, push: &mut impl FnMut(Finding)) {
    let left = day_number(until) - day_number(today);
    let owner = waiver.owner.as_deref().unwrap_or("nobody named");
    if left < 0 {
        let message = format!("the waiver of `{}` ended on {until}; {owner} accepted it", waiver.rule);
        let finding = Finding::new(own::EXPIRED.named(), span, subject, message).fact("today", today.to_string());
        push(severed(finding, &own::EXPIRED).fix("mend what it accepted, or decide again and move the day"));
    } else if left <= SOON {
        let message = format!("the waiver of `{}` ends in {left} day(s), on {until}; {owner} accepted it", waiver.rule);
        let finding = Finding::new(own::ENDING.named(), span, subject, message).fact("today", today.to_string());
        push(severed(finding, &own::ENDING).fix("plan the mending now, or decide again"));
    }
}

fn known(catalogue: &Catalogue, waiver: &Waiver, span: Span, subject: &str, push: &mut impl FnMut(Finding)) {
    if rule_exists(catalogue, &waiver.rule) {
        return;
    }
    let message = format!("there is no rule `{}` to accept", waiver.rule);
    let finding = severed(Finding::new(own::UNKNOWN_RULE.named(), span, subject, message), &own::UNKNOWN_RULE);
    let names = catalogue.rules.iter().map(|rule| rule.name.as_str());
    push(match suggest(&waiver.rule, names) {
        Some(near) => finding.fix(format!("did you mean `{near}`?")).edit(false, span, near),
        None => finding.fix("`archplan rules` lists them"),
    });
}

fn rule_exists(catalogue: &Catalogue, rule: &str) -> bool {
    catalogue.rules.iter().any(|entry| entry.name == rule || entry.code == rule) || rules::find(rule).is_some()
}

fn meant(waiver: &Waiver, finding: &Decided) -> bool {
    waiver.rule == finding.name || waiver.rule == finding.rule
}

fn severed(mut finding: Finding, rule: &rules::Rule) -> Finding {
    finding.severity = rule.severity;
    finding
}

/// The item of a list with its dash and its line break.
fn whole_item(reading: &Reading, places: &Places<'_>, node: &Node) -> Span {
    let text = reading.sources.first().map_or("", |source| source.text.as_str());
    let start = text.get(..node.span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end =
        text.get(node.span.end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| node.span.end + at + 1);
    // The only waiver takes its key with it.
    let alone = reading.tree.as_ref().and_then(|tree| tree.get("waivers")).is_some_and(|list| list.items().len() == 1);
    let key = places.of("waivers").filter(|_| alone);
    Span::new(key.map_or(start, |key| key.start), end)
}

/// Days since a fixed day, in the proleptic Gregorian calendar.
fn day_number(date: Date) -> i64 {
    let (year, month) = (i64::from(date.year), i64::from(date.month));
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + i64::from(date.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        let days = |one: &str, two: &str| day_number(Date::parse(two).unwrap()) - day_number(Date::parse(one).unwrap());
        assert_eq!((days("2028-02-28", "2028-03-01"), days("2027-02-28", "2027-03-01")), (2, 1));
        assert_eq!((days("2026-12-31", "2027-01-01"), days("2026-01-01", "2027-01-01")), (1, 365));
    }
}
