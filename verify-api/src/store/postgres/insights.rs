//! Counts of how things went, on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::postgres::PgRow;
use sqlx::query::QueryAs;
use sqlx::{AssertSqlSafe, FromRow};

use super::PgStore;
use crate::store::insights::{self, Bounds, Counted, Counts, FateOf};
use crate::store::rows::millis;
use crate::store::{PageFeedback, Result};

impl PgStore {
    /// The rows of a statement of ours, whose parameters are written as SQLite has them.
    async fn counted<T, B>(&self, sql: &'static str, bounds: Bounds<B>) -> Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
        B: for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + 'static,
    {
        let sql = AssertSqlSafe(sql.replace('?', "$"));
        let query = bounds.into_iter().fold(sqlx::query_as(sql), QueryAs::bind);
        Ok(query.fetch_all(&self.pool).await?)
    }
}

#[async_trait]
impl Counts for PgStore {
    async fn count_reached(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<usize>>> {
        let found = self.counted(insights::REACHED, bounds.map(millis)).await?;
        found.into_iter().map(insights::reached).collect()
    }

    async fn count_fates(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<FateOf>>> {
        let found = self.counted(insights::FATES, bounds.map(millis)).await?;
        found.into_iter().map(insights::fate).collect()
    }

    async fn count_events(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<String>>> {
        let found = self.counted(insights::EVENTS, bounds.map(millis)).await?;
        found.into_iter().map(insights::event).collect()
    }

    async fn count_pages(&self, bounds: Bounds<Date>) -> Result<Vec<(usize, PageFeedback)>> {
        let days = bounds.map(|day| day.to_string());
        let found = self.counted(insights::PAGES, days).await?;
        found.into_iter().map(insights::page).collect()
    }
}
