//! Printers: one file per format.

pub mod concise;
pub mod json;
pub mod text;

use crate::text::Source;

/// The text that a finding points into, empty when it is not known.
fn source(sources: &[Source], index: usize) -> &str {
    sources.get(index).map_or("", |source| source.text.as_str())
}
