//! `archplan extract`: writes the files that a plan embeds; never outside of the directory, never over a differing file unasked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use schemars::JsonSchema;
use serde::Serialize;

use super::plan_file::{self, Form};
use super::{Exit, write};
use crate::artefact::patch::{self, Change, ChangeKind};
use crate::document::code::{self, Embedded};
use crate::text::suggest;

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.extract/1";

/// Write the files that a plan embeds
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  archplan extract                          all files of TODO_backend-architect.md, beside it
  archplan extract CODE-1.1 -d ../try       those of one task, elsewhere
  archplan extract plan.md --dry-run        say what would be written
  archplan extract -d . --diff > it.patch   what the plan changes in the files that are there, for `git apply`

Exit codes: 0 written or nothing to do; 2 a plan without such files, or a broken patch; 3 a file differs or a link leads away.")]
pub struct Args {
    /// The plan (default TODO_backend-architect.md), then ids or keys of tasks (default all)
    #[arg(value_name = "PLAN or ID")]
    names: Vec<String>,
    /// Where files go (default: the folder of the plan)
    #[arg(short, long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Say what would be written, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write over files that differ
    #[arg(long)]
    force: bool,
    /// Print one patch from the files of DIR to those of the plan, write nothing
    #[arg(long, conflicts_with_all = ["dry_run", "force", "format"])]
    diff: bool,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// It is made.
    New,
    /// It is there with this text.
    Same,
    /// It is changed as the patch says.
    Patched,
    /// It is taken away.
    Removed,
    /// It is there with another text.
    Differs,
    /// Writing it would leave the directory.
    Outside,
}

/// A file.
#[derive(Serialize, JsonSchema)]
struct Row {
    /// Id of the task that carries it.
    task: String,
    /// Its path below the directory.
    path: String,
    /// What becomes of it.
    state: State,
    /// Why.
    because: String,
    #[serde(skip)]
    before: Option<String>,
    #[serde(skip)]
    text: Option<String>,
    #[serde(skip)]
    executable: bool,
}

/// The answer as data.
#[derive(Serialize, JsonSchema)]
pub struct Report {
    /// Where files go.
    directory: String,
    /// Whether they were written.
    written: bool,
    /// Every file that was asked for.
    files: Vec<Row>,
}

/// Runs the command.
///
/// # Errors
/// No plan, no such task, a broken patch, a directory that cannot be written.
pub fn run(args: Args) -> Result<ExitCode> {
    plan_file::answered(args.format, SCHEMA, answer(&args))
}

fn answer(args: &Args) -> Result<ExitCode> {
    let is_id = |name: &String| {
        let upper = name.to_uppercase();
        upper.starts_with("CODE-") && !name.contains('/') || name.starts_with(code::TASKS)
    };
    let (plan, ids) = match args.names.split_first() {
        Some((first, rest)) if !is_id(first) => (Some(PathBuf::from(first)), rest.to_vec()),
        _ => (None, args.names.clone()),
    };
    let file = plan_file::open(plan.as_deref())?;
    let beside = file.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let directory = args.directory.clone().unwrap_or_else(|| beside.to_owned());
    let changes = wanted(&code::embedded(&file.document), &ids, &file.path)?;
    let root = existing(&directory)?;
    let mut rows = Vec::new();
    let mut overlay: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (task, change) in changes {
        rows.push(judge(&root, task, change, &mut overlay));
    }
    if args.diff {
        return difference(&rows);
    }
    let blocked = |row: &Row| row.state == State::Outside || row.state == State::Differs && !args.force;
    let stop = rows.iter().any(blocked);
    let written = !args.dry_run && !stop;
    if written {
        std::fs::create_dir_all(&directory).with_context(|| format!("cannot make {}", directory.display()))?;
        rows.iter().try_for_each(|row| put(&root, row))?;
    }
    let report = Report { directory: directory.display().to_string(), written, files: rows };
    match args.format {
        Form::Json => plan_file::print_json(SCHEMA, &report)?,
        Form::Text => write::stdout(&text(&report))?,
    }
    if stop {
        eprintln!("nothing is written: a file differs (`--force` overwrites it) or a link leads out of the directory");
        return Ok(Exit::Choose.into());
    }
    Ok(Exit::Fine.into())
}

