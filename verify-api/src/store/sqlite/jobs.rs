//! Messages on SQLite, and what their writer looks up.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{execute, optional};
use super::{SqliteStore, audit, limits, people};
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
impl Jobs for SqliteStore {
    async fn claim_job(
        &self,
        lane: Lane,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedJob>> {
        // An idle worker asks often: it must not take the write lock to find nothing.
        let due = self.readers.optional(
            "SELECT id FROM outbox WHERE fate IS NULL AND lane = ?1 AND next_at <= ?2
             ORDER BY next_at, id LIMIT 1",
            (lane.as_str(), millis(now)),
        );
        let Some((due,)) = due.await? else {
            return Ok(None);
        };
        self.writer
            .write(move |on| claim(on, JobId(due), now, lease_until))
            .await
    }

    async fn invitation(&self, code: &Digest) -> Result<Option<FoundInvitation>> {
        let code = *code;
        self.readers
            .read(move |on| people::invitation(on, code))
            .await
    }

    async fn set_code(
        &self,
        flow: FlowId,
        purpose: CodeFor,
        job: JobId,
        code: &Digest,
        account: Option<AccountId>,
    ) -> Result<bool> {
        let code = *code;
        self.writer
            .write(move |on| set_code(on, flow, purpose, job, code, account))
            .await
    }

    async fn set_reveal(&self, link: NewLink) -> Result<()> {
        let insert = "INSERT INTO reveals (token_digest, account_id, email_key, expires_at)
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT (token_digest) DO NOTHING";
        self.writer
            .write(move |on| set_link(on, insert, link))
            .await
    }

    async fn set_reset_link(&self, link: NewLink) -> Result<()> {
        let insert = "INSERT INTO reset_links (token_digest, account_id, email_key, expires_at)
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT (token_digest) DO NOTHING";
        self.writer
            .write(move |on| set_link(on, insert, link))
            .await
    }

    async fn failures(&self, ladder: &Digest) -> Result<u32> {
        let failures: Option<(i64,)> = self
            .readers
            .optional(
                "SELECT failures FROM ladders WHERE subject_key = ?1",
                (ladder.0,),
            )
            .await?;
        let (failures,) = failures.unwrap_or_default();
        u32::try_from(failures).map_err(|error| rows::corrupt(&error))
    }

    async fn whole_at(&self, budget: &Digest) -> Result<Option<Timestamp>> {
        let whole_at = self
            .readers
            .optional("SELECT whole_at FROM budgets WHERE key = ?1", (budget.0,));
        let whole_at = whole_at.await?.map(|(whole_at,)| rows::time(whole_at));
        whole_at.transpose()
    }

    async fn queue_job(&self, job: NewJob, charge: Charge, at: Timestamp) -> Result<()> {
        self.writer
            .write(move |on| {
                limits::charge(on, &[charge], at)?;
                insert(on, &job, at)
            })
            .await
    }

    async fn charge_job(&self, job: JobId, charges: Vec<Charge>, now: Timestamp) -> Result<()> {
        self.writer
            .write(move |on| limits::charge_job(on, job, &charges, now))
            .await
    }

    async fn finish_job(
        &self,
        job: JobId,
        ending: Ending,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| finish(on, &chain, job, &ending, at, audit))
            .await
    }

    async fn settle_job(
        &self,
        job: JobId,
        report: Report,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| settle(on, &chain, job, report, at, audit))
            .await
    }

    async fn retry_job(
        &self,
        job: JobId,
        attempts: u32,
        next_at: Timestamp,
        cause: &str,
    ) -> Result<()> {
        let cause = cause.to_owned();
        self.writer
            .write(move |on| retry(on, job, attempts, next_at, &cause))
            .await
    }

    async fn oldest_pending(&self) -> Result<Option<Timestamp>> {
        let oldest = "SELECT min(created_at) FROM outbox WHERE fate IS NULL";
        let (oldest,): (Option<i64>,) = self.readers.one(oldest, ()).await?;
        oldest.map(rows::time).transpose()
    }

    async fn first_due(&self) -> Result<Option<Timestamp>> {
        let first = "SELECT min(next_at) FROM outbox WHERE fate IS NULL";
        let (first,): (Option<i64>,) = self.readers.one(first, ()).await?;
        first.map(rows::time).transpose()
    }

    async fn account_by_username(&self, username: &Digest) -> Result<Option<FoundAccount>> {
        let row = self.readers.optional(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM accounts a JOIN patients p ON p.id = a.patient_id
             WHERE a.username_key = ?1 AND a.deactivated_at IS NULL",
            (username.0,),
        );
        row.await?.map(rows::account).transpose()
    }

    async fn accounts_by_email(&self, email: &Digest) -> Result<Vec<FoundAccount>> {
        let found = self.readers.all(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM accounts a JOIN patients p ON p.id = a.patient_id
             WHERE a.email_key = ?1 ORDER BY a.id",
            (email.0,),
        );
        found.await?.into_iter().map(rows::account).collect()
    }

    async fn account_of(&self, passed: Passed) -> Result<Option<FoundAccount>> {
        let row = self.readers.optional(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM accounts a JOIN patients p ON p.id = a.patient_id
             WHERE a.id = ?1 AND a.password_no = ?2 AND a.deactivated_at IS NULL",
            (passed.account.0, passed.password_no),
        );
        row.await?.map(rows::account).transpose()
    }

    async fn account(&self, account: AccountId) -> Result<Option<FoundAccount>> {
        self.readers
            .read(move |on| account_by_id(on, account))
            .await
    }

    async fn patient(&self, patient: PatientId) -> Result<Option<Sealed>> {
        let sealed = "SELECT sealed FROM patients WHERE id = ?1";
        let row = self.readers.optional(sealed, (patient.0,)).await?;
        Ok(row.map(|(sealed,)| Sealed(sealed)))
    }
}

