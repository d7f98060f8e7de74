//! What time it is: the one place of this program that asks the system.
//!
//! `new` writes the day into a page, `check` holds review dates against it, and the command line
//! hands the moment to a build as one of its arguments. A build itself asks only to tell which files
//! are too young to be told by their times: the same input gives the same site at any time.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Set to the seconds since 1970 by whoever must build the same site again
/// (<https://reproducible-builds.org/specs/source-date-epoch/>).
const SET: &str = "SOURCE_DATE_EPOCH";

/// Today, in UTC.
pub(crate) fn today() -> Date {
    Offset::UTC.to_datetime(system()).date()
}

/// The moment to build for, in seconds since 1970.
pub(crate) fn now() -> i64 {
    std::env::var(SET)
        .ok()
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or_else(|| system().as_second())
}

/// The true time, in seconds since 1970, for how old a file is, or an answer of another site.
pub(crate) fn seconds() -> i64 {
    system().as_second()
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one home of the system's clock"
)]
fn system() -> Timestamp {
    Timestamp::now()
}
