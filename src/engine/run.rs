//! One run of the engine as a list of steps, in the order in which one needs the other's facts.
//!
//! A step talks to later ones through facts alone, so that a re-run may leave out every step whose facts did not change.

use std::rc::Rc;

use super::cost::{self, Cost, PriceView};
use super::latency::Latency;
use super::recovery::Recovery;
use super::select::Selection;
use super::tree::Decision;
use super::{Core, Model};
use super::{
    again, app, availability, data, database, embedded, inputs, items, latency, overlay, placement, recovery, regions,
    rehearsal, resilience, scaling, select, stages, structure, supporting, tree, unknown, volumes,
};
use crate::catalogue::Topic;
use crate::facts::Facts;

/// A run on its way.
pub(crate) struct Run<'m> {
    model: &'m Model<'m>,
    /// Every value so far.
    pub facts: Facts,
    prices: Rc<PriceView<'m>>,
    decision: Decision,
    selections: Vec<Selection>,
    latency: Latency,
    availability: availability::Availability,
    recovery: Recovery,
    cost: Cost,
    /// Whether the bill has a line without a price; none until a bill is made.
    pub lacks_price: Option<bool>,
    /// Topics that this re-run ranked, with how far the first run's choice is ahead.
    pub leads: Vec<(String, f64)>,
}

/// A part of a run.
#[derive(Clone, Copy)]
pub(crate) enum Step<'m> {
    /// A formula family.
    Call(fn(&mut Run)),
    /// A choice.
    Choose(&'m Topic),
}

/// The steps, and how many of them it takes until everything is decided.
pub(crate) struct Steps<'m> {
    /// In order.
    pub all: Vec<Step<'m>>,
    /// Later ones do not count for the pattern.
    pub pattern: usize,
    /// Later ones measure what was decided.
    pub decisions: usize,
    /// Later ones say what rules and readers want to know of it.
    pub measures: usize,
    /// Later ones say what readers of the plan alone want to know.
    conclusions: usize,
}

/// Topics from this place on are decided when all sizes are known.
const FIRST_LATE: f64 = 3.0;

const UNTIL_EARLY: [fn(&mut Run); 8] = [
    |run| inputs::defaults(&mut run.facts, run.model.catalogue),
    |run| regions::collect(&mut run.facts, run.model.catalogue),
    |run| structure::collect(&mut run.facts, run.model.requirements),
    |run| inputs::load(&mut run.facts, &run.model.numbers),
    |run| inputs::dependent(&mut run.facts, run.model.catalogue, run.model.requirements, &run.model.numbers),
    |run| stages::place(&mut run.facts, run.model.catalogue),
    |run| recovery::objectives(&mut run.facts),
    |run| run.price(),
];

/// Early topics stand before the tree, because it compares the cost of functions with that of instances.
const UNTIL_PATTERN: [fn(&mut Run); 3] = [
    |run| app::service_time(&mut run.facts, run.model.catalogue, &run.model.numbers),
    |run| app::economics(&mut run.facts, run.model.catalogue, &run.model.numbers),
    |run| run.pattern(),
];

/// The framework depends on the pattern and may settle the CPU time of a request.
const UNTIL_SIZES: [fn(&mut Run); 12] = [
    |run| app::service_time(&mut run.facts, run.model.catalogue, &run.model.numbers),
    |run| data::entities(&mut run.facts, run.model.requirements, &run.model.numbers),
    |run| data::collect(&mut run.facts, run.model.requirements, &run.model.numbers),
    |run| database::load(&mut run.facts, &run.model.numbers),
    |run| run.decision.overlays = overlay::decide(&mut run.facts, run.model.catalogue),
    |run| overlay::zones(&mut run.facts),
    |run| run.decision.placement = placement::decide(&mut run.facts, run.model.catalogue, run.model.requirements),
    |run| app::instances(&mut run.facts, run.model.catalogue, run.model.requirements, &run.model.numbers),
    |run| database::size(&mut run.facts, run.model.catalogue, &run.model.numbers),
    |run| volumes::collect(&mut run.facts, &run.model.numbers),
    |run| supporting::collect(&mut run.facts, run.model.requirements, &run.model.numbers),
    |run| resilience::collect(&mut run.facts, run.model.requirements, &run.model.numbers),
];

const MEASURES: [fn(&mut Run); 8] = [
    |run| database::bought(&mut run.facts, run.model.catalogue, &run.prices, &run.model.numbers),
    |run| resilience::ceilings(&mut run.facts, &run.model.numbers),
    |run| supporting::memory(&mut run.facts, run.model.catalogue, &run.model.numbers),
    |run| run.latency = latency::compute(&mut run.facts, run.model.requirements, &run.model.numbers),
    |run| {
        let Model { catalogue, requirements, numbers, .. } = run.model;
        run.availability = availability::compute(&mut run.facts, catalogue, requirements, numbers);
    },
    |run| run.recovery = recovery::compute(&mut run.facts, run.model.catalogue, &run.model.numbers),
    |run| database::disk(&mut run.facts, run.model.catalogue, &run.prices, &run.model.numbers),
    |run| run.bill(),
];

