//! Sealed records: encrypted, and bound to the row that they belong to.
//!
//! It must not know what is inside.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::keyring::Use;
use super::{Keyring, Purpose, redact};
use crate::entropy::{self, Entropy};

/// The first byte of everything that is sealed: the layout below, and the key.
/// Another layout or a second key gets another number.
const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// An encrypted record: one byte for format and key, 24 for the nonce, then the
/// ciphertext with its tag (XChaCha20-Poly1305, whose nonce is long enough to be
/// drawn by chance for ever).
#[derive(Clone)]
pub struct Sealed(pub Vec<u8>);

redact!(Sealed);

/// Why a record cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Too short, or of a format that this version does not know.
    Format,
    /// Changed, moved from another row or purpose, or sealed with another key.
    Refused,
    /// Opened, but what is inside is not what was expected.
    Content,
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Format => "a stored record has a format that this version cannot read",
            Self::Refused => {
                "a stored record cannot be opened: secrets.key is not the key that sealed it, \
                 or the record was changed or moved"
            }
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
    /// Above 256 GiB, which is the cipher's limit.
    pub fn seal(
        &self,
        purpose: Purpose,
        aad: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Sealed {
        let nonce: [u8; NONCE] = entropy::bytes(entropy);
        let payload = Payload {
            msg: plain,
            aad: &bound_to(purpose, aad),
        };
        let ciphertext = self
            .cipher(purpose)
            .encrypt(&XNonce::from(nonce), payload)
            .expect("records are far below the cipher's 256 GiB");
        let mut sealed = Vec::with_capacity(1 + NONCE + ciphertext.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Sealed(sealed)
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
        let (format, rest) = sealed.0.split_first().ok_or(OpenError::Format)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(OpenError::Format)?;
        if *format != FORMAT {
            return Err(OpenError::Format);
        }
        let payload = Payload {
            msg: ciphertext,
            aad: &bound_to(purpose, aad),
        };
        self.cipher(purpose)
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| OpenError::Refused)
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

    /// Like [`open`](Self::open), of a value sealed as JSON.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_json<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        aad: &[u8],
        sealed: &Sealed,
    ) -> Result<T, OpenError> {
        let plain = self.open(purpose, aad, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| OpenError::Content)
    }

    fn cipher(&self, purpose: Purpose) -> XChaCha20Poly1305 {
        let key = self.key(purpose, Use::Seal);
        XChaCha20Poly1305::new((&*key).into())
    }
}

/// What the tag vouches for besides the ciphertext. Labels have no zero byte, so
/// no label and place can pass for another pair.
fn bound_to(purpose: Purpose, aad: &[u8]) -> Vec<u8> {
    let mut bound = vec![FORMAT];
    bound.extend_from_slice(purpose.label().as_bytes());
    bound.push(0);
    bound.extend_from_slice(aad);
    bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::MasterKey;
    use crate::entropy::SeededEntropy;

    fn keyring(byte: &str) -> Keyring {
        Keyring::new(&MasterKey::from_hex(&byte.repeat(32)).unwrap())
    }

    #[test]
    fn what_is_sealed_opens_again_and_never_looks_the_same() {
        let (keyring, entropy) = (keyring("4b"), SeededEntropy::new(1));
        let seal = || keyring.seal(Purpose::Patient, b"row 1", b"Rosa", &entropy);
        let (one, two) = (seal(), seal());
        assert_ne!(one.0, two.0);
        assert!(!one.0.windows(4).any(|part| part == b"Rosa"));
        assert_eq!(one.0.len(), 1 + NONCE + 4 + 16);
        for sealed in [one, two] {
            let plain = keyring.open(Purpose::Patient, b"row 1", &sealed).unwrap();
            assert_eq!(plain.as_slice(), b"Rosa");
        }
    }

    #[test]
    fn a_change_of_any_bit_is_noticed() {
        let (keyring, entropy) = (keyring("4b"), SeededEntropy::new(1));
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
        let (ours, entropy) = (keyring("4b"), SeededEntropy::new(1));
        let sealed = ours.seal(Purpose::Patient, b"row 1", b"Rosa", &entropy);
        for (keyring, purpose, aad) in [
            (&ours, Purpose::Patient, &b"row 2"[..]),
            (&ours, Purpose::Patient, b""),
            (&ours, Purpose::Account, b"row 1"),
            (&keyring("4c"), Purpose::Patient, b"row 1"),
        ] {
            let opened = keyring.open(purpose, aad, &sealed);
            assert_eq!(opened.unwrap_err(), OpenError::Refused);
        }
    }

    #[test]
    fn values_travel_as_json() {
        let (keyring, entropy) = (keyring("4b"), SeededEntropy::new(1));
        let value = ("Rosa".to_owned(), 7_u8);
        let sealed = keyring.seal_json(Purpose::Job, b"1", &value, &entropy);
        assert_eq!(keyring.open_json(Purpose::Job, b"1", &sealed), Ok(value));
        assert_eq!(
            keyring.open_json::<Vec<bool>>(Purpose::Job, b"1", &sealed),
            Err(OpenError::Content)
        );
    }
}
