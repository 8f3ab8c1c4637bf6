//! Names that are given twice, names that nobody has, and calls that go round.

use std::collections::{BTreeMap, BTreeSet};

use super::numbered;
use crate::diagnostic::rules;
use crate::quantity::short;
use crate::text::{Span, suggest};
use crate::yaml::{Fault, Node};

/// Fields that every entity has without naming them.
const IMPLICIT: [&str; 3] = ["id", "created_at", "updated_at"];

/// Finds duplicates, dangling references and cycles.
pub fn check(tree: &Node, faults: &mut Vec<Fault>) {
    let list = |key: &str| tree.get(key).map_or(&[][..], Node::items);
    let api = |key: &str| tree.get("api").and_then(|api| api.get(key)).map_or(&[][..], Node::items);
    duplicates("domains", list("domains"), "name", faults);
    duplicates("workloads", list("workloads"), "name", faults);
    duplicates("entities", list("entities"), "name", faults);
    duplicates("integrations", list("integrations"), "name", faults);
    duplicates("features", list("features"), "id", faults);
    duplicates("decisions", list("decisions"), "topic", faults);
    duplicates("api.consumers", api("consumers"), "name", faults);
    for key in ["domains", "workloads", "entities", "integrations"] {
        renamed(key, list(key), faults);
    }
    domains(tree, list("domains"), faults);
    let known: BTreeSet<&str> = names(list("entities"), "name").into_iter().collect();
    for entity in list("entities") {
        self::entity(entity, &known, faults);
    }
    tenants(list("entities"), faults);
    endpoints(list("features"), api("endpoints"), faults);
    crate::requirements::residency::check(tree, faults);
    waivers(list("waivers"), faults);
}

/// A former name that something still has, or that two claim.
fn renamed(list: &str, items: &[Node], faults: &mut Vec<Fault>) {
    let former: Vec<(&str, Span)> = items.iter().filter_map(|item| named(item, "was")).collect();
    if former.is_empty() {
        return;
    }
    let mut taken: BTreeMap<String, Span> =
        items.iter().filter_map(|item| named(item, "name")).map(|(name, span)| (name.to_lowercase(), span)).collect();
    for (was, span) in former {
        let Some(other) = taken.insert(was.to_lowercase(), span) else {
            continue;
        };
        let fault = Fault::new(
            rules::DUPLICATE_NAME,
            span,
            format!("`{}` is in `{list}` still, so nothing else can have been it", short(was)),
            "delete `was`, or the one that has the name".to_owned(),
        );
        faults.push(fault.label(other, "has the name"));
    }
}

fn named<'n>(item: &'n Node, key: &str) -> Option<(&'n str, Span)> {
    item.get(key).and_then(|node| Some((node.text()?, node.span)))
}

fn duplicates(list: &str, items: &[Node], key: &str, faults: &mut Vec<Fault>) {
    let names: Vec<(&str, Span)> = items.iter().filter_map(|item| named(item, key)).collect();
    // Most lists are short, and are compared without a copy of any name.
    let unlike = |(at, (name, _)): (usize, &(&str, Span))| !names.iter().take(at).any(|(other, _)| same(name, other));
    if names.len() <= FEW_NAMES && names.iter().enumerate().all(unlike) {
        return;
    }
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for (name, span) in names {
        let Some(first) = seen.insert(name.to_lowercase(), span) else {
            continue;
        };
        let fault = Fault::new(
            rules::DUPLICATE_NAME,
            span,
            format!("`{list}` has `{}` twice", short(name)),
            format!("give one of them another `{key}`, or put both into one"),
        );
        faults.push(fault.label(first, "first here"));
    }
}

/// Up to so many names are compared one with the other.
const FEW_NAMES: usize = 16;

/// Whether two names are one: names become tables, folders and services, where case does not tell them apart.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || !(one.is_ascii() && other.is_ascii()) && one.to_lowercase() == other.to_lowercase()
}

/// Says so when a name is not among those that exist.
fn refer(item: &Node, key: &str, known: &BTreeSet<&str>, what: &str, faults: &mut Vec<Fault>) {
    let Some((name, span)) = named(item, key) else {
        return;
    };
    if known.contains(name) {
        return;
    }
    let near = suggest(name, known.iter().copied());
    let fix = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("add the {what}, or delete `{key}`"),
        None => format!("use one of {}", known.iter().copied().collect::<Vec<_>>().join(", ")),
    };
    let fault = Fault::new(rules::DANGLING_REFERENCE, span, format!("there is no {what} `{}`", short(name)), fix);
    faults.push(fault.meant(name, near));
}

fn names<'n>(items: &'n [Node], key: &str) -> Vec<&'n str> {
    items.iter().filter_map(|item| named(item, key)).map(|(name, _)| name).collect()
}

