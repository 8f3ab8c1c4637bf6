//! Which row of the seed inventory is covered by which entry or by which named test.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::load;

/// The project's own list of rows: `patterns/coverage.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// Family to the names of its rows.
    rows: BTreeMap<String, Vec<String>>,
    /// Rows that are behaviour, with the test that holds them.
    tests: BTreeMap<String, String>,
}

/// A row with what covers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `family.name`.
    pub id: String,
    /// Files and ids of the entries that cover it.
    pub entries: Vec<String>,
    /// The test that holds it.
    pub test: Option<String>,
}

/// All rows, and what entries claim to cover that is no row.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Every row, by family and order of the list.
    pub rows: Vec<Row>,
    /// Entry and row of claims that name no row.
    pub unknown: Vec<(String, String)>,
}

/// The family of a row.
#[must_use]
pub fn family(id: &str) -> &str {
    id.split('.').next().unwrap_or_default()
}

impl Coverage {
    /// The coverage of the embedded catalogue.
    ///
    /// # Errors
    /// The list of rows is wrong; a test keeps it right.
    pub fn embedded() -> Result<Self, String> {
        let files = load::embedded_files();
        let list: List = match files.get("coverage") {
            Some(value) => {
                serde_json::from_value(value.clone()).map_err(|error| format!("patterns/coverage.yaml: {error}"))?
            }
            None => return Err("patterns/coverage.yaml is missing".into()),
        };
        let mut claims: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, value) in files.iter().filter(|(name, _)| *name != "coverage") {
            collect(name, value, &mut claims);
        }
        let ids = list.rows.iter().flat_map(|(family, names)| names.iter().map(move |name| format!("{family}.{name}")));
        let rows: Vec<Row> = ids
            .map(|id| Row {
                entries: claims.remove(&id).into_iter().flatten().collect(),
                test: list.tests.get(&id).cloned(),
                id,
            })
            .collect();
        let tests = list.tests.keys().filter(|id| !rows.iter().any(|row| row.id == **id));
        let mut unknown: Vec<(String, String)> = tests.map(|id| ("coverage".to_owned(), id.clone())).collect();
        unknown.extend(
            claims.into_iter().flat_map(|(id, entries)| entries.into_iter().map(move |entry| (entry, id.clone()))),
        );
        Ok(Self { rows, unknown })
    }

    /// Rows that nothing covers.
    #[must_use]
    pub fn uncovered(&self) -> Vec<String> {
        let open = self.rows.iter().filter(|row| row.entries.is_empty() && row.test.is_none());
        open.map(|row| row.id.clone()).collect()
    }
}

/// Every `covers` below a value, with the nearest id above it.
fn collect(name: &str, value: &Value, claims: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Object(map) => {
            let id = ["key", "id", "code"].iter().find_map(|key| map.get(*key).and_then(Value::as_str));
            let name = match (id, name.rsplit('/').next()) {
                (Some(id), Some(last)) if id != last => format!("{name}/{id}"),
                _ => name.to_owned(),
            };
            for row in map.get("covers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                claims.entry(row.to_owned()).or_default().insert(name.clone());
            }
            map.iter().filter(|(key, _)| *key != "examples").for_each(|(_, value)| collect(&name, value, claims));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(name, item, claims)),
        _ => {}
    }
}
