//! The keys of records on SQLite, and records that get another one.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY;

use super::query::{execute, one};
use super::{SqliteStore, audit, query};
use crate::audit::{Chain, Entry};
use crate::crypto::{KeyId, Sealed, Wrapped};
use crate::store::rows::{self, key_id, millis};
use crate::store::{KeyTable, Place, Resealed, Result, StoreError, StoredKey};

#[async_trait]
impl KeyTable for SqliteStore {
    async fn keys(&self) -> Result<Vec<StoredKey>> {
        self.readers.read(all).await
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
                add(on, &key, &root, at)?;
                audit::append(on, &chain, audit, at)
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
            .write(move |on| {
                rewrap(on, &keys)?;
                audit::append(on, &chain, audit, at)
            })
            .await
    }

    async fn count_otherwise(&self, place: Place, key: KeyId) -> Result<u64> {
        let count = self.readers.one(numbered(&place.count()), (key_id(key),));
        let (count,): (i64,) = count.await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn sealed_otherwise(
        &self,
        place: Place,
        key: KeyId,
        after: Option<[u8; 16]>,
        limit: u32,
    ) -> Result<Vec<([u8; 16], Sealed)>> {
        let after = after.map_or(Vec::new(), |after| after.to_vec());
        let page = numbered(&place.page());
        let found = self.readers.all(page, (key_id(key), after, limit));
        found.await?.into_iter().map(rows::sealed_at).collect()
    }

    async fn reseal(&self, place: Place, records: Vec<Resealed>) -> Result<u64> {
        self.writer
            .write(move |on| {
                let replace = numbered(&place.replace());
                let mut replaced = 0;
                for record in &records {
                    replaced += execute(on, &replace, (&record.new.0, record.id, &record.old.0))?;
                }
                Ok(replaced)
            })
            .await
    }

    async fn erase_key(&self, key: KeyId, at: Timestamp, audit: Entry) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                if erase(on, key)? {
                    audit::append(on, &chain, audit, at)?;
                }
                Ok(())
            })
            .await?;
        // The journal still holds the key as it was. Where somebody reads at
        // this moment, the next checkpoint does it.
        self.readers
            .read(|on| Ok(on.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?))
            .await
    }
}

/// A statement for each database, with SQLite's parameters: a `$1` would be a name
/// there, and get its number from where it stands.
fn numbered(statement: &str) -> String {
    statement.replace('$', "?")
}

/// All keys, the root first.
pub(super) fn all(on: &Connection) -> Result<Vec<StoredKey>> {
    let keys = query::all(on, "SELECT id, wrapped FROM keys ORDER BY id", ())?;
    keys.into_iter().map(rows::stored_key).collect()
}

/// Puts the first keys into a database that has never been used, and the ends of its
/// audit trail.
pub(super) fn first(
    on: &Connection,
    keys: &[StoredKey],
    chain: &Chain,
    at: Timestamp,
) -> Result<()> {
    if !audit::begin(on, chain)? {
        return Ok(());
    }
    for key in keys {
        execute(
            on,
            "INSERT INTO keys (id, wrapped, created_at) VALUES (?1, ?2, ?3)",
            (key_id(key.id), &key.wrapped.0, millis(at)),
        )?;
    }
    Ok(())
}

fn add(on: &Connection, key: &StoredKey, root: &Wrapped, at: Timestamp) -> Result<()> {
    let added = execute(
        on,
        "INSERT INTO keys (id, wrapped, created_at) SELECT ?1, ?2, ?3
         WHERE EXISTS (SELECT 1 FROM keys WHERE id = ?4 AND wrapped = ?5)
         ON CONFLICT DO NOTHING",
        (
            key_id(key.id),
            &key.wrapped.0,
            millis(at),
            key_id(KeyId::ROOT),
            &root.0,
        ),
    )?;
    rows::one(added)
}

fn rewrap(on: &Connection, keys: &[(StoredKey, Wrapped)]) -> Result<()> {
    let (count,): (i64,) = one(on, "SELECT count(*) FROM keys", ())?;
    if usize::try_from(count) != Ok(keys.len()) {
        return Err(StoreError::Conflict);
    }
    for (old, new) in keys {
        let done = execute(
            on,
            "UPDATE keys SET wrapped = ?1 WHERE id = ?2 AND wrapped = ?3",
            (&new.0, key_id(old.id), &old.wrapped.0),
        )?;
        rows::one(done)?;
    }
    Ok(())
}

/// Whether it was there.
fn erase(on: &Connection, key: KeyId) -> Result<bool> {
    // What is deleted is overwritten, too.
    on.pragma_update(None, "secure_delete", true)?;
    let gone = execute(on, "DELETE FROM keys WHERE id = ?1", (key_id(key),));
    on.pragma_update(None, "secure_delete", false)?;
    match gone {
        Err(rusqlite::Error::SqliteFailure(error, _))
            if error.extended_code == SQLITE_CONSTRAINT_FOREIGNKEY =>
        {
            // A record needs it.
            Err(StoreError::Conflict)
        }
        gone => Ok(gone? == 1),
    }
}