fn domains(tree: &Node, domains: &[Node], faults: &mut Vec<Fault>) {
    let known: BTreeSet<&str> = names(domains, "name").into_iter().collect();
    for list in ["features", "workloads", "entities"] {
        for item in tree.get(list).map_or(&[][..], Node::items) {
            refer(item, "domain", &known, "domain", faults);
        }
    }
    let calls = |domain: &'_ Node| domain.get("calls").map_or(Vec::new(), |calls| calls.items().to_vec());
    for domain in domains {
        let calls = calls(domain);
        duplicates("calls", &calls, "to", faults);
        for call in &calls {
            refer(call, "to", &known, "domain", faults);
        }
    }
    cycles(domains, faults);
    events(domains, faults);
}

/// Every event that is consumed should be published by somebody.
fn events(domains: &[Node], faults: &mut Vec<Fault>) {
    let words = |key: &'static str| {
        domains
            .iter()
            .filter_map(move |domain| domain.get(key))
            .flat_map(|list| list.items())
            .filter_map(|node| Some((node.text()?, node.span)))
    };
    let published: Vec<&str> = words("publishes").map(|(name, _)| name).collect();
    for (name, span) in words("consumes") {
        if published.contains(&name) {
            continue;
        }
        let fix = match suggest(name, published.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it to `publishes` of the domain it comes from".to_owned(),
        };
        faults.push(Fault::new(
            rules::UNPUBLISHED_EVENT,
            span,
            format!("no domain publishes the event `{}`", short(name)),
            fix,
        ));
    }
}

/// Each cycle of synchronous calls once: take away who calls nobody, until only cycles are left.
fn cycles(domains: &[Node], faults: &mut Vec<Fault>) {
    let mut calls: BTreeMap<&str, Vec<(&str, Span)>> = BTreeMap::new();
    for domain in domains {
        let Some((name, _)) = named(domain, "name") else {
            continue;
        };
        let targets = domain.get("calls").map_or(&[][..], Node::items);
        calls.entry(name).or_default().extend(targets.iter().filter_map(|call| named(call, "to")));
    }
    loop {
        loop {
            let ends: Vec<&str> = calls
                .iter()
                .filter(|(_, to)| !to.iter().any(|(name, _)| calls.contains_key(name)))
                .map(|(name, _)| *name)
                .collect();
            if ends.is_empty() {
                break;
            }
            calls.retain(|name, _| !ends.contains(name));
        }
        let Some(start) = calls.keys().next().copied() else {
            return;
        };
        let circle = follow(start, &calls);
        calls.retain(|name, _| !circle.iter().any(|(from, _)| from == name));
        report(&circle, faults);
    }
}

/// From a domain along its first calls until one comes again; only the round part.
fn follow<'n>(start: &'n str, calls: &BTreeMap<&'n str, Vec<(&'n str, Span)>>) -> Vec<(&'n str, Span)> {
    let mut path: Vec<(&str, Span)> = Vec::new();
    let mut at = start;
    loop {
        if let Some(first) = path.iter().position(|(name, _)| *name == at) {
            return path.split_off(first);
        }
        let next = calls.get(at).and_then(|to| to.iter().find(|(name, _)| calls.contains_key(name)));
        let Some((next, span)) = next else {
            return path;
        };
        path.push((at, *span));
        at = next;
    }
}

fn report(circle: &[(&str, Span)], faults: &mut Vec<Fault>) {
    let Some(((first, _), (last, span))) = circle.first().zip(circle.last()) else {
        return;
    };
    let mut names: Vec<&str> = circle.iter().map(|(name, _)| *name).collect();
    names.push(first);
    let mut fault = Fault::new(
        rules::CYCLIC_CALLS,
        *span,
        format!("synchronous calls go round: {}", names.join(" -> ")),
        format!("publish an event instead of one of the calls, such as the one from {last} to {first}"),
    );
    for (name, span) in circle.iter().take(circle.len() - 1) {
        fault = fault.label(*span, format!("called by {name}"));
    }
    faults.push(fault);
}

fn entity(entity: &Node, known: &BTreeSet<&str>, faults: &mut Vec<Fault>) {
    let fields = entity.get("fields").map_or(&[][..], Node::items);
    duplicates("fields", fields, "name", faults);
    for field in fields {
        refer(field, "ref", known, "entity", faults);
        one_type(field, faults);
        set_null(field, faults);
    }
    let queries = entity.get("queries").map_or(&[][..], Node::items);
    let mut columns = names(fields, "name");
    columns.extend(IMPLICIT);
    let used = queries
        .iter()
        .flat_map(|query| ["by", "order"].into_iter().filter_map(|key| query.get(key)).flat_map(|list| list.items()));
    for (name, span) in used.filter_map(|node| Some((node.text()?, node.span))) {
        let plain = name.strip_prefix('-').unwrap_or(name);
        if columns.contains(&plain) {
            continue;
        }
        let fix = match suggest(plain, columns.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of {}", columns.join(", ")),
        };
        faults.push(Fault::new(
            rules::UNKNOWN_QUERY_FIELD,
            span,
            format!("the query uses a field `{}` that the entity does not have", short(plain)),
            fix,
        ));
    }
}

