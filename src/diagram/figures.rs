//! Figures printed line by line: bars, phases as waves, the decision tree. They know nothing of graphs.

use super::glyph::{self, E, N, S, W};
use super::model::Options;
use super::text;

/// One question of a decision tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question, without numbering.
    pub question: String,
    /// What the requirements answer.
    pub answer: Answer,
    /// Where a yes leads.
    pub outcome: String,
    /// The path taken goes through this question.
    pub taken: bool,
}

/// The answer to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The outcome holds.
    Yes,
    /// The next question follows.
    No,
    /// An earlier answer decided already.
    NotAsked,
    /// Nobody has answered: the tree as such, without a path.
    Open,
}

/// One phase of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// Name of the phase.
    pub name: String,
    /// First period, from 0.
    pub start: u32,
    /// Number of periods, at least 1.
    pub length: u32,
    /// Remark at the end of the row; may be empty.
    pub note: String,
}

/// Horizontal bars, one row each: label, bar in proportion to the largest value, note. Values below zero or not finite count as 0.
pub fn bars(rows: &[(String, f64, String)], options: &Options) -> String {
    let width = columns(options);
    let rows: Vec<(String, f64, String)> = rows
        .iter()
        .map(|(l, v, n)| (text::clean(l), if v.is_finite() { v.max(0.0) } else { 0.0 }, text::clean(n)))
        .collect();
    let most = rows.iter().map(|r| r.1).fold(0.0, f64::max);
    let wide = |of: &dyn Fn(&(String, f64, String)) -> i32| rows.iter().map(of).max().unwrap_or(0);
    let label = wide(&|r| text::width(&r.0)).min(width * 2 / 5);
    let note = wide(&|r| text::width(&r.2)).min(width / 3);
    let room = (width - label - note - 4).clamp(4, 50);
    let (full, ends) = if options.ascii { ('#', ('|', '|')) } else { ('█', ('│', ' ')) };
    let mut out = String::new();
    for (name, value, remark) in &rows {
        let cells = filled(*value, most, room);
        let bar: String = std::iter::repeat_n(full, cells).collect();
        let names = text::wrap(std::slice::from_ref(name), label.max(2));
        let remarks = text::wrap(std::slice::from_ref(remark), note.max(2));
        for i in 0..names.len().max(remarks.len()).max(1) {
            let name = names.get(i).map_or("", String::as_str);
            let bar = if i == 0 { bar.as_str() } else { "" };
            let remark = remarks.get(i).map_or("", String::as_str);
            let end = if options.ascii { ends.1 } else { ' ' };
            let row = format!("{} {}{}{} {}", pad(name, label), ends.0, pad(bar, room), end, remark);
            push(&mut out, &row);
        }
    }
    out
}

/// Phases as rows over time, each a bar from its first to its last period.
pub fn waves(rows: &[Wave], options: &Options) -> String {
    let width = columns(options);
    let names: Vec<String> = rows.iter().map(|r| text::clean(&r.name)).collect();
    let notes: Vec<String> = rows.iter().map(|r| text::clean(&r.note)).collect();
    let note = text::widest(&notes).min(width / 3);
    let periods = i32::try_from(rows.iter().map(|r| r.start.saturating_add(r.length.max(1))).max().unwrap_or(1))
        .unwrap_or(i32::MAX);
    // Names take what short bars leave.
    let least = periods.saturating_mul(3).min(width / 3);
    let label = text::widest(&names).min((width - note - 5 - least).max(width / 5));
    let room = (width - label - note - 5).max(8);
    let step = (room / periods).clamp(1, 6);
    let scale = |at: u32| {
        let at = i64::from(at) * i64::from(step);
        let all = i64::from(periods) * i64::from(step);
        i32::try_from(if all > i64::from(room) { at * i64::from(room) / all } else { at }).unwrap_or(0)
    };
    let total = scale(u32::try_from(periods).unwrap_or(u32::MAX));
    let (open, full, close) = if options.ascii { ('[', '=', ']') } else { ('├', '█', '┤') };
    let mut out = String::new();
    for (row, (name, remark)) in rows.iter().zip(names.iter().zip(&notes)) {
        let from = scale(row.start);
        let to = scale(row.start.saturating_add(row.length.max(1))).max(from + 1);
        let names = text::wrap(std::slice::from_ref(name), label.max(2));
        let remarks = text::wrap(std::slice::from_ref(remark), note.max(2));
        for i in 0..names.len().max(remarks.len()).max(1) {
            let name = names.get(i).map_or("", String::as_str);
            let remark = remarks.get(i).map_or("", String::as_str);
            let bar = if i == 0 {
                let bar = blanks(from) + &full.to_string().repeat(usize::try_from(to - from).unwrap_or(1));
                format!("{open}{}{close}", pad(&bar, total))
            } else {
                blanks(total + 2)
            };
            push(&mut out, &format!("{} {bar} {remark}", pad(name, label)));
        }
    }
    out
}

