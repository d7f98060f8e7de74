//! Counts of how things went in the weeks of each span, and of nobody in particular.
//!
//! They are read off what is kept for good, so nothing more is written down for them, and nobody
//! waits for a counter. It must not know which of them may be shown.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::model::Lane;
use super::rows::{corrupt, count};
use super::{PageFeedback, Result};
use crate::insights::SPANS;

/// Where the weeks of each span end and begin: the end of all, and each beginning, the shortest
/// span first. What stands in a longer one alone is counted there alone.
pub type Bounds<T> = [T; SPANS + 1];

/// Counts a span.
#[async_trait]
pub trait Counts: Send + Sync {
    /// How far those have come who were invited, each counted by their newest invitation: so
    /// many steps, as [`STEPS`] has them.
    async fn count_reached(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<usize>>>;
    /// What became of messages.
    async fn count_fates(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<FateOf>>>;
    /// How often something happened of what stands in [`ASKED_AND_DONE`], by its name.
    async fn count_events(&self, bounds: Bounds<Timestamp>) -> Result<Vec<Counted<String>>>;
    /// What readers said of pages.
    async fn count_pages(&self, bounds: Bounds<Date>) -> Result<Vec<(usize, PageFeedback)>>;
}

/// A count in the weeks of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted<T> {
    /// The first span that has those weeks, the shortest being 0.
    pub span: usize,
    /// What is counted.
    pub what: T,
    /// How many.
    pub count: u64,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FateOf {
    /// Which way it went.
    pub lane: Lane,
    /// The name of its fate.
    pub fate: String,
    /// What a provider told since; empty where none did.
    pub report: String,
}

/// The steps of an enrollment: from an invitation to an account.
pub const STEPS: usize = 6;

/// Who asked for a username or for another password, and who got it.
pub const ASKED_AND_DONE: [[&str; 2]; 2] = [
    ["username-recovery-asked", "username-shown"],
    ["password-reset-asked", "password-changed"],
];

/// Which span has the time of a row first; ?1 is the end, the others begin the spans.
macro_rules! span_of {
    ($time:literal) => {
        concat!(
            "CAST(CASE WHEN ",
            $time,
            " >= ?2 THEN 0 WHEN ",
            $time,
            " >= ?3 THEN 1 ELSE 2 END AS BIGINT)"
        )
    };
}

/// Each newest invitation, and the furthest step that its patient came to by the end. It is
/// looked for once an invitation, and so kept before it is counted.
pub(super) const REACHED: &str = concat!(
    "WITH invited AS MATERIALIZED (
       SELECT i.at AS at, (
         SELECT CAST(coalesce(max(CASE e.event
           WHEN 'patient-invited' THEN 6
           WHEN 'enrolled' THEN 5
           WHEN 'email-proven' THEN 4
           WHEN 'email-confirmed' THEN 4
           WHEN 'phone-proven' THEN 3
           WHEN 'identity-matched' THEN 2
           WHEN 'invitation-opened' THEN 1
           ELSE 0 END), 0) AS BIGINT)
         FROM audit e WHERE e.subject = i.subject AND e.seq > i.seq AND e.at < ?1
       ) AS reached
       FROM audit i
       WHERE i.event = 'patient-invited' AND i.event <> 'patient-imported'
         AND i.at >= ?4 AND i.at < ?1
     )
     SELECT ",
    span_of!("at"),
    ", reached, count(*) FROM invited WHERE reached < 6 GROUP BY 1, 2"
);

pub(super) const FATES: &str = concat!(
    "SELECT ",
    span_of!("done_at"),
    ", lane, fate, coalesce(report, ''), count(*) FROM outbox
     WHERE done_at >= ?4 AND done_at < ?1 AND fate IS NOT NULL AND lane <> 'practice' GROUP BY 1, 2, 3, 4"
);

pub(super) const EVENTS: &str = concat!(
    "SELECT ", span_of!("at"), ", event, count(*) FROM audit
     WHERE event IN ('username-recovery-asked', 'username-shown', 'password-reset-asked', 'password-changed')
       AND event <> 'patient-imported' AND at >= ?4 AND at < ?1 GROUP BY 1, 2"
);

pub(super) const PAGES: &str = concat!(
    "SELECT ",
    span_of!("day"),
    ", page, CAST(sum(yes) AS BIGINT), CAST(sum(no) AS BIGINT)
     FROM feedback WHERE day >= ?4 AND day < ?1 GROUP BY 1, 2"
);

/// `span, step, count`
pub(super) fn reached((span, step, number): (i64, i64, i64)) -> Result<Counted<usize>> {
    Ok(Counted {
        span: place(span)?,
        what: place(step)?,
        count: count(number)?,
    })
}

/// `span, lane, fate, report, count`
pub(super) type FateRow = (i64, String, String, String, i64);

pub(super) fn fate((span, lane, fate, report, number): FateRow) -> Result<Counted<FateOf>> {
    let mut lanes = Lane::OUT.into_iter();
    let lane = lanes.find(|known| known.as_str() == lane);
    let lane = lane.ok_or_else(|| corrupt(&NoLane))?;
    Ok(Counted {
        span: place(span)?,
        what: FateOf { lane, fate, report },
        count: count(number)?,
    })
}

/// `span, event, count`
pub(super) fn event((span, what, number): (i64, String, i64)) -> Result<Counted<String>> {
    Ok(Counted {
        span: place(span)?,
        what,
        count: count(number)?,
    })
}

/// `span, page, yes, no`
pub(super) type PageRow = (i64, String, i64, i64);

pub(super) fn page((span, page, yes, no): PageRow) -> Result<(usize, PageFeedback)> {
    let (yes, no) = (count(yes)?, count(no)?);
    Ok((place(span)?, PageFeedback { page, yes, no }))
}

fn place(number: i64) -> Result<usize> {
    usize::try_from(number).map_err(|error| corrupt(&error))
}

/// A message that went no way that we know.
#[derive(Debug)]
struct NoLane;

impl std::fmt::Display for NoLane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no such way of a message")
    }
}

impl std::error::Error for NoLane {}
