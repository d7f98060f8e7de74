//! Where state is kept, as the rest of the house sees it.
//!
//! A store knows rows, not meanings: what it keeps is sealed, what it looks
//! things up by is a keyed hash. Everything that a flow's step changes goes
//! through one call, [`Flows::commit`], so that state, messages and audit lines
//! stand together or not at all.
//!
//! SQL lives below this module and nowhere else.

#[cfg(test)]
mod contract;
mod error;
mod feedback;
mod guess;
mod import;
mod insights;
mod key_table;
mod links;
mod lookups;
mod model;
mod places;
mod postgres;
mod provider_rows;
mod providers;
mod proxies;
mod rows;
mod sessions;
mod sqlite;
mod staff;
mod staff_rows;
mod trail;
mod visits;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

pub use error::{Result, StoreError};
pub use feedback::{Feedback, Given, PageFeedback};
pub use guess::{Challenge, Guess};
pub use import::{FoundPatient, ImportBatch, NewPatient};
pub use insights::{ASKED_AND_DONE, Bounds, Counted, Counts, FateOf, STEPS};
pub use key_table::KeyTable;
pub use links::NewLink;
pub use lookups::{Found, Listed, LookedUp, LookupKey, Lookups, Relisted, ShortKey};
pub use model::{
    AccountRow, Change, ClaimedJob, Ending, Ends, Fate, FlowId, FoundAccount, FoundInvitation,
    JobId, Lane, ListedJob, MoreTime, NewFlow, NewInvitation, NewJob, Report, StoredFlow,
    StoredKey, TriedInvitation, Write,
};
pub use places::{Place, Resealed};
use postgres::PgDatabase;
pub use providers::{
    Connecting, ConnectionRow, NewConnection, NewLetter, NewProvider, ProviderRow, Providers,
};
pub use proxies::{FoundProxy, NewProxy, Proxies};
pub use sessions::{
    BetterHash, FoundSession, Held, NewContact, NewSession, PasswordGuess, Sessions, Shown,
    TriedPassword,
};
use sqlite::SqliteDatabase;
pub(crate) use sqlite::backup::{
    Copy, copy as copy_sqlite, note as note_sqlite, settle as settle_sqlite,
};
pub use staff::{
    FoundStaffSession, NewStaff, NewStaffLink, NewStaffSession, Staff, StaffCredentials,
    StaffGuess, StaffRow, StaffSetUp,
};
pub use trail::{Trail, TrailPlace, TrailQuery};
pub use visits::{DeskInvitation, DeskMessage, FoundVisit, InVisit, NewVisit, VisitShown, Visits};

use crate::account::AccountId;
use crate::audit::{Chain, Entry};
use crate::crypto::{Digest, Sealed};
use crate::flow::{Check, CodeFor, InvitationId, NoPatient, Passed, Tries};
use crate::limits::Charge;
use crate::patient::PatientId;

/// Everything that can be kept.
pub trait Store:
    Flows
    + Sessions
    + Jobs
    + People
    + Providers
    + Staff
    + Visits
    + Feedback
    + Trail
    + Counts
    + KeyTable
    + Upkeep
{
}
impl<T> Store for T where
    T: Flows
        + Sessions
        + Jobs
        + People
        + Providers
        + Staff
        + Visits
        + Feedback
        + Trail
        + Counts
        + KeyTable
        + Upkeep
{
}

/// A database that is there, its tables perhaps of an older version. Ready for
/// use only as a [`Store`].
#[async_trait]
pub trait Database: Send + Sync {
    /// Brings the tables to the current version, or leaves them as they are.
    async fn migrate(&self) -> Result<()>;
    /// The keys of this database; these, where it is new. Then it gets the ends of
    /// its audit trail with them, as `chain`, which is of these keys, begins. It gets
    /// them at no other time: where they are missing, somebody took them away.
    async fn first_keys(
        &self,
        keys: &[StoredKey],
        chain: &Chain,
        at: Timestamp,
    ) -> Result<Vec<StoredKey>>;
    /// The store in this database, with an audit trail linked by `chain`.
    fn store(self: Box<Self>, chain: Chain) -> Arc<dyn Store>;
}

/// Connects to the database at a `sqlite://` or `postgres://` URL.
///
/// # Errors
/// [`StoreError::Unavailable`] when the file cannot be opened or written, or the
/// server cannot be reached or refuses us.
pub async fn connect(url: &str) -> Result<Box<dyn Database>> {
    connect_sharing(url, TOGETHER).await
}

