//! A keyed hash, as it is stored and compared.

use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq as _;

use super::redact;

/// The keyed hash of a secret; made by [`Keyring::digest`](super::Keyring::digest).
///
/// It has no `==`, because comparing byte by byte tells by its duration how many
/// were right: use [`matches`](Self::matches).
#[derive(Clone, Copy)]
pub struct Digest(pub [u8; 32]);

redact!(Digest);

/// In hexadecimal digits. Most keyed hashes are for nobody to see; the links of
/// the audit trail are.
impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        HEXLOWER.encode_write(&self.0, f)
    }
}

impl Digest {
    /// Whether both are hashes of the same, in the same time whatever they are.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_counts_and_none_is_shown() {
        let digest = Digest([0xab; 32]);
        assert!(digest.matches(&Digest([0xab; 32])));
        for byte in 0..32 {
            let mut other = digest;
            other.0[byte] ^= 1;
            assert!(!digest.matches(&other), "{byte}");
        }
        assert_eq!(format!("{digest:?}"), "Digest(redacted)");
    }
}
