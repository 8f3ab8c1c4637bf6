//! Cost: lines of quantity x dated price, their bands, and the total.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Numbers;
use super::options::{BreakEvenPoint, PayOption};
use crate::catalogue::price::Quote;
use crate::catalogue::{Catalogue, Offer, PricingLine};
use crate::facts::Facts;
use crate::quantity::{Kind, Range, human};

/// A line of the monthly bill.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What it is part of.
    pub component: String,
    /// What is paid for.
    pub item: String,
    /// Units of a month.
    pub quantity: Range,
    /// One unit.
    pub unit: String,
    /// Price of one unit in US dollars; none when unknown.
    pub unit_price: Option<f64>,
    /// US dollars of a month; none when the price is unknown.
    pub monthly: Option<Range>,
    /// `fixed`, `stepped` or `linear` in load.
    pub basis: String,
    /// Permanent id of the price.
    pub price_id: Option<String>,
    /// Date of the price.
    pub as_of: Option<String>,
    /// `found` or `memory`.
    pub confidence: Option<String>,
    /// Why there is no price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Path of the fact that counts units.
    pub from: String,
}

impl Line {
    /// What people settled and the catalogue does not have: on the bill, without a price.
    pub(super) fn unknown(component: &str, choice: &str, topic: &str) -> Self {
        Self {
            component: component.to_owned(),
            item: choice.to_owned(),
            quantity: Range::exactly(1.0),
            unit: "unknown".into(),
            unit_price: None,
            monthly: None,
            basis: "unknown".into(),
            price_id: None,
            as_of: None,
            confidence: None,
            because: Some("the catalogue does not have it".into()),
            from: format!("selection.{topic}"),
        }
    }
}

/// The prices of the stated provider and regions.
pub struct PriceView<'a> {
    cloud: String,
    quotes: BTreeMap<&'a str, Quote<'a>>,
    bands: [Range; 3],
}

impl<'a> PriceView<'a> {
    /// No price at all: what a run begins with.
    pub(super) fn none() -> Self {
        Self { cloud: String::new(), quotes: BTreeMap::new(), bands: [Range::exactly(1.0); 3] }
    }

    pub(super) fn of(facts: &Facts, catalogue: &'a Catalogue, numbers: &Numbers) -> Self {
        let cloud = facts.word("stack.cloud").unwrap_or("aws").to_string();
        let regions = facts.words("stack.regions");
        let usd_per_eur = numbers.get("usd_per_eur").expected;
        let quotes = catalogue.prices.get(&cloud).map(|book| book.quotes(regions, usd_per_eur)).unwrap_or_default();
        let bands = [numbers.get("band.found-fresh"), numbers.get("band.found-old"), numbers.get("band.memory")];
        Self { cloud, quotes, bands }
    }

    /// Found prices are fresh for 12 months before the newest price of the catalogue: the plan knows no today.
    fn band(&self, confidence: &str, as_of: &str) -> Range {
        let [fresh, old, memory] = self.bands;
        match confidence {
            "found" if as_of >= "2025-11" => fresh,
            "found" => old,
            _ => memory,
        }
    }

    /// What an offer costs a month; none when a price is unknown.
    pub(super) fn monthly(&self, facts: &Facts, offer: &Offer) -> Option<f64> {
        self.bought(facts, offer).into_iter().map(|line| self.expected(facts, line)).sum()
    }

    /// The bill of an offer.
    pub(super) fn lines(&self, component: &str, facts: &Facts, offer: &Offer) -> Vec<Line> {
        let bought = self.bought(facts, offer).into_iter();
        bought.map(|line| self.line(component, line, facts)).filter(|line| line.quantity.high > 0.0).collect()
    }

