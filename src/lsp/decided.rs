//! The plans behind requirements that are open: made when something asks for a value, once for a text.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Server;
use super::files::File;
use super::names::Occurrence;
use crate::facts::given::given;
use crate::plan::{self, Ids, Plan};

/// Plans by file, each with the text that it was made from.
#[derive(Default)]
pub struct Plans {
    made: BTreeMap<String, (String, Rc<Plan>)>,
    /// The names of the last sound text, by file.
    pub names: BTreeMap<String, Vec<Occurrence>>,
}

impl Server<'_> {
    /// What requirements decide; none when they have errors.
    pub(super) fn decided(&mut self, file: &File) -> Option<Rc<Plan>> {
        let text = file.text.as_str();
        if let Some((_, plan)) = self.plans.made.get(&file.uri).filter(|(made, _)| made == text) {
            return Some(Rc::clone(plan));
        }
        let reading = file.reading();
        let requirements = reading.requirements.as_ref()?;
        let options = plan::Options { re_runs: false, written: plan::Written::None, ..plan::Options::default() };
        let plan =
            plan::build(self.catalogue, requirements, given(reading), file.name(), &mut Ids::default(), &options);
        let plan = Rc::new(plan);
        self.plans.made.insert(file.uri.clone(), (text.to_owned(), Rc::clone(&plan)));
        Some(plan)
    }
}
