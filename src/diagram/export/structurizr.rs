//! Structurizr DSL.

use super::{clusters, edges, lines, members, quoted};
use crate::diagram::model::{Model, Node};
use crate::diagram::text;
use std::collections::BTreeSet;

/// A workspace with one software system, its containers, and one container view. Structurizr wants unique names and unique
/// relations: a repeated name gets a number, repeated edges become one with their descriptions joined, self loops are left out.
pub fn structurizr(model: &Model) -> String {
    let mut names = BTreeSet::new();
    let mut out = "workspace {\n  model {\n".to_owned();
    let nest = model.nest();
    if (0..model.clusters.len()).any(|c| nest.around(c).is_some()) {
        out += "    properties {\n      \"structurizr.groupSeparator\" \"/\"\n    }\n";
    }
    out += "    system = softwareSystem \"System\" {\n";
    out += &group(model, None, &mut names, "      ");
    out += "    }\n";
    let all = edges(model);
    let mut seen = BTreeSet::new();
    for (a, b, _) in &all {
        if a == b || !seen.insert((*a, *b)) {
            continue;
        }
        let mut labels: Vec<String> =
            all.iter().filter(|e| (e.0, e.1) == (*a, *b) && !e.2.is_empty()).map(|e| e.2.clone()).collect();
        labels.dedup();
        let text = if labels.is_empty() { "Uses".to_owned() } else { labels.join(", ") };
        out += &format!("    n{a} -> n{b} {}\n", string(&[text]));
    }
    out + "  }\n  views {\n    container system {\n      include *\n      autoLayout tb\n    }\n  }\n}\n"
}

/// What stands in a group: containers, then groups; a group without any is left out.
fn group(model: &Model, around: Option<usize>, names: &mut BTreeSet<String>, indent: &str) -> String {
    let mut out: String = members(model, around).map(|(i, n)| container(i, n, names, indent)).collect();
    for (c, cluster) in clusters(model, around) {
        let inside = group(model, Some(c), names, &format!("{indent}  "));
        if !inside.is_empty() {
            // A slash in a name would stand for a group within a group.
            let title = string(&[text::clean(&cluster.label).replace('/', "-")]);
            out += &format!("{indent}group {title} {{\n{inside}{indent}}}\n");
        }
    }
    out
}

fn container(i: usize, n: &Node, names: &mut BTreeSet<String>, indent: &str) -> String {
    let name = lines(n).join(" ");
    let mut unique = name.clone();
    let mut k = 2;
    while !names.insert(unique.to_lowercase()) {
        unique = format!("{name} ({k})");
        k += 1;
    }
    let tags = match n.kind.as_str() {
        "database" | "storage" => " \"\" \"\" \"Database\"",
        "queue" | "bus" | "topic" => " \"\" \"\" \"Queue\"",
        _ => "",
    };
    format!("{indent}n{i} = container {}{tags}\n", string(&[unique]))
}

/// The DSL has no escape for a backslash and reads `${` as a variable.
fn string(lines: &[String]) -> String {
    let plain: Vec<String> = lines.iter().map(|l| l.replace('\\', "/").replace("${", "$ {")).collect();
    quoted(&plain, " ")
}
