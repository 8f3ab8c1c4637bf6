//! Contradictions as smallest sets: which stated values cannot hold together. Every member is proved by a run without it, under which the
//! finding is silent; so no member can be left out.

use crate::catalogue::Catalogue;
use crate::engine::findings::Finding as Decided;
use crate::engine::judge;
use crate::facts::Facts;
use crate::facts::given::given;
use crate::requirements::{self, Reading};

/// The most stated values that are tried for one finding; each costs a run.
const MOST: usize = 24;

/// What a search works on.
pub struct Search<'a> {
    /// The knowledge.
    pub catalogue: &'a Catalogue,
    /// The requirements as they stand.
    pub reading: &'a Reading,
    /// Every value that they come to.
    pub values: &'a Facts,
}

impl Search<'_> {
    /// The findings with the stated values that bring them about: of warnings and errors that rest on several.
    #[must_use]
    pub fn explain(&self, decided: &[Decided]) -> Vec<Decided> {
        let mut out = decided.to_vec();
        for finding in out.iter_mut().filter(|finding| finding.waived.is_none() && finding.severity != "info") {
            let set = self.smallest(finding);
            if set.len() > 1 {
                let names: Vec<String> = set.iter().map(|path| format!("`{path}`")).collect();
                finding.message.push_str(&format!("; {} cannot hold together", names.join(", ")));
                finding.facts.extend(set.into_iter().filter(|path| !finding.facts.contains(path)).collect::<Vec<_>>());
            }
        }
        out
    }

    /// Takes away one value after the other for as long as the finding stays.
    fn smallest(&self, finding: &Decided) -> Vec<String> {
        let mut behind: Vec<String> = Vec::new();
        for path in &finding.facts {
            for (_, path) in self.values.chain(path) {
                if self.values.is_stated(&path) && !behind.contains(&path) {
                    behind.push(path);
                }
            }
        }
        // What is nearest to the finding is kept where one of several would do.
        let mut without: Vec<(String, String)> = Vec::new();
        let mut set: Vec<String> = Vec::new();
        for path in behind.into_iter().take(MOST).rev() {
            without.push((path.clone(), "null".to_owned()));
            if self.speaks(finding, &without) != Some(true) {
                without.pop();
                set.push(path);
            }
        }
        // A value without which the file says too little proves nothing by its absence.
        set.retain(|path| {
            let alone: Vec<_> = without.iter().cloned().chain([(path.clone(), "null".to_owned())]).collect();
            self.speaks(finding, &alone) == Some(false)
        });
        set.reverse();
        set
    }

    /// Whether a finding is there without some of the values; none when the rest is no sound file.
    fn speaks(&self, finding: &Decided, without: &[(String, String)]) -> Option<bool> {
        let source = self.reading.sources.first()?;
        let reading = requirements::read_with(&source.name, &source.text, without);
        let requirements = reading.requirements.as_ref()?;
        let (_, found) = judge(self.catalogue, requirements, given(&reading), &source.name);
        Some(found.iter().any(|other| other.rule == finding.rule && other.facts.first() == finding.facts.first()))
    }
}