    /// The lines that are paid: those of no way, and those of the cheapest way with a price, the first of equals.
    fn bought<'o>(&self, facts: &Facts, offer: &'o Offer) -> Vec<&'o PricingLine> {
        let mut applying: Vec<&PricingLine> =
            offer.pricing.iter().filter(|line| line.when.holds(facts, None)).collect();
        let cost = |way: &str| -> Option<f64> {
            let own = applying.iter().filter(|line| line.way.as_deref() == Some(way));
            own.map(|line| self.expected(facts, line)).sum()
        };
        let mut best: Option<(&str, f64)> = None;
        for way in applying.iter().filter_map(|line| line.way.as_deref()) {
            let cost = cost(way).unwrap_or(f64::INFINITY);
            best = best.filter(|(_, least)| *least <= cost).or(Some((way, cost)));
        }
        if let Some((best, _)) = best {
            applying.retain(|line| line.way.as_deref().is_none_or(|way| way == best));
        }
        applying
    }

    /// Ids of the numbers of disk operations that a copy gets with what is bought, and that it can be given for a fee; none where no
    /// line says it.
    pub(super) fn iops<'o>(&self, facts: &Facts, offer: &'o Offer) -> (Option<&'o str>, Option<&'o str>) {
        let lines = self.bought(facts, offer);
        let own = lines.iter().find_map(|line| line.iops.as_deref());
        (own, lines.iter().find_map(|line| line.most_iops.as_deref()))
    }

    /// The machine that an offer is billed by: the first of its paid lines that is one.
    pub(super) fn machine(&self, facts: &Facts, offer: &Offer) -> Option<Machine<'_>> {
        // The price list depends on these two and is no fact.
        let _ = (facts.get("stack.cloud"), facts.get("stack.regions"));
        self.bought(facts, offer).into_iter().find_map(|line| {
            let row = self.quotes.get(line.role.as_str())?.row;
            let is_machine = row.machine.is_some() || row.vcpu.is_some() || row.memory_gb.is_some();
            let hours = facts.number(&line.quantity).filter(|_| is_machine)?;
            let count = hours / super::app::HOURS * row.machines.unwrap_or(1.0);
            Some(Machine { name: row.machine.as_deref(), count, vcpu: row.vcpu, memory_gb: row.memory_gb })
        })
    }

    fn expected(&self, facts: &Facts, line: &PricingLine) -> Option<f64> {
        let quote = self.quotes.get(line.role.as_str())?;
        Some(quote.row.cost(facts.number(&line.quantity).unwrap_or(0.0)) * quote.factor.expected)
    }

    fn line(&self, component: &str, line: &PricingLine, facts: &Facts) -> Line {
        let quantity = facts.range(&line.quantity).unwrap_or(Range::exactly(0.0));
        let mut out = Line {
            component: component.to_string(),
            item: line.item.clone(),
            quantity,
            unit: String::new(),
            unit_price: None,
            monthly: None,
            basis: line.basis.clone(),
            price_id: None,
            as_of: None,
            confidence: None,
            because: None,
            from: line.quantity.clone(),
        };
        let Some(quote) = self.quotes.get(line.role.as_str()) else {
            out.because = Some(format!("no price for {} on {}", line.role, self.cloud));
            return out;
        };
        let band = self.band(&quote.row.confidence, &quote.row.as_of);
        let at = |quantity: f64| quote.row.cost(quantity);
        let factor = quote.factor;
        let low = at(quantity.low) * factor.low.min(factor.expected) * band.low;
        let expected = at(quantity.expected) * factor.expected;
        let high = at(quantity.high) * factor.high.max(factor.expected) * band.high;
        out.item = format!("{} ({}{})", line.item, quote.row.item, allowance(quote.row, quantity.expected));
        out.unit.clone_from(&quote.row.unit);
        out.unit_price = Some(quote.row.price * factor.expected);
        out.monthly = Some(Range { low: low.min(expected), expected, high: high.max(expected) });
        out.price_id = Some(quote.id.clone());
        out.as_of = Some(quote.row.as_of.to_string());
        out.confidence = Some(quote.row.confidence.to_string());
        out
    }
}

/// A machine of the price list.
pub(super) struct Machine<'a> {
    /// The name by which it is ordered.
    pub name: Option<&'a str>,
    /// How many are paid for the whole month.
    pub count: f64,
    /// vCPU of one.
    pub vcpu: Option<f64>,
    /// Memory of one in GB.
    pub memory_gb: Option<f64>,
}

/// What is ordered for each topic, by the names of the bill, so that files which build it name the same.
pub(super) fn machines(facts: &mut Facts, catalogue: &Catalogue, prices: &PriceView) {
    for topic in &catalogue.topics {
        let offer = super::select::offered(facts, catalogue, &topic.id);
        let machine = offer.and_then(|offer| prices.machine(facts, offer));
        let Some((machine, name)) = machine.and_then(|machine| machine.name.map(|name| (machine.count, name))) else {
            continue;
        };
        let path = format!("selection.{}", topic.id);
        let inputs = [path.as_str(), "stack.cloud", "stack.regions"];
        facts.derive(format!("{path}.machine"), name, "machine of the first line of its bill", &inputs);
        facts.derive(
            format!("{path}.machines"),
            machine,
            "how many of them the bill pays for the whole month",
            &inputs,
        );
    }
}

