//! `P046` broken-image-file.

use crate::diagnostic::Severity;
use crate::lint::context::{Context, Sink};
use crate::lint::embedded::{self, Broken};
use crate::lint::rules::Rule;
use crate::text::suggest;

/// The rule.
pub const RULE: Rule =
    Rule::new("P046", "broken-image-file", Severity::Error, include_str!("p046_broken_image_file.md"));

/// Instructions of files that images are built from.
const INSTRUCTIONS: [&str; 18] = [
    "FROM",
    "RUN",
    "CMD",
    "LABEL",
    "EXPOSE",
    "ENV",
    "ADD",
    "COPY",
    "ENTRYPOINT",
    "VOLUME",
    "USER",
    "WORKDIR",
    "ARG",
    "ONBUILD",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "SHELL",
    "MAINTAINER",
];

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    embedded::check(
        cx,
        out,
        &["dockerfile", "containerfile"],
        &["Dockerfile", "Containerfile", ".dockerfile"],
        broken,
        &RULE,
    );
}

/// The first line that is no instruction, an instruction without what it is about, or a first one that names no base.
fn broken(text: &str) -> Option<Broken> {
    let (mut goes_on, mut based) = (false, false);
    let mut document: Option<String> = None;
    for (line, row) in text.lines().enumerate() {
        let words = row.trim();
        if let Some(tag) = &document {
            if words == tag {
                document = None;
            }
            continue;
        }
        if words.is_empty() || words.starts_with('#') {
            continue;
        }
        if !std::mem::replace(&mut goes_on, words.ends_with('\\') || words.ends_with('`')) {
            let (name, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
            let fault = |message: String| Broken { line, column: row.len() - row.trim_start().len(), message };
            let upper = name.to_ascii_uppercase();
            if !INSTRUCTIONS.contains(&upper.as_str()) {
                let near = suggest(&upper, INSTRUCTIONS).map(|near| format!("; did you mean `{near}`?"));
                return Some(fault(format!("there is no instruction `{name}`{}", near.unwrap_or_default())));
            }
            if rest.trim().is_empty() {
                return Some(fault(format!("`{name}` says nothing")));
            }
            based |= upper == "FROM";
            if !based && upper != "ARG" {
                return Some(fault(format!("`{name}` stands before any `FROM`")));
            }
        }
        document = words.split_once("<<").and_then(|(_, rest)| {
            let tag = rest.trim_start_matches(['-', '\'', '"']);
            let tag = tag.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|tag| !tag.is_empty())?;
            Some(tag.to_owned())
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn continued_lines_and_here_documents_are_no_instructions() {
        let sound =
            "# syntax\nARG A=1\nFROM a:${A} AS b\nRUN x \\\n  # why\n  && y\nRUN <<EOF\nset -e\nEOF\nUSER 1000\n";
        assert_eq!(broken(sound), None);
        let place = |text: &str| broken(text).map(|broken| (broken.line, broken.column, broken.message));
        let said = place("FROM a\n  RNU x\n").unwrap();
        assert!((said.0, said.1) == (1, 2) && said.2.contains("did you mean `RUN`?"), "{said:?}");
        assert!(place("RUN x\n").is_some_and(|said| said.2.contains("before any")));
        assert!(place("FROM a\nCOPY\n").is_some_and(|said| said.0 == 1));
    }
}