/// A decision tree from top to bottom: the trunk leads from question to question, each yes to its outcome. The path taken is drawn with
/// `═` and `║` (`=` and `#` in ASCII) and its outcome marked `◄ taken` (`<== taken`); questions not asked say so.
pub fn tree(start: &str, questions: &[Question], otherwise: &str, options: &Options) -> String {
    let width = columns(options);
    let mut out = String::new();
    push(&mut out, &text::clean(start));
    let open = questions.iter().all(|q| q.answer == Answer::Open);
    let decided = open || questions.iter().any(|q| q.taken && q.answer == Answer::Yes);
    for q in questions {
        let here = Strokes::new(q.taken, options.ascii);
        push(&mut out, &here.down.to_string());
        let first = text::wrap(&[text::clean(&q.question)], width - 5);
        for (i, line) in first.iter().enumerate() {
            let lead = if i == 0 { format!("{}{} ", here.branch, here.across) } else { format!("{}  ", here.down) };
            push(&mut out, &format!("{lead}{line}"));
        }
        outcome(&mut out, q, width, options.ascii);
    }
    let last = Strokes::new(!decided, options.ascii);
    push(&mut out, &last.down.to_string());
    let (head, mark) = (format!("{}{} ", last.corner, last.across), taken_mark(!decided, options.ascii));
    for (i, line) in text::wrap(&[text::clean(otherwise)], (width - 3 - text::width(&mark)).max(8)).iter().enumerate() {
        let lead = if i == 0 { head.as_str() } else { "   " };
        push(&mut out, &format!("{lead}{line}{}", if i == 0 { mark.as_str() } else { "" }));
    }
    out
}

/// The yes and no below a question.
fn outcome(out: &mut String, q: &Question, width: i32, ascii: bool) {
    let yes = Strokes::new(q.taken && q.answer == Answer::Yes, ascii);
    let no = Strokes::new(q.taken && q.answer == Answer::No, ascii);
    let mark = taken_mark(q.taken && q.answer == Answer::Yes, ascii);
    let trunk = no.down;
    let head =
        format!("{trunk}  {}{}{} yes {}{}", yes.corner, yes.across, yes.across, yes.across, glyph::head(E, ascii));
    let lead = text::width(&head) + 1;
    let beside = width - lead - text::width(&mark) >= 16;
    let room = width - lead - if beside { text::width(&mark) } else { 0 };
    for (i, line) in text::wrap(&[text::clean(&q.outcome)], room).iter().enumerate() {
        let end = if i == 0 && beside { mark.as_str() } else { "" };
        let row = if i == 0 { format!("{head} {line}{end}") } else { format!("{trunk}{}{line}", blanks(lead - 1)) };
        push(out, &row);
    }
    if !beside {
        push(out, &format!("{trunk} {mark}"));
    }
    let answer = match q.answer {
        Answer::Yes => "",
        Answer::No | Answer::Open => "no: next",
        Answer::NotAsked => "not asked: decided above",
    };
    if !answer.is_empty() {
        for line in text::wrap_words(answer, width - 3) {
            push(out, &format!("{trunk}  {line}"));
        }
    }
}

fn taken_mark(taken: bool, ascii: bool) -> String {
    match (taken, ascii) {
        (false, _) => String::new(),
        (true, true) => "  <== taken".to_owned(),
        (true, false) => "  ◄══ taken".to_owned(),
    }
}

/// The strokes of one stretch of the tree.
struct Strokes {
    down: char,
    across: char,
    branch: char,
    corner: char,
}

impl Strokes {
    fn new(bold: bool, ascii: bool) -> Strokes {
        let (down, across, branch, corner) = match (bold, ascii) {
            (true, true) => ('#', '=', '#', '#'),
            (true, false) => ('║', '═', '╠', '╚'),
            (false, _) => (
                glyph::line(N | S, ascii),
                glyph::line(E | W, ascii),
                glyph::line(N | S | E, ascii),
                glyph::line(N | E, ascii),
            ),
        };
        Strokes { down, across, branch, corner }
    }
}

fn filled(value: f64, most: f64, room: i32) -> usize {
    if most <= 0.0 || value <= 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the width")]
    let cells = (value / most * f64::from(room)).round().max(1.0) as usize;
    cells
}

fn columns(options: &Options) -> i32 {
    i32::try_from(options.width.clamp(24, 1000)).unwrap_or(100)
}

fn blanks(n: i32) -> String {
    " ".repeat(usize::try_from(n).unwrap_or(0))
}

fn pad(line: &str, to: i32) -> String {
    format!("{line}{}", blanks(to - text::width(line)))
}

fn push(out: &mut String, row: &str) {
    out.push_str(row.trim_end());
    out.push('\n');
}
