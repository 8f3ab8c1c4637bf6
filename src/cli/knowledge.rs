//! The catalogue of a run: the embedded one, with the own ones of `archplan.toml` and `--catalogue` over it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use super::config_file;
use crate::catalogue::Catalogue;
use crate::catalogue::own::{self, OwnFile, Problem};

/// The folders named on the command line.
static FOLDERS: OnceLock<Vec<PathBuf>> = OnceLock::new();

/// Says which own catalogues count, weakest first; only the first call in a process counts.
pub(super) fn set(folders: Vec<PathBuf>) {
    // A second call could only come from a fault of ours, and the first one was the person's.
    let _ = FOLDERS.set(folders);
}

/// The folders of own catalogues, weakest first; none when the embedded one decides alone.
///
/// # Errors
/// The configuration is wrong.
pub(super) fn own_folders() -> Result<Vec<PathBuf>> {
    let mut folders = config_file::current()?.catalogue;
    folders.extend(FOLDERS.get().into_iter().flatten().cloned());
    Ok(folders)
}

/// The catalogue that decides.
///
/// # Errors
/// The configuration is wrong, a folder cannot be read, or an entry is wrong; every fault is printed first.
pub(super) fn catalogue() -> Result<Catalogue> {
    let folders = own_folders()?;
    if folders.is_empty() {
        return Catalogue::embedded().map_err(anyhow::Error::msg);
    }
    let layers = layers(&folders)?;
    match own::with(&layers) {
        Ok(catalogue) => match crate::render::check(&catalogue) {
            Ok(()) => Ok(catalogue),
            Err(fault) => bail!("{fault}"),
        },
        Err(problems) => {
            eprint!("{}", printed(&problems));
            bail!("{} in the own catalogue", crate::text::plural::count(problems.len() as f64, "error"))
        }
    }
}

/// The files of the folders and of those that they extend, each folder once.
pub(super) fn layers(folders: &[PathBuf]) -> Result<Vec<Vec<OwnFile>>> {
    let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
    for folder in folders {
        layer(folder, &mut out, &mut seen)?;
    }
    Ok(out)
}

fn layer(folder: &Path, out: &mut Vec<Vec<OwnFile>>, seen: &mut BTreeSet<PathBuf>) -> Result<()> {
    let real = folder.canonicalize().with_context(|| format!("cannot read the catalogue {}", folder.display()))?;
    if !real.is_dir() {
        bail!("{} is no folder; `--catalogue` names the folder that holds `catalogue.yaml`", folder.display());
    }
    if !seen.insert(real) {
        return Ok(());
    }
    let mut files = Vec::new();
    read(folder, folder, &mut files)?;
    if files.is_empty() {
        bail!("{} holds no entries: neither `catalogue.yaml` nor a folder such as `technologies/`", folder.display());
    }
    for other in extended(&files) {
        layer(&folder.join(&other), out, seen).with_context(|| format!("{} extends `{other}`", folder.display()))?;
    }
    out.push(files);
    Ok(())
}

/// What `catalogue.yaml` extends; a list that is wrong is reported with everything else later.
fn extended(files: &[OwnFile]) -> Vec<String> {
    let manifest = files.iter().find(|file| file.name == "catalogue.yaml");
    let root = manifest.and_then(|file| crate::yaml::parse(&file.text).root);
    let list = root.as_ref().and_then(|root| root.get("extends"));
    list.map_or(&[][..], |list| list.items()).iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}

fn read(base: &Path, folder: &Path, out: &mut Vec<OwnFile>) -> Result<()> {
    let listing = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = listing.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        if hidden {
            continue;
        }
        if path.is_dir() {
            read(base, &path, out)?;
        } else if matches!(ending.as_str(), "yaml" | "yml" | "j2") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.strip_prefix(base)?.components().map(|part| part.as_os_str().to_string_lossy());
            let name = name.collect::<Vec<_>>().join("/");
            let name = name.strip_suffix(".yml").map_or(name.clone(), |stem| format!("{stem}.yaml"));
            out.push(OwnFile { path: path.display().to_string(), name, text });
        }
    }
    Ok(())
}

/// Problems with their place, line and caret.
pub(super) fn printed(problems: &[Problem]) -> String {
    let mut out = String::new();
    for problem in problems {
        if problem.line == 0 {
            out.push_str(&format!(
                "{}: error own-catalogue: {}\n  fix: {}\n\n",
                problem.path, problem.message, problem.fix
            ));
            continue;
        }
        let source: String = problem.source.chars().take(200).collect();
        let before: String =
            source.chars().take(problem.column.saturating_sub(1)).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        out.push_str(&format!(
            "{}:{}:{}: error own-catalogue: {}\n  | {source}\n  | {before}^\n  fix: {}\n\n",
            problem.path, problem.line, problem.column, problem.message, problem.fix
        ));
    }
    out
}
