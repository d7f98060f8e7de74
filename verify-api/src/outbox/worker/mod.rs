//! Takes jobs from the outbox, has them written and sent, and says how each ended.
//!
//! A job is claimed under a lease: a worker that dies loses it, and another one
//! takes over, so a message can come twice but never not at all. A job that
//! cannot be written or sent ends by itself and never stops the queue. Logs name
//! jobs and causes, never addresses, names or codes.

mod backoff;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use protocol::Channel;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use super::writer::{Draft, Writer};
use super::{Job, Links, Message, Transport, TransportError};
use crate::audit::{Entry, Event};
use crate::clock::Clock;
use crate::crypto::{Keyring, Purpose};
use crate::entropy::Entropy;
use crate::limits::Limits;
use crate::store::{ClaimedJob, Fate, JobId, Jobs, StoreError};

/// How long a claimed job is left alone by others.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long a transport may take; shorter than the lease, so that nobody else
/// begins before it is known how it went.
const SENDING: Duration = Duration::from_secs(45);
const _: () = assert!(SENDING.as_secs() < LEASE.unsigned_abs().as_secs());
/// Messages under way at once: one slow mail server must not hold up a code by text.
const AT_ONCE: usize = 4;
/// How often the outbox is looked at when nobody calls: retries fall due by time alone.
const TICK: Duration = Duration::from_millis(250);
/// How long to wait when the database does not answer.
const AFTER_FAULT: Duration = Duration::from_secs(1);

/// Sends what the outbox holds.
pub struct Worker {
    /// Where jobs are kept, and whom they concern.
    pub store: Arc<dyn Jobs>,
    /// Opens what is sealed, hashes what is made.
    pub keys: Arc<Keyring>,
    /// Says what a text or call costs.
    pub limits: Arc<Limits>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where codes and tokens come from.
    pub entropy: Arc<dyn Entropy>,
    /// The way out.
    pub transport: Arc<dyn Transport>,
    /// Where links point: scheme and host of the site.
    pub base_url: String,
    /// Rings when a job was queued.
    pub wake: Arc<Notify>,
    /// Turns true when it is time to go home.
    pub shutdown: watch::Receiver<bool>,
}

