//! Arguments, files, terminal and exit codes: the only layer that touches the outside world.

/// Runs the program.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
