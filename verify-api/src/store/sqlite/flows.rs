//! Flows on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{SqliteStore, digest, id, millis, time, write_audit};
use crate::account::AccountId;
use crate::crypto::{Digest, Sealed};
use crate::flow::{Check, CodeFor, InvitationId, NoPatient};
use crate::patient::PatientId;
use crate::store::{
    AccountRow, Challenge, Change, Flows, FoundAccount, FoundInvitation, NewFlow, Result,
    StoreError, StoredFlow, Write,
};

#[async_trait]
impl Flows for SqliteStore {
    async fn insert_flow(&self, flow: NewFlow) -> Result<()> {
        sqlx::query(
            "INSERT INTO flows (id, token_digest, sealed, version, created_at, expires_at)
             VALUES (?, ?, ?, 0, ?, ?)",
        )
        .bind(flow.id.0.as_slice())
        .bind(flow.token.0.as_slice())
        .bind(flow.state.0)
        .bind(millis(flow.at))
        .bind(millis(flow.expires_at))
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn flow(&self, token: &Digest) -> Result<Option<StoredFlow>> {
        let row: Option<(Vec<u8>, Vec<u8>, i64, i64, bool)> = sqlx::query_as(
            "SELECT id, sealed, version, expires_at, ended_at IS NOT NULL
             FROM flows WHERE token_digest = ?",
        )
        .bind(token.0.as_slice())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|(flow, sealed, version, expires_at, is_ended)| {
            Ok(StoredFlow {
                id: crate::store::FlowId(id(&flow)?),
                state: Sealed(sealed),
                version,
                expires_at: time(expires_at)?,
                is_ended,
            })
        })
        .transpose()
    }

    async fn commit(&self, change: Change) -> Result<()> {
        let mut tx = self.begin().await?;
        let moved = sqlx::query(
            "UPDATE flows SET sealed = ?, version = version + 1, subject_key = ?, expires_at = ?
             WHERE id = ? AND version = ? AND ended_at IS NULL",
        )
        .bind(&change.state.0)
        .bind(change.subject.as_ref().map(|subject| subject.0.as_slice()))
        .bind(millis(change.expires_at))
        .bind(change.flow.0.as_slice())
        .bind(change.version)
        .execute(&mut *tx)
        .await?;
        one(moved.rows_affected())?;
        for write in &change.writes {
            apply(&mut tx, &change, write).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn try_code(
        &self,
        flow: crate::store::FlowId,
        purpose: CodeFor,
        limit: u8,
    ) -> Result<Option<Challenge>> {
        let row: Option<(Option<Vec<u8>>, Option<Vec<u8>>, i64)> = sqlx::query_as(
            "UPDATE challenges SET tries = tries + 1
             WHERE flow_id = ? AND purpose = ? AND tries < ? AND spent_at IS NULL
             RETURNING code_digest, account_id, expires_at",
        )
        .bind(flow.0.as_slice())
        .bind(purpose.as_str())
        .bind(limit)
        .fetch_optional(&self.writer)
        .await?;
        row.map(|(code, account, expires_at)| {
            Ok(Challenge {
                code: code.as_deref().map(digest).transpose()?,
                account: account.as_deref().map(id).transpose()?.map(AccountId),
                expires_at: time(expires_at)?,
            })
        })
        .transpose()
    }

    async fn invitation(&self, code: &Digest) -> Result<Option<FoundInvitation>> {
        let row: Option<(Vec<u8>, Vec<u8>, Option<Vec<u8>>, i64, bool, bool)> = sqlx::query_as(
            "SELECT id, patient_id, mailed_to, expires_at,
                    used_at IS NOT NULL, replaced_at IS NOT NULL
             FROM invitations WHERE code_digest = ?",
        )
        .bind(code.0.as_slice())
        .fetch_optional(&self.readers)
        .await?;
        row.map(
            |(invitation, patient, mailed_to, expires_at, is_used, is_replaced)| {
                Ok(FoundInvitation {
                    id: InvitationId(id(&invitation)?),
                    patient: PatientId(id(&patient)?),
                    mailed_to: mailed_to.map(Sealed),
                    expires_at: time(expires_at)?,
                    is_used,
                    is_replaced,
                })
            },
        )
        .transpose()
    }

    async fn try_invitation(
        &self,
        invitation: InvitationId,
        check: Check,
        limit: u8,
        now: Timestamp,
    ) -> Result<std::result::Result<(PatientId, Sealed), NoPatient>> {
        let statement = match check {
            Check::Identity => {
                "UPDATE invitations SET identity_tries = identity_tries + 1
                 WHERE id = ? AND identity_tries < ? AND expires_at > ?
                   AND used_at IS NULL AND replaced_at IS NULL
                 RETURNING patient_id, (SELECT sealed FROM patients WHERE id = patient_id)"
            }
            Check::Phone => {
                "UPDATE invitations SET phone_tries = phone_tries + 1
                 WHERE id = ? AND phone_tries < ? AND expires_at > ?
                   AND used_at IS NULL AND replaced_at IS NULL
                 RETURNING patient_id, (SELECT sealed FROM patients WHERE id = patient_id)"
            }
        };
        let row: Option<(Vec<u8>, Vec<u8>)> = sqlx::query_as(statement)
            .bind(invitation.0.as_slice())
            .bind(limit)
            .bind(millis(now))
            .fetch_optional(&self.writer)
            .await?;
        if let Some((patient, sealed)) = row {
            return Ok(Ok((PatientId(id(&patient)?), Sealed(sealed))));
        }
        let open: Option<(i64,)> = sqlx::query_as(
            "SELECT 1 FROM invitations
             WHERE id = ? AND expires_at > ? AND used_at IS NULL AND replaced_at IS NULL",
        )
        .bind(invitation.0.as_slice())
        .bind(millis(now))
        .fetch_optional(&self.readers)
        .await?;
        Ok(Err(match open {
            Some(_) => NoPatient::NoTryLeft,
            None => NoPatient::InvitationEnded,
        }))
    }

    async fn reveal_is_open(&self, token: &Digest, now: Timestamp) -> Result<bool> {
        let row: Option<(i64,)> = sqlx::query_as(
            "SELECT 1 FROM reveals WHERE token_digest = ? AND expires_at > ? AND spent_at IS NULL",
        )
        .bind(token.0.as_slice())
        .bind(millis(now))
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.is_some())
    }

    async fn spend_reveal(&self, token: &Digest, now: Timestamp) -> Result<Option<FoundAccount>> {
        let mut tx = self.begin().await?;
        let spent: Option<(Vec<u8>,)> = sqlx::query_as(
            "UPDATE reveals SET spent_at = ?
             WHERE token_digest = ? AND expires_at > ? AND spent_at IS NULL
             RETURNING account_id",
        )
        .bind(millis(now))
        .bind(token.0.as_slice())
        .bind(millis(now))
        .fetch_optional(&mut *tx)
        .await?;
        let Some((account,)) = spent else {
            return Ok(None);
        };
        let account = AccountId(id(&account)?);
        let entry = crate::audit::Entry {
            event: crate::audit::Event::UsernameShown,
            subject: account.0,
            actor: None,
        };
        write_audit(&mut tx, entry, now).await?;
        let found = super::jobs::account_by_id(&mut tx, account).await?;
        tx.commit().await?;
        Ok(found)
    }

    async fn forget_flows(&self, before: Timestamp) -> Result<u64> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM reveals WHERE expires_at < ?")
            .bind(millis(before))
            .execute(&mut *tx)
            .await?;
        let gone = sqlx::query("DELETE FROM flows WHERE expires_at < ?")
            .bind(millis(before))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }
}

