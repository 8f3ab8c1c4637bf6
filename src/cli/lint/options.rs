//! Flags of `archplan lint`, and how they become a configuration.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};

use super::collect::Wanted;
use crate::cli::config_file::{self, Settings};
use crate::diagnostic::Severity;
use crate::lint::output::Format;
use crate::lint::{Config, Level, Profile, rules};
use crate::quantity::Date;
use crate::text::suggest;

/// From which severity on findings fail the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
    /// None
    Never,
}

/// The phases that a gate asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Gate {
    /// Before the first production traffic
    Core,
    /// And when the stage or the forecast asks
    Scale,
    /// And after measuring
    Optimize,
}

/// What is looked for, and how it is printed.
#[derive(Clone, Debug, Default, Args)]
pub struct Options {
    /// How findings are printed: text, concise, json, jsonl, sarif, github, gitlab, junit, checkstyle or agent; may be repeated, and
    /// `FORMAT=FILE` writes that one to a file
    #[arg(long, value_name = "FORMAT[=FILE]", env = "ARCHPLAN_FORMAT", value_delimiter = ',')]
    pub format: Vec<String>,
    /// Where the last `--format` that names no file goes
    #[arg(long, value_name = "FILE", env = "ARCHPLAN_OUTPUT_FILE")]
    pub output_file: Option<PathBuf>,
    /// The least severity that fails the run (default: error)
    #[arg(long, value_enum, env = "ARCHPLAN_FAIL_ON")]
    pub fail_on: Option<FailOn>,
    /// Only these rules: names, codes, beginnings of codes
    #[arg(long, value_name = "RULE", value_delimiter = ',', env = "ARCHPLAN_SELECT")]
    pub select: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', env = "ARCHPLAN_IGNORE")]
    pub ignore: Vec<String>,
    /// The level of a rule: off, info, warning or error
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',', env = "ARCHPLAN_SEVERITY")]
    pub severity: Vec<String>,
    /// A named set of levels: standard, strict (warnings are errors) or relaxed (warnings are notes)
    #[arg(long, value_name = "NAME", env = "ARCHPLAN_PROFILE")]
    pub profile: Option<String>,
    /// Fail while a task of this phase or an earlier one is open
    #[arg(long, value_enum, env = "ARCHPLAN_GATE")]
    pub gate: Option<Gate>,
    /// The requirements of the plans; default: the file that a plan names, beside it
    #[arg(long, value_name = "FILE")]
    pub req: Option<PathBuf>,
    /// The repository: ticks, diffs, languages and stores of plans are compared with it
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Also ask the programs that know the files a plan makes, such as compilers and linters, where they are installed; offline, in a
    /// temporary folder
    #[arg(long)]
    pub tools: bool,
    /// Seconds that each of these programs may take (default: 30)
    #[arg(long, value_name = "SECONDS", requires = "tools")]
    pub tools_limit: Option<u64>,
    /// The name of standard input in findings, and the place to look beside
    #[arg(long, value_name = "FILE")]
    pub stdin_filename: Option<String>,
    /// Standard input is one JSON object of file names and texts
    #[arg(long)]
    pub stdin_batch: bool,
    /// The day that waivers are compared with (default: today)
    #[arg(long, value_name = "YYYY-MM-DD", env = "ARCHPLAN_TODAY")]
    pub today: Option<String>,
    /// Make the edits that findings offer where nothing can be lost by them
    #[arg(long)]
    pub fix: bool,
    /// Make all edits that findings offer
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Print what --fix would change and write nothing; exit 1 when it would change anything
    #[arg(long)]
    pub diff: bool,
    /// Findings that were there before; they are marked and do not fail the run
    #[arg(long, value_name = "FILE", env = "ARCHPLAN_BASELINE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings of this run to the baseline
    #[arg(long)]
    pub write_baseline: bool,
    /// Take what is no longer found out of the baseline, and add nothing
    #[arg(long, conflicts_with = "write_baseline")]
    pub prune_baseline: bool,
    /// Only findings on lines, and in tasks, that changed since a commit or branch
    #[arg(long, value_name = "REF")]
    pub since: Option<String>,
    /// Check again whenever a file changes, until interrupted
    #[arg(long)]
    pub watch: bool,
    /// Print the settings that hold and where they come from, and check nothing
    #[arg(long)]
    pub show_settings: bool,
    /// Name for findings about the architecture the smallest set of stated values that cannot hold together; takes some runs for each
    #[arg(long)]
    pub sets: bool,
    /// How often each rule speaks, on standard error
    #[arg(long)]
    pub statistics: bool,
    /// Check also what did not change since it was checked before
    #[arg(long, env = "ARCHPLAN_NO_CACHE", value_parser = FalseyValueParser::new())]
    pub no_cache: bool,
    /// The folder of what earlier runs found (default: `archplan` in the user's cache folder)
    #[arg(long, value_name = "DIR", env = "ARCHPLAN_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,
}

