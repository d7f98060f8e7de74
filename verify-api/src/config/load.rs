//! `[load]`: how much the server takes on at once, and how long it waits.

use std::time::Duration;

use super::settings::Settings;

/// How much the server takes on at once, and how long it waits.
///
/// Together with what a hash takes (see [`Hashing`](super::Hashing)) these bound
/// the server's memory: a connection holds up to 32 KiB, and its request up to
/// 64 KiB while it comes in.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// `load.connections`: connections at once; 512 unless set. Needs as many
    /// open files.
    pub connections: usize,
    /// `load.requests`: requests that are answered at once; 256 unless set. The
    /// next is told to try again, except `/healthz`.
    pub requests: usize,
    /// `load.head_seconds`: for the head of a request, from its first byte; 10
    /// unless set.
    pub head: Duration,
    /// `load.body_seconds`: for the body of a request; 20 unless set.
    pub body: Duration,
    /// `load.request_seconds`: for the answer to a request; 30 unless set.
    /// Hashing a password under load is the slowest thing that is done.
    pub request: Duration,
    /// `load.idle_seconds`: for a connection between two requests; 75 unless
    /// set. Longer than the 60 of usual proxies, which must be the ones to close
    /// it: else they send a request down a connection that is just going.
    pub idle: Duration,
}

impl Load {
    pub(super) fn read(settings: &mut Settings) -> Option<Self> {
        let connections = settings.number("load.connections", 1..=100_000, 512);
        let requests = settings.number("load.requests", 1..=100_000, 256);
        let mut seconds = |key, usual| {
            let seconds = settings.number(key, 1..=3600, usual)?;
            Some(Duration::from_secs(seconds as u64))
        };
        let head = seconds("load.head_seconds", 10);
        let body = seconds("load.body_seconds", 20);
        let request = seconds("load.request_seconds", 30);
        let idle = seconds("load.idle_seconds", 75);
        Some(Self {
            connections: connections?,
            requests: requests?,
            head: head?,
            body: body?,
            request: request?,
            idle: idle?,
        })
    }
}
