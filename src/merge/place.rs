//! Where new elements go: beside their neighbours in the fresh plan, else under their heading, else with their heading where it
//! belongs. What the file already has is never moved.

use super::headings::Headings;
use super::layout::{Layout, Shape, Spot};
use crate::document::{Document, Kind};

/// What is known about one element of the fresh plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It stands in the file, in this slot.
    Present(usize),
    /// It is to be put into the file.
    New(String, Shape),
    /// A person deleted it.
    Absent,
}

/// A heading of the fresh plan and the elements directly below it; the first section has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// An index into the fresh plan's headings.
    pub heading: Option<usize>,
    /// The elements in order.
    pub elements: Vec<State>,
}

/// Puts the new elements and headings into the layout. `end` is the slot of the ledger, or the number of slots.
pub fn place(
    old: &Document,
    fresh: &Document,
    heads: &Headings,
    sections: Vec<Section>,
    end: usize,
    layout: &mut Layout,
) {
    let mut placer = Placer { old, fresh, heads, end, layout, above: None };
    for section in sections {
        placer.section(section);
    }
}

struct Placer<'a> {
    old: &'a Document,
    fresh: &'a Document,
    heads: &'a Headings,
    end: usize,
    layout: &'a mut Layout,
    /// The last heading of the fresh plan that is in the new file: its level and its place.
    above: Option<Above>,
}

#[derive(Clone, Copy)]
enum Above {
    Slot(usize),
    New(Spot),
}

impl Placer<'_> {
    fn section(&mut self, section: Section) {
        let mut anchor = None;
        if let Some(index) = section.heading {
            anchor = self
                .heading(index, section.elements.iter().any(|e| matches!(e, State::New(..))) && !siblings(&section));
        }
        for (index, element) in section.elements.iter().enumerate() {
            match element {
                State::Present(slot) => anchor = Some(Spot::After(*slot)),
                State::Absent => {}
                State::New(text, shape) => {
                    let before = || {
                        section.elements.iter().skip(index).find_map(|e| match e {
                            State::Present(slot) => Some(Spot::Before(*slot)),
                            _ => None,
                        })
                    };
                    let under_heading = section.elements.iter().take(index).all(|e| matches!(e, State::Absent));
                    let spot = match anchor {
                        Some(spot) if !under_heading => spot,
                        other => before().or(other).unwrap_or(Spot::Before(self.end)),
                    };
                    self.layout.add(spot, text.clone(), *shape);
                    anchor = Some(spot);
                }
            }
        }
    }

    /// Finds the heading in the file or puts it there; a heading that a person deleted comes back only when it is `needed`.
    fn heading(&mut self, index: usize, needed: bool) -> Option<Spot> {
        let heading = self.fresh.headings.get(index)?;
        if let Some(slot) = self.heads.slot.get(&index) {
            self.above = Some(Above::Slot(*slot));
            return Some(Spot::After(*slot));
        }
        let entry = crate::document::ledger::heading_entry(heading.level, &heading.text);
        if self.old.written.headings.contains(&entry) && !needed {
            return None;
        }
        let spot = self.spot(index, heading.level);
        self.above = Some(Above::New(spot));
        self.layout.add(
            spot,
            format!("{} {}\n", "#".repeat(heading.level), heading.text),
            Shape::Heading(heading.level),
        );
        Some(spot)
    }

    fn spot(&self, index: usize, level: usize) -> Spot {
        let from = match self.above {
            Some(Above::New(spot @ Spot::Ahead(_))) => return spot,
            Some(Above::New(Spot::Before(slot) | Spot::After(slot) | Spot::Closing(slot))) => slot,
            Some(Above::Slot(slot)) => slot + 1,
            None => {
                let next = self.heads.slot.range(index..).next().map_or(self.end, |(_, slot)| *slot);
                return Spot::Before(next);
            }
        };
        let slot = next_heading(self.old, from, level, self.end);
        if level <= 2 { Spot::Ahead(slot) } else { Spot::Before(slot) }
    }
}

/// The first slot from `from` on that holds a heading of this level or above it, else `end`.
pub fn next_heading(old: &Document, from: usize, level: usize, end: usize) -> usize {
    let found = old.parts.iter().enumerate().skip(from).find(|(_, part)| match part.kind {
        Kind::Heading(index) => old.headings.get(index).is_some_and(|h| h.level <= level),
        _ => false,
    });
    found.map_or(end, |(slot, _)| slot).min(end.max(from))
}

fn siblings(section: &Section) -> bool {
    section.elements.iter().any(|e| matches!(e, State::Present(_)))
}