impl Options {
    /// The formats with their files; one of them at most goes to standard output.
    ///
    /// # Errors
    /// An unknown format, or two for standard output.
    pub fn outputs(&self, formats: &[String]) -> Result<Vec<(Format, Option<PathBuf>)>> {
        let mut out = Vec::new();
        for word in formats {
            let (name, file) = word.split_once('=').map_or((word.as_str(), None), |(name, file)| (name, Some(file)));
            let Some(format) = Format::parse(name) else {
                let names = Format::ALL.iter().map(|(_, name)| *name);
                let near = suggest(name, names.clone()).map(|near| format!("; did you mean {near}?"));
                let near = near.unwrap_or_else(|| format!("; use one of {}", names.collect::<Vec<_>>().join(", ")));
                bail!("there is no format `{name}`{near}");
            };
            out.push((format, file.map(PathBuf::from)));
        }
        if out.is_empty() {
            out.push((Format::Text, None));
        }
        if let Some(file) = &self.output_file {
            match out.iter_mut().rev().find(|(_, target)| target.is_none()) {
                Some((_, target)) => *target = Some(file.clone()),
                None => bail!("every format has its file already; --output-file has nothing to write"),
            }
        }
        if out.iter().filter(|(_, target)| target.is_none()).count() > 1 {
            bail!("two formats for standard output; write `--format sarif=FILE` for all but one");
        }
        Ok(out)
    }

    /// What is to be read.
    pub fn wanted(&self, paths: &[PathBuf]) -> Wanted {
        Wanted {
            paths: paths.to_vec(),
            req: self.req.clone(),
            stdin_filename: self.stdin_filename.clone(),
            stdin_batch: self.stdin_batch,
        }
    }

    /// What holds: the configuration file, then the environment and flags, which clap has brought together.
    ///
    /// # Errors
    /// A wrong file; an unknown rule, level, profile or day.
    pub fn settings(&self) -> Result<Settings> {
        self.over(config_file::current()?)
    }

    /// The same over the settings of a file.
    ///
    /// # Errors
    /// A severity that is no pair.
    pub fn over(&self, mut file: Settings) -> Result<Settings> {
        let over = |own: &[String], file: &mut Vec<String>| {
            if !own.is_empty() {
                *file = own.to_vec();
            }
        };
        over(&self.select, &mut file.lint.select);
        over(&self.ignore, &mut file.lint.ignore);
        over(&self.format, &mut file.lint.format);
        for word in &self.severity {
            let Some((rule, level)) = word.split_once('=') else {
                bail!("--severity wants RULE=LEVEL, such as `dangling-after=warning`, not `{word}`");
            };
            file.lint.rules.insert(rule.to_owned(), level.to_owned());
        }
        let word =
            |value: &dyn Fn() -> Option<String>, slot: &mut Option<String>| *slot = value().or_else(|| slot.take());
        word(&|| self.profile.clone(), &mut file.lint.profile);
        word(&|| Some(self.fail_on?.to_possible_value()?.get_name().to_owned()), &mut file.lint.fail_on);
        word(&|| Some(self.gate?.to_possible_value()?.get_name().to_owned()), &mut file.lint.gate);
        word(&|| Some(self.baseline.as_ref()?.display().to_string()), &mut file.lint.baseline);
        Ok(file)
    }

