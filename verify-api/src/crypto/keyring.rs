//! The keys: the root of keyed hashes, the keys of records, and one derived key
//! for each use of them.
//!
//! It must not know what is hashed or sealed, nor where keys are kept.

use std::collections::BTreeMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::purpose::{Purpose, Use};
use super::{Digest, KeyId, SecretKey, redact};

/// Where a keyring learns of keys that others have made or erased.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// All keys of records that there are now; nothing when they cannot be had.
    async fn data_keys(&self) -> Option<Vec<(KeyId, SecretKey)>>;
}

/// Hands out keyed hashes and sealed records. Its memory is wiped when it goes.
///
/// Keys are derived with HKDF-SHA-256 (RFC 5869): extracted once, expanded with
/// a label for each purpose and use.
pub struct Keyring {
    root: Zeroizing<[u8; 32]>,
    data: RwLock<BTreeMap<KeyId, DataKey>>,
    source: OnceLock<Box<dyn KeySource>>,
}

/// A key of records.
struct DataKey {
    root: Zeroizing<[u8; 32]>,
    /// Erased, and kept once more for records that were read before that.
    is_erased: bool,
}

redact!(Keyring);

impl Keyring {
    /// The keyring of these keys. The newest one seals; all of them open.
    ///
    /// ```
    /// # use verify_api::crypto::{KeyId, Keyring, Purpose, SecretKey, Sealed};
    /// # use verify_api::entropy::OsEntropy;
    /// let key = |id| (KeyId(id), SecretKey::new(&OsEntropy));
    /// let keyring = Keyring::new(&SecretKey::new(&OsEntropy), [key(1), key(2)]);
    /// let sealed = keyring.seal(Purpose::Patient, b"row 1", b"Rosa", &OsEntropy);
    /// assert_eq!(sealed.key(), Some(KeyId(2)));
    /// ```
    pub fn new(root: &SecretKey, data: impl IntoIterator<Item = (KeyId, SecretKey)>) -> Self {
        let keyring = Self {
            root: extract(b"frontdesk keyring 1", &*root.0),
            data: RwLock::default(),
            source: OnceLock::new(),
        };
        keyring.take(data);
        keyring
    }

    /// Learns of new keys from `source` from now on; the first one counts.
    pub fn learn_from(&self, source: Box<dyn KeySource>) {
        // A keyring belongs to one database for good.
        let _ = self.source.set(source);
    }

    /// Learns which keys there are now. Where that cannot be known, everything
    /// stays as it was.
    pub async fn refresh(&self) {
        if let Some(source) = self.source.get()
            && let Some(keys) = source.data_keys().await
        {
            self.take(keys);
        }
    }

    /// The key that seals, if there is one.
    pub fn newest(&self) -> Option<KeyId> {
        let data = self.data.read().unwrap_or_else(PoisonError::into_inner);
        let mut alive = data.iter().rev().filter(|(_, key)| !key.is_erased);
        alive.next().map(|(id, _)| *id)
    }

    fn take(&self, keys: impl IntoIterator<Item = (KeyId, SecretKey)>) {
        let mut data = self.data.write().unwrap_or_else(PoisonError::into_inner);
        data.retain(|_, key| !std::mem::replace(&mut key.is_erased, true));
        data.extend(keys.into_iter().map(|(id, key)| {
            let root = extract(b"frontdesk data 1", &*key.0);
            let is_erased = false;
            (id, DataKey { root, is_erased })
        }));
    }

    /// The keyed hash (HMAC-SHA-256) of `message`, for one purpose.
    ///
    /// ```
    /// # use verify_api::crypto::{KeyId, Keyring, Purpose, SecretKey};
    /// # use verify_api::entropy::OsEntropy;
    /// # let keyring = Keyring::new(&SecretKey::new(&OsEntropy), []);
    /// let stored = keyring.digest(Purpose::Code, b"123456");
    /// assert!(stored.matches(&keyring.digest(Purpose::Code, b"123456")));
    /// assert!(!stored.matches(&keyring.digest(Purpose::FlowToken, b"123456")));
    /// ```
    pub fn digest(&self, purpose: Purpose, message: &[u8]) -> Digest {
        let key = self.key(purpose, Use::Digest);
        Digest(hmac(&*key, &[message]))
    }

    /// The key of a purpose and use that never changes.
    pub(super) fn key(&self, purpose: Purpose, used: Use) -> Zeroizing<[u8; 32]> {
        derive(&self.root, purpose, used)
    }

