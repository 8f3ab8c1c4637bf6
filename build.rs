//! Embeds `patterns/` as one JSON text and `templates/` as they stand, sorted, so that a run decodes JSON instead of parsing YAML.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=patterns");
    println!("cargo:rerun-if-changed=templates");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let mut entries = serde_json::Map::new();
    for path in files(&root.join("patterns"), "yaml")? {
        let text = fs::read_to_string(&path)?;
        let value: serde_json::Value =
            serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        entries.insert(name(&root.join("patterns"), &path)?, value);
    }
    fs::write(out.join("catalogue.json"), serde_json::to_string(&entries)?)?;
    fs::write(out.join("runtime.json"), serde_json::to_string(&grouped(&entries))?)?;

    fs::write(out.join("rules.rs"), rules(&entries))?;
    fs::write(out.join("templates.rs"), table(&root.join("templates"), "j2")?)?;
    fs::write(out.join("presets.rs"), table(&root.join("templates/presets"), "yaml")?)?;
    Ok(())
}

/// A Rust slice of (code, name) of all architecture rules.
fn rules(entries: &serde_json::Map<String, serde_json::Value>) -> String {
    let of = |value: &serde_json::Value, key: &str| value.get(key).and_then(|text| text.as_str().map(String::from));
    let rules = entries.iter().filter(|(name, _)| name.starts_with("rules/"));
    let rows = rules.filter_map(|(_, value)| Some(format!("({:?}, {:?}),\n", of(value, "code")?, of(value, "name")?)));
    format!("&[\n{}]", rows.collect::<String>())
}

/// What a run needs: files of one folder as one list, without the keys that only tests and `explain` read.
fn grouped(entries: &serde_json::Map<String, serde_json::Value>) -> serde_json::Value {
    let mut out = serde_json::Map::new();
    for (name, value) in entries.iter().filter(|(name, _)| *name != "coverage") {
        let slim = without(value, &["examples", "covers"]);
        match name.split_once('/') {
            Some((folder, _)) => {
                let list = out.entry(folder).or_insert_with(|| serde_json::Value::Array(Vec::new()));
                if let Some(list) = list.as_array_mut() {
                    list.push(slim);
                }
            }
            None => {
                out.insert(name.clone(), slim);
            }
        }
    }
    serde_json::Value::Object(out)
}

/// A value without some keys, at any depth.
fn without(value: &serde_json::Value, keys: &[&str]) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => {
            let kept = map.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
            serde_json::Value::Object(kept.map(|(key, value)| (key.clone(), without(value, keys))).collect())
        }
        serde_json::Value::Array(items) => items.iter().map(|item| without(item, keys)).collect(),
        other => other.clone(),
    }
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