    /// The configuration that settings mean.
    ///
    /// # Errors
    /// An unknown rule, level, profile, gate or day.
    pub fn config(&self, settings: &Settings) -> Result<Config> {
        let mut config =
            Config { today: Some(self.day()?), width: settings.width, sets: self.sets, ..Config::default() };
        for (list, words) in [(&mut config.select, &settings.lint.select), (&mut config.ignore, &settings.lint.ignore)]
        {
            for word in words {
                known(word)?;
                list.push(word.clone());
            }
        }
        for (rule, level) in &settings.lint.rules {
            known(rule)?;
            let Some(level) = Level::parse(level) else {
                bail!("there is no level `{level}`; use off, info, warning or error");
            };
            config.levels.insert(rule.clone(), level);
        }
        if let Some(name) = &settings.lint.profile {
            let Some(profile) = Profile::parse(name) else {
                bail!("there is no profile `{name}`; use standard, strict or relaxed");
            };
            config.profile = profile;
        }
        if let Some(name) = &settings.lint.gate {
            let Some(gate) = ["core", "scale", "optimize"].iter().position(|known| known == name) else {
                bail!("there is no gate `{name}`; use core, scale or optimize");
            };
            config.gate = Some(gate);
        }
        Ok(config)
    }

    /// The day that waivers are compared with.
    fn day(&self) -> Result<Date> {
        match &self.today {
            Some(text) => Date::parse(text).ok_or_else(|| anyhow::anyhow!("`{text}` is no day; write YYYY-MM-DD")),
            None => Ok(today()),
        }
    }
}

/// The severity from which on a run fails; none for never.
///
/// # Errors
/// A word that is none of info, warning, error and never.
pub fn fail_on(settings: &Settings) -> Result<Option<Severity>> {
    Ok(match settings.lint.fail_on.as_deref() {
        Some("info") => Some(Severity::Info),
        Some("warning") => Some(Severity::Warning),
        None | Some("error") => Some(Severity::Error),
        Some("never") => None,
        Some(other) => bail!("`fail-on` knows no `{other}`; use info, warning, error or never"),
    })
}

/// Says so when a word means no rule.
///
/// # Errors
/// The word, with the nearest name.
pub fn known(word: &str) -> Result<()> {
    if rules::is_known(word) {
        return Ok(());
    }
    let names = rules::every().map(|rule| rule.name).chain(rules::ARCHITECTURE.iter().map(|(_, name)| *name));
    let near = suggest(word, names).map(|near| format!("; did you mean {near}?"));
    bail!("there is no rule `{word}`{}", near.unwrap_or_else(|| "; `archplan rules` lists them".to_owned()))
}

/// Today, from the clock, in universal time.
fn today() -> Date {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    civil(seconds / 86_400)
}

/// The day so many days after 1970-01-01.
fn civil(days: u64) -> Date {
    let mut left = days;
    let mut year: u16 = 1970;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if left < length || year == 9999 {
            break;
        }
        left -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    Date { year, month: month.min(12), day: u8::try_from(left + 1).unwrap_or(1) }
}

const fn leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_clock_are_days_of_the_calendar() {
        let day = |days: u64| civil(days).to_string();
        assert_eq!((day(0), day(59), day(11_016)), ("1970-01-01".into(), "1970-03-01".into(), "2000-02-29".into()));
        assert_eq!(day(20_778), "2026-11-21");
    }

    #[test]
    fn one_format_at_most_goes_to_standard_output() {
        let outputs = |formats: &[&str], file: Option<&str>| {
            let words: Vec<String> = formats.iter().map(|word| (*word).to_owned()).collect();
            Options { output_file: file.map(PathBuf::from), ..Options::default() }.outputs(&words)
        };
        let two = outputs(&["text", "sarif"], Some("x.sarif")).unwrap();
        assert_eq!(two, [(Format::Text, None), (Format::Sarif, Some("x.sarif".into()))]);
        assert!(outputs(&["text", "json"], None).is_err());
        assert!(outputs(&["srif"], None).unwrap_err().to_string().contains("did you mean sarif?"));
    }
}
