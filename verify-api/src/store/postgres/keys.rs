//! The keys of records on PostgreSQL, and records that get another one.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use super::PgStore;
use crate::audit::{Chain, Entry};
use crate::crypto::{KeyId, Sealed, Wrapped};
use crate::store::rows::{self, millis};
use crate::store::{KeyTable, Place, Resealed, Result, StoreError, StoredKey};

#[async_trait]
impl KeyTable for PgStore {
    async fn keys(&self) -> Result<Vec<StoredKey>> {
        all(&self.pool).await
    }

    async fn add_key(
        &self,
        key: &StoredKey,
        root: &Wrapped,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        if wrapped_root(&mut tx).await? != *root {
            return Err(StoreError::Conflict);
        }
        let added = sqlx::query(
            "INSERT INTO keys (id, wrapped, created_at) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(rows::key_id(key.id))
        .bind(&key.wrapped.0)
        .bind(millis(at))
        .execute(&mut *tx)
        .await?;
        rows::one(added.rows_affected())?;
        super::audit::append(&mut tx, &self.chain, audit, at).await?;
        Ok(tx.commit().await?)
    }

    async fn rewrap(
        &self,
        keys: Vec<(StoredKey, Wrapped)>,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        wrapped_root(&mut tx).await?;
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM keys")
            .fetch_one(&mut *tx)
            .await?;
        if usize::try_from(count) != Ok(keys.len()) {
            return Err(StoreError::Conflict);
        }
        for (old, new) in keys {
            let done = sqlx::query("UPDATE keys SET wrapped = $1 WHERE id = $2 AND wrapped = $3")
                .bind(&new.0)
                .bind(rows::key_id(old.id))
                .bind(&old.wrapped.0)
                .execute(&mut *tx)
                .await?;
            rows::one(done.rows_affected())?;
        }
        super::audit::append(&mut tx, &self.chain, audit, at).await?;
        Ok(tx.commit().await?)
    }

    async fn count_otherwise(&self, place: Place, key: KeyId) -> Result<u64> {
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(place.count()))
            .bind(rows::key_id(key))
            .fetch_one(&self.pool)
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn sealed_otherwise(
        &self,
        place: Place,
        key: KeyId,
        after: Option<[u8; 16]>,
        limit: u32,
    ) -> Result<Vec<([u8; 16], Sealed)>> {
        let found = sqlx::query_as(AssertSqlSafe(place.page()))
            .bind(rows::key_id(key))
            .bind(after.map_or(Vec::new(), |after| after.to_vec()))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        found.into_iter().map(rows::sealed_at).collect()
    }

    async fn reseal(&self, place: Place, records: Vec<Resealed>) -> Result<u64> {
        let mut tx = self.begin().await?;
        let ids: Vec<&[u8]> = records.iter().map(|record| record.id.as_slice()).collect();
        let free: Vec<Vec<u8>> = sqlx::query_scalar(AssertSqlSafe(place.lock_free_ones()))
            .bind(&ids)
            .fetch_all(&mut *tx)
            .await?;
        let mut replaced = 0;
        let is_free = |record: &&Resealed| free.iter().any(|id| *id == record.id);
        for record in records.iter().filter(is_free) {
            let done = sqlx::query(AssertSqlSafe(place.replace()))
                .bind(&record.new.0)
                .bind(record.id.as_slice())
                .bind(&record.old.0)
                .execute(&mut *tx)
                .await?;
            replaced += done.rows_affected();
        }
        tx.commit().await?;
        Ok(replaced)
    }

    async fn erase_key(&self, key: KeyId, at: Timestamp, audit: Entry) -> Result<()> {
        let mut tx = self.begin().await?;
        let gone = sqlx::query("DELETE FROM keys WHERE id = $1")
            .bind(rows::key_id(key))
            .execute(&mut *tx)
            .await
            .map_err(still_needed)?;
        if gone.rows_affected() == 1 {
            super::audit::append(&mut tx, &self.chain, audit, at).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The root as it is wrapped now. Whoever adds a key or wraps all of them anew
/// waits here for the other.
async fn wrapped_root(on: &mut PgConnection) -> Result<Wrapped> {
    let root = sqlx::query_scalar("SELECT wrapped FROM keys WHERE id = $1 FOR NO KEY UPDATE")
        .bind(rows::key_id(KeyId::ROOT))
        .fetch_one(on)
        .await?;
    Ok(Wrapped(root))
}

/// All keys, the root first.
pub(super) async fn all(on: &PgPool) -> Result<Vec<StoredKey>> {
    let keys = sqlx::query_as("SELECT id, wrapped FROM keys ORDER BY id")
        .fetch_all(on)
        .await?;
    keys.into_iter().map(rows::stored_key).collect()
}

/// Puts the first keys into a database that has never been used, and the ends of its
/// audit trail.
pub(super) async fn first(
    on: &PgPool,
    keys: &[StoredKey],
    chain: &Chain,
    at: Timestamp,
) -> Result<()> {
    let mut tx = on.begin().await?;
    let is_used: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM keys)")
        .fetch_one(&mut *tx)
        .await?;
    if is_used {
        return Ok(());
    }
    // Two servers may come to a new database at once.
    sqlx::query("LOCK TABLE audit_ends IN EXCLUSIVE MODE")
        .execute(&mut *tx)
        .await?;
    if !super::audit::begin(&mut tx, chain).await? {
        return Ok(());
    }
    for key in keys {
        sqlx::query("INSERT INTO keys (id, wrapped, created_at) VALUES ($1, $2, $3)")
            .bind(rows::key_id(key.id))
            .bind(&key.wrapped.0)
            .bind(millis(at))
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}

/// A key that a record needs is not erased.
fn still_needed(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) if error.is_foreign_key_violation() => StoreError::Conflict,
        error => error.into(),
    }
}
