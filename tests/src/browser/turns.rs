//! Lets two browsers run at once, however many tests want one.

use std::sync::{Condvar, Mutex, PoisonError};

/// Browsers at once: as many as the smallest machine that runs the tests has cores.
const AT_ONCE: usize = 2;

static RUNNING: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// The right to run a browser.
pub(super) struct Turn(());

impl Turn {
    /// Waits until a browser may start.
    pub(super) fn wait() -> Self {
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |running: &mut usize| *running >= AT_ONCE;
        let waited = ENDED.wait_while(running, is_full);
        let mut running = waited.unwrap_or_else(PoisonError::into_inner);
        *running += 1;
        Self(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        *running -= 1;
        ENDED.notify_one();
    }
}
