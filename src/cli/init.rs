//! `archplan init`: a commented requirements file to start from.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;

use super::{Exit, report, write};
use crate::text::suggest;

/// Files that `init` writes, by preset.
const PRESETS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// Write a commented req.yaml; asks on a terminal, never otherwise
#[derive(Args)]
#[command(after_help = "Examples:
  archplan init                       req.yaml for a small system; asks four questions on a terminal
  archplan init shop.yaml --preset shop
  archplan init - --preset saas       print it
  archplan init --schema              also req.schema.json, which YAML editors then use
  archplan init --agents >> AGENTS.md")]
pub struct InitArgs {
    /// File to write; `-` prints
    #[arg(default_value = "req.yaml")]
    file: PathBuf,
    /// What to start from
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Answers as lines `name: value` instead of questions
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Write the JSON Schema beside the file too, and name it in the first line for editors
    #[arg(long)]
    schema: bool,
    /// Print the section that tells language models how to work with the plan, for AGENTS.md
    #[arg(long, conflicts_with_all = ["preset", "from", "schema"])]
    agents: bool,
    /// Overwrite an existing file
    #[arg(long)]
    force: bool,
}

/// What language models are told.
const AGENTS: &str = include_str!("../../templates/agents/AGENTS.md");

/// What is asked: placeholder line in the preset, question.
const QUESTIONS: [(&str, &str); 4] = [
    ("name", "Name of the system"),
    ("developers", "How many developers"),
    ("monthly", "Monthly active users"),
    ("cloud", "Cloud (aws, gcp, azure, hetzner, digitalocean, on-premises)"),
];

/// Runs the command.
///
/// # Errors
/// An unknown preset, an unreadable answers file, a file that cannot be written.
pub fn run(args: InitArgs) -> Result<Exit> {
    if args.agents {
        super::print(AGENTS)?;
        return Ok(Exit::Fine);
    }
    let name = args.preset.as_deref().unwrap_or("minimal");
    let Some((_, preset)) = PRESETS.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = PRESETS.iter().map(|(known, _)| *known).collect();
        let hint =
            suggest(name, names.iter().copied()).map(|found| format!("; did you mean {found}?")).unwrap_or_default();
        bail!("no preset `{name}`{hint} (there are {})", names.join(", "));
    };
    let print = args.file == Path::new("-");
    if !print && args.file.exists() && !args.force {
        eprintln!(
            "error: {} exists; nothing was written\n  fix: name another file, or overwrite it with --force",
            args.file.display()
        );
        return Ok(Exit::Choose);
    }
    let mut text = fill(preset, &answers(&args, print)?);
    let schema = schema_beside(&args.file);
    if let (true, Some(name)) = (args.schema, schema.file_name()) {
        text.insert_str(0, &format!("# yaml-language-server: $schema={}\n", name.to_string_lossy()));
    }
    let reading = crate::requirements::read(&args.file.display().to_string(), &text);
    if reading.requirements.is_none() {
        let first = reading.diagnostics.first().map(|finding| finding.message.clone()).unwrap_or_default();
        bail!("the answers do not make sound requirements: {first}");
    }
    if print {
        super::print(&text)?;
    } else {
        write::replace(&args.file, &text)?;
        if args.schema {
            write::replace(&schema, &format!("{:#}\n", crate::requirements::schema()))?;
        }
        eprintln!("{}: written; next: archplan new {}", args.file.display(), args.file.display());
    }
    Ok(Exit::Fine)
}

/// Where the schema of a requirements file goes: `req.schema.json` beside `req.yaml`.
fn schema_beside(file: &Path) -> PathBuf {
    if file == Path::new("-") { PathBuf::from("req.schema.json") } else { file.with_extension("schema.json") }
}

/// Answers by name: from a file, from a terminal, else none.
fn answers(args: &InitArgs, print: bool) -> Result<Vec<(&'static str, String)>> {
    if let Some(path) = &args.from {
        let text = String::from_utf8(report::bytes(path)?)
            .map_err(|_| anyhow::anyhow!("{} is no UTF-8 text", path.display()))?;
        return from_file(&text, path);
    }
    let mut out = Vec::new();
    if print || args.preset.is_some() || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(out);
    }
    let mut lines = std::io::stdin().lock().lines();
    for (name, question) in QUESTIONS {
        eprint!("{question} [keep]: ");
        std::io::stderr().flush()?;
        match lines.next() {
            Some(Ok(line)) if !line.trim().is_empty() => out.push((name, line.trim().to_string())),
            Some(Ok(_)) => {}
            _ => break,
        }
    }
    Ok(out)
}

fn from_file(text: &str, path: &Path) -> Result<Vec<(&'static str, String)>> {
    let mut out = Vec::new();
    for (number, line) in
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    {
        let pair = line.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
        let known = pair.and_then(|(name, value)| {
            QUESTIONS.iter().find(|(known, _)| *known == name).map(|(known, _)| (*known, value))
        });
        let Some((name, value)) = known else {
            let names: Vec<&str> = QUESTIONS.iter().map(|(name, _)| *name).collect();
            bail!(
                "{}:{}:1: `{}` is no answer; answers are {}",
                path.display(),
                number + 1,
                line.trim(),
                names.join(", ")
            );
        };
        out.push((name, value.to_string()));
    }
    Ok(out)
}

/// Replaces the value of the first line that has the key; the value is quoted as YAML text where it is a name.
fn fill(preset: &str, answers: &[(&'static str, String)]) -> String {
    let mut done: Vec<&str> = Vec::new();
    let mut out = String::new();
    for line in preset.lines() {
        let found =
            answers.iter().find(|(name, _)| !done.contains(name) && line.trim_start().starts_with(&format!("{name}:")));
        match found {
            Some((name, value)) => {
                let indent: String = line.chars().take_while(|c| *c == ' ').collect();
                let value =
                    if *name == "name" { serde_json::Value::String(value.clone()).to_string() } else { value.clone() };
                out.push_str(&format!("{indent}{name}: {value}\n"));
                done.push(name);
            }
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}
