//! The requirements language: its types, its reader, its JSON Schema.
//!
//! It must not know how anything is decided.

mod conduct;
mod edit;
mod field_type;
mod model;
mod names;
mod read;
mod residency;
mod rules;
mod schema;
mod structure;
#[cfg(test)]
mod tests;
mod words;

pub use crate::yaml::Stated;
pub use conduct::*;
pub use field_type::{FORMS, FieldType};
pub use model::*;
pub use read::{Reading, read, read_bytes, read_with, units};
pub use rules::ORDERS;
pub use schema::{LeafKey, keys, schema};
pub use structure::*;
pub use words::*;
