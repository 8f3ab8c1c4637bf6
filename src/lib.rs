//! archplan: requirements in, a backend architecture plan out.
#![forbid(unsafe_code)]

pub mod cli;
pub mod diagram;