    /// What records of a purpose are sealed with under a key; nothing when that
    /// key is not known.
    pub(super) fn sealing_key(&self, id: KeyId, purpose: Purpose) -> Option<Zeroizing<[u8; 32]>> {
        let data = self.data.read().unwrap_or_else(PoisonError::into_inner);
        let key = data.get(&id)?;
        Some(derive(&key.root, purpose, Use::Seal))
    }

    /// A keyring of tests, whose keys are this byte over and over.
    #[cfg(test)]
    pub(crate) fn of_byte(byte: u8) -> Self {
        let key = || SecretKey(Zeroizing::new([byte; 32]));
        Self::new(&key(), [(KeyId::FIRST, key())])
    }
}

fn derive(root: &[u8; 32], purpose: Purpose, used: Use) -> Zeroizing<[u8; 32]> {
    let info = format!("frontdesk/1/{}/{}", used.label(), purpose.label());
    expand(root, info.as_bytes())
}

fn hmac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length (RFC 2104 §3)");
    for part in message {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// RFC 5869 §2.2.
pub(super) fn extract(salt: &[u8], secret: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(hmac(salt, &[secret]))
}

/// RFC 5869 §2.3, of which the first block is all that a 256-bit key needs.
pub(super) fn expand(root: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(hmac(root, &[info, &[1]]))
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER_PERMISSIVE;

    use super::*;

    const ALL: [Purpose; 31] = [
        Purpose::FlowToken,
        Purpose::Code,
        Purpose::Invitation,
        Purpose::RevealToken,
        Purpose::Username,
        Purpose::Email,
        Purpose::CodeMaking,
        Purpose::PatientSource,
        Purpose::Staff,
        Purpose::StaffLink,
        Purpose::StaffApp,
        Purpose::StaffSession,
        Purpose::StaffForm,
        Purpose::StaffTrail,
        Purpose::StaffVisit,
        Purpose::Proxy,
        Purpose::StaffBrowser,
        Purpose::FlowState,
        Purpose::Job,
        Purpose::Patient,
        Purpose::Account,
        Purpose::LinkMaking,
        Purpose::Pepper,
        Purpose::AuditLine,
        Purpose::AuditStart,
        Purpose::Limit,
        Purpose::ResetLink,
        Purpose::Provider,
        Purpose::ProviderKey,
        Purpose::PatientBirth,
        Purpose::PatientName,
    ];

    #[test]
    fn keys_are_derived_as_rfc_5869_says() {
        // Appendix A.1; its output is longer, and begins with one block.
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let root = extract(&salt, &[0x0b; 22]);
        assert_eq!(
            HEXLOWER_PERMISSIVE.encode(&*root),
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
        );
        assert_eq!(
            HEXLOWER_PERMISSIVE.encode(&*expand(&root, &info)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
    }

    #[test]
    fn no_two_uses_share_a_key() {
        let keyring = Keyring::of_byte(0x4b);
        let mut keys: Vec<[u8; 32]> = ALL
            .iter()
            .flat_map(|purpose| [Use::Digest, Use::Seal, Use::Pepper].map(|used| (*purpose, used)))
            .map(|(purpose, used)| *keyring.key(purpose, used))
            .chain(ALL.map(|purpose| *keyring.sealing_key(KeyId::FIRST, purpose).unwrap()))
            .collect();
        keys.push([0x4b; 32]);
        keys.push(*keyring.root);
        let total = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), total);
    }

    #[test]
    fn another_root_gives_other_hashes() {
        let (one, other) = (Keyring::of_byte(0x4b), Keyring::of_byte(0x4c));
        let digest = one.digest(Purpose::Code, b"123456");
        assert!(digest.matches(&Keyring::of_byte(0x4b).digest(Purpose::Code, b"123456")));
        assert!(!digest.matches(&other.digest(Purpose::Code, b"123456")));
        assert!(!digest.matches(&one.digest(Purpose::Code, b"123457")));
    }

    #[test]
    fn an_erased_key_opens_once_more_what_was_read_before_that() {
        let key = |byte| SecretKey(Zeroizing::new([byte; 32]));
        let keyring = Keyring::of_byte(1);
        let knows = |id| keyring.sealing_key(KeyId(id), Purpose::Patient).is_some();
        keyring.take([(KeyId(1), key(1)), (KeyId(2), key(2))]);
        assert_eq!(keyring.newest(), Some(KeyId(2)));
        keyring.take([(KeyId(2), key(2))]);
        assert!(knows(1) && knows(2));
        keyring.take([(KeyId(2), key(2))]);
        assert!(!knows(1) && knows(2));
    }

    #[test]
    fn a_keyring_does_not_show_in_debug() {
        assert_eq!(format!("{:?}", Keyring::of_byte(1)), "Keyring(redacted)");
    }
}
