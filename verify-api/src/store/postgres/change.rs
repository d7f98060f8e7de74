//! One step of a flow, with all that belongs to it.

use jiff::Timestamp;
use sqlx::PgConnection;

use super::audit::append;
use crate::audit::Chain;
use crate::flow::{self, Passed};
use crate::store::rows::{millis, one};
use crate::store::{AccountRow, Change, Held, NewContact, NewSession, Result, StoreError, Write};

/// Makes a change; the caller's transaction makes it whole. Whoever changes the
/// password, phone or email of the same account, ends it, or signs in to it, waits before either has touched a
/// flow, and the audit trail comes last.
pub(super) async fn make(on: &mut PgConnection, chain: &Chain, change: &Change) -> Result<()> {
    lock(on, change).await?;
    let moved = sqlx::query(
        "UPDATE flows SET sealed = $1, version = version + 1, subject_key = $2, expires_at = $3
         WHERE id = $4 AND version = $5 AND ended_at IS NULL AND created_at > $6",
    )
    .bind(&change.state.0)
    .bind(change.subject.as_ref().map(|subject| subject.0.as_slice()))
    .bind(millis(change.expires_at))
    .bind(change.flow.0.as_slice())
    .bind(change.version)
    .bind(millis(change.at - flow::LIFETIME))
    .execute(&mut *on)
    .await?;
    one(moved.rows_affected())?;
    let (audit, other): (Vec<_>, Vec<_>) =
        (change.writes.iter()).partition(|write| matches!(write, Write::Audit(_)));
    for write in other {
        apply(on, chain, change, write).await?;
    }
    super::limits::charge(on, &change.charges, change.at).await?;
    for write in audit {
        apply(on, chain, change, write).await?;
    }
    Ok(())
}

/// Waits for whoever is changing the same patient or account.
async fn lock(on: &mut PgConnection, change: &Change) -> Result<()> {
    for write in &change.writes {
        let (statement, id) = match write {
            Write::Account(account) => (
                "SELECT 1 FROM patients WHERE id = $1 FOR UPDATE",
                account.patient.0,
            ),
            Write::Password { account, .. }
            | Write::Contact(NewContact {
                held:
                    Held {
                        passed: Passed { account, .. },
                        ..
                    },
                ..
            })
            | Write::Deactivation(Held {
                passed: Passed { account, .. },
                ..
            })
            | Write::Session(NewSession {
                passed: Passed { account, .. },
                ..
            }) => ("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE", account.0),
            _ => continue,
        };
        sqlx::query(statement)
            .bind(id.as_slice())
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

async fn apply(tx: &mut PgConnection, chain: &Chain, change: &Change, write: &Write) -> Result<()> {
    match write {
        Write::Challenge {
            purpose,
            job,
            patient,
            expires_at,
            limit,
        } => {
            let asked = sqlx::query(
                "INSERT INTO challenges (flow_id, purpose, job_id, expires_at, patient_id)
                 VALUES ($1, $2, $3, $4, $6)
                 ON CONFLICT (flow_id, purpose) DO UPDATE
                 SET job_id = excluded.job_id, expires_at = excluded.expires_at,
                     code_digest = NULL, account_id = NULL
                 WHERE challenges.tries < $5 AND challenges.spent_at IS NULL",
            )
            .bind(change.flow.0.as_slice())
            .bind(purpose.as_str())
            .bind(job.0.as_slice())
            .bind(millis(*expires_at))
            .bind(i64::from(*limit))
            .bind(patient.map(|patient| patient.0.to_vec()))
            .execute(tx)
            .await?;
            if asked.rows_affected() == 0 {
                return Err(StoreError::NoTryLeft);
            }
        }
        Write::SpendChallenge(purpose) => {
            let spent = sqlx::query(
                "UPDATE challenges SET spent_at = $1
                 WHERE flow_id = $2 AND purpose = $3 AND spent_at IS NULL
                   AND code_digest IS NOT NULL",
            )
            .bind(millis(change.at))
            .bind(change.flow.0.as_slice())
            .bind(purpose.as_str())
            .execute(tx)
            .await?;
            one(spent.rows_affected())?;
        }
        Write::EndLadder(subject) => super::limits::end_ladder(tx, subject).await?,
        Write::GiveBack(charges) => super::limits::give_back(tx, charges).await?,
        Write::Job(job) => super::jobs::insert(tx, job, change.at).await?,
        Write::GiveBackIdentityTry(invitation) => {
            sqlx::query(
                "UPDATE invitations SET identity_tries = identity_tries - 1
                 WHERE id = $1 AND identity_tries > 0",
            )
            .bind(invitation.0.as_slice())
            .execute(tx)
            .await?;
        }
        Write::UseInvitation(invitation) => {
            let used = sqlx::query(
                "UPDATE invitations SET used_at = $1
                 WHERE id = $2 AND expires_at > $3 AND used_at IS NULL AND replaced_at IS NULL",
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
            let changed = sqlx::query(
                "UPDATE accounts SET password = $1, password_no = password_no + 1
                 WHERE id = $2 AND deactivated_at IS NULL",
            )
            .bind(hash.as_str())
            .bind(account.0.as_slice())
            .execute(&mut *tx)
            .await?;
            one(changed.rows_affected())?;
            super::sessions::end_all(tx, *account).await?;
            // Before the flows: a link that is being spent has made its flow by then.
            super::limits::end_reset_links(tx, *account, change.at).await?;
            super::flows::hold_others(tx, change).await?;
            // Before they end: one that proves its code meanwhile is among them then.
            super::flows::void_codes(tx, *account).await?;
            super::flows::end_others(tx, change).await?;
        }
        Write::Contact(contact) => super::sessions::change_contact(tx, contact, change).await?,
        Write::Deactivation(held) => super::sessions::deactivate(tx, held, change).await?,
        Write::Session(session) => super::sessions::insert(tx, session, change.at).await?,
        Write::BetterHash(better) => super::sessions::better_hash(tx, better).await?,
        Write::Audit(entry) => append(tx, chain, *entry, change.at).await?,
    }
    Ok(())
}

async fn insert_account(tx: &mut PgConnection, account: &AccountRow, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO accounts (id, patient_id, username_key, email_key, sealed, password, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
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
