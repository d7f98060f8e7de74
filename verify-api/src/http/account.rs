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
use protocol::form::{Account, MORE_TIME, Provider, Providers, Told};
use protocol::{Feature, FlowKind, Notice, Problem, messages, paths};

use super::elsewhere::is_from_elsewhere;
use super::forms::{Posted, see_other};
use super::input::{query_value, why};
use super::language::Language;
use super::problem::told;
use super::{Web, cookies, plain};
use crate::app::{Connected, SignedIn, Token};
use crate::provider::{ConnectionId, ConnectionState, Reply};

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
    let shown = match web.app.signed_in(&session).await {
        Ok(Some(account)) => (web.app.connections(&session).await)
            .map(|connections| connections.map(|connections| (account, connections))),
        Ok(None) => Ok(None),
        Err(failure) => Err(failure),
    };
    match shown {
        Ok(Some((account, mut connections))) => {
            let asked = |name| query_value(query.as_deref(), name);
            // Once the session ends before its time without a sign would run out, there is no more.
            let has_more = account.idle < account.left;
            let told = asked("notice");
            let told_of = told_of(&connections, &told, asked("connection").parse().ok());
            connections.retain(|it| it.state.is_open());
            let true_now = [Some(Notice::SignedIn), has_more.then_some(Notice::MoreTime)];
            let page = Page {
                account,
                connections,
                ending: asked("disconnect").parse().ok(),
                notice: (true_now.into_iter().flatten()).find(|it| it.as_str() == told),
                told: told_of,
            };
            page.render(&web, &language, &session)
        }
        Ok(None) => signed_out(&web, &language),
        Err(failure) => plain::dead_end(&web, &language, KIND, &told(failure)),
    }
}

/// What is told of a connection: only what is so now, since anybody can make an address.
fn told_of(all: &[Connected], told: &str, connection: Option<ConnectionId>) -> Option<Told> {
    let told = Told::from_name(told)?;
    let as_told = match told {
        Told::Accepted => ConnectionState::Accepted,
        Told::Declined => ConnectionState::Declined,
        Told::Disconnected => ConnectionState::Ended,
        // It says how things stand, whatever was pressed.
        Told::Overtaken => return Some(told),
    };
    let is_so = |it: &Connected| Some(it.id) == connection && it.state == as_told;
    all.iter().any(is_so).then_some(told)
}

/// Stays signed in, signs out, here or everywhere, or answers a provider.
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
        "accept" => return reply(&web, &language, &session, &posted, Reply::Accept).await,
        "decline" => return reply(&web, &language, &session, &posted, Reply::Decline).await,
        "disconnect" => {
            return reply(&web, &language, &session, &posted, Reply::Disconnect).await;
        }
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

/// Does something about a connection. Whether it is one of this account, the use case finds out.
async fn reply(
    web: &Web,
    language: &Language,
    session: &Token,
    posted: &Posted,
    reply: Reply,
) -> Response {
    let named = posted.answers.named("connection");
    let done = match named.parse() {
        Ok(connection) => web.app.reply(session, connection, reply).await,
        Err(_) => Ok(false),
    };
    let told = match done {
        Ok(false) => Told::Overtaken,
        Ok(true) => match reply {
            Reply::Accept => Told::Accepted,
            Reply::Decline => Told::Declined,
            Reply::Disconnect => Told::Disconnected,
        },
        Err(failure) => return plain::dead_end(web, language, KIND, &told(failure)),
    };
    let home = paths::in_language(language.locale, paths::ACCOUNT);
    let mut page = format!("{home}?notice={}", told.as_str());
    if told != Told::Overtaken {
        page = format!("{page}&connection={named}");
    }
    see_other(&page, None)
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

/// What the page shows.
struct Page {
    account: SignedIn,
    connections: Vec<Connected>,
    /// The connection of which it is asked whether it shall end.
    ending: Option<ConnectionId>,
    notice: Option<Notice>,
    told: Option<Told>,
}

impl Page {
    fn render(&self, web: &Web, language: &Language, session: &Token) -> Response {
        let words = messages::catalog(language.locale);
        let form = web.app.session_form(session).expose();
        let connections = self.connections.iter();
        let parts: Vec<_> = connections
            .map(|it| (it, used(it), it.id.to_string()))
            .collect();
        let providers: Vec<_> = parts
            .iter()
            .map(|(connected, features, id)| Provider {
                connection: id,
                name: &connected.name,
                is_connected: connected.state == ConnectionState::Accepted,
                features,
                is_ending: self.ending == Some(connected.id),
            })
            .collect();
        let main = Account {
            username: &self.account.username,
            email: &self.account.email,
            phone: &self.account.phone,
            since: self.account.since,
            idle: self.account.idle,
            left: self.account.left,
            notice: self.notice,
            providers: Providers {
                all: &providers,
                told: self.told,
            },
            action: &paths::in_language(language.locale, paths::ACCOUNT),
            hidden: &[("token", &form)],
        };
        let main = main.html(&words);
        (web.shell).titled(StatusCode::OK, language, "account.title", &main)
    }
}

/// What a provider uses of the portal.
fn used(connected: &Connected) -> Vec<Feature> {
    let all = Feature::ALL.into_iter();
    all.filter(|feature| connected.features.contains(*feature))
        .collect()
}
