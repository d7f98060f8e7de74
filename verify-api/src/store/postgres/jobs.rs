//! Messages on PostgreSQL, and what their writer looks up.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::PgStore;
use crate::account::AccountId;
use crate::audit::{Chain, Entry};
use crate::crypto::{Digest, Sealed};
use crate::flow::{CodeFor, Passed};
use crate::limits::Charge;
use crate::patient::PatientId;
use crate::store::rows::{self, millis};
use crate::store::{
    ClaimedJob, Ending, FlowId, FoundAccount, FoundInvitation, JobId, Jobs, Lane, NewJob, NewLink,
    Report, Result,
};

#[async_trait]
impl Jobs for PgStore {
    // A claim moves `next_at` past the lease; a worker that dies loses it there.
    // Workers step over what another is just claiming.
    async fn claim_job(
        &self,
        lane: Lane,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedJob>> {
        let row = sqlx::query_as(
            "UPDATE outbox SET next_at = $1, attempts = attempts + 1
             WHERE id = (SELECT id FROM outbox WHERE fate IS NULL AND lane = $3 AND next_at <= $2
                         ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id, sealed, not_after, attempts",
        )
        .bind(millis(lease_until))
        .bind(millis(now))
        .bind(lane.as_str())
        .fetch_optional(&self.pool)
        .await?;
        row.map(rows::job).transpose()
    }

    async fn invitation(&self, code: &Digest) -> Result<Option<FoundInvitation>> {
        let mut reader = self.pool.acquire().await?;
        super::people::invitation(&mut reader, code).await
    }

    async fn set_code(
        &self,
        flow: FlowId,
        purpose: CodeFor,
        job: JobId,
        code: &Digest,
        account: Option<AccountId>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        if let Some(account) = account {
            // Whoever is changing where codes go comes first, and takes away only codes that
            // are there; or comes after this one, and takes it away.
            sqlx::query("SELECT 1 FROM accounts WHERE id = $1 FOR SHARE")
                .bind(account.0.as_slice())
                .execute(&mut *tx)
                .await?;
        }
        let set = sqlx::query(
            "UPDATE challenges SET code_digest = $1, account_id = $2
             WHERE flow_id = $3 AND purpose = $4 AND job_id = $5 AND spent_at IS NULL",
        )
        .bind(code.0.as_slice())
        .bind(account.map(|account| account.0.to_vec()))
        .bind(flow.0.as_slice())
        .bind(purpose.as_str())
        .bind(job.0.as_slice())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(set.rows_affected() == 1)
    }

    async fn set_reveal(&self, link: NewLink) -> Result<()> {
        let insert = "INSERT INTO reveals (token_digest, account_id, email_key, expires_at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (token_digest) DO NOTHING";
        set_link(&self.pool, insert, link).await
    }

    async fn set_reset_link(&self, link: NewLink) -> Result<()> {
        let insert = "INSERT INTO reset_links (token_digest, account_id, email_key, expires_at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (token_digest) DO NOTHING";
        set_link(&self.pool, insert, link).await
    }

    async fn failures(&self, ladder: &Digest) -> Result<u32> {
        let failures: Option<i64> =
            sqlx::query_scalar("SELECT failures FROM ladders WHERE subject_key = $1")
                .bind(ladder.0.as_slice())
                .fetch_optional(&self.pool)
                .await?;
        let failures = u32::try_from(failures.unwrap_or_default());
        failures.map_err(|error| rows::corrupt(&error))
    }

    async fn whole_at(&self, budget: &Digest) -> Result<Option<Timestamp>> {
        let whole_at: Option<i64> =
            sqlx::query_scalar("SELECT whole_at FROM budgets WHERE key = $1")
                .bind(budget.0.as_slice())
                .fetch_optional(&self.pool)
                .await?;
        whole_at.map(rows::time).transpose()
    }

    async fn queue_job(&self, job: NewJob, charge: Charge, at: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        queue(&mut tx, &job, charge, at).await?;
        Ok(tx.commit().await?)
    }

    async fn charge_job(&self, job: JobId, charges: Vec<Charge>, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        super::limits::charge_job(&mut tx, job, &charges, now).await?;
        Ok(tx.commit().await?)
    }

    async fn finish_job(
        &self,
        job: JobId,
        ending: Ending,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE outbox SET fate = $1, done_at = $2, cause = $4,
                 sealed = CASE WHEN $1 = 'dead' THEN sealed END
             WHERE id = $3 AND fate IS NULL",
        )
        .bind(ending.fate.as_str())
        .bind(millis(at))
        .bind(job.0.as_slice())
        .bind(ending.cause)
        .execute(&mut *tx)
        .await?;
        if let Some(mut entry) = audit {
            entry.subject = whom(&mut tx, job, None).await?.unwrap_or(entry.subject);
            super::audit::append(&mut tx, &self.chain, entry, at).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn settle_job(
        &self,
        job: JobId,
        report: Report,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let is_news = settle(&mut tx, &self.chain, job, report, at, audit).await?;
        tx.commit().await?;
        Ok(is_news)
    }

    async fn retry_job(
        &self,
        job: JobId,
        attempts: u32,
        next_at: Timestamp,
        cause: &str,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE outbox SET next_at = $1, cause = $4
             WHERE id = $2 AND attempts = $3 AND fate IS NULL",
        )
        .bind(millis(next_at))
        .bind(job.0.as_slice())
        .bind(i64::from(attempts))
        .bind(cause)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn oldest_pending(&self) -> Result<Option<Timestamp>> {
        let oldest: Option<i64> =
            sqlx::query_scalar("SELECT min(created_at) FROM outbox WHERE fate IS NULL")
                .fetch_one(&self.pool)
                .await?;
        oldest.map(rows::time).transpose()
    }

    async fn first_due(&self) -> Result<Option<Timestamp>> {
        let first: Option<i64> =
            sqlx::query_scalar("SELECT min(next_at) FROM outbox WHERE fate IS NULL")
                .fetch_one(&self.pool)
                .await?;
        first.map(rows::time).transpose()
    }

    async fn account_by_username(&self, username: &Digest) -> Result<Option<FoundAccount>> {
        let row = sqlx::query_as(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM accounts a JOIN patients p ON p.id = a.patient_id
             WHERE a.username_key = $1 AND a.deactivated_at IS NULL",
        )
        .bind(username.0.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        row.map(rows::account).transpose()
    }

    async fn accounts_by_email(&self, email: &Digest) -> Result<Vec<FoundAccount>> {
        let found = sqlx::query_as(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM accounts a JOIN patients p ON p.id = a.patient_id
             WHERE a.email_key = $1 ORDER BY a.id",
        )
        .bind(email.0.as_slice())
        .fetch_all(&self.pool)
        .await?;
        found.into_iter().map(rows::account).collect()
    }

    async fn account_of(&self, passed: Passed) -> Result<Option<FoundAccount>> {
        let row = sqlx::query_as(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM accounts a JOIN patients p ON p.id = a.patient_id
             WHERE a.id = $1 AND a.password_no = $2 AND a.deactivated_at IS NULL",
        )
        .bind(passed.account.0.as_slice())
        .bind(passed.password_no)
        .fetch_optional(&self.pool)
        .await?;
        row.map(rows::account).transpose()
    }

    async fn account(&self, account: AccountId) -> Result<Option<FoundAccount>> {
        let mut on = self.pool.acquire().await?;
        account_by_id(&mut on, account).await
    }

    async fn patient(&self, patient: PatientId) -> Result<Option<Sealed>> {
        let row = sqlx::query_scalar("SELECT sealed FROM patients WHERE id = $1")
            .bind(patient.0.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(Sealed))
    }
}

async fn queue(on: &mut PgConnection, job: &NewJob, charge: Charge, at: Timestamp) -> Result<()> {
    super::limits::charge(on, &[charge], at).await?;
    insert(on, job, at).await
}

async fn settle(
    on: &mut PgConnection,
    chain: &Chain,
    job: JobId,
    report: Report,
    at: Timestamp,
    audit: Option<Entry>,
) -> Result<bool> {
    let settled = sqlx::query(
        "UPDATE outbox SET report = $1 WHERE id = $2
         AND (report IS NULL OR (report = 'undelivered' AND $1 = 'delivered'))",
    )
    .bind(report.as_str())
    .bind(job.0.as_slice())
    .execute(&mut *on)
    .await?;
    let is_news = settled.rows_affected() == 1;
    if is_news && let Some(mut entry) = audit {
        entry.subject = whom(on, job, None).await?.unwrap_or(entry.subject);
        super::audit::append(on, chain, entry, at).await?;
    }
    Ok(is_news)
}

/// Whom the code of a message is for, as the audit trail names them: their account,
/// which a username finds also where the message is still to be written, or the
/// patient; the flow where nobody is known. Nobody where the message carries no code.
pub(super) async fn whom(
    on: &mut PgConnection,
    job: JobId,
    username: Option<Digest>,
) -> Result<Option<[u8; 16]>> {
    let known: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT coalesce(c.account_id, a.id, c.patient_id, c.flow_id)
         FROM challenges c LEFT JOIN accounts a
             ON a.username_key = $2 AND a.deactivated_at IS NULL
         WHERE c.job_id = $1",
    )
    .bind(job.0.as_slice())
    .bind(username.map(|username| username.0.to_vec()))
    .fetch_optional(on)
    .await?;
    known.map(|subject| rows::id(&subject)).transpose()
}

pub(super) async fn account_by_id(
    on: &mut PgConnection,
    account: AccountId,
) -> Result<Option<FoundAccount>> {
    let row = sqlx::query_as(
        "SELECT a.id, a.sealed, p.id, p.sealed
         FROM accounts a JOIN patients p ON p.id = a.patient_id
         WHERE a.id = $1 AND a.deactivated_at IS NULL",
    )
    .bind(account.0.as_slice())
    .fetch_optional(on)
    .await?;
    row.map(rows::account).transpose()
}

pub(super) async fn insert(on: &mut PgConnection, job: &NewJob, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO outbox (id, sealed, created_at, not_after, next_at, lane)
         VALUES ($1, $2, $3, $4, $3, $5)",
    )
    .bind(job.id.0.as_slice())
    .bind(&job.sealed.0)
    .bind(millis(at))
    .bind(millis(job.not_after))
    .bind(job.lane.as_str())
    .execute(on)
    .await?;
    Ok(())
}

/// Sets a link; once, however often it is set.
async fn set_link(on: &PgPool, insert: &'static str, link: NewLink) -> Result<()> {
    sqlx::query(insert)
        .bind(link.token.0.as_slice())
        .bind(link.account.0.as_slice())
        .bind(link.email.0.as_slice())
        .bind(millis(link.expires_at))
        .execute(on)
        .await?;
    Ok(())
}
