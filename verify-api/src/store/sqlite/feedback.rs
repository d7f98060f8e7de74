//! Whether pages have helped, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::query::execute;
use super::{SqliteStore, limits};
use crate::limits::Charge;
use crate::store::{Feedback, Given, PageFeedback, Result, rows};

#[async_trait]
impl Feedback for SqliteStore {
    async fn count_feedback(
        &self,
        given: Given,
        charges: Vec<Charge>,
        at: Timestamp,
    ) -> Result<()> {
        self.writer
            .write(move |on| {
                limits::charge(on, &charges, at)?;
                let (yes, no) = rows::counted(given.has_helped);
                execute(
                    on,
                    "INSERT INTO feedback (page, day, yes, no) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (page, day) DO UPDATE SET yes = yes + ?3, no = no + ?4",
                    (given.page.as_str(), given.day.to_string(), yes, no),
                )?;
                Ok(())
            })
            .await
    }

    async fn feedback(&self, since: Date) -> Result<Vec<PageFeedback>> {
        let found = self.readers.all(
            "SELECT page, sum(yes), sum(no) FROM feedback WHERE day >= ?1
             GROUP BY page ORDER BY page",
            (since.to_string(),),
        );
        found.await?.into_iter().map(rows::feedback).collect()
    }

    async fn forget_feedback(&self, before: Date) -> Result<()> {
        self.writer
            .write(move |on| {
                let forget = "DELETE FROM feedback WHERE day < ?1";
                execute(on, forget, (before.to_string(),))?;
                Ok(())
            })
            .await
    }
}
