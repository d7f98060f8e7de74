//! The directory and the desk on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::SqliteStore;
use crate::audit::{Chain, Entry};
use crate::crypto::{Digest, Sealed};
use crate::patient::PatientId;
use crate::store::rows::{self, millis};
use crate::store::{FoundInvitation, NewInvitation, NewJob, People, Result, StoreError};

#[async_trait]
impl People for SqliteStore {
    async fn patient_by_source(&self, source: &Digest) -> Result<Option<PatientId>> {
        let row: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT id FROM patients WHERE source_key = $1")
                .bind(source.0.as_slice())
                .fetch_optional(&self.readers)
                .await?;
        row.map(|patient| Ok(PatientId(rows::id(&patient)?)))
            .transpose()
    }

    async fn put_patient(
        &self,
        patient: PatientId,
        source: &Digest,
        sealed: Sealed,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()> {
        let (chain, source) = (self.chain.clone(), *source);
        self.writer
            .write(move |on| {
                Box::pin(async move {
                    put_patient(on, patient, source, sealed, at).await?;
                    super::audit::append(on, &chain, audit, at).await
                })
            })
            .await
    }

    async fn add_staff(
        &self,
        staff: [u8; 16],
        email: &Digest,
        sealed: Sealed,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let (chain, email) = (self.chain.clone(), *email);
        self.writer
            .write(move |on| {
                Box::pin(async move {
                    let is_new = add_staff(on, staff, email, sealed, at).await?;
                    if is_new {
                        super::audit::append(on, &chain, audit, at).await?;
                    }
                    Ok(is_new)
                })
            })
            .await
    }

    async fn staff_by_email(&self, email: &Digest) -> Result<Option<[u8; 16]>> {
        let row: Option<Vec<u8>> = sqlx::query_scalar("SELECT id FROM staff WHERE email_key = $1")
            .bind(email.0.as_slice())
            .fetch_optional(&self.readers)
            .await?;
        row.as_deref().map(rows::id).transpose()
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
            .write(move |on| Box::pin(invite(on, chain, invitation, job, at, audit)))
            .await
    }
}

async fn put_patient(
    on: &mut SqliteConnection,
    patient: PatientId,
    source: Digest,
    sealed: Sealed,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO patients (id, source_key, sealed, updated_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE
         SET sealed = excluded.sealed, updated_at = excluded.updated_at",
    )
    .bind(patient.0.as_slice())
    .bind(source.0.as_slice())
    .bind(&sealed.0)
    .bind(millis(at))
    .execute(on)
    .await?;
    Ok(())
}

async fn add_staff(
    on: &mut SqliteConnection,
    staff: [u8; 16],
    email: Digest,
    sealed: Sealed,
    at: Timestamp,
) -> Result<bool> {
    let added = sqlx::query(
        "INSERT INTO staff (id, email_key, sealed, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (email_key) DO NOTHING",
    )
    .bind(staff.as_slice())
    .bind(email.0.as_slice())
    .bind(&sealed.0)
    .bind(millis(at))
    .execute(on)
    .await?;
    Ok(added.rows_affected() == 1)
}

async fn invite(
    on: &mut SqliteConnection,
    chain: Chain,
    invitation: NewInvitation,
    job: Option<NewJob>,
    at: Timestamp,
    audit: Entry,
) -> Result<()> {
    let enrolled: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM accounts WHERE patient_id = $1")
        .bind(invitation.patient.0.as_slice())
        .fetch_optional(&mut *on)
        .await?;
    if enrolled.is_some() {
        return Err(StoreError::AlreadyEnrolled);
    }
    sqlx::query(
        "UPDATE invitations SET replaced_at = $1
         WHERE patient_id = $2 AND used_at IS NULL AND replaced_at IS NULL",
    )
    .bind(millis(at))
    .bind(invitation.patient.0.as_slice())
    .execute(&mut *on)
    .await?;
    sqlx::query(
        "INSERT INTO invitations
             (id, patient_id, staff_id, code_digest, mailed_to, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(invitation.id.0.as_slice())
    .bind(invitation.patient.0.as_slice())
    .bind(invitation.staff.as_slice())
    .bind(invitation.code.0.as_slice())
    .bind(invitation.mailed_to.map(|sealed| sealed.0))
    .bind(millis(at))
    .bind(millis(invitation.expires_at))
    .execute(&mut *on)
    .await?;
    if let Some(job) = job {
        super::jobs::insert(on, &job, at).await?;
    }
    super::audit::append(on, &chain, audit, at).await
}

pub(super) async fn invitation(
    on: &mut SqliteConnection,
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
