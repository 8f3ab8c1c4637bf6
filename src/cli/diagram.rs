//! `archplan diagram`: draws a graph model, a requirements file or a plan as text, exports the graph, or reads a drawing back.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value as Json, json};

use super::report;
use crate::diagram::{self, Drawing, Finding, Model, Options, export};
use crate::facts::given::given;
use crate::merge;
use crate::plan::{self, Ids};

/// Draw a graph, a requirements file or a plan as text, export the graph, or read a drawing back
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  archplan diagram graph.yaml                        draw nodes, edges and clusters
  archplan diagram req.yaml --width 72               the system figure of the plan
  archplan diagram TODO_backend-architect.md --figure event-flow --format mermaid
  archplan diagram --verify drawing.txt graph.yaml   every difference between drawing and graph, exit 1
  archplan diagram --verify drawing.txt              what is wrong with the drawing itself")]
pub struct DiagramArgs {
    /// Graph model (JSON or YAML), requirements or plan; `-` is standard input
    #[arg(required_unless_present = "verify")]
    file: Option<String>,
    /// Most columns of a line, at least 24
    #[arg(long, default_value_t = 100)]
    width: usize,
    /// 7-bit characters instead of box drawing
    #[arg(long)]
    ascii: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = DiagramFormat::Text)]
    format: DiagramFormat,
    /// Figure of a requirements file or a plan; `all` for each
    #[arg(long, default_value = "system", value_name = "NAME")]
    figure: String,
    /// Read this drawing back and compare it with FILE; `-` is standard input
    #[arg(long, value_name = "TEXT")]
    verify: Option<String>,
}

/// Forms of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DiagramFormat {
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

/// A graph with its name; no name for the one graph of a model file.
struct Named {
    name: String,
    model: Model,
}

/// Runs the command; the exit code follows the contract (0 fine, 1 findings, errors are 2).
///
/// # Errors
/// When the file cannot be read, is no graph, or has no such figure.
pub fn run(args: &DiagramArgs) -> Result<ExitCode> {
    match answer(args) {
        Err(error) if args.format == DiagramFormat::Json => {
            super::print(&format!("{}\n", json!({"schema": "archplan-diagram/1", "error": format!("{error:#}")})))?;
            Err(error)
        }
        other => other,
    }
}

