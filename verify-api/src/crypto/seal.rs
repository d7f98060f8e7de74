//! Sealed records: encrypted, and bound to the row that they belong to.
//!
//! It must not know what is inside.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{KeyId, Keyring, Purpose, redact};
use crate::entropy::{self, Entropy};

/// The first byte of everything that is sealed: the layout of what follows.
const FORMAT: u8 = 1;
const HEADER: usize = 3;
const NONCE: usize = 24;

/// An encrypted record: one byte for the format, two for the number of its key,
/// 24 for the nonce, then the ciphertext with its tag (XChaCha20-Poly1305, whose
/// nonce is long enough to be drawn by chance for ever).
///
/// The number stands in the clear, so that the database can tell what a key is
/// still needed for.
#[derive(Clone)]
pub struct Sealed(pub Vec<u8>);

impl Sealed {
    /// The key that it was sealed with; nothing when it is too short to say.
    pub fn key(&self) -> Option<KeyId> {
        let (header, _) = self.0.split_first_chunk::<HEADER>()?;
        let [_, high, low] = *header;
        Some(KeyId(u16::from_be_bytes([high, low])))
    }
}

redact!(Sealed);

/// Why a record cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Too short, or of a format that this version does not know.
    Format,
    /// Sealed with a key that is not there.
    UnknownKey,
    /// Changed, moved from another row or purpose, or sealed with another key.
    Refused,
    /// Opened, but what is inside is not what was expected.
    Content,
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Format => "a stored record has a format that this version cannot read",
            Self::UnknownKey => "a stored record names a key that this database does not have",
            Self::Refused => "a stored record cannot be opened: it was changed or moved",
            Self::Content => "a stored record opens, but holds something else than expected",
        })
    }
}

impl std::error::Error for OpenError {}

impl Keyring {
    /// Encrypts `plain` for `purpose`.
    ///
    /// `aad` names the place that the record belongs to, as a rule the id of its
    /// row; it opens there and nowhere else.
    ///
    /// # Panics
    /// Above 256 GiB, which is the cipher's limit, and on a keyring without keys.
    pub fn seal(
        &self,
        purpose: Purpose,
        aad: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Sealed {
        let (id, key) = self
            .newest()
            .and_then(|id| Some((id, self.sealing_key(id, purpose)?)))
            .expect("a keyring that seals has a key to seal with");
        let [high, low] = id.0.to_be_bytes();
        let header = [FORMAT, high, low];
        Sealed(encrypt(
            &key,
            &header,
            &bound_to(purpose, aad),
            plain,
            entropy,
        ))
    }

    /// Decrypts what was sealed for the same purpose and place.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(
        &self,
        purpose: Purpose,
        aad: &[u8],
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (header, rest) = sealed
            .0
            .split_first_chunk::<HEADER>()
            .ok_or(OpenError::Format)?;
        if header[0] != FORMAT {
            return Err(OpenError::Format);
        }
        let id = sealed.key().ok_or(OpenError::Format)?;
        let key = self.sealing_key(id, purpose).ok_or(OpenError::UnknownKey)?;
        decrypt(&key, header, &bound_to(purpose, aad), rest)
    }

    /// Like [`open`](Self::open); when the key is not known, learns first which
    /// ones there are now, because another process may have made it.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_fresh(
        &self,
        purpose: Purpose,
        aad: &[u8],
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        match self.open(purpose, aad, sealed) {
            Err(OpenError::UnknownKey) => {
                self.refresh().await;
                self.open(purpose, aad, sealed)
            }
            opened => opened,
        }
    }

    /// Like [`seal`](Self::seal), of the value as JSON.
    ///
    /// # Panics
    /// When the type has no JSON form, such as a map whose keys are no texts:
    /// a fault of the type, never of a value.
    pub fn seal_json<T: Serialize>(
        &self,
        purpose: Purpose,
        aad: &[u8],
        value: &T,
        entropy: &dyn Entropy,
    ) -> Sealed {
        let plain = Zeroizing::new(serde_json::to_vec(value).expect("the type has a JSON form"));
        self.seal(purpose, aad, &plain, entropy)
    }

    /// Like [`open_fresh`](Self::open_fresh), of a value sealed as JSON.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_json<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        aad: &[u8],
        sealed: &Sealed,
    ) -> Result<T, OpenError> {
        let plain = self.open_fresh(purpose, aad, sealed).await?;
        serde_json::from_slice(&plain).map_err(|_| OpenError::Content)
    }
}

/// `header`, a nonce, and `plain` in a form that opens with the same `key`,
/// `header` and `bound` only.
pub(super) fn encrypt(
    key: &[u8; 32],
    header: &[u8],
    bound: &[u8],
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Vec<u8> {
    let nonce: [u8; NONCE] = entropy::bytes(entropy);
    let payload = Payload {
        msg: plain,
        aad: &[header, bound].concat(),
    };
    let ciphertext = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), payload)
        .expect("records are far below the cipher's 256 GiB");
    [header, &nonce, &ciphertext].concat()
}

