//! Text of people inside Markdown: what they wrote is shown, never interpreted.

/// Text for prose and table cells: one line, every character that Markdown or HTML would interpret escaped.
#[must_use]
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '{' | '}' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text inside a code span: no backtick can close it, no bar can split a table.
#[must_use]
pub fn code(text: &str) -> String {
    one_line(text).replace('`', "'").replace('|', "/").replace('<', "‹").replace('>', "›")
}

/// Text inside a figure: one line without what would read as HTML or close a fence.
#[must_use]
pub fn figure(text: &str) -> String {
    one_line(text).replace('`', "'").replace('<', "‹").replace('>', "›")
}

/// Text on one line without control and direction characters.
#[must_use]
pub fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c) { ' ' } else { c });
    let hidden = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    visible.filter(|c| !hidden(c)).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{code, prose};

    #[test]
    fn nothing_that_people_wrote_is_interpreted() {
        assert_eq!(prose("a | b"), "a \\| b");
        assert_eq!(prose("x --> <!-- y"), "x --&gt; &lt;!-- y");
        assert_eq!(prose("a\n## b"), "a \\#\\# b");
        assert_eq!(code("a`b|c"), "a'b/c");
    }
}
