//! Who asks: `X-Forwarded-For` behind trusted proxies, and the network that counts.
//!
//! The first line names the proxies, the second the peer, each other one is a header.

use std::net::IpAddr;

use verify_api::limits::{Network, TrustedProxies};

use crate::text::{first_line, text};

/// Addresses for examples (RFC 5737); only one of two can be the one that is asked about.
const STRANGERS: [&str; 2] = ["192.0.2.66", "192.0.2.67"];

pub(crate) fn run(input: &[u8]) {
    let text = text(input);
    let (proxies, rest) = first_line(&text);
    let (peer, headers) = first_line(rest);
    let Ok(proxies) = TrustedProxies::parse(proxies.split(' ').filter(|it| !it.is_empty())) else {
        return;
    };
    let Ok(peer) = peer.trim().parse::<IpAddr>() else {
        return;
    };
    let headers: Vec<_> = headers.lines().collect();
    let client = proxies.client(peer, headers.iter());
    assert_eq!(
        client,
        client.to_canonical(),
        "one address has two spellings"
    );
    let nobody = TrustedProxies::default();
    assert_eq!(
        nobody.client(peer, headers.iter()),
        peer.to_canonical(),
        "nobody is trusted"
    );
    // A proxy's word is taken for who asks, whoever that is.
    let is_proxy = |address: IpAddr| {
        let says = |stranger| proxies.client(address, std::iter::once(stranger)) != address;
        STRANGERS.into_iter().any(says)
    };
    if !is_proxy(peer.to_canonical()) {
        assert_eq!(client, peer.to_canonical(), "a stranger speaks for itself");
    }
    if !is_proxy(client) {
        // Whatever the client says of itself stands further left.
        let mut longer = vec![STRANGERS[0]];
        longer.extend(&headers);
        assert_eq!(proxies.client(peer, longer.iter()), client);
    }
    // The same list in one header.
    let joined = headers.join(",");
    if !headers.is_empty() {
        assert_eq!(
            proxies.client(peer, [joined].iter()),
            client,
            "headers are one list"
        );
    }
    same_network(client);
}

fn same_network(address: IpAddr) {
    let neighbour = match address {
        IpAddr::V4(it) => IpAddr::from([it.octets()[0], it.octets()[1], it.octets()[2], 77]),
        IpAddr::V6(it) => {
            IpAddr::from((((u128::from(it) >> 64) << 64) | 0x1_0000_0000).to_be_bytes())
        }
    };
    assert!(
        Network::of(address) == Network::of(neighbour),
        "{address} {neighbour}"
    );
    if let IpAddr::V4(it) = address {
        assert!(Network::of(address) == Network::of(it.to_ipv6_mapped().into()));
    }
}
