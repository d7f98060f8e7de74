//! The directory and the desk on SQLite.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{execute, exists, optional};
use super::{SqliteStore, audit, lookups, proxies, visits};
use crate::audit::{Chain, Entry, Event};
use crate::crypto::{Digest, Sealed};
use crate::patient::PatientId;
use crate::store::rows::{self, millis};
use crate::store::{
    FoundInvitation, FoundPatient, ImportBatch, NewInvitation, NewJob, People, Result, StoreError,
};

#[async_trait]
impl People for SqliteStore {
    async fn patient_by_source(&self, source: &Digest) -> Result<Option<PatientId>> {
        let patient = self
            .readers
            .optional("SELECT id FROM patients WHERE source_key = ?1", (source.0,));
        Ok(patient.await?.map(|(patient,)| PatientId(patient)))
    }

    async fn patients_by_source(&self, sources: Vec<Digest>) -> Result<Vec<FoundPatient>> {
        let find = move |on: &Connection| {
            let mut found = Vec::with_capacity(sources.len());
            for source in sources {
                let row = optional(
                    on,
                    "SELECT id, sealed FROM patients WHERE source_key = ?1",
                    (source.0,),
                )?;
                found.extend(row.map(|(patient, sealed)| FoundPatient {
                    source,
                    id: PatientId(patient),
                    sealed: Sealed(sealed),
                }));
            }
            Ok(found)
        };
        self.readers.read(find).await
    }

    async fn count_patients(&self) -> Result<u64> {
        let count = self.readers.one("SELECT count(*) FROM patients", ());
        let (count,): (i64,) = count.await?;
        rows::count(count)
    }

    async fn import(&self, batch: Arc<ImportBatch>, at: Timestamp) -> Result<u64> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| import(on, &chain, &batch, at))
            .await
    }

    async fn invite(
        &self,
        invitation: NewInvitation,
        job: Option<NewJob>,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| invite(on, &chain, &invitation, job.as_ref(), at, audit))
            .await
    }
}

fn import(on: &Connection, chain: &Chain, batch: &ImportBatch, at: Timestamp) -> Result<u64> {
    for new in &batch.created {
        let added = execute(
            on,
            "INSERT INTO patients (id, source_key, sealed, updated_at, is_listed)
             VALUES (?1, ?2, ?3, ?4, 1)
             ON CONFLICT (source_key) DO NOTHING",
            (new.id.0, new.source.0, &new.sealed.0, millis(at)),
        )?;
        rows::one(added)?;
        lookups::insert(on, new.id, &new.lookups)?;
    }
    for updated in &batch.updated {
        let replaced = execute(
            on,
            "UPDATE patients SET sealed = ?1, updated_at = ?2 WHERE id = ?3 AND sealed = ?4",
            (&updated.new.0, millis(at), updated.id, &updated.old.0),
        )?;
        rows::one(replaced)?;
    }
    for relisted in &batch.relisted {
        lookups::relist(on, relisted)?;
    }
    let mut audit = batch.audit.clone();
    let mut ended = 0;
    for patient in &batch.closed {
        let withdrawn = end_invitations(on, *patient, at)?;
        if withdrawn > 0 {
            audit.push(Entry::about(Event::InvitationWithdrawn, patient.0));
        }
        ended += withdrawn;
    }
    audit::append_all(on, chain, &audit, at)?;
    Ok(ended)
}

/// Ends the open invitations of a patient; how many.
pub(super) fn end_invitations(on: &Connection, patient: PatientId, at: Timestamp) -> Result<u64> {
    Ok(execute(
        on,
        "UPDATE invitations SET replaced_at = ?1
         WHERE patient_id = ?2 AND used_at IS NULL AND replaced_at IS NULL",
        (millis(at), patient.0),
    )?)
}

fn invite(
    on: &Connection,
    chain: &Chain,
    invitation: &NewInvitation,
    job: Option<&NewJob>,
    at: Timestamp,
    audit: Entry,
) -> Result<()> {
    let patient = invitation.patient.0;
    let enrolled = "SELECT 1 FROM accounts WHERE patient_id = ?1 AND deactivated_at IS NULL";
    if exists(on, enrolled, (patient,))? {
        return Err(StoreError::AlreadyEnrolled);
    }
    let as_read = "SELECT 1 FROM patients WHERE id = ?1 AND sealed = ?2";
    if !exists(on, as_read, (patient, &invitation.record.0))? {
        return Err(StoreError::Conflict);
    }
    proxies::allow(on, invitation.patient, invitation.proxy)?;
    if let Some(visit) = &invitation.visit {
        visits::allow(on, invitation.patient, visit)?;
    }
    end_invitations(on, invitation.patient, at)?;
    execute(
        on,
        "INSERT INTO invitations
             (id, patient_id, staff_id, code_digest, mailed_to, created_at, expires_at, job_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            invitation.id.0,
            patient,
            invitation.staff,
            invitation.code.0,
            invitation.mailed_to.as_ref().map(|sealed| &sealed.0),
            millis(at),
            millis(invitation.expires_at),
            job.map(|job| job.id.0),
        ),
    )?;
    if let Some(job) = job {
        super::jobs::insert(on, job, at)?;
    }
    audit::append(on, chain, audit, at)
}

pub(super) fn invitation(on: &Connection, code: Digest) -> Result<Option<FoundInvitation>> {
    let row = optional(
        on,
        "SELECT id, patient_id, mailed_to, expires_at,
                used_at IS NOT NULL, replaced_at IS NOT NULL
         FROM invitations WHERE code_digest = ?1",
        (code.0,),
    )?;
    row.map(rows::invitation).transpose()
}
