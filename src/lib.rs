//! archplan: requirements in, a backend architecture plan out.
#![forbid(unsafe_code)]

pub mod artefact;
pub mod catalogue;
pub mod cli;
pub mod diagnostic;
pub mod diagram;
pub mod document;
pub mod engine;
pub mod export;
pub mod facts;
pub mod identity;
pub mod lint;
pub mod lsp;
pub mod merge;
pub mod packed;
pub mod plan;
pub mod quantity;
pub mod render;
pub mod requirements;
pub mod text;
pub mod yaml;
