//! What goes into a store with an import of patients, and what is looked up for it.
//!
//! It must not know where the records come from, nor what is inside.

use super::{LookupKey, Relisted, Resealed};
use crate::audit::Entry;
use crate::crypto::{Digest, Sealed};
use crate::patient::PatientId;

/// A patient who was looked up by the key in the system they come from.
#[derive(Debug)]
pub struct FoundPatient {
    /// That key.
    pub source: Digest,
    /// The id.
    pub id: PatientId,
    /// The record.
    pub sealed: Sealed,
}

/// A patient to be kept.
#[derive(Debug)]
pub struct NewPatient {
    /// The id.
    pub id: PatientId,
    /// The key in the system they come from.
    pub source: Digest,
    /// The record.
    pub sealed: Sealed,
    /// The rows that it is looked up by.
    pub lookups: Vec<LookupKey>,
}

/// What an import writes in one transaction.
#[derive(Debug, Default)]
pub struct ImportBatch {
    /// Patients who are not there yet.
    pub created: Vec<NewPatient>,
    /// Records that take the place of others.
    pub updated: Vec<Resealed>,
    /// Of those, the ones that are looked up by something else from now on.
    pub relisted: Vec<Relisted>,
    /// Patients whose open invitations end.
    pub closed: Vec<PatientId>,
    /// Lines in the audit trail.
    pub audit: Vec<Entry>,
}

impl ImportBatch {
    /// Whether there is nothing to write.
    pub const fn is_empty(&self) -> bool {
        self.created.is_empty()
            && self.updated.is_empty()
            && self.closed.is_empty()
            && self.audit.is_empty()
    }

    /// A single new patient.
    #[cfg(test)]
    pub(crate) fn of_new(id: PatientId, source: Digest, sealed: Sealed) -> std::sync::Arc<Self> {
        use crate::audit::Event;

        std::sync::Arc::new(Self {
            created: vec![NewPatient {
                id,
                source,
                sealed,
                lookups: Vec::new(),
            }],
            audit: vec![Entry::about(Event::PatientImported, id.0)],
            ..Self::default()
        })
    }
}
