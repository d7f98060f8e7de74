//! What time it is: the one place that asks the system.
//!
//! Everything else takes a [`Timestamp`] as an argument, so that a test can
//! stand at any moment. It must not know what the time is used for.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one home of the system's clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until a test moves it.
///
/// Clones share one time: the test keeps one and gives the other away.
///
/// ```
/// # use jiff::{SignedDuration, Timestamp};
/// # use verify_api::clock::{Clock, ManualClock};
/// let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
/// let given_away = clock.clone();
/// clock.advance(SignedDuration::from_secs(90));
/// assert_eq!(given_away.now().as_second(), 90);
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<Timestamp>>);

impl ManualClock {
    /// A clock that stands at `start`.
    pub fn new(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(start)))
    }

    /// Moves the clock; backwards, too, when `by` is negative.
    ///
    /// # Panics
    /// When the clock would leave the years that [`Timestamp`] can tell.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), clock.now());
        clock.advance(SignedDuration::from_mins(-5));
        assert_eq!(clock.now().as_second(), -300);
    }

    #[test]
    fn the_system_clock_does_not_stand_in_the_past() {
        let written: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert!(SystemClock.now() > written);
    }
}
