//! Arguments, files, terminal and exit codes: the only layer that touches the outside world.

/// Runs the program.
pub fn main() -> std::process::ExitCode {
    let path = std::env::args().nth(1).unwrap_or_default();
    let json = std::env::args().nth(2).is_some();
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let reading = crate::requirements::read(&path, &text);
    for d in &reading.diagnostics { eprintln!("{}: {:?}", d.message, d.span); }
    let Some(req) = &reading.requirements else { return std::process::ExitCode::from(2) };
    let catalogue = match crate::catalogue::Catalogue::embedded() { Ok(c) => c, Err(e) => { eprintln!("{e}"); return std::process::ExitCode::from(2) } };
    let given = crate::facts::given::given(&reading);
    let mut ids = crate::plan::Ids::default();
    let plan = crate::plan::build(&catalogue, req, given, &path, &mut ids, &crate::plan::Options::default());
    if json { println!("{}", serde_json::to_string_pretty(&plan).unwrap_or_default()); return std::process::ExitCode::SUCCESS; }
    let page = crate::render::Page { plan: &plan, catalogue: &catalogue, requirements: req, file: "req.yaml", depth: crate::render::Depth::Standard };
    match crate::render::markdown(&page) { Ok(t) => print!("{}", crate::document::seal(&t)), Err(e) => eprintln!("{e}") }
    std::process::ExitCode::SUCCESS
}
