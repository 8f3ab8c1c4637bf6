//! `archplan lint`: the gate for requirements and plans.

mod cache;
mod collect;
mod mend;
mod options;
mod root;
mod since;
mod tools;
mod watch;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args as Arguments;

use super::config_file::Settings;
use super::{Exit, write};
use crate::catalogue::Catalogue;
use crate::diagnostic::Severity;
use crate::lint::baseline::Baseline;
use crate::lint::output::{self, Format, Outcome};
use crate::lint::tree::Tree;
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
  archplan lint --fix                            makes the edits that lose nothing
  archplan lint --baseline known.json --write-baseline   from now on only new findings fail
  archplan lint --format github --format sarif=lint.sarif   several reports of one run")]
pub struct Args {
    /// Files or directories; `-` is standard input; none means here and below
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub options: options::Options,
}

/// Seconds that a program may take when nobody says so.
const LIMIT: u64 = 30;

/// Checks the files and prints what is wrong.
///
/// # Errors
/// A path cannot be read, nothing is to be checked, the configuration is wrong, or the output cannot be written.
pub fn run(args: &Args) -> Result<Exit> {
    if args.options.show_settings {
        return show_settings(args);
    }
    if args.options.watch {
        watch::run(args)?;
    }
    once(args)
}

/// One run.
fn once(args: &Args) -> Result<Exit> {
    let options = &args.options;
    let settings = options.settings();
    let formats = settings.as_ref().map_or(options.format.as_slice(), |settings| settings.lint.format.as_slice());
    let outputs = options.outputs(formats)?;
    let checked = settings.and_then(|settings| check(args, &settings));
    let (reports, error) = match &checked {
        Ok(checked) => (checked.reports.as_slice(), None),
        Err(error) => (&[][..], Some(format!("{error:#}"))),
    };
    let catalogue = std::cell::OnceCell::new();
    let help = |code: &str| {
        let catalogue = catalogue.get_or_init(|| Catalogue::embedded().unwrap_or_default());
        rules::describe_one(catalogue, code)
    };
    let outcome = Outcome { reports, error: error.as_deref(), help: &help };
    let diff = checked.as_ref().ok().and_then(|checked| checked.diff.as_deref());
    for (format, target) in &outputs {
        let quiet = error.is_some() && matches!(format, Format::Text | Format::Concise);
        if quiet || (target.is_none() && diff.is_some()) {
            continue;
        }
        let text = output::print(*format, &outcome, target.is_none() && colour());
        match target {
            Some(path) => write::replace(path, &text)?,
            // The mended text of standard input has standard output.
            None if checked.as_ref().is_ok_and(|checked| checked.taken) => eprint!("{text}"),
            None => super::print(&text)?,
        }
    }
    let checked = checked?;
    if let Some(diff) = &checked.diff {
        super::print(diff)?;
    }
    if options.statistics {
        eprint!("{}", statistics(&checked.reports));
    }
    if checked.mended > 0 {
        eprintln!("mended {} finding(s)", checked.mended);
    }
    eprintln!("{}", output::summary(&checked.reports));
    let worst = checked.reports.iter().filter_map(Report::worst).max();
    let failed = worst.zip(checked.bar).is_some_and(|(worst, bar)| worst >= bar);
    let differs = checked.diff.as_ref().is_some_and(|diff| !diff.is_empty());
    let fails = if checked.diff.is_some() { differs } else { failed };
    Ok(if fails { Exit::Found } else { Exit::Fine })
}

/// What a run came to.
struct Checked {
    reports: Vec<Report>,
    /// The least severity that fails it.
    bar: Option<Severity>,
    /// What --diff shows.
    diff: Option<String>,
    /// Findings that were mended.
    mended: usize,
    /// Whether a mended text went to standard output.
    taken: bool,
}

