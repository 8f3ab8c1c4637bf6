//! `P038` odd-tick.

use crate::diagnostic::Severity;
use crate::document::lines;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P038", "odd-tick", Severity::Warning, include_str!("p038_odd_tick.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for index in 0..cx.document.lines.len() {
        let text = cx.document.line(index);
        if cx.scan.code.get(index).copied().unwrap_or(false) {
            continue;
        }
        let Some(rest) = lines::bullet(text).and_then(|rest| rest.strip_prefix('[')) else { continue };
        let mut inside = rest.chars();
        let (Some(glyph), Some(']')) = (inside.next(), inside.next()) else { continue };
        let odd = matches!(glyph, 'X' | '-' | '~' | '/' | '>' | '*' | '?' | '!' | 'v' | '✓' | '✔');
        if odd && rest.get(glyph.len_utf8() + 1..).is_some_and(|rest| rest.starts_with(' ')) {
            let at = text.find('[').unwrap_or(0);
            let span = cx.part(index, at..at + 2 + glyph.len_utf8());
            let words: String = rest.chars().skip(3).take(30).collect();
            let finding =
                Finding::new(RULE.named(), span, cx.subject(index), format!("`[{glyph}]` is neither open nor done"));
            out.push(finding.detail(words).fix("write `[ ]` or `[x]`; other states stand in a `**Status**:` field"));
        }
    }
}
