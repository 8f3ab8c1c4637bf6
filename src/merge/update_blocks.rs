//! The part of the update that is about blocks.

use super::block;
use super::conflict;
use super::layout::{Shape, Slot, Spot};
use super::refresh::Offers;
use super::retire;
use super::update::Update;
use crate::document::{Block, Kind};

impl<'a> Update<'a> {
    pub(super) fn old_block(&mut self, slot: usize, block: &'a Block) {
        let old = self.pair.old;
        self.blocks.insert(block.key.clone(), slot);
        let offers: Vec<(usize, &Block)> = old
            .parts
            .iter()
            .enumerate()
            .filter_map(|(i, part)| match part.kind {
                Kind::Offer(index) => old.offers.get(index).filter(|o| o.key == block.key).map(|o| (i, o)),
                _ => None,
            })
            .collect();
        let Some(new) = self.fresh_blocks.get(block.key.as_str()).copied() else {
            return self.gone_block(slot, block, &offers);
        };
        let below: Vec<&Block> = offers.iter().map(|(_, o)| *o).collect();
        let fate = block::refresh(&self.pair, block, new, &below);
        for (place, offer) in offers {
            match fate.offers {
                Offers::Go => self.withdraw(place, offer),
                Offers::Note => self.layout.set(place, Slot::Text(old.raw(offer.body.clone()).to_owned())),
                Offers::Stay => {}
            }
        }
        self.note_conflict(&fate, &block.key, &block.key);
        let list = if fate.refreshed { &mut self.merged.refreshed } else { &mut self.merged.kept };
        list.push(block.key.clone());
        if let Some(text) = fate.text {
            self.layout.set(slot, Slot::Text(text));
        }
        if let Some(text) = fate.offered {
            self.layout.add(Spot::After(slot), text, Shape::Block);
        }
    }

    /// Takes back an offered block; what a person changed in it becomes a note.
    fn withdraw(&mut self, slot: usize, offer: &Block) {
        let untouched = conflict::is_untouched_block(self.pair.old, offer);
        let note = self.pair.old.raw(offer.body.clone()).to_owned();
        self.layout.set(slot, if untouched { Slot::Gone } else { Slot::Text(note) });
    }

    fn gone_block(&mut self, slot: usize, block: &Block, offers: &[(usize, &Block)]) {
        let old = self.pair.old;
        self.layout.set(slot, Slot::Gone);
        for (place, offer) in offers {
            self.withdraw(*place, offer);
        }
        self.merged.retired.push(block.key.clone());
        self.ledger.blocks.remove(&block.key);
        if !retire::is_pristine_block(old, block) {
            // A comment of the ledger that strayed into the block would count as the ledger's once the marks are gone.
            let strayed = |line: &usize| old.line(*line).trim_start().starts_with("<!-- ap-");
            let lines = block.body.clone().filter(|line| !strayed(line));
            let text: String = lines.map(|line| old.raw(line..line + 1)).collect();
            retire::park(old, slot, self.end, text, Shape::Block, &mut self.layout);
        }
    }
}