/// The whole bill.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Cost {
    /// Sum of the lines with a price.
    pub monthly: Option<Range>,
    /// The seed's range for the stage.
    pub seed_range: Option<SeedRange>,
    /// The lines.
    pub lines: Vec<Line>,
    /// Cost at each stage.
    pub by_stage: Vec<StageCost>,
    /// Changes that save, found by re-running.
    pub levers: Vec<Lever>,
    /// Total cost of ownership; the reason when it cannot be known.
    pub tco: Tco,
    /// Return on investment; the reason when it cannot be known.
    pub roi: Roi,
    /// Cheaper ways to pay for the same design.
    pub options: Vec<PayOption>,
    /// Loads at which another way to buy is cheaper.
    pub break_evens: Vec<BreakEvenPoint>,
    /// Lines without a price.
    pub unknown: Vec<String>,
}

/// The seed's monthly cost range of a stage, in US dollars.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SeedRange {
    /// Least.
    pub low: f64,
    /// Most.
    pub high: f64,
}

/// The cost at a stage.
#[derive(Clone, Debug, Serialize)]
pub struct StageCost {
    /// 1 to 5.
    pub stage: u8,
    /// US dollars of a month.
    pub monthly: Option<Range>,
}

/// A change that saves.
#[derive(Clone, Debug, Serialize)]
pub struct Lever {
    /// The change.
    pub change: String,
    /// US dollars of a month.
    pub saves: f64,
}

/// Total cost of ownership over the horizon.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tco {
    /// Months.
    pub months: f64,
    /// Infrastructure in US dollars.
    pub infrastructure: Option<f64>,
    /// Third parties in US dollars; none when not stated.
    pub third_party: Option<f64>,
    /// People in US dollars; none when not stated.
    pub personnel: Option<f64>,
    /// Sum of what is known.
    pub total: Option<f64>,
    /// What is missing.
    pub because: String,
}

/// Return on investment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Roi {
    /// (benefit - cost) / cost of a month; none when a side is not stated.
    pub ratio: Option<f64>,
    /// The formula, or what is missing.
    pub because: String,
}

/// The sum of the lines with a price; none when no line has one.
#[must_use]
pub fn total(lines: &[Line]) -> Option<Range> {
    let mut known = lines.iter().filter_map(|line| line.monthly).peekable();
    known.peek()?;
    Some(known.fold(Range::exactly(0.0), Range::plus))
}

/// Quantities that follow what users ask for: a further region takes its part of them from the first instead of adding to them.
const FOLLOWS_REQUESTS: [&str; 14] = [
    "capacity.cdn.gb",
    "capacity.cdn.requests_ten_thousands",
    "capacity.egress.gb",
    "capacity.requests.monthly_millions",
    "capacity.files.requests_thousands",
    "capacity.logs.gb",
    "capacity.traces.millions",
    "capacity.broker.monthly_millions",
    "capacity.analytics.scan_tb",
    "capacity.database.read_units",
    "functions.request_millions",
    "functions.request_gb_seconds",
    "functions.workload_millions",
    "functions.gb_seconds",
];

/// What the regions beside the first cost: in each of them the part of the standing lines that its recovery tier keeps running. Unknown
/// for a tier without the number `recovery.tier.ID.cost-factor`, and where no other line has a price.
pub(super) fn further_regions(facts: &mut Facts, catalogue: &Catalogue, lines: &[Line]) -> Option<Line> {
    let wanted = facts.words("overlays").iter().any(|overlay| overlay.starts_with("multi-region"));
    let tier = facts.word("selection.recovery-tier").filter(|_| wanted)?.to_string();
    let regions = (facts.number("regions.count").unwrap_or(1.0) - 1.0).max(1.0);
    let formula = "regions beside the first; one that is still to be named where none is stated";
    facts.derive("recovery.further_regions", regions, formula, &["stack.regions", "overlays"]);
    let name = catalogue.technology("recovery-tier", &tier).map_or(tier.as_str(), |technology| &technology.name);
    let mut line = Line {
        component: "Further regions".into(),
        item: name.to_string(),
        quantity: Range::exactly(regions),
        unit: "region".into(),
        unit_price: None,
        monthly: None,
        basis: "linear".into(),
        price_id: None,
        as_of: None,
        confidence: None,
        because: None,
        from: "recovery.further_regions".into(),
    };
    let id = format!("recovery.tier.{tier}.cost-factor");
    let standing: Vec<Line> =
        lines.iter().filter(|line| !FOLLOWS_REQUESTS.contains(&line.from.as_str())).cloned().collect();
    let (Some(number), Some(sum)) = (catalogue.numbers.get(&id), total(&standing)) else {
        line.because = Some(format!("no number {id}, or no other line with a price"));
        return Some(line);
    };
    let share = number.range().map(|factor| (factor - 1.0).max(0.0));
    facts.derive("recovery.region_share", share, format!("number {id} less 1"), &["selection.recovery-tier"]);
    line.item = format!("{name}: {:.0}% in each of the lines that do not follow requests", share.expected * 100.0);
    line.unit_price = Some(sum.expected * share.expected);
    line.monthly = Some(sum.zip(share, |sum, share| sum * share * regions));
    line.as_of = Some(number.as_of.to_string());
    line.confidence = Some(number.confidence.to_string());
    Some(line)
}

