//! The master key, as an operator writes it. It must not know what it wraps.

use data_encoding::HEXLOWER_PERMISSIVE;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::redact;

/// The secret that wraps all keys of a database; 256 bits.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// Why a text is not a master key. Never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Not 64 signs long.
    Length {
        /// How many signs there are.
        found: usize,
    },
    /// Other signs than `0` to `9` and `a` to `f`.
    NotHex,
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length { found } => {
                write!(f, "a key has 64 hexadecimal digits, and this has {found}")
            }
            Self::NotHex => f.write_str("a key has only the digits 0 to 9 and the letters a to f"),
        }
    }
}

impl std::error::Error for KeyError {}

impl MasterKey {
    /// Reads 64 hexadecimal digits.
    ///
    /// ```
    /// # use verify_api::crypto::{KeyError, MasterKey};
    /// assert!(MasterKey::from_hex(&"4b".repeat(32)).is_ok());
    /// assert_eq!(MasterKey::from_hex("4b").unwrap_err(), KeyError::Length { found: 2 });
    /// ```
    ///
    /// # Errors
    /// Another length, or something that is no hexadecimal digit.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let found = text.chars().count();
        if found != 64 {
            return Err(KeyError::Length { found });
        }
        let bytes = HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| KeyError::NotHex)?;
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether both are the same key.
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&*other.0).into()
    }

    /// Whether the key looks like a placeholder rather than like chance.
    ///
    /// 32 random bytes have fewer than 16 different values about once in
    /// 10^12 keys; `00…00`, `0123…` and other keys made by hand nearly always do.
    pub fn looks_made_up(&self) -> bool {
        let mut seen = [false; 256];
        for byte in self.0.iter() {
            seen[usize::from(*byte)] = true;
        }
        seen.iter().filter(|seen| **seen).count() < 16
    }
}

redact!(MasterKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_told_without_showing_it() {
        let text = "zz".repeat(32);
        assert_eq!(MasterKey::from_hex(&text).unwrap_err(), KeyError::NotHex);
        for text in ["", "4b4b", &"4b".repeat(33)] {
            let error = MasterKey::from_hex(text).unwrap_err();
            assert_eq!(error, KeyError::Length { found: text.len() });
        }
        let key = MasterKey::from_hex(&"4b".repeat(32)).unwrap();
        assert_eq!(format!("{key:?}"), "MasterKey(redacted)");
    }

    #[test]
    fn placeholders_are_noticed() {
        let made_up = |text: &str| MasterKey::from_hex(text).unwrap().looks_made_up();
        assert!(made_up(&"00".repeat(32)));
        assert!(made_up(&"0123456789abcdef".repeat(4)));
        assert!(!made_up(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        ));
    }
}
