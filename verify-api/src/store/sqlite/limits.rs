//! Budgets, rows of wrong codes, and the links that lead past both.

use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{execute, one, optional};
use crate::account::AccountId;
use crate::audit::{Chain, Entry};
use crate::crypto::Digest;
use crate::limits::ladder::{Counted, Guessing};
use crate::limits::{Charge, ladder};
use crate::store::rows::{self, millis, millis_of, wait};
use crate::store::visits;
use crate::store::{JobId, NewFlow, Result, StoreError};

/// Takes every charge, or says how long to wait; the caller's transaction takes
/// the others back then. No budget is charged twice.
pub(super) fn charge(on: &Connection, charges: &[Charge], now: Timestamp) -> Result<()> {
    for charge in charges {
        let taken = execute(
            on,
            "INSERT INTO budgets (key, whole_at) VALUES (?1, ?2 + ?3)
             ON CONFLICT (key) DO UPDATE SET whole_at = max(whole_at, ?2) + ?3
             WHERE max(whole_at, ?2) + ?3 <= ?2 + ?4",
            (
                charge.key.0,
                millis(now),
                millis_of(charge.cost),
                millis_of(charge.room),
            ),
        )?;
        if taken == 0 {
            let budget = one(
                on,
                "SELECT key, whole_at FROM budgets WHERE key = ?1",
                (charge.key.0,),
            )?;
            return Err(rows::over_budgets(&[charge], &[budget], now));
        }
    }
    Ok(())
}

/// Takes every charge or none, and goes on either way; whether they were taken.
pub(super) fn charge_together(on: &Connection, charges: &[Charge], now: Timestamp) -> Result<bool> {
    execute(on, "SAVEPOINT charges", ())?;
    let is_taken = match charge(on, charges, now) {
        Ok(()) => true,
        Err(StoreError::OverBudget { .. }) => {
            execute(on, "ROLLBACK TO charges", ())?;
            false
        }
        Err(error) => return Err(error),
    };
    execute(on, "RELEASE charges", ())?;
    Ok(is_taken)
}

/// Gives back what was taken; never more than a whole budget.
pub(super) fn give_back(on: &Connection, charges: &[Charge]) -> Result<()> {
    for charge in charges {
        execute(
            on,
            "UPDATE budgets SET whole_at = whole_at - ?2 WHERE key = ?1",
            (charge.key.0, millis_of(charge.cost)),
        )?;
    }
    Ok(())
}

/// Counts a guess as a failure in its row, or says why none is taken now, which of a hidden
/// row nobody is told.
///
/// Counted and judged by one statement; the row stays locked until the caller's
/// transaction ends, so that the wait which follows is set before anybody asks.
pub(super) fn guess(
    on: &Connection,
    guessing: Guessing,
    subject: &Digest,
    now: Timestamp,
) -> Result<Counted> {
    let counted: Option<(i64,)> = optional(
        on,
        "INSERT INTO ladders (subject_key, failures, wait_until, last_at) VALUES (?1, 1, 0, ?2)
         ON CONFLICT (subject_key) DO UPDATE SET failures = ladders.failures + 1, last_at = ?2
         WHERE ladders.wait_until <= ?2 AND ladders.failures < ?3
         RETURNING failures",
        (subject.0, millis(now), guessing.counted()),
    )?;
    let Some((failures,)) = counted else {
        let (failures, wait_until): (i64, i64) = one(
            on,
            "SELECT failures, wait_until FROM ladders WHERE subject_key = ?1",
            (subject.0,),
        )?;
        if guessing.is_hidden() {
            let failures = guessing.counted();
            return Ok(Counted {
                failures,
                is_first: false,
            });
        }
        return Err(if failures >= i64::from(ladder::STOP) {
            StoreError::GuessingStopped
        } else {
            let wait = wait(wait_until, now);
            StoreError::MustWait { wait }
        });
    };
    let failures = u32::try_from(failures).unwrap_or(u32::MAX);
    let wait = guessing.wait(failures);
    if wait.is_positive() {
        execute(
            on,
            "UPDATE ladders SET wait_until = ?1 WHERE subject_key = ?2",
            (millis(now) + millis_of(wait), subject.0),
        )?;
    }
    Ok(Counted {
        failures,
        is_first: true,
    })
}

/// Ends a row of failures: one was none, there is a new password, or the front desk has looked.
pub(super) fn end_ladder(on: &Connection, subject: &Digest) -> Result<()> {
    execute(
        on,
        "DELETE FROM ladders WHERE subject_key = ?1",
        (subject.0,),
    )?;
    Ok(())
}

/// Spends a link; see [`Flows::spend_reset_link`](crate::store::Flows::spend_reset_link).
pub(super) fn spend_reset_link(
    on: &Connection,
    chain: &Chain,
    token: &Digest,
    flow: &NewFlow,
    subject: &Digest,
    audit: Entry,
) -> Result<bool> {
    let now = flow.at;
    let spent = execute(
        on,
        "UPDATE reset_links SET spent_at = ?1
         WHERE token_digest = ?2 AND expires_at > ?1 AND spent_at IS NULL
           AND (account_id, email_key) IN (SELECT id, email_key FROM accounts)",
        (millis(now), token.0),
    )?;
    if spent == 0 {
        return Ok(false);
    }
    execute(
        on,
        "DELETE FROM ladders WHERE subject_key = ?1 AND failures < ?2",
        (subject.0, ladder::STOP),
    )?;
    super::flows::insert(on, flow)?;
    super::audit::append(on, chain, audit, now)?;
    Ok(true)
}

/// Ends every link of an account.
pub(super) fn end_reset_links(on: &Connection, account: AccountId, at: Timestamp) -> Result<()> {
    execute(
        on,
        "UPDATE reset_links SET spent_at = ?1 WHERE account_id = ?2 AND spent_at IS NULL",
        (millis(at), account.0),
    )?;
    Ok(())
}

/// Forgets what has no effect any more: budgets that were whole again before
/// `before`, links and sessions that ran out, and rows of failures that ended long ago.
pub(super) fn forget(on: &Connection, before: Timestamp) -> Result<()> {
    for (statement, before) in [
        ("DELETE FROM budgets WHERE whole_at < ?1", before),
        ("DELETE FROM reset_links WHERE expires_at < ?1", before),
        ("DELETE FROM sessions WHERE expires_at < ?1", before),
        ("DELETE FROM staff_links WHERE expires_at < ?1", before),
        ("DELETE FROM staff_sessions WHERE expires_at < ?1", before),
        (
            "DELETE FROM staff_visits WHERE begun_at < ?1",
            before - visits::KEPT,
        ),
        (
            "DELETE FROM ladders WHERE last_at < ?1",
            before - ladder::KEPT,
        ),
    ] {
        execute(on, statement, (millis(before),))?;
    }
    Ok(())
}

/// Takes what it costs to deliver a message, at its first try only.
pub(super) fn charge_job(
    on: &Connection,
    job: JobId,
    charges: &[Charge],
    now: Timestamp,
) -> Result<()> {
    let is_first = execute(
        on,
        "UPDATE outbox SET charged_at = ?1 WHERE id = ?2 AND charged_at IS NULL",
        (millis(now), job.0),
    )?;
    if is_first == 0 {
        return Ok(());
    }
    charge(on, charges, now)
}
