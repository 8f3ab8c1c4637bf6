//! The catalogue: what the program knows, as data. Loads and checks `patterns/`; decides nothing.

pub mod artefact;
pub mod choice;
pub mod coverage;
pub mod knowledge;
mod load;
pub mod own;
pub mod policy;
pub mod price;
mod tree;
pub mod work;

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::packed::Late;
pub use artefact::{ArtefactDepth, ArtefactEntry, FileEntry};
pub use choice::{Criterion, Node, Offer, Overlay, Pattern, PricingLine, Stage, Technology, Topic};
pub use knowledge::{DefaultValue, LeverEntry, Number, Region, Regions, Situation, Size, Tool};
pub use price::{Price, PriceBook};
pub use work::{Control, DoneWhen, FigureEntry, Mend, QaRow, RuleEntry, Scope, TaskEntry};

/// Everything known, checked when loaded; lists stand in the order that the engine uses them.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Decision trees by name.
    pub trees: BTreeMap<String, Vec<Node>>,
    /// The base patterns.
    pub patterns: Vec<Pattern>,
    /// The stages, first to last.
    pub stages: Vec<Stage>,
    /// What candidates are ranked by.
    pub criteria: Vec<Criterion>,
    /// Defaults of the requirements language.
    pub defaults: Vec<DefaultValue>,
    /// Overlays by file name.
    pub overlays: Vec<Overlay>,
    /// Topics in the order in which they are decided.
    pub topics: Vec<Topic>,
    /// Technologies by topic, by file name.
    pub technologies: BTreeMap<String, Vec<Late<Technology>>>,
    /// Price books by provider.
    pub prices: BTreeMap<String, Late<PriceBook>>,
    /// Numbers by id.
    pub numbers: BTreeMap<String, Number>,
    /// Where the regions of the providers stand.
    pub regions: Regions,
    /// Conditions with a name, in order: later ones may ask for earlier ones.
    pub situations: Vec<Situation>,
    /// Changes that may save money.
    pub levers: Vec<LeverEntry>,
    /// Programs that check the files of plans; own catalogues name none, so that no repository says what is started.
    pub tools: Vec<Tool>,
    /// Size classes, smallest first.
    pub sizes: Vec<Size>,
    /// Tasks in the order of their files.
    pub tasks: Vec<TaskEntry>,
    /// Security and compliance controls.
    pub controls: Vec<Control>,
    /// Files that a plan embeds, by task.
    pub artefacts: Vec<ArtefactEntry>,
    /// Templates of own catalogues by name, such as `sections/qa.md`; they replace embedded ones; none in the embedded catalogue.
    pub templates: BTreeMap<String, String>,
    /// Architecture rules by code.
    pub rules: Vec<RuleEntry>,
    /// Rows of the quality checklist.
    pub qa: Vec<QaRow>,
    /// Figures in the order of a plan.
    pub figures: Vec<FigureEntry>,
}

impl Catalogue {
    /// The catalogue that the program carries.
    ///
    /// # Errors
    /// The entry and what is wrong with it; tests keep this from happening.
    pub fn embedded() -> Result<Self, String> {
        load::embedded()
    }

    /// The same with everything decoded at once, every fault with its file: for tests and checks.
    ///
    /// # Errors
    /// All entries that are wrong, one per line.
    pub fn complete() -> Result<Self, String> {
        load::assemble(load::embedded_files())
    }

    /// The technologies of a topic, by file name; none of an unknown one.
    pub fn candidates(&self, topic: &str) -> impl Iterator<Item = &Technology> {
        self.technologies.get(topic).into_iter().flatten().map(Late::deref)
    }

    /// The technology of a topic with this id.
    #[must_use]
    pub fn technology(&self, topic: &str, id: &str) -> Option<&Technology> {
        self.candidates(topic).find(|technology| technology.id == id)
    }

    /// The base pattern with this id.
    #[must_use]
    pub fn pattern(&self, id: &str) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| pattern.id == id)
    }
}
