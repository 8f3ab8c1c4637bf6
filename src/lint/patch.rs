//! Reads git diffs line by line, so that every fault has its line and a wrong count can be mended. It applies nothing.

/// What is wrong with a diff, with the line (from 0) in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub line: usize,
    /// One sentence.
    pub message: String,
    /// The line as it must be, where that is known.
    pub instead: Option<String>,
}

/// One file of a diff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilePatch {
    /// The path after the patch, without `b/`.
    pub path: String,
    /// The line that names the path.
    pub line: usize,
    /// Whether the file is made by the patch.
    pub created: bool,
    /// The added lines with the lines of the diff that they stand on.
    pub added: Vec<(usize, String)>,
    /// The lines of this file in the diff, from its first header on.
    pub lines: std::ops::Range<usize>,
}

/// What a diff says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its files in order.
    pub files: Vec<FilePatch>,
    /// Its faults in order.
    pub faults: Vec<Fault>,
}

/// Lines that a hunk still has to show.
#[derive(Clone, Debug, Default)]
struct Hunk {
    header: usize,
    text: String,
    want: (usize, usize),
    have: (usize, usize),
}

struct Reader {
    out: Reading,
    hunk: Option<Hunk>,
    old: Option<(usize, String)>,
    new_file: bool,
    gone: bool,
    start: usize,
    hunks: usize,
}

/// Reads a diff.
#[must_use]
pub fn read(text: &str) -> Reading {
    let mut reader =
        Reader { out: Reading::default(), hunk: None, old: None, new_file: false, gone: false, start: 0, hunks: 0 };
    let count = text.lines().count();
    for (at, line) in text.lines().enumerate() {
        reader.line(at, line);
    }
    reader.end_file(count);
    if reader.out.files.is_empty() && reader.out.faults.is_empty() {
        reader.fault(0, "the diff has no file header".to_owned(), None);
    }
    reader.out
}

impl Reader {
    fn fault(&mut self, line: usize, message: String, instead: Option<String>) {
        self.out.faults.push(Fault { line, message, instead });
    }

    fn line(&mut self, at: usize, line: &str) {
        if let Some(hunk) = &mut self.hunk {
            let open = hunk.have.0 < hunk.want.0 || hunk.have.1 < hunk.want.1;
            let header = line.starts_with("diff --git ") || line.starts_with("@@ ");
            let file = line.starts_with("--- ") && !open;
            if !header && !file && self.body(at, line) {
                return;
            }
            self.end_hunk();
        }
        if line.starts_with("diff --git ") {
            self.end_file(at);
            self.start = at;
        } else if line.starts_with("new file mode") {
            self.new_file = true;
        } else if line.starts_with("deleted file mode") {
            self.gone = true;
        } else if let Some(path) = line.strip_prefix("--- ") {
            if self.out.files.last().is_some_and(|file| file.lines.end == 0) && self.hunks > 0 {
                self.end_file(at);
                self.start = at;
            }
            self.old = Some((at, name(path).to_owned()));
        } else if let Some(path) = line.strip_prefix("+++ ") {
            self.file(at, name(path));
        } else if line.starts_with("@@") {
            self.hunk_header(at, line);
        }
    }

    /// Takes a line of a hunk; false when it is none.
    fn body(&mut self, at: usize, line: &str) -> bool {
        let Some(hunk) = &mut self.hunk else { return false };
        let open = hunk.have.0 < hunk.want.0 || hunk.have.1 < hunk.want.1;
        match line.chars().next() {
            Some('+') => {
                hunk.have.1 += 1;
                if let Some(file) = self.out.files.last_mut() {
                    file.added.push((at, line.get(1..).unwrap_or("").to_owned()));
                }
            }
            Some('-') => hunk.have.0 += 1,
            Some('\\') => {}
            Some(' ') => hunk.have = (hunk.have.0 + 1, hunk.have.1 + 1),
            // Editors strip the space of an empty context line.
            None if open => hunk.have = (hunk.have.0 + 1, hunk.have.1 + 1),
            None => {}
            Some(_) => {
                if open {
                    let message = "a line of a hunk begins with a space, `+`, `-` or `\\`".to_owned();
                    self.fault(at, message, None);
                    return true;
                }
                return false;
            }
        }
        true
    }

