//! `archplan lint`: the gate for requirements and plans.

mod collect;
mod options;

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args as Arguments;

use super::{Exit, write};
use crate::catalogue::Catalogue;
use crate::lint::output::{self, Format, Outcome};
use crate::lint::{self, Config, File, Input, Report, rules};
use collect::{Loaded, Pair};

/// Arguments of `archplan lint`.
#[derive(Clone, Debug, Arguments)]
#[command(after_help = "Examples:
  archplan lint                                  what is found here and below
  archplan lint req.yaml                         requirements alone
  archplan lint TODO_backend-architect.md        a plan, with the requirements that it names
  archplan new req.yaml -o - | archplan lint -   a plan from standard input
  archplan lint --gate core                      fails while a task of the core is open
  archplan lint --format github --format sarif=lint.sarif   several reports of one run")]
pub struct Args {
    /// Files or directories; `-` is standard input; none means here and below
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub options: options::Options,
}

/// Checks the files and prints what is wrong.
///
/// # Errors
/// A path cannot be read, nothing is to be checked, the configuration is wrong, or the output cannot be written.
pub fn run(args: &Args) -> Result<Exit> {
    let options = &args.options;
    let outputs = options.outputs()?;
    let checked = check(args);
    let (reports, error) = match &checked {
        Ok((reports, _)) => (reports.as_slice(), None),
        Err(error) => (&[][..], Some(format!("{error:#}"))),
    };
    let catalogue = std::cell::OnceCell::new();
    let help = |code: &str| {
        let catalogue = catalogue.get_or_init(|| Catalogue::embedded().unwrap_or_default());
        rules::describe_one(catalogue, code)
    };
    let outcome = Outcome { reports, error: error.as_deref(), help: &help };
    for (format, target) in &outputs {
        let human = !format.is_machine() && *format != Format::Agent;
        if error.is_some() && human && *format != Format::Github {
            continue;
        }
        let text = output::print(*format, &outcome, target.is_none() && colour());
        match target {
            Some(path) => write::replace(path, &text)?,
            None => super::print(&text)?,
        }
    }
    let (reports, config) = checked?;
    if options.statistics {
        eprint!("{}", statistics(&reports));
    }
    eprintln!("{}", output::summary(&reports));
    let bar = options.fail_on(&config)?;
    let worst = reports.iter().filter_map(Report::worst).max();
    Ok(if worst.zip(bar).is_some_and(|(worst, bar)| worst >= bar) { Exit::Found } else { Exit::Fine })
}

/// Reads and checks everything.
fn check(args: &Args) -> Result<(Vec<Report>, Config)> {
    let options = &args.options;
    let config = options.config()?;
    let pairs = collect::collect(&options.wanted(&args.paths))?;
    if pairs.is_empty() {
        bail!("nothing to check");
    }
    let catalogue = if pairs.iter().any(|pair| pair.requirements.is_some()) {
        Some(Catalogue::embedded().map_err(anyhow::Error::msg)?)
    } else {
        None
    };
    let reports = pairs.iter().map(|pair| lint::run(&input(pair, catalogue.as_ref()), &config)).collect();
    Ok((reports, config))
}

fn input<'a>(pair: &'a Pair, catalogue: Option<&'a Catalogue>) -> Input<'a> {
    let file = |file: &'a Loaded| File { name: &file.name, bytes: &file.bytes };
    Input {
        requirements: pair.requirements.as_ref().map(file),
        plan: pair.plan.as_ref().map(file),
        catalogue,
        tree: None,
    }
}

/// How often each rule speaks, most often first.
fn statistics(reports: &[Report]) -> String {
    let mut counts: std::collections::BTreeMap<(String, String), usize> = std::collections::BTreeMap::new();
    for finding in reports.iter().flat_map(|report| &report.findings) {
        *counts.entry((finding.rule.code.clone(), finding.rule.name.clone())).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
    rows.into_iter().map(|((code, name), count)| format!("{count:>6}  {code}  {name}\n")).collect()
}

/// Whether standard output wants colours.
fn colour() -> bool {
    std::io::stdout().is_terminal() && anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

/// Whether standard error takes colours.
pub(super) fn colour_of_errors() -> bool {
    std::io::stderr().is_terminal() && anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}
