//! One way out: who goes next, how many at once, and how fast.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

use super::Worker;
use crate::store::{Lane, StoreError};

/// Messages under way at once on each way.
const AT_ONCE: usize = 4;
/// How often the outbox is looked at when nobody calls: retries fall due by time
/// alone, and so does what another process has queued.
const TICK: Duration = Duration::from_millis(250);
/// How long to wait when the database does not answer.
const AFTER_FAULT: Duration = Duration::from_secs(1);
/// The longest that a whole way is held back because a provider asked for it.
/// A single message may wait longer.
const LONGEST_HOLD: Duration = Duration::from_mins(1);

/// No more messages a second than a provider takes.
pub(super) struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    /// `per_second` messages at most; as fast as it goes with nothing.
    pub(super) fn new(per_second: Option<u32>) -> Self {
        let gap = per_second.map_or(Duration::ZERO, |rate| Duration::from_secs(1) / rate.max(1));
        Self {
            gap,
            next: Mutex::new(Instant::now()),
        }
    }

    /// Ready when the next message may leave.
    pub(super) async fn turn(&self) {
        loop {
            let next = *self.next.lock().unwrap_or_else(PoisonError::into_inner);
            if next <= Instant::now() {
                return;
            }
            sleep_until(next).await;
        }
    }

    /// A message leaves.
    pub(super) fn take(&self) {
        self.put_off(self.gap);
    }

    /// The provider asks to be left alone.
    pub(super) fn hold(&self, asked: Duration) {
        self.put_off(asked.min(LONGEST_HOLD));
    }

    fn put_off(&self, wait: Duration) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = (*next).max(Instant::now() + wait);
    }
}

/// Works on one way until the shutdown signal, then finishes what is under way.
pub(super) async fn run(worker: &Arc<Worker>, lane: Lane, bell: &Notify, pace: Pace) {
    let mut shutdown = worker.shutdown.clone();
    let pace = Arc::new(pace);
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut under_way = JoinSet::new();
    while !*shutdown.borrow_and_update() {
        let slot = tokio::select! {
            // The semaphore is never closed.
            slot = Arc::clone(&room).acquire_owned() => match slot {
                Ok(slot) => slot,
                Err(_) => break,
            },
            changed = shutdown.changed() => if changed.is_err() { break } else { continue },
        };
        tokio::select! {
            () = pace.turn() => {}
            changed = shutdown.changed() => if changed.is_err() { break } else { continue },
        }
        while let Some(ended) = under_way.try_join_next() {
            report(&ended);
        }
        let pause = match worker.claim(lane).await {
            Ok(Some(job)) => {
                pace.take();
                let (worker, pace) = (Arc::clone(worker), Arc::clone(&pace));
                under_way.spawn(async move {
                    let delivered = worker.deliver(job).await;
                    drop(slot);
                    if let Some(asked) = delivered? {
                        pace.hold(asked);
                    }
                    Ok(())
                });
                continue;
            }
            Ok(None) => TICK,
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read; trying again");
                AFTER_FAULT
            }
        };
        drop(slot);
        tokio::select! {
            changed = shutdown.changed() => if changed.is_err() { break },
            () = bell.notified(), if pause == TICK => {}
            () = sleep(pause) => {}
        }
    }
    while let Some(ended) = under_way.join_next().await {
        report(&ended);
    }
}

/// Logs what a delivery could not say in the database. Its job comes again
/// after its lease.
fn report(ended: &Result<Result<(), StoreError>, JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "how a message went could not be written down"),
        Err(_) => tracing::error!("the delivery of a message broke off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_leave_in_a_second_than_may() {
        let pace = Pace::new(Some(4));
        let begin = Instant::now();
        for _ in 0..9 {
            pace.turn().await;
            pace.take();
        }
        assert_eq!(begin.elapsed().as_secs(), 2);
        // A pause is not made up for.
        sleep(Duration::from_secs(10)).await;
        let begin = Instant::now();
        for _ in 0..5 {
            pace.turn().await;
            pace.take();
        }
        assert_eq!(begin.elapsed().as_secs(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_to_be_left_alone_is_within_reason() {
        let pace = Pace::new(None);
        for (asked, seconds) in [(0, 0), (7, 7), (86_400, 60)] {
            let begin = Instant::now();
            pace.hold(Duration::from_secs(asked));
            pace.turn().await;
            assert_eq!(begin.elapsed().as_secs(), seconds);
        }
    }
}
