//! The graphs of a plan in the languages of other tools, read back from its drawings.

use super::File;
use crate::diagram::{Model, Options, read};
use crate::document::{Block, Document};

/// Columns that a drawing may use; a plan may have been made wider than usual.
const WIDEST: usize = 1000;

/// One file a graph, that of the whole system first; bars and trees are no graphs.
pub fn graphs(document: &Document, ending: &str, print: fn(&Model) -> String) -> Vec<File> {
    let ascii = !document.text.contains('─');
    let options = Options { width: WIDEST, ascii };
    let graph = |block: &Block| {
        let name = block.key.strip_prefix("figure.").or_else(|| block.key.strip_suffix(".figure"))?;
        let model = read(document.raw(block.body.clone()), &options).into_iter().next()?;
        Some(File { name: format!("{name}.{ending}"), text: print(&model) })
    };
    let mut files: Vec<File> = document.blocks.iter().filter_map(graph).collect();
    files.sort_by_key(|file| !file.name.starts_with("system."));
    files
}