fn answer(args: &DiagramArgs) -> Result<ExitCode> {
    let options = Options { width: args.width, ascii: args.ascii };
    let graphs = args.file.as_deref().map(|file| graphs(file, args, &options)).transpose()?;
    let Some(drawing) = &args.verify else {
        super::print(&printed(args.format, &graphs.unwrap_or_default(), &options))?;
        return Ok(ExitCode::SUCCESS);
    };
    if drawing == "-" && args.file.as_deref() == Some("-") {
        bail!("drawing and graph cannot both come from standard input");
    }
    let text = read(drawing)?;
    let findings = match graphs.as_deref() {
        None => diagram::verify_form(&text, &options),
        Some([graph]) => diagram::verify(&text, &graph.model, &options),
        Some(_) => bail!("a drawing is compared with one graph: choose it with `--figure NAME`"),
    };
    super::print(&found(args.format, &findings))?;
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn found(format: DiagramFormat, findings: &[Finding]) -> String {
    if format == DiagramFormat::Json {
        return format!("{}\n", json!({"schema": "archplan-diagram-findings/1", "findings": findings}));
    }
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}

/// The graphs of a file, told by its content.
fn graphs(file: &str, args: &DiagramArgs, options: &Options) -> Result<Vec<Named>> {
    let text = read(file)?;
    let all = if merge::is_plan(&text) {
        of_plan(&text, options)
    } else if text.lines().any(|line| line.starts_with("archplan:")) {
        of_requirements(file, &text, options)?
    } else {
        // JSON is YAML too, but read faster as what it is.
        let model: Model = serde_json::from_str(&text)
            .or_else(|_| serde_yaml::from_str(&text))
            .with_context(|| format!("{file} is no graph model, no requirements file and no plan"))?;
        let faults = model.faults();
        if !faults.is_empty() {
            bail!("{file}: {}", faults.join("\n"));
        }
        return Ok(vec![Named { name: String::new(), model }]);
    };
    if args.figure == "all" {
        return Ok(all);
    }
    let names: Vec<String> = all.iter().map(|graph| graph.name.clone()).collect();
    let chosen: Vec<Named> = all.into_iter().filter(|graph| graph.name == args.figure).collect();
    if chosen.is_empty() {
        bail!("{file} has no figure `{}` that is a graph; it has: {}", args.figure, names.join(", "));
    }
    Ok(chosen)
}

/// Figures of a plan, read back from their text: the block around a figure names it.
fn of_plan(text: &str, options: &Options) -> Vec<Named> {
    let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(options.width);
    let wide = Options { width: widest.max(options.width) * 2, ..*options };
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("<!-- ap-begin: ") {
        let key = after.split_whitespace().next().unwrap_or_default();
        let name = if key == "system.figure" { Some("system") } else { key.strip_prefix("figure.") };
        let (body, next) = after.split_once("<!-- ap-end: ").unwrap_or((after, ""));
        if let Some(name) = name {
            let graph = diagram::read(body, &wide).into_iter().next();
            out.extend(graph.map(|model| Named { name: name.to_owned(), model }));
        }
        rest = next;
    }
    out
}

fn of_requirements(file: &str, text: &str, options: &Options) -> Result<Vec<Named>> {
    let reading = crate::requirements::read(file, text);
    let Some(requirements) = reading.requirements.as_ref() else {
        bail!("{file} has errors; `archplan lint {file}` lists them");
    };
    let catalogue = super::knowledge::catalogue()?;
    let how = plan::Options {
        width: options.width,
        ascii: options.ascii,
        re_runs: false,
        written: plan::Written::None,
        ..plan::Options::default()
    };
    let plan = plan::build(&catalogue, requirements, given(&reading), file, &mut Ids::default(), &how);
    let graphs = plan.diagrams.into_iter().filter_map(|figure| Some(Named { name: figure.name, model: figure.model? }));
    Ok(graphs.collect())
}

fn printed(format: DiagramFormat, graphs: &[Named], options: &Options) -> String {
    let drawn = |graph: &Named| diagram::draw(&graph.model, options);
    let texts = |drawings: Vec<Drawing>| drawings.into_iter().map(|d| d.text).collect::<Vec<_>>().join("\n");
    let each = |form: &dyn Fn(&Named) -> String, comment: &str| match graphs {
        [only] => form(only),
        several => several.iter().map(|g| format!("{comment}{}\n{}", g.name, form(g))).collect::<Vec<_>>().join("\n"),
    };
    match format {
        DiagramFormat::Text => each(&|graph| texts(drawn(graph)), "# "),
        DiagramFormat::Json => {
            let document = match graphs {
                [only] => json!({"schema": "archplan-diagram/1", "drawings": drawn(only)}),
                several => {
                    let rows = several.iter().map(|g| json!({"name": g.name, "drawings": drawn(g)}));
                    json!({"schema": "archplan-diagram/1", "figures": rows.collect::<Vec<Json>>()})
                }
            };
            format!("{document}\n")
        }
        DiagramFormat::Mermaid => each(&|graph| export::mermaid(&graph.model), "# "),
        DiagramFormat::D2 => each(&|graph| export::d2(&graph.model), "# "),
        DiagramFormat::Dot => each(&|graph| export::dot(&graph.model), "// "),
        DiagramFormat::Structurizr => each(&|graph| export::structurizr(&graph.model), "// "),
    }
}

fn read(path: &str) -> Result<String> {
    let bytes = report::bytes(Path::new(path))?;
    String::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))
}
