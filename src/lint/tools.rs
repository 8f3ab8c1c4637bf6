//! The files that a plan makes, for programs that check such files: which there are, and where in the plan an answer belongs. It starts nothing.

use super::patch;
use super::scan::{Scan, inside};
use crate::artefact::patch::is_safe;
use crate::document::Document;
use crate::document::code::labelled;

/// A file that a plan makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// Its path, below any folder it is put into.
    pub path: String,
    /// What stands in it.
    pub text: String,
    /// The line of the plan, from 0, on which each of its lines stands.
    pub lines: Vec<usize>,
    /// The line of the fence that it stands in.
    pub open: usize,
}

/// What a program said about some of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The id of the program.
    pub tool: String,
    /// The paths that it was, or would have been, given.
    pub files: Vec<String>,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong.
    Fine,
    /// The program is not there.
    Absent,
    /// It had not answered after so many seconds.
    Late(u64),
    /// What it printed about what is wrong.
    Rejected(String),
}

/// A place that a program names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path, as it was given.
    pub path: String,
    /// The line in the file, from 1.
    pub line: usize,
    /// What is said about it.
    pub message: String,
}

/// The files that the fences of a plan make: those of diffs, and blocks below a path.
#[must_use]
pub fn files(document: &Document, scan: &Scan) -> Vec<Embedded> {
    let mut out = Vec::new();
    for fence in &scan.fences {
        let text = inside(document, fence);
        if matches!(fence.language.as_str(), "diff" | "patch") {
            let made = patch::read(&text).files.into_iter().filter(|file| file.created);
            out.extend(made.map(|file| Embedded {
                text: file.added.iter().flat_map(|(_, line)| [line.as_str(), "\n"]).collect(),
                lines: file.added.iter().map(|(line, _)| fence.body.start + line).collect(),
                path: file.path,
                open: fence.open,
            }));
            continue;
        }
        let above = (0..fence.open).rev().map(|line| document.line(line)).find(|line| !line.trim().is_empty());
        if let Some((path, _)) = above.and_then(labelled) {
            out.push(Embedded { path, text, lines: fence.body.clone().collect(), open: fence.open });
        }
    }
    out.retain(|file| is_safe(&file.path));
    out
}

/// Whether a path is one that a pattern means: `*` stands for anything, and without a slash the name alone counts.
#[must_use]
pub fn means(pattern: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let text = if pattern.contains('/') { path } else { name };
    let Some((start, end)) = pattern.split_once('*') else { return pattern == text };
    text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
}

/// The places that an answer names, each once.
#[must_use]
pub fn places(files: &[String], output: &str) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    for text in output.lines() {
        for path in files {
            let Some(rest) = text.split_once(path.as_str()).map(|(_, rest)| rest) else { continue };
            let Some((line, said)) = numbered(rest) else { continue };
            let known = out.iter().any(|place| place.line == line && place.path == *path);
            if line > 0 && !known {
                let message = if said.len() > 7 && !said.starts_with("in ") { said.to_owned() } else { gist(output) };
                out.push(Place { path: path.clone(), line, message });
            }
            break;
        }
    }
    out
}

/// The line number behind a path, in the forms `:3:7: words`, `: line 3: words`, `", line 3` and ` line 3, in words`, and what comes after it.
fn numbered(rest: &str) -> Option<(usize, &str)> {
    let between = |c: char| matches!(c, ':' | ' ' | '"' | ',' | '(' | ')' | '[' | ']');
    let rest = rest.trim_start_matches(between);
    let rest = rest.strip_prefix("line").unwrap_or(rest).trim_start_matches(between);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, said) = rest.split_at_checked(end)?;
    // A column may follow.
    Some((digits.parse().ok()?, said.trim_start_matches(|c: char| between(c) || c.is_ascii_digit()).trim()))
}

/// The line of an output that says most: the first that speaks of an error, else the first.
#[must_use]
pub fn gist(output: &str) -> String {
    let lines = || output.lines().map(str::trim).filter(|line| !line.is_empty());
    let telling = lines().find(|line| line.to_lowercase().contains("error")).or_else(|| lines().next());
    telling.unwrap_or("it says nothing").chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_about_names_or_paths() {
        assert!(means("*.go", "cmd/x/main.go") && means("Dockerfile", "a/Dockerfile") && means("*", "x"));
        assert!(means(".github/workflows/*.yml", ".github/workflows/ci.yml"));
        assert!(!means("*.go", "main.go.txt") && !means("Dockerfile", "Dockerfile.dev") && !means("a*a", "a"));
        assert!(!means("ops/alerts.yml", "alerts.yml"));
    }

    #[test]
    fn places_are_read_in_every_common_form() {
        let files = ["a/x.sh".to_owned(), "y.py".to_owned()];
        let place = |output: &str| places(&files, output).into_iter().map(|p| (p.path, p.line, p.message)).next();
        let at = |path: &str, line, message: &str| Some((path.to_owned(), line, message.to_owned()));
        assert_eq!(place("a/x.sh:3:7: error: quote is open [SC1]"), at("a/x.sh", 3, "error: quote is open [SC1]"));
        assert_eq!(place("a/x.sh: line 4: unexpected end"), at("a/x.sh", 4, "unexpected end"));
        assert_eq!(place("  File \"y.py\", line 2\n   def (\nSyntaxError: bad"), at("y.py", 2, "SyntaxError: bad"));
        assert_eq!(place("/a/b/y.py:9\nfoo(\nSyntaxError: end"), at("y.py", 9, "SyntaxError: end"));
        assert_eq!(place("Error: no such thing\n  on y.py line 5, in a:"), at("y.py", 5, "Error: no such thing"));
        assert_eq!(place("something else"), None);
        assert_eq!(gist("\n one\n two: an Error\n"), "two: an Error");
    }
}
