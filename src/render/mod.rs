//! From a plan to Markdown: a view of finished strings, laid out by the templates under `templates/`. It computes nothing.

mod code;
mod context;
mod decisions;
pub mod difference;
pub mod explain;
pub mod fresh;
mod limits;
mod money;
mod system;
mod view;
mod work;

use self::view::view;
use minijinja::Environment;
use serde_json::Value as Json;

use crate::catalogue::Catalogue;
use crate::document::lines::Fence;
use crate::engine::counterfactual::Robustness;
use crate::facts::Facts;
use crate::plan::{Extent, Plan};
use crate::quantity::{Kind, Range, human};
use crate::requirements::Requirements;
use crate::text::markdown::prose;
use crate::text::plural::count;

/// How much of a plan is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// Summary, choices, core tasks.
    Brief,
    /// What the team works with.
    #[default]
    Standard,
    /// Every derivation too.
    Full,
}

/// How embedded files are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeForm {
    /// One patch for each task.
    #[default]
    Diff,
    /// Each file in a block of its own under its path.
    Files,
}

/// All templates by name.
const TEMPLATES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// Up to so many stated facts a plan is printed in its compact form.
const FEW_FACTS: usize = 20;

/// Blocks that say what only re-runs of the engine show.
pub const OF_RE_RUNS: [&str; 7] = [
    "summary",
    "context.targets",
    "context.assumptions",
    "context.questions",
    "decisions.pattern",
    "decisions.topics",
    "trace.values",
];

/// What a rendering needs.
pub struct Page<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Knowledge, for names, pros and cons.
    pub catalogue: &'a Catalogue,
    /// The stated lists and names.
    pub requirements: &'a Requirements,
    /// Base name of the requirements file.
    pub file: &'a str,
    /// How much is printed.
    pub depth: Depth,
}

/// The plan as Markdown, not sealed yet.
///
/// # Errors
/// A template is wrong; tests keep the embedded ones right.
pub fn markdown(page: &Page) -> Result<String, String> {
    markdown_with(page, CodeForm::Diff)
}

/// The same with a choice of how embedded files are printed.
///
/// # Errors
/// As [`markdown`].
pub fn markdown_with(page: &Page, form: CodeForm) -> Result<String, String> {
    if !page.plan.faults.is_empty() {
        return Err(page.plan.faults.join("\n"));
    }
    let environment = environment(page.catalogue)?;
    let template = environment.get_template("plan.md").map_err(|error| error.to_string())?;
    let text = template.render(minijinja::value::Serde(&view(page, form))).map_err(|error| format!("{error:#}"))?;
    Ok(tidy(&text))
}

/// Whether the templates of own catalogues can be read.
///
/// # Errors
/// The template, its line and what is wrong there.
pub fn check(catalogue: &Catalogue) -> Result<(), String> {
    environment(catalogue).map(drop)
}

fn environment(catalogue: &Catalogue) -> Result<Environment<'_>, String> {
    let mut environment = crate::text::template::environment()?;
    environment.set_loader(|name| {
        let embedded = TEMPLATES.iter().find(|(known, _)| *known == name && !name.starts_with("artefacts/"));
        Ok(embedded.map(|(_, text)| (*text).to_owned()))
    });
    for (name, text) in catalogue.templates.iter().filter(|(name, _)| !name.starts_with("artefacts/")) {
        environment.add_template(name, text).map_err(|error| format!("templates/{name}.j2: {error:#}"))?;
    }
    Ok(environment)
}

