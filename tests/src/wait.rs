//! Waiting for what another process or thread does.
//!
//! The product's own time is moved, never waited for; this is for the time that
//! a message takes to be written, or a browser to show a page.

use std::time::{Duration, Instant};

/// The longest that a test waits for anything. Reached only by a failure.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often a test looks.
const PAUSE: Duration = Duration::from_millis(15);

/// Looks again and again until `look` finds something, and returns it.
///
/// # Panics
/// With `what` when it does not happen within fifteen seconds.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            begin.elapsed() < PATIENCE,
            "waited {} s for {what}, and it did not happen",
            PATIENCE.as_secs()
        );
        std::thread::sleep(PAUSE);
    }
}
