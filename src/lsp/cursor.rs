//! What is being typed at a place of requirements, from the lines alone: half a line is rarely sound YAML.

use std::ops::Range;

use super::text::Text;

/// What belongs at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The path of the mapping, list or key, such as `domains[].calls[]`; empty for the file itself.
    pub path: String,
    /// Whether a value is being typed; else a key.
    pub value: bool,
    /// What is typed already, up to the place.
    pub word: Range<usize>,
    /// Keys that stand beside it.
    pub present: Vec<String>,
    /// Columns before a new key; none inside of brackets.
    pub indent: Option<usize>,
}

/// One open mapping or list in block form.
struct Level {
    indent: usize,
    step: String,
    keys: Vec<String>,
}

/// One open bracket.
enum Flow {
    Map { key: Option<String>, keys: Vec<String> },
    List,
}

#[derive(Default)]
struct Reader {
    levels: Vec<Level>,
    flow: Vec<Flow>,
    /// Lines that are indented deeper than this are text.
    prose: Option<usize>,
    /// Where the token begins that is being read.
    token: usize,
    quote: Option<char>,
}

/// What is being typed at a byte.
#[must_use]
pub fn cursor(text: &Text, at: usize) -> Option<Cursor> {
    let mut reader = Reader::default();
    let last = text.line_of(at);
    for line in 0..last {
        let bytes = text.line(line);
        reader.line(text.line_text(line), bytes.start);
    }
    let line = text.line(last);
    let before = text.as_str().get(line.start..at.min(line.end))?;
    if reader.flow.is_empty() {
        return reader.block(text, before, line.start, last);
    }
    reader.brackets(before, line.start);
    if reader.flow.is_empty() { None } else { reader.inside(text, at) }
}

impl Reader {
    /// Reads a whole line.
    fn line(&mut self, line: &str, start: usize) {
        if !self.flow.is_empty() {
            return self.brackets(line, start);
        }
        let body = line.trim_start_matches(' ');
        let indent = line.len() - body.len();
        if body.is_empty() || body.starts_with('#') || self.prose.is_some_and(|depth| indent > depth) {
            return;
        }
        self.prose = None;
        let (indent, body) = self.dashes(indent, body);
        let Some((key, value)) = key(body) else { return };
        self.enter(indent, key);
        let rest = value.trim_start();
        match rest.chars().next() {
            Some('|' | '>') => self.prose = Some(indent),
            Some('{' | '[') => self.brackets(rest, start + line.len() - rest.len()),
            _ => {}
        }
    }

    /// Goes through the dashes before an item.
    fn dashes<'l>(&mut self, mut indent: usize, mut body: &'l str) -> (usize, &'l str) {
        self.levels.retain(|level| level.indent < indent || (level.indent == indent && !level.step.is_empty()));
        while body == "-" || body.starts_with("- ") {
            self.levels
                .retain(|level| level.indent < indent || (level.indent == indent && !level.step.starts_with('[')));
            self.levels.push(Level { indent, step: "[]".to_owned(), keys: Vec::new() });
            let rest = body.get(1..).unwrap_or("").trim_start_matches(' ');
            indent += body.len() - rest.len();
            body = rest;
        }
        (indent, body)
    }

    /// Opens a key; what was open at its depth or deeper is closed, its keys are remembered.
    fn enter(&mut self, indent: usize, key: &str) {
        let mut keys = Vec::new();
        while let Some(level) =
            self.levels.pop_if(|level| level.indent > indent || (level.indent == indent && level.step != "[]"))
        {
            if level.indent == indent {
                keys = level.keys;
            }
        }
        keys.push(key.to_owned());
        self.levels.push(Level { indent, step: key.to_owned(), keys });
    }

    /// Reads text with brackets.
    fn brackets(&mut self, text: &str, start: usize) {
        let mut before = ' ';
        self.token = start;
        for (at, c) in text.char_indices() {
            let next = start + at + c.len_utf8();
            let token = text.get(self.token.saturating_sub(start)..at).unwrap_or("").trim();
            if let Some(quote) = self.quote {
                self.quote = Some(quote).filter(|quote| *quote != c);
                before = c;
                continue;
            }
            match c {
                '"' | '\'' if token.is_empty() => self.quote = Some(c),
                '#' if before == ' ' => return,
                '{' => self.flow.push(Flow::Map { key: None, keys: Vec::new() }),
                '[' => self.flow.push(Flow::List),
                '}' | ']' => drop(self.flow.pop()),
                ',' => {
                    if let Some(Flow::Map { key, .. }) = self.flow.last_mut() {
                        *key = None;
                    }
                }
                ':' if text.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' ')) => {
                    if let Some(Flow::Map { key, keys }) = self.flow.last_mut() {
                        *key = Some(token.to_owned());
                        keys.push(token.to_owned());
                    }
                }
                _ => {
                    before = c;
                    continue;
                }
            }
            if self.quote.is_none() {
                self.token = next;
            }
            before = c;
        }
    }

    /// The path of what is open.
    fn path(&self) -> String {
        let mut path = String::new();
        let mut step = |step: &str| {
            if !path.is_empty() && step != "[]" {
                path.push('.');
            }
            path.push_str(step);
        };
        self.levels.iter().for_each(|level| step(&level.step));
        for flow in &self.flow {
            match flow {
                Flow::Map { key: Some(key), .. } => step(key),
                Flow::Map { key: None, .. } => {}
                Flow::List => step("[]"),
            }
        }
        path
    }

    /// The place inside of brackets.
    fn inside(self, text: &Text, at: usize) -> Option<Cursor> {
        let typed = text.as_str().get(self.token..at)?;
        let start = at - typed.trim_start().len();
        let path = self.path();
        let (value, present) = match self.flow.last()? {
            Flow::Map { key: Some(_), .. } => (true, Vec::new()),
            Flow::Map { key: None, keys } => (false, keys.clone()),
            Flow::List => (true, Vec::new()),
        };
        Some(Cursor { path, value, word: start..at, present, indent: None })
    }

    /// The place on a line in block form.
    fn block(mut self, text: &Text, before: &str, start: usize, line: usize) -> Option<Cursor> {
        let body = before.trim_start_matches(' ');
        let indent = before.len() - body.len();
        let end = start + before.len();
        if body.starts_with('#') || self.prose.is_some_and(|depth| indent > depth) {
            return None;
        }
        let (indent, body) = self.dashes(indent, body);
        if let Some((key, value)) = key(body) {
            self.enter(indent, key);
            let rest = value.trim_start();
            if rest.starts_with(['{', '[']) {
                self.brackets(rest, end - rest.len());
                return if self.flow.is_empty() { None } else { self.inside(text, end) };
            }
            let typed = value.starts_with(' ') && !rest.starts_with(['#', '|', '>']);
            return typed.then(|| Cursor {
                path: self.path(),
                value: true,
                word: end - rest.len()..end,
                present: Vec::new(),
                indent: None,
            });
        }
        if body.starts_with(['{', '[']) {
            self.brackets(body, end - body.len());
            return if self.flow.is_empty() { None } else { self.inside(text, end) };
        }
        let mut present = Vec::new();
        while let Some(level) =
            self.levels.pop_if(|level| level.indent > indent || (level.indent == indent && level.step != "[]"))
        {
            if level.indent == indent {
                present = level.keys;
            }
        }
        present.extend(below(text, line, indent));
        Some(Cursor { path: self.path(), value: false, word: end - body.len()..end, present, indent: Some(indent) })
    }
}

