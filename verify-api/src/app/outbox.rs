//! Messages that wait or were given up, as whoever runs the server sees them.

use data_encoding::HEXLOWER;
use jiff::Timestamp;

use super::App;
use crate::audit::{Entry, Event};
use crate::crypto::{Purpose, Sealed};
use crate::outbox::Job;
use crate::store::{JobId, StoreError};

/// How many messages are told at once.
const LISTED: u32 = 1000;

/// A message, without a word about whom it is for.
#[derive(Debug)]
pub struct Listed {
    /// Names it, in hexadecimal digits.
    pub id: String,
    /// What it is and how it travels, such as `code by text`.
    pub about: String,
    /// When it was queued.
    pub queued: Timestamp,
    /// When it is of no use any more.
    pub not_after: Timestamp,
    /// When it is tried next, or when it was given up.
    pub at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// Why the last try failed.
    pub cause: Option<String>,
}

impl App {
    /// The oldest thousand messages that wait, or that were given up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox(&self, dead: bool) -> Result<Vec<Listed>, StoreError> {
        let jobs = self.store.list_jobs(dead, LISTED).await?;
        let mut listed = Vec::with_capacity(jobs.len());
        for job in jobs {
            listed.push(Listed {
                id: HEXLOWER.encode(&job.id.0),
                about: self.about(job.id, job.sealed.as_ref()).await,
                queued: job.created_at,
                not_after: job.not_after,
                at: job.at,
                tries: job.attempts,
                cause: job.cause,
            });
        }
        Ok(listed)
    }

    async fn about(&self, id: JobId, sealed: Option<&Sealed>) -> String {
        let Some(sealed) = sealed else {
            return "forgotten".to_owned();
        };
        let opened = self.keys.open_json::<Job>(Purpose::Job, &id.0, sealed);
        opened.await.map_or_else(
            |_| "cannot be opened".to_owned(),
            |job| {
                let way = job
                    .channel()
                    .map_or(job.lane().as_str(), |channel| channel.as_str());
                format!("{} by {way}", job.name())
            },
        )
    }

    /// Queues a message that was given up once more; `false` when there is none
    /// of this id that is still of use.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn retry(&self, id: &str) -> Result<bool, StoreError> {
        let id = HEXLOWER.decode(id.to_ascii_lowercase().as_bytes()).ok();
        let Some(id) = id.and_then(|id| id.try_into().ok()) else {
            return Ok(false);
        };
        let audit = Entry {
            event: Event::MessageRetried,
            subject: id,
            actor: None,
        };
        let is_queued = self.store.revive_job(JobId(id), self.now(), audit).await?;
        self.wake.notify_one();
        Ok(is_queued)
    }
}
