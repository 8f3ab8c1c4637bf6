//! Exit codes of every command.

use std::process::ExitCode;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything as wished: 0.
    Fine,
    /// Findings at or above the limit, or a difference where none was wanted: 1.
    Found,
    /// Usage, unreadable or invalid input, nothing to check: 2.
    Usage,
    /// A person must choose: 3.
    Choose,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::Choose => 3,
        })
    }
}
