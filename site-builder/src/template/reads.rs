//! What a rendering asks for, so that a preview knows whom a change reaches.
//!
//! A template is rendered on one thread from start to end, so each thread keeps the list of what it
//! renders at the moment. Knows no template and no file.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::page::model::Id;

/// What one file of the output was made from, and what it asked to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Pages, and sections without their lists of pages.
    pub docs: BTreeSet<Id>,
    /// Sections with their lists of pages, by place in the library.
    pub lists: BTreeSet<usize>,
    /// Whether a taxonomy was asked for.
    pub taxonomies: bool,
    /// Resized pictures and hashed names.
    pub made: BTreeSet<String>,
}

impl Reads {
    /// Whether any value is in both.
    pub(crate) fn meet(&self, other: &Self) -> bool {
        (self.taxonomies && other.taxonomies)
            || !self.docs.is_disjoint(&other.docs)
            || !self.lists.is_disjoint(&other.lists)
    }

    /// Adds what another one holds.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.docs.append(&mut other.docs);
        self.lists.append(&mut other.lists);
        self.taxonomies |= other.taxonomies;
        self.made.append(&mut other.made);
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Reads>> = const { RefCell::new(None) };
}

/// Does some work, and returns what it asked for; nothing unless that is wanted, because a list of a
/// whole site for every page takes time.
pub(crate) fn record<T>(wanted: bool, work: impl FnOnce() -> T) -> (T, Reads) {
    CURRENT.set(wanted.then(Reads::default));
    let result = work();
    (result, CURRENT.take().unwrap_or_default())
}

/// Notes something that the work on this thread asks for.
pub(crate) fn note(change: impl FnOnce(&mut Reads)) {
    CURRENT.with_borrow_mut(|current| {
        if let Some(reads) = current {
            change(reads);
        }
    });
}
