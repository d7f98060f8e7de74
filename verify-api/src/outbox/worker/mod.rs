//! Takes jobs from the outbox, has them written and sent, and says how each ended.
//!
//! A job is claimed under a lease: a worker that dies loses it, and another one
//! takes over, so a message can come twice but never not at all. A job that
//! cannot be written or sent ends by itself and never stops the queue. Emails go
//! one way, texts and calls another, so that a slow mail server holds up no code
//! by text. What practices ask for has a queue of its own, without a pace: it hands
//! nothing over, and however much is asked for holds up no message. Logs name jobs and causes, never addresses, names or codes.
//!
//! Whoever queues a message rings for the worker of its own process, which
//! begins at once, however many servers share a database. What no ring tells, a
//! retry or an invitation from the shell, is found within 250 ms.

mod backoff;
mod lane;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use protocol::Channel;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use self::lane::Pace;
use super::writer::{Draft, Writer};
use super::{Job, Links, Message, Transport, TransportError};
use crate::account::AccountId;
use crate::audit::{Entry, Event};
use crate::clock::Clock;
use crate::config::SendingLimits;
use crate::crypto::{Keyring, Purpose};
use crate::entropy::Entropy;
use crate::limits::{Charge, Limits};
use crate::metrics::Metrics;
use crate::store::{ClaimedJob, Ending, Fate, JobId, Jobs, Lane, StoreError};

