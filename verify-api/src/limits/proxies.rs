//! Whose word is taken for where a request comes from.
//!
//! Anybody can send `X-Forwarded-For`. It is read only behind a proxy that the
//! configuration names, from the right, where that proxy wrote, and no further
//! than to the first address that is no such proxy. No other header is read:
//! `Forwarded` and `X-Real-IP` pass through proxies that do not know them.
//! It must not know what the address is used for.

use std::net::{IpAddr, SocketAddr};

use ipnet::{IpNet, Ipv4Net};

/// The proxies that stand in front of this server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// Why a text names no proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyError {
    /// Neither an address nor a range.
    Unreadable,
    /// A range that holds every address: then anybody could say to be anybody.
    Everybody,
}

impl TrustedProxies {
    /// Reads addresses (`::1`) and ranges (`10.0.0.0/8`).
    ///
    /// ```
    /// # use verify_api::limits::TrustedProxies;
    /// let proxies = TrustedProxies::parse(["10.0.0.0/8", "::1"].into_iter()).unwrap();
    /// let forwarded = ["192.0.2.7, 203.0.113.9, 10.1.2.3"];
    /// let client = proxies.client("10.9.9.9".parse().unwrap(), forwarded.iter());
    /// assert_eq!(client.to_string(), "203.0.113.9", "what stands before it is hearsay");
    /// ```
    ///
    /// # Errors
    /// The first text that is neither, or means everybody.
    pub fn parse<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Self, ProxyError> {
        texts.map(range).collect::<Result<_, _>>().map(Self)
    }

    /// The address of the client behind `peer`, who holds the connection.
    /// `forwarded` are the values of all `X-Forwarded-For` headers, in their order.
    ///
    /// What cannot be read ends the walk at the address that was believed last:
    /// a name or `unknown` there is the word of somebody further out.
    pub fn client<T: AsRef<[u8]>>(
        &self,
        peer: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = T>,
    ) -> IpAddr {
        let mut believed = peer.to_canonical();
        for value in forwarded.rev() {
            for hop in value.as_ref().rsplit(|byte| *byte == b',') {
                if !self.trust(believed) {
                    return believed;
                }
                match address(hop) {
                    Some(address) => believed = address,
                    None => return believed,
                }
            }
        }
        believed
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(&address))
    }
}

fn range(text: &str) -> Result<IpNet, ProxyError> {
    let text = text.trim();
    let address = text.parse::<IpAddr>().map(IpNet::from);
    let range = match address {
        Ok(address) => address,
        Err(_) => text.parse().map_err(|_| ProxyError::Unreadable)?,
    };
    let range = unmapped(range);
    if range.prefix_len() == 0 {
        return Err(ProxyError::Everybody);
    }
    Ok(range)
}

/// Addresses are compared as IPv4 wherever they can be, so ranges are too.
fn unmapped(range: IpNet) -> IpNet {
    let as_v4 = match (range.network().to_canonical(), range.prefix_len()) {
        (IpAddr::V4(address), length @ 96..) if matches!(range, IpNet::V6(_)) => {
            Ipv4Net::new(address, length - 96).ok()
        }
        _ => None,
    };
    as_v4.map_or(range, IpNet::V4)
}

/// One hop: an address, perhaps with a port, an IPv6 one perhaps in brackets.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(hop).ok()?.trim();
    let bare = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address = bare.or_else(with_port).or_else(in_brackets)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1";

    /// The client, where `10.0.0.0/8` and `::1` are trusted.
    fn client(peer: &str, forwarded: &[&str]) -> String {
        let proxies = TrustedProxies::parse(["10.0.0.0/8", " ::1 "].into_iter()).unwrap();
        let peer = peer.parse().unwrap();
        proxies.client(peer, forwarded.iter()).to_string()
    }

    #[test]
    fn a_stranger_cannot_say_to_be_somebody_else() {
        assert_eq!(client("203.0.113.9", &["192.0.2.7"]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
        let nobody = TrustedProxies::default();
        let peer = PROXY.parse().unwrap();
        assert_eq!(nobody.client(peer, ["192.0.2.7"].iter()), peer);
    }

    #[test]
    fn what_the_client_sent_itself_stands_on_the_left_and_is_not_read() {
        assert_eq!(client(PROXY, &["192.0.2.7, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(client(PROXY, &["10.0.0.2, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("::1", &["203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn trusted_proxies_are_passed_over_from_the_right() {
        let chain = "203.0.113.9, 10.0.0.3,10.0.0.2";
        assert_eq!(client(PROXY, &[chain]), "203.0.113.9");
        assert_eq!(client(PROXY, &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
        assert_eq!(client(PROXY, &[]), PROXY);
    }

    #[test]
    fn repeated_headers_are_one_list() {
        assert_eq!(client(PROXY, &["192.0.2.7", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(
            client(PROXY, &["192.0.2.7, 203.0.113.9", "10.0.0.2"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for (written, read) in [
            (" \t203.0.113.9 ", "203.0.113.9"),
            ("203.0.113.9:4711", "203.0.113.9"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("[::ffff:203.0.113.9]:80", "203.0.113.9"),
            ("192.0.2.7,[::ffff:10.0.0.2]:80", "192.0.2.7"),
        ] {
            assert_eq!(client(PROXY, &[written]), read, "{written}");
        }
        assert_eq!(client("::ffff:10.0.0.1", &["192.0.2.7"]), "192.0.2.7");
    }

    #[test]
    fn what_cannot_be_read_ends_the_walk() {
        for junk in [
            "",
            ",",
            "unknown",
            "_hidden",
            "203.0.113",
            "203.0.113.009",
            "203.0.113.9:99999",
            "203.0.113.9 192.0.2.7",
            "2001:db8::7]",
            "fe80::1%eth0",
            "\"203.0.113.9\"",
            "for=203.0.113.9",
        ] {
            assert_eq!(client(PROXY, &[junk]), PROXY, "{junk}");
            let before = format!("192.0.2.7, {junk}, 10.0.0.2");
            assert_eq!(client(PROXY, &[&before]), "10.0.0.2", "{junk}");
        }
        let proxies = TrustedProxies::parse([PROXY].into_iter()).unwrap();
        let peer = PROXY.parse().unwrap();
        assert_eq!(proxies.client(peer, [b"\xff"].iter()), peer);
    }

    #[test]
    fn a_range_is_an_address_or_a_network_and_never_everybody() {
        let parse = |text| TrustedProxies::parse([text].into_iter());
        for text in ["10.0.0.1", "10.0.0.0/8", "fd00::/8", "::ffff:10.0.0.0/104"] {
            assert!(parse(text).is_ok(), "{text}");
        }
        let mapped = parse("::ffff:10.0.0.0/104").unwrap();
        assert!(mapped.trust("10.1.2.3".parse().unwrap()));
        for text in ["", "localhost", "10.0.0.0/33", "10.0.0.1:80", "10.0.0"] {
            assert_eq!(parse(text), Err(ProxyError::Unreadable), "{text}");
        }
        for text in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96"] {
            assert_eq!(parse(text), Err(ProxyError::Everybody), "{text}");
        }
    }
}