/// The same, with `together` writes that share a commit at most, on SQLite.
///
/// # Errors
/// As [`connect`].
pub async fn connect_sharing(url: &str, together: usize) -> Result<Box<dyn Database>> {
    if url.starts_with("postgres") {
        Ok(Box::new(PgDatabase::open(url).await?))
    } else {
        Ok(Box::new(SqliteDatabase::open(url, together).await?))
    }
}

/// How many writes usually share a commit at most, on SQLite: keeps the first from
/// waiting for a crowd.
pub const TOGETHER: usize = 256;

/// How many lines of the audit trail are removed at once at most.
const SHORTENED_AT_ONCE: i64 = 5_000;

/// Flows and what they prove.
#[async_trait]
pub trait Flows: Send + Sync {
    /// Keeps a new flow, if its budgets hold it.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`]; then nothing was charged.
    async fn insert_flow(&self, flow: NewFlow) -> Result<()>;
    /// Takes what an act costs that changes nothing else.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`]; then nothing was charged.
    async fn charge(&self, charges: Vec<Charge>, at: Timestamp) -> Result<()>;
    /// The flow that a token opens.
    async fn flow(&self, token: &Digest) -> Result<Option<StoredFlow>>;
    /// Makes a change, whole or not at all.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the flow has moved on, was ended or has come to its
    /// [`LIFETIME`](crate::flow::LIFETIME), or a code was spent; [`StoreError::InvitationEnded`], [`StoreError::NoTryLeft`],
    /// [`StoreError::OverBudget`], [`StoreError::UsernameTaken`],
    /// [`StoreError::AlreadyEnrolled`], [`StoreError::PasswordChanged`],
    /// [`StoreError::SignedOut`].
    async fn commit(&self, change: Change) -> Result<()>;
    /// Lets a flow wait longer where it stands. An answer that is judged meanwhile goes on
    /// as if nothing had been.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the flow has moved on, was ended, has run out or has
    /// come to its [`LIFETIME`](crate::flow::LIFETIME).
    async fn extend(&self, more: MoreTime) -> Result<()>;
    /// Counts a try and, if one was left, says what to compare with.
    /// It is counted as a failure in the row of its ladder too, until
    /// [`Write::EndLadder`] says that it was none. That a row has come to its first
    /// wait, or to the stop, is written into the audit trail.
    ///
    /// # Errors
    /// [`StoreError::MustWait`], [`StoreError::GuessingStopped`], and
    /// [`StoreError::Conflict`] when the flow has moved on; then nothing was counted.
    async fn try_code(&self, guess: Guess) -> Result<Option<Challenge>>;
    /// Whether `limit` of these tries were made. Changes nothing.
    async fn is_out_of_tries(&self, flow: FlowId, tries: Tries, limit: u8) -> Result<bool>;
    /// Counts a try at an open invitation: what to compare with, or why nothing is.
    /// The last one is written into the audit trail, once.
    async fn try_invitation(
        &self,
        id: InvitationId,
        check: Check,
        limit: u8,
        now: Timestamp,
    ) -> Result<std::result::Result<TriedInvitation, NoPatient>>;
    /// Whether somebody has a username, or had it: it is nobody else's after them.
    async fn is_username_taken(&self, username: &Digest) -> Result<bool>;
    /// Whether a link to a username still works. Changes nothing.
    async fn reveal_is_open(&self, token: &Digest, now: Timestamp) -> Result<bool>;
    /// Spends a link to a username; the account if the link still worked.
    async fn spend_reveal(&self, token: &Digest, now: Timestamp) -> Result<Option<FoundAccount>>;
    /// The account of a link past the code of a reset, while it works. Changes nothing.
    async fn reset_link(&self, token: &Digest, now: Timestamp) -> Result<Option<FoundAccount>>;
    /// Spends such a link for a flow that is past the code; whether it still
    /// worked. The row of wrong codes about `ladder` ends, unless it has come to
    /// the stop: that is for the front desk to lift.
    async fn spend_reset_link(
        &self,
        token: &Digest,
        flow: NewFlow,
        ladder: &Digest,
        audit: Entry,
    ) -> Result<bool>;
    /// Forgets flows, links and sessions that ran out before `before`; how many flows.
    async fn forget_flows(&self, before: Timestamp) -> Result<u64>;
}

