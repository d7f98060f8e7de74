//! Puts the keys of a database into the wrapping of another master key.

use super::{KeysError, opened};
use crate::app::App;
use crate::audit::{Entry, Event};
use crate::crypto::{KeyId, MasterKey};

impl App {
    /// Wraps every key with `new`, all or none; no record and no keyed hash is
    /// touched. Running servers go on, and start again with the new key only.
    ///
    /// # Errors
    /// [`KeysError::Master`], [`KeysError::Changed`], [`KeysError::Store`];
    /// nothing was changed.
    pub async fn rewrap_keys(&self, old: &MasterKey, new: &MasterKey) -> Result<(), KeysError> {
        let stored = self.store.keys().await?;
        let keys = opened(&stored, old).ok_or(KeysError::Master)?;
        let wrapped = stored.into_iter().zip(&keys).map(|(stored, (id, key))| {
            let wrapped = new.wrap(*id, key, &*self.entropy);
            (stored, wrapped)
        });
        let entry = Entry::key(Event::KeysRewrapped, KeyId::ROOT);
        let wrapped = wrapped.collect();
        Ok(self.store.rewrap(wrapped, self.now(), entry).await?)
    }
}
