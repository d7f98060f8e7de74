//! The desk as it begins, and the way out of it.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use protocol::form::{StaffFind, StaffHome};
use protocol::{messages, paths};

use super::super::Web;
use super::super::language::Language;
use super::super::problem::told;
use super::{Signed, failed, opens, signed_out};

/// Pages that the desk leads to, where they open: the key of the words, and the page.
const PAGES: [(&str, &str); 2] = [
    ("staff.insights.open", paths::STAFF_INSIGHTS),
    ("staff.trail.open", paths::STAFF_TRAIL),
];

/// Shows who is signed in.
pub(super) async fn show(
    State(web): State<Arc<Web>>,
    language: Language,
    Extension(signed): Extension<Signed>,
) -> Response {
    page(&web, &language, &signed, None)
}

/// The same, after a number that nobody has: it stands in no address.
pub(super) fn unknown(web: &Web, language: &Language, signed: &Signed, number: &str) -> Response {
    page(web, language, signed, Some(number))
}

fn page(web: &Web, language: &Language, signed: &Signed, unknown: Option<&str>) -> Response {
    let Signed { session, staff } = signed;
    let words = messages::catalog(language.locale);
    let form = web.app.staff_form(session).expose();
    let hidden = [("token", form.as_str())];
    let find = paths::in_language(language.locale, paths::STAFF_FIND);
    let search = paths::in_language(language.locale, paths::STAFF_SEARCH);
    let pages: Vec<_> = PAGES
        .into_iter()
        .filter(|(_, page)| opens(page, staff.role))
        .map(|(key, page)| (key, paths::in_language(language.locale, page)))
        .collect();
    let pages: Vec<_> = pages
        .iter()
        .map(|(key, page)| (*key, page.as_str()))
        .collect();
    let page = StaffHome {
        email: &staff.email,
        role: staff.role.as_str(),
        idle: staff.idle,
        left: staff.left,
        find: staff.role.invites().then_some(StaffFind {
            action: &find,
            search: &search,
            hidden: &hidden,
            number: unknown.unwrap_or_default(),
            problem: unknown.map(|_| "staff.problem.no-patient"),
        }),
        pages: &pages,
        sign_out: &paths::in_language(language.locale, paths::STAFF_SIGN_OUT),
        hidden: &hidden,
    };
    let main = page.html(&words);
    let status = match unknown {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    (web.shell).titled(status, language, "staff.title", &main)
}

/// Ends the session.
pub(super) async fn sign_out(
    State(web): State<Arc<Web>>,
    language: Language,
    Extension(Signed { session, .. }): Extension<Signed>,
) -> Response {
    match web.app.sign_staff_out(&session).await {
        Ok(()) => signed_out(&web, &language),
        Err(failure) => failed(&web, &language, &told(failure)),
    }
}
