//! Family D: the plan against the requirements and the repository. One rule, one file, one page beside it.

pub mod d001_behind_requirements;
pub mod d002_missing_from_plan;
pub mod d003_no_longer_asked_for;
pub mod d004_suspect_tick;
pub mod d005_edited_and_changed;
pub mod d006_unproved_tick;
pub mod d007_diff_does_not_apply;
pub mod d008_other_language;
pub mod d009_store_outside_the_plan;
pub mod d010_figure_differs;

use super::Rule;
use crate::lint::context::Sink;
use crate::lint::drift::{Beside, Drift};

/// Looks for one rule.
pub type Check = fn(&Drift<'_>, &mut Sink);

/// Every rule of family D, by code.
pub const DRIFT: &[(Rule, Check)] = &[
    (d001_behind_requirements::RULE, d001_behind_requirements::check),
    (d002_missing_from_plan::RULE, d002_missing_from_plan::check),
    (d003_no_longer_asked_for::RULE, d003_no_longer_asked_for::check),
    (d004_suspect_tick::RULE, d004_suspect_tick::check),
    (d005_edited_and_changed::RULE, d005_edited_and_changed::check),
    (d010_figure_differs::RULE, d010_figure_differs::check),
];

/// Looks for one rule about the repository.
pub type TreeCheck = fn(&Beside<'_>, &mut Sink);

/// Every rule of family D that compares with the repository, by code.
pub const TREE: &[(Rule, TreeCheck)] = &[
    (d006_unproved_tick::RULE, d006_unproved_tick::check),
    (d007_diff_does_not_apply::RULE, d007_diff_does_not_apply::check),
    (d008_other_language::RULE, d008_other_language::check),
    (d009_store_outside_the_plan::RULE, d009_store_outside_the_plan::check),
];
