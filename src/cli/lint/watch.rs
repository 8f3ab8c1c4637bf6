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
        let now = stamp(args);
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

/// Names, times and sizes of everything that may be checked, and of what stands beside it: a plan is checked with the requirements that it
/// names, and both by the configuration.
fn stamp(args: &Args) -> Vec<(PathBuf, Option<SystemTime>, u64)> {
    let mut out = Vec::new();
    let here = [PathBuf::from(".")];
    for path in if args.paths.is_empty() { &here[..] } else { &args.paths } {
        note(path, &mut out);
        if !path.is_dir() {
            beside(path, &mut out);
        }
    }
    args.options.req.iter().chain(&args.options.baseline).for_each(|path| note(path, &mut out));
    out.sort();
    out.dedup();
    out
}

/// The files of the folder that a file stands in, without those of folders below.
fn beside(path: &Path, out: &mut Vec<(PathBuf, Option<SystemTime>, u64)>) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| {
        is_wanted(&entry.file_name().to_string_lossy()) && entry.file_type().is_ok_and(|kind| kind.is_file())
    });
    files.for_each(|entry| note(&entry.path(), out));
}

/// Whether a file of this name may count in a run.
fn is_wanted(name: &str) -> bool {
    [".yaml", ".yml", ".md", ".toml"].iter().any(|ending| name.ends_with(ending))
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
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let skipped = name.starts_with('.') || ["target", "node_modules", "vendor", "dist"].contains(&name.as_str());
        if !skipped && (folder || is_wanted(&name)) {
            note(&entry.path(), out);
        }
    }
}
