//! How much anybody may ask for, and how fast.
//!
//! What is counted stands in the database, so that it survives a restart and
//! holds for all servers on it. It must not know HTTP or SQL, nor whether a
//! person exists: it counts whom somebody *says* to be.

mod network;
mod proxies;

pub use network::Network;
pub use proxies::{ProxyError, TrustedProxies};
