//! The keys of a database: opened with the master key, learned anew while others
//! change them, rotated, and put into another wrapping.
//!
//! A server that has not learned of a change yet can do no harm: the database
//! takes no record whose key is gone, and erases no key that a record needs.

mod rewrap;
mod rotate;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

pub use rotate::{Rotated, RotationStep};

use crate::audit::Chain;
use crate::crypto::{KeyId, KeySource, Keyring, MasterKey, SecretKey};
use crate::entropy::Entropy;
use crate::store::{Database, Store, StoreError, StoredKey};

/// How often a process looks for keys that others have made: the longest that it
/// goes on sealing with an older one.
const REFRESH: Duration = Duration::from_secs(2);

/// How long a rotation waits until every process has seen the new key: long
/// enough for one look to fail.
const KEEP_UP: Duration = Duration::from_secs(5);
const _: () = assert!(KEEP_UP.as_secs() > 2 * REFRESH.as_secs());

/// Why keys could not be changed.
#[derive(Debug)]
pub enum KeysError {
    /// There is no number left for another key.
    NoNumberLeft,
    /// Somebody else changed the keys at the same time.
    Changed,
    /// The master key does not open the keys of this database.
    Master,
    /// Records that cannot be opened keep their key.
    Damaged {
        /// How many.
        records: u64,
    },
    /// Some process goes on writing with the old key.
    StillUsed,
    /// The database does not work.
    Store(StoreError),
}

impl std::fmt::Display for KeysError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoNumberLeft => f.write_str(
                "Every number for a key is used up. Keep the key that there is.",
            ),
            Self::Changed => f.write_str(
                "Somebody else is changing the keys at the same time. See that only one does, and start again.",
            ),
            Self::Master => f.write_str(
                "The key in `secrets.key` does not open the keys of this database any more. Set the right key.",
            ),
            Self::Damaged { records } => write!(
                f,
                "{records} stored record{} cannot be opened, so the old key was kept. Everything else has the new one; look for the damage, or restore a backup.",
                if *records == 1 { "" } else { "s" }
            ),
            Self::StillUsed => f.write_str(
                "Records are still written with the old key, so it was kept. Restart the servers of this database, then run `verify-api keys rotate` again; it goes on where it stopped.",
            ),
            Self::Store(cause) => write!(f, "The keys could not be changed: {cause}. Try again; nothing is lost."),
        }
    }
}

impl std::error::Error for KeysError {}

impl From<StoreError> for KeysError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Changed,
            error => Self::Store(error),
        }
    }
}

/// Why a database's keys cannot be had.
pub(crate) enum Locked {
    /// The master key is not the one that wraps them, or they are not there.
    Master,
    /// The database does not work.
    Store(StoreError),
}

/// Opens the keys of a database; a new one gets its first keys.
pub(crate) async fn unlock(
    database: &dyn Database,
    master: &MasterKey,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> Result<Keyring, Locked> {
    let [root, data] = [(); 2].map(|()| SecretKey::new(entropy));
    let first = [(KeyId::ROOT, &root), (KeyId::FIRST, &data)].map(|(id, key)| StoredKey {
        id,
        wrapped: master.wrap(id, key, entropy),
    });
    let chain = Chain::new(Arc::new(Keyring::new(&root, [(KeyId::FIRST, data)])));
    let stored = database.first_keys(&first, &chain, now).await;
    keyring(&stored.map_err(Locked::Store)?, master).ok_or(Locked::Master)
}

/// The keyring of stored keys, if the master key opens each, and none is missing.
pub(crate) fn keyring(stored: &[StoredKey], master: &MasterKey) -> Option<Keyring> {
    let mut keys = opened(stored, master)?;
    let root = keys.iter().position(|(id, _)| *id == KeyId::ROOT)?;
    let (_, root) = keys.swap_remove(root);
    (!keys.is_empty()).then(|| Keyring::new(&root, keys))
}

/// All keys, if the master key opens each of them.
fn opened(stored: &[StoredKey], master: &MasterKey) -> Option<Vec<(KeyId, SecretKey)>> {
    let opened = stored.iter().map(|key| {
        let opened = master.unwrap(key.id, &key.wrapped).ok()?;
        Some((key.id, opened))
    });
    opened.collect()
}

/// Has `keys` learn of what others do to the keys of `store`: when it meets a
/// key that it does not know, and every two seconds until it goes.
pub(crate) fn keep_up(keys: &Arc<Keyring>, store: &Arc<dyn Store>, master: &MasterKey) {
    keys.learn_from(Box::new(Source {
        store: Arc::downgrade(store),
        master: master.clone(),
        is_silent: AtomicBool::new(false),
    }));
    let keys = Arc::downgrade(keys);
    tokio::spawn(async move {
        let mut interval = tokio::time::interval(REFRESH);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // The first tick is now, and the keys have just been read.
        interval.tick().await;
        loop {
            interval.tick().await;
            let Some(keys) = keys.upgrade() else { break };
            keys.refresh().await;
        }
    });
}

/// The table of keys. Weak, because the store itself needs the keyring.
struct Source {
    store: Weak<dyn Store>,
    master: MasterKey,
    /// Whether it was told that keys cannot be had, so that it is told once.
    is_silent: AtomicBool,
}

#[async_trait]
impl KeySource for Source {
    async fn data_keys(&self) -> Option<Vec<(KeyId, SecretKey)>> {
        let store = self.store.upgrade()?;
        let keys = match store.keys().await {
            Ok(stored) => match opened(&stored, &self.master) {
                Some(keys) => Ok(keys),
                None => Err("they are wrapped with another secrets.key by now; \
                     start this server again with that one"
                    .to_owned()),
            },
            Err(error) => Err(error.to_string()),
        };
        match keys {
            Ok(mut keys) => {
                self.is_silent.store(false, Ordering::Relaxed);
                keys.retain(|(id, _)| *id != KeyId::ROOT);
                Some(keys)
            }
            Err(cause) => {
                if !self.is_silent.swap(true, Ordering::Relaxed) {
                    tracing::error!(cause, "the keys could not be read anew");
                }
                None
            }
        }
    }
}
