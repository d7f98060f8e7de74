//! The directory and the desk on PostgreSQL.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::{PgStore, lookups, proxies, visits};
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Sealed};
use crate::patient::PatientId;
use crate::store::rows::{self, millis};
use crate::store::{
    FoundInvitation, FoundPatient, ImportBatch, NewInvitation, NewJob, NewPatient, People,
    Resealed, Result, StoreError,
};

#[async_trait]
impl People for PgStore {
    async fn patient_by_source(&self, source: &Digest) -> Result<Option<PatientId>> {
        let row: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT id FROM patients WHERE source_key = $1")
                .bind(source.0.as_slice())
                .fetch_optional(&self.pool)
                .await?;
        row.map(|patient| Ok(PatientId(rows::id(&patient)?)))
            .transpose()
    }

    async fn patients_by_source(&self, sources: Vec<Digest>) -> Result<Vec<FoundPatient>> {
        let sources: Vec<_> = sources.iter().map(|source| source.0.to_vec()).collect();
        let found: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "SELECT source_key, id, sealed FROM patients WHERE source_key = ANY($1)",
        )
        .bind(sources)
        .fetch_all(&self.pool)
        .await?;
        let found = found.into_iter().map(|(source, patient, sealed)| {
            Ok(FoundPatient {
                source: rows::digest(&source)?,
                id: PatientId(rows::id(&patient)?),
                sealed: Sealed(sealed),
            })
        });
        found.collect()
    }

    async fn count_patients(&self) -> Result<u64> {
        let count = sqlx::query_scalar("SELECT count(*) FROM patients");
        rows::count(count.fetch_one(&self.pool).await?)
    }

    async fn import(&self, batch: Arc<ImportBatch>, at: Timestamp) -> Result<u64> {
        let mut tx = self.begin().await?;
        insert_all(&mut tx, &batch.created, at).await?;
        replace_all(&mut tx, &batch.updated, at).await?;
        lookups::relist_all(&mut tx, &batch.relisted).await?;
        let ended = end_invitations(&mut tx, &batch.closed, at).await?;
        let mut audit = batch.audit.clone();
        for patient in &batch.closed {
            if ended.contains(patient) {
                audit.push(Entry::about(Event::InvitationWithdrawn, patient.0));
            }
        }
        super::audit::append_all(&mut tx, &self.chain, &audit, at).await?;
        tx.commit().await?;
        Ok(ended.len() as u64)
    }

    async fn invite(
        &self,
        invitation: NewInvitation,
        job: Option<NewJob>,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        // Whoever invites or enrolls the same patient waits here.
        let record = lock(&mut tx, invitation.patient).await?;
        let enrolled: Option<(i32,)> = sqlx::query_as(
            "SELECT 1 FROM accounts WHERE patient_id = $1 AND deactivated_at IS NULL",
        )
        .bind(invitation.patient.0.as_slice())
        .fetch_optional(&mut *tx)
        .await?;
        if enrolled.is_some() {
            return Err(StoreError::AlreadyEnrolled);
        }
        if record.as_ref() != Some(&invitation.record.0) {
            return Err(StoreError::Conflict);
        }
        proxies::allow(&mut tx, invitation.patient, invitation.proxy).await?;
        if let Some(visit) = &invitation.visit {
            visits::allow(&mut tx, invitation.patient, visit).await?;
        }
        end_invitations(&mut tx, &[invitation.patient], at).await?;
        sqlx::query(
            "INSERT INTO invitations
                 (id, patient_id, staff_id, code_digest, mailed_to, created_at, expires_at, job_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(invitation.id.0.as_slice())
        .bind(invitation.patient.0.as_slice())
        .bind(invitation.staff.as_slice())
        .bind(invitation.code.0.as_slice())
        .bind(invitation.mailed_to.map(|sealed| sealed.0))
        .bind(millis(at))
        .bind(millis(invitation.expires_at))
        .bind(job.as_ref().map(|job| job.id.0.to_vec()))
        .execute(&mut *tx)
        .await?;
        if let Some(job) = job {
            super::jobs::insert(&mut tx, &job, at).await?;
        }
        super::audit::append(&mut tx, &self.chain, audit, at).await?;
        Ok(tx.commit().await?)
    }
}

/// Holds a patient's row, so that others wait who do something about them; their record.
pub(super) async fn lock(on: &mut PgConnection, patient: PatientId) -> Result<Option<Vec<u8>>> {
    let record = sqlx::query_scalar("SELECT sealed FROM patients WHERE id = $1 FOR UPDATE")
        .bind(patient.0.as_slice())
        .fetch_optional(on);
    Ok(record.await?)
}

async fn insert_all(on: &mut PgConnection, created: &[NewPatient], at: Timestamp) -> Result<()> {
    let each = |part: fn(&NewPatient) -> &[u8]| -> Vec<Vec<u8>> {
        created.iter().map(|new| part(new).to_vec()).collect()
    };
    let added = sqlx::query(
        "INSERT INTO patients (id, source_key, sealed, updated_at, is_listed)
         SELECT id, source_key, sealed, $4, TRUE
         FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) AS new (id, source_key, sealed)
         ORDER BY source_key
         ON CONFLICT (source_key) DO NOTHING",
    )
    .bind(each(|new| &new.id.0))
    .bind(each(|new| &new.source.0))
    .bind(each(|new| &new.sealed.0))
    .bind(millis(at))
    .execute(&mut *on)
    .await?;
    all(added.rows_affected(), created.len())?;
    let rows = lookups::columns(created.iter().map(|new| (new.id, &new.lookups[..])));
    lookups::insert_all(on, rows).await
}

