//! The memory that Argon2 fills, kept from one hash to the next: fetching 19 MiB
//! from the system and giving them back costs as much as half a hash.
//!
//! Whoever can read what a hash has left here can try passwords against it
//! without Argon2's cost, so it is wiped before it is kept. This must not know
//! what is hashed.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::Block;
use zeroize::Zeroize as _;

/// What one hash works in; as many blocks of 1 KiB as it asks for.
pub(super) type Memory = Vec<Block>;

/// Memory that no hash has now. There is never more than hashes ran at once.
#[derive(Default)]
pub(super) struct Pool(Mutex<Vec<Memory>>);

impl Pool {
    /// Memory that holds nothing of anybody; empty when none was kept.
    pub(super) fn lease(self: &Arc<Self>) -> Lease {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lease {
            memory: kept.unwrap_or_default(),
            pool: Arc::clone(self),
        }
    }
}

/// Memory until it is dropped, even by a panic: then it is wiped, and goes back.
pub(super) struct Lease {
    memory: Memory,
    pool: Arc<Pool>,
}

impl Deref for Lease {
    type Target = Memory;

    fn deref(&self) -> &Memory {
        &self.memory
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Memory {
        &mut self.memory
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut memory = std::mem::take(&mut self.memory);
        memory.iter_mut().for_each(Block::zeroize);
        let kept = self.pool.0.lock();
        kept.unwrap_or_else(PoisonError::into_inner).push(memory);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    fn holds_nothing(memory: &Memory) -> bool {
        memory
            .iter()
            .all(|block| block.as_ref().iter().all(|word| *word == 0))
    }

    /// Fills memory, as a hash does.
    fn used(pool: &Arc<Pool>) -> Lease {
        let mut lease = pool.lease();
        lease.resize(4, Block::new());
        for block in lease.iter_mut() {
            block.as_mut().fill(7);
        }
        lease
    }

    #[test]
    fn memory_is_kept_and_holds_nothing_of_the_hash_before() {
        let pool = Arc::new(Pool::default());
        drop(used(&pool));
        let next = pool.lease();
        assert_eq!(next.len(), 4);
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
        assert_eq!(next.len(), 4);
        assert!(holds_nothing(&next));
    }

    #[test]
    fn no_two_hashes_share_memory_and_no_more_is_kept_than_they_had() {
        let pool = Arc::new(Pool::default());
        let (one, two) = (used(&pool), used(&pool));
        assert_ne!(one.as_ptr(), two.as_ptr());
        drop((one, two));
        drop(used(&pool));
        assert_eq!(pool.0.lock().unwrap().len(), 2);
    }
}
