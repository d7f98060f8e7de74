//! `[hashing]`: how many passwords may be hashed at once.

use super::settings::Settings;

/// How many passwords may be hashed at once. Each takes one core, and 64 MiB which the
/// server keeps for the next one.
#[derive(Clone, Copy, Debug)]
pub struct Hashing {
    /// How many at once; as many as there are cores unless set.
    pub permits: usize,
    /// How many may wait; the next is told to try again. 64 unless set.
    pub waiting: usize,
}

impl Hashing {
    pub(super) fn read(settings: &mut Settings) -> Option<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let permits = settings.number("hashing.permits", 1..=1024, cores);
        let waiting = settings.number("hashing.waiting", 0..=100_000, 64);
        Some(Self {
            permits: permits?,
            waiting: waiting?,
        })
    }
}
