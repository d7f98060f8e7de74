//! The page of whoever is signed in. It needs no script.
//!
//! The cookie says whose account is shown. What a press does is decided by what the form
//! holds: it follows from the session, so another site does not know it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use protocol::form::{Account, MORE_TIME};
use protocol::{FlowKind, Notice, Problem, messages, paths};

use super::elsewhere::is_from_elsewhere;
use super::forms::{Posted, see_other};
use super::input::{query_value, why};
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
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(session) = cookies::session(&headers, web.is_https()) else {
        return see_other(&paths::plain(KIND, language.locale), None);
    };
    match web.app.signed_in(&session).await {
        Ok(Some(account)) => {
            let told = query_value(query.as_deref(), "notice");
            // Once the session ends before its time without a sign would run out, there is no more.
            let has_more = account.idle < account.left;
            let true_now = [Some(Notice::SignedIn), has_more.then_some(Notice::MoreTime)];
            let notice = (true_now.into_iter().flatten()).find(|it| it.as_str() == told);
            page(&web, &language, &session, &account, notice)
        }
        Ok(None) => signed_out(&web, &language),
        Err(failure) => plain::dead_end(&web, &language, KIND, &told(failure)),
    }
}

/// Stays signed in, or signs out, here or everywhere.
pub(super) async fn press(
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
    let is_from_here = !is_from_elsewhere(&headers, &web.app.base_url);
    if session.is_none() && is_from_here && posted.token.is_some() {
        // Another tab has signed out since; there is no cookie that has to go.
        return see_other(&signed_out_page(&language), None);
    }
    let ours = session.filter(|session| {
        is_from_here && posted.token.as_ref() == Some(&web.app.session_form(session))
    });
    // An old form, or another site's: what is true now is shown.
    let Some(session) = ours else {
        return see_other(&home, None);
    };
    let everywhere = match posted.action.as_str() {
        "sign-out" => false,
        "sign-out-everywhere" => true,
        MORE_TIME => return stay(&web, &language, &session).await,
        _ => return see_other(&home, None),
    };
    match web.app.sign_out(&session, everywhere).await {
        Ok(()) => signed_out(&web, &language),
        Err(failure) => plain::dead_end(&web, &language, KIND, &told(failure)),
    }
}

/// Looking at the account is what a session lives by. Whether there is more time, the page
/// says that follows.
async fn stay(web: &Web, language: &Language, session: &Token) -> Response {
    let home = paths::in_language(language.locale, paths::ACCOUNT);
    let notice = Notice::MoreTime.as_str();
    match web.app.signed_in(session).await {
        Ok(Some(_)) => see_other(&format!("{home}?notice={notice}"), None),
        Ok(None) => signed_out(web, language),
        Err(failure) => plain::dead_end(web, language, KIND, &told(failure)),
    }
}

/// To where one signs in, with the word that nobody is signed in.
fn signed_out(web: &Web, language: &Language) -> Response {
    let is_https = web.is_https();
    let mut response = see_other(
        &signed_out_page(language),
        Some(cookies::sign_out(is_https)),
    );
    let forget = cookies::forget(KIND, is_https);
    response.headers_mut().append(header::SET_COOKIE, forget);
    response
}

fn signed_out_page(language: &Language) -> String {
    let sign_in = paths::plain(KIND, language.locale);
    let notice = Notice::SignedOut.as_str();
    format!("{sign_in}?notice={notice}")
}

fn page(
    web: &Web,
    language: &Language,
    session: &Token,
    account: &SignedIn,
    notice: Option<Notice>,
) -> Response {
    let words = messages::catalog(language.locale);
    let form = web.app.session_form(session).expose();
    let main = Account {
        username: &account.username,
        email: &account.email,
        phone: &account.phone,
        since: account.since,
        idle: account.idle,
        left: account.left,
        notice,
        action: &paths::in_language(language.locale, paths::ACCOUNT),
        hidden: &[("token", &form)],
    };
    let main = main.html(&words);
    (web.shell).titled(StatusCode::OK, language, "account.title", &main)
}
