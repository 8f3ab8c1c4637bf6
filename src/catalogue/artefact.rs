//! Entries that put files into a plan: `patterns/artefacts/`. They know templates by name only.

use schemars::JsonSchema;
use serde::Deserialize;

use super::work::Fields;
use super::{DoneWhen, Scope};
use crate::facts::{Condition, Text};
use crate::packed::Late;

/// Files that belong together: one CODE task, one patch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtefactEntry {
    /// File name, kebab-case.
    pub id: String,
    /// `CODE-1.1`, declared for ever; for `each` other than plan its group counts and instances get numbers from 101.
    pub task: String,
    /// Permanent key, `code.GROUP.NAME`; instances append the item's name.
    pub key: String,
    /// What it is called.
    pub title: Text,
    /// What it is for.
    pub doc: Late<String>,
    /// When it belongs in a plan.
    pub when: Condition,
    /// What the task is repeated for.
    #[serde(default)]
    pub each: Scope,
    /// `core`, `scale` or `optimize`.
    pub phase: String,
    /// `standard` or `full`: the least depth of a plan that shows it.
    #[serde(default)]
    pub depth: ArtefactDepth,
    /// Keys of tasks that come first.
    #[serde(default)]
    pub after: Late<Vec<String>>,
    /// Further fields of the task, printed in this order.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Text>")]
    pub fields: Late<Fields>,
    /// What proves that it is done, beside its files.
    #[serde(default)]
    pub done_when: Late<Vec<DoneWhen>>,
    /// Facts that it rests on.
    #[serde(default)]
    pub facts: Late<Vec<String>>,
    /// Rows of the seed inventory.
    #[serde(default)]
    pub covers: Late<Vec<String>>,
    /// The files, in the order of the patch.
    pub files: Late<Vec<FileEntry>>,
    /// Seed, documentation or specification.
    pub source: Late<String>,
    /// First version that had it.
    pub since: Late<String>,
    /// Requirements and what must come of them.
    #[serde(default)]
    pub examples: Late<Vec<serde_json::Value>>,
}

/// The least depth of a plan that shows an artefact.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ArtefactDepth {
    /// What the team works with.
    #[default]
    Standard,
    /// Everything.
    Full,
}

/// One file, or one for each item.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its path: MiniJinja text.
    pub path: String,
    /// What checks it, such as `openapi` or `dockerfile`.
    pub kind: String,
    /// Its template below `templates/`, with the ending `.j2`.
    pub template: String,
    /// `644` or `755`.
    #[serde(default = "plain")]
    pub mode: u32,
    /// When it belongs in the patch.
    #[serde(default)]
    pub when: Condition,
    /// What the file is repeated for.
    #[serde(default)]
    pub each: Scope,
}

fn plain() -> u32 {
    644
}
