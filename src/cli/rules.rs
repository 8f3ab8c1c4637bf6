//! `archplan rules`: every rule of lint.

use anyhow::Result;
use clap::Args as Arguments;

use super::Exit;
use super::plan_file::{Form, print_json};
use crate::lint::rules::{self, Described};

/// Arguments of `archplan rules`.
#[derive(Clone, Debug, Arguments)]
#[command(after_help = "Examples:
  archplan rules                                 every rule with its severity
  archplan rules --format json")]
pub struct Args {
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.rules/1";

/// The answer as data.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Listing {
    /// Every rule, by family and code.
    rules: Vec<Described>,
}

/// Lists the rules.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(args: &Args) -> Result<Exit> {
    let catalogue = super::knowledge::catalogue()?;
    let rules = rules::described(&catalogue);
    match args.format {
        Form::Json => print_json(SCHEMA, &Listing { rules })?,
        Form::Text => {
            let mut out = String::new();
            for rule in rules {
                out.push_str(&format!("{}  {:<7}  {:<28}  {}\n", rule.code, rule.severity, rule.name, rule.summary));
            }
            super::print(&out)?;
        }
    }
    Ok(Exit::Fine)
}
