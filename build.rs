//! Embeds `patterns/` as one packed tree and `templates/` as they stand, sorted, so that a run parses no YAML and decodes what it looks at;
//! and the schema of the requirements as static tables, so that a run walks them instead of making and searching a schema.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=patterns");
    println!("cargo:rerun-if-changed=templates");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let mut entries = serde_json::Map::new();
    for path in files(&root.join("patterns"), "yaml")? {
        let text = fs::read_to_string(&path)?;
        let value: Value = serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        entries.insert(name(&root.join("patterns"), &path)?, value);
    }
    entries.sort_keys();
    let rules = rules(&entries);
    let packed = Packed::of(&Value::Object(entries))?;
    fs::write(out.join("catalogue.nodes"), packed.nodes.concat())?;
    fs::write(out.join("catalogue.texts"), packed.texts)?;

    println!("cargo:rerun-if-changed=src/requirements/schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(root.join("src/requirements/schema.json"))?)?;
    fs::write(out.join("shapes.rs"), shapes(&schema))?;
    fs::write(out.join("rules.rs"), rules)?;
    fs::write(out.join("templates.rs"), table(&root.join("templates"), "j2")?)?;
    fs::write(out.join("presets.rs"), table(&root.join("templates/presets"), "yaml")?)?;
    Ok(())
}

/// A Rust slice of (code, name) of all architecture rules.
fn rules(entries: &serde_json::Map<String, Value>) -> String {
    let of = |value: &Value, key: &str| value.get(key).and_then(|text| text.as_str().map(String::from));
    let rules = entries.iter().filter(|(name, _)| name.starts_with("rules/"));
    let rows = rules.filter_map(|(_, value)| Some(format!("({:?}, {:?}),\n", of(value, "code")?, of(value, "name")?)));
    format!("&[\n{}]", rows.collect::<String>())
}

/// A tree of values in the form that `src/packed/tree.rs` describes and reads. What is equal stands there once.
#[derive(Default)]
struct Packed {
    nodes: Vec<Node>,
    texts: String,
    /// Where a text begins that stands there already.
    known: BTreeMap<String, usize>,
    /// Where nodes stand already, one behind the other.
    rows: BTreeMap<Vec<Node>, usize>,
}

type Node = [u8; 8];

impl Packed {
    fn of(value: &Value) -> Result<Self, Box<dyn Error>> {
        let mut packed = Self { nodes: vec![[0; 8]], ..Self::default() };
        let root = packed.node(value)?;
        *packed.nodes.first_mut().ok_or("no room for the root")? = root;
        Ok(packed)
    }

    /// The node of a value, after what it points to.
    fn node(&mut self, value: &Value) -> Result<Node, Box<dyn Error>> {
        match value {
            Value::Null => node(b'n', 0, [0; 4]),
            Value::Bool(flag) => node(b'f', 0, u32::from(*flag).to_le_bytes()),
            Value::Number(number) => match number.as_i64().and_then(|whole| i32::try_from(whole).ok()) {
                Some(whole) => node(b'i', 0, whole.to_le_bytes()),
                None => {
                    let fraction = self.row(vec![number.as_f64().ok_or("no number")?.to_le_bytes()]);
                    node(b'r', 0, place(fraction)?)
                }
            },
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                let row = items.iter().map(|item| self.node(item)).collect::<Result<Vec<Node>, _>>()?;
                node(b'l', items.len(), place(self.row(row))?)
            }
            Value::Object(map) => {
                let keys = map.keys().map(|key| self.text(key)).collect::<Result<Vec<Node>, _>>()?;
                let mut row = vec![node(b'k', 0, place(self.row(keys))?)?];
                for value in map.values() {
                    row.push(self.node(value)?);
                }
                node(b'm', map.len(), place(self.row(row))?)
            }
        }
    }

    /// Where these nodes stand one behind the other.
    fn row(&mut self, row: Vec<Node>) -> usize {
        if let Some(place) = self.rows.get(&row) {
            return *place;
        }
        let place = self.nodes.len();
        self.nodes.extend(&row);
        self.rows.insert(row, place);
        place
    }

    fn text(&mut self, text: &str) -> Result<Node, Box<dyn Error>> {
        let start = match self.known.get(text) {
            Some(start) => *start,
            None => {
                let start = self.texts.len();
                self.texts.push_str(text);
                self.known.insert(text.to_owned(), start);
                start
            }
        };
        node(b's', text.len(), place(start)?)
    }
}

fn place(at: usize) -> Result<[u8; 4], Box<dyn Error>> {
    Ok(u32::try_from(at)?.to_le_bytes())
}

