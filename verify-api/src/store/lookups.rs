//! By what patients are looked up, besides their number: keyed hashes of birth date and name.
//!
//! It must not know what is hashed. The rows of a record follow from what it holds, so
//! whoever changes it says which ones go and which ones come.

use async_trait::async_trait;

use super::Result;
use crate::crypto::Sealed;
use crate::patient::PatientId;

/// A keyed hash, cut short: what falls together by chance is told apart once it is opened.
pub type ShortKey = [u8; 8];

/// A row of a record: of its birth date, and of a form of the name with that date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LookupKey {
    /// The birth date.
    pub birth: ShortKey,
    /// The form of the name, with the birth date.
    pub name: ShortKey,
}

crate::crypto::redact!(LookupKey);

/// A record whose rows are other ones from now on.
#[derive(Debug)]
pub struct Relisted {
    /// The patient.
    pub id: PatientId,
    /// The rows that it had, if it had been given any.
    pub old: Vec<LookupKey>,
    /// Those that it has from now on.
    pub new: Vec<LookupKey>,
}

/// A record that gets its first rows.
#[derive(Debug)]
pub struct Listed {
    /// The patient.
    pub id: PatientId,
    /// The record as it was read.
    pub sealed: Sealed,
    /// Its rows.
    pub lookups: Vec<LookupKey>,
}

/// Who is looked up.
#[derive(Clone, Debug)]
pub struct LookedUp {
    /// Whoever has one of these rows: those of each group are found apart, so that one group
    /// cannot take the places of another.
    pub rows: [Vec<LookupKey>; 2],
    /// How many patients are found by the rows of a group at most.
    pub by_rows: u32,
    /// Whoever has this birth date.
    pub birth: ShortKey,
    /// How many patients are found by the birth date at most.
    pub by_birth: u32,
}

/// Records that were found.
#[derive(Debug, Default)]
pub struct Found {
    /// Each once, in no order.
    pub records: Vec<(PatientId, Sealed)>,
    /// Whether there are others, which were more than were asked for.
    pub is_cut: bool,
}

/// Looking patients up by what they say of themselves.
#[async_trait]
pub trait Lookups: Send + Sync {
    /// The records of patients who have one of the rows or the birth date. Of more than are
    /// asked for it is those with the first ids.
    async fn look_up(&self, wanted: LookedUp) -> Result<Found>;
    /// Records that have no rows yet, in the order of their ids, after this one.
    async fn unlisted(
        &self,
        after: Option<PatientId>,
        limit: u32,
    ) -> Result<Vec<(PatientId, Sealed)>>;
    /// Gives records their first rows; how many. One that has changed meanwhile, or has its
    /// rows, is left alone.
    async fn list(&self, records: Vec<Listed>) -> Result<u64>;
}
