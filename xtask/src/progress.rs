//! Telling that long work goes on, and how long it has taken.
//!
//! On a terminal a spinner with the seconds; elsewhere one line at the start
//! and one at the end, so that a log stays readable.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::Result;

/// Does `work`, and meanwhile tells `what` it is (such as "building the widget").
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let begin = Instant::now();
    let spinner = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        spinner.set_style(style);
    }
    if spinner.is_hidden() {
        eprintln!("… {what}");
    }
    spinner.set_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(120));
    let result = work();
    spinner.finish_and_clear();
    let sign = if result.is_ok() { '✓' } else { '✗' };
    eprintln!("{sign} {what} ({:.1} s)", begin.elapsed().as_secs_f32());
    result
}
