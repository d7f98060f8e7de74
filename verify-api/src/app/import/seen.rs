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
pub const REMEMBERED: usize = 5_000_000;

pub(super) struct Seen {
    most: usize,
    numbers: HashMap<u64, At>,
    people: HashMap<u64, At>,
    /// Numbers that there was no room for, of those that are written together: one twice
    /// among them could not be written at all.
    together: HashMap<u64, At>,
    is_full: bool,
}

/// A place in eight bytes.
#[derive(Clone, Copy)]
struct At {
    file: u32,
    line: u32,
}

impl Seen {
    /// Nothing yet, and later so many at most of each kind.
    pub(super) fn nothing(most: usize) -> Self {
        Self {
            most,
            numbers: HashMap::new(),
            people: HashMap::new(),
            together: HashMap::new(),
            is_full: false,
        }
    }

    /// What was met until now is written before what comes.
    pub(super) fn next_batch(&mut self) {
        self.together.clear();
    }

    /// Remembers a number; where it was met before, if it was.
    pub(super) fn number(&mut self, source: &Digest, place: Place) -> Option<Place> {
        let mut key = [0; 8];
        key.copy_from_slice(&source.0[..8]);
        let key = u64::from_ne_bytes(key);
        match remember(&mut self.numbers, self.most, key, place) {
            Met::Before(first) => Some(first),
            Met::First => None,
            Met::NoRoom => {
                self.is_full = true;
                match remember(&mut self.together, usize::MAX, key, place) {
                    Met::Before(first) => Some(first),
                    Met::First | Met::NoRoom => None,
                }
            }
        }
    }

    /// Remembers a person by what records of one have in common.
    pub(super) fn person(&mut self, likeness: u64, place: Place) -> Option<Place> {
        match remember(&mut self.people, self.most, likeness, place) {
            Met::Before(first) => Some(first),
            Met::First => None,
            Met::NoRoom => {
                self.is_full = true;
                None
            }
        }
    }

    /// Whether some were not remembered.
    pub(super) const fn is_full(&self) -> bool {
        self.is_full
    }
}

enum Met {
    First,
    Before(Place),
    NoRoom,
}

fn remember(met: &mut HashMap<u64, At>, most: usize, key: u64, place: Place) -> Met {
    let has_room = met.len() < most;
    match met.entry(key) {
        Entry::Occupied(first) => {
            let At { file, line } = *first.get();
            let line = u64::from(line);
            Met::Before(Place { file, line })
        }
        Entry::Vacant(free) if has_room => {
            let line = u32::try_from(place.line).unwrap_or(u32::MAX);
            free.insert(At {
                file: place.file,
                line,
            });
            Met::First
        }
        Entry::Vacant(_) => Met::NoRoom,
    }
}
