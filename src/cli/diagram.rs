//! `archplan diagram`: draws a graph model as text, or reads a drawing back.

use crate::diagram::{self, Model, Options};
use anyhow::Context as _;
use std::process::ExitCode;

/// Arguments of `archplan diagram`.
#[derive(Debug, clap::Args)]
pub struct DiagramArgs {
    /// Graph model as JSON or YAML; `-` is stdin.
    pub file: String,
    /// Most columns of a line.
    #[arg(long, default_value_t = 100)]
    pub width: usize,
    /// 7-bit characters instead of box drawing.
    #[arg(long)]
    pub ascii: bool,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = DiagramFormat::Text)]
    pub format: DiagramFormat,
    /// Read this drawing back and compare it with FILE; `-` is stdin.
    #[arg(long, value_name = "TEXT")]
    pub verify: Option<String>,
}

/// Forms of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DiagramFormat {
    /// Box-and-arrow text.
    Text,
    /// One document with the drawings, their nodes and edges.
    Json,
    /// Mermaid flowchart in fenced blocks.
    Mermaid,
    /// D2.
    D2,
    /// Graphviz DOT.
    Dot,
    /// Structurizr DSL.
    Structurizr,
}

/// Runs the command; the exit code follows the contract (0 fine, 1 findings, errors are 2).
///
/// # Errors
/// When the file cannot be read or is no graph model.
pub fn run(args: &DiagramArgs) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(&args.file).with_context(|| format!("cannot read {}", args.file))?;
    let model: Model = serde_yaml::from_str(&text).with_context(|| format!("{} is no graph model", args.file))?;
    let options = Options { width: args.width, ascii: args.ascii };
    if let Some(path) = &args.verify {
        let drawing = read(path)?;
        let findings = diagram::verify(&drawing, &model, &options);
        match args.format {
            DiagramFormat::Json => {
                println!("{}", serde_json::json!({"schema": "archplan-diagram-findings/1", "findings": findings}))
            }
            _ => findings.iter().for_each(|f| println!("{f}")),
        }
        return Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) });
    }
    let drawings = || diagram::draw(&model, &options);
    match args.format {
        DiagramFormat::Text => {
            let texts: Vec<String> = drawings().into_iter().map(|d| d.text).collect();
            print!("{}", texts.join("\n"));
        }
        DiagramFormat::Json => {
            println!("{}", serde_json::json!({"schema": "archplan-diagram/1", "drawings": drawings()}))
        }
        DiagramFormat::Mermaid => print!("{}", diagram::export::mermaid(&model)),
        DiagramFormat::D2 => print!("{}", diagram::export::d2(&model)),
        DiagramFormat::Dot => print!("{}", diagram::export::dot(&model)),
        DiagramFormat::Structurizr => print!("{}", diagram::export::structurizr(&model)),
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &str) -> anyhow::Result<String> {
    let text = if path == "-" { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(path) };
    text.with_context(|| format!("cannot read {path}"))
}