/// What makes an amount less than quantity times price: free units, and cheaper ones from a quantity on.
fn allowance(row: &crate::catalogue::price::Price, quantity: f64) -> String {
    let units = |count: f64| format!("{} {}", human(Kind::Number, count), &*row.unit);
    let free = (row.free > 0.0).then(|| format!(", {} free", units(row.free)));
    let tier = row.tiers.first().filter(|tier| quantity > tier.from);
    let tier = tier.map(|tier| format!(", ${} above {}", tier.price, units(tier.from)));
    [free, tier].into_iter().flatten().collect()
}

/// The sum of the lines in a month from now: fixed ones stay, others follow the users, and what is stored follows its own growth where
/// that is faster.
#[must_use]
pub fn at_month(facts: &Facts, lines: &[Line], month: f64) -> f64 {
    let users = facts.number("users.growth").unwrap_or(1.0).powf(month);
    let factor = |line: &Line| match line.basis.as_str() {
        "fixed" => 1.0,
        _ => users.max(1.0 + stored(facts, &line.from) * month),
    };
    lines.iter().filter_map(|line| Some(line.monthly?.expected * factor(line))).sum()
}

/// What a quantity of stored bytes grows by in a month, as a share of today's; 0 for other quantities.
fn stored(facts: &Facts, quantity: &str) -> f64 {
    let number = |path: &str| facts.number(path).unwrap_or(0.0);
    let share = |more: f64, now: f64| if now > 0.0 { (more / now).max(0.0) } else { 0.0 };
    match quantity {
        "capacity.files.gb" => share(number("data.files.growth"), number("data.files.size")),
        "capacity.database.storage_gb" | "capacity.database.server_storage_gb" | "capacity.search.gb" => {
            // What is deleted by age does not pile up.
            let (now, then) = (number("data.size"), number("data.horizon_size"));
            share((then - now) / super::inputs::horizon_months(facts).max(1.0), now)
        }
        _ => 0.0,
    }
}

/// TCO and ROI from stated people cost and benefit.
pub(super) fn ownership(facts: &Facts, cost: &mut Cost) {
    let months = super::inputs::horizon_months(facts);
    let month = |month: f64| at_month(facts, &cost.lines, month);
    let infrastructure = cost.monthly.map(|_| super::formulas::ownership(month, months));
    let third_party = facts.number("budget.third_party").map(|monthly| monthly * months);
    let people = facts
        .number("team.monthly_cost")
        .zip(facts.number("team.developers"))
        .map(|(each, number)| each * number * months);
    let known = [infrastructure, third_party, people];
    let total = infrastructure.map(|_| known.iter().flatten().sum());
    let missing: Vec<&str> =
        [(third_party, "third parties (`budget.third_party`)"), (people, "people (`team.monthly_cost`)")]
            .iter()
            .filter(|(value, _)| value.is_none())
            .map(|(_, name)| *name)
            .collect();
    let because = if missing.is_empty() {
        "infrastructure + third parties + people over the horizon".to_string()
    } else {
        format!("not stated: {}", missing.join(", "))
    };
    cost.tco = Tco { months, infrastructure, third_party, personnel: people, total, because };
    let monthly = total.map(|total: f64| total / months);
    cost.roi = match (facts.number("budget.expected_benefit"), monthly, people) {
        (Some(benefit), Some(monthly), Some(_)) if monthly > 0.0 => Roi {
            ratio: Some((benefit - monthly) / monthly),
            because: "(benefit - TCO of a month) / TCO of a month".into(),
        },
        (None, ..) => Roi { ratio: None, because: "not stated: `budget.expected_benefit`".into() },
        _ => Roi { ratio: None, because: "not stated: `team.monthly_cost`".into() },
    };
}
