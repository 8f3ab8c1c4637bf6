//! Trees of own files: as JSON, and where in them something is wrong.

use serde_json::{Map, Value};

use crate::text::Span;
use crate::yaml::{Data, Node};

/// A tree as JSON: plain words that read as numbers or flags are such.
pub(super) fn json(node: &Node) -> Value {
    match &node.data {
        Data::Null => Value::Null,
        Data::Scalar { text, quoted: true } => Value::String(text.to_string()),
        Data::Scalar { text, .. } => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => number(text).unwrap_or_else(|| Value::String(text.to_string())),
        },
        Data::List(items) => Value::Array(items.iter().map(json).collect()),
        Data::Map(entries) => Value::Object(
            entries.iter().map(|entry| (entry.key.to_string(), json(&entry.value))).collect::<Map<_, _>>(),
        ),
    }
}

fn number(text: &str) -> Option<Value> {
    let digit = text.trim_start_matches(['-', '+', '.']).starts_with(|c: char| c.is_ascii_digit());
    let whole = || text.parse::<i64>().ok().map(Value::from);
    let real = || text.parse::<f64>().ok().filter(|value| value.is_finite()).map(Value::from);
    if digit { whole().or_else(real) } else { None }
}

/// The smallest part that, taken away, changes what is wrong: that is where it is wrong.
pub(super) fn culprit(node: &Node, value: &Value, decode: &dyn Fn(&Value) -> Option<String>) -> Span {
    let Some(error) = decode(value) else { return node.span };
    match (&node.data, value) {
        (Data::Map(entries), Value::Object(map)) => {
            if let Some(entry) =
                entries.iter().find(|entry| error.starts_with(&format!("unknown field `{}`", entry.key)))
            {
                return entry.key_span;
            }
            for entry in entries.iter().filter(|_| !error.starts_with("missing field")) {
                let mut without = map.clone();
                let Some(part) = without.remove(entry.key.as_str()) else { continue };
                if decode(&Value::Object(without.clone())).as_ref() == Some(&error) {
                    continue;
                }
                let inner = |part: &Value| {
                    let mut whole = without.clone();
                    whole.insert(entry.key.to_string(), part.clone());
                    decode(&Value::Object(whole))
                };
                return culprit(&entry.value, &part, &inner);
            }
            entries.first().map_or(node.span, |entry| entry.key_span)
        }
        (Data::List(nodes), Value::Array(items)) => {
            for (at, (node, item)) in nodes.iter().zip(items).enumerate() {
                let others = |part: Option<&Value>| {
                    let kept = items
                        .iter()
                        .enumerate()
                        .filter_map(|(place, item)| if place == at { part } else { Some(item) });
                    Value::Array(kept.cloned().collect())
                };
                if decode(&others(None)).as_ref() != Some(&error) {
                    return culprit(node, item, &|part: &Value| decode(&others(Some(part))));
                }
            }
            node.span
        }
        _ => node.span,
    }
}

/// The first value with this text.
pub(super) fn find(node: &Node, word: &str) -> Option<Span> {
    match &node.data {
        Data::Scalar { text, .. } => (text == word).then_some(node.span),
        Data::List(items) => items.iter().find_map(|item| find(item, word)),
        Data::Map(entries) => entries
            .iter()
            .find_map(|entry| if entry.key == word { Some(entry.key_span) } else { find(&entry.value, word) }),
        Data::Null => None,
    }
}
