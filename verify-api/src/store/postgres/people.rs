//! The directory and the desk on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::PgStore;
use crate::audit::Entry;
use crate::crypto::{Digest, Sealed};
use crate::patient::PatientId;
use crate::store::rows::{self, millis};
use crate::store::{FoundInvitation, NewInvitation, NewJob, People, Result, StoreError};

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

    async fn put_patient(
        &self,
        patient: PatientId,
        source: &Digest,
        sealed: Sealed,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO patients (id, source_key, sealed, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE
             SET sealed = excluded.sealed, updated_at = excluded.updated_at",
        )
        .bind(patient.0.as_slice())
        .bind(source.0.as_slice())
        .bind(&sealed.0)
        .bind(millis(at))
        .execute(&mut *tx)
        .await?;
        super::audit::append(&mut tx, &self.chain, audit, at).await?;
        Ok(tx.commit().await?)
    }

    async fn add_staff(
        &self,
        staff: [u8; 16],
        email: &Digest,
        sealed: Sealed,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let added = sqlx::query(
            "INSERT INTO staff (id, email_key, sealed, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (email_key) DO NOTHING",
        )
        .bind(staff.as_slice())
        .bind(email.0.as_slice())
        .bind(&sealed.0)
        .bind(millis(at))
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(false);
        }
        super::audit::append(&mut tx, &self.chain, audit, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn staff_by_email(&self, email: &Digest) -> Result<Option<[u8; 16]>> {
        let row: Option<Vec<u8>> = sqlx::query_scalar("SELECT id FROM staff WHERE email_key = $1")
            .bind(email.0.as_slice())
            .fetch_optional(&self.pool)
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
        let mut tx = self.begin().await?;
        // Whoever invites or enrolls the same patient waits here.
        sqlx::query("SELECT 1 FROM patients WHERE id = $1 FOR UPDATE")
            .bind(invitation.patient.0.as_slice())
            .execute(&mut *tx)
            .await?;
        let enrolled: Option<(i32,)> =
            sqlx::query_as("SELECT 1 FROM accounts WHERE patient_id = $1")
                .bind(invitation.patient.0.as_slice())
                .fetch_optional(&mut *tx)
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
        .execute(&mut *tx)
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
        .execute(&mut *tx)
        .await?;
        if let Some(job) = job {
            super::jobs::insert(&mut tx, &job, at).await?;
        }
        super::audit::append(&mut tx, &self.chain, audit, at).await?;
        Ok(tx.commit().await?)
    }
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
