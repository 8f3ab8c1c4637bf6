//! `archplan.toml`: found upwards from the working directory. Unknown keys are errors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::text::suggest;

/// The name that is looked for.
pub const NAME: &str = "archplan.toml";

/// Keys of the file and of its section `lint`, for did-you-mean.
const KEYS: [&str; 11] =
    ["width", "catalogue", "lint", "select", "ignore", "rules", "profile", "fail-on", "gate", "baseline", "format"];

/// What a configuration file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Columns that figures may use, 40 to 400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<usize>,
    /// Folders of own catalogues, relative to the configuration file, weakest first; those of the command line are stronger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub catalogue: Vec<PathBuf>,
    /// What `archplan lint` looks for.
    #[serde(default)]
    pub lint: Lint,
    /// The file that this was read from.
    #[serde(skip)]
    pub from: Option<PathBuf>,
}

/// The section `lint`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lint {
    /// Only these rules.
    #[serde(default)]
    pub select: Vec<String>,
    /// Not these rules.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Formats, as `--format` takes them.
    #[serde(default)]
    pub format: Vec<String>,
    /// A named set of levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The least severity that fails a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<String>,
    /// The phase whose tasks must be ticked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The baseline, relative to the configuration file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// Levels by rule.
    #[serde(default)]
    pub rules: BTreeMap<String, String>,
}

/// Which file a run reads, as the command line says it.
static CHOICE: OnceLock<Choice> = OnceLock::new();

/// The file that is read.
enum Choice {
    /// None at all.
    Isolated,
    /// This one, or the nearest.
    Named(Option<PathBuf>),
}

/// Says which file counts; only the first call in a process counts.
pub fn choose(named: Option<PathBuf>, isolated: bool) {
    // A second call could only come from a fault of ours, and the first one was the person's.
    let _ = CHOICE.set(if isolated { Choice::Isolated } else { Choice::Named(named) });
}

/// Whether the file is looked for, and none was named or forbidden.
pub fn is_looked_for() -> bool {
    matches!(CHOICE.get(), None | Some(Choice::Named(None)))
}

/// The settings of the file that counts in this run.
///
/// # Errors
/// As [`load`].
pub fn current() -> Result<Settings> {
    match CHOICE.get() {
        Some(Choice::Isolated) => Ok(Settings::default()),
        Some(Choice::Named(named)) => load(named.as_deref()),
        None => load(None),
    }
}

/// The settings of a named file, or of the nearest one here or above; the defaults when there is none.
///
/// # Errors
/// A named file that is not there, or a file that is wrong, with line and column.
pub fn load(named: Option<&Path>) -> Result<Settings> {
    let Some(path) = named.map(Path::to_owned).or_else(nearest) else {
        return Ok(Settings::default());
    };
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut settings: Settings = match toml::from_str(&text) {
        Ok(settings) => settings,
        Err(error) => bail!("{}", wrong(&path, &text, &error)),
    };
    if let Some(width) = settings.width.filter(|width| !(40..=400).contains(width)) {
        bail!("{}: `width` is {width}, it must be 40 to 400", path.display());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    settings.lint.baseline = settings.lint.baseline.map(|name| folder.join(name).display().to_string());
    settings.catalogue = settings.catalogue.iter().map(|name| folder.join(name)).collect();
    settings.from = Some(path);
    Ok(settings)
}

/// The nearest configuration file here or above.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let found = nearest_to(&here)?;
    found.strip_prefix(&here).map(Path::to_owned).ok().or(Some(found))
}

/// The nearest configuration file in a folder or above.
pub fn nearest_to(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}

/// `file:line:column: what is wrong`, with the nearest key.
fn wrong(path: &Path, text: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |span| span.start);
    let place = crate::text::LineIndex::new(text).position(at);
    let message = error.message().lines().next().unwrap_or("it cannot be read");
    let key = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    let near = key.and_then(|key| suggest(key, KEYS)).map(|near| format!("; did you mean `{near}`?"));
    format!("{}:{}:{}: {message}{}", path.display(), place.line, place.column, near.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_errors_with_a_place_and_a_guess() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let load = |text: &str| {
            std::fs::write(&path, text).unwrap();
            load(Some(&path))
        };
        let settings = load(
            "width = 72\ncatalogue = [\"own\"]\n[lint]\nfail-on = \"warning\"\nbaseline = \"b.json\"\n[lint.rules]\nno-done-when = \"off\"\n",
        )
        .unwrap();
        assert_eq!((settings.width, settings.lint.rules.len()), (Some(72), 1));
        assert_eq!(settings.catalogue, [folder.path().join("own")]);
        assert_eq!(settings.lint.baseline, Some(folder.path().join("b.json").display().to_string()));
        let error = load("[lint]\nselekt = [\"P\"]\n").unwrap_err().to_string();
        assert!(error.contains(":2:1: unknown field `selekt`") && error.contains("did you mean `select`?"), "{error}");
        assert!(load("width = 3\n").is_err());
    }
}