fn one_type(field: &Node, faults: &mut Vec<Fault>) {
    let Some((name, span)) = named(field, "name") else {
        return;
    };
    let name = || short(name);
    let fault = match (field.get("type"), field.get("ref")) {
        (None, None) => Fault::new(
            rules::FIELD_WITHOUT_ONE_TYPE,
            span,
            format!("the field `{}` has neither type nor ref", name()),
            "add `type: string(80)`, or `ref:` with the name of an entity",
        ),
        (Some(kind), Some(reference)) => Fault::new(
            rules::FIELD_WITHOUT_ONE_TYPE,
            reference.span,
            format!("the field `{}` has both type and ref", name()),
            "delete `type`: a reference has the type of the id it refers to",
        )
        .label(kind.span, "its type"),
        _ => return,
    };
    faults.push(fault);
}

fn set_null(field: &Node, faults: &mut Vec<Fault>) {
    let action = field.get("on_delete");
    let Some(action) = action.filter(|node| node.text() == Some("set-null")) else {
        return;
    };
    let required = field.get("required");
    if required.and_then(Node::text) == Some("false") {
        return;
    }
    let mut fault = Fault::new(
        rules::SET_NULL_ON_REQUIRED,
        action.span,
        "`on_delete: set-null` empties a field that is required".to_owned(),
        "add `required: false`, or write `on_delete: restrict`",
    );
    if let Some(required) = required {
        fault = fault.label(required.span, "required here");
    }
    faults.push(fault);
}

fn tenants(entities: &[Node], faults: &mut Vec<Fault>) {
    let mut tenants =
        entities.iter().filter_map(|entity| entity.get("tenant")).filter(|node| node.text() == Some("true"));
    let Some(first) = tenants.next() else {
        return;
    };
    for other in tenants {
        let fault = Fault::new(
            rules::SEVERAL_TENANTS,
            other.span,
            "a second entity is the tenant".to_owned(),
            "keep `tenant: true` at the entity that separates customers",
        );
        faults.push(fault.label(first.span, "the first"));
    }
}

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

fn endpoints(features: &[Node], endpoints: &[Node], faults: &mut Vec<Fault>) {
    if endpoints.is_empty() {
        return;
    }
    let given = features.iter().map(|feature| named(feature, "id").map_or_else(String::new, |(id, _)| id.to_owned()));
    let ids = numbered(given.collect());
    let known: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let mut seen: BTreeMap<(&str, &str), Span> = BTreeMap::new();
    for endpoint in endpoints {
        refer(endpoint, "feature", &known, "feature", faults);
        let (method, path) = (named(endpoint, "method"), named(endpoint, "path"));
        if let Some((name, span)) = method.filter(|(name, _)| !METHODS.contains(name)) {
            let fix = match suggest(name, METHODS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of {}", METHODS.join(", ")),
            };
            let message = format!("`{}` is no HTTP method", short(name));
            faults.push(Fault::new(rules::BAD_ENDPOINT, span, message, fix));
        }
        let sound = |c: char| c.is_ascii_alphanumeric() || "/-._~{}:@!$&'()*+,;=%".contains(c);
        let safe = |path: &str| path.starts_with('/') && path.chars().all(sound) && !path.contains("..");
        if let Some((name, span)) = path.filter(|(path, _)| !safe(path)) {
            let message = format!("`{}` is no path of an endpoint", short(name));
            let fix = "write it like `/api/v1/orders/{id}`";
            faults.push(Fault::new(rules::BAD_ENDPOINT, span, message, fix));
        }
        if let Some(((method, _), (path, span))) = method.zip(path)
            && let Some(first) = seen.insert((method, path), span)
        {
            let message = format!("the endpoint {} {} stands twice", short(method), short(path));
            let fault = Fault::new(rules::DUPLICATE_NAME, span, message, "delete one of them");
            faults.push(fault.label(first, "first here"));
        }
    }
}

fn waivers(waivers: &[Node], faults: &mut Vec<Fault>) {
    for waiver in waivers {
        let reason = named(waiver, "because").is_some_and(|(text, _)| !text.trim().is_empty());
        let place = waiver.get("because").or_else(|| waiver.get("rule"));
        if !reason {
            faults.push(Fault::new(
                rules::WAIVER_WITHOUT_REASON,
                place.map_or(waiver.span, |node| node.span),
                "a finding is waived without a reason".to_owned(),
                "add `because:` with the reason, and `until:` with a date",
            ));
        }
    }
}
