//! The keys of records, as a store keeps them.
//!
//! It must not know what a key is used for, nor how it is wrapped.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Place, Resealed, Result, StoredKey};
use crate::audit::Entry;
use crate::crypto::{KeyId, Sealed, Wrapped};

/// The keys of records, and records that get another one.
#[async_trait]
pub trait KeyTable: Send + Sync {
    /// All keys, the root first.
    async fn keys(&self) -> Result<Vec<StoredKey>>;
    /// Adds a key, if the root is still wrapped like this: keys that different
    /// master keys open must not stand side by side.
    ///
    /// # Errors
    /// [`StoreError::Conflict`](super::StoreError::Conflict) when it is not, or the number is taken.
    async fn add_key(
        &self,
        key: &StoredKey,
        root: &Wrapped,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()>;
    /// Puts all keys, as they were read, into another wrapping.
    ///
    /// # Errors
    /// [`StoreError::Conflict`](super::StoreError::Conflict) when there are others by now.
    async fn rewrap(
        &self,
        keys: Vec<(StoredKey, Wrapped)>,
        at: Timestamp,
        audit: Entry,
    ) -> Result<()>;
    /// How many records are sealed with another key than `key`.
    async fn count_otherwise(&self, place: Place, key: KeyId) -> Result<u64>;
    /// Records that are sealed with another key than `key`, ordered by their
    /// rows, those after the row `after`, at most `limit`.
    async fn sealed_otherwise(
        &self,
        place: Place,
        key: KeyId,
        after: Option<[u8; 16]>,
        limit: u32,
    ) -> Result<Vec<([u8; 16], Sealed)>>;
    /// Replaces records that are still as they were read; how many. What
    /// somebody else is writing at the moment may be left out.
    async fn reseal(&self, place: Place, records: Vec<Resealed>) -> Result<u64>;
    /// Erases a key; that it is gone already is no error.
    ///
    /// # Errors
    /// [`StoreError::Conflict`](super::StoreError::Conflict) when a record needs it.
    async fn erase_key(&self, key: KeyId, at: Timestamp, audit: Entry) -> Result<()>;
}
