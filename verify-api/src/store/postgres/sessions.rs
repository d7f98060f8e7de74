//! Passwords that are tried, and sessions, on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::{PgStore, connections, flows, jobs, limits};
use crate::account::AccountId;
use crate::audit::{Chain, Entry, Event};
use crate::limits::Charge;
use crate::limits::ladder::Guessing;
use crate::patient::PatientId;
use crate::store::rows::{self, millis};
use crate::store::{
    BetterHash, Change, FoundSession, Held, NewContact, NewSession, PasswordGuess, Result,
    Sessions, Shown, StoreError, TriedPassword,
};

#[async_trait]
impl Sessions for PgStore {
    async fn try_password(&self, guess: PasswordGuess) -> Result<TriedPassword> {
        let mut tx = self.begin().await?;
        let tried = try_password(&mut tx, &self.chain, &guess).await?;
        tx.commit().await?;
        Ok(tried)
    }

    async fn give_back(&self, charges: Vec<Charge>) -> Result<()> {
        let mut on = self.pool.acquire().await?;
        limits::give_back(&mut on, &charges).await
    }

    async fn session(&self, shown: Shown) -> Result<Option<FoundSession>> {
        let row = sqlx::query_as(
            "SELECT s.begun_at, s.seen_at, s.expires_at, a.id, a.sealed, p.id, p.sealed
             FROM sessions s JOIN accounts a ON a.id = s.account_id
             JOIN patients p ON p.id = a.patient_id
             WHERE s.token_digest = $1 AND s.expires_at > $2 AND s.seen_at > $3",
        )
        .bind(shown.token.0.as_slice())
        .bind(millis(shown.at))
        .bind(seen_since(&shown))
        .fetch_optional(&self.pool)
        .await?;
        row.map(rows::session).transpose()
    }

