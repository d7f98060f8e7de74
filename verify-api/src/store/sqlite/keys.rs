//! The keys of records on SQLite, and records that get another one.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{SqliteConnection, SqlitePool};

use super::SqliteStore;
use crate::audit::{Chain, Entry};
use crate::crypto::{KeyId, Sealed, Wrapped};
use crate::store::rows::{self, millis};
use crate::store::{KeyTable, Place, Resealed, Result, StoreError, StoredKey};

#[async_trait]
impl KeyTable for SqliteStore {
    async fn keys(&self) -> Result<Vec<StoredKey>> {
        all(&self.readers).await
    }

    async fn add_key(
        &self,
        key: &StoredKey,
        root: &Wrapped,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()> {
        let (chain, key, root) = (self.chain.clone(), key.clone(), root.clone());
        self.writer
            .write(move |on| {
                Box::pin(async move {
                    let added = sqlx::query(
                        "INSERT INTO keys (id, wrapped, created_at) SELECT $1, $2, $3
                         WHERE EXISTS (SELECT 1 FROM keys WHERE id = $4 AND wrapped = $5)
                         ON CONFLICT DO NOTHING",
                    )
                    .bind(rows::key_id(key.id))
                    .bind(&key.wrapped.0)
                    .bind(millis(at))
                    .bind(rows::key_id(KeyId::ROOT))
                    .bind(&root.0)
                    .execute(&mut *on)
                    .await?;
                    rows::one(added.rows_affected())?;
                    super::audit::append(on, &chain, audit, at).await
                })
            })
            .await
    }

    async fn rewrap(
        &self,
        keys: Vec<(StoredKey, Wrapped)>,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| Box::pin(rewrap(on, chain, keys, at, audit)))
            .await
    }

    async fn count_otherwise(&self, place: Place, key: KeyId) -> Result<u64> {
        let count: i64 = sqlx::query_scalar(place.count())
            .bind(rows::key_id(key))
            .fetch_one(&self.readers)
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
        let found = sqlx::query_as(place.page())
            .bind(rows::key_id(key))
            .bind(after.map_or(Vec::new(), |after| after.to_vec()))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        found.into_iter().map(rows::sealed_at).collect()
    }

    async fn reseal(&self, place: Place, records: Vec<Resealed>) -> Result<u64> {
        self.writer
            .write(move |on| {
                Box::pin(async move {
                    let mut replaced = 0;
                    for record in records {
                        let done = sqlx::query(place.replace())
                            .bind(&record.new.0)
                            .bind(record.id.as_slice())
                            .bind(&record.old.0)
                            .execute(&mut *on)
                            .await?;
                        replaced += done.rows_affected();
                    }
                    Ok(replaced)
                })
            })
            .await
    }

    async fn erase_key(&self, key: KeyId, at: Timestamp, audit: Entry) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| Box::pin(erase(on, chain, key, at, audit)))
            .await?;
        // The journal still holds the key as it was. Where somebody reads at
        // this moment, the next checkpoint does it.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.readers)
            .await?;
        Ok(())
    }
}

/// All keys, the root first.
pub(super) async fn all(on: &SqlitePool) -> Result<Vec<StoredKey>> {
    let keys = sqlx::query_as("SELECT id, wrapped FROM keys ORDER BY id")
        .fetch_all(on)
        .await?;
    keys.into_iter().map(rows::stored_key).collect()
}

/// Puts the first keys into a database that has never been used, and the ends of its
/// audit trail.
pub(super) async fn first(
    on: &SqlitePool,
    keys: &[StoredKey],
    chain: &Chain,
    at: Timestamp,
) -> Result<()> {
    let mut tx = on.begin_with("BEGIN IMMEDIATE").await?;
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

async fn rewrap(
    on: &mut SqliteConnection,
    chain: Chain,
    keys: Vec<(StoredKey, Wrapped)>,
    at: Timestamp,
    audit: Entry,
) -> Result<()> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM keys")
        .fetch_one(&mut *on)
        .await?;
    if usize::try_from(count) != Ok(keys.len()) {
        return Err(StoreError::Conflict);
    }
    for (old, new) in keys {
        let done = sqlx::query("UPDATE keys SET wrapped = $1 WHERE id = $2 AND wrapped = $3")
            .bind(&new.0)
            .bind(rows::key_id(old.id))
            .bind(&old.wrapped.0)
            .execute(&mut *on)
            .await?;
        rows::one(done.rows_affected())?;
    }
    super::audit::append(on, &chain, audit, at).await
}

async fn erase(
    on: &mut SqliteConnection,
    chain: Chain,
    key: KeyId,
    at: Timestamp,
    audit: Entry,
) -> Result<()> {
    // What is deleted is overwritten, too.
    sqlx::query("PRAGMA secure_delete = ON")
        .execute(&mut *on)
        .await?;
    let gone = sqlx::query("DELETE FROM keys WHERE id = $1")
        .bind(rows::key_id(key))
        .execute(&mut *on)
        .await
        .map_err(rows::still_needed);
    sqlx::query("PRAGMA secure_delete = OFF")
        .execute(&mut *on)
        .await?;
    if gone?.rows_affected() == 1 {
        super::audit::append(on, &chain, audit, at).await?;
    }
    Ok(())
}
