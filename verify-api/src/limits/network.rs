//! The network that a request comes from, as far as budgets tell them apart.

use std::net::IpAddr;

use crate::crypto::redact;

/// The /24 of an IPv4 address or the /64 of an IPv6 address.
///
/// One line commonly has a whole IPv6 /64, and whoever has one IPv4 address can
/// often have its neighbours; single addresses would be no limit. An address is
/// personal data: it is kept as a keyed hash only, and never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The first three octets.
    V4([u8; 3]),
    /// The first four groups.
    V6([u8; 8]),
}

redact!(Network);

impl Network {
    /// The network of an address; an IPv4 address that is written as an IPv6
    /// one (RFC 4291 §2.5.5.2) is the same.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(address) => {
                let prefix = u128::from(address) >> 64;
                Self::V6(u64::try_from(prefix).unwrap_or_default().to_be_bytes())
            }
        }
    }

    /// The /16 of an IPv4 address or the /48 of an IPv6 address: what one site is
    /// given as a rule (RFC 6177), and what a small provider has. Of another length
    /// for each kind.
    pub(super) fn wide(&self) -> &[u8] {
        match self {
            Self::V4([wide @ .., _]) => wide,
            Self::V6([wide @ .., _, _]) => wide,
        }
    }

    /// Its bytes, of another length for each kind.
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::V4(bytes) => bytes,
            Self::V6(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        Network::of(text.parse().unwrap())
    }

    #[test]
    fn neighbours_are_one_network() {
        for (one, other, is_same) in [
            ("203.0.113.1", "203.0.113.254", true),
            ("203.0.113.1", "203.0.114.1", false),
            ("203.0.113.1", "::ffff:203.0.113.9", true),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("203.0.113.1", "cb00:7100::", false),
        ] {
            assert_eq!(network(one) == network(other), is_same, "{one} {other}");
        }
        for (one, other, is_same) in [
            ("203.0.113.1", "203.0.7.9", true),
            ("203.0.113.1", "203.1.113.1", false),
            ("2001:db8:1:2::1", "2001:db8:1:ff::9", true),
            ("2001:db8:1:2::1", "2001:db8:2:2::1", false),
        ] {
            let is = network(one).wide() == network(other).wide();
            assert_eq!(is, is_same, "{one} {other}");
        }
        assert_eq!(format!("{:?}", network("203.0.113.1")), "Network(redacted)");
    }
}
