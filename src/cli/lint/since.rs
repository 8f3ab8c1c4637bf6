//! `--since REF`: what changed, as git sees it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::document;
use crate::lint::Report;
use crate::text::LineIndex;

/// Lines of a file (from 1) that changed.
enum Changed {
    All,
    Lines(BTreeSet<usize>),
}

/// Keeps findings on lines that changed, and those in a task of which a line changed.
///
/// # Errors
/// No git, no such commit, or a file outside of a repository.
pub fn keep(reports: &mut [Report], since: &str) -> Result<()> {
    for report in reports {
        let changed = report.sources.iter().map(|source| changed(&source.name, since)).collect::<Result<Vec<_>>>()?;
        let mut kept = Vec::new();
        for finding in std::mem::take(&mut report.findings) {
            let (Some(changed), Some(source)) =
                (changed.get(finding.span.source), report.sources.get(finding.span.source))
            else {
                continue;
            };
            let Changed::Lines(lines) = changed else {
                kept.push(finding);
                continue;
            };
            let line = LineIndex::new(&source.text).position(finding.span.start).line;
            let task = || {
                let document = document::read(&source.text);
                let task = document.tasks.iter().find(|task| task.lines.contains(&line.saturating_sub(1)))?;
                Some(lines.range(task.lines.start + 1..=task.lines.end).next().is_some())
            };
            if lines.contains(&line) || (!lines.is_empty() && task().unwrap_or(false)) {
                kept.push(finding);
            }
        }
        report.findings = kept;
    }
    Ok(())
}

fn changed(name: &str, since: &str) -> Result<Changed> {
    let path = Path::new(name);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = path.file_name().context("--since needs files, not standard input")?;
    let git =
        |args: &[&str]| Command::new("git").current_dir(folder).args(args).arg(file).output().context("cannot run git");
    if !git(&["ls-files", "--error-unmatch", "--"])?.status.success() {
        let inside = Command::new("git").current_dir(folder).args(["rev-parse", "--git-dir"]).output();
        if !inside.context("cannot run git")?.status.success() {
            bail!("--since: {name} is in no git repository");
        }
        return Ok(Changed::All);
    }
    let output = git(&["diff", "-U0", "--no-color", "--no-ext-diff", since, "--"])?;
    if !output.status.success() {
        bail!("--since {since}: {}", String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("git failed"));
    }
    let mut lines = BTreeSet::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Some(new) = line.strip_prefix("@@ ").and_then(|rest| rest.split(" +").nth(1)) else { continue };
        let range = new.split(' ').next().unwrap_or("");
        let (start, count) = range.split_once(',').unwrap_or((range, "1"));
        if let (Ok(start), Ok(count)) = (start.parse::<usize>(), count.parse::<usize>()) {
            lines.extend(start..start + count);
        }
    }
    Ok(Changed::Lines(lines))
}
