//! `--watch`: checks again whenever a file changes. The two lines around each run are what problem matchers of editors wait for.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;

use super::Args;
use crate::cli::write;

/// The line before a run.
const BEGIN: &str = "archplan: checking\n";
/// The line after a run.
const END: &str = "archplan: watching for changes\n";
/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(250);

/// Runs until interrupted, or until nobody reads any more.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(args: &Args) -> Result<()> {
    let mut before = None;
    loop {
        let now = stamp(&args.paths);
        if before.as_ref() != Some(&now) {
            write::stdout(BEGIN)?;
            if let Err(error) = super::once(args) {
                crate::cli::report::failure(&error);
            }
            write::stdout(END)?;
            // What changed during the run, by the run itself too, is looked at once more.
            before = Some(now);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Names, times and sizes of everything that may be checked.
fn stamp(paths: &[PathBuf]) -> Vec<(PathBuf, Option<SystemTime>, u64)> {
    let mut out = Vec::new();
    let here = [PathBuf::from(".")];
    for path in if paths.is_empty() { &here[..] } else { paths } {
        note(path, &mut out);
    }
    out.sort();
    out
}

fn note(path: &Path, out: &mut Vec<(PathBuf, Option<SystemTime>, u64)>) {
    let Ok(meta) = std::fs::metadata(path) else {
        out.push((path.to_owned(), None, 0));
        return;
    };
    if !meta.is_dir() {
        out.push((path.to_owned(), meta.modified().ok(), meta.len()));
        return;
    }
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let wanted = [".yaml", ".yml", ".md", ".toml"].iter().any(|ending| name.ends_with(ending));
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let skipped = name.starts_with('.') || ["target", "node_modules", "vendor", "dist"].contains(&name.as_str());
        if !skipped && (folder || wanted) {
            note(&entry.path(), out);
        }
    }
}
