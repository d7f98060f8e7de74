//! The audit trail as a store keeps it, and what is asked of it.
//!
//! It must not know what an event means, nor who may read.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Ends, Result};
use crate::audit::{Event, Line};
use crate::crypto::Digest;
use crate::patient::PatientId;
use crate::staff::StaffId;

/// The audit trail. Lines are added by what they record, and by nothing else.
#[async_trait]
pub trait Trail: Send + Sync {
    /// The lines after the one counted `after`, oldest first, at most `limit`;
    /// each with the link that was stored with it.
    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<(Line, Digest)>>;
    /// The lines that were asked for, newest first.
    async fn find_lines(&self, query: TrailQuery) -> Result<Vec<Line>>;
    /// Where the trail begins and ends; nothing when somebody has taken that away.
    async fn audit_ends(&self) -> Result<Option<Ends>>;
    /// Removes lines from before `before`, oldest first, and writes down that it
    /// did; how many. At most some thousands at a time, so that nobody waits
    /// long: ask again until it is none.
    async fn shorten_audit(&self, before: Timestamp, at: Timestamp) -> Result<u64>;
}

/// Which lines are wanted; all of these at once.
#[derive(Clone, Copy, Debug)]
pub struct TrailQuery {
    /// Of what this staff user did, and of what was done about them.
    pub staff: Option<StaffId>,
    /// About this patient, or an account of theirs.
    pub patient: Option<PatientId>,
    /// Of this event.
    pub event: Option<Event>,
    /// Not from before.
    pub from: Option<Timestamp>,
    /// From before this.
    pub until: Option<Timestamp>,
    /// After this line in the order in which they come: older.
    pub after: Option<TrailPlace>,
    /// So many at most.
    pub limit: u32,
}

impl TrailQuery {
    /// What a statement says besides, to go along the index of events: where nothing narrows it
    /// down more. The index has all but the lines of imports, of which there are as many as
    /// patients.
    pub(super) fn of_index(&self) -> &'static str {
        let is_narrow = self.staff.is_some() || self.patient.is_some();
        match self.event {
            Some(event) if event != Event::PatientImported && !is_narrow => {
                " AND event <> 'patient-imported'"
            }
            _ => "",
        }
    }
}

/// Where a line stands among others that come newest first. Two may have the same time, so its
/// number is part of it; and a clock may have been put back, so the number alone is not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailPlace {
    /// When it was written.
    pub at: Timestamp,
    /// Its number.
    pub seq: i64,
}

impl TrailPlace {
    /// The place of a line.
    pub const fn of(line: &Line) -> Self {
        Self {
            at: line.at,
            seq: line.seq,
        }
    }
}
