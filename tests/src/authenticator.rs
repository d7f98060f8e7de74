//! An authenticator app, as a person has it on their phone: RFC 6238 with what every app
//! takes for granted.
//!
//! Written from the RFC and apart from the product, so that the two check each other.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use verify_api::clock::{Clock as _, ManualClock};

/// An app that has one key.
#[derive(Clone, Debug)]
pub struct Authenticator {
    key: Vec<u8>,
}

impl Authenticator {
    /// The app once its owner has typed what a page shows.
    pub fn with_key(typed: &str) -> Self {
        let key: String = typed.split_whitespace().collect();
        let key = data_encoding::BASE32_NOPAD.decode(key.as_bytes());
        Self {
            key: key.expect("a key in base32"),
        }
    }

    /// What it shows at the moment of this clock.
    pub fn code(&self, clock: &ManualClock) -> String {
        let step = clock.now().as_second() / 30;
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.key).expect("a key of any length");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[19] & 15);
        let four = hash[at..at + 4].try_into().expect("four bytes");
        let number = u32::from_be_bytes(four) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }
}
