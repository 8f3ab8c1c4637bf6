//! ASCII only: which arms a `+` has, seen from its neighbours.

use super::super::glyph::{E, N, S, W, opposite};
use super::Finding;
use super::grid::{At, DIRECTIONS, step};
use super::lines::Sheet;
use std::collections::BTreeMap;

/// What a `+` sees in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Facing {
    Yes,
    No,
    Text,
    Over(At),
}

impl Sheet {
    /// In ASCII a `+` has an arm towards every neighbour that faces it.
    pub fn resolve(&mut self, findings: &mut Vec<Finding>) {
        let plus: Vec<At> = self.arms.iter().map(|(p, _)| p).filter(|p| self.grid.char(*p) == '+').collect();
        let seen: BTreeMap<At, Vec<(u8, Facing)>> =
            plus.iter().map(|&p| (p, DIRECTIONS.map(|d| (d, self.facing(p, d))).to_vec())).collect();
        let sure =
            |p: &At| -> u8 { seen.get(p).map_or(0, |l| l.iter().filter(|f| f.1 == Facing::Yes).map(|f| f.0).sum()) };
        for p in &plus {
            let own = sure(p);
            let mut arms = own;
            for (d, f) in seen.get(p).into_iter().flatten() {
                let joins = match f {
                    Facing::Over(q) => own & (E | W) == 0 || sure(q) & (E | W) == 0,
                    Facing::Text => own & (d | opposite(*d)) == 0,
                    _ => false,
                };
                arms |= if joins { *d } else { 0 };
            }
            if arms & (N | S) == 0 || arms & (E | W) == 0 {
                findings.push(Finding::at("line", *p, "+ neither turns nor branches"));
            }
            self.arms.insert(*p, arms);
        }
    }

    fn facing(&self, p: At, d: u8) -> Facing {
        let (mut q, mut over) = (step(p, d), false);
        loop {
            let bar = d & (E | W) != 0 && self.arms.has(q) && self.grid.char(q) == '|';
            if !bar && !self.frame_at.has(q) {
                break;
            }
            over |= bar;
            q = step(q, d);
        }
        if let Some(b) = self.owner.get(q).and_then(|&i| self.boxes.get(i)) {
            let meets = self.grid.char(q) == '+' || self.heads.get(q) == Some(&d);
            return if b.side(q) == opposite(d) && meets { Facing::Yes } else { Facing::No };
        }
        if let Some(h) = self.heads.get(q) {
            return if *h == d { Facing::Yes } else { Facing::No };
        }
        match self.arms.get(q) {
            None if self.run_at.has(q) && !over => Facing::Text,
            None => Facing::No,
            Some(_) if self.grid.char(q) == '+' => {
                if over {
                    Facing::Over(q)
                } else {
                    Facing::Yes
                }
            }
            Some(a) if a & opposite(d) != 0 => Facing::Yes,
            Some(_) => Facing::No,
        }
    }
}
