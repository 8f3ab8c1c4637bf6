//! Borders of boxes and frames: no tee, arrowhead or gap without a line.

use super::super::glyph::{E, N, S, W, opposite};
use super::Finding;
use super::lines::Sheet;

impl Sheet {
    /// Tees and arrowheads in borders need a line; frames are crossed only by lines.
    pub fn check_borders(&self, findings: &mut Vec<Finding>) {
        for b in &self.boxes {
            for p in b.border() {
                let out = b.side(p);
                let head = self.heads.get(p);
                let tee = if self.grid.ascii { self.grid.char(p) == '+' } else { self.grid.raw(p) & out != 0 };
                let inward = !self.grid.ascii && out != 0 && self.grid.raw(p) & opposite(out) != 0;
                if inward || head.is_some_and(|h| *h != opposite(out)) {
                    findings.push(Finding::at("arrow", p, "tee or arrowhead in a border points the wrong way"));
                } else if out != 0 && (head.is_some() || tee) && !self.touched.contains(&p) {
                    findings.push(Finding::at("line", p, "tee or arrowhead in a border without a line"));
                }
            }
        }
        for (i, f) in self.frames.iter().enumerate() {
            let title: i32 = f
                .lines
                .iter()
                .map(|l| i32::try_from(unicode_width::UnicodeWidthStr::width(l.as_str())).unwrap_or(0))
                .sum();
            let cells = (f.left..=f.right).filter(|&x| self.title_at.get((f.top, x)) == Some(&i)).count();
            if i32::try_from(cells).unwrap_or(0) != title + 2 {
                findings.push(Finding::at("frame", (f.top, f.left), "gap in the frame"));
            }
            for p in f.border().filter(|p| self.frame_at.get(*p) == Some(&i)) {
                let side = f.side(p);
                let across = if side & (N | S) != 0 { N | S } else { E | W };
                let crossed = if self.grid.ascii {
                    self.grid.char(p) == '+' || (side & (N | S) != 0 && self.grid.char(p) == '|')
                } else {
                    self.grid.raw(p) & across != 0
                };
                if side != 0 && crossed && !self.passed.contains(&p) {
                    findings.push(Finding::at("frame", p, "no line passes the frame here"));
                }
            }
        }
    }
}
