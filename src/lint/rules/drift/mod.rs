//! Family D: the plan against the requirements and the repository. One rule, one file, one page beside it.

pub mod d001_behind_requirements;
pub mod d002_missing_from_plan;
pub mod d003_no_longer_asked_for;
pub mod d004_suspect_tick;
pub mod d005_edited_and_changed;

use super::Rule;
use crate::lint::context::Sink;
use crate::lint::drift::Drift;

/// Looks for one rule.
pub type Check = fn(&Drift<'_>, &mut Sink);

/// Every rule of family D, by code.
pub const DRIFT: &[(Rule, Check)] = &[
    (d001_behind_requirements::RULE, d001_behind_requirements::check),
    (d002_missing_from_plan::RULE, d002_missing_from_plan::check),
    (d003_no_longer_asked_for::RULE, d003_no_longer_asked_for::check),
    (d004_suspect_tick::RULE, d004_suspect_tick::check),
    (d005_edited_and_changed::RULE, d005_edited_and_changed::check),
];