/// For rules and readers alone: nothing is decided or measured by it.
const CONCLUSIONS: [fn(&mut Run); 4] = [
    |run| unknown::collect(&mut run.facts, run.model.catalogue, run.model.requirements),
    |run| scaling::least(&mut run.facts, run.model.catalogue, run.model.requirements, &run.model.numbers),
    |run| super::unfollowed(&mut run.facts),
    |run| items::integrations(&mut run.facts, run.model.requirements, &run.model.numbers),
];

/// For readers of the plan alone.
const DESCRIPTIONS: [fn(&mut Run); 7] = [
    |run| items::describe(&mut run.facts, run.model.requirements),
    |run| cost::machines(&mut run.facts, run.model.catalogue, &run.prices),
    |run| rehearsal::put(&mut run.facts),
    |run| embedded::situations(&mut run.facts, run.model.catalogue),
    |run| embedded::artefacts(&mut run.facts, run.model.catalogue),
    |run| embedded::sign_in(&mut run.facts, run.model.requirements),
    |run| embedded::by_hand(&mut run.facts, run.model.catalogue, &run.cost.lines),
];

/// The steps of a run with these topics.
pub(crate) fn steps(topics: &[Topic]) -> Steps<'_> {
    let calls = |list: &[fn(&mut Run)]| list.iter().map(|call| Step::Call(*call)).collect::<Vec<Step>>();
    let choices = |which: fn(&Topic) -> bool| topics.iter().filter(move |topic| which(topic)).map(Step::Choose);
    let mut all: Vec<Step> = calls(&UNTIL_EARLY);
    all.extend(choices(|topic| topic.early));
    all.extend(calls(&UNTIL_PATTERN));
    let pattern = all.len();
    all.extend(choices(|topic| !topic.early && topic.order < FIRST_LATE));
    all.extend(calls(&UNTIL_SIZES));
    all.extend(choices(|topic| !topic.early && topic.order >= FIRST_LATE));
    let decisions = all.len();
    all.extend(calls(&MEASURES));
    let measures = all.len();
    all.extend(calls(&CONCLUSIONS));
    let conclusions = all.len();
    all.extend(calls(&DESCRIPTIONS));
    Steps { all, pattern, decisions, measures, conclusions }
}

impl<'m> Run<'m> {
    /// Ready for the first step.
    pub fn new(model: &'m Model<'m>, facts: Facts) -> Self {
        Self {
            model,
            facts,
            // The first steps settle where prices are looked up.
            prices: Rc::new(PriceView::none()),
            decision: Decision::default(),
            selections: Vec::new(),
            latency: Latency::default(),
            availability: availability::Availability::default(),
            recovery: Recovery::default(),
            cost: Cost::default(),
            lacks_price: None,
            leads: Vec::new(),
        }
    }

    /// Does one step.
    pub fn step(&mut self, step: Step<'m>) {
        match step {
            Step::Call(call) => call(self),
            Step::Choose(topic) => self.choose(topic),
        }
    }

    /// The price list depends on these two and is no fact.
    fn choose(&mut self, topic: &Topic) {
        let _ = (self.facts.get("stack.cloud"), self.facts.get("stack.regions"));
        if self.facts.is_rerun() {
            if let Some(lead) = again::decide(&mut self.facts, self.model.catalogue, &self.prices, topic) {
                self.leads.push((topic.id.clone(), lead));
            }
        } else {
            let selection = select::decide(&mut self.facts, self.model.catalogue, &self.prices, topic);
            self.selections.push(selection);
        }
    }

    fn pattern(&mut self) {
        let Model { catalogue, requirements, .. } = self.model;
        self.decision = if self.facts.is_rerun() {
            tree::answer(&self.facts, catalogue)
        } else {
            tree::decide(&self.facts, catalogue)
        };
        super::pattern_facts(&mut self.facts, catalogue, requirements, &self.decision);
    }

    /// Looks the prices up.
    pub fn price(&mut self) {
        self.prices = Rc::new(PriceView::of(&self.facts, self.model.catalogue, &self.model.numbers));
    }

    fn bill(&mut self) {
        if self.facts.is_rerun() {
            let topics = &self.model.catalogue.topics;
            self.selections = topics.iter().map(|topic| again::taken(&self.facts, topic)).collect();
        }
        self.cost = super::bill(&mut self.facts, self.model.catalogue, &self.prices, &self.selections);
        self.lacks_price = Some(!self.cost.unknown.is_empty());
    }

    /// The prices in force, to go back to them between re-runs.
    pub fn prices(&self) -> Rc<PriceView<'m>> {
        Rc::clone(&self.prices)
    }

    /// Goes back to these prices.
    pub fn with_prices(&mut self, prices: &Rc<PriceView<'m>>) {
        if !Rc::ptr_eq(&self.prices, prices) {
            self.prices = Rc::clone(prices);
        }
    }

    /// What the run came to.
    pub fn core(self) -> Core {
        let Self { facts, decision, selections, latency, availability, recovery, cost, .. } = self;
        Core { facts, decision, selections, latency, availability, recovery, cost }
    }
}

/// All steps, one after the other; logged when the facts are. Without `described`, what readers of the plan alone want to know stays out.
pub(super) fn whole(model: &Model, given: Facts, described: bool) -> Core {
    let mut run = Run::new(model, given);
    let Steps { all, conclusions, .. } = steps(&model.catalogue.topics);
    let count = if described { all.len() } else { conclusions };
    for step in all.into_iter().take(count) {
        run.step(step);
        run.facts.end();
    }
    run.core()
}
