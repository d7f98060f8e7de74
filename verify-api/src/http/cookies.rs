//! The cookies of the plain forms, and that of a session.
//!
//! Of a form, a cookie only says which flow a *page load* shows. What a form does is
//! decided by the token inside the form, so that another site cannot act with
//! our cookie, whatever the browser knows of `SameSite`; and someone without
//! cookies gets through as well.
//!
//! What a page load shows is changed only by a form that holds what the
//! browser's cookie holds: the flow's token, or the probe where there is no flow
//! yet. Another site can read neither.

use axum::http::{HeaderMap, HeaderValue, header};
use protocol::FlowKind;

use crate::app::{KnownBrowser, Token};

/// A random value that also stands in forms of no flow: one that comes back with
/// it was ours, in a browser that keeps cookies.
const PROBE: &str = "flow-cookies";

/// Who is signed in. It shows the account and lets nobody do anything: a form of the
/// account holds something that follows from it.
const SESSION: &str = "session";

/// Who of the staff is signed in; the same for them.
const STAFF_SESSION: &str = "staff-session";

/// A browser in which staff have worked before: it signs nobody in.
const STAFF_BROWSER: &str = "staff-browser";

/// The flow that a page load of `kind` shows.
pub(super) fn token(headers: &HeaderMap, kind: FlowKind, is_https: bool) -> Option<Token> {
    find(headers, &name(kind, is_https)).and_then(Token::parse)
}

/// The probe that the browser holds.
pub(super) fn probe(headers: &HeaderMap, is_https: bool) -> Option<Token> {
    find(headers, &prefixed(PROBE, is_https)).and_then(Token::parse)
}

/// Remembers the flow, until the browser is closed.
pub(super) fn remember(token: &Token, kind: FlowKind, is_https: bool) -> HeaderValue {
    set(&name(kind, is_https), &token.expose(), "", is_https)
}

/// Forgets the flow.
pub(super) fn forget(kind: FlowKind, is_https: bool) -> HeaderValue {
    set(&name(kind, is_https), "", "; Max-Age=0", is_https)
}

/// Asks the browser to hold a probe, until it is closed.
pub(super) fn hold(probe: &Token, is_https: bool) -> HeaderValue {
    set(&prefixed(PROBE, is_https), &probe.expose(), "", is_https)
}

/// The session of this browser.
pub(super) fn session(headers: &HeaderMap, is_https: bool) -> Option<Token> {
    find(headers, &prefixed(SESSION, is_https)).and_then(Token::parse)
}

/// Signs the browser in, until it is closed or the session ends.
pub(super) fn sign_in(session: &Token, is_https: bool) -> HeaderValue {
    set(
        &prefixed(SESSION, is_https),
        &session.expose(),
        "",
        is_https,
    )
}

/// Signs the browser out.
pub(super) fn sign_out(is_https: bool) -> HeaderValue {
    set(&prefixed(SESSION, is_https), "", "; Max-Age=0", is_https)
}

/// The session of the staff user who is signed in in this browser.
pub(super) fn staff_session(headers: &HeaderMap, is_https: bool) -> Option<Token> {
    find(headers, &prefixed(STAFF_SESSION, is_https)).and_then(Token::parse)
}

/// Signs a staff user in, until the browser is closed or the session ends.
pub(super) fn sign_staff_in(session: &Token, is_https: bool) -> HeaderValue {
    let name = prefixed(STAFF_SESSION, is_https);
    set(&name, &session.expose(), "", is_https)
}

/// Signs the staff user out.
pub(super) fn sign_staff_out(is_https: bool) -> HeaderValue {
    set(
        &prefixed(STAFF_SESSION, is_https),
        "",
        "; Max-Age=0",
        is_https,
    )
}

/// By what the browser is known as one in which staff have worked before.
pub(super) fn staff_browser(headers: &HeaderMap, is_https: bool) -> KnownBrowser {
    let browser = find(headers, &prefixed(STAFF_BROWSER, is_https));
    browser.map(KnownBrowser::parse).unwrap_or_default()
}

/// Makes the browser known, for a year.
pub(super) fn know_browser(browser: &KnownBrowser, is_https: bool) -> HeaderValue {
    let name = prefixed(STAFF_BROWSER, is_https);
    set(&name, &browser.expose(), "; Max-Age=31536000", is_https)
}

fn name(kind: FlowKind, is_https: bool) -> String {
    prefixed(&format!("flow-{}", kind.as_str()), is_https)
}

/// `__Host-` ties a cookie to this host and to TLS; plain HTTP cannot have it.
fn prefixed(name: &str, is_https: bool) -> String {
    let prefix = if is_https { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

fn set(name: &str, value: &str, age: &str, is_https: bool) -> HeaderValue {
    let secure = if is_https { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_over_tls_is_tied_to_the_host() {
        let text = "A".repeat(43);
        let over_tls = hold(&Token::parse(&text).unwrap(), true);
        assert_eq!(
            over_tls.to_str().unwrap(),
            format!("__Host-flow-cookies={text}; Path=/; HttpOnly; SameSite=Lax; Secure")
        );
        let mut headers = HeaderMap::new();
        let cookies = format!("flow-cookies={text}; other=2");
        headers.insert(header::COOKIE, cookies.parse().unwrap());
        assert!(
            probe(&headers, true).is_none(),
            "an unprefixed cookie can be set by a neighbour"
        );
        assert!(probe(&headers, false).is_some());
    }
}
