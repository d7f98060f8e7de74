//! Passwords that are tried, and the sessions that follow from right ones.
//!
//! It must not know whether a password is right, nor what a session lets somebody do.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{FlowId, FoundAccount, NewJob, Result};
use crate::account::AccountId;
use crate::crypto::{Digest, PasswordHash, Sealed};
use crate::flow::Passed;
use crate::limits::Charge;
use crate::limits::ladder::Counted;

/// Sign-ins and sessions.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Counts a password as a failure in the row of its username, known or not, until
    /// [`Write::EndLadder`](super::Write::EndLadder) says that it was none; and says what to
    /// compare with. That a row has come to the stop, or somebody may be on the way there, is
    /// written into the audit trail; with the stop the letter is queued.
    ///
    /// # Errors
    /// [`StoreError::NoTryLeft`](super::StoreError::NoTryLeft) when none is left in its
    /// session; then nothing was counted.
    async fn try_password(&self, guess: PasswordGuess) -> Result<TriedPassword>;
    /// Gives back what was taken for something that has turned out well.
    async fn give_back(&self, charges: Vec<Charge>) -> Result<()>;
    /// Whose session it is, while it lives. Changes nothing.
    async fn session(&self, shown: Shown) -> Result<Option<FoundSession>>;
    /// Notes that a session is used, unless it has ended.
    async fn see_session(&self, shown: Shown) -> Result<()>;
    /// Ends a session, or with it all of its account, if it lives; whether it did. It is
    /// written into the audit trail.
    async fn end_session(&self, shown: Shown, everywhere: bool) -> Result<bool>;
}

/// A password that is tried.
#[derive(Debug)]
pub struct PasswordGuess {
    /// The flow.
    pub flow: FlowId,
    /// The keyed hash of the username.
    pub username: Digest,
    /// The row in which it is counted as a failure.
    pub ladder: Digest,
    /// The row of the session in which it is typed once more, and how many of it are looked
    /// at; nothing at a sign-in.
    pub session: Option<(Digest, u8)>,
    /// What it costs to be told whether it was right; all of it is taken, or nothing.
    pub telling: Vec<Charge>,
    /// What is sent once the row has come to the stop.
    pub letter: NewJob,
    /// When it is tried.
    pub at: Timestamp,
}

/// What a password is compared with.
#[derive(Debug)]
pub struct TriedPassword {
    /// Failures in a row, this one included.
    pub row: Counted,
    /// Whether no other one is looked at in its session, unless this one was right.
    pub is_last_try: bool,
    /// Whether it may be told whether it was right: the budgets held that.
    pub is_told: bool,
    /// Whose it should be, and its stored form; nothing where nobody has the username.
    pub known: Option<(Passed, PasswordHash)>,
}

/// A session to be kept.
#[derive(Debug)]
pub struct NewSession {
    /// The keyed hash of its token.
    pub token: Digest,
    /// Whose password was right.
    pub passed: Passed,
    /// When it ends, whatever is done.
    pub expires_at: Timestamp,
    /// The session that the browser had before, which ends.
    pub earlier: Option<Digest>,
}

/// An account as whoever is signed in has read it. They change it while their password is the
/// one that was right and nobody else has changed it meanwhile.
#[derive(Clone, Debug)]
pub struct Held {
    /// Whose password was right.
    pub passed: Passed,
    /// The session in which it is done.
    pub session: Shown,
    /// What is sealed of the account, as it was read.
    pub before: Sealed,
}

/// What is sealed of an account is replaced. With it end the account's other sessions, every
/// other flow that has proven to be about the same subject, and the codes that were sent to its
/// owner before.
#[derive(Debug)]
pub struct NewContact {
    /// The account.
    pub held: Held,
    /// As it shall be.
    pub after: Sealed,
    /// The keyed hash of the email.
    pub email: Digest,
}

/// The token of a session, as somebody shows it.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Its keyed hash.
    pub token: Digest,
    /// When it is shown.
    pub at: Timestamp,
    /// How long a session lives without being seen.
    pub idle: SignedDuration,
}

/// A session that was looked up.
#[derive(Debug)]
pub struct FoundSession {
    /// Whose it is.
    pub account: FoundAccount,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it was last seen, to about a minute.
    pub seen_at: Timestamp,
    /// When it ends, whatever is done.
    pub expires_at: Timestamp,
}

/// An account whose password is replaced by the same one in another stored form.
#[derive(Debug)]
pub struct BetterHash {
    /// The account.
    pub account: AccountId,
    /// As it is stored; where it is so no more, nothing is done.
    pub old: PasswordHash,
    /// As it shall be.
    pub new: PasswordHash,
}
