//! Providers, and what patients and staff do about their connections, on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Postgres, Transaction};

use super::connections::connect;
use super::{PgStore, audit, jobs, limits, sessions, visits};
use crate::account::AccountId;
use crate::audit::Entry;
use crate::crypto::Digest;
use crate::limits::Charge;
use crate::provider::{ConnectionId, ProviderId, Reply};
use crate::store::provider_rows::both_ends;
use crate::store::providers::{LISTED, step, with_provider};
use crate::store::rows::millis;
use crate::store::{
    ConnectionRow, NewConnection, NewJob, NewLetter, NewProvider, ProviderRow, Providers, Result,
    Shown, VisitShown, provider_rows,
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

    async fn reply(
        &self,
        shown: Shown,
        connection: ConnectionId,
        reply: Reply,
        letter: Option<NewJob>,
    ) -> Result<bool> {
        let (from, to, event) = step(reply);
        let mut tx = self.begin().await?;
        let stepped = sqlx::query_as(
            "UPDATE connections SET state = $6,
                 accepted_at = CASE WHEN $6 = 'accepted' THEN $2 ELSE accepted_at END,
                 ended_at = CASE WHEN $6 = 'accepted' THEN NULL ELSE $2 END
             WHERE id = $4 AND state = $5 AND account_id = (
                 SELECT account_id FROM sessions
                 WHERE token_digest = $1 AND expires_at > $2 AND seen_at > $3)
             RETURNING account_id, provider_id",
        )
        .bind(shown.token.0.as_slice())
        .bind(millis(shown.at))
        .bind(sessions::seen_since(&shown))
        .bind(connection.0.as_slice())
        .bind(from.as_str())
        .bind(to.as_str())
        .fetch_optional(&mut *tx)
        .await?;
        let Some((account, provider)) = stepped.map(both_ends).transpose()? else {
            return Ok(false);
        };
        if let Some(letter) = &letter {
            jobs::insert(&mut tx, letter, shown.at).await?;
        }
        let entry = Entry::about(event, account.0);
        self.noted_of(tx, (account, provider), entry, shown.at)
            .await
    }

    async fn connect_in_visit(
        &self,
        shown: VisitShown,
        connection: NewConnection,
        letter: NewLetter,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let Some(patient) = visits::checked(&mut tx, &shown).await? else {
            return Ok(false);
        };
        let is_theirs: Option<i32> =
            sqlx::query_scalar("SELECT 1 FROM accounts WHERE id = $1 AND patient_id = $2")
                .bind(connection.account.0.as_slice())
                .bind(patient.0.as_slice())
                .fetch_optional(&mut *tx)
                .await?;
        if is_theirs.is_none() {
            return Ok(false);
        }
        if connect(&mut tx, &connection).await? == 0 {
            return Ok(false);
        }
        let is_held = limits::charge_together(&mut tx, &letter.charges, shown.at).await?;
        audit::append(&mut tx, &self.chain, audit, shown.at).await?;
        let provider = with_provider(connection.account, connection.provider);
        audit::append(&mut tx, &self.chain, provider, shown.at).await?;
        self.tell(&mut tx, &connection, &letter, is_held, shown.at)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn withdraw_in_visit(
        &self,
        shown: VisitShown,
        connection: ConnectionId,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let Some(patient) = visits::checked(&mut tx, &shown).await? else {
            return Ok(false);
        };
        let ended = sqlx::query_as(
            "UPDATE connections SET state = 'withdrawn', ended_at = $1
             WHERE id = $2 AND state = 'invited'
                 AND account_id IN (SELECT id FROM accounts WHERE patient_id = $3)
             RETURNING account_id, provider_id",
        )
        .bind(millis(shown.at))
        .bind(connection.0.as_slice())
        .bind(patient.0.as_slice())
        .fetch_optional(&mut *tx)
        .await?;
        let Some((account, provider)) = ended.map(both_ends).transpose()? else {
            return Ok(false);
        };
        self.noted_of(tx, (account, provider), audit, shown.at)
            .await
    }
}

impl PgStore {
    /// Ends a transaction: with a line about what it did, or with nothing where it did nothing;
    /// whether it did.
    pub(super) async fn noted(
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

    /// The same of a step that somebody else than the provider took.
    async fn noted_of(
        &self,
        mut tx: Transaction<'_, Postgres>,
        (account, provider): (AccountId, ProviderId),
        audit: Entry,
        at: Timestamp,
    ) -> Result<bool> {
        audit::append(&mut tx, &self.chain, audit, at).await?;
        self.noted(tx, 1, with_provider(account, provider), at)
            .await
    }
}