/// Reads and checks everything.
fn check(args: &Args, settings: &Settings) -> Result<Checked> {
    let options = &args.options;
    let config = options.config(settings)?;
    let bar = options::fail_on(settings)?;
    let mut pairs = collect::collect(&options.wanted(&args.paths))?;
    if pairs.is_empty() {
        bail!("nothing to check");
    }
    let cache = cache::Cache::open(options, &config)?;
    let mut known_before: Vec<Option<Report>> = pairs.iter().map(|pair| cache.as_ref()?.find(pair)).collect();
    let open = |(pair, before): (&Pair, &Option<Report>)| before.is_none() && pair.requirements.is_some();
    let decides = config.wants_decisions() && pairs.iter().zip(&known_before).any(open);
    let catalogue = decides.then(crate::cli::knowledge::catalogue).transpose()?;
    let tree = options.root.as_ref().map(|root| root::read(root, &pairs)).transpose()?;
    let known = Known { catalogue: catalogue.as_ref(), tree: tree.as_ref() };
    let mut out = Checked { reports: Vec::new(), bar, diff: None, mended: 0, taken: false };
    if options.fix || options.unsafe_fixes || options.diff {
        let fixed = mend::in_memory(&mut pairs, known, &config, options.unsafe_fixes);
        if options.diff {
            out.diff = Some(mend::diff(&fixed));
        } else {
            let stdin = |file: &Option<Loaded>| file.as_ref().is_some_and(|file| file.stdin);
            out.taken = pairs.iter().any(|pair| stdin(&pair.requirements) || stdin(&pair.plan));
            out.mended = mend::write(&fixed)?;
        }
    }
    for (pair, before) in pairs.iter().zip(&mut known_before) {
        if let Some(report) = before.take() {
            out.reports.push(report);
            continue;
        }
        let answers = match (&pair.plan, options.tools) {
            (Some(plan), true) => {
                let known = Catalogue::embedded().map_err(anyhow::Error::msg)?.tools;
                tools::ask(&known, plan, options.tools_limit.unwrap_or(LIMIT))?
            }
            _ => Vec::new(),
        };
        let report = lint::run(&Input { tools: &answers, ..input(pair, known) }, &config);
        if let Some(cache) = &cache {
            cache.keep(pair, &report);
        }
        out.reports.push(report);
    }
    if !options.watch {
        // The process ends soon: taking the catalogue apart would cost more than the operating system does.
        std::mem::forget(catalogue);
    }
    if let Some(since) = &options.since {
        since::keep(&mut out.reports, since)?;
    }
    baseline(options, settings, &config, &mut out.reports)?;
    Ok(out)
}

/// Compares with the baseline, or writes it.
fn baseline(options: &options::Options, settings: &Settings, config: &Config, reports: &mut Vec<Report>) -> Result<()> {
    let Some(path) = settings.lint.baseline.as_ref().map(PathBuf::from) else {
        if options.write_baseline || options.prune_baseline {
            bail!("name the file with --baseline FILE, or as `baseline` in archplan.toml");
        }
        return Ok(());
    };
    if options.write_baseline {
        let baseline = Baseline::of(reports);
        write::replace(&path, &baseline.print())?;
        eprintln!("{}: {} finding(s)", path.display(), baseline.findings.len());
        baseline.mark(reports, config);
        return Ok(());
    }
    let text = write::read(&path)?;
    let mut baseline = Baseline::parse(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    let stale = baseline.mark(reports, config);
    if options.prune_baseline {
        for identity in &stale {
            baseline.findings.remove(identity);
        }
        write::replace(&path, &baseline.print())?;
        eprintln!("{}: {} entry(ies) taken out", path.display(), stale.len());
    } else if !stale.is_empty() && options.since.is_none() {
        reports.push(lint::baseline::stale(&path.display().to_string(), &text, &stale, config));
    }
    Ok(())
}

/// The settings that hold, as a configuration file, with where they come from.
fn show_settings(args: &Args) -> Result<Exit> {
    let settings = args.options.settings()?;
    args.options.config(&settings)?;
    let from =
        settings.from.as_ref().map_or_else(|| "no configuration file".to_owned(), |path| path.display().to_string());
    let text = toml::to_string(&settings).context("cannot print the settings")?;
    super::print(&format!("# {from}, then ARCHPLAN_* of the environment, then flags\n{text}"))?;
    Ok(Exit::Fine)
}

/// What is known beside the files that are checked.
#[derive(Clone, Copy)]
struct Known<'a> {
    catalogue: Option<&'a Catalogue>,
    tree: Option<&'a Tree>,
}

fn input<'a>(pair: &'a Pair, known: Known<'a>) -> Input<'a> {
    let file = |file: &'a Loaded| File { name: &file.name, bytes: &file.bytes };
    Input {
        requirements: pair.requirements.as_ref().map(file),
        plan: pair.plan.as_ref().map(file),
        catalogue: known.catalogue,
        tree: known.tree,
        tools: &[],
    }
}

/// The configuration for files of a folder: the nearest file there or above, else the one that would be found here.
///
/// # Errors
/// A wrong file.
pub(super) fn configuration(folder: Option<&Path>) -> Result<Config> {
    options::Options::default().config(&settings(folder)?)
}

/// The baseline that holds for files of a folder; none when it is not named or cannot be read, which `archplan lint` says.
pub(super) fn known(folder: Option<&Path>) -> Option<Baseline> {
    let path = settings(folder).ok()?.lint.baseline?;
    Baseline::parse(&std::fs::read_to_string(path).ok()?).ok()
}

fn settings(folder: Option<&Path>) -> Result<Settings> {
    let options = options::Options::default();
    match folder.filter(|_| super::config_file::is_looked_for()).and_then(super::config_file::nearest_to) {
        Some(path) => options.over(super::config_file::load(Some(&path))?),
        None => options.settings(),
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
