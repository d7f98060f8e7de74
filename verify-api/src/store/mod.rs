//! Where state is kept, as the rest of the house sees it.
//!
//! A store knows rows, not meanings: what it keeps is sealed, what it looks
//! things up by is a keyed hash. Everything that a flow's step changes goes
//! through one call, [`Flows::commit`], so that state, messages and audit lines
//! stand together or not at all.
//!
//! SQL lives below this module and nowhere else.

mod sqlite;

use async_trait::async_trait;
use jiff::Timestamp;

pub use sqlite::SqliteStore;

use crate::account::AccountId;
use crate::audit::Entry;
use crate::crypto::{Digest, PasswordHash, Sealed};
use crate::flow::{Check, CodeFor, InvitationId, NoPatient};
use crate::patient::PatientId;

/// Everything that can be kept.
pub trait Store: Flows + Jobs + People {}
impl<T: Flows + Jobs + People> Store for T {}

/// Why a store could not do it.
#[derive(Debug)]
pub enum StoreError {
    /// Somebody else changed the flow first; what was tried left no trace.
    Conflict,
    /// The invitation was used or replaced.
    InvitationEnded,
    /// Every try at the code was used up; another code would be of no use.
    NoTryLeft,
    /// The username belongs to someone.
    UsernameTaken,
    /// The patient has an account.
    AlreadyEnrolled,
    /// The database cannot be used right now.
    Unavailable(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conflict => f.write_str("the flow was changed by another request"),
            Self::InvitationEnded => f.write_str("the invitation was used or replaced"),
            Self::NoTryLeft => f.write_str("no try at the code is left"),
            Self::UsernameTaken => f.write_str("the username is taken"),
            Self::AlreadyEnrolled => f.write_str("the patient is enrolled"),
            Self::Unavailable(cause) => write!(f, "the database is unavailable: {cause}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// A store's answer.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Names a flow without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowId(pub [u8; 16]);

/// Names a message; also its `Message-ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobId(pub [u8; 16]);

/// A flow to be kept.
#[derive(Debug)]
pub struct NewFlow {
    /// Its id.
    pub id: FlowId,
    /// The keyed hash of the token that opens it.
    pub token: Digest,
    /// Its state.
    pub state: Sealed,
    /// When it begins.
    pub at: Timestamp,
    /// When it stops taking answers.
    pub expires_at: Timestamp,
}

/// A flow as it is kept.
#[derive(Debug)]
pub struct StoredFlow {
    /// Its id.
    pub id: FlowId,
    /// Its state.
    pub state: Sealed,
    /// Counts changes; a change names the version it was made from.
    pub version: i64,
    /// When it stops taking answers.
    pub expires_at: Timestamp,
    /// Whether it was ended from outside, by a reset of its account.
    pub is_ended: bool,
}

/// One step forward of a flow, with all that belongs to it.
#[derive(Debug)]
pub struct Change {
    /// The flow.
    pub flow: FlowId,
    /// The version that the change was made from.
    pub version: i64,
    /// The new state.
    pub state: Sealed,
    /// Whom the flow is about, as a keyed hash, once that was said.
    pub subject: Option<Digest>,
    /// When the flow now stops taking answers.
    pub expires_at: Timestamp,
    /// When the change is made.
    pub at: Timestamp,
    /// What else must be true with it.
    pub writes: Vec<Write>,
}

/// What is written together with a flow's state.
#[derive(Debug)]
pub enum Write {
    /// A code is to come, by the message `job`; an earlier one stops working,
    /// and the tries that were counted stay counted.
    Challenge {
        /// What the code will prove.
        purpose: CodeFor,
        /// The message that will carry it.
        job: JobId,
        /// When it stops working.
        expires_at: Timestamp,
        /// Tries at all codes of the flow for this purpose.
        limit: u8,
    },
    /// The code has done its work.
    SpendChallenge(CodeFor),
    /// A message is to be sent.
    Job(NewJob),
    /// One try at the invitation's identity questions comes back.
    GiveBackIdentityTry(InvitationId),
    /// The invitation is used up.
    UseInvitation(InvitationId),
    /// A patient gets an account.
    Account(AccountRow),
    /// An account gets another password, and every other unfinished flow about
    /// the same subject ends.
    Password {
        /// The account.
        account: AccountId,
        /// The stored form of the password.
        hash: PasswordHash,
    },
    /// A line in the audit trail.
    Audit(Entry),
}

/// A message to be sent.
#[derive(Debug)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What to send; see [`crate::outbox::Job`].
    pub sealed: Sealed,
    /// When it is of no use any more.
    pub not_after: Timestamp,
}

/// A message that a worker has claimed.
#[derive(Debug)]
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// What to send.
    pub sealed: Sealed,
    /// When it is of no use any more.
    pub not_after: Timestamp,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// How a message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The transport took it.
    Sent,
    /// There was nobody to send it to, or a newer one replaced it.
    NothingToSend,
    /// It was of no use any more.
    TooLate,
    /// It was refused for good, or too often.
    Dead,
}

impl Fate {
    /// The name under which it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::NothingToSend => "nothing-to-send",
            Self::TooLate => "too-late",
            Self::Dead => "dead",
        }
    }
}

/// An account as it is kept, without its password.
#[derive(Debug)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub patient: PatientId,
    /// The keyed hash of the username.
    pub username: Digest,
    /// The keyed hash of the email.
    pub email: Digest,
    /// Username, email and phone.
    pub sealed: Sealed,
    /// The stored form of the password.
    pub hash: PasswordHash,
}

