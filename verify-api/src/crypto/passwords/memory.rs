//! The memory that Argon2 fills, kept from one hash to the next: the kernel's work of
//! fetching 19 MiB for each and taking them back is a good part of a hash's own.
//!
//! Whoever can read what a hash has left here can try passwords against it
//! without Argon2's cost, so it is wiped before it is kept. This must not know
//! what is hashed.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::Block;
use zeroize::Zeroize as _;

/// Memory that no hash has now. There is never more than hashes ran at once.
#[derive(Default)]
pub(super) struct Pool(Mutex<Vec<Vec<Block>>>);

impl Pool {
    /// Memory that holds nothing of anybody; none yet when none was kept.
    pub(super) fn lease(self: &Arc<Self>) -> Memory {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Memory {
            blocks: kept.unwrap_or_default(),
            pool: Arc::clone(self),
        }
    }
}

/// Memory for one hash. When it is dropped, even by a panic, it is wiped and kept.
pub(super) struct Memory {
    blocks: Vec<Block>,
    pool: Arc<Pool>,
}

impl Memory {
    /// So many blocks of 1 KiB, which may hold anything; nothing when the system has
    /// not that much.
    pub(super) fn blocks(&mut self, count: usize) -> Option<&mut [Block]> {
        let missing = count.saturating_sub(self.blocks.len());
        self.blocks.try_reserve_exact(missing).ok()?;
        self.blocks
            .resize(self.blocks.len() + missing, Block::new());
        self.blocks.get_mut(..count)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let mut blocks = std::mem::take(&mut self.blocks);
        blocks.iter_mut().for_each(Block::zeroize);
        let kept = self.pool.0.lock();
        kept.unwrap_or_else(PoisonError::into_inner).push(blocks);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    fn holds_nothing(memory: &Memory) -> bool {
        let mut words = memory.blocks.iter().flat_map(|block| block.as_ref().iter());
        words.all(|word| *word == 0)
    }

    /// Fills memory, as a hash does.
    fn used(pool: &Arc<Pool>) -> Memory {
        let mut memory = pool.lease();
        for block in memory.blocks(4).unwrap() {
            block.as_mut().fill(7);
        }
        memory
    }

    #[test]
    fn memory_is_kept_and_holds_nothing_of_the_hash_before() {
        let pool = Arc::new(Pool::default());
        drop(used(&pool));
        let next = pool.lease();
        assert_eq!(next.blocks.len(), 4);
        assert!(holds_nothing(&next));
    }

    #[test]
    fn a_hash_that_panics_leaves_nothing_either() {
        let pool = Arc::new(Pool::default());
        let panic = catch_unwind(AssertUnwindSafe(|| {
            let _used = used(&pool);
            panic!("no luck");
        }));
        assert!(panic.is_err());
        let next = pool.lease();
        assert_eq!(next.blocks.len(), 4);
        assert!(holds_nothing(&next));
    }

    #[test]
    fn no_two_hashes_share_memory_and_no_more_is_kept_than_they_had() {
        let pool = Arc::new(Pool::default());
        let (one, two) = (used(&pool), used(&pool));
        assert_ne!(one.blocks.as_ptr(), two.blocks.as_ptr());
        drop((one, two));
        drop(used(&pool));
        assert_eq!(pool.0.lock().unwrap().len(), 2);
    }

    #[test]
    fn more_than_there_is_is_refused_and_less_than_is_kept_is_given() {
        let pool = Arc::new(Pool::default());
        let mut memory = used(&pool);
        assert!(memory.blocks(usize::MAX / 2048).is_none());
        assert_eq!(memory.blocks(2).unwrap().len(), 2);
        assert_eq!(memory.blocks(4).unwrap().len(), 4);
    }
}
