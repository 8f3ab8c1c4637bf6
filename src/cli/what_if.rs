//! `archplan what-if`: what differs when some facts are stated differently.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::scenario::{self, Format, Source};
use crate::plan::difference::{self, Difference};
use crate::render;

/// What differs when some facts are stated differently
#[derive(Args)]
#[command(after_help = "Examples:
  archplan what-if req.yaml --set team.developers=20
  archplan what-if req.yaml --set traffic.peak=2k/s --set stack.cloud=gcp --format md
  archplan what-if req.yaml --set team.teams=null          as if it were not stated
  archplan what-if req.yaml --set 'data.access=[transactions, search]'
  archplan what-if req.yaml --set 'domains[catalog].peak=900/s'")]
pub struct WhatIfArgs {
    /// Requirements file; `-` reads standard input
    req: PathBuf,
    /// A fact and its value instead, as the requirements write it; `null` takes it out; repeatable
    #[arg(long, value_name = "PATH=VALUE", required = true)]
    set: Vec<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.what-if/1";

/// The answer as data.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    /// What was stated differently.
    set: Vec<Set>,
    #[serde(flatten)]
    difference: Difference,
}

/// An edit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Set {
    /// The path.
    pub path: String,
    /// The value as given.
    pub value: String,
}

/// Runs the command.
///
/// # Errors
/// Unreadable input, an edit that is none.
pub fn run(args: &WhatIfArgs) -> Result<Exit> {
    scenario::answered(args.format, SCHEMA, answer(args))
}

fn answer(args: &WhatIfArgs) -> Result<Exit> {
    let sets = args.set.iter().map(|text| scenario::set(text)).collect::<Result<Vec<_>>>()?;
    let source = Source::open(&args.req)?;
    let (old, new) = match (source.plan(&[])?, source.plan(&sets)?) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(reading), _) | (_, Err(reading)) => {
            source.refuse(&reading, args.format, SCHEMA)?;
            return Ok(Exit::Usage);
        }
    };
    let difference = difference::between(&old, &new);
    if args.format == Format::Json {
        let set = sets.into_iter().map(|(path, value)| Set { path, value }).collect();
        scenario::data(SCHEMA, &Answer { set, difference })?;
    } else {
        super::print(&render::difference::difference(args.format.form(), &difference))?;
    }
    Ok(Exit::Fine)
}
