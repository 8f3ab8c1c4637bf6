//! The laboratory: one re-run of the engine with some facts stated differently, and the answers that it gives.

use std::rc::Rc;

use super::super::cost::PriceView;
use super::super::run::{Run, Steps, steps};
use super::super::{Core, Model};
use crate::facts::{Facts, Timeline};
use crate::quantity::Value;

/// Re-runs over the timeline of a first run.
pub(crate) struct Lab<'m> {
    run: Run<'m>,
    steps: Steps<'m>,
    prices: Rc<PriceView<'m>>,
    /// The first run.
    pub base: Rc<Timeline>,
    /// Paths of the answers: the pattern, then each topic in the order decided.
    questions: Vec<String>,
    /// The answers of the first run.
    pub now: Vec<String>,
    lacks_price: bool,
}

/// An answer of a re-run that is not the one of the first run: which, and what it is (none for not needed).
pub(super) type Turned = (usize, Option<String>);

impl<'m> Lab<'m> {
    /// A laboratory for the run that the timeline logged.
    pub fn new(model: &'m Model<'m>, timeline: Timeline, core: &Core) -> Self {
        let base = Rc::new(timeline);
        let mut run = Run::new(model, Facts::rerun(Rc::clone(&base)));
        run.facts.finish();
        run.price();
        let topics = core.selections.iter().map(|selection| format!("selection.{}", selection.topic));
        let questions: Vec<String> = std::iter::once("decision.pattern".to_string()).chain(topics).collect();
        let now = questions.iter().map(|path| core.facts.word(path).unwrap_or_default().to_string()).collect();
        let prices = run.prices();
        let lacks_price = !core.cost.unknown.is_empty();
        Self { run, steps: steps(&model.catalogue.topics), prices, base, questions, now, lacks_price }
    }

    /// How many steps decide.
    pub fn decisions(&self) -> usize {
        self.steps.decisions + 1
    }

    /// Begins a re-run: nothing is different yet.
    pub fn restart(&mut self) -> &mut Facts {
        self.run.facts.restart();
        self.run.leads.clear();
        self.run.with_prices(&self.prices);
        &mut self.run.facts
    }

    /// Runs until everything is decided.
    pub fn decide(&mut self) {
        self.until(self.steps.decisions);
    }

    /// Runs until everything is measured.
    pub fn whole(&mut self) -> &Facts {
        self.until(self.steps.measures);
        &self.run.facts
    }

    /// Runs until everything is measured; the expected cost of a month in US dollars, none when a line has no price.
    pub fn cost(&mut self) -> Option<f64> {
        self.run.lacks_price = None;
        self.whole();
        let lacks = self.run.lacks_price.unwrap_or(self.lacks_price);
        self.run.facts.number("cost.monthly").filter(|_| !lacks)
    }

    fn until(&mut self, end: usize) {
        for (at, step) in self.steps.all.iter().take(end).enumerate() {
            if self.run.facts.begin(at + 1) {
                self.run.step(*step);
                self.run.facts.end();
            }
        }
        self.run.facts.finish();
    }

    /// States these values; the pattern that results, when it is another one.
    pub fn pattern(&mut self, changes: &[(&str, Value)]) -> Option<String> {
        let facts = self.restart();
        for (path, value) in changes {
            facts.state(path, value.clone());
        }
        self.until(self.steps.pattern);
        let pattern = self.run.facts.word("decision.pattern")?;
        (self.now.first().is_some_and(|now| now != pattern)).then(|| pattern.to_string())
    }

    /// Topics that the last re-run ranked again, with how far the first run's choice is ahead there.
    pub fn leads(&self) -> &[(String, f64)] {
        &self.run.leads
    }

    /// Answers that differ from those of the first run.
    pub fn turned(&self) -> Vec<Turned> {
        let rows = self.questions.iter().zip(&self.now).enumerate();
        rows.filter_map(|(at, (path, now))| {
            let then = self.run.facts.word(path).unwrap_or_default();
            (then != now).then(|| (at, Some(then.to_string()).filter(|then| then != "none" || self.is_named(path))))
        })
        .collect()
    }

    /// Some topics have a candidate of the name `none`, which is another answer than "not needed".
    fn is_named(&self, path: &str) -> bool {
        self.run.facts.word(&format!("{path}.name")).is_some_and(|name| name != "none")
    }

    /// States these values and says which answers turn.
    pub fn with(&mut self, changes: &[(&str, Value)]) -> Vec<Turned> {
        let facts = self.restart();
        for (path, value) in changes {
            facts.state(path, value.clone());
        }
        self.decide();
        self.turned()
    }
}
