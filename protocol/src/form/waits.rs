//! How long something takes or lasts, in words.

use alloc::string::{String, ToString as _};

use crate::messages::Catalog;

/// A wait in seconds, minutes or hours: in the largest of which it is more than one.
pub(super) fn wait(retry_after: u32, words: &Catalog<'_>) -> String {
    let (key, count) = match retry_after {
        0..=60 => ("wait.seconds", seconds(retry_after)),
        61..=3600 => ("wait.minutes", retry_after.div_ceil(60).to_string()),
        _ => ("wait.hours", retry_after.div_ceil(3600).to_string()),
    };
    words.fill(key, &[("n", &count)])
}

/// Time left in whole minutes or hours: what was just given is told as it was given, and
/// never a minute more than there is.
pub(super) const fn rounded(left: u32) -> u32 {
    let minutes = left.div_ceil(60);
    match minutes {
        0..=1 => left,
        2..=60 => minutes * 60,
        _ => minutes / 60 * 3600,
    }
}

/// A wait in words that are a plural: whoever waits two seconds for one loses nothing.
pub(super) fn seconds(wait: u32) -> String {
    wait.max(2).to_string()
}
