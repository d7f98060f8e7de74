//! The cookies of the plain forms.
//!
//! A cookie only says which flow a *page load* shows. What a form does is
//! decided by the token inside the form, so that another site cannot act with
//! our cookie, whatever the browser knows of `SameSite`; and someone without
//! cookies gets through as well.

use axum::http::{HeaderMap, HeaderValue, header};
use protocol::FlowKind;

use crate::app::Token;

/// Says that cookies are kept at all, so that answers may be redirected.
const PROBE: &str = "flow-cookies";

/// The flow that a page load of `kind` shows.
pub(super) fn token(headers: &HeaderMap, kind: FlowKind, is_https: bool) -> Option<Token> {
    find(headers, &name(kind, is_https)).and_then(Token::parse)
}

/// Whether the browser keeps our cookies.
pub(super) fn are_kept(headers: &HeaderMap, is_https: bool) -> bool {
    find(headers, &prefixed(PROBE, is_https)).is_some()
}

/// Remembers the flow, until the browser is closed.
pub(super) fn remember(token: &Token, kind: FlowKind, is_https: bool) -> HeaderValue {
    set(&name(kind, is_https), &token.expose(), "", is_https)
}

/// Forgets the flow.
pub(super) fn forget(kind: FlowKind, is_https: bool) -> HeaderValue {
    set(&name(kind, is_https), "", "; Max-Age=0", is_https)
}

/// Asks the browser to show, at the next request, that it keeps cookies.
pub(super) fn probe(is_https: bool) -> HeaderValue {
    set(&prefixed(PROBE, is_https), "1", "", is_https)
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
        let over_tls = probe(true);
        assert_eq!(
            over_tls.to_str().unwrap(),
            "__Host-flow-cookies=1; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("flow-cookies=1; other=2"),
        );
        assert!(
            !are_kept(&headers, true),
            "an unprefixed cookie can be set by a neighbour"
        );
        assert!(are_kept(&headers, false));
    }
}
