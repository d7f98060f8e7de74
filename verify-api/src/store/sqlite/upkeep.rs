//! What operators look after, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::execute;
use super::{SqliteStore, migrations};
use crate::audit::{Chain, Entry};
use crate::store::rows::{self, millis};
use crate::store::{JobId, ListedJob, Result, Upkeep};

#[async_trait]
impl Upkeep for SqliteStore {
    async fn is_migrated(&self) -> Result<bool> {
        self.readers.read(migrations::are_applied).await
    }

    async fn count_pending(&self) -> Result<u64> {
        let pending = "SELECT count(*) FROM outbox WHERE fate IS NULL";
        let (count,): (i64,) = self.readers.one(pending, ()).await?;
        u64::try_from(count).map_err(|error| rows::corrupt(&error))
    }

    async fn list_jobs(&self, dead: bool, limit: u32) -> Result<Vec<ListedJob>> {
        let statement = if dead {
            "SELECT id, sealed, created_at, not_after, done_at, attempts, cause
             FROM outbox WHERE fate = 'dead' ORDER BY created_at, id LIMIT ?1"
        } else {
            "SELECT id, sealed, created_at, not_after, next_at, attempts, cause
             FROM outbox WHERE fate IS NULL ORDER BY created_at, id LIMIT ?1"
        };
        let found = self.readers.all(statement, (limit,)).await?;
        found.into_iter().map(rows::listed).collect()
    }

    async fn revive_job(&self, job: JobId, now: Timestamp, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| revive(on, &chain, job, now, audit))
            .await
    }

    async fn forget_dead(&self, now: Timestamp) -> Result<u64> {
        self.writer.write(move |on| forget_dead(on, now)).await
    }
}

fn revive(
    on: &Connection,
    chain: &Chain,
    job: JobId,
    now: Timestamp,
    audit: Entry,
) -> Result<bool> {
    let revived = execute(
        on,
        "UPDATE outbox SET fate = NULL, done_at = NULL, attempts = 0, next_at = ?1
         WHERE id = ?2 AND fate = 'dead' AND sealed IS NOT NULL AND not_after > ?1",
        (millis(now), job.0),
    )?;
    if revived == 0 {
        return Ok(false);
    }
    super::audit::append(on, chain, audit, now)?;
    Ok(true)
}

fn forget_dead(on: &Connection, now: Timestamp) -> Result<u64> {
    let forgotten = execute(
        on,
        "UPDATE outbox SET sealed = NULL
         WHERE fate = 'dead' AND sealed IS NOT NULL AND not_after <= ?1",
        (millis(now),),
    )?;
    Ok(forgotten)
}
