//! Staff users, what they sign in with, and their sessions, as a store keeps them.
//!
//! It must not know whether a password or a code is right, nor what a role may do.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Result, Shown};
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, PasswordHash, Sealed};
use crate::staff::{Role, StaffId};

/// Staff users and their sessions.
#[async_trait]
pub trait Staff: Send + Sync {
    /// Keeps a staff user, and the link by which they set up what they sign in with;
    /// `false` when there is one with this email.
    async fn add_staff(&self, staff: NewStaff, audit: Entry) -> Result<bool>;
    /// The staff user with this email, also one who is disabled.
    async fn staff_by_email(&self, email: &Digest) -> Result<Option<StaffRow>>;
    /// All staff users, in the order in which they were added.
    async fn all_staff(&self) -> Result<Vec<StaffRow>>;
    /// Takes from a staff user what they sign in with, and every link and session; `false`
    /// when that was done before.
    async fn disable_staff(&self, staff: StaffId, at: Timestamp, audit: Entry) -> Result<bool>;
    /// Gives a staff user another role, and ends their sessions; `false` when it was theirs.
    async fn change_staff_role(
        &self,
        staff: StaffId,
        role: Role,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool>;
    /// Takes away what [`Self::disable_staff`] does, and gives another link; the row of failures about `ladder` ends. Whoever was
    /// disabled is so no more.
    async fn reset_staff(&self, link: NewStaffLink, ladder: &Digest, audit: Entry) -> Result<()>;
    /// Whose link this is, while it works. Changes nothing.
    async fn staff_link(&self, token: &Digest, now: Timestamp) -> Result<Option<StaffRow>>;
    /// Spends a link for what its owner signs in with from now on; whether it still worked.
    async fn set_up_staff(&self, set_up: StaffSetUp, audit: Entry) -> Result<bool>;
    /// The hash of the password of whoever has this email, once they have set up. Changes
    /// nothing.
    async fn staff_password(&self, email: &Digest) -> Result<Option<PasswordHash>>;
    /// Counts a try to sign in as a failure in its row, and says what to compare with:
    /// nothing where nobody who has set up has the email. That a row has come to its first
    /// wait, or to the stop, is written into the audit trail.
    ///
    /// # Errors
    /// [`StoreError::MustWait`](super::StoreError::MustWait) and
    /// [`StoreError::GuessingStopped`](super::StoreError::GuessingStopped); then nothing was
    /// counted.
    async fn try_staff(&self, guess: StaffGuess) -> Result<Option<StaffCredentials>>;
    /// Begins a session, if password and code are still what they were compared with, and no
    /// code of that step or of a later one was used; whether they were. The row of failures ends.
    async fn begin_staff_session(&self, session: NewStaffSession, audit: Entry) -> Result<bool>;
    /// Whose session it is, while it lives. Changes nothing.
    async fn staff_session(&self, shown: Shown) -> Result<Option<FoundStaffSession>>;
    /// Notes that a session is used, unless it has ended.
    async fn see_staff_session(&self, shown: Shown) -> Result<()>;
    /// Ends a session, if it lives; whether it did. It is written into the audit trail.
    async fn end_staff_session(&self, shown: Shown) -> Result<bool>;
}

/// A staff user to be kept.
#[derive(Debug)]
pub struct NewStaff {
    /// The keyed hash of the email.
    pub email: Digest,
    /// The email.
    pub sealed: Sealed,
    /// What they may do.
    pub role: Role,
    /// The way to set up what they sign in with.
    pub link: NewStaffLink,
}

/// A link to be kept; earlier ones of the same staff user stop working.
#[derive(Debug)]
pub struct NewStaffLink {
    /// Whose it is.
    pub staff: StaffId,
    /// The keyed hash of its token.
    pub token: Digest,
    /// When it is made.
    pub at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// A staff user as they are kept.
#[derive(Debug)]
pub struct StaffRow {
    /// Names them.
    pub id: StaffId,
    /// The email.
    pub sealed: Sealed,
    /// What they may do.
    pub role: Role,
    /// Whether they have set up what they sign in with.
    pub is_set_up: bool,
    /// Whether they were disabled.
    pub is_disabled: bool,
}

/// What a staff user signs in with from now on.
#[derive(Debug)]
pub struct StaffSetUp {
    /// The keyed hash of the link's token.
    pub token: Digest,
    /// Whose link it is.
    pub staff: StaffId,
    /// The stored form of the password.
    pub password: PasswordHash,
    /// The secret of their app.
    pub sealed: Sealed,
    /// The step of time whose code was typed.
    pub step: i64,
    /// When it is set up.
    pub at: Timestamp,
}

/// A try to sign in.
#[derive(Clone, Copy, Debug)]
pub struct StaffGuess {
    /// The keyed hash of the email.
    pub email: Digest,
    /// The row in which it is counted as a failure.
    pub ladder: Digest,
    /// When it is made.
    pub at: Timestamp,
}

/// What a try to sign in is compared with.
#[derive(Debug)]
pub struct StaffCredentials {
    /// Whose they are.
    pub staff: StaffId,
    /// The stored form of the password.
    pub password: PasswordHash,
    /// The secret of their app.
    pub sealed: Sealed,
}

/// A session to be kept.
#[derive(Debug)]
pub struct NewStaffSession {
    /// The keyed hash of its token.
    pub token: Digest,
    /// Whose password and code were right.
    pub staff: StaffId,
    /// The password as it was compared.
    pub password: PasswordHash,
    /// The step of time whose code was typed.
    pub step: i64,
    /// The row of failures, of which this was none.
    pub ladder: Digest,
    /// The session that the browser had before, which ends: with a line, if it lives.
    pub earlier: Option<Shown>,
    /// When it begins.
    pub at: Timestamp,
    /// When it ends, whatever is done.
    pub expires_at: Timestamp,
}

/// A session that was looked up.
#[derive(Debug)]
pub struct FoundStaffSession {
    /// Whose it is.
    pub staff: StaffRow,
    /// When it was last seen, to about a minute.
    pub seen_at: Timestamp,
    /// When it ends, whatever is done.
    pub expires_at: Timestamp,
}

impl StaffGuess {
    /// What is written down about it: about nobody's email, the row that it is counted in is
    /// named, which leads to no address.
    pub(super) fn entry(&self, event: Event, known: Option<&StaffCredentials>) -> Entry {
        let row = self.ladder.0.first_chunk().copied();
        let subject = known.map(|known| known.staff.0).or(row);
        Entry::about(event, subject.unwrap_or_default())
    }
}
