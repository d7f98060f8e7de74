//! Passwords that are tried, and sessions, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{execute, exists, optional};
use super::{SqliteStore, audit, connections, flows, jobs, limits};
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
impl Sessions for SqliteStore {
    async fn try_password(&self, guess: PasswordGuess) -> Result<TriedPassword> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| try_password(on, &chain, &guess))
            .await
    }

    async fn give_back(&self, charges: Vec<Charge>) -> Result<()> {
        self.writer
            .write(move |on| limits::give_back(on, &charges))
            .await
    }

    async fn session(&self, shown: Shown) -> Result<Option<FoundSession>> {
        let row = self.readers.optional(
            "SELECT s.begun_at, s.seen_at, s.expires_at, a.id, a.sealed, p.id, p.sealed
             FROM sessions s JOIN accounts a ON a.id = s.account_id
             JOIN patients p ON p.id = a.patient_id
             WHERE s.token_digest = ?1 AND s.expires_at > ?2 AND s.seen_at > ?3",
            living(&shown),
        );
        row.await?.map(rows::session).transpose()
    }

    async fn see_session(&self, shown: Shown) -> Result<()> {
        self.writer
            .write(move |on| {
                execute(
                    on,
                    "UPDATE sessions SET seen_at = max(seen_at, ?2)
                     WHERE token_digest = ?1 AND expires_at > ?2 AND seen_at > ?3",
                    living(&shown),
                )?;
                Ok(())
            })
            .await
    }

    async fn end_session(&self, shown: Shown, everywhere: bool) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| end(on, &chain, &shown, everywhere))
            .await
    }
}

/// The token, the time, and since when a living session must have been seen.
pub(super) fn living(shown: &Shown) -> ([u8; 32], i64, i64) {
    let since = shown.at - shown.idle;
    (shown.token.0, millis(shown.at), millis(since))
}

