//! The page behind the emailed link that needs no code: a press goes on to the
//! new password.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use protocol::form::ResetLink;
use protocol::{FlowKind, Problem, ProblemCode, messages, paths};

use super::elsewhere::is_from_elsewhere;
use super::forms::{Posted, probe, see_other};
use super::input::{query_value, why};
use super::language::Language;
use super::problem::told;
use super::{Web, cookies, plain};
use crate::app::{Failure, Token};

const KIND: FlowKind = FlowKind::PasswordReset;

/// Shows the button. Changes nothing: mail scanners open links too.
pub(super) async fn ask(
    State(web): State<Arc<Web>>,
    language: Language,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(token) = Token::parse(&query_value(query.as_deref(), "token")) else {
        return gone(&web, &language);
    };
    match web.app.can_reset(&token).await {
        Ok(true) => {
            let probe = probe(&web, &headers);
            let ask = ResetLink::Ask {
                action: &paths::in_language(language.locale, paths::RESET_LINK),
                hidden: &[("token", &token.expose()), ("probe", &probe.expose())],
            };
            let mut response = page(&web, &language, StatusCode::OK, &ask);
            let hold = cookies::hold(&probe, web.is_https());
            response.headers_mut().append(header::SET_COOKIE, hold);
            response
        }
        Ok(false) => gone(&web, &language),
        Err(failure) => failed(&web, &language, failure),
    }
}

/// Spends the link and shows the step that asks for the new password. The flow
/// takes the place of any other reset in this browser, if the press was on our
/// own page.
pub(super) async fn go_on(
    State(web): State<Arc<Web>>,
    language: Language,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if is_from_elsewhere(&headers, &web.app.base_url) {
        return see_other(&paths::page(KIND, language.locale), None);
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            return plain::dead_end(&web, &language, KIND, &Problem::new(why(&rejection)));
        }
    };
    let posted = Posted::read(&body);
    let Some(link) = &posted.token else {
        return gone(&web, &language);
    };
    let view = match web.app.begin_by_link(link, language.locale).await {
        Ok(view) => view,
        Err(failure) if failure.problem.code == ProblemCode::NotFound => {
            return gone(&web, &language);
        }
        Err(failure) => return failed(&web, &language, failure),
    };
    let Some(token) = view.token.as_deref().and_then(Token::parse) else {
        return failed(
            &web,
            &language,
            Failure::unavailable(&"a new flow has no token"),
        );
    };
    if posted.has_probe(&headers, web.is_https()) {
        let remember = cookies::remember(&token, KIND, web.is_https());
        return see_other(&paths::plain(KIND, language.locale), Some(remember));
    }
    plain::current(&web, &language, &view, None, &token, StatusCode::OK)
}

fn gone(web: &Web, language: &Language) -> Response {
    page(web, language, StatusCode::GONE, &ResetLink::Gone)
}

fn page(web: &Web, language: &Language, status: StatusCode, page: &ResetLink<'_>) -> Response {
    let words = messages::catalog(language.locale);
    let main = page.html(&words);
    web.shell.titled(status, language, page.title(), &main)
}

fn failed(web: &Web, language: &Language, failure: Failure) -> Response {
    plain::dead_end(web, language, KIND, &told(failure))
}
