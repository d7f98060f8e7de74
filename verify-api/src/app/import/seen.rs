//! Which records an import has met: some bytes for each, so that the same number or the
//! same person twice is told.
//!
//! Keyed hashes of 64 bits stand for them. That two of a million fall together has a
//! chance of one in thirty million, and a wrong word in a report follows from it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Place;
use crate::crypto::Digest;

/// How many are remembered: more patients than any clinic has, in some 400 MB.
const MOST: usize = 5_000_000;

#[derive(Default)]
pub(super) struct Seen {
    numbers: HashMap<u64, At>,
    people: HashMap<u64, At>,
    is_full: bool,
}

/// A place in eight bytes.
#[derive(Clone, Copy)]
struct At {
    file: u32,
    line: u32,
}

impl Seen {
    /// Remembers a number; where it was met before, if it was.
    pub(super) fn number(&mut self, source: &Digest, place: Place) -> Option<Place> {
        let mut key = [0; 8];
        key.copy_from_slice(&source.0[..8]);
        let key = u64::from_ne_bytes(key);
        remember(&mut self.numbers, &mut self.is_full, key, place)
    }

    /// Remembers a person by what records of one have in common.
    pub(super) fn person(&mut self, likeness: u64, place: Place) -> Option<Place> {
        remember(&mut self.people, &mut self.is_full, likeness, place)
    }

    /// Whether some were not remembered.
    pub(super) const fn is_full(&self) -> bool {
        self.is_full
    }
}

fn remember(
    met: &mut HashMap<u64, At>,
    is_full: &mut bool,
    key: u64,
    place: Place,
) -> Option<Place> {
    let has_room = met.len() < MOST;
    match met.entry(key) {
        Entry::Occupied(first) => {
            let At { file, line } = *first.get();
            let line = u64::from(line);
            Some(Place { file, line })
        }
        Entry::Vacant(free) if has_room => {
            let line = u32::try_from(place.line).unwrap_or(u32::MAX);
            free.insert(At {
                file: place.file,
                line,
            });
            None
        }
        Entry::Vacant(_) => {
            *is_full = true;
            None
        }
    }
}