/// The keys of the same mapping on the lines after one.
fn below(text: &Text, line: usize, indent: usize) -> Vec<String> {
    let mut out = Vec::new();
    for line in (line + 1..text.lines()).map(|line| text.line_text(line)) {
        let body = line.trim_start_matches(' ');
        let depth = line.len() - body.len();
        if body.is_empty() || body.starts_with('#') || depth > indent {
            continue;
        }
        if depth < indent || body.starts_with("- ") {
            break;
        }
        out.extend(key(body).map(|(key, _)| key.to_owned()));
    }
    out
}

/// The key at the beginning of a text, and what follows its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = text.split_once(':')?;
    let word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    (word && (rest.is_empty() || rest.starts_with(' '))).then_some((key, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of `|` in a text: path, whether a value is typed, what is typed, what is present.
    fn at(text: &str) -> Option<(String, bool, String, String)> {
        let place = text.find('|').unwrap();
        let text = Text::new(text.replacen('|', "", 1));
        let found = cursor(&text, place)?;
        let word = text.as_str().get(found.word).unwrap().to_owned();
        Some((found.path, found.value, word, found.present.join(" ")))
    }

    fn is(text: &str, path: &str, value: bool, word: &str, present: &str) {
        assert_eq!(at(text), Some((path.into(), value, word.into(), present.into())), "{text}");
    }

    #[test]
    fn places_in_block_form_are_known() {
        is("tra|", "", false, "tra", "");
        is("team:\n  developers: 2\n  |\nusers: 1\n", "team", false, "", "developers");
        is("a: 1\nb|\nc: 2\n", "", false, "b", "a c");
        is("traffic:\n  shape: sp|", "traffic.shape", true, "sp", "");
        is("domains:\n  - name: a\n    pe|", "domains[]", false, "pe", "name");
        is("domains:\n- name: a\n- na|", "domains[]", false, "na", "");
        is("domains:\n  - name: a\n    calls:\n      - to: |", "domains[].calls[].to", true, "", "");
        is("compliance:\n  - gd|", "compliance[]", false, "gd", "");
        is("project:\n  summary: >\n    x: y\n  ki|", "project", false, "ki", "summary");
    }

    #[test]
    fn places_in_brackets_are_known() {
        is("domains:\n  - {name: a, te|", "domains[]", false, "te", "name");
        is("domains:\n  - {name: a, calls: [{to: b, |", "domains[].calls[]", false, "", "to");
        is("domains:\n  - {name: a, calls: [{to: |}]}", "domains[].calls[].to", true, "", "");
        is("compliance: [gdpr, s|]", "compliance[]", true, "s", "");
        is("a: {b: 'x, y', c|", "a", false, "c", "b");
        is("a: [\n  {b: 1},\n  {|", "a[]", false, "", "");
        is("a: {x: [1, 2], y: |}", "a.y", true, "", "");
    }

    #[test]
    fn nothing_is_typed_in_comments_and_prose() {
        assert_eq!(at("# x|"), None);
        assert_eq!(at("project:\n  summary: >\n    some te|"), None);
        assert_eq!(at("a: {b: 1} |"), None);
    }
}
