//! `archplan man`: manual pages, made of what the commands say of themselves.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args as Arguments, CommandFactory};

use super::{Exit, write};
use crate::text::suggest;

/// Arguments of `archplan man`.
#[derive(Debug, Arguments)]
#[command(after_help = "Examples:
  archplan man | man -l -                read it
  archplan man lint | man -l -           the page of a command
  archplan man --dir ~/.local/share/man/man1")]
pub struct Args {
    /// The command; the whole program when left out
    command: Option<String>,
    /// Write all pages into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

/// Prints a page, or writes all.
///
/// # Errors
/// There is no such command, or a page cannot be written.
pub fn run<Program: CommandFactory>(args: &Args) -> Result<Exit> {
    let mut program = Program::command();
    program.build();
    let pages = pages(&program)?;
    if let Some(folder) = &args.dir {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for (name, text) in &pages {
            write::replace(&folder.join(format!("{name}.1")), text)?;
        }
        return Ok(Exit::Fine);
    }
    let wanted = args.command.as_ref().map_or_else(|| "archplan".to_owned(), |command| format!("archplan-{command}"));
    let Some((_, text)) = pages.iter().find(|(name, _)| *name == wanted) else {
        let names = pages.iter().filter_map(|(name, _)| name.strip_prefix("archplan-"));
        let near = suggest(args.command.as_deref().unwrap_or(""), names).map(|near| format!("; did you mean {near}?"));
        bail!("there is no command `{}`{}", args.command.as_deref().unwrap_or(""), near.unwrap_or_default());
    };
    super::print(text)?;
    Ok(Exit::Fine)
}

/// Every page by its name.
fn pages(program: &clap::Command) -> Result<Vec<(String, String)>> {
    let mut out = vec![("archplan".to_owned(), page(program, "archplan")?)];
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = format!("archplan-{}", command.get_name());
        let text = page(command, &name)?;
        out.push((name, text));
    }
    Ok(out)
}

fn page(command: &clap::Command, name: &str) -> Result<String> {
    let named = command.clone().display_name(name.to_owned());
    // No date: the same program prints the same page on every day.
    let page = clap_mangen::Man::new(named).source(concat!("archplan ", env!("CARGO_PKG_VERSION"))).manual("archplan");
    let mut text = Vec::new();
    page.render(&mut text).context("cannot print the page")?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
