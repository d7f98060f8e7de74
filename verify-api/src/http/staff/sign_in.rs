//! Where staff sign in.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use protocol::form::{StaffProblem, StaffSignIn};
use protocol::values::{Code, Email};
use protocol::{Answer, Answers, Field, FieldProblems, Problem, StepName, messages, paths};

use super::super::caller::Caller;
use super::super::elsewhere::is_from_elsewhere;
use super::super::forms::{Posted, probe, see_other};
use super::super::input::{query_value, why};
use super::super::language::Language;
use super::super::problem::told;
use super::super::{Web, cookies};
use crate::app::{StaffEntry, StaffTyped};

/// Where that is in a language.
pub(super) fn path(language: &Language) -> String {
    paths::in_language(language.locale, paths::STAFF_SIGN_IN)
}

/// Shows the form.
pub(super) async fn ask(
    State(web): State<Arc<Web>>,
    language: Language,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let notice = match query_value(query.as_deref(), "notice").as_str() {
        "signed-out" => Some("staff.notice.signed-out"),
        "set-up" => Some("staff.notice.set-up"),
        _ => None,
    };
    let page = Page {
        email: "",
        notice,
        problem: None,
    };
    page.render(&web, &language, &headers, StatusCode::OK)
}

/// Signs somebody in.
pub(super) async fn enter(
    State(web): State<Arc<Web>>,
    language: Language,
    Caller(from): Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let language = language.at(paths::STAFF_SIGN_IN);
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return dead_end(&web, &language, &Problem::new(why(&rejection))),
    };
    let posted = Posted::read(&body);
    let email = posted.answers.get(Field::Email).to_owned();
    let again = |status, problem| {
        let page = Page {
            email: &email,
            notice: None,
            problem: Some(problem),
        };
        page.render(&web, &language, &headers, status)
    };
    let is_https = web.is_https();
    let is_ours = posted.has_probe(&headers, is_https);
    if !is_ours || is_from_elsewhere(&headers, &web.app.base_url) {
        let problem = StaffProblem::Text("problem.needs-cookies");
        return again(StatusCode::FORBIDDEN, problem);
    }
    let typed = match typed(&posted.answers) {
        Ok(typed) => typed,
        Err(problems) => {
            let problem = StaffProblem::Fields(&problems);
            return again(StatusCode::UNPROCESSABLE_ENTITY, problem);
        }
    };
    let browser = cookies::staff_browser(&headers, is_https);
    let earlier = cookies::staff_session(&headers, is_https);
    let entry = (web.app)
        .sign_staff_in(&typed, &browser, earlier.as_ref(), from)
        .await;
    match entry {
        Ok(StaffEntry::In { session, browser }) => {
            let desk = super::home(&language);
            let cookie = cookies::sign_staff_in(&session, is_https);
            let mut response = see_other(&desk, Some(cookie));
            let know = cookies::know_browser(&browser, is_https);
            response.headers_mut().append(header::SET_COOKIE, know);
            response
        }
        Ok(StaffEntry::Wrong) => {
            let problem = StaffProblem::Text("staff.problem.wrong");
            again(StatusCode::UNPROCESSABLE_ENTITY, problem)
        }
        Ok(StaffEntry::Wait(seconds)) => {
            let mut response = again(StatusCode::TOO_MANY_REQUESTS, StaffProblem::Wait(seconds));
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, seconds.into());
            response
        }
        Ok(StaffEntry::Stopped) => {
            let problem = StaffProblem::Text("staff.problem.stopped");
            again(StatusCode::FORBIDDEN, problem)
        }
        Err(failure) => dead_end(&web, &language, &told(failure)),
    }
}

/// What was typed, as far as its shape tells: what is no email or no code costs no try.
fn typed(answers: &Answers) -> Result<StaffTyped, FieldProblems> {
    let mut problems = FieldProblems::new();
    let email = Email::parse(answers.get(Field::Email));
    let email = email.map_err(|problem| problems.insert(Field::Email, problem));
    let code = Code::parse(answers.get(Field::Code));
    let code = code.map_err(|problem| problems.insert(Field::Code, problem));
    let password = Answer::parse(StepName::Password, answers);
    match (email, password, code) {
        (Ok(email), Ok(Some(Answer::Password(password))), Ok(code)) => Ok(StaffTyped {
            email,
            password,
            code,
        }),
        (_, Err(more), _) => {
            problems.extend(more);
            Err(problems)
        }
        _ => Err(problems),
    }
}

/// What the form shows besides its boxes.
struct Page<'a> {
    email: &'a str,
    notice: Option<&'a str>,
    problem: Option<StaffProblem<'a>>,
}

impl Page<'_> {
    fn render(
        self,
        web: &Web,
        language: &Language,
        headers: &HeaderMap,
        status: StatusCode,
    ) -> Response {
        let words = messages::catalog(language.locale);
        let probe = probe(web, headers);
        let page = StaffSignIn {
            action: &path(language),
            hidden: &[("probe", &probe.expose())],
            email: self.email,
            notice: self.notice,
            problem: self.problem,
        };
        let main = page.html(&words);
        let mut response = (web.shell).titled(status, language, "staff.sign-in.title", &main);
        let hold = cookies::hold(&probe, web.is_https());
        response.headers_mut().append(header::SET_COOKIE, hold);
        response
    }
}

fn dead_end(web: &Web, language: &Language, problem: &Problem) -> Response {
    let title = "staff.sign-in.title";
    super::dead_end(web, language, title, &path(language), problem)
}
