//! What the worker does about connections, on PostgreSQL.
//!
//! Whoever invites, takes back or closes an account locks the account first, so that of two
//! wishes about the same two the later one counts in whatever order they come.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::{PgStore, audit, jobs, limits};
use crate::account::AccountId;
use crate::audit::Entry;
use crate::crypto::Digest;
use crate::provider::{ConnectionId, ConnectionState};
use crate::store::providers::{dropped, withheld};
use crate::store::rows::{self, millis};
use crate::store::{Connecting, FoundAccount, NewConnection, NewLetter, Result};

#[async_trait]
impl Connecting for PgStore {
    async fn account_by_source(&self, source: &Digest) -> Result<Option<FoundAccount>> {
        let row = sqlx::query_as(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM patients p JOIN accounts a ON a.patient_id = p.id
             WHERE p.source_key = $1 AND a.deactivated_at IS NULL",
        )
        .bind(source.0.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        row.map(rows::account).transpose()
    }

    async fn connect(
        &self,
        connection: NewConnection,
        letter: NewLetter,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        lock_account(&mut tx, connection.account).await?;
        if has_lost_key(&mut tx, &connection).await? {
            self.noted(tx, 1, dropped(&connection), at).await?;
            return Ok(false);
        }
        if connect(&mut tx, &connection).await? == 0 {
            return Ok(false);
        }
        let is_held = limits::charge_together(&mut tx, &letter.charges, at).await?;
        audit::append(&mut tx, &self.chain, audit, at).await?;
        self.tell(&mut tx, &connection, &letter, is_held, at)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn withdraw(
        &self,
        connection: NewConnection,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        lock_account(&mut tx, connection.account).await?;
        let ended = sqlx::query(
            "UPDATE connections SET state = 'withdrawn', ended_at = $3
             WHERE provider_id = $1 AND account_id = $2 AND state = 'invited' AND invited_at <= $3",
        )
        .bind(connection.provider.0.as_slice())
        .bind(connection.account.0.as_slice())
        .bind(millis(connection.asked_at))
        .execute(&mut *tx)
        .await?;
        if ended.rows_affected() == 0 {
            sqlx::query(
                "INSERT INTO withdrawals (provider_id, account_id, asked_at) VALUES ($1, $2, $3)
                 ON CONFLICT (provider_id, account_id)
                 DO UPDATE SET asked_at = greatest(withdrawals.asked_at, excluded.asked_at)",
            )
            .bind(connection.provider.0.as_slice())
            .bind(connection.account.0.as_slice())
            .bind(millis(connection.asked_at))
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            return Ok(false);
        }
        self.noted(tx, 1, audit, at).await
    }

    async fn is_invited(&self, connection: ConnectionId, key: Option<Digest>) -> Result<bool> {
        let found: Option<i32> = sqlx::query_scalar(
            "SELECT 1 FROM connections c JOIN providers p ON p.id = c.provider_id
             WHERE c.id = $1 AND c.state = $2 AND ($3::bytea IS NULL OR p.key_digest = $3)",
        )
        .bind(connection.0.as_slice())
        .bind(ConnectionState::Invited.as_str())
        .bind(key.as_ref().map(|key| key.0.as_slice()))
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.is_some())
    }
}

impl PgStore {
    /// Queues the letter about an invitation, if its budgets hold it. They are asked before the
    /// trail is written to, as everybody asks them.
    pub(super) async fn tell(
        &self,
        on: &mut PgConnection,
        connection: &NewConnection,
        letter: &NewLetter,
        is_held: bool,
        at: Timestamp,
    ) -> Result<()> {
        if is_held {
            jobs::insert(on, &letter.job, letter.leaves_at).await
        } else {
            audit::append(on, &self.chain, withheld(connection.account), at).await
        }
    }
}

/// Waits for whoever does something about the connections of the same account.
async fn lock_account(on: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE")
        .bind(account.0.as_slice())
        .execute(on)
        .await?;
    Ok(())
}

/// Whether it was asked for with a key that is its provider's no more. Whoever replaces the key
/// at this moment is waited for, or waits until it is done.
async fn has_lost_key(on: &mut PgConnection, connection: &NewConnection) -> Result<bool> {
    let Some(key) = connection.key else {
        return Ok(false);
    };
    let held: Option<i32> =
        sqlx::query_scalar("SELECT 1 FROM providers WHERE id = $1 AND key_digest = $2 FOR SHARE")
            .bind(connection.provider.0.as_slice())
            .bind(key.0.as_slice())
            .fetch_optional(on)
            .await?;
    Ok(held.is_none())
}

/// How many connections it made: one or none.
pub(super) async fn connect(on: &mut PgConnection, connection: &NewConnection) -> Result<u64> {
    lock_account(on, connection.account).await?;
    // Whoever retires the provider at this moment ends what is made here, or is waited for.
    sqlx::query("SELECT 1 FROM providers WHERE id = $1 FOR SHARE")
        .bind(connection.provider.0.as_slice())
        .execute(&mut *on)
        .await?;
    let made = "INSERT INTO connections (id, provider_id, account_id, state, invited_at)
         SELECT $1, p.id, a.id, 'invited', $4 FROM providers p, accounts a
         WHERE p.id = $2 AND p.retired_at IS NULL AND a.id = $3 AND a.deactivated_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM connections
                 WHERE provider_id = $2 AND account_id = $3
                     AND (ended_at IS NULL OR ended_at >= $4))
             AND NOT EXISTS (SELECT 1 FROM withdrawals
                 WHERE provider_id = $2 AND account_id = $3 AND asked_at >= $4)";
    let inserted = sqlx::query(made)
        .bind(connection.id.0.as_slice())
        .bind(connection.provider.0.as_slice())
        .bind(connection.account.0.as_slice())
        .bind(millis(connection.asked_at))
        .execute(on)
        .await?;
    Ok(inserted.rows_affected())
}

/// Ends whatever is open of an account. The caller holds its row.
pub(super) async fn end_all(
    on: &mut PgConnection,
    account: AccountId,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE connections SET state = 'ended', ended_at = $2
         WHERE account_id = $1 AND ended_at IS NULL",
    )
    .bind(account.0.as_slice())
    .bind(millis(at))
    .execute(on)
    .await?;
    Ok(())
}
