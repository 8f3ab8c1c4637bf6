//! `archplan new`: from requirements to a plan, written, updated, printed or only compared.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use super::{Exit, config_file, own_artefacts, report, update_file, write};
use crate::catalogue::Catalogue;
use crate::document;
use crate::lint::kind::PLAN;
use crate::merge;
use crate::plan::{self, Plan};
use crate::render::{CodeForm, Depth, Page, fresh};
use crate::requirements::Requirements;

/// Create or update the plan beside the requirements
#[derive(Args)]
#[command(after_help = "Examples:
  archplan new req.yaml               write or update TODO_backend-architect.md beside req.yaml
  archplan new req.yaml -o -          print a fresh plan, merge nothing
  archplan new req.yaml --dry-run     show what an update would change
  archplan new req.yaml --check       exit 1 when an update would change anything
  archplan new req.yaml --format json the plan as data on standard output")]
pub struct NewArgs {
    /// Requirements file; `-` reads standard input
    req: PathBuf,
    /// Where the plan goes; `-` prints a fresh one
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show the difference, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Exit 1 if a run would change anything, write nothing
    #[arg(long)]
    check: bool,
    /// How much is printed
    #[arg(long, value_enum, default_value_t = DepthArg::Standard)]
    depth: DepthArg,
    /// Markdown plan, or the plan as data
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
    /// Embedded files as patches, or each in a block of its own
    #[arg(long, value_enum, default_value_t = CodeArg::Diff)]
    code: CodeArg,
    /// A folder with `patterns/artefacts` and `templates/artefacts` that replace the embedded ones
    #[arg(long, value_name = "DIR", hide = true)]
    artefacts: Option<PathBuf>,
    /// What happens to text that a person edited and the plan changed
    #[arg(long, value_enum)]
    on_conflict: Option<ConflictArg>,
    /// Bring back a task that was deleted from the plan
    #[arg(long, value_name = "ID")]
    restore: Vec<String>,
    /// Overwrite a file that is no plan
    #[arg(long)]
    force: bool,
    /// Columns that figures may use (default: `width` of archplan.toml, else 100)
    #[arg(long, value_parser = clap::value_parser!(u16).range(40..=400), env = "ARCHPLAN_WIDTH")]
    width: Option<u16>,
    /// Figures without box-drawing characters
    #[arg(long)]
    ascii: bool,
    /// Below each figure a collapsed Mermaid block of the same graph
    #[arg(long)]
    mermaid: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DepthArg {
    Brief,
    Standard,
    Full,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CodeArg {
    Diff,
    Files,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Md,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ConflictArg {
    Keep,
    Take,
    Both,
}

/// Runs the command.
///
/// # Errors
/// Unreadable input, a target that cannot be written.
pub fn run(args: NewArgs) -> Result<ExitCode> {
    let reading = match report::requirements(&args.req) {
        Err(error) if args.format == Format::Json => {
            super::print(&format!("{:#}\n", report::unreadable(&error)))?;
            return Err(error);
        }
        reading => reading?,
    };
    let Some(requirements) = reading.requirements.as_ref() else {
        if args.format == Format::Json {
            super::print(&format!("{:#}\n", report::refused(&reading)))?;
        }
        return Ok(Exit::Usage.into());
    };
    // Lives until the process ends: taking it apart would cost more than the operating system does.
    let catalogue: &Catalogue = Box::leak(Box::new(catalogue(args.artefacts.as_deref())?));
    let target = target(&args);
    let on_disk = target.as_ref().filter(|_| args.format == Format::Md);
    let old = match on_disk.map(|target| update_file::existing(target, args.force)) {
        Some(Err(error)) if on_disk.is_some_and(|target| target.is_file()) => {
            report::failure(&error);
            return Ok(Exit::Choose.into());
        }
        old => old.transpose()?.flatten(),
    };
    let old_document = old.as_deref().filter(|text| merge::is_plan(text)).map(document::read).unwrap_or_default();
    let file = args.req.file_name().map_or_else(|| "req.yaml".to_string(), |name| name.to_string_lossy().into_owned());
    let file = if args.req == Path::new("-") { "req.yaml".to_string() } else { file };
    let options = options(&args, requirements)?;
    let name = args.req.display().to_string();
    let (mut plan, ids) = fresh::build(catalogue, requirements, &reading, &name, &old_document, &options);
    if super::assistant::suggests_only() {
        suggest_only(&mut plan);
    }
    report::findings(&plan.findings);
    if args.format == Format::Json {
        return json(&args, &plan).map(ExitCode::from);
    }
    let (depth, form) = args.printed();
    let page = Page { plan: &plan, catalogue, requirements, file: &crate::text::markdown::code(&file), depth };
    let fresh = fresh::sealed(&page, form, &ids).map_err(anyhow::Error::msg)?;
    match target {
        None => {
            super::print(&fresh)?;
            Ok(Exit::Fine.into())
        }
        Some(target) => Ok(update_file::apply(old.as_deref(), &fresh, &request(args, target))?),
    }
}

impl NewArgs {
    /// How much is printed, and how embedded files are.
    fn printed(&self) -> (Depth, CodeForm) {
        let depth = match self.depth {
            DepthArg::Brief => Depth::Brief,
            DepthArg::Standard => Depth::Standard,
            DepthArg::Full => Depth::Full,
        };
        let form = match self.code {
            CodeArg::Diff => CodeForm::Diff,
            CodeArg::Files => CodeForm::Files,
        };
        (depth, form)
    }
}

/// How the plan is built and drawn.
fn options(args: &NewArgs, requirements: &Requirements) -> Result<plan::Options> {
    let plain = plan::Options::default();
    let settled = requirements.decisions.iter().any(|decision| decision.topic == "pattern");
    let open = super::assistant::suggests_only() && !settled;
    let width = args.width.map(usize::from).or(config_file::current()?.width).unwrap_or(plain.width);
    Ok(plan::Options { open, width, ascii: args.ascii, mermaid: args.mermaid, ..plain })
}

/// The embedded catalogue, its artefacts replaced by those of a folder.
fn catalogue(artefacts: Option<&Path>) -> Result<Catalogue> {
    let mut catalogue = super::knowledge::catalogue()?;
    if let Some(root) = artefacts {
        own_artefacts::load(&mut catalogue, root)?;
    }
    Ok(catalogue)
}

/// Turns the answer of the tree into the first open question, unless people have settled the pattern.
fn suggest_only(plan: &mut plan::Plan) {
    if plan.decision.pinned {
        return;
    }
    let ask = format!(
        "Which base pattern is adopted? The tree answers {}; the figures rest on it. Settle it under `decisions` with topic `pattern`.",
        plan.decision.tree_answer
    );
    let path = "decisions[pattern]".to_owned();
    plan.questions.insert(0, plan::Question { id: String::new(), path, ask, flips: Vec::new() });
    for (at, question) in plan.questions.iter_mut().enumerate() {
        question.id = format!("Q{}", at + 1);
    }
}

/// The plan file; none when it goes to standard output.
fn target(args: &NewArgs) -> Option<PathBuf> {
    match &args.output {
        Some(path) if path == Path::new("-") => None,
        Some(path) => Some(path.clone()),
        None if args.req == Path::new("-") || args.format == Format::Json => None,
        None => Some(args.req.parent().map_or_else(|| PathBuf::from(PLAN), |folder| folder.join(PLAN))),
    }
}

/// What to do with the plan on disk.
fn request(args: NewArgs, target: PathBuf) -> update_file::Request {
    let on_conflict = match args.on_conflict {
        None => merge::OnConflict::Offer,
        Some(ConflictArg::Keep) => merge::OnConflict::Keep,
        Some(ConflictArg::Take) => merge::OnConflict::Take,
        Some(ConflictArg::Both) => merge::OnConflict::Both,
    };
    let options = merge::Options { on_conflict, restore: args.restore };
    update_file::Request { target, options, dry_run: args.dry_run, check: args.check }
}

fn json(args: &NewArgs, plan: &Plan) -> Result<Exit> {
    let text = format!("{}\n", serde_json::to_string_pretty(plan).context("cannot print the plan")?);
    match &args.output {
        Some(path) if path != Path::new("-") => {
            if path.exists() && merge::is_plan(&write::read(path)?) {
                bail!("{} is a Markdown plan; choose another file for JSON", path.display());
            }
            write::replace(path, &text)?;
        }
        _ => super::print(&text)?,
    }
    Ok(Exit::Fine)
}