    fn file(&mut self, at: usize, path: &str) {
        let Some((_, old)) = self.old.take() else {
            self.fault(at, "`+++` without a `---` line before it".to_owned(), None);
            return;
        };
        let created = old == "/dev/null";
        if created != self.new_file && self.start < at && self.out_has_git_header(at) {
            let words =
                if created { "`--- /dev/null` without `new file mode`" } else { "`new file mode` with an old name" };
            self.fault(at.saturating_sub(1), words.to_owned(), None);
        }
        let path = if path == "/dev/null" { old } else { path.to_owned() };
        self.out.files.push(FilePatch { path, line: at, created, added: Vec::new(), lines: self.start..0 });
        self.hunks = 0;
    }

    /// Whether the file began with `diff --git`: only then are mode lines expected.
    const fn out_has_git_header(&self, at: usize) -> bool {
        at - self.start > 1
    }

    fn hunk_header(&mut self, at: usize, line: &str) {
        self.hunks += 1;
        if self.out.files.last().is_none_or(|file| file.lines.end != 0) {
            self.fault(at, "a hunk without `---` and `+++` lines before it".to_owned(), None);
        }
        match counts(line) {
            Some(want) => {
                self.hunk = Some(Hunk { header: at, text: line.to_owned(), want, have: (0, 0) });
            }
            None => self.fault(at, format!("`{line}` is no hunk header; write `@@ -1,3 +1,4 @@`"), None),
        }
    }

    fn end_hunk(&mut self) {
        let Some(hunk) = self.hunk.take() else { return };
        if hunk.have != hunk.want {
            let message = format!(
                "the hunk header counts {} old and {} new line(s), the hunk has {} and {}",
                hunk.want.0, hunk.want.1, hunk.have.0, hunk.have.1
            );
            self.fault(hunk.header, message, recount(&hunk.text, hunk.have));
        }
    }

    fn end_file(&mut self, at: usize) {
        self.end_hunk();
        if let Some((line, _)) = self.old.take() {
            self.fault(line, "`---` without a `+++` line after it".to_owned(), None);
        }
        let none = self.hunks == 0;
        let mut empty = None;
        if let Some(file) = self.out.files.last_mut().filter(|file| file.lines.end == 0) {
            file.lines.end = at;
            empty = (none && !self.gone).then_some(file.line);
        }
        if let Some(line) = empty {
            self.fault(line, "the file has no hunk: nothing would change".to_owned(), None);
        }
        (self.new_file, self.gone, self.hunks) = (false, false, 0);
    }
}

/// A path without its `a/` or `b/` and what follows a tab.
fn name(path: &str) -> &str {
    let path = path.split('\t').next().unwrap_or("").trim();
    path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path)
}

/// The two counts of a hunk header.
fn counts(line: &str) -> Option<(usize, usize)> {
    let inner = line.strip_prefix("@@ -")?.split_once(" @@")?.0;
    let (old, new) = inner.split_once(" +")?;
    let count = |part: &str| match part.split_once(',') {
        Some((start, count)) => start.parse::<usize>().ok().and_then(|_| count.parse().ok()),
        None => part.parse::<usize>().ok().map(|_| 1),
    };
    Some((count(old)?, count(new)?))
}

/// The header with other counts.
fn recount(header: &str, have: (usize, usize)) -> Option<String> {
    let (inner, rest) = header.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = inner.split_once(" +")?;
    let start = |part: &str| part.split(',').next().unwrap_or("0").to_owned();
    Some(format!("@@ -{},{} +{},{} @@{rest}", start(old), have.0, start(new), have.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_diff_has_no_fault_and_shows_its_lines() {
        let text = "diff --git a/x.json b/x.json\nnew file mode 100644\n--- /dev/null\n+++ b/x.json\n@@ -0,0 +1,2 @@\n+{\n+}\n\
            diff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1,2 +1,2 @@ head\n one\n-two\n+three\n";
        let reading = read(text);
        assert_eq!(reading.faults, []);
        assert_eq!(reading.files.len(), 2);
        assert!(reading.files[0].created && reading.files[0].added[1] == (6, "}".to_owned()));
        assert_eq!((reading.files[1].path.as_str(), reading.files[1].lines.clone()), ("y", 7..14));
    }

    #[test]
    fn wrong_counts_are_mended_and_missing_headers_are_named() {
        let reading = read("--- a/y\n+++ b/y\n@@ -1,5 +1,2 @@\n one\n-two\n+three\n");
        assert_eq!(reading.faults[0].line, 2);
        assert_eq!(reading.faults[0].instead.as_deref(), Some("@@ -1,2 +1,2 @@"));
        assert_eq!(read("@@ -1 +1 @@\n-a\n+b\n").faults[0].line, 0);
        assert_eq!(read("hello\n").faults.len(), 1);
        assert_eq!(read("--- a/y\n+++ b/y\n@@ nonsense\n").faults[0].line, 2);
    }
}
