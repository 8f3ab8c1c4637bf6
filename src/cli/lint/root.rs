//! `--root DIR`: the files of the repository that a plan speaks of or that declare something.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::collect::Pair;
use crate::document;
use crate::lint::tree::{self, Tree};

/// The most files that are listed.
const MOST_FILES: usize = 200_000;

/// Reads the tree below a folder.
///
/// # Errors
/// The folder is none or cannot be read.
pub fn read(root: &Path, pairs: &[Pair]) -> Result<Tree> {
    if !root.is_dir() {
        bail!("--root {}: no such folder", root.display());
    }
    let mut wanted = BTreeSet::new();
    for plan in pairs.iter().filter_map(|pair| pair.plan.as_ref()) {
        if let Ok(text) = std::str::from_utf8(&plan.bytes) {
            wanted.extend(tree::named(&document::read(text)));
        }
    }
    let mut out = Tree::default();
    below(root, "", &wanted, &mut out)?;
    Ok(out)
}

fn below(folder: &Path, prefix: &str, wanted: &BTreeSet<String>, out: &mut Tree) -> Result<()> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(cannot)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let kind = entry.file_type().with_context(cannot)?;
        let skipped = name == ".git" || ["target", "node_modules", "vendor", "dist"].contains(&name.as_str());
        if kind.is_dir() && !skipped {
            below(&entry.path(), &path, wanted, out)?;
        } else if kind.is_file() && out.paths.len() < MOST_FILES {
            let small = entry.metadata().is_ok_and(|meta| meta.len() <= tree::MOST_BYTES);
            let read = prefix.is_empty() || tree::may_declare(&path) || wanted.contains(&path);
            // What is no text declares nothing.
            if small
                && read
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                out.texts.insert(path.clone(), text);
            }
            out.paths.insert(path);
        }
    }
    Ok(())
}
