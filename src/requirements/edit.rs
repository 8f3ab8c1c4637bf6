//! `--set path=value`: edits of the tree before it is checked.

use crate::diagnostic::rules;
use crate::quantity::short;
use crate::text::{Source, Span, suggest};
use crate::yaml::{self, Data, Entry, Fault, Node, Step};

/// The source that stands for an edit in diagnostics.
#[must_use]
pub fn source(path: &str, value: &str) -> Source {
    Source { name: format!("--set {path}"), text: format!("{path}={value}") }
}

/// Sets the value at a path; `null` removes the key. `number` is the edit's place in the list of sources.
pub fn apply(tree: &mut Node, path: &str, value: &str, number: usize, faults: &mut Vec<Fault>) {
    let span = Span { source: number, start: 0, end: path.len() };
    let parsed = yaml::parse(value);
    let moved =
        |span: Span| Span { source: number, start: span.start + path.len() + 1, end: span.end + path.len() + 1 };
    let failed = !parsed.faults.is_empty();
    faults.extend(parsed.faults.into_iter().map(|mut fault| {
        fault.span = moved(fault.span);
        fault.labels.iter_mut().for_each(|label| label.span = moved(label.span));
        fault
    }));
    let Some(mut node) = parsed.root.filter(|_| !failed) else {
        if !failed {
            remove_or_say(tree, path, span, faults);
        }
        return;
    };
    if node.data == Data::Null {
        remove_or_say(tree, path, span, faults);
        return;
    }
    place(&mut node, &moved);
    match walk(tree, path, span) {
        Ok((parent, key)) => put(parent, key, node, span),
        Err(fault) => faults.push(*fault),
    }
}

fn remove_or_say(tree: &mut Node, path: &str, span: Span, faults: &mut Vec<Fault>) {
    match walk(tree, path, span) {
        Ok((parent, Step::Key(key))) => {
            if let Data::Map(entries) = &mut parent.data {
                entries.retain(|entry| entry.key != key);
            }
        }
        Ok((parent, Step::Item(name))) => {
            let at = yaml::find(parent.items(), &name);
            if let (Some(at), Data::List(items)) = (at, &mut parent.data) {
                items.remove(at);
            }
        }
        Err(fault) => faults.push(*fault),
    }
}

fn put(parent: &mut Node, key: Step, node: Node, span: Span) {
    match (key, &mut parent.data) {
        (Step::Key(key), Data::Map(entries)) => {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.key == key) {
                entry.value = node;
            } else {
                entries.push(Entry { key: key.into(), key_span: span, value: node });
            }
        }
        (Step::Item(name), Data::List(items)) => {
            if let Some(item) = yaml::find(items, &name).and_then(|at| items.get_mut(at)) {
                *item = node;
            }
        }
        _ => {}
    }
}

/// The collection that holds the last step of a path; mappings on the way are created, list items are not.
fn walk<'n>(tree: &'n mut Node, path: &str, span: Span) -> Result<(&'n mut Node, Step), Box<Fault>> {
    let form = "write a path like `traffic.peak` or `domains[catalog].peak`";
    let unknown = |message: String, fix: &str| Box::new(Fault::new(rules::UNKNOWN_PATH, span, message, fix));
    let mut steps = yaml::steps(path).unwrap_or_default();
    let Some(last) = steps.pop() else {
        return Err(unknown(format!("`{}` is no path", short(path)), form));
    };
    let mut node = tree;
    for step in steps {
        let next = match step {
            Step::Key(key) => child(node, key, span),
            Step::Item(name) => {
                let at = item(node, &name).map_err(|fix| unknown(format!("no item `{}`", short(&name)), &fix))?;
                match &mut node.data {
                    Data::List(items) => items.get_mut(at),
                    _ => None,
                }
            }
        };
        node = next.ok_or_else(|| unknown(format!("`{}` goes through a value", short(path)), form))?;
    }
    match &last {
        Step::Item(name) => {
            item(node, name).map_err(|fix| unknown(format!("no item `{}`", short(name)), &fix))?;
        }
        Step::Key(_) => {
            if node.data == Data::Null {
                node.data = Data::Map(Vec::new());
            }
            if !matches!(node.data, Data::Map(_)) {
                return Err(unknown(format!("`{}` goes through a value", short(path)), form));
            }
        }
    }
    Ok((node, last))
}

/// The value of a key, made where it is missing; `None` when the node is a value itself.
fn child(node: &mut Node, key: String, span: Span) -> Option<&mut Node> {
    if node.data == Data::Null {
        node.data = Data::Map(Vec::new());
    }
    let Data::Map(entries) = &mut node.data else {
        return None;
    };
    let at = entries.iter().position(|entry| entry.key == key);
    let at = at.unwrap_or(entries.len());
    if at == entries.len() {
        entries.push(Entry { key: key.into(), key_span: span, value: Node { span, data: Data::Null } });
    }
    entries.get_mut(at).map(|entry| &mut entry.value)
}

fn item(node: &Node, name: &str) -> Result<usize, String> {
    let labels: Vec<String> = node.items().iter().enumerate().map(|(at, item)| item.label(at).into_owned()).collect();
    yaml::find(node.items(), name).ok_or_else(|| match suggest(name, labels.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", labels.join(", ")),
    })
}

/// Gives every node of an edit its place in the edit's own source.
fn place(node: &mut Node, moved: &dyn Fn(Span) -> Span) {
    node.span = moved(node.span);
    match &mut node.data {
        Data::List(items) => items.iter_mut().for_each(|item| place(item, moved)),
        Data::Map(entries) => {
            for entry in entries {
                entry.key_span = moved(entry.key_span);
                place(&mut entry.value, moved);
            }
        }
        Data::Null | Data::Scalar { .. } => {}
    }
}
