//! `archplan schema`: prints a JSON Schema.

use clap::{Args as Arguments, ValueEnum};

use super::Exit;
use crate::requirements;

/// What to describe.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Subject {
    /// The requirements language.
    Requirements,
    /// The files of an own catalogue.
    Catalogue,
}

/// Arguments of `archplan schema`.
#[derive(Clone, Copy, Debug, Arguments)]
pub struct Args {
    /// What to describe
    #[arg(default_value = "requirements")]
    pub subject: Subject,
}

/// Prints the schema.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let schema = match args.subject {
        Subject::Requirements => requirements::schema().clone(),
        Subject::Catalogue => crate::catalogue::own::schema(),
    };
    super::print(&format!("{schema:#}\n"))?;
    Ok(Exit::Fine)
}
