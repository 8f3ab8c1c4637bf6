//! `archplan schema`: JSON Schemas of the files that people write.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::{Exit, report};

/// Print a JSON Schema
#[derive(Args)]
#[command(after_help = "Example:
  archplan schema requirements > req.schema.json    then, as first line of req.yaml:
  # yaml-language-server: $schema=req.schema.json")]
pub struct SchemaArgs {
    /// Which one
    #[arg(value_enum, default_value_t = What::Requirements)]
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Requirements,
}

/// Runs the command.
///
/// # Errors
/// The schema cannot be printed.
pub fn run(args: SchemaArgs) -> Result<Exit> {
    let schema = match args.what {
        What::Requirements => crate::requirements::schema(),
    };
    report::out(&format!("{}\n", serde_json::to_string_pretty(&schema)?));
    Ok(Exit::Fine)
}
