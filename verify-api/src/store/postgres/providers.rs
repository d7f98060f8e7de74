//! Providers, and their connections with accounts, on PostgreSQL.
//!
//! Whoever invites, takes back or closes an account locks the account first, so that of two
//! wishes about the same two the later one counts in whatever order they come.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{PgConnection, Postgres, Transaction};

use super::{PgStore, audit, jobs, limits, sessions, visits};
use crate::account::AccountId;
use crate::audit::Entry;
use crate::crypto::Digest;
use crate::limits::Charge;
use crate::provider::{ConnectionId, ConnectionState, ProviderId, Reply};
use crate::store::providers::{LISTED, step, withheld};
use crate::store::rows::{self, millis};
use crate::store::{
    Connecting, ConnectionRow, FoundAccount, NewConnection, NewJob, NewLetter, NewProvider,
    ProviderRow, Providers, Result, Shown, VisitShown, provider_rows,
};

#[async_trait]
impl Providers for PgStore {
    async fn add_provider(&self, provider: NewProvider, audit: Entry) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO providers (id, sealed, features, created_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(provider.id.0.as_slice())
        .bind(&provider.name.0)
        .bind(&provider.features)
        .bind(millis(provider.at))
        .execute(&mut *tx)
        .await?;
        audit::append(&mut tx, &self.chain, audit, provider.at).await?;
        Ok(tx.commit().await?)
    }

    async fn providers(&self) -> Result<Vec<ProviderRow>> {
        let found = sqlx::query_as(
            "SELECT id, sealed, features, key_digest IS NOT NULL, retired_at IS NOT NULL
             FROM providers ORDER BY created_at, id",
        )
        .fetch_all(&self.pool)
        .await?;
        found.into_iter().map(provider_rows::provider).collect()
    }

    async fn set_features(
        &self,
        provider: ProviderId,
        features: String,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let set =
            sqlx::query("UPDATE providers SET features = $2 WHERE id = $1 AND retired_at IS NULL")
                .bind(provider.0.as_slice())
                .bind(features)
                .execute(&mut *tx)
                .await?;
        self.noted(tx, set.rows_affected(), audit, at).await
    }

    async fn set_provider_key(
        &self,
        provider: ProviderId,
        key: Digest,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let set = sqlx::query(
            "UPDATE providers SET key_digest = $2 WHERE id = $1 AND retired_at IS NULL",
        )
        .bind(provider.0.as_slice())
        .bind(key.0.as_slice())
        .execute(&mut *tx)
        .await?;
        self.noted(tx, set.rows_affected(), audit, at).await
    }

