//! `[http]`: where the server listens, and where patients find it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use url::{Host, Url};

use super::Mode;
use super::settings::Settings;
use crate::limits::{ProxyError, TrustedProxies};

/// Where the server listens, and where patients find it.
#[derive(Clone, Debug)]
pub struct Http {
    /// The address and port to listen on; `127.0.0.1:8080` unless set.
    pub listen: SocketAddr,
    /// The address that patients see, without a slash at its end. Links in
    /// messages begin with it, never with what a request says.
    pub base_url: String,
    /// The folder of the built site, if this server is to serve it.
    pub site: Option<PathBuf>,
    /// Where people sign in to the portal; links lead there if it is set.
    pub portal_url: Option<String>,
    /// The proxies in front of this server, whose `X-Forwarded-For` is believed;
    /// none unless set.
    pub trusted_proxies: TrustedProxies,
    /// `http.embed_origins`: the sites of others whose pages may run the widget; none
    /// unless set. Each is an origin as browsers write it (RFC 6454 §6.2).
    pub embed_origins: Vec<String>,
    /// `http.padding_ms`: answers about a flow leave at whole steps of so many
    /// milliseconds after their request; 10 unless set. A step longer than the server
    /// takes for an answer (with a slow disk, for a commit) lets nobody see by the clock
    /// what else it does. An answer that waits keeps its connection, so no more than 100;
    /// and no less than 5 in production.
    pub padding: Duration,
}

impl Http {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        let listen = listen(settings, mode);
        let base_url = base_url(settings, mode, listen);
        let site = settings.text("http.site");
        let portal_url = portal_url(settings, mode);
        let trusted_proxies = trusted_proxies(settings);
        let embed_origins = embed_origins(settings, mode);
        let padding = settings.number(
            "http.padding_ms",
            match mode {
                Mode::Demo => 0..=100,
                Mode::Production => 5..=100,
            },
            10,
        );
        Some(Self {
            listen: listen?,
            base_url: base_url?,
            site: site.map(|path| PathBuf::from(path.as_str())),
            portal_url,
            trusted_proxies: trusted_proxies?,
            embed_origins: embed_origins?,
            padding: Duration::from_millis(padding? as u64),
        })
    }
}

fn listen(settings: &mut Settings, mode: Mode) -> Option<SocketAddr> {
    const KEY: &str = "http.listen";
    let Some(text) = settings.text(KEY) else {
        // A value of another kind was told; a second sentence would not help.
        return Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)));
    };
    let Ok(listen) = text.trim().parse::<SocketAddr>() else {
        settings.problem(
            KEY,
            "must be an address with a port, such as 127.0.0.1:8080 (a name will not do).",
        );
        return None;
    };
    if mode == Mode::Demo && !listen.ip().is_loopback() {
        settings.problem(
            KEY,
            "can be reached from outside, and the demo has no secrets; \
             in demo mode, use 127.0.0.1 or [::1].",
        );
        return None;
    }
    Some(listen)
}

fn base_url(settings: &mut Settings, mode: Mode, listen: Option<SocketAddr>) -> Option<String> {
    const KEY: &str = "http.base_url";
    let Some(text) = settings.text(KEY) else {
        return match (mode, listen) {
            (Mode::Demo, Some(listen)) if listen.port() != 0 => Some(format!("http://{listen}")),
            (Mode::Demo, Some(_)) => {
                settings.missing(
                    KEY,
                    "with port 0 in http.listen nobody knows yet where links should lead.",
                );
                None
            }
            (Mode::Demo, None) => None,
            (Mode::Production, _) => {
                settings.missing(
                    KEY,
                    "links in messages begin with the address that patients see, \
                     such as https://help.example.org.",
                );
                None
            }
        };
    };
    let Some(origin) = origin(text.trim()) else {
        settings.problem(
            KEY,
            "must be an address without a path, such as https://help.example.org.",
        );
        return None;
    };
    if mode == Mode::Production && !origin.starts_with("https://") {
        settings.problem(
            KEY,
            "must begin with https:// in production: codes and passwords travel there.",
        );
        return None;
    }
    Some(origin)
}

