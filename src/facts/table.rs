//! Names with their slots: an open-addressed table, so that a lookup costs one hash and one comparison.
//!
//! It knows nothing of what the names mean.

/// Names numbered in the order in which they came; `N` is how they are held.
#[derive(Clone, Debug)]
pub struct Table<N> {
    /// By slot.
    pub names: Vec<N>,
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

impl<N> Default for Table<N> {
    fn default() -> Self {
        Self { names: Vec::new(), cells: Vec::new() }
    }
}

impl<N: AsRef<str>> Table<N> {
    /// Makes room for so many more names, so that they are entered once.
    pub fn reserve(&mut self, more: usize) {
        self.names.reserve(more);
        let names = self.names.len() + more;
        if names * 2 > self.cells.len() {
            self.rebuild(names * 2);
        }
    }

    /// The slot of a name with this [`hash`].
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the mask keeps the value below the length")]
    pub fn find(&self, hash: u64, name: &str) -> Option<usize> {
        let mask = self.cells.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.cells.get(at).copied().filter(|cell| *cell > 0)? as usize - 1;
            if self.names.get(slot).is_some_and(|known| known.as_ref() == name) {
                return Some(slot);
            }
            at = (at + 1) & mask;
        }
    }

    /// The slot of a name, a new one when it has none.
    pub fn intern(&mut self, name: &str) -> usize
    where
        N: From<String>,
    {
        let hash = hash(name);
        self.find(hash, name).unwrap_or_else(|| self.add(hash, name.to_owned()))
    }

    /// The same for a name that need not be copied.
    pub fn enter(&mut self, name: N) -> usize {
        let hash = hash(name.as_ref());
        self.find(hash, name.as_ref()).unwrap_or_else(|| self.add(hash, name))
    }

    /// The slot of a name with this [`hash`] that has none yet.
    pub fn add(&mut self, hash: u64, name: impl Into<N>) -> usize {
        self.names.push(name.into());
        let slot = self.names.len() - 1;
        if self.names.len() * 2 > self.cells.len() {
            self.rebuild(self.names.len() * 4);
        } else {
            self.place(slot, hash);
        }
        slot
    }

    fn rebuild(&mut self, cells: usize) {
        self.cells = vec![0; cells.next_power_of_two().max(1024)];
        for slot in 0..self.names.len() {
            self.place(slot, self.names.get(slot).map_or(0, |name| hash(name.as_ref())));
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the mask keeps the value below the length; names are few")]
    fn place(&mut self, slot: usize, hash: u64) {
        let mask = self.cells.len() - 1;
        let mut at = hash as usize & mask;
        while self.cells.get(at).is_some_and(|cell| *cell > 0) {
            at = (at + 1) & mask;
        }
        if let Some(cell) = self.cells.get_mut(at) {
            *cell = slot as u32 + 1;
        }
    }
}