/// How long a claimed job is left alone by others.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long a transport may take; shorter than the lease, so that nobody else
/// begins before it is known how it went.
const SENDING: Duration = Duration::from_secs(45);
const _: () = assert!(SENDING.as_secs() < LEASE.unsigned_abs().as_secs());

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
    /// How fast messages may leave.
    pub sending: SendingLimits,
    /// Counts what became of them.
    pub metrics: Arc<Metrics>,
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
        let worker = Arc::new(self);
        let [email, phone, practice] = Lane::ALL.map(|_| Notify::new());
        let paces = [worker.sending.email, worker.sending.phone, None].map(Pace::new);
        let [email_pace, phone_pace, no_pace] = paces;
        let lanes = async {
            tokio::join!(
                lane::run(&worker, Lane::Email, &email, email_pace),
                lane::run(&worker, Lane::Phone, &phone, phone_pace),
                lane::run(&worker, Lane::Practice, &practice, no_pace),
            )
        };
        let bells = async {
            loop {
                worker.wake.notified().await;
                email.notify_one();
                phone.notify_one();
                practice.notify_one();
            }
        };
        tokio::select! {
            _ = lanes => {}
            () = bells => {}
        }
    }

    /// Does a job that is due, if any; whether there was one.
    ///
    /// # Errors
    /// When the store cannot be used; the job comes again after its lease.
    pub async fn run_once(&self) -> Result<bool, StoreError> {
        for lane in Lane::ALL {
            if let Some(job) = self.claim(lane).await? {
                return self.deliver(job).await.map(|_| true);
            }
        }
        Ok(false)
    }

    async fn claim(&self, lane: Lane) -> Result<Option<ClaimedJob>, StoreError> {
        let now = self.clock.now();
        self.store.claim_job(lane, now, now + LEASE).await
    }

    /// Has a job written and sent; how long its transport asked to be left alone,
    /// if it did.
    async fn deliver(&self, claimed: ClaimedJob) -> Result<Option<Duration>, StoreError> {
        let now = self.clock.now();
        let id = claimed.id;
        let opened = self
            .keys
            .open_json::<Job>(Purpose::Job, &id.0, &claimed.sealed)
            .await;
        let (about, job) = match opened {
            Ok(job) => (About::of(&job, id), Some(job)),
            Err(_) => (About::nothing(id), None),
        };
        if now > claimed.not_after {
            self.finish(&about, Fate::TooLate.into(), None).await?;
            return Ok(None);
        }
        if claimed.attempts > backoff::MAX_ATTEMPTS {
            // It took its worker down each time.
            let cause = "it was begun too often and never finished";
            self.bury(&About::nothing(id), cause).await?;
            return Ok(None);
        }
        let Some(job) = job else {
            self.bury(&about, "it cannot be opened").await?;
            return Ok(None);
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
            Draft::Nothing(audit) => {
                let ending = Fate::NothingToSend.into();
                self.finish(&about, ending, audit).await?;
            }
            Draft::Broken(cause) => self.bury(&about, cause).await?,
            Draft::Ready(ready) => {
                let about = about.once_found(ready.account, ready.message.channel);
                if self.affords(id, ready.charges).await? {
                    return self.hand_over(&about, &claimed, &ready.message).await;
                }
                // Whoever used the budget up, the owner has another way.
                if let (Job::Code { .. }, Some(account)) = (&job, ready.account) {
                    writer.queue_reset_link(account).await?;
                }
                self.withhold(&about).await?;
            }
        }
        Ok(None)
    }

    async fn hand_over(
        &self,
        about: &About,
        claimed: &ClaimedJob,
        message: &Message,
    ) -> Result<Option<Duration>, StoreError> {
        let (cause, asked) = match self.send(message, SENDING).await {
            Ok(()) => {
                self.finish(about, Fate::Sent.into(), None).await?;
                return Ok(None);
            }
            Err(TransportError::Permanent(cause)) => {
                self.bury(about, &cause).await?;
                return Ok(None);
            }
            Err(TransportError::Temporary(cause)) => (cause, None),
            Err(TransportError::Busy(cause, asked)) => (cause, Some(asked)),
        };
        let least = asked.unwrap_or_default();
        let wait = backoff::wait(claimed.attempts, least, &*self.entropy);
        let again = self.clock.now() + wait;
        // What comes too late is of use to nobody; staff should know now.
        if claimed.attempts < backoff::MAX_ATTEMPTS && again <= claimed.not_after {
            self.put_back(about, claimed.attempts, again, &cause)
                .await?;
        } else {
            self.bury(about, &cause).await?;
        }
        Ok(asked)
    }

    /// Whether the budgets hold a message, which is then charged.
    async fn affords(&self, id: JobId, charges: Vec<Charge>) -> Result<bool, StoreError> {
        if charges.is_empty() {
            return Ok(true);
        }
        match self.store.charge_job(id, charges, self.clock.now()).await {
            Ok(()) => Ok(true),
            Err(StoreError::OverBudget { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Does not send a message; staff see it in the audit trail.
    async fn withhold(&self, about: &About) -> Result<(), StoreError> {
        tracing::warn!(
            job = HEXLOWER.encode(&about.id.0),
            "too many messages like this one have left; not sent"
        );
        let audit = Entry {
            event: Event::MessageOverBudget,
            subject: about.subject,
            actor: None,
        };
        self.finish(about, Fate::OverBudget.into(), Some(audit))
            .await
    }

    async fn send(&self, message: &Message, limit: Duration) -> Result<(), TransportError> {
        match timeout(limit, self.transport.send(message)).await {
            Ok(sent) => sent,
            Err(_) => Err(TransportError::Temporary("it took too long to send".into())),
        }
    }

    async fn put_back(
        &self,
        about: &About,
        attempt: u32,
        again: Timestamp,
        cause: &str,
    ) -> Result<(), StoreError> {
        tracing::warn!(
            job = HEXLOWER.encode(&about.id.0),
            attempt,
            again_at = %again,
            cause,
            "a message was not taken; it will be tried again"
        );
        self.metrics.message(about.channel, "put-off");
        self.store.retry_job(about.id, attempt, again, cause).await
    }

    /// Gives a message up; staff see it in the audit trail and in the outbox.
    async fn bury(&self, about: &About, cause: &str) -> Result<(), StoreError> {
        tracing::error!(
            job = HEXLOWER.encode(&about.id.0),
            cause,
            "a message cannot be delivered"
        );
        let audit = Entry {
            event: Event::MessageDead,
            subject: about.subject,
            actor: None,
        };
        let ending = Ending {
            fate: Fate::Dead,
            cause: Some(cause.to_owned()),
        };
        self.finish(about, ending, Some(audit)).await
    }

    async fn finish(
        &self,
        about: &About,
        ending: Ending,
        audit: Option<Entry>,
    ) -> Result<(), StoreError> {
        let job = HEXLOWER.encode(&about.id.0);
        let fate = ending.fate.as_str();
        let now = self.clock.now();
        self.store.finish_job(about.id, ending, now, audit).await?;
        tracing::info!(job, fate, "a message is done");
        self.metrics.message(about.channel, fate);
        Ok(())
    }
}

/// What is told about a message where it ends.
struct About {
    id: JobId,
    /// The record that it concerns, as the audit trail names it.
    subject: [u8; 16],
    channel: Option<Channel>,
}

impl About {
    const fn of(job: &Job, id: JobId) -> Self {
        let subject = match job {
            Job::Code { flow, .. } => *flow,
            Job::Username { .. } | Job::SignInStopped { .. } => id.0,
            Job::Invitation { patient, .. } => patient.0,
            Job::Connection { provider, .. } => provider.0,
            Job::ResetLink { account }
            | Job::ConnectionLetter { account, .. }
            | Job::Notice { account, .. }
            | Job::FormerAddress { account, .. }
            | Job::PhoneUnlinked { account, .. } => account.0,
        };
        Self {
            id,
            subject,
            channel: job.channel(),
        }
    }

    /// The same, once it was found out whose account it is about, and how it goes.
    fn once_found(self, account: Option<AccountId>, channel: Channel) -> Self {
        let subject = account.map_or(self.subject, |account| account.0);
        let channel = Some(channel);
        Self {
            subject,
            channel,
            ..self
        }
    }

    const fn nothing(id: JobId) -> Self {
        Self {
            id,
            subject: id.0,
            channel: None,
        }
    }
}