/// One blank line at most, none at the end, and none where a heading or the marks of two blocks separate well enough.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut blank, mut fence) = (true, None::<Fence>);
    for line in text.lines() {
        let line = line.trim_end();
        fence = match fence {
            Some(open) if open.closed_by(line) => None,
            None => Fence::opened_by(line),
            open => open,
        };
        if line.is_empty() && blank && fence.is_none() {
            continue;
        }
        blank = line.is_empty();
        if fence.is_none() && !blank && separated(&out, line) {
            out.truncate(out.trim_end().len() + 1);
        }
        out.push_str(line);
        out.push('\n');
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

/// Whether a line needs no blank line above: below a heading, and between the marks of two blocks or a block and a heading.
fn separated(text: &str, line: &str) -> bool {
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    let block = line.starts_with("<!-- ap-begin") || line.starts_with('#');
    (last.starts_with('#') && !line.starts_with('#')) || (last.starts_with("<!-- ap-end") && block)
}

fn view(page: &Page, form: CodeForm) -> Json {
    let facts = &page.plan.values;
    let marks = work::Marks::new(facts);
    let depth = match page.depth {
        Depth::Brief => "brief",
        Depth::Standard => "standard",
        Depth::Full => "full",
    };
    let brief = extent(page.depth, page.catalogue) == Extent::Brief;
    let unless_brief = |part: &dyn Fn(&Page) -> Json| if brief { Json::Null } else { part(page) };
    view!({
        "name": prose(&page.plan.project.name),
        "file": &page.file,
        "brief": page.depth == Depth::Brief,
        "full": page.depth == Depth::Full,
        "compact": compact(page),
        "depth": depth,
        "summary": summary(page),
        "context": context::view(page),
        "system": if brief { system::brief(page, &marks) } else { system::view(page, &marks) },
        "decisions": decisions::view(page),
        "work": work::view(page, &marks),
        "code": code::view(page, form, &marks),
        "staging": code::rehearsal(page),
        "cost": unless_brief(&money::cost),
        "recovery": unless_brief(&money::recovery),
        "trace": unless_brief(&work::trace),
        "facts": if page.depth == Depth::Full { derivations(facts) } else { Json::Array(Vec::new()) },
    })
}

/// How much of a plan a depth prints; templates of people may print anything at any depth.
#[must_use]
pub fn extent(depth: Depth, catalogue: &Catalogue) -> Extent {
    if depth == Depth::Brief && catalogue.templates.is_empty() { Extent::Brief } else { Extent::Whole }
}

/// Whether little is stated, so that little is printed: what nobody asked for is folded into single lines.
fn compact(page: &Page) -> bool {
    page.depth != Depth::Full && page.plan.values.stated() <= FEW_FACTS
}

/// One screen: pattern, stage, five numbers, what is fragile, what to do next.
fn summary(page: &Page) -> Json {
    let (plan, facts) = (page.plan, &page.plan.values);
    let node = plan.decision.tree.last();
    let why = node.map(|node| sentence(&node.because)).unwrap_or_default();
    let settled = plan.decision.pinned && plan.decision.tree_answer != plan.decision.pattern;
    let why =
        if settled { format!("settled by people; the tree answers {}: {why}", plan.decision.tree_answer) } else { why };
    // What is still open may change everything after it.
    let asks = |task: &&crate::plan::Task| task.key == "task.requirements.confirm" && !plan.questions.is_empty();
    let wave_one = || plan.tasks.iter().filter(|task| task.wave == 1 && task.phase == "core");
    let first = wave_one().filter(asks).chain(wave_one().filter(|task| !asks(task)));
    let next: Vec<String> = first.take(3).map(|task| format!("{} [{}]", task.id, task.title)).collect();
    let budget = facts.number("budget.monthly").zip(plan.cost.monthly).map(|(budget, cost)| {
        if cost.expected <= budget {
            format!("; within the budget of {}", human(Kind::Money, budget))
        } else {
            format!("; above the budget of {}", human(Kind::Money, budget))
        }
    });
    let numbers = [
        ("Peak rate", peak(facts)),
        ("Application", instances(facts)),
        (
            "Data",
            format!(
                "{} now, {} after {}",
                facts.human("data.size"),
                facts.human("data.horizon_size"),
                facts.human("users.horizon")
            ),
        ),
        (
            "Availability",
            format!(
                "{} composed, {} {}",
                percent(plan.availability.composed),
                percent(plan.availability.target),
                if facts.is_stated("targets.availability") { "stated" } else { "as default" }
            ),
        ),
        ("Cost", format!("{}{}", money(plan.cost.monthly), budget.unwrap_or_default())),
    ];
    view!({
        "pattern": facts.human("decision.pattern_name"),
        "why": why,
        "stage": format!("{} ({}), {} monthly users", plan.stage.number, plan.stage.name, facts.human("users.monthly")),
        "numbers": numbers.iter().map(|(name, value)| view!({"name": name, "value": value})).collect::<Vec<_>>(),
        "fragile": fragile(page),
        "next": next.join(", "),
        "about": plan.project.summary.as_deref().map(prose).unwrap_or_default(),
    })
}

fn peak(facts: &Facts) -> String {
    let rate = |path: &str| system::side_by_side(facts, path);
    let season = facts.number("traffic.seasonal_peak").unwrap_or(1.0);
    let seasonal =
        if season > 1.0 { format!(", {} in the season", rate("traffic.seasonal_rate")) } else { String::new() };
    format!("{}{seasonal}, {} on average", rate("traffic.peak"), rate("traffic.average"))
}

fn instances(facts: &Facts) -> String {
    if facts.word("decision.pattern") == Some("serverless") {
        return format!("functions, {} at the same time at peak", whole(facts, "functions.concurrency"));
    }
    let most = facts.number("capacity.app.max_instances").unwrap_or(0.0);
    let now = facts.number("capacity.app.instances").unwrap_or(0.0);
    let least = facts.number("capacity.app.min_instances").unwrap_or(now);
    let season = if most > now { format!(", {most:.0} at the seasonal peak") } else { String::new() };
    let base = if least < now { format!(" at peak, {least:.0} at least") } else { String::new() };
    format!(
        "{} of {} vCPU and {}{base}{season}",
        count(now, "instance"),
        facts.human("capacity.app.vcpu"),
        facts.human("capacity.app.memory")
    )
}

/// Findings above info and stated targets that are not reached, at most five; defaults are steps, not risks.
fn fragile(page: &Page) -> Vec<String> {
    let plan = page.plan;
    let unmet = plan.targets.iter().filter(|target| target.met == Some(false) && target.stated).map(|target| {
        format!(
            "stated target {} of {} is not reached: {}; {}",
            target.name.replace('_', " "),
            target.value,
            target.predicted.clone().unwrap_or_default(),
            escape(&target.because)
        )
    });
    let said: Vec<&str> = plan
        .targets
        .iter()
        .filter(|target| target.met == Some(false) && target.stated)
        .map(|target| target.name)
        .collect();
    let findings = plan
        .findings
        .iter()
        .filter(|finding| finding.severity != "info" && !said.iter().any(|name| finding.name.starts_with(name)))
        .map(|finding| format!("{} {}: {}", finding.rule, finding.name, escape(&finding.message)));
    let grade = |found: Option<&Robustness>| found.filter(|found| found.grade == "fragile").map(|found| found.share);
    let pattern =
        grade(plan.decision.robustness.as_ref()).map(|share| ("pattern", plan.decision.pattern.as_str(), share));
    let topics = plan.selections.iter().filter_map(|selection| {
        Some((
            selection.topic.as_str(),
            selection.choice.as_deref().unwrap_or("none"),
            grade(selection.robustness.as_ref())?,
        ))
    });
    let fragile = pattern.into_iter().chain(topics).map(|(topic, choice, share)| {
        let task = decisions::spike(page);
        format!("{topic} {}: {:.0}% of the variations keep it{task}", prose(choice), (share * 100.0).floor())
    });
    fragile.take(3).chain(unmet).chain(findings).take(6).collect()
}

fn derivations(facts: &Facts) -> Json {
    let rows = facts.iter().map(|(path, fact)| {
        let (origin, how) = match &fact.origin {
            crate::facts::Origin::Given { line, .. } => ("stated", format!("line {line}")),
            crate::facts::Origin::Default => ("default", escape(&fact.rule)),
            crate::facts::Origin::Derived { formula, .. } => ("computed", escape(formula)),
        };
        view!({"path": crate::text::markdown::code(path), "value": prose(&fact.human()), "origin": origin, "how": how})
    });
    Json::Array(rows.collect())
}

/// Text of ours for a table cell.
fn escape(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
}

fn sentence(text: &str) -> String {
    escape(text.trim_end_matches('.'))
}

fn whole(facts: &Facts, path: &str) -> String {
    facts.number(path).map_or_else(|| "unknown".to_string(), |number| human(Kind::Number, number.ceil()))
}

/// Shares near 1 with enough digits to tell them apart.
fn percent(share: f64) -> String {
    let value = share * 100.0;
    let digits =
        [1usize, 2, 3, 4].into_iter().find(|digits| (value - round_to(value, *digits)).abs() < 1e-9).unwrap_or(3);
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}%")
}

fn round_to(value: f64, digits: usize) -> f64 {
    let scale = 10f64.powi(i32::try_from(digits).unwrap_or(4));
    (value * scale).round() / scale
}

/// A monthly sum with its band; unknown when no price is known.
fn money(range: Option<Range>) -> String {
    match range {
        Some(range) => format!(
            "{} per month ({} to {})",
            human(Kind::Money, range.expected),
            human(Kind::Money, range.low),
            human(Kind::Money, range.high)
        ),
        None => "unknown: no price for this provider".to_string(),
    }
}
