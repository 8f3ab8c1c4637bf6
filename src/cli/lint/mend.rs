//! `--fix` and `--diff`: what comes of the edits, shown or written. Both files of a system are written, or none.

use std::path::Path;

use anyhow::{Context, Result};

use super::collect::{Loaded, Pair};
use crate::catalogue::Catalogue;
use crate::cli::write;
use crate::lint::Config;
use crate::lint::fix::{self, Fixed};

/// Fixes every pair in memory; the pairs hold the new texts afterwards.
pub fn in_memory(
    pairs: &mut [Pair],
    catalogue: Option<&Catalogue>,
    config: &Config,
    unsafe_too: bool,
) -> Vec<(Pair, Fixed)> {
    let mut out = Vec::new();
    for pair in pairs {
        let fixed = fix::fix(&super::input(pair, catalogue), config, unsafe_too);
        out.push((pair.clone(), fixed.clone()));
        let take = |file: &mut Option<Loaded>, text: Option<String>| {
            if let (Some(file), Some(text)) = (file, text) {
                file.bytes = text.into_bytes();
            }
        };
        take(&mut pair.requirements, fixed.requirements);
        take(&mut pair.plan, fixed.plan);
    }
    out
}

/// The edits as unified diffs.
pub fn diff(fixed: &[(Pair, Fixed)]) -> String {
    let mut out = String::new();
    for (pair, fixed) in fixed {
        for (file, text) in [(&pair.requirements, &fixed.requirements), (&pair.plan, &fixed.plan)] {
            if let (Some(file), Some(text)) = (file, text) {
                let name = file.name.replace('\\', "/");
                let mut options = diffy::DiffOptions::new();
                options.set_original_filename(format!("a/{name}"));
                options.set_modified_filename(format!("b/{name}"));
                let before = String::from_utf8_lossy(&file.bytes);
                out.push_str(&options.create_patch(&before, text).to_string());
            }
        }
    }
    out
}

/// Writes what was fixed; what came from standard input goes to standard output, also unchanged. When the second of two files cannot be written, the
/// first gets its old text back.
///
/// # Errors
/// A file cannot be written.
pub fn write(fixed: &[(Pair, Fixed)]) -> Result<usize> {
    let mut applied = 0;
    for (pair, fixed) in fixed {
        let mut done: Vec<(&Path, &[u8])> = Vec::new();
        for (file, text) in [(&pair.requirements, &fixed.requirements), (&pair.plan, &fixed.plan)] {
            let Some(file) = file else { continue };
            if file.stdin {
                let before = String::from_utf8_lossy(&file.bytes);
                write::stdout(text.as_deref().unwrap_or(&before))?;
                continue;
            }
            let (Some(text), Some(path)) = (text, file.path.as_deref()) else { continue };
            if let Err(error) = write::replace(path, text) {
                for (path, bytes) in done {
                    write::replace(path, &String::from_utf8_lossy(bytes)).context("a file could not be put back")?;
                }
                return Err(error);
            }
            done.push((path, &file.bytes));
        }
        applied += fixed.applied;
    }
    Ok(applied)
}
