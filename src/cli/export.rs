//! `archplan export`: the plan in another form. The Markdown stays the source; nothing is read back.

use super::{plan_file, write};
use crate::export::{self, File, Form};
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `archplan export`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  archplan export --to html -o plan.html       one page with figures and search
  archplan export --to csv | column -s, -t     a row a task
  archplan export --to adr -o docs/decisions   one decision record a choice
  archplan export --to mermaid                 the graph of the system
  archplan export other/TODO_backend-architect.md --to json")]
pub struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// The form
    #[arg(long, value_enum)]
    to: To,
    /// Where it goes: a file, or a folder for adr and graphs; standard output when left out
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Overwrite files in the folder that differ
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    Json,
    Csv,
    Adr,
    Html,
    Mermaid,
    D2,
    Dot,
    Structurizr,
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    let file = plan_file::open(args.plan.as_deref())?;
    let form = match args.to {
        To::Json => Form::Json,
        To::Csv => Form::Csv,
        To::Adr => Form::Adr,
        To::Html => Form::Html,
        To::Mermaid => Form::Mermaid,
        To::D2 => Form::D2,
        To::Dot => Form::Dot,
        To::Structurizr => Form::Structurizr,
    };
    let files = export::export(&file.document, form).map_err(anyhow::Error::msg)?;
    if files.is_empty() {
        bail!("{} has nothing to export in this form", file.path.display());
    }
    match args.output.as_deref().filter(|path| *path != Path::new("-")) {
        None if form == Form::Adr => write::stdout(&together(&files))?,
        None => first(&files)?,
        Some(folder) if !matches!(form, Form::Json | Form::Csv | Form::Html) => {
            into_folder(folder, &files, args.force)?
        }
        Some(path) => {
            let stands = path.is_file() && write::read(path).is_ok_and(|text| crate::merge::is_plan(&text));
            if stands {
                bail!("{} is a plan; choose another file", path.display());
            }
            for one in &files {
                write::replace(path, &one.text)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The one file, or the graph of the system with a word about the others.
fn first(files: &[File]) -> Result<()> {
    let [first, others @ ..] = files else { return Ok(()) };
    write::stdout(&first.text)?;
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|file| file.name.as_str()).collect();
        eprintln!("this is {}; with -o FOLDER also {}", first.name, names.join(", "));
    }
    Ok(())
}

/// One text as it stands; several with their names between them.
fn together(files: &[File]) -> String {
    match files {
        [one] => one.text.clone(),
        several => several.iter().map(|f| format!("<!-- {} -->\n{}\n", f.name, f.text)).collect(),
    }
}

fn into_folder(folder: &Path, files: &[File], force: bool) -> Result<()> {
    for file in files {
        let path = folder.join(&file.name);
        if !force && path.exists() && write::read(&path)? != file.text {
            bail!("{} is there and differs; --force overwrites it", path.display());
        }
    }
    std::fs::create_dir_all(folder).map_err(|error| anyhow::anyhow!("cannot make {}: {error}", folder.display()))?;
    for file in files {
        write::replace(&folder.join(&file.name), &file.text)?;
    }
    Ok(())
}
