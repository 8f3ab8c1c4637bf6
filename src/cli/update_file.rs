//! What `archplan new` does with the plan on disk: create, update in place, show the difference, or only check.

use super::write;
use crate::merge::{self, Merged, Options};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit status when a run would change the file.
const DIFFERS: u8 = 1;
/// Exit status when a person must choose.
const CHOOSE: u8 = 3;

/// What to do with the plan on disk.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The plan file.
    pub target: PathBuf,
    /// How to bring the two together.
    pub options: Options,
    /// Print the difference and write nothing.
    pub dry_run: bool,
    /// Exit 1 when the file would change, and write nothing.
    pub check: bool,
}

/// The plan that stands on disk, whose ledger the new plan has to follow. None when there is no file, an empty one, or one that is no
/// plan and may be overwritten (`force`); a file that is no plan is an error otherwise.
pub fn existing(target: &Path, force: bool) -> Result<Option<String>> {
    if target != Path::new("-") && !target.exists() {
        return Ok(None);
    }
    let text = write::read(target)?;
    if merge::is_plan(&text) {
        return Ok(Some(text));
    }
    if text.trim().is_empty() || force {
        return Ok(None);
    }
    bail!("{} is not an archplan plan; --force overwrites it, -o names another file", target.display())
}

/// Brings the file up to date with a fresh, sealed plan. `old` is what [`existing`] gave. Exit status 3 when a person must choose, 1 when
/// `check` found a difference.
pub fn apply(old: Option<&str>, fresh: &str, request: &Request) -> Result<ExitCode> {
    let on_disk =
        if request.target.exists() { write::read(&request.target).unwrap_or_default() } else { String::new() };
    let merged = match old {
        Some(old) => merge::update(old, fresh, &request.options),
        None => Merged { text: fresh.to_owned(), ..merge::update("", fresh, &Options::default()) },
    };
    let changes = merged.text != on_disk || !request.target.exists();
    let name = request.target.display();
    if let [first, ..] = merged.not_restored.as_slice() {
        bail!("cannot restore {first}: {name} has no deleted element of that name");
    }
    if request.dry_run {
        write::stdout(&diff(&request.target, &on_disk, &merged.text))?;
    } else if !request.check && changes {
        write::replace(&request.target, &merged.text)?;
    }
    eprintln!("{name}: {}", merged.summary());
    for conflict in &merged.conflicts {
        eprintln!(
            "{}: edited here and changed in the plan: {}; the new text stands below it",
            conflict.id, conflict.what
        );
    }
    if !merged.conflicts.is_empty() {
        eprintln!("fix: delete the offer or the text you do not want, or run again with --on-conflict keep|take|both");
        return Ok(ExitCode::from(CHOOSE));
    }
    Ok(if request.check && changes { ExitCode::from(DIFFERS) } else { ExitCode::SUCCESS })
}

/// The difference as a unified diff; empty when there is none.
fn diff(target: &Path, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let name = target.file_name().map_or_else(|| "plan".into(), |n| n.to_string_lossy());
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename(format!("a/{name}"));
    options.set_modified_filename(format!("b/{name}"));
    options.create_patch(old, new).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::seal;

    fn fresh(word: &str) -> String {
        seal(&format!(
            "# TODO: backend architecture of x\n\n- [ ] **TASK-1.1 [a]**: <!-- ap: a -->\n  - **Goal**: {word}\n"
        ))
    }

    fn code(code: ExitCode) -> String {
        format!("{code:?}")
    }

    #[test]
    fn a_plan_is_created_checked_updated_and_never_confused_with_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("plan.md");
        let request = Request { target: target.clone(), ..Request::default() };
        let check = Request { check: true, ..request.clone() };
        let run = |word: &str, request: &Request| {
            let old = existing(&request.target, false).unwrap();
            code(apply(old.as_deref(), &fresh(word), request).unwrap())
        };
        assert_eq!(run("one", &check), code(ExitCode::from(1)));
        assert!(!target.exists());
        assert_eq!(run("one", &request), code(ExitCode::SUCCESS));
        assert_eq!(write::read(&target).unwrap(), fresh("one"));
        assert_eq!(run("one", &check), code(ExitCode::SUCCESS));
        let dry = Request { dry_run: true, ..request.clone() };
        assert_eq!((run("two", &dry), write::read(&target).unwrap()), (code(ExitCode::SUCCESS), fresh("one")));
        write::replace(&target, &fresh("one").replace("one", "ours")).unwrap();
        assert_eq!(run("two", &request), code(ExitCode::from(3)));
        assert_eq!(run("two", &request), code(ExitCode::from(3)));
        write::replace(&target, "my notes\n").unwrap();
        assert!(existing(&target, false).is_err() && existing(&target, true).unwrap().is_none());
    }
}
