//! Which day it is: the one place of this program that asks the system.
//!
//! Only `new`, `check` and `serve` want to know. A build never does: the same input gives the same
//! site on any day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Today, in UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one home of the system's clock"
)]
pub(crate) fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}
