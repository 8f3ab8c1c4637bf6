//! The verifier: reads a drawing back into a graph from its text alone and compares it with the model. It shares nothing with the painter
//! but the glyph table.

mod borders;
mod boxes;
mod compare;
mod grid;
mod lines;
mod nets;
mod plus;
mod read;

pub use read::read;

use super::model::{Model, Options};

/// One fault of a drawing. Rows and columns count from 1; 0:0 is the whole drawing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// `width`, `text`, `node`, `line`, `arrow`, `net`, `edge`, `frame`, `note`, `stub` or `ascii`.
    pub rule: &'static str,
    /// Part of a split drawing, from 1.
    pub part: usize,
    /// Row in its part.
    pub row: i32,
    /// Display column.
    pub column: i32,
    /// What is wrong.
    pub message: String,
}

impl Finding {
    fn at(rule: &'static str, p: grid::At, message: &str) -> Finding {
        Finding { rule, part: 1, row: p.0 + 1, column: p.1 + 1, message: message.to_owned() }
    }

    fn whole(rule: &'static str, message: String) -> Finding {
        Finding { rule, part: 0, row: 0, column: 0, message }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "part {} {}:{}: {}: {}", self.part, self.row, self.column, self.rule, self.message)
    }
}

/// Reads a drawing (Markdown fences or blank lines separate the parts of a split) and lists every difference from the model and every
/// breach of the drawing rules. Empty means: the text shows exactly this graph.
pub fn verify(text: &str, model: &Model, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    if options.ascii && text.chars().any(|c| super::glyph::arms(c) != 0) {
        findings.push(Finding::whole("ascii", "box-drawing characters in ASCII mode".to_owned()));
    }
    let node = |lines: &[String]| model.nodes.iter().any(|n| compare::same_label(lines, &n.label));
    let title =
        |lines: &[String]| model.clusters.iter().any(|c| compare::same_label(lines, std::slice::from_ref(&c.label)));
    let known = |lines: &[String]| node(lines) || title(lines);
    let parts = parts(text);
    let several = parts.len() > 1;
    let mut sheets = Vec::new();
    for (k, part) in parts.iter().enumerate() {
        let mut own = Vec::new();
        let mut sheet = lines::Sheet::read(part, options.width.max(24), &known, &mut own);
        let reading = nets::read(&mut sheet, &mut own);
        own.iter_mut().for_each(|f| f.part = k + 1);
        findings.append(&mut own);
        if !(several && sheet.boxes.iter().any(|b| !node(&b.lines) && title(&b.lines))) {
            sheets.push((k + 1, sheet, reading));
        }
    }
    compare::compare(&sheets, model, &mut findings);
    findings
}

/// Lists every breach of the drawing rules that shows without a model: lines that end nowhere, boxes that do not close, stray text, rows
/// over the width, stubs that lead nowhere.
pub fn verify_form(text: &str, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut left, mut into) = (Vec::new(), Vec::new());
    for (k, part) in parts(text).iter().enumerate() {
        let mut own = Vec::new();
        let mut sheet = lines::Sheet::read(part, options.width.max(24), &|_| false, &mut own);
        let reading = nets::read(&mut sheet, &mut own);
        own.iter_mut().for_each(|f| f.part = k + 1);
        findings.append(&mut own);
        left.extend(reading.leaving.iter().map(|stub| stub.number));
        into.extend(reading.arriving.iter().map(|stub| stub.number));
    }
    let lost = left.iter().filter(|n| !into.contains(n)).chain(into.iter().filter(|n| !left.contains(n)));
    findings.extend(lost.map(|n| Finding::whole("stub", format!("stub ({n}) leads nowhere"))));
    findings
}

/// Whether a part shows exactly this graph; where its stubs lead is not its matter.
pub(super) fn sound(part: &str, model: &Model, options: &Options) -> bool {
    verify(part, model, options).iter().all(|finding| finding.rule == "stub")
}

/// Fenced blocks if there are any, else blocks between blank lines.
fn parts(text: &str) -> Vec<String> {
    let fence = |l: &str| l.starts_with("```") || l.starts_with("~~~");
    let fenced = text.lines().any(fence);
    let (mut out, mut part, mut inside) = (Vec::new(), String::new(), false);
    for line in text.lines() {
        let cut = if fenced { fence(line) } else { line.trim().is_empty() };
        if cut {
            inside = fence(line) && !inside;
            if !part.is_empty() {
                out.push(std::mem::take(&mut part));
            }
        } else if inside || !fenced {
            part.push_str(line);
            part.push('\n');
        }
    }
    if !part.is_empty() {
        out.push(part);
    }
    out
}
