//! Telling that long work goes on, and how long it has taken.
//!
//! One line at the start and one at the end; what is between is the work's own
//! to say, as cargo does.

use std::time::Instant;

use crate::failure::Result;

/// Does `work`, and tells `what` it is (such as "building the widget").
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let begin = Instant::now();
    eprintln!("… {what}");
    let result = work();
    let sign = if result.is_ok() { '✓' } else { '✗' };
    eprintln!("{sign} {what} ({:.1} s)", begin.elapsed().as_secs_f32());
    result
}
