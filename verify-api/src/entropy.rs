//! Where unpredictable bytes come from: the one place that asks the system.
//!
//! Everything else takes an [`Entropy`] as an argument. It must not know what
//! the bytes become.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

/// A source of bytes that nobody can foretell.
pub trait Entropy: Send + Sync {
    /// Overwrites all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` fresh bytes.
///
/// ```
/// # use verify_api::entropy::{self, OsEntropy};
/// let salt: [u8; 16] = entropy::bytes(&OsEntropy);
/// assert_ne!(salt, entropy::bytes(&OsEntropy));
/// ```
pub fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    /// Ends the process when the system has no entropy to give: a token that
    /// can be guessed is worse than no service, and a panic would be caught and
    /// answered request by request.
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one home of the system's entropy"
        )]
        let filled = getrandom::fill(bytes);
        if let Err(error) = filled {
            eprintln!(
                "The operating system gives no random bytes ({error}). \
                 Secrets cannot be made without them, so the server stops; \
                 see that it may call getrandom(2) or read /dev/urandom."
            );
            std::process::abort();
        }
    }
}

/// Bytes that follow from a seed, **for tests only**: whoever knows the seed
/// knows every token and code. No configuration can choose it.
///
/// ```
/// # use verify_api::entropy::{self, SeededEntropy};
/// let (one, same) = (SeededEntropy::new(7), SeededEntropy::new(7));
/// assert_eq!(entropy::bytes::<16>(&one), entropy::bytes::<16>(&same));
/// ```
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    blocks: AtomicU64,
}

impl SeededEntropy {
    /// A source whose bytes are the same in every run.
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            blocks: AtomicU64::new(0),
        }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = self.blocks.fetch_add(1, Ordering::Relaxed);
            let hash = Sha256::new()
                .chain_update(b"frontdesk seeded entropy")
                .chain_update(self.seed.to_be_bytes())
                .chain_update(block.to_be_bytes())
                .finalize();
            chunk.copy_from_slice(&hash[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_again_and_no_byte_twice() {
        let (one, same, other) = (
            SeededEntropy::new(1),
            SeededEntropy::new(1),
            SeededEntropy::new(2),
        );
        let first: [u8; 80] = bytes(&one);
        assert_eq!(first, bytes(&same));
        assert_ne!(first, bytes(&one));
        assert_ne!(first, bytes(&other));
        assert_ne!(first[..32], first[32..64]);
    }

    #[test]
    fn every_byte_is_overwritten() {
        // 64 zero bytes in a row have a chance of one in 2^512.
        let drawn: [u8; 4096] = bytes(&OsEntropy);
        assert!(drawn.chunks(64).all(|part| part != [0; 64]));
    }
}
