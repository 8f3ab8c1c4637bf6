//! Inline Markdown as plain words.

use pulldown_cmark::{Event, Options, Parser};

/// The words of one line of Markdown: no emphasis marks, no comments, no tags; code spans keep their text.
pub fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for event in Parser::new_ext(line, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_go_and_words_stay() {
        assert_eq!(plain("**A** `b_c` \\*d\\* <!-- ap-done: x --> <b>e</b> 1 < 2"), "A b_c *d*  e 1 < 2");
    }
}
