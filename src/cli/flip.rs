//! `archplan flip`: the smallest changes that change a decision, and how surely each one stands.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::scenario::{self, Format, Source};
use crate::catalogue::Catalogue;
use crate::engine::counterfactual::relax::Unmet;
use crate::engine::counterfactual::{Flip, Robustness, change_said};
use crate::engine::{self, Design, Effort};
use crate::facts::given::given;
use crate::facts::registry;
use crate::quantity::{Kind, human};
use crate::render::difference::table;
use crate::text::suggest;

/// The smallest changes that change a decision
#[derive(Args)]
#[command(after_help = "Examples:
  archplan flip req.yaml                       every decision
  archplan flip req.yaml pattern               the base pattern alone
  archplan flip req.yaml database --format md  one topic, for a pull request

Every change was found by running the engine with it; `archplan what-if` shows all that it does.")]
pub struct FlipArgs {
    /// Requirements file; `-` reads standard input
    req: PathBuf,
    /// `pattern` or a topic such as database; all when left out
    topic: Option<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.flip/1";

/// The answer as data.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    /// The pattern, then every topic.
    decisions: Vec<Decision>,
    /// Facts that nobody stated, most effective first.
    questions: Vec<Question>,
    /// Stated limits that are not met, with ways out; only when all decisions are asked for.
    unmet: Vec<Unmet>,
}

/// A decision with what turns it.
#[derive(Serialize, JsonSchema)]
struct Decision {
    /// `pattern` or a topic.
    topic: String,
    /// The answer; none for "not needed".
    choice: Option<String>,
    /// How it came about, such as `computed`, `stated` or `settled`.
    decided: &'static str,
    /// How surely it stands; none where nothing was to be chosen.
    robustness: Option<Robustness>,
    /// The smallest changes that turn it.
    flips: Vec<Flip>,
}

/// A fact that nobody stated, with what it can change.
#[derive(Serialize, JsonSchema)]
struct Question {
    /// The key to state.
    path: String,
    /// What the answer can change.
    flips: Vec<Flip>,
}

/// Runs the command.
///
/// # Errors
/// Unreadable input, a topic that does not exist.
pub fn run(args: &FlipArgs) -> Result<Exit> {
    scenario::answered(args.format, SCHEMA, answer(args))
}

fn answer(args: &FlipArgs) -> Result<Exit> {
    let source = Source::open(&args.req)?;
    let reading = source.reading(&[]);
    let Some(requirements) = &reading.requirements else {
        source.refuse(&reading, args.format, SCHEMA)?;
        return Ok(Exit::Usage);
    };
    let catalogue: &Catalogue = Box::leak(Box::new(super::knowledge::catalogue()?));
    let design = engine::decide(catalogue, requirements, given(&reading), "", Effort { re_runs: true, ahead: false });
    let mut answer = collect(design);
    if let Some(topic) = &args.topic {
        let names: Vec<String> = answer.decisions.iter().map(|decision| decision.topic.clone()).collect();
        answer.decisions.retain(|decision| decision.topic == *topic);
        if answer.decisions.is_empty() {
            let near = suggest(topic, names.iter().map(String::as_str));
            let hint =
                near.map_or_else(|| format!("there are: {}", names.join(", ")), |name| format!("did you mean {name}?"));
            anyhow::bail!("no decision `{topic}`; {hint}");
        }
        let of = |flip: &Flip| flip.topic.as_deref().unwrap_or("pattern") == topic;
        for question in &mut answer.questions {
            question.flips.retain(of);
        }
        answer.questions.retain(|question| !question.flips.is_empty());
        answer.unmet.clear();
    }
    if args.format == Format::Json {
        scenario::data(SCHEMA, &answer)?;
    } else {
        super::print(&text(&answer, args))?;
    }
    Ok(Exit::Fine)
}

fn collect(design: Design) -> Answer {
    let pattern = Decision {
        topic: "pattern".into(),
        decided: if design.decision.pinned { "settled" } else { "computed" },
        choice: Some(design.decision.pattern),
        robustness: design.decision.robustness,
        flips: design.decision.flips,
    };
    let topics = design.selections.into_iter().map(|selection| Decision {
        topic: selection.topic,
        choice: selection.choice,
        decided: selection.decided,
        robustness: selection.robustness,
        flips: selection.flips,
    });
    let inquiries = design.found.questions.into_iter();
    Answer {
        unmet: design.found.unmet,
        decisions: std::iter::once(pattern).chain(topics).collect(),
        questions: inquiries.map(|inquiry| Question { path: inquiry.path, flips: inquiry.flips }).collect(),
    }
}

fn text(answer: &Answer, args: &FlipArgs) -> String {
    let form = args.format.form();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut firm: Vec<String> = Vec::new();
    for decision in &answer.decisions {
        let stands = decision
            .robustness
            .as_ref()
            .map_or_else(String::new, |found| format!("{} {:.0}%", found.grade, (found.share * 100.0).floor()));
        let name = decision.choice.clone().unwrap_or_else(|| "none".to_string());
        if decision.flips.is_empty() {
            firm.push(format!("{} ({name})", decision.topic));
        }
        for (at, flip) in decision.flips.iter().enumerate() {
            let change = flip.change.iter().map(change_said).collect::<Vec<_>>().join(" and ").replace('`', "");
            let first = at == 0;
            rows.push(vec![
                if first { decision.topic.clone() } else { String::new() },
                if first { name.clone() } else { String::new() },
                if first { stands.clone() } else { String::new() },
                change,
                flip.to.clone().unwrap_or_else(|| "none".to_string()),
            ]);
        }
    }
    let head = ["Decision", "Now", "Robustness", "Change", "Gives"];
    let mut out = table(form, "Smallest changes that change a decision", &head, &rows);
    let asked: Vec<Vec<String>> = answer
        .questions
        .iter()
        .map(|question| vec![question.path.clone(), format!("{} answer(s) hang on it", question.flips.len())])
        .collect();
    out.push_str(&table(form, "Not stated, most effect first", &["Fact", "Effect"], &asked));
    let ways = |unmet: &Unmet| {
        let said =
            unmet.relaxations.iter().flat_map(|way| &way.change).map(|change| change_said(change).replace('`', ""));
        let said: Vec<String> = said.collect();
        if said.is_empty() { "no single change that a team can decide".to_string() } else { said.join(", or ") }
    };
    let kind = |path: &str| registry::kind_of(path).unwrap_or(Kind::Number);
    let missed: Vec<Vec<String>> = answer
        .unmet
        .iter()
        .map(|unmet| {
            let show = |number: f64| human(kind(&unmet.path), number);
            vec![unmet.path.clone(), show(unmet.wanted), show(unmet.reached), ways(unmet)]
        })
        .collect();
    out.push_str(&table(form, "Stated, not reached", &["Limit", "Wanted", "Reached", "Met with"], &missed));
    if !firm.is_empty() {
        out.push_str(&format!("No single change turns: {}\n", firm.join(", ")));
    }
    out
}
