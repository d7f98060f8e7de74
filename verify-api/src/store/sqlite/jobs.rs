//! Messages on SQLite, and what their writer looks up.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{SqliteStore, id, millis, time, write_audit};
use crate::account::AccountId;
use crate::audit::Entry;
use crate::crypto::{Digest, Sealed};
use crate::flow::CodeFor;
use crate::patient::PatientId;
use crate::store::{ClaimedJob, Fate, FlowId, FoundAccount, JobId, Jobs, NewJob, Result};

#[async_trait]
impl Jobs for SqliteStore {
    async fn claim_job(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedJob>> {
        // An idle worker asks often: it must not take the write lock to find nothing.
        let due: Option<(Vec<u8>,)> = sqlx::query_as(
            "SELECT id FROM outbox WHERE fate IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT 1",
        )
        .bind(millis(now))
        .fetch_optional(&self.readers)
        .await?;
        let Some((due,)) = due else { return Ok(None) };
        // A claim moves `next_at` past the lease; a worker that dies loses it there.
        let row: Option<(Vec<u8>, Vec<u8>, i64, u32)> = sqlx::query_as(
            "UPDATE outbox SET next_at = ?, attempts = attempts + 1
             WHERE id = ? AND fate IS NULL AND next_at <= ?
             RETURNING id, sealed, not_after, attempts",
        )
        .bind(millis(lease_until))
        .bind(due)
        .bind(millis(now))
        .fetch_optional(&self.writer)
        .await?;
        row.map(|(job, sealed, not_after, attempts)| {
            Ok(ClaimedJob {
                id: JobId(id(&job)?),
                sealed: Sealed(sealed),
                not_after: time(not_after)?,
                attempts,
            })
        })
        .transpose()
    }

    async fn set_code(
        &self,
        flow: FlowId,
        purpose: CodeFor,
        job: JobId,
        code: &Digest,
        account: Option<AccountId>,
    ) -> Result<bool> {
        let set = sqlx::query(
            "UPDATE challenges SET code_digest = ?, account_id = ?
             WHERE flow_id = ? AND purpose = ? AND job_id = ? AND spent_at IS NULL",
        )
        .bind(code.0.as_slice())
        .bind(account.map(|account| account.0.to_vec()))
        .bind(flow.0.as_slice())
        .bind(purpose.as_str())
        .bind(job.0.as_slice())
        .execute(&self.writer)
        .await?;
        Ok(set.rows_affected() == 1)
    }

    async fn set_reveal(
        &self,
        token: &Digest,
        account: AccountId,
        expires_at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO reveals (token_digest, account_id, expires_at) VALUES (?, ?, ?)
             ON CONFLICT (token_digest) DO NOTHING",
        )
        .bind(token.0.as_slice())
        .bind(account.0.as_slice())
        .bind(millis(expires_at))
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn finish_job(
        &self,
        job: JobId,
        fate: Fate,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE outbox SET fate = ?, done_at = ?, sealed = NULL WHERE id = ? AND fate IS NULL",
        )
        .bind(fate.as_str())
        .bind(millis(at))
        .bind(job.0.as_slice())
        .execute(&mut *tx)
        .await?;
        if let Some(entry) = audit {
            write_audit(&mut tx, entry, at).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn retry_job(&self, job: JobId, next_at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE outbox SET next_at = ? WHERE id = ? AND fate IS NULL")
            .bind(millis(next_at))
            .bind(job.0.as_slice())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn oldest_pending(&self) -> Result<Option<Timestamp>> {
        let (oldest,): (Option<i64>,) =
            sqlx::query_as("SELECT min(created_at) FROM outbox WHERE fate IS NULL")
                .fetch_one(&self.readers)
                .await?;
        oldest.map(time).transpose()
    }

    async fn account_by_username(&self, username: &Digest) -> Result<Option<FoundAccount>> {
        let row = sqlx::query_as(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM accounts a JOIN patients p ON p.id = a.patient_id WHERE a.username_key = ?",
        )
        .bind(username.0.as_slice())
        .fetch_optional(&self.readers)
        .await?;
        row.map(found).transpose()
    }

    async fn accounts_by_email(&self, email: &Digest) -> Result<Vec<FoundAccount>> {
        let rows = sqlx::query_as(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM accounts a JOIN patients p ON p.id = a.patient_id
             WHERE a.email_key = ? ORDER BY a.id",
        )
        .bind(email.0.as_slice())
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(found).collect()
    }

    async fn account(&self, account: AccountId) -> Result<Option<FoundAccount>> {
        let mut reader = self.readers.acquire().await?;
        account_by_id(&mut reader, account).await
    }

    async fn patient(&self, patient: PatientId) -> Result<Option<Sealed>> {
        let row: Option<(Vec<u8>,)> = sqlx::query_as("SELECT sealed FROM patients WHERE id = ?")
            .bind(patient.0.as_slice())
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|(sealed,)| Sealed(sealed)))
    }
}

pub(super) async fn account_by_id(
    on: &mut SqliteConnection,
    account: AccountId,
) -> Result<Option<FoundAccount>> {
    let row = sqlx::query_as(
        "SELECT a.id, a.sealed, p.id, p.sealed
         FROM accounts a JOIN patients p ON p.id = a.patient_id WHERE a.id = ?",
    )
    .bind(account.0.as_slice())
    .fetch_optional(on)
    .await?;
    row.map(found).transpose()
}

fn found(row: (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>)) -> Result<FoundAccount> {
    let (account, sealed, patient, patient_sealed) = row;
    Ok(FoundAccount {
        id: AccountId(id(&account)?),
        sealed: Sealed(sealed),
        patient: PatientId(id(&patient)?),
        patient_sealed: Sealed(patient_sealed),
    })
}

pub(super) async fn insert(on: &mut SqliteConnection, job: &NewJob, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO outbox (id, sealed, created_at, not_after, next_at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(job.id.0.as_slice())
    .bind(&job.sealed.0)
    .bind(millis(at))
    .bind(millis(job.not_after))
    .bind(millis(at))
    .execute(on)
    .await?;
    Ok(())
}
