//! The page behind the emailed link: shows the username after a press.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use protocol::form::Reveal;
use protocol::{FlowKind, ProblemCode, messages, paths};

use super::elsewhere::is_from_elsewhere;
use super::forms::{Posted, see_other};
use super::input::{query_value, why};
use super::language::Language;
use super::problem::told;
use super::{Web, plain};
use crate::app::{Failure, Token};

/// Shows the button. Changes nothing: mail scanners open links too.
pub(super) async fn ask(
    State(web): State<Arc<Web>>,
    language: Language,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(token) = Token::parse(&query_value(query.as_deref(), "token")) else {
        return gone(&web, &language);
    };
    match web.app.can_reveal(&token).await {
        Ok(true) => {
            let reveal = Reveal::Ask {
                action: &paths::in_language(language.locale, paths::REVEAL_USERNAME),
                token: &token.expose(),
            };
            page(&web, &language, StatusCode::OK, &reveal)
        }
        Ok(false) => gone(&web, &language),
        Err(failure) => failed(&web, &language, failure),
    }
}

/// Shows the username, once.
pub(super) async fn show(
    State(web): State<Arc<Web>>,
    language: Language,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if is_from_elsewhere(&headers, &web.app.base_url) {
        return see_other(
            &paths::page(FlowKind::UsernameRecovery, language.locale),
            None,
        );
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return failed(&web, &language, why(&rejection).into()),
    };
    let Some(token) = Posted::read(&body).token else {
        return gone(&web, &language);
    };
    match web.app.reveal(&token).await {
        Ok(username) => {
            let shown = Reveal::Shown {
                username: &username,
                sign_in: web.app.portal_url.as_deref(),
            };
            page(&web, &language, StatusCode::OK, &shown)
        }
        Err(failure) if failure.problem.code == ProblemCode::NotFound => gone(&web, &language),
        Err(failure) => failed(&web, &language, failure),
    }
}

fn gone(web: &Web, language: &Language) -> Response {
    page(web, language, StatusCode::GONE, &Reveal::Gone)
}

fn page(web: &Web, language: &Language, status: StatusCode, reveal: &Reveal<'_>) -> Response {
    let words = messages::catalog(language.locale);
    let main = reveal.html(&words);
    web.shell.titled(status, language, reveal.title(), &main)
}

fn failed(web: &Web, language: &Language, failure: Failure) -> Response {
    plain::dead_end(web, language, FlowKind::UsernameRecovery, &told(failure))
}
