//! What fuzz targets may call of the parsers here, which nobody else may: built
//! with the feature `fuzzing` only, which no program of ours has on.

use axum::http::{HeaderMap, HeaderValue, header};
use protocol::{Answers, FlowKind};

use super::{cookies, forms};
use crate::app::Token;

/// A posted form as the plain host reads it.
pub struct Posted {
    /// Its answers.
    pub answers: Answers,
    /// Its token, as it travels.
    pub token: Option<String>,
    /// Whether it came with a token that is none.
    pub is_broken: bool,
}

/// Reads a posted form.
pub fn posted(body: &[u8]) -> Posted {
    let forms::Posted {
        answers,
        token,
        is_broken,
        ..
    } = forms::Posted::read(body);
    Posted {
        answers,
        token: token.as_ref().map(Token::expose),
        is_broken,
    }
}

/// The token of a flow in a `Cookie` header, as it travels.
pub fn cookie(header: &[u8], kind: FlowKind, is_https: bool) -> Option<String> {
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, HeaderValue::from_bytes(header).ok()?);
    cookies::token(&headers, kind, is_https).map(|token| token.expose())
}

/// The `Set-Cookie` header that keeps a token; nothing when it is none.
pub fn set_cookie(token: &str, kind: FlowKind, is_https: bool) -> Option<String> {
    let cookie = cookies::remember(&Token::parse(token)?, kind, is_https);
    cookie.to_str().ok().map(str::to_owned)
}
