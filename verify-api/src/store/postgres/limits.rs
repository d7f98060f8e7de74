//! Budgets: charged, refused, forgotten.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::limits::Charge;
use crate::store::rows::{millis, millis_of, wait};
use crate::store::{Result, StoreError};

/// Takes every charge, or says how long to wait; the caller's transaction takes
/// the others back then.
pub(super) async fn charge(
    on: &mut PgConnection,
    charges: &[Charge],
    now: Timestamp,
) -> Result<()> {
    for charge in charges {
        let charged = sqlx::query(
            "INSERT INTO budgets (key, whole_at) VALUES ($1, $2 + $3)
             ON CONFLICT (key) DO UPDATE SET whole_at = greatest(budgets.whole_at, $2) + $3
             WHERE greatest(budgets.whole_at, $2) + $3 <= $2 + $4",
        )
        .bind(charge.key.0.as_slice())
        .bind(millis(now))
        .bind(millis_of(charge.cost))
        .bind(millis_of(charge.room))
        .execute(&mut *on)
        .await?;
        if charged.rows_affected() == 0 {
            let whole_at: i64 = sqlx::query_scalar("SELECT whole_at FROM budgets WHERE key = $1")
                .bind(charge.key.0.as_slice())
                .fetch_one(on)
                .await?;
            let free_at = whole_at + millis_of(charge.cost) - millis_of(charge.room);
            let wait = wait(free_at, now);
            return Err(StoreError::OverBudget { wait });
        }
    }
    Ok(())
}

/// Forgets budgets that were whole again before `before`: they are as good as new.
pub(super) async fn forget(on: &mut PgConnection, before: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM budgets WHERE whole_at < $1")
        .bind(millis(before))
        .execute(on)
        .await?;
    Ok(())
}