/// The name or address in an [`origin`].
pub(super) fn host(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |it| it.1);
    match host.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.contains(']') => host,
        _ => host,
    }
}

fn portal_url(settings: &mut Settings, mode: Mode) -> Option<String> {
    const KEY: &str = "http.portal_url";
    let text = settings.text(KEY)?;
    let url = text.trim();
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_safe = scheme == "https" || (scheme == "http" && mode == Mode::Demo);
    let is_plain = url.chars().all(|c| c.is_ascii_graphic());
    if !is_safe || !is_plain || origin(&format!("{scheme}://{host}")).is_none() {
        settings.problem(
            KEY,
            "must be the address at which patients sign in, such as \
             https://portal.example.org/login; it begins with https://.",
        );
        return None;
    }
    Some(url.to_owned())
}

fn trusted_proxies(settings: &mut Settings) -> Option<TrustedProxies> {
    const KEY: &str = "http.trusted_proxies";
    let texts = settings.list(KEY)?;
    match TrustedProxies::parse(texts.iter().map(String::as_str)) {
        Ok(proxies) => Some(proxies),
        Err(ProxyError::Unreadable) => {
            settings.problem(
                KEY,
                "must be a list of addresses and ranges of your own proxies, \
                 such as [\"10.0.0.0/8\", \"::1\"] (a name will not do).",
            );
            None
        }
        Err(ProxyError::Everybody) => {
            settings.problem(
                KEY,
                "would let anybody say where they come from; \
                 name the addresses of your own proxies only.",
            );
            None
        }
    }
}

fn embed_origins(settings: &mut Settings, mode: Mode) -> Option<Vec<String>> {
    const KEY: &str = "http.embed_origins";
    let texts = settings.list(KEY)?;
    let mut origins = Vec::new();
    for text in &texts {
        let Some(url) = origin(text.trim()).and_then(|origin| Url::parse(&origin).ok()) else {
            settings.problem(
                KEY,
                "must be a list of the sites whose pages show the widget, each with its scheme \
                 and name and nothing more, such as [\"https://www.example.org\"]; \
                 neither \"*\" nor \"null\" will do, since each site is named.",
            );
            return None;
        };
        let is_safe = url.scheme() == "https" || (mode == Mode::Demo && is_loopback(&url));
        if !is_safe {
            settings.problem(
                KEY,
                "must begin with https:// for each site: codes and passwords are typed there.",
            );
            return None;
        }
        origins.push(url.origin().ascii_serialization());
    }
    Some(origins)
}

