//! `[operations]`: where whoever watches the server asks it.

use std::net::SocketAddr;

use super::Mode;
use super::settings::Settings;

/// Where whoever watches the server asks it.
#[derive(Clone, Copy, Debug)]
pub struct Operations {
    /// The address and port of `/metrics`, and of `/healthz` and `/readyz` beside a
    /// crowd at the other; nobody is listened to unless set. What is told there names no person, but how busy
    /// the clinic is, so keep it from the public.
    pub listen: Option<SocketAddr>,
}

impl Operations {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        const KEY: &str = "operations.listen";
        let told = settings.problems.len();
        let listen = settings.text(KEY).and_then(|text| {
            let listen = text.trim().parse::<SocketAddr>().ok();
            if listen.is_none() {
                settings.problem(
                    KEY,
                    "must be an address with a port, such as 127.0.0.1:9090 (a name will not do).",
                );
            }
            listen
        });
        if mode == Mode::Demo && listen.is_some_and(|listen| !listen.ip().is_loopback()) {
            settings.problem(
                KEY,
                "can be reached from outside; in demo mode, use 127.0.0.1 or [::1].",
            );
        }
        (settings.problems.len() == told).then_some(Self { listen })
    }
}