    async fn see_session(&self, shown: Shown) -> Result<()> {
        sqlx::query(
            "UPDATE sessions SET seen_at = greatest(seen_at, $2)
             WHERE token_digest = $1 AND expires_at > $2 AND seen_at > $3",
        )
        .bind(shown.token.0.as_slice())
        .bind(millis(shown.at))
        .bind(seen_since(&shown))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn end_session(&self, shown: Shown, everywhere: bool) -> Result<bool> {
        let mut tx = self.begin().await?;
        let ended = end(&mut tx, &self.chain, &shown, everywhere).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

/// Since when a living session must have been seen.
pub(super) fn seen_since(shown: &Shown) -> i64 {
    millis(shown.at - shown.idle)
}

async fn try_password(
    on: &mut PgConnection,
    chain: &Chain,
    guess: &PasswordGuess,
) -> Result<TriedPassword> {
    let guessing = Guessing::Password;
    let mut is_last_try = false;
    if let Some((session, most)) = &guess.session {
        let counted = limits::guess(on, guessing, session, guess.at).await?;
        if counted.failures > u32::from(*most) {
            return Err(StoreError::NoTryLeft);
        }
        is_last_try = counted.failures == u32::from(*most);
    }
    let row = limits::guess(on, guessing, &guess.ladder, guess.at).await?;
    let is_told = limits::charge_together(on, &guess.telling, guess.at).await?;
    let account = sqlx::query_as(
        "SELECT id, password_no, password FROM accounts
         WHERE username_key = $1 AND deactivated_at IS NULL",
    )
    .bind(guess.username.0.as_slice())
    .fetch_optional(&mut *on)
    .await?;
    let known = account.map(rows::password).transpose()?;
    if row.is_first && row.is_stopped() {
        jobs::insert(on, &guess.letter, guess.at).await?;
    }
    let spent = is_last_try.then_some(Event::ConfirmTriesSpent);
    for event in spent.into_iter().chain(row.event(guessing)) {
        let whom = known.as_ref().map(|(passed, _)| passed.account.0);
        let entry = Entry::about(event, whom.unwrap_or(guess.flow.0));
        super::audit::append(on, chain, entry, guess.at).await?;
    }
    Ok(TriedPassword {
        row,
        is_last_try,
        is_told,
        known,
    })
}

/// Begins a session. In the statement itself stands that the password is still the one
/// that was right: a reset may have come between.
pub(super) async fn insert(
    on: &mut PgConnection,
    session: &NewSession,
    at: Timestamp,
) -> Result<()> {
    if let Some(earlier) = session.earlier {
        sqlx::query("DELETE FROM sessions WHERE token_digest = $1")
            .bind(earlier.0.as_slice())
            .execute(&mut *on)
            .await?;
    }
    let begun = sqlx::query(
        "INSERT INTO sessions (token_digest, account_id, begun_at, seen_at, expires_at)
         SELECT $1, id, $2, $2, $3 FROM accounts
         WHERE id = $4 AND password_no = $5 AND deactivated_at IS NULL",
    )
    .bind(session.token.0.as_slice())
    .bind(millis(at))
    .bind(millis(session.expires_at))
    .bind(session.passed.account.0.as_slice())
    .bind(session.passed.password_no)
    .execute(on)
    .await?;
    if begun.rows_affected() == 0 {
        return Err(StoreError::PasswordChanged);
    }
    Ok(())
}

/// Replaces what is sealed of an account. In the statement itself stands all that it takes:
/// a reset, a sign-out or another change may have come between.
pub(super) async fn change_contact(
    on: &mut PgConnection,
    contact: &NewContact,
    change: &Change,
) -> Result<()> {
    let Held {
        passed,
        session: shown,
        before,
    } = &contact.held;
    let account = passed.account;
    let changed = sqlx::query(
        "UPDATE accounts SET sealed = $1, email_key = $2
         WHERE id = $3 AND password_no = $4 AND sealed = $5 AND EXISTS (
             SELECT 1 FROM sessions WHERE token_digest = $6 AND account_id = $3
                 AND expires_at > $7 AND seen_at > $8)",
    )
    .bind(&contact.after.0)
    .bind(contact.email.0.as_slice())
    .bind(account.0.as_slice())
    .bind(passed.password_no)
    .bind(&before.0)
    .bind(shown.token.0.as_slice())
    .bind(millis(shown.at))
    .bind(seen_since(shown))
    .execute(&mut *on)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(why_not(on, shown).await?);
    }
    sqlx::query("DELETE FROM sessions WHERE account_id = $1 AND token_digest <> $2")
        .bind(account.0.as_slice())
        .bind(shown.token.0.as_slice())
        .execute(&mut *on)
        .await?;
    flows::hold_others(on, change).await?;
    flows::void_codes(on, account).await?;
    flows::end_others(on, change).await
}

/// Deactivates an account. It takes as much as a change of its contact, in the statement
/// itself, too. What was sealed of it, and its password, are gone with the same statement; the
/// email that its invitation was mailed to, with the next.
pub(super) async fn deactivate(on: &mut PgConnection, held: &Held, change: &Change) -> Result<()> {
    let account = held.passed.account;
    let deactivated = sqlx::query(
        "UPDATE accounts
         SET deactivated_at = $1, sealed = NULL, email_key = NULL, password = NULL
         WHERE id = $2 AND password_no = $3 AND sealed = $4 AND EXISTS (
             SELECT 1 FROM sessions WHERE token_digest = $5 AND account_id = $2
                 AND expires_at > $6 AND seen_at > $7)",
    )
    .bind(millis(change.at))
    .bind(account.0.as_slice())
    .bind(held.passed.password_no)
    .bind(&held.before.0)
    .bind(held.session.token.0.as_slice())
    .bind(millis(held.session.at))
    .bind(seen_since(&held.session))
    .execute(&mut *on)
    .await?;
    if deactivated.rows_affected() == 0 {
        return Err(why_not(on, &held.session).await?);
    }
    sqlx::query(
        "UPDATE invitations SET mailed_to = NULL
         WHERE patient_id = (SELECT patient_id FROM accounts WHERE id = $1)",
    )
    .bind(account.0.as_slice())
    .execute(&mut *on)
    .await?;
    connections::end_all(on, account, change.at).await?;
    // Links that were mailed stop working with the email.
    end_all(on, account).await?;
    flows::hold_others(on, change).await?;
    flows::void_codes(on, account).await?;
    flows::end_others(on, change).await
}

/// Why whoever shows a session could not change their account.
async fn why_not(on: &mut PgConnection, shown: &Shown) -> Result<StoreError> {
    let lives: Option<(i32,)> = sqlx::query_as(
        "SELECT 1 FROM sessions WHERE token_digest = $1 AND expires_at > $2 AND seen_at > $3",
    )
    .bind(shown.token.0.as_slice())
    .bind(millis(shown.at))
    .bind(seen_since(shown))
    .fetch_optional(on)
    .await?;
    Ok(if lives.is_some() {
        StoreError::Conflict
    } else {
        StoreError::SignedOut
    })
}

/// Ends every session of an account.
pub(super) async fn end_all(on: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE account_id = $1")
        .bind(account.0.as_slice())
        .execute(on)
        .await?;
    Ok(())
}

/// Ends every session of the accounts of a patient.
pub(super) async fn end_all_of(on: &mut PgConnection, patient: PatientId) -> Result<()> {
    sqlx::query(
        "DELETE FROM sessions
         WHERE account_id IN (SELECT id FROM accounts WHERE patient_id = $1)",
    )
    .bind(patient.0.as_slice())
    .execute(on)
    .await?;
    Ok(())
}

/// Of two that have made one anew, the first is kept; both are of the same password.
pub(super) async fn better_hash(on: &mut PgConnection, better: &BetterHash) -> Result<()> {
    sqlx::query("UPDATE accounts SET password = $1 WHERE id = $2 AND password = $3")
        .bind(better.new.as_str())
        .bind(better.account.0.as_slice())
        .bind(better.old.as_str())
        .execute(on)
        .await?;
    Ok(())
}

/// The account is locked before its sessions: two that end all of them at once must not
/// wait for each other.
async fn end(
    on: &mut PgConnection,
    chain: &Chain,
    shown: &Shown,
    everywhere: bool,
) -> Result<bool> {
    if everywhere {
        sqlx::query(
            "SELECT 1 FROM accounts WHERE id IN
                 (SELECT account_id FROM sessions WHERE token_digest = $1) FOR UPDATE",
        )
        .bind(shown.token.0.as_slice())
        .execute(&mut *on)
        .await?;
    }
    let ended = sqlx::query_as(
        "DELETE FROM sessions WHERE token_digest = $1 AND expires_at > $2 AND seen_at > $3
         RETURNING account_id",
    )
    .bind(shown.token.0.as_slice())
    .bind(millis(shown.at))
    .bind(seen_since(shown))
    .fetch_optional(&mut *on)
    .await?;
    let Some(account) = ended.map(rows::account_id).transpose()? else {
        return Ok(false);
    };
    let event = if everywhere {
        end_all(on, account).await?;
        Event::SignedOutEverywhere
    } else {
        Event::SignedOut
    };
    super::audit::append(on, chain, Entry::about(event, account.0), shown.at).await?;
    Ok(true)
}
