//! Family P: what is wrong inside a plan. One rule, one file, one page beside it.

pub mod p001_unreadable_plan;
pub mod p002_malformed_id;
pub mod p003_task_without_id;
pub mod p004_foreign_id;
pub mod p005_duplicate_id;
pub mod p006_wrong_group;
pub mod p007_reused_id;
pub mod p008_missing_section;
pub mod p009_section_order;
pub mod p010_duplicate_section;
pub mod p011_missing_field;
pub mod p012_dangling_after;
pub mod p013_cyclic_after;
pub mod p014_tick_before_dependency;
pub mod p015_qa_ticked_early;
pub mod p016_qa_left_open;
pub mod p017_qa_without_tasks;
pub mod p018_gate_open;
pub mod p019_unknown_status;
pub mod p020_wave_order;
pub mod p021_no_done_when;
pub mod p022_fake_check;
pub mod p023_broken_diff;
pub mod p024_broken_json;
pub mod p025_broken_yaml;
pub mod p026_broken_toml;
pub mod p028_wide_figure;
pub mod p029_hard_coded_secret;
pub mod p030_machine_path;
pub mod p031_claim_without_number;
pub mod p032_unresolved_offer;
pub mod p033_merge_conflict;
pub mod p034_broken_mark;
pub mod p035_missing_ledger;
pub mod p036_dangling_reference;
pub mod p037_placeholder;
pub mod p038_odd_tick;
pub mod p039_repeated_row;
pub mod p040_unclosed_fence;
pub mod p041_path_made_twice;
pub mod p042_path_outside;
pub mod p043_dangling_block;
pub mod p044_unbalanced_sql;
pub mod p045_broken_shell;
pub mod p046_broken_image_file;
pub mod p047_rejected_by_tool;
pub mod p048_tool_absent;

use super::Rule;
use crate::lint::context::{Context, Sink};

/// Looks for one rule.
pub type Check = fn(&Context<'_>, &mut Sink);

/// Every rule of family P that reads the plan alone, by code.
pub const PLAN: &[(Rule, Check)] = &[
    (p002_malformed_id::RULE, p002_malformed_id::check),
    (p003_task_without_id::RULE, p003_task_without_id::check),
    (p004_foreign_id::RULE, p004_foreign_id::check),
    (p005_duplicate_id::RULE, p005_duplicate_id::check),
    (p006_wrong_group::RULE, p006_wrong_group::check),
    (p007_reused_id::RULE, p007_reused_id::check),
    (p008_missing_section::RULE, p008_missing_section::check),
    (p009_section_order::RULE, p009_section_order::check),
    (p010_duplicate_section::RULE, p010_duplicate_section::check),
    (p011_missing_field::RULE, p011_missing_field::check),
    (p012_dangling_after::RULE, p012_dangling_after::check),
    (p013_cyclic_after::RULE, p013_cyclic_after::check),
    (p014_tick_before_dependency::RULE, p014_tick_before_dependency::check),
    (p015_qa_ticked_early::RULE, p015_qa_ticked_early::check),
    (p016_qa_left_open::RULE, p016_qa_left_open::check),
    (p017_qa_without_tasks::RULE, p017_qa_without_tasks::check),
    (p018_gate_open::RULE, p018_gate_open::check),
    (p019_unknown_status::RULE, p019_unknown_status::check),
    (p020_wave_order::RULE, p020_wave_order::check),
    (p021_no_done_when::RULE, p021_no_done_when::check),
    (p022_fake_check::RULE, p022_fake_check::check),
    (p023_broken_diff::RULE, p023_broken_diff::check),
    (p024_broken_json::RULE, p024_broken_json::check),
    (p025_broken_yaml::RULE, p025_broken_yaml::check),
    (p026_broken_toml::RULE, p026_broken_toml::check),
    (p028_wide_figure::RULE, p028_wide_figure::check),
    (p029_hard_coded_secret::RULE, p029_hard_coded_secret::check),
    (p030_machine_path::RULE, p030_machine_path::check),
    (p031_claim_without_number::RULE, p031_claim_without_number::check),
    (p032_unresolved_offer::RULE, p032_unresolved_offer::check),
    (p033_merge_conflict::RULE, p033_merge_conflict::check),
    (p034_broken_mark::RULE, p034_broken_mark::check),
    (p035_missing_ledger::RULE, p035_missing_ledger::check),
    (p036_dangling_reference::RULE, p036_dangling_reference::check),
    (p037_placeholder::RULE, p037_placeholder::check),
    (p038_odd_tick::RULE, p038_odd_tick::check),
    (p039_repeated_row::RULE, p039_repeated_row::check),
    (p040_unclosed_fence::RULE, p040_unclosed_fence::check),
    (p041_path_made_twice::RULE, p041_path_made_twice::check),
    (p042_path_outside::RULE, p042_path_outside::check),
    (p043_dangling_block::RULE, p043_dangling_block::check),
    (p044_unbalanced_sql::RULE, p044_unbalanced_sql::check),
    (p045_broken_shell::RULE, p045_broken_shell::check),
    (p046_broken_image_file::RULE, p046_broken_image_file::check),
    (p047_rejected_by_tool::RULE, p047_rejected_by_tool::check),
    (p048_tool_absent::RULE, p048_tool_absent::check),
];
