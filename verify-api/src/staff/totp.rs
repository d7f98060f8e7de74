//! The codes of an authenticator app: TOTP (RFC 6238) with HMAC-SHA-1, six digits and
//! steps of 30 seconds, which is what every app can do.
//!
//! It must not know whose they are, nor which of them were used.

use jiff::Timestamp;
use protocol::values::Code;
use totp_rs::{Builder, Secret, Totp};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::crypto::redact;

/// 160 bits, which RFC 4226 §4 recommends.
const BYTES: usize = 20;

/// Letters that stand together where the secret is typed.
const GROUP: usize = 4;

/// The secret that an app and we share.
#[derive(Clone)]
pub struct AppSecret(Zeroizing<[u8; BYTES]>);

redact!(AppSecret);

impl ZeroizeOnDrop for AppSecret {}

impl AppSecret {
    /// The secret that is made of these bytes, which nobody can foretell.
    pub fn of_bytes(bytes: &[u8; 32]) -> Self {
        let mut secret = Zeroizing::new([0; BYTES]);
        secret.copy_from_slice(&bytes[..BYTES]);
        Self(secret)
    }

    /// The secret as it was sealed; nothing where it is none.
    pub fn of_sealed(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    /// What is sealed.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// The secret as it is typed into an app: base32 (RFC 4648), in groups.
    pub fn typed(&self) -> String {
        let text = self.base32();
        let groups: Vec<_> = text.as_bytes().chunks(GROUP).collect();
        let groups = groups.into_iter().map(String::from_utf8_lossy);
        groups.collect::<Vec<_>>().join(" ")
    }

    /// The secret as an app scans it, under the names of whom it is for and of who asks.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let escaped = |text: &str| -> String {
            form_urlencoded::byte_serialize(text.as_bytes())
                .collect::<String>()
                .replace('+', "%20")
        };
        let (issuer, account) = (escaped(issuer), escaped(account));
        let secret = &*self.base32();
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
    }

    /// The step of time whose code this is: that of now, or the one before or after it, since
    /// clocks differ (RFC 6238 §5.2). Whether it was used is for the caller to see.
    pub fn step(&self, code: &Code, now: Timestamp) -> Option<i64> {
        let now = u64::try_from(now.as_second()).ok()?;
        let step = self.totp().check(code.as_str(), now)?;
        i64::try_from(step).ok()
    }

    fn base32(&self) -> Zeroizing<String> {
        Zeroizing::new(data_encoding::BASE32_NOPAD.encode(&*self.0))
    }

    fn totp(&self) -> Totp {
        let secret = Secret::new_stack(*self.0);
        // All is fixed here but the secret, which has the length that is asked for.
        Builder::new().with_secret(secret).build_noncompliant()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn secret() -> AppSecret {
        AppSecret::of_bytes(b"12345678901234567890.rest.unused")
    }

    /// What the app shows.
    fn shown(second: i64) -> String {
        let at = u64::try_from(second).unwrap();
        secret().totp().generate(at).to_string()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Of the eight digits of appendix B the last six.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(shown(second), code, "{second}");
            let code = Code::parse(code).unwrap();
            assert_eq!(secret().step(&code, at(second)), Some(second / 30));
        }
    }

    #[test]
    fn a_clock_may_differ_by_a_step_and_no_more() {
        let code = Code::parse(&shown(3_000)).unwrap();
        for (second, step) in [
            (2_969, None),
            (2_970, Some(100)),
            (3_029, Some(100)),
            (3_059, Some(100)),
            (3_060, None),
        ] {
            assert_eq!(secret().step(&code, at(second)), step, "{second}");
        }
    }

    #[test]
    fn an_app_is_told_the_secret_under_both_names() {
        assert_eq!(secret().typed(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            secret().uri("help.example.org", "ana+desk@example.org"),
            "otpauth://totp/help.example.org:ana%2Bdesk%40example.org\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=help.example.org"
        );
        assert_eq!(format!("{:?}", secret()), "AppSecret(redacted)");
    }
}
