//! The one error that commands end with: a sentence for the person at the keyboard.
//!
//! It must not know any command.

use std::fmt::{self, Display};

/// What went wrong and what to do next, in one sentence.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// What commands and their steps return.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure told by `sentence`.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Adds to a technical error what was being done.
pub(crate) trait During<T> {
    /// Tells the error as `could not WHAT: ERROR`.
    fn during(self, what: impl Display) -> Result<T>;
}

impl<T, E: Display> During<T> for std::result::Result<T, E> {
    fn during(self, what: impl Display) -> Result<T> {
        self.map_err(|error| Failure(format!("could not {what}: {error}")))
    }
}
