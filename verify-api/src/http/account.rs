//! The page of whoever is signed in. It needs no script.
//!
//! The cookie says whose account is shown. What a press does is decided by what the form
//! holds: it follows from the session, so another site does not know it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use protocol::form::Account;
use protocol::{FlowKind, Notice, Problem, messages, paths};

use super::forms::{Posted, see_other};
use super::input::why;
use super::language::Language;
use super::problem::told;
use super::{Web, cookies, plain};
use crate::app::{SignedIn, Token};

/// The kind of flow that leads here.
const KIND: FlowKind = FlowKind::SignIn;

/// Shows the account, or leads to where one signs in.
pub(super) async fn show(
    State(web): State<Arc<Web>>,
    language: Language,
    headers: HeaderMap,
) -> Response {
    let Some(session) = cookies::session(&headers, web.is_https()) else {
        return see_other(&paths::plain(KIND, language.locale), None);
    };
    match web.app.signed_in(&session).await {
        Ok(Some(account)) => page(&web, &language, &session, &account),
        Ok(None) => signed_out(&web, &language),
        Err(failure) => plain::dead_end(&web, &language, KIND, &told(failure)),
    }
}

/// Signs out, here or everywhere.
pub(super) async fn leave(
    State(web): State<Arc<Web>>,
    language: Language,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let home = paths::in_language(language.locale, paths::ACCOUNT);
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            return plain::dead_end(&web, &language, KIND, &Problem::new(why(&rejection)));
        }
    };
    let posted = Posted::read(&body);
    let session = cookies::session(&headers, web.is_https());
    let ours = session.filter(|session| {
        posted.token.as_ref() == Some(&web.app.session_form(session))
            && !plain::is_from_elsewhere(&headers, &web.app.base_url)
    });
    // An old form, or another site's: what is true now is shown.
    let Some(session) = ours else {
        return see_other(&home, None);
    };
    let everywhere = match posted.action.as_str() {
        "sign-out" => false,
        "sign-out-everywhere" => true,
        _ => return see_other(&home, None),
    };
    match web.app.sign_out(&session, everywhere).await {
        Ok(()) => signed_out(&web, &language),
        Err(failure) => plain::dead_end(&web, &language, KIND, &told(failure)),
    }
}

/// To where one signs in, with the word that nobody is signed in.
fn signed_out(web: &Web, language: &Language) -> Response {
    let sign_in = paths::plain(KIND, language.locale);
    let notice = Notice::SignedOut.as_str();
    let is_https = web.is_https();
    let mut response = see_other(
        &format!("{sign_in}?notice={notice}"),
        Some(cookies::sign_out(is_https)),
    );
    let forget = cookies::forget(KIND, is_https);
    response.headers_mut().append(header::SET_COOKIE, forget);
    response
}

fn page(web: &Web, language: &Language, session: &Token, account: &SignedIn) -> Response {
    let words = messages::catalog(language.locale);
    let form = web.app.session_form(session).expose();
    let main = Account {
        username: &account.username,
        email: &account.email,
        phone: &account.phone,
        since: account.since,
        idle: account.idle,
        left: account.left,
        action: &paths::in_language(language.locale, paths::ACCOUNT),
        hidden: &[("token", &form)],
    };
    let main = main.html(&words);
    (web.shell).titled(StatusCode::OK, language, "account.title", &main)
}
