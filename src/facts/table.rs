//! Names with their slots: an open-addressed table, so that a lookup costs one hash and one comparison.
//!
//! It knows nothing of what the names mean.

use std::borrow::Cow;

/// Names numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// By slot.
    pub names: Vec<Cow<'static, str>>,
    /// Slot + 1; 0 is empty.
    cells: Vec<u32>,
}

/// The hash of a name; eight bytes at a time.
#[must_use]
pub fn hash(name: &str) -> u64 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut out: u64 = PRIME;
    let mut rest = name.as_bytes();
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        out = (out ^ u64::from_le_bytes(*chunk)).wrapping_mul(PRIME).rotate_left(29);
        rest = tail;
    }
    // What is left over, with the bytes before it where there are eight.
    let last = match name.as_bytes().last_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk) ^ name.len() as u64,
        None => rest.iter().fold(rest.len() as u64, |word, byte| (word << 8) | u64::from(*byte)),
    };
    out = (out ^ last).wrapping_mul(PRIME);
    out ^ (out >> 32)
}

impl Table {
    /// The slot of a name with this [`hash`].
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the mask keeps the value below the length")]
    pub fn find(&self, hash: u64, name: &str) -> Option<usize> {
        let mask = self.cells.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.cells.get(at).copied().filter(|cell| *cell > 0)? as usize - 1;
            if self.names.get(slot).is_some_and(|known| known == name) {
                return Some(slot);
            }
            at = (at + 1) & mask;
        }
    }

    /// The slot of a name, a new one when it has none.
    pub fn intern(&mut self, name: &str) -> usize {
        self.find(hash(name), name).unwrap_or_else(|| self.add(name.to_owned()))
    }

    /// The same for a name of the program.
    pub fn fixed(&mut self, name: &'static str) -> usize {
        self.find(hash(name), name).unwrap_or_else(|| self.add(name))
    }

    /// The slot of a name that has none yet.
    pub fn add(&mut self, name: impl Into<Cow<'static, str>>) -> usize {
        self.names.push(name.into());
        if self.names.len() * 2 > self.cells.len() {
            self.cells = vec![0; (self.names.len() * 4).next_power_of_two().max(1024)];
            for slot in 0..self.names.len() {
                self.place(slot);
            }
        } else {
            self.place(self.names.len() - 1);
        }
        self.names.len() - 1
    }

    #[expect(clippy::cast_possible_truncation, reason = "the mask keeps the value below the length; names are few")]
    fn place(&mut self, slot: usize) {
        let mask = self.cells.len() - 1;
        let mut at = self.names.get(slot).map_or(0, |name| hash(name)) as usize & mask;
        while self.cells.get(at).is_some_and(|cell| *cell > 0) {
            at = (at + 1) & mask;
        }
        if let Some(cell) = self.cells.get_mut(at) {
            *cell = slot as u32 + 1;
        }
    }
}
