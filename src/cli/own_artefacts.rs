//! Artefacts of a folder instead of the embedded ones: what one writes shows without building the program anew.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::write;
use crate::catalogue::{ArtefactEntry, Catalogue};

/// Replaces entries by those of `patterns/artefacts` and adds the templates of `templates/artefacts` below `root`.
pub fn load(catalogue: &mut Catalogue, root: &Path) -> Result<()> {
    let mut entries = Vec::new();
    for path in files(&root.join("patterns/artefacts"), "yaml")? {
        let entry: ArtefactEntry =
            serde_yaml::from_str(&write::read(&path)?).with_context(|| path.display().to_string())?;
        entries.push(entry);
    }
    if entries.is_empty() {
        bail!("{} holds no entries", root.join("patterns/artefacts").display());
    }
    entries.sort_by(|a, b| a.task.len().cmp(&b.task.len()).then_with(|| a.task.cmp(&b.task)));
    catalogue.artefacts = entries;
    let templates = root.join("templates");
    for path in files(&templates.join("artefacts"), "j2")? {
        let name = path.strip_prefix(&templates)?.with_extension("");
        let parts: Vec<String> =
            name.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        catalogue.templates.insert(parts.join("/"), write::read(&path)?);
    }
    Ok(())
}

/// All files below a folder with an ending, sorted.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    let listing = std::fs::read_dir(folder).with_context(|| format!("cannot open {}", folder.display()))?;
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
