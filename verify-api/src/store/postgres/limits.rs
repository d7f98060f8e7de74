//! Budgets, rows of wrong codes, and the links that lead past both.

use jiff::Timestamp;
use sqlx::{Connection as _, PgConnection};

use crate::account::AccountId;
use crate::audit::{Chain, Entry};
use crate::crypto::Digest;
use crate::limits::ladder::{Counted, Guessing};
use crate::limits::{Charge, ladder};
use crate::store::rows::{self, millis, millis_of, wait};
use crate::store::visits;
use crate::store::{FoundAccount, JobId, NewFlow, Result, StoreError};

/// Takes every charge, or says how long to wait; the caller's transaction takes
/// the others back then. No budget is charged twice.
pub(super) async fn charge(
    on: &mut PgConnection,
    charges: &[Charge],
    now: Timestamp,
) -> Result<()> {
    if charges.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = charges.iter().map(|charge| charge.key.0.to_vec()).collect();
    let costs: Vec<_> = charges
        .iter()
        .map(|charge| millis_of(charge.cost))
        .collect();
    let rooms: Vec<_> = charges
        .iter()
        .map(|charge| millis_of(charge.room))
        .collect();
    // Rows are locked in the order of the list, which is the same for everybody. Where
    // one is known to be over, none is: whoever has used up a budget of their own must
    // not make others wait for those of everybody.
    let taken: Vec<Vec<u8>> = sqlx::query_scalar(
        "WITH charges AS (
             SELECT * FROM unnest($2::bytea[], $3::bigint[], $4::bigint[])
             WITH ORDINALITY AS c (key, cost, room, place))
         INSERT INTO budgets (key, whole_at) SELECT key, $1 + cost FROM charges
         WHERE NOT EXISTS (
             SELECT 1 FROM charges c JOIN budgets b USING (key)
             WHERE greatest(b.whole_at, $1) + c.cost > $1 + c.room)
         ORDER BY place
         ON CONFLICT (key) DO UPDATE SET whole_at =
             (SELECT greatest(budgets.whole_at, $1) + cost FROM charges WHERE key = excluded.key)
         WHERE (SELECT greatest(budgets.whole_at, $1) + cost <= $1 + room
                FROM charges WHERE key = excluded.key)
         RETURNING key",
    )
    .bind(millis(now))
    .bind(keys)
    .bind(costs)
    .bind(rooms)
    .fetch_all(&mut *on)
    .await?;
    let not_taken = rows::not_taken(charges, taken);
    if not_taken.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = not_taken.iter().map(|over| over.key.0.to_vec()).collect();
    let budgets: Vec<(Vec<u8>, i64)> =
        sqlx::query_as("SELECT key, whole_at FROM budgets WHERE key = ANY($1)")
            .bind(keys)
            .fetch_all(on)
            .await?;
    Err(rows::over_budgets(&not_taken, &budgets, now))
}

