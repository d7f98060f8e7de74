//! All that the language of a page lacks, told in one run.
//!
//! A template stops at its first fault. Where that is a missing translation, what is rendered is
//! rendered once more with the original in its place, so that the next fault shows; and so on. What is
//! made in this way is thrown away: it only serves to find faults.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::diagnostic::Finding;

/// How often one file is rendered at most.
const ROUNDS: usize = 20;

#[derive(Default)]
struct Lacks {
    forgiven: BTreeSet<String>,
    last: Option<String>,
}

thread_local! {
    static CURRENT: RefCell<Lacks> = RefCell::default();
}

/// Whether to go on without what is lacking, which is told already.
pub(super) fn forgives(lacking: &str) -> bool {
    CURRENT.with_borrow_mut(|current| {
        let known = current.forgiven.contains(lacking);
        if !known {
            current.last = Some(lacking.to_owned());
        }
        known
    })
}

/// Renders something, and tells all that is wrong with it.
pub(crate) fn all_faults<T>(
    mut render: impl FnMut() -> Result<T, Vec<Finding>>,
) -> Result<T, Vec<Finding>> {
    let mut found = Vec::new();
    CURRENT.take();
    for _ in 0..ROUNDS {
        match render() {
            Ok(made) if found.is_empty() => return Ok(made),
            Ok(_) => break,
            Err(faults) => found.extend(faults),
        }
        let goes_on = CURRENT.with_borrow_mut(|current| match current.last.take() {
            Some(lacking) => current.forgiven.insert(lacking),
            None => false,
        });
        if !goes_on {
            break;
        }
    }
    CURRENT.take();
    Err(found)
}
