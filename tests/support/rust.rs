//! Rust sources as the house tests read them: without comments and test modules, with their string literals.

/// What stands in a source file outside of tests and comments.
pub struct Code {
    /// The code, literals emptied, line breaks kept.
    pub text: String,
    /// String literals with the line on which they begin.
    pub literals: Vec<(usize, String)>,
    /// The code with its literals.
    pub full: String,
}

/// Reads a file as far as the houses rules ask; `#[cfg(test)]` stands before the last item of a file and ends the reading there.
pub fn read(source: &str) -> Code {
    let mut code = Code { text: String::new(), literals: Vec::new(), full: String::new() };
    let chars: Vec<char> = source.chars().collect();
    let (mut at, mut line) = (0, 1);
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        match (c, next) {
            ('/', Some('/')) => at = skip(&chars, at, |rest| rest[0] == '\n'),
            ('/', Some('*')) => {
                let end = skip(&chars, at, |rest| rest.starts_with(&['*', '/'])) + 2;
                line += chars[at..end.min(chars.len())].iter().filter(|c| **c == '\n').count();
                at = end;
            }
            ('"', _) | ('r', Some('"' | '#')) if c == '"' || is_raw(&chars, at) => {
                let (literal, end) = if c == '"' { plain(&chars, at + 1) } else { raw(&chars, at + 1) };
                code.full.push_str(&chars[at..end].iter().collect::<String>());
                let breaks = chars[at..end].iter().filter(|c| **c == '\n').count();
                code.literals.push((line, literal));
                code.text.push_str("\"\"");
                code.text.push_str(&"\n".repeat(breaks));
                (at, line) = (end, line + breaks);
            }
            ('\'', Some('\\')) => at = skip(&chars, at + 3, |rest| rest[0] == '\'') + 1,
            ('\'', Some(_)) if chars.get(at + 2) == Some(&'\'') => at += 3,
            _ => {
                if chars[at..].starts_with(&['#', '[', 'c', 'f', 'g', '(', 't', 'e', 's', 't', ')', ']']) {
                    let rest: String = chars[at..].iter().skip(12).collect();
                    // `mod tests;` names another file, which is no reason to stop.
                    if !rest.trim_start().starts_with("mod tests;") {
                        break;
                    }
                }
                line += usize::from(c == '\n');
                code.text.push(c);
                code.full.push(c);
                at += 1;
            }
        }
    }
    code
}

fn skip(chars: &[char], from: usize, stop: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|at| stop(&chars[*at..])).unwrap_or(chars.len())
}

/// `r"` or `r#"` at the start of a token.
fn is_raw(chars: &[char], at: usize) -> bool {
    let fresh = at == 0 || !(chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    fresh && chars[at + 1..].iter().find(|c| **c != '#') == Some(&'"')
}

fn plain(chars: &[char], from: usize) -> (String, usize) {
    let (mut at, mut out) = (from, String::new());
    while let Some(&c) = chars.get(at) {
        match c {
            '"' => break,
            '\\' => {
                out.push(' ');
                at += 2;
            }
            c => {
                out.push(c);
                at += 1;
            }
        }
    }
    (out, at + 1)
}

fn raw(chars: &[char], from: usize) -> (String, usize) {
    let hashes = chars[from..].iter().take_while(|c| **c == '#').count();
    let start = from + hashes + 1;
    let mut close = vec!['"'];
    close.extend(vec!['#'; hashes]);
    let end = skip(chars, start, |rest| rest.starts_with(&close));
    (chars[start..end].iter().collect(), end + 1 + hashes)
}

impl Code {
    /// Lines of code with their numbers, literals emptied.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Rooms named by `crate::room` or `crate::{room, ..}` with their lines.
    pub fn rooms(&self) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for (at, _) in self.text.match_indices("crate::") {
            let line = self.text[..at].matches('\n').count() + 1;
            let rest = &self.text[at + "crate::".len()..];
            match rest.strip_prefix('{') {
                None => out.push((line, word(rest))),
                Some(group) => {
                    let mut depth = 0;
                    let mut fresh = true;
                    for (offset, c) in group.char_indices() {
                        match c {
                            '{' => depth += 1,
                            '}' if depth == 0 => break,
                            '}' => depth -= 1,
                            ',' if depth == 0 => fresh = true,
                            c if fresh && depth == 0 && c.is_alphabetic() => {
                                out.push((line, word(&group[offset..])));
                                fresh = false;
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        out
    }

    /// First string arguments of a call, also inside of `&format!(..)`, with their lines.
    pub fn arguments(&self, call: &str) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for (at, _) in self.full.match_indices(call) {
            let line = self.full[..at].matches('\n').count() + 1;
            let rest = self.full[at + call.len()..].trim_start_matches(['&', ' ']).trim_start_matches("format!(");
            if let Some((id, _)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                out.push((line, id.to_string()));
            }
        }
        out
    }
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