/// Takes every charge or none, and goes on either way; whether they were taken.
pub(super) async fn charge_together(
    on: &mut PgConnection,
    charges: &[Charge],
    now: Timestamp,
) -> Result<bool> {
    let mut inner = on.begin().await?;
    match charge(&mut inner, charges, now).await {
        Ok(()) => {
            inner.commit().await?;
            Ok(true)
        }
        Err(StoreError::OverBudget { .. }) => {
            inner.rollback().await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Gives back what was taken; never more than a whole budget.
pub(super) async fn give_back(on: &mut PgConnection, charges: &[Charge]) -> Result<()> {
    for charge in charges {
        sqlx::query("UPDATE budgets SET whole_at = whole_at - $2 WHERE key = $1")
            .bind(charge.key.0.as_slice())
            .bind(millis_of(charge.cost))
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

/// Counts a guess as a failure in its row, or says why none is taken now, which of a hidden
/// row nobody is told.
///
/// Counted and judged by one statement; the row stays locked until the caller's
/// transaction ends, so that the wait which follows is set before anybody asks.
pub(super) async fn guess(
    on: &mut PgConnection,
    guessing: Guessing,
    subject: &Digest,
    now: Timestamp,
) -> Result<Counted> {
    let counted: Option<i64> = sqlx::query_scalar(
        "INSERT INTO ladders (subject_key, failures, wait_until, last_at) VALUES ($1, 1, 0, $2)
         ON CONFLICT (subject_key) DO UPDATE SET failures = ladders.failures + 1, last_at = $2
         WHERE ladders.wait_until <= $2 AND ladders.failures < $3
         RETURNING failures",
    )
    .bind(subject.0.as_slice())
    .bind(millis(now))
    .bind(i64::from(guessing.counted()))
    .fetch_optional(&mut *on)
    .await?;
    let Some(failures) = counted else {
        let (failures, wait_until): (i64, i64) =
            sqlx::query_as("SELECT failures, wait_until FROM ladders WHERE subject_key = $1")
                .bind(subject.0.as_slice())
                .fetch_one(on)
                .await?;
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
        sqlx::query("UPDATE ladders SET wait_until = $1 WHERE subject_key = $2")
            .bind(millis(now) + millis_of(wait))
            .bind(subject.0.as_slice())
            .execute(on)
            .await?;
    }
    Ok(Counted {
        failures,
        is_first: true,
    })
}

/// Ends a row of failures: one was none, there is a new password, or the front desk has looked.
pub(super) async fn end_ladder(on: &mut PgConnection, subject: &Digest) -> Result<()> {
    sqlx::query("DELETE FROM ladders WHERE subject_key = $1")
        .bind(subject.0.as_slice())
        .execute(on)
        .await?;
    Ok(())
}

/// The account of an open link; see [`Flows::reset_link`](crate::store::Flows::reset_link).
pub(super) async fn reset_link(
    on: &mut PgConnection,
    token: &Digest,
    now: Timestamp,
) -> Result<Option<FoundAccount>> {
    let row = sqlx::query_as(
        "SELECT a.id, a.sealed, p.id, p.sealed
         FROM reset_links l JOIN accounts a ON a.id = l.account_id
         JOIN patients p ON p.id = a.patient_id
         WHERE l.token_digest = $1 AND l.expires_at > $2 AND l.spent_at IS NULL
           AND a.email_key = l.email_key",
    )
    .bind(token.0.as_slice())
    .bind(millis(now))
    .fetch_optional(on)
    .await?;
    row.map(rows::account).transpose()
}

/// Spends a link; see [`Flows::spend_reset_link`](crate::store::Flows::spend_reset_link).
pub(super) async fn spend_reset_link(
    on: &mut PgConnection,
    chain: &Chain,
    token: &Digest,
    flow: NewFlow,
    subject: &Digest,
    audit: Entry,
) -> Result<bool> {
    let now = flow.at;
    let spent = sqlx::query(
        "UPDATE reset_links SET spent_at = $1
         WHERE token_digest = $2 AND expires_at > $1 AND spent_at IS NULL
           AND (account_id, email_key) IN (SELECT id, email_key FROM accounts)",
    )
    .bind(millis(now))
    .bind(token.0.as_slice())
    .execute(&mut *on)
    .await?;
    if spent.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM ladders WHERE subject_key = $1 AND failures < $2")
        .bind(subject.0.as_slice())
        .bind(i64::from(ladder::STOP))
        .execute(&mut *on)
        .await?;
    super::flows::insert(on, flow).await?;
    super::audit::append(on, chain, audit, now).await?;
    Ok(true)
}

/// Ends every link of an account.
pub(super) async fn end_reset_links(
    on: &mut PgConnection,
    account: AccountId,
    at: Timestamp,
) -> Result<()> {
    sqlx::query("UPDATE reset_links SET spent_at = $1 WHERE account_id = $2 AND spent_at IS NULL")
        .bind(millis(at))
        .bind(account.0.as_slice())
        .execute(on)
        .await?;
    Ok(())
}

/// Forgets what has no effect any more: budgets that were whole again before
/// `before`, links and sessions that ran out, and rows of failures that ended long ago.
pub(super) async fn forget(on: &mut PgConnection, before: Timestamp) -> Result<()> {
    for (statement, before) in [
        // What somebody is charged at the moment is left: the rows of a list of charges are
        // locked in another order than they stand in.
        (
            "DELETE FROM budgets WHERE key IN
                 (SELECT key FROM budgets WHERE whole_at < $1 FOR UPDATE SKIP LOCKED)",
            before,
        ),
        ("DELETE FROM reset_links WHERE expires_at < $1", before),
        ("DELETE FROM sessions WHERE expires_at < $1", before),
        ("DELETE FROM staff_links WHERE expires_at < $1", before),
        ("DELETE FROM staff_sessions WHERE expires_at < $1", before),
        (
            "DELETE FROM staff_visits WHERE begun_at < $1",
            before - visits::KEPT,
        ),
        (
            "DELETE FROM ladders WHERE last_at < $1",
            before - ladder::KEPT,
        ),
    ] {
        sqlx::query(statement)
            .bind(millis(before))
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

/// Takes what it costs to deliver a message, at its first try only.
pub(super) async fn charge_job(
    on: &mut PgConnection,
    job: JobId,
    charges: &[Charge],
    now: Timestamp,
) -> Result<()> {
    let is_first =
        sqlx::query("UPDATE outbox SET charged_at = $1 WHERE id = $2 AND charged_at IS NULL")
            .bind(millis(now))
            .bind(job.0.as_slice())
            .execute(&mut *on)
            .await?;
    if is_first.rows_affected() == 0 {
        return Ok(());
    }
    charge(on, charges, now).await
}
