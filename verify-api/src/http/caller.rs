//! The network that a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use super::Web;
use crate::limits::Network;

/// The only header that is believed, and only behind a trusted proxy.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Who asks, as far as budgets tell people apart.
pub(super) struct Caller(pub(super) Network);

impl FromRequestParts<Arc<Web>> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Infallible> {
        // Every connection says who holds it; were one not to, all of its kind
        // would share one budget.
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let forwarded = parts.headers.get_all(FORWARDED_FOR).iter();
        let address = web.proxies.client(peer, forwarded);
        Ok(Self(Network::of(address)))
    }
}
