//! The words of a block, found once for every rule that counts or compares them.

use crate::markdown::Block;
use crate::segment;

/// A block and its words, each with where it begins.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    /// The block.
    pub block: &'a Block,
    /// Its words.
    pub words: Vec<(usize, &'a str)>,
}

impl<'a> Tokens<'a> {
    /// Finds the words of a block.
    pub(super) fn new(block: &'a Block) -> Self {
        Self {
            block,
            words: segment::words(&block.text).collect(),
        }
    }
}
