//! What goes into a store and what comes out of it.
//!
//! Sealed records and keyed hashes with their times; it must not know how they
//! are kept, nor what is inside.

use jiff::Timestamp;
use protocol::Channel;
use serde::{Deserialize, Serialize};

use super::{BetterHash, Held, InVisit, NewContact, NewSession};
use crate::account::AccountId;
use crate::audit::{Entry, Head};
use crate::crypto::{Digest, KeyId, PasswordHash, Sealed, Wrapped};
use crate::flow::{CodeFor, InvitationId};
use crate::limits::Charge;
use crate::patient::PatientId;
use crate::staff::ProxyId;

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
    /// Whom it is about, as a keyed hash, where that is known from the start.
    pub subject: Option<Digest>,
    /// What it costs to begin it.
    pub charges: Vec<Charge>,
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
    /// When it began.
    pub begun_at: Timestamp,
    /// When it stops taking answers.
    pub expires_at: Timestamp,
    /// Whether it was ended from outside, by a reset of its account.
    pub is_ended: bool,
}

/// More time for the step at which a flow stands.
#[derive(Debug)]
pub struct MoreTime {
    /// The flow.
    pub flow: FlowId,
    /// The version that waits longer. It stays: whoever answers it at this moment is not
    /// overtaken.
    pub version: i64,
    /// The same step, of a person who is still there.
    pub state: Sealed,
    /// When the flow now stops taking answers.
    pub expires_at: Timestamp,
    /// When it is given.
    pub at: Timestamp,
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
    /// What it costs. It is taken with the change, and only with it.
    pub charges: Vec<Charge>,
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
        /// The patient it is for, where a patient is known.
        patient: Option<PatientId>,
        /// When it stops working.
        expires_at: Timestamp,
        /// Tries at all codes of the flow for this purpose.
        limit: u8,
    },
    /// The code has done its work.
    SpendChallenge(CodeFor),
    /// The row of failures about this subject has ended.
    EndLadder(Digest),
    /// A message is to be sent.
    Job(NewJob),
    /// What was taken from budgets for something that has turned out well.
    GiveBack(Vec<Charge>),
    /// One try at the invitation's identity questions comes back.
    GiveBackIdentityTry(InvitationId),
    /// The invitation is used up.
    UseInvitation(InvitationId),
    /// A patient gets an account.
    Account(AccountRow),
    /// An account gets another password; every other flow that has proven to be about the
    /// same subject ends, every link past the code of a reset, and every session.
    Password {
        /// The account.
        account: AccountId,
        /// The stored form of the password.
        hash: PasswordHash,
    },
    /// An account gets another phone or email; see [`NewContact`].
    Contact(NewContact),
    /// An account is deactivated for good, and what it held about its owner is gone. Its
    /// sessions end, every other flow that has proven to be about the same subject, the codes
    /// that were sent to its owner, and the links.
    Deactivation(Held),
    /// Somebody is signed in, unless their password has changed meanwhile.
    Session(NewSession),
    /// A password is stored in a stronger form.
    BetterHash(BetterHash),
    /// A line in the audit trail.
    Audit(Entry),
}

/// A queue of what is to be done, so that trouble with one does not hold up another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Emails.
    Email,
    /// Texts and calls.
    Phone,
    /// What the systems of practices ask for. Nothing of it leaves, so it waits for no pace, and
    /// nobody sees by it how long it took.
    Practice,
}

impl Lane {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Email, Self::Phone, Self::Practice];
    /// The ways out.
    pub const OUT: [Self; 2] = [Self::Email, Self::Phone];

    /// The way that a message takes.
    pub const fn of(channel: Channel) -> Self {
        match channel {
            Channel::Email => Self::Email,
            Channel::Text | Channel::Call => Self::Phone,
        }
    }

    /// The name under which it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Practice => "practice",
        }
    }
}

/// A message to be sent.
#[derive(Debug)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// The way it takes.
    pub lane: Lane,
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
    /// A budget of what leaves was used up.
    OverBudget,
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
            Self::OverBudget => "over-budget",
            Self::Dead => "dead",
        }
    }
}

/// How a message ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How.
    pub fate: Fate,
    /// Why, where it was not sent; never holds personal data.
    pub cause: Option<String>,
}

impl From<Fate> for Ending {
    fn from(fate: Fate) -> Self {
        Self { fate, cause: None }
    }
}

/// A message as operators look at it.
#[derive(Debug)]
pub struct ListedJob {
    /// Its id.
    pub id: JobId,
    /// What to send, while that is kept.
    pub sealed: Option<Sealed>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is of no use any more.
    pub not_after: Timestamp,
    /// When it is tried next, or when it was given up.
    pub at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try failed, if it did.
    pub cause: Option<String>,
}

/// What a provider told about a message after it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// It arrived.
    Delivered,
    /// It did not.
    Undelivered,
}

impl Report {
    /// The name under which it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
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

/// What a try at an invitation is compared with.
#[derive(Debug)]
pub struct TriedInvitation {
    /// Whom it invites.
    pub patient: PatientId,
    /// The patient's record.
    pub sealed: Sealed,
    /// Tries that it still has after this one.
    pub tries_left: u8,
}

/// An invitation to be kept.
#[derive(Debug)]
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// Whom it invites.
    pub patient: PatientId,
    /// Their record as it was read: an invitation follows from no older one.
    pub record: Sealed,
    /// Who checked the patient in person.
    pub staff: [u8; 16],
    /// The keyed hash of its code.
    pub code: Digest,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// The address that it is mailed to, if it is.
    pub mailed_to: Option<Sealed>,
    /// What was noted of who acts for the patient, and still held when the record was read.
    pub proxy: Option<ProxyId>,
    /// The visit in which it is made; none from a shell.
    pub visit: Option<InVisit>,
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

/// A key of the database, as it is kept.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// Its number.
    pub id: KeyId,
    /// The key, which the master key opens.
    pub wrapped: Wrapped,
}

/// Where an audit trail begins and ends.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    /// What the first line that is kept follows.
    pub start: Head,
    /// Vouches for `start`; see [`Chain::mark`](crate::audit::Chain::mark).
    pub mark: Digest,
    /// The newest line.
    pub head: Head,
}