/// Messages and what their writer looks up.
#[async_trait]
pub trait Jobs: Connecting + Send + Sync {
    /// Claims the message of a lane that is due first; others leave it alone until
    /// `lease_until`.
    async fn claim_job(
        &self,
        lane: Lane,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedJob>>;
    /// The invitation with this code.
    async fn invitation(&self, code: &Digest) -> Result<Option<FoundInvitation>>;
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
    async fn set_reveal(&self, link: NewLink) -> Result<()>;
    /// Sets a link past the code of a reset; once, however often it is set.
    async fn set_reset_link(&self, link: NewLink) -> Result<()>;
    /// Wrong codes in a row about a subject.
    async fn failures(&self, ladder: &Digest) -> Result<u32>;
    /// When all that was taken from a budget will have grown back, if anything was.
    async fn whole_at(&self, budget: &Digest) -> Result<Option<Timestamp>>;
    /// Queues a message that follows from another one, if its budget holds it.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`]; then nothing was queued.
    async fn queue_job(&self, job: NewJob, charge: Charge, at: Timestamp) -> Result<()>;
    /// Takes what it costs to deliver a message, once, however often it is tried.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`]; then nothing was charged.
    async fn charge_job(&self, id: JobId, charges: Vec<Charge>, now: Timestamp) -> Result<()>;
    /// Ends a message, and forgets its content, unless it was given up: then it
    /// can be tried again while it is of use.
    ///
    /// The subject of `audit` becomes whom the message's code is for, if it carries
    /// one: the account, the patient, or else the flow.
    async fn finish_job(
        &self,
        id: JobId,
        ending: Ending,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<()>;
    /// Notes what was reported about a message; whether it was news. That it
    /// arrived takes the place of that it did not, never the other way.
    ///
    /// `audit` is written with what is news, about the same as in
    /// [`Jobs::finish_job`] while that is known: the message itself was forgotten
    /// when it was sent.
    async fn settle_job(
        &self,
        id: JobId,
        report: Report,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<bool>;
    /// Puts a message back, to be claimed at `next_at`; unless somebody else
    /// has claimed it since, after the lease of the claim that counted `attempts`.
    async fn retry_job(
        &self,
        id: JobId,
        attempts: u32,
        next_at: Timestamp,
        cause: &str,
    ) -> Result<()>;
    /// When the oldest message that is still to be sent was queued.
    async fn oldest_pending(&self) -> Result<Option<Timestamp>>;
    /// When the first of those that are still to be sent is or was to be tried. One
    /// that waits for its next try, or is being tried, is not due.
    async fn first_due(&self) -> Result<Option<Timestamp>>;
    /// The account with this username.
    async fn account_by_username(&self, username: &Digest) -> Result<Option<FoundAccount>>;
    /// The accounts with this email.
    async fn accounts_by_email(&self, email: &Digest) -> Result<Vec<FoundAccount>>;
    /// The account whose password was right, while it still has that password.
    async fn account_of(&self, passed: Passed) -> Result<Option<FoundAccount>>;
    /// The account with this id.
    async fn account(&self, id: AccountId) -> Result<Option<FoundAccount>>;
    /// A patient's record.
    async fn patient(&self, id: PatientId) -> Result<Option<Sealed>>;
}

/// What operators look after.
#[async_trait]
pub trait Upkeep: Send + Sync {
    /// Whether the tables are of this version, or of a later one.
    async fn is_migrated(&self) -> Result<bool>;
    /// How many messages are still to be sent.
    async fn count_pending(&self) -> Result<u64>;
    /// The oldest messages that are still to be sent, or that were given up;
    /// `limit` at most.
    async fn list_jobs(&self, dead: bool, limit: u32) -> Result<Vec<ListedJob>>;
    /// Queues a message that was given up once more, with all its tries; `false`
    /// when there is none such that is still of use.
    async fn revive_job(&self, id: JobId, now: Timestamp, audit: Entry) -> Result<bool>;
    /// Forgets the content of messages that were given up and are of no use any
    /// more; how many.
    async fn forget_dead(&self, now: Timestamp) -> Result<u64>;
}

/// The directory and the desk.
#[async_trait]
pub trait People: Lookups + Send + Sync {
    /// The patient with this key in the system it comes from.
    async fn patient_by_source(&self, source: &Digest) -> Result<Option<PatientId>>;
    /// The patients with these keys in the system they come from, in no order; those
    /// who are not there are left out.
    async fn patients_by_source(&self, sources: Vec<Digest>) -> Result<Vec<FoundPatient>>;
    /// How many patients there are.
    async fn count_patients(&self) -> Result<u64>;
    /// Keeps the records of an import, all or none; how many open invitations ended.
    /// Each that ends is a line in the audit trail.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a new patient is there already, or a record is not
    /// as it was read.
    async fn import(&self, batch: Arc<ImportBatch>, at: Timestamp) -> Result<u64>;
    /// Keeps an invitation; earlier ones of the same patient stop working.
    ///
    /// # Errors
    /// [`StoreError::AlreadyEnrolled`] when the patient has an account;
    /// [`StoreError::Conflict`] when the record is not as it was read.
    async fn invite(
        &self,
        invitation: NewInvitation,
        job: Option<NewJob>,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()>;
}
