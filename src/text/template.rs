//! MiniJinja as every template of the project uses it. It knows no template.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

/// An environment without templates: lines that hold only a block leave nothing behind, an unknown name is an error, and nothing is
/// escaped, because each template quotes by the rules of what it writes.
///
/// # Errors
/// The delimiters are refused, which a test would show.
pub fn environment<'t>() -> Result<Environment<'t>, String> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .map_err(|error| error.to_string())?;
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    Ok(environment)
}