impl Worker {
    /// Works until the shutdown signal, then finishes what is under way.
    pub async fn run(self) {
        let mut shutdown = self.shutdown.clone();
        let worker = Arc::new(self);
        let room = Arc::new(Semaphore::new(AT_ONCE));
        let mut under_way = JoinSet::new();
        while !*shutdown.borrow_and_update() {
            // The semaphore is never closed.
            let Ok(place) = Arc::clone(&room).acquire_owned().await else {
                break;
            };
            while let Some(ended) = under_way.try_join_next() {
                report(&ended);
            }
            let pause = match worker.claim().await {
                Ok(Some(job)) => {
                    let worker = Arc::clone(&worker);
                    under_way.spawn(async move {
                        let delivered = worker.deliver(job).await;
                        drop(place);
                        delivered
                    });
                    continue;
                }
                Ok(None) => TICK,
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read; trying again");
                    AFTER_FAULT
                }
            };
            drop(place);
            tokio::select! {
                changed = shutdown.changed() => if changed.is_err() { break },
                () = worker.wake.notified(), if pause == TICK => {}
                () = sleep(pause) => {}
            }
        }
        while let Some(ended) = under_way.join_next().await {
            report(&ended);
        }
    }

    /// Does the job that is due first, if any; whether there was one.
    ///
    /// # Errors
    /// When the store cannot be used; the job comes again after its lease.
    pub async fn run_once(&self) -> Result<bool, StoreError> {
        match self.claim().await? {
            Some(job) => self.deliver(job).await.map(|()| true),
            None => Ok(false),
        }
    }

    async fn claim(&self) -> Result<Option<ClaimedJob>, StoreError> {
        let now = self.clock.now();
        self.store.claim_job(now, now + LEASE).await
    }

    async fn deliver(&self, claimed: ClaimedJob) -> Result<(), StoreError> {
        let now = self.clock.now();
        let id = claimed.id;
        if now > claimed.not_after {
            return self.finish(id, Fate::TooLate, None).await;
        }
        if claimed.attempts > backoff::MAX_ATTEMPTS {
            // It took its worker down each time.
            let cause = "it was begun too often and never finished";
            return self.bury(id, id.0, cause).await;
        }
        let opened = self
            .keys
            .open_json::<Job>(Purpose::Job, &id.0, &claimed.sealed)
            .await;
        let Ok(job) = opened else {
            return self.bury(id, id.0, "it cannot be opened").await;
        };
        let writer = Writer {
            store: &*self.store,
            keys: &self.keys,
            limits: &self.limits,
            entropy: &*self.entropy,
            links: Links::new(&self.base_url),
            id,
            now,
            not_after: claimed.not_after,
        };
        match writer.write(&job).await? {
            Draft::Nothing(audit) => self.finish(id, Fate::NothingToSend, audit).await,
            Draft::Broken(cause) => self.bury(id, subject(&job, id), cause).await,
            Draft::Ready(message) => {
                if !self.affords(id, &job, &message).await? {
                    return self.withhold(id, subject(&job, id)).await;
                }
                let (cause, asked) = match self.send(&message, SENDING).await {
                    Ok(()) => return self.finish(id, Fate::Sent, None).await,
                    Err(TransportError::Temporary(cause)) => (cause, Some(Duration::ZERO)),
                    Err(TransportError::Busy(cause, asked)) => (cause, Some(asked)),
                    Err(TransportError::Permanent(cause)) => (cause, None),
                };
                match asked {
                    Some(asked) if claimed.attempts < backoff::MAX_ATTEMPTS => {
                        let wait = backoff::wait(claimed.attempts, asked, &*self.entropy);
                        self.put_back(id, claimed.attempts, wait, &cause).await
                    }
                    _ => self.bury(id, subject(&job, id), &cause).await,
                }
            }
        }
    }

    /// Whether the budgets of its number hold a message, which is then charged.
    /// Emails cost nobody anything, and a notice follows from a proof.
    async fn affords(&self, id: JobId, job: &Job, message: &Message) -> Result<bool, StoreError> {
        let is_free = message.channel == Channel::Email || matches!(job, Job::Notice { .. });
        if is_free {
            return Ok(true);
        }
        let charges = self.limits.delivering(&message.to);
        match self.store.charge_job(id, charges, self.clock.now()).await {
            Ok(()) => Ok(true),
            Err(StoreError::OverBudget { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Does not send a text or call; staff see it in the audit trail.
    async fn withhold(&self, id: JobId, subject: [u8; 16]) -> Result<(), StoreError> {
        tracing::warn!(
            job = HEXLOWER.encode(&id.0),
            "too many messages went to this number or to numbers like it; not sent"
        );
        let audit = Entry {
            event: Event::MessageOverBudget,
            subject,
            actor: None,
        };
        self.finish(id, Fate::OverBudget, Some(audit)).await
    }

    async fn send(&self, message: &Message, limit: Duration) -> Result<(), TransportError> {
        match timeout(limit, self.transport.send(message)).await {
            Ok(sent) => sent,
            Err(_) => Err(TransportError::Temporary("it took too long to send".into())),
        }
    }

    async fn put_back(
        &self,
        id: JobId,
        attempt: u32,
        wait: SignedDuration,
        cause: &str,
    ) -> Result<(), StoreError> {
        tracing::warn!(
            job = HEXLOWER.encode(&id.0),
            attempt,
            again_in_seconds = wait.as_secs(),
            cause,
            "a message was not taken; it will be tried again"
        );
        let again = self.clock.now() + wait;
        self.store.retry_job(id, attempt, again).await
    }

    /// Gives a message up; staff see it in the audit trail.
    async fn bury(&self, id: JobId, subject: [u8; 16], cause: &str) -> Result<(), StoreError> {
        tracing::error!(
            job = HEXLOWER.encode(&id.0),
            cause,
            "a message cannot be delivered"
        );
        let audit = Entry {
            event: Event::MessageDead,
            subject,
            actor: None,
        };
        self.finish(id, Fate::Dead, Some(audit)).await
    }

    async fn finish(&self, id: JobId, fate: Fate, audit: Option<Entry>) -> Result<(), StoreError> {
        let job = HEXLOWER.encode(&id.0);
        tracing::info!(job, fate = fate.as_str(), "a message is done");
        self.store
            .finish_job(id, fate, self.clock.now(), audit)
            .await
    }
}

/// The record that a message concerns, as the audit trail names it.
const fn subject(job: &Job, id: JobId) -> [u8; 16] {
    match job {
        Job::Code { flow, .. } => *flow,
        Job::Username { .. } => id.0,
        Job::Invitation { patient, .. } => patient.0,
        Job::ResetLink { account } | Job::Notice { account, .. } => account.0,
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
