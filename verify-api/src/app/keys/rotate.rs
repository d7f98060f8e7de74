//! Gives every record another key, and erases the one that it had.

use super::{KEEP_UP, KeysError};
use crate::app::App;
use crate::audit::{Entry, Event};
use crate::crypto::{KeyId, MasterKey, Purpose, SecretKey};
use crate::store::{Place, Resealed, StoreError, StoredKey};

/// How many records are held in memory, and written in one transaction.
const PAGE: u32 = 200;

/// How often all records are gone over: the second time is for those that
/// somebody was just writing.
const PASSES: usize = 5;

/// What a rotation is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationStep {
    /// It gives every process the time to learn of the new key.
    Waiting,
    /// It has sealed some records anew.
    Sealing {
        /// How many so far.
        done: u64,
        /// Of how many that were there when it began.
        of: u64,
    },
}

/// What a rotation has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The key that seals everything now.
    pub to: KeyId,
    /// How many records were sealed anew.
    pub records: u64,
    /// How many keys were erased.
    pub erased: usize,
    /// Whether an earlier rotation had been stopped, and was finished.
    pub is_resumed: bool,
}

impl App {
    /// Makes a new key, seals every record with it, and erases the older ones.
    /// Servers may run meanwhile. One that was stopped is gone on with.
    ///
    /// # Errors
    /// See [`KeysError`]; every record can be opened still.
    pub async fn rotate_keys(
        &self,
        master: &MasterKey,
        mut progress: impl FnMut(RotationStep),
    ) -> Result<Rotated, KeysError> {
        let mut stored = self.store.keys().await?;
        let is_resumed = stored.iter().filter(|key| key.id != KeyId::ROOT).count() > 1;
        if !is_resumed {
            self.add_key(master, &stored).await?;
            stored = self.store.keys().await?;
        }
        self.keys.refresh().await;
        let newest = stored.iter().map(|key| key.id).max();
        let Some(to) = newest.filter(|newest| self.keys.newest() == Some(*newest)) else {
            return Err(KeysError::Master);
        };
        progress(RotationStep::Waiting);
        tokio::time::sleep(KEEP_UP).await;
        let old: Vec<KeyId> = stored
            .iter()
            .map(|key| key.id)
            .filter(|id| *id != KeyId::ROOT && *id != to)
            .collect();
        let mut records = 0;
        for _ in 0..PASSES {
            let damaged = self.seal_anew(to, &mut records, &mut progress).await?;
            if damaged > 0 {
                let records = damaged;
                return Err(KeysError::Damaged { records });
            }
            if self.erase_keys(&old).await? {
                let erased = old.len();
                return Ok(Rotated {
                    to,
                    records,
                    erased,
                    is_resumed,
                });
            }
        }
        Err(KeysError::StillUsed)
    }

    async fn add_key(&self, master: &MasterKey, stored: &[StoredKey]) -> Result<(), KeysError> {
        let newest = stored.iter().map(|key| key.id).max();
        let id = newest
            .and_then(KeyId::next)
            .ok_or(KeysError::NoNumberLeft)?;
        let root = stored.iter().find(|key| key.id == KeyId::ROOT);
        let root = &root.ok_or(KeysError::Master)?.wrapped;
        // What this master key does not open, it must not wrap beside the others.
        master
            .unwrap(KeyId::ROOT, root)
            .map_err(|_| KeysError::Master)?;
        let key = StoredKey {
            id,
            wrapped: master.wrap(id, &SecretKey::new(&*self.entropy), &*self.entropy),
        };
        let entry = Entry::key(Event::KeyAdded, id);
        Ok(self.store.add_key(&key, root, self.now(), entry).await?)
    }

    /// One pass over all records; how many cannot be opened.
    async fn seal_anew(
        &self,
        to: KeyId,
        records: &mut u64,
        progress: &mut impl FnMut(RotationStep),
    ) -> Result<u64, KeysError> {
        let (mut of, mut damaged) = (*records, 0);
        for place in Place::ALL {
            of += self.store.count_otherwise(place, to).await?;
        }
        for place in Place::ALL {
            let mut after = None;
            loop {
                let page = self.store.sealed_otherwise(place, to, after, PAGE).await?;
                let Some((last, _)) = page.last() else { break };
                after = Some(*last);
                let mut resealed = Vec::with_capacity(page.len());
                for (id, old) in page {
                    match self.keys.open_fresh(purpose(place), &id, &old).await {
                        Ok(plain) => {
                            let new = self.keys.seal(purpose(place), &id, &plain, &*self.entropy);
                            resealed.push(Resealed { id, old, new });
                        }
                        Err(_) => damaged += 1,
                    }
                }
                *records += self.store.reseal(place, resealed).await?;
                progress(RotationStep::Sealing { done: *records, of });
            }
        }
        Ok(damaged)
    }

    /// Erases what no record needs any more; whether all were.
    async fn erase_keys(&self, old: &[KeyId]) -> Result<bool, KeysError> {
        for id in old {
            let entry = Entry::key(Event::KeyErased, *id);
            match self.store.erase_key(*id, self.now(), entry).await {
                Ok(()) => {}
                Err(StoreError::Conflict) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }
}

/// What the records of a place are sealed for.
const fn purpose(place: Place) -> Purpose {
    match place {
        Place::Patients => Purpose::Patient,
        Place::Staff => Purpose::Staff,
        Place::StaffCredentials => Purpose::StaffApp,
        Place::Proxies => Purpose::Proxy,
        Place::Invitations => Purpose::Invitation,
        Place::Accounts => Purpose::Account,
        Place::Flows => Purpose::FlowState,
        Place::Outbox => Purpose::Job,
        Place::Providers => Purpose::Provider,
    }
}
