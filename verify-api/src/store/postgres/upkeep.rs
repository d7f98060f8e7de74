//! What operators look after, on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MIGRATIONS, PgStore};
use crate::audit::Entry;
use crate::store::rows::{self, millis};
use crate::store::{JobId, ListedJob, Result, Upkeep};

#[async_trait]
impl Upkeep for PgStore {
    async fn is_migrated(&self) -> Result<bool> {
        let applied: Option<i64> =
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
                .fetch_one(&self.pool)
                .await?;
        Ok(rows::is_migrated(&MIGRATIONS, applied))
    }

    async fn count_pending(&self) -> Result<u64> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox WHERE fate IS NULL")
            .fetch_one(&self.pool)
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
            .fetch_all(&self.pool)
            .await?;
        found.into_iter().map(rows::listed).collect()
    }

    async fn revive_job(&self, job: JobId, now: Timestamp, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        let revived = sqlx::query(
            "UPDATE outbox SET fate = NULL, done_at = NULL, attempts = 0, next_at = $1
             WHERE id = $2 AND fate = 'dead' AND sealed IS NOT NULL AND not_after > $1",
        )
        .bind(millis(now))
        .bind(job.0.as_slice())
        .execute(&mut *tx)
        .await?;
        if revived.rows_affected() == 0 {
            return Ok(false);
        }
        super::audit::append(&mut tx, &self.chain, audit, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn forget_dead(&self, now: Timestamp) -> Result<u64> {
        let forgotten = sqlx::query(
            "UPDATE outbox SET sealed = NULL
             WHERE fate = 'dead' AND sealed IS NOT NULL AND not_after <= $1",
        )
        .bind(millis(now))
        .execute(&self.pool)
        .await?;
        Ok(forgotten.rows_affected())
    }
}