async fn replace_all(on: &mut PgConnection, updated: &[Resealed], at: Timestamp) -> Result<()> {
    let each = |part: fn(&Resealed) -> &[u8]| -> Vec<Vec<u8>> {
        updated.iter().map(|record| part(record).to_vec()).collect()
    };
    // In one order, so that no two imports wait in a circle.
    sqlx::query("SELECT 1 FROM patients WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE")
        .bind(each(|record| &record.id))
        .execute(&mut *on)
        .await?;
    let replaced = sqlx::query(
        "UPDATE patients SET sealed = records.new, updated_at = $4
         FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) AS records (id, old, new)
         WHERE patients.id = records.id AND patients.sealed = records.old",
    )
    .bind(each(|record| &record.id))
    .bind(each(|record| &record.old.0))
    .bind(each(|record| &record.new.0))
    .bind(millis(at))
    .execute(on)
    .await?;
    all(replaced.rows_affected(), updated.len())
}

/// A guard that named so many rows must have found them.
fn all(found: u64, named: usize) -> Result<()> {
    if found == named as u64 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

/// Ends the open invitations of patients; whose they were.
pub(super) async fn end_invitations(
    on: &mut PgConnection,
    patients: &[PatientId],
    at: Timestamp,
) -> Result<HashSet<PatientId>> {
    let patients: Vec<_> = patients.iter().map(|patient| patient.0.to_vec()).collect();
    let ended: Vec<Vec<u8>> = sqlx::query_scalar(
        "UPDATE invitations SET replaced_at = $1
         WHERE patient_id = ANY($2) AND used_at IS NULL AND replaced_at IS NULL
         RETURNING patient_id",
    )
    .bind(millis(at))
    .bind(patients)
    .fetch_all(on)
    .await?;
    let ended = ended
        .iter()
        .map(|patient| Ok(PatientId(rows::id(patient)?)));
    ended.collect()
}

pub(super) async fn invitation(
    on: &mut PgConnection,
    code: &Digest,
) -> Result<Option<FoundInvitation>> {
    let row = sqlx::query_as(
        "SELECT id, patient_id, mailed_to, expires_at,
                used_at IS NOT NULL, replaced_at IS NOT NULL
         FROM invitations WHERE code_digest = $1",
    )
    .bind(code.0.as_slice())
    .fetch_optional(on)
    .await?;
    row.map(rows::invitation).transpose()
}