/// An account that was looked up.
#[derive(Debug)]
pub struct FoundAccount {
    /// Its id.
    pub id: AccountId,
    /// Username, email and phone.
    pub sealed: Sealed,
    /// Whose it is.
    pub patient: PatientId,
    /// That patient's record.
    pub patient_sealed: Sealed,
}

/// What a try at a code is compared with.
#[derive(Debug)]
pub struct Challenge {
    /// The keyed hash of the code; nothing while the message is still being made.
    pub code: Option<Digest>,
    /// The account that the code was sent for, where it was sent for one.
    pub account: Option<AccountId>,
    /// When the code stops working.
    pub expires_at: Timestamp,
}

/// An invitation to be kept.
#[derive(Debug)]
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// Whom it invites.
    pub patient: PatientId,
    /// Who checked the patient in person.
    pub staff: [u8; 16],
    /// The keyed hash of its code.
    pub code: Digest,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// The address that it is mailed to, if it is.
    pub mailed_to: Option<Sealed>,
}

/// An invitation that was looked up.
#[derive(Debug)]
pub struct FoundInvitation {
    /// Its id.
    pub id: InvitationId,
    /// Whom it invites.
    pub patient: PatientId,
    /// The address that it was mailed to.
    pub mailed_to: Option<Sealed>,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Whether somebody has enrolled with it.
    pub is_used: bool,
    /// Whether a newer one has taken its place.
    pub is_replaced: bool,
}

/// Flows and what they prove.
#[async_trait]
pub trait Flows: Send + Sync {
    /// Keeps a new flow.
    async fn insert_flow(&self, flow: NewFlow) -> Result<()>;
    /// The flow that a token opens.
    async fn flow(&self, token: &Digest) -> Result<Option<StoredFlow>>;
    /// Makes a change, whole or not at all.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the flow has moved on or was ended, or a
    /// code was spent; [`StoreError::InvitationEnded`], [`StoreError::NoTryLeft`],
    /// [`StoreError::UsernameTaken`], [`StoreError::AlreadyEnrolled`].
    async fn commit(&self, change: Change) -> Result<()>;
    /// Counts a try and, if one of `limit` was left, says what to compare with.
    async fn try_code(
        &self,
        flow: FlowId,
        purpose: CodeFor,
        limit: u8,
    ) -> Result<Option<Challenge>>;
    /// The invitation with this code.
    async fn invitation(&self, code: &Digest) -> Result<Option<FoundInvitation>>;
    /// Counts a try at an open invitation; its patient, or why there was none to have.
    async fn try_invitation(
        &self,
        id: InvitationId,
        check: Check,
        limit: u8,
        now: Timestamp,
    ) -> Result<std::result::Result<(PatientId, Sealed), NoPatient>>;
    /// Whether a link to a username still works. Changes nothing.
    async fn reveal_is_open(&self, token: &Digest, now: Timestamp) -> Result<bool>;
    /// Spends a link to a username; the account if the link still worked.
    async fn spend_reveal(&self, token: &Digest, now: Timestamp) -> Result<Option<FoundAccount>>;
    /// Forgets flows and links that ran out before `before`; how many flows.
    async fn forget_flows(&self, before: Timestamp) -> Result<u64>;
}

/// Messages and what their writer looks up.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims the message that is due first; others leave it alone until `lease_until`.
    async fn claim_job(&self, now: Timestamp, lease_until: Timestamp)
    -> Result<Option<ClaimedJob>>;
    /// Sets the code that message `job` carries; `false` when a newer message
    /// has taken its place.
    async fn set_code(
        &self,
        flow: FlowId,
        purpose: CodeFor,
        job: JobId,
        code: &Digest,
        account: Option<AccountId>,
    ) -> Result<bool>;
    /// Sets a link that shows an account's username; once, however often it is set.
    async fn set_reveal(
        &self,
        token: &Digest,
        account: AccountId,
        expires_at: Timestamp,
    ) -> Result<()>;
    /// Ends a message, and forgets its content.
    async fn finish_job(
        &self,
        id: JobId,
        fate: Fate,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<()>;
    /// Puts a message back, to be claimed at `next_at`.
    async fn retry_job(&self, id: JobId, next_at: Timestamp) -> Result<()>;
    /// When the oldest message that is still to be sent was queued.
    async fn oldest_pending(&self) -> Result<Option<Timestamp>>;
    /// The account with this username.
    async fn account_by_username(&self, username: &Digest) -> Result<Option<FoundAccount>>;
    /// The accounts with this email.
    async fn accounts_by_email(&self, email: &Digest) -> Result<Vec<FoundAccount>>;
    /// The account with this id.
    async fn account(&self, id: AccountId) -> Result<Option<FoundAccount>>;
    /// A patient's record.
    async fn patient(&self, id: PatientId) -> Result<Option<Sealed>>;
}

/// The directory and the desk.
#[async_trait]
pub trait People: Send + Sync {
    /// The patient with this key in the system it comes from.
    async fn patient_by_source(&self, source: &Digest) -> Result<Option<PatientId>>;
    /// Keeps a patient's record, new or again.
    async fn put_patient(
        &self,
        id: PatientId,
        source: &Digest,
        sealed: Sealed,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()>;
    /// Keeps a staff user; `false` when there is one with this email.
    async fn add_staff(
        &self,
        id: [u8; 16],
        email: &Digest,
        sealed: Sealed,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool>;
    /// The staff user with this email.
    async fn staff_by_email(&self, email: &Digest) -> Result<Option<[u8; 16]>>;
    /// Keeps an invitation; earlier ones of the same patient stop working.
    ///
    /// # Errors
    /// [`StoreError::AlreadyEnrolled`] when the patient has an account.
    async fn invite(
        &self,
        invitation: NewInvitation,
        job: Option<NewJob>,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()>;
}
