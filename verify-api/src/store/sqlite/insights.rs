//! Counts of how things went, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::SqliteStore;
use crate::store::insights::{self, Bounds, Counted, Counts, FateOf};
use crate::store::rows::millis;
use crate::store::{PageFeedback, Result};

#[async_trait]
impl Counts for SqliteStore {
    async fn count_reached(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<usize>>> {
        let found = self
            .readers
            .all(insights::REACHED, bounds.map(millis))
            .await?;
        found.into_iter().map(insights::reached).collect()
    }

    async fn count_fates(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<FateOf>>> {
        let found = self
            .readers
            .all(insights::FATES, bounds.map(millis))
            .await?;
        found.into_iter().map(insights::fate).collect()
    }

    async fn count_events(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<String>>> {
        let found = self
            .readers
            .all(insights::EVENTS, bounds.map(millis))
            .await?;
        found.into_iter().map(insights::event).collect()
    }

    async fn count_pages(&self, bounds: Bounds<Date>) -> Result<Vec<(usize, PageFeedback)>> {
        let days = bounds.map(|day| day.to_string());
        let found = self.readers.all(insights::PAGES, days).await?;
        found.into_iter().map(insights::page).collect()
    }
}
