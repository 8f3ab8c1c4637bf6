//! What a file is, by its content and name: a gate that is given a folder, and an editor that opens anything, ask the same question.

use crate::merge;

/// The name of a plan when none is given.
pub const PLAN: &str = "TODO_backend-architect.md";

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Requirements.
    Requirements,
    /// A plan.
    Plan,
    /// Neither.
    Other,
}

impl Kind {
    /// What a file is, by its content; a name that says it decides for texts that cannot be read.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let name = name.rsplit(['/', '\\']).next().unwrap_or("");
        let markdown = name.ends_with(".md") || name.ends_with(".markdown");
        let Ok(text) = std::str::from_utf8(bytes) else {
            return if markdown { Self::Plan } else { Self::Requirements };
        };
        if text.contains("<!-- ap") && merge::is_plan(text) {
            return Self::Plan;
        }
        let heading = text.lines().any(|line| line.starts_with("# TODO: backend architecture"));
        let tasks = text.contains("- [ ] **ARCH-") || text.contains("- [x] **ARCH-");
        if heading || tasks {
            return Self::Plan;
        }
        let stated = text.lines().any(|line| line.starts_with("archplan:"));
        if stated || name == "req.yaml" || name.ends_with(".req.yaml") {
            return Self::Requirements;
        }
        if markdown && name == PLAN { Self::Plan } else { Self::Other }
    }
}
