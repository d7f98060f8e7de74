//! Patients at the desk: visits, what is on file of whoever stands there, and what staff do
//! about it.
//!
//! It must not know what a state is called, nor which documents count.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{FoundAccount, Proxies, Result};
use crate::audit::Entry;
use crate::crypto::{Digest, Sealed};
use crate::flow::InvitationId;
use crate::limits::Charge;
use crate::patient::PatientId;
use crate::staff::StaffId;

/// How long a visit is remembered after it began; it is over long before.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What staff do with a patient before them, and with whoever acts for the patient.
#[async_trait]
pub trait Visits: Proxies {
    /// Begins a visit, if its budget holds it.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`](super::StoreError::OverBudget); then nothing was kept.
    async fn begin_visit(&self, visit: NewVisit, charge: Charge, audit: Entry) -> Result<()>;
    /// Writes down what came to nothing, if the budget of it holds it.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`](super::StoreError::OverBudget); then nothing was written.
    async fn note(&self, audit: Entry, charge: Charge, at: Timestamp) -> Result<()>;
    /// What is on file of whoever a visit is of, while it lasts. Changes nothing.
    async fn visit(&self, shown: VisitShown) -> Result<Option<FoundVisit>>;
    /// Notes which kinds of document were seen, once in a visit; whether it was that once.
    async fn note_check(&self, shown: VisitShown, documents: String, audit: Entry) -> Result<bool>;
    /// Ends an open invitation, in a visit in which documents were seen; whether it was open.
    async fn cancel_invitation(
        &self,
        shown: VisitShown,
        invitation: InvitationId,
        audit: Entry,
    ) -> Result<bool>;
    /// Ends a row of failures that has come to the stop, in a visit in which documents were
    /// seen; whether it had.
    async fn lift_stop(&self, shown: VisitShown, ladder: &Digest, audit: Entry) -> Result<bool>;
}

/// A visit to be kept.
#[derive(Debug)]
pub struct NewVisit {
    /// The keyed hash of its token.
    pub token: Digest,
    /// Who is with the patient.
    pub staff: StaffId,
    /// Who has come.
    pub patient: PatientId,
    /// When it begins.
    pub at: Timestamp,
}

/// The token of a visit, as its staff user shows it.
#[derive(Clone, Copy, Debug)]
pub struct VisitShown {
    /// Its keyed hash.
    pub token: Digest,
    /// Who shows it.
    pub staff: StaffId,
    /// When it is shown.
    pub at: Timestamp,
    /// How long a visit lasts.
    pub lasts: SignedDuration,
}

/// A visit that lasts, and what is on file.
#[derive(Debug)]
pub struct FoundVisit {
    /// Who has come.
    pub patient: PatientId,
    /// Their record.
    pub record: Sealed,
    /// Which kinds of document were seen, once they were.
    pub documents: Option<String>,
    /// Their newest invitation.
    pub invitation: Option<DeskInvitation>,
    /// Their account.
    pub account: Option<FoundAccount>,
    /// When they closed an account last, if they ever did.
    pub closed_at: Option<Timestamp>,
    /// What the trail tells about them since somebody invited them last.
    pub events: Vec<String>,
    /// The newest messages with a code of theirs, newest first.
    pub codes: Vec<DeskMessage>,
}

/// An invitation as the desk looks at it.
#[derive(Debug)]
pub struct DeskInvitation {
    /// Its id.
    pub id: InvitationId,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Whether nobody has used or ended it.
    pub is_open: bool,
    /// How often its questions were answered.
    pub identity_tries: u32,
    /// How often a phone was given.
    pub phone_tries: u32,
    /// The message that it went out with, if it did.
    pub message: Option<DeskMessage>,
}

/// What became of a message.
#[derive(Clone, Debug)]
pub struct DeskMessage {
    /// The name of its fate, once it has met one.
    pub fate: Option<String>,
    /// What a provider has told since.
    pub report: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
}

/// By what an invitation is made in a visit: documents were seen in it, and the invitation
/// that was open then is open still, so that of two who act at once the second is told.
#[derive(Clone, Copy, Debug)]
pub struct InVisit {
    /// The visit.
    pub shown: VisitShown,
    /// The invitation that was open when its staff user looked.
    pub seen: Option<InvitationId>,
}
