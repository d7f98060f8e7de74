//! The staff desk: which pages there are, and who may come to each.
//!
//! There is one list of pages, and each stands in it with who may open it, so that none can be
//! without. Who is signed in is found out before a page is asked, and so is whether a form is
//! our own: a page gets only what has passed.

mod connections;
mod home;
mod insights;
mod proxy;
mod qr;
mod search;
mod set_up;
mod sign_in;
mod trail;
mod trail_file;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use protocol::form::StaffRefused;
use protocol::{Locale, Problem, ProblemCode, messages, paths};

use super::elsewhere::is_from_elsewhere;
use super::forms::{Posted, see_other};
use super::input::why;
use super::language::Language;
use super::problem::{set_retry_after, status, told};
use super::{Web, cookies, plain};
use crate::app::{StaffSignedIn, Token};
use crate::staff::Role;

/// Who may come to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever asks.
    Anybody,
    /// Staff of these roles who are signed in.
    Staff(&'static [Role]),
}

/// Every page of the desk, with who may come to it. A test holds them to what is meant.
pub fn pages() -> Vec<(&'static str, Who)> {
    let pages = table().into_iter();
    pages.map(|(path, who, _)| (path, who)).collect()
}

fn table() -> [(&'static str, Who, MethodRouter<Arc<Web>>); 9] {
    let all = Who::Staff(&Role::ALL);
    let desk = Who::Staff(&[Role::FrontDesk, Role::Manager]);
    // Whoever is watched does not watch over it: managers invite and look patients up, too.
    let auditor = Who::Staff(&[Role::Auditor]);
    [
        (
            paths::STAFF_SET_UP,
            Who::Anybody,
            get(set_up::ask).post(set_up::act),
        ),
        (
            paths::STAFF_SIGN_IN,
            Who::Anybody,
            get(sign_in::ask).post(sign_in::enter),
        ),
        (paths::STAFF_SIGN_OUT, all, post(home::sign_out)),
        (paths::STAFF, all, get(home::show)),
        (paths::STAFF_FIND, desk, get(home::show).post(visit::find)),
        (
            paths::STAFF_SEARCH,
            desk,
            get(search::ask).post(search::search),
        ),
        (paths::STAFF_VISIT, desk, get(visit::show).post(visit::act)),
        (
            paths::STAFF_INSIGHTS,
            Who::Staff(&[Role::Manager]),
            get(insights::show),
        ),
        (
            paths::STAFF_TRAIL,
            auditor,
            get(trail::ask).post(trail::act),
        ),
    ]
}

/// Whether a page opens for a role.
fn opens(page: &str, role: Role) -> bool {
    let mut pages = table().into_iter();
    pages.any(|(path, who, _)| match who {
        Who::Anybody => path == page,
        Who::Staff(roles) => path == page && roles.contains(&role),
    })
}

/// The routes of the desk, in each language.
pub(super) fn routes(web: &Arc<Web>) -> Router<Arc<Web>> {
    let mut router = Router::new();
    for (path, who, handler) in table() {
        let gate = middleware::from_fn_with_state((Arc::clone(web), who), admit);
        let handler = handler.layer(gate);
        for locale in Locale::ALL {
            router = router.route(&paths::in_language(locale, path), handler.clone());
        }
    }
    router
}

/// Who is signed in, as a page gets it.
#[derive(Clone)]
pub(super) struct Signed {
    session: Token,
    staff: StaffSignedIn,
}

/// Lets a request in to a page, with who is signed in.
async fn admit(
    State((web, who)): State<(Arc<Web>, Who)>,
    language: Language,
    mut request: Request,
    next: Next,
) -> Response {
    let Who::Staff(roles) = who else {
        return next.run(request).await;
    };
    let Some(session) = cookies::staff_session(request.headers(), web.is_https()) else {
        return see_other(&sign_in::path(&language), None);
    };
    let staff = match web.app.staff_signed_in(&session).await {
        Ok(Some(staff)) => staff,
        Ok(None) => return signed_out(&web, &language),
        Err(failure) => return failed(&web, &language, &told(failure)),
    };
    if !roles.contains(&staff.role) {
        return refused(&web, &language, StatusCode::FORBIDDEN, "staff.not-yours");
    }
    if request.method() == Method::POST {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let body = match Bytes::from_request(whole, &()).await {
            Ok(body) => body,
            Err(rejection) => return failed(&web, &language, &Problem::new(why(&rejection))),
        };
        let posted = Posted::read(&body);
        let is_ours = posted.token.as_ref() == Some(&web.app.staff_form(&session))
            && !is_from_elsewhere(&parts.headers, &web.app.base_url);
        // An old form, or another site's: what is true now is shown.
        if !is_ours {
            return see_other(&home(&language), None);
        }
        request = Request::from_parts(parts, body.into());
    }
    request.extensions_mut().insert(Signed { session, staff });
    next.run(request).await
}

/// To where one signs in, with the word that nobody is signed in.
fn signed_out(web: &Web, language: &Language) -> Response {
    let sign_in = sign_in::path(language);
    let cookie = cookies::sign_staff_out(web.is_https());
    see_other(&format!("{sign_in}?notice=signed-out"), Some(cookie))
}

/// A page that does not open to whoever is signed in, and why.
fn refused(web: &Web, language: &Language, status: StatusCode, reason: &str) -> Response {
    let words = messages::catalog(language.locale);
    let page = StaffRefused {
        reason,
        wait: None,
        home: &home(language),
    };
    let main = page.html(&words);
    let title = format!("{reason}.title");
    web.shell.titled(status, language, &title, &main)
}

fn failed(web: &Web, language: &Language, problem: &Problem) -> Response {
    dead_end(web, language, "staff.title", &home(language), problem)
}

/// What went wrong, told in the words of staff where those of patients do not fit.
fn dead_end(
    web: &Web,
    language: &Language,
    title: &str,
    way_on: &str,
    problem: &Problem,
) -> Response {
    let words = messages::catalog(language.locale);
    if problem.code != ProblemCode::OverLimit {
        return plain::dead_end_at(web, language, words.text(title), way_on, problem);
    }
    let page = StaffRefused {
        reason: "staff.over-limit",
        wait: Some(problem.retry_after.unwrap_or_default()),
        home: way_on,
    };
    let main = page.html(&words);
    let title = "staff.over-limit.title";
    let mut response = (web.shell).titled(status(problem), language, title, &main);
    set_retry_after(response.headers_mut(), problem);
    response
}

fn home(language: &Language) -> String {
    paths::in_language(language.locale, paths::STAFF)
}
