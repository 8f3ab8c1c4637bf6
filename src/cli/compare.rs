//! `archplan compare`: the same requirements with several values of a fact, side by side.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::Exit;
use super::scenario::{self, Format, Source};
use super::what_if::Set;
use crate::plan::Plan;
use crate::plan::difference::{FIRST, answers, total};
use crate::render::difference::table;

/// The same requirements with several values of a fact, side by side
#[derive(Args)]
#[command(after_help = "Examples:
  archplan compare req.yaml --set stack.cloud=aws,gcp,hetzner
  archplan compare req.yaml --set team.developers=4,9,20 --format md
  archplan compare req.yaml --set 'stack.regions=[eu-central-1],[us-east-1]'
  archplan compare req.yaml --set stack.cloud=aws,gcp --set traffic.peak=400/s,4k/s   every combination")]
pub struct CompareArgs {
    /// Requirements file; `-` reads standard input
    req: PathBuf,
    /// A fact and its values, separated by commas outside of brackets; repeatable
    #[arg(long, value_name = "PATH=A,B,C", required = true)]
    set: Vec<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.compare/1";

/// More columns than this cannot be read.
const MOST: usize = 12;

/// The answer as data.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    /// One for each combination of values.
    columns: Vec<Column>,
}

/// What comes of one combination.
#[derive(Serialize, JsonSchema)]
struct Column {
    /// The values.
    set: Vec<Set>,
    /// Topics and their answers.
    decisions: Map<String, Json>,
    /// Paths and their values in the canonical unit; null is unknown.
    numbers: Map<String, Json>,
    /// Low, expected and high cost of a month; null is unknown.
    cost: Json,
    /// How many tasks the plan has.
    tasks: usize,
    /// Names of the targets that are not met.
    unmet_targets: Vec<String>,
    /// Names of the rules that speak as warning or error.
    findings: Vec<String>,
    #[serde(skip)]
    shown: Vec<(String, String)>,
}

/// Runs the command.
///
/// # Errors
/// Unreadable input, an edit that is none, too many columns.
pub fn run(args: &CompareArgs) -> Result<Exit> {
    scenario::answered(args.format, SCHEMA, answer(args))
}

fn answer(args: &CompareArgs) -> Result<Exit> {
    let mut wanted: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for text in &args.set {
        let (path, values) = scenario::set(text)?;
        let values = split(&values);
        let each = |sets: &Vec<(String, String)>| {
            let longer =
                values.iter().map(|value| sets.iter().cloned().chain([(path.clone(), value.clone())]).collect());
            longer.collect::<Vec<Vec<(String, String)>>>()
        };
        wanted = wanted.iter().flat_map(each).collect();
    }
    match wanted.len() {
        1 => bail!("one value is nothing to compare; `archplan what-if` compares it with the file as it stands"),
        number if number > MOST => bail!("{number} columns cannot be read side by side; at most {MOST} combinations"),
        _ => {}
    }
    let source = Source::open(&args.req)?;
    let mut columns = Vec::new();
    for sets in wanted {
        match source.plan(&sets)? {
            Ok(plan) => columns.push(column(sets, &plan)),
            Err(reading) => {
                source.refuse(&reading, args.format, SCHEMA)?;
                return Ok(Exit::Usage);
            }
        }
    }
    if args.format == Format::Json {
        scenario::data(SCHEMA, &Answer { columns })?;
    } else {
        super::print(&text(&columns, args.format))?;
    }
    Ok(Exit::Fine)
}

/// At commas outside of brackets and quotes.
fn split(text: &str) -> Vec<String> {
    let (mut depth, mut quote, mut out) = (0_i32, None, vec![String::new()]);
    for c in text.chars() {
        match (quote, c) {
            (Some(end), _) if c == end => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out.iter().map(|part| part.trim().to_string()).filter(|part| !part.is_empty()).collect()
}

fn column(sets: Vec<(String, String)>, plan: &Plan) -> Column {
    let facts = &plan.values;
    let unmet = plan.targets.iter().filter(|target| target.met == Some(false));
    let unmet_targets: Vec<String> = unmet.map(|target| target.name.to_string()).collect();
    let speaking = plan.findings.iter().filter(|finding| finding.severity != "info");
    let findings: Vec<String> = speaking.map(|finding| finding.name.clone()).collect();
    let mut shown = answers(plan);
    let numbers = FIRST.iter().filter(|path| **path != "cost.monthly");
    shown.extend(numbers.map(|path| {
        let value = facts.human(path);
        ((*path).to_string(), if value.is_empty() { "unknown".to_string() } else { value })
    }));
    let list = |words: &[String]| if words.is_empty() { "none".to_string() } else { words.join(", ") };
    shown.push(("targets not met".into(), list(&unmet_targets)));
    shown.push(("findings".into(), findings.len().to_string()));
    shown.push(("tasks".into(), plan.tasks.len().to_string()));
    shown.push(("cost of a month".into(), total(plan)));
    let choices = answers(plan).into_iter().map(|(name, answer)| (name, Json::from(answer)));
    let known =
        FIRST.iter().map(|path| ((*path).to_string(), facts.get(path).map_or(Json::Null, |fact| fact.value.machine())));
    Column {
        set: sets.into_iter().map(|(path, value)| Set { path, value }).collect(),
        decisions: choices.collect(),
        numbers: known.collect(),
        cost: serde_json::to_value(plan.cost.monthly).unwrap_or(Json::Null),
        tasks: plan.tasks.len(),
        unmet_targets,
        findings,
        shown,
    }
}

/// The pattern and the cost always, of everything else what differs.
fn text(columns: &[Column], format: Format) -> String {
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in columns.iter().flat_map(|column| &column.shown) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let value = |column: &Column, name: &str| {
        column
            .shown
            .iter()
            .find(|(other, _)| other == name)
            .map_or_else(|| "none".to_string(), |(_, value)| value.clone())
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let heads: Vec<String> = columns
        .iter()
        .map(|column| column.set.iter().map(|set| set.value.clone()).collect::<Vec<_>>().join(" / "))
        .collect();
    let paths: Vec<String> =
        columns.first().map(|c| c.set.iter().map(|set| set.path.clone()).collect()).unwrap_or_default();
    if format == Format::Text {
        rows.push(std::iter::once(paths.join(" / ")).chain(heads.iter().cloned()).collect());
    }
    let mut same = 0;
    for name in names {
        let values: Vec<String> = columns.iter().map(|column| value(column, name)).collect();
        let differs = values.iter().any(|value| Some(value) != values.first());
        if differs || ["pattern", "cost of a month"].contains(&name.as_str()) {
            rows.push(std::iter::once(name.clone()).chain(values).collect());
        } else {
            same += 1;
        }
    }
    let title = format!("{} side by side", paths.join(" and "));
    let names = paths.join(" / ");
    let head: Vec<&str> = std::iter::once(names.as_str()).chain(heads.iter().map(String::as_str)).collect();
    format!("{}{same} more rows are the same in every column.\n", table(format.form(), &title, &head, &rows))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn values_are_split_outside_of_brackets_and_quotes() {
        assert_eq!(split("aws, gcp,hetzner"), ["aws", "gcp", "hetzner"]);
        assert_eq!(split("[a, b],[c]"), ["[a, b]", "[c]"]);
        assert_eq!(split("\"a, b\",c"), ["\"a, b\"", "c"]);
    }
}
