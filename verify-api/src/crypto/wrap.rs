//! The keys that a database holds: made by chance, and wrapped by the master key.
//!
//! So the master key can change without touching a record, and the keys of
//! records without touching a keyed hash. It must not know what they seal.

use zeroize::Zeroizing;

use super::keyring::{expand, extract};
use super::seal::{self, OpenError};
use super::{MasterKey, redact};
use crate::entropy::Entropy;

/// The first byte of a wrapped key: the layout of what follows.
const FORMAT: u8 = 1;

/// Names a key of a database. Counts up, and no number is given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(pub u16);

impl KeyId {
    /// The root of all keyed hashes, which seals nothing and never changes.
    pub const ROOT: Self = Self(0);
    /// The first key that seals records.
    pub const FIRST: Self = Self(1);

    /// The one after this; nothing after 65,535, which is a rotation a day for
    /// 179 years.
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A key that was made by chance; 256 bits.
pub struct SecretKey(pub(super) Zeroizing<[u8; 32]>);

impl SecretKey {
    /// A new one.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(&mut *key);
        Self(key)
    }
}

/// A key as it is stored: encrypted, and bound to its number.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped(pub Vec<u8>);

redact!(SecretKey, Wrapped);

impl MasterKey {
    /// Encrypts a key, which then opens under the same number only.
    pub fn wrap(&self, id: KeyId, key: &SecretKey, entropy: &dyn Entropy) -> Wrapped {
        let wrapping = self.wrapping();
        Wrapped(seal::encrypt(
            &wrapping,
            &[FORMAT],
            &place(id),
            &*key.0,
            entropy,
        ))
    }

    /// Decrypts a key.
    ///
    /// # Errors
    /// [`OpenError::Refused`] when it was wrapped with another master key, or is
    /// another key; [`OpenError::Format`].
    pub fn unwrap(&self, id: KeyId, wrapped: &Wrapped) -> Result<SecretKey, OpenError> {
        let rest = wrapped.0.strip_prefix(&[FORMAT]).ok_or(OpenError::Format)?;
        let plain = seal::decrypt(&self.wrapping(), &[FORMAT], &place(id), rest)?;
        let mut key = Zeroizing::new([0; 32]);
        if plain.len() != key.len() {
            return Err(OpenError::Content);
        }
        key.copy_from_slice(&plain);
        Ok(SecretKey(key))
    }

    fn wrapping(&self) -> Zeroizing<[u8; 32]> {
        let root = extract(b"frontdesk master 1", self.bytes());
        expand(&root, b"frontdesk/1/wrap")
    }
}

fn place(id: KeyId) -> Vec<u8> {
    let mut place = b"key\0".to_vec();
    place.extend_from_slice(&id.0.to_be_bytes());
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn a_wrapped_key_opens_under_its_number_and_master_key_only() {
        let entropy = SeededEntropy::new(1);
        let master = |byte: &str| MasterKey::from_hex(&byte.repeat(32)).unwrap();
        let (ours, other) = (master("4b"), master("4c"));
        let key = SecretKey::new(&entropy);
        let wrapped = ours.wrap(KeyId(7), &key, &entropy);
        assert_eq!(ours.unwrap(KeyId(7), &wrapped).unwrap().0, key.0);
        for (master, id) in [(&other, KeyId(7)), (&ours, KeyId(8)), (&ours, KeyId::ROOT)] {
            let opened = master.unwrap(id, &wrapped);
            assert!(matches!(opened, Err(OpenError::Refused)), "{id}");
        }
        for byte in 0..wrapped.0.len() {
            let mut changed = wrapped.clone();
            changed.0[byte] ^= 1;
            assert!(ours.unwrap(KeyId(7), &changed).is_err(), "{byte}");
        }
        assert!(!wrapped.0.windows(32).any(|part| part == *key.0));
    }
}