/// What [`encrypt`] put after the header.
pub(super) fn decrypt(
    key: &[u8; 32],
    header: &[u8],
    bound: &[u8],
    rest: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(OpenError::Format)?;
    let payload = Payload {
        msg: ciphertext,
        aad: &[header, bound].concat(),
    };
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| OpenError::Refused)
}

/// What the tag vouches for besides header and ciphertext. Labels have no zero
/// byte, so no label and place can pass for another pair.
fn bound_to(purpose: Purpose, aad: &[u8]) -> Vec<u8> {
    let mut bound = purpose.label().as_bytes().to_vec();
    bound.push(0);
    bound.extend_from_slice(aad);
    bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    use async_trait::async_trait;

    use crate::crypto::{KeySource, SecretKey};
    use crate::entropy::SeededEntropy;

    #[test]
    fn what_is_sealed_opens_again_and_never_looks_the_same() {
        let (keyring, entropy) = (Keyring::of_byte(0x4b), SeededEntropy::new(1));
        let seal = || keyring.seal(Purpose::Patient, b"row 1", b"Rosa", &entropy);
        let (one, two) = (seal(), seal());
        assert_ne!(one.0, two.0);
        assert!(!one.0.windows(4).any(|part| part == b"Rosa"));
        assert_eq!(one.0.len(), HEADER + NONCE + 4 + 16);
        for sealed in [one, two] {
            let plain = keyring.open(Purpose::Patient, b"row 1", &sealed).unwrap();
            assert_eq!(plain.as_slice(), b"Rosa");
        }
    }

    #[test]
    fn a_change_of_any_bit_is_noticed() {
        let (keyring, entropy) = (Keyring::of_byte(0x4b), SeededEntropy::new(1));
        let sealed = keyring.seal(Purpose::Patient, b"row 1", b"Rosa", &entropy);
        for bit in 0..sealed.0.len() * 8 {
            let mut changed = sealed.clone();
            changed.0[bit / 8] ^= 1 << (bit % 8);
            assert!(
                keyring.open(Purpose::Patient, b"row 1", &changed).is_err(),
                "bit {bit}"
            );
        }
        for length in 0..sealed.0.len() {
            let cut = Sealed(sealed.0[..length].to_vec());
            assert!(keyring.open(Purpose::Patient, b"row 1", &cut).is_err());
        }
    }

    #[test]
    fn a_record_opens_only_where_it_belongs() {
        let (ours, entropy) = (Keyring::of_byte(0x4b), SeededEntropy::new(1));
        let sealed = ours.seal(Purpose::Patient, b"row 1", b"Rosa", &entropy);
        for (keyring, purpose, aad) in [
            (&ours, Purpose::Patient, &b"row 2"[..]),
            (&ours, Purpose::Patient, b""),
            (&ours, Purpose::Account, b"row 1"),
            (&Keyring::of_byte(0x4c), Purpose::Patient, b"row 1"),
        ] {
            let opened = keyring.open(purpose, aad, &sealed);
            assert_eq!(opened.unwrap_err(), OpenError::Refused);
        }
    }

    #[tokio::test]
    async fn values_travel_as_json() {
        let (keyring, entropy) = (Keyring::of_byte(0x4b), SeededEntropy::new(1));
        let value = ("Rosa".to_owned(), 7_u8);
        let sealed = keyring.seal_json(Purpose::Job, b"1", &value, &entropy);
        let opened = keyring.open_json(Purpose::Job, b"1", &sealed).await;
        assert_eq!(opened, Ok(value));
        let opened = keyring.open_json::<Vec<bool>>(Purpose::Job, b"1", &sealed);
        assert_eq!(opened.await, Err(OpenError::Content));
    }

    /// Has made a second key, and tells of it when it is asked.
    struct Others(Mutex<Option<SecretKey>>);

    #[async_trait]
    impl KeySource for Others {
        async fn data_keys(&self) -> Option<Vec<(KeyId, SecretKey)>> {
            let second = self.0.lock().unwrap().take()?;
            Some(vec![(KeyId(2), second)])
        }
    }

    #[tokio::test]
    async fn a_key_that_another_process_made_is_learned_when_it_is_met() {
        let entropy = SeededEntropy::new(1);
        let second = || SecretKey::new(&SeededEntropy::new(2));
        let root = SecretKey::new(&entropy);
        let theirs = Keyring::new(&root, [(KeyId(2), second())]);
        let sealed = theirs.seal_json(Purpose::Job, b"1", &7, &entropy);
        let ours = Keyring::new(&root, [(KeyId(1), SecretKey::new(&entropy))]);
        let old = ours.seal_json(Purpose::Job, b"1", &6, &entropy);
        let unknown = ours.open_json::<u8>(Purpose::Job, b"1", &sealed).await;
        assert_eq!(unknown, Err(OpenError::UnknownKey));
        ours.learn_from(Box::new(Others(Mutex::new(Some(second())))));
        assert_eq!(ours.open_json(Purpose::Job, b"1", &sealed).await, Ok(7));
        assert_eq!(ours.open_json(Purpose::Job, b"1", &old).await, Ok(6));
        assert_eq!(
            ours.newest(),
            Some(KeyId(2)),
            "and it is sealed with from now on"
        );
    }
}
