//! The memory that Argon2 fills, kept from one hash to the next: the kernel's work of
//! fetching 64 MiB for each and taking them back is a good part of a hash's own.
//!
//! Whoever can read what a hash has left here can try passwords against it
//! without Argon2's cost, so it can be wiped. This must not know what is hashed.

use argon2::Block;
use zeroize::Zeroize as _;

/// Memory for one hash at a time. What is dropped is wiped.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// So many blocks of 1 KiB, which may hold anything; nothing when the system has
    /// not that much.
    pub(super) fn blocks(&mut self, count: usize) -> Option<&mut [Block]> {
        let missing = count.saturating_sub(self.0.len());
        self.0.try_reserve_exact(missing).ok()?;
        self.0.resize(self.0.len() + missing, Block::new());
        self.0.get_mut(..count)
    }

    /// Forgets what the hash before has left.
    pub(super) fn wipe(&mut self) {
        self.0.iter_mut().for_each(Block::zeroize);
    }

    #[cfg(test)]
    pub(super) fn holds_nothing(&self) -> bool {
        let mut words = self.0.iter().flat_map(|block| block.as_ref().iter());
        words.all(|word| *word == 0)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_kept_and_holds_nothing_once_it_is_wiped() {
        let mut memory = Memory::default();
        for block in memory.blocks(4).unwrap() {
            block.as_mut().fill(7);
        }
        assert!(!memory.holds_nothing());
        memory.wipe();
        assert_eq!(memory.0.len(), 4);
        assert!(memory.holds_nothing());
    }

    #[test]
    fn more_than_there_is_is_refused_and_less_than_is_kept_is_given() {
        let mut memory = Memory::default();
        assert_eq!(memory.blocks(4).unwrap().len(), 4);
        assert!(memory.blocks(usize::MAX / 2048).is_none());
        assert_eq!(memory.blocks(2).unwrap().len(), 2);
        assert_eq!(memory.blocks(4).unwrap().len(), 4);
    }
}
