//! Looks after an account's owner while somebody guesses: a link that leads past codes
//! that wait or have stopped, and past a password that does not sign in any more.
//!
//! The link has more bits than anybody can guess at. It must not know who guesses.

use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use protocol::Channel;

use super::draft::{Draft, Stop};
use super::{Writer, address, first_name};
use crate::account::AccountId;
use crate::crypto::{Digest, Purpose};
use crate::entropy;
use crate::flow::{Guessed, Recipient, Subject};
use crate::limits::ladder;
use crate::outbox::Job;
use crate::outbox::letter::Letter;
use crate::store::{JobId, NewJob, StoreError};

/// How long a link past the code of a reset works: as long as a code by email
/// (NIST SP 800-63B-4 §4.2.1.2).
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

impl Writer<'_> {
    /// Mails the owner of an account a link that needs no code, where wrong codes
    /// or too many messages may keep them from recovering with one, or too many wrong
    /// passwords from signing in; whether the code is held back for it. (Where a budget
    /// holds it back, the worker does.)
    pub(super) async fn look_after(
        &self,
        to: &Recipient,
        account: AccountId,
    ) -> Result<bool, Stop> {
        let (username, guessed) = match to.clone() {
            Recipient::Username(typed) => (typed.clone(), Guessed::Username(typed)),
            Recipient::SignIn { username, passed } => {
                if self.is_sign_in_stopped(&username).await? {
                    self.queue_reset_link(account).await?;
                    return Ok(true);
                }
                (username.clone(), Guessed::SignIn { username, passed })
            }
            // Whoever asks is signed in, or has not enrolled yet.
            Recipient::OnFile(_)
            | Recipient::NewEmail(_)
            | Recipient::NewPhone { .. }
            | Recipient::ChangedEmail { .. } => {
                return Ok(false);
            }
        };
        let person = self.limits.person(&Subject::Username(username));
        let failures = self.store.failures(&self.limits.ladder(&guessed)).await?;
        let whole_at = self.store.whole_at(&person).await?;
        if self.limits.is_pressed(failures, whole_at, self.now) {
            self.queue_reset_link(account).await?;
        }
        Ok(failures >= ladder::STOP)
    }

    /// Whether no password of a username signs in any more.
    async fn is_sign_in_stopped(&self, username: &str) -> Result<bool, StoreError> {
        let row = self.limits.passwords(username);
        Ok(self.store.failures(&row).await? > ladder::STOP)
    }

    /// The link for whoever has the username, if anybody has. It comes once for a hundred
    /// wrong passwords, and takes from no budget: whoever typed them must not have used up
    /// the letter that says so.
    pub(super) async fn sign_in_stopped(&self, username: &str) -> Result<Draft, Stop> {
        match self.account_named(username).await? {
            Some(found) => self.reset_link(found.id).await,
            None => Ok(Draft::Nothing(None)),
        }
    }

    /// Queues the link, unless there was one within the hour.
    pub(in crate::outbox) async fn queue_reset_link(
        &self,
        account: AccountId,
    ) -> Result<(), StoreError> {
        let id = JobId(entropy::bytes(self.entropy));
        let job = Job::ResetLink { account };
        let job = NewJob {
            id,
            lane: job.lane(),
            sealed: (self.keys).seal_json(Purpose::Job, &id.0, &job, self.entropy),
            not_after: self.now + LIFETIME,
        };
        let charge = self.limits.reset_link(account);
        match self.store.queue_job(job, charge, self.now).await {
            Err(StoreError::OverBudget { .. }) => Ok(()),
            queued => queued,
        }
    }

    pub(super) async fn reset_link(&self, account: AccountId) -> Result<Draft, Stop> {
        let Some(found) = self.store.account(account).await? else {
            return Ok(Draft::Nothing(None));
        };
        // The same for every try of one message, like the link to a username.
        let Digest(token) = self.keys.digest(Purpose::LinkMaking, &self.id.0);
        let digest = self.keys.digest(Purpose::ResetLink, &token);
        let patient = self.record(&found).await?;
        let secrets = self.secrets(&found).await?;
        let link = self.link(digest, &found, &secrets, LIFETIME);
        self.store.set_reset_link(link).await?;
        let letter = Letter::ResetLink {
            is_stopped: self.is_sign_in_stopped(secrets.username.as_str()).await?,
            given_name: first_name(&patient),
            link: &self
                .links
                .reset(&BASE64URL_NOPAD.encode(&token), patient.locale),
        };
        let to = address(&secrets, Channel::Email);
        let message = self.message(Channel::Email, to, patient.locale, &letter)?;
        Ok(Draft::ready(message, Some(account), Vec::new()))
    }
}
