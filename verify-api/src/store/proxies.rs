//! Who acts for a patient, as the desk has noted it.
//!
//! It must not know what somebody is to a patient, nor what follows from it: that is sealed.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Result, VisitShown};
use crate::audit::Entry;
use crate::crypto::Sealed;
use crate::patient::PatientId;
use crate::staff::ProxyId;

/// Who acts for patients.
#[async_trait]
pub trait Proxies: Send + Sync {
    /// What is noted of who acts for a patient, while it holds.
    async fn proxy(&self, patient: PatientId) -> Result<Option<FoundProxy>>;
    /// Notes that somebody acts for the patient of a visit in which documents were seen, unless
    /// that was noted of somebody already, or the record is not the one that was read any more;
    /// whether it was noted. The patient's open invitation ends with it: it was for somebody else.
    async fn note_proxy(&self, shown: VisitShown, proxy: NewProxy, audit: Entry) -> Result<bool>;
    /// Ends it, in such a visit, together with the patient's open invitation and the sessions of
    /// their account: whoever acted may hold them. Whether it still held.
    async fn end_proxy(&self, shown: VisitShown, proxy: ProxyId, audit: Entry) -> Result<bool>;
}

/// What is to be noted.
#[derive(Debug)]
pub struct NewProxy {
    /// Its id.
    pub id: ProxyId,
    /// For whom somebody acts: the patient of the visit.
    pub patient: PatientId,
    /// The record by which it was judged.
    pub record: Sealed,
    /// What they are to them, and what showed it.
    pub sealed: Sealed,
}

/// What was noted, and holds.
#[derive(Debug)]
pub struct FoundProxy {
    /// Its id.
    pub id: ProxyId,
    /// What they are to the patient, and what showed it.
    pub sealed: Sealed,
    /// When it was noted.
    pub noted_at: Timestamp,
}
