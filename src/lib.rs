//! archplan: requirements in, a backend architecture plan out.
#![forbid(unsafe_code)]

pub mod catalogue;
pub mod cli;
pub mod diagnostic;
pub mod lint;
pub mod quantity;
pub mod render;
pub mod requirements;
pub mod text;
pub mod yaml;
