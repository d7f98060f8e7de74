//! Whether pages have helped their readers.
//!
//! What is kept is how often a page was answered about on a day. It must not know who
//! has answered, nor whether there is such a page.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{App, Outcome};
use crate::limits::Network;
use crate::store::{Given, PageFeedback, Result, StoreError};

/// How long counts are kept: long enough to compare a page with itself a year before.
pub(crate) const KEPT_YEARS: i16 = 2;

impl App {
    /// Counts an answer about the page at `page`.
    ///
    /// # Errors
    /// `over-limit` when this network has answered too often; `unavailable`.
    pub async fn give_feedback(&self, page: &str, has_helped: bool, from: Network) -> Outcome<()> {
        let at = self.now();
        let given = Given {
            page: page.to_owned(),
            day: TimeZone::UTC.to_datetime(at).date(),
            has_helped,
        };
        let charges = self.limits.giving_feedback(from);
        Ok(self.store.count_feedback(given, charges, at).await?)
    }

    /// What was said about each page within the last `days`, by path.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feedback(&self, days: u16) -> Result<Vec<PageFeedback>> {
        let since = days_before(self.now(), days)?;
        self.store.feedback(since).await
    }
}

fn days_before(now: Timestamp, days: u16) -> Result<jiff::civil::Date> {
    let today = TimeZone::UTC.to_datetime(now).date();
    today
        .checked_sub(Span::new().days(i64::from(days)))
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}