/// Prints what takes the directory to the files of the plan. A file that is no text stops it, and so does a link that leads away.
fn difference(rows: &[Row]) -> Result<ExitCode> {
    let mut patch = String::new();
    for row in rows {
        let stuck = row.state == State::Outside || row.state == State::Differs && row.text.is_none();
        if stuck || row.before.as_ref().is_some_and(|text| text.contains('\u{fffd}')) {
            let because = if stuck { row.because.as_str() } else { "it is no UTF-8 text" };
            eprintln!("no patch: {}: {because}", row.path);
            return Ok(Exit::Choose.into());
        }
        match (row.state, &row.before, &row.text) {
            (State::Removed, Some(before), _) => patch.push_str(&patch::edit(&row.path, before, None)),
            (_, Some(before), Some(text)) => patch.push_str(&patch::edit(&row.path, before, Some(text))),
            (_, None, Some(text)) => patch.push_str(&patch::new_file(&row.path, row.executable, text)),
            _ => {}
        }
    }
    write::stdout(&patch)?;
    Ok(Exit::Fine.into())
}

/// The changes of the tasks that are named, or of all.
fn wanted(blocks: &[Embedded], ids: &[String], path: &Path) -> Result<Vec<(String, Change)>> {
    for id in ids {
        if !blocks.iter().any(|block| named(block, id)) {
            let known: Vec<&str> = blocks.iter().map(|block| block.id.as_str()).collect();
            let near = suggest(&id.to_uppercase(), known.iter().copied())
                .map_or_else(|| format!("it has {}", known.join(", ")), |near| format!("did you mean {near}?"));
            bail!("no task {id} with files in {}; {near}", path.display());
        }
    }
    if blocks.is_empty() {
        bail!(
            "{} embeds no files: a brief plan has none, and neither has one that was made without entities",
            path.display()
        );
    }
    let mut out = Vec::new();
    for block in blocks.iter().filter(|block| ids.is_empty() || ids.iter().any(|id| named(block, id))) {
        match &block.changes {
            Ok(changes) => out.extend(changes.iter().map(|change| (block.id.clone(), change.clone()))),
            Err((line, fault)) => bail!("{}:{line}: {fault}", path.display()),
        }
    }
    Ok(out)
}

fn named(block: &Embedded, id: &str) -> bool {
    block.id.eq_ignore_ascii_case(id) || block.key == id
}

/// The directory without links, as far as it is there.
fn existing(directory: &Path) -> Result<PathBuf> {
    if directory.is_file() {
        bail!("{} is a file, not a directory", directory.display());
    }
    if directory.exists() {
        return directory.canonicalize().with_context(|| format!("cannot open {}", directory.display()));
    }
    std::path::absolute(directory).with_context(|| format!("cannot name {}", directory.display()))
}

/// What a change would do. `overlay` holds what earlier changes of this run leave behind.
fn judge(root: &Path, task: String, change: Change, overlay: &mut BTreeMap<String, Option<String>>) -> Row {
    let mut row = Row {
        task,
        path: change.path.clone(),
        state: State::Outside,
        because: String::new(),
        before: None,
        text: None,
        executable: change.executable,
    };
    if let Err(because) = stays_below(root, &change.path) {
        row.because = because;
        return row;
    }
    let before = match overlay.get(&change.path) {
        Some(text) => text.clone(),
        None => match std::fs::read(root.join(&change.path)) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(_) => None,
        },
    };
    (row.state, row.text, row.because) = effect(before.as_deref(), &change.kind);
    if row.state != State::Differs {
        overlay.insert(change.path, row.text.clone().or_else(|| before.clone()));
    }
    row.before = before;
    row
}