/// A guard that named one row must have found it.
fn one(rows: u64) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

async fn apply(tx: &mut SqliteConnection, change: &Change, write: &Write) -> Result<()> {
    match write {
        Write::Challenge {
            purpose,
            job,
            expires_at,
            limit,
        } => {
            let asked = sqlx::query(
                "INSERT INTO challenges (flow_id, purpose, job_id, expires_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT (flow_id, purpose) DO UPDATE
                 SET job_id = excluded.job_id, expires_at = excluded.expires_at,
                     code_digest = NULL, account_id = NULL
                 WHERE tries < ?",
            )
            .bind(change.flow.0.as_slice())
            .bind(purpose.as_str())
            .bind(job.0.as_slice())
            .bind(millis(*expires_at))
            .bind(*limit)
            .execute(tx)
            .await?;
            if asked.rows_affected() == 0 {
                return Err(StoreError::NoTryLeft);
            }
        }
        Write::SpendChallenge(purpose) => {
            let spent = sqlx::query(
                "UPDATE challenges SET spent_at = ?
                 WHERE flow_id = ? AND purpose = ? AND spent_at IS NULL",
            )
            .bind(millis(change.at))
            .bind(change.flow.0.as_slice())
            .bind(purpose.as_str())
            .execute(tx)
            .await?;
            one(spent.rows_affected())?;
        }
        Write::Job(job) => super::jobs::insert(tx, job, change.at).await?,
        Write::GiveBackIdentityTry(invitation) => {
            sqlx::query(
                "UPDATE invitations SET identity_tries = identity_tries - 1
                 WHERE id = ? AND identity_tries > 0",
            )
            .bind(invitation.0.as_slice())
            .execute(tx)
            .await?;
        }
        Write::UseInvitation(invitation) => {
            let used = sqlx::query(
                "UPDATE invitations SET used_at = ?
                 WHERE id = ? AND expires_at > ? AND used_at IS NULL AND replaced_at IS NULL",
            )
            .bind(millis(change.at))
            .bind(invitation.0.as_slice())
            .bind(millis(change.at))
            .execute(tx)
            .await?;
            if used.rows_affected() == 0 {
                return Err(StoreError::InvitationEnded);
            }
        }
        Write::Account(account) => insert_account(tx, account, change.at).await?,
        Write::Password { account, hash } => {
            let changed = sqlx::query("UPDATE accounts SET password = ? WHERE id = ?")
                .bind(hash.as_str())
                .bind(account.0.as_slice())
                .execute(&mut *tx)
                .await?;
            one(changed.rows_affected())?;
            let subject = change.subject.as_ref().map(|subject| subject.0.as_slice());
            sqlx::query(
                "UPDATE flows SET ended_at = ?
                 WHERE subject_key = ? AND id <> ? AND ended_at IS NULL",
            )
            .bind(millis(change.at))
            .bind(subject)
            .bind(change.flow.0.as_slice())
            .execute(tx)
            .await?;
        }
        Write::Audit(entry) => write_audit(tx, *entry, change.at).await?,
    }
    Ok(())
}

async fn insert_account(
    tx: &mut SqliteConnection,
    account: &AccountRow,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO accounts (id, patient_id, username_key, email_key, sealed, password, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(account.id.0.as_slice())
    .bind(account.patient.0.as_slice())
    .bind(account.username.0.as_slice())
    .bind(account.email.0.as_slice())
    .bind(&account.sealed.0)
    .bind(account.hash.as_str())
    .bind(millis(at))
    .execute(tx)
    .await?;
    Ok(())
}