fn try_password(on: &Connection, chain: &Chain, guess: &PasswordGuess) -> Result<TriedPassword> {
    let guessing = Guessing::Password;
    let mut is_last_try = false;
    if let Some((session, most)) = &guess.session {
        let counted = limits::guess(on, guessing, session, guess.at)?;
        if counted.failures > u32::from(*most) {
            return Err(StoreError::NoTryLeft);
        }
        is_last_try = counted.failures == u32::from(*most);
    }
    let row = limits::guess(on, guessing, &guess.ladder, guess.at)?;
    let is_told = limits::charge_together(on, &guess.telling, guess.at)?;
    let account = optional(
        on,
        "SELECT id, password_no, password FROM accounts
         WHERE username_key = ?1 AND deactivated_at IS NULL",
        (guess.username.0,),
    )?;
    let known = account.map(rows::password).transpose()?;
    if row.is_first && row.is_stopped() {
        jobs::insert(on, &guess.letter, guess.at)?;
    }
    let spent = is_last_try.then_some(Event::ConfirmTriesSpent);
    for event in spent.into_iter().chain(row.event(guessing)) {
        let whom = known.as_ref().map(|(passed, _)| passed.account.0);
        let entry = Entry::about(event, whom.unwrap_or(guess.flow.0));
        audit::append(on, chain, entry, guess.at)?;
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
pub(super) fn insert(on: &Connection, session: &NewSession, at: Timestamp) -> Result<()> {
    if let Some(earlier) = session.earlier {
        execute(
            on,
            "DELETE FROM sessions WHERE token_digest = ?1",
            (earlier.0,),
        )?;
    }
    let begun = execute(
        on,
        "INSERT INTO sessions (token_digest, account_id, begun_at, seen_at, expires_at)
         SELECT ?1, id, ?2, ?2, ?3 FROM accounts
         WHERE id = ?4 AND password_no = ?5 AND deactivated_at IS NULL",
        (
            session.token.0,
            millis(at),
            millis(session.expires_at),
            session.passed.account.0,
            session.passed.password_no,
        ),
    )?;
    if begun == 0 {
        return Err(StoreError::PasswordChanged);
    }
    Ok(())
}

/// Replaces what is sealed of an account. In the statement itself stands all that it takes:
/// a reset, a sign-out or another change may have come between.
pub(super) fn change_contact(on: &Connection, contact: &NewContact, change: &Change) -> Result<()> {
    let Held {
        passed,
        session,
        before,
    } = &contact.held;
    let account = passed.account;
    let (token, at, since) = living(session);
    let changed = execute(
        on,
        "UPDATE accounts SET sealed = ?1, email_key = ?2
         WHERE id = ?3 AND password_no = ?4 AND sealed = ?5 AND EXISTS (
             SELECT 1 FROM sessions WHERE token_digest = ?6 AND account_id = ?3
                 AND expires_at > ?7 AND seen_at > ?8)",
        (
            &contact.after.0,
            contact.email.0,
            account.0,
            passed.password_no,
            &before.0,
            token,
            at,
            since,
        ),
    )?;
    if changed == 0 {
        return Err(why_not(on, session)?);
    }
    execute(
        on,
        "DELETE FROM sessions WHERE account_id = ?1 AND token_digest <> ?2",
        (account.0, token),
    )?;
    flows::void_codes(on, account)?;
    flows::end_others(on, change)
}

/// Deactivates an account. It takes as much as a change of its contact, in the statement
/// itself, too. What was sealed of it, and its password, are gone with the same statement; the
/// email that its invitation was mailed to, with the next.
pub(super) fn deactivate(on: &Connection, held: &Held, change: &Change) -> Result<()> {
    let account = held.passed.account;
    let (token, at, since) = living(&held.session);
    let deactivated = execute(
        on,
        "UPDATE accounts
         SET deactivated_at = ?1, sealed = NULL, email_key = NULL, password = NULL
         WHERE id = ?2 AND password_no = ?3 AND sealed = ?4 AND EXISTS (
             SELECT 1 FROM sessions WHERE token_digest = ?5 AND account_id = ?2
                 AND expires_at > ?6 AND seen_at > ?7)",
        (
            millis(change.at),
            account.0,
            held.passed.password_no,
            &held.before.0,
            token,
            at,
            since,
        ),
    )?;
    if deactivated == 0 {
        return Err(why_not(on, &held.session)?);
    }
    execute(
        on,
        "UPDATE invitations SET mailed_to = NULL
         WHERE patient_id = (SELECT patient_id FROM accounts WHERE id = ?1)",
        (account.0,),
    )?;
    connections::end_all(on, account, change.at)?;
    // Links that were mailed stop working with the email.
    end_all(on, account)?;
    flows::void_codes(on, account)?;
    flows::end_others(on, change)
}

/// Why whoever shows a session could not change their account.
fn why_not(on: &Connection, session: &Shown) -> Result<StoreError> {
    let lives = "SELECT 1 FROM sessions
         WHERE token_digest = ?1 AND expires_at > ?2 AND seen_at > ?3";
    Ok(if exists(on, lives, living(session))? {
        StoreError::Conflict
    } else {
        StoreError::SignedOut
    })
}

/// Ends every session of an account.
pub(super) fn end_all(on: &Connection, account: AccountId) -> Result<()> {
    execute(
        on,
        "DELETE FROM sessions WHERE account_id = ?1",
        (account.0,),
    )?;
    Ok(())
}

/// Ends every session of the accounts of a patient.
pub(super) fn end_all_of(on: &Connection, patient: PatientId) -> Result<()> {
    execute(
        on,
        "DELETE FROM sessions
         WHERE account_id IN (SELECT id FROM accounts WHERE patient_id = ?1)",
        (patient.0,),
    )?;
    Ok(())
}

/// Of two that have made one anew, the first is kept; both are of the same password.
pub(super) fn better_hash(on: &Connection, better: &BetterHash) -> Result<()> {
    execute(
        on,
        "UPDATE accounts SET password = ?1 WHERE id = ?2 AND password = ?3",
        (better.new.as_str(), better.account.0, better.old.as_str()),
    )?;
    Ok(())
}

fn end(on: &Connection, chain: &Chain, shown: &Shown, everywhere: bool) -> Result<bool> {
    let ended = optional(
        on,
        "DELETE FROM sessions WHERE token_digest = ?1 AND expires_at > ?2 AND seen_at > ?3
         RETURNING account_id",
        living(shown),
    )?;
    let Some(account) = ended.map(rows::account_id).transpose()? else {
        return Ok(false);
    };
    let event = if everywhere {
        end_all(on, account)?;
        Event::SignedOutEverywhere
    } else {
        Event::SignedOut
    };
    audit::append(on, chain, Entry::about(event, account.0), shown.at)?;
    Ok(true)
}