    async fn retire_provider(
        &self,
        provider: ProviderId,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let retired = sqlx::query(
            "UPDATE providers SET retired_at = $2, key_digest = NULL
             WHERE id = $1 AND retired_at IS NULL",
        )
        .bind(provider.0.as_slice())
        .bind(millis(at))
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE connections SET state = 'ended', ended_at = $2
             WHERE provider_id = $1 AND ended_at IS NULL",
        )
        .bind(provider.0.as_slice())
        .bind(millis(at))
        .execute(&mut *tx)
        .await?;
        self.noted(tx, retired.rows_affected(), audit, at).await
    }

    async fn provider_by_key(&self, key: &Digest) -> Result<Option<ProviderId>> {
        let row =
            sqlx::query_as("SELECT id FROM providers WHERE key_digest = $1 AND retired_at IS NULL")
                .bind(key.0.as_slice())
                .fetch_optional(&self.pool)
                .await?;
        row.map(provider_rows::provider_id).transpose()
    }

    async fn ask(&self, job: NewJob, charge: Charge, at: Timestamp, audit: Entry) -> Result<()> {
        let mut tx = self.begin().await?;
        limits::charge(&mut tx, &[charge], at).await?;
        jobs::insert(&mut tx, &job, at).await?;
        audit::append(&mut tx, &self.chain, audit, at).await?;
        Ok(tx.commit().await?)
    }

    async fn connections(&self, account: AccountId) -> Result<Vec<ConnectionRow>> {
        let found = sqlx::query_as(
            "SELECT c.id, c.provider_id, p.sealed, p.features, c.state
             FROM connections c JOIN providers p ON p.id = c.provider_id
             WHERE c.account_id = $1
             ORDER BY c.ended_at IS NULL DESC, c.invited_at DESC, c.id LIMIT $2",
        )
        .bind(account.0.as_slice())
        .bind(LISTED)
        .fetch_all(&self.pool)
        .await?;
        found.into_iter().map(provider_rows::connection).collect()
    }

    async fn reply(&self, shown: Shown, connection: ConnectionId, reply: Reply) -> Result<bool> {
        let (from, to, event) = step(reply);
        let mut tx = self.begin().await?;
        let stepped = sqlx::query_as(
            "UPDATE connections SET state = $6,
                 accepted_at = CASE WHEN $6 = 'accepted' THEN $2 ELSE accepted_at END,
                 ended_at = CASE WHEN $6 = 'accepted' THEN NULL ELSE $2 END
             WHERE id = $4 AND state = $5 AND account_id = (
                 SELECT account_id FROM sessions
                 WHERE token_digest = $1 AND expires_at > $2 AND seen_at > $3)
             RETURNING account_id",
        )
        .bind(shown.token.0.as_slice())
        .bind(millis(shown.at))
        .bind(sessions::seen_since(&shown))
        .bind(connection.0.as_slice())
        .bind(from.as_str())
        .bind(to.as_str())
        .fetch_optional(&mut *tx)
        .await?;
        let Some(account) = stepped.map(rows::account_id).transpose()? else {
            return Ok(false);
        };
        let entry = Entry::about(event, account.0);
        self.noted(tx, 1, entry, shown.at).await
    }

    async fn connect_in_visit(
        &self,
        shown: VisitShown,
        connection: NewConnection,
        letter: NewLetter,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let is_in_visit: Option<i32> = sqlx::query_scalar(
            "SELECT 1 FROM accounts a JOIN staff_visits v ON v.patient_id = a.patient_id
             WHERE a.id = $4 AND v.token_digest = $1 AND v.staff_id = $2 AND v.begun_at > $3
                 AND v.checked_at IS NOT NULL",
        )
        .bind(shown.token.0.as_slice())
        .bind(shown.staff.0.as_slice())
        .bind(visits::begun_since(&shown))
        .bind(connection.account.0.as_slice())
        .fetch_optional(&mut *tx)
        .await?;
        if is_in_visit.is_none() {
            return Ok(false);
        }
        let made = connect(&mut tx, &connection).await?;
        if made > 0 {
            self.tell(&mut tx, &connection, &letter, shown.at).await?;
        }
        self.noted(tx, made, audit, shown.at).await
    }

    async fn withdraw_in_visit(
        &self,
        shown: VisitShown,
        connection: ConnectionId,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let ended = sqlx::query(
            "UPDATE connections SET state = 'withdrawn', ended_at = $4
             WHERE id = $5 AND state = 'invited' AND account_id IN (
                 SELECT a.id FROM accounts a
                 JOIN staff_visits v ON v.patient_id = a.patient_id
                 WHERE v.token_digest = $1 AND v.staff_id = $2 AND v.begun_at > $3
                     AND v.checked_at IS NOT NULL)",
        )
        .bind(shown.token.0.as_slice())
        .bind(shown.staff.0.as_slice())
        .bind(visits::begun_since(&shown))
        .bind(millis(shown.at))
        .bind(connection.0.as_slice())
        .execute(&mut *tx)
        .await?;
        self.noted(tx, ended.rows_affected(), audit, shown.at).await
    }
}

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
        let made = connect(&mut tx, &connection).await?;
        if made > 0 {
            self.tell(&mut tx, &connection, &letter, at).await?;
        }
        self.noted(tx, made, audit, at).await
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

    async fn is_invited(&self, connection: ConnectionId) -> Result<bool> {
        let found: Option<i32> =
            sqlx::query_scalar("SELECT 1 FROM connections WHERE id = $1 AND state = $2")
                .bind(connection.0.as_slice())
                .bind(ConnectionState::Invited.as_str())
                .fetch_optional(&self.pool)
                .await?;
        Ok(found.is_some())
    }
}

impl PgStore {
    /// Ends a transaction: with a line about what it did, or with nothing where it did nothing;
    /// whether it did.
    async fn noted(
        &self,
        mut tx: Transaction<'_, Postgres>,
        done: u64,
        audit: Entry,
        at: Timestamp,
    ) -> Result<bool> {
        if done == 0 {
            return Ok(false);
        }
        audit::append(&mut tx, &self.chain, audit, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Queues the letter about an invitation, if its budgets hold it.
    async fn tell(
        &self,
        on: &mut PgConnection,
        connection: &NewConnection,
        letter: &NewLetter,
        at: Timestamp,
    ) -> Result<()> {
        if limits::charge_together(on, &letter.charges, at).await? {
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

/// How many connections it made: one or none.
async fn connect(on: &mut PgConnection, connection: &NewConnection) -> Result<u64> {
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