fn node(kind: u8, length: usize, number: [u8; 4]) -> Result<Node, Box<dyn Error>> {
    let [short, long] = u16::try_from(length)?.to_le_bytes();
    let [a, b, c, d] = number;
    Ok([kind, 0, short, long, a, b, c, d])
}

/// A Rust slice of (name, text) for all files below a folder with an ending.
fn table(folder: &Path, ending: &str) -> Result<String, Box<dyn Error>> {
    let mut out = String::from("&[\n");
    for path in files(folder, ending)? {
        out.push_str(&format!("    ({:?}, include_str!({:?})),\n", name(folder, &path)?, path.display().to_string()));
    }
    out.push(']');
    Ok(out)
}

/// Path below `base` without its ending, with forward slashes.
fn name(base: &Path, path: &Path) -> Result<String, Box<dyn Error>> {
    let relative = path.strip_prefix(base)?.with_extension("");
    Ok(relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// All files below a folder with an ending, sorted; none when the folder is missing.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut out = Vec::new();
    let Ok(listing) = fs::read_dir(folder) else { return Ok(out) };
    for entry in listing {
        let path = entry?.path();
        if path.is_dir() {
            out.extend(files(&path, ending)?);
        } else if path.extension().is_some_and(|found| found == ending) {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// The schema of the requirements as a Rust static: the keys of the root, with all below them.
fn shapes(schema: &Value) -> String {
    format!("static ROOT: &[Key] = {};\n", keys(schema, schema, ""))
}

/// The keys of an object at a path, as a Rust slice.
fn keys(root: &Value, object: &Value, path: &str) -> String {
    let required: Vec<&str> = words(object, "required").collect();
    let row = |(name, stated): (&String, &Value)| {
        let needed = required.contains(&name.as_str());
        let doc = text(stated, "description").unwrap_or_default();
        let dot = if path.is_empty() { "" } else { "." };
        let shape = shape(root, stated, &format!("{path}{dot}{name}"));
        format!("    Key {{ name: {name:?}, doc: {doc:?}, required: {needed}, shape: {shape} }},\n")
    };
    format!("&[\n{}]", members(object, "properties").map(row).collect::<String>())
}

/// What a schema asks of a value; bounds stand beside a reference, the rest behind it.
fn shape(root: &Value, stated: &Value, path: &str) -> String {
    let number = |key: &str| stated.get(key).and_then(Value::as_f64);
    let bounds = format!(
        "Bounds {{ least: {:?}, most: {:?}, below: {:?}, positive: {} }}",
        number("minimum"),
        number("maximum"),
        number("x-below"),
        stated.get("x-positive").is_some()
    );
    format!("Shape {{ path: {path:?}, form: {}, bounds: {bounds} }}", form(root, stated, path))
}

fn form(root: &Value, stated: &Value, path: &str) -> String {
    let schema = resolved(root, stated);
    let words: Vec<&str> = words(schema, "enum").collect();
    match (text(schema, "x-quantity"), text(schema, "type")) {
        (Some(kind), _) => format!("Form::Quantity(Kind::{})", camel(kind)),
        (None, Some("object")) => format!("Form::Object({})", keys(root, schema, path)),
        (None, Some("array")) => {
            let item = schema.get("items").unwrap_or(&Value::Null);
            let objects = resolved(root, item).get("properties").is_some();
            let path = if objects { format!("{path}[]") } else { path.to_owned() };
            format!("Form::List(&{})", shape(root, item, &path))
        }
        (None, Some("integer")) => "Form::Whole".to_owned(),
        (None, Some("number")) => "Form::Number".to_owned(),
        (None, Some("boolean")) => "Form::Bool".to_owned(),
        _ if !words.is_empty() => format!("Form::Words(&{words:?})"),
        _ => format!("Form::Text({:?})", text(schema, "x-form")),
    }
}

/// The schema behind `$ref`.
fn resolved<'s>(root: &'s Value, stated: &'s Value) -> &'s Value {
    let name = text(stated, "$ref").and_then(|name| name.strip_prefix('#'));
    name.and_then(|name| root.pointer(name)).unwrap_or(stated)
}

fn text<'s>(schema: &'s Value, key: &str) -> Option<&'s str> {
    schema.get(key).and_then(Value::as_str)
}

fn words<'s>(schema: &'s Value, key: &str) -> impl Iterator<Item = &'s str> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn members<'s>(schema: &'s Value, key: &str) -> impl Iterator<Item = (&'s String, &'s Value)> {
    schema.get(key).and_then(Value::as_object).into_iter().flatten()
}

/// `size-rate` is `SizeRate`.
fn camel(name: &str) -> String {
    let capital = |part: &str| part.get(..1).unwrap_or_default().to_uppercase() + part.get(1..).unwrap_or_default();
    name.split('-').map(capital).collect()
}
