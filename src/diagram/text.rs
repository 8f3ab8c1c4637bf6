//! Display widths and line breaking of labels in any script. It knows nothing of boxes.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Characters that may not begin a line.
const CLOSING: &str = "、。，．）」』】！？：；,.!?)]}";

/// Display columns of one grapheme: 0, 1 or 2.
pub(super) fn cell(grapheme: &str) -> i32 {
    i32::try_from(grapheme.width()).unwrap_or(2).min(2)
}

/// Display columns of a text.
pub(super) fn width(text: &str) -> i32 {
    if text.is_ascii() {
        return i32::try_from(text.len()).unwrap_or(i32::MAX);
    }
    text.graphemes(true).map(cell).sum()
}

/// The widest line.
pub(super) fn widest(lines: &[String]) -> i32 {
    lines.iter().map(|l| width(l)).max().unwrap_or(0)
}

/// Blanks for everything that has no place in a row, and only single blanks.
pub(super) fn clean(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Breaks each line so that none is wider than `limit` columns: at blanks, after `-`, `_` and `/`, between wide graphemes, and where
/// nothing else helps, anywhere.
pub(super) fn wrap(lines: &[String], limit: i32) -> Vec<String> {
    lines.iter().flat_map(|l| wrap_line(l, limit.max(2), true)).collect()
}

/// Like `wrap`, but only at blanks: the form for text that is read back joined with blanks.
pub(super) fn wrap_words(text: &str, limit: i32) -> Vec<String> {
    wrap_line(text, limit, false)
}

fn wrap_line(line: &str, limit: i32, inside: bool) -> Vec<String> {
    if width(line) <= limit {
        let line = line.trim_end();
        return if line.is_empty() { Vec::new() } else { vec![line.to_owned()] };
    }
    let mut out: Vec<String> = Vec::new();
    let mut row = String::new();
    for atom in atoms(line, inside) {
        let fits = width(row.trim_end()) + width(atom.trim_end()) + trailing(&row) <= limit;
        if !fits && !row.is_empty() {
            out.push(row.trim_end().to_owned());
            row = String::new();
        }
        row.push_str(&atom);
        if inside && width(row.trim_end()) > limit {
            row = break_anywhere(&row, limit, &mut out);
        }
    }
    out.push(row.trim_end().to_owned());
    out.retain(|l| !l.is_empty());
    out
}

fn trailing(row: &str) -> i32 {
    width(row) - width(row.trim_end())
}

fn break_anywhere(row: &str, limit: i32, out: &mut Vec<String>) -> String {
    let mut part = String::new();
    for g in row.graphemes(true) {
        if !part.is_empty() && width(&part) + cell(g) > limit {
            out.push(part.trim_end().to_owned());
            part = String::new();
        }
        part.push_str(g);
    }
    part
}

/// Pieces between which a line may break; a blank stays at the end of its piece.
fn atoms(line: &str, inside: bool) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut before = "";
    for g in line.graphemes(true) {
        let wide = inside && (cell(g) == 2 || cell(before) == 2) && !CLOSING.contains(g) && g != " ";
        let after_mark = inside && matches!(before, "-" | "_" | "/") && g != " ";
        if !before.is_empty() && g != " " && (before == " " || after_mark || wide) {
            out.push(String::new());
        }
        if let Some(last) = out.last_mut() {
            last.push_str(g);
        }
        before = g;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str, limit: i32) -> Vec<String> {
        wrap(&[text.to_owned()], limit)
    }

    #[test]
    fn breaks_where_a_reader_would() {
        assert_eq!(broken("Payment DB", 9), ["Payment", "DB"]);
        assert_eq!(broken("admin-basic-info", 10), ["admin-", "basic-info"]);
        assert_eq!(broken("用户数据库", 4), ["用户", "数据", "库"]);
        assert_eq!(broken("Kubernetes", 4), ["Kube", "rnet", "es"]);
        assert_eq!(wrap_words("Event Stream", 6), ["Event", "Stream"]);
    }

    #[test]
    fn measures_display_columns() {
        assert_eq!(width("注文DB"), 6);
        assert_eq!(width("👩‍🚀"), 2);
        assert_eq!(width("e\u{301}"), 1);
    }
}