/// Whether the address is one of this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The scheme, host and port of a URL that has nothing else.
pub(super) fn origin(url: &str) -> Option<String> {
    let url = url.to_ascii_lowercase();
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let strange = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
    let named = host.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    (matches!(scheme, "http" | "https") && named && !host.contains(strange))
        .then(|| format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_portal_is_optional_and_safe_to_send_people_to() {
        let load = |url: &str| {
            let env = [
                ("FRONTDESK_MODE", "demo".to_owned()),
                ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
                ("FRONTDESK_HTTP__PORTAL_URL", url.to_owned()),
            ];
            let env = env.map(|(name, value)| (name.to_owned(), value));
            Config::load(None, env.into_iter()).map(|config| config.http.portal_url)
        };
        assert_eq!(load("").unwrap(), None);
        for url in [
            "https://portal.example.org",
            "https://portal.example.org/login?clinic=7#top",
            "http://127.0.0.1:9000/",
        ] {
            assert_eq!(load(url).unwrap().as_deref(), Some(url));
        }
        for url in [
            "javascript:alert(1)",
            "javascript://portal.example.org/%0aalert(1)",
            "portal.example.org",
            "https://user@portal.example.org/",
            "https:///login",
            "https://portal.example.org/a b",
        ] {
            let text = load(url).unwrap_err().to_string();
            assert!(text.contains("http.portal_url"), "{url}: {text}");
        }
    }

    #[test]
    fn proxies_are_a_list_in_the_file_and_a_text_in_the_environment() {
        let with = |toml: &str, env: &str| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("frontdesk.toml");
            std::fs::write(&path, format!("mode = \"demo\"\n[http]\n{toml}")).unwrap();
            let env = [
                ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
                ("FRONTDESK_HTTP__TRUSTED_PROXIES", env.to_owned()),
            ];
            let env = env.map(|(name, value)| (name.to_owned(), value));
            Config::load(Some(&path), env.into_iter()).map(|config| config.http.trusted_proxies)
        };
        let two = TrustedProxies::parse(["10.0.0.0/8", "::1"].into_iter()).unwrap();
        let list = "trusted_proxies = [\"10.0.0.0/8\", \"::1\"]";
        assert_eq!(with(list, "").unwrap(), two);
        assert_eq!(with("", "10.0.0.0/8, ::1").unwrap(), two);
        assert_eq!(with("", "").unwrap(), TrustedProxies::default());
        for wrong in [
            "[\"proxy\"]",
            "[\"0.0.0.0/0\"]",
            "[1]",
            "7",
            "\"10.0.0.1,\"",
        ] {
            let told = with(&format!("trusted_proxies = {wrong}"), "").unwrap_err();
            let told = told.to_string();
            assert!(told.contains("http.trusted_proxies"), "{wrong}: {told}");
        }
    }

    #[test]
    fn sites_that_may_show_the_widget_are_named_one_by_one() {
        let with = |mode: &str, origins: &str| {
            let env = [
                ("FRONTDESK_MODE", mode),
                ("FRONTDESK_HTTP__BASE_URL", "https://help.example.org"),
                ("FRONTDESK_HTTP__EMBED_ORIGINS", origins),
            ];
            let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let mut settings = Settings::gather(None, env.into_iter()).unwrap();
            let mode = match mode {
                "demo" => Mode::Demo,
                _ => Mode::Production,
            };
            embed_origins(&mut settings, mode).ok_or(settings.problems.concat())
        };
        assert_eq!(with("production", "").unwrap(), [""; 0]);
        // As a browser writes them, whatever a person has written.
        assert_eq!(
            with(
                "production",
                "https://www.example.org, HTTPS://Example.ORG:443/, https://[2001:DB8::1]:8443"
            )
            .unwrap(),
            [
                "https://www.example.org",
                "https://example.org",
                "https://[2001:db8::1]:8443"
            ]
        );
        for loopback in [
            "http://127.0.0.1:9000",
            "http://localhost:9000",
            "http://[::1]",
        ] {
            assert_eq!(with("demo", loopback).unwrap(), [loopback]);
            let told = with("production", loopback).unwrap_err();
            assert!(told.contains("must begin with https://"), "{told}");
        }
        for wrong in ["http://www.example.org", "http://localhost.example.org"] {
            let told = with("demo", wrong).unwrap_err();
            assert!(told.contains("must begin with https://"), "{told}");
        }
        for wrong in [
            "*",
            "null",
            "https://*",
            "https://*.example.org",
            "https://www.example.org/patients",
            "https://www.example.org?x",
            "https://user@www.example.org",
            "https://www.example.org:port",
            "www.example.org",
            "file:///home",
            "https://www.example.org,",
        ] {
            let told = with("demo", wrong).unwrap_err();
            assert!(told.contains("http.embed_origins"), "{wrong}: {told}");
            assert!(told.contains("each with its scheme"), "{wrong}: {told}");
        }
    }

    #[test]
    fn only_a_bare_origin_is_an_origin() {
        for (url, expected) in [
            ("https://help.example.org", Some("https://help.example.org")),
            (
                "HTTPS://Help.Example.org/",
                Some("https://help.example.org"),
            ),
            ("http://[::1]:8080", Some("http://[::1]:8080")),
            ("https://help.example.org/portal", None),
            ("https://user@help.example.org", None),
            ("https://help.example.org?x", None),
            ("https://help example.org", None),
            ("https://", None),
            ("ftp://help.example.org", None),
            ("help.example.org", None),
        ] {
            assert_eq!(origin(url).as_deref(), expected, "{url}");
        }
    }
}
