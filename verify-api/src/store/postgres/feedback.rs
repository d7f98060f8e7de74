//! Whether pages have helped, on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{PgStore, limits};
use crate::limits::Charge;
use crate::store::{Feedback, Given, PageFeedback, Result, rows};

#[async_trait]
impl Feedback for PgStore {
    async fn count_feedback(
        &self,
        given: Given,
        charges: Vec<Charge>,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        limits::charge(&mut tx, &charges, at).await?;
        let (yes, no) = rows::counted(given.has_helped);
        sqlx::query(
            "INSERT INTO feedback (page, day, yes, no) VALUES ($1, $2, $3, $4)
             ON CONFLICT (page, day) DO UPDATE
             SET yes = feedback.yes + $3, no = feedback.no + $4",
        )
        .bind(given.page)
        .bind(given.day.to_string())
        .bind(yes)
        .bind(no)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn feedback(&self, since: Date) -> Result<Vec<PageFeedback>> {
        let found = sqlx::query_as(
            "SELECT page, sum(yes)::bigint, sum(no)::bigint FROM feedback WHERE day >= $1
             GROUP BY page ORDER BY page COLLATE \"C\"",
        )
        .bind(since.to_string())
        .fetch_all(&self.pool)
        .await?;
        found.into_iter().map(rows::feedback).collect()
    }

    async fn forget_feedback(&self, before: Date) -> Result<()> {
        sqlx::query("DELETE FROM feedback WHERE day < $1")
            .bind(before.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