/// State, new text and reason.
fn effect(before: Option<&str>, kind: &ChangeKind) -> (State, Option<String>, String) {
    let because = |text: &str| text.to_string();
    match (before, kind) {
        (None, ChangeKind::New(text)) => (State::New, Some(text.clone()), because("it is not there yet")),
        (Some(old), ChangeKind::New(text)) if old == text => (State::Same, None, because("it has this text")),
        (Some(old), ChangeKind::New(text)) if old.replace("\r\n", "\n") == *text => {
            (State::Same, None, because("it has this text with other line endings"))
        }
        (Some(_), ChangeKind::New(text)) => (State::Differs, Some(text.clone()), because("it has another text")),
        (None, ChangeKind::Edit(_)) => (State::Differs, None, because("the file that the patch changes is not there")),
        (Some(old), ChangeKind::Edit(hunks)) => match patch::apply(old, hunks) {
            Ok(text) => (State::Patched, Some(text), because("the patch applies")),
            Err(_) if patch::unapply(old, hunks).is_ok() => {
                (State::Same, None, because("the patch was applied before"))
            }
            Err(error) => (State::Differs, None, error),
        },
        (Some(_), ChangeKind::Gone) => (State::Removed, None, because("the patch removes it")),
        (None, ChangeKind::Gone) => (State::Same, None, because("it is gone already")),
    }
}

/// No step of the way may be a link that leads out of the root, and the file itself may be none at all.
fn stays_below(root: &Path, path: &str) -> Result<(), String> {
    if !patch::is_safe(path) {
        return Err("the path leaves the directory".to_string());
    }
    let mut place = root.to_path_buf();
    let parts: Vec<&str> = path.split('/').collect();
    for (at, part) in parts.iter().enumerate() {
        place.push(part);
        let Ok(meta) = std::fs::symlink_metadata(&place) else { return Ok(()) };
        let last = at + 1 == parts.len();
        if meta.is_symlink() {
            let inside = place.canonicalize().is_ok_and(|real| real.starts_with(root));
            if last || !inside {
                return Err(format!("{} is a link", place.display()));
            }
        } else if last && meta.is_dir() {
            return Err(format!("{} is a directory", place.display()));
        } else if !last && !meta.is_dir() {
            return Err(format!("{} is no directory", place.display()));
        }
    }
    Ok(())
}

fn put(root: &Path, row: &Row) -> Result<()> {
    let place = root.join(&row.path);
    if row.state == State::Removed {
        return std::fs::remove_file(&place).with_context(|| format!("cannot remove {}", place.display()));
    }
    let Some(text) = &row.text else {
        if row.state == State::Differs {
            bail!("{}: {}", place.display(), row.because);
        }
        return Ok(());
    };
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    write::replace(&place, text)?;
    executable(&place, row.executable)
}

/// Lets everybody who may read a file run it.
#[cfg(unix)]
fn executable(place: &Path, wanted: bool) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if !wanted {
        return Ok(());
    }
    let mut permissions = std::fs::metadata(place)?.permissions();
    permissions.set_mode(permissions.mode() | (permissions.mode() & 0o444) >> 2);
    std::fs::set_permissions(place, permissions).with_context(|| format!("cannot change {}", place.display()))
}

/// Elsewhere a file's ending says whether it can be run.
#[cfg(not(unix))]
fn executable(_: &Path, _: bool) -> Result<()> {
    Ok(())
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    for Row { task, path, state, because, .. } in &report.files {
        let word = match state {
            State::New => "new",
            State::Same => "same",
            State::Patched => "patched",
            State::Removed => "removed",
            State::Differs => "DIFFERS",
            State::Outside => "REFUSED",
        };
        let why =
            if matches!(state, State::Differs | State::Outside) { format!("  ({because})") } else { String::new() };
        out.push_str(&format!("{word:<8} {task:<10} {path}{why}\n"));
    }
    let verb = if report.written { "written below" } else { "not written, for" };
    out.push_str(&format!("{} file(s), {verb} {}\n", report.files.len(), report.directory));
    out
}
