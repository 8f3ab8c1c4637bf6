//! From the embedded JSON text to checked entries.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde_json::Value;

use super::{Catalogue, Node};
use crate::packed::{Late, Packed};

/// Decodes the embedded files, what few runs look at later.
pub(super) fn embedded() -> Result<Catalogue, String> {
    assemble(Packed::ROOT.entries())
}

fn sorted(mut catalogue: Catalogue) -> Catalogue {
    catalogue.topics.sort_by(|a, b| a.order.total_cmp(&b.order).then_with(|| a.id.cmp(&b.id)));
    catalogue.stages.sort_by_key(|stage| stage.number);
    catalogue.artefacts.sort_by_cached_key(|entry| place(&entry.task));
    catalogue.rules.sort_by(|a, b| a.code.cmp(&b.code));
    catalogue
}

/// Group and number of a task id.
fn place(id: &str) -> (u32, u32) {
    let (head, number) = id.rsplit_once('.').unwrap_or((id, "0"));
    let group = head.rsplit_once('-').map_or("0", |(_, group)| group);
    (group.parse().unwrap_or(0), number.parse().unwrap_or(0))
}

/// The embedded files by name without ending, as values; the list of covered rows is among them.
pub(super) fn embedded_files() -> BTreeMap<String, Value> {
    let files = Packed::ROOT.entries();
    files.map(|(name, value)| (name.to_owned(), Value::deserialize(value).unwrap_or_default())).collect()
}

/// Decodes files by name; file names have no ending.
pub(super) fn assemble<'de, D>(files: impl IntoIterator<Item = (impl AsRef<str>, D)>) -> Result<Catalogue, String>
where
    D: Deserializer<'de, Error: fmt::Display>,
{
    let mut catalogue = Catalogue::default();
    let mut faults = Vec::new();
    for (name, value) in files {
        let name = name.as_ref();
        if let Err(error) = file(&mut catalogue, name, value) {
            faults.push(format!("patterns/{name}.yaml: {error}"));
        }
    }
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    Ok(sorted(catalogue))
}

/// Whether an entry of a kind decodes.
pub(super) fn decodes(kind: &str, value: &Value) -> Result<(), String> {
    let list = |key: &str| serde_json::json!({key: [value]});
    let wrapped = match kind {
        "controls" | "numbers" | "situations" | "levers" | "sizes" | "criteria" | "defaults" | "figures" => list(kind),
        "qa" => list("rows"),
        "patterns" | "stages" => Value::Array(vec![value.clone()]),
        _ => value.clone(),
    };
    file(&mut Catalogue::default(), kind, wrapped)
}

fn file<'de, D: Deserializer<'de>>(catalogue: &mut Catalogue, name: &str, value: D) -> Result<(), String>
where
    D::Error: fmt::Display,
{
    let mut parts = name.split('/');
    let kind = parts.next().unwrap_or_default();
    let folder = parts.next().unwrap_or_default();
    match kind {
        "decision-tree" => catalogue.trees = one::<Trees, D>(value)?.trees,
        "patterns" => catalogue.patterns = list(value, "patterns")?,
        "stages" => catalogue.stages = list(value, "stages")?,
        "criteria" => catalogue.criteria = list(value, "criteria")?,
        "defaults" => catalogue.defaults = list(value, "defaults")?,
        "qa" => catalogue.qa = list(value, "rows")?,
        "figures" => catalogue.figures = list(value, "figures")?,
        "situations" => catalogue.situations = list(value, "situations")?,
        "levers" => catalogue.levers = list(value, "levers")?,
        "tools" => catalogue.tools = list(value, "tools")?,
        "sizes" => catalogue.sizes = list(value, "sizes")?,
        "regions" => catalogue.regions = one(value)?,
        "overlays" => catalogue.overlays.push(one(value)?),
        "topics" => catalogue.topics.push(one(value)?),
        "technologies" => {
            let technology: Late<super::Technology> = one(value)?;
            let topic = technology.made().map_or(folder, |made| &made.topic).to_owned();
            catalogue.technologies.entry(topic).or_default().push(technology);
        }
        "prices" => {
            let book: Late<super::PriceBook> = one(value)?;
            let provider = book.made().map_or(folder, |made| &made.provider).to_owned();
            catalogue.prices.insert(provider, book);
        }
        "numbers" => {
            let numbers = list::<super::Number, D>(value, "numbers")?;
            catalogue.numbers.extend(numbers.into_iter().map(|number| (number.id.clone(), number)));
        }
        "tasks" => catalogue.tasks.push(one(value)?),
        "coverage" => {}
        "controls" => catalogue.controls.extend(list(value, "controls")?),
        "artefacts" => catalogue.artefacts.push(one(value)?),
        "rules" => catalogue.rules.push(one(value)?),
        other => return Err(format!("no such kind of entry: {other}")),
    }
    Ok(())
}

#[derive(Deserialize)]
struct Trees {
    trees: BTreeMap<String, Vec<Node>>,
}

fn one<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<T, String>
where
    D::Error: fmt::Display,
{
    T::deserialize(value).map_err(|error| error.to_string())
}

/// A list, bare or under its only key.
fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D, key: &'static str) -> Result<Vec<T>, String>
where
    D::Error: fmt::Display,
{
    List { key, items: PhantomData }.deserialize(value).map_err(|error| error.to_string())
}

struct List<T> {
    key: &'static str,
    items: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for List<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a list, bare or under `{}`", self.key)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Vec<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<T>, A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == self.key {
                return map.next_value();
            }
            map.next_value::<serde::de::IgnoredAny>()?;
        }
        Err(A::Error::custom(format!("`{}` is missing", self.key)))
    }
}
