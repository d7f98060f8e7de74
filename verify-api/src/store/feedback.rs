//! Whether pages have helped: counts a page and a day, and nothing of who has answered.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Result;
use crate::limits::Charge;

/// Answers to "Did this answer your question?".
#[async_trait]
pub trait Feedback: Send + Sync {
    /// Counts an answer, if its budgets hold it.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`](super::StoreError::OverBudget); then nothing was counted.
    async fn count_feedback(&self, given: Given, charges: Vec<Charge>, at: Timestamp)
    -> Result<()>;
    /// All pages that were answered about since a day, by path.
    async fn feedback(&self, since: Date) -> Result<Vec<PageFeedback>>;
    /// Forgets what was counted before a day.
    async fn forget_feedback(&self, before: Date) -> Result<()>;
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Given {
    /// The path of the page.
    pub page: String,
    /// The day, in UTC.
    pub day: Date,
    /// Whether the page has helped.
    pub has_helped: bool,
}

/// What readers of one page have said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFeedback {
    /// The path of the page.
    pub page: String,
    /// How many it has helped.
    pub yes: u64,
    /// How many it has not.
    pub no: u64,
}
