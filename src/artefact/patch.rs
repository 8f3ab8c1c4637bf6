//! Patches of git: written for new files, read back for `extract` and checks. They know nothing of plans.

/// A file that a patch makes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path below the root, with forward slashes.
    pub path: String,
    /// Whether it can be run.
    pub executable: bool,
    /// What happens to it.
    pub kind: ChangeKind,
}

/// What happens to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is made with this text.
    New(String),
    /// It is changed: the hunks with their file header, for [`apply`].
    Edit(String),
    /// It is taken away.
    Gone,
}

/// The patch that makes one new file. A text without a last line ending gets one.
#[must_use]
pub fn new_file(path: &str, executable: bool, text: &str) -> String {
    let mode = if executable { "100755" } else { "100644" };
    let mut out = format!("diff --git a/{path} b/{path}\nnew file mode {mode}\n");
    let lines = text.lines().count();
    if lines == 0 {
        return out;
    }
    let count = if lines == 1 { "+1".to_string() } else { format!("+1,{lines}") };
    out.push_str(&format!("--- /dev/null\n+++ b/{path}\n@@ -0,0 {count} @@\n"));
    for line in text.lines() {
        out.push('+');
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// The patch that changes one file, or takes it away when there is no text after.
#[must_use]
pub fn edit(path: &str, before: &str, after: Option<&str>) -> String {
    let patch = diffy::create_patch(before, after.unwrap_or_default()).to_string();
    let hunks: String = patch.split_inclusive('\n').skip(2).collect();
    let (gone, to) = match after {
        Some(_) => ("", format!("b/{path}")),
        None => ("deleted file mode 100644\n", "/dev/null".to_string()),
    };
    let names = if hunks.is_empty() { String::new() } else { format!("--- a/{path}\n+++ {to}\n") };
    if hunks.is_empty() && gone.is_empty() {
        return String::new();
    }
    format!("diff --git a/{path} b/{path}\n{gone}{names}{hunks}")
}

/// Whether a path stays below its root on every system: no way up, no root, no drive, nothing of git's own.
#[must_use]
pub fn is_safe(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.eq_ignore_ascii_case(".git")
            && !part.ends_with(['.', ' '])
            && !part.chars().any(|c| c.is_control() || "\\:*?\"<>|".contains(c))
    };
    !path.is_empty() && path.len() <= 400 && path.split('/').all(part)
}

/// The changes that a patch makes.
///
/// # Errors
/// What is wrong with it, with the line in the patch.
pub fn read(text: &str) -> Result<Vec<Change>, String> {
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| line.starts_with("diff --git ")).map(|(at, _)| at).collect();
    if starts.first() != Some(&0) {
        return Err("line 1: a patch begins with `diff --git a/PATH b/PATH`".to_string());
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let parts = starts.iter().zip(ends).filter_map(|(start, end)| Some((*start, lines.get(*start..end)?)));
    parts.map(|(start, part)| one(part).map_err(|(at, fault)| format!("line {}: {fault}", start + at + 1))).collect()
}

fn one(lines: &[&str]) -> Result<Change, (usize, String)> {
    let head = lines.first().copied().unwrap_or_default();
    let names = head.strip_prefix("diff --git a/").and_then(|rest| rest.split_once(" b/"));
    let Some((from, path)) = names else {
        return Err((0, "a patch begins with `diff --git a/PATH b/PATH`".to_string()));
    };
    if from != path || !is_safe(path) {
        return Err((0, format!("`{path}` does not stay below the root, or the file changes its name")));
    }
    let body = lines.iter().position(|line| line.starts_with("@@ ")).unwrap_or(lines.len());
    let header = lines.get(..body).unwrap_or_default();
    let executable = header.iter().any(|line| line.ends_with("mode 100755"));
    let change = |kind| Ok(Change { path: path.to_string(), executable, kind });
    let hunks = lines.get(body..).unwrap_or_default();
    counts(hunks).map_err(|(at, fault)| (body + at, fault))?;
    if header.iter().any(|line| line.starts_with("deleted file mode")) {
        return change(ChangeKind::Gone);
    }
    if !header.iter().any(|line| line.starts_with("new file mode")) {
        let body = format!("--- a/{path}\n+++ b/{path}\n{}\n", hunks.join("\n"));
        return change(ChangeKind::Edit(body));
    }
    let mut text = String::new();
    for (at, line) in hunks.iter().enumerate().skip(1) {
        match line.strip_prefix('+') {
            Some(line) => text.extend([line, "\n"]),
            None if line.starts_with('\\') => drop(text.pop()),
            None => return Err((body + at, "a new file has only added lines in one hunk".to_string())),
        }
    }
    change(ChangeKind::New(text))
}

/// Whether every hunk has as many lines as its header says.
fn counts(lines: &[&str]) -> Result<(), (usize, String)> {
    let (mut open, mut header) = ((0usize, 0usize), 0);
    for (at, line) in lines.iter().enumerate() {
        if let Some(found) = line.strip_prefix("@@ ").filter(|_| open == (0, 0)) {
            open = ranges(found).ok_or((at, "a hunk begins with `@@ -START,COUNT +START,COUNT @@`".to_string()))?;
            header = at;
            continue;
        }
        let fault = || (header, "the hunk has other lines than its header counts".to_string());
        let less = |count: usize| count.checked_sub(1).ok_or_else(fault);
        match line.chars().next() {
            Some('+') => open.1 = less(open.1)?,
            Some('-') => open.0 = less(open.0)?,
            Some('\\') => {}
            Some(' ') | None => open = (less(open.0)?, less(open.1)?),
            Some(_) => return Err((at, "a line of a hunk begins with ` `, `+` or `-`".to_string())),
        }
    }
    if open == (0, 0) { Ok(()) } else { Err((header, "the hunk has other lines than its header counts".to_string())) }
}

/// Line counts of `-1,3 +1,4 @@`.
fn ranges(text: &str) -> Option<(usize, usize)> {
    let (ranges, _) = text.split_once(" @@")?;
    let (old, new) = ranges.split_once(' ')?;
    let count = |range: &str| match range.split_once(',') {
        Some((_, count)) => count.parse().ok(),
        None => Some(1),
    };
    Some((count(old.strip_prefix('-')?)?, count(new.strip_prefix('+')?)?))
}

/// A text after the hunks of a [`ChangeKind::Edit`].
///
/// # Errors
/// The hunks do not fit the text.
pub fn apply(text: &str, hunks: &str) -> Result<String, String> {
    let patch = diffy::Patch::from_str(hunks).map_err(|error| error.to_string())?;
    diffy::apply(text, &patch).map_err(|error| error.to_string())
}

/// The text before hunks that were applied already.
///
/// # Errors
/// The hunks were not applied to the text.
pub fn unapply(text: &str, hunks: &str) -> Result<String, String> {
    let patch = diffy::Patch::from_str(hunks).map_err(|error| error.to_string())?;
    diffy::apply(text, &patch.reverse()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let patch =
            new_file("a/b.txt", false, "one\n\n```\n@@ x\ndiff --git no\n") + &new_file("run.sh", true, "exit 0\n");
        let changes = read(&patch).unwrap();
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].kind, ChangeKind::New("one\n\n```\n@@ x\ndiff --git no\n".into()));
        assert!(changes[1].executable && changes[1].path == "run.sh");
        assert_eq!(read(&new_file("empty", false, "")).unwrap()[0].kind, ChangeKind::New(String::new()));
    }

    #[test]
    fn faults_are_found_with_their_line() {
        let patch = new_file("a.txt", false, "one\ntwo\n");
        for (bad, line) in [
            (patch.replace("+1,2", "+1,3"), "line 5"),
            (patch.replace("+two", "two"), "line 7"),
            (patch.replace("a.txt", "../a.txt"), "line 1"),
            (patch.replace("a.txt", "/etc/passwd"), "line 1"),
            (patch.replace("a.txt", ".git/config"), "line 1"),
            ("@@ -1 +1 @@\n".to_string(), "line 1"),
        ] {
            assert!(read(&bad).unwrap_err().starts_with(line), "{bad}: {:?}", read(&bad));
        }
    }

    #[test]
    fn a_written_edit_applies_and_goes_back() {
        for (before, after) in
            [("one\ntwo\nthree\n", "one\n2\nthree\nfour\n"), ("a", "a\n"), ("", "new\n"), ("x\n", "")]
        {
            let changes = read(&edit("d/x", before, Some(after))).unwrap();
            let ChangeKind::Edit(hunks) = &changes[0].kind else { panic!("{changes:?}") };
            assert_eq!((apply(before, hunks).unwrap(), unapply(after, hunks).unwrap()), (after.into(), before.into()));
        }
        assert_eq!(edit("x", "same\n", Some("same\n")), "");
        assert_eq!(read(&edit("x", "gone\n", None)).unwrap()[0].kind, ChangeKind::Gone);
    }

    #[test]
    fn edits_apply_and_go_back() {
        let patch = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n";
        let changes = read(patch).unwrap();
        let ChangeKind::Edit(hunks) = &changes[0].kind else { panic!("{changes:?}") };
        assert_eq!(apply("one\ntwo\n", hunks).unwrap(), "one\nthree\n");
        assert_eq!(unapply("one\nthree\n", hunks).unwrap(), "one\ntwo\n");
        assert!(apply("other\n", hunks).is_err());
    }
}
