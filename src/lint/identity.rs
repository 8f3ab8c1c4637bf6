//! The one name of a finding, equal in the baseline and in every format, built from task ids and requirement paths.

use std::collections::BTreeMap;

use super::Finding;
use crate::yaml::{Data, Node};

/// The path of the innermost value of a tree that holds a byte; empty for the file as a whole.
#[must_use]
pub fn path_at(root: &Node, offset: usize) -> String {
    let mut path = String::new();
    let mut node = root;
    loop {
        let next = match &node.data {
            Data::Map(entries) => entries
                .iter()
                .find(|entry| {
                    entry.key_span.start <= offset && offset < entry.value.span.end.max(entry.key_span.end + 1)
                })
                .map(|entry| {
                    (if path.is_empty() { entry.key.to_string() } else { format!(".{}", entry.key) }, &entry.value)
                }),
            Data::List(items) => items
                .iter()
                .enumerate()
                .find(|(_, item)| item.span.start <= offset && offset < item.span.end)
                .map(|(at, item)| (format!("[{}]", item.label(at)), item)),
            _ => None,
        };
        match next {
            Some((step, child)) => {
                path.push_str(&step);
                node = child;
            }
            None => return path,
        }
    }
}

/// Gives every finding its identity; the second of two that would share one gets `#2`, in the order of their places.
pub fn assign(project: &str, findings: &mut [Finding]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        let mut identity = format!("{project}/{}", finding.rule.code);
        for part in [&finding.subject, &finding.detail].into_iter().filter(|part| !part.is_empty()) {
            identity.push('/');
            identity.push_str(&one_word(part));
        }
        let count = seen.entry(identity.clone()).or_default();
        *count += 1;
        if *count > 1 {
            identity.push_str(&format!("#{count}"));
        }
        finding.identity = identity;
    }
}

/// A part of an identity: no white space, no control characters.
fn one_word(part: &str) -> String {
    part.chars().map(|c| if c.is_whitespace() || c.is_control() { '_' } else { c }).take(120).collect()
}
