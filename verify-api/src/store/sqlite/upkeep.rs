//! What operators look after, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{MIGRATIONS, SqliteStore};
use crate::audit::{Chain, Entry};
use crate::store::rows::{self, millis};
use crate::store::{JobId, ListedJob, Result, Upkeep};

#[async_trait]
impl Upkeep for SqliteStore {
    async fn is_migrated(&self) -> Result<bool> {
        let applied: Option<i64> =
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
                .fetch_one(&self.readers)
                .await?;
        Ok(rows::is_migrated(&MIGRATIONS, applied))
    }

    async fn count_pending(&self) -> Result<u64> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox WHERE fate IS NULL")
            .fetch_one(&self.readers)
            .await?;
        u64::try_from(count).map_err(|error| rows::corrupt(&error))
    }

    async fn list_jobs(&self, dead: bool, limit: u32) -> Result<Vec<ListedJob>> {
        let statement = if dead {
            "SELECT id, sealed, created_at, not_after, done_at, attempts, cause
             FROM outbox WHERE fate = 'dead' ORDER BY created_at, id LIMIT $1"
        } else {
            "SELECT id, sealed, created_at, not_after, next_at, attempts, cause
             FROM outbox WHERE fate IS NULL ORDER BY created_at, id LIMIT $1"
        };
        let found = sqlx::query_as(statement)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        found.into_iter().map(rows::listed).collect()
    }

    async fn revive_job(&self, job: JobId, now: Timestamp, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| Box::pin(revive(on, chain, job, now, audit)))
            .await
    }

    async fn forget_dead(&self, now: Timestamp) -> Result<u64> {
        self.writer
            .write(move |on| Box::pin(forget_dead(on, now)))
            .await
    }
}

async fn revive(
    on: &mut SqliteConnection,
    chain: Chain,
    job: JobId,
    now: Timestamp,
    audit: Entry,
) -> Result<bool> {
    let revived = sqlx::query(
        "UPDATE outbox SET fate = NULL, done_at = NULL, attempts = 0, next_at = $1
         WHERE id = $2 AND fate = 'dead' AND sealed IS NOT NULL AND not_after > $1",
    )
    .bind(millis(now))
    .bind(job.0.as_slice())
    .execute(&mut *on)
    .await?;
    if revived.rows_affected() == 0 {
        return Ok(false);
    }
    super::audit::append(on, &chain, audit, now).await?;
    Ok(true)
}

async fn forget_dead(on: &mut SqliteConnection, now: Timestamp) -> Result<u64> {
    let forgotten = sqlx::query(
        "UPDATE outbox SET sealed = NULL
         WHERE fate = 'dead' AND sealed IS NOT NULL AND not_after <= $1",
    )
    .bind(millis(now))
    .execute(on)
    .await?;
    Ok(forgotten.rows_affected())
}
