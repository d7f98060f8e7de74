//! Whether a trail is whole: line by line, from its beginning to its head.

use super::chain::{Chain, Head, Line};
use crate::crypto::Digest;

/// How a trail was found to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Where the trail begins and ends is not there any more.
    Ends,
    /// Where the trail begins is not what was vouched for when it was shortened.
    Start,
    /// A line is missing before this one, or was moved.
    Gap {
        /// The line that should have come.
        expected: i64,
        /// The line that came.
        found: i64,
    },
    /// A line, or the link that it carries, was changed.
    Changed {
        /// The line.
        seq: i64,
    },
    /// A line is not the one that was noted down.
    NotAsNoted {
        /// The line.
        seq: i64,
    },
    /// The newest lines are gone, or some were put after them.
    End {
        /// The line that the trail should end with.
        expected: i64,
        /// The last one there is.
        found: i64,
    },
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ends => f.write_str("the mark of its beginning and end was taken away"),
            Self::Start => f.write_str("the beginning of the trail was changed"),
            Self::Gap { expected, found } => {
                write!(
                    f,
                    "line {expected} is missing; line {found} stands in its place"
                )
            }
            Self::Changed { seq } => write!(f, "line {seq} was changed"),
            Self::NotAsNoted { seq } => write!(f, "line {seq} is not the one that was noted down"),
            Self::End { expected, found } if found > expected => write!(
                f,
                "the trail should end with line {expected}, but line {found} stands after it"
            ),
            Self::End { expected, found } => write!(
                f,
                "the trail should go on to line {expected}, but ends with line {found}"
            ),
        }
    }
}

impl std::error::Error for Broken {}

/// Follows a trail. Give it every line in order, then ask for the end.
#[derive(Debug)]
pub struct Verifier {
    chain: Chain,
    at: Head,
}

impl Verifier {
    /// Begins before the first line: after `start`, which `mark` vouches for.
    ///
    /// # Errors
    /// [`Broken::Start`].
    pub fn begin(chain: Chain, start: Head, mark: &Digest) -> Result<Self, Broken> {
        if mark.matches(&chain.mark(&start)) {
            Ok(Self { chain, at: start })
        } else {
            Err(Broken::Start)
        }
    }

    /// Goes on after a line up to which the trail was found whole before.
    pub const fn resume(chain: Chain, whole: Head) -> Self {
        Self { chain, at: whole }
    }

    /// Takes the next line, with the link that was stored with it.
    ///
    /// # Errors
    /// [`Broken::Gap`], [`Broken::Changed`].
    pub fn take(&mut self, line: &Line, stored: &Digest) -> Result<(), Broken> {
        let expected = self.at.seq + 1;
        if line.seq != expected {
            let found = line.seq;
            return Err(Broken::Gap { expected, found });
        }
        let head = self.chain.follow(&self.at, line);
        if !head.link.matches(stored) {
            return Err(Broken::Changed { seq: line.seq });
        }
        self.at = head;
        Ok(())
    }

    /// Where the lines so far end.
    pub fn head(&self) -> Head {
        self.at
    }

    /// Ends the trail, which should stand at `head`.
    ///
    /// # Errors
    /// [`Broken::End`] when there are fewer lines; [`Broken::Changed`] when the
    /// last one is another.
    pub fn end(self, head: &Head) -> Result<Head, Broken> {
        let found = self.at.seq;
        if found != head.seq {
            let expected = head.seq;
            return Err(Broken::End { expected, found });
        }
        if !self.at.link.matches(&head.link) {
            return Err(Broken::Changed { seq: found });
        }
        Ok(self.at)
    }
}
