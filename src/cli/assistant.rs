//! Settings in the shape of the seed's assistant: JSON with `agents.backend_architect`, from `--settings FILE` or `archplan.json`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::requirements::{self, Reading};

/// The file that is read without being named.
const FILE: &str = "archplan.json";

static SETTINGS: OnceLock<Settings> = OnceLock::new();

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    agents: Agents,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Agents {
    backend_architect: Settings,
}

/// What the settings say; requirements that state the same key win.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Whether any command does anything.
    pub(super) enabled: Option<bool>,
    /// Whether a base pattern is adopted that nobody pinned.
    pub(super) auto_suggest_architecture: Option<bool>,
    #[serde(default)]
    preferred_patterns: Vec<String>,
    #[serde(default)]
    preferred_databases: Vec<String>,
    cloud_provider: Option<String>,
}

/// Reads the settings once: the named file, else `archplan.json` of the current folder when there is one.
///
/// # Errors
/// The named file is missing, or a file is no such JSON; unknown keys are errors.
pub(super) fn load(named: Option<&Path>) -> Result<&'static Settings> {
    let path = named.map(Path::to_path_buf).or_else(|| Some(PathBuf::from(FILE)).filter(|path| path.is_file()));
    let settings = match path {
        None => Settings::default(),
        Some(path) => {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let whole: Whole =
                serde_json::from_str(&text).with_context(|| format!("{} holds wrong settings", path.display()))?;
            whole.agents.backend_architect
        }
    };
    Ok(SETTINGS.get_or_init(|| settings))
}

/// Whether a base pattern that nobody pinned is only suggested.
pub(super) fn suggests_only() -> bool {
    SETTINGS.get().is_some_and(|settings| settings.auto_suggest_architecture == Some(false))
}

/// The same requirements with what the settings prefer, as if stated.
pub(super) fn applied(name: &str, bytes: &[u8], reading: Reading) -> Reading {
    let (Some(settings), Ok(text)) = (SETTINGS.get(), std::str::from_utf8(bytes)) else { return reading };
    let list = |words: &[String]| (!words.is_empty()).then(|| format!("[{}]", words.join(", ")));
    let wanted = [
        ("preferences.patterns", list(&settings.preferred_patterns)),
        ("preferences.databases", list(&settings.preferred_databases)),
        ("stack.cloud", settings.cloud_provider.clone()),
    ];
    let open = |path: &str| reading.tree.as_ref().is_some_and(|tree| tree.at(path).is_none());
    let sets: Vec<(String, String)> = wanted
        .into_iter()
        .filter_map(|(path, value)| Some((path.to_owned(), value?)))
        .filter(|(path, _)| open(path))
        .collect();
    if sets.is_empty() { reading } else { requirements::read_with(name, text, &sets) }
}