/// A claim moves `next_at` past the lease; a worker that dies loses it there.
fn claim(
    on: &Connection,
    due: JobId,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<ClaimedJob>> {
    let row = optional(
        on,
        "UPDATE outbox SET next_at = ?1, attempts = attempts + 1
         WHERE id = ?2 AND fate IS NULL AND next_at <= ?3
         RETURNING id, sealed, not_after, attempts",
        (millis(lease_until), due.0, millis(now)),
    )?;
    row.map(rows::job).transpose()
}

fn set_code(
    on: &Connection,
    flow: FlowId,
    purpose: CodeFor,
    job: JobId,
    code: Digest,
    account: Option<AccountId>,
) -> Result<bool> {
    let set = execute(
        on,
        "UPDATE challenges SET code_digest = ?1, account_id = ?2
         WHERE flow_id = ?3 AND purpose = ?4 AND job_id = ?5 AND spent_at IS NULL",
        (
            code.0,
            account.map(|account| account.0),
            flow.0,
            purpose.as_str(),
            job.0,
        ),
    )?;
    Ok(set == 1)
}

/// Sets a link; once, however often it is set.
fn set_link(on: &Connection, insert: &str, link: NewLink) -> Result<()> {
    let NewLink {
        token,
        account,
        email,
        expires_at,
    } = link;
    execute(
        on,
        insert,
        (token.0, account.0, email.0, millis(expires_at)),
    )?;
    Ok(())
}

fn finish(
    on: &Connection,
    chain: &Chain,
    job: JobId,
    ending: &Ending,
    at: Timestamp,
    audit: Option<Entry>,
) -> Result<()> {
    execute(
        on,
        "UPDATE outbox SET fate = ?1, done_at = ?2, cause = ?4,
             sealed = CASE WHEN ?1 = 'dead' THEN sealed END
         WHERE id = ?3 AND fate IS NULL",
        (ending.fate.as_str(), millis(at), job.0, &ending.cause),
    )?;
    if let Some(mut entry) = audit {
        entry.subject = whom(on, job, None)?.unwrap_or(entry.subject);
        audit::append(on, chain, entry, at)?;
    }
    Ok(())
}

fn settle(
    on: &Connection,
    chain: &Chain,
    job: JobId,
    report: Report,
    at: Timestamp,
    audit: Option<Entry>,
) -> Result<bool> {
    let settled = execute(
        on,
        "UPDATE outbox SET report = ?1 WHERE id = ?2
         AND (report IS NULL OR (report = 'undelivered' AND ?1 = 'delivered'))",
        (report.as_str(), job.0),
    )?;
    let is_news = settled == 1;
    if is_news && let Some(mut entry) = audit {
        entry.subject = whom(on, job, None)?.unwrap_or(entry.subject);
        audit::append(on, chain, entry, at)?;
    }
    Ok(is_news)
}

fn retry(
    on: &Connection,
    job: JobId,
    attempts: u32,
    next_at: Timestamp,
    cause: &str,
) -> Result<()> {
    execute(
        on,
        "UPDATE outbox SET next_at = ?1, cause = ?4
         WHERE id = ?2 AND attempts = ?3 AND fate IS NULL",
        (millis(next_at), job.0, attempts, cause),
    )?;
    Ok(())
}

/// Whom the code of a message is for, as the audit trail names them: their account,
/// which a username finds also where the message is still to be written, or the
/// patient; the flow where nobody is known. Nobody where the message carries no code.
pub(super) fn whom(
    on: &Connection,
    job: JobId,
    username: Option<Digest>,
) -> Result<Option<[u8; 16]>> {
    let known = optional(
        on,
        "SELECT coalesce(c.account_id, a.id, c.patient_id, c.flow_id)
         FROM challenges c LEFT JOIN accounts a
             ON a.username_key = ?2 AND a.deactivated_at IS NULL
         WHERE c.job_id = ?1",
        (job.0, username.map(|username| username.0)),
    )?;
    Ok(known.map(|(subject,)| subject))
}

pub(super) fn account_by_id(on: &Connection, account: AccountId) -> Result<Option<FoundAccount>> {
    let row = optional(
        on,
        "SELECT a.id, a.sealed, p.id, p.sealed
         FROM accounts a JOIN patients p ON p.id = a.patient_id
         WHERE a.id = ?1 AND a.deactivated_at IS NULL",
        (account.0,),
    )?;
    row.map(rows::account).transpose()
}

pub(super) fn insert(on: &Connection, job: &NewJob, at: Timestamp) -> Result<()> {
    execute(
        on,
        "INSERT INTO outbox (id, sealed, created_at, not_after, next_at, lane)
         VALUES (?1, ?2, ?3, ?4, ?3, ?5)",
        (
            job.id.0,
            &job.sealed.0,
            millis(at),
            millis(job.not_after),
            job.lane.as_str(),
        ),
    )?;
    Ok(())
}
