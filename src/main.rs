//! The `archplan` program; everything is in the library.
fn main() -> std::process::ExitCode {
    archplan::cli::main()
}
