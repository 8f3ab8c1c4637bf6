//! Stub.
use super::Requirements;
use crate::yaml::{Fault, Node, Stated};
use crate::diagnostic::Severity;
pub(super) fn check(_t: &Node, _s: &[Stated]) -> Vec<Fault> { Vec::new() }
pub(super) fn severity(_r: crate::diagnostic::rules::Named) -> Severity { Severity::Error }
pub(super) fn number_features(r: &mut Requirements) { for (i, f) in r.features.iter_mut().enumerate() { if f.id.is_empty() { f.id = format!("F{}", i + 1); } } }
